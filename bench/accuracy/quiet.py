"""Text with no personal information in it, and what is found there all the same.

Code is the standard library and the packages of the environment, licences are those packages'. Both do hold names and
addresses of real authors, so lines with ``@``, ``copyright``, ``author`` and their kin are left out before measuring.
The rest is made by chance from a fixed seed: logs, UUIDs, digests, numbers of orders and shipments, tables of
measurements, open data as governments publish them (stations, facilities, statistics), JSON of APIs, and public notices
in four languages, put together from clauses many of whose words could be a surname and are none.
"""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

import hashlib
import random
import re
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.accuracy.identifiers import Chance
from bench.accuracy.made import MADE, PIECE
from bench.accuracy.measure import extent, look
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Certainty

SHARES = {
    "code": 0.36, "licences": 0.06, "logs": 0.10, "uuids": 0.04, "hashes": 0.04, "orders": 0.09, "tables": 0.06,
    "open data": 0.10, "api": 0.06, "notices": 0.09,
}  # fmt: skip
PER_MEGABYTE = 1.0
"""False alarms, LIKELY or better, that are borne in a megabyte of harmless text."""
_PERSONAL = re.compile(
    r"@|copyright|\(c\)|©|author|maintain|contribut|written by|credit|thanks|invented|ported|courtesy|license[ds]? (?:by|to)|signature|vice president",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"individuals|published by|optimi[sz]ed by|implementation of|includes code from|adapted\s+from|modified version of|"
    r"driver found|according to|lawyer|originally|original code|attribution|provided by|all\s+rights|conference chair|"
    r"names? of|which\s+is licensed|\d{4}-[a-z]{3}-\d{2}|"
    r"\d{4}-\d{2}-\d{2}|(?-i:^\s*(?:[A-Z][\w.-]+,? +(?:and +)?){1,6}[A-Z][\w.-]+,?\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
"""Paragraphs of licences that name people, though no line of theirs says so; lists of nothing but names among them."""


@dataclass(frozen=True, slots=True)
class Harmless:
    """A piece of harmless text."""

    kind: str
    origin: str
    media_type: str
    text: str


def harmless(megabytes: float) -> Iterator[Harmless]:
    """Yield pieces of about ``megabytes`` in all (UTF-8), in their fixed shares; less code where there is less."""
    sources: dict[str, Iterator[Harmless]] = {
        "code": _files("code", _code_files(), "text/x-python"),
        "licences": _files("licences", _licence_files(), "text/plain"),
        **{name: _made(name, media_type, maker) for name, (media_type, maker) in MADE.items()},
    }
    for kind, share in SHARES.items():
        left = share * megabytes * 1e6
        for piece in sources[kind]:
            yield piece
            left -= len(piece.text.encode())
            if left <= 0:
                break


def _by_digest(paths: Iterator[Path]) -> list[Path]:
    """Put files in an order that depends on their names alone, and mixes packages."""
    return sorted(paths, key=lambda path: hashlib.sha256("/".join(path.parts[-3:]).encode()).digest())


def _code_files() -> list[Path]:
    roots = [Path(sysconfig.get_paths()["stdlib"]), Path(sysconfig.get_paths()["purelib"])]
    # presidio, phonenumbers and the like hold examples of what is looked for here; tests hold fixtures
    skip = (
        "presidio",
        "phonenumbers",
        "stdnum",
        "faker",
        "test",
        "lib2to3/pgen",
        "spacy/lang",
        "idlelib",
        "gateway",
        "kouan",
        "dateparser",
        "names_dataset",
        # they name their authors, or people of a novel, in prose
        "heapq",
        "pyperf",
        "timeit",
        "olefile",
        "icoimageplugin",
        "sasl/kerberos",
        "rich/traceback",
    )
    return _by_digest(
        path
        for root in roots
        for path in root.rglob("*.py")
        if not any(word in path.as_posix()[len(root.as_posix()) :].lower() for word in skip)
    )


def _licence_files() -> list[Path]:
    root = Path(sysconfig.get_paths()["purelib"])
    names = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
    return _by_digest(
        path
        for path in root.rglob("*")
        if path.is_file() and names.search(path.name) and path.suffix not in (".py", ".pyc")
    )


def _files(kind: str, paths: list[Path], media_type: str) -> Iterator[Harmless]:
    seen: set[bytes] = set()
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        if (digest := hashlib.sha256(text.encode()).digest()) in seen:
            continue
        seen.add(digest)
        if kind == "licences":
            text = "\n\n".join(each for each in text.split("\n\n") if not _PEOPLE.search(each))
        lines = [line for line in text.splitlines(keepends=True) if not _PERSONAL.search(line)]
        piece: list[str] = []
        size = 0
        for line in lines:
            piece.append(line)
            size += len(line)
            if size >= PIECE:
                yield Harmless(kind, "/".join(path.parts[-2:]), media_type, "".join(piece))
                piece, size = [], 0
        if size > 500:
            yield Harmless(kind, "/".join(path.parts[-2:]), media_type, "".join(piece))


def _made(kind: str, media_type: str, maker: Callable[[Chance], str]) -> Iterator[Harmless]:
    turn = 0
    while True:
        chance = random.Random(f"{kind}/{turn}")
        yield Harmless(kind, f"piece {turn}", media_type, maker(chance))
        turn += 1


@dataclass(slots=True)
class Alarms:
    """What was found where nothing is."""

    bytes: dict[str, int] = field(default_factory=dict)
    likely: dict[tuple[str, str], int] = field(default_factory=dict)
    """By kind of text and recogniser."""
    possible: dict[tuple[str, str], int] = field(default_factory=dict)
    texts: dict[str, set[str]] = field(default_factory=dict)
    """What was found LIKELY or better, each text once, by kind of text."""
    examples: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """Kind of text, recogniser, what, around it, why."""

    def megabytes(self, kind: str | None = None) -> float:
        """Return the size of the text, of one kind or of all."""
        return sum(size for name, size in self.bytes.items() if kind in (None, name)) / 1e6

    def rate(self, kind: str | None = None) -> float:
        """Return the false alarms, LIKELY or better, in a megabyte."""
        size = self.megabytes(kind)
        return sum(count for (name, _), count in self.likely.items() if kind in (None, name)) / size if size else 0.0

    def missed(self) -> list[str]:
        """Return the kinds of text with too many."""
        return [
            f"harmless text/{kind or 'all'} {self.rate(kind):.1f} per MB"
            for kind in (None, *self.bytes)
            if self.rate(kind) > PER_MEGABYTE
        ]

    def figures(self) -> dict[str, Any]:
        """Return everything for a machine."""
        return {
            "megabytes": self.megabytes(), "per_megabyte": self.rate(), "kinds": {kind: {"megabytes": size / 1e6, "per_megabyte": self.rate(kind)} for kind, size in self.bytes.items()},
            "recognisers": {f"{kind}/{name}": count for (kind, name), count in sorted(self.likely.items())},
        }  # fmt: skip


def run(pieces: Iterator[Harmless], rules: Rulebook, alarms: Alarms) -> Iterator[int]:
    """Look at piece by piece; yield the bytes done so far."""
    done = 0
    for piece in pieces:
        body = piece.text.encode()
        _, findings = look(body, f"{piece.media_type}; charset=utf-8", rules)
        for finding in findings:
            place = (piece.kind, finding.recogniser)
            alarms.possible[place] = alarms.possible.get(place, 0) + 1
            if finding.certainty >= Certainty.LIKELY:
                alarms.likely[place] = alarms.likely.get(place, 0) + 1
                text, (start, end) = finding.part.text, extent(finding)
                alarms.texts.setdefault(piece.kind, set()).add(text[start:end])
                around = f"{text[max(0, start - 40) : start]}[{text[start:end]}]{text[end : end + 30]}".replace(
                    "\n", "⏎"
                )
                alarms.examples.append(
                    (
                        *place,
                        text[start:end],
                        around,
                        f"{finding.certainty.name} {','.join(finding.evidence)} {piece.origin}",
                    )
                )
        alarms.bytes[piece.kind] = alarms.bytes.get(piece.kind, 0) + len(body)
        done += len(body)
        yield done


def show(console: Console, alarms: Alarms, misses: int, *, only: str = "") -> None:
    """Print false alarms in a megabyte by kind of text and by recogniser, and examples of each."""
    table = Table(
        "text",
        "MB",
        "false alarms",
        "per MB",
        "by recogniser",
        title=f"{alarms.megabytes():.1f} MB without personal information",
    )
    for kind, size in alarms.bytes.items():
        by = sorted(((count, name) for (where, name), count in alarms.likely.items() if where == kind), reverse=True)
        rate = alarms.rate(kind)
        written = f"[bold red]{rate:.1f}*[/]" if rate > PER_MEGABYTE else f"{rate:.1f}"
        table.add_row(
            kind,
            f"{size / 1e6:.2f}",
            str(sum(count for count, _ in by)),
            str(len(alarms.texts.get(kind, ()))),
            written,
            ", ".join(f"{name} {count}" for count, name in by[:8]),
        )
    alarmed, distinct = sum(alarms.likely.values()), sum(map(len, alarms.texts.values()))
    table.add_row("all", f"{alarms.megabytes():.2f}", str(alarmed), str(distinct), f"{alarms.rate():.1f}", "")
    console.print(table)
    shown: dict[tuple[str, str], set[str]] = {}
    for kind, name, what, around, why in sorted(alarms.examples, key=lambda one: one[:2]):
        texts = shown.setdefault((kind, name), set())
        if name.startswith(only) and what not in texts and len(texts) < misses:
            texts.add(what)
            console.print(escape(f"  {kind:<10} {name:<22} {around}   <- {why}"))

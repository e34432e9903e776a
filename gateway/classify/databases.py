"""Expressions compiled into one automaton by Hyperscan, and kept on disk so that no start waits for it twice.

Hyperscan compiles ahead and its cost per byte does not depend on what was read before. RE2's Set builds its automaton
while it reads: it is as fast on a text that it has seen, and fifty times slower on one that it has not, since each set
of expressions seen so far is a state of its own (``python -m bench.classify`` shows both). Only block mode is used,
with scratch space of its own for each thread, and the data are UTF-8 that was just encoded.
"""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

import hyperscan

_KEPT: dict[str, hyperscan.Database] = {}
"""Compiled databases of this process, by digest."""


class TooMany(Exception):
    """More places than are weighed in one part."""


class TooLarge(Exception):
    """An expression that RE2 takes is more than Hyperscan compiles."""

    def __init__(self, number: int) -> None:
        """``number`` is that of the expression."""
        super().__init__(f"expression {number}")
        self.number = number


@dataclass(frozen=True, slots=True)
class Expression:
    """What to look for, and the number under which it is reported; several may share one."""

    number: int
    regex: str
    caseless: bool = False
    once: bool = False
    """Report the first place only."""


class Scanner:
    """One automaton over all expressions."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        """Compile, or take what was compiled before. Raises ``TooLarge``."""
        self._database = _database(expressions) if expressions else None
        self._own = threading.local()

    def scan(self, data: bytes, most: int) -> list[tuple[int, int]]:
        """Return (number, offset of the end) of all that stands in ``data``, which is UTF-8, in order of their ends.

        Raises ``TooMany`` beyond ``most``.
        """
        if self._database is None:
            return []
        scratch = getattr(self._own, "scratch", None)
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(self._database)
        seen: list[tuple[int, int]] = []

        def see(number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            seen.append((number, end))
            return len(seen) > most

        try:
            self._database.scan(data, match_event_handler=see, scratch=scratch)
        except hyperscan.ScanTerminated:
            raise TooMany from None
        return seen


def _database(expressions: Sequence[Expression]) -> hyperscan.Database:
    written = [f"{each.number}\t{_flags(each)}\t{each.regex}" for each in expressions]
    # A database fits no other version of the library; whether it fits the processor, the library sees when loading.
    name = sha256("\n".join((version("hyperscan"), platform.machine(), *written)).encode()).hexdigest()
    if name not in _KEPT:
        _KEPT[name] = _loaded(name) or _compiled(name, expressions)
    return _KEPT[name]


def _flags(expression: Expression) -> int:
    flags = hyperscan.HS_FLAG_UTF8
    if expression.caseless:
        # É is é in either case, but to ask for that where there is none costs time to compile.
        accented = any("\u00c0" <= each <= "\u024f" for each in expression.regex)
        flags |= hyperscan.HS_FLAG_CASELESS | (hyperscan.HS_FLAG_UCP if accented else 0)
    return int(flags | (hyperscan.HS_FLAG_SINGLEMATCH if expression.once else 0))


def _compiled(name: str, expressions: Sequence[Expression]) -> hyperscan.Database:
    try:
        database = _alone(expressions)
    except hyperscan.error:
        raise TooLarge(next(each.number for each in expressions if not _compiles(each))) from None
    folder = _folder()
    with suppress(OSError):  # a cache that cannot be written costs time at the next start, nothing else
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(hyperscan.dumpb(database))
        Path(file.name).replace(folder / name)
    return database


def _alone(expressions: Sequence[Expression]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[each.regex.encode() for each in expressions],
        ids=[each.number for each in expressions],
        elements=len(expressions),
        flags=[_flags(each) for each in expressions],
    )
    return database


def _compiles(expression: Expression) -> bool:
    try:
        _alone([expression])
    except hyperscan.error:
        return False
    return True


def _loaded(name: str) -> hyperscan.Database | None:
    try:
        file = _folder() / name
        # Nobody but its owner may have written what is loaded into this process.
        if file.stat().st_uid != os.getuid():
            return None
        return hyperscan.loadb(file.read_bytes(), hyperscan.HS_MODE_BLOCK)
    except (OSError, hyperscan.HyperscanError):
        return None


def _folder() -> Path:
    """Where compiled databases are kept: the cache of the user (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kouan" / "automata"

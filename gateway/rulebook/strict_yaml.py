"""Strict YAML: what a reviewer sees is what the machine reads, or the file is refused with line and column.

YAML 1.1, which PyYAML reads, takes ``no`` for false, ``0755`` for 493 and ``12:30:00`` for 45000, and keeps the
last of two equal keys without a word. So we take the parser's events only and read scalars as YAML 1.2 would,
refusing whatever the two versions read differently, and everything that makes a file mean other than it shows:
anchors, aliases, merge keys, tags, directives, further documents, bidirectional controls (CVE-2021-42574).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml

from gateway.rulebook.document import Document, Faulty, Path, Problem
from gateway.rulebook.shape import misfits

__all__ = ["LARGEST", "Document", "Faulty", "Problem", "parse"]

LARGEST = 32 * 1024 * 1024
"""Bytes of the largest rule file: a whitelist of fifty thousand entries."""

DEEPEST = 32
"""Levels of nesting; what is written by hand never comes near."""

MOST_UNSEEN = 20
"""Invisible characters told of in one file; a file with more is no text."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_TRAPS = (
    (re.compile(r"(?i:y|n|yes|no|on|off)|True|TRUE|False|FALSE"), "is true or false in YAML 1.1 and text in 1.2"),
    (re.compile(r"~|Null|NULL"), "is one of several spellings of null"),
    (re.compile(r"[-+]?0[0-9_]+"), "has a leading zero: YAML 1.1 reads an octal number"),
    (re.compile(r"[-+]?0[box][0-9a-fA-F_]+"), "is a binary, octal or hexadecimal number"),
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "reads as a number to the base 60 in YAML 1.1"),
    (re.compile(r"[-+]?[0-9]*_[0-9_]*|\+[0-9]+"), "reads as a number in YAML 1.1 only"),
    (re.compile(r"-?[0-9]{16,}"), "is a number longer than other programs keep exactly"),
    (
        re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+"),
        "reads as a fraction, and may lose digits",
    ),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "reads as a number that is none"),
    (re.compile(r"<<|="), "is a merge key or a default value of YAML 1.1"),
)
_TRAPPED = re.compile("|".join(f"(?:{trap.pattern})" for trap, _ in _TRAPS))
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_POINTER = re.compile(r"# yaml-language-server: \$schema=(\S+)\s*")


def parse(name: str, data: bytes, schema: str) -> Document:
    """Read the bytes of rule file ``name`` and fit them to ``schemas/<schema>.json``.

    Raises ``Faulty`` with every problem found, in order of place.
    """
    text = _text(name, data)
    reader = _Reader(name)
    reader.problems.extend(_pointer(name, text, schema))
    reader.problems.extend(_unseen(name, text))
    whole = reader.read(_UNSEEN.sub("?", text))
    document = Document(name, reader.root, reader.values, reader.keys)
    if whole:
        reader.problems.extend(misfits(document, schema, frozenset(reader.reported)))
    if reader.problems:
        raise Faulty(reader.problems)
    return document


def _text(name: str, data: bytes) -> str:
    """Decode, or raise ``Faulty``: nothing more can be said of a file that is no text."""
    if len(data) > LARGEST:
        fault = f"the file has {len(data)} bytes, more than {LARGEST}"
        raise Faulty([Problem(name, 1, 1, fault, "split it into several files")])
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Faulty([Problem(name, 1, 1, "the file begins with a byte order mark", "save it as UTF-8 without BOM")])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        raise Faulty([Problem(name, line, column, "the file is not UTF-8 from here on", "save it as UTF-8")]) from None
    return text.replace("\r\n", "\n")


def _pointer(name: str, text: str, schema: str) -> Iterator[Problem]:
    """The first line must tell editors which schema to complete and check with."""
    found = _POINTER.fullmatch(text.split("\n", 1)[0])
    if found is None or posixpath.basename(found[1]) != f"{schema}.json":
        path = posixpath.relpath(f"gateway/rulebook/schemas/{schema}.json", posixpath.dirname(name) or ".")
        fault = f"the schema named is {found[1]}" if found else "the first line does not name the schema of the file"
        yield Problem(name, 1, 1, fault, f"write '# yaml-language-server: $schema={path}' on the first line")


def _unseen(name: str, text: str) -> Iterator[Problem]:
    """Characters that a reviewer cannot see or that make the text show in another order."""
    for found in islice(_UNSEEN.finditer(text), MOST_UNSEEN):
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        fault = f"the invisible character U+{ord(found[0]):04X} stands here"
        yield Problem(name, line, column, fault, f'delete it, or write "\\u{ord(found[0]):04x}" in double quotes')


@dataclass(slots=True)
class _Frame:
    """A mapping or a list that is being filled."""

    path: Path
    holds: dict[str, Any] | list[Any]
    key: str | None = None
    """The key that waits for its value."""
    dropped: int = 0


@dataclass(slots=True)
class _Reader:
    """Builds plain data out of the parser's events, and notes every problem on the way."""

    name: str
    root: Any = None
    problems: list[Problem] = field(default_factory=list)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    reported: set[Path] = field(default_factory=set)
    """Paths about which a problem was said: the schema need not speak of them again."""
    frames: list[_Frame] = field(default_factory=list)
    documents: int = 0

    def read(self, text: str) -> bool:
        """Read all events; False when the text is no YAML to its end, or holds nothing."""
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                if not self._take(event):
                    return False
        except yaml.YAMLError as error:
            self._syntax(text, error)
            return False
        if () not in self.values:
            self._say((1, 1), "the file is empty", "write its rules, or delete it")
            return False
        return True

    def _say(self, place: tuple[int, int], fault: str, fix: str) -> None:
        self.problems.append(Problem(self.name, *place, fault, fix))

    def _syntax(self, text: str, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = str(getattr(error, "problem", None) or "the text cannot be read")
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        line = "".join(text.split("\n")[place[0] - 1 : place[0]])
        if line[place[1] - 1 : place[1]] == "\t":
            self._say(place, "a tab stands where YAML wants spaces", "indent with spaces")
        else:
            self._say(place, f"this is not YAML: {said}", "look at indentation, colons and quotes here and above")

    def _take(self, event: yaml.Event) -> bool:
        """Take one event; False to stop."""
        mark = event.start_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if isinstance(event, yaml.DocumentStartEvent):
            return self._document(event, place)
        if isinstance(event, yaml.AliasEvent):
            self._say(place, f"'*{event.anchor}' is an alias", "write the value out")
            self._put(None, place, said=True)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            return self._open(event, place)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()
        return True

    def _document(self, event: yaml.DocumentStartEvent, place: tuple[int, int]) -> bool:
        self.documents += 1
        if event.version or event.tags:
            self._say(place, "a directive stands before the document", "delete the lines that begin with '%'")
        if self.documents > 1:
            self._say(place, "a second document begins here", "keep one document in a file, without '---' between")
            return False
        return True

    def _decorated(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, place: tuple[int, int]) -> bool:
        """Tell of an anchor or a tag."""
        if event.anchor:
            self._say(place, f"'&{event.anchor}' is an anchor", "delete it, and write the value out where it is used")
        if event.tag:
            self._say(place, f"'{event.tag}' is a tag", "delete it, and quote the value if it is text")
        return bool(event.anchor or event.tag)

    def _awaits_key(self) -> bool:
        return bool(self.frames) and isinstance(self.frames[-1].holds, dict) and self.frames[-1].key is None

    def _open(self, event: yaml.CollectionStartEvent, place: tuple[int, int]) -> bool:
        said = self._decorated(event, place)
        if len(self.frames) >= DEEPEST:
            self._say(place, f"this is nested more than {DEEPEST} levels deep", "flatten it")
            return False
        if self._awaits_key():
            self._say(place, "a mapping or a list cannot be a key", "write a word, a colon and the value")
            return False
        holds: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(holds, place, said=said)
        self.frames.append(_Frame(path, holds))
        return True

    def _close(self) -> None:
        self.frames.pop()

    def _scalar(self, event: yaml.ScalarEvent, place: tuple[int, int]) -> None:
        said = self._decorated(event, place)
        plain = event.style is None or event.style == ""
        value: Any = event.value
        if plain and not said:
            value, trap = _plain(event.value)
            if trap:
                fix = "write each key out" if event.value == "<<" else "quote it"
                self._say(place, f"'{event.value}' {trap}", fix)
                said = True
        if self._awaits_key():
            self._key(event.value, value, place, said=said)
        else:
            self._put(value, place, said=said)

    def _key(self, written: str, value: Any, place: tuple[int, int], *, said: bool) -> None:
        """Take a key; one that stands there already is a problem, and its second value is read past the data."""
        frame = self.frames[-1]
        if not isinstance(value, str) and not said:
            self._say(place, f"the key '{written}' is not text", "quote it")
            said = True
        path = (*frame.path, written)
        if path in self.keys:
            first = self.keys[path]
            self._say(place, f"'{written}' stands here twice, first on line {first[0]}", "keep one of them")
            frame.dropped += 1
            path = (*frame.path, f"{written}\0{frame.dropped}")
        elif said:
            self.reported.add(frame.path)
        self.keys[path] = place
        frame.key = str(path[-1])

    def _put(self, value: Any, place: tuple[int, int], *, said: bool) -> Path:
        """Put ``value`` where it belongs, note its place and return its path."""
        if not self.frames:
            path: Path = ()
            self.root = value
        else:
            frame = self.frames[-1]
            if isinstance(frame.holds, list):
                path = (*frame.path, len(frame.holds))
                frame.holds.append(value)
            elif frame.key is None:  # an alias for a key
                self.reported.add(frame.path)
                frame.dropped += 1
                frame.key = f"\0{frame.dropped}"
                return frame.path
            else:
                path = (*frame.path, frame.key)
                if "\0" not in frame.key:
                    frame.holds[frame.key] = value
                frame.key = None
        self.values[path] = place
        if said:
            self.reported.add(path)
        return path


def _plain(written: str) -> tuple[Any, str]:
    """Value of a plain scalar, and what is wrong with it (""; else the value is of no use)."""
    if written in {"", "null"}:
        return None, ""
    if written in {"true", "false"}:
        return written == "true", ""
    if _INTEGER.fullmatch(written) and written != "-0":
        return int(written), ""
    if not _TRAPPED.fullmatch(written):
        return written, ""
    return written, next((fault for trap, fault in _TRAPS if trap.fullmatch(written)), "")

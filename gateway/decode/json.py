"""JSON (RFC 8259), with the exact place of every value.

``read`` trusts no dictionary: a parser keeps the last of duplicate keys and the machine's idea of a number, a
recipient may keep the first. It scans the written text instead, once it is known to be well-formed. Names are
values too (``json:/patients/3/~name``), since data hide in keys as well.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from operator import ne
from typing import Any, NoReturn

from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
BRACKET = re.compile(r"[{}\[\]]")
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Malformed(ValueError):
    """Text that is not JSON, or is beyond a limit; ``reason`` and ``detail`` say which."""

    def __init__(self, reason: Unread, detail: str) -> None:
        """``detail`` is the name of a limit or of the format."""
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


def _refuse_constant(_name: str) -> NoReturn:
    """NaN and Infinity are not JSON (RFC 8259 section 6)."""
    raise Malformed(Unread.MALFORMED, "json")


def check(text: str, limits: Limits) -> tuple[str, ...]:
    """Return notices about well-formed JSON. Raises ``Malformed``; never reads deeper or more than the limits."""
    opened = text.count("{") + text.count("[")
    if opened > limits.depth or text.count(",") + opened > limits.segments:
        bare = STRING.sub("", text)
        if bare.count(",") + bare.count("{") + bare.count("[") > limits.segments:
            raise Malformed(Unread.TOO_MANY, "segments")
        depth = 0
        for bracket in BRACKET.findall(bare):
            depth += 1 if bracket in "{[" else -1
            if depth > limits.depth:
                raise Malformed(Unread.TOO_DEEP, "depth")
    objects: list[list[tuple[str, Any]]] = []
    try:
        json.loads(
            text, object_pairs_hook=objects.append, parse_constant=_refuse_constant, parse_int=len, parse_float=len
        )
    except (ValueError, RecursionError):
        raise Malformed(Unread.MALFORMED, "json") from None
    # Built of calls that stay in C: a Python function per object would cost more than the parsing.
    if any(map(ne, map(len, map(dict, objects)), map(len, objects))):
        return ("json.duplicate_key",)
    return ()


def unescape(written: str, start: int) -> tuple[str, tuple[int, ...] | None]:
    """Return what a string means, and the offset of each of its code points where that differs from writing.

    ``written`` is what stands between the quotes, ``start`` its offset. Pairs of surrogates become one code point.
    """
    if "\\" not in written:
        return written, None
    meant: list[str] = []
    marks: list[int] = []
    at = 0
    for match in ESCAPE.finditer(written):
        meant.extend(written[at : match.start()])
        marks.extend(range(start + at, start + match.start()))
        code, plain = match.groups()
        char = chr(int(code, 16)) if code else PLAIN.get(plain, plain)
        at = match.end()
        if "\udc00" <= char <= "\udfff" and meant and "\ud800" <= meant[-1] <= "\udbff":
            char = (meant.pop() + char).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        else:
            marks.append(start + match.start())
        meant.append(char)
    meant.extend(written[at:])
    marks.extend(range(start + at, start + len(written) + 1))
    return "".join(meant), tuple(marks)


class _Level:
    """An open object or array: its pointer, the label that its values inherit, and where the scan is in it."""

    __slots__ = ("at", "is_object", "label", "name", "pointer")

    def __init__(self, pointer: str, label: str, *, is_object: bool) -> None:
        self.pointer = pointer
        self.label = label
        self.is_object = is_object
        self.at = 0
        self.name: str | None = None


def read(text: str, root: str = "json:") -> tuple[Segment, ...]:  # noqa: C901 - one loop over tokens, for speed
    """Return names, strings and numbers of well-formed JSON, each with its JSON Pointer (RFC 6901) behind ``root``."""
    segments: list[Segment] = []
    levels: list[_Level] = []
    level: _Level | None = None
    for match in TOKEN.finditer(text):
        start, end = match.span()
        first = text[start]
        if first == ",":
            if level is not None:
                level.at += 1
                level.name = None
            continue
        if first == ":":
            continue
        if first in "}]":
            levels.pop()
            level = levels[-1] if levels else None
            continue
        if level is None:
            pointer, label = "", ""
        elif not level.is_object:
            pointer, label = f"{level.pointer}/{level.at}", level.label
        elif level.name is None:
            meant, marks = unescape(text[start + 1 : end - 1], start + 1)
            level.name = meant
            where = f"{root}{level.pointer}/~name"
            segments.append(Segment(meant, where, "", start + 1, end - 1, marks))
            continue
        else:
            pointer, label = f"{level.pointer}/{level.name.replace('~', '~0').replace('/', '~1')}", level.name
        if first in "{[":
            level = _Level(pointer, label, is_object=first == "{")
            levels.append(level)
        elif first == '"':
            meant, marks = unescape(text[start + 1 : end - 1], start + 1)
            segments.append(Segment(meant, root + pointer, label, start + 1, end - 1, marks))
        elif first not in "tfn":
            segments.append(Segment(text[start:end], root + pointer, label, start, end))
    return tuple(segments)


def write(part: Part, edits: tuple[Edit, ...]) -> list[tuple[int, int, str]]:
    """Return splices (start, end, text) of the written text. A number that is edited becomes a string."""
    splices: list[tuple[int, int, str]] = []
    numbers: dict[int, tuple[Segment, list[Edit]]] = {}
    homes = part.segments
    starts = [segment.start for segment in homes]
    for edit in edits:
        home = homes[bisect_right(starts, edit.start) - 1] if homes else None
        if home is None or not home.start <= edit.start <= edit.end <= home.end:
            raise ValueError("an edit outside of values")
        if home.start and part.text[home.start - 1] == '"':
            splices.append((edit.start, edit.end, _quoted(edit.text)))
        else:
            numbers.setdefault(home.start, (home, []))[1].append(edit)
    for home, inside in numbers.values():
        written, at = "", home.start
        for edit in sorted(inside, key=lambda each: each.start):
            written += part.text[at : edit.start] + edit.text
            at = edit.end
        splices.append((home.start, home.end, f'"{_quoted(written + part.text[at : home.end])}"'))
    return splices


def _quoted(text: str) -> str:
    """Escape ``text`` for the inside of a string, in ASCII, which every charset can write."""
    return json.dumps(text)[1:-1]

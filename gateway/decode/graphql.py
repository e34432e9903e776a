"""GraphQL documents (specification of October 2021, section 2): values, names and comments of a request or a schema.

A place is the path of fields, by alias where there is one, down to the argument: ``graphql:/patient/id``; what stands
in an object or a list goes on from there. Every name is a value too, at the place of what it names followed by
``/~key``; a variable, a constant and a type stand where values do. An argument labels what it holds. Only tokens and
brackets are judged: what a server would make of them is its concern, and descriptions in a schema are read as well.
A block string is read as it is written, its indentation and the escape of three quotes included.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, Marks, Row, below, segments_of, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_LABEL = 64
_IGNORED = r"[\ufeff\s,]*+"
_ASIDE = r"(?:[\ufeff\s,]++|#[^\r\n]*+)*+"
_BLOCK = r'(?:[^"\\]++|\\(?!""")|\\"""|"(?!""))*+'
_STRING = r'(?:[^"\\\r\n]++|\\u\{[0-9A-Fa-f]{1,8}\}|\\u[0-9A-Fa-f]{4}|\\["\\/bfnrt])*+'
_NUMBER = r"-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.])"
_NAME = r"[_A-Za-z][_0-9A-Za-z]*+"
_TOKEN = re.compile(
    rf"#([^\r\n]*+)|\"\"\"({_BLOCK})\"\"\"|\"(?!\"\")({_STRING})\"|({_NUMBER})"
    rf"|([$@]?{_NAME})(?=({_ASIDE}:)?)|([({{\[])|([)}}\]])|(\.\.\.|[!&:=|$@])"
)
_COMMENT, _BLOCKED, _QUOTED, _DIGITS, _WORD, _NAMES, _OPEN, _CLOSE, _SIGN = range(1, 10)
"""Groups of a token; ``_NAMES`` tells that a colon follows the word."""
_TEXTS = rf"#[^\r\n]*+|\"\"\"{_BLOCK}\"\"\"|\"(?!\"\"){_STRING}\""
# No group stands in here: inside of a repetition that gives nothing back, CPython loses track of groups.
_ALL = re.compile(rf"(?:{_IGNORED}(?:{_TEXTS}|{_NUMBER}|{_NAME}|\.\.\.|[(){{}}\[\]!&:=|$@]))++{_IGNORED}")
_BARE = re.compile(rf"{_TEXTS}|([(){{}}\[\]])")
_BRACKET = 1
_UNIT = re.compile(r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|\\u\{[0-9A-Fa-f]+\}|\\u....|\\.")
_CLOSES = {"(": ")", "{": "}", "[": "]"}
_SHOWS = re.compile(
    rf"{_ASIDE}(?:(?:query|mutation|subscription)(?:\s++{_NAME})?\s*+[({{@]|fragment\s++{_NAME}\s++on\s"
    rf"|\{{{_ASIDE}{_NAME}\s*+(?::\s*+{_NAME}\s*+)?[({{])"
)


def judge(text: str, limits: Limits) -> None:
    """Raise ``Unreadable`` unless ``text`` is made of tokens and matching brackets, within ``limits``."""
    if _ALL.fullmatch(text) is None:
        raise Unreadable(Unread.MALFORMED, "graphql")
    if len(text) > limits.segments:
        for count, _ in enumerate(_TOKEN.finditer(text)):
            if count > limits.segments:
                raise Unreadable(Unread.TOO_MANY, "segments")
    awaited: list[str] = []
    for token in _BARE.finditer(text):
        sign = token[_BRACKET]
        if sign in _CLOSES:
            awaited.append(_CLOSES[sign])
            if len(awaited) > limits.depth:
                raise Unreadable(Unread.TOO_DEEP, "depth")
        elif sign and (not awaited or awaited.pop() != sign):
            raise Unreadable(Unread.MALFORMED, "graphql")
    if awaited:
        raise Unreadable(Unread.MALFORMED, "graphql")


class _Frame(NamedTuple):
    """What stands around: the kind of bracket, its place, the label of what it holds, what was named in it last."""

    kind: str
    place: str
    label: str
    here: str
    number: int


def read(text: str) -> tuple[Segment, ...]:
    """Return all names, values and comments, in the order in which they stand."""
    scan = _Scan(text)
    for token in _TOKEN.finditer(text):
        scan.take(token)
    return segments_of(scan.rows)


class _Scan:
    """One reading of one document."""

    def __init__(self, text: str) -> None:
        self.rows: list[Row] = []
        self._text = text
        self._kind, self._place, self._label, self._here, self._index = _Frame(_TOP, "graphql:", "", "graphql:", 0)
        self._outer: list[_Frame] = []
        self._arguments = ""  # place of those that may follow a directive
        self._aliased = False

    def take(self, token: re.Match[str]) -> None:
        """Take one token."""
        kind = token.lastindex
        if kind == _NAMES:
            self._name(token[_WORD], *token.span(_WORD))
        elif kind == _WORD:
            self._word(token[_WORD], *token.span(_WORD))
        elif kind == _OPEN:
            self._open(token[_OPEN])
        elif kind == _CLOSE:
            self._kind, self._place, self._label, self._here, self._index = self._outer.pop()
            self._arguments = ""
        elif kind == _COMMENT:
            self._add(f"{self._place}/~comment", "", *token.span(_COMMENT))
        elif kind in (_QUOTED, _BLOCKED):
            self._add(*self._value("~description"), *token.span(kind), escaped=kind == _QUOTED)
        elif kind == _DIGITS:
            self._add(*self._value("~number"), *token.span(_DIGITS))

    def _value(self, outside: str) -> tuple[str, str]:
        """Return place and label of the value that comes; ``outside`` of arguments it is no field's."""
        if self._kind == "[":
            self._index += 1
            return below(self._place, str(self._index - 1)), self._label
        if self._kind in (_TOP, _FIELDS):
            return f"{self._place}/{outside}", ""
        return self._here, self._label

    def _name(self, name: str, start: int, end: int) -> None:
        """Take a word before a colon: an argument, the field of an object, or the alias of a field."""
        bare = name.removeprefix("$")
        self._here = below(self._place, step(bare))
        self._aliased = self._kind == _FIELDS
        if not self._aliased:
            self._label = bare if len(bare) <= _LABEL else ""
        self._arguments = ""
        self._add(self._here + KEY, "", start, end)

    def _word(self, word: str, start: int, end: int) -> None:
        """Take a word: a field, a directive, or a value."""
        if word[0] == "@":
            self._arguments = below(self._here, step(word))
            self._add(self._arguments + KEY, "", start, end)
        elif self._kind in (_TOP, _FIELDS):
            here = below(self._place, step(word))
            if self._kind == _FIELDS and not self._aliased:
                self._here = here
            self._add((self._here if self._aliased else here) + KEY, "", start, end)
            self._aliased = False
            self._arguments = ""
        else:
            self._add(*self._value(""), start, end)

    def _open(self, bracket: str) -> None:
        inside = self._kind in ("(", "[", _OBJECT)
        place, label = self._value("") if inside else (self._here, "")
        kind = _OBJECT if bracket == "{" and inside else bracket
        if bracket == "(" and self._arguments:
            place = self._arguments
        self._outer.append(_Frame(self._kind, self._place, self._label, self._here, self._index))
        self._kind, self._place, self._label, self._here, self._index = kind, place, label, place, 0
        self._arguments, self._aliased = "", False

    def _add(self, place: str, label: str, start: int, end: int, *, escaped: bool = False) -> None:
        value = self._text[start:end]
        if not escaped or "\\" not in value:
            self.rows.append((value, place, label, start, end, None))
        else:
            meant = _UNIT.sub(lambda unit: _meant(unit[0]), value)
            marks = Marks(len(meant) + 1, lambda: _marks(value, start))
            self.rows.append((meant, place, label, start, end, marks))


_TOP, _FIELDS, _OBJECT = "", "{", "{}"
"""Kinds of surroundings beside ``(`` and ``[``: none, the fields of a selection or a type, an object."""


def _meant(unit: str) -> str:
    if unit.startswith("\\u{"):
        point = int(unit[3:-1], 16)
        return chr(point) if point <= 0x10FFFF else "\ufffd"
    return str(json.loads(f'"{unit}"'))


def _marks(written: str, start: int) -> Sequence[int]:
    """Return where each code point of a string is written, and its end."""
    marks: list[int] = []
    at = 0
    for unit in _UNIT.finditer(written):
        marks.extend(range(start + at, start + unit.start() + 1))
        at = unit.end()
    marks.extend(range(start + at, start + len(written) + 1))
    return marks


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into strings, numbers and comments.

    In a string, what is meant is escaped; a number becomes a string as a whole. Raises ``Unwritable`` where an edit
    reaches beyond one value, cuts an escape, falls on a name, or would end what it stands in.
    """
    segments = part.segments
    starts = [segment.start for segment in segments]
    by_segment: dict[int, list[Edit]] = {}
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        if index < 0 or edit.end > segments[index].end:
            raise Unwritable("edit beyond one value")
        by_segment.setdefault(index, []).append(edit)
    replacements: list[tuple[int, int, str]] = []
    for index, those in by_segment.items():
        replacements += _written(part.text, segments[index], those)
    return spliced(part.text, replacements)


def _written(text: str, segment: Segment, edits: list[Edit]) -> Iterator[tuple[int, int, str]]:
    """Yield the replacements that make ``edits`` of one value."""
    start, end, marks = segment.start, segment.end, segment.marks
    if marks is not None and not {at for edit in edits for at in (edit.start, edit.end)}.issubset(marks):
        raise Unwritable("edit cuts an escape")
    if segment.where.endswith("/~comment"):
        if any("\n" in edit.text or "\r" in edit.text for edit in edits):
            raise Unwritable("comment has a single line")
        yield from ((edit.start, edit.end, edit.text) for edit in edits)
    elif text[start - 1 : start] == '"':
        for edit in edits:
            if text[start - 3 : start] == '"""':
                _within_block(text, segment, edit)
                yield edit.start, edit.end, edit.text
            else:
                yield edit.start, edit.end, json.dumps(edit.text, ensure_ascii=False)[1:-1]
    elif text[start] in "-0123456789":
        changes = [(edit.start - start, edit.end - start, edit.text) for edit in edits]
        yield start, end, json.dumps(spliced(segment.text, changes), ensure_ascii=False)
    else:
        raise Unwritable("edit on a name")


def _within_block(text: str, segment: Segment, edit: Edit) -> None:
    """Raise ``Unwritable`` where a block string would end earlier or later for an edit."""
    before, after = text[edit.start - 1], text[edit.end]
    joins = not edit.text and edit.start > segment.start and before in '"\\' and after == '"'
    if '"' in edit.text or "\\" in edit.text or joins:
        raise Unwritable("text would end what it stands in")


def looks(text: str) -> bool:
    """Tell whether ``text`` begins as an operation or a fragment does."""
    return _SHOWS.match(text) is not None


def _judged(text: str, limits: Limits) -> Judged:
    judge(text, limits)
    return "\\" not in text, ()


FORMAT = Format("graphql", _judged, read, write)

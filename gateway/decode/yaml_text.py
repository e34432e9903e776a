"""YAML (1.1, as libyaml reads it): keys, scalars as written, and what stands between them.

Only the events of the parser are taken: no object is made, no tag is obeyed, and an alias is a name that is read as
such and never followed, so that a "billion laughs" is as long as it is written. Comments, anchors, tags, aliases and
directives cross the border like values do: every character that is no structure is read.

A place is the path of keys and indices: ``yaml:/patients/3/id``; in the second document ``yaml:[2]/a``. What stands
between values is ``/~comment``, or ``/~mark`` for anchors and the like, below the mapping or list that it stands in.

libyaml is linear on all that was tried but ``%TAG`` directives, each of which is compared with those before; so their
number is limited, as are depth and number of events, and the parser is asked for one event at a time.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import yaml

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, Marks, Row, below, segments_of, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_DIRECTIVES = 64
_LABEL = 64
_SEEN = 4096
_SIGNS = re.compile(r"[#&*!%]")
_PROPERTIES = re.compile(r"(?:[&!][^\s]*+\s*+|#[^\r\n]*+\s*+)*+")
_BETWEEN = re.compile(r"(?<!\S)\.\.\.(?!\S)|(#[^\r\n\x85\u2028\u2029]*+)|[^\s\-?:,\[\]{}|>\ufeff][^\s,\[\]{}]*+")
_COMMENT = re.compile(r"(?<!\S)#")
_HEADER = re.compile(r"[|>][^#\r\n\x85\u2028\u2029]*+(#[^\r\n\x85\u2028\u2029]*+)?(?:\r\n|[\r\n\x85\u2028\u2029]|\Z)")
_BLANK = " \t\r\n\x85\u2028\u2029"
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_SINGLE = re.compile(rf"''|[^{_BLANK}]")
_PLAIN = re.compile(rf"[^{_BLANK}]")
_DOUBLE = re.compile(
    r"\\(?:\r\n|[\r\n\x85\u2028\u2029])(?P<folded>[ \t\r\n\x85\u2028\u2029]*+)"
    r"|\\(?:x(?P<x>[0-9A-Fa-f]{2})|u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<sign>.))"
    r"|(?P<fold>[ \t]*+[\r\n\x85\u2028\u2029][ \t\r\n\x85\u2028\u2029]*+)"
    r"|(?P<itself>[ \t]++|[^\\ \t\r\n\x85\u2028\u2029])"
)
_SIGN = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def _events(text: str) -> Iterator[Any]:
    """Yield the events of the parser; raise ``Unreadable`` where it finds a fault."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        parser = loader(text)
        while (event := parser.get_event()) is not None:
            yield event
    except (yaml.YAMLError, UnicodeError):
        raise Unreadable(Unread.MALFORMED, "yaml") from None


def judge(text: str, limits: Limits) -> bool:
    """Raise ``Unreadable`` unless ``text`` is YAML within ``limits``; tell whether every value is written as meant."""
    if text.count("%TAG") > _DIRECTIVES:
        raise Unreadable(Unread.TOO_MANY, "segments")
    depth = 0
    verbatim = "\\" not in text and "''" not in text
    for count, event in enumerate(_events(text)):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if verbatim and event.start_mark.line != event.end_mark.line:
                verbatim = False
        elif kind in _OPENING:
            depth += 1
            if depth > limits.depth:
                raise Unreadable(Unread.TOO_DEEP, "depth")
        elif kind in _CLOSING:
            depth -= 1
        if count > limits.segments:
            raise Unreadable(Unread.TOO_MANY, "segments")
    if text.count("#") > limits.segments and len(_COMMENT.findall(text)) > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    return verbatim


_OPENING = frozenset({yaml.MappingStartEvent, yaml.SequenceStartEvent})
_CLOSING = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})


def read(text: str) -> tuple[Segment, ...]:
    """Return all keys and scalars, and all that is written between them, in the order in which they stand."""
    scan = _Scan(text)
    for event in _events(text):
        scan.take(event)
    return scan.segments()


class _Scan:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._shift = 1 if text.startswith("\ufeff") else 0  # the parser does not count it
        self._signs = _SIGNS.search(text) is not None
        self._done = 0
        self._rows: list[Row] = []
        self._ends: dict[int, Sequence[int]] = {}
        self._documents = 0
        self._place, self._label = "yaml:", ""
        self._index = _ROOT
        self._key: tuple[str, str] | None = None
        """Place and label of the value of a mapping that comes next; None where a key does."""
        self._outer: list[tuple[str, str, int, tuple[str, str] | None]] = []

    def take(self, event: Any) -> None:
        """Take one event."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind in _OPENING:
            here, label, after = self._next()
            self._outer.append((self._place, self._label, self._index, after))
            self._place, self._label, self._key = here, label, None
            self._index = _MAPPING if kind is yaml.MappingStartEvent else 0
        elif kind in _CLOSING:
            if self._signs:
                self._between(event.start_mark.index + self._shift)
            self._place, self._label, self._index, self._key = self._outer.pop()
        elif kind is yaml.AliasEvent:
            self._key = self._next()[2]
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            self._place, self._index = "yaml:" if self._documents == 1 else f"yaml:[{self._documents}]", _ROOT
        elif kind is yaml.StreamEndEvent and self._signs:
            self._between(len(self._text))

    def _next(self) -> tuple[str, str, tuple[str, str] | None]:
        """Return place and label of the node that comes, and what the key is once it is over."""
        if self._index >= 0:
            self._index += 1
            return below(self._place, str(self._index - 1)), self._label, None
        if self._index == _ROOT:
            return self._place, "", None
        if self._key is None:  # a key that is no scalar
            return self._place + KEY, "", (f"{self._place}/?", "")
        return *self._key, None

    def _scalar(self, event: Any) -> None:
        text, value, style = self._text, event.value, event.style
        start, end = event.start_mark.index + self._shift, event.end_mark.index + self._shift
        if self._signs:
            self._between(start)
            if text[start : start + 1] in ("&", "!"):
                properties = _PROPERTIES.match(text, start, end)
                start = properties.end() if properties else start
                self._between(start)
        self._done = end
        if style in ("'", '"'):
            start, end = start + 1, end - 1
        elif style in ("|", ">") and (header := _HEADER.match(text, start, end)) is not None:
            if header[1]:
                self._rows.append((header[1], f"{self._place}/~comment", "", *header.span(1), None))
            start = header.end()
        if self._index == _MAPPING and self._key is None:
            here = below(self._place, step(value))
            self._key = here, value if len(value) <= _LABEL else ""
            where, label = here + KEY, ""
        else:
            where, label, self._key = self._next()
        if not value:
            return
        if len(value) == end - start and text.startswith(value, start):
            self._rows.append((value, where, label, start, end, None))
        else:
            aligned = partial(_aligned, text, start, end, style, value)
            self._ends[len(self._rows)] = Marks(len(value), lambda: aligned()[1])
            self._rows.append((value, where, label, start, end, Marks(len(value) + 1, lambda: aligned()[0])))

    def _between(self, end: int) -> None:
        """Read what stands before ``end`` and is neither value nor structure."""
        for token in _BETWEEN.finditer(self._text, self._done, end):
            if token[0] == "...":
                continue
            kind = "comment" if token[1] else "mark"
            self._rows.append((token[0], f"{self._place}/~{kind}", "", token.start(), token.end(), None))
        self._done = max(self._done, end)

    def segments(self) -> tuple[Segment, ...]:
        """Return what was taken."""
        segments = segments_of(self._rows)
        if not self._ends:
            return segments
        return tuple(
            replace(each, ends=self._ends[row]) if row in self._ends else each for row, each in enumerate(segments)
        )


_MAPPING, _ROOT = -1, -2


def _aligned(text: str, start: int, end: int, style: str, value: str) -> tuple[list[int], list[int]]:
    """Return where each code point of ``value`` begins and ends in ``text[start:end]``.

    Where that cannot be told, all of it is written by all of the scalar.
    """
    aligned = _by_escapes(text, start, end, value) if style == '"' else _by_letters(text, start, end, style, value)
    return aligned or ([start] * len(value) + [end], [end] * len(value))


def _by_escapes(text: str, start: int, end: int, value: str) -> tuple[list[int], list[int]] | None:
    """Undo escapes and folded lines between double quotes (YAML 1.1 sections 5.6 and 9.1)."""
    pieces: list[str] = []
    marks: list[int] = []
    ends: list[int] = []
    for token in _DOUBLE.finditer(text, start, end):
        kind = token.lastgroup or ""
        if kind == "itself":
            pieces.append(token[0])
            marks.extend(range(*token.span()))
            ends.extend(range(token.start() + 1, token.end() + 1))
            continue
        if kind in ("fold", "folded"):
            count = len(_BREAK.findall(token[kind]))
            meant = "\n" * (count - (kind == "fold")) or (" " if kind == "fold" else "")
        elif kind == "sign":
            meant = _SIGN.get(token[kind], token[kind])
        else:
            meant = chr(int(token[kind], 16))
        pieces.append(meant)
        for _ in meant:
            marks.append(token.start())
            ends.append(token.end())
    if "".join(pieces) != value:
        return None
    return [*marks, end], ends


def _by_letters(text: str, start: int, end: int, style: str, value: str) -> tuple[list[int], list[int]] | None:
    """Lay the letters of a value beside those of its writing, which differ in blanks and line ends only.

    The blanks between two letters are written by all that stands between them.
    """
    written = [each.span() for each in (_SINGLE if style == "'" else _PLAIN).finditer(text, start, end)]
    letters = [each.start() for each in _PLAIN.finditer(value)]
    if [text[first] for first, _ in written] != [value[at] for at in letters]:
        return None
    marks: list[int] = []
    ends: list[int] = []
    done = start
    for at, (first, last) in zip([*letters, len(value)], [*written, (end, end)], strict=True):
        blanks = at - len(marks)
        if blanks == first - done:
            marks.extend(range(done, first))
            ends.extend(range(done + 1, first + 1))
        elif blanks:
            marks.extend([done] + [first] * (blanks - 1))
            ends.extend([first] * blanks)
        if at < len(value):
            marks.append(first)
            ends.append(last)
        done = last
    return [*marks, end], ends


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the scalars and comments, and read the result again.

    A scalar without quotes gets them as a whole. Raises ``Unwritable`` where an edit reaches beyond one value, falls on
    an anchor or a tag, cuts an escape, or where what is read again is not what was meant.
    """
    segments = part.segments
    starts = [segment.start for segment in segments]
    meant: dict[int, list[tuple[int, int, str]]] = {}
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        if index < 0 or edit.end > segments[index].end or segments[index].where.endswith("/~mark"):
            raise Unwritable("edit beyond one value")
        meant.setdefault(index, []).append((*_meant(segments[index], edit), edit.text))
    replacements: list[tuple[int, int, str]] = []
    for index, changes in meant.items():
        replacements += _written(part.text, segments[index], changes)
    text = spliced(part.text, replacements)
    expected = [segment.text for segment in segments]
    for index, changes in meant.items():
        expected[index] = spliced(expected[index], changes)
    try:
        again = [segment.text for segment in read(text)]
    except Unreadable:
        again = []
    if again != [each for each in expected if each]:
        raise Unwritable("text would not be read as it is meant")
    return text


def _meant(segment: Segment, edit: Edit) -> tuple[int, int]:
    """Return which code points of the meaning an edit is of."""
    if segment.marks is None or segment.ends is None:
        return edit.start - segment.start, edit.end - segment.start
    first, last = bisect_left(segment.marks, edit.start), bisect_left(segment.ends, edit.end)
    if segment.marks[first] != edit.start or last == len(segment.ends) or segment.ends[last] != edit.end:
        raise Unwritable("edit cuts an escape")
    return first, bisect_right(segment.ends, edit.end)


def _written(text: str, segment: Segment, changes: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield replacements that change a scalar as its style asks."""
    quote = text[segment.start - 1 : segment.start]
    quoted = quote in ('"', "'") and text[segment.end : segment.end + 1] == quote
    if not quoted and not segment.where.endswith("/~comment") and not _BREAK.search(text, segment.start, segment.end):
        yield segment.start, segment.end, json.dumps(spliced(segment.text, changes), ensure_ascii=False)
        return
    for start, end, new in changes:
        if quoted:
            new = json.dumps(new, ensure_ascii=False)[1:-1] if quote == '"' else new.replace("'", "''")
        yield *segment.span(start, end), new


_LINE = re.compile(
    r"[ ]*+(?:- ++)*+(?:\"[^\"\r\n]*+\"|'[^'\r\n]*+'|[^\s#:\-?\[\]{}\"'|>&*!%@`,<][^:\r\n]{0,127}+):(?:[ \t][^\r\n]*+)?"
)
_OTHER = re.compile(r"[ ]*+(?:#[^\r\n]*+|- [^\r\n]*+|-)|[ ]++[^\r\n]++|\s*+|---(?: [^\r\n]*+)?|\.\.\.")


def looks(text: str) -> bool:
    """Tell whether the first lines are keys with values, or a document is opened as only YAML does."""
    if text.startswith(("---\n", "---\r", "--- ", "%YAML ")):
        return True
    lines = text[:_SEEN].splitlines()
    if len(text) > _SEEN:
        lines.pop()
    keys = 0
    for line in lines:
        if _LINE.fullmatch(line):
            keys += 1
        elif not keys or not _OTHER.fullmatch(line):
            if not line.strip() or line.startswith("#"):
                continue
            return False
    return keys > 1


def _judged(text: str, limits: Limits) -> Judged:
    return judge(text, limits), ()


FORMAT = Format("yaml", _judged, read, write)

"""JSON (RFC 8259): every value and every name with its exact span, and edits spliced into the text.

Well-formedness is settled by scanners in machine code; what they hide (duplicate names, numbers
as written) and what would hurt them (depth, sheer number) is counted on the bare structure first. Values are read, with
one compiled expression, only when somebody asks for them.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import orjson

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, Marks, Row, below, segments_of, step
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_STRING = r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_TOKEN = re.compile(rf"[\s,]*+(?:{_STRING}\s*+:\s*+)?(?:{_STRING}|([{{\[])|([}}\]])|([^\s,\]}}]++))")
_NAME, _TEXT, _OPEN, _CLOSE, _BARE = range(1, 6)
_COUNTED = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]|[-0-9tfn][^\s,\]}]*+')
_UNIT = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u....|\\.", re.DOTALL)
_LEVEL = bytes.maketrans(b"{}", b"[]")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def judge(text: str, limits: Limits) -> bool:
    """Raise ``Unreadable`` unless ``text`` is one JSON document within ``limits``; tell whether a name is repeated."""
    data = text.encode()
    if data.count(b"[") + data.count(b"{") > limits.depth:
        _judge_depth(data, limits.depth)
    # Each value, structures among them, and each name stands behind one of these or at the beginning.
    if len(data) >= limits.segments and sum(map(data.count, (b"[", b"{", b",", b":"))) >= limits.segments:
        _judge_number(data, limits.segments)
    if b"\\" not in data:
        # Where nothing is escaped, writing a document anew leaves out the colon of a repeated name and no other.
        with suppress(orjson.JSONDecodeError, orjson.JSONEncodeError):
            return data.count(b":") != orjson.dumps(orjson.loads(data)).count(b":")
    return _judge_slowly(text)


def _judge_slowly(text: str) -> bool:
    """Settle what the fast scanner will not: escapes of lone surrogates, repeated names that may be escaped."""
    objects: list[list[tuple[str, Any]]] = []
    # Numbers stay text: the integers of Python have a limit of their own, and nobody needs them here.
    decoder = json.JSONDecoder(
        parse_int=str, parse_float=str, parse_constant=_no_constant, object_pairs_hook=objects.append
    )
    try:
        decoder.decode(text)
    except RecursionError:
        raise Unreadable(Unread.TOO_DEEP, "depth") from None
    except ValueError:
        raise Unreadable(Unread.MALFORMED, "json") from None
    return sum(map(len, objects)) != sum(map(len, map(dict, objects)))


def _judge_number(data: bytes, limit: int) -> None:
    for count, _ in enumerate(_COUNTED.finditer(data), 1):
        if count > limit:
            raise Unreadable(Unread.TOO_MANY, "segments")


def _judge_depth(data: bytes, limit: int) -> None:
    """Take the innermost brackets away ``limit`` times; what is left was nested deeper, or does not match."""
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    bare = data.translate(_LEVEL, _NO_STRUCTURE).replace(b'""', b"")
    if b'"' in bare:
        bare = re.sub(rb'"[^"]*+"', b"", bare)
    if b"[" * (limit + 1) in bare:
        raise Unreadable(Unread.TOO_DEEP, "depth")
    for _ in range(limit):
        inner = bare.replace(b"[]", b"")
        if len(inner) == len(bare):
            break
        bare = inner
    if bare:
        raise Unreadable(Unread.TOO_DEEP, "depth")


def read(text: str) -> tuple[Segment, ...]:
    """Return all names and scalar values of a well-formed document, in the order in which they stand."""
    rows: list[Row] = []
    add = rows.append
    place, label = "json:", ""
    index = -1  # of the next item in an array; -1 in an object
    outer: list[tuple[str, str, int]] = []
    # Blanks behind the end would be looked at from each of them anew.
    for token in _TOKEN.finditer(text, 0, len(text.rstrip())):
        kind = token.lastindex
        if kind == _CLOSE:
            place, label, index = outer.pop()
            continue
        if index >= 0:
            here, name = f"{place}/{index}", label
            index += 1
            if len(here) > 256:
                here = below(place, str(index - 1))
        elif token.start(_NAME) >= 0:
            start, end = token.span(_NAME)
            name = token[_NAME]
            if "\\" in name:
                name, marks = _unescaped(text, start, end)
            else:
                marks = None
            here = _below(place, name)
            add((name, here + KEY, "", start, end, marks))
        else:
            here, name = place, label
        if kind == _TEXT:
            start, end = token.span(_TEXT)
            value = token[_TEXT]
            if "\\" in value:
                value, marks = _unescaped(text, start, end)
                add((value, here, name, start, end, marks))
            else:
                add((value, here, name, start, end, None))
        elif kind == _BARE:
            start, end = token.span(_BARE)
            add((token[_BARE], here, name, start, end, None))
        else:
            outer.append((place, label, index))
            place, label, index = here, name, 0 if token[_OPEN] == "[" else -1
    return segments_of(rows)


def _below(place: str, name: str) -> str:
    if len(name) <= 64 and len(place) < 128 and name.isascii() and "/" not in name and "~" not in name:
        return f"{place}/{name}"
    return below(place, step(name))


def _unescaped(text: str, start: int, end: int) -> tuple[str, Marks]:
    value: str = json.loads(text[start - 1 : end + 1])
    return value, Marks(len(value) + 1, lambda: _marks(text[start:end], start))


def _marks(written: str, start: int) -> Sequence[int]:
    """Return where each code point of a string is written: itself, an escape, or a pair of two."""
    marks: list[int] = []
    at = 0
    for escape in _UNIT.finditer(written):
        marks.extend(range(start + at, start + escape.start() + 1))
        at = escape.end()
    marks.extend(range(start + at, start + len(written) + 1))
    return marks


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the text of ``part``.

    In a string, what is meant is escaped; a number, true, false or null becomes a string as a whole. Raises
    ``Unwritable`` where an edit reaches beyond one value, or cuts through an escape.
    """
    text, segments = part.text, part.segments
    starts = [segment.start for segment in segments]
    pieces: list[str] = []
    done = 0
    bare: Segment | None = None  # a number that is being written as a string
    for edit in edits:
        segment = segments[bisect_right(starts, edit.start) - 1] if segments else None
        if segment is None or edit.start < segment.start or edit.end > segment.end:
            raise Unwritable("edit beyond one value")
        if segment.marks is not None and not (_among(segment.marks, edit.start) and _among(segment.marks, edit.end)):
            raise Unwritable("edit cuts an escape")
        if bare is not None and bare is not segment:
            pieces += [text[done : bare.end], '"']
            done, bare = bare.end, None
        if bare is None and text[segment.start - 1 : segment.start] != '"':
            pieces += [text[done : segment.start], '"']
            done, bare = segment.start, segment
        pieces += [text[done : edit.start], _escaped(edit.text, part.charset)]
        done = edit.end
    if bare is not None:
        pieces += [text[done : bare.end], '"']
        done = bare.end
    return "".join([*pieces, text[done:]])


def _among(marks: Sequence[int], offset: int) -> bool:
    place = bisect_left(marks, offset)
    return place < len(marks) and marks[place] == offset


def _escaped(text: str, charset: str) -> str:
    """Write ``text`` inside a string, by escapes where JSON or the charset cannot hold it."""
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    try:
        written.encode(charset)
    except UnicodeEncodeError:
        return json.dumps(text)[1:-1]
    return written


def _judged(text: str, limits: Limits) -> Judged:
    repeated = judge(text, limits)
    return "\\" not in text, ("json.duplicate_key",) if repeated else ()


FORMAT = Format("json", _judged, read, write)

"""JSON texts in a row: one a line (NDJSON, JSON lines), one behind the other, or behind separators (RFC 7464).

Each text is judged by ``json_text``, and all are read as if they were the items of an array, which its expression does
whatever stands between them: places begin with the number of the text, ``ndjson:/3/id``. In an NDJSON document a text
may also go over several lines, or stand behind another on one line, since many readers take either. One text that
cannot be read makes the whole document unreadable.
"""

from __future__ import annotations

import json
import re
from functools import partial

from gateway.decode import json_text
from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import Marks, segments_of
from gateway.vocabulary import Limits, Segment, Unread

_BLANKS = " \t\r\n"
_NOT_BLANK = re.compile(r"[^ \t\r\n]")
_VALUE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]|[-0-9tfn][^\s,\]}]*+')
_SEPARATOR = "\x1e"
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_SEEN = 64 * 1024


def _judged_lines(text: str, limits: Limits) -> Judged:
    """Judge the texts of NDJSON: lines that are one, and else whatever ends where a value does."""
    _judge_number(text, limits)
    repeated = False
    at = 0
    while (first := _NOT_BLANK.search(text, at)) is not None:
        start = first.start()
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        try:
            repeated = json_text.judge(text[start:stop].rstrip(_BLANKS), limits) or repeated
            at = stop
        except Unreadable as fault:
            if fault.reason is Unread.TOO_MANY:
                raise
            # No line is looked at for each of many texts on it.
            at = start
            while at < stop and (first := _NOT_BLANK.search(text, at, stop)) is not None:
                at = _end(text, first.start())
                repeated = json_text.judge(text[first.start() : at], limits) or repeated
            at = max(at, stop)
    return "\\" not in text, ("json.duplicate_key",) if repeated else ()


def _end(text: str, start: int) -> int:
    """Return where the value that begins at ``start`` ends."""
    try:
        _, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise Unreadable(Unread.TOO_DEEP, "depth") from None
    except ValueError:
        raise Unreadable(Unread.MALFORMED, "ndjson") from None
    if text[start] not in '{["' and text[end : end + 1].strip(_BLANKS):
        raise Unreadable(Unread.MALFORMED, "ndjson")  # a number would go on in what follows
    return end


def _judged_records(text: str, limits: Limits) -> Judged:
    """Judge the texts of a sequence: each behind a separator, none of them cut off."""
    if not text.startswith(_SEPARATOR):
        raise Unreadable(Unread.MALFORMED, "json-seq")
    _judge_number(text, limits)
    repeated = False
    for record in text.split(_SEPARATOR):
        if not record.strip(_BLANKS):
            continue
        try:
            repeated = json_text.judge(record, limits) or repeated
        except Unreadable as fault:
            if fault.reason is Unread.MALFORMED:
                raise Unreadable(Unread.MALFORMED, "json-seq") from None
            raise
    return "\\" not in text, ("json.duplicate_key",) if repeated else ()


def _judge_number(text: str, limits: Limits) -> None:
    """Raise ``Unreadable`` where all texts together have more values and names than the limit."""
    # Each of them stands behind one of these or at the beginning.
    if sum(map(text.count, ("[", "{", ",", ":", "\n", _SEPARATOR, "}", "]"))) >= limits.segments:
        for count, _ in enumerate(_VALUE.finditer(text), 1):
            if count > limits.segments:
                raise Unreadable(Unread.TOO_MANY, "segments")


def _read(name: str, text: str) -> tuple[Segment, ...]:
    place, prefix = f"{name}:", len("json:")
    return segments_of(
        [
            (
                one.text,
                place + one.where[prefix:],
                one.label,
                one.start - 1,
                one.end - 1,
                None if one.marks is None else Marks(len(one.marks), partial(_before, one)),
            )
            for one in json_text.read(f"[{text}]")
        ]
    )


def _before(segment: Segment) -> list[int]:
    """Return the marks of ``segment``, each one less."""
    return [mark - 1 for mark in segment.marks or ()]


def looks(text: str) -> bool:
    """Tell whether the first two lines are objects or arrays, or one ends and another follows."""
    lines = [line for line in text[:_SEEN].split("\n", 8) if line.strip()][:2]
    if len(lines) == 2 and all(line[0] + line[-1] in ("{}", "[]") for line in map(str.strip, lines)):
        return True
    if not any(sign in text for sign in _BETWEEN):
        return False
    # So it may also stand in a string; where the first value ends tells.
    first = _NOT_BLANK.search(text)
    try:
        end = _end(text, first.start() if first else 0)
    except Unreadable:
        return False
    return _ANOTHER.match(text, end) is not None


_ANOTHER = re.compile(r"[ \t\r\n]*+(?:\{[ \t\r\n]*+\"|\[[ \t\r\n]*+[^\]\s])")
"""A text that bears something, so that it matters whether it is read."""
_BETWEEN = ("}{", "}\n{", "}\r\n{", "} {", "][", "]\n[", "]\r\n[", "] [")


def looks_sequence(text: str) -> bool:
    """Tell whether a record separator stands first."""
    return text.startswith(_SEPARATOR)


FORMAT = Format("ndjson", _judged_lines, partial(_read, "ndjson"), json_text.write)
SEQUENCE = Format("json-seq", _judged_records, partial(_read, "json-seq"), json_text.write)

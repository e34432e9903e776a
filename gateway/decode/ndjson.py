"""JSON texts in a row: one a line (NDJSON, JSON lines), or each behind a record separator (RFC 7464).

Each text is judged and read by ``json_text``; places begin with its number: ``ndjson:/3/id``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from gateway.decode import json_text
from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import segments_of
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_LINE = re.compile(r"[^\n]+")
_RECORD = re.compile(r"[^\x1e]+")


def _texts(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield each text with its place."""
    for match in pattern.finditer(text):
        if match[0].strip():
            yield match.start(), match[0]


def _judged(name: str, pattern: re.Pattern[str], text: str, limits: Limits) -> Judged:
    if name == "jsonseq" and not text.startswith("\x1e"):
        raise Unreadable(Unread.MALFORMED, name)
    if text.count(",") + text.count(":") + text.count("\n") > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    repeated = False
    for _, each in _texts(text, pattern):
        try:
            repeated = json_text.judge(each, limits) or repeated
        except Unreadable as fault:
            raise Unreadable(fault.reason, name if fault.reason is Unread.MALFORMED else fault.detail) from None
    return "\\" not in text, ("json.duplicate_key",) if repeated else ()


def _read(name: str, pattern: re.Pattern[str], text: str) -> tuple[Segment, ...]:
    return tuple(
        chain.from_iterable(
            _moved(json_text.read(each), f"{name}:/{number}", start)
            for number, (start, each) in enumerate(_texts(text, pattern))
        )
    )


def _moved(segments: tuple[Segment, ...], place: str, by: int) -> tuple[Segment, ...]:
    """Return segments of a text that begins at offset ``by``, below ``place``."""
    return segments_of(
        [
            (
                one.text,
                place + one.where.removeprefix("json:"),
                one.label,
                one.start + by,
                one.end + by,
                None if one.marks is None else [mark + by for mark in one.marks],
            )
            for one in segments
        ]
    )


def _write(name: str, pattern: re.Pattern[str], part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order) into the texts in which they fall; raises ``Unwritable``."""
    left = list(edits)[::-1]
    pieces: list[str] = []
    done = 0
    for start, each in _texts(part.text, pattern):
        inner = Part(f"{name}:", each, json_text.read, format="json", charset=part.charset, writable=True)
        moved = []
        while left and left[-1].start < start + len(each):
            edit = left.pop()
            if edit.start < start or edit.end > start + len(each):
                raise Unwritable("edit beyond one value")
            moved.append(Edit(inner, edit.start - start, edit.end - start, edit.text))
        pieces += [part.text[done:start], json_text.write(inner, moved) if moved else each]
        done = start + len(each)
    if left:
        raise Unwritable("edit beyond one value")
    return "".join([*pieces, part.text[done:]])


def looks(text: str) -> bool:
    """Tell whether the first two lines are objects or arrays."""
    lines = [line for line in text[:65536].split("\n", 3) if line.strip()][:2]
    return len(lines) == 2 and all(line[0] + line.rstrip()[-1] in ("{}", "[]") for line in map(str.strip, lines))


def looks_sequence(text: str) -> bool:
    """Tell whether a record separator stands first."""
    return text.startswith("\x1e")


def _format(name: str, pattern: re.Pattern[str]) -> Format:
    return Format(name, partial(_judged, name, pattern), partial(_read, name, pattern), partial(_write, name, pattern))


FORMAT = _format("ndjson", _LINE)
SEQUENCE = _format("jsonseq", _RECORD)

"""CSV and its kin (RFC 4180): cells with exact spans, whatever stands between them.

The delimiter is seen from the text: of comma, semicolon, tab, bar, caret and colon the one that cuts the first lines
into the same number of cells, two or more. A cell between quotes may hold delimiters, line ends and doubled quotes.
Where the first row looks like names (no cell is a number, none repeats), it labels the cells below it. A place is the
row, from 1, and the name of the column: ``csv:/2/phone``, or its number: ``csv:/2/3``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, segments_of, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_DELIMITERS = ",;\t|^:"
_SEEN = 8192
_LINES = 10
_NUMBER = re.compile(r"[-+]?[0-9][0-9 .,:/-]*")


@lru_cache(16)
def _cells(delimiter: str) -> re.Pattern[str]:
    between = re.escape(delimiter)
    return re.compile(
        rf"(?:[ \t]*+\"(?P<quoted>(?:[^\"]++|\"\")*+)\"(?P<rest>[^{between}\r\n]*+)|(?P<bare>[^{between}\r\n]*+))"
        rf"(?P<end>{between}|\r\n|\n|\r|\Z)"
    )


def delimiter_of(text: str) -> str:
    """Return what stands between the cells of ``text``, or ""."""
    head = text[:_SEEN]
    best, most = "", 1
    for delimiter in _DELIMITERS:
        widths = _widths(head, delimiter, cut=len(text) > _SEEN)
        if len(widths) > 1 and len(set(widths)) == 1 and widths[0] > most:
            best, most = delimiter, widths[0]
    return best


def _widths(head: str, delimiter: str, *, cut: bool) -> list[int]:
    """Return the number of cells in the first rows of ``head``, whose last row may be cut off."""
    widths, width = [], 1
    for cell in _cells(delimiter).finditer(head):
        if cell["end"] == delimiter:
            width += 1
            continue
        if width > 1 or cell["bare"] is None or cell["bare"].strip():
            widths.append(width)
        width = 1
        if len(widths) == _LINES:
            return widths
        if cell.end() == len(head):
            break
    return widths[:-1] if cut else widths


def judge(text: str, limits: Limits) -> None:
    """Raise ``Unreadable`` beyond ``limits``. Any text is a table of some kind: at worst one of a single column."""
    delimiter = delimiter_of(text) or ","
    if text.count(delimiter) + text.count("\n") + text.count("\r") >= limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    if "\0" in text:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "csv")


def read(text: str) -> tuple[Segment, ...]:
    """Return all cells, row by row."""
    delimiter = delimiter_of(text) or ","
    rows: list[tuple[str, str, str, int, int, list[int] | None]] = []
    names: list[str] = []
    row, column = 1, 0
    first: list[str] = []
    headed = False
    for cell in _cells(delimiter).finditer(text):
        kind = "quoted" if cell["quoted"] is not None else "bare"
        start, end = cell.span(kind)
        if kind == "quoted" and cell["rest"].strip():
            kind, start, end = "bare", cell.start(), cell.end("rest")
        value = text[start:end]
        marks = None
        if kind == "quoted" and '""' in value:
            value, marks = _undoubled(value, start)
        if value.strip():
            name = names[column] if column < len(names) else ""
            place = f"csv:/{row}/{step(name) if name else column + 1}"
            rows.append((value, place if row > 1 or not headed else place + KEY, name, start, end, marks))
        if row == 1:
            first.append(value.strip())
        column += 1
        if cell["end"] != delimiter:
            if row == 1 and _are_names(first):
                names = first
            row, column = row + 1, 0
            if cell.end() == len(text):
                break
    return segments_of(rows)


def _are_names(cells: list[str]) -> bool:
    named = [cell for cell in cells if cell]
    return len(set(named)) == len(named) > 0 and not any(_NUMBER.fullmatch(cell) or len(cell) > 64 for cell in named)


def _undoubled(written: str, start: int) -> tuple[str, list[int]]:
    """Return the value of a quoted cell, and where each of its characters is written."""
    marks: list[int] = []
    at = 0
    for pair in re.finditer('""', written):
        marks.extend(range(start + at, start + pair.start() + 1))
        at = pair.end()
    marks.extend(range(start + at, start + len(written) + 1))
    return written.replace('""', '"'), marks


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the cells; a quote is doubled between quotes.

    Raises ``Unwritable`` where an edit reaches beyond one cell, or would need quotes that are not there.
    """
    text, segments = part.text, part.segments
    delimiter = delimiter_of(text) or ","
    starts = [segment.start for segment in segments]
    replacements = []
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        if index < 0 or edit.end > segments[index].end:
            raise Unwritable("edit beyond one value")
        segment = segments[index]
        if segment.marks is not None and (edit.start not in segment.marks or edit.end not in segment.marks):
            raise Unwritable("edit cuts a doubled quote")
        written = edit.text
        if text[segment.start - 1 : segment.start] == '"' and text[segment.end : segment.end + 1] == '"':
            written = written.replace('"', '""')
        elif any(sign in written for sign in (delimiter, '"', "\n", "\r")):
            raise Unwritable("cell would need quotes")
        replacements.append((edit.start, edit.end, written))
    return spliced(text, replacements)


def looks(text: str) -> bool:
    """Tell whether the first rows have the same number of cells, and more than one."""
    return delimiter_of(text) not in ("", ":") and "\n" in text.rstrip() and not text.lstrip().startswith(("{", "["))


def _judged(text: str, limits: Limits) -> Judged:
    judge(text, limits)
    return '""' not in text, ()


FORMAT = Format("csv", _judged, read, write)

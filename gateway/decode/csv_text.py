"""CSV and its kin (RFC 4180): cells with exact spans, whatever stands between them.

The dialect is seen from the first rows. The delimiter is the one that cuts them into the same number of cells, or most
of them, where lines of another kind stand above the table; a line ``sep=;`` settles it. Cells stand between double
quotes, or between single ones where only those begin cells; a quote inside is doubled, or escaped by a backslash where
that is seen. Every other reading of a text has the same characters in other cells, so that none is lost by a wrong one.

The first row of the usual width labels the cells below it if it looks like names. A place is the row, from 1, and the
name of the column: ``csv:/2/phone``, or its number: ``csv:/2/3``. Rows are counted as they are written, comments and
empty lines among them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, Row, segments_of, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_DELIMITERS = ",;\t|^~\x1f\x01:"
_WEAK = ":"
"""Stands between words too often to show a table by itself."""
_SEEN = 64 * 1024
_LINES = 16
_NAME = 64
_NUMBER = re.compile(r"[-+]?[0-9][0-9 .,:/-]*")
_YEAR = re.compile(r"[0-9]{1,4}")
_DECLARED = re.compile(r"sep=([^\r\n\"'\w])[ \t]*+(?:\r\n|\r|\n)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?。！？…:：][ \t]*+(?:[\r\n]|\Z)")
_LINE = re.compile(r"([^\r\n]*+)(\r\n|\r|\n|\Z)")


class _Dialect(NamedTuple):
    """How a table is written."""

    delimiter: str = ","
    quote: str = '"'
    escapes: bool = False
    width: int = 1
    """Cells of most rows."""
    sure: bool = False
    """All rows that were looked at have that many."""


class _Cell(NamedTuple):
    """A cell as it stands: its value from ``start`` to ``end``, and whether it stands between quotes."""

    start: int
    end: int
    quoted: bool
    last: bool
    """It ends its row."""


@lru_cache(64)
def _pattern(delimiter: str, quote: str, escapes: bool) -> re.Pattern[str]:
    between = re.escape(delimiter)
    inside = rf"(?:[^{quote}\\]++|{quote}{quote}|\\.)*+" if escapes else rf"(?:[^{quote}]++|{quote}{quote})*+"
    bare = rf"(?:[^{between}\r\n\\]++|\\[^\r\n]|\\)*+" if escapes else rf"[^{between}\r\n]*+"
    return re.compile(
        rf"(?:[ \t]*+{quote}({inside}){quote}([^{between}\r\n]*+)|({bare}))({between}|\r\n|\n|\r|\Z)", re.DOTALL
    )


def _cells(text: str, dialect: _Dialect) -> Iterator[_Cell]:
    """Yield the cells of ``text``, row by row."""
    for cell in _pattern(*dialect[:3]).finditer(text):
        last = cell[4] != dialect.delimiter
        if cell[1] is None:
            yield _Cell(*cell.span(3), False, last)
        elif cell[2].strip():  # something follows the quotes
            yield _Cell(cell.start(), cell.end(2), False, last)
        else:
            yield _Cell(*cell.span(1), True, last)
        if last and cell.end() == len(text):
            return


def _rows(text: str, dialect: _Dialect) -> Iterator[list[str]]:
    """Yield the values of each row, of an empty line a single one."""
    row: list[str] = []
    for cell in _cells(text, dialect):
        row.append(text[cell.start : cell.end].strip())
        if cell.last:
            yield row
            row = []


def _first_rows(text: str, dialect: _Dialect) -> list[list[str]]:
    """Return the first rows that are whole; the last of them may be cut off where the text is long."""
    rows = list(islice(_rows(text[:_SEEN], dialect), _LINES))
    return rows[:-1] if len(text) > _SEEN and 1 < len(rows) < _LINES else rows


def _widths(rows: Iterable[list[str]]) -> list[int]:
    """Return the width of every row that is neither empty nor a comment, nor says what the delimiter is."""
    return [len(row) for row in rows if (len(row) > 1 or row[0]) and not row[0].startswith(("#", "sep="))]


def _dialect_of(text: str) -> _Dialect:
    """Return how ``text`` is written; at worst it is a table of a single column."""
    head = text[:_SEEN]
    said = _DECLARED.match(head)
    best, most = _Dialect(), (False, 0, 0)
    for delimiter in said[1] if said else _DELIMITERS:
        if delimiter not in head or (delimiter == "," and ";" in head and not _NO_DECIMAL.search(head)):
            continue
        quote = _quote_of(head, delimiter)
        for escapes in (False, True) if f"\\{quote}" in head or f"\\{delimiter}" in head else (False,):
            widths = _widths(_first_rows(text, _Dialect(delimiter, quote, escapes)))
            width, number = max(Counter(widths).items(), key=_weight, default=(1, 0))
            sure = number == len(widths)
            if width > 1 and (sure, number, width) > most:
                most, best = (sure, number, width), _Dialect(delimiter, quote, escapes, width, sure and number > 1)
    return best


_NO_DECIMAL = re.compile(r"(?<![0-9]),|,(?![0-9])")


def _weight(pair: tuple[int, int]) -> tuple[bool, int, int]:
    width, number = pair
    return width > 1, number, width


def _quote_of(head: str, delimiter: str) -> str:
    """Return what stands around cells: single quotes where those begin several and double ones none."""
    begins = rf"(?:\A|[\r\n{re.escape(delimiter)}])[ \t]*+"
    if "'" not in head or re.search(rf'{begins}"', head):
        return '"'
    ends = rf"[ \t]*+(?:[\r\n{re.escape(delimiter)}]|\Z)"
    found = re.finditer(rf"{begins}'(?:[^'\r\n]|'')*+'(?={ends})", head)
    return "'" if len(list(islice(found, 2))) == 2 else '"'


def _names(text: str, dialect: _Dialect) -> tuple[int, list[str]]:
    """Return the number of the row that names the columns, and the names; (0, []) where none does."""
    comment: tuple[int, list[str]] = (0, [])
    for number, row in enumerate(_first_rows(text, dialect), 1):
        if 2 * len(row) <= dialect.width or not any(row) or row[0].lower().startswith("sep="):
            continue
        if row[0].startswith("#"):
            comment = number, [row[0].lstrip("# "), *row[1:]]
            continue
        if _are_names(row):
            return number, row
        break
    return comment if _are_names(comment[1]) else (0, [])


def _are_names(cells: list[str]) -> bool:
    named = [cell for cell in cells if cell]
    numbers = [cell for cell in named if _NUMBER.fullmatch(cell)]
    return (
        len(named) > len(numbers) * 2
        and 2 * len(set(named)) > len(named)
        and all(_YEAR.fullmatch(cell) for cell in numbers)
        and all(len(cell) <= _NAME for cell in named)
    )


def judge(text: str, limits: Limits) -> _Dialect:
    """Raise ``Unreadable`` beyond ``limits``; return the dialect. Any text is a table of some kind."""
    if "\0" in text:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "csv")
    dialect = _dialect_of(text)
    if text.count(dialect.delimiter) + text.count("\n") + text.count("\r") >= limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    return dialect


def read(text: str) -> tuple[Segment, ...]:
    """Return all cells that are not blank, row by row."""
    dialect = _dialect_of(text)
    head, names = _names(text, dialect)
    steps = _steps(names)
    if dialect.quote in text or dialect.escapes:
        return segments_of(_quoted_rows(text, dialect, head, names, steps))
    return segments_of(_plain_rows(text, dialect.delimiter, head, names, steps))


def _steps(names: list[str]) -> list[str]:
    """Return the steps of the columns: a name that stands there already gets its position."""
    count: dict[str, int] = {}
    steps = []
    for column, name in enumerate(names, 1):
        number = count[name] = count.get(name, 0) + 1
        steps.append(str(column) if not name else step(name) if number == 1 else f"{step(name)}[{number}]")
    return steps


def _plain_rows(text: str, delimiter: str, head: int, names: list[str], steps: list[str]) -> list[Row]:
    """Read a table without quotes."""
    rows: list[Row] = []
    add = rows.append
    columns = len(names)
    at = 0
    for number, line in enumerate(_LINE.finditer(text), 1):
        place = f"csv:/{number}/"
        for column, value in enumerate(line[1].split(delimiter)):
            end = at + len(value)
            if value and not value.isspace():
                where = place + (steps[column] if column < columns else str(column + 1))
                if number == head:
                    add((value, where + KEY, "", at, end, None))
                else:
                    add((value, where, names[column] if column < columns else "", at, end, None))
            at = end + 1
        at = line.end()
    return rows


def _quoted_rows(text: str, dialect: _Dialect, head: int, names: list[str], steps: list[str]) -> list[Row]:
    """Read a table with quotes or escapes."""
    rows: list[Row] = []
    number, column, columns = 1, 0, len(names)
    sign = "\\" if dialect.escapes else dialect.quote
    for start, end, quoted, last in _cells(text, dialect):
        value, marks = text[start:end], None
        if sign in value and (quoted or dialect.escapes):
            value, marks = _unescaped(value, start, dialect)
        if value and not value.isspace():
            where = f"csv:/{number}/{steps[column] if column < columns else column + 1}"
            label = names[column] if column < columns else ""
            rows.append(
                (value, where + KEY if number == head else where, label if number != head else "", start, end, marks)
            )
        column += 1
        if last:
            number, column = number + 1, 0
    return rows


def _unescaped(written: str, start: int, dialect: _Dialect) -> tuple[str, Sequence[int]]:
    """Return the value of a cell, and where each of its characters is written."""
    pieces: list[str] = []
    marks: list[int] = []
    at = 0
    for pair in _escape(*dialect[:3]).finditer(written):
        pieces += [written[at : pair.start()], pair[0][1]]
        marks.extend(range(start + at, start + pair.start() + 1))
        at = pair.end()
    marks.extend(range(start + at, start + len(written) + 1))
    return "".join([*pieces, written[at:]]), marks


@lru_cache(64)
def _escape(delimiter: str, quote: str, escapes: bool) -> re.Pattern[str]:
    signs = re.escape(f"\\\"'{delimiter}")
    return re.compile(rf"{quote}{quote}|\\[{signs}]" if escapes else quote * 2)


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the cells, and read the result again.

    Between quotes a quote is doubled, or escaped as the table does. A cell without quotes gets them as a whole where
    its new value needs them. Raises ``Unwritable`` where an edit reaches beyond one cell, cuts an escape, or where
    what is read again is not what was meant.
    """
    text, segments = part.text, part.segments
    dialect = _dialect_of(text)
    starts = [segment.start for segment in segments]
    by_cell: dict[int, list[Edit]] = {}
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        if index < 0 or edit.end > segments[index].end:
            raise Unwritable("edit beyond one value")
        by_cell.setdefault(index, []).append(edit)
    replacements: list[tuple[int, int, str]] = []
    expected = [segment.text for segment in segments]
    for index, those in by_cell.items():
        segment = segments[index]
        changes = [(_meant(segment, edit.start), _meant(segment, edit.end), edit.text) for edit in those]
        expected[index] = spliced(segment.text, changes)
        replacements += _written(text, segment, those, expected[index], dialect)
    written = spliced(text, replacements)
    if [each.text for each in read(written)] != [each for each in expected if each and not each.isspace()]:
        raise Unwritable("text would not be read as it is meant")
    return written


def _meant(segment: Segment, offset: int) -> int:
    """Return the place in the meaning of an offset in the text."""
    if segment.marks is None:
        return offset - segment.start
    place = bisect_left(segment.marks, offset)
    if segment.marks[place] != offset:
        raise Unwritable("edit cuts an escape")
    return place


def _written(
    text: str, segment: Segment, edits: list[Edit], value: str, dialect: _Dialect
) -> Iterator[tuple[int, int, str]]:
    """Yield the replacements that make ``edits`` of one cell, whose value will be ``value``."""
    quote = dialect.quote
    start, end = segment.start, segment.end
    if start and text[start - 1] == quote and text[end : end + 1] == quote:
        for edit in edits:
            yield edit.start, edit.end, _within(edit.text, dialect)
    elif any(sign in value for sign in (dialect.delimiter, quote, "\r", "\n")):
        yield start, end, f"{quote}{_within(value, dialect)}{quote}"
    else:
        for edit in edits:
            yield edit.start, edit.end, edit.text


def _within(value: str, dialect: _Dialect) -> str:
    """Return ``value`` as it is written between quotes."""
    if dialect.escapes:
        return value.replace("\\", "\\\\").replace(dialect.quote, "\\" + dialect.quote)
    return value.replace(dialect.quote, dialect.quote * 2)


def looks(text: str) -> bool:
    """Tell whether the first rows have the same number of cells, and are no sentences with commas in them."""
    if _DECLARED.match(text):
        return True
    lines = text[:_SEEN].lstrip().splitlines()[:_LINES]
    if (
        len(lines) < 2
        or lines[0][0] in ("{", "[", "<")
        or not any(sign in lines[0] and sign in lines[1] for sign in _STRONG)
    ):
        return False
    dialect = _dialect_of(text)
    if not dialect.sure or dialect.delimiter in _WEAK:
        return False
    first = "\n".join(lines)
    spaced = first.count(dialect.delimiter) == first.count(f"{dialect.delimiter} ")
    return not (spaced and dialect.delimiter in ",;" and _SENTENCE.search(first))


_STRONG = tuple(sign for sign in _DELIMITERS if sign not in _WEAK)


def _judged(text: str, limits: Limits) -> Judged:
    dialect = judge(text, limits)
    return dialect.quote * 2 not in text and not (dialect.escapes and "\\" in text), ()


FORMAT = Format("csv", _judged, read, write)

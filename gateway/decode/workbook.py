"""Workbooks (ECMA-376 part 1, SpreadsheetML): cells with their places and the heads of their columns as labels.

A text lies in the sheet (inline) or in a table that all sheets share; a shared one bears the place and the label of the
first cell that uses it. Numbers are read as they are written, and once more as they are shown: in full where the file
has an exponent, as a date or in groups where the style of the cell says so. A formula is a value of its own beside
the one that it had when the file was saved.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from gateway.decode.door import Format, Member, Row, Unpacked, Unreadable
from gateway.decode.paragraphs import Paragraphs, as_text, judged, label_of, replacements
from gateway.decode.places import step
from gateway.decode.splicing import Unwritable, spliced
from gateway.decode.workbook_parts import Cell, book_of, cells_of, headers_of, strings_of, styles_of, text_of
from gateway.decode.xml_text import Element, local_name
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_LONGEST_LABEL = 64
_MOST_DIGITS = 15
"""What a spreadsheet keeps of a number (ECMA-376 part 1, 18.3.1.96); an identifier with more has lost the rest."""
_HIDDEN = re.compile(rb"\sstate=[\"'](?:hidden|veryHidden)[\"']|\shidden=[\"'](?:1|true)[\"']")
_CELL_TAG = re.compile(r"<(?:[\w.-]+:)?c(?=[\s>])[^<>]*+>")
_VALUE_TAG = re.compile(r"<(?:[\w.-]+:)?v[\s>]")
_TYPE = re.compile(r"\st\s*=\s*[\"'](\w*)[\"']")

_SIMPLE_CELL = re.compile(
    r"<c r=\"[A-Z]{1,3}[0-9]{1,7}\"(?: s=\"[0-9]{1,6}\")?(?: t=\"(?:n|s|str|inlineStr)\")?>"
    r"(?:<v>([^<&]++)</v>|<is><t>([^<&]++)</t></is>)</c>"
)
"""A cell as most of them are written: nothing in it but its value."""
_SIMPLE_STRING = re.compile(r"<si><t(?: xml:space=\"preserve\")?>([^<&]++)</t></si>")

type Label = tuple[str, str]
"""Place and label of a cell."""


def read(unpacked: Unpacked, limits: Limits, prose: Format) -> Unpacked:
    """Return the files of a workbook with the formats that its cells need; ``prose`` reads all other XML."""
    files = {member.name.lower(): member.data for member in unpacked.members}
    book = book_of(files)
    strings = strings_of(text_of(files.get(book.strings, b"")), limits)
    styles = styles_of(text_of(files.get(book.styles, b"")))
    told: dict[int, Label] = {}
    rows: list[Row] = list(unpacked.rows)
    notices = list(unpacked.notices)
    formats: dict[str, Format] = {}
    room = limits.segments
    for path, name in book.sheets.items():
        text = text_of(files.get(path, b""))
        rows += [Row(f"/{step(name)}/~{where}", "", shown) for where, shown in headers_of(text)]
        cells = cells_of(text, limits)
        room -= len(cells)
        if room < 0:
            raise Unreadable(Unread.TOO_MANY, "segments")
        labels = _labels(cells, strings, f"/{step(name)}")
        own = [(place, "" if cell.type == "s" else label) for cell, (place, label) in zip(cells, labels, strict=True)]
        formats[path] = Format("xlsx", judged, partial(_read_sheet, own), _write_sheet)
        for cell, (place, label) in zip(cells, labels, strict=True):
            if cell.type == "s" and cell.value.isdecimal():
                told.setdefault(int(cell.value[:9]), (place, label))
            elif shown := styles.shown(cell, since_1904=book.since_1904):
                rows.append(Row(f"{place}/~shown", label, shown))
                if sum(map(str.isdecimal, shown)) > _MOST_DIGITS and "e" in cell.value.lower():
                    notices.append("xlsx.digits_lost")
    formats[book.strings] = Format("xlsx", judged, partial(_read_strings, told), _write_sheet)
    members = tuple(_as_text(member, formats, prose) for member in unpacked.members)
    if any(_HIDDEN.search(files.get(path, b"")) for path in (book.path, *book.sheets)):
        notices.append("xlsx.hidden")
    return replace(unpacked, rows=tuple(rows), members=members, notices=tuple(dict.fromkeys(notices)))


def _as_text(member: Member, formats: Mapping[str, Format], prose: Format) -> Member:
    return as_text(member, formats.get(member.name.lower(), prose))


def _shown(cell: Cell, strings: Sequence[str]) -> str:
    if cell.type != "s":
        return cell.value
    number = int(cell.value[:9]) if cell.value.isdecimal() else len(strings)
    return strings[number] if number < len(strings) else ""


def _labels(cells: Sequence[Cell], strings: Sequence[str], place: str) -> list[Label]:
    """Return place and label of each cell. Heads are the first row with two texts or more, else the first with any."""
    heads: dict[str, str] = {}
    first: dict[str, str] = {}
    row, texts = "", dict[str, str]()
    found: list[Label] = []
    left = ""
    for cell in cells:
        if cell.row != row:
            first = first or texts
            if not heads and len(texts) > 1:
                heads = texts
            row, texts, left = cell.row, {}, ""
        text = _shown(cell, strings)[:_LONGEST_LABEL]
        label = label_of((heads or first).get(cell.column, ""), left)
        found.append((f"{place}/{cell.column}{cell.row}", "" if label == text else label))
        if cell.type in ("s", "inlineStr", "str") and text.strip():
            texts[cell.column] = left = text
    return found


class _Simple(Paragraphs):
    """A reading that takes in one step what ``simple`` matches, which is most of a large part."""

    simple: ClassVar[re.Pattern[str]]

    def scan(self, start: int, end: int) -> None:
        """Read the document."""
        done = start
        if "<!" not in self._text:
            for match in self.simple.finditer(self._text, start, end):
                if match.start() > done:
                    super().scan(done, match.start())
                done = match.end()
                self.take(match, match.lastindex or 1)
        super().scan(done, end)

    def take(self, match: re.Match[str], group: int) -> None:
        """Take what ``simple`` matches."""


class _Sheet(_Simple):
    """A reading of a sheet: what stands in a cell bears its place and its label."""

    simple: ClassVar[re.Pattern[str]] = _SIMPLE_CELL

    joins: ClassVar[frozenset[str]] = frozenset({"is", "v", "f"})
    asides: ClassVar[Mapping[str, str]] = {"rPh": "ruby"}

    def __init__(self, labels: Sequence[Label], text: str) -> None:
        super().__init__(text, "xlsx:")
        self._labels = labels
        self._number = -1
        self._inside = False

    def _tag(self, token: re.Match[str], *, closing: bool) -> None:
        if not closing and local_name(token["open"]) == "c":
            self._number += 1
        super()._tag(token, closing=closing)

    def take(self, match: re.Match[str], group: int) -> None:
        """Take a cell."""
        self._number += 1
        if self._number < len(self._labels) and not match[group].isspace():
            place, label = self._labels[self._number]
            self._found.append(Segment(match[group], f"xlsx:{place}", label, *match.span(group)))

    def entered(self, name: str) -> None:
        """Enter a cell."""
        self._inside = self._inside or name == "c"

    def left(self, element: Element) -> None:
        """Leave it."""
        self._inside = self._inside and element.name != "c"

    def told(self, element: Element) -> tuple[str, str]:
        """Return place and label of the cell."""
        if not self._inside or self._number >= len(self._labels):
            return super().told(element)
        place, label = self._labels[self._number]
        return f"xlsx:{place}/~formula" if element.name == "f" else f"xlsx:{place}", label


class _Strings(_Simple):
    """A reading of the shared texts: each bears place and label of the first cell that uses it."""

    simple: ClassVar[re.Pattern[str]] = _SIMPLE_STRING

    joins: ClassVar[frozenset[str]] = frozenset({"si"})

    def __init__(self, told: Mapping[int, Label], text: str) -> None:
        super().__init__(text, "xlsx:")
        self._told = told
        self._number = -1

    def take(self, match: re.Match[str], group: int) -> None:
        """Take a text."""
        self._number += 1
        if not match[group].isspace():
            place, label = self._told.get(self._number, (f"/~unused/{self._number}", ""))
            self._found.append(Segment(match[group], f"xlsx:{place}", label, *match.span(group)))

    def _tag(self, token: re.Match[str], *, closing: bool) -> None:
        if not closing and local_name(token["open"]) == "si":
            self._number += 1
        super()._tag(token, closing=closing)

    def told(self, element: Element) -> tuple[str, str]:
        """Return place and label of the cell."""
        if element.name != "si":
            return super().told(element)
        place, label = self._told.get(self._number, (f"/~unused/{self._number}", ""))
        return f"xlsx:{place}", label


def _read_sheet(labels: Sequence[Label], text: str) -> tuple[Segment, ...]:
    return _Sheet(labels, text).segments()


def _read_strings(told: Mapping[int, Label], text: str) -> tuple[Segment, ...]:
    return _Strings(told, text).segments()


def _write_sheet(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits``; a cell whose number becomes a text is told so (``t="str"``, 18.18.11)."""
    text = part.text
    changes = replacements(part, edits)
    tags = [each.span() for each in _CELL_TAG.finditer(text)]
    begins = [start for start, _ in tags]
    retyped: dict[int, tuple[int, int, str]] = {}
    for start, _, _ in changes:
        index = bisect_right(begins, start) - 1
        if index >= 0 and index not in retyped and start >= tags[index][1]:
            change = _retyped(text, tags[index], start)
            if change is not None:
                retyped[index] = change
    return spliced(text, sorted([*changes, *retyped.values()]))


def _retyped(text: str, tag: tuple[int, int], at: int) -> tuple[int, int, str] | None:
    """Return the edit of a cell's tag by which the value at ``at`` may be text, or None where it needs none."""
    begin = text.rfind("<", tag[1], at)
    if begin < 0 or not _VALUE_TAG.match(text, begin, at):
        return None
    type = _TYPE.search(text, *tag)
    if type is None:
        return (tag[1] - 1, tag[1] - 1, ' t="str"')
    if type[1] in ("str", "inlineStr"):
        return None
    if type[1] not in ("n", "d", ""):
        raise Unwritable("a cell that refers to another")
    return (*type.span(), ' t="str"')

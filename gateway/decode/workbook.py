"""Workbooks (ECMA-376 part 1, SpreadsheetML): cells with their places and the heads of their columns as labels.

A text lies in the sheet (inline) or in a table that all sheets share; a shared one bears the place and the label of the
first cell that uses it. Numbers are read as they are written, and once more as they are shown: in full where the file
has an exponent, as a date where the style of the cell says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from gateway.decode import xml_text
from gateway.decode.door import Format, Judged, Member, Row, Unpacked, Unreadable
from gateway.decode.places import step
from gateway.decode.xml_text import Element, Scan
from gateway.vocabulary import Limits, Segment, Unread

BOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_JOINS = frozenset({"si", "is", "c"})
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*\"([^\"]*)\"")
_CELL = re.compile(r"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_VALUE = re.compile(r"<(?:\w+:)?v[^>]*>([^<]*)</")
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</")
_STRING = re.compile(r"<(?:\w+:)?si(?:\s[^>]*)?>(.*?)</(?:\w+:)?si>|<(?:\w+:)?si\s*/>", re.DOTALL)
_FORMAT_CODE = re.compile(r"<(?:\w+:)?numFmt\s([^>]*)>")
_STYLE = re.compile(r"<(?:\w+:)?xf\s([^>]*)>")
_HIDDEN = re.compile(r"\bstate=\"(?:hidden|veryHidden)\"|\bhidden=\"(?:1|true)\"")
_EXPONENT = re.compile(r"-?[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in number formats that show dates and times, those of Chinese systems among them (18.8.30)."""
_DATE_CODE = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial date has no zone


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a sheet: ``B7``, its type, its style and its raw value."""

    name: str
    type: str
    style: int
    value: str

    @property
    def column(self) -> str:
        return self.name.rstrip("0123456789")


def read(unpacked: Unpacked, limits: Limits, prose: Format) -> Unpacked:
    """Return the files of a workbook with the formats that its cells need; ``prose`` reads all other XML."""
    texts = {member.name: _decoded(member) for member in unpacked.members if member.name.endswith((".xml", ".rels"))}
    strings = [_plain(found[1] or "") for found in _STRING.finditer(texts.get(_STRINGS, ""))]
    if len(strings) > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    dates = _dates(texts.get(_STYLES, ""))
    sheets = _sheets(texts)
    told: dict[int, tuple[str, str]] = {}
    rows: list[Row] = list(unpacked.rows)
    formats: dict[str, Format] = {}
    for path, name in sheets.items():
        cells = _cells(texts.get(path, ""))
        if len(cells) > limits.segments:
            raise Unreadable(Unread.TOO_MANY, "segments")
        heads = _heads(cells, strings)
        labels: dict[str, tuple[str, str]] = {}
        for cell in cells:
            label = heads.get(cell.column, "")
            label = "" if label == _shown(cell, strings) else label
            place = f"/{step(name)}/{cell.name}"
            labels[cell.name] = (place, "" if cell.type == "s" else label)
            if cell.type == "s" and cell.value.isdecimal():
                told.setdefault(int(cell.value), (place, label))
            elif shown := _as_shown(cell, dates):
                rows.append(Row(f"{place}/~shown", label, shown))
        formats[path] = _format(partial(_read_sheet, labels))
    formats[_STRINGS] = _format(partial(_read_strings, told))
    members = tuple(_with_format(member, formats, prose) for member in unpacked.members)
    notices = list(unpacked.notices)
    if any(_HIDDEN.search(text) for path, text in texts.items() if path == BOOK or path in sheets):
        notices.append("xlsx.hidden")
    return replace(unpacked, rows=tuple(rows), members=members, notices=tuple(notices))


def _with_format(member: Member, formats: Mapping[str, Format], prose: Format) -> Member:
    if not member.name.endswith((".xml", ".rels", ".vml")):
        return member
    charset = xml_text.declared_encoding(member.data) or "utf-8"
    return replace(member, format=formats.get(member.name, prose), charset=charset)


def _decoded(member: Member) -> str:
    return member.data.decode(xml_text.declared_encoding(member.data) or "utf-8", "replace")


def _plain(markup: str) -> str:
    return xml_text.meant("".join(_TEXT.findall(markup)))


def _attributes(markup: str) -> dict[str, str]:
    return {name.rpartition(":")[2]: xml_text.meant(value) for name, value in _ATTRIBUTE.findall(markup)}


def _sheets(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the path of each sheet with its name; sheets that no name leads to are called by their path."""
    targets = {}
    for found in _RELATION.finditer(texts.get(_RELATIONS, "")):
        relation = _attributes(found[1])
        target = relation.get("Target", "")
        targets[relation.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    named = {}
    for found in _SHEET.finditer(texts.get(BOOK, "")):
        sheet = _attributes(found[1])
        named[targets.get(sheet.get("id", ""), "")] = sheet.get("name", "")
    paths = [path for path in texts if path.startswith("xl/worksheets/") and path.endswith(".xml")]
    return {path: named.get(path) or path.rpartition("/")[2] for path in paths}


def _cells(sheet: str) -> list[_Cell]:
    cells = []
    for found in _CELL.finditer(sheet):
        given = _attributes(found[1])
        markup = found[2] or ""
        value = _VALUE.search(markup)
        text = value[1] if value else "".join(_TEXT.findall(markup))
        style = given.get("s", "0")
        cells.append(_Cell(given.get("r", ""), given.get("t", "n"), int(style) if style.isdecimal() else 0, text))
    return cells


def _shown(cell: _Cell, strings: list[str]) -> str:
    if cell.type != "s":
        return xml_text.meant(cell.value)
    return strings[int(cell.value)] if cell.value.isdecimal() and int(cell.value) < len(strings) else ""


def _heads(cells: list[_Cell], strings: list[str]) -> dict[str, str]:
    """Return the texts of the first row that holds any, by column."""
    if not cells:
        return {}
    first = cells[0].name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    heads = {}
    for cell in cells:
        if cell.name != f"{cell.column}{first}":
            break
        if cell.type in ("s", "inlineStr", "str"):
            heads[cell.column] = _shown(cell, strings)[:64]
    return heads


def _dates(styles: str) -> frozenset[int]:
    """Return the numbers of the cell styles that show a date or a time."""
    codes = set(_DATES)
    for found in _FORMAT_CODE.finditer(styles):
        given = _attributes(found[1])
        if _DATE_CODE.search(_QUOTED.sub("", given.get("formatCode", ""))) and given.get("numFmtId", "").isdecimal():
            codes.add(int(given["numFmtId"]))
    section = styles.partition("cellXfs")[2].partition("cellXfs")[0]
    numbers = [_attributes(found[1]).get("numFmtId", "0") for found in _STYLE.finditer(section)]
    return frozenset(place for place, number in enumerate(numbers) if number.isdecimal() and int(number) in codes)


def _as_shown(cell: _Cell, dates: frozenset[int]) -> str:
    """Return a number as a reader of the sheet sees it, where that is not how it is written."""
    if cell.type not in ("n", "") or not cell.value:
        return ""
    if _EXPONENT.fullmatch(cell.value):
        return f"{float(cell.value):.0f}"
    if cell.style in dates:
        try:
            return (_EPOCH + timedelta(days=float(cell.value))).isoformat(" ")
        except (ValueError, OverflowError):
            return ""
    return ""


class _Sheet(Scan):
    """A reading of a sheet: what stands in a cell bears its place and its label."""

    def __init__(self, labels: Mapping[str, tuple[str, str]], text: str) -> None:
        super().__init__(text, "xlsx:", _JOINS)
        self._labels = labels
        self._cell: Element | None = None
        self._name = ""

    def entered(self, name: str) -> None:
        """Learn the name of a cell."""
        if name != "c":
            return
        self._cell = self._open[-1]
        self._name = ""
        for each in reversed(self._found):  # the attributes of the cell stand last
            if each.where == f"{self._cell.place}/@r":
                self._name = each.text
            if self._name or not each.where.startswith(self._cell.place):
                break

    def left(self, element: Element) -> None:
        """Forget the cell behind it."""
        if element is self._cell:
            self._cell = None

    def told(self, element: Element) -> tuple[str, str]:
        """Return place and label of the cell."""
        if self._cell is None:
            return super().told(element)
        place, label = self._labels.get(self._name, (self._cell.place.removeprefix("xlsx:"), ""))
        return f"xlsx:{place}", label


class _Strings(Scan):
    """A reading of the shared texts: each bears place and label of the first cell that uses it."""

    def __init__(self, told: Mapping[int, tuple[str, str]], text: str) -> None:
        super().__init__(text, "xlsx:", _JOINS)
        self._told = told
        self._number = -1

    def entered(self, name: str) -> None:
        """Count the texts."""
        self._number += name == "si"

    def told(self, element: Element) -> tuple[str, str]:
        """Return place and label of the cell."""
        place, label = self._told.get(self._number, (f"/~unused/{self._number}", ""))
        return (f"xlsx:{place}", label) if element.name == "si" else super().told(element)


def _read_sheet(labels: Mapping[str, tuple[str, str]], text: str) -> tuple[Segment, ...]:
    return _Sheet(labels, text).segments()


def _read_strings(told: Mapping[int, tuple[str, str]], text: str) -> tuple[Segment, ...]:
    return _Strings(told, text).segments()


def _judged(text: str, limits: Limits) -> Judged:
    xml_text.judge(text, limits)
    return False, ()


def _format(read_text: partial[tuple[Segment, ...]]) -> Format:
    return Format("xlsx", _judged, read_text, xml_text.write)

"""What must be known of a workbook before its cells can be read: its sheets, shared texts, styles, and where cells are.

The parts are read with expat, event by event, so that prefixes, quotes, comments and order do not matter; what is not
well formed is read as far as it goes, and refused when its own turn comes.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.parsers import expat

from gateway.decode.door import Unreadable
from gateway.decode.paragraphs import charset_of
from gateway.decode.xml_text import local_name
from gateway.vocabulary import Limits, Unread

_EXPONENT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}")
_PLAIN = re.compile(r"[0-9]{1,18}(?:\.0+)?")
_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in number formats that show dates and times, those of Chinese systems among them (18.8.30)."""
_DATE_CODE = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")
_GROUPED = re.compile(r"[0#?(+][0#? ()+/-]*[0#?)]")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial date has no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_BOOK = "xl/workbook.xml"

type Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """Where the parts of a workbook are, paths in lower case; ``sheets`` are names by path."""

    path: str
    sheets: Mapping[str, str]
    strings: str
    styles: str
    since_1904: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a sheet: its column and row, its type, its style and its raw value."""

    column: str
    row: str
    type: str
    style: int
    value: str


@dataclass(frozen=True, slots=True)
class Styles:
    """How the styles of cells show numbers: those that show dates, and the groups in which others show digits."""

    dates: frozenset[int]
    groups: Mapping[int, str]

    def shown(self, cell: Cell, *, since_1904: bool) -> str:
        """Return a number as a reader of the sheet sees it, where that is not how it is written."""
        if cell.type not in ("n", "") or not cell.value:
            return ""
        if cell.style in self.dates:
            return _date(cell.value, since_1904=since_1904)
        if _EXPONENT.fullmatch(cell.value):
            return f"{float(cell.value):.0f}" if abs(float(cell.value)) >= 1 else ""
        code = self.groups.get(cell.style)
        return _grouped(cell.value, code) if code else ""


def text_of(data: bytes) -> str:
    """Return the text of an XML part; characters that its charset does not know are replaced."""
    try:
        return data.decode(charset_of(data), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _events(
    text: str,
    opened: Callable[[str, Attributes], None],
    closed: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    """Tell of every element; one that brings entities is not read here."""
    if not text or "<!DOCTYPE" in text:
        return
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def begin(name: str, attributes: Attributes) -> None:
        opened(local_name(name), {local_name(key): value for key, value in attributes.items()})

    parser.StartElementHandler = begin
    if closed is not None:
        parser.EndElementHandler = lambda name: closed(local_name(name))
    if characters is not None:
        parser.CharacterDataHandler = characters
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return


def _relations(files: Mapping[str, bytes], path: str) -> dict[str, tuple[str, str]]:
    """Return what a part leads to, by id: the last step of the type of the relation, and the path."""
    folder, _, name = path.rpartition("/")
    found: dict[str, tuple[str, str]] = {}

    def opened(element: str, given: Attributes) -> None:
        if element == "Relationship" and given.get("TargetMode") != "External":
            target = given.get("Target", "").lower()
            target = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2].lower(), target)

    _events(text_of(files.get(posixpath.join(folder, "_rels", f"{name}.rels"), b"")), opened)
    return found


def book_of(files: Mapping[str, bytes]) -> Book:
    """Find the parts of a workbook, by its relations and, where they fail, by the usual names."""
    path = next((target for type, target in _relations(files, "").values() if type == "officedocument"), _BOOK)
    relations = _relations(files, path)
    by_type = dict(relations.values())
    names: dict[str, str] = {}
    eras: list[str] = []

    def opened(element: str, given: Attributes) -> None:
        if element == "sheet":
            names[relations.get(given.get("id", ""), ("", ""))[1]] = given.get("name", "")
        elif element == "workbookPr":
            eras.append(given.get("date1904", ""))

    _events(text_of(files.get(path, b"")), opened)
    folder = path.rpartition("/")[0]
    sheets = {target for type, target in relations.values() if type in ("worksheet", "dialogsheet", "macrosheet")}
    sheets |= {each for each in files if "/worksheets/" in each and each.endswith(".xml")}
    return Book(
        path,
        {each: names.get(each) or each.rpartition("/")[2] for each in sorted(sheets & files.keys())},
        by_type.get("sharedstrings", f"{folder}/sharedstrings.xml"),
        by_type.get("styles", f"{folder}/styles.xml"),
        any(era in ("1", "true") for era in eras),
    )


def strings_of(text: str, limits: Limits) -> list[str]:
    """Return the shared texts, without the reading above words."""
    strings: list[str] = []
    pieces: list[str] = []
    inside = ruby = 0

    def opened(element: str, _: Attributes) -> None:
        nonlocal inside, ruby
        if element == "si":
            pieces.clear()
            if len(strings) >= limits.segments:
                raise Unreadable(Unread.TOO_MANY, "segments")
        inside += element == "t"
        ruby += element == "rPh"

    def closed(element: str) -> None:
        nonlocal inside, ruby
        if element == "si":
            strings.append("".join(pieces)[:80])
        inside -= element == "t"
        ruby -= element == "rPh"

    def characters(data: str) -> None:
        if inside and not ruby:
            pieces.append(data)

    _events(text, opened, closed, characters)
    return strings


def cells_of(text: str, limits: Limits) -> list[Cell]:
    """Return the cells of a sheet in the order in which they are written; one without a name follows the last."""
    cells: list[Cell] = []
    given: Attributes = {}
    pieces: list[str] = []
    inside = 0
    row = column = 0

    def opened(element: str, attributes: Attributes) -> None:
        nonlocal given, inside, row, column
        if element == "row":
            number = attributes.get("r", "")
            row, column = (int(number[:8]) if number.isdecimal() else row + 1), 0
        elif element == "c":
            given = attributes
            pieces.clear()
            if len(cells) >= limits.segments:
                raise Unreadable(Unread.TOO_MANY, "segments")
        inside += element in ("v", "t")

    def closed(element: str) -> None:
        nonlocal inside, row, column
        if element == "c":
            name = _NAME.fullmatch(given.get("r", ""))
            column = _number(name[1]) if name else column + 1
            style = given.get("s", "0")
            cells.append(
                Cell(
                    name[1] if name else _letters(column),
                    name[2] if name else str(row),
                    given.get("t", "n"),
                    int(style[:6]) if style.isdecimal() else 0,
                    "".join(pieces),
                )
            )
        inside -= element in ("v", "t")

    def characters(data: str) -> None:
        if inside:
            pieces.append(data)

    _events(text, opened, closed, characters)
    return cells


def headers_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield headers and footers of a sheet without the codes that set them (ECMA-376 part 1, 18.3.1.39).

    A code is a letter behind an ampersand, and a text may follow at once: ``&C110105``. Digits behind an ampersand are
    a size, which is a text too where nobody knows how many belong to it.
    """
    start = text.find("headerFooter")
    for found in _HEADER.finditer(text, start) if start >= 0 else ():
        written = html.unescape(found[2])
        for shown in dict.fromkeys((_SET.sub(" ", written), _SET_BUT_SIZES.sub(" ", written))):
            if shown != written and shown.strip():
                yield found[1], shown


_HEADER = re.compile(r"<(?:[\w.-]++:)?((?:odd|even|first)(?:Header|Footer))(?:\s[^<>]*+)?>([^<]*+)<")
_SET_BUT_SIZES = re.compile(r"&(?:\"[^\"]*+\"|K(?:[0-9A-Fa-f]{6}|[0-9]{2}[+-][0-9]{3})|[A-Za-z]|(?=[0-9]))")
_SET = re.compile(rf"&[0-9]{{1,2}}|{_SET_BUT_SIZES.pattern}")


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def styles_of(text: str) -> Styles:
    """Read how cells show numbers."""
    codes: dict[str, str] = {}
    numbers: list[str] = []
    inside = False

    def opened(element: str, given: Attributes) -> None:
        nonlocal inside
        if element == "numFmt":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif element == "cellXfs":
            inside = True
        elif element == "xf" and inside:
            numbers.append(given.get("numFmtId", "0"))

    def closed(element: str) -> None:
        nonlocal inside
        inside = inside and element != "cellXfs"

    _events(text, opened, closed)
    dates, groups = set(), {}
    for place, number in enumerate(numbers):
        code = codes.get(number, "")
        if (number.isdecimal() and int(number[:6]) in _DATES) or _DATE_CODE.search(_QUOTED.sub("", code)):
            dates.add(place)
        elif _GROUPED.fullmatch(plain := re.sub(r"\\(.)|\"([^\"]*)\"", r"\1\2", code)):
            groups[place] = plain
    return Styles(frozenset(dates), groups)


def _date(value: str, *, since_1904: bool) -> str:
    try:
        moment = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(days=float(value))
    except (ValueError, OverflowError):
        return ""
    return moment.isoformat(" ", "seconds").removesuffix(" 00:00:00")


def _grouped(value: str, code: str) -> str:
    """Return a whole number in the groups of digits of a number format, noughts in front as it asks."""
    if not _PLAIN.fullmatch(value):
        return ""
    digits = [*value.partition(".")[0].zfill(code.count("0"))]
    shown: list[str] = []
    for sign in reversed(code):
        if sign not in "0#?":
            shown.append(sign)
        elif digits:
            shown.append(digits.pop())
    written = "".join(digits) + "".join(reversed(shown))
    return written if written != value else ""

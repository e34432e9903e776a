"""Markup of documents (OOXML, OpenDocument): the text of a paragraph is one, whatever tags stand in it.

Text that a reader does not see where it stands is kept apart: what was deleted, what is hidden, instructions of fields,
notes, the reading above a word. So neither hides a number by standing in the middle of it. Where a paragraph has such
text, it is read once more with all of it, and as it was before the changes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import ClassVar, NamedTuple

from gateway.decode import xml_text
from gateway.decode.door import Format, Judged, Member
from gateway.decode.splicing import Unwritable, spliced
from gateway.decode.xml_text import Element, Piece, Scan, joined, local_name, whole
from gateway.vocabulary import Edit, Limits, Part, Segment

JOINS = frozenset({"p", "h", "si", "is", "text"})
"""Elements whose text is one: of Word and PowerPoint, OpenDocument, Excel."""
SHOWN, INSERTED, DELETED, HIDDEN, FIELD, RUBY, NOTE = "", "inserted", "deleted", "hidden", "field", "ruby", "note"
_ASIDE = {
    "del": DELETED, "moveFrom": DELETED, "delText": DELETED, "ins": INSERTED, "moveTo": INSERTED,
    "instrText": FIELD, "delInstrText": FIELD, "rPh": RUBY, "rt": RUBY, "ruby-text": RUBY,
    "annotation": NOTE, "note-citation": NOTE, "hidden-text": HIDDEN,
}  # fmt: skip
"""Elements whose text does not stand where it is written."""
_SIGNS = {"tab": " ", "br": " ", "cr": " ", "ptab": " ", "line-break": " ", "s": " ", "noBreakHyphen": "-"}
"""Empty elements that stand for a character; it parts words."""
_OFF = re.compile(r"\bval\s*=\s*[\"'](?:0|false|off|none)[\"']")
_SYMBOL = re.compile(r"\bchar\s*=\s*[\"']([0-9A-Fa-f]{4})[\"']")
_SECTION = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_FIELD_NAME = re.compile(
    r"(?:号|號|码|碼|名|称|稱|址|话|話|机|機|期|日|龄|齡|别|別|箱|郵|编|編|类|類|证|證|码|no|nos?\.|number|name|date|id|phone|mobile"
    r"|tel|e-?mail|address|sex|gender|birth|age|code|número|nome|data|morada|telefone|nascimento|identidade)\W*\Z",
    re.IGNORECASE,
)
_LONGEST_LABEL = 64


def label_of(head: str, left: str) -> str:
    """Return the label of a cell: the head of its column, or the cell beside it where that looks more like a name."""
    if left and _FIELD_NAME.search(left) and not _FIELD_NAME.search(head):
        return left
    return head


class _Run(NamedTuple):
    """Characters of a paragraph: where they stand apart from it, and what they mean if they are a tag."""

    aside: str
    piece: Piece
    sign: str


class _Flow:
    """The text of an element that joins."""

    __slots__ = ("element", "runs")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.runs: list[_Run] = []


class Paragraphs(Scan):
    """One reading of one document. ``asides`` names the elements whose text stands apart."""

    joins: ClassVar[frozenset[str]] = JOINS
    asides: ClassVar[Mapping[str, str]] = _ASIDE

    def __init__(self, text: str, root: str) -> None:
        """``root`` is the place of the document."""
        super().__init__(text, root, self.joins)
        self._flows: list[_Flow] = []
        self._apart: list[tuple[Element, str]] = []

    def _tag(self, token: re.Match[str], *, closing: bool) -> None:
        if self._flows:
            self._gather()
        name = local_name(token["close" if closing else "open"].rstrip())
        if closing:
            element = self._open[-1]
            if self._apart and self._apart[-1][0] is element:
                self._apart.pop()
            if self._flows and self._flows[-1].element is element:
                self._end(self._flows.pop())
            super()._tag(token, closing=True)
            return
        super()._tag(token, closing=False)
        if token["empty"]:
            if self._flows:
                self._empty(name, token)
            return
        if name in self.joins:
            self._flows.append(_Flow(self._open[-1]))
        if name in self.asides:
            self._apart.append((self._open[-1], self.asides[name]))

    def _gather(self) -> None:
        """Give the text since the last tag to the paragraph that it stands in."""
        if self._pieces:
            aside = self._apart[-1][1] if self._apart else SHOWN
            self._flows[-1].runs += [_Run(aside, piece, "") for piece in self._pieces]
            self._pieces.clear()

    def _empty(self, name: str, token: re.Match[str]) -> None:
        """Take an empty element: a character, or what hides the run that it stands in."""
        if name == "vanish" and not _OFF.search(token["attributes"]):
            run = next((each for each in reversed(self._open) if each.name == "r"), None)
            if run is not None:
                self._apart.append((run, HIDDEN))
            return
        sign = _SIGNS.get(name, "")
        if name == "sym" and (found := _SYMBOL.search(token["attributes"])):
            code = int(found[1], 16)
            sign = chr(code & 0xFF if code >> 8 == 0xF0 else code)
        runs = self._flows[-1].runs
        if sign and (runs or name == "sym"):
            aside = self._apart[-1][1] if self._apart else SHOWN
            runs.append(_Run(aside, Piece(token.start(), token.end(), literal=True), sign))

    def _flush(self) -> None:
        if self._flows:
            self._gather()
        else:
            super()._flush()

    def _end(self, flow: _Flow) -> None:
        """Make values of the text of a paragraph: what is seen, what is not, and both together."""
        if not flow.runs:
            return
        place, label = self.told(flow.element)
        asides = dict.fromkeys(run.aside for run in flow.runs)
        self._value(flow, place, label, {SHOWN, INSERTED}, seen=True)
        if len(asides) == 1 and SHOWN in asides:
            return
        for aside in asides:
            if aside not in (SHOWN, INSERTED):
                self._value(flow, f"{place}/~{aside}", label, {aside})
        if not asides.keys() & {SHOWN, INSERTED} or not asides.keys() & {DELETED, HIDDEN}:
            return
        self._value(flow, f"{place}/~all", label, {SHOWN, INSERTED, DELETED, HIDDEN})
        if INSERTED in asides:
            self._value(flow, f"{place}/~before", label, {SHOWN, DELETED, HIDDEN})

    def _value(self, flow: _Flow, place: str, label: str, asides: set[str], *, seen: bool = False) -> None:
        segment = _joined(self._text, [run for run in flow.runs if run.aside in asides], place, label)
        if segment is not None and segment.text.strip():
            self._found.append(segment)
            if seen:
                self.read(segment)


def _joined(text: str, runs: Sequence[_Run], place: str, label: str) -> Segment | None:
    """Return the value that ``runs`` make together, or None where they make none."""
    if not runs:
        return None
    if not any(run.sign for run in runs):
        return joined(text, [run.piece for run in runs], place, label)
    characters: list[str] = []
    marks: list[int] = []
    ends: list[int] = []
    for is_sign, group in groupby(runs, lambda run: bool(run.sign)):
        signs = list(group)
        pieces = [run.piece for run in signs]
        if is_sign:
            characters += [run.sign for run in signs]
            marks += [piece.start for piece in pieces]
            ends += [piece.end for piece in pieces]
            continue
        part = joined(text, pieces, place, label)
        characters.append(part.text)
        marks += part.marks[: len(part.text)] if part.marks is not None else range(part.start, part.end)
        ends += part.ends if part.ends is not None else range(part.start + 1, part.end + 1)
    start, end = runs[0].piece.start, runs[-1].piece.end
    return Segment("".join(characters), place, label, start, end, [*marks, end], ends)


class Tables(Paragraphs):
    """A reading that knows tables: a cell is labelled by the head of its column, or by the cell beside it."""

    rows = frozenset({"tr", "table-row"})
    cells = frozenset({"tc", "table-cell", "covered-table-cell"})
    tables = frozenset({"tbl", "table"})

    def __init__(self, text: str, root: str) -> None:
        """``root`` is the place of the document."""
        super().__init__(text, root)
        self._outer: list[tuple[list[str], list[str], list[str] | None]] = []
        self._heads: list[str] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None

    def entered(self, name: str) -> None:
        """Begin a table, a row, a cell."""
        if name in self.tables:
            self._outer.append((self._heads, self._row, self._cell))
            self._heads, self._row, self._cell = [], [], None
        elif name in self.rows:
            self._row = []
        elif name in self.cells:
            self._cell = []

    def left(self, element: Element) -> None:
        """End a cell, a row, a table."""
        if element.name in self.cells:
            self._row.append(" ".join(self._cell or [])[:_LONGEST_LABEL])
            self._cell = None
        elif element.name in self.rows:
            self._heads = self._heads or self._row
        elif element.name in self.tables and self._outer:
            self._heads, self._row, self._cell = self._outer.pop()

    def told(self, element: Element) -> tuple[str, str]:
        """Return the label that the table gives to a text in a cell."""
        place, label = super().told(element)
        if self._cell is None:
            return place, label if element.name not in self.joins else ""
        column = len(self._row)
        head = self._heads[column] if column < len(self._heads) else ""
        return place, label_of(head, self._row[-1] if self._row else "")

    def read(self, segment: Segment) -> None:
        """Keep the text of a cell, in case it is a head."""
        if self._cell is not None and len(self._cell) < _LONGEST_LABEL:
            self._cell.append(segment.text.strip()[:_LONGEST_LABEL])


def judged(text: str, limits: Limits) -> Judged:
    """Judge a file of a document."""
    xml_text.judge(text, limits)
    return False, ()


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the text of ``part``, escaped.

    Values nest: attributes of runs stand inside of the text of their paragraph. Raises ``Unwritable`` where an edit
    reaches beyond one value, cuts a reference, or stands where a character is a tag.
    """
    return spliced(part.text, replacements(part, edits))


def replacements(part: Part, edits: Iterable[Edit]) -> list[tuple[int, int, str]]:
    """Return what ``write`` splices."""
    text, segments = part.text, part.segments
    sections = [each.span() for each in _SECTION.finditer(text)] if "<!" in text or "<?" in text else []
    found: list[tuple[int, int, str]] = []
    around: list[Segment] = []
    at = section = 0
    for edit in edits:
        while at < len(segments) and segments[at].start <= edit.start:
            around.append(segments[at])
            at += 1
        while around and around[-1].end < edit.end:
            around.pop()
        if not any(each.end >= edit.end and whole(each, edit) for each in reversed(around)):
            raise Unwritable("edit beyond one value, or through a reference or markup")
        while section < len(sections) and sections[section][1] <= edit.start:
            section += 1
        if text[edit.start] == "<" or (section < len(sections) and sections[section][0] < edit.end):
            raise Unwritable("text that is only read")
        found.append((edit.start, edit.end, html.escape(edit.text)))
    return found


def charset_of(data: bytes) -> str:
    """Return the charset of an XML file by its mark or by its declaration."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    return xml_text.declared_encoding(data) or "utf-8"


def as_text(member: Member, format: Format) -> Member:
    """Return ``member`` to be read as ``format`` where it is XML by its name, else as it is."""
    if not member.name.lower().endswith((".xml", ".rels")):
        return member
    return Member(member.name, member.data, "", format, charset_of(member.data))

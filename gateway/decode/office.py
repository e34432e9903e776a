"""Office documents: OOXML (ECMA-376: docx, pptx, xlsx) and OpenDocument, which are ZIP archives of XML.

Every file of the archive is a member, so nothing is left out: headers, footnotes, comments, deleted text, properties,
hidden slides, embedded files. Text of a paragraph is joined over its runs; cells of a table are labelled by the head of
their column, or by the cell beside them. Workbooks are in ``workbook.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from gateway.decode import workbook, xml_text, zip_file
from gateway.decode.door import Declared, Document, Format, Judged, Member, Unpacked, Unreadable
from gateway.decode.media import DOCX, ODP, ODS, ODT, PPTX, XLSX, ZIP
from gateway.decode.xml_text import Element, Scan
from gateway.decode.zip_records import directory
from gateway.vocabulary import Edit, Limits, Part, Segment

_PARAGRAPHS = frozenset({"p", "h", "si", "is", "text"})
"""Elements whose text is one, whatever tags stand in it: of Word and PowerPoint, OpenDocument, Excel."""
_ROWS = frozenset({"tr", "table-row"})
_CELLS = frozenset({"tc", "table-cell", "covered-table-cell"})
_TABLES = frozenset({"tbl", "table"})


class _Paragraphs(Scan):
    """A reading that joins paragraphs and knows tables."""

    def __init__(self, text: str, root: str) -> None:
        super().__init__(text, root, _PARAGRAPHS)
        self._heads: list[str] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._first = True

    def entered(self, name: str) -> None:
        """Begin a table, a row, a cell."""
        if name in _TABLES:
            self._heads, self._first = [], True
        elif name in _ROWS:
            self._row = []
        elif name in _CELLS:
            self._cell = []

    def left(self, element: Element) -> None:
        """End a cell, a row, a table."""
        if element.name in _CELLS:
            self._row.append(" ".join(self._cell or [])[:64])
            self._cell = None
        elif element.name in _ROWS:
            if self._first:
                self._heads, self._first = self._row, False
            self._row = []
        elif element.name in _TABLES:
            self._heads = []

    def told(self, element: Element) -> tuple[str, str]:
        """Return the label that the table gives to a text in a cell."""
        place, label = super().told(element)
        if self._cell is None:
            return place, label if element.name not in _PARAGRAPHS else ""
        column = len(self._row)
        if column and (len(self._heads) == 2 or self._first):
            return place, self._row[-1]
        return place, self._heads[column] if column < len(self._heads) else ""

    def read(self, segment: Segment) -> None:
        """Keep the text of a cell, in case it is a head."""
        if self._cell is not None:
            self._cell.append(segment.text.strip())


def _read(name: str, text: str) -> tuple[Segment, ...]:
    return _Paragraphs(text, f"{name}:").segments()


def _judged(text: str, limits: Limits) -> Judged:
    xml_text.judge(text, limits)
    return False, ()


def _format(name: str) -> Format:
    return Format(name, _judged, partial(_read, name), _write)


def _write(part: Part, edits: Iterable[Edit]) -> str:
    return xml_text.write(part, edits)


_MOST = 10_000
"""Files that an office document has at most, for a first look."""
_XML = (".xml", ".rels", ".vml")
_PROSE = _format("office")


def _unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return every file of the archive as a member, the XML ones with paragraphs joined."""
    unpacked = zip_file.opened(data, limits)[0]
    if any(member.name == workbook.BOOK for member in unpacked.members):
        return workbook.read(unpacked, limits, _PROSE)
    return replace(unpacked, members=tuple(map(_as_text, unpacked.members)), notices=_notices(unpacked))


def _as_text(member: Member) -> Member:
    if not member.name.endswith(_XML):
        return member
    return replace(member, format=_PROSE, charset=xml_text.declared_encoding(member.data) or "utf-8")


def _notices(unpacked: Unpacked) -> tuple[str, ...]:
    """Note what a reader does not see: deleted text, hidden text, hidden slides."""
    notices = list(unpacked.notices)
    for member in unpacked.members:
        if member.name.endswith(".xml"):
            if b"<w:del " in member.data or b"<w:delText" in member.data:
                notices.append("office.deleted")
            if b"<w:vanish" in member.data or b' show="0"' in member.data:
                notices.append("office.hidden")
    return tuple(dict.fromkeys(notices))


def _pack(data: bytes, said: Declared, replacements: Mapping[int, bytes]) -> bytes:
    return zip_file.pack(data, said, replacements)


def kind(data: bytes) -> str:
    """Return which office document an archive is, or that it is just an archive."""
    if data[30:38] == b"mimetype":
        type = data[38:110].partition(b"PK")[0].decode("latin-1").strip()
        return next((known for known in (ODT, ODS, ODP) if type.startswith(known)), ZIP)
    try:
        names = {entry.name for entry in directory(data, _MOST).entries}
    except Unreadable:
        return ZIP
    for mark, type in ((b"xl/workbook.xml", XLSX), (b"word/document.xml", DOCX), (b"ppt/presentation.xml", PPTX)):
        if mark in names and b"[Content_Types].xml" in names:
            return type
    return ZIP


DOCUMENTS: Mapping[str, Document] = {
    XLSX: Document("xlsx", _unpack, _pack),
    DOCX: Document("docx", _unpack, _pack),
    PPTX: Document("pptx", _unpack, _pack),
    ODT: Document("odt", _unpack, _pack),
    ODS: Document("ods", _unpack, _pack),
    ODP: Document("odp", _unpack, _pack),
}

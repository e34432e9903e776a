"""Office documents: OOXML (ECMA-376: docx, pptx, xlsx), which is a ZIP archive of XML.

Every file of the archive is a member, so nothing is left out: headers, footnotes, comments, deleted text, properties,
hidden slides, embedded files. Text of a paragraph is joined over its runs; cells of a table are labelled. Workbooks are
in ``workbook.py``, OpenDocument in ``opendocument.py``.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from gateway.decode import opendocument, workbook, zip_file
from gateway.decode.door import Declared, Document, Format, Unpacked, Unreadable
from gateway.decode.media import DOCX, PPTX, XLSX, ZIP
from gateway.decode.paragraphs import Tables, as_text, judged, write
from gateway.decode.zip_records import directory
from gateway.vocabulary import Limits, Segment

_MOST = 10_000
"""Files that an office document has at most, for a first look."""
_TYPES = b"[Content_Types].xml"
_LONGEST_TYPES = 1 << 20
_MAIN = (
    (b"spreadsheetml.sheet.main", XLSX), (b"ms-excel.sheet.macroEnabled.main", XLSX),
    (b"spreadsheetml.template.main", XLSX), (b"ms-excel.template.macroEnabled.main", XLSX),
    (b"wordprocessingml.", DOCX), (b"ms-word.", DOCX), (b"presentationml.", PPTX), (b"ms-powerpoint.", PPTX),
)  # fmt: skip
"""What the main part of a package may be called in its table of types (ECMA-376 part 1, 15.2.1)."""
_DELETED = re.compile(rb"<(?:\w+:)?(?:del|delText|moveFrom)[\s>]")
_HIDDEN = re.compile(rb"<(?:\w+:)?vanish\b|\sshow=[\"'](?:0|false)[\"']|\shidden=[\"'](?:1|true)[\"']")


def _read(text: str) -> tuple[Segment, ...]:
    return Tables(text, "office:").segments()


_PROSE = Format("office", judged, _read, write)


def _unpack(data: bytes, _said: Declared, limits: Limits, kind: str) -> Unpacked:
    """Return every file of the archive as a member, the XML ones with paragraphs joined."""
    unpacked = zip_file.opened(data, limits)[0]
    if kind == XLSX:
        return workbook.read(unpacked, limits, _PROSE)
    members = tuple(as_text(member, _PROSE) for member in unpacked.members)
    return replace(unpacked, members=members, notices=_notices(unpacked))


def _notices(unpacked: Unpacked) -> tuple[str, ...]:
    """Note what a reader does not see: deleted text, hidden text, hidden slides."""
    notices = list(unpacked.notices)
    for member in unpacked.members:
        if member.name.endswith(".xml"):
            if _DELETED.search(member.data):
                notices.append("office.deleted")
            if _HIDDEN.search(member.data):
                notices.append("office.hidden")
    return tuple(dict.fromkeys(notices))


def kind(data: bytes) -> str:
    """Return which office document an archive is, or that it is just an archive."""
    try:
        entries = {entry.name: entry for entry in directory(data, _MOST).entries}
    except Unreadable:
        return opendocument.kind(data, frozenset()) or ZIP
    if _TYPES in entries:
        entry = entries[_TYPES]
        types = data[entry.start : entry.start + entry.packed]
        if entry.method:
            try:
                types = zlib.decompressobj(-15).decompress(types, _LONGEST_TYPES)
            except zlib.error:
                types = b""
        found = next((type for mark, type in _MAIN if mark in types), "")
        if found:
            return found
        for folder, type in ((b"xl/", XLSX), (b"word/", DOCX), (b"ppt/", PPTX)):
            if any(name.startswith(folder) for name in entries):
                return type
    return opendocument.kind(data, entries.keys()) or ZIP


def _document(name: str, type: str) -> Document:
    return Document(name, partial(_unpack, kind=type), zip_file.pack)


DOCUMENTS: Mapping[str, Document] = {
    XLSX: _document("xlsx", XLSX),
    DOCX: _document("docx", DOCX),
    PPTX: _document("pptx", PPTX),
    **opendocument.DOCUMENTS,
}

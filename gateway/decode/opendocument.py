"""OpenDocument (OASIS ODF 1.3: odt, ods, odp), which is a ZIP archive of XML; encrypted files are named.

Text of a paragraph is joined over its spans. Cells of a spreadsheet have their places (``/Sheet1/B7``), and the head of
their column as their label.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

from gateway.decode import xml_text, zip_file
from gateway.decode.door import Declared, Document, Format, Member, Unpacked
from gateway.decode.media import ODP, ODS, ODT
from gateway.decode.paragraphs import Tables, as_text, judged, label_of, write
from gateway.decode.places import step
from gateway.decode.xml_text import Element, local_name
from gateway.vocabulary import Limits, Opaque, Segment, Unread

_MANIFEST = "META-INF/manifest.xml"
_ENTRY = re.compile(r"<(?:[\w.-]+:)?file-entry\b([^<>]*+)(?<!/)>\s*+<(?:[\w.-]+:)?encryption-data\b")
_PATH = re.compile(r"\bfull-path\s*=\s*[\"']([^\"']*)[\"']")
_REPEATED = re.compile(r"\bnumber-(?:columns|rows)-repeated\s*=\s*[\"']([0-9]{1,7})[\"']")
_NAME = re.compile(r"\bname\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HIDDEN = re.compile(
    rb"\bdisplay=[\"'](?:none|false)[\"']|\bvisibility=[\"'](?:collapse|filter)[\"']|<(?:[\w.-]+:)?hidden-"
)
_DELETED = re.compile(rb"<(?:[\w.-]+:)?(?:deletion|tracked-changes)\b")
_MOST_COLUMNS = 16_384


def column_name(number: int) -> str:
    """Return the letters of a column; the first is 0."""
    name = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(65 + digit) + name
    return name


class _Cells(Tables):
    """A reading that counts the cells of a spreadsheet."""

    def __init__(self, text: str, root: str) -> None:
        super().__init__(text, root)
        self._root = root
        self._sheet = ""
        self._line = 0
        self._column = 0
        self._wide = 1
        self._high = 1
        self._texts: dict[int, str] = {}
        self._names: dict[int, str] = {}

    def _tag(self, token: re.Match[str], *, closing: bool) -> None:
        if not closing:
            self._count(local_name(token["open"]), token["attributes"], empty=bool(token["empty"]))
        super()._tag(token, closing=closing)

    def _count(self, name: str, attributes: str, *, empty: bool) -> None:
        if name == "table":
            found = _NAME.search(attributes)
            self._sheet = xml_text.meant((found[1] or found[2] or "") if found else "")
            self._line, self._names = 0, {}
        elif name in self.rows:
            repeated = _REPEATED.search(attributes)
            self._high = int(repeated[1]) if repeated else 1
            self._column, self._texts = 0, {}
        elif name in self.cells:
            repeated = _REPEATED.search(attributes)
            self._wide = int(repeated[1]) if repeated else 1
            if empty:
                self._column = min(self._column + self._wide, _MOST_COLUMNS)

    def left(self, element: Element) -> None:
        """Go on to the next cell or row."""
        super().left(element)
        if element.name in self.cells:
            self._column = min(self._column + self._wide, _MOST_COLUMNS)
        elif element.name in self.rows:
            self._line += self._high
            if len(self._texts) > 1 or not self._names:
                self._names = self._names or self._texts

    def told(self, element: Element) -> tuple[str, str]:
        """Return place and label of the cell."""
        place, label = super().told(element)
        if self._cell is None:
            return place, label
        label = label_of(self._names.get(self._column, ""), self._texts.get(self._column - 1, ""))
        return f"{self._root}/{step(self._sheet)}/{column_name(self._column)}{self._line + 1}", label

    def read(self, segment: Segment) -> None:
        """Keep the text of a cell, in case it is a head."""
        super().read(segment)
        if self._cell is not None:
            self._texts.setdefault(self._column, segment.text.strip()[:64])


def _read_prose(name: str, text: str) -> tuple[Segment, ...]:
    return Tables(text, f"{name}:").segments()


def _read_content(name: str, text: str) -> tuple[Segment, ...]:
    return _Cells(text, f"{name}:").segments()


def _unpack(data: bytes, _said: Declared, limits: Limits, name: str) -> Unpacked:
    """Return every file of the archive as a member; those that are encrypted are opaque."""
    unpacked = zip_file.opened(data, limits)[0]
    manifest = next((member.data for member in unpacked.members if member.name == _MANIFEST), b"")
    entries = _ENTRY.finditer(manifest.decode("utf-8", "replace"))
    sealed = {path[1] for entry in entries if (path := _PATH.search(entry[1]))}
    content = Format(name, judged, partial(_read_content, name), write)
    prose = Format(name, judged, partial(_read_prose, name), write)
    members, opaque, notices = [], list(unpacked.opaque), list(unpacked.notices)
    for member in unpacked.members:
        if member.name in sealed:
            opaque.append(Opaque(Unread.ENCRYPTED, f"/{step(member.name)}", len(member.data), "zip"))
            members.append(Member(member.name, b""))
            continue
        members.append(as_text(member, content if member.name.endswith("content.xml") else prose))
        if _HIDDEN.search(member.data) and member.name.endswith(".xml"):
            notices.append("office.hidden")
        if _DELETED.search(member.data) and member.name.endswith("content.xml"):
            notices.append("office.deleted")
    return replace(unpacked, members=tuple(members), opaque=tuple(opaque), notices=tuple(dict.fromkeys(notices)))


def kind(data: bytes, names: Collection[bytes]) -> str:
    """Return which document of OpenDocument an archive with files of these names is, or ""."""
    if data[30:38] == b"mimetype":
        type = data[38:128].partition(b"PK")[0]
        at = type.find(b"application/")
        declared = type[at:].decode("latin-1").strip()
        return next((known for known in (ODT, ODS, ODP) if at >= 0 and declared.startswith(known)), "")
    return ODT if b"content.xml" in names and _MANIFEST.encode() in names else ""


def _document(name: str) -> Document:
    return Document(name, partial(_unpack, name=name), zip_file.pack)


DOCUMENTS: Mapping[str, Document] = {ODT: _document("odt"), ODS: _document("ods"), ODP: _document("odp")}

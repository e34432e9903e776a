"""multipart/* (RFC 2046 section 5.1, RFC 7578): each part a member, and everything around the parts read too.

The name of a form's field is the name of its member, so that a text in it bears that label. Header fields of each part
are values; what stands before the first delimiter and behind the last one is a member of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.decode import mime
from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Limits, Opaque, Unread

_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Section:
    """A member as it lies in the document: fields, and the span of its body."""

    name: str
    fields: mime.Fields
    start: int
    end: int

    @property
    def encoding(self) -> str:
        return self.fields.get("content-transfer-encoding")


@dataclass(frozen=True, slots=True)
class _Layout:
    sections: tuple[_Section, ...]
    finished: bool


def _delimiter(data: bytes, said: Declared) -> re.Pattern[bytes]:
    """Return the line that stands between parts: the one declared, else the first that looks like one."""
    boundary = said.parameters.get("boundary", "").encode("utf-8", "replace")
    if not boundary:
        seen = _BOUNDARY.search(data[:65536])
        if seen is None:
            raise Unreadable(Unread.MALFORMED, "boundary")
        boundary = seen[1]
    if len(boundary) > _LONGEST:
        raise Unreadable(Unread.TOO_LARGE, "boundary")
    return re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")


def _layout(data: bytes, said: Declared, most: int) -> _Layout:
    """Find all sections; raises ``Unreadable``."""
    sections: list[_Section] = []
    begun = -1  # where the part before the next delimiter begins
    for number, match in enumerate(_delimiter(data, said).finditer(data)):
        if number > most:
            raise Unreadable(Unread.TOO_MANY, "members")
        if begun < 0:
            _aside(sections, "~preamble", data, 0, match.start())
        else:
            sections.append(_section(data, begun, match.start(), number))
        begun = match.end() + (2 if data.startswith(b"\r\n", match.end()) else 1)
        if match[1]:
            _aside(sections, "~epilogue", data, begun, len(data))
            return _Layout(tuple(sections), finished=True)
    if begun < 0:
        raise Unreadable(Unread.MALFORMED, "boundary")
    if begun < len(data):
        sections.append(_section(data, begun, len(data), len(sections)))
    return _Layout(tuple(sections), finished=False)


def _aside(sections: list[_Section], name: str, data: bytes, start: int, end: int) -> None:
    if data[start:end].strip():
        sections.append(_Section(name, mime.Fields((), start), start, end))


def _section(data: bytes, start: int, end: int, number: int) -> _Section:
    end = max(start, end)
    fields = mime.fields_of(data, start, end)
    disposition = mime.parameters(fields.get("content-disposition"))
    name = disposition.get("name") or disposition.get("filename") or ""
    if not name:
        name = mime.parameters(fields.get("content-type")).get("name", "")
    return _Section(name or str(number), fields, min(fields.end, end), end)


def unpack(data: bytes, said: Declared, limits: Limits) -> Unpacked:
    """Return every part as a member, every header field as a row."""
    layout = _layout(data, said, limits.members)
    rows: list[Row] = []
    members: list[Member] = []
    opaque: list[Opaque] = []
    for number, section in enumerate(layout.sections):
        rows += mime.rows_of(section.fields, f"/{number}/header")
        body = data[section.start : section.end]
        try:
            body = mime.decoded(body, section.encoding)
        except Unreadable as fault:
            opaque.append(Opaque(fault.reason, f"/{number}", len(body), fault.detail))
            body = b""
        type = section.fields.get("content-type")
        if (
            not type
            and not section.name.startswith("~")
            and "filename" not in section.fields.get("content-disposition")
        ):
            type = "text/plain"
        members.append(Member(section.name, body, type))
    if not layout.finished:
        opaque.append(Opaque(Unread.MALFORMED, "", len(data), "multipart"))
    return Unpacked(tuple(rows), tuple(members), tuple(opaque))


def pack(data: bytes, said: Declared, replacements: Mapping[int, bytes]) -> bytes:
    """Put other bodies in the place of these parts, in their transfer encodings."""
    layout = _layout(data, said, 1 << 30)
    pieces: list[bytes] = []
    done = 0
    for number in sorted(replacements):
        section = layout.sections[number]
        body = mime.encoded(replacements[number], section.encoding, data[section.start : section.end])
        boundary = b"--" + said.parameters.get("boundary", "").encode()
        if len(boundary) > 2 and boundary in body and boundary not in data[section.start : section.end]:
            raise Unwritable("a delimiter would stand in the part")
        pieces += [data[done : section.start], body]
        done = section.end
    return b"".join([*pieces, data[done:]])


DOCUMENT = Document("multipart", unpack, pack)

"""PDF (ISO 32000): text of pages, pictures, and everything else that bears text in the objects of the file.

Two libraries read it, in a process of its own: PDFium gives the pages as a reader sees them, pypdf the objects. Before
either sees it, its streams are inflated once within the limits and thrown away, so that a bomb is refused as one.
Earlier revisions that the file still holds are read too, and the bytes between and behind the objects.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.gathering import Gathering
from gateway.decode.pdf_objects import read_objects
from gateway.decode.pdf_pages import read_pages
from gateway.vocabulary import Limits, Unread

_END = re.compile(rb"%%EOF[ \t]*(?:\r\n|\r|\n)?")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT = re.compile(rb"\b[0-9]{1,10}[ \t\r\n]{1,8}[0-9]{1,5}[ \t\r\n]{1,8}obj\b")
_SKELETON = re.compile(rb"\b(?:xref|trailer|startxref)\b|%%EOF")
_MOST_REVISIONS = 8
_PIECE, _OUT = 16 * 1024, 1 << 20
_DICTIONARY = 1024
_LINEARIZED = b"/Linearized"


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return every text as a row; pictures, attached files and packets of XML as members.

    Raises ``Unreadable`` where it is no PDF, needs a password, or goes beyond the limits.
    """
    found = Gathering(limits)
    _weigh(data, found)
    read_pages(data, found)
    read_objects(data, found)
    ends = [match.end() for match in _END.finditer(data)]
    revisions = ends[1:-1] if _LINEARIZED in data[:_DICTIONARY] else ends[:-1]
    if revisions:
        _revisions(data, revisions, found)
    _between(data, found)
    if ends and data[ends[-1] :].strip(b"\0\r\n \t"):
        found.notice("pdf.trailing")
        found.member("~trailing", data[ends[-1] :])
    begin = data.find(b"%PDF-")
    if data[: max(0, begin)].strip():
        found.member("~leading", data[:begin])
    return found.unpacked()


def _weigh(data: bytes, found: Gathering) -> None:
    """Inflate every stream that is no picture, a piece at a time; raises ``Unreadable`` where it is too much in all.

    What stands in a stream behind its compressed data is read.
    """
    left = found.limits.body
    at = stop = 0
    while (begin := _STREAM.search(data, at)) is not None:
        at = begin.end()
        before = data[max(0, begin.start() - _DICTIONARY) : begin.start()]
        before = before[before.rfind(b"obj") + 1 :]
        if b"Flate" not in before and b"/Fl" not in before:
            continue
        picture = b"/Image" in before and b"/Subtype" in before
        inflated, end = _inflated(data, at, 16 * left if picture else left)
        if inflated > (16 * left if picture else left):
            raise Unreadable(Unread.TOO_LARGE, "unpacked")
        left -= 0 if picture else inflated
        if 0 <= stop < end:
            stop = data.find(b"endstream", end)
            behind = data[end:stop].strip(b"\r\n\0 ") if end > at and stop >= 0 else b""
            if len(behind) > 4:
                found.prose("/~stream", "", behind)
        at = end


def _inflated(data: bytes, start: int, most: int) -> tuple[int, int]:
    """Return how much comes out of the stream at ``start``, no more than a piece beyond ``most``, and where it ends."""
    stream, at, size = zlib.decompressobj(), start, 0
    try:
        rest = b""
        while not stream.eof and size <= most:
            piece = rest or data[at : at + _PIECE]
            at += 0 if rest else len(piece)
            if not piece:
                break
            size += len(stream.decompress(piece, _OUT))
            rest = stream.unconsumed_tail
    except zlib.error:
        return size, start
    return size, at - len(stream.unused_data) if stream.eof else start


def _revisions(data: bytes, ends: list[int], found: Gathering) -> None:
    """Read what earlier revisions hold that the last one does not."""
    found.notice("pdf.incremental")
    known = {row.text for row in found.rows} | {bytes(member.data) for member in found.members}
    for number, end in enumerate(ends[-_MOST_REVISIONS:], 1):
        older = Gathering(found.limits)
        older.left = found.left
        try:
            read_pages(data[:end], older)
            read_objects(data[:end], older)
        except Unreadable as fault:
            if fault.reason in (Unread.MALFORMED, Unread.ENCRYPTED):
                continue
            raise
        for row in older.rows:
            if row.text not in known:
                known.add(row.text)
                found.row(f"/~revision/{number}{row.where}", row.label, row.text)
        for member in older.members:
            if member.data not in known:
                known.add(member.data)
                found.member(member.name, member.data, member.media_type)
    if len(ends) > _MOST_REVISIONS:
        found.unread(Unread.TOO_MANY, "/~revision", ends[-_MOST_REVISIONS - 1], "members")


def _between(data: bytes, found: Gathering) -> None:
    """Add text that stands between objects: comments, and whatever else no object claims."""
    for stray in _gaps(data):
        if len(stray) > 4:
            found.prose("/~comment", "", stray)


def _gaps(data: bytes) -> Iterator[bytes]:
    at = data.find(b"%PDF-")
    at = at + 8 if at >= 0 else 0
    while True:
        following = _OBJECT.search(data, at)
        gap = data[at : following.start() if following else len(data)]
        skeleton = _SKELETON.search(gap)
        yield (gap[: skeleton.start()] if skeleton else gap).strip(b"\r\n\0 \t%")
        if following is None:
            return
        end = data.find(b"endobj", following.end())
        if end < 0:
            return
        at = end + len(b"endobj")


DOCUMENT = Document("pdf", unpack, apart=True)

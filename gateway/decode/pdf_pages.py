"""The pages of a PDF as PDFium reads them: text in the order of the file and in the order of the eye, and pictures."""

from __future__ import annotations

import ctypes
import re
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

from gateway.decode.door import Unreadable
from gateway.decode.gathering import Gathering
from gateway.vocabulary import Unread

_MOST_PAGES = 5000
_MOST_PIXELS = 40_000_000
_MOST_SEEN = 400_000
"""Characters that are put into the order of the eye in all: about a second's work."""
_DRAWING = 24
"""Drawn shapes on a page without any text that may be letters."""
_TAIL = re.compile(r"(?<![0-9A-Za-z])([A-Za-z]{0,2}\(?[0-9][0-9-]*+)[ \t]*+\Z")
_HEAD = re.compile(r"[ \t]*+([0-9-]++(?:[A-Za-z]|\([0-9A-Za-z]?\)?|\))?)(?![0-9A-Za-z])")
"""The two pieces of a number that is broken over lines."""
_LEAST_JOINED, _LONGEST = 8, 32
_NUMBER = re.compile(r"[0-9]{6}")
_UNMAPPED = re.compile("[\ue000-\uf8ff\ufffe\ufffd\0-\x08]")
_FORMATS = {1: ("L", 1), 2: ("BGR", 3), 3: ("BGRX", 4), 4: ("BGRA", 4)}


def read_pages(data: bytes, found: Gathering) -> None:
    """Add the text and the pictures of every page. Raises ``Unreadable``: ENCRYPTED, MALFORMED, TOO_MANY, TOO_LARGE."""
    # Native code is for the process that this runs in, so it is not loaded with the module.
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        reason = Unread.ENCRYPTED if "password" in str(fault).lower() else Unread.MALFORMED
        raise Unreadable(reason, "pdf") from None
    try:
        if len(document) > min(_MOST_PAGES, found.limits.segments):
            raise Unreadable(Unread.TOO_MANY, "segments")
        seen: set[bytes] = set()
        room = [_MOST_SEEN]
        for number in range(len(document)):
            try:
                _page(document, number, found, seen, room)
            except (pypdfium2.PdfiumError, ctypes.ArgumentError, ValueError):
                found.unread(Unread.MALFORMED, f"/{number + 1}", 0, "pdf")
    finally:
        document.close()


def _page(document: Any, number: int, found: Gathering, seen: set[bytes], room: list[int]) -> None:
    """Read one page: its text, its notes as they are drawn, its pictures."""
    from pypdfium2 import raw

    page, place = document[number], f"/{number + 1}"
    text = _text(page, place, found, room)
    pictures = drawn = 0
    for thing in page.get_objects(max_depth=8):
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
            _picture(thing, f"{place}/{pictures}", found, seen)
        drawn += thing.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
    if drawn >= _DRAWING and not text.strip():
        found.unread(Unread.UNKNOWN_FORMAT, place, 0, "picture")  # letters may have been drawn
    if raw.FPDFPage_GetAnnotCount(page) and raw.FPDFPage_Flatten(page, raw.FLAT_PRINT) == raw.FLATTEN_SUCCESS:
        with_notes = document[number].get_textpage().get_text_range()
        if with_notes != text:
            found.row(f"{place}/~notes", "", with_notes)
            _joined(with_notes, f"{place}/~notes", found)


def _text(page: Any, place: str, found: Gathering, room: list[int]) -> str:
    lines = page.get_textpage()
    text: str = lines.get_text_range()
    found.row(place, "", text)
    _joined(text, place, found)
    if (unmapped := len(_UNMAPPED.findall(text))) and 4 * unmapped >= len(text):
        found.unread(Unread.UNKNOWN_CHARSET, place, unmapped, "pdf")
    room[0] -= len(text)
    if len(text) > 1 and room[0] >= 0:
        seen = _as_seen(lines)
        words = seen.split()
        if "".join(words) != "".join(text.split()):
            found.row(f"{place}/~seen", "", seen)
            _joined(seen, f"{place}/~seen", found)
        else:
            apart = [word for word in words if _NUMBER.search(word) and word not in text]
            found.row(f"{place}/~seen", "", "\n".join(apart))
    return text


def _joined(text: str, place: str, found: Gathering) -> None:
    """Add numbers that are broken over two lines."""
    for first, second in pairwise(text.splitlines()):
        head, tail = _TAIL.search(first[-_LONGEST:]), _HEAD.match(second[:_LONGEST])
        if head and tail and len(head[1]) + len(tail[1]) >= _LEAST_JOINED:
            found.row(f"{place}/~joined", "", head[1].rstrip("-") + tail[1])


def _as_seen(lines: Any) -> str:
    """Return the characters of a page line by line from the left, wherever in the file they stand."""
    from pypdfium2 import raw

    code_of, origin_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin
    x, y = ctypes.c_double(), ctypes.c_double()
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    spots: list[tuple[float, float, str]] = []
    for index in range(lines.count_chars()):
        code = code_of(lines, index)
        character = chr(code) if code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"
        if not character.isspace() and code and origin_of(lines, index, at_x, at_y):
            spots.append((y.value, x.value, character))
    spots.sort(key=lambda spot: (-spot[0], spot[1]))
    out: list[str] = []
    for line in _lines(spots):
        line.sort()
        gaps = sorted(after[0] - before[0] for before, after in pairwise(line))
        usual = gaps[len(gaps) // 2] if gaps else 0.0
        for index, (across, character) in enumerate(line):
            if index and across - line[index - 1][0] > 1.35 * usual:
                out.append(" ")
            out.append(character)
        out.append("\n")
    return "".join(out)


def _lines(spots: list[tuple[float, float, str]]) -> Iterator[list[tuple[float, str]]]:
    """Yield the characters of each line: those whose feet are within two points of the first one's."""
    line: list[tuple[float, str]] = []
    foot = 0.0
    for down, across, character in spots:
        if line and foot - down > 2.0:
            yield line
            line = []
        if not line:
            foot = down
        line.append((across, character))
    if line:
        yield line


def _picture(thing: Any, place: str, found: Gathering, seen: set[bytes]) -> None:
    """Add a picture as a member, once however often it is drawn; one that cannot be taken out is opaque."""
    import pypdfium2

    name = f"image{place.replace('/', '-')}"
    try:
        wide, high = thing.get_px_size()
        if wide * high > _MOST_PIXELS or len(seen) >= found.limits.members:
            return found.unread(Unread.TOO_LARGE, place, 0, "picture")
        packed = bytes(thing.get_data())
        mark = sha256(packed + struct.pack("<II", wide, high)).digest()
        if mark in seen:
            return None
        seen.add(mark)
        filters = thing.get_filters()
        if filters == ["DCTDecode"]:
            return found.member(name, packed)
        found.member(name, _png(thing.get_bitmap(render=False)))
    except pypdfium2.PdfiumError:
        found.unread(Unread.UNKNOWN_FORMAT, place, 0, "picture")
    return None


def _png(bitmap: Any) -> bytes:
    """Write a bitmap of PDFium as PNG (W3C PNG, section 11.2)."""
    mode, width = _FORMATS[bitmap.format]
    data, step = bytes(bitmap.buffer), bitmap.stride
    rows = []
    for number in range(bitmap.height):
        row = bytearray(data[number * step : number * step + width * bitmap.width])
        if width > 1:
            row[0::width], row[2::width] = row[2::width], row[0::width]
        if mode == "BGRX":
            row[3::4] = _opaque(bitmap.width)
        rows.append(b"\0" + row)
    colour = {"L": 0, "BGR": 2, "BGRX": 6, "BGRA": 6}[mode]
    header = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 1)), (b"IEND", b""))
    )


@cache
def _opaque(width: int) -> bytes:
    return b"\xff" * width

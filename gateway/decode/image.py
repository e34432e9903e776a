"""Images: the text that travels with a picture, read chunk by chunk; the picture itself is opaque until it is read.

PNG, JPEG, GIF, WebP, TIFF, BMP: every chunk that is not the picture is read, of those that nobody knows the readable
runs. Of HEIC, AVIF and other ISO media files the EXIF block and the XMP packet are found. Bytes behind the end of an
image, before it or in its gaps are members.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.exif import Tables, iptc, profile
from gateway.decode.gathering import Gathering
from gateway.vocabulary import Limits, Unread

PICTURE = "picture"
_MOST_CHUNKS = 50_000
_INFLATED_FROM = 64 * 1024
_PNG_PICTURE = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"fdAT", b"fcTL", b"acTL", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"bKGD", b"pHYs",
     b"sBIT", b"hIST", b"tIME", b"cICP"}
)  # fmt: skip
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""What ends the data of a JPEG scan: any marker but those that restart it (ITU-T T.81, B.1.1.2)."""
_JPEG_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, *range(0xC0, 0xC4), *range(0xC5, 0xCC), 0xDA})
_JPEG_TABLES |= frozenset({0xCD, 0xCE, 0xCF})
_XMP_NAMES = (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_GIF_XMP, _GIF_XMP_END = b"XMP DataXMP", b"\x01\xff\xfe\xfd"
_PACKET = re.compile(rb"<x:xmpmeta\b.{0,1048576}?</x:xmpmeta>", re.DOTALL)
_EXIF = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_MOST_BLOCKS = 16


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return texts as rows, packets of XMP and stray bytes as members, the picture as opaque.

    Raises ``Unreadable`` where it is no image, a broken one, or beyond the limits.
    """
    found = Gathering(limits)
    try:
        _reader(data)(data, found)
    except (struct.error, IndexError):
        raise Unreadable(Unread.MALFORMED, "image") from None
    found.unread(Unread.UNKNOWN_FORMAT, "", len(data), PICTURE)
    return found.unpacked()


def _reader(data: bytes) -> Callable[[bytes, Gathering], None]:
    reader = next((read for magic, read in _READERS if data.startswith(magic)), None)
    if reader is None and data[4:8] == b"ftyp":
        reader = _media_file
    if reader is None:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "image")
    return reader


def _behind(data: bytes, end: int, found: Gathering) -> None:
    """Take what follows the end of an image."""
    if data[end:].strip(b"\0\r\n "):
        found.notice("image.trailing")
        found.member("~trailing", data[end:])


def _exif(body: bytes, found: Gathering) -> None:
    """Read an EXIF block; a broken one is read by its runs."""
    try:
        tables = Tables(body, found)
        tables.read()
        end = _gaps(body, tables, found)
        _gap(body[end:], found)
    except (struct.error, Unreadable) as fault:
        if isinstance(fault, Unreadable) and fault.reason is not Unread.MALFORMED:
            raise
        found.prose("/exif", "", body)


def _png(data: bytes, found: Gathering) -> None:
    at = 8
    for _ in range(_MOST_CHUNKS):
        size, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + size
        if end > len(data):
            break
        if kind not in _PNG_PICTURE:
            _png_chunk(kind, data[at + 8 : end - 4], found)
        at = end
        if kind == b"IEND":
            return _behind(data, at, found)
    raise Unreadable(Unread.MALFORMED, "image")


def _png_chunk(kind: bytes, body: bytes, found: Gathering) -> None:
    name, _, rest = body.partition(b"\0")
    if kind == b"tEXt":
        _keyed("tEXt", name, rest, found)
    elif kind == b"zTXt":
        _keyed("zTXt", name, _inflated(rest[1:], found), found)
    elif kind == b"iTXt":
        _, _, translated = rest[2:].partition(b"\0")
        translated, _, text = translated.partition(b"\0")
        found.octets("/iTXt", "", rest[2:].partition(b"\0")[0])
        found.octets("/iTXt", "", translated)
        _keyed("iTXt", name, _inflated(text, found) if rest[:1] == b"\x01" else text, found)
    elif kind == b"eXIf":
        _exif(body, found)
    elif kind == b"iCCP":
        found.octets("/icc", "", name)
        profile(_inflated(rest[1:], found), found)
    else:
        found.prose("/chunk", "", body)


def _keyed(kind: str, name: bytes, text: bytes, found: Gathering) -> None:
    """Add a text with its keyword; a packet of XMP is a document."""
    label = name.decode("utf-8", "replace")
    found.octets(f"/{kind}/~key", "", name)
    if label == "XML:com.adobe.xmp":
        found.member("xmp", text, "application/xml")
    else:
        found.octets(f"/{kind}", label[:64], text)


def _inflated(data: bytes, found: Gathering) -> bytes:
    """Inflate a chunk within the limits; what stands behind the stream in it is kept too."""
    ratio = max(_INFLATED_FROM, found.limits.ratio * len(data))
    stream = zlib.decompressobj()
    try:
        out = stream.decompress(data, min(found.left, ratio) + 1)
    except zlib.error:
        raise Unreadable(Unread.MALFORMED, "image") from None
    if len(out) > ratio:
        raise Unreadable(Unread.RATIO, "ratio")
    if len(out) > found.left:
        raise Unreadable(Unread.TOO_LARGE, "unpacked")
    return out + stream.unused_data


def _jpeg(data: bytes, found: Gathering) -> None:
    at = 2
    extended: list[bytes] = []
    for _ in range(_MOST_CHUNKS):
        if data[at] != 0xFF:
            raise Unreadable(Unread.MALFORMED, "image")
        marker = data[at + 1]
        if marker == 0xFF:
            at = next((each for each in range(at, min(at + 4096, len(data))) if data[each] != 0xFF), len(data)) - 1
        elif marker == 0xD9:
            found.member("xmp", b"".join(extended), "application/xml")
            return _behind(data, at + 2, found)
        elif marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 2
        else:
            (size,) = struct.unpack_from(">H", data, at + 2)
            if marker not in _JPEG_TABLES:
                _segment(marker, data[at + 4 : at + 2 + size], found, extended)
            at += 2 + size
            if marker == 0xDA:
                following = _MARKER.search(data, at)
                at = following.start() if following else len(data)
    raise Unreadable(Unread.MALFORMED, "image")


def _segment(marker: int, body: bytes, found: Gathering, extended: list[bytes]) -> None:
    if marker == 0xFE:
        found.octets("/comment", "", body)
    elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
        _exif(body[6:], found)
    elif marker == 0xE1 and body.startswith(_XMP_NAMES[0]):
        found.member("xmp", body[len(_XMP_NAMES[0]) :], "application/xml")
    elif marker == 0xE1 and body.startswith(_XMP_NAMES[1]):
        extended.append(body[len(_XMP_NAMES[1]) + 40 :])  # behind a GUID, the whole length and the offset
    elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        profile(body[14:], found)
    elif marker == 0xED:
        iptc(body.removeprefix(b"Photoshop 3.0\0"), found)
    else:
        found.prose(f"/app{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else "/segment", "", body)


def _gif(data: bytes, found: Gathering) -> None:
    flags = data[10]
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    for _ in range(_MOST_CHUNKS):
        kind = data[at]
        if kind == 0x3B:
            return _behind(data, at + 1, found)
        if kind == 0x21:
            label, begin = data[at + 1], at + 2
            if label == 0xFF and data.startswith(_GIF_XMP, begin + 1):
                # The packet lies bare; what follows leads readers of sub-blocks to the end of it.
                stop = data.find(_GIF_XMP_END, begin + 12)
                found.member("xmp", data[begin + 12 : stop if stop > 0 else len(data)], "application/xml")
            body, at = _blocks(data, begin)
            if label != 0xF9:
                found.prose("/comment" if label == 0xFE else "/text", "", body)
        elif kind == 0x2C:
            flags = data[at + 9]
            _, at = _blocks(data, at + 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))
        else:
            break
    raise Unreadable(Unread.MALFORMED, "image")


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    pieces = []
    while size := data[at]:
        pieces.append(data[at + 1 : at + 1 + size])
        at += 1 + size
    return b"".join(pieces), at + 1


def _webp(data: bytes, found: Gathering) -> None:
    (size,) = struct.unpack_from("<I", data, 4)
    at, end = 12, min(8 + size, len(data))
    for _ in range(_MOST_CHUNKS):
        if at + 8 > end:
            return _behind(data, 8 + size, found)
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind not in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"):
            body = data[at + 8 : at + 8 + length]
            if kind == b"EXIF":
                _exif(body.removeprefix(b"Exif\0\0"), found)
            elif kind == b"XMP ":
                found.member("xmp", body, "application/xml")
            else:
                found.prose("/chunk", "", body)
        at += 8 + length + (length & 1)
    raise Unreadable(Unread.TOO_MANY, "segments")


def _tiff(data: bytes, found: Gathering) -> None:
    """Read the tables, and take what neither they nor the picture account for."""
    tables = Tables(data, found)
    tables.read()
    _behind(data, _gaps(data, tables, found), found)


def _gaps(data: bytes, tables: Tables, found: Gathering) -> int:
    """Take what lies between all that ``tables`` lead to; return where the last of it ends."""
    done = 0
    for start, end in sorted(tables.spans):
        if start > done:
            _gap(data[done:start], found)
        done = max(done, end)
    return done


def _gap(stray: bytes, found: Gathering) -> None:
    if len(stray) > 3 and stray.strip(b"\0"):
        found.prose("/~gap", "", stray)


def _bmp(data: bytes, found: Gathering) -> None:
    size, _, pixels, header = struct.unpack_from("<IIII", data, 2)
    end = size
    if header >= 40:
        width, height, _, bits, packing = struct.unpack_from("<iiHHI", data, 18)
        if packing in (0, 3, 6):
            end = pixels + (width * bits + 31) // 32 * 4 * abs(height)
    _gap(data[14 + header : pixels], found)
    _behind(data, max(0, min(size or end, end)), found)


def _media_file(data: bytes, found: Gathering) -> None:
    """Find what stands in an ISO media file (HEIC, AVIF), whose items may lie anywhere."""
    for number, start in enumerate(_EXIF.finditer(data)):
        if number < _MOST_BLOCKS:
            _exif(data[start.end() : start.end() + (1 << 20)], found)
    for number, packet in enumerate(_PACKET.finditer(data)):
        if number < _MOST_BLOCKS:
            found.member("xmp", packet[0], "application/xml")
    found.prose("/header", "", data[: min(len(data), 1 << 16)])


_READERS: tuple[tuple[bytes, Callable[[bytes, Gathering], None]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8", _jpeg),
    (b"GIF8", _gif),
    (b"RIFF", _webp),
    (b"II*\0", _tiff),
    (b"MM\0*", _tiff),
    (b"BM", _bmp),
)
DOCUMENT = Document("image", unpack)

"""Images: the text that travels with a picture, read chunk by chunk; the picture itself is opaque until it is read.

PNG (tEXt, zTXt, iTXt, eXIf), JPEG (EXIF, XMP, IPTC, comments), GIF (comments, application data), WebP (EXIF, XMP), TIFF
(every tag that holds text), BMP; HEIC and AVIF are known and not read. What follows the end of an image is a member.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from gateway.decode import mime
from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Opaque, Unread

PICTURE = "picture"
_PNG, _GIF, _JPEG = b"\x89PNG\r\n\x1a\n", b"GIF8", b"\xff\xd8"
_MOST_CHUNKS = 20_000
_TEXT_SIZE = 1 << 20
_TAGS = {
    270: "ImageDescription", 271: "Make", 272: "Model", 305: "Software", 306: "DateTime", 315: "Artist",
    316: "HostComputer", 700: "XMP", 33432: "Copyright", 33723: "IPTC", 36867: "DateTimeOriginal", 37510: "UserComment",
    40091: "XPTitle", 40092: "XPComment", 40093: "XPAuthor", 40094: "XPKeywords", 40095: "XPSubject",
    42032: "CameraOwnerName", 42033: "BodySerialNumber",
}  # fmt: skip
_SUB_TABLES = {34665: "Exif", 34853: "GPS", 40965: "Interop"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_XP = range(40091, 40096)
_GPS = {1: "GPSLatitudeRef", 2: "GPSLatitude", 3: "GPSLongitudeRef", 4: "GPSLongitude", 29: "GPSDateStamp"}


class _Found:
    """What has been found of an image."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.members: list[Member] = []
        self.notices: list[str] = []

    def text(self, where: str, label: str, octets: bytes) -> None:
        text = mime.text_of(octets.strip(b"\0 "))
        if text:
            self.rows.append(Row(f"/{where}", label, text))

    def behind(self, data: bytes, end: int) -> None:
        """Take what follows the end of the image."""
        if data[end:].strip(b"\0\r\n "):
            self.notices.append("image.trailing")
            self.members.append(Member("~trailing", data[end:]))


def unpack(data: bytes, _said: Declared, _limits: Limits) -> Unpacked:
    """Return texts as rows, packets of XMP and trailing bytes as members, the picture as opaque."""
    found = _Found()
    try:
        _read(data, found)
    except (struct.error, IndexError):
        raise Unreadable(Unread.MALFORMED, "image") from None
    opaque = (Opaque(Unread.UNKNOWN_FORMAT, "", len(data), PICTURE),)
    return Unpacked(tuple(found.rows), tuple(found.members), opaque, tuple(found.notices))


def _read(data: bytes, found: _Found) -> None:
    if data.startswith(_PNG):
        _png(data, found)
    elif data.startswith(_JPEG):
        _jpeg(data, found)
    elif data.startswith(_GIF):
        _gif(data, found)
    elif data[:4] == b"RIFF":
        _webp(data, found)
    elif data[:4] in (b"II*\0", b"MM\0*"):
        _tiff(data, found)
    elif data[:2] == b"BM":
        found.behind(data, struct.unpack_from("<I", data, 2)[0])


def _png(data: bytes, found: _Found) -> None:
    at = 8
    for _ in range(_MOST_CHUNKS):
        size, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + size]
        at += 12 + size
        if at > len(data):
            break
        name, _, rest = body.partition(b"\0")
        if kind == b"tEXt":
            found.text("tEXt", mime.text_of(name), rest)
        elif kind == b"zTXt":
            found.text("zTXt", mime.text_of(name), _inflated(rest[1:]))
        elif kind == b"iTXt":
            _, _, text = rest[2:].partition(b"\0")
            _, _, text = text.partition(b"\0")
            found.text("iTXt", mime.text_of(name), _inflated(text) if rest[:1] == b"\x01" else text)
        elif kind == b"eXIf":
            _tiff(body, found)
        elif kind == b"IEND":
            found.behind(data, at)
            return
    raise Unreadable(Unread.MALFORMED, "image")


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _TEXT_SIZE)
    except zlib.error:
        raise Unreadable(Unread.MALFORMED, "image") from None


def _jpeg(data: bytes, found: _Found) -> None:
    at = 2
    for _ in range(_MOST_CHUNKS):
        if data[at] != 0xFF:
            raise Unreadable(Unread.MALFORMED, "image")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            found.behind(data, at + 2)
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 2
            continue
        (size,) = struct.unpack_from(">H", data, at + 2)
        body = data[at + 4 : at + 2 + size]
        _segment(marker, body, found)
        at += 2 + size
        if marker == 0xDA:
            at = _after_scan(data, at)
    raise Unreadable(Unread.MALFORMED, "image")


def _after_scan(data: bytes, at: int) -> int:
    """Return the offset of the marker that ends a scan."""
    while True:
        at = data.index(b"\xff", at) if b"\xff" in data[at : at + (1 << 24)] else len(data)
        if data[at + 1] not in (0, *range(0xD0, 0xD8)):
            return at
        at += 2


def _segment(marker: int, body: bytes, found: _Found) -> None:
    if marker == 0xFE:
        found.text("comment", "", body)
    elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
        _tiff(body[6:], found)
    elif marker == 0xE1 and body.startswith(b"http://ns.adobe.com/"):
        found.members.append(Member("xmp", body.partition(b"\0")[2], "application/xml"))
    elif marker == 0xED:
        for number, text in _iptc(body):
            found.text(f"iptc/{number}", "", text)
    elif 0xE0 <= marker <= 0xEF and body[:4] not in (b"JFIF", b"JFXX", b"ICC_", b"Adob"):
        found.text(f"app{marker - 0xE0}", "", bytes(byte for byte in body if byte == 0x0A or byte >= 0x20))


def _iptc(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the data sets of IPTC-NAA record 2."""
    at = body.find(b"\x1c\x02")
    while 0 <= at < len(body) - 5 and body[at] == 0x1C:
        size = int.from_bytes(body[at + 3 : at + 5], "big")
        yield body[at + 2], body[at + 5 : at + 5 + size]
        at += 5 + size


def _gif(data: bytes, found: _Found) -> None:
    flags = data[10]
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    for _ in range(_MOST_CHUNKS):
        kind = data[at]
        if kind == 0x3B:
            return found.behind(data, at + 1)
        if kind == 0x21:
            label = data[at + 1]
            body, at = _blocks(data, at + 2)
            if label in (0xFE, 0x01, 0xFF):
                found.text("comment" if label == 0xFE else "text", "", body)
        elif kind == 0x2C:
            flags = data[at + 9]
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
            _, at = _blocks(data, at)
        else:
            break
    raise Unreadable(Unread.MALFORMED, "image")


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    pieces = []
    while size := data[at]:
        pieces.append(data[at + 1 : at + 1 + size])
        at += 1 + size
    return b"".join(pieces), at + 1


def _webp(data: bytes, found: _Found) -> None:
    (size,) = struct.unpack_from("<I", data, 4)
    at, end = 12, min(8 + size, len(data))
    for _ in range(_MOST_CHUNKS):
        if at + 8 > end:
            break
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"EXIF":
            _tiff(body.removeprefix(b"Exif\0\0"), found)
        elif kind == b"XMP ":
            found.members.append(Member("xmp", body, "application/xml"))
        at += 8 + length + (length & 1)
    found.behind(data, 8 + size)


def _tiff(data: bytes, found: _Found) -> None:
    """Read every table of tags; a table that was read is not read again."""
    if data[:2] not in (b"II", b"MM") or len(data) < 8:
        return
    order = "<" if data[:2] == b"II" else ">"
    waiting = [(struct.unpack_from(f"{order}I", data, 4)[0], "")]
    seen: set[int] = set()
    while waiting and len(seen) < 64:
        at, table = waiting.pop()
        if at in seen or not 8 <= at <= len(data) - 2:
            continue
        seen.add(at)
        (count,) = struct.unpack_from(f"{order}H", data, at)
        for entry in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12):
            tag, kind, number = struct.unpack_from(f"{order}HHI", data, entry)
            size = _SIZES.get(kind, 1) * number
            offset = entry + 8 if size <= 4 else struct.unpack_from(f"{order}I", data, entry + 8)[0]
            body = data[offset : offset + size]
            if tag in _SUB_TABLES and len(body) >= 4:
                waiting.append((struct.unpack_from(f"{order}I", body)[0], _SUB_TABLES[tag]))
            else:
                _tag(tag, kind, body, table, order, found)
        following = at + 2 + 12 * count
        if following + 4 <= len(data):
            waiting.append((struct.unpack_from(f"{order}I", data, following)[0], table))


def _tag(tag: int, kind: int, body: bytes, table: str, order: str, found: _Found) -> None:
    name = _GPS.get(tag, f"{table}/{tag}") if table == "GPS" else _TAGS.get(tag, f"{table}/{tag}")
    if tag in _XP:
        found.text(f"exif/{name}", name, body.decode("utf-16-le", "replace").rstrip("\0").encode())
    elif tag == 37510:
        text = body[8:]
        if body.startswith(b"UNICODE"):
            text = text.decode("utf-16-le" if order == "<" else "utf-16-be", "replace").rstrip("\0").encode()
        found.text(f"exif/{name}", name, text)
    elif tag == 700:
        found.members.append(Member("xmp", body, "application/xml"))
    elif tag == 33723:
        for number, text in _iptc(body):
            found.text(f"iptc/{number}", "", text)
    elif kind == 2:
        found.text(f"exif/{name}", name, body)
    elif table == "GPS" and kind == 5 and tag in (2, 4):
        numbers = struct.unpack_from(f"{order}{len(body) // 4}I", body)
        degrees = [top / bottom for top, bottom in zip(numbers[::2], numbers[1::2], strict=False) if bottom]
        found.text(f"exif/{name}", name, " ".join(f"{each:g}" for each in degrees).encode())


DOCUMENT = Document("image", unpack)

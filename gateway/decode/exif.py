"""What travels with pictures of every format: EXIF and TIFF tables (TIFF 6.0, CIPA DC-008), IPTC, colour profiles."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping

from gateway.decode import mime
from gateway.decode.door import Unreadable
from gateway.decode.gathering import Gathering
from gateway.vocabulary import Unread

_TAGS = {
    269: "DocumentName", 270: "ImageDescription", 271: "Make", 272: "Model", 285: "PageName", 305: "Software",
    306: "DateTime", 315: "Artist", 316: "HostComputer", 33432: "Copyright", 36867: "DateTimeOriginal",
    40091: "XPTitle", 40092: "XPComment", 40093: "XPAuthor", 40094: "XPKeywords", 40095: "XPSubject",
    37500: "MakerNote", 37510: "UserComment", 42016: "ImageUniqueID", 42032: "CameraOwnerName",
    42033: "BodySerialNumber",
}  # fmt: skip
_GPS = {1: "GPSLatitudeRef", 2: "GPSLatitude", 3: "GPSLongitudeRef", 4: "GPSLongitude", 27: "GPSProcessingMethod",
        28: "GPSAreaInformation", 29: "GPSDateStamp"}  # fmt: skip
_TABLES = {34665: "Exif", 34853: "GPS", 40965: "Interop", 330: ""}
"""Tags that lead to other tables."""
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_FORMS = {3: "H", 4: "I", 13: "I"}
_ASCII, _RATIONAL = 2, 5
_TEXTS = frozenset({1, _ASCII, 6, 7})
"""Types that can bear text: bytes, ASCII, signed bytes, undefined."""
_USER_COMMENT = 37510
_XP = range(40091, 40096)
_THUMBNAIL = 513
_PIECES = {273: 279, 324: 325, _THUMBNAIL: 514}
"""Tags that say where the picture (or a smaller one) lies, and those that say how long each piece of it is."""
_PICTURES = frozenset({*_PIECES, *_PIECES.values()})
_MOST_TABLES = 256
_MOST_TAGS = 65_536
_IPTC_NAMES = {5: "title", 25: "keywords", 80: "author", 90: "city", 101: "country", 105: "headline", 110: "credit",
               116: "copyright", 118: "contact", 120: "caption", 122: "writer"}  # fmt: skip


class Tables:
    """One reading of the tables of tags of a TIFF or an EXIF block; a table that was read is not read again."""

    def __init__(self, data: bytes, found: Gathering) -> None:
        self._data = data
        self._found = found
        self._order = "<" if data[:2] == b"II" else ">"
        self._tags = _MOST_TAGS
        self._position: dict[str, str] = {}
        self.spans: list[tuple[int, int]] = [(0, 8)]
        """What the tables account for, from start to end each."""

    def read(self) -> None:
        """Add every text that stands in a tag. Raises ``Unreadable`` beyond the limits, ``struct.error`` on a ruin."""
        if self._data[:2] not in (b"II", b"MM") or len(self._data) < 8:
            raise Unreadable(Unread.MALFORMED, "image")
        waiting = [(self._numbers("I", 4, 1)[0], "")]
        seen: set[int] = set()
        while waiting:
            at, table = waiting.pop()
            if at in seen or not 8 <= at <= len(self._data) - 2:
                continue
            if len(seen) >= _MOST_TABLES:
                raise Unreadable(Unread.TOO_MANY, "segments")
            seen.add(at)
            waiting += self._table(at, table)
        if "GPSLatitude" in self._position and "GPSLongitude" in self._position:
            self._found.row(
                "/exif/GPSPosition", "GPSPosition", f"{self._degrees('Latitude')}, {self._degrees('Longitude')}"
            )

    def _numbers(self, form: str, at: int, count: int) -> tuple[int, ...]:
        return struct.unpack_from(f"{self._order}{count}{form}", self._data, at)

    def _table(self, at: int, table: str) -> Iterator[tuple[int, str]]:
        """Read one table; yield where others lie and what they are."""
        (count,) = self._numbers("H", at, 1)
        end = at + 2 + 12 * count
        self.spans.append((at, end + 4))
        self._tags -= count
        if self._tags < 0:
            raise Unreadable(Unread.TOO_MANY, "segments")
        pieces: dict[int, tuple[int, ...]] = {}
        for entry in range(at + 2, min(end, len(self._data) - 11), 12):
            tag, kind, number = struct.unpack_from(f"{self._order}HHI", self._data, entry)
            size = _SIZES.get(kind, 1) * number
            offset = entry + 8 if size <= 4 else self._numbers("I", entry + 8, 1)[0]
            size = max(0, min(size, len(self._data) - offset))
            self.spans.append((offset, offset + size))
            if tag in _TABLES and kind in _FORMS:
                numbers = self._numbers(_FORMS[kind], offset, min(size // _SIZES[kind], _MOST_TABLES))
                yield from ((each, _TABLES[tag]) for each in numbers)
            elif tag in _PICTURES and kind in _FORMS:
                pieces[tag] = self._numbers(_FORMS[kind], offset, size // _SIZES[kind])
            else:
                self._tag(tag, kind, offset, size, table)
        self._pictures(pieces)
        if end + 4 <= len(self._data):
            yield self._numbers("I", end, 1)[0], table

    def _pictures(self, pieces: Mapping[int, tuple[int, ...]]) -> None:
        """Note where the picture lies; a smaller one is a picture of its own."""
        for starts, sizes in _PIECES.items():
            lies = [*zip(pieces.get(starts, ()), pieces.get(sizes, ()), strict=False)]
            self.spans += [(start, start + size) for start, size in lies]
            if starts == _THUMBNAIL:
                for start, size in lies:
                    self._found.member("thumbnail", self._data[start : start + size])

    def _tag(self, tag: int, kind: int, offset: int, size: int, table: str) -> None:
        """Read one value: a packet, a place on earth, or a text."""
        body = self._data[offset : offset + size] if kind in _TEXTS or tag in _PACKETS else b""
        if tag in _PACKETS:
            _PACKETS[tag](body, self._found)
        elif table == "GPS":
            self._gps(tag, kind, offset, size, body)
        elif kind in _TEXTS:
            self._text(tag, kind, body)

    def _text(self, tag: int, kind: int, body: bytes) -> None:
        name = _TAGS.get(tag, str(tag))
        where, found = f"/exif/{name}", self._found
        if tag in _XP:
            found.row(where, name, body.decode("utf-16-le", "replace").rstrip("\0"))
        elif tag == _USER_COMMENT and body.startswith(b"UNICODE\0"):
            charset = "utf-16-le" if self._order == "<" else "utf-16-be"
            found.row(where, name, body[8:].decode(charset, "replace").rstrip("\0"))
        elif tag == _USER_COMMENT or kind == _ASCII:
            found.octets(where, name, body[8:] if tag == _USER_COMMENT else body)
        else:
            found.prose(where, name, body)

    def _gps(self, tag: int, kind: int, offset: int, size: int, body: bytes) -> None:
        name = _GPS.get(tag, f"GPS{tag}")
        if kind == _ASCII:
            self._position[name] = mime.text_of(body.strip(b"\0 "))
            self._found.octets(f"/exif/{name}", name, body)
        elif kind == _RATIONAL and tag in (2, 4):
            numbers = self._numbers("I", offset, size // 8 * 2)[:6]
            parts = [top / bottom if bottom else 0.0 for top, bottom in zip(numbers[::2], numbers[1::2], strict=True)]
            self._position[name] = str(sum(part / 60**power for power, part in enumerate(parts)))
        else:
            self._found.prose(f"/exif/{name}", name, body)

    def _degrees(self, name: str) -> str:
        """Return a coordinate in decimal degrees, south and west negative (ISO 6709 in human form)."""
        sign = -1 if self._position.get(f"GPS{name}Ref", "")[:1].upper() in ("S", "W") else 1
        return f"{sign * float(self._position[f'GPS{name}']):.6f}"


def iptc(body: bytes, found: Gathering) -> None:
    """Add the data sets of IPTC-NAA record 2, and what else stands in the resources around them."""
    at = begin = max(0, body.find(b"\x1c\x02"))
    while at + 5 <= len(body) and body[at] == 0x1C:
        size = int.from_bytes(body[at + 3 : at + 5], "big")
        number = body[at + 2]
        if body[at + 1] == 2 and number:
            name = _IPTC_NAMES.get(number, "")
            found.octets(f"/iptc/{number}", name, body[at + 5 : at + 5 + size])
        at += 5 + size
    found.prose("/iptc", "", body[:begin] + body[max(begin, at) :])


def profile(body: bytes, found: Gathering) -> None:
    """Add the texts of a colour profile (ICC.1, sections 10.15 and 10.24): its description, its copyright."""
    found.prose("/icc", "", body)


def packet(body: bytes, found: Gathering) -> None:
    """Add a packet of XMP."""
    found.member("xmp", body, "application/xml")


_PACKETS: Mapping[int, Callable[[bytes, Gathering], None]] = {700: packet, 33723: iptc, 34377: iptc, 34675: profile}

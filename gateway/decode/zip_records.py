"""The records of a ZIP archive (PKWARE APPNOTE 6.3): central directory, local headers, and where each lies."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from gateway.decode.door import Unreadable
from gateway.vocabulary import Unread

_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"
_LOCATOR64 = b"PK\x06\x07"
_CENTRAL = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"
_DESCRIPTOR = b"PK\x07\x08"
_END_SIZE, _CENTRAL_SIZE, _LOCAL_SIZE = 22, 46, 30
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED, _DESCRIBED, UTF8 = 0x1, 0x8, 0x800


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive, by its central record and its local one."""

    name: bytes = field(repr=False)
    local_name: bytes = field(repr=False)
    extra: bytes = field(repr=False)
    local_extra: bytes = field(repr=False)
    comment: bytes = field(repr=False)
    flags: int
    method: int
    crc: int
    packed: int  # bytes in the archive
    size: int  # bytes once unpacked
    record: tuple[int, int]  # span of the central record
    local: int  # offset of the local record
    start: int  # of the data
    end: int  # of the data and of the descriptor behind it
    wide: bool  # sizes or offset stand in a zip64 field

    @property
    def encrypted(self) -> bool:
        """Whether the data are."""
        return bool(self.flags & _ENCRYPTED)


@dataclass(frozen=True, slots=True)
class Directory:
    """The central directory, and where it and its end lie."""

    entries: tuple[Entry, ...]
    start: int
    end: int  # of the end record and its comment
    end_record: int  # offset of the end record
    comment: bytes = field(repr=False)
    shift: int = 0
    """Bytes that stand before the archive, by which all of its offsets are too small."""


def _malformed() -> Unreadable:
    return Unreadable(Unread.MALFORMED, "zip")


def directory(data: bytes, most: int) -> Directory:
    """Read the central directory and the local headers; raise ``Unreadable`` beyond ``most`` entries or on a fault."""
    at = data.rfind(_END, max(0, len(data) - _END_SIZE - _FULL16))
    if at < 0 or at + _END_SIZE > len(data):
        raise _malformed()
    disk, first_disk, here, count, size, offset, length = struct.unpack_from("<HHHHIIH", data, at + 4)
    end = at + _END_SIZE + length
    if end > len(data) or disk or first_disk or here != count:
        raise _malformed()
    top = at
    if count == _FULL16 or _FULL32 in (size, offset):
        top, count, size, offset = _end64(data, at)
    if count > most:
        raise Unreadable(Unread.TOO_MANY, "members")
    start = top - size
    shift = start - offset
    if start < 0 or shift < 0 or size < count * _CENTRAL_SIZE:
        raise _malformed()
    entries, position = [], start
    for _ in range(count):
        entry = _entry(data, position, shift)
        entries.append(entry)
        position = entry.record[1]
    if position > top:
        raise _malformed()
    return Directory(tuple(entries), start, end, at, data[at + _END_SIZE : end], shift)


def _end64(data: bytes, at: int) -> tuple[int, int, int, int]:
    """Return offset of the zip64 end record, number of entries, size and offset of the directory."""
    locator = at - 20
    if locator < 0 or data[locator : locator + 4] != _LOCATOR64:
        raise _malformed()
    top = data.rfind(_END64, max(0, locator - 4096), locator)
    if top < 0 or top + 56 > locator:
        raise _malformed()
    here, count, size, offset = struct.unpack_from("<QQQQ", data, top + 24)
    if here != count:
        raise _malformed()
    return top, count, size, offset


def _entry(data: bytes, at: int, shift: int) -> Entry:
    if data[at : at + 4] != _CENTRAL or at + _CENTRAL_SIZE > len(data):
        raise _malformed()
    flags, method, _, _, crc, packed, size, named, extended, commented = struct.unpack_from("<HHHHIIIHHH", data, at + 8)
    (offset,) = struct.unpack_from("<I", data, at + 42)
    begin = at + _CENTRAL_SIZE
    name = data[begin : begin + named]
    extra = data[begin + named : begin + named + extended]
    end = begin + named + extended + commented
    comment = data[begin + named + extended : end]
    wide = _FULL32 in (packed, size, offset)
    if wide:
        packed, size, offset = _wide(extra, packed, size, offset)
    local = offset + shift
    if end > len(data) or local + _LOCAL_SIZE > len(data) or data[local : local + 4] != _LOCAL:
        raise _malformed()
    local_named, local_extended = struct.unpack_from("<HH", data, local + 26)
    names = local + _LOCAL_SIZE
    start = names + local_named + local_extended
    tail = start + packed
    if tail > len(data):
        raise _malformed()
    return Entry(
        name,
        data[names : names + local_named],
        extra,
        data[names + local_named : start],
        comment,
        flags | struct.unpack_from("<H", data, local + 6)[0] & _ENCRYPTED,
        method,
        crc,
        packed,
        size,
        (at, end),
        local,
        start,
        _behind(data, tail, crc) if flags & _DESCRIBED else tail,
        wide,
    )


def _behind(data: bytes, tail: int, crc: int) -> int:
    """Return the end of the data descriptor at ``tail``, which bears a signature or not, and sizes of 4 or 8 bytes."""
    begin = tail + 4 if data[tail : tail + 4] == _DESCRIPTOR else tail
    if data[begin : begin + 4] != crc.to_bytes(4, "little"):
        return tail
    narrow = data[begin + 12 : begin + 16]
    return begin + 12 if narrow[:2] == b"PK" or begin + 20 > len(data) else begin + 20


def _wide(extra: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    """Read what is too large for its field from the zip64 extra field."""
    for kind, value in fields(extra):
        if kind != 1:
            continue
        at = 0
        found = []
        for given in (size, packed, offset):
            if given == _FULL32:
                if at + 8 > len(value):
                    raise _malformed()
                given = int.from_bytes(value[at : at + 8], "little")
                at += 8
            found.append(given)
        return found[1], found[0], found[2]
    raise _malformed()


def fields(extra: bytes) -> list[tuple[int, bytes]]:
    """Return the extra fields as (kind, value); what is no field is of kind -1."""
    found, at = [], 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if at + 4 + length > len(extra):
            break
        found.append((kind, extra[at + 4 : at + 4 + length]))
        at += 4 + length
    if extra[at:].strip(b"\0"):
        found.append((-1, extra[at:]))
    return found


def patched(data: bytes, directory: Directory, bodies: dict[int, tuple[bytes, int, int]]) -> bytes:
    """Return the archive with other packed bodies (bytes, CRC, size unpacked) at these indices, all else as it was."""
    pieces: list[bytes] = []
    moved: dict[int, int] = {}
    done = grown = 0
    for index in sorted(range(len(directory.entries)), key=lambda at: directory.entries[at].local):
        entry = directory.entries[index]
        pieces.append(data[done : entry.local])
        moved[index] = entry.local + grown - directory.shift
        done = entry.local
        if index in bodies:
            body, crc, size = bodies[index]
            sums = struct.pack("<III", crc, len(body), size)
            head = data[entry.local : entry.start]
            tail = data[entry.start + entry.packed : entry.end]
            if not entry.flags & _DESCRIBED:
                head = head[:14] + sums + head[26:]
            elif tail:
                tail = tail[:-12] + sums
            pieces += [head, body, tail]
            done = entry.end
            grown += len(body) - entry.packed
    pieces.append(data[done : directory.start])
    for index, entry in enumerate(directory.entries):
        record = bytearray(data[slice(*entry.record)])
        if index in bodies:
            body, crc, size = bodies[index]
            struct.pack_into("<III", record, 16, crc, len(body), size)
        struct.pack_into("<I", record, 42, moved[index])
        pieces.append(bytes(record))
    end = bytearray(data[directory.entries[-1].record[1] :] if directory.entries else data[directory.start :])
    behind = len(data) - len(end)
    struct.pack_into("<I", end, directory.end_record - behind + 16, directory.start + grown - directory.shift)
    return b"".join([*pieces, bytes(end)])

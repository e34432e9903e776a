"""ZIP archives, with every byte accounted for: members, names, comments, extra fields, gaps, what stands around.

Members are found by the central directory, as most readers do. Bytes that belong to no member are a member of their
own (``~hidden``), so that a second archive in a gap is read or named. Members that overlap are refused: that is how a
small archive becomes a very large one.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import zstandard

from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.decode.places import step
from gateway.decode.splicing import Unwritable
from gateway.decode.zip_records import UTF8, Directory, Entry, directory, fields, patched
from gateway.vocabulary import Limits, Opaque, Unread

_STORED, _DEFLATED, _BZIP2, _LZMA, _ZSTD = 0, 8, 12, 14, 93
_RATIO_FROM = 64 * 1024
_PIECE = 64 * 1024
_USUAL_FIELDS = frozenset({0x0001, 0x000A, 0x000D, 0x5455, 0x5855, 0x7855, 0x7875, 0xA220, 0xCAFE, 0xD935})
"""Sizes, times and owners; a fixed mark of Java; padding. All else is read."""
HIDDEN = "~hidden"


class _Stream(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return at most ``max_length`` bytes."""


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return the files of the archive as members, all other text as rows."""
    return opened(data, limits)[0]


def opened(data: bytes, limits: Limits) -> tuple[Unpacked, tuple[int, ...]]:
    """Unpack an archive; return also the number of the entry that each member is, -1 where it is none."""
    found = directory(data, limits.members)
    rows: list[Row] = []
    members: list[Member] = []
    numbers: list[int] = []
    opaque: list[Opaque] = []
    notices: list[str] = []
    for where, hidden in _hidden(data, found):
        notices.append("zip.hidden_bytes")
        members.append(Member(f"{HIDDEN}{where}", hidden))
        numbers.append(-1)
    names = [entry.name for entry in found.entries]
    if len(set(names)) < len(names):
        notices.append("zip.duplicate_name")
    if any(entry.name != entry.local_name for entry in found.entries):
        notices.append("zip.two_names")
    room = limits.body
    for number, entry in enumerate(found.entries):
        name, *others = _names(entry)
        place = f"/{step(name)}"
        rows += [Row(f"{place}/~name", "", other) for other in others]
        rows += _extras(entry, place, opaque)
        try:
            body = _body(data, entry, min(room, max(_RATIO_FROM, limits.ratio * max(1, entry.packed))), room)
        except Unreadable as fault:
            opaque.append(Opaque(fault.reason, place, entry.packed, fault.detail))
            if fault.reason is Unread.TOO_LARGE:
                break
            body = b""
        room -= len(body)
        members.append(Member(name, body))
        numbers.append(number)
    if found.comment:
        rows.append(Row("/~comment", "", _text(found.comment)[0]))
    return Unpacked(tuple(rows), tuple(members), tuple(opaque), tuple(dict.fromkeys(notices))), tuple(numbers)


def _hidden(data: bytes, found: Directory) -> Iterator[tuple[int, bytes]]:
    """Yield what lies between the members, before and behind them; raises ``Unreadable`` where members overlap."""
    done = 0
    for entry in sorted(found.entries, key=lambda entry: entry.local):
        if entry.local < done:
            raise Unreadable(Unread.MALFORMED, "zip overlap")
        if data[done : entry.local].strip(b"\0"):
            yield done, data[done : entry.local]
        done = entry.end
    if done > found.start:
        raise Unreadable(Unread.MALFORMED, "zip overlap")
    last = found.entries[-1].record[1] if found.entries else found.start
    for start, end in ((done, found.start), (found.end, len(data))):
        if data[start:end].strip(b"\0"):
            yield start, data[start:end]
    between = data[last : found.end_record]
    if between and not between.startswith(b"PK\x06\x06") and between.strip(b"\0"):
        yield last, between


def _names(entry: Entry) -> list[str]:
    """Return the name of a file in every plausible reading, and the other names that it bears."""
    names = [entry.name.decode("utf-8", "replace")] if entry.flags & UTF8 else _text(entry.name)
    if entry.local_name != entry.name:
        names += _text(entry.local_name)
    return list(dict.fromkeys(names)) or [""]


def _text(octets: bytes) -> list[str]:
    """Return octets in every plausible charset: APPNOTE says cp437, systems in China write their own."""
    try:
        return [octets.decode("utf-8")]
    except UnicodeDecodeError:
        pass
    found = []
    for charset in ("gb18030", "big5hkscs", "cp437"):
        try:
            found.append(octets.decode(charset))
        except UnicodeDecodeError:
            continue
    return found


def _extras(entry: Entry, place: str, opaque: list[Opaque]) -> Iterator[Row]:
    """Yield the comment and the extra fields that hold text; name those that hold something else."""
    if entry.comment:
        yield from (Row(f"{place}/~comment", "", text) for text in _text(entry.comment))
    for kind, value in {*fields(entry.extra), *fields(entry.local_extra)}:
        if kind in _USUAL_FIELDS or not value.strip(b"\0"):
            continue
        value = value[5:] if kind in (0x7075, 0x6375) else value  # Info-ZIP: a name or a comment behind a checksum
        try:
            yield Row(f"{place}/~extra", "", value.decode("utf-8"))
        except UnicodeDecodeError:
            opaque.append(Opaque(Unread.UNKNOWN_FORMAT, f"{place}/~extra", len(value), "zip"))


def _body(data: bytes, entry: Entry, most: int, room: int) -> bytes:
    """Unpack one file, no further than ``most`` bytes; raises ``Unreadable``."""
    if entry.encrypted:
        raise Unreadable(Unread.ENCRYPTED, "zip")
    packed = data[entry.start : entry.start + entry.packed]
    if entry.method == _STORED:
        body = packed
    else:
        open_stream = _STREAMS.get(entry.method)
        if open_stream is None:
            raise Unreadable(Unread.UNKNOWN_CODING, "zip")
        body = _inflated(open_stream, packed, most, room)
    if len(body) > room:
        raise Unreadable(Unread.TOO_LARGE, "unpacked")
    if zlib.crc32(body) != entry.crc or len(body) != entry.size:
        raise Unreadable(Unread.MALFORMED, "zip")
    return body


def _inflated(open_stream: Callable[[bytes], tuple[_Stream, bytes]], packed: bytes, most: int, room: int) -> bytes:
    out: list[bytes] = []
    left = most
    try:
        stream, packed = open_stream(packed)
        rest = packed
        while True:
            piece = stream.decompress(rest, left + 1)
            out.append(piece)
            left -= len(piece)
            if left < 0:
                reason = (Unread.TOO_LARGE, "unpacked") if most == room else (Unread.RATIO, "ratio")
                raise Unreadable(*reason)
            rest = getattr(stream, "unconsumed_tail", b"")
            if getattr(stream, "eof", False) or (not piece and not rest):
                break
    except (zlib.error, OSError, EOFError, ValueError, lzma.LZMAError, zstandard.ZstdError):
        raise Unreadable(Unread.MALFORMED, "zip") from None
    if getattr(stream, "unused_data", b""):
        raise Unreadable(Unread.MALFORMED, "zip")
    return b"".join(out)


def _lzma(packed: bytes) -> tuple[_Stream, bytes]:
    """Open a stream of method 14: version, size of the properties, properties, data."""
    size = int.from_bytes(packed[2:4], "little")
    if size != 5 or len(packed) < 9:
        raise Unreadable(Unread.MALFORMED, "zip")
    first, dictionary = packed[4], int.from_bytes(packed[5:9], "little")
    if first >= 225 or dictionary > 64 * 1024 * 1024:
        raise Unreadable(Unread.MALFORMED, "zip")
    filters = [
        {
            "id": lzma.FILTER_LZMA1,
            "dict_size": max(4096, dictionary),
            "lc": first % 9,
            "lp": first // 9 % 5,
            "pb": first // 45,
        }
    ]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters), packed[9:]


class _Zstd:
    """zstd with the manners of the others: read in one go, since its frames say how large they are."""

    def __init__(self) -> None:
        self._done = False

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._done:
            return b""
        self._done = True
        reader = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).stream_reader(
            data, read_across_frames=True
        )
        return reader.read(max_length)


_STREAMS: Mapping[int, Callable[[bytes], tuple[_Stream, bytes]]] = {
    _DEFLATED: lambda packed: (zlib.decompressobj(-15), packed),
    _BZIP2: lambda packed: (bz2.BZ2Decompressor(), packed),
    _LZMA: _lzma,
    _ZSTD: lambda packed: (_Zstd(), packed),
}


def pack(data: bytes, _said: Declared, replacements: Mapping[int, bytes]) -> bytes:
    """Put other files in the place of these members; everything else stays byte for byte."""
    if not replacements:
        return data
    members = opened(data, Limits(body=1 << 40, ratio=1 << 30, members=1 << 20))[1]
    found = directory(data, 1 << 20)
    bodies: dict[int, tuple[bytes, int, int]] = {}
    for number, body in replacements.items():
        index = members[number]
        if index < 0:
            raise Unwritable("bytes that belong to no member")
        entry = found.entries[index]
        if entry.wide or found.shift or entry.end - entry.start - entry.packed > 16:
            raise Unwritable("a zip64 archive")
        bodies[index] = (_packed(entry.method, body), zlib.crc32(body), len(body))
    return patched(data, found, bodies)


def _packed(method: int, body: bytes) -> bytes:
    if method == _STORED:
        return body
    if method == _DEFLATED:
        stream = zlib.compressobj(wbits=-15)
        return stream.compress(body) + stream.flush()
    if method == _BZIP2:
        return bz2.compress(body)
    if method == _ZSTD:
        return zstandard.compress(body)
    raise Unwritable("method of the archive is only read")


DOCUMENT = Document("zip", unpack, pack)

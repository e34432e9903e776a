"""Content codings (RFC 9110 section 8.4): bounded inflating, and deflating again.

Each decoder is fed in pieces and asked for a bounded output, so that neither a bomb nor a long chain of tiny members
costs more than the limits say. Whatever follows a finished stream, or is missing from it, is a fault.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import brotlicffi
import zstandard

from gateway.decode.door import Unreadable
from gateway.vocabulary import Limits, Unread

_PIECE = 64 * 1024
_ZSTD_PIECE = 256
"""A zstd block of four bytes may stand for 128 KiB, so 256 bytes of input for 8 MiB at most."""
_ZSTD_WINDOW = 8 * 1024 * 1024
"""RFC 8878 section 3.1.1.1.2 recommends decoders to support this much."""
_MEMBERS = 1024
_RATIO_FROM = 64 * 1024
_GZIP, _ZLIB, _RAW = 31, 15, -15
_GZIP_EXTRAS = 0x1C
"""Flags of RFC 1952 section 2.3.1: an extra field, a file name, a comment."""
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Inflated:
    """A body without its content codings; ``layers`` are what to apply again, first to last."""

    data: bytes
    layers: tuple[str, ...] = ()
    extras: bool = False
    """A gzip header carried a name, a comment or a field of its own."""


@dataclass(slots=True)
class _Room:
    """How many bytes may still come out of one layer."""

    left: int
    reason: Unread
    detail: str

    def take(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise Unreadable(self.reason, self.detail)
        return data


def inflate(data: bytes, header: bytes, limits: Limits) -> Inflated:
    """Undo the codings named by a Content-Encoding ``header``; raise ``Unreadable`` beyond ``limits`` or on a fault."""
    names = [name for part in header.decode("latin-1").lower().split(",") if (name := part.strip()) != "identity"]
    names = [name for name in names if name]
    if len(names) > limits.codings:
        raise Unreadable(Unread.TOO_DEEP, "codings")
    wire, layers, extras = len(data), [], False
    for name in reversed(names):
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise Unreadable(Unread.UNKNOWN_CODING, name if name in _KNOWN else "")
        by_ratio = max(_RATIO_FROM, limits.ratio * wire)
        room = (
            _Room(limits.body, Unread.TOO_LARGE, "body")
            if limits.body <= by_ratio
            else _Room(by_ratio, Unread.RATIO, "ratio")
        )
        extras = extras or (name.endswith("gzip") and len(data) > 3 and bool(data[3] & _GZIP_EXTRAS))
        data, layer = decoder(data, room)
        layers.append(layer)
    return Inflated(data, tuple(reversed(layers)), extras)


def deflate(data: bytes, layers: tuple[str, ...]) -> bytes:
    """Apply ``layers`` (as ``inflate`` returned them) to ``data``."""
    for layer in layers:
        data = _ENCODERS[layer](data)
    return data


def _members(coding: str) -> Iterator[int]:
    """Count members of a stream of several; beyond the limit nobody reads on."""
    yield from range(_MEMBERS)
    raise Unreadable(Unread.TOO_MANY, f"{coding} members")


def _zlib_member(data: bytes, start: int, window: int, room: _Room, coding: str) -> tuple[bytes, int]:
    """Inflate one member from ``start``; return what came out and the offset behind it."""
    stream, out, position = zlib.decompressobj(window), [], start
    while not stream.eof:
        piece = data[position : position + _PIECE]
        if not piece:
            raise Unreadable(Unread.MALFORMED, f"{coding} truncated")
        out.append(room.take(stream.decompress(piece, room.left + 1)))
        position += len(piece) - len(stream.unused_data)
    return b"".join(out), position


def _gunzip(data: bytes, room: _Room) -> tuple[bytes, str]:
    out, position = [], 0
    for _ in _members("gzip"):
        try:
            text, position = _zlib_member(data, position, _GZIP, room, "gzip")
        except zlib.error:
            raise Unreadable(Unread.MALFORMED, "gzip") from None
        out.append(text)
        if position == len(data):
            break
    return b"".join(out), "gzip"


def _undeflate(data: bytes, room: _Room) -> tuple[bytes, str]:
    """Read zlib as RFC 9110 section 8.4.1.2 asks, or the bare RFC 1951 stream that many send."""
    left = room.left
    for window, layer in ((_ZLIB, "zlib"), (_RAW, "raw")):
        room.left = left
        try:
            out, position = _zlib_member(data, 0, window, room, "deflate")
        except zlib.error:
            continue
        if position == len(data):
            return out, layer
    raise Unreadable(Unread.MALFORMED, "deflate")


def _unbrotli(data: bytes, room: _Room) -> tuple[bytes, str]:
    stream, out = brotlicffi.Decompressor(), []
    try:
        for start in range(0, len(data), _PIECE):
            if stream.is_finished():
                raise Unreadable(Unread.MALFORMED, "br trailing")
            out.append(room.take(stream.decompress(data[start : start + _PIECE], output_buffer_limit=_PIECE)))
            while not stream.can_accept_more_data():
                out.append(room.take(stream.decompress(b"", output_buffer_limit=_PIECE)))
        if not stream.is_finished():
            raise Unreadable(Unread.MALFORMED, "br truncated")
    except brotlicffi.error:
        raise Unreadable(Unread.MALFORMED, "br") from None
    return b"".join(out), "br"


def _unzstd(data: bytes, room: _Room) -> tuple[bytes, str]:
    context, out, position = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW), [], 0
    for _ in _members("zstd"):
        # Not a skippable frame either (RFC 8878 section 3.1.2): what readers skip is where one would hide.
        if data[position : position + 4] != _ZSTD_MAGIC:
            raise Unreadable(Unread.MALFORMED, "zstd")
        frame = context.decompressobj()
        try:
            while not frame.eof:
                piece = data[position : position + _ZSTD_PIECE]
                if not piece:
                    raise Unreadable(Unread.MALFORMED, "zstd truncated")
                out.append(room.take(frame.decompress(piece)))
                position += len(piece) - len(frame.unused_data)
        except zstandard.ZstdError:
            raise Unreadable(Unread.MALFORMED, "zstd") from None
        if position == len(data):
            break
    return b"".join(out), "zstd"


_DECODERS: Mapping[str, Callable[[bytes, _Room], tuple[bytes, str]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}

_KNOWN = frozenset({"compress", "x-compress", "exi", "aes128gcm", "pack200-gzip", "dcb", "dcz"})
"""Codings of the IANA registry that may be named in a record; any other name is the sender's text."""


def _raw(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=_RAW)
    return stream.compress(data) + stream.flush()


_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zlib": zlib.compress,
    "raw": _raw,
    "br": lambda data: bytes(brotlicffi.compress(data, quality=5)),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}

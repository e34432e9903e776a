"""Content codings of RFC 9110 section 8.4.1, undone within limits and done again.

mitmproxy and the codecs' own one-call functions inflate without a bound: 80 bytes of brotli become 50 MB. So each
coding is undone piece by piece, and stops at the limit that it passes, by name.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotlicffi
import zstandard

from gateway.vocabulary import Limits, Unread

STEP = 64 * 1024
WINDOW = 8 * 1024 * 1024
"""Largest zstd window that is accepted, in bytes (RFC 8878 section 3.1.1.1.2 recommends 8 MB)."""
MEMBERS = 1024
"""Gzip members in one body (RFC 1952 section 2.2 sets no bound)."""
RATIO_FROM = 64 * 1024
"""Output from which on the ratio is looked at; small bodies may be very repetitive."""


class CodingFault(Exception):
    """A coding that cannot be undone: why, and the name of the coding or limit."""

    def __init__(self, reason: Unread, detail: str) -> None:
        """``detail`` is a name, never content."""
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


def _zlib_pieces(data: bytes, bits: int, name: str) -> Iterator[bytes]:
    """Inflate one or, for gzip, several members."""
    for _ in range(MEMBERS):
        engine = zlib.decompressobj(bits)
        while not engine.eof:
            piece = engine.decompress(data, STEP)
            data = engine.unconsumed_tail
            yield piece
            if not piece and not data and not engine.eof:
                raise CodingFault(Unread.MALFORMED, name)
        data = engine.unused_data
        if not data:
            return
        if name != "gzip":
            break
    raise CodingFault(Unread.MALFORMED, name)


def _gzip(data: bytes) -> Iterator[bytes]:
    return _zlib_pieces(data, 31, "gzip")


def _deflate(data: bytes) -> Iterator[bytes]:
    """RFC 9110 means zlib by "deflate"; many senders mean raw deflate. The header's check sum tells them apart."""
    wrapped = len(data) >= 2 and data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
    return _zlib_pieces(data, 15 if wrapped else -15, "deflate")


def _brotli(data: bytes) -> Iterator[bytes]:
    engine = brotlicffi.Decompressor()
    yield engine.decompress(data, output_buffer_limit=STEP)
    while not engine.is_finished():
        piece = engine.decompress(b"", output_buffer_limit=STEP)
        if not piece and not engine.is_finished():
            raise CodingFault(Unread.MALFORMED, "br")
        yield piece


def _zstd(data: bytes) -> Iterator[bytes]:
    context = zstandard.ZstdDecompressor(max_window_size=WINDOW)
    rest = data
    while rest:
        engine = context.decompressobj(read_across_frames=False)
        consumed = 0
        # Feeding small slices bounds what one step can put out.
        while consumed < len(rest) and not engine.eof:
            yield engine.decompress(rest[consumed : consumed + 1024])
            consumed += 1024
        if not engine.eof:
            raise CodingFault(Unread.MALFORMED, "zstd")
        rest = engine.unused_data + rest[consumed:]


_UNDO: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
_DO: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 6, mtime=0),
    "x-gzip": lambda data: gzip.compress(data, 6, mtime=0),
    "deflate": zlib.compress,
    "br": lambda data: bytes(brotlicffi.compress(data, quality=5)),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


def names(header: bytes | None) -> tuple[str, ...]:
    """Return the codings of a Content-Encoding header in the order in which they were applied."""
    if header is None:
        return ()
    listed = (name.strip().lower() for name in header.decode("latin-1").split(","))
    return tuple(name for name in listed if name and name != "identity")


def undo(data: bytes, codings: tuple[str, ...], limits: Limits) -> bytes:
    """Return ``data`` with all codings undone. Raises ``CodingFault``."""
    if len(codings) > limits.codings:
        raise CodingFault(Unread.TOO_DEEP, "codings")
    for name in reversed(codings):
        pieces = _UNDO.get(name)
        if pieces is None:
            raise CodingFault(Unread.UNKNOWN_CODING, "coding")
        out = bytearray()
        try:
            for piece in pieces(data):
                out += piece
                if len(out) > limits.body:
                    raise CodingFault(Unread.TOO_LARGE, "body")
                if len(out) > RATIO_FROM and len(out) > limits.ratio * len(data):
                    raise CodingFault(Unread.RATIO, "ratio")
        except (zlib.error, zstandard.ZstdError, brotlicffi.error):
            raise CodingFault(Unread.MALFORMED, name) from None
        data = bytes(out)
    return data


def redo(data: bytes, codings: tuple[str, ...]) -> bytes:
    """Apply the codings again, in order."""
    for name in codings:
        data = _DO[name](data)
    return data

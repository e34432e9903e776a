"""Files that hold one compressed file: gzip (RFC 1952), bzip2, xz, zstd (RFC 8878): one member each."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping
from functools import partial

import zstandard

from gateway.decode import mime
from gateway.decode.codings import inflate
from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Unread

type _Decompressor = bz2.BZ2Decompressor | lzma.LZMADecompressor
_RATIO_FROM = 64 * 1024
_PIECE = 64 * 1024
_EXTRA, _NAME, _COMMENT, _SUM = 4, 8, 16, 2


def _by_coding(coding: bytes, data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Read gzip and zstd as the content codings of the same names are read."""
    body = inflate(data, coding, limits).data
    name, rows = _gzip_header(data) if coding == b"gzip" else ("", ())
    return Unpacked(rows, (Member(name or "content", body),))


def _gzip_header(data: bytes) -> tuple[str, tuple[Row, ...]]:
    """Return the name that a gzip header gives, and what else it says."""
    flags, at = data[3], 10
    rows: list[Row] = []
    if flags & _EXTRA:
        length = int.from_bytes(data[at : at + 2], "little")
        rows.append(Row("/~extra", "", mime.text_of(data[at + 2 : at + 2 + length])))
        at += 2 + length
    texts = []
    for flag in (_NAME, _COMMENT):
        text = ""
        if flags & flag:
            end = data.find(b"\0", at)
            text = mime.text_of(data[at:end])
            at = end + 1
        texts.append(text)
    if texts[1]:
        rows.append(Row("/~comment", "", texts[1]))
    return texts[0], tuple(rows)


def _by_stream(
    name: str,
    open_stream: Callable[[], _Decompressor],
    data: bytes,
    _said: Declared,
    limits: Limits,
) -> Unpacked:
    """Read bzip2 and xz, stream after stream, no further than the limits."""
    by_ratio = max(_RATIO_FROM, limits.ratio * len(data))
    most = min(limits.body, by_ratio)
    out: list[bytes] = []
    left, rest = most, data
    for _ in range(1024):
        stream = open_stream()
        while not stream.eof:
            try:
                piece = stream.decompress(rest, min(left + 1, _PIECE))
            except (OSError, EOFError, ValueError, lzma.LZMAError):
                raise Unreadable(Unread.MALFORMED, name) from None
            rest = b""
            out.append(piece)
            left -= len(piece)
            if left < 0:
                raise Unreadable(*((Unread.TOO_LARGE, "unpacked") if most == limits.body else (Unread.RATIO, "ratio")))
            if not piece and stream.needs_input:
                raise Unreadable(Unread.MALFORMED, f"{name} truncated")
        rest = stream.unused_data
        if not rest.strip(b"\0"):
            return Unpacked((), (Member("content", b"".join(out)),))
    raise Unreadable(Unread.TOO_MANY, f"{name} members")


def _pack(compress: Callable[[bytes], bytes], data: bytes, _: Declared, replacements: Mapping[int, bytes]) -> bytes:
    return compress(replacements[0]) if replacements else data


def _gzip_again(data: bytes, _: Declared, replacements: Mapping[int, bytes]) -> bytes:
    """Compress anew behind the old header, so that name and comment stay."""
    if not replacements:
        return data
    body = replacements[0]
    stream = zlib.compressobj(wbits=-15)
    tail = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
    return data[: _header_length(data)] + stream.compress(body) + stream.flush() + tail


def _header_length(data: bytes) -> int:
    flags, at = data[3], 10
    if flags & _EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            at = data.find(b"\0", at) + 1
    return at + 2 if flags & _SUM else at


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=128 * 1024 * 1024)


GZIP_FILE = Document("gz", partial(_by_coding, b"gzip"), _gzip_again)
ZSTD_FILE = Document("zst", partial(_by_coding, b"zstd"), partial(_pack, zstandard.compress))
BZIP2_FILE = Document("bz2", partial(_by_stream, "bz2", bz2.BZ2Decompressor), partial(_pack, bz2.compress))
XZ_FILE = Document("xz", partial(_by_stream, "xz", _xz), partial(_pack, lzma.compress))

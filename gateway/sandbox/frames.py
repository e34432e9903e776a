"""What parent and child say to each other: a length of four bytes, then a message.

The gateway's requests are MessagePack. The child reads hostile bytes with native code, so its answers are taken apart
with distrust: counts, then lengths, then nothing but bytes. No answer can be larger in memory than in writing by more
than its number of values allows, and none can do more than lie about content; pickle could, and nested MessagePack
could be a bomb of its own.

    answer   = counts of rows, members, opaque parts, notices; length of each value; values      (32 bits each)
    refusal  = the same with REFUSAL for a count of rows: a reason and a detail
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Sequence
from dataclasses import asdict
from time import monotonic

import msgpack

from gateway.decode.door import Declared, Member, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Opaque, Unread

_LENGTH = struct.Struct("<I")
_COUNTS = struct.Struct("<IIII")
_REFUSAL = 0xFFFFFFFF
_ROW, _MEMBER, _OPAQUE = 3, 3, 4
"""Values of each."""
_DETAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}|")
_NOTICE = re.compile(r"[a-z0-9]{1,16}\.[a-z_]{1,32}")
_MOST_NOTICES = 64
MOST_REQUEST = 1 << 30
_MARGIN = 16 * 1024 * 1024


class Garbled(Exception):
    """An answer that is none."""


def send(channel: socket.socket, *message: bytes) -> None:
    """Send one message, given in pieces; raises OSError, among them TimeoutError."""
    channel.sendall(_LENGTH.pack(sum(map(len, message))))
    for piece in message:
        channel.sendall(piece)


def receive(channel: socket.socket, most: int, deadline: float | None = None) -> bytes:
    """Return one message of at most ``most`` bytes.

    ``deadline`` (of the monotonic clock) is for all of it, not for each piece. Raises ``Garbled``, EOFError at the end,
    OSError, among them TimeoutError.
    """
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size, deadline))
    if length > most:
        raise Garbled("too long")
    return _exactly(channel, length, deadline)


def _exactly(channel: socket.socket, count: int, deadline: float | None) -> bytes:
    pieces = []
    while count:
        if deadline is not None:
            channel.settimeout(max(0.001, deadline - monotonic()))
        piece = channel.recv(min(count, 1 << 20))
        if not piece:
            raise EOFError
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def most_of_answer(limits: Limits) -> int:
    """Return how many bytes an answer within ``limits`` may have: what was read, twice, and what it is called."""
    return 2 * limits.body + _MARGIN


def request(name: str, data: bytes, said: Declared, limits: Limits) -> bytes:
    """Write a request."""
    declared = [said.type, said.family, said.charset, dict(said.parameters)]
    packed: bytes = msgpack.packb([name, data, declared, asdict(limits)], unicode_errors="surrogatepass")
    return packed


def asked(message: bytes) -> tuple[str, bytes, Declared, Limits]:
    """Read a request; it comes from the gateway and is trusted."""
    name, data, declared, limits = msgpack.unpackb(message, unicode_errors="surrogatepass")
    return name, data, Declared(*declared), Limits(**limits)


def answer(unpacked: Unpacked, limits: Limits) -> bytes:
    """Write what was read; raises ``Unreadable`` where that is more than the gateway would listen to."""
    values: list[bytes] = []
    for row in unpacked.rows:
        values += (_written(row.where), _written(row.label), _written(row.text))
    for member in unpacked.members:
        values += (_written(member.name), member.data, _written(member.media_type))
    for part in unpacked.opaque:
        values += (part.reason.value.encode(), _written(part.where), b"%d" % part.size, _written(part.detail))
    values += [_written(code) for code in unpacked.notices]
    counts = (len(unpacked.rows), len(unpacked.members), len(unpacked.opaque), len(unpacked.notices))
    if len(values) > _most_values(limits):
        raise Unreadable(Unread.TOO_MANY, "segments")
    if sum(map(len, values)) + 4 * len(values) + _COUNTS.size > most_of_answer(limits):
        raise Unreadable(Unread.TOO_LARGE, "unpacked")
    return _joined(counts, values)


def _written(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _joined(counts: tuple[int, int, int, int], values: Sequence[bytes]) -> bytes:
    lengths = struct.pack(f"<{len(values)}I", *map(len, values))
    return b"".join((_COUNTS.pack(*counts), lengths, *values))


def refusal(fault: Unreadable) -> bytes:
    """Write why nothing was read."""
    return _joined((_REFUSAL, 0, 0, 0), (fault.reason.value.encode(), _written(fault.detail)))


def _most_values(limits: Limits) -> int:
    """Return how many values an answer may have: each of so many segments, members and opaque parts, and notices."""
    return _ROW * limits.segments + (_MEMBER + _OPAQUE) * (limits.members + 1) + _MOST_NOTICES


def told(message: bytes, limits: Limits) -> Unpacked:
    """Read an answer. Raises ``Unreadable`` where the child says so, ``Garbled`` where it is none."""
    try:
        counts = _COUNTS.unpack_from(message)
        if counts[0] == _REFUSAL:
            reason, detail = _values(message, 2, limits)
            raise Unreadable(Unread(_text(reason)), _code(detail, _DETAIL))
        rows, members, opaque, notices = counts
        at = _ROW * rows, _ROW * rows + _MEMBER * members, _ROW * rows + _MEMBER * members + _OPAQUE * opaque
        values = _values(message, at[2] + notices, limits)
        if notices > _MOST_NOTICES:
            raise Garbled("notices")
        return Unpacked(
            tuple(Row(*map(_text, values[i : i + _ROW])) for i in range(0, at[0], _ROW)),
            tuple(Member(_text(values[i]), values[i + 1], _text(values[i + 2])) for i in range(at[0], at[1], _MEMBER)),
            tuple(_opaque(*values[i : i + _OPAQUE]) for i in range(at[1], at[2], _OPAQUE)),
            tuple(_code(value, _NOTICE) for value in values[at[2] :]),
        )
    except (struct.error, ValueError) as fault:
        raise Garbled(type(fault).__name__) from None


def _values(message: bytes, count: int, limits: Limits) -> list[bytes]:
    """Return the values of an answer, which are all of it."""
    if count > _most_values(limits):
        raise Garbled("too many")
    at = _COUNTS.size + 4 * count
    values = []
    for length in struct.unpack_from(f"<{count}I", message, _COUNTS.size):
        values.append(message[at : at + length])
        at += length
    if at != len(message):
        raise Garbled("length")
    return values


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogatepass")


def _opaque(reason: bytes, where: bytes, size: bytes, detail: bytes) -> Opaque:
    if not size.isdigit() or len(size) > 15:
        raise Garbled("size")
    return Opaque(Unread(_text(reason)), _text(where), int(size), _code(detail, _DETAIL))


def _code(value: bytes, form: re.Pattern[str]) -> str:
    """Read a word that may be recorded: what a child says has at least to look like one."""
    code = _text(value)
    if not form.fullmatch(code):
        raise Garbled("code")
    return code

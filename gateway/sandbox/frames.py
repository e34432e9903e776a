"""What parent and child say to each other: a length of four bytes, then MessagePack of plain values.

The child reads hostile bytes with native code, so its answers are taken apart with distrust: sizes, shapes and reasons
are checked, and nothing in an answer can do more than lie about content. Pickle could.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import asdict
from typing import Any

import msgpack

from gateway.decode.door import Declared, Member, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Opaque, Unread

_LENGTH = struct.Struct("<I")
MOST_REQUEST = 1 << 30


class Garbled(Exception):
    """An answer that is none."""


def send(channel: socket.socket, message: bytes) -> None:
    """Send one message; raises OSError, among them TimeoutError."""
    channel.sendall(_LENGTH.pack(len(message)))
    channel.sendall(message)


def receive(channel: socket.socket, most: int) -> bytes:
    """Return one message of at most ``most`` bytes. Raises ``Garbled``, EOFError at the end, OSError."""
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size))
    if length > most:
        raise Garbled("too long")
    return _exactly(channel, length)


def _exactly(channel: socket.socket, count: int) -> bytes:
    pieces = []
    while count:
        piece = channel.recv(min(count, 1 << 20))
        if not piece:
            raise EOFError
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def request(name: str, data: bytes, said: Declared, limits: Limits) -> bytes:
    """Write a request."""
    declared = [said.type, said.family, said.charset, dict(said.parameters)]
    packed: bytes = msgpack.packb([name, data, declared, asdict(limits)], unicode_errors="surrogatepass")
    return packed


def asked(message: bytes) -> tuple[str, bytes, Declared, Limits]:
    """Read a request; it comes from the gateway and is trusted."""
    name, data, declared, limits = msgpack.unpackb(message, unicode_errors="surrogatepass")
    return name, data, Declared(*declared), Limits(**limits)


def answer(unpacked: Unpacked) -> bytes:
    """Write what was read."""
    packed: bytes = msgpack.packb(
        [
            [[row.where, row.label, row.text] for row in unpacked.rows],
            [[member.name, member.data, member.media_type] for member in unpacked.members],
            [[part.reason.value, part.where, part.size, part.detail] for part in unpacked.opaque],
            list(unpacked.notices),
        ],
        unicode_errors="surrogatepass",
    )
    return packed


def refusal(fault: Unreadable) -> bytes:
    """Write why nothing was read."""
    packed: bytes = msgpack.packb([fault.reason.value, fault.detail])
    return packed


OUT_OF_MEMORY = refusal(Unreadable(Unread.TOO_LARGE, "memory"))
"""Who says this has nothing left to work with, and is replaced."""


def told(message: bytes) -> Unpacked:
    """Read an answer. Raises ``Unreadable`` where the child says so, ``Garbled`` where it is none."""
    try:
        answer = msgpack.unpackb(message, unicode_errors="surrogatepass", strict_map_key=True)
        if _is(answer, str, str):
            raise Unreadable(Unread(answer[0]), answer[1][:64])
        rows, members, opaque, notices = answer
        if not all(_is(row, str, str, str) for row in rows) or not all(_is(one, str, bytes, str) for one in members):
            raise Garbled("shape")
        if not all(_is(part, str, str, int, str) for part in opaque) or not all(type(code) is str for code in notices):
            raise Garbled("shape")
        return Unpacked(
            tuple(Row(*row) for row in rows),
            tuple(Member(*member) for member in members),
            tuple(Opaque(Unread(reason), where, size, detail[:64]) for reason, where, size, detail in opaque),
            tuple(code[:64] for code in notices),
        )
    except (ValueError, TypeError, msgpack.UnpackException) as fault:
        raise Garbled(type(fault).__name__) from None


def _is(value: Any, *kinds: type) -> bool:
    return type(value) is list and [type(each) for each in value] == [*kinds]

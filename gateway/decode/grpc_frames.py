"""gRPC (the length-prefixed messages of its HTTP/2 protocol) and gRPC-Web: each message a member."""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Mapping

from gateway.decode import mime
from gateway.decode.codings import deflate, inflate
from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.decode.media import PROTOBUF
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Limits, Opaque, Unread

_COMPRESSED, _TRAILERS = 0x01, 0x80


def _frames(data: bytes, said: Declared, most: int) -> list[tuple[int, int, int]]:
    """Return flag, begin and end of each message; raises ``Unreadable``."""
    found, at = [], 0
    while at < len(data):
        begin = at + 5
        end = begin + int.from_bytes(data[at + 1 : begin], "big")
        if end > len(data) or begin > len(data) or data[at] & ~(_COMPRESSED | _TRAILERS):
            raise Unreadable(Unread.MALFORMED, said.family.rpartition("/")[2] or "grpc")
        found.append((data[at], begin, end))
        if len(found) > most:
            raise Unreadable(Unread.TOO_MANY, "members")
        at = end
    return found


def _bytes(data: bytes, said: Declared) -> bytes:
    """Return the frames: gRPC-Web may send them in base64."""
    if not said.type.startswith("application/grpc-web-text"):
        return data
    try:
        return a2b_base64(data)
    except Base64Error:
        raise Unreadable(Unread.MALFORMED, "base64") from None


def _inner(said: Declared) -> str:
    """Return the type of the messages: protobuf, or what is named behind the plus sign."""
    suffix = said.type.rpartition("+")[2] if "+" in said.type else "proto"
    return PROTOBUF if suffix == "proto" else f"application/{suffix}"


def unpack(data: bytes, said: Declared, limits: Limits) -> Unpacked:
    """Return each message as a member, inflated by ``grpc-encoding`` where its flag says so."""
    data = _bytes(data, said)
    coding = said.parameters.get("grpc-encoding", "identity").encode("latin-1", "replace")
    members: list[Member] = []
    rows: list[Row] = []
    opaque: list[Opaque] = []
    for number, (flag, begin, end) in enumerate(_frames(data, said, limits.members)):
        body = data[begin:end]
        if flag & _TRAILERS:
            rows.append(Row(f"/{number}/trailers", "", mime.text_of(body)))
            continue
        try:
            members.append(Member(str(number), inflate(body, coding, limits).data if flag else body, _inner(said)))
        except Unreadable as fault:
            members.append(Member(str(number), b""))
            opaque.append(Opaque(fault.reason, f"/{number}", len(body), fault.detail))
    return Unpacked(tuple(rows), tuple(members), tuple(opaque))


def pack(data: bytes, said: Declared, replacements: Mapping[int, bytes]) -> bytes:
    """Put other messages in the place of these, with their lengths made true."""
    if replacements and said.type.startswith("application/grpc-web-text"):
        raise Unwritable("grpc-web-text is only read")
    coding = said.parameters.get("grpc-encoding", "identity")
    pieces: list[bytes] = []
    done = number = 0
    for flag, begin, end in _frames(data, said, 1 << 30) if replacements else ():
        if flag & _TRAILERS:
            continue
        if number in replacements:
            body = deflate(replacements[number], (coding,)) if flag else replacements[number]
            pieces += [data[done : begin - 4], len(body).to_bytes(4, "big"), body]
            done = end
        number += 1
    return b"".join([*pieces, data[done:]])


DOCUMENT = Document("grpc", unpack, pack)

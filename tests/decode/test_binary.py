"""MessagePack, CBOR, protobuf and gRPC: texts and numbers, wherever they nest."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import suppress

import cbor2
import msgpack
import pytest
from google.protobuf import struct_pb2, wrappers_pb2
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import cbor, decode, grpc_frames, msgpack_file, protobuf, rebuild
from gateway.decode.door import Declared, Document, Unreadable
from gateway.vocabulary import Content, Edit, Limits, Unread
from tests.decode.messages import LIMITS, message

NUMBER = "110105194912310021"
SAID = Declared("", "")
MSGPACK, CBOR, PROTOBUF = "application/msgpack", "application/cbor", "application/x-protobuf"


def read(data: bytes, type: str, limits: Limits = LIMITS) -> Content:
    """Decode a body of a type."""
    return decode(message(data, type), limits)


def holds(content: Content, text: str = NUMBER) -> dict[str, str]:
    """Labels by place at which ``text`` is read in the body."""
    return {
        segment.where: segment.label
        for part in content.parts
        for segment in part.segments
        if text in segment.text and not segment.where.startswith(("header", "path"))
    }


VALUES = {
    "text": NUMBER,
    "number": int(NUMBER),
    "negative": -int(NUMBER),
    "in a list": [1, [NUMBER]],
    "in a map": {"a": {"id": NUMBER}},
    "a key": {NUMBER: 1},
    "a numeric key": {int(NUMBER): 1},
    "bytes": NUMBER.encode(),
    "json in bytes": f'{{"id": "{NUMBER}"}}'.encode(),
    "a float": 110105194912.0,
}


@pytest.mark.parametrize(("type", "dump"), [(MSGPACK, msgpack.packb), (CBOR, cbor2.dumps)])
@pytest.mark.parametrize("name", VALUES)
def test_values_are_read(name: str, type: str, dump: Callable[[object], bytes]) -> None:
    """Texts, numbers in digits, keys, bytes that are something."""
    content = read(dump({"v": VALUES[name]}), type)
    assert content.opaque == ()
    assert holds(content, "110105194912" if name == "a float" else NUMBER)


@pytest.mark.parametrize(("type", "dump"), [(MSGPACK, msgpack.packb), (CBOR, cbor2.dumps)])
def test_keys_are_labels(type: str, dump: Callable[[object], bytes]) -> None:
    """And steps of the place; values of a list bear the label of the list."""
    (where, label), *_ = holds(read(dump({"a": {"idno": [NUMBER]}}), type)).items()
    assert where.endswith(":/a/idno/0")
    assert label == "idno"


def test_repeated_keys_are_all_read() -> None:
    """What a library would drop."""
    for data, type in ((b"\x82\xa1a\xb2" + NUMBER.encode() + b"\xa1a\x01", MSGPACK),
                       (b"\xa2\x61a\x72" + NUMBER.encode() + b"\x61a\x01", CBOR)):  # fmt: skip
        assert holds(read(data, type))


def test_more_than_one_object_is_read() -> None:
    """Both formats allow several in a row."""
    for type, dump in ((MSGPACK, msgpack.packb), (CBOR, cbor2.dumps)):
        assert holds(read(dump({"a": 1}) + dump([NUMBER]), type))


def test_what_msgpack_and_cbor_add() -> None:
    """Timestamps, extensions, strings in chunks, big numbers, tags."""
    assert holds(read(msgpack.packb(msgpack.Timestamp(-631152000)), MSGPACK), "1950-01-01")
    assert holds(read(msgpack.packb(msgpack.ExtType(5, NUMBER.encode())), MSGPACK))
    chunks = b"\x7f\x69" + NUMBER[:9].encode() + b"\x69" + NUMBER[9:].encode() + b"\xff"
    assert holds(read(b"\x81" + chunks, CBOR))
    assert holds(read(cbor2.dumps(int(NUMBER) << 64), CBOR), str(int(NUMBER) << 64))
    assert holds(read(cbor2.dumps(cbor2.CBORTag(0, NUMBER)), CBOR))


@pytest.mark.parametrize(
    ("data", "type", "reason"),
    [
        (b"\x92\x01", MSGPACK, Unread.MALFORMED),
        (b"\xc1", MSGPACK, Unread.MALFORMED),
        (b"\x91" * 70 + b"\x01", MSGPACK, Unread.TOO_DEEP),
        (b"\xdd\xff\xff\xff\xff" + b"\x01" * 100, MSGPACK, Unread.TOO_MANY),
        (b"\x81" * 70 + b"\x01", CBOR, Unread.TOO_DEEP),
        (b"\xc1" * 70 + b"\x01", CBOR, Unread.TOO_DEEP),
        (b"\x9f\x01", CBOR, Unread.MALFORMED),
        (b"\x1c", CBOR, Unread.MALFORMED),
        (b"\x9f" + b"\x01" * 100 + b"\xff", CBOR, Unread.TOO_MANY),
        (b"\x0f\x01", PROTOBUF, Unread.MALFORMED),
        (b"\x08", PROTOBUF, Unread.MALFORMED),
        (b"\x0b" * 70, PROTOBUF, Unread.TOO_DEEP),
        (b"\x08\x01" * 100, PROTOBUF, Unread.TOO_MANY),
    ],
)
def test_what_is_cut_or_beyond_the_limits_is_opaque(data: bytes, type: str, reason: Unread) -> None:
    """And nothing is built before it is counted."""
    assert [each.reason for each in read(data, type, Limits(segments=80)).opaque] == [reason]


def varint(value: int) -> bytes:
    """A number as protobuf writes it."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


FIELDS = {
    "text": b"\x0a\x12" + NUMBER.encode(),
    "number": b"\x08" + varint(int(NUMBER)),
    "zigzag": b"\x08" + varint(int(NUMBER) << 1),
    "fixed": b"\x09" + int(NUMBER).to_bytes(8, "little"),
    "message": b"\x0a\x14\x0a\x12" + NUMBER.encode(),
    "message of a message": b"\x0a\x16\x0a\x14\x0a\x12" + NUMBER.encode(),
    "packed": b"\x0a" + varint(len(varint(int(NUMBER))) + 1) + b"\x01" + varint(int(NUMBER)),
    "group": b"\x0b\x12\x12" + NUMBER.encode() + b"\x0c",
    "compressed bytes": b"\x0a" + varint(len(gzip.compress(NUMBER.encode()))) + gzip.compress(NUMBER.encode()),
    "large field number": varint(536870911 << 3 | 2) + b"\x12" + NUMBER.encode(),
}


@pytest.mark.parametrize("data", FIELDS.values(), ids=FIELDS)
def test_fields_are_read_without_a_schema(data: bytes) -> None:
    """Every reading that holds counts."""
    content = read(data, PROTOBUF)
    assert content.opaque == ()
    assert holds(content)


def test_messages_of_the_library_are_read() -> None:
    """Maps, lists and wrappers as protobuf itself writes them."""
    made = struct_pb2.Struct()
    made.update({"patient": {"id": NUMBER, "tags": ["a", "b"]}})
    assert holds(read(made.SerializeToString(), PROTOBUF))
    assert holds(read(wrappers_pb2.Int64Value(value=int(NUMBER)).SerializeToString(), "application/protobuf"))


def frame(data: bytes, flag: int = 0) -> bytes:
    """One message of gRPC."""
    return bytes([flag]) + len(data).to_bytes(4, "big") + data


def test_messages_of_grpc_are_read_and_written() -> None:
    """Plain and compressed, JSON too; trailers of gRPC-Web."""
    text = FIELDS["text"]
    assert len(holds(read(frame(text) + frame(text), "application/grpc+proto"))) == 2
    packed = message(frame(gzip.compress(text), 1), "application/grpc", headers=[(b"grpc-encoding", b"gzip")])
    assert holds(decode(packed, LIMITS))
    assert holds(read(frame(text) + frame(f"x-note: {NUMBER}".encode(), 0x80), "application/grpc-web"))
    transfer = message(frame(b'{"a":1}') + frame(f'{{"id":"{NUMBER}"}}'.encode()), "application/grpc+json")
    content = decode(transfer, LIMITS)
    part = next(part for part in content.parts if NUMBER in part.text)
    body = rebuild(transfer, content, (Edit(part, 7, 25, "*"),))
    assert body == frame(b'{"a":1}') + frame(b'{"id":"*"}')
    assert [each.detail for each in read(frame(text)[:-1], "application/grpc").opaque] == ["grpc"]


def test_ciphertext_in_a_field_is_opaque() -> None:
    """Bytes that are no text, no message and no small numbers."""
    sealed = bytes((at * 7919 + 13) % 251 for at in range(64))
    content = read(b"\x0a\x40" + sealed, PROTOBUF)
    assert [each.reason for each in content.opaque] == [Unread.UNKNOWN_FORMAT]


def test_bytes_that_nobody_declared_are_guessed_and_stay_opaque() -> None:
    """What they might be is read, and nobody vouches for it."""
    for data in (msgpack.packb({"a\x01": NUMBER, "b": b"\xff\xfe\xfd"}), FIELDS["message"] + b"\x12\x03\xff\xfe\x00"):
        content = read(data, "")
        assert holds(content)
        assert Unread.UNKNOWN_FORMAT in [each.reason for each in content.opaque]


DOCUMENTS = (msgpack_file.DOCUMENT, cbor.DOCUMENT, protobuf.DOCUMENT, grpc_frames.DOCUMENT)


@given(st.binary(max_size=200), st.sampled_from(DOCUMENTS))
def test_nothing_but_unreadable_leaves_the_readers(data: bytes, document: Document) -> None:
    """Whatever the bytes are."""
    with suppress(Unreadable):
        document.unpack(data, SAID, LIMITS)

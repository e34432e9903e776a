"""Protocol Buffers: every plausible reading of a field, with and without a schema."""

from __future__ import annotations

import struct
from contextlib import suppress
from functools import partial

import pytest
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory, struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.decode.protobuf import DOCUMENT, looks
from gateway.decode.protobuf_schema import unpack as unpack_with
from gateway.vocabulary import Limits, Unread

NUMBER = "110105194912310021"
PHONE = 13800138000
LIMITS = Limits()
SAID = Declared("", "")


def varint(value: int) -> bytes:
    """A number as protobuf writes it."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def delimited(number: int, octets: bytes) -> bytes:
    """A field with a length."""
    return varint(number << 3 | 2) + varint(len(octets)) + octets


def read(data: bytes, limits: Limits = LIMITS) -> dict[str, str]:
    """Text by place."""
    return {row.where: row.text for row in DOCUMENT.unpack(data, SAID, limits).rows}


@pytest.mark.parametrize(
    ("octets", "where", "text"),
    [
        (b"\x18" + varint(PHONE), "/3", "13800138000"),
        (b"\x18" + varint(2 * PHONE - 1), "/3/~zigzag", "-13800138000"),
        (b"\x18" + varint((1 << 64) - PHONE), "/3/~signed", "-13800138000"),
        (b"\x19" + struct.pack("<q", -PHONE), "/3/~signed", "-13800138000"),
        (b"\x19" + struct.pack("<d", PHONE), "/3/~float", "13800138000"),
        (b"\x1d" + struct.pack("<f", 66123456), "/3/~float", "66123456"),
        (b"\x1d" + struct.pack("<I", 66123456), "/3", "66123456"),
        (delimited(3, struct.pack("<2d", PHONE, 2.5)), "/3/~float64/0", "13800138000"),
        (delimited(3, struct.pack("<2q", PHONE, 1)), "/3/~fixed64/0", "13800138000"),
        (delimited(3, struct.pack("<2I", 7, 66123456)), "/3/~fixed32/1", "66123456"),
        (delimited(3, b"\x01" * 5 + varint(PHONE)), "/3/~packed/5", "13800138000"),
        (delimited(3, bytes(map(int, NUMBER))), "/3/~packed", NUMBER),
        (b"\x1b\x0b\x22\x12" + NUMBER.encode() + b"\x0c\x1c", "/3/1/4", NUMBER),
    ],
)
def test_numbers_are_read_as_all_that_they_may_be(octets: bytes, where: str, text: str) -> None:
    """Whole, signed, of zigzag, floating-point, packed; in groups of groups too."""
    assert read(octets)[where] == text


def test_a_text_is_read_as_the_message_that_it_may_be() -> None:
    """Field 6 with a length of 49 looks like "21" before the number."""
    inner = delimited(6, (NUMBER + " " * 31).encode())
    assert inner.startswith(b"21" + NUMBER.encode())
    rows = read(delimited(1, inner))
    assert rows["/1"].startswith("21" + NUMBER)
    assert rows["/1/6"].strip() == NUMBER


def test_numbers_in_a_message_that_looks_like_a_text_are_read() -> None:
    """Octets beyond ASCII may be Han characters or numbers."""
    inner = b"(" + "⠀A".encode()[:-1] + b"A" + delimited(6, b" " * 49)
    assert "/1/5" in read(delimited(1, inner))


def test_words_are_not_read_as_numbers() -> None:
    """A text of nine characters is not a letter and a number of eight bytes."""
    assert read(delimited(1, b"1ABCDEFGH")) == {"/1": "1ABCDEFGH"}


def test_texts_in_other_charsets_are_members() -> None:
    """To be read as if they had come alone, by the number of their field."""
    for octets in ("身份证号码是".encode("gb18030"), NUMBER.encode("utf-16-le"), b"\x89PNG\r\n\x1a\n" + bytes(9)):
        (member,) = DOCUMENT.unpack(delimited(3, octets), SAID, LIMITS).members
        assert (member.name, member.data) == ("3", octets)


def test_what_lies_too_deep_is_opaque() -> None:
    """The rest is read all the same."""
    data = b"\x08\x01"
    for _ in range(9):
        data = delimited(1, data)
    unpacked = DOCUMENT.unpack(data + delimited(2, NUMBER.encode()), SAID, Limits(depth=5))
    assert [(each.reason, each.where, each.detail) for each in unpacked.opaque] == [
        (Unread.TOO_DEEP, "/1/1/1/1/1/1", "depth")
    ]
    assert unpacked.rows[-1].text == NUMBER


def test_looks() -> None:
    """A message is one to its end; groups of any depth do no harm."""
    assert looks(delimited(1, NUMBER.encode()))
    assert not looks(delimited(1, NUMBER.encode())[:-1])
    assert not looks(b"\x0b" * 100_000)
    assert not looks(b"plain text")
    assert looks(b"\x0b" * 9 + b"\x0c" * 9)


PIECES = st.sampled_from([b"\x0b", b"\x0c", b"\x0a\x04", b"\x2a\x07", b"\x08", b"1", b"\xff\x01", b"\0\0\0\1"])


@given(st.binary(max_size=300) | st.lists(PIECES, max_size=300).map(b"".join))
def test_nothing_but_unreadable_leaves(data: bytes) -> None:
    """Whatever the bytes are, read with a schema or without."""
    looks(data)
    for reader in (DOCUMENT.unpack, partial(unpack_with, (SET, "health.Patient"))):
        with suppress(Unreadable):
            reader(data, SAID, LIMITS)


@given(st.text(min_size=1).filter(str.isprintable), st.integers(128, (1 << 64) - 1))
def test_every_text_and_number_is_found(text: str, number: int) -> None:
    """As they were written, or as a part of a text that looks like it."""
    texts = list(read(delimited(1, delimited(2, text.encode()) + b"\x18" + varint(number))).values())
    assert str(number) in texts
    assert text.isspace() or any(text in each for each in texts)


KIND = descriptor_pb2.FieldDescriptorProto
FIELDS = (
    ("name", 1, KIND.TYPE_STRING, "", False),
    ("phones", 2, KIND.TYPE_INT64, "", True),
    ("sex", 3, KIND.TYPE_ENUM, ".health.Sex", False),
    ("kin", 4, KIND.TYPE_MESSAGE, ".health.Patient", True),
    ("notes", 5, KIND.TYPE_MESSAGE, ".health.Patient.NotesEntry", True),
    ("detail", 6, KIND.TYPE_MESSAGE, ".google.protobuf.Any", False),
    ("delta", 7, KIND.TYPE_SINT64, "", False),
    ("weight", 8, KIND.TYPE_DOUBLE, "", False),
    ("scan", 9, KIND.TYPE_BYTES, "", False),
    ("codes", 10, KIND.TYPE_FIXED64, "", True),
    ("short", 11, KIND.TYPE_INT32, "", False),
    ("Place", 12, KIND.TYPE_GROUP, ".health.Patient.Place", False),
    ("record", 13, KIND.TYPE_UINT64, "", False),
)


def descriptor_set() -> bytes:
    """Descriptors of a patient, as protoc would write them."""
    made = descriptor_pb2.FileDescriptorSet()
    any_pb2.DESCRIPTOR.CopyToProto(made.file.add())
    file = made.file.add(name="patient.proto", package="health", dependency=["google/protobuf/any.proto"])
    sex = file.enum_type.add(name="Sex")
    sex.value.add(name="UNKNOWN", number=0)
    sex.value.add(name="FEMALE", number=2)
    patient = file.message_type.add(name="Patient")
    for name, number, kind, type, many in FIELDS:
        label = KIND.LABEL_REPEATED if many else KIND.LABEL_OPTIONAL
        patient.field.add(name=name, number=number, type=kind, type_name=type or None, label=label)
    entry = patient.nested_type.add(name="NotesEntry")
    entry.options.map_entry = True
    place = patient.nested_type.add(name="Place")
    for owner, name, number in ((entry, "key", 1), (entry, "value", 2), (place, "city", 1)):
        owner.field.add(name=name, number=number, type=KIND.TYPE_STRING, label=KIND.LABEL_OPTIONAL)
    patient.extension_range.add(start=100, end=200)
    file.extension.add(
        name="ward", number=100, type=KIND.TYPE_STRING, label=KIND.LABEL_OPTIONAL, extendee=".health.Patient"
    )
    return made.SerializeToString()


SET = descriptor_set()


def patient() -> object:
    """An empty patient of the library."""
    files = descriptor_pb2.FileDescriptorSet.FromString(SET).file
    pool = descriptor_pool.DescriptorPool()
    for file in files:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("health.Patient"))


def guided(data: bytes, limits: Limits = LIMITS) -> Unpacked:
    """Read a patient by its schema."""
    return unpack_with((SET, "health.Patient"), data, SAID, limits)


def test_names_of_fields_are_places_and_labels() -> None:
    """Lists by number, maps by key, enumerations by name, Any by the type that it says."""
    made = patient()(name="Chan", phones=[PHONE, 2], sex=2, delta=-5, weight=61.5, record=int(NUMBER), codes=[8])
    made.kin.add(name="Lei").kin.add(name="Wong")
    made.notes["ward 4"] = NUMBER
    inner = patient()(name="Ho").SerializeToString()
    made.detail.type_url, made.detail.value = "type.example/health.Patient", inner
    made.Place.city = "Macao"
    data = made.SerializeToString() + varint(100 << 3 | 2) + b"\x01B"
    rows = {row.where: (row.label, row.text) for row in guided(data).rows}
    assert rows == {
        "/name": ("name", "Chan"),
        "/phones/0": ("phones", "13800138000"),
        "/phones/1": ("phones", "2"),
        "/sex": ("sex", "FEMALE"),
        "/kin/0/name": ("name", "Lei"),
        "/kin/0/kin/0/name": ("name", "Wong"),
        "/notes/ward 4/~key": ("", "ward 4"),
        "/notes/ward 4": ("ward 4", NUMBER),
        "/detail/type_url": ("type_url", "type.example/health.Patient"),
        "/detail/value/name": ("name", "Ho"),
        "/delta": ("delta", "-5"),
        "/weight": ("weight", "61.5"),
        "/codes/0": ("codes", "8"),
        "/Place/city": ("city", "Macao"),
        "/record": ("record", NUMBER),
        "/ward": ("ward", "B"),
    }


def test_packed_and_unpacked_lists_are_one() -> None:
    """A sender may write either."""
    data = delimited(2, varint(1) + varint(PHONE)) + delimited(10, struct.pack("<2Q", 3, int(NUMBER)))
    assert [row.text for row in guided(data).rows] == ["1", str(PHONE), "3", NUMBER]


def test_what_a_parser_would_drop_is_read() -> None:
    """All but the last of values that should come once, fields that nobody knows, the upper half of a number."""
    data = delimited(1, NUMBER.encode()) + delimited(1, b"A") + delimited(77, b"\x0a\x03abc") + b"\x58" + varint(PHONE)
    rows = guided(data).rows
    assert [(row.where, row.text) for row in rows][:3] == [("/name", NUMBER), ("/name", "A"), ("/77/1", "abc")]
    assert ("/short", "13800138000") in [(row.where, row.text) for row in rows]


def test_what_is_not_written_as_the_schema_says_is_read_without_it() -> None:
    """A message in a text, a number where a text should be, bytes that are no text."""
    data = delimited(1, delimited(3, NUMBER.encode())) + b"\x22\x03\xff\xfe\xfd" + b"\x08" + varint(PHONE)
    unpacked = guided(data)
    assert [(row.where, row.text) for row in unpacked.rows][:2] == [("/name/3", NUMBER), ("/1", "13800138000")]
    assert [(member.name, member.data) for member in unpacked.members] == [("kin", b"\xff\xfe\xfd")]


def test_groups_in_a_map_or_an_any_are_read() -> None:
    """No library writes them."""
    group = b"\x0b\x12\x12" + NUMBER.encode() + b"\x0c"
    for number in (5, 6):
        assert NUMBER in [row.text for row in guided(delimited(number, group)).rows]


def test_bytes_that_are_a_message_are_read_as_one() -> None:
    """What ``Struct`` holds in a field of bytes."""
    made = struct_pb2.Struct()
    made.update({"id": NUMBER, "phone": PHONE})
    texts = [row.text for row in guided(patient()(scan=made.SerializeToString()).SerializeToString()).rows]
    assert {"id", NUMBER, str(PHONE)} <= set(texts)


@pytest.mark.parametrize(
    ("data", "described", "message", "limits", "detail"),
    [
        (b"", SET, "health.Nobody", LIMITS, "protobuf-schema"),
        (b"", b"\xff", "health.Patient", LIMITS, "protobuf-schema"),
        (b"\x0a", SET, "health.Patient", LIMITS, "protobuf"),
        (b"\x63", SET, "health.Patient", LIMITS, "protobuf"),
        (b"\x52\x03abc", SET, "health.Patient", LIMITS, "protobuf"),
        (delimited(4, delimited(4, b"\x0a\x01a")), SET, "health.Patient", Limits(depth=1), "depth"),
        (b"\x10\x01" * 9, SET, "health.Patient", Limits(segments=8), "segments"),
        (delimited(2, b"\x01" * 9), SET, "health.Patient", Limits(segments=8), "segments"),
        (delimited(1, b"a" * 9), SET, "health.Patient", Limits(body=8), "unpacked"),
    ],
)
def test_limits_and_faults_are_named(data: bytes, described: bytes, message: str, limits: Limits, detail: str) -> None:
    """Never by what stands in the message."""
    with pytest.raises(Unreadable) as fault:
        unpack_with((described, message), data, SAID, limits)
    assert fault.value.detail == detail

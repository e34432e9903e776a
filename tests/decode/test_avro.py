"""Avro: every value of every type, what a schema and a header say, what a library would pass over."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import fastavro
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode.avro import DOCUMENT
from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.vocabulary import Limits, Unread

NUMBER = "110105194912310021"
LIMITS = Limits()
SAID = Declared("", "")
MARK = bytes(range(16))


def unpack(data: bytes, limits: Limits = LIMITS) -> Unpacked:
    """Read a container."""
    return DOCUMENT.unpack(data, SAID, limits)


def values(data: bytes) -> list[tuple[str, str, str]]:
    """Place, label and text of each row that is no metadata."""
    return [(row.where, row.label, row.text) for row in unpack(data).rows if not row.where.startswith("/~")]


def container(schema: object, *records: object, codec: str = "null") -> bytes:
    """A file as the library writes it."""
    sink = io.BytesIO()
    fastavro.writer(sink, fastavro.parse_schema(schema), records, codec=codec)
    return sink.getvalue()


def long(value: int) -> bytes:
    """A number as Avro writes it."""
    value, out = (value << 1) ^ (value >> 63), bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def sized(octets: bytes) -> bytes:
    """Bytes with their length before them."""
    return long(len(octets)) + octets


def written(schema: object, block: bytes, count: int = 1, codec: bytes = b"null", **metadata: bytes) -> bytes:
    """A file with one block, byte for byte."""
    said = {"avro.schema": json.dumps(schema).encode(), "avro.codec": codec, **metadata}
    head = b"".join(sized(key.encode()) + sized(value) for key, value in said.items())
    return b"Obj\x01" + long(len(said)) + head + b"\0" + MARK + long(count) + sized(block) + MARK


def record(**fields: object) -> dict[str, object]:
    """A schema of a record."""
    return {"type": "record", "name": "p.R", "fields": [{"name": name, "type": type} for name, type in fields.items()]}


def test_names_of_the_schema_are_places_and_labels() -> None:
    """In lists and maps and records in records."""
    inner = {"type": "record", "name": "In", "fields": [{"name": "idno", "type": ["null", "string"]}]}
    schema = record(a=inner, b={"type": "array", "items": "p.In"}, c={"type": "map", "values": "In"})
    one = {"idno": NUMBER}
    assert values(container(schema, {"a": one, "b": [one, {"idno": None}], "c": {"x": one}})) == [
        ("/0/a/idno", "idno", NUMBER),
        ("/0/b/0/idno", "idno", NUMBER),
        ("/0/c/x/~key", "", "x"),
        ("/0/c/x/idno", "idno", NUMBER),
    ]


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type", "value", "text"),
    [
        ("int", -5, "-5"),
        ("long", int(NUMBER), NUMBER),
        ("float", 0.5, "0.5"),
        ("double", 13800138000.0, "13800138000"),
        ("boolean", True, "true"),
        ({"type": "enum", "name": "E", "symbols": ["A", "B"]}, "B", "B"),
        (
            {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 2},
            Decimal("13800138000.50"),
            "13800138000.50",
        ),
        ({"type": "fixed", "name": "F", "size": 9, "logicalType": "decimal", "precision": 20}, Decimal(-7), "-7"),
        ({"type": "long", "logicalType": "timestamp-millis"}, NOON, "2026-11-20T12:00:00+00:00"),
        ({"type": "long", "logicalType": "timestamp-micros"}, NOON, "2026-11-20T12:00:00+00:00"),
        ({"type": "int", "logicalType": "date"}, NOON.date(), "2026-11-20T00:00:00+00:00"),
        ({"type": "long", "logicalType": "timestamp-nanos"}, 1_000_000_000, "1970-01-01T00:00:01+00:00"),
        ({"type": "long", "logicalType": "timestamp-millis"}, int(NUMBER), NUMBER),
        ({"type": "long", "logicalType": "timestamp-millis"}, 10**13, "10000000000000"),
        ({"type": "string", "logicalType": "uuid"}, NUMBER, NUMBER),
    ],
)
def test_every_type_is_read(type: object, value: object, text: str) -> None:
    """A date that is none is a number."""
    assert values(container(record(a=type), {"a": value})) == [("/0/a", "a", text)]


def test_types_within_types_are_read() -> None:
    """A type may be written as an object around its name; names of other spaces have a dot."""
    inner = {"type": "fixed", "name": "q.F", "size": 1}
    assert values(written(record(a={"type": {"type": "long"}}, b=inner, c="q.F"), b"\x02aa"))[0][2] == "1"


def test_bytes_and_text_in_other_charsets_are_members() -> None:
    """By the name of their field."""
    octets = "身份证号码".encode("gb18030")
    fixed = {"type": "fixed", "name": "F", "size": 2}
    made = unpack(written(record(a="bytes", b=fixed, c="string"), sized(b"\xff\xfe") + b"\xfd\xfc" + sized(octets)))
    assert [(each.name, each.data) for each in made.members] == [("a", b"\xff\xfe"), ("b", b"\xfd\xfc"), ("c", octets)]


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz", "zstandard"])
def test_codecs_are_undone(codec: str) -> None:
    """All that the standard names."""
    assert values(container("string", NUMBER, codec=codec)) == [("/0", "", NUMBER)]


def test_snappy_is_undone() -> None:
    """With a checksum behind it."""
    block = pyarrow.Codec("snappy").compress(sized(NUMBER.encode()), asbytes=True) + bytes(4)
    assert values(written("string", block, codec=b"snappy")) == [("/0", "", NUMBER)]


def test_what_a_library_passes_over_is_read() -> None:
    """Repeated keys, bytes behind the last value of a block, metadata, comments in the schema."""
    pairs = long(-2) + long(40) + (sized(b"id") + sized(NUMBER.encode())) + (sized(b"id") + sized(b"x")) + b"\0"
    found = values(written({"type": "map", "values": "string"}, pairs))
    assert ("/0/id", "id", NUMBER) in found
    assert ("/0/id", "id", "x") in found
    assert [each.data for each in unpack(written("null", NUMBER.encode(), 0)).members] == [NUMBER.encode()]
    made = unpack(written({"type": "null", "doc": NUMBER}, b"", note=b"a note"))
    assert ("note", "a note") in [(row.label, row.text) for row in made.rows]
    assert any(NUMBER in row.text for row in made.rows)


@pytest.mark.parametrize(
    ("data", "limits", "reason", "detail"),
    [
        (b"\xc3\x01" + bytes(8) + b"\x02a", LIMITS, Unread.UNKNOWN_FORMAT, "avro-schema"),
        (b"Obj\x01", LIMITS, Unread.MALFORMED, "avro"),
        (written("string", sized(b"a"))[:-1] + b"x", LIMITS, Unread.MALFORMED, "avro"),
        (written("string", b"\x09"), LIMITS, Unread.MALFORMED, "avro"),
        (written(["null"], b"\x02"), LIMITS, Unread.MALFORMED, "avro"),
        (written("nobody", b""), LIMITS, Unread.MALFORMED, "avro"),
        (written(7, b""), LIMITS, Unread.MALFORMED, "avro"),
        (written({"type": "record", "name": "R", "fields": [7]}, b""), LIMITS, Unread.MALFORMED, "avro"),
        (written("null", b"", codec=b"lzo"), LIMITS, Unread.UNKNOWN_CODING, "avro"),
        (written("null", b"", 9), Limits(segments=8), Unread.TOO_MANY, "segments"),
        (written({"type": "array", "items": "null"}, long(1 << 40) + b"\0"), LIMITS, Unread.TOO_MANY, "segments"),
        (written(record(a="p.R"), b""), LIMITS, Unread.TOO_DEEP, "depth"),
        (container("string", "x" * 9999, codec="deflate"), Limits(body=9000), Unread.TOO_LARGE, "unpacked"),
        (container("string", "x" * 999_999, codec="bzip2"), Limits(ratio=9), Unread.RATIO, "ratio"),
        (written("string", b"\xff\xff\xff\xff\x0f" + bytes(9), codec=b"snappy"), LIMITS, Unread.TOO_LARGE, "unpacked"),
        (written("string", b"\x09" + bytes(9), codec=b"snappy"), LIMITS, Unread.MALFORMED, "avro"),
    ],
)  # fmt: skip
def test_limits_and_faults_are_named(data: bytes, limits: Limits, reason: Unread, detail: str) -> None:
    """Never by what stands in the file."""
    with pytest.raises(Unreadable) as fault:
        unpack(data, limits)
    assert (fault.value.reason, fault.value.detail) == (reason, detail)


def test_a_schema_that_nests_too_deep_is_named() -> None:
    """Whether JSON can bear it or not."""
    for depth, reason in ((100, Unread.TOO_DEEP), (100_000, Unread.MALFORMED)):
        schema = b'{"type":"array","items":' * depth + b'"null"' + b"}" * depth
        data = written("null", b"").replace(sized(b'"null"'), sized(schema), 1)
        with pytest.raises(Unreadable) as fault:
            unpack(data)
        assert fault.value.reason in (reason, Unread.TOO_LARGE)


SOUND = container(record(a="long", b={"type": "array", "items": ["null", "string"]}), *[{"a": 7, "b": ["x", None]}] * 3)


@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=4)), max_size=6),
    st.integers(0, 60),
)
def test_nothing_but_unreadable_leaves(changes: list[tuple[int, bytes]], cut: int) -> None:
    """Whatever is broken in a file."""
    made = bytearray(SOUND)
    for at, octets in changes:
        made[at : at + len(octets)] = octets
    with suppress(Unreadable):
        unpack(bytes(made[: len(made) - cut]))

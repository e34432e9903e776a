"""MessagePack: every value and every key, in the order in which they stand, within the limits."""

from __future__ import annotations

import struct
from contextlib import suppress

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode.door import Declared, Unreadable
from gateway.decode.msgpack_file import DOCUMENT, looks
from gateway.vocabulary import Limits, Unread

NUMBER = "110105194912310021"
LIMITS = Limits()
SAID = Declared("", "")


def rows(data: bytes, limits: Limits = LIMITS) -> list[tuple[str, str, str]]:
    """Place, label and text of each row."""
    return [(row.where, row.label, row.text) for row in DOCUMENT.unpack(data, SAID, limits).rows]


def test_keys_are_values_labels_and_steps() -> None:
    """Once each, repeated ones too; values of a list bear the label of the list."""
    data = b"\x82\xa4idno\x92\x01\xa1x\xa4idno\xc3"
    assert rows(data) == [
        ("/idno/~key", "", "idno"),
        ("/idno/0", "idno", "1"),
        ("/idno/1", "idno", "x"),
        ("/idno/~key", "", "idno"),
        ("/idno", "idno", "true"),
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x7f", "127"),
        (b"\xe0", "-32"),
        (b"\xcc\xff", "255"),
        (b"\xcd\xff\xff", "65535"),
        (b"\xcf" + int(NUMBER).to_bytes(8, "big"), NUMBER),
        (b"\xd3" + (-int(NUMBER)).to_bytes(8, "big", signed=True), f"-{NUMBER}"),
        (b"\xcb" + struct.pack(">d", 13800138000), "13800138000"),
        (b"\xca" + struct.pack(">f", 0.5), "0.5"),
        (b"\xcb" + struct.pack(">d", float("inf")), "inf"),
        (b"\xd9\x03abc", "abc"),
        (b"\xda\x00\x03abc", "abc"),
        (b"\xdb\x00\x00\x00\x03abc", "abc"),
        (b"\xc2", "false"),
        (b"\xdc\x00\x01\x07", "7"),
        (b"\xdd\x00\x00\x00\x01\x07", "7"),
        (b"\xde\x00\x01\x01\x07", "7"),
        (b"\xdf\x00\x00\x00\x01\x01\x07", "7"),
    ],
)
def test_every_kind_of_value_is_read(data: bytes, text: str) -> None:
    """Numbers as decimal digits."""
    assert rows(data)[-1][2] == text


@pytest.mark.parametrize("head", [b"\xc4\x02", b"\xc5\0\x02", b"\xc6\0\0\0\x02", b"\xd5\x07", b"\xc7\x02\x07"])
def test_bytes_and_extensions_are_members(head: bytes) -> None:
    """By the name of their field."""
    (member,) = DOCUMENT.unpack(b"\x81\xa4scan" + head + b"\xff\xfe", SAID, LIMITS).members
    assert (member.name, member.data) == ("scan", b"\xff\xfe")


@pytest.mark.parametrize(
    ("octets", "texts"),
    [
        (struct.pack(">I", 1), ["1", "1970-01-01T00:00:01+00:00"]),
        (struct.pack(">Q", 5 << 34 | 1), ["1.000000005", "1970-01-01T00:00:01+00:00"]),
        (struct.pack(">Iq", 0, -1), ["-1", "1969-12-31T23:59:59+00:00"]),
        (struct.pack(">Iq", 0, 13800138000), ["13800138000", "2407-04-23T19:40:00+00:00"]),
        (struct.pack(">Iq", 0, int(NUMBER)), [NUMBER]),
    ],
)
def test_timestamps_are_dates_and_numbers(octets: bytes, texts: list[str]) -> None:
    """What is written as a date may be meant as a number."""
    data = b"\xc7" + bytes([len(octets)]) + b"\xff" + octets
    assert [text for _, _, text in rows(data)] == texts


def test_text_in_another_charset_is_a_member() -> None:
    """MessagePack of old knows no charset."""
    octets = "身份证".encode("gb18030")
    (member,) = DOCUMENT.unpack(b"\xa6" + octets, SAID, LIMITS).members
    assert member.data == octets


def test_keys_that_are_no_text_are_read() -> None:
    """A list, bytes, nothing."""
    data = b"\x83\x91\xa3abc\x01\xc4\x02\xff\xfe\x02\xc0\x03"
    assert ("/0/~key/0", "", "abc") in rows(data)
    assert [text for _, _, text in rows(data)] == ["abc", "1", "2", "3"]
    assert [member.data for member in DOCUMENT.unpack(data, SAID, LIMITS).members] == [b"\xff\xfe"]


def test_objects_in_a_row_have_numbers() -> None:
    """From the second on."""
    assert [where for where, _, _ in rows(b"\x01\x02\x91\x03")] == ["", "/1", "/2/0"]


@pytest.mark.parametrize(
    ("data", "limits", "reason", "detail"),
    [
        (b"", LIMITS, Unread.MALFORMED, "msgpack"),
        (b"\xa2a", LIMITS, Unread.MALFORMED, "msgpack"),
        (b"\x91" * 9 + b"\x01", Limits(depth=8), Unread.TOO_DEEP, "depth"),
        (b"\xc0" * 9, Limits(segments=8), Unread.TOO_MANY, "segments"),
        (b"\xdd\xff\xff\xff\xff" + b"\xc0" * 9, Limits(segments=8), Unread.TOO_MANY, "segments"),
        (b"\xa9123456789", Limits(body=8), Unread.TOO_LARGE, "unpacked"),
    ],
)
def test_limits_are_named(data: bytes, limits: Limits, reason: Unread, detail: str) -> None:
    """Depth, number, size."""
    with pytest.raises(Unreadable) as fault:
        DOCUMENT.unpack(data, SAID, limits)
    assert (fault.value.reason, fault.value.detail) == (reason, detail)


def test_looks() -> None:
    """A map or an array to the end, or beyond the limits."""
    assert looks(msgpack.packb({"a": [1]}))
    assert looks(b"\x91" * 100 + b"\x01")
    assert not looks(msgpack.packb({"a": [1]})[:-1])
    assert not looks(b"\x01")
    assert not looks(b"")


SCALARS = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(max_size=9)
VALUES = st.recursive(SCALARS, lambda one: st.lists(one, max_size=4) | st.dictionaries(SCALARS, one, max_size=4))


def scalars(value: object) -> list[str]:
    """All that stands in a value, as text."""
    if isinstance(value, list):
        return [text for each in value for text in scalars(each)]
    if isinstance(value, dict):
        return [text for pair in value.items() for each in pair for text in scalars(each)]
    text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    return [text] if text and not text.isspace() else []


@given(VALUES)
def test_what_the_library_writes_is_read_whole(value: object) -> None:
    """In the order in which it was written."""
    assert [text for _, _, text in rows(msgpack.packb(value))] == scalars(value)


PIECES = st.sampled_from([b"\x81", b"\x92", b"\xdd\0\0\0\2", b"\xa1a", b"\xc7\x0c\xff", b"\xca"])


@given(st.binary(max_size=200) | st.lists(PIECES, max_size=200).map(b"".join))
def test_nothing_but_unreadable_leaves(data: bytes) -> None:
    """Whatever the bytes are."""
    looks(data)
    with suppress(Unreadable):
        DOCUMENT.unpack(data, SAID, LIMITS)

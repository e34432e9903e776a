"""CBOR: every value and every key, what tags say of them, within the limits."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode.cbor import DOCUMENT, looks
from gateway.decode.door import Declared, Unreadable
from gateway.vocabulary import Limits, Unread

NUMBER = "110105194912310021"
LIMITS = Limits()
SAID = Declared("", "")


def rows(data: bytes, limits: Limits = LIMITS) -> list[tuple[str, str, str]]:
    """Place, label and text of each row."""
    return [(row.where, row.label, row.text) for row in DOCUMENT.unpack(data, SAID, limits).rows]


def texts(data: bytes) -> list[str]:
    """The text of each row."""
    return [text for _, _, text in rows(data)]


def test_keys_are_values_labels_and_steps() -> None:
    """Once each, repeated ones too; a key of readable bytes is one."""
    data = b"\xa2\x64idno\x82\x01\x61x\x44idno\xf5"
    assert rows(data) == [
        ("/idno/~key", "", "idno"),
        ("/idno/0", "idno", "1"),
        ("/idno/1", "idno", "x"),
        ("/idno/~key", "", "idno"),
        ("/idno", "idno", "true"),
    ]


@pytest.mark.parametrize(
    ("hexed", "text"),
    [
        ("00", "0"),
        ("1818", "24"),
        ("1bffffffffffffffff", "18446744073709551615"),
        ("3bffffffffffffffff", "-18446744073709551616"),
        ("f93c00", "1"),
        ("fa47c35000", "100000"),
        ("fb3ff199999999999a", "1.1"),
        ("f97c00", "inf"),
        ("f0", "16"),
        ("f8ff", "255"),
        ("f4", "false"),
        ("7f657374726561646d696e67ff", "streaming"),
        ("c249010000000000000000", "18446744073709551616"),
        ("c349010000000000000000", "-18446744073709551617"),
        ("c11a514b67b0", "1363896240"),
        ("9fff", ""),
        ("9f01ff", "1"),
        ("bf0102ff", "2"),
    ],
)
def test_examples_of_the_standard_are_read(hexed: str, text: str) -> None:
    """RFC 8949, appendix A."""
    assert (texts(bytes.fromhex(hexed)) or [""])[-1] == text


@pytest.mark.parametrize(
    ("hexed", "text"),
    [
        ("c482031a00d292ca", "13800138000"),
        ("c482201a00d292ca", "1380013.8"),
        ("c4820239ffff", "-6553600"),
        ("c482221903e8", "1.000"),
        ("c4821903e81a00d292ca", None),
        ("c482036161", None),
        ("c483010203", None),
    ],
)
def test_decimal_fractions_are_numbers(hexed: str, text: str | None) -> None:
    """Exponent and mantissa in one; what is none is read as it is written."""
    assert [row[2] for row in rows(bytes.fromhex(hexed)) if row[0] == ""] == ([text] if text else [])


def test_large_tags_are_numbers() -> None:
    """Nobody has registered them."""
    assert texts(b"\xdb" + int(NUMBER).to_bytes(8, "big") + b"\x01") == [NUMBER, "1"]


def test_cbor_in_bytes_is_a_member_of_that_type() -> None:
    """Tag 24; other bytes are of no type."""
    inner = cbor2.dumps({"id": NUMBER})
    members = DOCUMENT.unpack(cbor2.dumps({"a": cbor2.CBORTag(24, inner), "b": inner}), SAID, LIMITS).members
    assert [(each.name, each.data, each.media_type) for each in members] == [
        ("a", inner, "application/cbor"),
        ("b", inner, ""),
    ]


def test_bytes_in_chunks_are_joined() -> None:
    """And so is text whose characters are cut."""
    (member,) = DOCUMENT.unpack(b"\x5f\x42\xff\xfe\x41\xfd\xff", SAID, LIMITS).members
    assert member.data == b"\xff\xfe\xfd"
    name = "陳".encode()
    assert texts(b"\x7f\x61" + name[:1] + b"\x62" + name[1:] + b"\xff") == ["陳"]


def test_text_in_another_charset_is_a_member() -> None:
    """Whatever the standard says."""
    octets = "身份证".encode("gb18030")
    (member,) = DOCUMENT.unpack(b"\x66" + octets, SAID, LIMITS).members
    assert member.data == octets


def test_keys_that_are_no_text_are_read() -> None:
    """A list, bytes, nothing, a tag."""
    data = b"\xa4\x81\x63abc\x01\x42\xff\xfe\x02\xf6\x03\xc1\x04\x05"
    assert ("/0/~key/0", "", "abc") in rows(data)
    assert texts(data) == ["abc", "1", "2", "3", "4", "5"]
    assert [member.data for member in DOCUMENT.unpack(data, SAID, LIMITS).members] == [b"\xff\xfe"]


def test_sequences_have_numbers() -> None:
    """From the second on (RFC 8742)."""
    assert [where for where, _, _ in rows(b"\x01\x02\x81\x03")] == ["", "/1", "/2/0"]


@pytest.mark.parametrize(
    ("data", "limits", "reason", "detail"),
    [
        (b"", LIMITS, Unread.MALFORMED, "cbor"),
        (b"\x62a", LIMITS, Unread.MALFORMED, "cbor"),
        (b"\xff", LIMITS, Unread.MALFORMED, "cbor"),
        (b"\x7f\x41a\xff", LIMITS, Unread.MALFORMED, "cbor"),
        (b"\x81" * 9 + b"\x01", Limits(depth=8), Unread.TOO_DEEP, "depth"),
        (b"\xd8\x18" * 9 + b"\x01", Limits(depth=8), Unread.TOO_DEEP, "depth"),
        (b"\xf6" * 9, Limits(segments=8), Unread.TOO_MANY, "segments"),
        (b"\x7f" + b"\x60" * 9 + b"\xff", Limits(segments=8), Unread.TOO_MANY, "segments"),
        (b"\x9b" + b"\xff" * 8 + b"\xf6" * 9, Limits(segments=8), Unread.TOO_MANY, "segments"),
        (b"\x69123456789", Limits(body=8), Unread.TOO_LARGE, "unpacked"),
    ],
)
def test_limits_are_named(data: bytes, limits: Limits, reason: Unread, detail: str) -> None:
    """Depth, number, size."""
    with pytest.raises(Unreadable) as fault:
        DOCUMENT.unpack(data, SAID, limits)
    assert (fault.value.reason, fault.value.detail) == (reason, detail)


def test_looks() -> None:
    """A map or an array to the end, or beyond the limits; or what says that it is CBOR."""
    assert looks(cbor2.dumps({"a": [1]}))
    assert looks(b"\xd9\xd9\xf7\x01")
    assert looks(b"\x81" * 100 + b"\x01")
    assert not looks(cbor2.dumps({"a": [1]})[:-1])
    assert not looks(b"\x01")
    assert not looks(b"")


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
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
    assert texts(cbor2.dumps(value)) == scalars(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=6))
def test_decimals_of_the_library_are_read_exactly(value: object) -> None:
    """Digit for digit."""
    assert Fraction(texts(cbor2.dumps(value))[-1]) == Fraction(value)


PIECES = st.sampled_from(
    [b"\x81", b"\xa1", b"\x9f", b"\xbf", b"\xff", b"\x5f", b"\x7f", b"\x61a", b"\xc4\x82", b"\xc2"]
)


@given(st.binary(max_size=200) | st.lists(PIECES, max_size=200).map(b"".join))
def test_nothing_but_unreadable_leaves(data: bytes) -> None:
    """Whatever the bytes are."""
    looks(data)
    with suppress(Unreadable):
        DOCUMENT.unpack(data, SAID, LIMITS)

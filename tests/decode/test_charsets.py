"""Charsets: by declaration and by sight; a lie is told and every plausible reading counts."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decode import decode
from gateway.vocabulary import Content, Unread
from tests.decode.messages import LIMITS, body, body_parts, message, values

NAME = '{"姓名":"陳大文","電話":"66123456"}'
SIMPLE = '{"姓名":"张伟","手机":"13800138000"}'


def read(data: bytes, type: str = "application/json") -> Content:
    """Decode a body of a type."""
    return decode(message(data, type), LIMITS)


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("utf-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("gbk", "gbk"), ("GB18030", "gb18030"), ("big5", "big5"),
     ("Big5-HKSCS", "big5hkscs"), ("utf-16", "utf-16"), ("utf-16", "utf-16-be"), ("utf-16", "utf-16-le"),
     ("utf-16le", "utf-16-le"), ("utf-16be", "utf-16-be"), ("utf-32", "utf-32"), ("utf-32le", "utf-32-le")],
)  # fmt: skip
@pytest.mark.parametrize("type", ["application/json", "text/plain"])
def test_a_true_declaration_is_one_reading(charset: str, codec: str, type: str) -> None:
    """An honest body is read once, as it was written, and can be written."""
    content = read(NAME.encode(codec), f'{type}; charset="{charset}"')
    (part,) = body_parts(content)
    assert part.text == NAME
    assert part.writable
    assert "charset.lies" not in content.notices


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_unicode_is_seen_without_declaration(codec: str) -> None:
    """Marks, and the NULs of ASCII in wide forms, show what a document is."""
    content = read(NAME.encode(codec))
    assert body_parts(content)[0].text == NAME
    assert content.notices == ()


@pytest.mark.parametrize(("text", "codec"), [(NAME, "big5"), (SIMPLE, "gbk"), ('{"nome":"José São João"}', "latin-1")])
@pytest.mark.parametrize("type", ["application/json", "application/json; charset=utf-8", "text/plain"])
def test_bytes_that_are_no_utf8_are_read_in_every_plausible_way(text: str, codec: str, type: str) -> None:
    """The true text is among the readings, only one of which can be written."""
    content = read(text.encode(codec), type)
    parts = body_parts(content)
    assert text in [part.text for part in parts]
    assert [part.writable for part in parts] == [True] + [False] * (len(parts) - 1)
    assert "charset.lies" in content.notices


def test_two_readings_are_two_parts() -> None:
    """Big5 sent as GBK decodes without an error; both readings count."""
    long = json.dumps({"姓名": "陳大文住在香港九龍尖沙咀的一個地方"}, ensure_ascii=False)
    content = read(long.encode("big5"), "application/json; charset=gbk")
    charsets = [part.charset for part in body_parts(content)]
    assert set(charsets) == {"gb18030", "big5hkscs"}
    assert content.notices == ("charset.lies",)


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "gbk", "big5"])
def test_utf8_under_another_name_is_seen(charset: str) -> None:
    """Valid UTF-8 is hardly ever anything else: it is read as well as what is declared."""
    content = read(NAME.encode(), f"application/json; charset={charset}")
    assert NAME in [part.text for part in body_parts(content)]
    assert "charset.lies" in content.notices


def test_ascii_is_honest_under_any_name() -> None:
    """A body of ASCII is the same in every charset that extends it."""
    for charset in ("gbk", "big5", "iso-8859-1", "us-ascii", "utf-8"):
        content = read(b'{"a":1}', f"application/json; charset={charset}")
        assert (len(body_parts(content)), content.notices) == (1, ())


@pytest.mark.parametrize("charset", ["utf-7", "iso-2022-jp", "hz-gb-2312", "x-user-defined", "ibm037"])
def test_a_charset_that_hides_ascii_is_unknown(charset: str) -> None:
    """Where ASCII may mean something else, nobody can say what stands there."""
    content = read(b'{"a":"+ADQANA-"}', f"application/json; charset={charset}")
    assert body_parts(content) == []
    assert content.opaque[0].reason is Unread.UNKNOWN_CHARSET


def test_what_decodes_in_no_way_is_opaque() -> None:
    """Bytes of no charset are not read leniently."""
    content = read(b'{"a":"\x81\xff\xff\x8d"}')
    assert body_parts(content) == []
    assert content.opaque[0].reason is Unread.UNKNOWN_CHARSET


def test_a_mark_wins_over_a_declaration() -> None:
    """A byte order mark is read first and is no part of the text; the lie is told."""
    content = read(b"\xef\xbb\xbf" + NAME.encode(), "application/json; charset=gbk")
    assert body_parts(content)[0].text == NAME
    assert "charset.lies" in content.notices


@settings(deadline=None)
@given(st.text(), st.sampled_from(["utf-8", "utf-16", "utf-32", "gb18030", "utf-16-le"]))
def test_any_text_survives_its_charset(text: str, codec: str) -> None:
    """Whatever was written is among the readings."""
    data = json.dumps({"a": text}, ensure_ascii=False).encode(codec)
    type = f"application/json; charset={codec.removesuffix('-le')}"
    assert text in [values(part)["json:/a"] for part in body_parts(read(data, type))]


def test_body_in_big5_keeps_hong_kong_characters() -> None:
    """The supplementary characters of Hong Kong are read."""
    assert body('{"a":"啲嘅㗎"}'.encode("big5hkscs"), "application/json; charset=big5").text == '{"a":"啲嘅㗎"}'

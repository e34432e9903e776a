"""Path, query, headers, cookies and forms: names and values, with octets decoded."""

from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decode import decode
from gateway.vocabulary import Limits, Unread
from tests.decode.messages import LIMITS, body, everything, message, values, written


def read(**said: object) -> dict[str, str]:
    """All values of an envelope, by place."""
    return everything(decode(message(**said), LIMITS))  # type: ignore[arg-type]


def test_steps_of_a_path_are_counted() -> None:
    """Each step is a value, with its octets decoded."""
    found = read(target=b"/patients/A123456%283%29//%E9%99%B3")
    assert found == {"path:/1": "patients", "path:/2": "A123456(3)", "path:/4": "陳"}


def test_names_and_values_of_a_query() -> None:
    """Names are values too, with nothing behind them and with several values."""
    found = decode(message(target=b"/?id=7&note=a+b%2Bc&13800138000&id=8&=x&&e="), LIMITS).parts[1].segments
    assert [(each.where, each.text, each.label) for each in found] == [
        ("query:/id/~key", "id", ""), ("query:/id", "7", "id"), ("query:/note/~key", "note", ""),
        ("query:/note", "a b+c", "note"), ("query:/13800138000/~key", "13800138000", ""),
        ("query:/id/~key", "id", ""), ("query:/id", "8", "id"), ("query://~key", "", ""), ("query:/", "x", ""),
        ("query:/e/~key", "e", ""), ("query:/e", "", "e"),
    ]  # fmt: skip


@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
def test_octets_are_utf8_or_else_gbk(codec: str) -> None:
    """Both of the encodings that browsers in the mainland use are read."""
    target = f"/{quote('陈', encoding=codec)}?n={quote('张伟', encoding=codec)}".encode()
    found = read(target=target)
    assert (found["path:/1"], found["query:/n"]) == ("陈", "张伟")


@pytest.mark.parametrize("target", [b"/?n=%2531%2533%2538", b"/?n=%25313%2538", b"/?n=%25253138", b"/?n=%%33138",
                                    b"/%2531%2533%2538", b"/?%25313%2538=1"])  # fmt: skip
def test_what_is_encoded_twice_is_read_twice(target: bytes) -> None:
    """Encoding an encoding hides nothing."""
    texts = {each.text for part in decode(message(target=target), LIMITS).parts for each in part.segments}
    assert any(text.endswith("138") for text in texts)


def test_verbatim_is_promised_only_without_escapes() -> None:
    """A target that holds an escape must be read value by value."""
    plain = decode(message(target=b"/a?b=c"), LIMITS).parts
    coded = decode(message(target=b"/%61?b=c+d"), LIMITS).parts
    assert [part.verbatim for part in plain] == [True, True]
    assert [part.verbatim for part in coded] == [False, False]


def test_bytes_beyond_ascii_in_a_target_are_read() -> None:
    """Raw octets that a client should have escaped."""
    assert read(target="/陳?é=1".encode())["path:/1"] == "陳"
    assert read(target=b"/caf\xe9")["path:/1"] == "café"


def test_names_and_values_of_headers() -> None:
    """Fields, trailers and the reason phrase, in one part that is read verbatim."""
    transfer = message(
        headers=[(b"X-Note", b"a: b"), (b"x-13800138000", b"")], trailers=[(b"X-T", b"t")], reason=b"Fine"
    )
    part = decode(transfer, LIMITS).parts[0]
    assert part.verbatim
    assert values(part) == {
        "header:x-note/~key": "X-Note", "header:x-note": "a: b", "header:x-13800138000/~key": "x-13800138000",
        "header:x-13800138000": "", "header:x-t/~key": "X-T", "header:x-t": "t", "header:~0reason/~key": "~reason",
        "header:~0reason": "Fine",
    }  # fmt: skip
    assert all(part.text[each.start : each.end] == each.text for each in part.segments)


@pytest.mark.parametrize("codec", ["utf-8", "latin-1", "gbk", "big5"])
def test_headers_beyond_ascii_are_read(codec: str) -> None:
    """A value is read in each charset in which it decodes."""
    text = "café" if codec == "latin-1" else "陳大文"
    parts = decode(message(headers=[(b"x", text.encode(codec))]), LIMITS).parts
    assert text in [each.text for part in parts for each in part.segments]


@pytest.mark.parametrize(
    "value",
    [b"attachment; filename*=UTF-8''%E9%99%B366123456", b"=?UTF-8?B?6ZmzNjYxMjM0NTY=?=",
     b"=?utf-8?Q?=E9=99=B366123456?=",
     b"https://x.example/?p=%e9%99%b36612345%36", b"=?utf-8?Q?=E9=99=B3?= =?utf-8?Q?66123456?=",
     b"%25E9%2599%25B3%36%36123456"],
)  # fmt: skip
def test_encoded_values_of_headers_are_read(value: bytes) -> None:
    """RFC 8187, RFC 2047 and escapes in addresses."""
    texts = [each.text for part in decode(message(headers=[(b"x", value)]), LIMITS).parts for each in part.segments]
    assert any("陳66123456" in text or text.endswith("陳66123456") for text in texts), texts


def test_broken_encoded_words_do_no_harm() -> None:
    """A word of an unknown charset or with broken base64 stays as it is."""
    for value in (b"=?none?B?eA==?=", b"=?utf-8?B?x?=", b"=?utf-8?Q?=FF?=", b"=?zlib?B?eA==?="):
        content = decode(message(headers=[(b"x", value)]), LIMITS)
        assert [part.format for part in content.parts] == ["header", "path"]


def test_cookies_have_places_of_their_own() -> None:
    """Pairs of Cookie; name, value and attributes of Set-Cookie; no cookie stands among the headers."""
    headers = [(b"Cookie", b"sid=a=b; lang=zh;x"), (b"Set-Cookie", b"t=%35; Path=/p; Secure"), (b"A", b"b")]
    found = read(headers=headers)
    assert {where: text for where, text in found.items() if "~key" not in where and where.startswith("cookie")} == {
        "cookie:sid": "a=b", "cookie:lang": "zh", "cookie:t": "5", "cookie:t/path": "/p",
    }  # fmt: skip
    assert found["cookie:x/~key"] == "x"
    assert "header:cookie" not in found


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.text()), min_size=1, max_size=5))
def test_a_form_is_read_as_it_was_meant(pairs: list[tuple[str, str]]) -> None:
    """Whatever was encoded comes back, and each code point has its span."""
    part = body(urlencode(pairs).encode(), "application/x-www-form-urlencoded")
    assert [each.text for each in part.segments] == [text for pair in pairs for text in pair]
    for segment in part.segments:
        for place, character in enumerate(segment.text):
            start, end = segment.span(place, place + 1)
            assert part.text[start:end] == quote_plus(character)


def test_places_of_a_form() -> None:
    """Names of a form are steps below form."""
    part = body(b"a/b=%36%36&c", "application/x-www-form-urlencoded")
    assert values(part) == {"form:/a~1b/~key": "a/b", "form:/a~1b": "66", "form:/c/~key": "c"}
    assert written(part, "form:/a~1b") == "%36%36"


@pytest.mark.parametrize(
    ("said", "where"),
    [({"target": b"/?" + b"a&" * 50}, "target"), ({"target": b"/" * 50}, "target"),
     ({"headers": [(b"cookie", b"a;" * 50)]}, "cookie"), ({"headers": [(b"a", b"b")] * 50}, "header"),
     ({"body": b"a=1&" * 50, "type": "application/x-www-form-urlencoded"}, "body")],
)  # fmt: skip
def test_too_many_values_are_opaque(said: dict[str, object], where: str) -> None:
    """The limit of values holds for each part of a message, and the others are read all the same."""
    content = decode(message(**said), Limits(segments=20))  # type: ignore[arg-type]
    assert [(each.reason, each.where) for each in content.opaque] == [(Unread.TOO_MANY, where)]


@settings(deadline=None)
@given(st.binary(), st.binary(), st.binary(), st.binary(), st.sampled_from(["", "application/json", "text/plain"]))
def test_nothing_raises(target: bytes, name: bytes, value: bytes, data: bytes, type: str) -> None:
    """Any bytes anywhere are read or opaque, and what is read lies where it says."""
    headers = [(name, value), (b"cookie", value), (b"set-cookie", value)]
    content = decode(message(data, type, target=target, headers=headers, reason=value), LIMITS)
    assert not [each for each in content.opaque if each.detail.endswith(("Error", "Exception"))]
    for part in content.parts:
        for segment in part.segments:
            start, end = segment.span(0, len(segment.text))
            assert 0 <= segment.start <= start <= end <= segment.end <= len(part.text)
            if part.verbatim:
                assert part.text[start:end] == segment.text

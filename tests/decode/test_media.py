"""Media types: by declaration and by sight."""

import pytest

from gateway.decode import decode
from gateway.decode.walk import Walk
from gateway.vocabulary import Content, Unread
from tests.decode.messages import LIMITS, body_parts, message

FORM = "application/x-www-form-urlencoded"


def read(data: bytes, type: str = "") -> Content:
    """Decode a body of a type."""
    return decode(message(data, type), LIMITS)


@pytest.mark.parametrize(
    ("data", "type", "formats", "seen", "notices"),
    [
        (b'{"a":1}', "application/json", ["json"], "application/json", ()),
        (b' \n[1]', "application/fhir+json; charset=utf-8", ["json"], "application/fhir+json", ()),
        (b'"x"', "application/json", ["json"], "application/json", ()),
        (b'{"a":1}', "", ["json"], "application/json", ()),
        (b'{"a":1}', "application/octet-stream", ["json"], "application/json", ()),
        (b'{"a":1}', "text/plain", ["json"], "application/json", ("media_type.differs",)),
        (b'{"a":1}', FORM, ["form", "json"], FORM, ("media_type.differs",)),
        (b"a=1&b=2", "application/x-www-form-urlencoded", ["form"], "application/x-www-form-urlencoded", ()),
        (b"a=1&b=2", "", ["form"], "application/x-www-form-urlencoded", ()),
        (b"a=%34", "text/plain", ["text"], "text/plain", ()),
        (b"<a>1</a>", "application/soap+xml", ["xml"], "application/soap+xml", ()),
        (b"<a>1</a>", "text/plain", ["xml"], "application/xml", ("media_type.differs",)),
        (b"a,b\n1,2\n", "text/csv", ["csv"], "text/csv", ()),
        (b"a,b\n1,2\n", "text/plain", ["csv"], "text/plain", ()),
        (b"<p>a", "text/html", ["html"], "text/html", ()),
        (b"<html><p>a", "", ["html"], "text/html", ()),
        (b"hello", "text/plain", ["text"], "text/plain", ()),
        (b"hello", "", ["text"], "text/plain", ()),
        (b"{hello}", "text/plain", ["text"], "text/plain", ()),
        (b"", "application/json", [], "", ()),
        (b"hello you", "application/x-www-form-urlencoded", ["form"], "application/x-www-form-urlencoded", ()),
    ],
)  # fmt: skip
def test_what_is_read(data: bytes, type: str, formats: list[str], seen: str, notices: tuple[str, ...]) -> None:
    """JSON, forms and text are read as what they are and as what they say."""
    content = read(data, type)
    assert [part.format for part in body_parts(content)] == formats
    assert (content.media_type, content.notices, content.opaque) == (seen, notices, ())


@pytest.mark.parametrize(
    ("data", "type", "seen", "differs"),
    [
        (b"Rar!\x1a\x07", "text/x-any", "application/vnd.rar", True),
        (b"Rar!\x1a\x07....", "", "application/vnd.rar", False),
        (b"\x89PNG\r\n", "image/png", "image/png", False),
        (b"ab\x00\x01\x02", "text/plain", "text/plain", False),
        (b"a\x1b[0m", "", "", False),
        (b"\x00\xff\xfe\x81ab", "text/plain", "text/plain", False),
        (b"hello", "image/png", "image/png", False),
    ],
)
def test_what_is_not_read(data: bytes, type: str, seen: str, differs: bool) -> None:
    """Everything else is opaque, even where it could pass for text."""
    content = read(data, type)
    assert body_parts(content) == []
    (opaque,) = content.opaque
    assert opaque.reason in (Unread.UNKNOWN_FORMAT, Unread.UNKNOWN_CHARSET)
    assert content.media_type == seen
    assert (content.notices == ("media_type.differs",)) is differs


def test_json_under_another_name_is_read_both_ways() -> None:
    """Whoever believes the declaration sees something else: both are read, and the disagreement is noticed."""
    content = read(b'{"a":"&#52;"}', "text/html")
    assert [part.format for part in body_parts(content)][:2] == ["html", "json"]
    assert content.notices == ("media_type.differs",)


def test_json_under_an_unknown_name_is_both_read_and_opaque() -> None:
    """What is seen is read, and what it says it is stays unread."""
    content = read(b'{"a":1}', "application/x-unknown")
    assert [part.format for part in body_parts(content)] == ["json"]
    assert [each.reason for each in content.opaque] == [Unread.UNKNOWN_FORMAT]
    assert content.notices == ("media_type.differs",)


def test_two_declarations_are_opaque() -> None:
    """Nobody knows which of two Content-Type fields the recipient believes."""
    headers = [(b"content-type", b"application/json"), (b"Content-Type", b"text/html")]
    content = decode(message(b"{}", headers=headers), LIMITS)
    assert [each.reason for each in content.opaque] == [Unread.UNKNOWN_FORMAT]
    assert content.notices == ("media_type.differs",)


def test_a_fault_of_the_room_is_opaque(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong inside, nothing counts as read, and only the kind of error is told."""

    def broken(*_: object) -> None:
        raise KeyError("66123456")

    monkeypatch.setattr(Walk, "read", broken)
    content = read(b'{"phone":"66123456"}')
    assert content.parts == ()
    (opaque,) = content.opaque
    assert (opaque.reason, opaque.detail) == (Unread.MALFORMED, "KeyError")
    assert "66123456" not in repr(content)

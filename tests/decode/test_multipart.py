"""multipart and e-mail: parts, their headers, and what stands around them."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from gateway.decode import decode, multipart, rebuild
from gateway.decode.media import declared
from gateway.vocabulary import Content, Edit, Limits, Unread
from tests.decode.messages import LIMITS, everything, message

NUMBER = "110105194912310021"
TYPE = "multipart/form-data; boundary=b"


def part(body: str, *headers: str) -> str:
    """One part, with the delimiter before it."""
    return "--b\r\n" + "".join(f"{header}\r\n" for header in headers) + f"\r\n{body}\r\n"


def field(name: str, body: str, *headers: str) -> str:
    """A field of a form."""
    return part(body, f'Content-Disposition: form-data; name="{name}"', *headers)


def read(text: str, type: str = TYPE) -> Content:
    """Decode a multipart body."""
    return decode(message(text.encode(), type), LIMITS)


def holds(content: Content, text: str) -> list[str]:
    """Places at which ``text`` is read in the body."""
    return [where for where, value in everything(content).items() if text in value and not where.startswith("header")]


WRITTEN = {
    "a field": field("id", NUMBER),
    "the name of a field": field(NUMBER, "x"),
    "a file": part(NUMBER, 'Content-Disposition: form-data; name="f"; filename="a.txt"', "Content-Type: text/plain"),
    "the name of a file": part("x", f'Content-Disposition: form-data; name="f"; filename="{NUMBER}.txt"'),
    "an extended name": part("x", f"Content-Disposition: form-data; name=f; filename*=utf-8''%31{NUMBER[1:]}"),
    "a name in pieces": part("x", f"Content-Disposition: attachment; filename*0=1101; filename*1={NUMBER[4:]}"),
    "an encoded word": part("x", f"X-Note: =?utf-8?B?{base64.b64encode(NUMBER.encode()).decode()}?="),
    "a header": part("x", f"X-Note: {NUMBER}"),
    "a folded header": part("x", f"X-Note: a\r\n {NUMBER}"),
    "a part without headers": f"--b\r\n\r\n{NUMBER}\r\n",
    "base64": field("id", base64.b64encode(NUMBER.encode()).decode(), "Content-Transfer-Encoding: base64"),
    "quoted-printable": field(
        "id", f"=31{NUMBER[1:9]}=\r\n{NUMBER[9:]}", "Content-Transfer-Encoding: quoted-printable"
    ),
    "GBK": field("id", NUMBER, "Content-Type: text/plain; charset=gbk"),
    "JSON": field("j", f'{{"id":"{NUMBER}"}}', "Content-Type: application/json"),
    "a multipart inside": part(f"--c\r\n\r\n{NUMBER}\r\n--c--", "Content-Type: multipart/mixed; boundary=c"),
    "the preamble": f"{NUMBER}\r\n" + field("a", "x"),
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_every_corner_is_read(text: str) -> None:
    """Bodies, names, headers, encodings, and what stands before the first delimiter."""
    content = read(text + "--b--\r\n")
    assert content.opaque == ()
    assert holds(content, NUMBER)


def test_the_epilogue_is_read() -> None:
    """What stands behind the last delimiter, which most readers skip."""
    assert holds(read(field("a", "x") + f"--b--\r\n{NUMBER}"), NUMBER)


def test_a_field_is_the_label_of_its_text() -> None:
    """The name in Content-Disposition speaks for the value."""
    content = read(field("id_card", NUMBER) + "--b--")
    assert [s.label for p in content.parts for s in p.segments if s.text == NUMBER] == ["id_card"]


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
@pytest.mark.parametrize("empty", [True, False])
def test_empty_parts_and_bare_line_ends(line_end: str, empty: bool) -> None:
    """Delimiters in a row, and senders that never learned CRLF."""
    text = (field("a", "" if empty else "x") + field("b", NUMBER) + "--b--").replace("\r\n", line_end)
    assert holds(read(text), NUMBER)


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        (field("a", "x"), Unread.MALFORMED, "multipart"),
        ("no delimiter", Unread.MALFORMED, "boundary"),
        (field("a", "x" * 5, "Content-Transfer-Encoding: base64") + "--b--", Unread.MALFORMED, "base64"),
        (
            field("a", "x", "Content-Transfer-Encoding: x-new") + "--b--",
            Unread.UNKNOWN_CODING,
            "content-transfer-encoding",
        ),
        (part("x\0\1", "Content-Type: application/x-unknown") + "--b--", Unread.UNKNOWN_FORMAT, "media-type"),
    ],
)
def test_what_cannot_be_read_is_opaque(text: str, reason: Unread, detail: str) -> None:
    """A missing end, a missing delimiter, an encoding that is broken or unknown."""
    assert (reason, detail) in [(each.reason, each.detail) for each in read(text).opaque]


def test_number_of_parts_is_limited() -> None:
    """Parts count as members."""
    content = decode(message((field("a", "x") * 20 + "--b--").encode(), TYPE), Limits(members=10))
    assert [(each.reason, each.detail) for each in content.opaque] == [(Unread.TOO_MANY, "members")]


@pytest.mark.parametrize(
    "name", ["a field", "base64", "quoted-printable", "GBK", "JSON", "a multipart inside", "the preamble"]
)
def test_a_mask_changes_its_part_only(name: str) -> None:
    """Everything else stays byte for byte, and the mask is written in the part's encoding."""
    text = field("before", "one  ") + WRITTEN[name] + field("after", "two") + "--b--\r\n"
    if name == "the preamble":
        text = WRITTEN[name] + "--b--\r\n"
    transfer = message(text.encode(), TYPE)
    content = decode(transfer, LIMITS)
    found = next(p for p in content.parts if p.writable and NUMBER in p.text)
    at = found.text.index(NUMBER)
    body = rebuild(transfer, content, (Edit(found, at, at + 14, "*" * 14),))
    after = decode(message(body, TYPE), LIMITS)
    assert not holds(after, NUMBER)
    assert holds(after, "**************0021")
    if name != "the preamble":
        assert body.startswith(field("before", "one  ").encode())
        assert body.endswith((field("after", "two") + "--b--\r\n").encode())


@pytest.mark.parametrize("text", [text + "--b--\r\n" for text in WRITTEN.values()], ids=WRITTEN)
def test_no_change_is_no_change(text: str) -> None:
    """Packing nothing gives the same bytes."""
    assert multipart.pack(text.encode(), declared(TYPE.encode()), {}) == text.encode()


def test_mail_with_attachments_is_read() -> None:
    """Header fields, words, text, alternatives and attachments of a real message."""
    mail = EmailMessage()
    mail["From"] = "clerk@counter.example"
    mail["To"] = "clinic@hk.example"
    mail["Subject"] = f"身份證 {NUMBER}"
    mail.set_content("see attachment\n")
    mail.add_alternative("<p>440105199003071016</p>", subtype="html")
    mail.add_attachment(b"id\n310101198001010010\n", maintype="text", subtype="csv", filename="陳大文.csv")
    for type in ("message/rfc822", ""):
        content = decode(message(mail.as_bytes(), type), LIMITS)
        for text in (NUMBER, "440105199003071016", "310101198001010010", "陳大文", "see attachment"):
            assert holds(content, text), text

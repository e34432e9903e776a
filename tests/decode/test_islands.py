"""Islands: text and bytes written inside a value in an alphabet of their own."""

from __future__ import annotations

import base64
import html
import json
import quopri
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import Unwritable, decode, rebuild
from gateway.vocabulary import Edit, Limits, Unread
from tests.decode.messages import LIMITS, everything, message

NUMBER = "110105194912310021"
INNER = json.dumps({"id": NUMBER})


def b64(text: str | bytes) -> str:
    """Standard base64 of a text."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def read(text: str, type: str = "text/plain") -> dict[str, str]:
    """Every value of a body by its place."""
    return everything(decode(message(text.encode(), type), LIMITS))


WRITTEN = {
    "base64": b64(f"number {NUMBER}"),
    "base64 with no padding": b64(f"nr {NUMBER}").rstrip("="),
    "base64 of the other alphabet": base64.urlsafe_b64encode(f"???>>> {NUMBER}".encode()).decode(),
    "wrapped base64": "\r\n".join([b64(f"{'x' * 60} {NUMBER}")[at : at + 76] for at in (0, 76)]),
    "base64 behind a name": "token=" + b64(f"number {NUMBER}"),
    "base64 behind a letter": "x" + b64(f"number {NUMBER}"),
    "base64 in a path": "files/" + b64(f"number {NUMBER}") + "/index",
    "base64 of GBK": b64(f"身份证号码 {NUMBER}".encode("gbk")),
    "base64 of UTF-16": b64(NUMBER.encode("utf-16-le")),
    "hex": NUMBER.encode().hex(),
    "hex in capitals": ("nr:" + NUMBER).encode().hex().upper(),
    "hex with a prefix": "0x" + NUMBER.encode().hex(),
    "hex in pairs": NUMBER.encode().hex(":"),
    "percent": "".join(f"%{byte:02x}" for byte in NUMBER.encode()),
    "percent twice": quote("".join(f"%{byte:02x}" for byte in NUMBER.encode())),
    "quoted-printable": "".join(f"={byte:02X}" for byte in NUMBER.encode()),
    "a soft line end": NUMBER[:9] + "=\r\n" + NUMBER[9:],
    "numbered entities": "".join(f"&#{byte};" for byte in NUMBER.encode()),
    "entities in hex": "".join(f"&#x{byte:x};" for byte in NUMBER.encode()),
    "escapes of JSON": "".join(f"\\u{byte:04x}" for byte in NUMBER.encode()),
    "escapes of C": "".join(f"\\x{byte:02x}" for byte in NUMBER.encode()),
    "escapes in octal": "".join(f"\\{byte:03o}" for byte in NUMBER.encode()),
    "escapes with braces": "".join(f"\\u{{{byte:x}}}" for byte in NUMBER.encode()),
    "JSON in a sentence": f"payload was {INNER} as sent",
    "base64 in base64": b64(b64(f"number {NUMBER}")),
    "a data: URI": f"see data:text/plain;base64,{b64(NUMBER)} there",
    "a data: URI with escapes": f"see data:,{quote(NUMBER)} there",
    "a JWT": f"eyJhbGciOiJIUzI1NiJ9.{b64(INNER).rstrip('=')}.c2lnbmF0dXJl",
}


IN_BLOCKS = {
    "UTF-7": "+" + b64(NUMBER.encode("utf-16-be")).rstrip("=") + "-",
    "HZ": "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER).encode("hz").decode(),
}
"""Spellings in which characters have no place of their own, so that they are only read."""


@pytest.mark.parametrize("written", IN_BLOCKS.values(), ids=IN_BLOCKS)
def test_spellings_in_blocks_are_read_and_not_written(written: str) -> None:
    """An edit inside of a block is refused, since it would have to change its neighbours."""
    transfer = message(written.encode(), "text/plain")
    part = decode(transfer, LIMITS).parts[-1]
    assert NUMBER in unicodedata.normalize("NFKC", part.text)
    with pytest.raises(Unwritable):
        rebuild(transfer, content := decode(transfer, LIMITS), (Edit(content.parts[-1], 0, 4, "****"),))


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("carrier", ["text", "json"])
def test_what_is_written_otherwise_is_read(written: str, carrier: str) -> None:
    """The number is a value, or the end or the middle of one, whatever alphabet it is written in."""
    found = read(written) if carrier == "text" else read(json.dumps({"a": [written]}), "application/json")
    assert [where for where, text in found.items() if NUMBER in text]


@pytest.mark.parametrize("written", [text for text in WRITTEN.values() if "=\r\n" not in text])
def test_a_header_is_no_hiding_place(written: str) -> None:
    """Values of headers are looked into as those of bodies are."""
    value = written.replace("\r\n", "")
    found = everything(decode(message(headers=[(b"X-Note", value.encode())]), LIMITS))
    assert any(NUMBER in text for text in found.values())


def test_places_name_every_alphabet_on_the_way() -> None:
    """An officer sees how something was wrapped."""
    found = read(json.dumps({"a": INNER, "b": b64(INNER)}), "application/json")
    assert found["json:/a!json:/id"] == found["json:/b!base64!json:/id"] == NUMBER


@pytest.mark.parametrize(
    "text",
    ["550e8400-e29b-41d4-a716-446655440000", "d41d8cd98f00b204e9800998ecf8427e", "2026-11-20T12:30:00+08:00",
     "AbstractSingletonProxyFactoryBean", "X-Content-Type-Options", "a=20&b=3", "100% of 20%", "AT&T; Q&A",
     "C:\\Users\\chan", "12:34:56:78", "https://www.example.mo/servicos/licencas?page=2",
     b64(bytes(range(128, 170)))],
)  # fmt: skip
def test_ordinary_values_are_no_islands(text: str) -> None:
    """Identifiers, digests, dates, names and paths mean what they say and nothing else."""
    content = decode(message(json.dumps({"a": text}).encode(), "application/json"), LIMITS)
    assert [part.format for part in content.parts] == ["header", "path", "json"]
    assert content.opaque == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("eyJhbGciOiJSU0EtT0FFUCJ9.a2V5.aXY.Y2lwaGVydGV4dA.dGFn", Unread.ENCRYPTED),
        ("-----BEGIN PGP MESSAGE-----\nhQEMA\n-----END PGP MESSAGE-----", Unread.ENCRYPTED),
        (b64(bytes((at * 7919) % 251 | 128 for at in range(3000))), Unread.UNKNOWN_FORMAT),
        (bytes((at * 7919) % 251 | 128 for at in range(3000)).hex(), Unread.UNKNOWN_FORMAT),
        ("data:text/plain;base64,A", Unread.MALFORMED),
    ],
)
def test_what_says_that_it_cannot_be_read_is_opaque(text: str, reason: Unread) -> None:
    """Ciphertext, and long runs that show nothing."""
    content = decode(message(json.dumps({"a": text}).encode(), "application/json"), LIMITS)
    assert [part.reason for part in content.opaque] == [reason]


def test_layers_are_limited() -> None:
    """What is wrapped more often than anybody reads is named."""
    text = NUMBER
    for _ in range(LIMITS.layers + 2):
        text = b64(text)
    content = decode(message(text.encode(), "text/plain"), LIMITS)
    assert [(part.reason, part.detail) for part in content.opaque] == [(Unread.TOO_DEEP, "layers")]


@pytest.mark.parametrize(
    ("limits", "detail"),
    [(Limits(members=3), "members"), (Limits(unpacked=64), "unpacked"), (Limits(seconds=0), "seconds")],
)
def test_a_spent_budget_is_named(limits: Limits, detail: str) -> None:
    """Number, size and time of what stands in a message are bounded, each by name."""
    text = json.dumps([b64(f"number {at} of many, as text") for at in range(10)])
    content = decode(message(text.encode(), "application/json"), limits)
    assert {part.detail for part in content.opaque} == {detail}


def masked(written: str, type: str = "text/plain") -> tuple[bytes, dict[str, str]]:
    """Mask all of the number but its last four, wherever it is found; return the body and what it then holds."""
    transfer = message(written.encode(), type)
    content = decode(transfer, LIMITS)
    edits = []
    for part in content.parts:
        for segment in part.segments if part.writable else ():
            if NUMBER in segment.text:
                at = segment.text.index(NUMBER)
                edits.append(Edit(part, *segment.span(at, at + 14), "*" * 14))
    body = rebuild(transfer, content, tuple(edits))
    return body, everything(decode(message(body, type), LIMITS))


@pytest.mark.parametrize("written", [*WRITTEN.values(), INNER, json.dumps(INNER)], ids=[*WRITTEN, "JSON", "a string"])
def test_a_mask_is_written_in_the_same_alphabet(written: str) -> None:
    """The number is gone from every reading, its mask stands in its place, and the length has not changed much."""
    body, after = masked(json.dumps({"a": written, "b": "as it was"}), "application/json")
    assert not any(NUMBER in text for text in after.values())
    assert any("**************0021" in text for text in after.values())
    assert json.loads(body)["b"] == "as it was"


def test_an_edit_of_an_island_changes_its_characters_only() -> None:
    """Neighbours inside and outside of the island stay byte for byte."""
    body, _ = masked(json.dumps({"x": 1.50, "a": f'{{ "id" : "{NUMBER}" , "n":1e3 }}'}), "application/json")
    assert body.decode() == json.dumps({"x": 1.50, "a": f'{{ "id" : "{"*" * 14}0021" , "n":1e3 }}'})


@given(st.text(), st.sampled_from(["quote", "entity", "printable"]))
def test_what_is_not_edited_is_respelled_as_it_was(text: str, how: str) -> None:
    """A body with no edits is the same body, however its values are spelled."""
    written = {
        "quote": lambda: quote(text.encode("utf-8", "replace")),
        "entity": lambda: html.escape(text),
        "printable": lambda: quopri.encodestring(text.encode("utf-8", "replace")).decode(),
    }[how]()
    transfer = message(json.dumps({"a": written}).encode(), "application/json")
    content = decode(transfer, LIMITS)
    assert rebuild(transfer, content, ()) == transfer.body

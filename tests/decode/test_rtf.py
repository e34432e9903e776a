"""RTF: what a reader sees, and what he does not."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import rtf
from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.vocabulary import Limits, Unread

NUMBER = "440105199003071016"
SAID = Declared("application/rtf", "application/rtf")
LIMITS = Limits()


def read(body: str, limits: Limits = LIMITS, tail: bytes = b"") -> Unpacked:
    """What stands in a document whose body is written so."""
    return rtf.unpack(b"{\\rtf1\\ansi\\ansicpg936 " + body.encode("gbk") + b"}" + tail, SAID, limits)


def rows(found: Unpacked) -> dict[str, str]:
    """Texts by place."""
    return {row.where: row.text for row in found.rows}


WRITTEN = {
    "plain": NUMBER,
    "line ends in the source": f"{NUMBER[:6]}\r\n{NUMBER[6:]}",
    "hex": "".join(f"\\'{ord(digit):02x}" for digit in NUMBER),
    "Unicode": "".join(f"\\u{ord(digit)}?" for digit in NUMBER),
    "Unicode with two for one": "\\uc2 " + "".join(f"\\u{ord(digit)}\\'a3\\'b4" for digit in NUMBER),
    "Unicode with none for one": "\\uc0 " + "".join(f"\\u{ord(digit)} " for digit in NUMBER),
    "runs": f"{{\\b {NUMBER[:6]}}}{{\\i\\f1 {NUMBER[6:]}}}",
    "an empty control": f"{NUMBER[:6]}\\b0 {NUMBER[6:]}",
    "optional hyphen": f"{NUMBER[:6]}\\-{NUMBER[6:]}",
    "a bookmark inside": f"{NUMBER[:6]}{{\\*\\bkmkstart x}}{NUMBER[6:]}",
    "a footnote inside": f"{NUMBER[:6]}{{\\footnote one\\par two}}{NUMBER[6:]}",
    "hidden text inside": f"{NUMBER[:6]}{{\\v 99}}{NUMBER[6:]}",
    "partly hidden": f"{NUMBER[:6]}{{\\v {NUMBER[6:]}}}",
    "hidden": f"{{\\v {NUMBER}}}",
    "deleted": f"{{\\deleted {NUMBER}}}",
    "a footnote": f"x{{\\footnote {NUMBER}}}",
    "a header": f"{{\\header {NUMBER}\\par}}",
    "a comment": f"{{\\*\\annotation {NUMBER}}}",
    "an author": f"{{\\info{{\\author {NUMBER}}}}}",
    "a property": f"{{\\*\\userprops{{\\propname a}}\\proptype30{{\\staticval {NUMBER}}}}}",
    "a field": f'{{\\field{{\\*\\fldinst HYPERLINK "http://x/{NUMBER}"}}{{\\fldrslt x}}}}',
    "the result of a field": f"{NUMBER[:6]}{{\\field{{\\*\\fldinst PAGE}}{{\\fldrslt {NUMBER[6:]}}}}}",
    "a destination nobody knows": f"{{\\*\\somebody {NUMBER}}}",
    "a font": f"{{\\fonttbl{{\\f0 {NUMBER};}}}}",
    "a style": f"{{\\stylesheet{{\\s1 {NUMBER};}}}}",
    "a picture that is none": f"{{\\pict {NUMBER}}}",
    "instead of a character": f"\\uc18\\u32 {NUMBER}",
    "the number of a control": f"\\li{NUMBER} x",
    "a tab before": f"1\\tab {NUMBER}",
    "a line before": f"1\\line {NUMBER}",
}


@pytest.mark.parametrize("body", WRITTEN.values(), ids=WRITTEN)
def test_a_number_is_read_however_it_is_written(body: str) -> None:
    """Escapes, runs, hidden and deleted text, notes, fields, properties."""
    assert any(NUMBER in row.text and f"9{NUMBER}" not in row.text for row in read(body).rows)


def test_tabs_and_lines_part_words() -> None:
    """A digit before a tab does not become part of a number."""
    assert rows(read(f"1\\tab {NUMBER}\\line 2"))["/0"] == f"1 {NUMBER} 2"


def test_han_is_read_in_every_spelling() -> None:
    """By the code page of the document, of the font, and by Unicode with octets beside it."""
    assert rows(read("\\'c9\\'ed\\'b7\\'dd"))["/0"] == "身份"
    assert rows(read("{\\fonttbl{\\f1\\fcharset136 x;}}{\\f1 \\'a8\\'ad\\'a5\\'f7}"))["/0"] == "身份"
    assert rows(read("\\uc2 \\u36523\\'c9\\'ed\\u20221\\'b7\\'dd"))["/0"] == "身份"
    assert rows(read("\\u-10187?\\u-9138?"))["/0"] == "\U0001d44e"


def test_cells_are_labelled() -> None:
    """By the head of their column; those of the first row by the cell beside them."""
    found = read("\\trowd Name\\cell ID\\cell\\row\\trowd Chan\\cell 4401\\cell\\row\\pard after\\par")
    assert [(row.text, row.label) for row in found.rows] == [
        ("Name", ""), ("ID", "Name"), ("Chan", "Name"), ("4401", "ID"), ("after", ""),
    ]  # fmt: skip


def test_what_is_not_seen_is_noticed() -> None:
    """Hidden and deleted text, bytes behind the end."""
    found = read("a{\\v b}{\\deleted c}\\v0 d{\\v e\\v0 f}", tail=b" more")
    assert found.notices == ("rtf.hidden", "rtf.deleted", "rtf.trailing")
    assert rows(found)["/0"] == "adf"
    assert [(member.name, member.data) for member in found.members] == [("~trailing", b" more")]


def test_pictures_are_members() -> None:
    """In hexadecimal or in bytes, braces among them."""
    found = rtf.unpack(b"{\\rtf1{\\pict\\pngblip 8950\r\n4E47}{\\pict\\bin5 a{}\\b}x}", SAID, LIMITS)
    assert [member.data for member in found.members] == [b"\x89PNG", b"a{}\\b"]
    assert rows(found)["/0"] == "x"


def sized(data: bytes) -> bytes:
    """Data behind their length."""
    return struct.pack("<I", len(data)) + data


def test_an_embedded_file_is_a_member() -> None:
    """With all of its names."""
    file = b"\2\0a.txt\0C:\\x\0\0\0\3\0" + sized(b"T:\\y\0") + sized(NUMBER.encode())
    whole = struct.pack("<II", 0x501, 2) + sized(b"Package\0") + sized(b"") + sized(b"") + sized(file)
    found = read(f"{{\\object{{\\*\\objdata {whole.hex()}}}}}")
    assert [(member.name, member.data) for member in found.members] == [("a.txt", NUMBER.encode())]
    assert {"a.txt", "C:\\x", "T:\\y"} <= {row.text for row in found.rows}


@pytest.mark.parametrize("data", [b"{\\rtf1 x", b"{\\rtf1 \\", b"rubbish", b"{\\rtf1 {x}"])
def test_ruins_are_malformed(data: bytes) -> None:
    """A document that does not end, or that is none."""
    with pytest.raises(Unreadable) as caught:
        rtf.unpack(data, SAID, LIMITS)
    assert caught.value.reason is Unread.MALFORMED


@pytest.mark.parametrize(
    ("body", "limits", "detail"),
    [
        ("{" * 100 + "}" * 100, Limits(), "depth"),
        ("x\\par " * 100, Limits(segments=50), "segments"),
        ("x" * 1000, Limits(body=500), "unpacked"),
    ],
)
def test_limits_are_named(body: str, limits: Limits, detail: str) -> None:
    """Depth, number and size."""
    with pytest.raises(Unreadable) as caught:
        read(body, limits)
    assert caught.value.detail == detail


TOKENS = [b"{", b"}", b"\\u", b"12", b" ", b"\\*", b"\\footnote", b"\\'e", b"4", b"\\bin3 ", b"\\pict", b"\\objdata",
          b"\\f1", b"\\fonttbl", b"\\cpg936", b"\\cell", b"\\row", b"\\", b"\xc9", b"\\uc9", b"\\v", b"\\deleted",
          b"\\ansicpg-1"]  # fmt: skip


@given(st.lists(st.sampled_from(TOKENS), max_size=40))
def test_nothing_but_unreadable_leaves_the_reader(pieces: list[bytes]) -> None:
    """Whatever the tokens are."""
    with suppress(Unreadable):
        rtf.unpack(b"{\\rtf1" + b"".join(pieces) + b"}", SAID, LIMITS)

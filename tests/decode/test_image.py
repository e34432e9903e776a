"""Images and PDF: the text that travels with them, and the words in them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageDraw, ImageFont, PngImagePlugin
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, TextStringObject

from gateway.decode import decode, image
from gateway.decode.door import Declared, Unreadable
from gateway.sandbox import Sandbox
from gateway.vocabulary import Content, Limits, Unread
from tests.decode.messages import LIMITS, message

NUMBER = "110105194912310021"
DATA = Path("/usr/share/tesseract-ocr/5/tessdata")
FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
SLOW = Limits(seconds=30.0)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Where native parsers run."""
    made = Sandbox(1, words={"languages": "chi_sim+eng", "data": str(DATA)})
    yield made
    made.close()


def holds(content: Content, text: str = NUMBER) -> list[str]:
    """Places of the body at which ``text`` is read."""
    return [
        segment.where
        for part in content.parts
        for segment in part.segments
        if text in segment.text and segment.where.startswith(("image:", "pdf:"))
    ]


def saved(format: str, **more: object) -> bytes:
    """A small picture."""
    sink = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(sink, format, **more)
    return sink.getvalue()


def png_text(kind: str) -> bytes:
    """A PNG that holds the number in a chunk of a kind."""
    info = PngImagePlugin.PngInfo()
    if kind == "iTXt":
        info.add_itxt("Comment", f"身份證 {NUMBER}", zip=True)
    else:
        info.add_text("Comment", f"x {NUMBER}", zip=kind == "zTXt")
    return saved("PNG", pnginfo=info)


def exif(tag: int, value: object) -> bytes:
    """EXIF data with one tag."""
    made = Image.Exif()
    if tag == ExifTags.Base.UserComment:
        made.get_ifd(ExifTags.IFD.Exif)[tag] = value
    else:
        made[tag] = value
    return made.tobytes()


PICTURES = {
    "tEXt": png_text("tEXt"),
    "zTXt": png_text("zTXt"),
    "iTXt": png_text("iTXt"),
    "EXIF in PNG": saved("PNG", exif=exif(ExifTags.Base.ImageDescription, NUMBER)),
    "EXIF in JPEG": saved("JPEG", exif=exif(ExifTags.Base.Artist, NUMBER)),
    "a comment of the user": saved("JPEG", exif=exif(ExifTags.Base.UserComment, b"ASCII\0\0\0" + NUMBER.encode())),
    "a title of Windows": saved("JPEG", exif=exif(ExifTags.Base.XPTitle, NUMBER.encode("utf-16-le"))),
    "a comment in JPEG": saved("JPEG", comment=NUMBER.encode()),
    "a comment in GIF": saved("GIF", comment=NUMBER.encode()),
    "EXIF in WebP": saved("WEBP", exif=exif(ExifTags.Base.ImageDescription, NUMBER)),
    "XMP in WebP": saved("WEBP", xmp=f"<x><id>{NUMBER}</id></x>".encode()),
    "a tag of TIFF": saved("TIFF", description=NUMBER),
    "behind the end": saved("PNG") + NUMBER.encode(),
    "behind the end of JPEG": saved("JPEG") + NUMBER.encode(),
}


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)
def test_text_beside_a_picture_is_read(data: bytes) -> None:
    """Whatever else is opaque: the picture itself."""
    content = decode(message(data), LIMITS)
    assert holds(content)
    assert (Unread.UNKNOWN_FORMAT, "picture") in [(each.reason, each.detail) for each in content.opaque]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"])
def test_a_picture_alone_is_opaque(format: str) -> None:
    """And nothing else is the matter with it."""
    content = decode(message(saved(format), f"image/{format.lower()}"), LIMITS)
    assert [(each.reason, each.detail) for each in content.opaque] == [(Unread.UNKNOWN_FORMAT, "picture")]
    assert content.notices == ()


@given(st.sampled_from(list(PICTURES.values())), st.data())
def test_nothing_but_unreadable_leaves_the_reader(data: bytes, draw: st.DataObject) -> None:
    """Sound images and broken ones."""
    made = bytearray(data)
    for _ in range(draw.draw(st.integers(0, 4))):
        made[draw.draw(st.integers(0, len(made) - 1))] = draw.draw(st.integers(0, 255))
    with suppress(Unreadable):
        image.unpack(bytes(made[: draw.draw(st.integers(1, len(made)))]), Declared("", ""), LIMITS)


@pytest.mark.skipif(
    not (DATA / "chi_sim.traineddata").exists() or not FONT.exists(), reason="make system installs them"
)
def test_words_in_a_picture_are_read(sandbox: Sandbox) -> None:
    """Where an engine is configured: then nothing is opaque."""
    drawn = Image.new("RGB", (900, 120), "white")
    ImageDraw.Draw(drawn).text((10, 20), f"身份证 {NUMBER}", "black", ImageFont.truetype(str(FONT), 56))
    sink = io.BytesIO()
    drawn.save(sink, "PNG")
    content = decode(message(sink.getvalue(), "image/png"), SLOW, sandbox)
    assert content.opaque == ()
    assert any(NUMBER in segment.text.replace(" ", "") for part in content.parts for segment in part.segments)


def paper(where: str) -> bytes:
    """A PDF that holds the number in one of its corners."""
    made = pypdf.PdfWriter()
    page = made.add_blank_page(600, 800)
    if where == "property":
        made.add_metadata({"/Subject": NUMBER})
    elif where == "note":
        made.add_annotation(0, FreeText(text=NUMBER, rect=(50, 50, 200, 100)))
    elif where == "attachment":
        made.add_attachment("list.txt", NUMBER.encode())
    elif where == "name of an attachment":
        made.add_attachment(f"{NUMBER}.txt", b"x")
    elif where == "outline":
        made.add_outline_item(title=NUMBER, page_number=0)
    elif where in ("page", "pieces", "encrypted"):
        font = pypdf.generic.DictionaryObject(
            {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
             NameObject("/BaseFont"): NameObject("/Helvetica")}
        )  # fmt: skip
        resources = pypdf.generic.DictionaryObject(
            {NameObject("/Font"): pypdf.generic.DictionaryObject({NameObject("/F1"): font})}
        )
        page[NameObject("/Resources")] = resources
        stream = pypdf.generic.DecodedStreamObject()
        shown = f"({NUMBER}) Tj" if where != "pieces" else f"[({NUMBER[:6]}) -1 ({NUMBER[6:]})] TJ"
        stream.set_data(f"BT /F1 12 Tf 50 700 Td {shown} ET".encode())
        page[NameObject("/Contents")] = made._add_object(stream)
    if where == "encrypted":
        made.encrypt("secret")
    if where == "title":
        made.metadata = {"/Title": TextStringObject(NUMBER)}
    sink = io.BytesIO()
    made.write(sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    "where",
    ["page", "pieces", "property", "title", "note", "attachment", "name of an attachment", "outline"],
)
def test_every_corner_of_a_pdf_is_read(where: str, sandbox: Sandbox) -> None:
    """Pages, properties, notes, attachments, outlines."""
    content = decode(message(paper(where), "application/pdf"), SLOW, sandbox)
    assert content.opaque == ()
    assert holds(content)


def test_what_a_pdf_hides_is_read_or_opaque(sandbox: Sandbox) -> None:
    """Bytes behind the end, older revisions, encryption, ruins."""
    plain = paper("page")
    behind = decode(message(plain + NUMBER.encode()), SLOW, sandbox)
    assert "pdf.trailing" in behind.notices
    assert [each.reason for each in decode(message(paper("encrypted")), SLOW, sandbox).opaque] == [Unread.ENCRYPTED]
    assert [each.reason for each in decode(message(b"%PDF-1.7 rubbish"), SLOW, sandbox).opaque] == [Unread.MALFORMED]

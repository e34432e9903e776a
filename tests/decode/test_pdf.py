"""PDF: what is seen on its pages, and what is not."""

from __future__ import annotations

import io
import zlib
from contextlib import suppress

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gateway.decode import pdf as reader
from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.vocabulary import Limits, Unread
from tests.decode.documents import NUMBER, page, revised, shown, stream

SAID = Declared("application/pdf", "application/pdf")
LIMITS = Limits()
HALF, REST = NUMBER[:9], NUMBER[9:]


def read(data: bytes, limits: Limits = LIMITS) -> Unpacked:
    """Unpack in this process."""
    return reader.unpack(data, SAID, limits)


def holds(found: Unpacked, text: str = NUMBER) -> dict[str, str]:
    """Labels by place at which ``text`` is read, the names and the bytes of members among them."""
    rows = {row.where: row.label for row in found.rows if text in row.text}
    members = {f"!{each.name}": "" for each in found.members if text.encode() in each.data or text in each.name}
    return rows | members


def spaced(text: str, step: int = 14, *, backwards: bool = False) -> str:
    """A text whose letters are drawn one by one, as far apart as ``step``."""
    letters = [(50 + step * at, letter) for at, letter in enumerate(text)]
    return "".join(shown(letter, f"{x} 700") for x, letter in (reversed(letters) if backwards else letters))


def note(entries: str) -> bytes:
    """A page with a note."""
    return page(entries="/Annots[6 0 R]", more=[f"<</Type/Annot/Subtype/Text/Rect[10 10 99 99]{entries}>>"])


def appearance() -> bytes:
    """A page with a note that shows something else than it says."""
    drawn = stream(shown(NUMBER, "5 20").encode(), "/Type/XObject/Subtype/Form/BBox[0 0 300 50]"
                   "/Resources<</Font<</F1 5 0 R>>>>")  # fmt: skip
    entries = "/Type/Annot/Subtype/Stamp/F 4/Rect[10 10 310 60]/Contents(x)/AP<</N 7 0 R>>"
    return page(entries="/Annots[6 0 R]", more=[f"<<{entries}>>", drawn])


FORM = "/AcroForm<</Fields[6 0 R]>>"
CORNERS: dict[str, bytes] = {
    "a page": page(shown(NUMBER)),
    "kerned": page(f"BT /F1 12 Tf 50 700 Td [({HALF}) -20 ({REST})] TJ ET"),
    "letter by letter": page(spaced(NUMBER, 7)),
    "letters far apart": page(spaced(NUMBER)),
    "from right to left": page(spaced(NUMBER, 7, backwards=True)),
    "second half first": page(shown(REST, "110 700") + shown(HALF, "50 700")),
    "over two lines": page(shown(f"id {HALF}") + shown(f"{REST} x", "50 680")),
    "invisible": page(f"BT 3 Tr /F1 12 Tf 50 700 Td ({NUMBER}) Tj ET"),
    "outside of the page": page(shown(NUMBER, "5000 5000")),
    "in white": page("1 g " + shown(NUMBER)),
    "a layer that is off": page(
        "/OC /L BDC " + shown(NUMBER) + " EMC", resources="/Properties<</L 6 0 R>>",
        catalogue="/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>", more=["<</Type/OCG/Name(x)>>"]),
    "the name of a layer": page(more=[f"<</Type/OCG/Name({NUMBER})>>"]),
    "a form within": page("/X Do", resources="/XObject<</X 6 0 R>>", more=[stream(
        shown(NUMBER).encode(), "/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>>>")]),
    "a note": note(f"/Contents({NUMBER})"),
    "a note in UTF-16": note(f"/Contents<FEFF{NUMBER.encode('utf-16-be').hex()}>"),
    "the author of a note": note(f"/T({NUMBER})"),
    "a link": note(f"/A<</S/URI/URI(http://x.example/{NUMBER})>>"),
    "a script": note(f"/A<</S/JavaScript/JS(app.alert\\('{NUMBER}'\\))>>"),
    "how a note looks": appearance(),
    "a field": page(catalogue=FORM, more=[f"<</FT/Tx/T(idno)/V({NUMBER})>>"]),
    "a choice": page(catalogue=FORM, more=[f"<</FT/Btn/T(idno)/V/{NUMBER}>>"]),
    "the name of a field": page(catalogue=FORM, more=[f"<</FT/Tx/T({NUMBER})>>"]),
    "XFA": page(catalogue="/AcroForm<</Fields[]/XFA 6 0 R>>", more=[stream(f"<x>{NUMBER}</x>".encode(), packed=True)]),
    "metadata": page(catalogue="/Metadata 6 0 R", more=[
        stream(f"<x>{NUMBER}</x>".encode(), "/Type/Metadata/Subtype/XML")]),
    "a property": page(more=[f"<</Subject({NUMBER})>>"], trailer="/Info 6 0 R"),
    "the name of a property": page(more=[f"<</{NUMBER}(x)>>"], trailer="/Info 6 0 R"),
    "an outline": page(catalogue="/Outlines 6 0 R", more=["<</First 7 0 R/Last 7 0 R/Count 1>>",
                                                          f"<</Title({NUMBER})/Parent 6 0 R>>"]),
    "a destination": page(catalogue=f"/Dests<</{NUMBER}[3 0 R/Fit]>>"),
    "a named destination": page(catalogue=f"/Names<</Dests<</Names[({NUMBER})[3 0 R/Fit]]>>>>"),
    "text for a picture": page(catalogue="/StructTreeRoot 6 0 R", more=[f"<</S/Figure/Alt({NUMBER})>>"]),
    "somebody's own entry": page(entries=f"/PieceInfo<</X<</Private({NUMBER})>>>>"),
    "an object nobody refers to": page(more=[f"({NUMBER})"]),
    "an attached file": page(catalogue="/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>", more=[
        "<</Type/Filespec/F(a.txt)/EF<</F 7 0 R>>>>", stream(NUMBER.encode(), "/Type/EmbeddedFile", packed=True)]),
    "the name of an attached file": page(catalogue="/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>", more=[
        f"<</Type/Filespec/F({NUMBER}.txt)/EF<</F 7 0 R>>>>", stream(b"x", "/Type/EmbeddedFile")]),
    "a comment between objects": page("").replace(b"2 0 obj", f"% {NUMBER}\n2 0 obj".encode()),
    "behind the data of a stream": page(more=[stream(zlib.compress(b"x") + NUMBER.encode(), "/Filter/FlateDecode")]),
    "an earlier revision": revised(page(shown(NUMBER)), 4, stream(b"")),
    "before the beginning": NUMBER.encode() + b"\n" + page(""),
    "behind the end": page("") + NUMBER.encode(),
}  # fmt: skip


@pytest.mark.parametrize("data", CORNERS.values(), ids=CORNERS)
def test_every_corner_is_read(data: bytes) -> None:
    """On the page in whatever order, and in everything that is not on a page."""
    assert holds(read(data))


def test_a_field_is_the_label_of_its_value() -> None:
    """As its author called it."""
    assert "idno" in holds(read(CORNERS["a field"])).values()


def test_oddities_are_noticed() -> None:
    """Earlier revisions, bytes behind the end; a sound document has none."""
    assert read(CORNERS["an earlier revision"]).notices == ("pdf.incremental",)
    assert read(CORNERS["behind the end"]).notices == ("pdf.trailing",)
    assert read(CORNERS["a page"]).notices == ()
    assert read(CORNERS["a page"]).opaque == ()


def test_what_has_not_changed_is_read_once() -> None:
    """Of earlier revisions only what the last has no more."""
    data = revised(page(shown(NUMBER) + shown("other", "50 600")), 5,
                   b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>")  # fmt: skip
    assert len(holds(read(data))) == 1


def with_image(data: bytes, entries: str) -> bytes:
    """A page that shows a picture, twice."""
    made = stream(
        data, f"/Type/XObject/Subtype/Image/Width 8/Height 4/BitsPerComponent 8/ColorSpace/DeviceRGB{entries}"
    )
    return page("q 90 0 0 90 9 9 cm /I Do Q q 50 0 0 50 9 9 cm /I Do Q", resources="/XObject<</I 6 0 R>>", more=[made])


def test_pictures_are_members() -> None:
    """As they are where they are a file of their own, else as PNG; each once."""
    drawn = Image.new("RGB", (8, 4), (200, 10, 30))
    sink = io.BytesIO()
    drawn.save(sink, "JPEG")
    found = read(with_image(sink.getvalue(), "/Filter/DCTDecode"))
    assert [each.data for each in found.members] == [sink.getvalue()]
    found = read(with_image(zlib.compress(drawn.tobytes()), "/Filter/FlateDecode"))
    (only,) = found.members
    with Image.open(io.BytesIO(only.data)) as picture:
        assert picture.format == "PNG"
        assert picture.convert("RGB").tobytes() == drawn.tobytes()


def test_drawn_letters_are_opaque() -> None:
    """A page of shapes and no text may be words."""
    found = read(page("0 0 m 9 9 l 5 7 l f\n" * 40))
    assert [(each.where, each.reason, each.detail) for each in found.opaque] == [
        ("/1", Unread.UNKNOWN_FORMAT, "picture")
    ]


def encrypted(user: str) -> bytes:
    """A PDF behind a password."""
    made = pypdf.PdfWriter(clone_from=io.BytesIO(CORNERS["a page"]))
    made.encrypt(user, "owner", algorithm="AES-256")
    sink = io.BytesIO()
    made.write(sink)
    return sink.getvalue()


def test_no_password_is_tried_first() -> None:
    """Many documents are encrypted so that all may read them."""
    assert holds(read(encrypted("")))
    with pytest.raises(Unreadable) as caught:
        read(encrypted("secret"))
    assert caught.value.reason is Unread.ENCRYPTED


@pytest.mark.parametrize("data", [b"%PDF-1.7 rubbish", b"", b"%PDF-1.7\n%%EOF", CORNERS["a page"][:300]])
def test_ruins_are_malformed(data: bytes) -> None:
    """Nothing of a document that cannot be opened is vouched for."""
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert caught.value.reason is Unread.MALFORMED


def test_a_stream_beyond_the_limit_is_refused_before_it_is_read() -> None:
    """A bomb, by its size."""
    with pytest.raises(Unreadable) as caught:
        read(page(b" " * 3_000_000), Limits(body=1_000_000))
    assert (caught.value.reason, caught.value.detail) == (Unread.TOO_LARGE, "unpacked")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(CORNERS)), st.data())
def test_nothing_but_unreadable_leaves_the_reader(name: str, draw: st.DataObject) -> None:
    """Sound documents and broken ones."""
    made = bytearray(CORNERS[name])
    for _ in range(draw.draw(st.integers(0, 4))):
        made[draw.draw(st.integers(0, len(made) - 1))] = draw.draw(st.integers(0, 255))
    with suppress(Unreadable):
        read(bytes(made))

"""Office documents: whatever a reader sees, and whatever he does not."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import openpyxl
import pptx
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from pptx.util import Inches

from gateway.decode import decode, rebuild
from gateway.transform.masking import MASK
from gateway.vocabulary import Content, Edit, Limits
from tests.decode.messages import message

NUMBER = "110105194912310021"
SLOW = Limits(seconds=30.0)


def saved(document: object) -> bytes:
    """The bytes of a document of any of the libraries."""
    sink = io.BytesIO()
    document.save(sink)  # type: ignore[attr-defined]
    return sink.getvalue()


def read(data: bytes) -> Content:
    """Decode by sight."""
    return decode(message(data), SLOW)


def holds(content: Content, text: str = NUMBER) -> dict[str, str]:
    """Labels by place at which ``text`` is read."""
    return {
        segment.where: segment.label
        for part in content.parts
        for segment in part.segments
        if text in segment.text and segment.where.partition(":")[0] in ("xlsx", "docx", "pptx", "odt", "ods", "odp")
    }


def masked(data: bytes) -> bytes:
    """Mask the number but its last four wherever it can be written."""
    transfer = message(data)
    content = decode(transfer, SLOW)
    edits = []
    for part in content.parts:
        for segment in part.segments if part.writable else ():
            at = segment.text.find(NUMBER)
            edits += [Edit(part, *segment.span(place, place + 1), MASK) for place in range(at, at + 14) if at >= 0]
    return rebuild(transfer, content, tuple(edits))


def book() -> openpyxl.Workbook:
    """A workbook with one table."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "名單"
    sheet.append(["姓名", "身份证号", "number"])
    sheet.append(["陳大文", NUMBER, 5])
    return made


def test_a_cell_has_its_place_and_the_head_of_its_column() -> None:
    """A text that all sheets share bears those of the first cell that uses it."""
    content = read(saved(book()))
    assert content.opaque == ()
    assert content.media_type.endswith("spreadsheetml.sheet")
    assert {where.rpartition("!xlsx:")[2]: label for where, label in holds(content).items()} == {"/名單/B2": "身份证号"}


def sheet_with(change: str) -> bytes:
    """A workbook that holds the number in one of its corners."""
    made = openpyxl.Workbook()
    sheet = made.active
    if change == "a comment":
        sheet["A1"].comment = Comment(NUMBER, "clerk")
    elif change == "an author":
        sheet["A1"].comment = Comment("x", NUMBER)
    elif change == "a property":
        made.properties.creator = NUMBER
    elif change == "a hidden sheet":
        hidden = made.create_sheet("h")
        hidden["A1"] = NUMBER
        hidden.sheet_state = "veryHidden"
    elif change == "the name of a sheet":
        made.create_sheet(NUMBER)
    elif change == "a formula":
        sheet["A1"] = f'="{NUMBER}"&""'
    elif change == "a header":
        sheet.oddHeader.center.text = NUMBER
    elif change == "a validation":
        validation = DataValidation(type="list", formula1=f'"{NUMBER},x"')
        validation.add("A1")
        sheet.add_data_validation(validation)
    elif change == "a link":
        sheet["A1"].hyperlink = f"https://x.example/{NUMBER}"
    elif change == "a large number":
        sheet["A1"] = 1.10105e17
    return saved(made)


@pytest.mark.parametrize(
    "change",
    ["a comment", "an author", "a property", "a hidden sheet", "the name of a sheet", "a formula", "a header",
     "a validation", "a link"],
)  # fmt: skip
def test_every_corner_of_a_workbook_is_read(change: str) -> None:
    """Comments, properties, hidden sheets, names, formulas, headers, lists, links."""
    assert holds(read(sheet_with(change)))


def test_hidden_sheets_are_noticed() -> None:
    """A reader of the file does not see them."""
    assert read(sheet_with("a hidden sheet")).notices == ("xlsx.hidden",)


def test_numbers_are_read_as_they_are_shown() -> None:
    """An exponent in full, a date as a date."""
    made = openpyxl.Workbook()
    made.active["A1"] = 1.10105e17
    made.active["A2"] = date(1949, 12, 31)
    content = read(saved(made))
    assert holds(content, "110105000000000000")
    assert holds(content, "1949-12-31")


def with_text(markup: str) -> bytes:
    """A workbook whose only shared text is written so."""
    made = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(saved(book())))
    with zipfile.ZipFile(made, "w") as file:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/sharedStrings.xml":
                data = data.replace(f"<t>{NUMBER}</t>".encode(), markup.encode())
            file.writestr(name, data)
    return made.getvalue()


def test_runs_of_a_cell_are_one_text() -> None:
    """An identifier in two colours is one, and each piece is masked where it stands."""
    data = with_text(f"<r><t>{NUMBER[:6]}</t></r><r><rPr><b/></rPr><t>{NUMBER[6:]}</t></r>")
    assert holds(read(data))
    sheet = openpyxl.load_workbook(io.BytesIO(masked(data)), rich_text=True).active
    assert str(sheet["B2"].value) == "*" * 14 + "0021"


@pytest.mark.parametrize("make", [lambda: saved(book()), lambda: with_text(f"<t>{NUMBER}</t>")])
def test_a_masked_workbook_opens(make: object) -> None:
    """With the same cells otherwise."""
    body = masked(make())  # type: ignore[operator]
    assert not holds(read(body))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["姓名", "身份证号", "number"], ["陳大文", "*" * 14 + "0021", 5],
    ]  # fmt: skip


def letter(where: str) -> bytes:
    """A letter that holds the number in one of its corners."""
    made = docx.Document()
    if where == "runs":
        paragraph = made.add_paragraph("id: ")
        for piece in (NUMBER[:6], NUMBER[6:14], NUMBER[14:]):
            paragraph.add_run(piece).bold = piece != NUMBER[:6]
    elif where == "table":
        table = made.add_table(2, 3)
        for at, text in enumerate(("姓名", "身份证号", "x")):
            table.cell(0, at).text = text
        table.cell(1, 1).text = NUMBER
    elif where == "header":
        made.sections[0].header.paragraphs[0].text = NUMBER
    elif where == "footer":
        made.sections[0].footer.paragraphs[0].text = NUMBER
    elif where == "property":
        made.core_properties.keywords = NUMBER
    elif where == "comment":
        made.add_comment(made.add_paragraph("x").runs, text=NUMBER, author="a", initials="a")
    return saved(made)


@pytest.mark.parametrize("where", ["runs", "table", "header", "footer", "property", "comment"])
def test_every_corner_of_a_letter_is_read(where: str) -> None:
    """Runs joined, tables labelled, headers, footers, properties, comments."""
    found = holds(read(letter(where)))
    assert found
    if where == "table":
        assert "身份证号" in found.values()


def test_a_masked_letter_opens() -> None:
    """Each run keeps its length and its face."""
    body = masked(letter("runs"))
    assert not holds(read(body))
    runs = docx.Document(io.BytesIO(body)).paragraphs[0].runs
    assert [run.text for run in runs] == ["id: ", "*" * 6, "*" * 8, "0021"]


def test_every_corner_of_a_presentation_is_read() -> None:
    """Slides, notes, tables; hidden slides are noticed."""
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = f"title {NUMBER}"
    slide.notes_slide.notes_text_frame.text = "310101198001010010"
    table = slide.shapes.add_table(2, 3, Inches(1), Inches(1), Inches(4), Inches(1)).table
    table.cell(0, 1).text, table.cell(1, 1).text = "身份证号", "440105199003071016"
    slide._element.set("show", "0")
    content = read(saved(made))
    for text in (NUMBER, "310101198001010010", "440105199003071016"):
        assert holds(content, text), text
    assert "身份证号" in holds(content, "440105199003071016").values()
    assert "office.hidden" in content.notices


def test_open_documents_are_read() -> None:
    """Text over spans, and tables."""
    text = (
        '<office:document-content xmlns:office="o" xmlns:text="t"><text:p>id '
        f"{NUMBER[:6]}<text:span>{NUMBER[6:]}</text:span></text:p></office:document-content>"
    )
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", text)
    content = read(sink.getvalue())
    assert holds(content)
    assert content.media_type == "application/vnd.oasis.opendocument.text"
    assert masked(sink.getvalue())


def test_what_is_embedded_is_opened_or_named() -> None:
    """A document in a document, and macros."""
    sink = io.BytesIO(letter("runs"))
    with zipfile.ZipFile(sink, "a") as file:
        file.writestr("word/embeddings/book.xlsx", saved(book()))
        file.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    content = read(sink.getvalue())
    assert any(where.startswith("docx:/word~1embeddings~1book.xlsx!xlsx:") for where in holds(content))
    assert any(each.where.startswith("docx:/word~1vbaProject.bin!ole:") for each in content.opaque)

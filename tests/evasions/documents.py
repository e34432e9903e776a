"""Documents: workbooks, texts, slides, PDF, RTF and pictures, in what their readers see and in what they do not."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import openpyxl
import pptx
import pypdf
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.comments import Comment
from PIL import Image, PngImagePlugin
from pptx.util import Inches
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, TextStringObject

from gateway.vocabulary import Unread
from tests.evasions.case import PHONE, RIC, Case, hidden, sealed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_NOTE = f"resident {RIC}"


def _saved(document: Any) -> bytes:
    sink = io.BytesIO()
    document.save(sink)
    return sink.getvalue()


def _book(change: str) -> bytes:
    """A workbook that holds the number in one of its corners."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "list"
    sheet.append(["name", "n"])
    sheet.append(["chan", 5])
    match change:
        case "cell":
            sheet["B2"] = RIC
        case "long number":
            sheet["B2"] = int(PHONE)
        case "label":
            sheet["B1"], sheet["B2"] = "手机号", "61234567"
        case "comment":
            sheet["A2"].comment = Comment(_NOTE, "clerk")
        case "hidden sheet":
            other = book.create_sheet("other")
            other["A1"] = RIC
            other.sheet_state = "veryHidden"
        case "hidden column":
            sheet["D2"] = RIC
            sheet.column_dimensions["D"].hidden = True
        case "properties":
            book.properties.subject = _NOTE
        case "name of a sheet":
            sheet.title = RIC
        case "formula":
            sheet["C2"] = f'=CONCATENATE("{RIC}","")'
        case "header":
            sheet.oddHeader.left.text = _NOTE
        case "header at once":
            sheet.oddHeader.left.text = RIC
        case "date":
            sheet["B3"] = date(1990, 3, 7)
        case "split":
            for column, piece in zip("ABC", ("110105", "19491231", "002X"), strict=True):
                sheet[f"{column}3"] = piece
    return _saved(book)


def _text(change: str) -> bytes:
    """A text document that holds the number in one of its corners."""
    document = docx.Document()
    paragraph = document.add_paragraph("hello")
    match change:
        case "symbols":
            paragraph = document.add_paragraph()
            for letter in RIC:
                symbol = OxmlElement("w:sym")
                symbol.set(qn("w:char"), f"{ord(letter):04X}")
                paragraph.add_run()._r.append(symbol)
        case "paragraph":
            document.add_paragraph(_NOTE)
        case "runs":
            paragraph = document.add_paragraph("id ")
            for piece in (RIC[:6], RIC[6:14], RIC[14:]):
                paragraph.add_run(piece).bold = piece == RIC[6:14]
        case "table":
            document.add_table(1, 1).cell(0, 0).text = RIC
        case "header":
            document.sections[0].header.paragraphs[0].text = _NOTE
        case "properties":
            document.core_properties.comments = _NOTE
        case "hidden":
            paragraph.add_run(f" {RIC}").font.hidden = True
        case "comment":
            document.add_comment(paragraph.runs[0], text=_NOTE, author="clerk")
    return _saved(document)


def _slides(change: str) -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    if change == "box":
        slide.shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1)).text_frame.text = _NOTE
    else:
        slide.notes_slide.notes_text_frame.text = _NOTE
    return _saved(deck)


def _pdf(change: str, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    match change:
        case "metadata":
            writer.add_metadata({"/Subject": _NOTE})
        case "annotation":
            writer.add_annotation(0, FreeText(text=_NOTE, rect=(10, 10, 200, 50)))
        case "attachment":
            writer.add_attachment("note.txt", _NOTE.encode())
        case "text":
            font = pypdf.generic.DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/Type1"),
                    NameObject("/BaseFont"): NameObject("/Helvetica"),
                }
            )
            fonts = pypdf.generic.DictionaryObject({NameObject("/F1"): font})
            page[NameObject("/Resources")] = pypdf.generic.DictionaryObject({NameObject("/Font"): fonts})
            stream = pypdf.generic.StreamObject()
            stream.set_data(f"BT /F1 12 Tf 20 200 Td ({_NOTE}) Tj ET".encode())
            page[NameObject("/Contents")] = writer._add_object(stream)
        case "field":
            field = pypdf.generic.DictionaryObject(
                {
                    NameObject("/FT"): NameObject("/Tx"),
                    NameObject("/T"): TextStringObject("id"),
                    NameObject("/V"): TextStringObject(RIC),
                    NameObject("/Subtype"): NameObject("/Widget"),
                    NameObject("/Type"): NameObject("/Annot"),
                    NameObject("/Rect"): pypdf.generic.RectangleObject((10, 10, 100, 30)),
                }
            )
            reference = writer._add_object(field)
            page[NameObject("/Annots")] = pypdf.generic.ArrayObject([reference])
            form = pypdf.generic.DictionaryObject({NameObject("/Fields"): pypdf.generic.ArrayObject([reference])})
            writer._root_object[NameObject("/AcroForm")] = form
    if password:
        writer.encrypt(password)
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def _picture(format: str, **more: Any) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(sink, format, **more)
    return sink.getvalue()


def _chunk(kind: str) -> bytes:
    said = PngImagePlugin.PngInfo()
    if kind == "iTXt":
        said.add_itxt("Comment", _NOTE)
    else:
        said.add_text("Comment", _NOTE, zip=kind == "zTXt")
    return _picture("PNG", pnginfo=said)


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = _NOTE
    return _picture("JPEG", exif=exif)


_RTF = "{\\rtf1\\ansi hello \\par %s}"

_SHEET = "xlsx:/xl~1worksheets~1sheet1.xml!xlsx:"
_BODY = "docx:/word~1document.xml!office:/document/body"

WORKBOOKS = tuple(
    hidden(f"a workbook: {change}", _book(change), XLSX, where, *seen, bare=seen == [PHONE])
    for change, where, *seen in (
        ("cell", f"{_SHEET}/list/B2"),
        ("long number", f"{_SHEET}/list/B2", PHONE),
        ("label", f"{_SHEET}/list/B2", "61234567"),
        ("comment", "xlsx:/xl~1comments~1comment1.xml!office:/comments/commentList/comment/text"),
        ("hidden sheet", "xlsx:/xl~1worksheets~1sheet2.xml!xlsx:/other/A1"),
        ("hidden column", f"{_SHEET}/list/D2"),
        ("properties", "xlsx:/docProps~1core.xml!office:/coreProperties/subject"),
        ("name of a sheet", "xlsx:/xl~1workbook.xml!office:/workbook/sheets/sheet/@name"),
        ("formula", f"{_SHEET}/list/C2/~formula"),
        ("header", f"{_SHEET}/worksheet/headerFooter/oddHeader"),
        ("header at once", "xlsx:/list/~oddHeader"),
        ("split", f"{_SHEET}/list/A3", "11010519491231002X"),
    )
)

TEXTS = (
    hidden(
        "a text document: symbols",
        _text("symbols"),
        DOCX,
        f"{_BODY}/p[2]",
        written="".join(f'<w:sym w:char="{ord(letter):04X}"/>' for letter in RIC),
    ),
    *(
        hidden(f"a text document: {change}", _text(change), DOCX, where)
        for change, where in (
            ("paragraph", f"{_BODY}/p[2]"),
            ("runs", f"{_BODY}/p[2]"),
            ("table", f"{_BODY}/tbl/tr/tc/p"),
            ("header", "docx:/word~1header1.xml!office:/hdr/p"),
            ("properties", "docx:/docProps~1core.xml!office:/coreProperties/description"),
            ("hidden", f"{_BODY}/p/~hidden"),
            ("comment", "docx:/word~1comments.xml!office:/comments/comment/p"),
        )
    ),
    hidden(
        "a text box on a slide",
        _slides("box"),
        PPTX,
        "pptx:/ppt~1slides~1slide1.xml!office:/sld/cSld/spTree/sp/txBody/p",
    ),
    hidden(
        "the notes of a slide",
        _slides("notes"),
        PPTX,
        "pptx:/ppt~1notesSlides~1notesSlide1.xml!office:/notes/cSld/spTree/sp[2]/txBody/p",
    ),
    hidden("rtf", _RTF % RIC, "application/rtf", "rtf:/1"),
    hidden("rtf in hex", _RTF % "".join(f"\\'{byte:02x}" for byte in RIC.encode()), "application/rtf", "rtf:/1"),
    hidden("rtf in numbers", _RTF % "".join(f"\\u{ord(each)}?" for each in RIC), "application/rtf", "rtf:/1"),
    hidden(
        "rtf with groups in the number", _RTF % f"{RIC[:6]}{{\\b {RIC[6:14]}}}{RIC[14:]}", "application/rtf", "rtf:/1"
    ),
)

PAGES: tuple[Case, ...] = (
    *(
        hidden(f"a PDF: {change}", _pdf(change), "application/pdf", where)
        for change, where in (
            ("text", "pdf:/1"),
            ("metadata", "pdf:/~object/1/Subject"),
            ("annotation", "pdf:/~object/5/Contents"),
            ("field", "pdf:/~object/5/V"),
            ("attachment", "pdf:/note.txt!text:"),
        )
    ),
    sealed("a PDF with a password", _pdf("metadata", "secret"), "application/pdf", Unread.ENCRYPTED, "pdf:"),
    hidden("the text of a PNG", _chunk("tEXt"), "image/png", "image:/tEXt"),
    hidden("compressed text of a PNG", _chunk("zTXt"), "image/png", "image:/zTXt"),
    hidden("international text of a PNG", _chunk("iTXt"), "image/png", "image:/iTXt"),
    hidden("EXIF", _exif(), "image/jpeg", "image:/exif/ImageDescription"),
    hidden("a comment in a JPEG", _picture("JPEG", comment=_NOTE.encode()), "image/jpeg", "image:/comment"),
    hidden("a comment in a GIF", _picture("GIF", comment=_NOTE.encode()), "image/gif", "image:/comment"),
    hidden("a vector picture", f'<svg xmlns="http://www.w3.org/2000/svg"><text>{RIC}</text></svg>', "image/svg+xml",
           "xml:/svg/text"),
    sealed("a picture", _picture("PNG"), "image/png", Unread.UNKNOWN_FORMAT, "image:"),
)  # fmt: skip

HARMLESS = (Case("a workbook with a date", _book("date"), XLSX),)

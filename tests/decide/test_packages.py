"""Workbooks beside their cells: what programs write of themselves passes, and nothing that somebody put in."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from gateway.decide.dataset.conforming import conforms
from tests.decide.payloads import PEOPLE, XLSX, dataset, read

STORY = "a story that nobody declared"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def codes(body: bytes, media_type: str = XLSX, of: str = PEOPLE) -> dict[tuple[str, str], int]:
    """The violations, by code and place."""
    return {(each.code, each.place): each.count for each in conforms(read(body, media_type), dataset(of))}


def written(change: Callable[[Any, Any], object] = lambda book, sheet: None) -> bytes:
    """A workbook of openpyxl, with a change."""
    book = openpyxl.Workbook()
    for row in (["name", "age"], ["ann", 4]):
        book.active.append(row)
    change(book, book.active)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def with_file(name: str, text: str) -> bytes:
    """A workbook with a file more."""
    sink = io.BytesIO(written())
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr(name, text)
    return sink.getvalue()


def exchanged(body: bytes, name: str, old: str, new: str) -> bytes:
    """A workbook with something else in a file."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as source, zipfile.ZipFile(sink, "w") as archive:
        for each in source.namelist():
            data = source.read(each)
            archive.writestr(each, data.replace(old.encode(), new.encode()) if each == name else data)
    return sink.getvalue()


def by_xlsxwriter() -> bytes:
    """A workbook of XlsxWriter with a head in bold, a filter and a frozen row."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "age"], book.add_format({"bold": True, "bg_color": "#D7E4BC", "border": 1}))
    sheet.write_row(1, 0, ["ann", 4])
    sheet.freeze_panes(1, 0)
    sheet.autofilter("A1:B2")
    sheet.set_column(0, 0, 20)
    book.close()
    return sink.getvalue()


def _ordinary(book: Any, sheet: Any) -> None:
    sheet["A1"].font = Font(bold=True, name="Arial", color="FF0000")
    sheet["A1"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["A1"].border = Border(left=Side("thin"))
    sheet["B2"].number_format = "#,##0"
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["A"].width = 20
    sheet.auto_filter.ref = "A1:B2"
    sheet.title = "工作表1"
    book.create_sheet()


@pytest.mark.parametrize("body", [written(), written(_ordinary), by_xlsxwriter()], ids=["plain", "styled", "other"])
def test_workbooks_as_libraries_write_them_pass(body: bytes) -> None:
    """Styles, themes, filters and titles of their own are no message of anybody."""
    assert codes(body) == {}


def test_a_date_in_a_cell_passes() -> None:
    """Its format is one of dates."""
    of = (
        "schema: {type: object, properties:"
        " {name: {type: string, category: none}, age: {type: number, category: none}}}"
    )
    assert codes(written(lambda _, sheet: sheet.__setitem__("B2", date(2026, 1, 2))), of=of) == {}


def test_a_sheet_may_be_called_what_the_dataset_calls_its_root() -> None:
    """That is a declared name."""
    assert codes(written(lambda _, sheet: setattr(sheet, "title", "Register"))) == {}


def _hidden(book: Any, _: Any) -> None:
    book.create_sheet(STORY).sheet_state = "veryHidden"


def _validated(_: Any, sheet: Any) -> None:
    rule = DataValidation(type="list", formula1='"a,story"', prompt=STORY, promptTitle="zz")
    sheet.add_data_validation(rule)
    rule.add("B2")


def _filtered(_: Any, sheet: Any) -> None:
    sheet.auto_filter.ref = "A1:B2"
    sheet.auto_filter.add_filter_column(0, [STORY])


@pytest.mark.parametrize(
    "change",
    [
        lambda _, sheet: setattr(sheet, "title", STORY),
        _hidden,
        lambda book, _: book.defined_names.add(DefinedName("story", attr_text='"a story"')),
        lambda _, sheet: setattr(sheet["B2"], "number_format", f'"{STORY}" 0'),
        lambda book, _: book.add_named_style(NamedStyle(STORY)),
        lambda _, sheet: setattr(sheet["A2"], "hyperlink", "https://x.example/a-story"),
        _validated,
        _filtered,
        lambda book, _: setattr(book.properties, "identifier", STORY),
        lambda book, _: setattr(book.properties, "version", STORY),
        lambda _, sheet: setattr(sheet.oddHeader.center, "text", STORY),
    ],
    ids=[
        "title",
        "hidden",
        "defined",
        "format",
        "style",
        "link",
        "validation",
        "filter",
        "identifier",
        "version",
        "header",
    ],
)
def test_what_somebody_put_in_is_told(change: Callable[[Any, Any], object]) -> None:
    """Wherever a workbook has room for a text."""
    assert ("field.undeclared", "xlsx:/*") in codes(written(change))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("xl/notes.txt", STORY),
        (f"xl/{STORY}.txt", ""),
        (f"{STORY}/", ""),
        ("xl/printerSettings/a.txt", STORY),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Type="b" Target="{STORY}"/></Relationships>',
        ),
        ("xl/theme/x.xml", f"<a>{STORY}</a>"),
        ("styles.xml", f"<a>{STORY}</a>"),
        ("xl/worksheets/zz.xml", f"<a>{STORY}</a>"),
        ("xl/worksheets/sheet9.xml", f"<a>{STORY}</a>"),
        ("xl/foo/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>{STORY}</t></si></sst>'),
        ("docProps/custom.xml", f"<a>{STORY}</a>"),
    ],
)
def test_a_file_more_is_told(name: str, text: str) -> None:
    """By its name, even where nothing is in it."""
    assert ("field.undeclared", "xlsx:/*") in codes(with_file(name, text))


STRINGS, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (STRINGS, "</sst>", "<si><t>13800138000</t></si></sst>"),
        (SHEET, 'r="A2" s="0" t="s"', 't="s"'),
        (SHEET, "<sheetData>", "<a-story/><sheetData>"),
        (SHEET, "<sheetData>", '<sheetPr codeName="a-story"/><sheetData>'),
    ],
)
def test_a_text_that_no_column_judges_is_told(name: str, old: str, new: str) -> None:
    """A shared text that no cell names, and what stands beside the cells of a sheet."""
    body = by_xlsxwriter()
    if old.startswith("r="):
        old, new = 'r="A2" t="s"', 't="s"'
    changed = exchanged(body, name, old, new)
    assert changed != exchanged(body, name, "\0", "")
    assert ("field.undeclared", "xlsx:/*") in codes(changed)


def test_a_section_among_the_cells_is_told() -> None:
    """It could hide what a cell holds, and no program writes one."""
    body = exchanged(by_xlsxwriter(), STRINGS, "ann", "<![CDATA[<si>]]>ann")
    assert ("part.unmapped", "xlsx:/*") in codes(body)


def test_a_document_in_a_cell_is_told() -> None:
    """As it is in a value of JSON."""
    body = written(lambda _, sheet: sheet.__setitem__("A2", json.dumps({"a": "b"})))
    assert codes(body) == {("value.nested", "xlsx:/people/*/name"): 1}


def ods(title: str = "Sheet1", extra: str = "") -> bytes:
    """A sheet of OpenDocument."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    cells = "<table:table-row>{}</table:table-row>".format
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'.format
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="{title}">{cells(cell("name") + cell("sex"))}'
        f"{cells(cell('ann') + cell('f'))}</table:table>{extra}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", content)
        archive.writestr("Configurations2/menubar/", "")
    return sink.getvalue()


def test_a_sheet_of_opendocument_is_judged_beside_its_cells() -> None:
    """Its title and its names too."""
    assert codes(ods(), ODS) == {}
    assert codes(ods(title=STORY), ODS) == {("field.undeclared", "ods:/*"): 1}
    named = f'<table:named-range table:name="{STORY}"/>'
    assert codes(ods(extra=f"<table:named-expressions>{named}</table:named-expressions>"), ODS) == {
        ("field.undeclared", "ods:/*"): 1
    }

"""Workbooks judged by a dataset: cells by the column in which they stand, and nothing beside them."""

import io
import zipfile

import openpyxl

from gateway.decide.dataset.conforming import conforms, records_of
from tests.decide.payloads import XLSX, dataset, read

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = f'xmlns:r="{RELATION}"'


def codes(body: bytes) -> dict[tuple[str, str], int]:
    """The violations, by code and place."""
    return {(each.code, each.place): each.count for each in conforms(read(body, XLSX), dataset())}


def workbook(*rows: list[object], creator: str = "") -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    book.properties.creator = creator
    for row in rows:
        book.active.append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def test_cells_of_a_sheet_are_judged_by_their_column() -> None:
    """A text that stands in several cells is judged in each of them."""
    assert codes(workbook(["姓名", "sex"], ["陳", "f"], ["王", "f"])) == {}
    found = codes(workbook(["姓名", "sex", "hair"], ["陳", "f"], ["f", "陳"], [None, "m", 5]))
    assert found == {
        ("field.missing", "xlsx:/people/*/name"): 1,
        ("field.undeclared", "xlsx:/people/*/*"): 2,
        ("value.other", "xlsx:/people/*/sex"): 1,
    }
    assert records_of(read(workbook(["姓名", "sex"], ["陳", "f"], ["陳", "f"]), XLSX), dataset()) == 2


def test_a_text_that_cells_share_is_judged_in_each_of_them() -> None:
    """A sheet may name a text by its number (ECMA-376 part 1, 18.4.8)."""
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{first}</v></c><c r="B{row}" t="s"><v>{second}</v></c></row>'
        for row, first, second in ((1, 0, 1), (2, 2, 2), (3, 2, 3))
    )
    files = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook {SHEETS}><sheets><sheet name="Sheet1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>",
        "xl/sharedStrings.xml": "<sst>"
        + "".join(f"<si><t>{text}</t></si>" for text in ("name", "sex", "abc", "m"))
        + "</sst>",
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    assert codes(sink.getvalue()) == {("value.other", "xlsx:/people/*/sex"): 1}
    assert records_of(read(sink.getvalue(), XLSX), dataset()) == 2


def test_who_made_a_workbook_is_told() -> None:
    """Its properties are no fields of a dataset."""
    assert codes(workbook(["姓名"], ["陳"], creator="Chan")) == {("field.undeclared", "xlsx:/*"): 1}

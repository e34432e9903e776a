"""Records of a payload: counted wherever they stand, in whatever they are packed."""

import gzip
import io
import json
import tarfile
import time
import zipfile

import openpyxl
import pytest

from gateway.decide.dataset.counting import records_of
from gateway.vocabulary import Content
from tests.decide.payloads import CSV, FORM, JSON, MULTIPART, NDJSON, XLSX, XML, dataset, read

ROWS = [{"month": "2026-01", "count": number} for number in range(200)]
TABLE = "name,age\n" + "a,5\n" * 200
LINES = "2026-01 4\n\n" * 200


def zipped(**files: str) -> bytes:
    """An archive of these files; the first underscore of a name is its dot."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", ".", 1), text)
    return sink.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    """An archive of one file."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return sink.getvalue()


def form(**members: str) -> str:
    """A form of these members, those that begin with a bracket said to be JSON."""
    return "".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n'
        f"{'Content-Type: application/json' + chr(13) + chr(10) if text[0] in '[{' else ''}\r\n{text}\r\n"
        for name, text in members.items()
    ) + ("--B--\r\n")


def people(count: int) -> str:
    """So many records."""
    return json.dumps([{"name": "ann"}] * count)


@pytest.mark.parametrize(
    "content",
    [
        read(json.dumps(ROWS)),
        read(json.dumps({"page": 1, "data": {"rows": ROWS, "tags": ["a"]}})),
        read("\n".join(map(json.dumps, ROWS)), NDJSON),
        read(TABLE, CSV),
        read(LINES, "text/plain"),
        read("<r><h/><l>" + "<row><a>1</a></row>" * 200 + "</l></r>", XML),
        read("rows:\n" + "- {a: 1}\n" * 200, "application/yaml"),
        read("&".join(f"id={number}" for number in range(200)), FORM),
        read(zipped(a_csv=TABLE), "application/zip"),
        read(zipped(a_csv=TABLE[:409], b_json=json.dumps(ROWS[:100])), "application/zip"),
        read(zipped(a_txt=LINES), "application/zip"),
        read(tarred("a.zip", zipped(a_csv=TABLE)), "application/x-tar"),
        read(gzip.compress(TABLE.encode()), "application/gzip"),
        read(form(people=people(150), others=people(50)), MULTIPART),
    ],
    ids=lambda each: each.media_type,
)
def test_records_are_counted_wherever_they_stand(content: Content) -> None:
    """Without a dataset the greatest list counts; members of archives and forms are added up."""
    assert records_of(content, None) == 200


def sheet(count: int) -> bytes:
    """A workbook of so many rows."""
    book = openpyxl.Workbook()
    for row in (["name", "age"], *([["a", 5]] * count)):
        book.active.append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def test_workbooks_are_counted_by_their_rows() -> None:
    """Also those in an archive, however many there are."""
    assert records_of(read(sheet(7), XLSX), None) == 7
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a.xlsx", sheet(7))
        archive.writestr("b.xlsx", sheet(5))
    assert records_of(read(sink.getvalue(), "application/zip"), None) == 12


def test_many_sheets_take_little_time() -> None:
    """A small part of what reading them takes: each is looked at once, not once for every other."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        with zipfile.ZipFile(io.BytesIO(sheet(1))) as source:
            for name in source.namelist():
                archive.writestr(name, source.read(name))
        cells = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
        for number in range(2000):
            archive.writestr(f"xl/worksheets/other{number}.xml", cells)
    started = time.perf_counter()
    content = read(sink.getvalue(), XLSX)
    reading = time.perf_counter() - started
    started = time.perf_counter()
    records_of(content, None)
    assert time.perf_counter() - started < reading / 4


def test_members_of_one_name_are_added_up() -> None:
    """They are two members, whatever they are called."""
    body = form(people=people(5)).removesuffix("--B--\r\n") + form(people=people(7))
    assert records_of(read(body, MULTIPART), dataset()) == 12
    assert records_of(read(body, MULTIPART), None) == 12


def test_a_member_is_counted_as_the_dataset_has_it() -> None:
    """The member is the list, not the payload; a text beside it is no record."""
    assert records_of(read(form(people=people(500), batch="abc"), MULTIPART), dataset()) == 500
    assert records_of(read(form(batch="abc", name="x"), MULTIPART), dataset()) == 1


def test_a_document_in_a_field_is_no_list_of_records() -> None:
    """What a record is, the dataset says; without one, a list counts in whatever it is packed."""
    of = (
        "schema: {type: object, properties: {note: {type: string, category: none, contentMediaType: application/json}}}"
    )
    content = read(json.dumps({"note": json.dumps(ROWS)}))
    assert records_of(content, dataset(of)) == 1
    assert records_of(content, None) == 200


def test_a_payload_without_a_list_is_one_record() -> None:
    """An object, a form, a line; no body is none."""
    for body, media_type in (
        ('{"a": {"b": 1}}', JSON),
        ("a=1&b=2", FORM),
        ("one line", "text/plain"),
        ("<a><b/><c/></a>", XML),
        (form(a="1", b="2", c='{"d": 1}'), MULTIPART),
    ):
        assert records_of(read(body, media_type), None) == 1
    assert records_of(read(""), None) == 0

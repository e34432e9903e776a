"""CSV: cells with exact spans, whatever stands between them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import Unwritable, decode, rebuild
from gateway.vocabulary import Edit, Limits, Unread
from tests.decode.messages import LIMITS, body, body_parts, message, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,phone\nA,1\n", {"csv:/2/name": "A", "csv:/2/phone": "1"}),
        (
            "姓名;身份证号\r\nA;1\r\nB;2",
            {"csv:/2/姓名": "A", "csv:/2/身份证号": "1", "csv:/3/姓名": "B", "csv:/3/身份证号": "2"},
        ),
        ("a\tb\n1\t2\n", {"csv:/2/a": "1", "csv:/2/b": "2"}),
        ("a|b\n1|2\n", {"csv:/2/a": "1", "csv:/2/b": "2"}),
        ("1,2\n3,4\n", {"csv:/1/1": "1", "csv:/1/2": "2", "csv:/2/1": "3", "csv:/2/2": "4"}),
        ('a,b\n"x, ""y""\nz",2\n', {"csv:/2/a": 'x, "y"\nz', "csv:/2/b": "2"}),
        ('a,b\n"x"tail,2\n', {"csv:/2/a": '"x"tail', "csv:/2/b": "2"}),
        ("a,b\n1,2,3\n\n4\n", {"csv:/2/a": "1", "csv:/2/b": "2", "csv:/2/3": "3", "csv:/4/a": "4"}),
        ("a,b\n# 1,2\n", {"csv:/2/a": "# 1", "csv:/2/b": "2"}),
        ('a,b\n"never closed,2\n', {"csv:/2/a": '"never closed', "csv:/2/b": "2"}),
    ],
)
def test_cells_have_places(text: str, expected: dict[str, str]) -> None:
    """The first row labels the others, if it looks like names; ragged rows and odd quotes lose nothing."""
    found = values(body(text.encode(), "text/csv"))
    assert {
        where: value for where, value in found.items() if not where.startswith("csv:/1") or "1" in value or "2" in value
    } == expected


def test_labels_come_from_the_first_row() -> None:
    """A cell knows the name of its column; the names are values too."""
    part = body("姓名,身份证号\n陳,1\n".encode(), "text/csv")
    assert [(each.text, each.label) for each in part.segments] == [
        ("姓名", ""), ("身份证号", ""), ("陳", "姓名"), ("1", "身份证号"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("a,b\n1,2\n3,4\n", "csv"),
        ("姓名；电话\n甲；1\n", "text"),
        ("Dear all, thank you.\nSee you soon.\n", "text"),
        ("one line, with commas, in it", "text"),
        ("12:30\n13:45\n", "text"),
    ],
)
def test_tables_are_seen(text: str, format: str) -> None:
    """Without a declaration, rows of one width are a table and prose is not."""
    assert [part.format for part in body_parts(decode(message(text.encode()), LIMITS))] == [format]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0,;\t|^:"))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1))
def test_what_a_writer_writes_is_read(rows: list[list[str]]) -> None:
    """Every cell with anything in it is a value, whatever it holds."""
    sink = io.StringIO()
    csv.writer(sink).writerows(rows)
    content = decode(message(sink.getvalue().encode(), "text/csv"), LIMITS)
    texts = "\n".join(each.text for part in body_parts(content) for each in part.segments)
    assert all(line.strip() in texts for row in rows for cell in row for line in cell.splitlines()) or content.opaque


def test_number_of_cells_is_limited() -> None:
    """Before anything is built."""
    content = decode(message(b"a,b\n" * 40, "text/csv"), Limits(segments=20))
    assert [each.reason for each in content.opaque] == [Unread.TOO_MANY]


def put(text: str, cell: str, replacement: str) -> str:
    """Replace a whole cell."""
    transfer = message(text.encode(), "text/csv")
    (part,) = body_parts(content := decode(transfer, LIMITS))
    segment = next(each for each in part.segments if each.text == cell)
    return rebuild(transfer, content, (Edit(part, *segment.span(0, len(cell)), replacement),)).decode()


def test_an_edit_changes_its_cell_only() -> None:
    """Quotes, blanks and line ends stay; a quote is doubled between quotes, and refused elsewhere."""
    assert put('a,b\r\n"x" , 2\r\n', " 2", "**") == 'a,b\r\n"x" ,**\r\n'
    assert put('a,b\n"x""y",2\n', 'x"y', 'k"') == 'a,b\n"k""",2\n'
    for replacement in ('"', ",", "\n"):
        with pytest.raises(Unwritable):
            put("a,b\n1,2\n", "2", replacement)

"""CSV: cells with exact spans, whatever stands between them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import Unwritable, csv_text, decode, rebuild
from gateway.vocabulary import Edit, Limits, Part, Unread
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


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0,;\t|^~:\\\x01\x1f"))
"""Without what delimits in other dialects, and without the backslash, which escapes in some."""


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
    """Blanks, quotes and line ends stay."""
    assert put('a,b\r\n"x" , 2\r\n', " 2", "**") == 'a,b\r\n"x" ,**\r\n'
    assert put('a,b\n"x""y",2\n', 'x"y', 'k"') == 'a,b\n"k""",2\n'


@pytest.mark.parametrize("replacement", ['"', ",", "\n", 'a"b,c\r\n'])
def test_a_cell_gets_quotes_where_its_value_needs_them(replacement: str) -> None:
    """The whole cell, and no other."""
    written = put("a,b\n12,3\n", "12", replacement)
    assert written == 'a,b\n"{}",3\n'.format(replacement.replace('"', '""'))
    assert [each.text for each in csv_text.read(written)] == [
        each for each in ("a", "b", replacement, "3") if each.strip()
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\tb\n12\t3\n", "a\tb\n*,2\t3\n"),
        ("'a','b'\n'12','3'\n", "'a','b'\n'*,2','3'\n"),
        ('a,b\n"x\\"y",12\n', 'a,b\n"x\\"y","*,2"\n'),
    ],
)
def test_edits_keep_the_dialect(text: str, written: str) -> None:
    """What needs quotes depends on it, and which."""
    part = part_of(text)
    segment = next(each for each in part.segments if each.text == "12")
    assert csv_text.write(part, [Edit(part, segment.start, segment.start + 1, "*,")]) == written


@pytest.mark.parametrize(("start", "end"), [(4, 8), (2, 5), (9, 10)])
def test_what_cannot_be_written_is_refused(start: int, end: int) -> None:
    """More than one cell, or half of a doubled quote."""
    part = part_of('a,b\n12,"x""y"\n')
    with pytest.raises(Unwritable):
        csv_text.write(part, [Edit(part, start, end, "*")])


def part_of(text: str) -> Part:
    """A judged part."""
    verbatim, _ = csv_text.FORMAT.judge(text, Limits())
    return Part("csv:", text, csv_text.FORMAT.read, format="csv", verbatim=verbatim, writable=True)


@pytest.mark.parametrize(
    ("text", "place", "value", "label"),
    [
        ("sep=;\nname;id\nA,B;1\n", "csv:/3/id", "1", "id"),
        ("Patients, 2026\n\nname;id;x\nA;1;2\nB,C;3;4\n", "csv:/4/id", "1", "id"),
        ("# exported, by night\nname\tid\nA\t1\nB\t2\n", "csv:/3/id", "1", "id"),
        ("#name,id\n1,2\n3,4\n", "csv:/2/id", "2", "id"),
        ("name~id\nA~1\n", "csv:/2/id", "1", "id"),
        ("name\x01id\nA\x011\n", "csv:/2/id", "1", "id"),
        ("'name','id'\n'A, B','1'\n'it''s','2'\n", "csv:/3/name", "it's", "name"),
        ('name,id\n"A \\"x\\", B",1\n', "csv:/2/name", 'A "x", B', "name"),
        ("name,id\nA\\,B,1\nC,2\n", "csv:/2/name", "A,B", "name"),
        ("1,5;2,5\n3,5;4,5\n", "csv:/2/2", "4,5", ""),
        ("id,id\n1,2\n", "csv:/2/2", "2", ""),
        ("name,id,id\nA,1,2\n", "csv:/2/id[2]", "2", "id"),
        ("name,sex,2026\nA,F,2\n", "csv:/2/2026", "2", "2026"),
        ("身份证号\n440305199001010011\n", "csv:/2/身份证号", "440305199001010011", "身份证号"),
        ("name,id\n'A',1\n'B',2\n", "csv:/2/name", "A", "name"),
        ("name,id\nit's,1\n", "csv:/2/name", "it's", "name"),
    ],
)
def test_the_dialect_is_seen(text: str, place: str, value: str, label: str) -> None:
    """Delimiters of all kinds, lines above the table, single quotes, backslashes, decimal commas."""
    found = {each.where: each for each in part_of(text).segments}
    assert (found[place].text, found[place].label) == (value, label)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a,b\n1,2\n", True),
        ("sep=|\nanything", True),
        ("a;b\n1;2\n3;4", True),
        ('a,b\n"1\n2",3\n', False),
        ("Dear all, thank you.\nYours, the office\n", False),
        ("One, two\nthree, four\nfive, six.\n", False),
        ("name, id\nA, 1\n", True),
        ("a,b\n1,2,3\n", False),
        ('{"a":1,\n"b":2}', False),
        ("a,b", False),
        ("", False),
    ],
)
def test_tables_show_themselves(text: str, seen: bool) -> None:
    """Rows of one width; lines that end as sentences do are none."""
    assert csv_text.looks(text) is seen


SIGNS = st.text(st.sampled_from("ab1 ,;\t\"'\\\r\n陳:=#"), max_size=60)


@given(SIGNS)
def test_every_character_stands_in_a_cell(text: str) -> None:
    """Under whatever dialect the text seems to have."""
    joined = "".join(each.text for each in part_of(text).segments)
    for sign in "ab1陳":
        assert joined.count(sign) == text.count(sign)


@given(SIGNS)
def test_spans_and_verbatim_keep_their_promise(text: str) -> None:
    """Each code point is written where its span says, and in a verbatim part each value as it is."""
    part = part_of(text)
    for each in part.segments:
        for at, character in enumerate(each.text):
            start, end = each.span(at, at + 1)
            assert text[start:end].endswith(character)
        assert not part.verbatim or each.text in text


@given(SIGNS, SIGNS.filter(bool), st.integers(0, 20), st.integers(0, 3), st.integers(1, 4))
def test_what_is_written_is_read(text: str, replacement: str, which: int, start: int, length: int) -> None:
    """An edit gives a table that reads as meant, or is refused."""
    part = part_of(text)
    if not part.segments:
        return
    segment = part.segments[which % len(part.segments)]
    start = min(start, len(segment.text) - 1)
    end = min(start + length, len(segment.text))
    try:
        written = csv_text.write(part, [Edit(part, *segment.span(start, end), replacement)])
    except Unwritable:
        return
    expected = [each.text for each in part.segments]
    expected[which % len(part.segments)] = segment.text[:start] + replacement + segment.text[end:]
    assert [each.text for each in csv_text.read(written)] == [each for each in expected if each.strip()]

"""SQLite: every table with its hidden corners, what was deleted, what no table holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.decode.sqlite_file import DOCUMENT
from gateway.vocabulary import Limits, Unread

NUMBER = "110105194912310021"
PHONE = 13800138000
LIMITS = Limits()
SAID = Declared("", "")


def database(*statements: str, rows: Iterable[tuple[object, ...]] = (), then: Iterable[str] = ()) -> bytes:
    """A file after statements, rows put into table p, and more statements; what is deleted is left as it was."""
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in ("PRAGMA secure_delete = OFF", *statements):
            made.execute(statement)
        for row in rows:
            made.execute(f"INSERT INTO p VALUES ({', '.join('?' * len(row))})", row)
        for statement in then:
            made.execute(statement)
        made.commit()
        return bytes(made.serialize())


def unpack(data: bytes, limits: Limits = LIMITS) -> Unpacked:
    """Read a file."""
    return DOCUMENT.unpack(data, SAID, limits)


def texts(data: bytes) -> list[str]:
    """The text of each row."""
    return [row.text for row in unpack(data).rows]


def opaque(data: bytes) -> list[tuple[str, Unread]]:
    """What could not be read."""
    return [(each.where, each.reason) for each in unpack(data).opaque]


def test_values_have_places_and_labels() -> None:
    """Texts, numbers, blobs; the schema as it is written."""
    data = database(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, 姓名 TEXT, n REAL /* a note */)",
        rows=[(PHONE, "陳", 2.5), (1, b"\xff", None)],
    )
    unpacked = unpack(data)
    assert [(row.where, row.label, row.text) for row in unpacked.rows] == [
        ("/~schema/p", "", "CREATE TABLE p (id INTEGER PRIMARY KEY, 姓名 TEXT, n REAL /* a note */)"),
        ("/p/id/~key", "", "id"),
        ("/p/姓名/~key", "", "姓名"),
        ("/p/n/~key", "", "n"),
        ("/p/0/id", "id", "1"),
        ("/p/1/id", "id", str(PHONE)),
        ("/p/1/姓名", "姓名", "陳"),
        ("/p/1/n", "n", "2.5"),
    ]
    assert [(member.name, member.data) for member in unpacked.members] == [("姓名", b"\xff")]
    assert unpacked.opaque == ()


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE p (a)", f"INSERT INTO p (rowid, a) VALUES ({NUMBER}, 1)"),
        ("CREATE TABLE p (rowid)", f"INSERT INTO p (_rowid_, rowid) VALUES ({NUMBER}, 1)"),
        ("CREATE TABLE p (a TEXT PRIMARY KEY) WITHOUT ROWID", f"INSERT INTO p VALUES ('{NUMBER}')"),
        ("CREATE TABLE p (a TEXT, b TEXT AS (a) STORED)", f"INSERT INTO p VALUES ('{NUMBER}')"),
        ("CREATE TABLE 'a \"p\" /~' (a)", f"INSERT INTO 'a \"p\" /~' VALUES ('{NUMBER}')"),
        ("CREATE VIRTUAL TABLE p USING fts5(a)", f"INSERT INTO p VALUES ('{NUMBER}')"),
        (f"CREATE TABLE p (a DEFAULT '{NUMBER}')",),
        (f"CREATE TABLE p ('{NUMBER}')",),
        (f"CREATE VIEW p AS SELECT '{NUMBER}'",),
        ("CREATE TABLE q (a)", f"CREATE TRIGGER p AFTER INSERT ON q BEGIN SELECT '{NUMBER}'; END"),
        ("CREATE TABLE p (a)", "INSERT INTO p VALUES (0)", f"ALTER TABLE p ADD COLUMN b DEFAULT {NUMBER}"),
        ("PRAGMA encoding = 'UTF-16le'", "CREATE TABLE p (a)", f"INSERT INTO p VALUES ('{NUMBER}')"),
        (f"PRAGMA user_version = {PHONE // 10}", "CREATE TABLE p (a)"),
    ],
)
def test_nothing_is_hidden(statements: tuple[str, ...]) -> None:
    """Numbers of rows, tables without, names, defaults, triggers, the header."""
    found = texts(database(*statements))
    assert any(NUMBER in text for text in found) or str(PHONE // 10) in found


def test_views_and_virtual_columns_are_not_run() -> None:
    """They are read as they are written."""
    data = database(
        "CREATE TABLE p (a TEXT, b TEXT AS (a || '1') VIRTUAL)",
        "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "INSERT INTO p VALUES ('7')",
    )
    assert not any(row.where in ("/p/0/b", "/v/0/i") for row in unpack(data).rows)


def test_text_in_another_charset_is_a_member() -> None:
    """SQLite does not look at what it stores as text."""
    octets = "身份证号码".encode("gb18030")
    data = database("CREATE TABLE p (a)", f"INSERT INTO p VALUES (CAST(x'{octets.hex()}' AS TEXT))")
    assert [member.data for member in unpack(data).members] == [octets]


def test_files_of_a_write_ahead_log_are_read() -> None:
    """Their header says that a log goes with them, which stays behind."""
    data = database("CREATE TABLE p (a)", f"INSERT INTO p VALUES ('{NUMBER}')")
    assert NUMBER in texts(data[:18] + b"\x02\x02" + data[20:])


PEOPLE = [(f"陳{at}", PHONE + 7 * at, f"{int(NUMBER) + at}") for at in range(400)]


def test_deleted_rows_are_read() -> None:
    """Texts apart from each other, numbers too; nothing of it is opaque."""
    data = database("CREATE TABLE p (a, b, c)", rows=PEOPLE, then=["DELETE FROM p WHERE rowid > 390"])
    found = texts(data)
    assert str(PEOPLE[395][1]) in found
    assert PEOPLE[395][2] in found
    assert opaque(data) == []


def test_free_pages_are_read_as_far_as_they_can_be_and_opaque() -> None:
    """What was deleted may still stand in them."""
    data = database("CREATE TABLE p (a, b, c)", rows=PEOPLE, then=["DELETE FROM p"])
    assert PEOPLE[200][2] in texts(data)
    assert opaque(data) == [("/~free", Unread.UNKNOWN_FORMAT)]


def test_clean_files_have_nothing_left() -> None:
    """Neither do pages with copies of rows that were moved say anything of them."""
    long = [(f"{NUMBER} " * 400, at, bytes(range(256)) * 40) for at in range(20)]
    for rows in (PEOPLE[:20], long, sorted(PEOPLE, key=lambda row: row[2][::-1])):
        assert opaque(database("CREATE TABLE p (a, b, c)", "CREATE INDEX i ON p (c)", rows=rows)) == []


def test_bytes_that_no_table_reaches_are_read() -> None:
    """Behind the end, in a gap, in the header, in the tail of an overflow page."""
    data = database("PRAGMA page_size = 1024", "VACUUM", "CREATE TABLE p (a)", rows=[("x" * 2020,)])
    for at in (72, 500, 1024 + 100, len(data) - 40):
        assert data[at : at + 18].strip(b"\0") == b""
        made = data[:at] + NUMBER.encode() + data[at + 18 :]
        assert NUMBER in texts(made), at
    assert NUMBER in texts(data + NUMBER.encode())


def test_ciphertext_in_a_gap_is_opaque() -> None:
    """It is neither a text nor a row."""
    data = database("CREATE TABLE p (a)", rows=[("x",)])
    sealed = bytes((at * at * 7919 + at * 13 + 5) % 253 for at in range(1000))
    assert ("/~gaps", Unread.UNKNOWN_FORMAT) in opaque(data[:5000] + sealed + data[6000:])


def test_an_index_that_does_not_fit_its_table_is_opaque() -> None:
    """Nobody reads what stands in an index only."""
    data = database("CREATE TABLE p (a)", "CREATE INDEX i ON p (a)", rows=[("x" * 18,)])
    at = data.rindex(b"x" * 18)
    assert opaque(data[:at] + NUMBER.encode() + data[at + 18 :]) == [("/~integrity", Unread.MALFORMED)]


@pytest.mark.parametrize(
    "data",
    [b"", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(600), b"x" * 600],
    ids=["empty", "magic", "zeros", "no"],
)
def test_ruins_are_malformed(data: bytes) -> None:
    """Whatever is wrong with them."""
    with pytest.raises(Unreadable) as fault:
        unpack(data)
    assert (fault.value.reason, fault.value.detail) == (Unread.MALFORMED, "sqlite")


@pytest.mark.parametrize(
    ("limits", "detail"),
    [(Limits(segments=99), "segments"), (Limits(body=999), "unpacked"), (Limits(members=9), "members")],
)
def test_limits_are_named(limits: Limits, detail: str) -> None:
    """Number of values, of blobs, and size of all."""
    data = database("CREATE TABLE p (a, b, c, d)", rows=[(*row, b"\xff") for row in PEOPLE])
    with pytest.raises(Unreadable) as fault:
        unpack(data, limits)
    assert fault.value.detail == detail


SOUND = database(
    "PRAGMA page_size = 512", "VACUUM", "CREATE TABLE p (a, b, c)", "CREATE INDEX i ON p (c)", rows=PEOPLE[:30]
)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=4)), max_size=6),
    st.integers(0, 600),
)
def test_nothing_but_unreadable_leaves(changes: list[tuple[int, bytes]], cut: int) -> None:
    """Whatever is broken in a file."""
    made = bytearray(SOUND)
    for at, octets in changes:
        made[at : at + len(octets)] = octets
    with suppress(Unreadable):
        unpack(bytes(made[: len(made) - cut]))

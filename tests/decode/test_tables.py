"""Tables in files of their own, and 7z: read in a process that can be killed."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import fastavro
import py7zr
import pyarrow
import pytest
from pyarrow import parquet

from gateway.decode import decode
from gateway.sandbox import Sandbox
from gateway.vocabulary import Content, Limits, Unread
from tests.decode.messages import message

NUMBER = "110105194912310021"
SLOW = Limits(seconds=30.0)
TABLE = pyarrow.table(
    {"姓名": ["陳", None], "身份证号": [NUMBER, ""], "n": [int(NUMBER), 1], "nested": [{"id": NUMBER}, None],
     "raw": [NUMBER.encode(), b""]}
)  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Where native parsers run."""
    made = Sandbox(1)
    yield made
    made.close()


def holds(content: Content, text: str = NUMBER) -> dict[str, str]:
    """Labels by place at which ``text`` is read."""
    return {
        segment.where: segment.label
        for part in content.parts
        for segment in part.segments
        if text in segment.text and not segment.where.startswith(("path", "header"))
    }


def as_parquet(table: pyarrow.Table = TABLE, **more: object) -> bytes:
    """A Parquet file."""
    sink = io.BytesIO()
    parquet.write_table(table, sink, **more)
    return sink.getvalue()


def as_arrow(kind: str) -> bytes:
    """An Arrow file or stream."""
    sink = io.BytesIO()
    open_sink = pyarrow.ipc.new_file if kind == "file" else pyarrow.ipc.new_stream
    with open_sink(sink, TABLE.schema) as writer:
        writer.write_table(TABLE)
    return sink.getvalue()


def as_avro(codec: str) -> bytes:
    """An Avro container."""
    schema = {
        "type": "record",
        "name": "P",
        "fields": [{"name": "idno", "type": "string"}, {"name": "b", "type": "bytes"}],
    }
    sink = io.BytesIO()
    fastavro.writer(sink, fastavro.parse_schema(schema), [{"idno": NUMBER, "b": NUMBER.encode()}], codec=codec)
    return sink.getvalue()


def as_sqlite(*statements: str) -> bytes:
    """A database after these statements."""
    with closing(sqlite3.connect(":memory:")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
        return bytes(database.serialize())


def as_7z(**more: object) -> bytes:
    """An archive with one file."""
    sink = io.BytesIO()
    with py7zr.SevenZipFile(sink, "w", **more) as archive:
        archive.writestr(f'{{"id":"{NUMBER}"}}', "a.json")
    return sink.getvalue()


FILES = {
    "parquet": as_parquet(),
    "parquet, zstd": as_parquet(compression="zstd"),
    "arrow file": as_arrow("file"),
    "avro": as_avro("null"),
    "avro, deflate": as_avro("deflate"),
    "sqlite": as_sqlite("CREATE TABLE p (idno TEXT)", f"INSERT INTO p VALUES ('{NUMBER}')"),
    "sqlite, number": as_sqlite("CREATE TABLE p (idno INTEGER)", f"INSERT INTO p VALUES ({NUMBER})"),
    "sqlite, bytes": as_sqlite("CREATE TABLE p (a BLOB)", f"INSERT INTO p VALUES (CAST('{NUMBER}' AS BLOB))"),
    "sqlite, a name": as_sqlite(f'CREATE TABLE p ("c{NUMBER}" TEXT)'),
    "sqlite, a comment": as_sqlite(f"CREATE TABLE p (a TEXT /* {NUMBER} */)"),
    "7z": as_7z(),
    "parquet metadata": as_parquet(TABLE.replace_schema_metadata({"note": NUMBER})),
    "a column name": as_parquet(pyarrow.table({NUMBER: [1]})),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_values_are_read(data: bytes, sandbox: Sandbox) -> None:
    """Texts, numbers, bytes, names, and what a file says of itself."""
    content = decode(message(data), SLOW, sandbox)
    assert content.opaque == ()
    assert holds(content)


def test_streams_of_arrow_are_read_where_declared(sandbox: Sandbox) -> None:
    """A stream has no mark of its own."""
    content = decode(message(as_arrow("stream"), "application/vnd.apache.arrow.stream"), SLOW, sandbox)
    assert content.opaque == ()
    assert holds(content)


def test_columns_are_labels(sandbox: Sandbox) -> None:
    """Of Parquet, Avro and SQLite alike."""
    assert "身份证号" in holds(decode(message(FILES["parquet"]), SLOW, sandbox)).values()
    assert "idno" in holds(decode(message(FILES["avro"]), SLOW, sandbox)).values()
    assert "idno" in holds(decode(message(FILES["sqlite"]), SLOW, sandbox)).values()


def test_deleted_rows_are_opaque(sandbox: Sandbox) -> None:
    """What was deleted may still stand in pages that no table uses."""
    data = as_sqlite(
        "CREATE TABLE p (a TEXT)",
        "INSERT INTO p WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i+1 FROM n WHERE i<3000) "
        f"SELECT '{NUMBER}' FROM n",
        "DELETE FROM p",
    )
    assert [each.where for each in decode(message(data), SLOW, sandbox).opaque] == ["sqlite:/~free"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (as_7z(password="secret"), Unread.ENCRYPTED),
        (b"PAR1 rubbish PAR1", Unread.MALFORMED),
        (b"PARE rubbish PARE", Unread.ENCRYPTED),
        (b"ARROW1 rubbish", Unread.MALFORMED),
        (b"Obj\x01rubbish", Unread.MALFORMED),
        (b"SQLite format 3\0" + bytes(100), Unread.MALFORMED),
        (b"7z\xbc\xaf\x27\x1crubbish", Unread.MALFORMED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rubbish", Unread.MALFORMED),
    ],
)
def test_ruins_and_encryption_are_opaque(data: bytes, reason: Unread, sandbox: Sandbox) -> None:
    """Each with its reason."""
    assert [each.reason for each in decode(message(data), SLOW, sandbox).opaque] == [reason]


def test_limits_are_named(sandbox: Sandbox) -> None:
    """Number of values, size of all that comes out."""
    many = as_parquet(pyarrow.table({"a": list(range(3000))}))
    assert [e.detail for e in decode(message(many), Limits(segments=1000, seconds=30), sandbox).opaque] == ["segments"]
    large = as_parquet(pyarrow.table({"a": ["x" * 1000] * 1000}))
    assert [e.detail for e in decode(message(large), Limits(unpacked=9000, seconds=30), sandbox).opaque] == ["unpacked"]

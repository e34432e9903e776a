"""Tables in files of their own: Parquet, Arrow, Avro, SQLite, and the workbooks of old (XLS).

The libraries are native, so each document is read in a process that can be killed. Names of columns are labels and
values; what a file says of itself (metadata, schemas) is read too; a value that is bytes is a member.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.decode.places import KEY, below, step
from gateway.vocabulary import Limits, Opaque, Unread

_BATCH = 4096
_FREE = 4


class _Rows:
    """Values gathered within the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.body
        self.rows: list[Row] = []
        self.members: list[Member] = []
        self.opaque: list[Opaque] = []

    def add(self, where: str, label: str, value: object, depth: int = 0) -> None:
        """Add a value and all that nests in it."""
        if depth > self._limits.depth:
            raise Unreadable(Unread.TOO_DEEP, "depth")
        if isinstance(value, dict):
            for key, each in value.items():
                place = below(where, step(str(key)))
                self.add(place + KEY, "", str(key), depth + 1)
                self.add(place, str(key), each, depth + 1)
        elif isinstance(value, list | tuple | set):
            for number, each in enumerate(value):
                self.add(f"{where}/{number}", label, each, depth + 1)
        elif isinstance(value, bytes | bytearray | memoryview):
            self._spend(len(value))
            if len(value):
                self.members.append(Member(label or where.rpartition("/")[2], bytes(value)))
        elif value is not None and (text := str(value)):
            self._spend(len(text))
            self.rows.append(Row(where, label, text))

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Unreadable(Unread.TOO_LARGE, "unpacked")
        if len(self.rows) + len(self.members) >= self._limits.segments:
            raise Unreadable(Unread.TOO_MANY, "segments")

    def columns(self, names: Iterable[str]) -> None:
        """Add the names of columns."""
        for name in names:
            self.add(f"/{step(name)}{KEY}", "", name)

    def unpacked(self) -> Unpacked:
        """Return all that was gathered."""
        return Unpacked(tuple(self.rows), tuple(self.members), tuple(self.opaque))


def _guarded(name: str, read: Any, data: bytes, said: Declared, limits: Limits) -> Unpacked:
    """Run a reader; whatever its library makes of a broken file is MALFORMED."""
    rows = _Rows(limits)
    try:
        read(rows, data, said)
    except (Unreadable, MemoryError):
        raise
    except Exception as fault:
        reason = Unread.ENCRYPTED if "ncrypt" in str(fault) else Unread.MALFORMED
        raise Unreadable(reason, name) from fault
    return rows.unpacked()


def _parquet(rows: _Rows, data: bytes, _: Declared) -> None:
    from pyarrow import parquet

    if data.startswith(b"PARE"):
        raise Unreadable(Unread.ENCRYPTED, "parquet")
    file = parquet.ParquetFile(io.BytesIO(data), page_checksum_verification=False)
    _schema(rows, file.schema_arrow)
    _batches(rows, file.iter_batches(_BATCH))


def _arrow(rows: _Rows, data: bytes, _: Declared) -> None:
    import pyarrow

    if data.startswith(b"ARROW1"):
        reader = pyarrow.ipc.open_file(pyarrow.BufferReader(data))
        batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
    else:
        reader = pyarrow.ipc.open_stream(pyarrow.BufferReader(data))
        batches = iter(reader)
    _schema(rows, reader.schema)
    _batches(rows, batches)


def _schema(rows: _Rows, schema: Any) -> None:
    rows.columns(schema.names)
    for field in (schema, *schema):
        for key, value in (field.metadata or {}).items():
            if key != b"ARROW:schema":
                rows.add("/~metadata", key.decode("utf-8", "replace"), value.decode("utf-8", "replace"))


def _batches(rows: _Rows, batches: Iterable[Any]) -> None:
    number = 0
    for batch in batches:
        for values in batch.to_pylist():
            for name, value in values.items():
                rows.add(f"/{number}/{step(name)}", name, value)
            number += 1


def _avro(rows: _Rows, data: bytes, _: Declared) -> None:
    import fastavro

    reader = fastavro.reader(io.BytesIO(data))
    for name, text in reader.metadata.items():
        rows.add("/~metadata", name, text)
    for number, record in enumerate(reader):
        rows.add(f"/{number}", "", record)


def _sqlite(rows: _Rows, data: bytes, _: Declared) -> None:
    import sqlite3

    with closing(sqlite3.connect(":memory:")) as database:
        # A file in WAL mode cannot be read in memory; the flags say that it is not (file format section 1.3).
        database.deserialize(data[:18] + b"\x01\x01" + data[20:])
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA query_only = ON")
        database.execute("PRAGMA cell_size_check = ON")
        database.text_factory = lambda octets: octets.decode("utf-8", "replace")
        for kind, name, statement in database.execute("SELECT type, name, sql FROM sqlite_schema").fetchall():
            rows.add(f"/~schema/{step(str(name))}", "", statement or name)
            if kind == "table" and not (statement or "").upper().startswith("CREATE VIRTUAL"):
                _sqlite_table(rows, database, str(name))
    _free_pages(rows, data)


def _sqlite_table(rows: _Rows, database: Any, name: str) -> None:
    quoted = name.replace('"', '""')
    cursor = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a name of the file's own, quoted
    columns = [column[0] for column in cursor.description]
    rows.columns(columns)
    for number, values in enumerate(cursor):
        for column, value in zip(columns, values, strict=True):
            rows.add(f"/{step(name)}/{number}/{step(column)}", column, value)


def _free_pages(rows: _Rows, data: bytes) -> None:
    """Name pages that no table uses: what was deleted may still stand there."""
    free = int.from_bytes(data[36:40], "big")
    if free:
        size = int.from_bytes(data[16:18], "big")
        rows.opaque.append(Opaque(Unread.UNKNOWN_FORMAT, "/~free", free * (65536 if size == 1 else size), "sqlite"))


def _xls(rows: _Rows, data: bytes, _: Declared) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        rows.add(f"/{step(name)}{KEY}", "", name)
        table = book.get_sheet_by_name(name).to_python()
        heads = [str(cell) for cell in table[0]] if table else []
        for number, row in enumerate(table, 1):
            for column, value in enumerate(row):
                text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else value
                rows.add(f"/{step(name)}/{number}/{column + 1}", heads[column] if number > 1 else "", text)


def _ole(rows: _Rows, data: bytes, said: Declared) -> None:
    """Read the properties of an OLE storage; a workbook's cells too, every other stream is a member or opaque."""
    import olefile

    storage = olefile.OleFileIO(data)
    names = {"/".join(path) for path in storage.listdir()}
    if "EncryptedPackage" in names:
        raise Unreadable(Unread.ENCRYPTED, "ole")
    for key, value in vars(storage.get_metadata()).items():
        if value and key not in ("codepage", "thumbnail"):
            text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
            rows.add(f"/~info/{key}", key, text)
    if "Workbook" in names or "Book" in names:
        _xls(rows, data, said)
        names -= {"Workbook", "Book", "\x05SummaryInformation", "\x05DocumentSummaryInformation"}
    for name in sorted(names):
        rows.add(f"/{step(name)}{KEY}", "", name)
        stream = storage.openstream(name).read()
        for run in _runs(stream):
            rows.add(f"/{step(name)}", "", run)
        rows.opaque.append(Opaque(Unread.UNKNOWN_FORMAT, f"/{step(name)}", len(stream), "ole"))


def _runs(stream: bytes) -> Iterator[str]:
    """Yield the readable runs of a stream that nobody takes apart, in one byte a character and in two."""
    import re

    for run in re.finditer(rb"[\x20-\x7e]{6,}", stream):
        yield run[0].decode("ascii")
    for run in re.finditer(rb"(?:[\x20-\x7e]\0|[\0-\xff][\x4e-\x9f]){4,}", stream):
        yield run[0].decode("utf-16-le", "replace")


def _document(name: str, read: Any) -> Document:
    return Document(name, partial(_guarded, name, read), apart=True)


PARQUET = _document("parquet", _parquet)
ARROW = _document("arrow", _arrow)
AVRO = _document("avro", _avro)
SQLITE = _document("sqlite", _sqlite)
OLE = _document("ole", _ole)

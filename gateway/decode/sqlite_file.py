"""SQLite databases: every table by the library, what no table holds by the pages of the file.

The library gets the file in memory and read-only: no view is run, no trigger, no function of the schema, no module of
a virtual table (what such a table holds stands in ordinary tables beside it). Names of columns are labels.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.gathering import runs
from gateway.decode.places import KEY, step
from gateway.decode.sqlite_pages import Leftover, Pages, Value, freed, records
from gateway.decode.trees import Tree, digits
from gateway.vocabulary import Limits, Unread

_MAGIC = b"SQLite format 3\0"
_SMALL = 99_999
_STORED = (0, 3)
"""Columns that are neither hidden nor worked out when they are read (``table_xinfo``)."""
_STEPS = 1 << 16
_STEPS_A_BYTE = 64
_UNKNOWN = 128
"""Bytes among leftovers that are neither text nor a row: so many may remain of a row that was written over."""
_FLAGS = ((sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True), (sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False),
          (sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False), (sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False))  # fmt: skip


class _Text(bytes):
    """Octets that the file says are text."""


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return values as rows, blobs as members, and what was deleted: rows as far as it can be read, else opaque."""
    if not data.startswith(_MAGIC) or len(data) < 512:
        raise Unreadable(Unread.MALFORMED, "sqlite")
    tree = Tree(limits)
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            roots, columns = _read(database, data, tree)
    except (sqlite3.Error, ValueError, OverflowError) as fault:  # an error may bear a text that is none
        if getattr(fault, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOMEM:
            raise MemoryError from None
        if getattr(fault, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise Unreadable(Unread.TIMED_OUT, "sqlite") from None
        raise Unreadable(Unread.MALFORMED, "sqlite") from None
    _leftovers(data, roots, columns, tree)
    return tree.unpacked()


def _read(database: sqlite3.Connection, data: bytes, tree: Tree) -> tuple[list[int], frozenset[int]]:
    """Read all tables; return the first pages of all b-trees, and how many columns tables have."""
    columns = set()
    for flag, on in _FLAGS:
        database.setconfig(flag, on)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(data), 1 << 20))
    # A file in WAL mode cannot be read in memory; the flags say that it is not (file format section 1.3).
    database.deserialize(data[:18] + b"\x01\x01" + data[20:])
    for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.set_progress_handler(_patience(len(data)), _STEPS)
    database.text_factory = _Text
    schema = database.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema").fetchall()
    for number in (60, 68):  # what an application may write into the header
        value = int.from_bytes(data[number : number + 4], "big")
        if value > _SMALL:
            tree.row(f"/~header/{number}", "", str(value))
    for kind, name, table, _, statement in schema:
        title = _text(name)
        place = f"/~schema/{step(title)}"
        tree.row(place, "", _text(statement) or title)
        for extra in {title, _text(table)}:
            if extra not in _text(statement):
                tree.row(place + KEY, "", extra)
        if kind == b"table" and not _text(statement).upper().startswith("CREATE VIRTUAL"):
            columns.add(_table(database, title, tree))
    _check(database, len(data), tree)
    return [root for _, _, _, root, _ in schema if isinstance(root, int)], frozenset(columns)


def _patience(size: int) -> Callable[[], int]:
    """Return what stops the library when it has done more than reading a file of that size can take."""
    left = iter(range(1000 + size * _STEPS_A_BYTE // _STEPS))
    return lambda: next(left, -1) < 0


def _text(value: object) -> str:
    """Return a text of the schema, which may hold anything."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _table(database: sqlite3.Connection, name: str, tree: Tree) -> int:
    """Read a table; return how many columns it has."""
    info = database.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
    columns = [_text(row[1]) for row in info if row[6] in _STORED]
    keys = [_text(row[2]).upper() for row in info if row[5]]
    place = f"/{step(name)}"
    for column in columns:
        tree.row(f"{place}/{step(column)}{KEY}", "", column)
    if len(columns) < len(info):  # what would be worked out could be anything, and as long as it likes
        tree.unread(Unread.UNKNOWN_FORMAT, f"{place}/~generated", 0, "sqlite")
    cursor = None
    names = {_text(row[1]).lower() for row in info}
    alias = next((each for each in ("rowid", "_rowid_", "oid") if each not in names), "")
    if alias and keys != ["INTEGER"]:
        cursor = _selected(database, name, [alias, *columns])
        columns = ["rowid", *columns] if cursor else columns
    cursor = cursor or _selected(database, name, columns)
    if cursor is None:
        raise Unreadable(Unread.MALFORMED, "sqlite")
    steps = [step(column) for column in columns]
    for number, values in enumerate(cursor):
        for column, last, value in zip(columns, steps, values, strict=True):
            if value is not None and not (last == "rowid" and isinstance(value, int) and abs(value) <= _SMALL):
                _value(tree, f"{place}/{number}/{last}", column, value)
    return sum(1 for row in info if row[6] in _STORED)


def _selected(database: sqlite3.Connection, name: str, columns: list[str]) -> sqlite3.Cursor | None:
    """Return all rows of a table, by itself and not by its indexes; None where it has no such columns."""
    listed = ", ".join(_quoted(column) for column in columns)
    try:
        return database.execute(f"SELECT {listed} FROM {_quoted(name)} NOT INDEXED")  # noqa: S608 - quoted
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            return None
        raise


def _value(tree: Tree, where: str, label: str, value: object) -> None:
    tree.enter(0)
    if isinstance(value, _Text):
        tree.row(where, label, tree.string(where, label, value))
    elif isinstance(value, bytes):
        tree.blob(where, label, value)
    elif isinstance(value, float):
        tree.row(where, label, digits(value))
    else:
        tree.row(where, label, str(value))


def _check(database: sqlite3.Connection, size: int, tree: Tree) -> None:
    """Name what the library itself finds to be wrong: an index that holds what its table does not, a stray page."""
    try:
        ((verdict,),) = database.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        verdict = b""  # an index by an order or a function of the application's own
    if verdict != b"ok":
        tree.unread(Unread.MALFORMED, "/~integrity", size, "sqlite")


def _leftovers(data: bytes, roots: list[int], columns: frozenset[int], tree: Tree) -> None:
    pages = Pages(data)
    free = unknown = 0
    for left in pages.leftovers(roots):
        rest = _leftover(left, pages, columns, tree)
        if left.free:
            free += len(left.octets)
        elif rest > _UNKNOWN and 2 * rest > len(left.octets):
            unknown += rest
    if free:
        tree.unread(Unread.UNKNOWN_FORMAT, "/~free", free, "sqlite")
    if unknown:
        tree.unread(Unread.UNKNOWN_FORMAT, "/~gaps", unknown, "sqlite")


def _leftover(left: Leftover, pages: Pages, columns: frozenset[int], tree: Tree) -> int:
    """Read rows that were deleted and texts among leftovers; return how many bytes are neither."""
    where = f"/~free/{left.page}"
    rest = done = 0
    for begin, end, values in records(left.octets, pages.encoding, pages.count):
        rest += _between(left, left.octets[done:begin], pages, columns, tree)
        done = end
        _row(tree, where, values)
    return rest + _between(left, left.octets[done:], pages, columns, tree)


def _between(left: Leftover, octets: bytes, pages: Pages, columns: frozenset[int], tree: Tree) -> int:
    """Read what is left between whole rows."""
    where = f"/~free/{left.page}"
    rest = done = 0
    for begin, end, values in freed(octets, pages.encoding, columns) if left.freed else ():
        rest += _prose(tree, where, octets[done:begin])
        done = end
        _row(tree, where, values)
    return rest + _prose(tree, where, octets[done:])


def _row(tree: Tree, where: str, values: list[Value]) -> None:
    for value in values:
        if isinstance(value, str):
            tree.row(where, "", value)
        elif abs(value) > _SMALL:
            tree.row(where, "", digits(value) if isinstance(value, float) else str(value))


def _prose(tree: Tree, where: str, octets: bytes) -> int:
    texts = runs(octets)
    for text in texts:
        tree.row(where, "", text)
    return max(0, len(octets) - octets.count(0) - sum(len(text.encode()) for text in texts))


DOCUMENT = Document("sqlite", unpack, apart=True)

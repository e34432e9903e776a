"""The two tables, and the statements over them; always on a connection that somebody else opened.

A figure is a row of ``headcount_scopes``. The people behind it are rows of ``headcount_people``: a page holds those of
one exporter and period once each, with a bit for every scope that they were counted in; so a person costs one row and
one look-up however many scopes there are. A page has room for ``BITS`` scopes; further ones get another page.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BITS = 62
"""Scopes of a page: SQLite's integers have 63 bits beside the sign."""
FINGERPRINT = 16
"""Bytes of a fingerprint that are kept: at a thousand million people, two meet with a chance of 1 in 10^21."""
_MOST_ASKED = 1024

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS headcount_scopes (exporter TEXT, period TEXT, scope TEXT, count INTEGER NOT NULL,"
    " page INTEGER, bit INTEGER, PRIMARY KEY (exporter, period, scope)) STRICT, WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS headcount_people (page INTEGER, person BLOB, mask INTEGER NOT NULL,"
    " PRIMARY KEY (page, person)) STRICT, WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure."""

    exporter: str
    period: str
    scope: str
    count: int
    page: int | None = None
    """Where the people are who were counted; None where nobody was, or where they were forgotten."""
    bit: int | None = None


def make(database: sqlite3.Connection) -> None:
    """Make the tables if they are not there; within whatever transaction is open."""
    for statement in SCHEMA:
        database.execute(statement)


def is_missing(fault: sqlite3.OperationalError) -> bool:
    """Tell whether ``fault`` says no more than that nobody was ever counted here."""
    return "no such table: headcount_" in str(fault)


def rows(database: sqlite3.Connection, where: str = "", values: Sequence[str] = ()) -> list[Row]:
    """Return figures, in order; none where the tables are not there. ``where`` is SQL of our own."""
    query = f"SELECT exporter, period, scope, count, page, bit FROM headcount_scopes {where}"  # noqa: S608 - ours
    try:
        return [Row(*row) for row in database.execute(query, values)]
    except sqlite3.OperationalError as fault:
        if is_missing(fault):
            return []
        raise


def figures(
    database: sqlite3.Connection, exporter: str, wanted: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], Row]:
    """Return the figures of ``exporter`` by period and scope; ``wanted`` are scopes by period."""
    found: dict[tuple[str, str], Row] = {}
    for period, scopes in wanted.items():
        marks = ",".join("?" * len(scopes))
        for row in rows(database, f"WHERE exporter=? AND period=? AND scope IN ({marks})", (exporter, period, *scopes)):
            found[period, row.scope] = row
    return found


def masks(database: sqlite3.Connection, page: int, people: Sequence[bytes]) -> dict[bytes, int]:
    """Return who of ``people`` (sorted) stands on ``page``, and the bits of each."""
    found: dict[bytes, int] = {}
    for start in range(0, len(people), _MOST_ASKED):
        asked = tuple(people[start : start + _MOST_ASKED])
        size = len(asked)
        if size > 8:  # few spellings, so that SQLite need not prepare each anew
            asked = (*asked, *asked[-1:] * ((1 << (size - 1).bit_length()) - size))
        marks = ",".join("?" * len(asked))
        query = f"SELECT person, mask FROM headcount_people WHERE page=? AND person IN ({marks})"  # noqa: S608 - marks
        found.update(database.execute(query, (page, *asked)).fetchall())
    return found


def add(database: sqlite3.Connection, more: Sequence[tuple[str, str, str, int, int | None, int | None]]) -> None:
    """Add to figures: exporter, period, scope, how many more, and the page and bit of their people."""
    database.executemany(
        "INSERT INTO headcount_scopes VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (exporter, period, scope) DO UPDATE"
        " SET count = count + excluded.count, page = excluded.page, bit = excluded.bit",
        more,
    )


def place(database: sqlite3.Connection, marks: Iterable[tuple[int, bytes, int]]) -> None:
    """Set bits of people: page, person, bits."""
    database.executemany(
        "INSERT INTO headcount_people VALUES (?, ?, ?)"
        " ON CONFLICT (page, person) DO UPDATE SET mask = mask | excluded.mask",
        marks,
    )


class Room:
    """Gives out pages and bits that stand for no scope yet. Good until the next figure is added by somebody else."""

    def __init__(self, database: sqlite3.Connection, exporter: str) -> None:
        """For figures of ``exporter``."""
        self._database = database
        self._exporter = exporter
        self._next: dict[str, tuple[int, int]] = {}
        self._fresh = 0

    def take(self, period: str) -> tuple[int, int]:
        """Return a free page and bit for a scope of ``period``."""
        page, bit = self._next.get(period) or self._last(period)
        if bit >= BITS:
            page, bit = self._page(), 0
        self._next[period] = page, bit + 1
        return page, bit

    def _last(self, period: str) -> tuple[int, int]:
        page, bit = self._database.execute(
            "SELECT page, max(bit) FROM headcount_scopes WHERE exporter=? AND period=? AND page ="
            " (SELECT max(page) FROM headcount_scopes WHERE exporter=? AND period=?)",
            (self._exporter, period, self._exporter, period),
        ).fetchone()
        return (page, bit + 1) if page is not None else (self._page(), 0)

    def _page(self) -> int:
        if not self._fresh:
            self._fresh = self._database.execute("SELECT coalesce(max(page), 0) FROM headcount_scopes").fetchone()[0]
        self._fresh += 1
        return self._fresh


def prune(database: sqlite3.Connection, exporter: str, today: str) -> None:
    """Delete the people of days before ``today``; the figures of those days stay."""
    past = "exporter=? AND period LIKE '____-__-__' AND period < ? AND page IS NOT NULL"
    values = (exporter, today)
    database.execute(
        f"DELETE FROM headcount_people WHERE page IN (SELECT page FROM headcount_scopes WHERE {past})",  # noqa: S608
        values,
    )
    database.execute(f"UPDATE headcount_scopes SET page = NULL, bit = NULL WHERE {past}", values)  # noqa: S608


def erase(database: sqlite3.Connection, year: str) -> int:
    """Delete the people of ``year`` and its days; the figures stay. Return how many rows went."""
    of_year = "(period = ? OR period LIKE ? || '-%')"
    try:
        gone = database.execute(
            f"DELETE FROM headcount_people WHERE page IN (SELECT page FROM headcount_scopes WHERE {of_year})",  # noqa: S608
            (year, year),
        ).rowcount
    except sqlite3.OperationalError as fault:
        if is_missing(fault):
            return 0
        raise
    database.execute(f"UPDATE headcount_scopes SET page = NULL, bit = NULL WHERE {of_year}", (year, year))  # noqa: S608
    return gone

"""The entries that are no decisions, found without reading all others: what came into force, and by whose hand."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from gateway.ledger.approval import History
from gateway.ledger.entry import decode
from gateway.ledger.rulebooks import unpack
from gateway.ledger.store import DATABASE, closed

# Canonical JSON escapes quotes within text, so these bytes stand in an entry only where the key itself stands.
_NO_DECISION = """instr(bytes, CAST('"kind":"decision"' AS BLOB)) = 0"""


def mark(folder: Path) -> None:
    """Have the database keep an index of the landmarks; the first time it reads all entries. Raises ``LedgerClosed``.

    SQLite itself keeps it with every entry, so it cannot fall behind; to a verifier it means nothing.
    """
    try:
        database = sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=5)
        try:
            database.execute(f"CREATE INDEX IF NOT EXISTS landmarks ON entries (number) WHERE {_NO_DECISION}")
        finally:
            database.close()
    except sqlite3.Error as fault:
        raise closed(fault) from fault


def landmarks(folder: Path) -> list[tuple[int, dict[str, Any]]]:
    """Return all entries but decisions, in order. Reads only. Raises ``LedgerClosed``, ``BadEntry``."""
    try:
        database = sqlite3.connect(f"{(folder / DATABASE).absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            query = f"SELECT number, bytes FROM entries WHERE {_NO_DECISION} ORDER BY number"  # noqa: S608 - a constant
            return [(number, decode(data)) for number, data in database.execute(query)]
        finally:
            database.close()
    except sqlite3.Error as fault:
        raise closed(fault) from fault


def kept(folder: Path, digest: str) -> dict[str, bytes] | None:
    """Return the files of rulebook ``digest``, or None. Reads only. Raises ``LedgerClosed``, ``BadRulebook``."""
    try:
        database = sqlite3.connect(f"{(folder / DATABASE).absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            row = database.execute("SELECT bytes FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
        finally:
            database.close()
    except sqlite3.Error as fault:
        raise closed(fault) from fault
    return None if row is None else unpack(row[0])


def history(folder: Path) -> History:
    """Return what is in force by the ledger in ``folder``. Raises ``LedgerClosed``, ``BadEntry``."""
    found = History()
    if not (folder / DATABASE).exists():
        return found
    for index, entry in landmarks(folder):
        found.take(index, entry)
    return found

"""A ledger as an officer's commands read it: offline, without writing, each decision with the rulebook of its day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from gateway.cli.exits import wrong
from gateway.ledger import BadEntry, BadRulebook, decode
from gateway.ledger.opening import erased
from gateway.ledger.retention import with_nonces
from gateway.ledger.rulebooks import unpack
from gateway.ledger.store import DATABASE
from gateway.rulebook import from_files
from gateway.rulebook.book import Rulebook
from gateway.rulebook.document import Faulty

BOOKS_KEPT = 8
"""Rulebooks that are kept compiled at a time; a ledger names few, and mostly one after the other."""
CHUNK = 1000
"""Entries that are read in one step."""
SHORTEST_DIGEST = 6
"""Hexadecimal digits by which a rulebook may be named."""
# Older SQLite takes a BLOB for no JSON at all, and newer for its own binary JSON.
_TEXT = "CAST(bytes AS TEXT)"
_KIND = f"json_extract({_TEXT}, '$.kind')"
_DAY = f"substr(json_extract({_TEXT}, '$.facts.at'), 1, 10)"
_TRANSFER, _ABOUT = (f"json_extract({_TEXT}, '$.facts.{name}')" for name in ("transfer", "about"))


class Recorded:
    """The entries and rulebooks of one ledger."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the ledger's; nothing is written there. Raises ``OSError`` or ``sqlite3.Error``."""
        self._database = _opened(folder / DATABASE)
        self._books: dict[str, Rulebook | None] = {}

    def close(self) -> None:
        """Let go of the ledger."""
        self._database.close()

    def entry(self, index: int) -> dict[str, Any] | None:
        """Return the entry at ``index``. Raises ``BadEntry``."""
        row = self._database.execute("SELECT bytes FROM entries WHERE number = ?", (index,)).fetchone()
        return None if row is None else decode(row[0])

    def of_transfer(self, transfer: str) -> tuple[int, ...]:
        """Return the indexes of the entries about a transfer, or about the request that it answers."""
        rows = self._database.execute(
            f"SELECT number FROM entries WHERE instr(bytes, ?) AND ({_TRANSFER} = ? OR {_ABOUT} = ?) "  # noqa: S608
            f"ORDER BY {_TRANSFER} = ? DESC, number",
            (transfer.encode(), transfer, transfer, transfer),
        )
        return tuple(number for (number,) in rows)

    def size(self) -> int:
        """Return the number of entries."""
        newest: int | None = self._database.execute("SELECT max(number) FROM entries").fetchone()[0]
        return 0 if newest is None else newest + 1

    def count(self, since: date, until: date) -> int:
        """Return how many decisions were taken from ``since`` to ``until``, both included, in Beijing time."""
        found: int = self._database.execute(
            f"SELECT count(*) FROM entries WHERE {_KIND} = 'decision' AND {_DAY} BETWEEN ? AND ?",  # noqa: S608
            (since.isoformat(), until.isoformat()),
        ).fetchone()[0]
        return found

    def decisions(self, since: date, until: date) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield those decisions with their indexes, in order. Raises ``BadEntry``."""
        rows = self._database.execute(
            f"SELECT number, bytes FROM entries WHERE {_KIND} = 'decision' AND {_DAY} BETWEEN ? AND ? "  # noqa: S608
            "ORDER BY number",
            (since.isoformat(), until.isoformat()),
        )
        for number, data in rows:
            yield number, decode(data)

    def nonces(self, index: int) -> dict[str, bytes]:
        """Return what is left of the nonces of an entry, by name."""
        return dict(self._database.execute("SELECT name, nonce FROM nonces WHERE number = ?", (index,)).fetchall())

    def with_nonces(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield each entry that still has nonces, in order. Raises ``BadEntry``."""
        for number, data in with_nonces(self._database):
            yield number, decode(data)

    def erasure_of(self, index: int) -> tuple[int, dict[str, Any]] | None:
        """Return the entry by which the nonces of the one at ``index`` were erased, with its own index."""
        rows = self._database.execute(
            f"SELECT number, bytes FROM entries WHERE number > ? AND instr(bytes, ?) AND {_KIND} = 'erasure' "  # noqa: S608
            "ORDER BY number",
            (index, b'"kind":"erasure"'),
        )
        for number, data in rows:
            if erased(entry := decode(data), index):
                return number, entry
        return None

    def digests(self, beginning: str = "") -> tuple[str, ...]:
        """Return the digests of the rulebooks that are kept here and begin like this."""
        rows = self._database.execute(
            "SELECT digest FROM rulebooks WHERE substr(digest, 1, ?) = ?", (len(beginning), beginning)
        )
        return tuple(sorted(digest for (digest,) in rows))

    def newest_digest(self) -> str:
        """Return the digest of the rulebook that came into force last, "" where none did."""
        row = self._database.execute(
            f"SELECT json_extract({_TEXT}, '$.rulebook') FROM entries "  # noqa: S608
            f"WHERE {_KIND} IN ('rulebook', 'decision') ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return row[0] if row else ""

    def raw(self, size: int) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield the first ``size`` entries with index and stored leaf hash; no transaction is held open meanwhile."""
        after = -1
        while True:
            rows: list[tuple[int, bytes, bytes]] = self._database.execute(
                "SELECT number, bytes, leaf FROM entries WHERE number > ? AND number < ? ORDER BY number LIMIT ?",
                (after, size, CHUNK),
            ).fetchall()
            yield from rows
            if len(rows) < CHUNK:
                return
            after = rows[-1][0]

    def checkpoint(self) -> tuple[int, str]:
        """Return size and note of the newest checkpoint; 0 and "" where there is none."""
        row = self._database.execute("SELECT size, note FROM checkpoints ORDER BY number DESC LIMIT 1").fetchone()
        return (row[0], row[1].decode("utf-8", "replace")) if row else (0, "")

    def gateway(self) -> str:
        """Return the name of the gateway that wrote last, "" in an empty ledger."""
        row = self._database.execute(
            f"SELECT json_extract({_TEXT}, '$.gateway') FROM entries ORDER BY number DESC LIMIT 1"  # noqa: S608
        ).fetchone()
        return row[0] if row else ""

    def book(self, digest: str) -> Rulebook | None:
        """Return the rulebook of that digest, or None where it is not kept, or no longer is what the digest says."""
        if digest not in self._books:
            if len(self._books) >= BOOKS_KEPT:
                self._books.clear()
            self._books[digest] = self._load(digest)
        return self._books[digest]

    def files(self, digest: str) -> dict[str, bytes] | None:
        """Return the files of that rulebook, which may no longer load. Raises ``BadRulebook``."""
        found = self._database.execute("SELECT bytes FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
        return None if found is None else unpack(found[0])

    def _load(self, digest: str) -> Rulebook | None:
        try:
            files = self.files(digest)
            book = None if files is None else from_files(files)
        except (BadRulebook, Faulty):
            return None
        return book if book is not None and book.digest == digest else None


def _opened(path: Path) -> sqlite3.Connection:
    """Open for reading; a copy on a read-only medium as the immutable file it is."""
    if not path.is_file():
        raise FileNotFoundError(path)
    for how in ("mode=ro", "immutable=1"):
        database = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)
        try:
            database.execute("SELECT count(*) FROM rulebooks").fetchone()
        except sqlite3.OperationalError:
            database.close()
        else:
            return database
    raise sqlite3.OperationalError("no rulebooks can be read")


@contextmanager
def ledger_at(place: Path) -> Iterator[Recorded]:
    """Open the ledger at ``place``, its file or its folder; end with ``USAGE`` where it cannot be read."""
    folder = place if place.is_dir() else place.parent
    if not place.exists() or not (folder / DATABASE).is_file():
        wrong(f"{place}: there is no ledger here; name its folder with --ledger, such as var/ledger")
    try:
        recorded = Recorded(folder)
    except (OSError, sqlite3.Error) as fault:
        wrong(f"{place}: cannot be read ({type(fault).__name__})")
    try:
        yield recorded
    except BadEntry as fault:
        wrong(f"{place}: an entry is not what an entry must be ({fault}); try: kouan verify {place}")
    except sqlite3.Error as fault:
        wrong(f"{place}: cannot be read ({type(fault).__name__}); try: kouan verify {place}")
    finally:
        recorded.close()

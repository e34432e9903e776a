"""A ledger read as a tiled log: the same resources whether from its database, a mirror's folder, or over HTTP.

Only what the newest checkpoint covers is published. Hashes of level 1 and above are derived and kept in a file of their
own beside the entries, so that a proof out of millions of entries is a dozen look-ups; delete it and it comes back.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Lock

from gateway.ledger.checkpoint import BadCheckpoint, Checkpoint, parse, split_note
from gateway.ledger.store import DATABASE, LedgerClosed, closed
from gateway.ledger.tiles import ENTRIES, HEIGHT, LONGEST, WIDE, WIDTH, Tile, pack, root_of, subtree_in, tile_at
from gateway.ledger.tree import HASH_SIZE

DERIVED = "tiles.sqlite"
_BATCH = 1024
"""Blocks of 256 entries after which what was derived is written."""


class Published:
    """The log in one ledger's folder, live or copied. Safe for several threads; never writes to the ledger itself."""

    def __init__(self, folder: Path) -> None:
        """Open for reading. Raises ``LedgerClosed``."""
        self.folder = folder
        self._lock = Lock()
        self._covered: Checkpoint | None = None
        self._note = b""
        self._closing = False
        path = folder / DATABASE
        if not path.is_file():
            raise LedgerClosed("moved")
        try:
            self._database = _readable(path)
        except sqlite3.Error as fault:
            raise closed(fault) from fault
        self._derived = _derived(folder / DERIVED)

    def close(self) -> None:
        """Let go of the files; what is being derived is left for the next time."""
        self._closing = True
        with self._lock:
            self._database.close()
            self._derived.close()

    def size(self) -> int:
        """Return the number of entries, covered or not. Raises ``LedgerClosed``."""
        with _Asking(self._lock):
            newest: int | None = self._database.execute("SELECT max(number) FROM entries").fetchone()[0]
        return 0 if newest is None else newest + 1

    def read(self, path: str) -> bytes | None:
        """Return the resource at ``path``, or None. Raises ``LedgerClosed``."""
        kind, _, rest = path.partition("/")
        with _Asking(self._lock):
            if path == "checkpoint":
                self._refresh()
                return self._note or None
            if path == "vkey":
                kept = self.folder / "vkey"
                return kept.read_bytes() if kept.is_file() else None
            if kind == "rulebook":
                row = self._database.execute("SELECT bytes FROM rulebooks WHERE digest = ?", (rest,)).fetchone()
                return None if row is None else row[0]
            tile = tile_at(path)
            if tile is None:
                return None
            if not self._covers(tile):
                self._refresh()
            return self._tile(tile) if self._covers(tile) else None

    def _covers(self, tile: Tile) -> bool:
        """Whether the newest checkpoint known here is over all that is under ``tile``."""
        size = self._covered.size if self._covered is not None else 0
        return (tile.number << HEIGHT) + tile.width <= size >> HEIGHT * max(tile.level, 0)

    def _tile(self, tile: Tile) -> bytes | None:
        if tile.level >= 0:
            return b"".join(self._hashes(tile.level, tile.number << HEIGHT, tile.width))
        rows = self._database.execute(
            "SELECT bytes FROM entries WHERE number >= ? AND number < ? ORDER BY number",
            (tile.first, tile.first + tile.width),
        )
        entries = [data for (data,) in rows]
        if len(entries) != tile.width:
            raise LedgerClosed("corrupt")
        level = WIDE if max(map(len, entries)) > LONGEST else ENTRIES
        return pack(entries, level) if level == tile.level else None

    def _hashes(self, level: int, first: int, count: int) -> list[bytes]:
        if level == 0:
            rows = self._database.execute(
                "SELECT leaf FROM entries WHERE number >= ? AND number < ? ORDER BY number", (first, first + count)
            )
        else:
            rows = self._derived.execute(
                "SELECT hash FROM hashes WHERE level = ? AND number >= ? AND number < ? ORDER BY number",
                (level, first, first + count),
            )
        found = [hashed for (hashed,) in rows]
        if len(found) != count or any(len(each) != HASH_SIZE for each in found):
            raise LedgerClosed("corrupt")
        return found

    def _refresh(self) -> None:
        """Take up the newest checkpoint, and derive what the entries since the last one bring."""
        row = self._database.execute("SELECT note FROM checkpoints ORDER BY number DESC LIMIT 1").fetchone()
        if row is None or row[0] == self._note:
            return
        try:
            found = parse(split_note(row[0])[0])
        except (BadCheckpoint, UnicodeDecodeError):
            raise LedgerClosed("corrupt") from None
        try:
            self._derive(found.size)
            good = subtree_in(lambda tile: self._tile(tile) or b"", found.size)(0, found.size) == found.root
        except (sqlite3.Error, LedgerClosed):
            good = False
        if self._closing:
            raise LedgerClosed("closed")
        if not good:  # what was derived is of another ledger, or damaged: once more from the entries
            self._derived.close()
            with suppress(OSError):
                (self.folder / DERIVED).unlink(missing_ok=True)
            self._derived = _derived(self.folder / DERIVED)
            self._derive(found.size)
        self._note, self._covered = row[0], found

    def _derive(self, size: int) -> None:
        """Bring the derived hashes up to a tree of ``size`` leaves."""
        level = 1
        while wanted := size >> HEIGHT * level:
            newest = self._derived.execute("SELECT max(number) FROM hashes WHERE level = ?", (level,)).fetchone()[0]
            for start in range(0 if newest is None else newest + 1, wanted, _BATCH):
                if self._closing:
                    raise LedgerClosed("closed")
                fresh = [
                    (level, number, root_of(self._hashes(level - 1, number << HEIGHT, WIDTH)))
                    for number in range(start, min(wanted, start + _BATCH))
                ]
                with self._derived:
                    self._derived.executemany("INSERT OR REPLACE INTO hashes VALUES (?, ?, ?)", fresh)
            level += 1


class _Asking:
    """Holds the lock, and says in the ledger's words what went wrong."""

    def __init__(self, lock: Lock) -> None:
        self._held = lock

    def __enter__(self) -> None:
        self._held.acquire()

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: object) -> None:
        self._held.release()
        if isinstance(fault, sqlite3.Error | OSError):
            raise closed(fault) from fault


def _readable(path: Path) -> sqlite3.Connection:
    """Open for reading; a copy on a read-only medium as the immutable file it is."""
    for how in ("mode=ro", "immutable=1"):
        database = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=5, check_same_thread=False)
        try:
            database.execute("SELECT count(*) FROM checkpoints").fetchone()
        except sqlite3.OperationalError:
            database.close()
        else:
            return database
    raise LedgerClosed("cannot_open")


def _derived(path: Path) -> sqlite3.Connection:
    """Open what was derived; anew where it is damaged, in memory where nothing can be written."""
    for attempt in (1, 2):
        try:
            database = sqlite3.connect(path, timeout=5, check_same_thread=False)
            try:
                return _prepared(database)
            except sqlite3.Error:
                database.close()
                raise
        except sqlite3.OperationalError:
            break
        except sqlite3.DatabaseError:
            if attempt == 1:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
    return _prepared(sqlite3.connect(":memory:", check_same_thread=False))


def _prepared(database: sqlite3.Connection) -> sqlite3.Connection:
    # A loss of power may damage it; then it is derived again.
    database.execute("PRAGMA synchronous = OFF")
    database.execute(
        "CREATE TABLE IF NOT EXISTS hashes (level INTEGER, number INTEGER, hash BLOB NOT NULL, "
        "PRIMARY KEY (level, number)) STRICT, WITHOUT ROWID"
    )
    with database:
        database.execute("DELETE FROM hashes WHERE level < 1")  # fails where it cannot be written
    return database

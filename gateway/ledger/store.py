"""Where entries are kept: one SQLite file (WAL, synchronous=FULL) that several processes append to.

An index is given out inside the writing transaction, so there are no gaps and no doubles. SQLite waits for its write
lock by sleeping for milliseconds; writers therefore queue at a lock on a file beside it first, which they poll every
50 microseconds and which the kernel releases when its holder is killed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from gateway.vocabulary import Receipt

DATABASE = "ledger.sqlite"
WRITER_LOCK = "writer.lock"
GATEWAY_LOCK = "gateway.lock"
APPLICATION_ID = 0x4B4F5541
"""``KOUA``: marks the file as a Kouan ledger for file(1) and for us."""
FORMAT = 1
POLL = 50e-6
PATIENCE = 0.25
"""Seconds that a writer waits for others before it gives up."""

type Written = tuple[bytes, Mapping[str, bytes]]
"""An entry, and the nonces of its commitments by name."""
type Writing = Callable[[sqlite3.Connection], Written]
"""Makes an entry inside the writing transaction, and may write to other tables in it; what raises leaves no trace."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS nonces (number INTEGER, name TEXT, nonce BLOB NOT NULL, PRIMARY KEY (number, name))
    STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoints (number INTEGER PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS frontier (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL,
    peaks BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS rulebooks (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""

_CODES = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_IOERR: "io_error",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_PERM: "cannot_open",
}
_ERRNOS = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EROFS: "read_only",
    errno.EACCES: "cannot_open",
    errno.ENOENT: "moved",
}


class LedgerClosed(Exception):
    """The ledger cannot make an entry durable now, so nothing may be released. ``code`` says why.

    Codes: disk_full, read_only, locked, corrupt, io_error, cannot_open, moved, contradiction, closed, failed.
    """

    def __init__(self, code: str) -> None:
        """``code`` is one of the closed list above."""
        super().__init__(f"the ledger cannot write: {code}")
        self.code = code


def closed(fault: BaseException) -> LedgerClosed:
    """Translate what SQLite or the system said."""
    if isinstance(fault, LedgerClosed):
        return LedgerClosed(fault.code)
    if isinstance(fault, sqlite3.Error):
        return LedgerClosed(_CODES.get(getattr(fault, "sqlite_errorcode", 0) & 0xFF, "failed"))
    if isinstance(fault, OSError):
        return LedgerClosed(_ERRNOS.get(fault.errno or 0, "io_error"))
    return LedgerClosed("failed")


def create(folder: Path) -> None:
    """Make the folder and the tables if they are not there. Raises ``LedgerClosed``."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _connection(folder / DATABASE) as database:
            stamp = database.execute("PRAGMA application_id").fetchone()[0]
            if stamp not in (0, APPLICATION_ID) or database.execute("PRAGMA user_version").fetchone()[0] > FORMAT:
                raise LedgerClosed("corrupt")
            if stamp == 0:
                database.execute("PRAGMA page_size = 8192")
                database.execute("PRAGMA journal_mode = WAL")
                database.executescript(
                    f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {FORMAT};"
                    f"PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
                )
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except (sqlite3.Error, OSError) as fault:
        raise closed(fault) from fault


@contextmanager
def _connection(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    try:
        yield database
    finally:
        database.close()


def _made(database: sqlite3.Connection, writing: Writing) -> Written | Exception:
    """Let ``writing`` do its work; undo it alone where it raises, unless the file itself is what failed."""
    database.execute("SAVEPOINT made")
    try:
        written = writing(database)
    except Exception as fault:
        failed = isinstance(fault, sqlite3.Error) and getattr(fault, "sqlite_errorcode", 0) & 0xFF in _CODES
        if failed or not database.in_transaction:
            raise
        database.execute("ROLLBACK TO made")
        database.execute("RELEASE made")
        return fault
    database.execute("RELEASE made")
    return written


def reader(folder: Path) -> sqlite3.Connection:
    """Open the database for reading, for one thread at a time; writers do not wait for it. Raises ``LedgerClosed``."""
    try:
        path = (folder / DATABASE).absolute()
        database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
        database.execute("PRAGMA cache_size = -4096")
    except sqlite3.Error as fault:
        raise closed(fault) from fault
    return database


class Store:
    """One process's (or thread's) way into the file. Not for two threads at a time, nor across a fork."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        """Open what ``create`` made. Raises ``LedgerClosed``."""
        self.path = folder / DATABASE
        self._patience = patience
        self._lock = -1
        try:
            if not self.path.exists():
                raise LedgerClosed("moved")
            self._lock = os.open(folder / WRITER_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.database = sqlite3.connect(self.path, isolation_level=None, timeout=0, check_same_thread=False)
            run = self.database.execute
            # FULL: in WAL mode one fdatasync a commit, and what was committed survives a loss of power.
            run("PRAGMA synchronous = FULL")
            # Folding the log back is the supervisor's work (``fold``); this bound is for when it is not there.
            run("PRAGMA wal_autocheckpoint = 16384")
            run("PRAGMA cache_size = -16384")
            run("PRAGMA secure_delete = ON")  # an erased nonce must be gone from the file
            self._which = self._identity()
            self.size()
        except (sqlite3.Error, OSError, LedgerClosed) as fault:
            self.close()
            raise closed(fault) from fault

    def _identity(self) -> tuple[int, int]:
        status = os.stat(self.path)  # noqa: PTH116 - once a commit, and three times faster than Path.stat
        return status.st_dev, status.st_ino

    def close(self) -> None:
        """Let go of the file; the store cannot be used again."""
        if hasattr(self, "database"):
            with suppress(sqlite3.Error):
                self.database.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock for a transaction that is durable once the block has ended. Raises ``LedgerClosed``."""
        try:
            deadline = time.monotonic() + self._patience
            self._queue(deadline)
            try:
                if self._identity() != self._which:
                    raise LedgerClosed("moved")
                self._begin(deadline)
                try:
                    yield self.database
                    self.database.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        self.database.execute("ROLLBACK")
                    raise
            finally:
                fcntl.flock(self._lock, fcntl.LOCK_UN)
        except (sqlite3.Error, OSError) as fault:
            raise closed(fault) from fault

    def _queue(self, deadline: float) -> None:
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise LedgerClosed("locked") from None
                time.sleep(POLL)
            else:
                return

    def halt(self) -> None:
        """Take the writers' queue and never give it back: all of them find the ledger locked until ``close``."""
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def _begin(self, deadline: float) -> None:
        """Only a stranger to the queue can still be in the way."""
        while True:
            try:
                self.database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as fault:
                if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(POLL)
            else:
                return

    def append(self, group: Sequence[Written]) -> list[Receipt]:
        """Make entries durable in one transaction, in order. Raises ``LedgerClosed``, and then none of them is kept."""
        hashed = [sha256(b"\x00" + entry).digest() for entry, _ in group]
        with self.writing() as database:
            first = self.size()
            self._insert(database, first, group, hashed)
        return [Receipt(number, leaf) for number, leaf in enumerate(hashed, first)]

    def settle(self, group: Sequence[Written | Writing]) -> list[Receipt | Exception]:
        """Like ``append``, where some entries are made in the transaction itself, each after those before it.

        A ``Writing`` that raises is undone alone: its exception stands in the place of its receipt, and there is no
        entry of it. Raises ``LedgerClosed``, and then nothing is kept, whoever wrote it.
        """
        with self.writing() as database:
            made = [_made(database, each) if callable(each) else each for each in group]
            written = [each for each in made if not isinstance(each, Exception)]
            hashed = [sha256(b"\x00" + entry).digest() for entry, _ in written]
            first = self.size()
            self._insert(database, first, written, hashed)
        receipts = iter([Receipt(number, leaf) for number, leaf in enumerate(hashed, first)])
        return [each if isinstance(each, Exception) else next(receipts) for each in made]

    @staticmethod
    def _insert(database: sqlite3.Connection, first: int, group: Sequence[Written], hashed: Sequence[bytes]) -> None:
        pairs = zip(group, hashed, strict=True)
        rows = [(number, entry, leaf) for number, ((entry, _), leaf) in enumerate(pairs, first)]
        database.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows)
        secrets = [
            (number, name, nonce) for number, (_, nonces) in enumerate(group, first) for name, nonce in nonces.items()
        ]
        if secrets:
            database.executemany("INSERT INTO nonces VALUES (?, ?, ?)", secrets)

    def size(self) -> int:
        """Return the number of entries."""
        newest: int | None = self.database.execute("SELECT max(number) FROM entries").fetchone()[0]
        return 0 if newest is None else newest + 1

    def entries(self, start: int, end: int) -> list[tuple[int, bytes]]:
        """Return entries with their indexes, ``start`` to ``end`` (exclusive)."""
        found = self.database.execute(
            "SELECT number, bytes FROM entries WHERE number >= ? AND number < ? ORDER BY number", (start, end)
        )
        return found.fetchall()

    def leaves(self, start: int, end: int) -> list[bytes]:
        """Return leaf hashes from ``start`` to ``end`` (exclusive). Raises ``LedgerClosed`` at a gap."""
        found = self.database.execute(
            "SELECT number, leaf FROM entries WHERE number >= ? AND number < ? ORDER BY number", (start, end)
        ).fetchall()
        if [number for number, _ in found] != list(range(start, end)):
            raise LedgerClosed("corrupt")
        return [leaf for _, leaf in found]

    def nonces(self, number: int) -> dict[str, bytes]:
        """Return what is left of the nonces of an entry."""
        return dict(self.database.execute("SELECT name, nonce FROM nonces WHERE number = ?", (number,)).fetchall())

    def newest_checkpoint(self) -> tuple[int, bytes] | None:
        """Return size and note of the checkpoint that was signed last."""
        row: tuple[int, bytes] | None = self.database.execute(
            "SELECT size, note FROM checkpoints ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return row

    def keep_rulebook(self, digest: str, packed: bytes) -> None:
        """Keep ``packed`` under ``digest``, once. Raises ``LedgerClosed``."""
        if self.rulebook(digest) is None:
            with self.writing() as database:
                database.execute("INSERT OR IGNORE INTO rulebooks VALUES (?, ?)", (digest, packed))

    def rulebook(self, digest: str) -> bytes | None:
        """Return what was kept under ``digest``."""
        row = self.database.execute("SELECT bytes FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
        return None if row is None else row[0]

    def log_bytes(self) -> int:
        """Return the size of the write-ahead log."""
        try:
            return self.path.with_name(DATABASE + "-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def bytes(self) -> int:
        """Return what the ledger takes on disk."""
        return self.path.stat().st_size + self.log_bytes()

    def fold(self) -> None:
        """Copy the write-ahead log into the database, so that writers start it over. Never raises for a busy file.

        The bulk is copied beside the writers; the writers' queue is held only for the few pages they added meanwhile.
        """
        try:
            self.database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._queue(time.monotonic() + self._patience)
            try:
                self.database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            finally:
                fcntl.flock(self._lock, fcntl.LOCK_UN)
        except (sqlite3.Error, OSError, LedgerClosed):
            return

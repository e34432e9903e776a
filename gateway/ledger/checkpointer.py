"""Who signs: follows the entries, keeps the tree, and signs a checkpoint close behind. One for each ledger."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from gateway.ledger.checkpoint import BadCheckpoint, Checkpoint, Signer, Verifier
from gateway.ledger.store import LedgerClosed, Store, closed
from gateway.ledger.tree import HASH_SIZE, Frontier

NEWEST = "checkpoint"
"""The newest checkpoint as a file of its own: for readers that do not speak SQLite, and against a database put back."""
CHUNK = 256
FOLD_AT = 8 * 1024 * 1024
"""Bytes of write-ahead log beyond which it is folded back."""


class Contradiction(LedgerClosed):
    """What is on disk is no continuation of what was signed; nothing more is signed. The message says where."""

    def __init__(self, text: str) -> None:
        """``text`` names sizes, no content."""
        super().__init__("contradiction")
        self.args = (text,)


class Checkpointer:
    """Signs the tree at most ``seconds`` behind the newest entry, never contradicting an earlier checkpoint."""

    def __init__(
        self, folder: Path, signer: Signer, *, seconds: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take up where the last checkpoint was signed. Raises ``Contradiction`` or ``LedgerClosed``."""
        self._folder = folder
        self._signer = signer
        self._verifier = Verifier(signer.vkey)
        self._patience = seconds / 2
        self._clock = clock
        self._first_seen: float | None = None
        self.size = 0
        self._store = Store(folder)
        try:
            self._signed = self._newest()
            self._frontier = self._restore()
        except BaseException as fault:
            self._store.close()
            if isinstance(fault, sqlite3.Error | OSError):
                raise closed(fault) from fault
            raise

    @property
    def covered(self) -> int:
        """How many entries the newest checkpoint covers."""
        return self._signed.size if self._signed else 0

    def lag(self) -> float:
        """Seconds since the oldest entry that no checkpoint covers was seen; 0 where there is none."""
        since = self._first_seen  # read once: another thread signs
        return 0.0 if since is None else self._clock() - since

    def bytes(self) -> int:
        """Return what the ledger takes on disk."""
        return self._store.bytes()

    def _newest(self) -> Checkpoint | None:
        row = self._store.newest_checkpoint()
        try:
            return None if row is None else self._verifier.read(row[1])
        except BadCheckpoint as fault:
            raise Contradiction(f"the newest checkpoint is not ours: {fault}") from fault

    def _restore(self) -> Frontier:
        """Rebuild the tree up to the newest checkpoint, from the kept frontier if it has the signed root."""
        told = self._told()
        if told and (self._signed is None or told.size > self._signed.size):
            raise Contradiction(f"a checkpoint of {told.size} entries was given out, the database knows none")
        if self._signed is None:
            return Frontier()
        size = self._signed.size
        if self._store.size() < size:
            raise Contradiction(f"a checkpoint of {size} entries was signed, {self._store.size()} are left")
        row = self._store.database.execute("SELECT size, peaks FROM frontier").fetchone()
        if row is not None and row[0] == size and len(row[1]) == HASH_SIZE * size.bit_count():
            kept = Frontier(size, (row[1][at : at + HASH_SIZE] for at in range(0, len(row[1]), HASH_SIZE)))
            if kept.root() == self._signed.root:
                return kept
        frontier = Frontier()
        self._follow(frontier, size)
        if frontier.root() != self._signed.root:
            raise Contradiction(f"the first {size} entries are not those that were signed")
        return frontier

    def _told(self) -> Checkpoint | None:
        """Read the checkpoint that was written as a file of its own; one that a crash cut short says nothing."""
        try:
            return self._verifier.read((self._folder / NEWEST).read_bytes())
        except (FileNotFoundError, BadCheckpoint):
            return None

    def _follow(self, frontier: Frontier, size: int) -> None:
        while frontier.size < size:
            for leaf in self._store.leaves(frontier.size, min(size, frontier.size + CHUNK)):
                frontier.append(leaf)
            time.sleep(0)  # let the event loop of the same process have its turn

    def tick(self, *, now: bool = False) -> bool:
        """Look for new entries; sign if they have waited long enough, or ``now``. Whether a checkpoint was signed.

        Raises ``LedgerClosed`` if it cannot be written (try again later), ``Contradiction`` if it must not be.
        """
        try:
            if self._store.log_bytes() > FOLD_AT:
                self._store.fold()
            self.size = self._store.size()
            if self.size < self.covered:
                raise Contradiction(f"a checkpoint of {self.covered} entries was signed, {self.size} are left")
            if self.size == self.covered and self._signed is not None:
                self._first_seen = None
                return False
            if self._first_seen is None:
                self._first_seen = self._clock()
            self._follow(self._frontier, self.size)
            if not now and self._clock() - self._first_seen < self._patience:
                return False
            self._sign()
        except (sqlite3.Error, OSError) as fault:
            raise closed(fault) from fault
        return True

    def _sign(self) -> None:
        size, root = self._frontier.size, self._frontier.root()
        with self._store.writing() as database:
            if self._newest() != self._signed:
                raise Contradiction("another hand has signed this ledger, or taken a checkpoint back")
            note = self._signer.sign(size, root)
            database.execute("INSERT INTO checkpoints (size, note) VALUES (?, ?)", (size, note))
            database.execute("INSERT OR REPLACE INTO frontier VALUES (1, ?, ?)", (size, b"".join(self._frontier.peaks)))
        self._signed = Checkpoint(self._signer.name, size, root)
        self._first_seen = None
        fresh = self._folder / f"{NEWEST}.new"
        fresh.write_bytes(note)
        os.replace(fresh, self._folder / NEWEST)  # noqa: PTH105 - the atomic call by its name

    def halt(self) -> None:
        """Keep every writer out for as long as this process lives: what cannot be signed must not grow."""
        self._store.halt()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

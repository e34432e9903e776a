"""How long nonces are kept, and their erasure, which the ledger records: the entries stay, their commitments go blank.

Kept are they for some years after the later of the transfer and the end of its legal basis (PIPL arts. 55-56; Network
Data Security Management Regulations art. 12: three years at least); what the basis was, and when it ends, the caller
knows. Erasure works beside a gateway that runs: it takes the writers' lock like any other writer, for a few
milliseconds at a time.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched

from gateway.ledger.entry import encode
from gateway.ledger.store import LedgerClosed, Store, Written

BATCH = 1000
"""Entries whose nonces go in one transaction; a gateway that wants to write meanwhile waits for no more than that."""
PAUSE = 0.02
"""Seconds between two of them, in which others write."""
MOST_REASON = 500
_FOLDS = 20
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that still has nonces."""

    index: int
    day: date
    """Of its transfer, in Beijing time."""
    due: bool
    """Whether the time of keeping is over."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """Why nonces are erased, by whom and when; what the ledger will say of it."""

    gateway: str
    at: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: nonces, the entries that they opened, and the indexes of the entries that record it."""

    nonces: int = 0
    entries: int = 0
    records: tuple[int, ...] = ()


def last_day(transfer: date, end: date | None, years: int) -> date:
    """Return the last day of keeping: ``years`` after the later of the transfer and the end of its basis, if any."""
    later = transfer if end is None else max(transfer, end)
    if later.year + years > date.max.year:
        return date.max
    try:
        return later.replace(year=later.year + years)
    except ValueError:  # 29 February
        return date(later.year + years, 3, 1)


def with_nonces(database: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    """Yield each entry that still has nonces, in order of index; no transaction is held open meanwhile."""
    after = -1
    while True:
        rows: list[tuple[int, bytes]] = database.execute(
            "SELECT number, bytes FROM entries WHERE number IN (SELECT DISTINCT number FROM nonces WHERE number > ? "
            "ORDER BY number LIMIT ?) ORDER BY number",
            (after, _CHUNK),
        ).fetchall()
        yield from rows
        if not rows:
            return
        after = rows[-1][0]


def erase(store: Store, kept: Iterable[Kept], mandate: Mandate) -> Erased:
    """Erase the nonces of these entries, and record it, each batch in a transaction with the entry that tells of it.

    ``kept`` is in order of index. Batches that were done stay done where a later one fails. Raises ``LedgerClosed``.
    """
    total = Erased()
    for batch in batched(kept, BATCH):
        if total.records:
            time.sleep(PAUSE)
        writing = _Batch(batch, mandate)
        (receipt,) = store.settle([writing])
        if isinstance(receipt, _NothingLeft):
            continue
        if isinstance(receipt, Exception):
            raise LedgerClosed("failed") from receipt
        total = Erased(total.nonces + writing.nonces, total.entries + writing.entries, (*total.records, receipt.index))
    return total


def scrub(store: Store) -> bool:
    """Empty the write-ahead log, in which an erased nonce may still stand. Return whether it is empty now.

    The bulk goes back beside the writers. Only then are they kept from writing, and for no longer than it takes to
    copy the few pages that they added meanwhile: a reader in the way is not waited for but tried again after.
    """
    run = store.database.execute
    try:
        for _ in range(_FOLDS):
            store.fold()
            busy, _pages, _copied = run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return True
            time.sleep(PAUSE)
    except sqlite3.Error:
        return False
    return False


class _NothingLeft(Exception):
    """Somebody else erased all of a batch; there is nothing to record."""


class _Batch:
    """Deletes nonces inside the writing transaction, and makes the entry that says so."""

    def __init__(self, batch: Sequence[Kept], mandate: Mandate) -> None:
        self.nonces = 0
        self.entries = 0
        self._batch = batch
        self._mandate = mandate

    def __call__(self, database: sqlite3.Connection) -> Written:
        gone: list[Kept] = []
        for each in self._batch:
            count = database.execute("DELETE FROM nonces WHERE number = ?", (each.index,)).rowcount
            if count:
                gone.append(each)
                self.nonces += count
        if not gone:
            raise _NothingLeft
        self.entries = len(gone)
        fields = {
            "gateway": self._mandate.gateway,
            "at": self._mandate.at,
            "erased": self.nonces,
            "early": sum(not each.due for each in gone),
            "entries": ranges(each.index for each in gone),
            "until": max(each.day for each in gone).isoformat(),
            "reason": self._mandate.reason,
            "by": self._mandate.by,
        }
        return encode("erasure", fields), {}


def ranges(indexes: Iterable[int]) -> list[list[int]]:
    """Return ascending ``indexes`` as ranges with both ends included."""
    found: list[list[int]] = []
    for index in indexes:
        if found and found[-1][1] == index - 1:
            found[-1][1] = index
        else:
            found.append([index, index])
    return found

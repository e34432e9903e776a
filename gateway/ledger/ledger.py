"""The ledger as the corridor sees it: append, and hold a receipt only once the entry is durable."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event, Thread, get_ident, local
from types import MappingProxyType, TracebackType
from typing import Self

from gateway import metrics
from gateway.ledger.checkpoint import Verifier
from gateway.ledger.checkpointer import NEWEST, Checkpointer, Contradiction
from gateway.ledger.keys import BadKey, signer
from gateway.ledger.rulebooks import pack, unpack
from gateway.ledger.store import GATEWAY_LOCK, PATIENCE, LedgerClosed, Store, Writing, Written, closed, create, reader
from gateway.vocabulary import Receipt

BACK_OFF = 1.0
"""Seconds for which appends are refused at once after one has failed."""
VKEY = "vkey"
"""The log's public key, beside the entries."""
_NO_NONCES: Mapping[str, bytes] = MappingProxyType({})


class LedgerInUse(Exception):
    """Another gateway has this ledger open. The message names the folder and the process."""


class Ledger:
    """Append-only, durable, signed. Made by ``open`` (one for each folder) or ``attach`` (its workers).

    Appends of one tick of the event loop share one commit. The commit is made in the loop itself: at 0.1 ms it takes
    less time than handing it to a thread and back.
    """

    def __init__(self, folder: Path, *, patience: float, back_off: float) -> None:
        """Use ``open`` or ``attach``."""
        self.folder = folder
        self._patience = patience
        self._back_off = back_off
        self._waiting: list[Written | Writing] = []
        self._futures: list[asyncio.Future[Receipt]] = []
        self._closed_until = 0.0
        self._closed_code = ""
        self._lock = -1
        self._thread: Thread | None = None
        self._stop = Event()
        self._checkpointer: Checkpointer | None = None
        self._store: Store | None = None
        self._home = get_ident()
        self._mine = local()
        self._readers: list[sqlite3.Connection] = []
        self.fault = ""
        """Why nothing is signed any more; empty while all is well. A supervisor that sees it stops its workers."""
        self.trouble = ""
        """Code of what keeps checkpoints from being written at the moment; empty while they are."""
        self.vkey = ""
        """The public key under which checkpoints verify, as ``name+hash+base64``."""

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        origin: str = "kouan",
        key: Path | None = None,
        seconds: float = 1.0,
        patience: float = PATIENCE,
        back_off: float = BACK_OFF,
    ) -> Ledger:
        """Open ``folder`` for this gateway alone, make it if need be, and sign checkpoints until ``close``.

        ``origin`` names a new log and is kept from then on; ``key`` is its private key, by default ``folder`` with
        ``.key``, beside the folder, so that a copy of the folder can be handed out. A checkpoint is at most
        ``seconds`` behind the newest entry. Raises ``LedgerInUse``, ``BadKey``, ``Contradiction``, ``LedgerClosed``.
        """
        create(folder)
        ledger = cls(folder, patience=patience, back_off=back_off)
        try:
            ledger._hold()
            ledger._unlock(origin, folder.with_name(folder.name + ".key") if key is None else key, seconds)
            ledger._store = Store(folder, patience=patience)
        except BaseException as fault:
            ledger.close()
            if isinstance(fault, OSError):
                raise closed(fault) from fault
            raise
        ledger._thread = Thread(target=ledger._follow, args=(seconds / 10,), name="checkpointer", daemon=True)
        ledger._thread.start()
        return ledger

    @classmethod
    def attach(cls, folder: Path, *, patience: float = PATIENCE, back_off: float = BACK_OFF) -> Ledger:
        """Append to a ledger that another process has opened. Call it in the process that uses it, after any fork.

        Raises ``LedgerClosed``.
        """
        ledger = cls(folder, patience=patience, back_off=back_off)
        ledger._store = Store(folder, patience=patience)
        kept = folder / VKEY
        ledger.vkey = kept.read_text(encoding="utf-8").strip() if kept.exists() else ""
        return ledger

    def _hold(self) -> None:
        """Take the lock that tells one gateway from two; the kernel lets go of it when this process ends."""
        self._lock = os.open(self.folder / GATEWAY_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._lock, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise LedgerInUse(
                f"{self.folder}: another gateway (process {holder}) has this ledger open; "
                "stop it, or give this one a state folder of its own"
            ) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def _unlock(self, origin: str, key: Path, seconds: float) -> None:
        """Read or make the key, and see that it is the one that signed so far."""
        kept = self.folder / VKEY
        if kept.exists():
            try:
                known = Verifier(kept.read_text(encoding="utf-8"))
            except ValueError:
                raise BadKey(f"{kept}: not a public key; put it back") from None
            if not key.exists():
                raise BadKey(f"{key}: the private key of this ledger is gone; put it back")
            hand = signer(key, known.name)
            if hand.vkey != known.vkey:
                raise BadKey(f"{key}: not the key of this ledger, whose public key is {known.vkey}")
        else:
            hand = signer(key, origin)
            fresh = kept.with_name(VKEY + ".new")
            fresh.write_text(hand.vkey + "\n", encoding="utf-8")
            fresh.replace(kept)
        self.vkey = hand.vkey
        self._checkpointer = Checkpointer(self.folder, hand, seconds=seconds)

    def _follow(self, interval: float) -> None:
        """Sign until told to stop; a disk that is full today may not be tomorrow, a contradiction stays one."""
        checkpointer = self._checkpointer
        while checkpointer is not None and not self._stop.wait(interval):
            try:
                checkpointer.tick()
                metrics.LEDGER_BYTES.set(checkpointer.bytes())
            except Contradiction as fault:
                checkpointer.halt()
                self.fault = str(fault)
                return
            except Exception as fault:  # whatever it is, the next entry needs its checkpoint all the same
                self.trouble = closed(fault).code
            else:
                self.trouble = ""
            metrics.LEDGER_ENTRIES.set(checkpointer.size)
            metrics.LEDGER_LAG.set(checkpointer.lag())

    async def append(self, entry: bytes, nonces: Mapping[str, bytes] = _NO_NONCES) -> Receipt:
        """Return once ``entry`` is durable. Raises ``LedgerClosed``: then it is not in the ledger."""
        return await self._queued((bytes(entry), nonces))

    async def settle(self, writing: Writing) -> Receipt:
        """Have ``writing`` make an entry in the transaction that makes it durable; return once it is.

        Raises ``LedgerClosed``, or what ``writing`` raised: then neither the entry nor anything else that it wrote is
        there. What ``writing`` reads in the transaction nobody else can change before it ends.
        """
        return await self._queued(writing)

    def reading(self) -> sqlite3.Connection:
        """Return a connection of the calling thread, to be read from between transactions. Raises ``LedgerClosed``.

        The thread that opened this ledger reads on the connection on which it writes, whose pages are at hand.
        """
        if get_ident() == self._home:
            return self._reader().database
        database: sqlite3.Connection | None = getattr(self._mine, "database", None)
        if database is None:
            if self._stop.is_set():
                raise LedgerClosed("closed")
            database = self._mine.database = reader(self.folder)
            self._readers.append(database)
        return database

    async def _queued(self, item: Written | Writing) -> Receipt:
        self._refuse_while_closed()
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._flush)
        future: asyncio.Future[Receipt] = loop.create_future()
        self._waiting.append(item)
        self._futures.append(future)
        return await future

    def append_now(self, entry: bytes, nonces: Mapping[str, bytes] = _NO_NONCES) -> Receipt:
        """Append without an event loop: start, stop, rulebook. Raises ``LedgerClosed``."""
        self._refuse_while_closed()
        (receipt,) = self._write([(bytes(entry), nonces)])
        if isinstance(receipt, Exception):
            raise receipt
        return receipt

    def _refuse_while_closed(self) -> None:
        if self.fault:
            raise LedgerClosed("contradiction")
        if self._closed_code and time.monotonic() < self._closed_until:
            raise LedgerClosed(self._closed_code)

    def _flush(self) -> None:
        """Commit all that waits; tell every waiter the same truth, but for one whose own writing raised."""
        group, futures = self._waiting, self._futures
        self._waiting, self._futures = [], []
        try:
            receipts = self._write(group)
        except LedgerClosed as fault:
            for future in futures:
                if not future.done():
                    future.set_exception(LedgerClosed(fault.code))
        else:
            for future, receipt in zip(futures, receipts, strict=True):
                if future.done():
                    continue
                if isinstance(receipt, Exception):
                    future.set_exception(receipt)
                else:
                    future.set_result(receipt)

    def _write(self, group: list[Written | Writing]) -> Sequence[Receipt | Exception]:
        try:
            if self._store is None:
                if self._stop.is_set():
                    raise LedgerClosed("closed")
                self._store = Store(self.folder, patience=self._patience)
            plain = [each for each in group if not callable(each)]
            receipts: Sequence[Receipt | Exception]
            receipts = self._store.append(plain) if len(plain) == len(group) else self._store.settle(group)
        except Exception as fault:
            refusal = closed(fault)
            self._closed_code = refusal.code
            self._closed_until = time.monotonic() + self._back_off
            if self._store is not None:  # a connection that has failed is not asked twice
                self._store.close()
                self._store = None
            raise refusal from fault
        self._closed_code = ""
        return receipts

    def _reader(self) -> Store:
        if self._store is None:
            if self._stop.is_set():
                raise LedgerClosed("closed")
            self._store = Store(self.folder, patience=self._patience)
        return self._store

    def keep_rulebook(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Keep every file of a rulebook under its digest; once is enough. Raises ``LedgerClosed``."""
        self._reader().keep_rulebook(digest, pack(files))

    def rulebook(self, digest: str) -> dict[str, bytes] | None:
        """Return the files of the rulebook with ``digest``, or None. Raises ``BadRulebook`` if they are damaged."""
        packed = self._reader().rulebook(digest)
        return None if packed is None else unpack(packed)

    def size(self) -> int:
        """Return the number of entries; at most a tenth of a second old where this gateway signs."""
        return self._reader().size() if self._checkpointer is None else self._checkpointer.size

    def lag(self) -> float:
        """Seconds for which the oldest uncovered entry has waited for a checkpoint; 0 where all are covered.

        A worker knows only the age of the newest checkpoint, and gives that.
        """
        if self._checkpointer is not None:
            return self._checkpointer.lag()
        store = self._reader()
        newest = store.newest_checkpoint()
        if newest is not None and newest[0] == store.size():
            return 0.0
        try:
            return max(0.0, time.time() - (self.folder / NEWEST).stat().st_mtime)
        except FileNotFoundError:
            return 0.0

    def bytes(self) -> int:
        """Return what the ledger takes on disk."""
        return self._reader().bytes()

    def close(self) -> None:
        """Write what waits, sign what is not covered, let go of the folder. A second call does nothing."""
        if self._waiting:
            self._flush()
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        while self._readers:
            self._readers.pop().close()
        self._mine = local()
        if self._store is not None:
            self._store.close()
            self._store = None
        if self._checkpointer is not None:
            if not self.fault:
                self._finish(self._checkpointer)
            self._checkpointer.close()
            self._checkpointer = None
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    @staticmethod
    def _finish(checkpointer: Checkpointer) -> None:
        """Sign the end, if the disk lets us: a tail without checkpoint is signed at the next start."""
        try:
            checkpointer.tick(now=True)
        except LedgerClosed:
            return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

"""Prove a ledger from its bytes alone: entries, tree, signatures. Needs its four neighbours and ``cryptography``.

One pass, in constant memory. The tree is computed from the entries themselves; what the database says of their hashes
is only compared. A regulator runs it on a copy: ``python -m gateway.ledger.verify FOLDER [VKEY]``.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from .approval import History
from .checkpoint import BadCheckpoint, Checkpoint, Verifier
from .entry import BadEntry, decode
from .tree import Frontier

DATABASE = "ledger.sqlite"
CHUNK = 2048
MOST_FAILURES = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong. ``index`` is that of the entry, or of the first entry that is in doubt."""

    index: int | None
    code: str
    text: str

    def __str__(self) -> str:
        """``entry 17: leaf: ...``."""
        return f"{'ledger' if self.index is None else f'entry {self.index}'}: {self.code}: {self.text}"


@dataclass(frozen=True, slots=True)
class Report:
    """What ``verify`` found. ``failures`` holds the first thousand; ``faults`` counts them all."""

    vkey: str
    size: int
    root: bytes
    kinds: Mapping[str, int]
    checkpoints: int
    covered: int
    """Entries under the newest good checkpoint."""
    faults: int
    failures: tuple[Failure, ...]
    overrides: tuple[int, ...] = ()
    """Entries by which officers were changed without the signatures of the former ones: to be asked about."""

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.faults == 0

    @property
    def uncovered(self) -> int:
        """Entries that no checkpoint covers yet: none after an orderly stop, a second's worth on a live ledger."""
        return max(0, self.size - self.covered)


class Audit:
    """The state of one pass, over a database here, over the tiles of a mirror in ``mirror``."""

    def __init__(self, verifier: Verifier, kept: Sequence[bytes]) -> None:
        self.verifier = verifier
        self.failures: list[Failure] = []
        self.faults = 0
        self.frontier = Frontier()
        self.other: Frontier | None = None
        """A second tree from the first doubtful entry on: with the hash that the database keeps of it."""
        self.kinds: Counter[str] = Counter()
        self.history = History()
        self.rulebooks: set[str] = set()
        """Digests that were looked up already; forgotten when they become many, so that memory stays bounded."""
        self.checkpoints = 0
        self.covered = 0
        self.torn = False
        """Whether a root did not match: then no later one can, and they say nothing new."""
        self.last_size = -1
        self.demands: list[tuple[Checkpoint, str]] = []
        for note in kept:
            try:
                self.demands.append((verifier.read(note), "a checkpoint kept elsewhere"))
            except BadCheckpoint as fault:
                self.fail(None, "kept", f"a checkpoint kept elsewhere: {fault}")
        self.demands.sort(key=lambda each: each[0].size)

    def fail(self, index: int | None, code: str, text: str) -> None:
        """Note a fault."""
        self.faults += 1
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(Failure(index, code, text))

    def entry(self, index: int, data: bytes, leaf: bytes) -> dict[str, Any] | None:
        """Take in the entry that stands next."""
        computed = sha256(b"\x00" + data).digest()
        if computed != leaf:
            self.fail(index, "leaf", "the entry and its leaf hash disagree")
            if self.other is None and len(leaf) == len(computed):
                self.other = self.frontier.copy()
        if self.other is not None:
            self.other.append(leaf if len(leaf) == len(computed) else computed)
        self.frontier.append(computed)
        try:
            entry = decode(data)
        except BadEntry as fault:
            self.fail(index, "entry", str(fault))
            return None
        self.kinds[entry["kind"]] += 1
        if wrong := self.history.take(index, entry):
            self.fail(index, "approval", wrong)
        return entry

    def absent(self, leaf: bytes) -> None:
        """Take in the hash of an entry that cannot be read, of which a fault was noted; the tree goes on."""
        if self.other is not None:
            self.other.append(leaf)
        self.frontier.append(leaf)

    def examine(
        self,
        index: int,
        entry: dict[str, Any],
        kept: Callable[[str], bool],
        examine: Callable[[int, dict[str, Any]], str | None] | None,
    ) -> None:
        """Look at what a good entry says; ``kept`` tells whether the rulebook of a digest is."""
        if "rulebook" in entry:
            self.rulebook(kept, index, entry["rulebook"])
        if examine is not None and (fault := examine(index, entry)):
            self.fail(index, "decision", fault)

    def rulebook(self, kept: Callable[[str], bool], index: int, digest: str) -> None:
        """See that the rulebook which an entry names is kept."""
        if digest in self.rulebooks:
            return
        if len(self.rulebooks) >= MOST_FAILURES:
            self.rulebooks.clear()
        self.rulebooks.add(digest)
        if not kept(digest):
            self.fail(index, "rulebook", f"{digest} is named here and not kept")

    def checkpoint(self, size: int, note: bytes) -> Checkpoint | None:
        """Judge a stored checkpoint by itself."""
        self.checkpoints += 1
        try:
            found = self.verifier.read(note)
        except BadCheckpoint as fault:
            self.fail(max(0, size - 1), "checkpoint", f"of {size} entries: {fault}")
            return None
        if found.size != size:
            self.fail(max(0, size - 1), "checkpoint", f"signed for {found.size} entries, filed under {size}")
            return None
        if size <= self.last_size:
            self.fail(max(0, size - 1), "checkpoint", f"of {size} entries, after one of {self.last_size}")
        self.last_size = max(self.last_size, size)
        return found

    def compare(self, wanted: Checkpoint) -> None:
        """Hold the tree, which has as many leaves as ``wanted``, against its root."""
        if self.torn:
            return
        if self.frontier.root() != wanted.root:
            if self.other is None or self.other.root() != wanted.root:
                doubt = f"entries {self.covered} to {wanted.size - 1} are not those that were signed"
                self.fail(self.covered, "root", f"of the checkpoint of {wanted.size} entries: {doubt}")
                self.torn = True
                return
            self.frontier = self.other
        self.other = None
        self.covered = wanted.size

    def meet(self) -> None:
        """Compare every checkpoint that was kept elsewhere and that the tree has grown up to."""
        while self.demands and self.demands[0][0].size <= self.frontier.size:
            wanted, said = self.demands.pop(0)
            if not self.torn and self.frontier.root() != wanted.root:
                self.fail(max(0, wanted.size - 1), "root", f"{said}, of {wanted.size} entries, has another root")

    def short(self, wanted: Checkpoint, said: str) -> None:
        """Note that the tree ends before ``wanted`` does."""
        size = self.frontier.size
        self.fail(size, "truncated", f"{said} is of {wanted.size} entries, {size} are left")

    def unmet(self) -> None:
        """Note which checkpoints that were kept elsewhere the tree never reached."""
        for wanted, said in self.demands:
            self.short(wanted, said)

    def report(self) -> Report:
        """Return what was found."""
        return Report(
            vkey=self.verifier.vkey,
            size=self.frontier.size,
            root=self.frontier.root(),
            kinds=dict(self.kinds),
            checkpoints=self.checkpoints,
            covered=self.covered,
            faults=self.faults,
            failures=tuple(self.failures),
            overrides=tuple(self.history.overrides),
        )


def _open(folder: Path) -> sqlite3.Connection:
    """Open read-only; a copy on a read-only medium, without write-ahead log, as the immutable file it is."""
    path = folder / DATABASE if folder.is_dir() else folder
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no ledger")
    name = path.absolute().as_uri()
    database = sqlite3.connect(f"{name}?mode=ro", uri=True, isolation_level=None, timeout=5)
    try:
        database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        database.close()
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise
        database = sqlite3.connect(f"{name}?immutable=1", uri=True, isolation_level=None)
    return database


def _rows(database: sqlite3.Connection, query: str, end: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows up to number ``end``, in chunks: no long transaction holds up the live gateway's housekeeping."""
    start = _BEFORE_ALL
    while True:
        chunk = database.execute(query, (start, end, CHUNK)).fetchall()
        yield from chunk
        if len(chunk) < CHUNK:
            return
        start = chunk[-1][0]


_ENTRIES = "SELECT number, bytes, leaf FROM entries WHERE number > ? AND number <= ? ORDER BY number LIMIT ?"
_CHECKPOINTS = "SELECT number, size, note FROM checkpoints WHERE number > ? AND number <= ? ORDER BY number LIMIT ?"
_BEFORE_ALL = -(2**63)


def verify(
    folder: Path,
    *,
    vkey: str | None = None,
    kept: Sequence[bytes] = (),
    examine: Callable[[int, dict[str, Any]], str | None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Prove the ledger in ``folder`` (or its file), live or copied.

    ``vkey`` is the log's public key, had from the operator by another way; without it the one beside the entries is
    believed. ``kept`` are checkpoints that were kept elsewhere, which the ledger must extend. ``examine`` is asked
    about each good entry and answers with a fault or None. ``progress`` is told entries done and in all.
    Raises ``FileNotFoundError``, ``sqlite3.Error`` (no database at all), ``BadCheckpoint`` (code ``key``).
    """
    home = folder if folder.is_dir() else folder.parent
    verifier = Verifier((home / "vkey").read_text(encoding="utf-8") if vkey is None else vkey)
    database = _open(folder)
    audit = Audit(verifier, kept)
    try:
        newest = home / "checkpoint"
        told = newest.read_bytes() if newest.is_file() else None
        _walk(database, audit, examine, progress)
        if told is not None:
            _beside(audit, told)
    except sqlite3.DatabaseError as fault:
        audit.fail(audit.frontier.size, "unreadable", f"SQLite: {fault.sqlite_errorname}")
    finally:
        database.close()
    return audit.report()


def _walk(
    database: sqlite3.Connection,
    audit: Audit,
    examine: Callable[[int, dict[str, Any]], str | None] | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Walk entries and checkpoints side by side; each checkpoint is met when the tree has its size."""
    # On a live ledger both grow: the end of the checkpoints is taken first, so that their entries are surely there.
    checkpoints = _rows(database, _CHECKPOINTS, _end(database, "SELECT max(number) FROM checkpoints"))
    end = _end(database, "SELECT max(number) FROM entries")
    waiting = _meet(audit, _next(audit, checkpoints), checkpoints)
    expected = 0

    def kept(digest: str) -> bool:
        return database.execute("SELECT 1 FROM rulebooks WHERE digest = ?", (digest,)).fetchone() is not None

    for index, data, leaf in _rows(database, _ENTRIES, end):
        if index != expected:
            gap = f"entries {expected} to {index - 1} are missing" if index > expected else f"stands before {expected}"
            audit.fail(expected, "gap", gap)
        expected = index + 1
        entry = audit.entry(index, data, leaf)
        if entry is not None:
            audit.examine(index, entry, kept, examine)
        waiting = _meet(audit, waiting, checkpoints)
        if progress is not None and index % CHUNK == 0:
            progress(index, end + 1)
    if waiting is not None:
        audit.short(waiting, "the checkpoint")
    audit.unmet()
    if progress is not None:
        progress(end + 1, end + 1)


def _meet(audit: Audit, waiting: Checkpoint | None, rows: Iterator[tuple[Any, ...]]) -> Checkpoint | None:
    """Compare every checkpoint that the tree has grown up to; return the one that it has not."""
    while waiting is not None and waiting.size <= audit.frontier.size:
        audit.compare(waiting)
        waiting = _next(audit, rows)
    audit.meet()
    return waiting


def _end(database: sqlite3.Connection, query: str) -> int:
    found: int | None = database.execute(query).fetchone()[0]
    return -1 if found is None else found


def _next(audit: Audit, rows: Iterator[tuple[Any, ...]]) -> Checkpoint | None:
    for _, size, note in rows:
        found = audit.checkpoint(size, note)
        if found is not None:
            return found
    return None


def _beside(audit: Audit, newest: bytes) -> None:
    """Look at the newest checkpoint that was given out as a file."""
    try:
        told = audit.verifier.read(newest)
    except BadCheckpoint as fault:
        audit.fail(None, "checkpoint", f"the file beside the entries: {fault}")
        return
    if told.size > audit.frontier.size:
        audit.short(told, "the checkpoint in the file beside the entries")


if __name__ == "__main__":
    found = verify(Path(sys.argv[1]), vkey=sys.argv[2] if len(sys.argv) > 2 else None)
    for each in found.failures:
        print(each)
    print(f"{found.size} entries, {found.checkpoints} checkpoints, {found.uncovered} not covered")
    sys.exit(0 if found.ok else 1)

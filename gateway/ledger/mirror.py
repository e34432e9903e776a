"""A copy of a log as a folder of tiles: written step by step, each step proved; and the proof of any log so published.

``verify_log`` proves what ``verify`` proves of a database, in one pass and in constant memory: entries, tiles of every
level, the signed checkpoint. A regulator runs it with neighbours alone: ``python -m gateway.ledger.mirror PLACE VKEY``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checkpoint import BadCheckpoint, Checkpoint, Verifier
from .client import Log, from_folder, is_address, opened
from .proof import BadProof, Cosigner
from .tiles import ENTRIES, HEIGHT, LONGEST, WIDE, WIDTH, BadTile, Tile, pack, peaks_in, root_of, tiles_of, width_at
from .tree import Frontier, leaf_hash
from .verify import Audit, Report

_NAMED = re.compile(rb'"rulebook":"([0-9a-f]{64})"')


class BadMirror(Exception):
    """A log that cannot be copied, since it is not what it was or what it says; the mirror stays as it was."""


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What a step brought: entries that the mirror has, and had before."""

    size: int
    before: int


class _Upper:
    """Tiles of level 1 and above, compared with what the tiles below them give; one open tile for each level."""

    def __init__(self, log: Log, audit: Audit, size: int) -> None:
        self._log, self._audit, self._size = log, audit, size
        self._open: dict[int, tuple[list[bytes], list[bytes]]] = {}
        self._kept: dict[int, tuple[int, list[bytes] | None]] = {}

    def take(self, level: int, number: int, computed: list[bytes], told: list[bytes]) -> None:
        """Take in full tile ``number`` of ``level``: its hashes as entries give them and as tiles tell them."""
        first = root_of(computed)
        second = first if computed == told else root_of(told)
        above, at = level + 1, number & WIDTH - 1
        kept = self._hashes(above, number >> HEIGHT)
        if kept is not None and kept[at] not in (first, second):
            path = Tile(above, number >> HEIGHT, width_at(above, number >> HEIGHT, self._size)).path
            begin = number << HEIGHT * above
            end = begin + (1 << HEIGHT * above) - 1
            self._audit.fail(begin, "tile", f"{path}: hash {at} is not that of entries {begin} to {end}")
        ours, theirs = self._open.setdefault(above, ([], []))
        ours.append(first)
        theirs.append(second)
        if len(ours) == WIDTH:
            del self._open[above]
            self.take(above, number >> HEIGHT, ours, theirs)

    def _hashes(self, level: int, number: int) -> list[bytes] | None:
        if level not in self._kept or self._kept[level][0] != number:
            tile, found = Tile(level, number, width_at(level, number, self._size)), None
            try:
                found = self._log.hashes(tile)
                fault = "" if found is not None else "is missing"
            except BadTile as bad:
                fault = str(bad)
            if fault:
                self._audit.fail(tile.first, "tile", f"{tile.path}: {fault}")
            self._kept[level] = number, found
        return self._kept[level][1]


def verify_log(
    log: Log,
    vkey: str,
    *,
    kept: Sequence[bytes] = (),
    witnesses: Sequence[Cosigner] = (),
    examine: Callable[[int, dict[str, Any]], str | None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    ahead: bool = False,
) -> Report:
    """Prove a published log up to its checkpoint; arguments are those of ``verify``, and ``witnesses`` must cosign it.

    Raises ``BadCheckpoint`` (code ``key``), ``FileNotFoundError`` where there is no checkpoint, ``Unreachable``.
    """
    audit = Audit(Verifier(vkey), kept)
    note = log.note()
    if note is None:
        raise FileNotFoundError("there is no checkpoint")
    try:
        wanted = audit.verifier.read(note)
    except BadCheckpoint as fault:
        audit.fail(None, "checkpoint", f"{fault}; nothing else can be proved")
        return audit.report()
    audit.checkpoints = 1
    for witness in witnesses:
        try:
            witness.time(note)
        except BadProof as fault:
            audit.fail(None, "cosignature", str(fault))
    audit.meet()
    reading = _Reading(log, audit, wanted.size, examine)
    for number, bundle, hashes in log.rows(wanted.size, ahead=ahead):
        if not reading.take(number, bundle, hashes):
            break
        if progress is not None:
            progress(audit.frontier.size, wanted.size)
    if audit.frontier.size == wanted.size:
        audit.compare(wanted)
    audit.unmet()
    return audit.report()


class _Reading:
    """One pass over bundles and the tiles of their hashes."""

    def __init__(
        self, log: Log, audit: Audit, size: int, examine: Callable[[int, dict[str, Any]], str | None] | None
    ) -> None:
        self._log, self._audit, self._size, self._examine = log, audit, size, examine
        self._upper = _Upper(log, audit, size)

    def take(self, number: int, bundle: tuple[list[bytes], bool] | None, hashes: list[bytes] | str | None) -> bool:
        """Take in the bundle of this number; whether the tree can go on."""
        width, first = width_at(0, number, self._size), number << HEIGHT
        told = hashes if isinstance(hashes, list) else None
        if told is None:
            self._audit.fail(first, "tile", f"{Tile(0, number, width).path}: {hashes or 'is missing'}")
        computed = self._entries(first, *(bundle or ([], False)), told)
        if len(computed) < width:
            path, broken = Tile(ENTRIES, number, width).path, first + len(computed)
            if bundle is None:
                self._audit.fail(first, "missing", f"{path} is not there")
            else:
                self._audit.fail(broken, "bundle", f"{path} cannot be read from entry {broken} on")
            if told is None:
                self._audit.fail(broken, "truncated", "neither entries nor hashes are left from here on")
                return False
            for leaf in told[len(computed) :]:
                computed.append(leaf)
                self._audit.absent(leaf)
                self._audit.meet()
        if width == WIDTH:
            self._upper.take(0, number, computed, told or computed)
        return True

    def _entries(self, first: int, entries: list[bytes], whole: bool, told: list[bytes] | None) -> list[bytes]:
        """Take in the entries that can be read; return their hashes."""
        audit, computed = self._audit, []
        for index, data in enumerate(entries, first):
            leaf = leaf_hash(data)
            if not whole and (told is None or leaf != told[index - first]):
                break  # a length that is wrong: what follows is not where it should be
            computed.append(leaf)
            entry = audit.entry(index, data, leaf if told is None else told[index - first])
            if entry is not None:
                audit.examine(index, entry, self._kept, self._examine)
            if audit.demands:
                audit.meet()
        return computed

    def _kept(self, digest: str) -> bool:
        return self._log.read(f"rulebook/{digest}") is not None


def mirror(
    log: Log, folder: Path, vkey: str, *, progress: Callable[[int, int], None] | None = None, ahead: bool = False
) -> Mirrored:
    """Bring the mirror in ``folder`` up to the newest checkpoint of ``log``; make it where there is none.

    The checkpoint is replaced last, once the entries up to the former one have its root and all of them that of the
    new one: so a mirror never takes back what it holds. Raises ``BadMirror``, ``BadCheckpoint`` (code ``key``),
    ``OSError``.
    """
    verifier, own = Verifier(vkey), Log(from_folder(folder))
    wanted, note = _told(log, verifier, "the log")
    before, kept = _told(own, verifier, f"the mirror {folder}") if own.note() is not None else (None, b"")
    size = before.size if before is not None else 0
    if before is not None:
        if wanted.size < size:
            raise BadMirror(f"the log has {wanted.size} entries, and this mirror saw {size}: it was cut or put back")
        if wanted.size == size and wanted.root != before.root:
            raise BadMirror(f"the log has another root at {size} entries than this mirror saw: it was rewritten")
        if wanted.size == size:
            if kept != note:  # the same tree, with other cosignatures
                _write(folder / "checkpoint", note)
            return Mirrored(size, size)
    frontier = _start(own, size, before)
    _write(folder / "vkey", f"{verifier.vkey}\n".encode())
    writer = _Writer(log, folder, frontier, own)
    for number, bundle, hashes in log.rows(wanted.size, size, ahead=ahead):
        writer.take(number, width_at(0, number, wanted.size), bundle, hashes, before)
        if progress is not None:
            progress(frontier.size, wanted.size)
    if frontier.root() != wanted.root:
        raise BadMirror(f"the {wanted.size} entries are not those that the checkpoint signs")
    writer.finish(wanted.size, size)
    _write(folder / "checkpoint", note)
    _drop_partials(folder, size, wanted.size)
    return Mirrored(wanted.size, size)


def _drop_partials(folder: Path, before: int, size: int) -> None:
    """Remove partial tiles and bundles that have become full (tlog-tiles, "Partial Tiles")."""
    edge = before >> HEIGHT, before & WIDTH - 1 or WIDTH
    for tile in [*tiles_of(before, before), Tile(ENTRIES, *edge), Tile(WIDE, *edge)]:
        if tile.width < WIDTH and width_at(tile.level, tile.number, size) == WIDTH:
            shutil.rmtree((folder / Tile(tile.level, tile.number).path).with_suffix(".p"), ignore_errors=True)


def _told(log: Log, verifier: Verifier, said: str) -> tuple[Checkpoint, bytes]:
    note = log.note()
    if note is None:
        raise BadMirror(f"{said} has no checkpoint")
    try:
        return verifier.read(note), note
    except BadCheckpoint as fault:
        raise BadMirror(f"{said}: {fault}") from None


def _start(own: Log, size: int, before: Checkpoint | None) -> Frontier:
    """Return the tree over the full bundles that the mirror has already."""
    aligned = size >> HEIGHT << HEIGHT
    try:
        frontier = Frontier(aligned, peaks_in(lambda tile: own.tile(tile) or b"", aligned))
    except BadTile as fault:
        raise BadMirror(f"the mirror itself is damaged: {fault}; verify it") from None
    if before is not None and size == aligned and frontier.root() != before.root:
        raise BadMirror("the mirror itself is damaged: its tiles are not those of its checkpoint; verify it")
    return frontier


class _Writer:
    """Writes bundles and tiles of level 0 as they come, and the tiles above them out of these."""

    def __init__(self, log: Log, folder: Path, frontier: Frontier, own: Log) -> None:
        self._log, self._folder, self._frontier, self._own = log, folder, frontier, own
        self._books: set[bytes] = set()

    def take(
        self,
        number: int,
        width: int,
        bundle: tuple[list[bytes], bool] | None,
        hashes: list[bytes] | str | None,
        before: Checkpoint | None,
    ) -> None:
        """Write the bundle and the tile of this number, if the one is what the other says."""
        first = number << HEIGHT
        if bundle is None or not bundle[1] or len(bundle[0]) != width:
            raise BadMirror(f"entry {first}: its bundle is missing, or cannot be read to its end")
        entries, leaves = bundle[0], [leaf_hash(each) for each in bundle[0]]
        if hashes != leaves:
            raise BadMirror(f"entries {first} to {first + width - 1} and the tile of their hashes disagree")
        for leaf in leaves:
            if before is not None and self._frontier.size == before.size:
                self._same(before)
            self._frontier.append(leaf)
        level = WIDE if max(map(len, entries)) > LONGEST else ENTRIES
        _write(self._folder / Tile(level, number, width).path, pack(entries, level))
        _write(self._folder / Tile(0, number, width).path, b"".join(leaves))
        for digest in {match for each in entries for match in _NAMED.findall(each)} - self._books:
            self._book(digest)

    def _same(self, before: Checkpoint) -> None:
        if self._frontier.root() != before.root:
            raise BadMirror(f"the first {before.size} entries are not those that this mirror saw: rewritten, or a fork")

    def _book(self, digest: bytes) -> None:
        """Keep the rulebook that an entry names, if the log gives it."""
        name = f"rulebook/{digest.decode()}"
        if self._own.read(name) is None and (data := self._log.read(name)) is not None:
            _write(self._folder / name, data)
        self._books.add(digest)

    def finish(self, size: int, since: int) -> None:
        """Write the tiles of level 1 and above."""
        for tile in tiles_of(size, since):
            if tile.level == 0:
                continue
            old = width_at(tile.level, tile.number, since)
            hashes = self._hashes(Tile(tile.level, tile.number, old)) if old else []
            begin = tile.number << HEIGHT
            below = (Tile(tile.level - 1, number) for number in range(begin + old, begin + tile.width))
            hashes += [root_of(self._hashes(each)) for each in below]
            _write(self._folder / tile.path, b"".join(hashes))
        if self._own.subtree(size)(0, size) != self._frontier.root():
            raise BadMirror("the mirror itself is damaged: its tiles do not give the root; verify it")

    def _hashes(self, tile: Tile) -> list[bytes]:
        """Return what stands in a tile of the mirror."""
        found = self._own.hashes(tile)
        if found is None:
            raise BadMirror(f"the mirror itself is damaged: {tile.path} is missing")
        return found


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)  # noqa: PTH105 - the atomic call by its name


if __name__ == "__main__":
    place = sys.argv[1]
    with opened(place) as read:
        report = verify_log(Log(read), sys.argv[2], ahead=is_address(place))
    for each in report.failures:
        print(each)
    print(f"{report.size} entries, root {report.root.hex()}")
    sys.exit(0 if report.ok else 1)

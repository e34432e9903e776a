"""Receipts cut out of a log, whether live, mirrored or far away: entry, inclusion proof, checkpoint, cosignatures."""

from __future__ import annotations

from gateway.ledger.checkpoint import BadCheckpoint, Checkpoint, parse, split_note
from gateway.ledger.client import Log
from gateway.ledger.proof import BadProof, Consistency, Proof
from gateway.ledger.tiles import HEIGHT, WIDTH, width_at
from gateway.ledger.tree import consistency_proof, extends, includes, inclusion_proof, leaf_hash


class NotCovered(Exception):
    """No checkpoint covers that entry yet; it is under the next one, if it is in the ledger at all."""

    def __init__(self, index: int, size: int) -> None:
        """``size``: how many entries the newest checkpoint covers."""
        super().__init__(f"entry {index} is newer than the checkpoint, which covers {size} entries")
        self.index, self.size = index, size


def newest(log: Log) -> tuple[Checkpoint, bytes]:
    """Return the newest checkpoint of a log, and its note; the signature is left to whoever verifies.

    Raises ``BadProof``.
    """
    note = log.note()
    if note is None:
        return Checkpoint("", 0, b""), b""
    try:
        return parse(split_note(note)[0]), note
    except (BadCheckpoint, UnicodeDecodeError) as fault:
        raise BadProof("checkpoint", f"the checkpoint: {fault}") from None


def receipt(log: Log, index: int) -> bytes:
    """Return the receipt of entry ``index``, a tlog-proof with the entry in it, under the newest checkpoint.

    It is held against the checkpoint's root before it is given out. Raises ``NotCovered``, ``BadProof``, ``BadTile``.
    """
    found, note = newest(log)
    if index >= found.size:
        raise NotCovered(index, found.size)
    number = index >> HEIGHT
    entries, whole = log.bundle(number, width_at(0, number, found.size)) or ([], False)
    if not whole:
        raise BadProof("inclusion", f"the bundle of entry {index} is missing, or cannot be read to its end")
    entry = entries[index & WIDTH - 1]
    hashes = inclusion_proof(index, found.size, log.subtree(found.size))
    if not includes(leaf_hash(entry), index, found.size, hashes, found.root):
        raise BadProof("inclusion", f"entry {index} is not what the checkpoint covers; try: kouan verify")
    return Proof(index, hashes, note, entry).text()


def consistency(log: Log, old: int) -> bytes:
    """Return the proof that the newest checkpoint extends the tree of the first ``old`` entries.

    Raises ``NotCovered``, ``BadProof``, ``BadTile``.
    """
    found, note = newest(log)
    if old > found.size or not note:
        raise NotCovered(old, found.size)
    subtree = log.subtree(found.size)
    hashes = consistency_proof(old, found.size, subtree) if old else ()
    if old and not extends(old, found.size, subtree(0, old), found.root, hashes):
        raise BadProof("consistency", "the tree is not what the checkpoint covers; try: kouan verify")
    return Consistency(old, hashes, note).text()

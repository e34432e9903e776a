"""What every ledger test starts from, and ``sound``, the invariant checker with which every one of them ends."""

import sqlite3
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from gateway.ledger import decode, encode, verify
from gateway.ledger.checkpoint import Checkpoint, Verifier
from gateway.ledger.client import Log
from gateway.ledger.mirror import verify_log
from gateway.ledger.proof import check_receipt
from gateway.ledger.published import Published
from gateway.ledger.receipt import receipt
from gateway.ledger.tree import consistency_proof, extends, includes, inclusion_proof, leaf_hash, subtree_of
from gateway.vocabulary import Receipt

AT = "2026-11-20T12:00:00+08:00"
BOOK = "0" * 64


def decision(number: int, **more: Any) -> bytes:
    """A decision entry that tells its number."""
    fields = {
        "gateway": "test",
        "rulebook": BOOK,
        "facts": {"number": number, "at": AT, "exporter": {"name": "珠海測試"}},
        "standing": {},
        "decision": {"verdict": "permit", "reasons": []},
        "commitments": {"payload": None, "released": None},
    }
    return encode("decision", fields | more)


def number_of(entry: bytes) -> int:
    """Undo ``decision``."""
    return int(decode(entry)["facts"]["number"])


def rows(folder: Path) -> list[tuple[int, bytes, bytes]]:
    """All entries as they stand in the database: index, bytes, leaf hash."""
    database = sqlite3.connect(folder / "ledger.sqlite")
    try:
        return database.execute("SELECT number, bytes, leaf FROM entries ORDER BY number").fetchall()
    finally:
        database.close()


def sound(folder: Path, receipts: Sequence[tuple[Receipt, bytes]] = (), *, covered: bool = True) -> int:
    """Re-read everything in another way than the verifier does; return the number of entries.

    No gaps, no doubles, leaf hashes right, every checkpoint signed and extending the one before it by an RFC 6962
    proof, every receipt's entry at its index with an inclusion proof under the newest checkpoint, SQLite's own check
    passed, the verifier content. ``covered``: no entry may be left without checkpoint.
    """
    found = rows(folder)
    assert [number for number, _, _ in found] == list(range(len(found)))
    leaves = [leaf for _, _, leaf in found]
    assert leaves == [leaf_hash(entry) for _, entry, _ in found]
    for _, entry, _ in found:
        decode(entry)
    subtree = subtree_of(leaves)
    database = sqlite3.connect(folder / "ledger.sqlite")
    try:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        notes = database.execute("SELECT size, note FROM checkpoints ORDER BY number").fetchall()
        kept = {row[0] for row in database.execute("SELECT digest FROM rulebooks")}
        stray = database.execute("SELECT count(*) FROM nonces WHERE number >= ?", (len(found),)).fetchone()
    finally:
        database.close()
    assert stray == (0,)
    verifier = Verifier((folder / "vkey").read_text())
    checkpoints = [verifier.read(note) for _, note in notes]
    assert [checkpoint.size for checkpoint in checkpoints] == [size for size, _ in notes]
    for older, newer in pairwise(checkpoints):
        assert older.size < newer.size
        if older.size:
            proof = consistency_proof(older.size, newer.size, subtree)
            assert extends(older.size, newer.size, older.root, newer.root, proof)
    newest = checkpoints[-1] if checkpoints else None
    if covered:
        assert newest is not None
        assert newest.size == len(found)
    for given, entry in receipts:
        assert found[given.index][1:] == (entry, given.leaf)
        if newest is not None and given.index < newest.size:
            path = inclusion_proof(given.index, newest.size, subtree)
            assert includes(given.leaf, given.index, newest.size, path, newest.root)
    if newest is not None:
        log_sound(folder, newest, found)
    report = verify(folder)
    missing = {str(each.text).split(" ")[0] for each in report.failures if each.code == "rulebook"}
    assert not missing & kept
    assert [each for each in report.failures if each.code != "rulebook"] == []
    assert report.size == len(found)
    return len(found)


def log_sound(folder: Path, newest: Checkpoint, found: Sequence[tuple[int, bytes, bytes]]) -> None:
    """What is published is proved to the newest checkpoint; receipts at its ends prove the entries that stand there."""
    published = Published(folder)
    try:
        log, vkey = Log(published.read), (folder / "vkey").read_text()
        told = verify_log(log, vkey)
        assert {each.code for each in told.failures} <= {"rulebook"}
        assert (told.covered, told.root) == (newest.size, newest.root)
        for index in {0, newest.size // 2, newest.size - 1} if newest.size else set():
            assert check_receipt(receipt(log, index), Verifier(vkey)).entry == found[index][1]
    finally:
        published.close()

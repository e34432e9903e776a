"""What is published of a ledger: what the checkpoint covers, out of what can be derived again, in constant memory."""

import sqlite3
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from gateway.ledger import Ledger, LedgerClosed
from gateway.ledger.client import Log
from gateway.ledger.keys import signer
from gateway.ledger.mirror import verify_log
from gateway.ledger.published import DERIVED, Published
from gateway.ledger.store import DATABASE
from gateway.ledger.tiles import ENTRIES, WIDTH, pack, root_of, tile_at, width_at
from gateway.ledger.tree import Frontier, leaf_hash
from tests.ledger.sound import decision, sound
from tests.ledger.tiled import example, grow, resources


def test_what_was_derived_comes_back(tmp_path: Path) -> None:
    """Damaged, deleted, or of another ledger: the tiles are made of the entries again."""
    folder = tmp_path / "ledger"
    grow(folder, 600)
    expected = resources(folder)
    derived = folder / DERIVED
    assert derived.exists()
    derived.write_bytes(b"\x55" * 8192)
    assert resources(folder) == expected
    derived.unlink()
    assert resources(folder) == expected
    with closing(sqlite3.connect(derived)) as database:
        database.execute("UPDATE hashes SET hash = zeroblob(32)")
        database.commit()
    assert resources(folder) == expected
    derived.unlink()
    derived.mkdir()
    assert resources(folder) == expected, "in memory, where it cannot be written"
    derived.rmdir()
    sound(folder)


def test_closing_does_not_wait_for_what_is_derived(tmp_path: Path) -> None:
    """A ledger of millions takes a while; whoever closes meanwhile is let go, and the next one goes on from there."""
    folder = tmp_path / "ledger"
    grow(folder, 600)
    source = Published(folder)
    source._closing = True
    with pytest.raises(LedgerClosed) as caught:
        source.read("checkpoint")
    assert caught.value.code == "closed"
    source.close()
    with pytest.raises(LedgerClosed):
        source.read("tile/0/000")
    assert "tile/1/000.p/2" in resources(folder)
    sound(folder)


def test_only_what_is_signed_is_published(tmp_path: Path) -> None:
    """Entries beyond the checkpoint are not, nor is anything that is no resource."""
    folder = tmp_path / "ledger"
    grow(folder, 5)
    with Ledger.attach(folder) as worker:
        worker.append_now(decision(5))
    source = Published(folder)
    try:
        assert source.size() == 6
        assert source.read("tile/0/000.p/5")
        for path in ("tile/0/000.p/6", "tile/entries/000.p/6", "tile/0/000", "tile/1/000.p/1", "tile/0/001.p/1"):
            assert source.read(path) is None
        for path in ("", "ledger.key", "../ledger.key", DATABASE, "rulebook/", "rulebook/x", "tile/wide/000.p/5"):
            assert source.read(path) is None
    finally:
        source.close()


def test_memory_stays_the_same_however_long_the_log_is() -> None:
    """Four times the entries take no more memory to prove."""

    def peak(size: int) -> int:
        def read(path: str) -> bytes | None:
            tile = tile_at(path)
            if tile is None:
                return note if path == "checkpoint" else b""
            if tile.width != width_at(tile.level, tile.number, size):
                return None
            if tile.level >= 1:
                return b"".join([root_of([leaf_hash(decision(0))] * WIDTH)] * tile.width) if tile.level == 1 else None
            return pack([decision(0)] * tile.width) if tile.level == ENTRIES else leaf_hash(decision(0)) * tile.width

        frontier = Frontier()
        for _ in range(size):
            frontier.append(leaf_hash(decision(0)))
        note = signer(example()[0].with_name("ledger.key"), "kouan").sign(size, frontier.root())
        tracemalloc.start()
        try:
            assert verify_log(Log(read), example()[1]).ok
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(512)
    assert peak(8192) < peak(2048) * 1.2

"""FORMAT.md is true: each of its examples is computed anew."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger import commitment, encode
from gateway.ledger.checkpoint import Checkpoint, Signer, Verifier
from gateway.ledger.client import Log
from gateway.ledger.entry import MOST_DEEP, REQUIRED
from gateway.ledger.proof import check_consistency, check_receipt
from gateway.ledger.published import DERIVED
from gateway.ledger.receipt import consistency, receipt
from gateway.ledger.store import APPLICATION_ID, FORMAT, SCHEMA
from gateway.ledger.tiles import ENTRIES, Tile, pack
from gateway.ledger.tree import Frontier, leaf_hash

TEXT = (Path(__file__).parents[2] / "gateway" / "ledger" / "FORMAT.md").read_text(encoding="utf-8")
START = encode("start", {"gateway": "kouan", "at": "2026-11-20T12:00:00+08:00"})
STOP = encode("stop", {"gateway": "kouan", "at": "2026-11-20T12:00:01+08:00"})


def root() -> bytes:
    """Root of the tree of the two entries."""
    frontier = Frontier()
    frontier.append(leaf_hash(START))
    frontier.append(leaf_hash(STOP))
    return frontier.root()


def test_the_entry() -> None:
    """The example entry is what the encoder writes."""
    assert f"```json\n{START.decode()}\n```" in TEXT
    assert f"`{STOP.decode()}`" in TEXT


def test_the_commitment() -> None:
    """The example commitment opens."""
    assert f"`{bytes(range(32)).hex()}`" in TEXT
    assert f"`{commitment(bytes(range(32)), b'hello').hex()}`" in TEXT


def test_the_tree() -> None:
    """The example leaf and root are those of the two entries."""
    assert f"`{leaf_hash(START).hex()}`" in TEXT
    assert f"`{root().hex()}`" in TEXT


def test_the_checkpoint() -> None:
    """The example checkpoint verifies under the example key."""
    signer = Signer("kouan.example/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    assert f"\n    {signer.vkey}\n" in TEXT
    note = signer.sign(2, root())
    assert f"```\n{note.decode()}```" in TEXT
    assert Verifier(signer.vkey).read(note) == Checkpoint("kouan.example/log", 2, root())


def test_kinds_fields_and_tables() -> None:
    """Every kind, every required field and every table stands in the document."""
    for kind, fields in REQUIRED.items():
        assert f"`{kind}`" in TEXT
        assert [name for name in fields if f"`{name}`" not in TEXT] == []
    tables = [line.split()[5] for line in SCHEMA.splitlines() if line.startswith("CREATE")]
    assert len(tables) == 5
    assert [name for name in tables if f"| `{name}` |" not in TEXT] == []
    assert f"`application_id` {APPLICATION_ID:#x}, `user_version` {FORMAT}" in TEXT
    assert f"at most {MOST_DEEP} deep" in TEXT


def test_the_tiles_and_the_receipt() -> None:
    """The example bundle, receipt and proof of consistency are those of the two entries."""
    hand = Signer("kouan.example/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    found = {
        "checkpoint": hand.sign(2, root()),
        "tile/0/000.p/2": leaf_hash(START) + leaf_hash(STOP),
        "tile/entries/000.p/2": pack([START, STOP]),
    }
    log, older = Log(found.get), hand.sign(1, leaf_hash(START))
    assert f"\n    {found['tile/entries/000.p/2'][:32].hex()}\n" in TEXT
    assert f"```\n{receipt(log, 0).decode()}```" in TEXT
    assert f"```\n{older.decode()}```" in TEXT
    assert f"```\n{consistency(log, 1).decode()}```" in TEXT
    assert check_receipt(receipt(log, 0), Verifier(hand.vkey)).entry == START
    assert check_consistency(consistency(log, 1), older, Verifier(hand.vkey))[1].size == 2
    assert f"`{Tile(ENTRIES, 1234067).path.removeprefix('tile/entries/')}`" in TEXT
    assert f"`{DERIVED}`" in TEXT

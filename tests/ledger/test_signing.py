"""Signing: the key, and never a checkpoint that contradicts an earlier one."""

import sqlite3
from pathlib import Path
from shutil import copyfile

import pytest

from gateway.ledger import BadKey, Contradiction, Ledger, LedgerClosed
from gateway.ledger.keys import signer
from gateway.ledger.store import DATABASE
from tests.ledger.running import append, refused, until
from tests.ledger.sound import decision, rows, sound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger may be made."""
    return tmp_path / "ledger"


def test_the_key_must_be_the_ledgers(folder: Path) -> None:
    """A ledger whose key is lost or exchanged does not open: another key would sign what nobody can follow."""
    with Ledger.open(folder):
        pass
    key = folder.with_name("ledger.key")
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(BadKey, match="gone"):
        Ledger.open(folder)
    with Ledger.open(folder.with_name("other")):
        pass
    copyfile(folder.with_name("other.key"), key)
    key.chmod(0o600)
    with pytest.raises(BadKey, match="not the key"):
        Ledger.open(folder)
    key.write_bytes(kept)
    vkey = (folder / "vkey").read_text()
    (folder / "vkey").write_text("rubbish")
    with pytest.raises(BadKey, match="not a public key"):
        Ledger.open(folder)
    (folder / "vkey").write_text(vkey)
    with Ledger.open(folder):
        pass
    sound(folder)


def test_signing_waits_for_a_disk_and_goes_on(folder: Path) -> None:
    """When a checkpoint cannot be written the ledger says why and how far it is behind; then it catches up."""
    with Ledger.open(folder, seconds=0.02, patience=0.01) as ledger:
        receipts = append(ledger, 1)
        until(lambda: ledger.size() == 1 and ledger.lag() == 0)
        checkpointer = ledger._checkpointer
        assert checkpointer is not None
        checkpointer._store.database.execute("PRAGMA query_only = ON")
        receipts += append(ledger, 2)
        until(lambda: ledger.trouble == "read_only" and ledger.lag() > 0.05)
        checkpointer._store.database.execute("PRAGMA query_only = OFF")
        until(lambda: ledger.trouble == "" and ledger.lag() == 0)
        assert ledger.fault == ""
    sound(folder, receipts)


def spoil(folder: Path, statement: str) -> None:
    """Change the database behind the ledger's back."""
    database = sqlite3.connect(folder / DATABASE)
    database.execute(statement)
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entries WHERE number = 2",
        "DELETE FROM checkpoints",
        "UPDATE checkpoints SET note = x'00'",
    ],
)
def test_what_was_signed_is_never_contradicted(folder: Path, statement: str) -> None:
    """A ledger that lost what a checkpoint covers does not open again."""
    with Ledger.open(folder) as ledger:
        append(ledger, 1, 2, 3)
    spoil(folder, statement)
    with pytest.raises(Contradiction):
        Ledger.open(folder)


def test_another_hand_with_the_same_key_is_noticed(folder: Path) -> None:
    """When a checkpoint turns up that this gateway did not sign, it signs nothing over it."""
    with Ledger.open(folder, seconds=0.02) as ledger:
        append(ledger, 1)
        until(lambda: ledger.size() == 1 and ledger.lag() == 0)
        foreign = signer(folder.with_name("ledger.key"), "kouan").sign(2, bytes(32))
        spoil(folder, f"INSERT INTO checkpoints (size, note) VALUES (2, x'{foreign.hex()}')")
        append(ledger, 2)
        until(lambda: "another hand" in ledger.fault)
    assert [each[0] for each in rows(folder)] == [0, 1]


def test_without_its_frontier_the_tree_is_rebuilt(folder: Path) -> None:
    """The kept frontier only saves time: without it, or with a wrong one, the tree comes from the entries."""
    with Ledger.open(folder) as ledger:
        append(ledger, 1, 2, 3)
    for statement in ("DELETE FROM frontier", "UPDATE frontier SET peaks = zeroblob(32)"):
        spoil(folder, statement)
        with Ledger.open(folder) as ledger:
            append(ledger, 4)
    assert sound(folder) == 5
    spoil(folder, "DELETE FROM frontier")
    spoil(folder, "UPDATE entries SET leaf = zeroblob(32) WHERE number = 1")
    with pytest.raises(Contradiction, match="not those that were signed"):
        Ledger.open(folder)


def test_a_contradiction_at_run_time_stops_everybody(folder: Path) -> None:
    """When entries vanish under a running gateway, nothing more is signed and no process can append."""
    with Ledger.open(folder, seconds=0.02) as ledger, Ledger.attach(folder, patience=0.05) as worker:
        append(ledger, 1, 2)
        until(lambda: ledger.size() == 2 and ledger.lag() == 0)
        spoil(folder, "DELETE FROM entries")
        until(lambda: ledger.fault != "")
        refused(ledger, "contradiction")
        until(lambda: _locked(worker))
    assert rows(folder) == []


def _locked(ledger: Ledger) -> bool:
    try:
        ledger.append_now(decision(1))
    except LedgerClosed as fault:
        return fault.code == "locked"
    return False

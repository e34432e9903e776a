"""``kouan verify``: the ledger's own proof, and every decision derived anew."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.ledger import Ledger, Writing, decode, encode
from gateway.ledger.store import DATABASE
from gateway.pipeline import House
from gateway.settings import Settings
from gateway.vocabulary import Receipt
from tests.given import shipped, transfer

runner = CliRunner()


class Lying:
    """A ledger whose gateway alters what it records, before it is signed."""

    def __init__(self, ledger: Ledger, alter: Callable[[dict[str, Any]], None]) -> None:
        self.ledger = ledger
        self.alter = alter

    async def append(self, entry: bytes, nonces: Mapping[str, bytes] = MappingProxyType({})) -> Receipt:
        """Alter the entry, then append it."""
        return await self.ledger.append(self.altered(entry), nonces)

    async def settle(self, writing: Writing) -> Receipt:
        """Alter the entry that is made in the transaction."""

        def lying(database: sqlite3.Connection) -> tuple[bytes, Mapping[str, bytes]]:
            entry, nonces = writing(database)
            return self.altered(entry), nonces

        return await self.ledger.settle(lying)

    def reading(self) -> sqlite3.Connection:
        """Look at what is there."""
        return self.ledger.reading()

    def altered(self, entry: bytes) -> bytes:
        """The entry with one lie in it."""
        fields = decode(entry)
        self.alter(fields)
        del fields["version"], fields["kind"]
        return encode("decision", fields)


def recorded(folder: Path, alter: Callable[[dict[str, Any]], None] = lambda _: None) -> Path:
    """The folder of a ledger in which two permits and two refusals stand; ``alter`` changes what is recorded."""

    async def fill(ledger: Ledger) -> None:
        house = House(Settings(), shipped(), Lying(ledger, alter))
        for item in (
            transfer(),
            transfer({"applicant": {"name": "陳大文"}, "matter": "x"}),
            transfer({"id": "440105199003071016"}),
        ):
            await house.carry(item)
        await house.refuse(transfer(), "wire.not_http")

    with Ledger.open(folder / "ledger") as ledger:
        ledger.keep_rulebook(shipped().digest, shipped().files)
        asyncio.run(fill(ledger))
    return folder / "ledger"


def test_verify_derives_every_decision_again(tmp_path: Path) -> None:
    """A sound ledger is told to be sound, for people and for machines, by its folder or its file."""
    ledger = recorded(tmp_path)
    result = runner.invoke(app, ["verify", str(ledger)])
    assert (result.exit_code, "sound: nothing was removed" in result.stdout) == (0, True)
    found = json.loads(runner.invoke(app, ["verify", str(ledger / DATABASE), "--json"]).stdout)
    assert (found["ok"], found["failures"], found["kinds"]["decision"]) == (True, [], 4)


def _permits(entry: dict[str, Any]) -> None:
    entry["decision"]["verdict"] = "permit"


def _other_facts(entry: dict[str, Any]) -> None:
    entry["facts"]["covering"] = []


def _other_rules(entry: dict[str, Any]) -> None:
    entry["rulebook"] = "0" * 64


@pytest.mark.parametrize(
    ("alter", "indices"), [(_permits, {2, 3}), (_other_facts, {0, 1, 2}), (_other_rules, {0, 1, 2})]
)
def test_verify_notices_a_decision_that_does_not_follow(
    tmp_path: Path, alter: Callable[[dict[str, Any]], None], indices: set[int]
) -> None:
    """A verdict, facts or rules other than those that were judged are noticed in a ledger that is otherwise sound."""
    result = runner.invoke(app, ["verify", str(recorded(tmp_path, alter)), "--json"])
    assert result.exit_code == 1
    assert {failure["index"] for failure in json.loads(result.stdout)["failures"]} == indices


def test_verify_names_the_entry_that_was_rewritten(tmp_path: Path) -> None:
    """An entry changed after it was signed is named by its index, to people too."""
    ledger = recorded(tmp_path)
    with closing(sqlite3.connect(ledger / DATABASE)) as database:
        entry = database.execute("SELECT bytes FROM entries WHERE number = 1").fetchone()[0]
        changed = entry.replace(b"macao-counter", b"macao-kounter")
        database.execute("UPDATE entries SET bytes = ? WHERE number = 1", (changed,))
        database.commit()
    result = runner.invoke(app, ["verify", str(ledger)])
    assert result.exit_code == 1
    assert "NOT sound" in result.stdout
    assert "WRONG" in result.stdout
    assert "entry 1" in result.stdout


@pytest.mark.parametrize("there", [False, True])
def test_verify_without_a_ledger_is_wrong_usage(tmp_path: Path, there: bool) -> None:
    """A folder without a ledger, or no folder at all, is told in a line, and nothing is made there."""
    folder = tmp_path / "nothing"
    if there:
        folder.mkdir()
    result = runner.invoke(app, ["verify", str(folder)])
    assert result.exit_code == 2
    assert "ledger" in result.stderr
    assert not there or list(folder.iterdir()) == []


def test_verify_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    """A regulator's copy is not written to, so that it can lie on a medium that cannot be."""
    copy = tmp_path / "copy"
    shutil.copytree(recorded(tmp_path), copy)
    for lock in copy.glob("*lock*"):
        lock.unlink()
    before = {file.name: file.read_bytes() for file in copy.iterdir()}
    assert runner.invoke(app, ["verify", str(copy)]).exit_code == 0
    after = {file.name: file.read_bytes() for file in copy.iterdir()}
    assert {name: data for name, data in after.items() if not name.endswith(("-shm", "-wal"))} == before


def test_verify_believes_the_key_that_was_had_elsewhere(tmp_path: Path) -> None:
    """With the key of another log nothing that was signed holds; with the right one all does."""
    ledger = recorded(tmp_path)
    with Ledger.open(tmp_path / "other") as other:
        stranger = other.vkey
    own = (ledger / "vkey").read_text(encoding="utf-8").strip()
    assert runner.invoke(app, ["verify", str(ledger), "--vkey", own]).exit_code == 0
    assert runner.invoke(app, ["verify", str(ledger), "--vkey", stranger]).exit_code == 1
    assert runner.invoke(app, ["verify", str(ledger), "--vkey", "no key"]).exit_code == 2


def test_verify_holds_the_ledger_to_a_checkpoint_that_was_kept(tmp_path: Path) -> None:
    """A ledger that is shorter than a checkpoint somebody kept was cut."""
    ledger = recorded(tmp_path)
    kept = tmp_path / "kept"
    kept.write_bytes((ledger / "checkpoint").read_bytes())
    assert runner.invoke(app, ["verify", str(ledger), "--kept", str(kept)]).exit_code == 0
    with closing(sqlite3.connect(ledger / DATABASE)) as database:
        database.execute("DELETE FROM checkpoints")
        database.execute("DELETE FROM entries WHERE number = 3")
        database.commit()
    (ledger / "checkpoint").unlink()
    assert runner.invoke(app, ["verify", str(ledger)]).exit_code == 0
    assert runner.invoke(app, ["verify", str(ledger), "--kept", str(kept)]).exit_code == 1
    assert runner.invoke(app, ["verify", str(ledger), "--kept", str(tmp_path / "gone")]).exit_code == 2

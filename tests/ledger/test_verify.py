"""The verifier: nothing changes in a ledger unnoticed, and what did change is named."""

import atexit
import shutil
import sqlite3
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger import Ledger, Report, verify
from gateway.ledger.checkpoint import BadCheckpoint, Signer
from gateway.ledger.client import Log
from gateway.ledger.keys import signer
from gateway.ledger.mirror import mirror
from gateway.ledger.published import Published
from gateway.ledger.receipt import receipt
from gateway.ledger.store import DATABASE
from gateway.ledger.tree import leaf_hash
from tests.ledger.sound import BOOK, decision, sound

SIZES = (3, 5, 11, 12)
"""Sizes at which the example ledger was signed; of its thirteen entries the last one is not covered."""
ENTRIES = 13


@cache
def example() -> Path:
    """A ledger of thirteen entries and four checkpoints, to be copied."""
    place = Path(mkdtemp())
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folder = place / "ledger"
    for size in SIZES:
        with Ledger.open(folder, seconds=3600) as ledger:
            ledger.keep_rulebook(BOOK, {"whitelist.yaml": b"x"})
            for number in range(ledger._reader().size(), size):
                ledger.append_now(decision(number), {"payload": bytes(32)})
    with Ledger.attach(folder) as worker:
        worker.append_now(decision(12))
    sound(folder, covered=False)
    return folder


def spoiled(*changes: tuple[str, tuple[Any, ...]]) -> Report:
    """Verify a copy of the example that was changed behind its back."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "ledger"
        shutil.copytree(example(), folder)
        database = sqlite3.connect(folder / DATABASE)
        for statement, values in changes:
            database.execute(statement, values)
        database.commit()
        database.close()
        return verify(folder)


def cell(table: str, column: str, number: int) -> bytes:
    """A value of the example."""
    database = sqlite3.connect(example() / DATABASE)
    try:
        data: bytes = database.execute(f"SELECT {column} FROM {table} WHERE number = ?", (number,)).fetchone()[0]
    finally:
        database.close()
    return data


def flipped(data: bytes, bit: int) -> bytes:
    """``data`` with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


def test_a_good_ledger_verifies() -> None:
    """The example has nothing wrong; the report counts what is there."""
    report = verify(example())
    assert report.failures == ()
    assert report.ok
    assert (report.size, report.checkpoints, report.covered, report.uncovered) == (13, 4, 12, 1)
    assert report.kinds == {"decision": 13}
    assert verify(example() / DATABASE).root == report.root


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, ENTRIES - 1), column=st.sampled_from(["bytes", "leaf"]), bit=st.integers(0, 10**6))
def test_a_flipped_bit_in_an_entry_is_located(number: int, column: str, bit: int) -> None:
    """Any one bit of any entry or leaf hash: the report names that entry, and no other."""
    damaged = flipped(cell("entries", column, number), bit)
    report = spoiled((f"UPDATE entries SET {column} = ? WHERE number = ?", (damaged, number)))
    assert not report.ok
    assert {failure.index for failure in report.failures} == {number}
    assert "leaf" in {failure.code for failure in report.failures}


@settings(max_examples=60, deadline=None)
@given(which=st.integers(0, len(SIZES) - 1), bit=st.integers(0, 10**6))
def test_a_flipped_bit_in_a_checkpoint_is_located(which: int, bit: int) -> None:
    """Any one bit of any checkpoint: the report names its last entry, and no other."""
    damaged = flipped(cell("checkpoints", "note", which + 1), bit)
    report = spoiled(("UPDATE checkpoints SET note = ? WHERE number = ?", (damaged, which + 1)))
    assert [(failure.index, failure.code) for failure in report.failures] == [(SIZES[which] - 1, "checkpoint")]


@pytest.mark.parametrize("bit", range(5))
def test_a_flipped_bit_in_the_filing_of_a_checkpoint_is_located(bit: int) -> None:
    """The size under which a checkpoint is filed must be the one that was signed."""
    report = spoiled(("UPDATE checkpoints SET size = ? WHERE number = 2", (5 ^ 1 << bit,)))
    assert [failure.code for failure in report.failures] == ["checkpoint"]
    assert "signed for 5 entries" in report.failures[0].text


@pytest.mark.parametrize("number", range(ENTRIES))
def test_a_rewritten_entry_is_located_between_two_checkpoints(number: int) -> None:
    """An entry that was replaced together with its leaf hash contradicts the first checkpoint over it."""
    entry = decision(999)
    report = spoiled(
        ("UPDATE entries SET bytes = ?, leaf = ? WHERE number = ?", (entry, leaf_hash(entry), number)),
    )
    if number == ENTRIES - 1:
        assert report.ok, "no checkpoint covers the last entry yet"
        return
    (failure,) = report.failures
    end = next(size for size in SIZES if size > number)
    begin = max((size for size in SIZES if size <= number), default=0)
    assert (failure.code, failure.index) == ("root", begin)
    assert f"entries {begin} to {end - 1} " in failure.text
    assert report.covered == begin


@pytest.mark.parametrize("number", range(ENTRIES - 1))
def test_a_deleted_entry_is_located(number: int) -> None:
    """A gap names the entry that is missing."""
    report = spoiled(("DELETE FROM entries WHERE number = ?", (number,)))
    assert report.failures[0].index is not None
    assert (number, "gap") in {(failure.index, failure.code) for failure in report.failures}


@pytest.mark.parametrize("number", range(ENTRIES - 1))
def test_closing_a_gap_does_not_hide_it(number: int) -> None:
    """When the later entries move up, the first checkpoint over the gap is contradicted."""
    moves = [(f"UPDATE entries SET number = {each - 1} WHERE number = {each}", ()) for each in range(number + 1, 13)]
    report = spoiled(("DELETE FROM entries WHERE number = ?", (number,)), *moves)
    assert report.failures
    first = report.failures[0]
    begin = max((size for size in SIZES if size <= number), default=0)
    assert first.code == "root"
    assert first.index == begin


def test_a_truncated_ledger_is_noticed() -> None:
    """Entries cut off at the end are missed by the checkpoint that covers them."""
    report = spoiled(("DELETE FROM entries WHERE number >= 4", ()))
    assert {(failure.index, failure.code) for failure in report.failures} == {(4, "truncated")}


def test_truncating_checkpoints_too_is_noticed_beside() -> None:
    """An older state of the database is betrayed by the checkpoint that was given out."""
    report = spoiled(("DELETE FROM entries WHERE number >= 3", ()), ("DELETE FROM checkpoints WHERE size > 3", ()))
    assert {(failure.index, failure.code) for failure in report.failures} == {(3, "truncated")}


def test_exchanged_entries_are_noticed() -> None:
    """Two entries that change places contradict the checkpoint over them."""
    report = spoiled(
        ("UPDATE entries SET number = -1 WHERE number = 6", ()),
        ("UPDATE entries SET number = 6 WHERE number = 7", ()),
        ("UPDATE entries SET number = 7 WHERE number = -1", ()),
    )
    assert [(failure.index, failure.code) for failure in report.failures] == [(5, "root")]


def test_a_row_before_the_first_is_noticed() -> None:
    """No entry stands before number 0."""
    report = spoiled(("UPDATE entries SET number = -1 WHERE number = 0", ()))
    assert "gap" in {failure.code for failure in report.failures}


def test_checkpoints_out_of_order_are_noticed() -> None:
    """A log never signs a smaller tree after a larger one."""
    note = cell("checkpoints", "note", 1)
    report = spoiled(("INSERT INTO checkpoints (size, note) VALUES (3, ?)", (note,)))
    assert "after one of 12" in report.failures[0].text


def test_a_missing_rulebook_is_noticed() -> None:
    """A decision can be derived anew only from its rulebook."""
    report = spoiled(("DELETE FROM rulebooks", ()))
    assert [(failure.index, failure.code) for failure in report.failures] == [(0, "rulebook")]


def test_a_checkpoint_kept_elsewhere_must_be_extended() -> None:
    """A regulator's own copy of a checkpoint binds the ledger: a smaller or another history shows."""
    hand = signer(example().with_name("ledger.key"), "kouan")
    good = cell("checkpoints", "note", 2)
    assert verify(example(), kept=[good]).ok
    assert [each.code for each in verify(example(), kept=[hand.sign(4, bytes(32))]).failures] == ["root"]
    assert [each.code for each in verify(example(), kept=[hand.sign(99, bytes(32))]).failures] == ["truncated"]
    assert [each.code for each in verify(example(), kept=[b"rubbish"]).failures] == ["kept"]


def test_the_key_decides() -> None:
    """Under another log's key no checkpoint is good; a key that is none is refused."""
    with TemporaryDirectory() as place:
        other = signer(Path(place) / "key", "kouan")
    assert isinstance(other, Signer)
    assert {failure.code for failure in verify(example(), vkey=other.vkey).failures} == {"checkpoint"}
    with pytest.raises(BadCheckpoint):
        verify(example(), vkey="rubbish")


def test_the_examiner_is_asked_about_each_entry() -> None:
    """What the examiner objects to is a failure at that index; progress is told to the end."""
    steps: list[tuple[int, int]] = []
    report = verify(
        example(),
        examine=lambda index, entry: "derived otherwise" if entry["facts"]["number"] == 7 else None,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert [str(failure) for failure in report.failures] == ["entry 7: decision: derived otherwise"]
    assert steps[-1] == (13, 13)


def test_a_damaged_page_is_told_and_not_thrown() -> None:
    """A database that SQLite itself cannot read is a failure at the entry where reading ended."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "ledger"
        shutil.copytree(example(), folder)
        path = folder / DATABASE
        database = sqlite3.connect(path)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root, size = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'entries'").fetchone()[0], 8192
        database.close()
        data = bytearray(path.read_bytes())
        data[(root - 1) * size : root * size] = b"\x55" * size
        path.write_bytes(data)
        report = verify(folder)
    assert "unreadable" in {failure.code for failure in report.failures}


def test_nothing_is_not_a_ledger(tmp_path: Path) -> None:
    """A folder without ledger is an error of its own, not a good ledger without entries."""
    (tmp_path / "vkey").write_text(signer(tmp_path / "key", "kouan").vkey)
    with pytest.raises(FileNotFoundError, match="there is no ledger"):
        verify(tmp_path)


def test_a_live_ledger_verifies(tmp_path: Path) -> None:
    """Verifying while entries and checkpoints are being written finds no fault."""
    folder = tmp_path / "ledger"
    with Ledger.open(folder, seconds=0.01) as ledger:
        ledger.keep_rulebook(BOOK, {})
        for number in range(60):
            ledger.append_now(decision(number))
            if number % 10 == 0:
                assert verify(folder).failures == ()
    assert sound(folder) == 60


@pytest.mark.parametrize("arguments", [[], ["vkey"]])
def test_the_verifier_can_be_taken_home(tmp_path: Path, arguments: list[str]) -> None:
    """Five files, copied anywhere, verify a ledger with nothing of ours and no orjson beside them."""
    home = tmp_path / "anywhere"
    home.mkdir()
    source = Path(__file__).parents[2] / "gateway" / "ledger"
    for name in ("verify", "entry", "tree", "checkpoint", "approval"):
        shutil.copy(source / f"{name}.py", home)
    (tmp_path / "orjson.py").write_text("raise ImportError\n")
    (tmp_path / "gateway.py").write_text("raise ImportError\n")
    shutil.copytree(example(), tmp_path / "copy")
    words = [(example() / each).read_text().strip() for each in arguments]
    command = [sys.executable, "-m", "anywhere.verify", "copy", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "13 entries, 4 checkpoints, 1 not covered\n"), done.stderr
    database = sqlite3.connect(tmp_path / "copy" / DATABASE)
    database.execute("DELETE FROM entries WHERE number = 1")
    database.commit()
    database.close()
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "entry 1: gap" in done.stdout


def test_the_verifier_of_mirrors_can_be_taken_home(tmp_path: Path) -> None:
    """With four files more, a mirror is proved by nothing of ours, and a receipt beside it."""
    home = tmp_path / "anywhere"
    home.mkdir()
    source = Path(__file__).parents[2] / "gateway" / "ledger"
    for name in ("verify", "entry", "tree", "checkpoint", "approval", "tiles", "proof", "client", "mirror"):
        shutil.copy(source / f"{name}.py", home)
    (tmp_path / "orjson.py").write_text("raise ImportError\n")
    (tmp_path / "gateway.py").write_text("raise ImportError\n")
    vkey = (example() / "vkey").read_text()
    published = Published(example())
    try:
        mirror(Log(published.read), tmp_path / "copy", vkey)
        (tmp_path / "receipt").write_bytes(receipt(Log(published.read), 7))
    finally:
        published.close()
    command = [sys.executable, "-m", "anywhere.mirror", "copy", vkey.strip()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout[:11]) == (0, "12 entries,"), done.stderr
    lines = (
        "import sys; from pathlib import Path; from anywhere import checkpoint, proof; "
        "print(proof.check_receipt(Path('receipt').read_bytes(), checkpoint.Verifier(sys.argv[1])).index)"
    )
    alone = [sys.executable, "-c", lines, vkey.strip()]
    told = subprocess.run(alone, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert told.stdout == "7\n", told.stderr
    path = tmp_path / "copy" / "tile" / "entries" / "000.p" / "12"
    path.write_bytes(flipped(path.read_bytes(), 800))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "entry 0: leaf" in done.stdout

"""Append, receipts, checkpoints in time, and every way in which a disk can fail."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import pytest

from gateway.ledger import BadKey, BadRulebook, Contradiction, Ledger, LedgerClosed
from gateway.ledger.checkpoint import Verifier
from gateway.ledger.keys import signer
from gateway.ledger.rulebooks import pack, unpack
from gateway.ledger.store import DATABASE, Store
from gateway.vocabulary import Receipt
from tests.ledger.sound import decision, rows, sound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger may be made."""
    return tmp_path / "ledger"


def append(ledger: Ledger, *numbers: int) -> list[tuple[Receipt, bytes]]:
    """Append these decisions in one tick."""

    async def together() -> list[Receipt]:
        return list(await asyncio.gather(*(ledger.append(decision(each), {"payload": bytes(32)}) for each in numbers)))

    return list(zip(asyncio.run(together()), map(decision, numbers), strict=True))


def commits(ledger: Ledger, work: Callable[[], object]) -> int:
    """How many transactions ``work`` made."""
    assert ledger._store is not None
    seen: list[str] = []
    ledger._store.database.set_trace_callback(seen.append)
    work()
    ledger._store.database.set_trace_callback(None)
    return seen.count("COMMIT")


def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_appends_of_one_tick_share_a_commit(folder: Path) -> None:
    """A hundred waiters cost one transaction, and each has its own receipt, in order."""
    with Ledger.open(folder) as ledger:
        receipts: list[tuple[Receipt, bytes]] = []
        assert commits(ledger, lambda: receipts.extend(append(ledger, *range(100)))) == 1
        assert [receipt.index for receipt, _ in receipts] == list(range(100))
    assert sound(folder, receipts) == 100


def test_appending_without_a_loop(folder: Path) -> None:
    """Start and stop are recorded where no event loop runs."""
    with Ledger.open(folder) as ledger:
        receipt = ledger.append_now(decision(1))
        assert ledger.append_now(decision(2)).index == 1
    sound(folder, [(receipt, decision(1))])


def test_a_ledger_goes_on_where_it_stopped(folder: Path) -> None:
    """Opening again continues the indexes, the key and the chain of checkpoints."""
    with Ledger.open(folder, origin="kouan.example/test") as ledger:
        first, vkey = append(ledger, 1, 2), ledger.vkey
    with Ledger.open(folder, origin="another name") as ledger:
        second = append(ledger, 3)
        assert ledger.vkey == vkey
        assert ledger.vkey.startswith("kouan.example/test+")
    assert [receipt.index for receipt, _ in first + second] == [0, 1, 2]
    sound(folder, first + second)


def test_a_waiter_that_is_gone_does_not_disturb(folder: Path) -> None:
    """A cancelled append is written all the same, and the others get their receipts."""
    with Ledger.open(folder) as ledger:

        async def scene() -> Receipt:
            gone = asyncio.create_task(ledger.append(decision(1)))
            stays = asyncio.create_task(ledger.append(decision(2)))
            await asyncio.sleep(0)
            gone.cancel()
            return await stays

        assert asyncio.run(scene()).index == 1
    assert sound(folder) == 2


def test_a_checkpoint_is_close_behind(folder: Path) -> None:
    """An entry is under a signed checkpoint within the second, with no further entry to push it."""
    with Ledger.open(folder, seconds=1.0) as ledger:
        append(ledger, 1)
        began = time.monotonic()
        until(lambda: (folder / "checkpoint").exists() and b"\n1\n" in (folder / "checkpoint").read_bytes(), 1.0)
        assert time.monotonic() - began < 1.0
        until(lambda: ledger.size() == 1 and ledger.lag() == 0)
        assert Verifier(ledger.vkey).read((folder / "checkpoint").read_bytes()).size == 1
    sound(folder)


def test_an_empty_ledger_is_signed(folder: Path) -> None:
    """A ledger without entries has a checkpoint too, so that its beginning is known."""
    with Ledger.open(folder):
        pass
    assert sound(folder) == 0


def test_a_worker_appends_beside(folder: Path) -> None:
    """A worker attaches without the key, appends, and knows the size, the lag and the public key."""
    with Ledger.open(folder, seconds=0.05) as ledger, Ledger.attach(folder) as worker:
        receipts = append(worker, 1) + append(ledger, 2) + append(worker, 3)
        assert worker.size() == 3
        assert worker.vkey == ledger.vkey
        until(lambda: worker.lag() == 0)
        assert worker.bytes() > 0
    sound(folder, receipts)


def test_attaching_needs_a_ledger(folder: Path) -> None:
    """A worker never makes a ledger of its own."""
    with pytest.raises(LedgerClosed, match="moved"):
        Ledger.attach(folder)
    assert not folder.exists()


def test_rulebooks_are_kept_once_and_read_back(folder: Path) -> None:
    """A rulebook comes back as it was, files that are no text included, and keeping it twice changes nothing."""
    files = {"whitelist.yaml": "條目: []\n".encode(), "policies/x.yaml": b"\xff\x00", "empty": b""}
    with Ledger.open(folder) as ledger:
        ledger.keep_rulebook("a" * 64, files)
        assert commits(ledger, lambda: ledger.keep_rulebook("a" * 64, {})) == 0
        assert ledger.rulebook("a" * 64) == files
        assert ledger.rulebook("b" * 64) is None
    sound(folder)


def test_damaged_rulebooks_are_told() -> None:
    """Bytes that are no kept rulebook raise, whatever they are."""
    for packed in (b"", b"x", pack({"a": b"b"})[:-1], pack({"a": b"b"}) + b"x", pack({})[:2]):
        with pytest.raises(BadRulebook):
            unpack(packed)
    assert unpack(pack({})) == {}


def test_nonces_can_be_erased(folder: Path) -> None:
    """Nonces go, the ledger stays whole."""
    with Ledger.open(folder) as ledger:
        receipts = append(ledger, 1, 2)
        store = Store(folder)
        assert store.nonces(0) == {"payload": bytes(32)}
        store.erase_nonces([0])
        assert (store.nonces(0), store.nonces(1)) == ({}, {"payload": bytes(32)})
        store.close()
    sound(folder, receipts)


def refused(ledger: Ledger, code: str) -> None:
    """An append is refused with ``code``, and the next one without asking the disk."""
    for _ in range(2):
        with pytest.raises(LedgerClosed) as caught:
            append(ledger, 99)
        assert caught.value.code == code


def test_a_full_disk_closes_the_ledger_until_there_is_room(folder: Path) -> None:
    """With no page left each waiter hears disk_full; with room again, appends go on where they were."""
    with Ledger.open(folder, back_off=0.05) as ledger:
        receipts = append(ledger, 1)
        assert ledger._store is not None
        pages = ledger._store.database.execute("PRAGMA page_count").fetchone()[0]
        ledger._store.database.execute(f"PRAGMA max_page_count = {pages}")

        async def many() -> list[object]:
            large = [decision(each, more="x" * 9000) for each in range(40)]
            return list(await asyncio.gather(*map(ledger.append, large), return_exceptions=True))

        outcomes = asyncio.run(many())
        assert {getattr(each, "code", None) for each in outcomes} == {"disk_full"}
        assert len({id(each) for each in outcomes}) == 40
        refused(ledger, "disk_full")
        time.sleep(0.06)
        receipts += append(ledger, 2)
        assert receipts[-1][0].index == 1
    assert sound(folder, receipts) == 2


def test_a_read_only_ledger_is_closed(folder: Path) -> None:
    """Where nothing may be written each append is refused, and none is lost once writing is possible again."""
    with Ledger.open(folder, back_off=0.05) as ledger:
        assert ledger._store is not None
        ledger._store.database.execute("PRAGMA query_only = ON")
        refused(ledger, "read_only")
        time.sleep(0.06)
        receipts = append(ledger, 1)
    assert sound(folder, receipts) == 1


def test_a_foreign_lock_is_waited_for_and_then_refused(folder: Path) -> None:
    """A stranger who holds the database is given a quarter of a second; then appends are refused, later they work."""
    with Ledger.open(folder, back_off=0.05) as ledger:
        stranger = sqlite3.connect(folder / DATABASE, isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        refused(ledger, "locked")
        assert 0.2 < time.monotonic() - began < 2.0
        stranger.execute("ROLLBACK")
        stranger.close()
        time.sleep(0.06)
        receipts = append(ledger, 1)
    assert sound(folder, receipts) == 1


def test_a_database_that_was_taken_away_gives_no_receipts(folder: Path) -> None:
    """Writing into a file that no longer has a name would be lost; it is noticed before the commit."""
    with Ledger.open(folder, back_off=0.05, seconds=60) as ledger:
        receipts = append(ledger, 1)
        (folder / DATABASE).rename(folder / "away")
        refused(ledger, "moved")
        (folder / "away").rename(folder / DATABASE)
        time.sleep(0.06)
        receipts += append(ledger, 2)
    assert sound(folder, receipts) == 2


def test_a_file_size_limit_is_a_closed_ledger(folder: Path) -> None:
    """When the system itself refuses to let files grow, appends are refused; without the limit they go on."""
    with Ledger.open(folder):
        pass
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from gateway.ledger import Ledger, LedgerClosed\n"
        "from tests.ledger.sound import decision\n"
        "ledger = Ledger.attach(Path(sys.argv[1]))\n"
        "done = 0\n"
        "try:\n"
        "    while True:\n"
        "        ledger.append_now(decision(done, more='x' * 9000))\n"
        "        done += 1\n"
        "except LedgerClosed as fault:\n"
        "    print(done, fault.code)\n"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    command = [sys.executable, "-c", code, str(folder)]
    root = Path(__file__).parents[2]
    out = subprocess.run(command, cwd=root, preexec_fn=limit, capture_output=True, text=True, timeout=30, check=True)
    done, fault = out.stdout.split()
    assert fault in ("io_error", "disk_full")
    with Ledger.open(folder) as ledger:
        assert append(ledger, 1)[0][0].index == int(done)
    assert sound(folder) == int(done) + 1


def test_a_closed_ledger_says_so(folder: Path) -> None:
    """After close nothing is appended, and closing again is no fault."""
    ledger = Ledger.open(folder)
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerClosed, match="closed"):
        ledger.append_now(decision(1))
    with pytest.raises(LedgerClosed, match="closed"):
        ledger.size()
    assert sound(folder) == 0


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


def test_the_write_ahead_log_does_not_grow_for_ever(folder: Path) -> None:
    """Folding lets the log be written over, and no entry is touched by it."""
    with Ledger.open(folder, seconds=60) as ledger:
        store = Store(folder)
        sizes = []
        for _ in range(4):
            ledger.append_now(decision(1, more="x" * 50_000))
            store.fold()
            sizes.append(store.log_bytes())
        store.close()
        assert sizes[-1] <= sizes[0] * 2
    assert sound(folder) == 4

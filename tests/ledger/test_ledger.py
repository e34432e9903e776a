"""Append, receipts, checkpoints in time, and every way in which a disk can fail."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.ledger import BadRulebook, Ledger, LedgerClosed
from gateway.ledger.checkpoint import Verifier
from gateway.ledger.rulebooks import pack, unpack
from gateway.ledger.store import DATABASE, Store
from gateway.vocabulary import Receipt
from tests.ledger.running import append, refused, until
from tests.ledger.sound import decision, sound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger may be made."""
    return tmp_path / "ledger"


def commits(ledger: Ledger, work: Callable[[], object]) -> int:
    """How many transactions ``work`` made."""
    assert ledger._store is not None
    seen: list[str] = []
    ledger._store.database.set_trace_callback(seen.append)
    work()
    ledger._store.database.set_trace_callback(None)
    return seen.count("COMMIT")


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

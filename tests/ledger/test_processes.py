"""Several processes, one ledger; and processes that are killed."""

import random
import time
from pathlib import Path

import pytest

from gateway.ledger import Ledger, LedgerInUse
from tests.ledger.sound import number_of, rows, sound
from tests.ledger.writer import receipts, start


def until_ready(told: Path) -> None:
    """Wait for a writer to have opened its ledger."""
    deadline = time.monotonic() + 30
    while not (told.exists() and told.stat().st_size):
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_concurrent_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    """Three processes append 300 entries each to one ledger: each receipt is true, each entry is there once."""
    folder = tmp_path / "ledger"
    told = [tmp_path / f"told{each}" for each in range(3)]
    with Ledger.open(folder, seconds=0.1) as ledger:
        writers = [start(folder, told[each], 1000 * each, 300, "attach") for each in range(3)]
        for writer in writers:
            writer.join(60)
            assert writer.exitcode == 0
        assert ledger.fault == ""
    found = [receipt for each in told for receipt in receipts(each)]
    assert len({receipt.index for receipt, _ in found}) == 900
    assert sound(folder, found) == 900
    numbers = [number_of(entry) for _, entry, _ in rows(folder)]
    assert sorted(numbers) == [1000 * writer + each for writer in range(3) for each in range(300)]
    for writer in range(3):
        own = [number for number in numbers if number // 1000 == writer]
        assert own == sorted(own)


def test_a_killed_gateway_loses_no_receipt(tmp_path: Path) -> None:
    """Twenty times a gateway is killed at a random moment: each receipt it told of is in the ledger, which is sound."""
    folder = tmp_path / "ledger"
    chance = random.Random()
    found = []
    for round_ in range(20):
        told = tmp_path / f"told{round_}"
        writer = start(folder, told, 100_000 * round_, 0, "open")
        until_ready(told)
        time.sleep(chance.uniform(0, 0.06))
        writer.kill()
        writer.join(30)
        found += receipts(told)
        sound(folder, found, covered=False)
    with Ledger.open(folder):
        pass
    assert len(found) > 20
    sound(folder, found)


def test_a_killed_worker_holds_nobody_up(tmp_path: Path) -> None:
    """Workers are killed in the middle of their commits, and those who are left go on at once."""
    folder = tmp_path / "ledger"
    stays = tmp_path / "stays"
    found = []
    with Ledger.open(folder, seconds=0.1):
        survivor = start(folder, stays, 0, 400, "attach")
        for round_ in range(1, 6):
            told = tmp_path / f"told{round_}"
            writer = start(folder, told, 100_000 * round_, 0, "attach")
            until_ready(told)
            time.sleep(0.02)
            writer.kill()
            writer.join(30)
            found += receipts(told)
        survivor.join(60)
        assert survivor.exitcode == 0
    assert len(receipts(stays)) == 400
    sound(folder, found + receipts(stays))


def test_a_second_gateway_refuses_to_start(tmp_path: Path) -> None:
    """Two gateways at one ledger by mistake: the second says who holds it, and the first goes on."""
    folder, told = tmp_path / "ledger", tmp_path / "told"
    writer = start(folder, told, 0, 0, "open")
    until_ready(told)
    with pytest.raises(LedgerInUse, match=rf"process {writer.pid}\b"):
        Ledger.open(folder)
    before = told.stat().st_size
    deadline = time.monotonic() + 10
    while told.stat().st_size == before:
        assert time.monotonic() < deadline
    writer.kill()
    writer.join(30)
    with Ledger.open(folder):
        pass
    sound(folder, receipts(told))

"""Several processes, one ledger; and processes that are killed."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.ledger import Ledger, LedgerInUse
from gateway.vocabulary import Receipt
from tests.ledger.sound import decision, number_of, rows, sound

ROOT = Path(__file__).parents[2]


def start(folder: Path, first: int, total: int, role: str) -> subprocess.Popen[str]:
    """Start a writer."""
    command = [sys.executable, "-m", "tests.ledger.writer", str(folder), str(first), str(total), role]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def told(lines: list[str]) -> list[tuple[Receipt, bytes]]:
    """The receipts that a writer printed, with their entries; a line that a kill cut short is none."""
    found = []
    for line in lines:
        if line.endswith("\n") and line != "ready\n":
            number, index, leaf = line.split()
            found.append((Receipt(int(index), bytes.fromhex(leaf)), decision(int(number))))
    return found


def test_concurrent_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    """Three processes append 300 entries each to one ledger: each receipt is true, each entry is there once."""
    folder = tmp_path / "ledger"
    with Ledger.open(folder, seconds=0.1) as ledger:
        writers = [start(folder, 1000 * each, 300, "attach") for each in range(3)]
        receipts = []
        for writer in writers:
            out, _ = writer.communicate(timeout=60)
            assert writer.returncode == 0
            receipts += told(out.splitlines(keepends=True))
        assert ledger.fault == ""
    assert sound(folder, receipts) == 900
    numbers = [number_of(entry) for _, entry, _ in rows(folder)]
    assert sorted(numbers) == [1000 * writer + each for writer in range(3) for each in range(300)]
    for writer in range(3):
        own = [number for number in numbers if number // 1000 == writer]
        assert own == sorted(own)


def test_a_killed_writer_loses_no_receipt(tmp_path: Path) -> None:
    """Twenty times a gateway is killed at a random moment: each receipt it told of is in the ledger, which is sound."""
    folder = tmp_path / "ledger"
    chance, receipts = random.Random(), []
    for round_ in range(20):
        writer = start(folder, 100_000 * round_, 0, "open")
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.06))
        writer.send_signal(signal.SIGKILL)
        out, _ = writer.communicate(timeout=30)
        receipts += told(out.splitlines(keepends=True))
        sound(folder, receipts[-200:], covered=False)
    with Ledger.open(folder):
        pass
    assert receipts
    sound(folder, receipts)


def test_a_second_gateway_refuses_to_start(tmp_path: Path) -> None:
    """Two gateways at one ledger by mistake: the second says who holds it, and the first goes on."""
    folder = tmp_path / "ledger"
    writer = start(folder, 0, 0, "open")
    assert writer.stdout is not None
    writer.stdout.readline()
    with pytest.raises(LedgerInUse, match=rf"process {writer.pid}\b"):
        Ledger.open(folder)
    time.sleep(0.02)
    writer.kill()
    out, _ = writer.communicate(timeout=30)
    with Ledger.open(folder):
        pass
    sound(folder, told(out.splitlines(keepends=True)))

"""A process that appends to a ledger: the tests start several of these, and kill them."""

import asyncio
import os
from itertools import count, islice
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from gateway.ledger import Ledger
from gateway.vocabulary import Receipt
from tests.ledger.sound import decision

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])  # so that a start takes milliseconds


async def write(ledger: Ledger, out: int, first: int, total: int) -> None:
    """Append decisions ``first``, ``first + 1``, ... in groups of changing size; tell of each receipt in ``out``."""
    numbers = iter(count(first) if total == 0 else range(first, first + total))
    for size in count():
        group = list(islice(numbers, size % 7 + 1))
        if not group:
            return
        receipts = await asyncio.gather(*(ledger.append(decision(each), {"payload": bytes(32)}) for each in group))
        lines = (
            f"{each} {receipt.index} {receipt.leaf.hex()}\n" for each, receipt in zip(group, receipts, strict=True)
        )
        os.write(out, "".join(lines).encode())


def run(folder: Path, told: Path, first: int, total: int, role: str) -> None:
    """Open or attach, say so, write, close."""
    out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ledger = Ledger.attach(folder, patience=10) if role == "attach" else Ledger.open(folder, seconds=0.05)
    os.write(out, b"ready\n")
    asyncio.run(write(ledger, out, first, total))
    ledger.close()


def start(folder: Path, told: Path, first: int, total: int, role: str) -> BaseProcess:
    """Start a writer; ``total`` 0 is without end, ``role`` is ``open`` or ``attach``."""
    process = _CONTEXT.Process(target=run, args=(folder, told, first, total, role))
    process.start()
    return process


def receipts(told: Path) -> list[tuple[Receipt, bytes]]:
    """The receipts that a writer told of, with their entries; a line that a kill cut short is none."""
    found = []
    for line in told.read_text().splitlines(keepends=True):
        if line.endswith("\n") and line != "ready\n":
            number, index, leaf = line.split()
            found.append((Receipt(int(index), bytes.fromhex(leaf)), decision(int(number))))
    return found

"""A process that sends at the limit: the tests start several of these, and kill them."""

import asyncio
import os
import random
from collections.abc import Iterable
from itertools import count
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from gateway.decide import decide
from gateway.headcount import Broken, Cargo, Chain, Count, rows
from gateway.ledger import Ledger, decode
from gateway.ledger.store import reader
from gateway.settlement import Commitments, Settlement
from gateway.vocabulary import Facts, Verdict
from tests.headcount.crowds import BANK, CLINIC, book, crowd, facts

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])
AT_MOST = 60
PEOPLE = 150


def settlement(ledger: Ledger, about: Facts, cargo: Cargo, at_most: int = AT_MOST) -> Settlement:
    """Judge as the corridor does, up to where the entry is written."""
    rules = book(at_most)
    count = Count(ledger.reading(), about, cargo, rules)
    decision = decide(about, count.standing, rules)
    return Settlement(
        about, count, decision, cargo, rules, "test", Commitments({"payload": None, "released": None}, {})
    )


async def send(ledger: Ledger, out: int, seed: int, total: int) -> None:
    """Send crowds in groups of changing size; tell in ``out`` who was permitted."""
    chance = random.Random(seed)
    for number in count() if total == 0 else range(total):
        groups = []
        for _ in range(number % 4 + 1):
            people = chance.sample(range(PEOPLE), chance.randint(1, 4))
            about = facts("limited" if chance.random() < 0.8 else "exempt", exporter=chance.choice([BANK, CLINIC]))
            groups.append((people, settlement(ledger, about, crowd(people, sensitive=people[:1]))))
        wanted = [each for each in groups if each[1].decision.verdict is Verdict.PERMIT]
        await asyncio.gather(*(ledger.settle(each) for _, each in wanted))
        for people, each in wanted:
            if each.decision.verdict is Verdict.PERMIT:
                os.write(out, f"{each.decision.entry} {' '.join(map(str, people))}\n".encode())


def run(folder: Path, told: Path, seed: int, total: int) -> None:
    """Attach, say so, send, close."""
    out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ledger = Ledger.attach(folder, patience=10)
    os.write(out, b"ready\n")
    asyncio.run(send(ledger, out, seed, total))
    ledger.close()


def start(folder: Path, told: Path, seed: int, total: int) -> BaseProcess:
    """Start a sender; ``total`` 0 is without end."""
    process = _CONTEXT.Process(target=run, args=(folder, told, seed, total))
    process.start()
    return process


def broken(folder: Path) -> list[Broken]:
    """Where the figures of a ledger do not follow from its entries."""
    database = reader(folder)
    try:
        chain = Chain()
        found: list[Broken] = []
        for number, entry in database.execute("SELECT number, bytes FROM entries ORDER BY number"):
            found += chain.follow(number, decode(entry))
        return found + chain.compare(rows(database))
    finally:
        database.close()


def permitted(files: Iterable[Path], entry: str) -> set[int]:
    """Who was permitted under ``entry``, as the senders told."""
    people: set[int] = set()
    for file in files:
        for line in file.read_text().splitlines(keepends=True):
            name, *numbers = line.split()
            if line.endswith("\n") and name == entry:
                people.update(map(int, numbers))
    return people

"""A process that erases nonces a few at a time: a test starts several of these, and kills them."""

from contextlib import closing
from datetime import date
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from gateway.ledger.retention import Kept, Mandate, erase
from gateway.ledger.store import Store

STEP = 5
DAY = date(2026, 11, 20)


def run(folder: Path, first: int, end: int) -> None:
    """Erase from ``first`` to ``end`` (exclusive), each step in a transaction of its own."""
    mandate = Mandate("test", "2026-11-20T12:00:00+08:00", "on request", "lam")
    with closing(Store(folder, patience=10)) as store:
        for start in range(first, end, STEP):
            erase(store, (Kept(each, DAY, due=True) for each in range(start, min(start + STEP, end))), mandate)


def start_eraser(folder: Path, first: int, end: int) -> BaseProcess:
    """Start one."""
    process = get_context("forkserver").Process(target=run, args=(folder, first, end))
    process.start()
    return process

"""How a worker comes to its rulebook: at its start, and to another one while it judges.

Another rulebook is built in a thread from the files that the ledger keeps, beside the transfers; then it is taken up
between two of them. The interpreter hands over between threads after ``SLICE`` seconds while that lasts, so that a
transfer waits for the building no longer than a few slices, and the collector of garbage, which would stop everybody
to look at all that is being made, waits until it is done.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from gateway import classify, decide, metrics
from gateway.classify import Guest
from gateway.classify.guests import configured_guests
from gateway.intake.automata import automata
from gateway.ledger import Ledger
from gateway.logs import logger
from gateway.pipeline import House
from gateway.rulebook.book import Rulebook
from gateway.rulebook.load import from_files
from gateway.settings import Settings

SLICE = 0.0002
"""Seconds for which the building thread holds the interpreter while others want it."""


def kept_files(ledger: Ledger, digest: str) -> Mapping[str, bytes]:
    """Return the files that the supervisor found good and the ledger keeps, whatever is in the folder by now."""
    files: Mapping[str, bytes] | None = ledger.rulebook(digest)
    if files is None:
        raise LookupError(f"the ledger does not keep rulebook {digest}")
    return files


def prepared(settings: Settings, files: Mapping[str, bytes]) -> Rulebook:
    """Build the rulebook of ``files`` with all that the first transfer would otherwise have to wait for."""
    rulebook = from_files(files)
    classify.prepare(rulebook, automata(settings))
    decide.prepare(rulebook)
    _ = rulebook.entries_by_host
    return rulebook


def guests_of(settings: Settings, rulebook: Rulebook) -> Sequence[Guest]:
    """Return the guests that the settings name, as they serve under ``rulebook``."""
    return configured_guests(
        settings.presidio_files, settings.presidio_categories, settings.nlp_configuration, rulebook
    )


def in_force(digest: str, before: str = "") -> None:
    """Tell the metrics."""
    if before:
        metrics.RULEBOOK.labels(before).set(0)
    metrics.RULEBOOK.labels(digest).set(1)
    metrics.RULEBOOK_LOADED.set_to_current_time()


@contextmanager
def _beside_transfers() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SLICE)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(before)


class Adopting:
    """Hears the words of the supervisor that concern rules."""

    def __init__(self, settings: Settings, house: House, say: Callable[[str], None]) -> None:
        """``say`` answers the supervisor."""
        self._settings = settings
        self._house = house
        self._say = say
        self._next: tuple[Rulebook, Sequence[Guest]] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._one = asyncio.Lock()

    def hear(self, line: str) -> None:
        """Do what one line says (``orders``)."""
        word, _, rest = line.partition(" ")
        match word:
            case "prepare":
                task = asyncio.get_running_loop().create_task(self._prepare(rest))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            case "adopt":
                self._adopt(rest)
            case "close":
                self._house.closed = rest
            case "open":
                self._house.closed = ""

    async def _prepare(self, digest: str) -> None:
        try:
            async with self._one:
                with _beside_transfers():
                    self._next = await asyncio.to_thread(self._build, digest)
        except Exception as fault:
            logger().error("rulebook not built", rulebook=digest, error=type(fault).__name__)
            self._say(f"failed {digest}")
        else:
            self._say(f"prepared {digest}")

    def _build(self, digest: str) -> tuple[Rulebook, Sequence[Guest]]:
        # A ledger of this thread's own: a connection to it is for one thread at a time.
        ledger = Ledger.attach(self._settings.state_dir / "ledger")
        try:
            files = kept_files(ledger, digest)
        finally:
            ledger.close()
        rulebook = prepared(self._settings, files)
        if rulebook.digest != digest:
            raise ValueError("the ledger keeps another rulebook under this digest")
        return rulebook, guests_of(self._settings, rulebook)

    def _adopt(self, digest: str) -> None:
        start = time.perf_counter()
        if self._next is None or self._next[0].digest != digest:
            logger().error("rulebook not built", rulebook=digest, error="LookupError")
            self._say(f"failed {digest}")
            return
        before = self._house.rulebook.digest
        self._house.adopt(*self._next)
        self._next = None
        in_force(digest, before)
        microseconds = round((time.perf_counter() - start) * 1e6)
        logger().info("rulebook adopted", rulebook=digest, before=before, microseconds=microseconds)

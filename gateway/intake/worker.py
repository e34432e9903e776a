"""One worker process: ``python -m gateway.intake.worker``, started by the supervisor and by nobody else.

It is told its orders in one line of JSON on standard input. It says ``ready`` on standard output once it listens. When
standard input ends the supervisor is gone, and with it the lock on the ledger: the worker then stops at once.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import sys
from collections.abc import Mapping
from io import FileIO

import uvloop

from gateway import classify, decide, metrics
from gateway.classify.guests import configured_guests
from gateway.decode import Apart
from gateway.headcount import fingerprint_key
from gateway.intake.automata import automata
from gateway.intake.orders import from_orders
from gateway.intake.proxy import Gateway
from gateway.ledger import Ledger
from gateway.logs import logger, set_up
from gateway.pipeline import House, Recorder
from gateway.rulebook.book import Rulebook
from gateway.rulebook.load import from_files
from gateway.sandbox import Sandbox
from gateway.settings import Settings

READY = b"ready\n"


def kept_rulebook(ledger: Ledger, digest: str) -> Rulebook:
    """Return the rulebook that the supervisor checked and the ledger keeps, whatever is in the folder by now."""
    files: Mapping[str, bytes] | None = ledger.rulebook(digest)
    if files is None:
        raise LookupError(f"the ledger does not keep rulebook {digest}")
    return from_files(files)


def house_of(settings: Settings, rulebook: Rulebook, ledger: Recorder, apart: Apart) -> House:
    """Return the house of a worker, with the guests that the settings name."""
    guests = configured_guests(
        settings.presidio_files, settings.presidio_categories, settings.nlp_configuration, rulebook
    )
    return House(settings, rulebook, ledger, apart, guests, fingerprint_key(settings.headcount_key_file))


async def _work(settings: Settings, rulebook: Rulebook, ledger: Ledger) -> None:
    loop = asyncio.get_running_loop()
    stop, orphaned = asyncio.Event(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # a terminal's Ctrl-C reaches all; the supervisor decides

    def listen_to_supervisor() -> None:
        if not os.read(0, 64):
            loop.remove_reader(0)
            orphaned.set()
            stop.set()

    loop.add_reader(0, listen_to_supervisor)
    sandbox = Sandbox(settings.parsers, words=settings.words)
    gateway = Gateway(house_of(settings, rulebook, ledger, sandbox))
    await gateway.listen()
    gc.collect()
    gc.freeze()  # what was made so far stays for good, so no collection need look at it again
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    await stop.wait()
    await gateway.drain(0.0 if orphaned.is_set() else settings.drain_seconds)
    sandbox.close()


FILES_BESIDE = 256
"""Files that a worker has open beside the connections of its clients and those to upstreams."""


def _allow_files(connections: int) -> None:
    """Have as many files open as the connections take, up to what the system lets a process raise by itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 3 * connections + FILES_BESIDE
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main() -> None:
    """Work until told to stop."""
    settings, digest = from_orders(FileIO(0, closefd=False).readline())
    set_up(settings.log_level)
    _allow_files(settings.connections)
    ledger = Ledger.attach(settings.state_dir / "ledger")
    rulebook = kept_rulebook(ledger, digest)
    classify.prepare(rulebook, automata(settings))
    decide.prepare(rulebook)
    metrics.RULEBOOK.labels(digest).set(1)
    metrics.RULEBOOK_LOADED.set_to_current_time()
    try:
        uvloop.run(_work(settings, rulebook, ledger))
    except Exception as fault:
        logger().error("worker failed", error=type(fault).__name__)
        raise SystemExit(1) from None
    finally:
        ledger.close()


if __name__ == "__main__":
    main()

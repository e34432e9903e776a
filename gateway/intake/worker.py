"""One worker process: ``python -m gateway.intake.worker``, started by the supervisor and by nobody else.

It is told its orders in one line of JSON on standard input. It says ``ready`` on standard output once it listens. When
standard input ends the supervisor is gone, and with it the lock on the ledger: the worker then stops at once. Further
lines tell it of other rulebooks (``orders``).
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import sys
from io import FileIO

import uvloop

from gateway.decode import Apart
from gateway.headcount import fingerprint_key
from gateway.intake.adopting import Adopting, guests_of, in_force, kept_files, prepared
from gateway.intake.orders import from_orders
from gateway.intake.proxy import Gateway
from gateway.ledger import Ledger
from gateway.logs import logger, set_up
from gateway.pipeline import House, Recorder
from gateway.rulebook.book import Rulebook
from gateway.sandbox import Sandbox
from gateway.settings import Settings

READY = "ready"


def say(line: str) -> None:
    """Tell the supervisor."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()


def house_of(settings: Settings, rulebook: Rulebook, ledger: Recorder, apart: Apart) -> House:
    """Return the house of a worker, with the guests that the settings name."""
    key = fingerprint_key(settings.headcount_key_file)
    return House(settings, rulebook, ledger, apart, guests_of(settings, rulebook), key)


async def _work(settings: Settings, rulebook: Rulebook, ledger: Ledger) -> None:
    loop = asyncio.get_running_loop()
    stop, orphaned = asyncio.Event(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # a terminal's Ctrl-C reaches all; the supervisor decides

    sandbox = Sandbox(settings.parsers, words=settings.words)
    house = house_of(settings, rulebook, ledger, sandbox)
    gateway = Gateway(house)
    adopting = Adopting(settings, house, say)
    waiting = bytearray()

    def listen_to_supervisor() -> None:
        told = os.read(0, 4096)
        if not told:
            loop.remove_reader(0)
            orphaned.set()
            stop.set()
        waiting.extend(told)
        *lines, rest = waiting.split(b"\n")
        waiting[:] = rest
        for line in lines:
            adopting.hear(line.decode())

    loop.add_reader(0, listen_to_supervisor)
    await gateway.listen()
    gc.collect()
    gc.freeze()  # what was made so far stays for good, so no collection need look at it again
    say(READY)
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
    rulebook = prepared(settings, kept_files(ledger, digest))
    in_force(digest)
    try:
        uvloop.run(_work(settings, rulebook, ledger))
    except Exception as fault:
        logger().error("worker failed", error=type(fault).__name__)
        raise SystemExit(1) from None
    finally:
        ledger.close()


if __name__ == "__main__":
    main()

"""The supervisor: holds the ledger, starts workers, restarts those that die, serves the figures, stops in order.

Nothing that defines metrics is imported before the folder through which processes share them is known.
"""

from __future__ import annotations

import multiprocessing
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from gateway.intake.authority import authority_folder, make_authority, upstream_bundle
from gateway.intake.automata import automata
from gateway.intake.orders import orders
from gateway.settings import Settings
from gateway.vocabulary import BEIJING

if TYPE_CHECKING:
    from gateway.ledger import Ledger
    from gateway.rulebook.book import Rulebook

STARTS_WITHIN = 60.0
"""Seconds in which a worker must be ready."""
MOST_DEATHS = 5
"""So many deaths of workers within ``DEATHS_WITHIN`` seconds, and the gateway gives up rather than thrash."""
DEATHS_WITHIN = 30.0
_TICK = 0.2


class CannotServe(RuntimeError):
    """The gateway cannot open, or cannot stay open. The message says why, with no payload in it."""


@dataclass(slots=True)
class Worker:
    """A worker process and whether it listens."""

    process: subprocess.Popen[bytes]
    number: int
    ready: bool = False


@contextmanager
def reserved_port(settings: Settings) -> Iterator[int]:
    """Hold the listening port for the workers, who share it by SO_REUSEPORT; choose one where it is 0.

    Raises ``CannotServe`` where somebody else listens on it already, be it another gateway with the same option.
    """
    family = socket.AF_INET6 if ":" in settings.listen_host else socket.AF_INET
    address = (settings.listen_host, settings.listen_port)
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            if settings.listen_port:
                probe.listen(1)
        held = socket.socket(family)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(address)
    except OSError as fault:
        raise CannotServe(f"cannot listen on {address[0]}:{address[1]}: {fault.strerror}") from None
    with held:
        yield int(held.getsockname()[1])


class Supervisor:
    """Keeps ``settings.workers`` workers alive until told to stop."""

    def __init__(self, settings: Settings, digest: str, fault: Callable[[], str]) -> None:
        """``digest`` names the rulebook, which the ledger keeps; ``fault`` tells why the ledger can no longer sign."""
        self.settings = settings
        self.digest = digest
        self._orders = orders(settings, digest)
        self._fault = fault
        self._workers: list[Worker] = []
        self._deaths: list[float] = []
        self._stopping = False
        self._selector = selectors.DefaultSelector()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that listen."""
        return [worker.process.pid for worker in self._workers if worker.ready]

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Ask for an orderly stop; a signal may call it."""
        self._stopping = True

    def run(self, ready: Callable[[], None]) -> None:
        """Start the workers, call ``ready`` once all listen, return after an orderly stop. Raises ``CannotServe``."""
        try:
            for number in range(self.settings.workers):
                self._start(number)
            self._await_ready()
            if not self._stopping:
                ready()
            while not self._stopping:
                self._tick()
        finally:
            self._end()

    def _start(self, number: int) -> None:
        command = [sys.executable, "-P", "-m", "gateway.intake.worker"]
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd(), env=_environment()
        )
        assert process.stdin is not None  # noqa: S101 - it was asked for
        assert process.stdout is not None  # noqa: S101 - it was asked for
        worker = Worker(process, number)
        self._workers.append(worker)
        self._selector.register(process.stdout, selectors.EVENT_READ, worker)
        try:
            process.stdin.write(self._orders)
            process.stdin.flush()
        except BrokenPipeError:
            pass  # it died at once; the next tick sees that

    def _await_ready(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._stopping and not all(worker.ready for worker in self._workers):
            if time.monotonic() > deadline:
                raise CannotServe(f"a worker did not listen within {STARTS_WITHIN:.0f} s")
            self._tick()

    def _tick(self) -> None:
        """Look after the workers for a moment."""
        for key, _ in self._selector.select(_TICK):
            worker: Worker = key.data
            if os.read(key.fd, 64):
                worker.ready = True
            else:
                self._selector.unregister(key.fileobj)
        if fault := self._fault():
            raise CannotServe(f"the ledger cannot be signed: {fault}")
        for worker in [each for each in self._workers if each.process.poll() is not None]:
            self._forget(worker)
            if not self._stopping:
                self._replace(worker)

    def _forget(self, worker: Worker) -> None:
        self._workers.remove(worker)
        if worker.process.stdout is not None:
            if worker.process.stdout in {key.fileobj for key in self._selector.get_map().values()}:
                self._selector.unregister(worker.process.stdout)
            worker.process.stdout.close()
        if worker.process.stdin is not None:
            worker.process.stdin.close()
        _mark_dead(worker.process.pid)

    def _replace(self, worker: Worker) -> None:
        from gateway.logs import logger

        now = time.monotonic()
        self._deaths = [*(each for each in self._deaths if now - each < DEATHS_WITHIN), now]
        logger().error("worker died", worker=worker.number, pid=worker.process.pid, status=worker.process.returncode)
        if len(self._deaths) >= MOST_DEATHS:
            raise CannotServe(f"workers died {MOST_DEATHS} times within {DEATHS_WITHIN:.0f} s; see their log lines")
        self._start(worker.number)

    def _end(self) -> None:
        """Let the workers finish what they have begun, for a bounded time."""
        for worker in self._workers:
            worker.process.terminate()
        deadline = time.monotonic() + self.settings.drain_seconds + 2
        for worker in list(self._workers):
            try:
                worker.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            self._forget(worker)
        self._selector.close()


def _environment() -> dict[str, str]:
    """The environment of a worker: settings come in the orders, so none of ours are passed on; nor key log files."""
    unwanted = ("KOUAN_", "SSLKEYLOGFILE", "MITMPROXY_")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def _mark_dead(pid: int) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


@contextmanager
def _figures(settings: Settings) -> Iterator[str]:
    """Serve the figures of all processes; gives the URL, or "" where there is none."""
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    if not settings.metrics_port:
        yield ""
        return
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError as fault:
        raise CannotServe(
            f"cannot serve metrics on {settings.metrics_host}:{settings.metrics_port}: {fault.strerror}"
        ) from None
    try:
        yield f"http://{settings.metrics_host}:{settings.metrics_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(1)


def _make_headcount_key(settings: Settings, ledger: Ledger) -> None:
    """See that the workers find the key under which people are counted."""
    from gateway.headcount import BadFingerprintKey, fingerprint_key, rows

    try:
        fingerprint_key(settings.headcount_key_file, counted=bool(rows(ledger.reading(), "LIMIT 1")))
    except BadFingerprintKey as fault:
        raise CannotServe(str(fault)) from None


def serve(settings: Settings, *, started: Callable[[Supervisor], None] | None = None) -> None:
    """Run the gateway until SIGTERM or SIGINT; blocks. Call it in the main thread of a process of its own.

    ``started`` is called once all workers listen. Raises ``CannotServe``, ``Faulty`` (rules), ``LedgerInUse``,
    ``BadKey``, ``Contradiction``, ``LedgerClosed``.
    """
    with ExitStack() as stack:
        shared = stack.enter_context(tempfile.TemporaryDirectory(prefix="kouan-metrics-"))
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        stack.callback(os.environ.pop, "PROMETHEUS_MULTIPROC_DIR", None)
        from gateway.ledger import Ledger
        from gateway.logs import logger, set_up
        from gateway.rulebook import load

        set_up(settings.log_level)
        rulebook = load(settings.rules)
        settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Ahead of the guests, whose models may start threads, which no process should be forked beside.
        _compile(settings, rulebook)
        _check_guests(settings, rulebook)
        port = stack.enter_context(reserved_port(settings))
        settings = replace(settings, listen_port=port)
        make_authority(authority_folder(settings))
        upstream_bundle(authority_folder(settings), settings.upstream_ca)
        folder = settings.state_dir / "ledger"
        ledger = stack.enter_context(
            Ledger.open(folder, origin=settings.gateway_id, seconds=settings.checkpoint_seconds)
        )
        _make_headcount_key(settings, ledger)
        ledger.keep_rulebook(rulebook.digest, rulebook.files)
        _note(ledger, "start", settings)
        _note(ledger, "rulebook", settings, rulebook=rulebook.digest)
        url = stack.enter_context(_figures(settings))
        supervisor = Supervisor(settings, rulebook.digest, lambda: ledger.fault)
        stack.enter_context(_signals(supervisor.stop))

        def ready() -> None:
            logger().info(
                "ready",
                gateway=settings.gateway_id,
                address=settings.listen_host,
                port=port,
                mode=settings.mode,
                workers=settings.workers,
                metrics_url=url,
                rulebook=rulebook.digest,
            )
            if started is not None:
                started(supervisor)

        try:
            supervisor.run(ready)
        finally:
            _note_stop(ledger, settings)


def _compile(settings: Settings, rulebook: Rulebook) -> None:
    """Have the recognisers compiled once and kept, before each worker does it for itself.

    In a process that ends, so that this one stays small.
    """
    from gateway.classify import prepare

    child = multiprocessing.get_context("fork").Process(target=_compiled, args=(settings, rulebook))
    child.start()
    child.join()
    if child.exitcode:
        prepare(rulebook, automata(settings))  # which tells what is wrong with the rules, where that is it


def _compiled(settings: Settings, rulebook: Rulebook) -> None:
    from gateway.classify import prepare
    from gateway.rulebook.document import Faulty

    try:
        prepare(rulebook, automata(settings))
    except Faulty:
        raise SystemExit(1) from None


def _check_guests(settings: Settings, rulebook: Rulebook) -> None:
    """Build the guests as each worker will, so that what is wrong with them is said before anything listens."""
    from gateway.classify.guests import configured_guests

    try:
        configured_guests(settings.presidio_files, settings.presidio_categories, settings.nlp_configuration, rulebook)
    except ValueError as fault:
        raise CannotServe(str(fault)) from None


def _note(ledger: Ledger, kind: str, settings: Settings, **fields: str) -> None:
    from gateway.ledger import encode

    entry: dict[str, Any] = {"gateway": settings.gateway_id, "at": datetime.now(BEIJING).isoformat(), **fields}
    ledger.append_now(encode(kind, entry))


def _note_stop(ledger: Ledger, settings: Settings) -> None:
    """Record the stop, where the ledger lets us: a disk that is full must not hide why the gateway stops."""
    from gateway.ledger import LedgerClosed
    from gateway.logs import logger

    try:
        _note(ledger, "stop", settings)
    except LedgerClosed as fault:
        logger().error("record failed", error=fault.code)


@contextmanager
def _signals(stop: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

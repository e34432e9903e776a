"""The supervisor of the workers: starts them, tells them what to judge by, replaces those that die or lag behind."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from gateway.intake.orders import orders
from gateway.settings import Settings

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
    digest: str
    """The rulebook by which it judges."""
    ready: bool = False
    answered: str = ""
    """The newest word that it said of a rulebook: ``prepared DIGEST`` or ``failed DIGEST``."""
    said: bytearray = field(default_factory=bytearray)

    def tell(self, line: str) -> None:
        """Say one line to it; a worker that is dying hears nothing, and the next tick sees that."""
        assert self.process.stdin is not None  # noqa: S101 - it was asked for
        try:
            self.process.stdin.write(f"{line}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            return


class Supervisor:
    """Keeps ``settings.workers`` workers alive until told to stop."""

    def __init__(self, settings: Settings, digest: str, fault: Callable[[], str]) -> None:
        """``digest`` names the rulebook, which the ledger keeps; ``fault`` tells why the ledger can no longer sign."""
        self.settings = settings
        self.digest = digest
        self._fault = fault
        self._workers: list[Worker] = []
        self._leaving: list[tuple[Worker, float]] = []
        """Workers that were replaced and end what they have begun, and when each must be gone."""
        self._preparing = ""
        self._closed = ""
        self.often: Callable[[], None] = lambda: None
        """Called at each tick, some times a second."""
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
        process = subprocess.Popen(  # noqa: S603 - our own module
            own_module("gateway.intake.worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path.cwd(),
            env=bare_environment(),
        )
        assert process.stdout is not None  # noqa: S101 - it was asked for
        worker = Worker(process, number, self.digest)
        self._workers.append(worker)
        self._selector.register(process.stdout, selectors.EVENT_READ, worker)
        worker.tell(orders(self.settings, self.digest).decode().rstrip("\n"))
        if self._closed:
            worker.tell(f"close {self._closed}")
        if self._preparing:
            worker.tell(f"prepare {self._preparing}")

    def prepare(self, digest: str) -> None:
        """Have every worker build the rulebook that the ledger keeps under ``digest``."""
        self._preparing = digest
        for worker in self._workers:
            worker.answered = ""
            worker.tell(f"prepare {digest}")

    @property
    def prepared(self) -> bool:
        """Whether every worker has answered, be it that it could not."""
        return all(worker.answered.endswith(f" {self._preparing}") for worker in self._workers)

    def abandon(self) -> None:
        """Have every worker go on as it is."""
        self._preparing = ""

    @property
    def anybody_built(self) -> bool:
        """Whether at least one worker built what was to be prepared: else it is the rules, not the worker."""
        return any(worker.answered == f"prepared {self._preparing}" for worker in self._workers)

    def adopt(self) -> None:
        """Have every worker judge by what was prepared; one that did not build it is replaced by one that begins so."""
        self.digest, self._preparing = self._preparing, ""
        for worker in list(self._workers):
            if worker.answered == f"prepared {self.digest}":
                worker.tell(f"adopt {self.digest}")
                worker.digest = self.digest
            else:
                self._dismiss(worker)

    def close(self, code: str) -> None:
        """Have everything refused for the reason ``code``; "" to judge again."""
        self._closed = code
        for worker in self._workers:
            worker.tell(f"close {code}" if code else "open")

    def _dismiss(self, worker: Worker) -> None:
        """Replace ``worker``, which ends what it has begun, under the rulebook with which it began."""
        from gateway.logs import logger

        logger().error("worker replaced", worker=worker.number, pid=worker.process.pid, rulebook=self.digest)
        self._workers.remove(worker)
        self._unwatch(worker)
        self._leaving.append((worker, time.monotonic() + self.settings.drain_seconds + 2))
        worker.process.terminate()
        self._start(worker.number)

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
            if heard := os.read(key.fd, 4096):
                self._hear(worker, heard)
            else:
                self._selector.unregister(key.fileobj)
        if fault := self._fault():
            raise CannotServe(f"the ledger cannot be signed: {fault}")
        for worker in [each for each in self._workers if each.process.poll() is not None]:
            self._forget(worker)
            if not self._stopping:
                self._replace(worker)
        for worker, until in list(self._leaving):
            if worker.process.poll() is None and time.monotonic() < until:
                continue
            worker.process.kill()
            worker.process.wait()
            self._leaving.remove((worker, until))
            self._forget(worker)
        self.often()

    def _hear(self, worker: Worker, heard: bytes) -> None:
        worker.said += heard
        *lines, rest = worker.said.split(b"\n")
        worker.said = bytearray(rest)
        for line in lines:
            if line == b"ready":
                worker.ready = True
            else:
                worker.answered = line.decode()
                if worker.answered == f"failed {worker.digest}":  # it was to judge by it already
                    self._dismiss(worker)

    def _unwatch(self, worker: Worker) -> None:
        if worker.process.stdout in {key.fileobj for key in self._selector.get_map().values()}:
            self._selector.unregister(worker.process.stdout)

    def _forget(self, worker: Worker) -> None:
        if worker in self._workers:
            self._workers.remove(worker)
        if worker.process.stdout is not None:
            self._unwatch(worker)
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
        self._workers += [worker for worker, _ in self._leaving]
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


def own_module(name: str) -> list[str]:
    """The command that runs a module of ours as a process."""
    return [sys.executable, "-P", "-m", name]


def bare_environment() -> dict[str, str]:
    """The environment of a worker: settings come in the orders, so none of ours are passed on; nor key log files."""
    unwanted = ("KOUAN_", "SSLKEYLOGFILE", "MITMPROXY_")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def _mark_dead(pid: int) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]

"""Other rules while the gateway runs: noticed, built apart, approved, recorded, and taken up by every worker.

The rulebook in force stays until another was found good in every respect. One look at the folder is taken at a time;
what changes meanwhile is looked at next.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Protocol

from gateway import metrics
from gateway.intake.building import Built, read
from gateway.intake.in_force import InForce, who
from gateway.intake.orders import orders
from gateway.intake.supervisor import bare_environment, own_module
from gateway.ledger import Ledger, LedgerClosed
from gateway.logs import logger
from gateway.settings import Settings

BUILT_WITHIN = 120.0
"""Seconds in which the rules must have been read and tried."""
PREPARED_WITHIN = 60.0
"""Seconds in which a worker must have built a rulebook; else it is replaced."""
TOLD_EVERY = 5.0
"""Seconds after which the metrics are told again that the rules are good."""
MOST_TOLD = 20
"""Problems that one line of the log tells."""
STALE = "house.stale"


class Workers(Protocol):
    """What the reloader asks of the supervisor."""

    digest: str

    def prepare(self, digest: str) -> None:
        """Have every worker build a rulebook."""

    @property
    def prepared(self) -> bool:
        """Whether every worker has answered."""

    @property
    def anybody_built(self) -> bool:
        """Whether at least one worker built it."""

    def abandon(self) -> None:
        """Have every worker go on as it is."""

    def adopt(self) -> None:
        """Have every worker judge by what was prepared."""

    def close(self, code: str) -> None:
        """Have everything refused; "" to judge again."""


@dataclass(slots=True)
class _Building:
    """The process that reads the folder."""

    process: subprocess.Popen[bytes]
    out: IO[bytes]
    until: float


class Reloader:
    """Looks at the folder of rules when it is told to, and once in a while at the clock."""

    def __init__(self, settings: Settings, ledger: Ledger, in_force: InForce, workers: Workers) -> None:
        """The rulebook of ``workers`` is in force and was good just now."""
        self._settings = settings
        self._ledger = ledger
        self._in_force = in_force
        self._workers = workers
        self._wanted = False
        self._building: _Building | None = None
        self._next: tuple[Built, float] | None = None
        self._faulty_since: float | None = None
        self._stale = False
        self._told = 0.0
        for gauge in (metrics.RULEBOOK_FAULTY, metrics.RULEBOOK_UNSIGNED, metrics.RULEBOOK_STALE):
            gauge.set(0)

    def look(self, *_: object) -> None:
        """Look at the folder soon; a signal or another thread may call it."""
        self._wanted = True

    def tick(self) -> None:
        """Do what is due; never waits."""
        if self._building is not None:
            self._collect(self._building)
        elif self._next is not None:
            self._swap(*self._next)
        elif self._wanted:
            self._wanted = False
            self._build()
        self._age()

    def end(self) -> None:
        """Leave no process behind."""
        if self._building is not None:
            self._building.process.kill()
            self._building.process.wait()
            self._building.out.close()
            self._building = None

    def _build(self) -> None:
        out = TemporaryFile()  # noqa: SIM115 - it is closed when the process has ended
        process = subprocess.Popen(  # noqa: S603 - our own module
            own_module("gateway.intake.building"), stdin=subprocess.PIPE, stdout=out, env=bare_environment()
        )
        self._building = _Building(process, out, time.monotonic() + BUILT_WITHIN)
        assert process.stdin is not None  # noqa: S101 - it was asked for
        try:
            process.stdin.write(orders(self._settings, ""))
            process.stdin.close()
        except BrokenPipeError:
            return  # it died at once; the next tick sees that

    def _collect(self, building: _Building) -> None:
        if building.process.poll() is None:
            if time.monotonic() < building.until:
                return
            building.process.kill()
            building.process.wait()
        building.out.seek(0)
        data = building.out.read()
        building.out.close()
        self._building = None
        try:
            self._judge(read(data))
        except ValueError:
            self._judge(Built(problems=(f"the rules could not be read: status {building.process.returncode}",)))
        except LedgerClosed as fault:
            self._result("failed")
            logger().error("reload failed", error=fault.code)

    def _judge(self, built: Built) -> None:
        """See whether ``built`` may come into force, and have it prepared."""
        if built.problems:
            self._faulty(built.problems)
            return
        self._good()
        officers = self._in_force.officers(built.papers)
        ruling = self._in_force.book(built.papers, built.digest)
        metrics.RULEBOOK_UNSIGNED.set(1 if officers.lacking or ruling.lacking else 0)
        if officers.lacking:
            logger().error("officers unsigned", lacking=who(officers), rulebook=self._workers.digest)
        if ruling.lacking:
            self._result("unsigned")
            logger().error("rulebook unsigned", lacking=who(ruling), rulebook=built.digest, before=self._workers.digest)
        elif built.digest != self._workers.digest:
            self._ledger.keep_rulebook(built.digest, built.files)
            self._workers.prepare(built.digest)
            self._next = (built, time.monotonic() + PREPARED_WITHIN)
        else:
            if ruling.fields:  # the rulebook in force is approved after the fact
                self._in_force.put(built.papers, built.digest, "reload")
            self._result("unchanged")

    def _swap(self, built: Built, until: float) -> None:
        """Record the swap and do it, once every worker has answered."""
        if not self._workers.prepared and time.monotonic() < until:
            return
        before = self._workers.digest
        if not self._workers.anybody_built:
            self._next = None
            self._workers.abandon()
            self._faulty((f"no worker could build rulebook {built.digest}; their log lines say why",))
            return
        try:
            self._in_force.put(built.papers, built.digest, "reload")
        except LedgerClosed as fault:
            self._next = None
            self._workers.abandon()
            self._result("failed")
            logger().error("reload failed", error=fault.code)
            self.look()  # the disk may be there again
            return
        self._next = None
        self._workers.adopt()
        self._result("adopted")
        logger().info("rulebook in force", rulebook=built.digest, before=before)

    def _faulty(self, problems: tuple[str, ...]) -> None:
        self._result("faulty")
        metrics.RULEBOOK_FAULTY.set(1)
        if self._faulty_since is None:
            self._faulty_since = time.monotonic()
        told = problems[:MOST_TOLD]
        logger().error("rulebook faulty", problems=told, entries=len(problems), rulebook=self._workers.digest)

    def _good(self) -> None:
        self._faulty_since = None
        metrics.RULEBOOK_FAULTY.set(0)
        self._told = 0.0

    def _result(self, result: str) -> None:
        metrics.RELOADS.labels(result).inc()

    def _age(self) -> None:
        """Tell how old the last good rules are, and refuse everything once they are too old."""
        now = time.monotonic()
        if self._faulty_since is None and now - self._told >= TOLD_EVERY:
            self._told = now
            metrics.RULEBOOK_GOOD.set_to_current_time()
        most = self._settings.rulebook_max_age
        stale = bool(most) and self._faulty_since is not None and now - self._faulty_since > most
        if stale != self._stale:
            self._stale = stale
            metrics.RULEBOOK_STALE.set(int(stale))
            self._workers.close(STALE if stale else "")
            event = "everything is refused" if stale else "judging again"
            logger().error(event, rulebook=self._workers.digest)

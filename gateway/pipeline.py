"""The corridor: the only place that knows the order of the rooms.

``judge`` walks a transfer through them and is pure; ``House.carry`` adds what is not: the record that must be
durable before anything is released, the figures and the log line. Whatever fails, fails closed (law 1): an
exception in a room becomes a recorded refusal, a ledger that cannot write becomes a refusal without record.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter
from typing import Protocol

from gateway import metrics
from gateway.classify import Guest, classify, individuals
from gateway.decide import Measured, decide, measure, observe, schema_of
from gateway.decode import IN_PROCESS, Apart, decode, rebuild, slow
from gateway.headcount import NOBODY, Cargo, Count, is_counted
from gateway.ledger import LedgerClosed, Writing, encode
from gateway.logs import logger
from gateway.rulebook.book import Rulebook
from gateway.settings import Settings
from gateway.settlement import Commitments, Settlement, bare_facts, entry_fields, refused
from gateway.transform import CannotTransform, surviving, transform
from gateway.vocabulary import (
    BEIJING,
    Content,
    Decision,
    Facts,
    Fault,
    Findings,
    Grade,
    Individuals,
    Limits,
    Outcome,
    Receipt,
    Standing,
    Transfer,
    Verdict,
)

ROOMS_SAMPLED = 8
"""One transfer in so many is timed room by room in the metrics; each observation costs writes to shared memory."""


THREADS = 4
"""Transfers of one worker that are judged in threads at a time."""


class Recorder(Protocol):
    """What the corridor asks of a ledger."""

    async def append(self, entry: bytes, nonces: Mapping[str, bytes] = ...) -> Receipt:
        """Return once the entry is durable; raise ``LedgerClosed`` if it is not."""

    async def settle(self, writing: Writing) -> Receipt:
        """Have ``writing`` make the entry in the transaction that makes it durable; what it raises undoes it."""

    def reading(self) -> sqlite3.Connection:
        """Return a connection of the calling thread to what transactions have left; raise ``LedgerClosed``."""


type Look = Callable[[Facts, Cargo], Count | None]
"""Counts how a transfer's exporter stands, once it is known what the transfer is about; None where nothing counts."""
_NOBODY = Individuals()
_NOTHING = Standing()


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that the rooms made of a transfer. ``body`` is what may leave; None on anything but PERMIT."""

    content: Content
    findings: Findings
    measured: Measured
    facts: Facts
    people: Individuals
    cargo: Cargo
    """The same people, as they are counted."""
    count: Count | None
    standing: Standing
    """What the decision was taken on."""
    decision: Decision
    body: bytes | None = field(repr=False)
    seconds: Mapping[str, float]
    """Time spent in each room."""


def judge(
    transfer: Transfer,
    rulebook: Rulebook,
    standing: Standing | Look,
    limits: Limits,
    apart: Apart = IN_PROCESS,
    guests: Sequence[Guest] = (),
    key: bytes = b"",
) -> Judgement:
    """Walk ``transfer`` through the rooms. No I/O but the reading of a monotonic clock for the figures.

    ``apart`` reads the documents whose parsers are native or slow; ``guests`` are recognisers from elsewhere; ``key``
    is that of the fingerprints of people. Where ``standing`` is a function it may look at what was counted so far.
    """
    start = perf_counter()
    content = decode(transfer, limits, apart, schema_of(transfer, rulebook))
    decoded = perf_counter()
    findings = classify(content, rulebook, guests)
    classified = perf_counter()
    measured = measure(transfer, content, findings, rulebook)
    findings = measured.findings
    people = _people(measured, rulebook, key, transfer.at)
    facts = observe(transfer, content, findings, rulebook, people=people, measured=measured)
    cargo = Cargo.of(people) if people is not _NOBODY else NOBODY
    count = None if isinstance(standing, Standing) else standing(facts, cargo)
    known = standing if isinstance(standing, Standing) else count.standing if count else _NOTHING
    decision = decide(facts, known, rulebook)
    decided = perf_counter()
    body = None
    if decision.verdict is Verdict.PERMIT:
        body = transfer.body
        if decision.obligations:
            judged = Judgement(content, findings, measured, facts, people, cargo, count, known, decision, body, {})
            decision, body = _fulfil(transfer, judged, rulebook, limits, apart, guests)
    done = perf_counter()
    seconds = {
        "decode": decoded - start,
        "classify": classified - decoded,
        "decide": decided - classified,
        "transform": done - decided,
    }
    return Judgement(content, findings, measured, facts, people, cargo, count, known, decision, body, seconds)


def _people(measured: Measured, rulebook: Rulebook, key: bytes, at: datetime) -> Individuals:
    """Tell people apart, where there is anything of anybody."""
    categories = rulebook.categories
    for each in measured.findings.items:
        category = categories.get(each.category)
        if category is not None and category.grade >= Grade.PERSONAL:
            day = at.astimezone(BEIJING).date()
            return individuals(measured.findings, rulebook, key, day, measured.keys, single=measured.single)
    return _NOBODY


def _fulfil(
    transfer: Transfer,
    judged: Judgement,
    rulebook: Rulebook,
    limits: Limits,
    apart: Apart,
    guests: Sequence[Guest],
) -> tuple[Decision, bytes | None]:
    """Do what the decision obliges to, then look at the result once more with the eyes of a stranger."""
    decision = judged.decision
    try:
        edits = transform(judged.content, judged.findings, decision)
        if not edits:
            return decision, transfer.body
        body = rebuild(transfer, judged.content, edits)
    except (CannotTransform, ValueError) as fault:
        return refused(decision, "transform.impossible", code=getattr(fault, "code", "part.not_writable")), None
    after = replace(transfer, body=body)
    seen = decode(after, limits, apart, schema_of(transfer, rulebook))
    found = classify(seen, rulebook, guests)
    left = surviving(found, decision)
    if left:
        return refused(decision, "transform.survived", categories=", ".join(left)), None
    facts = observe(after, seen, found, rulebook, people=judged.people, measured=judged.measured)
    if decide(facts, judged.standing, rulebook).verdict is not Verdict.PERMIT:
        return refused(decision, "transform.worsened"), None
    return decision, body


def _unrecorded(decision: Decision, facts: Facts, error: Exception) -> Outcome:
    """Refuse, since the ledger could not write."""
    decision = refused(decision, "ledger.closed", error=getattr(error, "code", type(error).__name__))
    return Outcome(decision, facts, None, None, Fault.LEDGER)


class House:
    """A rulebook, a ledger and the corridor between the doors."""

    def __init__(
        self,
        settings: Settings,
        rulebook: Rulebook,
        ledger: Recorder,
        apart: Apart = IN_PROCESS,
        guests: Sequence[Guest] = (),
        key: bytes = b"",
    ) -> None:
        """``ledger`` must be open; ``rulebook`` is the one in force until ``adopt``.

        ``apart`` reads the documents whose parsers are native or slow; it is used from several threads,
        and so are ``guests``, the recognisers from elsewhere. ``key`` is that of the fingerprints of people; without
        one they are told apart for as long as this house stands.
        """
        self.settings = settings
        self.rulebook = rulebook
        self.ledger = ledger
        self._log = logger()
        self._limits = settings.limits
        self._told = 0
        self._apart = apart
        self._guests = guests
        self._key = key or os.urandom(32)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="judge")
        self.closed = ""
        """Code for which everything is refused; "" while transfers are judged."""

    def adopt(self, rulebook: Rulebook, guests: Sequence[Guest]) -> None:
        """Judge by ``rulebook``, with its own ``guests``, what comes from now on; what has begun ends as it began."""
        self.rulebook, self._guests = rulebook, guests

    async def carry(self, transfer: Transfer) -> Outcome:
        """Judge ``transfer``, record the decision durably, say what may leave. Never raises for a fault of a room."""
        if self.closed:
            return await self.refuse(transfer, self.closed, Fault.HOUSE)
        start = perf_counter()
        rulebook = self.rulebook
        try:
            judgement = await self._judge(transfer, rulebook)
            metrics.NEAR_HITS.inc(judgement.findings.near_hits)
        except Exception as error:
            self._log.error("room failed", transfer=transfer.id, error=type(error).__name__)
            decision = refused(Decision(), "house.fault", error=type(error).__name__)
            return await self._record(transfer, bare_facts(transfer), decision, Fault.HOUSE, rulebook, {}, start)
        facts, decision, seconds = judgement.facts, judgement.decision, judgement.seconds
        if decision.verdict is not Verdict.PERMIT or judgement.count is None:
            return await self._record(
                transfer,
                facts,
                decision,
                Fault.POLICY,
                rulebook,
                seconds,
                start,
                body=judgement.body,
                standing=judgement.standing,
            )
        return await self._settle(transfer, judgement, judgement.count, rulebook, start)

    async def _judge(self, transfer: Transfer, rulebook: Rulebook) -> Judgement:
        """Judge what is quick here, and all else in a thread, so that nobody else waits for it; guests are slow."""

        def look(facts: Facts, cargo: Cargo) -> Count | None:
            if not is_counted(facts, cargo, rulebook):
                return None
            return Count(self.ledger.reading(), facts, cargo, rulebook)

        everything = (transfer, rulebook, look, self._limits, self._apart, self._guests, self._key)
        if not self._guests and not slow(transfer):
            return judge(*everything)
        return await asyncio.get_running_loop().run_in_executor(self._threads, judge, *everything)

    async def refuse(self, transfer: Transfer, code: str, fault: Fault = Fault.POLICY, **params: str) -> Outcome:
        """Record a refusal that the door itself must make (not HTTP, too large, cut off): no room looks at the body."""
        start = perf_counter()
        decision = refused(Decision(), code, **params)
        return await self._record(transfer, bare_facts(transfer), decision, fault, self.rulebook, {}, start)

    async def _settle(
        self, transfer: Transfer, judgement: Judgement, count: Count, rulebook: Rulebook, start: float
    ) -> Outcome:
        """Count the people and write the entry as one; what others have sent meanwhile may turn a permit."""
        before = perf_counter()
        facts = judgement.facts
        settlement = Settlement(
            facts,
            count,
            judgement.decision,
            judgement.cargo,
            rulebook,
            self.settings.gateway_id,
            Commitments.of(transfer, judgement.body),
        )
        try:
            receipt = await self.ledger.settle(settlement)
        except LedgerClosed as error:
            outcome = _unrecorded(judgement.decision, facts, error)
        except Exception as error:
            self._log.error("count failed", transfer=transfer.id, error=type(error).__name__)
            decision = refused(Decision(), "house.fault", error=type(error).__name__)
            return await self._record(transfer, facts, decision, Fault.HOUSE, rulebook, judgement.seconds, start)
        else:
            decision = settlement.decision
            body = judgement.body if decision.verdict is Verdict.PERMIT else None
            outcome = Outcome(decision, facts, body, receipt, Fault.POLICY)
            if body is None:
                metrics.STANDING_OVERTAKEN.inc()
            for exporter, scope, limit, share in settlement.shares():
                metrics.standing_share(exporter, scope, limit).set(share)
        done = perf_counter()
        self._tell(transfer, facts, outcome, rulebook, {**judgement.seconds, "ledger": done - before}, done - start)
        return outcome

    async def _record(
        self,
        transfer: Transfer,
        facts: Facts,
        decision: Decision,
        fault: Fault,
        rulebook: Rulebook,
        seconds: Mapping[str, float],
        start: float,
        *,
        body: bytes | None = None,
        standing: Standing = _NOTHING,
    ) -> Outcome:
        """Write the entry; only then is there an Outcome that lets anything go (law 2)."""
        before = perf_counter()
        try:
            commitments = Commitments.of(transfer, body)
            fields = entry_fields(
                facts,
                standing,
                decision,
                rulebook=rulebook.digest,
                gateway=self.settings.gateway_id,
                commitments=commitments.digests,
            )
            receipt = await self.ledger.append(encode("decision", fields), commitments.nonces)
        except Exception as error:
            if not isinstance(error, LedgerClosed):
                self._log.error("record failed", transfer=transfer.id, error=type(error).__name__)
            outcome = _unrecorded(decision, facts, error)
        else:
            outcome = Outcome(decision, facts, body, receipt, fault)
        done = perf_counter()
        self._tell(transfer, facts, outcome, rulebook, {**seconds, "ledger": done - before}, done - start)
        return outcome

    def _tell(
        self,
        transfer: Transfer,
        facts: Facts,
        outcome: Outcome,
        rulebook: Rulebook,
        seconds: Mapping[str, float],
        total: float,
    ) -> None:
        """Count, and write the one line of this transfer."""
        decision = outcome.decision
        verdict, leg = decision.verdict.name, facts.leg.value
        route = f"{facts.exporter.jurisdiction}->{facts.recipient.jurisdiction}"
        metrics.transfers(verdict, leg, route, decision.entry).inc()
        metrics.body_bytes(verdict, leg).inc(facts.size)
        for reason in decision.reasons:
            metrics.reasons(reason.rule, reason.verdict.name).inc()
        for opaque in facts.opaque:
            metrics.OPAQUE.labels(opaque.reason.value).inc()
        for violation in facts.violations:
            metrics.DEPARTURES.labels(violation.entry, violation.code).inc(violation.count)
        if outcome.fault is not Fault.POLICY:
            metrics.FAULTS.labels(outcome.fault.value).inc()
        self._told += 1
        if not self._told % ROOMS_SAMPLED:
            for room, spent in seconds.items():
                metrics.rooms[room].observe(spent)
        self._log.info(
            "transfer",
            gateway=self.settings.gateway_id,
            transfer=transfer.id,
            about=transfer.about,
            leg=leg,
            exporter=facts.exporter.id,
            recipient=facts.recipient.id,
            route=route,
            host=facts.host if facts.recipient.id or facts.exporter.id else "",
            method=facts.method,
            status=facts.status,
            media_type=facts.media_type,
            size=facts.size,
            state=facts.state.value,
            verdict=verdict,
            fault=outcome.fault.value,
            entry=decision.entry,
            basis=decision.basis,
            rules=[reason.rule for reason in decision.reasons],
            categories={found.category: found.count for found in facts.found},
            opaque=[opaque.reason.value for opaque in facts.opaque],
            notices=facts.notices,
            violations=sorted({each.code for each in facts.violations}),
            individuals=facts.individuals,
            obligations=[f"{duty.kind} {duty.category}" for duty in decision.obligations],
            rulebook=rulebook.digest,
            ledger_index=outcome.receipt.index if outcome.receipt else None,
            microseconds=round(total * 1e6),
        )

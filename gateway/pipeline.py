"""The corridor: the only place that knows the order of the rooms.

``judge`` walks a transfer through them and is pure; ``House.carry`` adds what is not: the record that must be
durable before anything is released, the figures and the log line. Whatever fails, fails closed (law 1): an
exception in a room becomes a recorded refusal, a ledger that cannot write becomes a refusal without record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, Protocol

from gateway import metrics
from gateway.classify import Guest, classify
from gateway.decide import decide, decision_record, facts_record, observe, schema_of, standing_record
from gateway.decode import IN_PROCESS, Apart, decode, rebuild, slow
from gateway.ledger import LedgerClosed, commit, encode
from gateway.logs import logger
from gateway.rulebook.book import Rulebook
from gateway.settings import Settings
from gateway.transform import CannotTransform, surviving, transform
from gateway.vocabulary import (
    Content,
    Decision,
    Facts,
    Fault,
    Findings,
    Limits,
    Outcome,
    Reason,
    Receipt,
    Standing,
    State,
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


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that the rooms made of a transfer. ``body`` is what may leave; None on anything but PERMIT."""

    content: Content
    findings: Findings
    facts: Facts
    decision: Decision
    body: bytes | None = field(repr=False)
    seconds: Mapping[str, float]
    """Time spent in each room."""


def judge(
    transfer: Transfer,
    rulebook: Rulebook,
    standing: Standing,
    limits: Limits,
    apart: Apart = IN_PROCESS,
    guests: Sequence[Guest] = (),
) -> Judgement:
    """Walk ``transfer`` through the rooms. No I/O but the reading of a monotonic clock for the figures.

    ``apart`` reads the documents whose parsers are native or slow; ``guests`` are recognisers from elsewhere.
    """
    start = perf_counter()
    content = decode(transfer, limits, apart, schema_of(transfer, rulebook))
    decoded = perf_counter()
    findings = classify(content, rulebook, guests)
    classified = perf_counter()
    facts = observe(transfer, content, findings, rulebook)
    decision = decide(facts, standing, rulebook)
    decided = perf_counter()
    body = None
    if decision.verdict is Verdict.PERMIT:
        body = transfer.body
        if decision.obligations:
            decision, body = _fulfil(transfer, content, findings, decision, rulebook, standing, limits, apart, guests)
    done = perf_counter()
    seconds = {
        "decode": decoded - start,
        "classify": classified - decoded,
        "decide": decided - classified,
        "transform": done - decided,
    }
    return Judgement(content, findings, facts, decision, body, seconds)


def _fulfil(
    transfer: Transfer,
    content: Content,
    findings: Findings,
    decision: Decision,
    rulebook: Rulebook,
    standing: Standing,
    limits: Limits,
    apart: Apart,
    guests: Sequence[Guest],
) -> tuple[Decision, bytes | None]:
    """Do what ``decision`` obliges to, then look at the result once more with the eyes of a stranger."""
    try:
        edits = transform(content, findings, decision)
        if not edits:
            return decision, transfer.body
        body = rebuild(transfer, content, edits)
    except (CannotTransform, ValueError) as fault:
        return _refused(decision, "transform.impossible", code=getattr(fault, "code", "part.not_writable")), None
    after = replace(transfer, body=body)
    seen = decode(after, limits, apart, schema_of(transfer, rulebook))
    found = classify(seen, rulebook, guests)
    left = surviving(found, decision)
    if left:
        return _refused(decision, "transform.survived", categories=", ".join(left)), None
    if decide(observe(after, seen, found, rulebook), standing, rulebook).verdict is not Verdict.PERMIT:
        return _refused(decision, "transform.worsened"), None
    return decision, body


def _refused(decision: Decision, code: str, /, **params: str) -> Decision:
    """Turn ``decision`` into a refusal for a reason of the house's own."""
    reason = Reason(code=code, rule="house", source="", params=tuple(sorted(params.items())))
    return replace(decision, verdict=Verdict.DENY, reasons=(*decision.reasons, reason), obligations=())


def bare_facts(transfer: Transfer) -> Facts:
    """Facts of a transfer that no room has looked at: who, where to and how large, nothing of what is in it."""
    envelope = transfer.envelope
    return Facts(
        transfer=transfer.id,
        at=transfer.at,
        leg=transfer.leg,
        exporter=transfer.exporter,
        recipient=transfer.recipient,
        scheme=envelope.scheme,
        host=envelope.host,
        port=envelope.port,
        method=envelope.method,
        media_type="",
        status=envelope.status,
        size=len(transfer.body),
        state=transfer.state,
        covering=(),
        near=(),
        notices=transfer.notices,
        about=transfer.about,
    )


def entry_fields(
    facts: Facts,
    standing: Standing,
    decision: Decision,
    *,
    rulebook: str,
    gateway: str,
    commitments: Mapping[str, str | None],
) -> dict[str, Any]:
    """Return the fields of a decision entry: all that the decision depended on, and the decision (law 3)."""
    return {
        "gateway": gateway,
        "rulebook": rulebook,
        "facts": facts_record(facts),
        "standing": standing_record(standing),
        "decision": decision_record(decision),
        "commitments": commitments,
    }


class House:
    """A rulebook, a ledger and the corridor between the doors."""

    def __init__(
        self,
        settings: Settings,
        rulebook: Rulebook,
        ledger: Recorder,
        apart: Apart = IN_PROCESS,
        guests: Sequence[Guest] = (),
    ) -> None:
        """``ledger`` must be open; ``rulebook`` is the one in force until ``adopt``.

        ``apart`` reads the documents whose parsers are native or slow; it is used from several threads,
        and so are ``guests``, the recognisers from elsewhere.
        """
        self.settings = settings
        self.rulebook = rulebook
        self.ledger = ledger
        self._log = logger()
        self._limits = settings.limits
        self._told = 0
        self._apart = apart
        self._guests = guests
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="judge")

    async def carry(self, transfer: Transfer) -> Outcome:
        """Judge ``transfer``, record the decision durably, say what may leave. Never raises for a fault of a room."""
        start = perf_counter()
        rulebook = self.rulebook
        standing = Standing()
        fault = Fault.POLICY
        try:
            judgement = await self._judge(transfer, rulebook, standing)
            metrics.NEAR_HITS.inc(judgement.findings.near_hits)
            facts, decision, body, seconds = judgement.facts, judgement.decision, judgement.body, judgement.seconds
        except Exception as error:
            self._log.error("room failed", transfer=transfer.id, error=type(error).__name__)
            facts, body, seconds, fault = bare_facts(transfer), None, {}, Fault.HOUSE
            decision = _refused(Decision(), "house.fault", error=type(error).__name__)
        return await self._record(transfer, facts, standing, decision, body, fault, rulebook, seconds, start)

    async def _judge(self, transfer: Transfer, rulebook: Rulebook, standing: Standing) -> Judgement:
        """Judge what is quick here, and all else in a thread, so that nobody else waits for it; guests are slow."""
        everything = (transfer, rulebook, standing, self._limits, self._apart, self._guests)
        if not self._guests and not slow(transfer):
            return judge(*everything)
        return await asyncio.get_running_loop().run_in_executor(self._threads, judge, *everything)

    async def refuse(self, transfer: Transfer, code: str, fault: Fault = Fault.POLICY, **params: str) -> Outcome:
        """Record a refusal that the door itself must make (not HTTP, too large, cut off): no room looks at the body."""
        start = perf_counter()
        decision = _refused(Decision(), code, **params)
        facts = bare_facts(transfer)
        return await self._record(transfer, facts, Standing(), decision, None, fault, self.rulebook, {}, start)

    async def _record(
        self,
        transfer: Transfer,
        facts: Facts,
        standing: Standing,
        decision: Decision,
        body: bytes | None,
        fault: Fault,
        rulebook: Rulebook,
        seconds: Mapping[str, float],
        start: float,
    ) -> Outcome:
        """Write the entry; only then is there an Outcome that lets anything go (law 2)."""
        before = perf_counter()
        try:
            nonces: dict[str, bytes] = {}
            commitments: dict[str, str | None] = {"payload": None, "released": None}
            if transfer.state is State.COMPLETE:
                nonces["payload"], digest = commit(transfer.body)
                commitments["payload"] = digest.hex()
                if body is transfer.body:
                    commitments["released"] = commitments["payload"]
                elif body is not None:
                    nonces["released"], digest = commit(body)
                    commitments["released"] = digest.hex()
            fields = entry_fields(
                facts,
                standing,
                decision,
                rulebook=rulebook.digest,
                gateway=self.settings.gateway_id,
                commitments=commitments,
            )
            receipt = await self.ledger.append(encode("decision", fields), nonces)
        except Exception as error:
            if not isinstance(error, LedgerClosed):
                self._log.error("record failed", transfer=transfer.id, error=type(error).__name__)
            decision = _refused(decision, "ledger.closed", error=getattr(error, "code", type(error).__name__))
            outcome = Outcome(decision, facts, None, None, Fault.LEDGER)
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
            obligations=[f"{duty.kind} {duty.category}" for duty in decision.obligations],
            rulebook=rulebook.digest,
            ledger_index=outcome.receipt.index if outcome.receipt else None,
            microseconds=round(total * 1e6),
        )

"""The last step of a permit that counts: figures, decision and entry in one transaction.

What others have sent since the decision was taken shows only here, where nobody else can write. If it makes no
difference to the permit and its duties, the transfer is counted and recorded; else it is refused, and counts nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.decide import decide, decision_record, facts_record, standing_record
from gateway.decide.boundaries import stands
from gateway.headcount import Cargo, Count, holder, limits_of
from gateway.ledger import commit, encode
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Decision, Facts, Reason, Standing, State, Transfer, Verdict


def refused(decision: Decision, code: str, /, **params: str) -> Decision:
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
    counted: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the fields of a decision entry: all that the decision depended on, and the decision (law 3).

    ``counted`` are the scopes that the transfer added to.
    """
    fields = {
        "gateway": gateway,
        "rulebook": rulebook,
        "facts": facts_record(facts),
        "standing": standing_record(standing),
        "decision": decision_record(decision),
        "commitments": commitments,
    }
    if counted:
        fields["counted"] = counted
    return fields


@dataclass(frozen=True, slots=True)
class Commitments:
    """Salted commitments to what came and to what may leave, and the nonces that open them."""

    digests: Mapping[str, str | None]
    nonces: Mapping[str, bytes]

    @classmethod
    def of(cls, transfer: Transfer, body: bytes | None) -> Commitments:
        """Commit to the payload, where it is whole, and to ``body``, where anything may leave."""
        nonces: dict[str, bytes] = {}
        digests: dict[str, str | None] = {"payload": None, "released": None}
        if transfer.state is State.COMPLETE:
            nonces["payload"], digest = commit(transfer.body)
            digests["payload"] = digest.hex()
            if body is transfer.body:
                digests["released"] = digests["payload"]
            elif body is not None:
                nonces["released"], digest = commit(body)
                digests["released"] = digest.hex()
        return cls(digests, nonces)

    @property
    def withheld(self) -> Commitments:
        """The same where nothing leaves after all."""
        nonces = {name: nonce for name, nonce in self.nonces.items() if name != "released"}
        return Commitments({**self.digests, "released": None}, nonces)


@dataclass(slots=True)
class Settlement:
    """What the ledger calls in its transaction; afterwards ``decision`` and ``standing`` are those of the entry."""

    facts: Facts
    count: Count
    """What the decision was taken on."""
    decision: Decision
    cargo: Cargo
    rulebook: Rulebook
    gateway: str
    commitments: Commitments
    standing: Standing = field(init=False)
    counted: tuple[str, ...] = ()
    """The scopes that the transfer added to; none where it was refused."""

    def __post_init__(self) -> None:
        """Begin with the standing that was decided on."""
        self.standing = self.count.standing

    def __call__(self, database: sqlite3.Connection) -> tuple[bytes, Mapping[str, bytes]]:
        """Count in the transaction that is open, and return the entry with its nonces."""
        count = self.count
        if not count.is_exact(database):
            count = Count(database, self.facts, self.cargo, self.rulebook)
        if count.standing != self.standing:
            if stands(self.decision, self.standing, count.standing, self.rulebook):
                self.standing = count.standing
            else:
                self._decide_again(count.standing)
        commitments = self.commitments
        if self.decision.verdict is Verdict.PERMIT:
            self.counted = count.add(self.decision.entry)
        else:
            commitments = commitments.withheld
        fields = entry_fields(
            self.facts,
            self.standing,
            self.decision,
            rulebook=self.rulebook.digest,
            gateway=self.gateway,
            commitments=commitments.digests,
            counted=self.counted,
        )
        return encode("decision", fields), commitments.nonces

    def _decide_again(self, standing: Standing) -> None:
        """Decide on how things stand now. What was made of the body fits the duties of the first decision only."""
        decision = decide(self.facts, standing, self.rulebook)
        if decision.verdict is Verdict.PERMIT and decision.obligations != self.decision.obligations:
            decision = refused(decision, "standing.moved")
        self.decision, self.standing = decision, standing

    def shares(self) -> Iterator[tuple[str, str, str, float]]:
        """Yield exporter, scope, limit and the part of it that is used, of what the transfer added to."""
        limits = limits_of(self.rulebook)
        exporter = holder(self.facts.exporter)
        for scope in self.counted:
            for limit in limits.get(scope, ()):
                yield exporter, scope, f"{limit.kind}:{limit.id}", limit.share(self.standing.after.get(scope, 0))

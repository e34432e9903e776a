"""Two rulebooks compared: who may now send what to whom, and what of the rules makes it so. Pure.

What may be sent is found out by asking: for each way that an entry opens, and each category that it lists, the same
harmless message is decided under both rulebooks, as if one person were in it and nothing had been sent before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from gateway.decide.cases import case_book, facts_of_case, standing_of_case
from gateway.decide.deciding import decide
from gateway.decide.observing import grade_of
from gateway.decide.view import view_of
from gateway.rulebook.book import Rulebook, under
from gateway.rulebook.policy import Case
from gateway.vocabulary import (
    BEIJING,
    STRANGER,
    Certainty,
    Decision,
    Envelope,
    Facts,
    Found,
    Grade,
    Leg,
    Proof,
    Standing,
    State,
    Transfer,
    Verdict,
)

_NOTHING_SENT = Standing()


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """A way by which data may travel: who to whom, in which half of which exchange."""

    exporter: str
    recipient: str
    leg: str
    host: str
    port: int
    method: str
    path: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of some categories on one way; ``""`` stands for data with nothing personal in them."""

    way: Way
    categories: tuple[str, ...]
    was: Verdict
    now: Verdict
    rules: tuple[str, ...]
    """What refuses or holds, in the rulebook in which something does."""
    duties: tuple[str, str] | None = None
    """What must be done to the data before and now, where that is what differs."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A case of a policy that comes to another verdict."""

    policy: str
    title: str
    source: str
    was: Verdict
    now: Verdict


def ways_of(rulebook: Rulebook) -> dict[Way, frozenset[str]]:
    """Return all ways that entries open, each with the categories that it lists."""
    ways: dict[Way, frozenset[str]] = {}
    for entry in rulebook.entries.values():
        back = Leg.RESPONSE if entry.carried_in is Leg.REQUEST else Leg.REQUEST
        for endpoint in entry.endpoints:
            media_type = min(endpoint.media_types, default="")
            for method in endpoint.methods:
                for path in endpoint.paths:
                    where = (endpoint.host, endpoint.port, method, path, media_type)
                    there = Way(entry.exporter, entry.recipient, entry.carried_in.value, *where)
                    ways[there] = ways.get(there, frozenset()) | entry.categories
                    if entry.counterflow:
                        here = Way(entry.recipient, entry.exporter, back.value, *where)
                        ways[here] = ways.get(here, frozenset()) | entry.counterflow
    return ways


def changes(old: Rulebook, new: Rulebook, day: date) -> tuple[Change, ...]:
    """Return what may be sent on ``day`` under one of the rulebooks and not under the other, or with other duties."""
    before, after = ways_of(old), ways_of(new)
    known = old.categories.keys() | new.categories.keys()
    found: list[Change] = []
    for way in sorted(before.keys() | after.keys()):
        listed = before.get(way, frozenset()) | after.get(way, frozenset())
        asked = ["", *sorted(name for name in known if under(name, listed))]
        grouped: dict[tuple[Any, ...], list[str]] = {}
        was, now = _probe(way, old, day), _probe(way, new, day)
        for category in asked:
            one, other = _asked(was, category, old), _asked(now, category, new)
            if one.verdict is not other.verdict:
                stricter = one if one.verdict < other.verdict else other
                rules = {reason.rule for reason in stricter.reasons if reason.verdict is not Verdict.PERMIT}
                grouped.setdefault((one.verdict, other.verdict, tuple(sorted(rules)), None), []).append(category)
            elif one.verdict is Verdict.PERMIT and _duties(one) != _duties(other):
                key = (one.verdict, other.verdict, (), (_duties(one), _duties(other)))
                grouped.setdefault(key, []).append(category)
        found += [Change(way, tuple(names), *key) for key, names in grouped.items()]
    return tuple(found)


def _duties(decision: Decision) -> str:
    return ", ".join(sorted(f"{duty.kind} {duty.category} keeping {duty.keep_last}" for duty in decision.obligations))


def _probe(way: Way, rulebook: Rulebook, day: date) -> Facts:
    """Return the facts of a harmless message on that way."""
    exporter, recipient = (rulebook.members.get(name) for name in (way.exporter, way.recipient))
    leg = Leg(way.leg)
    sends, receives = (Proof.TOKEN, Proof.HOST) if leg is Leg.REQUEST else (Proof.HOST, Proof.TOKEN)
    target = "/".join("x" if step.startswith("{") else step for step in way.path.split("/"))
    status = 0 if leg is Leg.REQUEST else 200
    transfer = Transfer(
        id="diff",
        at=datetime.combine(day, time(12), BEIJING),
        leg=leg,
        exporter=replace(exporter.party, proof=sends) if exporter else STRANGER,
        recipient=replace(recipient.party, proof=receives) if recipient else STRANGER,
        envelope=Envelope(
            method=way.method,
            scheme="https",
            host=way.host,
            port=way.port,
            target=target.encode(),
            headers=(),
            status=status,
        ),
        body=b"x",
        state=State.COMPLETE,
    )
    covering, near = view_of(rulebook).routes.match(transfer, way.media_type)
    return Facts(
        transfer="diff",
        at=transfer.at,
        leg=leg,
        exporter=transfer.exporter,
        recipient=transfer.recipient,
        scheme="https",
        host=way.host,
        port=way.port,
        method=way.method,
        media_type=way.media_type,
        status=status,
        size=1,
        state=State.COMPLETE,
        covering=covering,
        near=near,
    )


def _asked(facts: Facts, category: str, rulebook: Rulebook) -> Decision:
    if not category:
        return decide(facts, _NOTHING_SENT, rulebook)
    grade = grade_of(category, rulebook.categories)
    found = (Found(category, grade, Certainty.CERTAIN, 1, ("body",)),)
    people = int(grade >= Grade.PERSONAL)
    sensitive = int(grade is Grade.SENSITIVE)
    one = replace(facts, found=found, individuals=people, sensitive_individuals=sensitive, records=1)
    return decide(one, _NOTHING_SENT, rulebook)


def flips(old: Rulebook, new: Rulebook) -> tuple[Flip, ...]:
    """Return the cases, of policies of either, whose verdict differs between the two."""
    cases: dict[tuple[str, str], Case] = {}
    for book in (old, new):
        cases |= {(policy.id, case.title): case for policy in book.policies for case in policy.cases}
    found: list[Flip] = []
    for (policy, title), case in sorted(cases.items(), key=lambda item: item[0]):
        was, now = _played(case, old), _played(case, new)
        if was is not now:
            found.append(Flip(policy, title, case.source, was, now))
    return tuple(found)


def _played(case: Case, rulebook: Rulebook) -> Verdict:
    book = case_book(case, rulebook)
    return decide(facts_of_case(case, book), standing_of_case(case), book).verdict


@dataclass(frozen=True, slots=True)
class Part:
    """Something of a rulebook that was added, removed or changed."""

    kind: str
    id: str
    source: str
    before: Mapping[str, object] | None
    """What it says, by name of the part; None where it was not there."""
    after: Mapping[str, object] | None

    def differing(self) -> Iterator[tuple[str, object, object]]:
        """Yield what is not as it was: its name, before, after."""
        before, after = self.before or {}, self.after or {}
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                yield name, before.get(name), after.get(name)


def parts(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Part]:
    """Yield what differs between two tables of values of one kind, in order of id; its line does not count."""
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        before, after = (None if each is None else plain(each) for each in (one, other))
        if before != after:
            yield Part(kind, name, str(getattr(other if other is not None else one, "source", "")), before, after)


def plain(value: Any) -> dict[str, object]:
    """Return what a frozen value says, by name of the field, without where it stands."""
    return {
        name: _bare(getattr(value, name))
        for name in value.__dataclass_fields__
        if name not in ("source", "id", "_program")
    }


def _bare(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_bare(each) for each in value)
    if "source" in getattr(value, "__dataclass_fields__", ()):
        return replace(value, source="")
    return value

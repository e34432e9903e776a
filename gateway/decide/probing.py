"""What a rulebook would make of transfers that nobody sent: entries that can never permit, rules that never speak.

Each entry is asked for what it was written for: the parties it names, on its first endpoint, with what it lists. An
officer then learns when editing, and not from a refused sender, that a policy stands against a whole entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from gateway.decide.deciding import decide
from gateway.decide.observing import grade_of
from gateway.rulebook.book import Category, Entry, Rulebook, in_force
from gateway.rulebook.policy import Ask, Condition
from gateway.vocabulary import Certainty, Facts, Found, Grade, Leg, Proof, Standing, State, Verdict

_NAMED = {"exporter.id": "party", "recipient.id": "party", "entry.id": "entry", "basis.id": "basis", "host": "host"}
"""Facts whose values are names of things in the whitelist."""


def barren(rulebook: Rulebook, at: datetime) -> Iterator[tuple[str, str]]:
    """Yield (source, sentence) of entries in force under which something that they list can never pass.

    A hold is not a refusal: an officer can let it through.
    """
    for entry in rulebook.entries.values():
        if in_force(entry.validity, at) or entry.exporter not in rulebook.members:
            continue
        if not _against(rulebook, entry, tuple(entry.categories), at):
            continue
        if against := _against(rulebook, entry, (), at):
            yield entry.source, f"the entry '{entry.id}' permits nothing at all, by {against}"
            continue
        by_rules: dict[str, list[str]] = {}
        for category in sorted(entry.categories):
            if against := _against(rulebook, entry, (category,), at):
                by_rules.setdefault(against, []).append(category)
        for against, names in sorted(by_rules.items()):
            yield entry.source, f"the entry '{entry.id}' lists {', '.join(names)}, never let through by {against}"


def _against(rulebook: Rulebook, entry: Entry, categories: tuple[str, ...], at: datetime) -> str:
    """Return the rules that refuse one person's data of these categories, or ""."""
    decision = decide(_probe(rulebook, entry, categories, at), _alone(entry), rulebook)
    if decision.verdict is not Verdict.DENY:
        return ""
    return ", ".join(sorted({reason.rule for reason in decision.reasons if reason.verdict is Verdict.DENY}))


def _probe(rulebook: Rulebook, entry: Entry, categories: tuple[str, ...], at: datetime) -> Facts:
    exporter, recipient = (rulebook.members[name].party for name in (entry.exporter, entry.recipient))
    endpoint = entry.endpoints[0]
    response = entry.carried_in is Leg.RESPONSE
    found = tuple(
        Found(name, grade_of(name, rulebook.categories), Certainty.LIKELY, 1, ("*",))
        for name in sorted({_usual(category, rulebook.categories) for category in categories})
    )
    personal = any(each.grade >= Grade.PERSONAL for each in found)
    return Facts(
        transfer="probe",
        at=at,
        leg=entry.carried_in,
        exporter=replace(exporter, proof=Proof.HOST if response else Proof.MTLS),
        recipient=replace(recipient, proof=Proof.MTLS if response else Proof.HOST),
        scheme="https",
        host=endpoint.host,
        port=endpoint.port,
        method=min(endpoint.methods),
        media_type=min(endpoint.media_types),
        status=200 if response else 0,
        size=100,
        state=State.COMPLETE,
        covering=(entry.id,),
        near=(),
        found=found,
        individuals=int(personal),
        sensitive_individuals=int(any(each.grade is Grade.SENSITIVE for each in found)),
        records=1,
    )


def _usual(name: str, known: Mapping[str, Category]) -> str:
    """Return a category itself, or for a name above several the mildest below it."""
    if name in known:
        return name
    below = [each for each in known.values() if each.id.startswith(f"{name}.") and not each.secret]
    if not below:
        return name
    return min(below, key=lambda each: (each.grade, each.id)).id


def _alone(entry: Entry) -> Standing:
    """One person, the first of the year."""
    scopes = ["year/personal", "year/sensitive", f"basis:{entry.basis}/year/personal"]
    return Standing(after=dict.fromkeys(scopes, 1))


def silent(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield (source, sentence) of policies that ask for a name which nothing in the whitelist bears."""
    named = {
        "party": set(rulebook.members) | {""},
        "entry": set(rulebook.entries),
        "basis": set(rulebook.bases),
        "host": {endpoint.host for entry in rulebook.entries.values() for endpoint in entry.endpoints},
    }
    for policy in rulebook.policies:
        for ask in _asks(policy.when):
            what = _NAMED.get(ask.fact, "")
            if what and ask.operator == "any_of" and isinstance(ask.wanted, frozenset):
                strange = sorted(ask.wanted - named[what])
                if strange and ask.wanted <= set(strange):
                    said = f"the policy '{policy.id}' never speaks: there is no {what} '{strange[0]}'"
                    yield policy.source, said


def _asks(condition: Condition) -> Iterator[Ask]:
    """Yield what must hold in any case."""
    yield from condition.asks
    for each in condition.every:
        yield from _asks(each)

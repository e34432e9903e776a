"""decide(): facts, standing and rulebook in, decision out; reads like the statute.

Nothing is permitted but by a covering entry. Within an entry every policy is heard and the most restrictive wins.
Among several entries that cover a transfer the mildest outcome is taken, as any one of them is leave enough; so an
entry fewer never makes a verdict milder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from gateway.decide.conditions import Compiled, Params, Setting
from gateway.rulebook.book import Basis, Entry, Policy, Rulebook, in_force, under
from gateway.rulebook.policies import NO_BASIS
from gateway.vocabulary import (
    Certainty,
    Decision,
    Facts,
    Grade,
    Obligation,
    Reason,
    Standing,
    State,
    Verdict,
)

HOUSE = "house"
"""The rule that the house itself is."""

SPEAKS = {Verdict.DENY: "policy.denies", Verdict.HOLD: "policy.holds", Verdict.PERMIT: "policy.masks"}
UNFIT = ("expired", "not_yet", "other_exporter", "other_recipient")
"""States in which a basis carries nothing at all; one that is missing carries what needs none."""

type Rule = tuple[Policy, Compiled]


class Bench:
    """The policies of a rulebook, compiled, in order of id."""

    __slots__ = ("evidential", "plain")

    def __init__(self, rulebook: Rulebook) -> None:
        """Compile the policies of ``rulebook``."""
        rules = [
            (policy, Compiled(policy.when, rulebook.categories))
            for policy in sorted(rulebook.policies, key=lambda policy: policy.id)
        ]
        self.plain: tuple[Rule, ...] = tuple(rule for rule in rules if not rule[1].evidential)
        self.evidential: tuple[Rule, ...] = tuple(rule for rule in rules if rule[1].evidential)

    def hear(self, setting: Setting) -> list[tuple[Policy, Params]]:
        """Return the policies that speak, each with what it speaks about, in order of id."""
        facts = setting.facts
        spoken = [(rule, said) for rule, when in self.plain if (said := when.speaks(setting)) is not None]
        if facts.found or facts.opaque or facts.notices:
            spoken += [(rule, said) for rule, when in self.evidential if (said := when.speaks(setting)) is not None]
            spoken.sort(key=lambda each: each[0].id)
        return spoken


_BENCHES: WeakKeyDictionary[Rulebook, Bench] = WeakKeyDictionary()


def bench_of(rulebook: Rulebook) -> Bench:
    """Return the compiled policies of a rulebook; compiled once for each Rulebook."""
    bench = _BENCHES.get(rulebook)
    if bench is None:
        bench = _BENCHES[rulebook] = Bench(rulebook)
    return bench


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one entry comes to."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...]
    entry: str
    basis: str

    @property
    def severity(self) -> tuple[int, int, int, str]:
        """Order outcomes, mildest first: by verdict, fewest duties, most that stays legible, id."""
        legible = sum(duty.keep_last for duty in self.obligations)
        return -self.verdict, len(self.obligations), -legible, self.entry


def decide(facts: Facts, standing: Standing, rulebook: Rulebook) -> Decision:  # noqa: ARG001 - see below
    """Return the decision; pure and total, whatever the order of rules.

    ``standing`` is part of what a decision depends on by law 3; no condition asks for it yet.
    """
    bench = bench_of(rulebook)
    entries = [entry for name in facts.covering if (entry := rulebook.entries.get(name)) is not None]
    if not entries:
        return _uncovered(facts, bench)
    if len(entries) == 1:
        outcome = _under_entry(facts, entries[0], rulebook, bench)
    else:
        outcome = min(
            (_under_entry(facts, entry, rulebook, bench) for entry in entries), key=lambda each: each.severity
        )
    return Decision(outcome.verdict, outcome.reasons, outcome.obligations, outcome.entry, outcome.basis)


def _uncovered(facts: Facts, bench: Bench) -> Decision:
    """Refuse, and hear what policies say about the transfer as such."""
    if facts.covering:  # the rulebook no longer has the entries that once covered it
        facts = _without_cover(facts)
    setting = Setting(facts, None, "", frozenset(), None, frozenset(), "")
    near = facts.near[0] if facts.near and facts.exporter.id else None
    reasons = [_reason(policy, said, near=near) for policy, said in bench.hear(setting)]
    if not any(reason.verdict is Verdict.DENY for reason in reasons):
        params = (_near(near),) if near else ()
        reasons.append(Reason("house.not_covered", HOUSE, "", params=params))
    return Decision(Verdict.DENY, tuple(reasons), (), facts.near[0][0] if facts.near else "")


def _without_cover(facts: Facts) -> Facts:
    values = {name: getattr(facts, name) for name in Facts.__dataclass_fields__}
    return Facts(**{**values, "covering": ()})


def _near(near: tuple[str, str]) -> tuple[str, str]:
    entry, code = near
    return f"near_{code}", entry


def _under_entry(facts: Facts, entry: Entry, rulebook: Rulebook, bench: Bench) -> _Outcome:
    setting = _setting(facts, entry, rulebook)
    verdict = Verdict.PERMIT
    reasons: list[Reason] = []
    duties = list(entry.obligations)
    for policy, said in bench.hear(setting):
        verdict = min(verdict, policy.verdict)
        duties += policy.obligations
        reasons.append(_reason(policy, said, setting))
    if verdict is not Verdict.DENY:
        floor = tuple(_floor(setting))
        if floor:
            verdict = Verdict.DENY
            reasons += floor
    basis = setting.basis.id if setting.basis else ""
    if verdict is not Verdict.PERMIT:
        return _Outcome(verdict, tuple(reasons), (), entry.id, basis)
    reasons.append(_permit(entry, setting.basis))
    return _Outcome(verdict, tuple(reasons), _due(duties, facts), entry.id, basis)


def _setting(facts: Facts, entry: Entry, rulebook: Rulebook) -> Setting:
    """Look at the transfer as the carried leg of ``entry``, or as its counterflow."""
    carried = facts.leg is entry.carried_in
    name = entry.basis if carried else entry.counterflow_basis
    basis = rulebook.bases.get(name) if name else None
    return Setting(
        facts=facts,
        entry=entry,
        entry_state=in_force(entry.validity, facts.at),
        declared=entry.categories if carried else entry.counterflow,
        basis=basis,
        basis_states=_basis_states(basis, facts),
        basis_kind=basis.kind if basis else NO_BASIS,
    )


_MISSING = frozenset({"missing"})
_SOUND: frozenset[str] = frozenset()


def _basis_states(basis: Basis | None, facts: Facts) -> frozenset[str]:
    """Return everything that is wrong with a basis, for this transfer."""
    if basis is None:
        return _MISSING
    state = in_force(basis.validity, facts.at)
    exporter = facts.exporter.id == basis.exporter
    recipient = facts.recipient.id in basis.recipients
    if exporter and recipient and not state:
        return _SOUND
    wrong = {state, "" if exporter else "other_exporter", "" if recipient else "other_recipient"}
    return frozenset(wrong - {""})


def _floor(setting: Setting) -> Iterator[Reason]:
    """What an entry never opens, whatever the policies: its own bounds. Existence only, so that the law is kept."""
    facts, entry, basis = setting.facts, setting.entry, setting.basis
    if entry is None:
        return
    if setting.entry_state:
        day = entry.validity.until if setting.entry_state == "expired" else entry.validity.since
        params = (("day", day.isoformat()), ("entry", entry.id))
        yield Reason(f"entry.{setting.entry_state}", entry.id, entry.source, params=params)
    if facts.state is not State.COMPLETE:
        yield Reason("house.incomplete", HOUSE, "", params=(("state", facts.state.value),))
    for state in UNFIT:
        if basis is not None and state in setting.basis_states:
            yield Reason(f"basis.{state}", basis.id, basis.source, params=(("basis", basis.id),))
    personal = [found for found in facts.found if found.grade >= Grade.PERSONAL]
    if personal and basis is None:
        names = ", ".join(sorted({found.category for found in personal}))
        yield Reason("basis.missing", entry.id, entry.source, params=(("categories", names), ("entry", entry.id)))
    beyond = {
        found.category
        for found in personal
        if found.certainty >= Certainty.LIKELY and not under(found.category, setting.declared)
    }
    if beyond:
        params = (("categories", ", ".join(sorted(beyond))), ("entry", entry.id))
        yield Reason("entry.undeclared", entry.id, entry.source, params=params)


def _permit(entry: Entry, basis: Basis | None) -> Reason:
    params: tuple[tuple[str, str], ...] = (("day", entry.validity.until.isoformat()), ("entry", entry.id))
    if basis is None:
        return Reason("entry.permits", entry.id, entry.source, params=params, verdict=Verdict.PERMIT)
    params = (("basis", basis.id), *params, ("reference", basis.reference))
    return Reason("entry.permits_on_basis", entry.id, entry.source, params=params, verdict=Verdict.PERMIT)


def _due(duties: list[Obligation], facts: Facts) -> tuple[Obligation, ...]:
    """Keep the duties about categories that were found; of equal duties the strictest, in a fixed order."""
    if not duties or not facts.found:
        return ()
    due: dict[tuple[str, str], Obligation] = {}
    for duty in sorted(duties, key=lambda duty: (duty.kind, duty.category, duty.keep_last, duty.rule)):
        names = frozenset({duty.category})
        if any(under(found.category, names) for found in facts.found):
            due.setdefault((duty.kind, duty.category), duty)
    return tuple(due.values())


def _reason(
    policy: Policy, said: Params, setting: Setting | None = None, near: tuple[str, str] | None = None
) -> Reason:
    """Say that a policy speaks: its own words, and the ids, categories and dates that it speaks about."""
    params = dict(said)
    when = policy.when
    if setting is not None and setting.entry is not None:
        asks_basis = when.basis is not None or when.basis_kinds is not None or when.beyond_basis is not None
        if when.entry is not None:
            validity = setting.entry.validity
            day = validity.until if setting.entry_state == "expired" else validity.since
            params["day"] = day.isoformat()
        if when.entry is not None or when.undeclared is not None or asks_basis:
            params["entry"] = setting.entry.id
        if asks_basis and setting.basis is not None:
            params["basis"] = setting.basis.id
        if when.states is not None:
            params["state"] = setting.facts.state.value
    if near is not None and when.covered is not None:
        params.update([_near(near)])
    return Reason(
        code=SPEAKS[policy.verdict],
        rule=policy.id,
        source=policy.source,
        statute=policy.statute,
        params=tuple(sorted(params.items())),
        verdict=policy.verdict,
    )

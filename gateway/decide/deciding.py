"""decide(): facts, standing and rulebook in, decision out; reads like the statute.

Nothing is permitted but by a covering entry. Within an entry every policy is heard and the most restrictive wins.
Among several entries that cover a transfer the mildest outcome is taken, as any one of them is leave enough; so an
entry fewer never makes a verdict milder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.decide.bench import Bench, bench_of
from gateway.decide.conditions import Params
from gateway.decide.setting import Setting, setting_of
from gateway.rulebook.asking import asked
from gateway.rulebook.book import Basis, Entry, Rulebook, under
from gateway.rulebook.policy import Policy
from gateway.vocabulary import Certainty, Decision, Facts, Grade, Obligation, Reason, Standing, State, Verdict

HOUSE = "house"
"""The rule that the house itself is."""

SPEAKS = {Verdict.DENY: "policy.denies", Verdict.HOLD: "policy.holds", Verdict.PERMIT: "policy.masks"}
ON_TRIAL = "policy.trial"
MOST_SHOWN = 8
"""Departures from a dataset that a reason names."""
UNFIT = ("expired", "not_yet", "other_exporter", "other_recipient")
"""States in which a basis carries nothing at all; one that is missing carries what needs none."""


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


def decide(facts: Facts, standing: Standing, rulebook: Rulebook) -> Decision:
    """Return the decision; pure and total, whatever the order of rules."""
    bench = bench_of(rulebook)
    entries = [entry for name in facts.covering if (entry := rulebook.entries.get(name)) is not None]
    if not entries:
        return _uncovered(facts, standing, rulebook, bench)
    outcome = min(
        (_under_entry(setting_of(facts, standing, entry, rulebook.bases), entry, bench) for entry in entries),
        key=lambda each: each.severity,
    )
    return Decision(outcome.verdict, outcome.reasons, outcome.obligations, outcome.entry, outcome.basis)


def _uncovered(facts: Facts, standing: Standing, rulebook: Rulebook, bench: Bench) -> Decision:
    """Refuse, and hear what policies say about the transfer as such."""
    if facts.covering:  # the rulebook no longer has the entries that once covered it
        facts = _without_cover(facts)
    setting = setting_of(facts, standing, None, rulebook.bases)
    near = facts.near[0] if facts.near and facts.exporter.id else None
    reasons = [_reason(policy, said, setting, near) for policy, said in bench.hear(setting)]
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


def _under_entry(setting: Setting, entry: Entry, bench: Bench) -> _Outcome:
    verdict = Verdict.PERMIT
    reasons: list[Reason] = []
    duties = list(entry.obligations)
    for policy, said in bench.hear(setting):
        if not policy.trial:
            verdict = min(verdict, policy.verdict)
            duties += policy.obligations
        reasons.append(_reason(policy, said, setting, None))
    floor = tuple(_floor(setting, entry)) if verdict is not Verdict.DENY else ()
    bounds = tuple(_bounds(setting, entry))
    if floor or any(reason.verdict is Verdict.DENY for reason in bounds):
        verdict = Verdict.DENY
    reasons += (*floor, *bounds)
    basis = setting.basis.id if setting.basis else ""
    if verdict is not Verdict.PERMIT:
        return _Outcome(verdict, tuple(reasons), (), entry.id, basis)
    reasons.append(_permit(entry, setting.basis))
    return _Outcome(verdict, tuple(reasons), _due(duties, setting.facts), entry.id, basis)


def _floor(setting: Setting, entry: Entry) -> Iterator[Reason]:
    """What an entry never opens, whatever the policies. Existence only, so that the law is kept."""
    facts, basis = setting.facts, setting.basis
    if setting.entry_state != "in_force":
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


def _bounds(setting: Setting, entry: Entry) -> Iterator[Reason]:
    """The entry's own dataset and ceilings; where it only observes, they are said and refuse nothing."""
    observing = setting.observing
    verdict = Verdict.PERMIT if observing else Verdict.DENY
    prefix = "entry.would_refuse" if observing else "entry"
    broken = {f"{each.code} {each.place}" for each in setting.facts.violations if each.entry == entry.id}
    if broken:
        shown = sorted(broken)[:MOST_SHOWN]
        said = (("entry", entry.id), ("violated", ", ".join(shown)))
        yield Reason(f"{prefix}.violated", entry.id, entry.source, params=said, verdict=verdict)
    if not setting.carried:
        return
    for ceiling in entry.ceilings:
        figure = setting.standing.after.get(f"entry:{entry.id}/{ceiling.per}/{ceiling.what}", 0)
        if figure > ceiling.at_most:
            params = (
                ("ceiling", f"{ceiling.what}/{ceiling.per}"),
                ("entry", entry.id),
                ("figure", str(figure)),
                ("limit", str(ceiling.at_most)),
            )
            yield Reason(f"{prefix}.ceiling", entry.id, ceiling.source, params=params, verdict=verdict)


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


def _reason(policy: Policy, said: Params, setting: Setting, near: tuple[str, str] | None) -> Reason:
    """Say that a policy speaks: its own words, and the ids, categories and dates that it speaks about."""
    params = dict(said)
    names = asked(policy.when)
    entry, basis = setting.entry, setting.basis
    beyond = {each.beyond for each in policy.when.findings}
    asks_basis = "basis" in beyond or any(name.startswith(("basis.", "standing.")) for name in names)
    if entry is not None:
        if "entry.state" in names:
            expired = setting.entry_state == "expired"
            params["day"] = (entry.validity.until if expired else entry.validity.since).isoformat()
        if asks_basis or "entry" in beyond or any(name.startswith("entry.") for name in names):
            params["entry"] = entry.id
        if asks_basis and basis is not None:
            params["basis"] = basis.id
        if "body" in names:
            params["state"] = setting.facts.state.value
    if near is not None and "entry.covered" in names:
        params.update([_near(near)])
    return Reason(
        code=ON_TRIAL if policy.trial else SPEAKS[policy.verdict],
        rule=policy.id,
        source=policy.source,
        statute=policy.cite,
        params=tuple(sorted(params.items())),
        verdict=Verdict.PERMIT if policy.trial else policy.verdict,
    )

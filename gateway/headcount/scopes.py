"""How scopes are spelled, and which of them a transfer under an entry counts in.

    year/personal  year/sensitive                        all bases that count towards the year's thresholds
    basis:ID/year/personal  basis:ID/year/sensitive
    kind:KIND/year/personal  kind:KIND/year/sensitive     kinds of legal basis, also those that do not count
    entry:ID/year/individuals
    entry:ID/day|year/transfers|bytes|records|individuals where the entry has such a ceiling
    origin/unknown                                       people of this payload who did not come from outside
    origin/arrived                                       people whose data reached this party from outside

Each is kept for one exporter, with its affiliates, and one period: a calendar year or a day, in Beijing time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from gateway.rulebook.book import Entry, Rulebook
from gateway.vocabulary import BEIJING, Leg, Party

PERSONAL, SENSITIVE = "personal", "sensitive"
GRADES = (PERSONAL, SENSITIVE)
ORIGIN_UNKNOWN = "origin/unknown"
ORIGIN_ARRIVED = "origin/arrived"
OF_PEOPLE = frozenset({PERSONAL, SENSITIVE, "individuals"})
"""What is counted in people, each once; all else is added up."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One figure that a transfer adds to."""

    name: str
    per: str
    """``day`` or ``year``."""
    what: str
    """``personal``, ``sensitive``, ``individuals``, ``transfers``, ``bytes`` or ``records``."""


ARRIVED = Scope(ORIGIN_ARRIVED, "year", PERSONAL)


@dataclass(frozen=True, slots=True)
class Plan:
    """The scopes of one entry in one direction."""

    always: tuple[Scope, ...]
    """Those of ceilings that every transfer takes from, people or none."""
    people: tuple[Scope, ...]
    """Those that only a transfer with people adds to."""


def of_year(grade: str) -> str:
    """Return the scope of all counting bases."""
    return f"year/{grade}"


def of_basis(basis: str, grade: str) -> str:
    """Return the scope of one basis."""
    return f"basis:{basis}/year/{grade}"


def of_kind(kind: str, grade: str) -> str:
    """Return the scope of one kind of legal basis."""
    return f"kind:{kind}/year/{grade}"


def of_entry(entry: str, per: str, what: str) -> str:
    """Return the scope of a ceiling of an entry."""
    return f"entry:{entry}/{per}/{what}"


def holder(party: Party) -> str:
    """Return under whom a party's people are counted: affiliates together, so that nobody splits quantities."""
    return party.group or party.id


def period(per: str, at: datetime) -> str:
    """Return the day (``2026-11-21``) or the calendar year (``2026``) of ``at`` in Beijing."""
    day = at.astimezone(BEIJING).date().isoformat()
    return day if per == "day" else day[:4]


_PLANS: WeakKeyDictionary[Rulebook, dict[tuple[str, bool], Plan]] = WeakKeyDictionary()


def plan_of(entry: Entry, leg: Leg, rulebook: Rulebook) -> Plan:
    """Return the scopes of a transfer that goes under ``entry``; worked out once for each Rulebook."""
    plans = _PLANS.get(rulebook)
    if plans is None:
        plans = _PLANS[rulebook] = {}
    carried = leg is entry.carried_in
    plan = plans.get((entry.id, carried))
    if plan is None:
        plan = plans[entry.id, carried] = _planned(entry, rulebook, carried=carried)
    return plan


def _planned(entry: Entry, rulebook: Rulebook, *, carried: bool) -> Plan:
    """Ceilings bound what an entry carries, so nothing is counted for them on the way back."""
    basis = rulebook.bases.get(entry.basis if carried else entry.counterflow_basis)
    instrument = rulebook.instruments.get(basis.kind) if basis else None
    people = {
        of_entry(entry.id, "year", "individuals"): Scope(
            of_entry(entry.id, "year", "individuals"), "year", "individuals"
        )
    }
    names = []
    if instrument is None or instrument.counts:  # where nobody says, the stricter reading
        names += [(of_year(grade), grade) for grade in GRADES]
    if basis is not None:
        names += [(of_basis(basis.id, grade), grade) for grade in GRADES]
        names += [(of_kind(basis.kind, grade), grade) for grade in GRADES]
    people |= {scope: Scope(scope, "year", grade) for scope, grade in names}
    always: dict[str, Scope] = {}
    for ceiling in entry.ceilings if carried else ():
        scope = Scope(of_entry(entry.id, ceiling.per, ceiling.what), ceiling.per, ceiling.what)
        (people if ceiling.what == "individuals" else always)[scope.name] = scope
    return Plan(tuple(always.values()), tuple(people.values()))

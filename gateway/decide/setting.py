"""A transfer in the light of one covering entry, or of none; and what each fact of the table is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.rulebook.book import Basis, Entry, in_force
from gateway.rulebook.policies import NO_BASIS
from gateway.vocabulary import BEIJING, Facts, Party, Standing

_EVIDENCE = ("assessment", "reference")
_DAYS_ON_FILE = ("effective", "filed", "assessed")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Setting:
    """All that policies look at, for one entry."""

    facts: Facts
    standing: Standing
    entry: Entry | None
    entry_state: str
    """``in_force``, ``expired``, ``not_yet`` or ``none``."""
    carried: bool
    """Whether it is the leg of which the entry is made, and not its counterflow."""
    declared: frozenset[str]
    """Categories that the entry lists for this leg."""
    basis: Basis | None
    basis_states: frozenset[str]
    basis_kind: str

    @property
    def observing(self) -> bool:
        """Whether the entry's own bounds are only recorded today."""
        until = self.entry.observe_until if self.entry else None
        return until is not None and self.facts.at.astimezone(BEIJING).date() <= until


_MISSING = frozenset({"missing"})
_SOUND = frozenset({"sound"})


def setting_of(facts: Facts, standing: Standing, entry: Entry | None, bases: Mapping[str, Basis]) -> Setting:
    """Look at the transfer as the carried leg of ``entry``, or as its counterflow."""
    if entry is None:
        return Setting(facts, standing, None, "none", False, frozenset(), None, _MISSING, NO_BASIS)
    carried = facts.leg is entry.carried_in
    name = entry.basis if carried else entry.counterflow_basis
    basis = bases.get(name) if name else None
    return Setting(
        facts=facts,
        standing=standing,
        entry=entry,
        entry_state=in_force(entry.validity, facts.at) or "in_force",
        carried=carried,
        declared=entry.categories if carried else entry.counterflow,
        basis=basis,
        basis_states=_basis_states(basis, facts),
        basis_kind=basis.kind if basis else NO_BASIS,
    )


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


type Read = Callable[[Setting], object]


def _party(role: str, of: Callable[[Setting], Party]) -> dict[str, Read]:
    return {
        f"{role}.known": lambda setting: bool(of(setting).id),
        f"{role}.id": lambda setting: of(setting).id,
        f"{role}.jurisdiction": lambda setting: of(setting).jurisdiction.value,
        f"{role}.city": lambda setting: of(setting).city,
        f"{role}.traits": lambda setting: of(setting).traits,
        f"{role}.group": lambda setting: of(setting).group,
        f"{role}.proof": lambda setting: of(setting).proof.value,
    }


def _both(of: Callable[[Party], str]) -> Read:
    return lambda setting: frozenset({of(setting.facts.exporter), of(setting.facts.recipient)})


def _of_entry(read: Callable[[Entry], object], otherwise: object = "") -> Read:
    return lambda setting: otherwise if setting.entry is None else read(setting.entry)


def _of_basis(read: Callable[[Basis], object], otherwise: object = "") -> Read:
    return lambda setting: otherwise if setting.basis is None else read(setting.basis)


def _day(setting: Setting) -> object:
    return setting.facts.at.astimezone(BEIJING).date()


def _flow(setting: Setting) -> str:
    return "none" if setting.entry is None else "carried" if setting.carried else "counterflow"


def _mode(setting: Setting) -> str:
    return "none" if setting.entry is None else "observe" if setting.observing else "enforce"


def _dataset(setting: Setting) -> str:
    entry = setting.entry
    return "" if entry is None else entry.dataset if setting.carried else entry.counterflow_dataset


def _lists_purpose(setting: Setting) -> bool:
    entry, basis = setting.entry, setting.basis
    return entry is not None and basis is not None and (not basis.purposes or entry.purpose in basis.purposes)


def _evidence(basis: Basis) -> frozenset[str]:
    named = {name for name in _EVIDENCE if getattr(basis, name)}
    return frozenset(named | {name for name in _DAYS_ON_FILE if getattr(basis, name)} | basis.evidence.keys())


def _assessed_days(setting: Setting) -> int:
    basis = setting.basis
    if basis is None or basis.assessed is None:
        return -1
    return (setting.facts.at.astimezone(BEIJING).date() - basis.assessed).days


def _effective_days(setting: Setting) -> int:
    basis = setting.basis
    if basis is None or basis.effective is None:
        return -1
    return max(-1, (setting.facts.at.astimezone(BEIJING).date() - basis.effective).days)


def _filing(setting: Setting) -> str:
    basis = setting.basis
    if basis is None or basis.filing_due is None:
        return "not_asked"
    if basis.filed is not None:
        return "filed"
    return "due" if setting.facts.at.astimezone(BEIJING).date() <= basis.filing_due else "overdue"


def _scale_exceeded(setting: Setting) -> bool:
    basis = setting.basis
    if basis is None or basis.scale is None:
        return False
    return setting.standing.after.get(f"basis:{basis.id}/year/personal", 0) > basis.scale


def _violations(setting: Setting) -> frozenset[str]:
    name = setting.entry.id if setting.entry else ""
    return frozenset(each.code for each in setting.facts.violations if each.entry == name)


def _scope(prefix: Callable[[Setting], str], kind: str) -> Read:
    return lambda setting: setting.standing.after.get(f"{prefix(setting)}year/{kind}", 0)


def _standings() -> dict[str, Read]:
    prefixes: dict[str, Callable[[Setting], str]] = {
        "standing": lambda _: "",
        "standing.kind": lambda setting: f"kind:{setting.basis_kind}/",
        "standing.basis": lambda setting: f"basis:{setting.basis.id if setting.basis else ''}/",
    }
    return {
        f"{name}.{kind}": _scope(prefix, kind)
        for name, prefix in prefixes.items()
        for kind in ("personal", "sensitive")
    }


READ: Mapping[str, Read] = MappingProxyType(
    {
        "leg": lambda setting: setting.facts.leg.value,
        "method": lambda setting: setting.facts.method,
        "scheme": lambda setting: setting.facts.scheme,
        "host": lambda setting: setting.facts.host,
        "media_type": lambda setting: setting.facts.media_type,
        "status": lambda setting: setting.facts.status,
        "size": lambda setting: setting.facts.size,
        "body": lambda setting: setting.facts.state.value,
        "day": _day,
        "weekday": lambda setting: _WEEKDAYS[setting.facts.at.astimezone(BEIJING).weekday()],
        "hour": lambda setting: setting.facts.at.astimezone(BEIJING).hour,
        **_party("exporter", lambda setting: setting.facts.exporter),
        **_party("recipient", lambda setting: setting.facts.recipient),
        "parties.jurisdictions": _both(lambda party: party.jurisdiction.value),
        "parties.cities": _both(lambda party: party.city),
        "entry.covered": lambda setting: setting.entry is not None,
        "entry.id": _of_entry(lambda entry: entry.id),
        "entry.state": lambda setting: setting.entry_state,
        "entry.flow": _flow,
        "entry.mode": _mode,
        "entry.purpose": _of_entry(lambda entry: entry.purpose),
        "entry.zone": _of_entry(lambda entry: entry.zone),
        "entry.matter": _of_entry(lambda entry: entry.matter),
        "entry.dataset": _dataset,
        "entry.consent": _of_entry(lambda entry: entry.consent.partition(":")[0] or "none", "none"),
        "entry.onward": _of_entry(lambda entry: entry.onward, "none"),
        "entry.retention_days": _of_entry(
            lambda entry: -1 if entry.retention_days is None else entry.retention_days, -1
        ),
        "basis.id": _of_basis(lambda basis: basis.id),
        "basis.kind": lambda setting: setting.basis_kind,
        "basis.state": lambda setting: setting.basis_states,
        "basis.evidence": _of_basis(_evidence, frozenset()),
        "basis.onward": _of_basis(lambda basis: basis.onward, "none"),
        "basis.zone": _of_basis(lambda basis: basis.zone),
        "basis.lists_purpose": _lists_purpose,
        "basis.assessed_days": _assessed_days,
        "basis.effective_days": _effective_days,
        "basis.filing": _filing,
        "basis.scale": _of_basis(lambda basis: -1 if basis.scale is None else basis.scale, -1),
        "basis.scale_exceeded": _scale_exceeded,
        "unreadable": lambda setting: frozenset(part.reason.value for part in setting.facts.opaque),
        "noticed": lambda setting: frozenset(setting.facts.notices),
        "violations": _violations,
        "individuals": lambda setting: setting.facts.individuals,
        "individuals.sensitive": lambda setting: setting.facts.sensitive_individuals,
        "individuals.unidentified": lambda setting: setting.facts.unidentified,
        "individuals.minors": lambda setting: setting.facts.minors,
        "records": lambda setting: setting.facts.records,
        **_standings(),
        "standing.origin_unknown": lambda setting: setting.standing.after.get("origin/unknown", 0),
    }
)
"""How each fact of ``gateway.rulebook.facts`` is read in a setting."""

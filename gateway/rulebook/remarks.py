"""What is not wrong in a rulebook but deserves an officer's eye: what ends soon, overlaps, or belongs to the demo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from gateway.rulebook.book import Basis, Entry, Member, Rulebook, Validity, in_force
from gateway.rulebook.flows import overlapping
from gateway.vocabulary import BEIJING, Jurisdiction, Verdict

_SOON = 60
"""Days ahead, where ``thresholds.yaml`` names none: an extension of a security assessment must be asked for sixty
working days ahead, and two months is when to begin."""

_FILING_SOON = 14

DEMO_TOKENS = frozenset(
    sha256(token.encode()).hexdigest() for token in ("demo-zhuhai", "demo-macao", "demo-hk-clinic", "demo-shenzhen")
)
"""Everybody can read these tokens in the documentation."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about one place of the rules; ``source`` is ``file:line``."""

    source: str
    said: str

    def __str__(self) -> str:
        """Say it in the form that editors know."""
        return f"{self.source}: {self.said}"


def warnings(rulebook: Rulebook, today: date) -> tuple[Remark, ...]:
    """All remarks, in order of place. ``today`` is the day in Beijing."""
    at = datetime.combine(today, time(12), BEIJING)
    entries = list(rulebook.entries.values())
    remarks = [
        *(remark for entry in entries for remark in _ending("entry", entry, at, rulebook)),
        *(remark for basis in rulebook.bases.values() for remark in _ending("basis", basis, at, rulebook)),
        *(remark for basis in rulebook.bases.values() for remark in _filing(basis, at, rulebook)),
        *_outliving(entries, rulebook),
        *_overlapping(entries),
        *_unused(rulebook),
        *_spread(rulebook, at),
        *_unproven(rulebook),
        *_demo(entries, list(rulebook.members.values())),
    ]
    return tuple(sorted(remarks, key=lambda remark: _order(remark.source)))


def _order(source: str) -> tuple[str, int]:
    file, _, line = source.rpartition(":")
    return file, int(line) if line.isdigit() else 0


def _figure(rulebook: Rulebook, name: str, otherwise: int) -> int:
    threshold = rulebook.thresholds.get(name)
    return otherwise if threshold is None else threshold.value


def _ending(what: str, holder: Entry | Basis, at: datetime, rulebook: Rulebook) -> Iterator[Remark]:
    until, soon = holder.validity.until, timedelta(days=_figure(rulebook, "ending-days", _SOON) + 1)
    if in_force(holder.validity, at) == "expired":
        yield Remark(holder.source, f"the {what} '{holder.id}' ended on {until}; it permits nothing")
    elif in_force(holder.validity, at + soon) == "expired":
        left = (until - at.date()).days
        yield Remark(holder.source, f"the {what} '{holder.id}' ends on {until}, in {left} days")


def _filing(basis: Basis, at: datetime, rulebook: Rulebook) -> Iterator[Remark]:
    """A contract is filed within some working days after it took effect, by the calendar of the exporter's place."""
    instrument, due = rulebook.instruments.get(basis.kind), basis.filing_due
    if instrument is None or due is None:
        return
    within = Validity(date.min, due)
    noted = f"the basis '{basis.id}' took effect on {basis.effective}"
    law = f"{instrument.filing_days} working days, {instrument.statute}"
    if basis.filed is not None:
        filed = datetime.combine(basis.filed, time(12), BEIJING)
        if in_force(within, filed) == "expired":
            yield Remark(basis.source, f"{noted} and was filed on {basis.filed}, after {due} ({law})")
    elif in_force(within, at) == "expired":
        yield Remark(basis.source, f"{noted} and was to be filed by {due} ({law}); no filing is written down")
    elif in_force(within, at + timedelta(days=_figure(rulebook, "filing-soon-days", _FILING_SOON))) == "expired":
        yield Remark(basis.source, f"{noted} and must be filed by {due} ({law})")


def _unused(rulebook: Rulebook) -> Iterator[Remark]:
    used = {name for entry in rulebook.entries.values() for name in (entry.basis, entry.counterflow_basis)}
    for basis in rulebook.bases.values():
        if basis.id not in used:
            yield Remark(basis.source, f"no entry rests on the basis '{basis.id}'")


def _spread(rulebook: Rulebook, at: datetime) -> Iterator[Remark]:
    """One exporter, or affiliates, with the same categories on several bases that count (CAC Order 16 art. 8).

    They may have good reasons, and the count is taken over all of them; but whoever splits a quantity to stay under a
    line looks just like this.
    """
    sharing: dict[str, list[Basis]] = {}
    for basis in rulebook.bases.values():
        instrument, exporter = rulebook.instruments.get(basis.kind), rulebook.members.get(basis.exporter)
        if instrument is None or exporter is None or not (instrument.counts and instrument.personal):
            continue
        if exporter.party.jurisdiction is Jurisdiction.CN and in_force(basis.validity, at) != "expired":
            sharing.setdefault(exporter.party.group or exporter.party.id, []).append(basis)
    for owner, bases in sharing.items():
        listed: dict[str, tuple[str, Basis]] = {}
        above: dict[str, tuple[str, Basis]] = {}
        for basis in bases:
            names = sorted(basis.categories)
            met = next((found for name in names if (found := _met(name, listed, above))), None)
            if met:
                common, other = met
                who = "one exporter" if other.exporter == basis.exporter else f"affiliates of '{owner}'"
                said = f"{who} may send '{common}' on '{basis.id}' and on '{other.id}' ({other.source})"
                yield Remark(basis.source, f"{said}: they are counted together, and must not split a quantity")
            for name in names:
                listed.setdefault(name, (name, basis))
                for step in _upwards(name):
                    above.setdefault(step, (name, basis))


def _met(
    name: str, listed: Mapping[str, tuple[str, Basis]], above: Mapping[str, tuple[str, Basis]]
) -> tuple[str, Basis] | None:
    """The narrower of two names of which one covers the other, and the basis that lists the other."""
    for step in _upwards(name):
        if step in listed:
            return name, listed[step][1]
    return above.get(name)


def _upwards(name: str) -> Iterator[str]:
    """A category and what stands above it."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _outliving(entries: list[Entry], rulebook: Rulebook) -> Iterator[Remark]:
    for entry in entries:
        for name in {entry.basis, entry.counterflow_basis} - {""}:
            basis = rulebook.bases[name]
            if basis.validity.until < entry.validity.until:
                said = f"the entry '{entry.id}' runs to {entry.validity.until}, its basis '{name}' ends before"
                yield Remark(entry.source, f"{said}, on {basis.validity.until}")
            if basis.validity.since > entry.validity.since:
                said = f"the entry '{entry.id}' begins on {entry.validity.since}, its basis '{name}' later"
                yield Remark(entry.source, f"{said}, on {basis.validity.since}")


def _overlapping(entries: list[Entry]) -> Iterator[Remark]:
    for one, other in overlapping(entries):
        first, later = entries[one], entries[other]
        said = f"the entry '{later.id}' overlaps '{first.id}' ({first.source}): some exchanges fit both"
        yield Remark(later.source, said + _escape(first, later) + _escape(later, first))


def _escape(bound: Entry, other: Entry) -> str:
    """Say what bounds one entry and not the other: of two that cover a transfer, the milder one is taken."""
    lacks = [name for name in ("dataset", "ceilings") if getattr(bound, name) and not getattr(other, name)]
    return f"; '{other.id}' lacks the {' and '.join(lacks)} of '{bound.id}', so there they bind nobody" if lacks else ""


def _unproven(rulebook: Rulebook) -> Iterator[Remark]:
    for policy in rulebook.policies:
        if policy.verdict is Verdict.PERMIT or policy.trial:
            continue
        if not any(case.speaks and case.expect <= policy.verdict for case in policy.cases):
            word = "refuses" if policy.verdict is Verdict.DENY else "holds"
            yield Remark(policy.source, f"the policy '{policy.id}' shows no case that it {word}")


def _demo(entries: list[Entry], members: list[Member]) -> Iterator[Remark]:
    inward = [e for e in entries if any(n.is_loopback for endpoint in e.endpoints for n in endpoint.addresses)]
    if inward:
        said = f"{len(inward)} entries let their hosts be on this very machine (loopback); not for production"
        yield Remark(inward[0].source, said)
    known = [member for member in members if not DEMO_TOKENS.isdisjoint(member.tokens)]
    if known:
        names = ", ".join(member.party.id for member in known)
        yield Remark(
            known[0].source, f"the demo's tokens, which everybody knows, prove to be {names}; not for production"
        )

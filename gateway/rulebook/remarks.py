"""What is not wrong in a rulebook but deserves an officer's eye: what ends soon, overlaps, or belongs to the demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import combinations

from gateway.rulebook.book import Basis, Entry, Member, Rulebook
from gateway.rulebook.coherence import overlap
from gateway.vocabulary import Jurisdiction, Verdict

SOON = timedelta(days=60)
"""An extension of a security assessment must be asked for sixty working days ahead; two months is when to begin."""

GBA_CITIES = frozenset(
    {"Guangzhou", "Shenzhen", "Zhuhai", "Foshan", "Huizhou", "Dongguan", "Zhongshan", "Jiangmen", "Zhaoqing"}
)
"""The nine cities of the mainland whose bodies may use the GBA standard contracts (Announcements 2023/3 and 2024/1)."""

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
    entries = list(rulebook.entries.values())
    remarks = [
        *(remark for entry in entries for remark in _ending("entry", entry.id, entry, today)),
        *(remark for basis in rulebook.bases.values() for remark in _ending("basis", basis.id, basis, today)),
        *_outliving(entries, rulebook),
        *_overlapping(entries),
        *_elsewhere(rulebook),
        *_unproven(rulebook),
        *_demo(entries, list(rulebook.members.values())),
    ]
    return tuple(sorted(remarks, key=lambda remark: _order(remark.source)))


def _order(source: str) -> tuple[str, int]:
    file, _, line = source.rpartition(":")
    return file, int(line) if line.isdigit() else 0


def _ending(what: str, name: str, holder: Entry | Basis, today: date) -> Iterator[Remark]:
    until = holder.validity.until
    if until < today:
        yield Remark(holder.source, f"the {what} '{name}' ended on {until}; it permits nothing")
    elif until - today <= SOON:
        yield Remark(holder.source, f"the {what} '{name}' ends on {until}, in {(until - today).days} days")


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
    for one, other in combinations(entries, 2):
        if overlap(one, other):
            said = f"the entry '{other.id}' overlaps '{one.id}' ({one.source}): some exchanges fit both"
            yield Remark(other.source, said)


def _elsewhere(rulebook: Rulebook) -> Iterator[Remark]:
    for basis in rulebook.bases.values():
        if not basis.kind.startswith("gba_"):
            continue
        for name in (basis.exporter, *basis.recipients):
            party = rulebook.members[name].party
            if party.jurisdiction is Jurisdiction.CN and party.city not in GBA_CITIES:
                said = f"{basis.kind} is for bodies of nine cities, and {name} is in '{party.city}'"
                yield Remark(basis.source, said)


def _unproven(rulebook: Rulebook) -> Iterator[Remark]:
    for policy in rulebook.policies:
        if policy.verdict is Verdict.PERMIT:
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

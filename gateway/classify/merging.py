"""Merging what guests saw with what our own recognisers saw, by the rules by which ours are settled.

1. The more certain stands; of equals ours does, then the longer. So a model, which is POSSIBLE at most, never takes the
   place of a finding of ours.
2. A guest's finding falls to one that stands, on any overlapping span, of its category or of one above or under it
   (``pi.id`` and ``pi.id.hk.hkid``): strangers cut a name or an address elsewhere than we do, and it is one all the
   same. Its evidence goes to the one that stands, where that is ours.
3. A finding of ours falls only to a more certain one of its very category around it, as it would among our own.

Nothing becomes more certain by company: what a model says may hold a message, but never counts a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from gateway.vocabulary import Finding

_STRETCH = 6
"""Binary digits of the length of a stretch of text within which overlaps are looked for."""


@dataclass(slots=True, eq=False)
class _Standing:
    """A finding that stands, and what fell to it."""

    finding: Finding
    ours: bool
    evidence: list[str] = field(default_factory=list)


def merged(own: Sequence[Finding], seen: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return those of ``own``, and then of ``seen`` by guests, that stand, each in its order; time is linear."""
    if not seen:
        return tuple(own)
    values = {id(each.segment) for each in seen}
    rivals: dict[int, list[tuple[Finding, bool]]] = {}
    for finding, ours in (*((each, True) for each in own), *((each, False) for each in seen)):
        if id(finding.segment) in values:
            rivals.setdefault(id(finding.segment), []).append((finding, ours))
    standing = {id(each.finding): each for value in rivals.values() for each in _stand(value)}
    kept = (standing.get(id(each)) if id(each.segment) in values else _Standing(each, True) for each in (*own, *seen))
    return tuple(_told(each) for each in kept if each is not None)


def _stand(rivals: list[tuple[Finding, bool]]) -> Iterable[_Standing]:
    """Return what stands of the findings in one value."""
    rivals.sort(key=lambda each: (-each[0].certainty, not each[1], each[0].start - each[0].end))
    kept: list[_Standing] = []
    near: dict[int, list[_Standing]] = {}
    for finding, ours in rivals:
        stretches = range(finding.start >> _STRETCH, (finding.end - 1 >> _STRETCH) + 1)
        others = (other for stretch in stretches for other in near.get(stretch, ()))
        winner = next((other for other in others if _falls(finding, ours, other)), None)
        if winner is not None:
            winner.evidence += finding.evidence if winner.ours and not ours else ()
            continue
        one = _Standing(finding, ours)
        kept.append(one)
        for stretch in stretches:
            near.setdefault(stretch, []).append(one)
    return kept


def _falls(finding: Finding, ours: bool, other: _Standing) -> bool:
    """Tell whether a finding falls to one that stands."""
    held = other.finding
    if held.start >= finding.end or finding.start >= held.end:
        return False
    if not ours:
        return _kin(held.category, finding.category)
    around = held.start <= finding.start and finding.end <= held.end
    return not other.ours and around and held.category == finding.category


def _kin(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _told(standing: _Standing) -> Finding:
    if not standing.evidence:
        return standing.finding
    evidence = dict.fromkeys((*standing.finding.evidence, *standing.evidence))
    return replace(standing.finding, evidence=tuple(evidence))

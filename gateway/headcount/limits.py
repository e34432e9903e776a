"""What a count may come to: ceilings of entries, the scale that a basis was assessed for, figures of the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from gateway.headcount.scopes import PERSONAL, SENSITIVE, of_basis, of_entry, of_year
from gateway.rulebook.book import Rulebook

WARNINGS = (80, 95)
"""Shares of a limit, in per cent, at which a count is worth a warning, and a loud one."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on one scope."""

    scope: str
    at_most: int
    kind: str
    """``ceiling``, ``scale`` or ``threshold``."""
    id: str
    """The entry, basis or threshold that sets it."""
    source: str = ""

    def share(self, count: int) -> float:
        """Return the part of the limit that ``count`` takes; 1.0 is all of it."""
        return count / self.at_most if self.at_most > 0 else float(count > 0)

    def warning(self, count: int) -> int:
        """Return 0, or the highest of ``WARNINGS`` that ``count`` has reached."""
        return max((mark for mark in WARNINGS if count * 100 >= mark * self.at_most and count), default=0)


_LIMITS: WeakKeyDictionary[Rulebook, Mapping[str, tuple[Limit, ...]]] = WeakKeyDictionary()


def limits_of(rulebook: Rulebook) -> Mapping[str, tuple[Limit, ...]]:
    """Return all limits by scope, each list with the lowest first; worked out once for each Rulebook.

    Of the law's figures, those in people bound the year: ``...-sensitive-people`` the sensitive, ``...-people`` all.
    """
    limits = _LIMITS.get(rulebook)
    if limits is None:
        table: dict[str, list[Limit]] = {}
        for limit in _all(rulebook):
            table.setdefault(limit.scope, []).append(limit)
        limits = _LIMITS[rulebook] = {
            scope: tuple(sorted(each, key=lambda limit: (limit.at_most, limit.kind, limit.id)))
            for scope, each in sorted(table.items())
        }
    return limits


def _all(rulebook: Rulebook) -> Iterator[Limit]:
    for entry in rulebook.entries.values():
        for ceiling in entry.ceilings:
            scope = of_entry(entry.id, ceiling.per, ceiling.what)
            yield Limit(scope, ceiling.at_most, "ceiling", entry.id, ceiling.source)
    for basis in rulebook.bases.values():
        if basis.scale is not None:
            yield Limit(of_basis(basis.id, PERSONAL), basis.scale, "scale", basis.id, basis.source)
    for threshold in rulebook.thresholds.values():
        if threshold.id.endswith("-people"):
            grade = SENSITIVE if threshold.id.endswith("-sensitive-people") else PERSONAL
            yield Limit(of_year(grade), threshold.value, "threshold", threshold.id, threshold.source)

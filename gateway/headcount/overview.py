"""All figures of a year beside what they may come to: what ``kouan standing`` and the console show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.headcount.limits import Limit, limits_of
from gateway.headcount.scopes import GRADES, holder, of_year
from gateway.headcount.tables import Row
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Jurisdiction


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of one exporter and period, and one limit of it."""

    exporter: str
    """The party, or the group whose parties count together."""
    period: str
    scope: str
    count: int
    limit: Limit | None = None

    @property
    def share(self) -> float | None:
        """The part of the limit that is used; None where there is no limit."""
        return None if self.limit is None else self.limit.share(self.count)

    @property
    def warning(self) -> int:
        """0, or the share in per cent that was reached, of those that are worth a warning."""
        return 0 if self.limit is None else self.limit.warning(self.count)


def overview(rows: Iterable[Row], rulebook: Rulebook | None, year: str, today: str) -> list[Line]:
    """Return the lines of ``year`` in order, and those of ``today`` where it lies in it.

    A limit that nothing has been counted against stands with 0. With no rulebook there are no limits.
    """
    periods = {year, today} if today.startswith(year) else {year}
    counts = {(row.exporter, row.period, row.scope): row.count for row in rows if row.period in periods}
    limits: Mapping[str, tuple[Limit, ...]] = {} if rulebook is None else limits_of(rulebook)
    for exporter, scope in _bounded(rulebook):
        period = today if "/day/" in scope else year
        if period in periods and scope in limits:
            counts.setdefault((exporter, period, scope), 0)
    return [
        Line(exporter, period, scope, count, limit)
        for (exporter, period, scope), count in sorted(counts.items())
        for limit in limits.get(scope, (None,))
    ]


def _bounded(rulebook: Rulebook | None) -> Iterable[tuple[str, str]]:
    """Yield whose figures have limits: exporter and scope."""
    if rulebook is None:
        return
    holders = {name: holder(member.party) for name, member in rulebook.members.items()}
    for entry in rulebook.entries.values():
        exporter = holders.get(entry.exporter, entry.exporter)
        for ceiling in entry.ceilings:
            yield exporter, f"entry:{entry.id}/{ceiling.per}/{ceiling.what}"
    for basis in rulebook.bases.values():
        yield holders.get(basis.exporter, basis.exporter), f"basis:{basis.id}/year/personal"
        member = rulebook.members.get(basis.exporter)
        if member is not None and member.party.jurisdiction is Jurisdiction.CN:
            for grade in GRADES:
                yield holder(member.party), of_year(grade)

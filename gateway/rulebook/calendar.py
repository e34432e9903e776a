"""Working days of the mainland, Hong Kong and Macao, since the law counts deadlines in them.

The days off, and the weekend days on which the mainland works instead (调休), come from the library ``holidays``, which
holds them as data and opens no connection. ``policies/law/calendar.yaml`` overrides it, day by day: a government may
announce a day next week, and an officer must not wait for a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import holidays

from gateway.rulebook.document import Document, Faulty, Problem
from gateway.vocabulary import Jurisdiction

_PLACES: Mapping[Jurisdiction, tuple[str, ...]] = {
    Jurisdiction.CN: ("public",),
    Jurisdiction.HK: ("public",),
    # Deadlines before Macao's authorities follow the days on which these are closed.
    Jurisdiction.MO: ("public", "government"),
}
"""Which of a place's lists of days off count."""

_SATURDAY = 5

_AFTERNOON = "（下午）"
"""How the library marks an afternoon off, in the language of Macao."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and days of work that an officer wrote down, by place. Pure: it knows no today."""

    off: Mapping[Jurisdiction, frozenset[date]] = field(default_factory=dict)
    work: Mapping[Jurisdiction, frozenset[date]] = field(default_factory=dict)

    def is_working_day(self, day: date, place: Jurisdiction) -> bool:
        """Tell whether ``day`` is a working day at ``place``, one of the mainland, Hong Kong and Macao."""
        if day in self.off.get(place, ()):
            return False
        if day in self.work.get(place, ()):
            return True
        free, made_up = _year(place, day.year)
        return day in made_up or (day.weekday() < _SATURDAY and day not in free)

    def working_days_after(self, day: date, n: int, place: Jurisdiction) -> date:
        """Return the ``n``-th working day after ``day``, which itself does not count (``n`` at least 0)."""
        while n > 0:
            day += timedelta(days=1)
            n -= self.is_working_day(day, place)
        return day


@cache
def _year(place: Jurisdiction, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off, and weekend days of work, of one year."""
    known = holidays.country_holidays(place.name, years=year, categories=_PLACES[place], expand=False)
    # An afternoon off leaves a day on which a filing is taken; the strict reading counts it.
    free = (day for day, name in known.items() if not all(_AFTERNOON in part for part in name.split(";")))
    return frozenset(free), frozenset(known.weekend_workdays)


def read_calendar(document: Document) -> Calendar:
    """Read ``policies/law/calendar.yaml``. Raise ``Faulty`` with every problem of the file."""
    problems: list[Problem] = []
    days: dict[str, dict[Jurisdiction, frozenset[date]]] = {"days_off": {}, "workdays": {}}
    for name, place in document.data["places"].items():
        for kind, table in days.items():
            read: dict[date, int] = {}
            for at, item in enumerate(place.get(kind, ())):
                where = ("places", name, kind, at, "day")
                try:
                    day = date.fromisoformat(item["day"])
                except ValueError:
                    problems.append(document.problem(where, f"there is no day {item['day']}", "look at the calendar"))
                    continue
                if day in read or day in days["days_off"].get(Jurisdiction(name), ()):
                    problems.append(document.problem(where, f"{day} is written twice", "keep one of them"))
                read[day] = at
            table[Jurisdiction(name)] = frozenset(read)
    if problems:
        raise Faulty(problems)
    return Calendar(MappingProxyType(days["days_off"]), MappingProxyType(days["workdays"]))

"""What an exporter's counts are, what they would be with this transfer, and adding it; DOMAIN 1.4.

``Count`` reads on whatever connection it is given: outside of a transaction it is a look, inside the transaction that
writes the entry it is exact, since nobody else can be in there.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateway.headcount import tables
from gateway.headcount.scopes import (
    ARRIVED,
    OF_PEOPLE,
    ORIGIN_UNKNOWN,
    SENSITIVE,
    Plan,
    Scope,
    holder,
    period,
    plan_of,
)
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Certainty, Facts, Grade, Individuals, Jurisdiction, Standing


@dataclass(frozen=True, slots=True)
class Cargo:
    """The people of a payload."""

    people: tuple[bytes, ...] = field(default=(), repr=False)
    """Fingerprints as they are kept, sorted."""
    sensitive: frozenset[bytes] = field(default=frozenset(), repr=False)
    """Those among them of whom there is sensitive personal information."""
    unidentified: int = 0
    """Records of nobody who could be told from others; each counts as one, and again each time."""

    @classmethod
    def of(cls, people: Individuals) -> Cargo:
        """Shorten and sort the fingerprints of ``people``."""
        size = tables.FINGERPRINT
        return cls(
            tuple(sorted({each[:size] for each in people.everybody})),
            frozenset(each[:size] for each in people.sensitive),
            people.unknown,
        )

    def __bool__(self) -> bool:
        return bool(self.people or self.unidentified)


NOBODY = Cargo()


def _grave(facts: Facts) -> bool:
    """Tell whether a record of nobody known may be a sensitive one. Identity numbers alone make no such record."""
    return any(
        found.grade >= Grade.SENSITIVE
        and found.certainty >= Certainty.LIKELY
        and not found.category.startswith("pi.id.")
        for found in facts.found
    )


def _moment(database: sqlite3.Connection) -> tuple[int, int]:
    """Return two numbers, of which one differs once this connection or any other has written."""
    changes = database.total_changes
    version: int = database.execute("PRAGMA data_version").fetchone()[0]
    return changes, version


class Count:
    """The counts of one transfer's exporter, as far as they concern this transfer."""

    __slots__ = (
        "_as_of",
        "_cargo",
        "_database",
        "_exporter",
        "_facts",
        "_known",
        "_masks",
        "_plans",
        "_rows",
        "_when",
        "standing",
    )

    def __init__(self, database: sqlite3.Connection, facts: Facts, cargo: Cargo, rulebook: Rulebook) -> None:
        """Read the counts of all entries that cover ``facts``."""
        self._as_of = _moment(database)
        self._database = database
        self._facts = facts
        self._cargo = cargo
        self._exporter = holder(facts.exporter)
        self._when = {per: period(per, facts.at) for per in ("day", "year")}
        self._plans: dict[str, Plan] = {
            name: plan_of(entry, facts.leg, rulebook)
            for name in facts.covering
            if (entry := rulebook.entries.get(name)) is not None
        }
        scopes = {scope.name: scope for plan in self._plans.values() for scope in self._scopes(plan)}
        wanted: dict[str, list[str]] = {}
        for scope in scopes.values():
            wanted.setdefault(self._when[scope.per], []).append(scope.name)
        self._rows = tables.figures(database, self._exporter, wanted)
        self._masks: dict[int, dict[bytes, int]] = {}
        self._known: dict[int, tuple[Counter[int], Counter[int]]] = {}
        self.standing = self._standing(scopes.values())
        """Before this transfer and with it; figures of 0 are left out."""

    def is_exact(self, database: sqlite3.Connection) -> bool:
        """Tell whether nothing at all was written since this was read, by whomever; asked inside a transaction."""
        return database is self._database and _moment(database) == self._as_of

    def _scopes(self, plan: Plan) -> tuple[Scope, ...]:
        return plan.always + plan.people if self._cargo else plan.always

    def _standing(self, scopes: Iterable[Scope]) -> Standing:
        before: dict[str, int] = {}
        after: dict[str, int] = {}
        for scope in scopes:
            row = self._rows.get((self._when[scope.per], scope.name))
            count = row.count if row else 0
            projected = count + self._more(scope, row)
            if count:
                before[scope.name] = count
            if projected:
                after[scope.name] = projected
        if self._cargo and self._facts.exporter.jurisdiction is Jurisdiction.CN:
            unknown = self._cargo.unidentified + len(self._cargo.people) - len(self._arrived())
            if unknown:
                after[ORIGIN_UNKNOWN] = unknown
        return Standing(before, after)

    def _more(self, scope: Scope, row: tables.Row | None) -> int:
        """Return how many this transfer adds to a figure."""
        facts, cargo = self._facts, self._cargo
        if scope.what not in OF_PEOPLE:
            return {"transfers": 1, "bytes": facts.size, "records": facts.records}[scope.what]
        grave = scope.what == SENSITIVE
        total = len(cargo.sensitive) if grave else len(cargo.people)
        unidentified = cargo.unidentified if not grave or _grave(facts) else 0
        if row is None or row.page is None or row.bit is None or not total:
            return total + unidentified
        flag = 1 << row.bit
        known = sum(many for mask, many in self._on(row.page)[grave].items() if mask & flag)
        return total - known + unidentified

    def _on(self, page: int) -> tuple[Counter[int], Counter[int]]:
        """Return how many of everybody, and of the sensitive, stand on a page with which bits."""
        known = self._known.get(page)
        if known is None:
            masks = self._masks[page] = tables.masks(self._database, page, self._cargo.people)
            sensitive = self._cargo.sensitive
            grave = Counter(mask for person, mask in masks.items() if person in sensitive) if sensitive else Counter()
            known = self._known[page] = (Counter(masks.values()), grave)
        return known

    def _arrived(self) -> set[bytes]:
        """Return who of these people came to this exporter from outside of the mainland, in whatever year."""
        found: set[bytes] = set()
        if not self._cargo.people:
            return found
        for row in tables.rows(self._database, "WHERE exporter=? AND scope=?", (self._exporter, ARRIVED.name)):
            if row.page is not None and row.bit is not None:
                flag = 1 << row.bit
                masks = self._masks.get(row.page)
                if masks is None:
                    masks = tables.masks(self._database, row.page, self._cargo.people)
                found.update(person for person, mask in masks.items() if mask & flag)
        return found

    def add(self, entry: str) -> tuple[str, ...]:
        """Count this transfer under ``entry``, in the transaction that is open; return the scopes that it counts in."""
        plan = self._plans.get(entry)
        if plan is None:
            return ()
        scopes = self._scopes(plan)
        if not self._rows:  # perhaps nobody was ever counted in this ledger
            tables.make(self._database)
        self._count(self._exporter, scopes, self._rows)
        if self._cargo and self._comes_in():
            self._remember()
        return tuple(sorted(scope.name for scope in scopes))

    def _comes_in(self) -> bool:
        facts = self._facts
        return facts.exporter.jurisdiction is not Jurisdiction.CN and facts.recipient.jurisdiction is Jurisdiction.CN

    def _remember(self) -> None:
        """Note for the recipient that these people came from outside (2024 Provisions art. 4)."""
        party = holder(self._facts.recipient)
        year = self._when[ARRIVED.per]
        rows = tables.figures(self._database, party, {year: [ARRIVED.name]})
        self._count(party, (ARRIVED,), rows, unidentified=False)

    def _count(
        self,
        exporter: str,
        scopes: Iterable[Scope],
        rows: Mapping[tuple[str, str], tables.Row],
        *,
        unidentified: bool = True,
    ) -> None:
        more: list[tuple[str, str, str, int, int | None, int | None]] = []
        flags: dict[int, tuple[int, int]] = {}
        room = tables.Room(self._database, exporter)
        for scope in scopes:
            when = self._when[scope.per]
            row = rows.get((when, scope.name))
            added = self._more(scope, row) - (0 if unidentified else self._cargo.unidentified)
            page, bit = (row.page, row.bit) if row else (None, None)
            grave = scope.what == SENSITIVE
            people = self._cargo.sensitive if grave else self._cargo.people
            if scope.what in OF_PEOPLE and people:
                if page is None or bit is None:
                    if scope.per == "day":
                        tables.prune(self._database, exporter, when)
                    page, bit = room.take(when)
                everybody, sensitive = flags.get(page, (0, 0))
                flags[page] = (everybody, sensitive | 1 << bit) if grave else (everybody | 1 << bit, sensitive)
            if added or page != (row.page if row else None):
                more.append((exporter, when, scope.name, added, page, bit))
        tables.add(self._database, more)
        for page, (everybody, sensitive) in flags.items():
            tables.place(self._database, self._marks(page, everybody, sensitive))

    def _marks(self, page: int, everybody: int, sensitive: int) -> Iterable[tuple[int, bytes, int]]:
        """Yield the people whose bits on ``page`` are not all set yet."""
        known = self._masks.get(page, {})
        grave = self._cargo.sensitive
        for person in self._cargo.people:
            wanted = everybody | sensitive if person in grave else everybody
            if wanted & ~known.get(person, 0):
                yield page, person, wanted


def is_counted(facts: Facts, cargo: Cargo, rulebook: Rulebook) -> bool:
    """Tell whether a transfer has a standing at all: people, or an entry with ceilings."""
    return any(
        cargo or plan_of(entry, facts.leg, rulebook).always
        for name in facts.covering
        if (entry := rulebook.entries.get(name)) is not None
    )

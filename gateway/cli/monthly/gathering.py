"""One pass over a ledger for one month: what a report counts is kept, what it lists is handed on at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from gateway.cli.export.columns import COLUMNS, Row, Value
from gateway.cli.export.query import Query
from gateway.cli.facing import in_tongue
from gateway.cli.monthly.tables import REFUSALS, TRANSFERS, WORDS
from gateway.rulebook.book import Basis, Entry, Rulebook
from gateway.rulebook.datasets import NONE

type Listed = Callable[[str, Sequence[Value]], None]
"""Takes a row of a table that has one for each transfer."""

_SCOPE = re.compile(r"(?:(?:basis|kind):[^/]+/)?year/(?:personal|sensitive)")
_CELLS = {column.name: column.of for column in COLUMNS}
_TRANSFER = ("reference", "index", "at", "exporter", "recipient", "entry", "categories", "records", "individuals")
_REFUSAL = ("index", "at", "verdict", "exporter", "recipient", "entry", "reasons")
EXEMPT = "ex_"
"""Kinds of basis that begin like this are exemptions (CAC Order 16, Network Data Regulations art. 35)."""


def month_of(text: str) -> tuple[date, date]:
    """Return first and last day of ``2026-11``. Raises ``ValueError``."""
    first = date.fromisoformat(f"{text}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass(slots=True)
class Sum:
    """Transfers of one filing number."""

    transfers: int = 0
    records: int = 0
    individuals: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Month:
    """What was counted. ``take`` is given every entry of the ledger, in order."""

    first: date
    last: date
    query: Query
    language: str
    listed: Listed
    book: Rulebook | None = None
    """The rules that were last in force in the month."""
    digest: str = ""
    permits: int = 0
    refusals: int = 0
    scenarios: dict[str, Entry] = field(default_factory=dict)
    books: dict[str, Rulebook] = field(default_factory=dict)
    """By scenario, the rulebook that its last transfer names."""
    found: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Findings by scenario, category and grade."""
    found_in: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    people: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By exporter and scope: the figure before the month, and at its end."""
    filings: dict[str, Sum] = field(default_factory=dict)
    bases: dict[str, Basis] = field(default_factory=dict)
    reasons: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    notable: list[tuple[str, str, int, str]] = field(default_factory=list)

    def other(self, index: int, entry: dict[str, Any]) -> None:
        """Take in an entry that is no decision: officers changed, nonces erased."""
        day = str(entry.get("at", ""))[:10]
        if not self.first.isoformat() <= day <= self.last.isoformat():
            return
        if entry["kind"] == "officers" and entry["override"]:
            self.notable.append(("override", f"{index}", 1, entry["override"]))
        if entry["kind"] == "erasure" and entry["early"]:
            self.notable.append(("erasure", f"{index}", entry["early"], f"{entry['reason']} ({entry['by']})"))

    def figures(self, entry: dict[str, Any]) -> None:
        """Take in the figures of a decision of this year: the last of each chain stands."""
        day = date.fromisoformat(entry["facts"]["at"][:10])
        exporter = entry["facts"]["exporter"]
        if day.year != self.first.year or day > self.last:
            return
        if self.query.exporter and self.query.exporter not in (exporter["id"], exporter["group"]):
            return
        for scope in entry.get("counted", ()):
            if _SCOPE.fullmatch(scope) and self._wanted(scope):
                figure = self.people.setdefault((exporter["group"] or exporter["id"], scope), [0, 0])
                after = entry["standing"]["after"].get(scope, 0)
                figure[1] = max(figure[1], after)
                if day < self.first:
                    figure[0] = max(figure[0], after)

    def _wanted(self, scope: str) -> bool:
        return not self.query.basis or not scope.startswith("basis:") or scope.startswith(f"basis:{self.query.basis}/")

    def decision(self, row: Row) -> None:
        """Take in a decision that is asked for."""
        if row.decision["verdict"] == "permit":
            self._permit(row)
        else:
            self.refusals += 1
            cells = {name: _CELLS[name](row) for name in _REFUSAL}
            cells["verdict"] = self._word(row.decision["verdict"])
            self.listed(REFUSALS.name, [*cells.values()])
            told = {
                (row.decision["verdict"], each["code"], each["rule"], each["statute"])
                for each in row.decision["reasons"]
                if each["verdict"] != "permit"
            }
            self.reasons.update(told)

    def _permit(self, row: Row) -> None:
        self.permits += 1
        self.listed(TRANSFERS.name, [*(_CELLS[name](row) for name in _TRANSFER), row.facts["size"]])
        scenario, basis = row.decision["entry"], row.decision["basis"]
        if row.allowed is not None and row.book is not None:
            self.scenarios[scenario] = row.allowed
            self.books[scenario] = row.book
        if row.basis is not None:
            self.bases[basis] = row.basis
        filing = self.filings.setdefault(basis, Sum())
        filing.transfers += 1
        filing.records += row.facts.get("records", 0)
        filing.individuals += row.facts.get("individuals", 0)
        filing.bytes += row.facts["size"]
        for each in row.facts["found"]:
            key = (scenario, each["category"], each["grade"])
            self.found[key] += each["count"]
            self.found_in[key] += 1

    def items(self) -> Iterator[list[Value]]:
        """Yield the fields that each scenario may carry."""
        for name, entry in sorted(self.scenarios.items()):
            book = self.books[name]
            head: list[Value] = [name, entry.purpose, entry.exporter, entry.recipient]
            dataset = book.datasets.get(entry.dataset)
            if dataset is None:
                for category in sorted(entry.categories) or [NONE]:
                    yield [*head, "*", "", *self._category(book, category)]
                continue
            for node in dataset.leaves():
                yield [*head, node.path, node.type, *self._category(book, node.category)]

    def categories(self) -> Iterator[list[Value]]:
        """Yield what was found, by scenario and category."""
        for scenario, category, grade in sorted(self.found):
            key = (scenario, category, grade)
            book = self.books.get(scenario)
            title = self._category(book, category)[1] if book else ""
            yield [scenario, category, title, self._word(grade), self.found_in[key], self.found[key]]

    def _category(self, book: Rulebook, name: str) -> list[Value]:
        category = book.categories.get(name)
        if category is None:
            return [name, "", ""]
        return [name, in_tongue(category.title, self.language), self._word(category.grade.name.lower())]

    def _word(self, code: str) -> str:
        return in_tongue(WORDS[code], self.language) if code in WORDS else code

    def _kind(self, kind: str) -> str:
        """Return what a kind of basis is called, by the rules last in force."""
        instrument = self.book.instruments.get(kind) if self.book else None
        return in_tongue(instrument.title, self.language) if instrument else kind

    def cumulative(self) -> Iterator[list[Value]]:
        """Yield people of the year, by exporter, basis and class."""
        for (exporter, scope), (before, after) in sorted(self.people.items()):
            of, _, what = scope.rpartition("year/")
            name = of.removesuffix("/") or self._word("all")
            if name.startswith("kind:"):
                name = self._kind(name.removeprefix("kind:"))
            yield [exporter, name.removeprefix("basis:"), self._word(what), before, after, after - before]

    def by_filing(self) -> Iterator[list[Value]]:
        """Yield permits by filing number."""
        for name, total in sorted(self.filings.items()):
            basis = self.bases.get(name)
            known: list[Value] = [""] * 4
            if basis is not None:
                known = [self._kind(basis.kind), basis.exporter, _day(basis.filed), _day(basis.validity.until)]
            counts = (total.transfers, total.records, total.individuals, total.bytes)
            yield [basis.reference if basis else "", name, *known, *counts]

    def exceptions(self) -> Iterator[list[Value]]:
        """Yield what departs from the ordinary way."""
        for name, total in sorted(self.filings.items()):
            basis = self.bases.get(name)
            if basis is not None and basis.kind.startswith(EXEMPT):
                yield [self._kind(basis.kind), name, total.transfers, basis.reference]
        for what, which, count, why in self.notable:
            yield [self._word(what), which, count, why]

    def refused(self) -> Iterator[list[Value]]:
        """Yield reasons, the most frequent first."""
        for key, count in sorted(self.reasons.items(), key=lambda each: (-each[1], each[0])):
            yield [self._word(key[0]), *key[1:], count]

    def assessments(self) -> Iterator[list[Value]]:
        """Yield every basis that is asked for, with its assessment."""
        for name, basis in sorted(self.book.bases.items() if self.book else ()):
            member = self.book.members.get(basis.exporter) if self.book else None
            owners = (basis.exporter, member.party.group if member else "")
            if self.query.basis not in ("", name) or (self.query.exporter and self.query.exporter not in owners):
                continue
            if self.query.recipient and self.query.recipient not in basis.recipients:
                continue
            used = self.filings[name].transfers if name in self.filings else 0
            head: list[Value] = [basis.assessment, _day(basis.assessed), name]
            head += [self._kind(basis.kind), basis.exporter]
            yield [*head, basis.reference, _day(basis.validity.until), used]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""

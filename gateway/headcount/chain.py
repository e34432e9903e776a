"""The proof that figures follow from the ledger: what each entry says was there before is what those before it left.

A permit's entry names the scopes that it counted in (``counted``), with the figures before and after it in its
standing. So the entries alone tell every figure of every day; the tables must say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.headcount.scopes import period
from gateway.headcount.tables import Row


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where figures do not follow."""

    index: int | None
    """Of the entry; None where the tables differ from all entries together."""
    exporter: str
    period: str
    scope: str
    expected: int
    found: int

    def __str__(self) -> str:
        where = "the tables" if self.index is None else f"entry {self.index}"
        return (
            f"{where}: {self.exporter} {self.period} {self.scope} is {self.found}, and the entries before lead to "
            f"{self.expected}"
        )


class Chain:
    """Feed it the decoded entries of a ledger in order, then ``compare`` with the tables."""

    def __init__(self) -> None:
        self.figures: dict[tuple[str, str, str], int] = {}
        """What the entries lead to, by exporter, period and scope."""
        self.counted = 0
        """Transfers that counted."""

    def follow(self, index: int, entry: Mapping[str, Any]) -> list[Broken]:
        """Take the next entry; return where it does not follow from those before."""
        scopes = entry.get("counted")
        if not scopes:
            return []
        self.counted += 1
        facts, standing = entry["facts"], entry["standing"]
        party = facts["exporter"]
        exporter, at = party.get("group") or party["id"], datetime.fromisoformat(facts["at"])
        broken = []
        for scope in scopes:
            when = period("day" if "/day/" in scope else "year", at)
            key = (exporter, when, scope)
            known, told = self.figures.get(key, 0), standing["before"].get(scope, 0)
            if known != told:
                broken.append(Broken(index, *key, expected=known, found=told))
            after = standing["after"].get(scope, 0)
            if after < told:
                broken.append(Broken(index, *key, expected=told, found=after))
            self.figures[key] = after
        return broken

    def compare(self, rows: Iterable[Row]) -> list[Broken]:
        """Return where the tables differ from what all entries lead to. Origins are of no entry's standing."""
        told = {(row.exporter, row.period, row.scope): row.count for row in rows if not row.scope.startswith("origin/")}
        broken = []
        for key in sorted(told.keys() | self.figures.keys()):
            expected, found = self.figures.get(key, 0), told.get(key, 0)
            if expected != found:
                broken.append(Broken(None, *key, expected=expected, found=found))
        return broken

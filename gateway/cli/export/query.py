"""Which transfers are exported: by day, party, entry, basis, verdict and category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from gateway.rulebook.book import under


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; "" and None ask for nothing. All that is asked must hold."""

    since: date | None = None
    until: date | None = None
    """Both days included, in Beijing time."""
    exporter: str = ""
    """Id of a party, or of a group of parties."""
    recipient: str = ""
    entry: str = ""
    basis: str = ""
    verdict: str = ""
    category: str = ""
    """A category, with all that stands under it: ``pi.contact`` asks for ``pi.contact.phone`` too."""

    def asks_for(self, entry: Mapping[str, Any]) -> bool:
        """Tell whether this entry is a decision that is asked for."""
        if entry["kind"] != "decision":
            return False
        facts, decision = entry["facts"], entry["decision"]
        if self.since is not None or self.until is not None:
            day = facts.get("at", "")[:10]  # entries are in Beijing time
            if (self.since and day < self.since.isoformat()) or (self.until and day > self.until.isoformat()):
                return False
        wanted = (
            (self.exporter, ("exporter", "id"), ("exporter", "group")),
            (self.recipient, ("recipient", "id"), ("recipient", "group")),
        )
        for value, *places in wanted:
            if value and value not in [facts.get(party, {}).get(name) for party, name in places]:
                return False
        for name in ("entry", "basis", "verdict"):
            value = getattr(self, name)
            if value and decision.get(name) != value:
                return False
        found = facts.get("found", ())
        return not self.category or any(under(each["category"], frozenset({self.category})) for each in found)

    def plain(self) -> dict[str, str]:
        """Return what is asked for, without what is not."""
        return {name: str(value) for name, value in asdict(self).items() if value}

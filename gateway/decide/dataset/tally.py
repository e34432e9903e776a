"""Violations as they are counted: by code and place, in an order that does not depend on the payload's."""

from __future__ import annotations

from collections.abc import Callable

from gateway.vocabulary import Violation

type Shown = Callable[[str], str]
"""Makes a place fit for records: steps that could be payload text are written ``*`` (``Places.shown``)."""

MOST = 64
"""Violations of one payload by place; those beyond are counted by their code alone."""
_LONGEST = 64


def hidden(_place: str) -> str:
    """Show nothing of a place."""
    return "*"


def _step(name: str) -> str:
    return name[:_LONGEST].replace("~", "~0").replace("/", "~1").replace(":", "*").replace("!", "*")


class Tally:
    """What has been counted so far."""

    __slots__ = ("_counts", "_entry", "_shown", "_steps", "_within")

    def __init__(self, entry: str, shown: Shown) -> None:
        """``entry`` is named in each violation."""
        self._entry = entry
        self._shown = shown
        self._within = ""
        self._counts: dict[tuple[str, str], int] = {}
        self._steps: dict[str, str] = {}

    def within(self, where: str) -> None:
        """Go on in the part at ``where``."""
        self._within = where if where.endswith(":") and "/" not in where else self._shown(where)

    def show(self, path: str) -> str:
        """Return a path of the sender's, fit for records."""
        return self._shown(path)

    def add(self, code: str, path: str) -> None:
        """Count one at a path that the dataset declares."""
        key = code, f"{self._within}{path}"
        self._counts[key] = self._counts.get(key, 0) + 1

    def undeclared(self, path: str, name: str) -> None:
        """Count a field of the sender's below a path that the dataset declares."""
        step = self._steps.get(name)
        if step is None:
            step = self._shown(f"/{_step(name)}").removeprefix("/") or "*"
            if len(self._steps) < MOST:
                self._steps[name] = step
        self.add("field.undeclared", f"{path}/{step}")

    def violations(self) -> tuple[Violation, ...]:
        """Return all, in order of code and place."""
        if not self._counts:
            return ()
        counts = sorted(self._counts.items())
        kept = [Violation(self._entry, code, place, count) for (code, place), count in counts[:MOST]]
        rest: dict[str, int] = {}
        for (code, _), count in counts[MOST:]:
            rest[code] = rest.get(code, 0) + count
        return (*kept, *(Violation(self._entry, code, "*", count) for code, count in rest.items()))

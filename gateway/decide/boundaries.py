"""Where figures of a standing matter: between two of these, no decision differs.

While a transfer is judged, others are counted. Where none of its figures passed a figure that a rule asks about, the
decision stands as it was taken, and need not be taken again while everybody waits for the ledger.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from gateway.rulebook.book import Rulebook
from gateway.rulebook.policy import Ask, Condition
from gateway.vocabulary import Decision, Standing

_FIGURES = frozenset({"figure", "limit"})
"""Parameters of reasons that tell a figure itself."""


class Boundaries:
    """The least figures of each scope from which something else holds, in order."""

    __slots__ = ("_by_scope", "_of_people")

    def __init__(self, rulebook: Rulebook) -> None:
        """Collect what policies, bases and entries of ``rulebook`` ask about."""
        asked = [ask for policy in rulebook.policies for ask in _asks(policy.when) if ask.fact.startswith("standing.")]
        self._of_people: dict[str, list[int]] = {}
        """By fact, for scopes that are spelled with the name of a basis or a kind."""
        for ask in asked:
            assert isinstance(ask.wanted, int)  # noqa: S101 - what the loader lets through
            self._of_people.setdefault(ask.fact, []).append(ask.wanted + (ask.operator == "more_than"))
        self._by_scope: dict[str, list[int]] = {}
        for entry in rulebook.entries.values():
            for ceiling in entry.ceilings:
                scope = f"entry:{entry.id}/{ceiling.per}/{ceiling.what}"
                self._by_scope.setdefault(scope, []).append(ceiling.at_most + 1)
        for basis in rulebook.bases.values():
            if basis.scale is not None:
                self._by_scope.setdefault(f"basis:{basis.id}/year/personal", []).append(basis.scale + 1)
        for figures in (*self._of_people.values(), *self._by_scope.values()):
            figures.sort()

    def part(self, one: Standing, other: Standing) -> bool:
        """Tell whether some figure of the two lies on different sides of a boundary."""
        for scope in one.after.keys() | other.after.keys():
            left, right = one.after.get(scope, 0), other.after.get(scope, 0)
            if left != right and any(
                bisect_right(figures, left) != bisect_right(figures, right)
                for figures in (self._by_scope.get(scope), self._of_people.get(_fact(scope)))
                if figures
            ):
                return True
        return False


def _fact(scope: str) -> str:
    """Return the fact that reads a scope, or ""."""
    if scope == "origin/unknown":
        return "standing.origin_unknown"
    head, _, people = scope.rpartition("/year/")
    if scope.startswith("year/"):
        return f"standing.{scope.removeprefix('year/')}"
    kind = head.partition(":")[0]
    return f"standing.{kind}.{people}" if kind in {"basis", "kind"} else ""


def _asks(condition: Condition) -> Iterator[Ask]:
    yield from condition.asks
    for inner in (*condition.every, *condition.either, *condition.none):
        yield from _asks(inner)


_KNOWN: WeakKeyDictionary[Rulebook, Boundaries] = WeakKeyDictionary()


def stands(decision: Decision, taken_on: Standing, now: Standing, rulebook: Rulebook) -> bool:
    """Tell whether ``decide`` would come to this very decision ``now``, too; False where it may not."""
    if any(name in _FIGURES for reason in decision.reasons for name, _ in reason.params):
        return False
    known = _KNOWN.get(rulebook)
    if known is None:
        known = _KNOWN[rulebook] = Boundaries(rulebook)
    return not known.part(taken_on, now)

"""The policies of a rulebook, compiled and indexed, so that a decision asks only those that could speak.

Each policy is anchored at one thing that it asks for: a category that must be found, a kind of basis, a place. With
ten times as many policies a decision then looks at hardly more, since most of them are about something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from gateway.decide.conditions import Compiled, Params
from gateway.decide.setting import READ, Setting
from gateway.rulebook.book import Rulebook
from gateway.rulebook.facts import FACTS, HIERARCHICAL, Kind
from gateway.rulebook.policy import Ask, Condition, Policy

_SINGLE = (
    "unreadable", "noticed", "violations", "entry.id", "basis.id", "exporter.id", "recipient.id", "entry.matter",
    "entry.dataset", "entry.purpose", "host",
)  # fmt: skip
"""Facts that hardly two policies ask for in the same way; those that say most come first."""
_SHARED = (
    "entry.zone", "basis.zone", "exporter.traits", "recipient.traits", "basis.state", "entry.state", "body",
    "basis.kind", "entry.consent", "media_type", "exporter.city", "recipient.city", "parties.cities", "entry.covered",
    "exporter.known", "recipient.known", "recipient.jurisdiction", "exporter.jurisdiction", "parties.jurisdictions",
    "entry.flow", "method", "leg",
)  # fmt: skip
"""Facts that many ask for; a category that must be found says more."""

type Rule = tuple[int, Policy, Compiled]


class Bench:
    """The policies of a rulebook, in order of id."""

    __slots__ = ("_anchored", "_by_category", "_found", "_others")

    def __init__(self, rulebook: Rulebook) -> None:
        """Compile the policies of ``rulebook``."""
        self._anchored: dict[str, dict[object, list[Rule]]] = {}
        self._by_category: dict[str, list[Rule]] = {}
        self._found: list[Rule] = []
        """Those that ask for some finding, of whatever category."""
        self._others: list[Rule] = []
        policies = sorted(rulebook.policies, key=lambda policy: policy.id)
        for number, policy in enumerate(policies):
            self._place((number, policy, Compiled(policy, rulebook.categories)), policy.when)

    def _place(self, rule: Rule, when: Condition) -> None:
        named = next((each.of for each in when.findings if each.of), None)
        if (ask := _anchor(when, _SINGLE)) is not None:
            self._anchor_at(ask, rule)
        elif named is not None:
            for name in named:
                self._by_category.setdefault(name, []).append(rule)
        elif when.findings:
            self._found.append(rule)
        elif (ask := _anchor(when, _SHARED)) is not None:
            self._anchor_at(ask, rule)
        else:
            self._others.append(rule)

    def _anchor_at(self, ask: Ask, rule: Rule) -> None:
        wanted: Any = ask.wanted
        for value in wanted if isinstance(wanted, frozenset) else (wanted,):
            self._anchored.setdefault(ask.fact, {}).setdefault(value, []).append(rule)

    def _likely(self, setting: Setting) -> Iterator[Rule]:
        """Yield all policies that could speak; some of them more than once."""
        yield from self._others
        if setting.facts.found:
            yield from self._found
            for name in {name for found in setting.facts.found for name in _upwards(found.category)}:
                yield from self._by_category.get(name, ())
        for fact, table in self._anchored.items():
            value = READ[fact](setting)
            if not isinstance(value, frozenset):
                yield from table.get(value, ())
                continue
            for each in value:
                for name in _upwards(each) if fact in HIERARCHICAL else (each,):
                    yield from table.get(name, ())

    def hear(self, setting: Setting) -> list[tuple[Policy, Params]]:
        """Return the policies that speak, each with what it speaks about, in order of id."""
        spoken: dict[int, tuple[Policy, Params]] = {}
        for number, policy, when in self._likely(setting):
            if number not in spoken and (said := when.speaks(setting)) is not None:
                spoken[number] = policy, said
        return [spoken[number] for number in sorted(spoken)]


def _anchor(when: Condition, names: tuple[str, ...]) -> Ask | None:
    """Return the ask that says most about where the condition can hold."""
    fit = {
        ask.fact: ask
        for ask in when.asks
        if ask.operator == "any_of" or (FACTS[ask.fact].kind is Kind.FLAG and ask.operator == "is")
    }
    return next((fit[name] for name in names if name in fit), None)


def _upwards(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


_BENCHES: WeakKeyDictionary[Rulebook, Bench] = WeakKeyDictionary()


def share_bench(rulebook: Rulebook, like: Rulebook) -> None:
    """Let ``rulebook``, which has the policies and categories of ``like``, be judged by what was compiled of those."""
    _BENCHES[rulebook] = bench_of(like)


def bench_of(rulebook: Rulebook) -> Bench:
    """Return the compiled policies of a rulebook; compiled once for each Rulebook."""
    bench = _BENCHES.get(rulebook)
    if bench is None:
        bench = _BENCHES[rulebook] = Bench(rulebook)
    return bench

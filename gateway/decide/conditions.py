"""Conditions of policies, compiled: one test each, which says whether the policy speaks and about what.

What grows with findings can only make a policy speak: the loader lets nothing else be asked of it (law 6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from gateway.decide.setting import READ, Setting
from gateway.rulebook.book import Category, under
from gateway.rulebook.expressions import Expression
from gateway.rulebook.facts import FACTS, HIERARCHICAL, Kind
from gateway.rulebook.policy import Ask, AskFinding, Condition, Policy
from gateway.vocabulary import Certainty, Found, Grade

type Params = dict[str, str]
type Test = Callable[[Setting, Params], bool]
"""Tells whether something holds, and names in the params what it saw."""

_NAMED = frozenset({"unreadable", "noticed", "violations"})
"""Facts of which a reason names what was seen."""


class Compiled:
    """When a policy speaks."""

    __slots__ = ("_tests", "_unless", "_where")

    def __init__(self, policy: Policy, categories: Mapping[str, Category]) -> None:
        """Compile ``policy``; ``categories`` says which are secret, and on which lists they are."""
        self._tests = _tests(policy.when, categories)
        self._unless = _tests(policy.unless, categories) if policy.unless else ()
        self._where = policy.where

    def speaks(self, setting: Setting) -> Params | None:
        """Return what the policy speaks about, or None where it stays silent."""
        params: Params = {}
        for test in self._tests:
            if not test(setting, params):
                return None
        if self._where is not None and not _holds(self._where, setting):
            return None
        if self._unless and all(test(setting, {}) for test in self._unless):
            return None
        return params


def _holds(expression: Expression, setting: Setting) -> bool:
    values = (READ[name](setting) for name in expression.names)
    return expression.holds(tuple(value.isoformat() if isinstance(value, date) else value for value in values))


def _tests(condition: Condition, categories: Mapping[str, Category]) -> tuple[Test, ...]:
    """Compile a condition: what costs least to ask comes first, and findings last."""
    cheap = [_ask(ask) for ask in sorted(condition.asks, key=lambda ask: FACTS[ask.fact].grows)]
    dear = [_finding(each, categories) for each in condition.findings]
    for each in condition.every:
        (dear if _asks_findings(each) else cheap).append(_all(_tests(each, categories)))
    if condition.either:
        place = dear if any(map(_asks_findings, condition.either)) else cheap
        place.append(_any([_tests(each, categories) for each in condition.either]))
    cheap += [_not(_tests(each, categories)) for each in condition.none]
    return (*cheap, *dear)


def _asks_findings(condition: Condition) -> bool:
    return bool(condition.findings) or any(map(_asks_findings, (*condition.every, *condition.either)))


def _all(tests: tuple[Test, ...]) -> Test:
    return lambda setting, params: all(test(setting, params) for test in tests)


def _not(tests: tuple[Test, ...]) -> Test:
    return lambda setting, _: not all(test(setting, {}) for test in tests)


def _any(groups: list[tuple[Test, ...]]) -> Test:
    def holds(setting: Setting, params: Params) -> bool:
        spoken = False
        for tests in groups:
            said: Params = {}
            if all(test(setting, said) for test in tests):
                params |= said
                spoken = True
        return spoken

    return holds


def _ask(ask: Ask) -> Test:
    """Compile one ask. Each is a closure of its own, since this is where a decision spends its time."""
    read: Any = READ[ask.fact]
    wanted = ask.wanted
    if ask.fact in _NAMED:
        return _named(ask)
    fact = FACTS[ask.fact]
    if fact.kind is Kind.NUMBER and fact.grows and isinstance(wanted, int):
        return _figure(ask, wanted)
    test = _COMPARED[ask.operator, fact.kind is Kind.TEXT](read, wanted)
    if not ask.fact.startswith("basis."):
        return test
    # Without an entry there is nothing to ask a basis for: the transfer is refused, and by what says so.
    return lambda setting, params: setting.entry is not None and test(setting, params)


type Compare = Callable[[Callable[[Setting], Any], Any], Test]
_COMPARED: Mapping[tuple[str, bool], Compare] = {
    ("any_of", True): lambda read, value: lambda setting, _: read(setting) in value,
    ("none_of", True): lambda read, value: lambda setting, _: read(setting) not in value,
    ("mentions", True): lambda read, value: _mentions(read, tuple(word.casefold() for word in value)),
    ("any_of", False): lambda read, value: lambda setting, _: not value.isdisjoint(read(setting)),
    ("none_of", False): lambda read, value: lambda setting, _: value.isdisjoint(read(setting)),
    ("all_of", False): lambda read, value: lambda setting, _: value <= read(setting),
    ("outside", False): lambda read, value: lambda setting, _: not read(setting) <= value,
    ("is", False): lambda read, value: lambda setting, _: bool(read(setting)) is value,
    ("at_least", False): lambda read, value: lambda setting, _: read(setting) >= value,
    ("since", False): lambda read, value: lambda setting, _: read(setting) >= value,
    ("at_most", False): lambda read, value: lambda setting, _: read(setting) <= value,
    ("until", False): lambda read, value: lambda setting, _: read(setting) <= value,
    ("more_than", False): lambda read, value: lambda setting, _: read(setting) > value,
    ("less_than", False): lambda read, value: lambda setting, _: read(setting) < value,
}
"""How each operator compares, by whether the fact is one text."""


def _mentions(read: Callable[[Setting], Any], words: tuple[str, ...]) -> Test:
    def holds(setting: Setting, _: Params) -> bool:
        text = read(setting).casefold()
        return any(word in text for word in words)

    return holds


def _named(ask: Ask) -> Test:
    """Look for codes, and name those that were seen."""
    read, name, operator = READ[ask.fact], ask.fact, ask.operator
    codes: Any = ask.wanted
    hierarchical = name in HIERARCHICAL

    def among(code: str) -> bool:
        return under(code, codes) if hierarchical else code in codes

    def holds(setting: Setting, params: Params) -> bool:
        there: Any = read(setting)
        seen = [code for code in there if among(code) is not (operator == "outside")]
        if not seen or (operator == "all_of" and any(not _covers(code, there) for code in codes)):
            return False
        params[name] = ", ".join(sorted(seen))
        return True

    return holds


def _covers(name: str, codes: frozenset[str]) -> bool:
    return any(under(code, frozenset({name})) for code in codes)


def _figure(ask: Ask, wanted: int) -> Test:
    """Compare a figure that grows, and name it with its limit."""
    read, least = READ[ask.fact], wanted + (ask.operator == "more_than")

    def holds(setting: Setting, params: Params) -> bool:
        figure: Any = read(setting)
        if figure < least:
            return False
        params["figure"], params["limit"] = str(figure), str(wanted)
        return True

    return holds


def _finding(ask: AskFinding, categories: Mapping[str, Category]) -> Test:
    """Look for findings of which everything that is asked holds at once."""
    grade, certainty = ask.grade or Grade.GENERAL, ask.certainty or Certainty.POSSIBLE
    secrets = frozenset(name for name, category in categories.items() if category.secret)
    listed = frozenset(name for name, category in categories.items() if ask.listed in category.lists)

    def fits(found: Found, setting: Setting) -> bool:
        name = found.category
        if found.grade < grade or found.certainty < certainty:
            return False
        if (ask.of is not None and not under(name, ask.of)) or (ask.secret and not under(name, secrets)):
            return False
        if ask.listed is not None and not under(name, listed):
            return False
        if ask.beyond == "entry":
            return setting.entry is not None and not under(name, setting.declared)
        if ask.beyond == "entry_by_name":
            return setting.entry is not None and name not in setting.declared
        return ask.beyond != "basis" or (setting.basis is not None and not under(name, setting.basis.categories))

    def holds(setting: Setting, params: Params) -> bool:
        if not setting.facts.found:
            return False
        seen = [found for found in setting.facts.found if fits(found, setting)]
        if len({found.category for found in seen}) < ask.kinds or sum(found.count for found in seen) < ask.count:
            return False
        names = {*filter(None, params.get("categories", "").split(", ")), *(found.category for found in seen)}
        params["categories"] = ", ".join(sorted(names))
        return True

    return holds

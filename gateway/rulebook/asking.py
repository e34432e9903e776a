"""What a policy writes under ``when`` and ``unless`` -> conditions.

The JSON Schema has judged the shape: names of facts, kinds of values. What is judged here is whether it means what
its writer thinks: categories and thresholds that exist, and nothing that a further finding could silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from gateway.rulebook.book import Category, Threshold
from gateway.rulebook.document import Document, Path, Problem
from gateway.rulebook.facts import ANY, FACTS, RISING, Fact, Kind
from gateway.rulebook.policy import Ask, AskFinding, Condition, Wanted
from gateway.vocabulary import Certainty, Grade

_SILENCED = "one more finding could silence the policy here"


@dataclass(slots=True)
class Asking:
    """Reads conditions of one policy, and notes what is wrong with them."""

    document: Document
    categories: Mapping[str, Category]
    thresholds: Mapping[str, Threshold]
    kinds: frozenset[str]
    """Names of the instruments, and ``none``."""
    problems: list[Problem] = field(default_factory=list)

    def say(self, where: Path, fault: str, fix: str) -> None:
        """Note a problem."""
        self.problems.append(self.document.problem(where, fault, fix))

    def condition(self, where: Path, written: Mapping[str, Any], *, rising: bool = True) -> Condition:
        """Read one condition; ``rising`` where one more finding must not silence it."""
        asks: list[Ask] = []
        findings: list[AskFinding] = []
        groups: dict[str, tuple[Condition, ...]] = {"all": (), "any": (), "none": ()}
        for key, value in written.items():
            at = (*where, key)
            if key == "finding":
                findings.append(self.finding(at, value))
                if not rising:
                    self.say(at, _SILENCED, "ask for findings under 'when' only")
            elif key in groups:
                inner = rising and key != "none"
                if not rising and key == "none":
                    self.say(at, "this turns round what is turned round already", "say it without 'none'")
                groups[key] = tuple(
                    self.condition((*at, place), each, rising=inner) for place, each in enumerate(value)
                )
            else:
                asks += self.asks(at, key, value, rising=rising)
        return Condition(tuple(asks), tuple(findings), groups["all"], groups["any"], groups["none"])

    def asks(self, where: Path, name: str, written: Any, *, rising: bool) -> list[Ask]:
        """Read what is asked of one fact."""
        fact = FACTS[name]
        usual = {Kind.FLAG: "is", Kind.NUMBER: "at_least", Kind.DAY: "since"}.get(fact.kind, "any_of")
        operators = written if isinstance(written, dict) else {usual: written}
        made: list[Ask] = []
        for operator, value in operators.items():
            at = (*where, operator) if operators is written else where
            if fact.grows and (not rising or operator not in RISING or value is False):
                fix = "ask how much there is, at least: any_of, all_of, at_least, more_than; and only under 'when'"
                self.say(at, f"'{name}' grows with what is found: {_SILENCED}", fix)
            wanted = self.wanted(at, fact, value)
            if name == "basis.kind" and self.kinds and isinstance(wanted, frozenset):
                self.known(at, wanted, self.kinds, "instrument", "policies/law/instruments.yaml")
            if wanted is not None:
                made.append(Ask(name, operator, wanted))
        return made

    def wanted(self, where: Path, fact: Fact, value: Any) -> Wanted | None:
        """Read what a fact is compared to."""
        kind = fact.kind
        if kind in {Kind.TEXT, Kind.TEXTS}:
            return frozenset(
                fact.values if value == ANY and fact.grows else value if isinstance(value, list) else [value]
            )
        if kind is Kind.NUMBER and isinstance(value, str):
            if not self.thresholds:  # their own file was faulty, and says so
                return 0
            self.known(
                where, frozenset({value}), frozenset(self.thresholds), "threshold", "policies/law/thresholds.yaml"
            )
            threshold = self.thresholds.get(value)
            return threshold.value if threshold else None
        if kind is Kind.DAY:
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.say(where, f"there is no day {value}", "look at the calendar")
                return None
        return bool(value) if kind is Kind.FLAG else int(value)

    def known(self, where: Path, names: frozenset[str], listed: frozenset[str], what: str, file: str) -> None:
        """Names of what lies in another file must be there."""
        for name in sorted(names - listed):
            alike = get_close_matches(name, sorted(listed), n=1)
            fix = f"did you mean '{alike[0]}'?" if alike else f"name one of {file}"
            self.say(where, f"there is no {what} '{name}'", fix)

    def finding(self, where: Path, written: Mapping[str, Any]) -> AskFinding:
        """Read what is asked of findings."""
        for place, name in enumerate(written.get("of", ())):
            self.category((*where, "of", place), name)
        return AskFinding(
            of=frozenset(written["of"]) if "of" in written else None,
            grade=Grade[written["grade"].upper()] if "grade" in written else None,
            certainty=Certainty[written["certainty"].upper()] if "certainty" in written else None,
            secret=written.get("secret"),
            listed=written.get("listed"),
            beyond=written.get("beyond"),
            kinds=written.get("kinds", 1),
            count=written.get("count", 1),
        )

    def category(self, where: Path, name: str) -> None:
        """A category must exist, or stand above one that does."""
        if name not in self.categories and not any(known.startswith(f"{name}.") for known in self.categories):
            near = get_close_matches(name, self.categories, n=1)
            fix = f"did you mean '{near[0]}'?" if near else "name one of classifiers/categories.yaml"
            self.say(where, f"there is no category '{name}'", fix)


def asked(condition: Condition) -> set[str]:
    """Return the names of all facts that a condition asks about; ``finding`` for findings."""
    names = {ask.fact for ask in condition.asks} | ({"finding"} if condition.findings else set())
    for inner in (*condition.every, *condition.either, *condition.none):
        names |= asked(inner)
    return names

"""Mutation of the policies in the box: each condition, taken away or turned round, must fail a case of its policy.

``make mutate`` prints what survives, with its line. A policy acts on a decision only by speaking; so a mutant is dead
as soon as it speaks where its case says silence, or the reverse.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.decide.cases import case_book, facts_of_case, standing_of_case
from gateway.decide.conditions import Compiled
from gateway.decide.setting import Setting, setting_of
from gateway.rulebook.asking import Asking
from gateway.rulebook.document import Document, Path
from gateway.rulebook.expressions import expression
from gateway.rulebook.policy import Case, Condition, Policy
from tests.decide.rules import book, categories, documents, law, policies, thresholds

type Data = Mapping[str, Any]
GROUPS = ("all", "any", "none")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A policy with one thing changed."""

    source: str
    """``file:line`` of what was changed."""
    change: str
    policy: Policy


class Lenient(Asking):
    """Reads conditions that nobody would be allowed to write."""

    def say(self, where: Path, fault: str, fix: str) -> None:
        """Let it pass."""


def mutants(document: Document, policy: Policy) -> Iterator[Mutant]:
    """Yield every mutant of one policy."""
    data = document.data
    for path, change, mutated in changed(data["when"], ("when",)):
        yield Mutant(document.source(*path), change, replace(policy, when=_condition(document, mutated)))
    if "unless" in data:
        for path, change, mutated in changed(data["unless"], ("unless",)):
            yield Mutant(document.source(*path), change, replace(policy, unless=_condition(document, mutated)))
        yield Mutant(document.source("unless"), "without 'unless'", replace(policy, unless=None))
    if "where" in data:
        turned = replace(policy, where=expression(f"!({data['where']})"))
        yield Mutant(document.source("where"), "'where' turned round", turned)
        yield Mutant(document.source("where"), "without 'where'", replace(policy, where=None))


def _condition(document: Document, data: Data) -> Condition:
    kinds = frozenset({*law().instruments, "none"})
    return Lenient(document, categories(), thresholds(), kinds).condition(("when",), data)


def changed(data: Data, path: Path) -> Iterator[tuple[Path, str, Data]]:
    """Yield a condition with each single thing in it taken away or turned round, and where that thing stands."""
    for key, value in data.items():
        at, rest = (*path, key), {name: each for name, each in data.items() if name != key}
        if key in GROUPS:
            for place, change, mutated in _members(key, value, at):
                yield place, change, rest | mutated
            continue
        yield at, f"without '{key}'", rest
        yield at, f"'{key}' turned round", rest | {"none": [*data.get("none", ()), {key: value}]}
        for place, change, other in _values(key, value, at):
            yield place, change, {**data, key: other}


def _members(key: str, members: list[Data], path: Path) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    for place, member in enumerate(members):
        at, others = (*path, place), [each for each in members if each is not member]
        yield at, f"without this of '{key}'", {key: others} if others else {}
        if key == "none":
            yield at, "this of 'none' turned round", ({key: others} if others else {}) | {"all": [member]}
        else:
            yield at, f"this of '{key}' turned round", {key: [*others, {"none": [member]}]}
        for where, change, mutated in changed(member, at):
            yield where, change, {key: [*others, mutated]}


def _values(key: str, value: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    """Yield what is asked of one fact, or of findings, with one value fewer and each figure one more and one less."""
    if isinstance(value, list) and len(value) > 1:
        for place, each in enumerate(value):
            yield (*path, place), f"'{key}' without {each}", [other for other in value if other is not each]
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            less = {other: each for other, each in value.items() if other != name}
            if less or key == "finding":
                yield (*path, name), f"'{key}' without '{name}'", less
            for where, change, other in _values(f"{key}.{name}", inner, (*path, name)):
                yield where, change, {**value, name: other}
    elif not isinstance(value, bool) and (value in thresholds() if isinstance(value, str) else isinstance(value, int)):
        figure = thresholds()[value].value if isinstance(value, str) else value
        for other in (figure - 1, figure + 1):
            yield path, f"'{key}' with {other} for {figure}", other


def settings(policy: Policy) -> list[tuple[Case, Setting]]:
    """Return how each case of a policy looks to it."""
    made = []
    for case in policy.cases:
        rules = case_book(case, book())
        facts, standing = facts_of_case(case, rules), standing_of_case(case)
        entry = next((rules.entries[name] for name in facts.covering if name in rules.entries), None)
        made.append((case, setting_of(facts, standing, entry, rules.bases)))
    return made


def alive(policy: Policy, seen: list[tuple[Case, Setting]]) -> bool:
    """Tell whether a policy says what each case says of it."""
    compiled = Compiled(policy, categories())
    return all((compiled.speaks(setting) is not None) is case.speaks for case, setting in seen)


def survivors() -> tuple[list[Mutant], int]:
    """Return the mutants that no case of their policy notices, and how many there were in all."""
    left, count = [], 0
    for document, policy in zip(documents(), policies(), strict=True):
        seen = settings(policy)
        for mutant in mutants(document, policy):
            count += 1
            if alive(mutant.policy, seen):
                left.append(mutant)
    return left, count


def main() -> int:
    """Print what survives; 1 where anything does."""
    left, count = survivors()
    for mutant in left:
        print(f"{mutant.source}: {mutant.change}: no case of '{mutant.policy.id}' fails")
    print(f"{len(policies())} policies, {count} mutants, {count - len(left)} killed")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())

"""What an officer is told of rules that stand there in vain."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.decide.probing import barren, silent
from gateway.rulebook.book import Entry, Member, Rulebook, Validity
from gateway.rulebook.policy import Ask, AskFinding, Condition, Policy
from gateway.vocabulary import Verdict
from tests.decide.rules import COUNTER, NOON, PORTAL, YEAR, book, entry, usual, wording


def refusing(when: Condition, verdict: Verdict = Verdict.DENY) -> Policy:
    """A policy that refuses."""
    return Policy("p", wording("p"), "House rule", when, verdict, (), wording("do"), (), "policies/p.yaml:2")


def told(rules: Rulebook) -> list[tuple[str, str]]:
    """What is said of entries."""
    return [*barren(rules, NOON)]


PHONE = Condition(findings=(AskFinding(of=frozenset({"pi.contact.phone"})),))
OF_PORTAL = Condition((Ask("exporter.id", "any_of", frozenset({"portal"})),))


def test_the_usual_entry_permits_what_it_lists() -> None:
    """Nothing is said of an entry that does what it was written for."""
    assert told(usual()) == []


def test_an_entry_that_a_policy_stands_against_is_told() -> None:
    """The entry's own line, and the policy that refuses whatever it lists."""
    rules = book(rules=(refusing(OF_PORTAL),))
    assert told(rules) == [("whitelist.yaml:20", "the entry 'sends' permits nothing at all, by p")]


def test_a_category_that_never_passes_is_told() -> None:
    """A category that the entry lists and a policy refuses is named; the others are not."""
    rules = book(entry(categories=frozenset({"pi.name", "pi.contact.phone"})), rules=(refusing(PHONE),))
    assert [said for _, said in told(rules)] == ["the entry 'sends' lists pi.contact.phone, never let through by p"]


@pytest.mark.parametrize(
    "kept",
    [
        entry(validity=Validity(YEAR.since, YEAR.since)),
        entry(validity=Validity(date(2027, 1, 1), date(2027, 2, 1))),
    ],
)
def test_entries_that_are_not_in_force_are_left_alone(kept: Entry) -> None:
    """Of an entry that has ended or not begun, other remarks speak."""
    assert told(book(kept, rules=(refusing(OF_PORTAL),))) == []


def test_a_hold_lets_an_officer_decide() -> None:
    """What is held can pass, so the entry is not in vain."""
    assert told(book(rules=(refusing(OF_PORTAL, Verdict.HOLD),))) == []


@pytest.mark.parametrize(
    ("fact", "named", "said"),
    [
        ("exporter.id", "portl", "there is no party 'portl'"),
        ("entry.id", "send", "there is no entry 'send'"),
        ("basis.id", "contrat", "there is no basis 'contrat'"),
        ("host", "counter.exmple", "there is no host 'counter.exmple'"),
    ],
)
def test_a_policy_about_nothing_is_told(fact: str, named: str, said: str) -> None:
    """A policy that asks for a name that nothing bears never speaks; one that has another name beside it may."""
    alone = refusing(Condition((Ask(fact, "any_of", frozenset({named})),)))
    assert [text for _, text in silent(book(rules=(alone,)))] == [f"the policy 'p' never speaks: {said}"]
    known: dict[str, Any] = {"exporter.id": "portal", "entry.id": "sends", "basis.id": "contract"}
    both = refusing(Condition((Ask(fact, "any_of", frozenset({named, known.get(fact, "counter.example")})),)))
    assert [*silent(book(rules=(both,)))] == []


def test_parties_are_asked_as_the_whitelist_has_them() -> None:
    """A state organ under a GBA contract is told when the whitelist is read, by the policies in the box."""
    organ = Member(replace(PORTAL, traits=frozenset({"state_organ"})))
    rules = replace(usual(), members={"portal": organ, "counter": Member(COUNTER, hosts=("counter.example",))})
    assert any("state-organ-and-ciio" in said for _, said in told(rules))

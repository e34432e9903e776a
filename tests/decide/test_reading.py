"""Policies as files: what loads, and what a file that does not load is told."""

import json
import re
from datetime import date

import pytest

from gateway.rulebook.book import Instrument, Threshold, under
from gateway.rulebook.expressions import expression
from gateway.rulebook.facts import FACTS, NOTICES
from gateway.rulebook.policies import read_policy
from gateway.rulebook.policy import Ask, AskFinding, Condition, Policy
from gateway.rulebook.policy_schema import FILE, policy_schema
from gateway.rulebook.strict_yaml import Faulty, parse
from gateway.vocabulary import Certainty, Grade, Obligation, Unread, Verdict
from tests.decide.rules import ROOT, categories, policies

HEAD = "# yaml-language-server: $schema=../gateway/rulebook/schemas/policy.json\n"
WORDS = "{en: a, zh-Hans: b, zh-Hant: c, pt: d}"
CASES = """cases:
  - {title: It speaks, given: {}, expect: deny, speaks: true}
  - {title: It is silent, given: {}, expect: permit, speaks: false}
"""


INSTRUMENTS = {kind: Instrument(kind, {}, "", frozenset()) for kind in ("gba_sc_mo", "cac_assessment")}
THRESHOLDS = {"people-100k": Threshold("people-100k", 100_000, "Order 16 art. 5")}


def read(when: str, demand: str = "deny", cases: str = CASES, id: str = "rule") -> Policy:
    """Read a policy written with this condition."""
    text = f"{HEAD}id: {id}\nbecause: {WORDS}\ncite: House rule\nwhen: {when}\nthen: {demand}\nremedy: {WORDS}\n{cases}"
    return read_policy(parse("policies/rule.yaml", text.encode(), "policy"), categories(), INSTRUMENTS, THRESHOLDS)


def told(when: str, demand: str = "deny", cases: str = CASES, id: str = "rule") -> str:
    """What is said of a policy that does not load."""
    with pytest.raises(Faulty) as faulty:
        read(when, demand, cases, id)
    return str(faulty.value)


def test_a_condition_is_read_as_it_reads() -> None:
    """Each line of a condition ends up as what it says; one value, a list and an operator are three ways to say it."""
    policy = read(
        "{leg: response, recipient.jurisdiction: [HK, MO], recipient.traits: judicial, "
        "finding: {grade: sensitive, certainty: likely, of: [pi.id], beyond: basis}, unreadable: [ratio], "
        "noticed: [wire], basis.state: {none_of: [sound]}, individuals: {more_than: 5}, day: {since: 2026-01-01}}"
    )
    assert policy.when.findings == (
        AskFinding(frozenset({"pi.id"}), Grade.SENSITIVE, Certainty.LIKELY, beyond="basis"),
    )
    assert set(policy.when.asks) == {
        Ask("leg", "any_of", frozenset({"response"})),
        Ask("recipient.jurisdiction", "any_of", frozenset({"HK", "MO"})),
        Ask("recipient.traits", "any_of", frozenset({"judicial"})),
        Ask("unreadable", "any_of", frozenset({"ratio"})),
        Ask("noticed", "any_of", frozenset({"wire"})),
        Ask("basis.state", "none_of", frozenset({"sound"})),
        Ask("individuals", "more_than", 5),
        Ask("day", "since", date(2026, 1, 1)),
    }
    assert (policy.source, policy.cases[0].source) == ("policies/rule.yaml:2", "policies/rule.yaml:9")


def test_conditions_join_and_nest() -> None:
    """all, any and none hold conditions, and those hold conditions."""
    when = read("{any: [{leg: request}, {all: [{hour: {less_than: 7}}]}], none: [{exporter.traits: [ciio]}]}").when
    assert [len(group) for group in (when.every, when.either, when.none)] == [0, 2, 1]
    assert when.either[1] == Condition(every=(Condition((Ask("hour", "less_than", 7),)),))


def test_any_unreadable_part_is_every_reason() -> None:
    """The word any stands for all reasons."""
    assert read("{unreadable: any}").when.asks[0].wanted == frozenset(Unread)


def test_a_mask_permits_with_a_duty() -> None:
    """A demand for a mask never refuses; it lays a duty on each category."""
    policy = read("{exporter.known: true}", "{permit_with: [{mask: [pi.name, pi.contact], keep_last: 2}]}")
    assert policy.verdict is Verdict.PERMIT
    assert policy.obligations == (
        Obligation("mask", "pi.contact", "rule", 2),
        Obligation("mask", "pi.name", "rule", 2),
    )


@pytest.mark.parametrize(
    ("when", "line", "said"),
    [
        ("{}", 5, "'when' is empty"),
        ("{noticed: []}", 5, "empty list"),
        ("{finding: {of: [pi.nmae]}}", 5, "there is no category 'pi.nmae'; did you mean 'pi.name'?"),
        ("{noticed: [wire.trailer]}", 5, "did you mean 'wire.trailers'?"),
        ("{exporter.traits: [cio]}", 5, "did you mean 'ciio'?"),
        ("{entry.state: [expird]}", 5, "did you mean 'expired'?"),
        ("{findings: {grade: core}}", 5, "did you mean 'finding'?"),
        ("{entry.stat: expired}", 5, "did you mean 'entry.state'?"),
        ("{entry.covered: false, finding: {beyond: entry}}", 5, "where no entry covers the transfer"),
        ("{entry.covered: false, basis.state: [missing]}", 5, "where no entry covers the transfer"),
        ("{individuals: {less_than: 5}}", 5, "less_than"),
        ("{none: [{unreadable: any}]}", 5, "one more finding could silence the policy here"),
        ("{none: [{finding: {of: [pi]}}]}", 5, "one more finding could silence the policy here"),
        ("{basis.scale_exceeded: false}", 5, "one more finding could silence the policy here"),
        ("{day: {since: 2026-02-30}}", 5, "there is no day 2026-02-30"),
        ("{individuals: many}", 5, "there is no threshold 'many'"),
        ("{basis.kind: gba_sc_mc}", 5, "there is no instrument 'gba_sc_mc'; did you mean 'gba_sc_mo'?"),
    ],
)
def test_a_condition_that_means_nothing_is_told(when: str, line: int, said: str) -> None:
    """A condition that could not be meant is refused with its line and what to write."""
    text = told(when)
    assert said in text
    assert f"policies/rule.yaml:{line}:" in text


def test_a_hold_without_an_entry_is_told() -> None:
    """Nothing milder than a refusal can be demanded where no entry covers the transfer."""
    assert "refused in any case" in told("{entry.covered: false}", "hold")


def test_an_id_is_the_name_of_the_file() -> None:
    """A rule named in a refusal can be found as a file."""
    assert "is not the name of the file; write 'rule'" in told("{entry.covered: false}", id="another")


@pytest.mark.parametrize(("speaks", "want"), [("true", "stays silent"), ("false", "speaks")])
def test_a_policy_without_both_kinds_of_cases_does_not_load(speaks: str, want: str) -> None:
    """A policy proves that it speaks, and that it can be silent."""
    case = f"  - {{title: The same, given: {{}}, expect: deny, speaks: {speaks}}}\n"
    assert f"no case shows where this policy {want}" in told("{entry.covered: false}", cases=f"cases:\n{case}{case}")


def test_an_unknown_category_in_a_case_is_told() -> None:
    """Cases are judged by the same taxonomy as conditions."""
    cases = CASES.replace("given: {}", "given: {findings: [{category: pi.nmae}]}", 1)
    assert "policies/rule.yaml:9:" in told("{entry.covered: false}", cases=cases)


def test_all_problems_are_told_at_once() -> None:
    """A reader need not run the check once for each fault."""
    text = told("{finding: {of: [pi.nmae, pi.nime]}}", id="another")
    assert len(text.splitlines()) == 3


def test_the_schema_is_made_from_the_table_of_facts() -> None:
    """What editors complete is what the loader reads: run `make schemas` after a change of the table."""
    written = json.loads(FILE.read_bytes())
    assert policy_schema(json.loads(FILE.read_bytes())) == written
    assert FACTS.keys() <= written["$defs"]["condition"]["properties"].keys()
    whitelist = json.loads(FILE.with_name("whitelist.json").read_bytes())
    traits = whitelist["$defs"]["party"]["properties"]["traits"]["items"]["enum"]
    assert list(FACTS["exporter.traits"].values) == traits


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("legg == 'request'", "undeclared reference to 'legg'"),
        ("size == 'large'", "no matching overload"),
        ("size", "not true or false, but int"),
        ("size >", "column 7"),
        ("!('wire' in noticed)", "'noticed' grows with what is found"),
        ("individuals < 10", "'individuals' grows with what is found"),
        ("leg == 'individuals' ||", "column 24"),
        ("exporter . id == 'portal'", "a blank stands beside a dot"),
    ],
)
def test_an_expression_is_judged_when_it_is_read(text: str, said: str) -> None:
    """A name that is not there, a comparison that cannot be and what a finding could turn round are told at load."""
    assert said in told(f'{{leg: request}}\nwhere: "{text}"')


def test_nothing_that_grows_stands_under_unless() -> None:
    """An exception that one more finding could meet would make a verdict milder."""
    text = told("{leg: request}\nunless: {individuals: 5, finding: {of: [pi]}}")
    assert text.count("one more finding could silence the policy here") == 2


def test_every_oddity_of_content_can_be_named_and_is_refused() -> None:
    """Each notice that decode gives is one that policies know, and one of which the policies in the box speak."""
    given = {
        code
        for path in (ROOT / "gateway/decode").glob("**/*.py")
        for code in re.findall(r'"((?:json|charset|coding|media_type)\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert "json.duplicate_key" in given
    assert given <= set(NOTICES)
    refused = [
        ask.wanted
        for policy in policies()
        for ask in policy.when.asks
        if ask.fact == "noticed" and policy.verdict is Verdict.DENY and isinstance(ask.wanted, frozenset)
    ]
    assert [code for code in given if not any(under(code, names) for names in refused)] == []


def test_an_expression_that_spends_its_budget_holds() -> None:
    """What cannot be worked out in time makes the policy speak, and raises nothing."""
    ten = "[0,1,2,3,4,5,6,7,8,9]"
    nested = "x0 >= 0"
    for depth in range(7):
        nested = f"{ten}.all(x{depth}, {nested})"
    assert expression(f"{nested} && leg == 'never'").holds(("request",))

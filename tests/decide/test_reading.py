"""Policies as files: what loads, and what a file that does not load is told."""

import json
import re

import pytest

from gateway.rulebook.book import Policy, under
from gateway.rulebook.policies import BASIS_KINDS, NO_BASIS, NOTICES, read_policy
from gateway.rulebook.strict_yaml import Faulty, parse
from gateway.vocabulary import Certainty, Grade, Jurisdiction, Obligation, Unread, Verdict
from tests.decide.rules import ROOT, categories, policies

HEAD = "# yaml-language-server: $schema=../gateway/rulebook/schemas/policy.json\n"
WORDS = "{en: a, zh-Hans: b, zh-Hant: c, pt: d}"
CASES = """cases:
  - {title: It speaks, given: {}, expect: deny, speaks: true}
  - {title: It is silent, given: {}, expect: permit, speaks: false}
"""


def read(when: str, demand: str = "deny", cases: str = CASES, id: str = "rule") -> Policy:
    """Read a policy written with this condition."""
    text = (
        f"{HEAD}id: {id}\ntitle: {WORDS}\nstatute: House rule\nwhen: {when}\ndemand: {demand}\nremedy: {WORDS}\n{cases}"
    )
    return read_policy(parse("policies/rule.yaml", text.encode(), "policy"), categories())


def told(when: str, demand: str = "deny", cases: str = CASES, id: str = "rule") -> str:
    """What is said of a policy that does not load."""
    with pytest.raises(Faulty) as faulty:
        read(when, demand, cases, id)
    return str(faulty.value)


def test_a_condition_is_read_as_it_reads() -> None:
    """Each word of a condition ends up in the field that means it."""
    policy = read(
        "{leg: [response], recipient: {in: [HK, MO], is: [judicial]}, finding: {grade: sensitive, certainty: likely, "
        "of: [pi.id], beyond: basis}, unreadable: [ratio], noticed: [wire], basis: [missing]}"
    )
    when = policy.when
    assert when.recipients_in == {Jurisdiction.HK, Jurisdiction.MO}
    assert when.recipient_traits == {"judicial"}
    assert (when.grade, when.certainty, when.categories) == (Grade.SENSITIVE, Certainty.LIKELY, {"pi.id"})
    assert (when.beyond_basis, when.undeclared, when.secret) == (True, None, None)
    assert (when.opaque, when.notices, when.basis) == ({Unread.RATIO}, {"wire"}, {"missing"})
    assert (policy.source, policy.cases[0].source) == ("policies/rule.yaml:2", "policies/rule.yaml:9")


def test_any_unreadable_part_is_every_reason() -> None:
    """The word any stands for all reasons."""
    assert read("{unreadable: any}").when.opaque == frozenset(Unread)


def test_kinds_outside_are_all_others_and_none() -> None:
    """What is outside of some kinds includes a basis that is missing."""
    kinds = read("{basis_kind_outside: [cac_assessment]}").when.basis_kinds
    assert kinds == (BASIS_KINDS | {NO_BASIS}) - {"cac_assessment"}


def test_a_mask_permits_with_a_duty() -> None:
    """A demand for a mask never refuses; it lays a duty on each category."""
    policy = read("{exporter: {known: true}}", "{mask: [pi.name, pi.contact], keep_last: 2}")
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
        ("{noticed: [wire.trailer]}", 5, "nothing is ever noticed as 'wire.trailer'"),
        ("{exporter: {is: [cio]}}", 5, "did you mean 'ciio'?"),
        ("{entry: [expird]}", 5, "did you mean 'expired'?"),
        ("{findings: {grade: core}}", 5, "did you mean 'finding'?"),
        ("{entry: none, finding: {beyond: entry}}", 5, "where no entry covers the transfer"),
        ("{entry: none, basis: [missing]}", 5, "where no entry covers the transfer"),
        ("{basis_kind: [cn_sc], basis_kind_outside: [cn_sc]}", 5, "no kind of basis is left"),
    ],
)
def test_a_condition_that_means_nothing_is_told(when: str, line: int, said: str) -> None:
    """A condition that could not be meant is refused with its line and what to write."""
    text = told(when)
    assert said in text
    assert f"policies/rule.yaml:{line}:" in text


def test_a_hold_without_an_entry_is_told() -> None:
    """Nothing milder than a refusal can be demanded where no entry covers the transfer."""
    assert "refused in any case" in told("{entry: none}", "hold")


def test_an_id_is_the_name_of_the_file() -> None:
    """A rule named in a refusal can be found as a file."""
    assert "is not the name of the file; write 'rule'" in told("{entry: none}", id="another")


@pytest.mark.parametrize(("speaks", "want"), [("true", "stays silent"), ("false", "speaks")])
def test_a_policy_without_both_kinds_of_cases_does_not_load(speaks: str, want: str) -> None:
    """A policy proves that it speaks, and that it can be silent."""
    case = f"  - {{title: The same, given: {{}}, expect: deny, speaks: {speaks}}}\n"
    assert f"no case shows where this policy {want}" in told("{entry: none}", cases=f"cases:\n{case}{case}")


def test_an_unknown_category_in_a_case_is_told() -> None:
    """Cases are judged by the same taxonomy as conditions."""
    cases = CASES.replace("given: {}", "given: {findings: [{category: pi.nmae}]}", 1)
    assert "policies/rule.yaml:9:" in told("{entry: none}", cases=cases)


def test_all_problems_are_told_at_once() -> None:
    """A reader need not run the check once for each fault."""
    text = told("{finding: {of: [pi.nmae]}, noticed: [wire.trailer]}", id="another")
    assert len(text.splitlines()) == 3


def test_schemas_and_code_agree_on_kinds_of_basis() -> None:
    """The whitelist, the policies and the code know the same instruments."""
    schemas = ROOT / "gateway/rulebook/schemas"
    whitelist = json.loads((schemas / "whitelist.json").read_bytes())
    policy = json.loads((schemas / "policy.json").read_bytes())
    assert set(whitelist["$defs"]["basis"]["properties"]["kind"]["enum"]) == BASIS_KINDS
    assert set(policy["$defs"]["basis_kind"]["enum"]) == BASIS_KINDS | {NO_BASIS}
    traits = whitelist["$defs"]["party"]["properties"]["traits"]["items"]["enum"]
    assert policy["$defs"]["trait"]["enum"] == traits


def test_every_oddity_of_content_can_be_named_and_is_refused() -> None:
    """Each notice that decode gives is one that policies know, and one of which the policies in the box speak."""
    given = {
        code
        for path in (ROOT / "gateway/decode").glob("**/*.py")
        for code in re.findall(r'"((?:json|charset|coding|media_type)\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert "json.duplicate_key" in given
    assert given <= NOTICES
    refused = [policy.when.notices for policy in policies() if policy.when.notices and policy.verdict is Verdict.DENY]
    assert [code for code in given if not any(under(code, names) for names in refused)] == []

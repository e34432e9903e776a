"""The policies in the box, by their own cases."""

from dataclasses import replace

import pytest

from gateway.decide import facts_of_case, failing_cases, run_case
from gateway.rulebook.policy import Case, Condition, Policy
from gateway.rulebook.recognisers import read_categories
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import LANGUAGES, Verdict
from tests.decide.rules import ROOT, book, policies

BOOK = book()
CASES = [(policy, case) for policy in policies() for case in policy.cases]


@pytest.mark.parametrize(("policy", "case"), CASES, ids=[f"{policy.id}: {case.title}" for policy, case in CASES])
def test_a_case_holds(policy: Policy, case: Case) -> None:
    """Every case of every policy in the box holds with all policies together."""
    assert run_case(policy, case, BOOK) == "", case.source


@pytest.mark.parametrize("policy", policies(), ids=lambda policy: policy.id)
def test_a_policy_is_missed(policy: Policy) -> None:
    """Without a policy at least one of its own cases fails: none is there for nothing."""
    less = replace(BOOK, policies=tuple(each for each in policies() if each is not policy))
    assert any(run_case(policy, case, less) for case in policy.cases)


@pytest.mark.parametrize("policy", policies(), ids=lambda policy: policy.id)
def test_a_policy_that_always_speaks_is_noticed(policy: Policy) -> None:
    """A policy whose condition is loosened until it always speaks fails one of its cases of silence."""
    loose = replace(policy, when=Condition(), unless=None, where=None)
    others = tuple(loose if each is policy else each for each in policies())
    assert any(run_case(loose, case, replace(BOOK, policies=others)) for case in policy.cases)


def test_nothing_fails_in_the_box() -> None:
    """The check of all cases at once agrees."""
    assert failing_cases(BOOK) == ()


NARROW = (
    (ROOT / "classifiers/categories.yaml").read_bytes().replace(b"sensitive_list: strict", b"sensitive_list: gbt45574")
)


def test_nothing_fails_with_the_narrower_list() -> None:
    """An officer may choose the narrower list of sensitive information, and the cases in the box still hold."""
    narrow = replace(BOOK, categories=read_categories(parse("classifiers/categories.yaml", NARROW, "categories")))
    assert failing_cases(narrow) == ()


@pytest.mark.parametrize(("category", "narrow"), [("pi.id.cn.ric", Verdict.PERMIT), ("pi.fin.card", Verdict.DENY)])
def test_the_list_decides_what_is_sensitive(category: str, narrow: Verdict) -> None:
    """What the strict list alone names is sensitive until an officer chooses the other; what both name always is."""
    given = {"findings": [{"category": category}], "entry_lists": ["pi"], "basis_lists": ["pi"]}
    case = Case("one number", {**given, "basis.kind": "ex_under_100k"}, Verdict.DENY, speaks=True)
    policy = next(each for each in policies() if each.id == "sensitive-exemption")
    chosen = replace(BOOK, categories=read_categories(parse("classifiers/categories.yaml", NARROW, "categories")))
    assert run_case(policy, case, BOOK) == ""
    assert run_case(policy, replace(case, expect=narrow, speaks=narrow is Verdict.DENY), chosen) == ""


def test_a_failing_case_says_what_differed() -> None:
    """The fault names both verdicts and who spoke."""
    policy = next(each for each in policies() if each.id == "beyond-entry")
    wrong = replace(policy.cases[0], expect=Verdict.PERMIT, speaks=False, source="policies/x.yaml:9")
    failing = failing_cases(replace(BOOK, policies=(replace(policy, cases=(wrong,)),)))
    assert len(failing) == 1
    assert failing[0].source == "policies/x.yaml:9"
    assert "expected PERMIT, came to DENY" in failing[0].fault
    assert f"{policy.id} speaks and should not" in failing[0].fault


def test_the_harmless_transfer_is_permitted() -> None:
    """A case that changes nothing is permitted by all policies in the box."""
    policy = next(each for each in policies() if each.id == "beyond-entry")
    case = Case("nothing", {}, Verdict.PERMIT, speaks=False)
    assert facts_of_case(case, BOOK).found == ()
    assert run_case(policy, case, BOOK) == ""


@pytest.mark.parametrize("policy", policies(), ids=lambda policy: policy.id)
def test_a_policy_speaks_four_languages(policy: Policy) -> None:
    """Title and remedy are worded in each language, the two Chinese scripts differently."""
    for words in (policy.because, policy.remedy):
        assert set(words) == set(LANGUAGES)
        assert len({words["en"], words["zh-Hans"], words["pt"]}) == 3
    assert policy.remedy["zh-Hans"] != policy.remedy["zh-Hant"]
    for text in (policy.because["zh-Hans"], policy.remedy["zh-Hans"]):
        assert not set(text) & set("數據個資無檔閘須轉構徑顯")

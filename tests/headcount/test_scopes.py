"""Counting and deciding spell scopes alike, though neither knows the other."""

import pytest

from gateway.decide import decide, observe
from gateway.decide.setting import READ, setting_of
from gateway.headcount.scopes import ORIGIN_UNKNOWN, PERSONAL, SENSITIVE, of_basis, of_entry, of_kind, of_year
from gateway.rulebook.book import Ceiling
from gateway.vocabulary import Standing, Verdict
from tests.decide.rules import CONTENT, basis, book, entry, findings, sent

FACTS = observe(sent(), CONTENT, findings(), book())


@pytest.mark.parametrize(
    ("fact", "scope"),
    [
        ("standing.personal", of_year(PERSONAL)),
        ("standing.sensitive", of_year(SENSITIVE)),
        ("standing.basis.personal", of_basis("contract", PERSONAL)),
        ("standing.basis.sensitive", of_basis("contract", SENSITIVE)),
        ("standing.kind.personal", of_kind("gba_sc_mo", PERSONAL)),
        ("standing.kind.sensitive", of_kind("gba_sc_mo", SENSITIVE)),
        ("standing.origin_unknown", ORIGIN_UNKNOWN),
    ],
)
def test_a_fact_reads_the_scope_that_is_counted(fact: str, scope: str) -> None:
    """What is counted under a scope is what a policy is told."""
    setting = setting_of(FACTS, Standing(after={scope: 7}), entry(), {"contract": basis()})
    assert READ[fact](setting) == 7


@pytest.mark.parametrize("what", ["transfers", "bytes", "records", "individuals"])
@pytest.mark.parametrize("per", ["day", "year"])
def test_a_ceiling_bounds_the_scope_that_is_counted(what: str, per: str) -> None:
    """What is counted for a ceiling is what refuses when it is passed."""
    rules = book(entry(ceilings=(Ceiling(what, per, 6),)))
    assert decide(FACTS, Standing(after={of_entry("sends", per, what): 7}), rules).verdict is Verdict.DENY

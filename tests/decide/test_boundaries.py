"""Between two boundaries no decision differs, so what was decided stands."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decide import decide, observe
from gateway.decide.boundaries import stands
from gateway.rulebook.book import Ceiling, Rulebook
from gateway.rulebook.policy import Ask, Condition, Policy
from gateway.vocabulary import Facts, Standing, Verdict
from tests.decide.rules import CONTENT, basis, book, entry, finding, findings, policies, sent, wording

FACTS_ASKED = [
    "standing.personal", "standing.sensitive", "standing.kind.personal", "standing.basis.sensitive",
    "standing.origin_unknown",
]  # fmt: skip
SCOPES = [
    "year/personal", "year/sensitive", "kind:gba_sc_mo/year/personal", "basis:contract/year/personal",
    "basis:contract/year/sensitive", "origin/unknown", "entry:sends/day/individuals", "entry:sends/year/bytes",
]  # fmt: skip


def rule(number: int, fact: str, operator: str, wanted: int, verdict: Verdict) -> Policy:
    """A policy about a figure."""
    when = Condition((Ask(fact, operator, wanted),))
    return Policy(f"p{number}", wording("p"), "House rule", when, verdict, (), wording("do"), (), "policies/p.yaml:2")


rules = st.lists(
    st.tuples(
        st.sampled_from(FACTS_ASKED),
        st.sampled_from(["at_least", "more_than"]),
        st.integers(0, 12),
        st.sampled_from([Verdict.DENY, Verdict.HOLD]),
    ),
    max_size=4,
).map(lambda rows: tuple(rule(number, *row) for number, row in enumerate(rows)))
ceilings = st.lists(
    st.sampled_from([("individuals", "day"), ("bytes", "year")]).flatmap(
        lambda what: st.builds(Ceiling, st.just(what[0]), st.just(what[1]), st.integers(0, 12))
    ),
    max_size=2,
).map(tuple)
standings = st.dictionaries(st.sampled_from(SCOPES), st.integers(0, 12)).map(lambda after: Standing(after=after))


def facts_in(rulebook: Rulebook) -> Facts:
    """A transfer with a name in it."""
    return observe(sent(), CONTENT, findings(finding()), rulebook)


@settings(max_examples=300, deadline=None)
@given(rules, ceilings, st.none() | st.integers(0, 12), st.booleans(), standings, standings)
def test_what_stands_is_what_would_be_decided(
    made: tuple[Policy, ...],
    bounds: tuple[Ceiling, ...],
    scale: int | None,
    observed: bool,
    one: Standing,
    other: Standing,
) -> None:
    """Where a decision is said to stand, deciding again comes to the same, reasons and figures included."""
    watched = date(2026, 12, 31) if observed else None
    rulebook = book(
        entry(ceilings=bounds, observe_until=watched),
        rules=(*made, *policies()),
        bases=(basis(scale=scale, assessment="PIA", assessed=date(2026, 1, 1)),),
    )
    facts = facts_in(rulebook)
    taken = decide(facts, one, rulebook)
    if stands(taken, one, other, rulebook):
        assert decide(facts, other, rulebook) == taken


def test_a_figure_between_boundaries_stands_and_one_beyond_does_not() -> None:
    """Nine and ten of ten are alike; eleven is not."""
    rulebook = book(entry(ceilings=(Ceiling("individuals", "day", 10),)), rules=())
    taken = decide(facts_in(rulebook), Standing(after={"entry:sends/day/individuals": 9}), rulebook)
    for figure, alike in ((10, True), (11, False)):
        now = Standing(after={"entry:sends/day/individuals": figure})
        assert stands(taken, Standing(after={"entry:sends/day/individuals": 9}), now, rulebook) is alike


def test_a_reason_that_tells_its_figure_is_taken_again() -> None:
    """A refusal that names the figure would name an old one."""
    rulebook = book(entry(ceilings=(Ceiling("individuals", "day", 1),)), rules=())
    before, now = (Standing(after={"entry:sends/day/individuals": figure}) for figure in (5, 6))
    taken = decide(facts_in(rulebook), before, rulebook)
    assert taken.verdict is Verdict.DENY
    assert not stands(taken, before, now, rulebook)
    assert stands(replace(taken, reasons=()), before, now, rulebook)

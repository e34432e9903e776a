"""The laws of decisions, over generated facts and rulebooks: total, pure, free of order, monotone."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decide import (
    decide,
    decision_from_record,
    decision_record,
    explain,
    facts_from_record,
    facts_record,
    observe,
    standing_from_record,
    standing_record,
)
from gateway.rulebook.book import Condition, Entry, Policy, Rulebook, Validity
from gateway.rulebook.policies import BASIS_KINDS, NOTICES
from gateway.vocabulary import (
    LANGUAGES,
    STRANGER,
    Certainty,
    Facts,
    Found,
    Grade,
    Jurisdiction,
    Leg,
    Obligation,
    Opaque,
    Standing,
    State,
    Transfer,
    Unread,
    Verdict,
)
from tests.decide.rules import CONTENT, COUNTER, PORTAL, YEAR, basis, book, categories, entry, findings, policies, sent
from tests.decide.rules import wording as said

NAMES = ["pi.name", "pi.contact.phone", "pi.birthdate", "pi.id.hk.hkid", "pi.auth.jwt", "geo.map", "mark", "org.uscc"]
STATES = ["expired", "not_yet", "missing", "other_exporter", "other_recipient"]


def some(values: object) -> st.SearchStrategy[object]:
    """A set of some of these values."""
    return st.frozensets(st.sampled_from(sorted(values)), min_size=1, max_size=4)  # type: ignore[call-overload]


founds = st.builds(
    lambda name, certainty: Found(name, categories()[name].grade, certainty, 1, ("json:/*",)),
    st.sampled_from(NAMES),
    st.sampled_from(list(Certainty)),
)
opaques = st.builds(Opaque, st.sampled_from(list(Unread)), st.just("body"), st.integers(0, 9))
notices = st.sampled_from(sorted(NOTICES))
fields: dict[str, st.SearchStrategy[object]] = {
    "legs": some(Leg),
    "exporters_in": some(Jurisdiction),
    "parties_in": some(Jurisdiction),
    "exporter_traits": some(["ciio", "judicial"]),
    "recipient_known": st.booleans(),
    "party_cities_outside": some(["Zhuhai", "Macao"]),
    "categories": some(["pi", "pi.id", "pi.name", "org"]),
    "grade": st.sampled_from(list(Grade)),
    "secret": st.just(True),
    "undeclared": st.just(True),
    "beyond_basis": st.just(True),
    "certainty": st.sampled_from(list(Certainty)),
    "opaque": some(Unread),
    "states": some(State),
    "notices": some(["wire", "json.duplicate_key"]),
    "covered": st.just(False),
    "entry": some(STATES[:2]),
    "basis": some(STATES),
    "basis_kinds": some([*BASIS_KINDS, "none"]),
}
conditions = (
    st.lists(st.sampled_from(sorted(fields)), max_size=2, unique=True)
    .flatmap(lambda names: st.fixed_dictionaries({name: fields[name] for name in names}))
    .map(lambda asked: Condition(**asked))  # type: ignore[arg-type]
)


def policy(name: int, when: Condition, verdict: Verdict) -> Policy:
    """A policy made by hand; a permitting one masks."""
    duties = (Obligation("mask", "pi", f"p{name}", 1),) if verdict is Verdict.PERMIT else ()
    return Policy(
        f"p{name}", said("p"), "House rule", when, verdict, duties, said("do"), (), f"policies/p{name}.yaml:2"
    )


made = st.lists(st.tuples(conditions, st.sampled_from(list(Verdict))), min_size=2, max_size=5).map(
    lambda rows: tuple(policy(index, when, verdict) for index, (when, verdict) in enumerate(rows))
)
entries = st.builds(
    lambda name, listed, past, named, duty: entry(
        name,
        categories=frozenset(listed),
        validity=Validity(YEAR.since, YEAR.since) if past else YEAR,
        basis=named,
        obligations=(Obligation("mask", "pi.name", name, duty),) if duty else (),
    ),
    st.sampled_from(["a", "b", "c"]),
    st.sets(st.sampled_from(["pi", "pi.name", "org"])),
    st.sampled_from([False] * 5 + [True]),
    st.sampled_from(["contract"] * 5 + ["other", ""]),
    st.integers(0, 3),
)
books = st.builds(
    lambda made, shipped, chosen: book(
        *chosen,
        rules=(*made, *(policies() if shipped else ())),
        bases=(basis(), basis("other", kind="ex_no_pi", recipients=("third",), categories=frozenset())),
    ),
    made,
    st.sampled_from([False] * 3 + [True]),
    st.lists(entries, min_size=1, max_size=3, unique_by=lambda each: each.id),
)
transfers = st.builds(
    lambda leg, there, host, state: sent(
        leg=leg,
        exporter=PORTAL if leg is Leg.REQUEST else COUNTER,
        recipient=STRANGER if there else (COUNTER if leg is Leg.REQUEST else PORTAL),
        host=host,
        state=state,
    ),
    st.sampled_from(list(Leg)),
    st.sampled_from([False] * 4 + [True]),
    st.sampled_from(["counter.example"] * 4 + ["elsewhere.example"]),
    st.sampled_from([State.COMPLETE] * 4 + [State.PARTIAL]),
)


def facts_of(transfer: Transfer, rules: Rulebook, *seen: object) -> Facts:
    """Facts of a transfer with these founds, opaque parts and notices."""
    facts = observe(transfer, CONTENT, findings(), rules)
    return replace(
        facts,
        found=tuple(each for each in seen if isinstance(each, Found)),
        opaque=tuple(each for each in seen if isinstance(each, Opaque)),
        notices=tuple(each for each in seen if isinstance(each, str)),
    )


seen = st.lists(founds | opaques | notices, max_size=4)


@settings(max_examples=150, deadline=None)
@given(transfers, books, seen, founds | opaques | notices)
def test_something_more_is_never_milder(transfer: Transfer, rules: Rulebook, had: list[object], more: object) -> None:
    """Another finding, opaque part or notice never makes a verdict milder."""
    before = decide(facts_of(transfer, rules, *had), Standing(), rules)
    after = decide(facts_of(transfer, rules, *had, more), Standing(), rules)
    assert after.verdict <= before.verdict


@settings(max_examples=150, deadline=None)
@given(transfers, books, seen, st.data())
def test_an_entry_fewer_is_never_milder(
    transfer: Transfer, rules: Rulebook, had: list[object], data: st.DataObject
) -> None:
    """Striking an entry out never makes a verdict milder, nor lightens the duties of a permit."""
    gone = data.draw(st.sampled_from(sorted(rules.entries)))
    fewer = replace(rules, entries={name: each for name, each in rules.entries.items() if name != gone})
    before = decide(facts_of(transfer, rules, *had), Standing(), rules)
    after = decide(facts_of(transfer, fewer, *had), Standing(), fewer)
    assert after.verdict <= before.verdict
    if after.verdict is Verdict.PERMIT:
        assert len(after.obligations) >= len(before.obligations)


@settings(max_examples=100, deadline=None)
@given(transfers, books, seen)
def test_all_policies_are_as_strict_as_each(transfer: Transfer, rules: Rulebook, had: list[object]) -> None:
    """A policy can only make things stricter: all together are never milder than any one alone, or than none."""
    facts = facts_of(transfer, rules, *had)
    together = decide(facts, Standing(), rules).verdict
    for alone in [(), *((each,) for each in rules.policies)]:
        assert together <= decide(facts, Standing(), replace(rules, policies=alone)).verdict


@settings(max_examples=100, deadline=None)
@given(transfers, books, seen, st.integers())
def test_order_is_of_no_account(transfer: Transfer, rules: Rulebook, had: list[object], seed: int) -> None:
    """Files, rules and findings in another order give the same decision."""
    random = Random(seed)
    rows: list[tuple[str, Entry]] = list(rules.entries.items())
    shuffled, again = list(rules.policies), list(had)
    for each in (rows, shuffled, again):
        random.shuffle(each)  # type: ignore[arg-type]
    other = replace(rules, entries=dict(rows), policies=tuple(shuffled))
    assert decide(facts_of(transfer, rules, *had), Standing(), rules) == decide(
        facts_of(transfer, other, *again), Standing(), other
    )


@settings(max_examples=100, deadline=None)
@given(transfers, books, seen)
def test_records_give_everything_back(transfer: Transfer, rules: Rulebook, had: list[object]) -> None:
    """Facts and decision survive their records, the record alone gives the decision again, and it can be explained."""
    facts = facts_of(transfer, rules, *had)
    decision = decide(facts, Standing(), rules)
    assert facts_from_record(facts_record(facts)) == facts
    assert decision_from_record(decision_record(decision)) == decision
    assert decide(facts_from_record(facts_record(facts)), Standing(), rules) == decision
    assert decision.reasons
    for language in LANGUAGES:
        told = explain(decision, language, rules)
        assert len(told) == len(decision.reasons)
        assert all(each.sentence and each.remedy for each in told)
        assert not any(sign in each.sentence for each in told for sign in ("{", "…"))


def test_standing_survives_its_record() -> None:
    """What was sent since January is recorded with the decision."""
    standing = Standing({"contract/personal": 7, "a": 1})
    assert standing_from_record(standing_record(standing)) == standing

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
from gateway.rulebook.book import Entry, Rulebook, Validity
from gateway.rulebook.facts import FACTS, NOTICES, OPERATORS, RISING, VIOLATIONS, Fact, Kind, words_of
from gateway.rulebook.policy import Ask, AskFinding, Condition, Policy
from gateway.vocabulary import (
    LANGUAGES,
    STRANGER,
    Certainty,
    Facts,
    Found,
    Grade,
    Leg,
    Obligation,
    Opaque,
    Standing,
    State,
    Transfer,
    Unread,
    Verdict,
    Violation,
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
VALUES = {
    "entry.id": ["a", "b"], "basis.kind": ["gba_sc_mo", "ex_no_pi", "none"], "host": ["counter.example"],
    "exporter.city": ["Zhuhai", "Macao"], "recipient.city": ["Zhuhai", "Macao"], "parties.cities": ["Zhuhai", "Macao"],
    "basis.evidence": ["reference", "assessment"],
}  # fmt: skip


def wanted(fact: Fact) -> st.SearchStrategy[object]:
    """Something that a fact may be compared to."""
    if fact.kind is Kind.NUMBER:
        return st.integers(-1, 6)
    if fact.kind is Kind.FLAG:
        return st.just(True) if fact.grows else st.booleans()
    if fact.kind is Kind.DAY:
        return st.dates(YEAR.since, YEAR.until)
    return some(words_of(fact) or VALUES.get(fact.name, ["portal", "counter", ""]))


def asking(*, rising: bool) -> st.SearchStrategy[Ask]:
    """An ask that the loader would let through."""

    def of(fact: Fact) -> st.SearchStrategy[Ask]:
        operators = [name for name in OPERATORS[fact.kind] if not fact.grows or name in RISING]
        return st.builds(Ask, st.just(fact.name), st.sampled_from(operators), wanted(fact))

    return st.sampled_from([fact for fact in FACTS.values() if rising or not fact.grows]).flatmap(of)


asked_of_findings = st.builds(
    AskFinding,
    of=st.none() | some(["pi", "pi.id", "pi.name", "org"]),
    grade=st.none() | st.sampled_from(list(Grade)),
    certainty=st.none() | st.sampled_from(list(Certainty)),
    secret=st.none() | st.just(True),
    listed=st.none() | st.sampled_from(["strict", "gbt45574", "macao"]),
    beyond=st.none() | st.sampled_from(["entry", "basis"]),
    kinds=st.integers(1, 2),
    count=st.integers(1, 3),
)


def tuples_of[T](item: st.SearchStrategy[T], most: int) -> st.SearchStrategy[tuple[T, ...]]:
    """A few of these."""
    return st.lists(item, max_size=most).map(tuple)


fixed = st.builds(Condition, asks=tuples_of(asking(rising=False), 2))
simple = st.builds(Condition, asks=tuples_of(asking(rising=True), 1), findings=tuples_of(asked_of_findings, 1))
conditions = st.builds(
    Condition,
    asks=tuples_of(asking(rising=True), 2),
    findings=tuples_of(asked_of_findings, 1),
    every=tuples_of(simple, 1),
    either=tuples_of(simple, 2),
    none=tuples_of(fixed.filter(lambda each: bool(each.asks)), 1),
)
exceptions = st.none() | fixed.filter(lambda each: bool(each.asks))


def policy(name: int, when: Condition, unless: Condition | None, verdict: Verdict) -> Policy:
    """A policy made by hand; a permitting one masks."""
    duties = (Obligation("mask", "pi", f"p{name}", 1),) if verdict is Verdict.PERMIT else ()
    source = f"policies/p{name}.yaml:2"
    return Policy(f"p{name}", said("p"), "House rule", when, verdict, duties, said("do"), (), source, unless)


made = st.lists(st.tuples(conditions, exceptions, st.sampled_from(list(Verdict))), min_size=2, max_size=5).map(
    lambda rows: tuple(policy(index, *row) for index, row in enumerate(rows))
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
    """Facts of a transfer with these founds, opaque parts, notices and departures, and so many people."""
    facts = observe(transfer, CONTENT, findings(), rules)
    people = sum(each for each in seen if isinstance(each, int))
    return replace(
        facts,
        violations=tuple(each for each in seen if isinstance(each, Violation)),
        individuals=people,
        sensitive_individuals=people // 2,
        minors=people // 3,
        found=tuple(each for each in seen if isinstance(each, Found)),
        opaque=tuple(each for each in seen if isinstance(each, Opaque)),
        notices=tuple(each for each in seen if isinstance(each, str)),
    )


violations = st.builds(Violation, st.sampled_from(["a", "b", "sends"]), st.sampled_from(VIOLATIONS), st.just("json:/*"))
things = founds | opaques | notices | violations | st.integers(1, 3)
seen = st.lists(things, max_size=4)


@settings(max_examples=150, deadline=None)
@given(transfers, books, seen, things)
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

"""Decisions, one by one."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from gateway.decide import decide, observe, prepare
from gateway.rulebook.book import Ceiling, Rulebook, Validity
from gateway.rulebook.expressions import expression
from gateway.rulebook.facts import FACTS, Kind
from gateway.rulebook.policy import Ask, AskFinding, Condition, Policy
from gateway.vocabulary import (
    BEIJING,
    STRANGER,
    Certainty,
    Decision,
    Finding,
    Leg,
    Obligation,
    Standing,
    State,
    Transfer,
    Verdict,
    Violation,
)
from tests.decide.rules import (
    CONTENT,
    COUNTER,
    PORTAL,
    YEAR,
    basis,
    book,
    entry,
    finding,
    findings,
    sent,
    usual,
    wording,
)


def decided(rules: Rulebook, *items: Finding, transfer: Transfer | None = None) -> Decision:
    """The decision about a transfer with these findings."""
    return decide(observe(transfer or sent(), CONTENT, findings(*items), rules), Standing(), rules)


def codes(decision: Decision) -> set[tuple[str, str]]:
    """Code and rule of each reason."""
    return {(reason.code, reason.rule) for reason in decision.reasons}


def asks(fact: str, operator: str, *wanted: Any) -> Condition:
    """A condition that asks one thing of one fact."""
    texts = FACTS[fact].kind in {Kind.TEXT, Kind.TEXTS}
    return Condition((Ask(fact, operator, frozenset(wanted) if texts else wanted[0]),))


def rule(name: str, verdict: Verdict, when: Condition, *duties: Obligation) -> Policy:
    """A policy made by hand."""
    return Policy(
        name, wording(name), "House rule", when, verdict, duties, wording("do"), (), f"policies/{name}.yaml:2"
    )


def test_a_permit_names_entry_and_basis() -> None:
    """A permit says by which entry and on which basis, and whose day it ends on."""
    decision = decided(usual(), finding())
    assert decision.verdict is Verdict.PERMIT
    assert (decision.entry, decision.basis) == ("sends", "contract")
    reason = decision.reasons[-1]
    assert (reason.code, reason.source, reason.verdict) == (
        "entry.permits_on_basis",
        "whitelist.yaml:20",
        Verdict.PERMIT,
    )
    assert dict(reason.params) == {"basis": "contract", "day": "2026-12-31", "entry": "sends", "reference": "REF-1"}


def test_a_refusal_says_rule_source_statute_and_what_was_found() -> None:
    """A reason bears all that its reader needs, by code."""
    decision = decided(usual(), finding("pi.birthdate"))
    assert decision.verdict is Verdict.DENY
    assert decision.obligations == ()
    reason = next(reason for reason in decision.reasons if reason.rule == "beyond-entry")
    assert (reason.code, reason.source, reason.statute) == (
        "policy.denies",
        "policies/pipl/beyond-entry.yaml:3",
        "PIPL arts. 6 and 19",
    )
    assert dict(reason.params) == {"categories": "pi.birthdate", "entry": "sends"}


def test_reasons_accumulate_in_order_of_rule() -> None:
    """Every policy that speaks is heard, not the first one only."""
    transfer = sent(state=State.PARTIAL, notices=("wire.trailers",))
    rules = [reason.rule for reason in decided(usual(), finding("pi.birthdate"), transfer=transfer).reasons]
    assert rules == ["beyond-basis", "beyond-entry", "partial-body", "wire-oddities"]


def test_without_policies_nothing_uncovered_passes() -> None:
    """The default is a refusal by the house itself."""
    decision = decided(book(rules=()), transfer=sent(host="elsewhere.example"))
    assert decision.verdict is Verdict.DENY
    assert codes(decision) == {("house.not_covered", "house")}


@pytest.mark.parametrize(
    ("rules", "transfer", "items", "code"),
    [
        (book(entry(validity=Validity(YEAR.since, YEAR.since)), rules=()), sent(), (), "entry.expired"),
        (book(entry(validity=Validity(YEAR.until, YEAR.until)), rules=()), sent(), (), "entry.not_yet"),
        (book(rules=()), sent(state=State.PARTIAL), (), "house.incomplete"),
        (book(rules=(), bases=(basis(exporter="other"),)), sent(), (), "basis.other_exporter"),
        (book(rules=(), bases=(basis(recipients=("other",)),)), sent(), (), "basis.other_recipient"),
        (
            book(rules=(), bases=(basis(validity=Validity(YEAR.since, YEAR.since)),)),
            sent(),
            (),
            "basis.expired",
        ),
        (book(rules=(), bases=()), sent(), (finding(),), "basis.missing"),
        (book(rules=()), sent(), (finding("pi.birthdate"),), "entry.undeclared"),
    ],
)
def test_an_entry_never_opens_more_than_its_bounds(
    rules: Rulebook, transfer: Transfer, items: tuple[Finding, ...], code: str
) -> None:
    """With every policy struck out, the bounds that an entry states still hold."""
    decision = decided(rules, *items, transfer=transfer)
    assert decision.verdict is Verdict.DENY
    assert code in {reason.code for reason in decision.reasons}


def test_a_hold_does_not_soften_a_bound() -> None:
    """A policy that holds cannot turn the refusal of an expired entry into a hold."""
    hold = rule("hold", Verdict.HOLD, asks("exporter.known", "is", True))
    expired = entry(validity=Validity(YEAR.since, YEAR.since))
    assert decided(book(expired, rules=(hold,))).verdict is Verdict.DENY
    assert decided(book(rules=(hold,))).verdict is Verdict.HOLD


def test_the_most_restrictive_rule_wins() -> None:
    """A refusal stays one whatever else is demanded, before or after it in order of id."""
    always = asks("exporter.known", "is", True)
    verdicts = {"a": Verdict.PERMIT, "b": Verdict.DENY, "c": Verdict.HOLD, "d": Verdict.PERMIT}
    rules = tuple(rule(name, verdict, always) for name, verdict in verdicts.items())
    assert decided(book(rules=rules)).verdict is Verdict.DENY
    assert decided(book(rules=(rules[0], rules[2], rules[3]))).verdict is Verdict.HOLD


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        (datetime(2027, 1, 1, 0, 0, tzinfo=BEIJING), Verdict.DENY),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=BEIJING), Verdict.PERMIT),
        (datetime.fromisoformat("2026-12-31T15:59:59+00:00"), Verdict.PERMIT),
        (datetime.fromisoformat("2026-12-31T16:00:00+00:00"), Verdict.DENY),
    ],
)
def test_a_day_ends_at_midnight_in_beijing(at: datetime, verdict: Verdict) -> None:
    """The last day is included, and it is counted in Beijing time wherever the clock stands."""
    assert decided(usual(), transfer=sent(at=at)).verdict is verdict


def test_of_several_entries_the_mildest_is_taken() -> None:
    """One entry that permits is leave enough; of two that permit, the one with fewer duties, then by id."""
    expired = entry("a", validity=Validity(YEAR.since, YEAR.since))
    masking, plain = entry("b"), entry("c", obligations=())
    phone = finding("pi.contact.phone")
    assert decided(book(expired, masking, plain), phone).entry == "c"
    assert decided(book(expired, masking), phone).entry == "b"
    assert decided(book(masking, entry("d")), phone).entry == "b"
    assert decided(book(expired), phone).verdict is Verdict.DENY


def test_duties_are_those_about_what_was_found() -> None:
    """A mask for telephones is due where one was found."""
    assert decided(usual(), finding()).obligations == ()
    due = decided(usual(), finding("pi.contact.phone", certainty=Certainty.POSSIBLE)).obligations
    assert due == (Obligation("mask", "pi.contact.phone", "sends", 4),)


def test_of_equal_duties_the_strictest_is_due() -> None:
    """A policy can have more masked than its entry asks for, and never less."""
    duty = Obligation("mask", "pi.contact.phone", "mask", 2)
    mask = rule("mask", Verdict.PERMIT, Condition(findings=(AskFinding(of=frozenset({"pi.contact"})),)), duty)
    decision = decided(book(rules=(mask,)), finding("pi.contact.phone"))
    assert decision.obligations == (duty,)
    assert ("policy.masks", "mask") in codes(decision)
    looser = replace(mask, obligations=(replace(duty, keep_last=6),))
    assert decided(book(rules=(looser,)), finding("pi.contact.phone")).obligations[0].keep_last == 4


def test_one_finding_must_meet_all_that_is_asked() -> None:
    """A condition is about one finding, not about several that meet a part of it each."""
    when = Condition(findings=(AskFinding(of=frozenset({"pi.name"}), certainty=Certainty.CERTAIN),))
    rules = book(rules=(rule("sure", Verdict.HOLD, when),))
    weak, other = finding("pi.name"), finding("pi.contact.phone", certainty=Certainty.CERTAIN)
    assert decided(rules, weak, other).verdict is Verdict.PERMIT
    assert decided(rules, finding("pi.name", certainty=Certainty.CERTAIN)).verdict is Verdict.HOLD


def test_the_counterflow_has_categories_and_basis_of_its_own() -> None:
    """What an entry lists for the data is not listed for the answer."""
    answer = sent(leg=Leg.RESPONSE, exporter=COUNTER, recipient=PORTAL)
    assert decided(usual(), transfer=answer).verdict is Verdict.PERMIT
    assert decided(usual(), finding(), transfer=answer).verdict is Verdict.DENY
    filed = {"notification": "N-1", "ground": "contract"}
    back = basis("back", exporter="counter", recipients=("portal",), kind="mo_art20", evidence=filed)
    rules = book(entry(counterflow=frozenset({"pi.name"}), counterflow_basis="back"), bases=(basis(), back))
    decision = decided(rules, finding(), transfer=answer)
    assert (decision.verdict, decision.basis) == (Verdict.PERMIT, "back")


def test_a_near_miss_helps_whoever_is_known() -> None:
    """The nearest entry is named to a party of the whitelist, and never to a stranger."""
    told = decided(usual(), transfer=sent(method="PUT"))
    assert told.entry == "sends"
    assert ("near_method", "sends") in {pair for reason in told.reasons for pair in reason.params}
    stranger = decided(usual(), transfer=sent(exporter=STRANGER))
    assert not any(key.startswith("near_") for reason in stranger.reasons for key, _ in reason.params)


def test_facts_can_be_replayed_against_another_rulebook() -> None:
    """An entry that covered a transfer once and is gone no longer does."""
    facts = observe(sent(), CONTENT, findings(), usual())
    decision = decide(facts, Standing(), book(entry("another")))
    assert decision.verdict is Verdict.DENY
    assert "no-entry" in {reason.rule for reason in decision.reasons}


def test_secrets_are_refused_where_no_entry_covers_them_too() -> None:
    """Policies about what was found speak about a transfer that no entry covers."""
    decision = decided(usual(), finding("pi.auth.private_key"), transfer=sent(host="elsewhere.example"))
    assert {"no-entry", "secrets"} <= {reason.rule for reason in decision.reasons}


@pytest.mark.parametrize(
    ("asked", "speaks"),
    [
        (asks("leg", "any_of", "request"), True),
        (asks("leg", "any_of", "response"), False),
        (asks("leg", "none_of", "response"), True),
        (asks("exporter.jurisdiction", "any_of", "CN"), True),
        (asks("exporter.jurisdiction", "any_of", "MO"), False),
        (asks("recipient.jurisdiction", "any_of", "MO"), True),
        (asks("parties.jurisdictions", "all_of", "CN", "MO"), True),
        (asks("parties.jurisdictions", "outside", "CN"), True),
        (asks("parties.jurisdictions", "none_of", "HK"), True),
        (asks("exporter.city", "none_of", "Zhuhai"), False),
        (asks("recipient.city", "none_of", "Zhuhai"), True),
        (asks("day", "since", date(2026, 7, 1)), True),
        (asks("day", "until", date(2026, 6, 30)), False),
        (asks("hour", "less_than", 13), True),
        (asks("size", "more_than", 2), False),
        (asks("entry.covered", "is", True), True),
        (Condition(none=(asks("leg", "any_of", "request"),)), False),
        (Condition(either=(asks("hour", "at_most", 3), asks("leg", "any_of", "request"))), True),
        (Condition(every=(asks("hour", "at_most", 3), asks("leg", "any_of", "request"))), False),
    ],
)
def test_each_operator_asks_what_it_says(asked: Condition, speaks: bool) -> None:
    """Every operator, and every way of joining conditions; a rulebook made ready answers the same."""
    rules = book(rules=(rule("asks", Verdict.HOLD, asked),))
    prepare(rules)
    assert decided(rules).verdict is (Verdict.HOLD if speaks else Verdict.PERMIT)


def test_a_policy_on_trial_is_recorded_and_demands_nothing() -> None:
    """What a trial would demand stands among the reasons; the verdict and the duties are as if it were not there."""
    trial = replace(rule("try", Verdict.DENY, asks("exporter.known", "is", True)), trial=True)
    decision = decided(book(rules=(trial,)))
    assert decision.verdict is Verdict.PERMIT
    assert ("policy.trial", "try") in codes(decision)


def test_unless_silences_a_policy() -> None:
    """A policy does not speak where all of its exception holds."""
    spared = replace(
        rule("most", Verdict.DENY, asks("exporter.known", "is", True)),
        unless=Condition(asks("leg", "any_of", "request").asks + asks("exporter.city", "any_of", "Zhuhai").asks),
    )
    assert decided(book(rules=(spared,))).verdict is Verdict.PERMIT
    assert (
        decided(book(rules=(spared,)), transfer=sent(exporter=replace(PORTAL, city="Foshan"))).verdict is Verdict.DENY
    )


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ('exporter.city != "Foshan" && size < 10', True),
        ('"ciio" in exporter.traits', False),
        ('entry.purpose.startsWith("te") && day >= "2026-07-01"', True),
        ("1 / (size - 2) > 0", True),
    ],
)
def test_an_expression_says_what_conditions_cannot(text: str, speaks: bool) -> None:
    """A CEL expression over facts makes a policy speak unless it is false; one that cannot be worked out does too."""
    asked = replace(rule("cel", Verdict.HOLD, asks("exporter.known", "is", True)), where=expression(text))
    assert decided(book(rules=(asked,))).verdict is (Verdict.HOLD if speaks else Verdict.PERMIT)


def test_a_departure_from_the_dataset_refuses() -> None:
    """What the entry's dataset does not allow is refused, unless the entry only observes on that day."""
    facts = observe(sent(), CONTENT, findings(), usual())
    broken = replace(facts, violations=(Violation("sends", "field.undeclared", "json:/*"),))
    assert decide(broken, Standing(), usual()).verdict is Verdict.DENY
    another = replace(facts, violations=(Violation("another", "field.undeclared", "json:/*"),))
    assert decide(another, Standing(), usual()).verdict is Verdict.PERMIT
    watching = book(entry(observe_until=date(2026, 7, 1)))
    seen = decide(broken, Standing(), watching)
    assert seen.verdict is Verdict.PERMIT
    assert ("entry.would_refuse.violated", "sends") in codes(seen)
    assert (
        decide(replace(broken, at=datetime(2026, 7, 2, tzinfo=BEIJING)), Standing(), watching).verdict is Verdict.DENY
    )


def test_a_ceiling_is_compared_with_this_transfer_included() -> None:
    """What would pass a ceiling is refused; what reaches it is not; the answer is not counted under the entry."""
    rules = book(entry(ceilings=(Ceiling("individuals", "day", 100),)))
    facts = observe(sent(), CONTENT, findings(), rules)
    for figure, verdict in ((100, Verdict.PERMIT), (101, Verdict.DENY)):
        standing = Standing(after={"entry:sends/day/individuals": figure})
        assert decide(facts, standing, rules).verdict is verdict
        answer = observe(sent(leg=Leg.RESPONSE, exporter=COUNTER, recipient=PORTAL), CONTENT, findings(), rules)
        assert decide(answer, standing, rules).verdict is Verdict.PERMIT

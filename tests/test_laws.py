"""The laws of the house, each as a check over generated transfers, and each seen to fail when broken on purpose.

A law is a function that asserts. ``test_law`` runs each over what hypothesis invents; ``test_broken_law_is_noticed``
breaks the code in one place by monkeypatch and demands that the law speaks up: a check that cannot fail is a defect.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import pipeline
from gateway.decide import decide, decision_from_record, facts_from_record, observe, standing_from_record
from gateway.pipeline import House, judge
from gateway.settings import Settings
from gateway.vocabulary import (
    Certainty,
    Decision,
    Facts,
    Findings,
    Found,
    Grade,
    Leg,
    Limits,
    Opaque,
    Outcome,
    Standing,
    Transfer,
    Unread,
    Verdict,
)
from tests.given import APPLICATION, PLANTED, Memory, shipped, transfer, without_entries

STANDING = Standing()
LIMITS = Limits()

scalars = st.one_of(
    st.sampled_from(sorted(PLANTED.values())),
    st.text(max_size=12),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.none(),
)
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["name", "bir", "phone", "note", "x"]), inner, max_size=4),
    ),
    max_leaves=8,
)
bodies = st.one_of(documents, st.binary(max_size=80).filter(bool), st.just(APPLICATION))
transfers = st.builds(
    lambda body, host, target, leg: transfer(body, host=host, target=target, leg=leg),
    bodies,
    st.sampled_from(["counter.macao.example", "clinic.hk.example", "elsewhere.example"]),
    st.sampled_from([b"/v1/applications", b"/v1/referrals", b"/", b"/v1/applications?q=A123456(3)"]),
    st.sampled_from([Leg.REQUEST, Leg.RESPONSE]),
)


def carried(item: Transfer, ledger: Memory | None = None) -> tuple[Outcome, Memory]:
    """Walk a transfer through a house whose ledger is in memory."""
    ledger = ledger or Memory()
    house = House(Settings(), shipped(), ledger)
    return asyncio.run(house.carry(item)), ledger


def deny_is_zero(item: Transfer) -> None:
    """Law 1: what was never decided never passes, and whatever breaks ends in a recorded refusal."""
    assert Verdict(0) is Verdict.DENY
    assert Decision().verdict is Verdict.DENY
    for room in ("decode", "classify", "observe", "decide"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline, room, lambda *_: 1 / 0)
            outcome, ledger = carried(item)
        assert outcome.decision.verdict is Verdict.DENY
        assert outcome.body is None
        assert len(ledger.entries) == 1


def record_before_release(item: Transfer) -> None:
    """Law 2: there is no body to release without a receipt, and one entry for each transfer."""
    outcome, ledger = carried(item, Memory(closed=True))
    assert outcome.decision.verdict is Verdict.DENY
    assert (outcome.body, outcome.receipt) == (None, None)
    outcome, ledger = carried(item)
    assert len(ledger.entries) == 1
    assert outcome.receipt is not None
    assert (outcome.body is None) == (outcome.decision.verdict is not Verdict.PERMIT)


def decision_is_pure(item: Transfer) -> None:
    """Law 3: the record alone gives the decision again."""
    _, ledger = carried(item)
    entry = json.loads(ledger.entries[0])
    facts = facts_from_record(entry["facts"])
    recorded = decision_from_record(entry["decision"])
    again = decide(facts, standing_from_record(entry["standing"]), shipped())
    if not any(reason.rule == "house" for reason in recorded.reasons):
        assert again == recorded


def no_payload_in_records(item: Transfer) -> None:
    """Law 4: no identifier that was sent is in the entry, the facts or anything that prints itself."""
    outcome, ledger = carried(item)
    judgement = judge(item, shipped(), STANDING, LIMITS)
    said = ledger.entries[0].decode() + repr(outcome) + repr(judgement) + repr(item)
    for value in PLANTED.values():
        assert value not in said


def unread_is_refused(item: Transfer) -> None:
    """Law 5: a part that cannot be read is a value, and the shipped policy refuses it."""
    judgement = judge(replace(item, body=b"\x00\xff\xfe\x81" + item.body), shipped(), STANDING, LIMITS)
    assert judgement.content.opaque
    assert judgement.decision.verdict is Verdict.DENY


def monotone(item: Transfer) -> None:
    """Law 6: another finding, another opaque part, or one whitelist entry fewer never makes a verdict milder."""
    book = shipped()
    judgement = judge(item, book, STANDING, LIMITS)
    facts = judgement.facts
    verdict = decide(facts, STANDING, book).verdict
    for category in ("pi.name", "pi.id.hk.hkid", "pi.auth.private_key", "pi.health.condition"):
        more = Found(category, book.categories[category].grade, Certainty.LIKELY, 1, ("json:/*",))
        assert decide(replace(facts, found=(*facts.found, more)), STANDING, book).verdict <= verdict
    hidden = Opaque(Unread.ENCRYPTED, "body", 10)
    assert decide(replace(facts, opaque=(*facts.opaque, hidden)), STANDING, book).verdict <= verdict
    for entry in book.entries:
        fewer = without_entries(book, entry)
        seen = observe(item, judgement.content, judgement.findings, fewer)
        assert decide(seen, STANDING, fewer).verdict <= verdict


def splice_only(item: Transfer) -> None:
    """Law 7: a masked body differs from the original in masked spans only; a masked number becomes a string."""
    judgement = judge(item, shipped(), STANDING, LIMITS)
    if judgement.body is None:
        return
    if not judgement.decision.obligations:
        assert judgement.body == item.body
    before, after = (body.decode().replace('"', "") for body in (item.body, judgement.body))
    assert len(before) == len(after)
    assert all(new in (old, "*") for old, new in zip(before, after, strict=True))


def both_ways(item: Transfer) -> None:
    """Law 8: a permit for one leg says nothing about the other; personal information does not ride back on it."""
    back = replace(item, leg=Leg.RESPONSE, exporter=item.recipient, recipient=item.exporter)
    judgement = judge(back, shipped(), STANDING, LIMITS)
    if any(found.grade >= Grade.PERSONAL for found in judgement.facts.found):
        assert judgement.decision.verdict is Verdict.DENY


def air_gapped(item: Transfer) -> None:
    """Law 9: nobody in the corridor looks up a name or opens a connection."""
    with pytest.MonkeyPatch.context() as patch:
        for call in ("getaddrinfo", "create_connection", "gethostbyname"):
            patch.setattr(f"socket.{call}", lambda *_, **__: pytest.fail("the network was asked"))
        judge(item, shipped(), STANDING, LIMITS)


LAWS = [
    deny_is_zero,
    record_before_release,
    decision_is_pure,
    no_payload_in_records,
    unread_is_refused,
    monotone,
    splice_only,
    both_ways,
    air_gapped,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law: Callable[[Transfer], None]) -> None:
    """Each law holds for whatever is sent."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(transfers)
    def holds(item: Transfer) -> None:
        law(item)

    holds()
    law(transfer())


def test_the_harmless_transfer_is_permitted() -> None:
    """The laws are not kept by refusing everything: the lawful application passes, with its phone masked."""
    judgement = judge(transfer(), shipped(), STANDING, LIMITS)
    assert judgement.decision.verdict is Verdict.PERMIT, judgement.decision.reasons
    assert judgement.body is not None
    assert b"66123456" not in judgement.body


def permit(*_: object) -> Decision:
    """A decision room that has lost its mind."""
    return Decision(verdict=Verdict.PERMIT)


async def forgetful(self: House, *args: object) -> Outcome:
    """A recorder that lets go without having written."""
    return Outcome(Decision(verdict=Verdict.PERMIT), None, b"gone", None)


def talkative(facts: Facts) -> dict[str, object]:
    """A record that quotes."""
    return {"note": PLANTED["bir"]}


def careless_rebuild(item: Transfer, *rest: Any) -> bytes:
    """A transform that serialises anew."""
    return json.dumps(json.loads(REAL_REBUILD(item, *rest)), indent=1, ensure_ascii=False).encode()


def curious(*_: object) -> Findings:
    """A recogniser that asks the network."""
    import socket

    socket.getaddrinfo("suffix-list.example", 443)
    return Findings()


REAL_DECIDE = decide
REAL_REBUILD = pipeline.rebuild


def milder(facts: Facts, standing: Standing, book: object) -> Decision:
    """A decision that softens when there is a secret to see."""
    secret = any(found.category == "pi.auth.private_key" for found in facts.found)
    return Decision(verdict=Verdict.PERMIT if secret else Verdict.DENY)


def drifting(facts: Facts, standing: Standing, book: object) -> Decision:
    """A decision that looks at something that is not in the record."""
    decision = REAL_DECIDE(facts, standing, book)  # type: ignore[arg-type]
    return replace(decision, entry=f"{decision.entry}{id(facts)}")


@pytest.mark.parametrize(
    ("law", "module", "name", "sabotage"),
    [
        (deny_is_zero, "gateway.pipeline", "refused", lambda decision, *_, **__: Decision(verdict=Verdict.PERMIT)),
        (record_before_release, "gateway.pipeline.House", "_settle", forgetful),
        (decision_is_pure, "gateway.pipeline", "decide", drifting),
        (no_payload_in_records, "gateway.settlement", "facts_record", talkative),
        (unread_is_refused, "gateway.pipeline", "decide", permit),
        (monotone, "tests.test_laws", "decide", milder),
        (splice_only, "gateway.pipeline", "rebuild", careless_rebuild),
        (both_ways, "gateway.pipeline", "decide", permit),
        (air_gapped, "gateway.pipeline", "classify", curious),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_broken_law_is_noticed(
    law: Callable[[Transfer], None], module: str, name: str, sabotage: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one thing broken on purpose, the law that it breaks fails."""
    item = transfer()
    monkeypatch.setattr(f"{module}.{name}", sabotage)
    with pytest.raises((AssertionError, pytest.fail.Exception, KeyError)):
        law(item)

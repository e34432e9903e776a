"""What a refused sender is told."""

import asyncio
import gzip
import json
import string
from dataclasses import replace

import pytest

from gateway.decide import explain
from gateway.intake.refusal import bare_refusal, refusal, status_of
from gateway.intake.wording import BOTH_UNKNOWN, TITLES, UNRECORDED
from gateway.pipeline import House
from gateway.settings import Settings
from gateway.vocabulary import LANGUAGES, STRANGER, Decision, Fault, Leg, Outcome, Reason, Receipt, Transfer, Verdict
from tests.given import PLANTED, Memory, shipped, transfer
from tests.intake.stage import TOKEN, post, stage

NOTHING = gzip.compress(b"", mtime=0)


def outcome(code: str, fault: Fault = Fault.POLICY, **params: str) -> Outcome:
    """A refusal for one reason."""
    reason = Reason(code, "house", "", params=tuple(params.items()))
    return Outcome(Decision(reasons=(reason,)), None, None, Receipt(7, bytes(32)), fault)


def told(item: Transfer, languages: bytes = b"") -> dict[str, object]:
    """The problem that the shipped rules lead to."""
    house = House(Settings(), shipped(), Memory())
    words = refusal(asyncio.run(house.carry(item)), item, shipped(), languages=languages, contact="")
    return {"fields": dict(words.fields), "http": words.status, **json.loads(words.body)}


def test_a_refusal_names_rule_statute_remedy_and_whom_to_ask() -> None:
    """Members of RFC 9457, decision, place in the ledger; for each rule where it stands and what to do."""
    item = transfer({"patient": PLANTED["hkid"]})
    problem = told(item)
    assert problem["fields"][b"Content-Type"] == b"application/problem+json"  # type: ignore[index]
    assert (problem["http"], problem["status"]) == (451, 451)
    assert problem["decision"] == item.id
    assert problem["instance"] == f"urn:uuid:{item.id}"
    assert problem["ledger_index"] == 0
    assert problem["contact"] == shipped().contact
    assert {"type", "title", "detail", "rules"} <= set(problem)
    rules: list[dict[str, str]] = problem["rules"]  # type: ignore[assignment]
    assert rules
    for rule in rules:
        assert set(rule) == {"rule", "code", "source", "statute", "sentence", "remedy"}
        assert rule["sentence"]
        assert rule["remedy"]


def test_a_refusal_quotes_nothing() -> None:
    """No planted identifier is in what the sender is told, not even its own (law 4)."""
    target = b"/v1/applications?id=" + PLANTED["hkid"].encode()
    problem = str(told(transfer({"all": list(PLANTED.values())}, target=target)))
    for value in PLANTED.values():
        assert value not in problem


@pytest.mark.parametrize(
    ("asked", "language"),
    [(b"", "en"), (b"zh-CN", "zh-Hans"), (b"zh-HK, en;q=0.5", "zh-Hant"), (b"pt-PT", "pt"), (b"\xff", "en")],
)
def test_a_refusal_speaks_the_senders_language(asked: bytes, language: str) -> None:
    """Accept-Language chooses; Content-Language says what was chosen, Vary that it was."""
    problem = told(transfer({"x": PLANTED["hkid"]}), asked)
    fields: dict[bytes, bytes] = problem["fields"]  # type: ignore[assignment]
    assert fields[b"Content-Language"] == language.encode()
    assert (fields[b"Cache-Control"], fields[b"Vary"]) == (b"no-store", b"Accept-Language")
    assert problem["title"] == TITLES[451][language]


@pytest.mark.parametrize(
    ("given", "leg", "status"),
    [
        (outcome("policy.denies"), Leg.REQUEST, 451),
        (outcome("wire.malformed"), Leg.REQUEST, 400),
        (outcome("wire.slow"), Leg.REQUEST, 408),
        (outcome("wire.body_too_large", Fault.TOO_LARGE), Leg.REQUEST, 413),
        (outcome("wire.body_too_large", Fault.TOO_LARGE), Leg.RESPONSE, 502),
        (outcome("wire.header_too_large", Fault.TOO_LARGE), Leg.REQUEST, 431),
        (outcome("upstream.broken", Fault.UPSTREAM), Leg.RESPONSE, 502),
        (outcome("upstream.slow", Fault.UPSTREAM), Leg.RESPONSE, 504),
        (outcome("house.fault", Fault.HOUSE), Leg.REQUEST, 500),
        (outcome("ledger.closed", Fault.LEDGER), Leg.REQUEST, 503),
        (outcome("wire.malformed", Fault.LEDGER), Leg.REQUEST, 503),
    ],
)
def test_the_status_says_whose_fault_it_is(given: Outcome, leg: Leg, status: int) -> None:
    """Rules 451, the message 4xx, the other side 502 or 504, the house 500, its ledger 503 before all else."""
    assert status_of(given, transfer(leg=leg)) == status


def test_a_stranger_is_told_so() -> None:
    """A refusal by rule of somebody the gateway does not know is 403, on either leg."""
    assert status_of(outcome("policy.denies"), replace(transfer(), exporter=STRANGER)) == 403
    assert status_of(outcome("policy.denies"), replace(transfer(leg=Leg.RESPONSE), recipient=STRANGER)) == 403


def test_every_title_is_in_every_language() -> None:
    """Titles are complete, and their parameters are the same in all languages."""
    wordings = [*TITLES.values(), BOTH_UNKNOWN, UNRECORDED]
    for wording in wordings:
        assert tuple(wording) == LANGUAGES
        names = {tuple(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in wording.values()}
        assert len(names) == 1


def test_a_stranger_on_the_way_to_nowhere_is_told_both() -> None:
    """CONNECT to a host that nobody listed, by somebody unknown: first where it goes, then who asks, in words."""

    async def play() -> None:
        async with stage() as on:
            raw = b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n%s\r\n"
            stranger = json.loads((await on.ask(raw % b"")).body)
            assert (stranger["status"], stranger["title"]) == (403, BOTH_UNKNOWN["en"])
            assert stranger["type"] == "urn:kouan:problem:unknown-parties"
            assert stranger["detail"].startswith("No whitelist entry names the host")
            assert stranger["detail"].endswith("The sender is not recognised either.")
            known = json.loads((await on.ask(raw % TOKEN)).body)
            assert known["status"] == 451
            assert "sender" not in known["detail"]

    asyncio.run(play())


def test_the_ledger_knows_the_words_of_the_door() -> None:
    """Whoever explains a record, without the door, has the very sentence that the sender was told."""
    reason = Reason("wire.body_too_large", "house", "", params=(("limit", "10"),))
    (said,) = explain(Decision(reasons=(reason,)), "pt", shipped())
    assert "limite de 10 bytes" in said.sentence


def test_what_is_said_first_says_nothing_but_no() -> None:
    """The refusal that stands in every exchange before it is judged is a refusal, complete in itself."""
    bare = bare_refusal()
    assert bare.status == 503
    assert json.loads(bare.body)["status"] == 503
    assert Decision().verdict is Verdict.DENY


def test_a_refusal_over_the_wire_is_in_the_language_asked_for() -> None:
    """The language is taken from the request and the sentence of the door itself is worded in it."""

    async def play() -> None:
        async with stage(max_body=10) as on:
            reply = await on.ask(post(extra=b"Accept-Language: pt\r\n"))
            assert reply.header("Content-Language") == "pt"
            assert json.loads(reply.body)["title"] == TITLES[413]["pt"]
            assert "limite de 10 bytes" in json.loads(reply.body)["detail"]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("coding", "body"),
    [("gzip", gzip.compress(bytes(4_000_000))), ("compress", b"x"), ("gzip", b"no gzip"), ("gzip", NOTHING)],
    ids=["beyond the ratio", "unknown coding", "broken coding", "nothing in it"],
)
def test_a_body_that_cannot_be_looked_at_is_refused_for_that_alone(coding: str, body: bytes) -> None:
    """Nobody has seen that it is of another type than it says, so that is no reason; being unreadable is one."""

    async def play() -> None:
        async with stage() as on:
            reply = await on.ask(post(body, extra=TOKEN + b"Content-Encoding: %s\r\n" % coding.encode()))
            rules = [rule["rule"] for rule in json.loads(reply.body).get("rules", ())]
            empty = body is NOTHING
            assert (reply.status, rules) == ((200, []) if empty else (451, ["opaque-content"]))
            facts = json.loads(on.ledger.entries[0])["facts"]
            assert facts["media_type"] == "application/json"
            assert facts["covering"] == ["zhuhai-macao-statistics"]

    asyncio.run(play())


def test_an_unreadable_body_of_a_type_that_no_entry_lists_is_told_both() -> None:
    """Where the very declaration fits no entry, that is a reason as well."""

    async def play() -> None:
        async with stage() as on:
            raw = post(b"x", extra=TOKEN + b"Content-Encoding: compress\r\n").replace(b"application/json", b"image/png")
            problem = json.loads((await on.ask(raw)).body)
            assert [rule["rule"] for rule in problem["rules"]] == ["no-entry", "opaque-content"]

    asyncio.run(play())

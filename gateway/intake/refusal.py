"""What a refused sender is told: RFC 9457 problem details, with status 451 (RFC 7725) where the rules refuse.

It names the decision, its place in the ledger, the rules with statute and remedy, and whom to ask; never a word of
what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from gateway.decide import explain, pick_language
from gateway.intake.wording import BOTH_UNKNOWN, CROWDED, TITLES, UNRECORDED
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Fault, Leg, Outcome, Transfer, Verdict

MEDIA_TYPE = b"application/problem+json"
_STATUS = {
    "wire.malformed": 400,
    "wire.client_gone": 400,
    "wire.slow": 408,
    "wire.header_too_large": 431,
    "wire.body_too_large": 413,
    "upstream.slow": 504,
}
_BY_FAULT = {Fault.TOO_LARGE: 413, Fault.UPSTREAM: 502, Fault.LEDGER: 503, Fault.HOUSE: 500}
_SLUGS = {
    400: "malformed",
    403: "unknown-party",
    408: "slow",
    413: "body-too-large",
    431: "header-too-large",
    451: "policy",
    500: "house",
    502: "upstream",
    503: "ledger",
    504: "upstream-slow",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer to a sender, in native terms."""

    status: int
    fields: tuple[tuple[bytes, bytes], ...]
    body: bytes = field(repr=False)


def status_of(outcome: Outcome, transfer: Transfer) -> int:
    """HTTP status of a refusal: whose fault it is, and of what kind."""
    if outcome.fault is Fault.LEDGER:
        return 503
    for reason in outcome.decision.reasons:
        if reason.code in _STATUS:
            status = _STATUS[reason.code]
            return 502 if transfer.leg is Leg.RESPONSE and status < 500 else status
    if outcome.fault in _BY_FAULT:
        return _BY_FAULT[outcome.fault]
    sender = transfer.exporter if transfer.leg is Leg.REQUEST else transfer.recipient
    return 451 if sender.id else 403


def refusal(outcome: Outcome, transfer: Transfer, rulebook: Rulebook, *, languages: bytes, contact: str) -> Refusal:
    """Word the refusal of ``transfer`` for its sender, in the language that ``languages`` (Accept-Language) prefers."""
    language = pick_language(languages.decode("latin-1"))
    status = status_of(outcome, transfer)
    reasons = [reason for reason in outcome.decision.reasons if reason.verdict is not Verdict.PERMIT]
    explained = explain(outcome.decision, language, rulebook)
    told = [
        {
            "rule": words.rule,
            "code": reason.code,
            "source": words.source,
            "statute": words.statute,
            "sentence": words.sentence,
            "remedy": words.remedy,
        }
        for reason, words in zip(outcome.decision.reasons, explained, strict=True)
        if reason.verdict is not Verdict.PERMIT
    ]
    title, slug = TITLES[status], _SLUGS[status]
    if status == 403 and not transfer.exporter.id and not transfer.recipient.id:
        title, slug = BOTH_UNKNOWN, "unknown-parties"
    problem = {
        "type": f"urn:kouan:problem:{slug}",
        "title": title[language],
        "status": status,
        "detail": " ".join(dict.fromkeys(rule["sentence"] for rule in told)) or UNRECORDED[language],
        "instance": f"urn:uuid:{transfer.id}",
        "decision": transfer.id,
        "verdict": outcome.decision.verdict.name.lower(),
        "leg": transfer.leg.value,
        "ledger_index": outcome.receipt.index if outcome.receipt else None,
        "rulebook": rulebook.digest,
        "rules": told,
        "contact": contact or rulebook.contact,
    }
    for reason in reasons:
        for key, value in reason.params:
            if key == "limit":
                problem["limit"] = int(value)
    return Refusal(status, _fields(language), orjson.dumps(problem))


def _fields(language: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"Content-Type", MEDIA_TYPE),
        (b"Content-Language", language.encode()),
        (b"Cache-Control", b"no-store"),
        (b"Vary", b"Accept-Language"),
    )


def bare_refusal() -> Refusal:
    """What is said where nothing better can be: put in first, replaced by a wording or taken away by a permit."""
    return _BARE


def crowded(languages: bytes) -> Refusal:
    """What a client is told for whom there is no room; nothing was read of what it asks, so nothing is recorded."""
    language = pick_language(languages.decode("latin-1"))
    problem = {
        "type": "urn:kouan:problem:connections",
        "title": CROWDED[language],
        "status": 503,
        "detail": CROWDED[language],
        "rules": [],
    }
    return Refusal(503, (*_fields(language), (b"Retry-After", b"1"), (b"Connection", b"close")), orjson.dumps(problem))


_BARE = Refusal(
    503,
    _fields("en"),
    orjson.dumps(
        {
            "type": "urn:kouan:problem:house",
            "title": TITLES[500]["en"],
            "status": 503,
            "detail": UNRECORDED["en"],
            "rules": [],
        }
    ),
)

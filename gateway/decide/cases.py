"""The cases at the end of each policy, played.

A case says how it differs from a harmless transfer. That transfer, its parties, entry and basis are made here and owe
nothing to the whitelist, so that a policy is proved the same whatever an officer lets through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from gateway.decide.deciding import decide
from gateway.decide.observing import grade_of, view_of
from gateway.rulebook.book import Basis, Case, Entry, Member, Policy, Rulebook, Validity
from gateway.rulebook.policies import NO_BASIS
from gateway.vocabulary import (
    BEIJING,
    STRANGER,
    Certainty,
    Facts,
    Found,
    Jurisdiction,
    Leg,
    Opaque,
    Party,
    Proof,
    Standing,
    State,
    Unread,
)

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)
THIS_YEAR = Validity(date(2026, 1, 1), date(2026, 12, 31))
PAST = Validity(date(2025, 1, 1), date(2026, 6, 30))
TO_COME = Validity(date(2026, 7, 2), date(2026, 12, 31))
_VALIDITY = {"expired": PAST, "not_yet": TO_COME}

EXPORTER, RECIPIENT, OTHER = "case-exporter", "case-recipient", "case-other"
ENTRY, BASIS = "case-entry", "case-basis"
LISTED = frozenset({"pi.name", "pi.contact"})

_TITLE = dict.fromkeys(("en", "zh-Hans", "zh-Hant", "pt"), "case")
_BASIS_OF_ENTRY = Basis(
    id=BASIS,
    kind="gba_sc_mo",
    title=_TITLE,
    reference="case",
    exporter=EXPORTER,
    recipients=(RECIPIENT,),
    categories=LISTED,
    validity=THIS_YEAR,
)
_ENTRY = Entry(
    id=ENTRY,
    title=_TITLE,
    exporter=EXPORTER,
    recipient=RECIPIENT,
    carried_in=Leg.REQUEST,
    endpoints=(),
    categories=LISTED,
    purpose="case",
    basis=BASIS,
    counterflow=frozenset(),
    counterflow_basis="",
    validity=THIS_YEAR,
    owner="case",
    reviewer="case",
)
_HARMLESS = Facts(
    transfer="case",
    at=NOON,
    leg=Leg.REQUEST,
    exporter=Party(EXPORTER, Jurisdiction.CN, "A company in Zhuhai", "Zhuhai", proof=Proof.MTLS),
    recipient=Party(RECIPIENT, Jurisdiction.MO, "A body in Macao", "Macao", proof=Proof.HOST),
    scheme="https",
    host="case.example",
    port=443,
    method="POST",
    media_type="application/json",
    status=0,
    size=100,
    state=State.COMPLETE,
    covering=(ENTRY,),
    near=(),
)


def case_book(case: Case, rulebook: Rulebook) -> Rulebook:
    """Return ``rulebook`` with the parties, the entry and the basis of ``case`` in place of its own."""
    given = case.given
    parties = _party(given, "exporter"), _party(given, "recipient")
    basis = _basis(given)
    entry = replace(
        _ENTRY,
        categories=frozenset(_list(given, "entry_lists")) or LISTED,
        validity=_VALIDITY.get(str(given.get("entry")), THIS_YEAR),
        basis=basis.id if basis else "",
    )
    return replace(
        rulebook,
        members={party.id: Member(replace(party, proof=Proof.NONE)) for party in parties if party.id},
        bases={basis.id: basis} if basis else {},
        entries={} if given.get("entry") == "none" else {ENTRY: entry},
        recognisers=(),
    )


def facts_of_case(case: Case, rulebook: Rulebook) -> Facts:
    """Return the facts of ``case``; ``rulebook`` says how categories are graded."""
    given = case.given
    exporter, recipient = _party(given, "exporter"), _party(given, "recipient")
    leg = Leg(str(given.get("leg", Leg.REQUEST.value)))
    if leg is Leg.RESPONSE:  # what travels the other way is the recipient's
        exporter, recipient = recipient, exporter
    covered = given.get("entry") != "none" and bool(exporter.id) and bool(recipient.id)
    return replace(
        _HARMLESS,
        leg=leg,
        exporter=exporter,
        recipient=recipient,
        status=200 if leg is Leg.RESPONSE else 0,
        state=State(str(given.get("body", State.COMPLETE.value))),
        covering=(ENTRY,) if covered else (),
        found=tuple(sorted(_found(given, rulebook), key=lambda found: found.category)),
        opaque=tuple(Opaque(Unread(reason), "body", 100) for reason in _list(given, "unreadable")),
        notices=tuple(sorted(_list(given, "noticed"))),
    )


def run_case(policy: Policy, case: Case, rulebook: Rulebook) -> str:
    """Play ``case`` of ``policy`` against all policies of ``rulebook``; return "" or what differed from the case."""
    return _difference(policy, case, case_book(case, rulebook))


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that does not hold."""

    policy: str
    case: str
    source: str
    """``file:line`` of the case."""
    fault: str


def failing_cases(rulebook: Rulebook) -> tuple[Failure, ...]:
    """Play all cases of all policies; () is good."""
    return tuple(
        Failure(policy.id, case.title, case.source, fault)
        for policy in rulebook.policies
        for case in policy.cases
        if (fault := run_case(policy, case, rulebook))
    )


def _difference(policy: Policy, case: Case, book: Rulebook) -> str:
    decision = decide(facts_of_case(case, book), Standing(), book)
    speaking = sorted({reason.rule for reason in decision.reasons})
    faults = []
    if decision.verdict is not case.expect:
        rules = ", ".join(speaking)
        faults.append(f"expected {case.expect.name}, came to {decision.verdict.name} by {rules}")
    speaks = any(reason.rule == policy.id and reason.code.startswith("policy.") for reason in decision.reasons)
    if speaks is not case.speaks:
        faults.append(f"{policy.id} {'speaks and should not' if speaks else 'stays silent and should speak'}")
    return "; ".join(faults)


def _party(given: Mapping[str, object], role: str) -> Party:
    usual = _HARMLESS.exporter if role == "exporter" else _HARMLESS.recipient
    said: Any = given.get(role) or {}
    if said.get("known", True) is False:
        return STRANGER
    return replace(
        usual,
        jurisdiction=Jurisdiction(said["in"]) if "in" in said else usual.jurisdiction,
        city=said.get("city", usual.city),
        traits=frozenset(said.get("is", ())),
    )


def _basis(given: Mapping[str, object]) -> Basis | None:
    state, kind = given.get("basis"), str(given.get("basis_kind", _BASIS_OF_ENTRY.kind))
    if state == "missing" or kind == NO_BASIS:
        return None
    return replace(
        _BASIS_OF_ENTRY,
        kind=kind,
        exporter=OTHER if state == "other_exporter" else EXPORTER,
        recipients=(OTHER,) if state == "other_recipient" else (RECIPIENT,),
        categories=frozenset(_list(given, "basis_lists")) or LISTED,
        validity=_VALIDITY.get(str(state), THIS_YEAR),
    )


def _found(given: Mapping[str, object], rulebook: Rulebook) -> list[Found]:
    view = view_of(rulebook)
    return [
        Found(
            category=finding["category"],
            grade=grade_of(finding["category"], view),
            certainty=Certainty[str(finding.get("certainty", "likely")).upper()],
            count=1,
            places=("json:/*",),
        )
        for finding in _list(given, "findings")
    ]


def _list(given: Mapping[str, object], key: str) -> list[Any]:
    value = given.get(key)
    return list(value) if isinstance(value, list | tuple) else []

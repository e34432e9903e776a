"""The cases at the end of each policy, played.

A case says how it differs from a harmless transfer. That transfer, its parties, entry and basis are made here and owe
nothing to the whitelist, so that a policy is proved the same whatever an officer lets through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from gateway.decide.bench import share_bench
from gateway.decide.deciding import decide
from gateway.decide.observing import grade_of
from gateway.rulebook.book import Basis, Entry, Member, Rulebook, Validity
from gateway.rulebook.policies import NO_BASIS
from gateway.rulebook.policy import Case, Policy
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
    Violation,
)

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)
THIS_YEAR = Validity(date(2026, 1, 1), date(2026, 12, 31))
PAST = Validity(date(2025, 1, 1), date(2026, 6, 30))
TO_COME = Validity(date(2026, 7, 2), date(2026, 12, 31))
_VALIDITY = {"expired": PAST, "not_yet": TO_COME}

EXPORTER, RECIPIENT, OTHER = "case-exporter", "case-recipient", "case-other"
ENTRY, BASIS = "case-entry", "case-basis"
_USUAL = (("exporter", EXPORTER), ("recipient", RECIPIENT))
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
    assessment="case",
    assessed=NOON.date() - timedelta(days=30),
    effective=NOON.date() - timedelta(days=20),
    filed=NOON.date() - timedelta(days=15),
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
    consent="per_subject",
    retention_days=365,
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
    carried = given.get("leg") != Leg.RESPONSE.value
    dataset = str(given.get("entry.dataset", ""))
    entry = replace(
        _ENTRY,
        categories=frozenset(_list(given, "entry_lists")) or LISTED,
        validity=_VALIDITY.get(str(given.get("entry.state")), THIS_YEAR),
        basis=basis.id if basis else "",
        purpose=str(given.get("entry.purpose", _ENTRY.purpose)),
        zone=str(given.get("entry.zone", "")),
        matter=str(given.get("entry.matter", "")),
        consent=str(given.get("entry.consent", _ENTRY.consent)),
        onward=str(given.get("entry.onward", "none")),
        retention_days=_days(given, "entry.retention_days", _ENTRY.retention_days),
        dataset=dataset if carried else "",
        counterflow_dataset="" if carried else dataset,
        observe_until=date(2026, 12, 31) if given.get("entry.mode") == "observe" else None,
    )
    book = replace(
        rulebook,
        members={party.id: Member(replace(party, proof=Proof.NONE)) for party in parties if party.id},
        bases={basis.id: basis} if basis else {},
        entries={} if given.get("entry.covered") is False else {ENTRY: entry},
        recognisers=(),
    )
    share_bench(book, rulebook)
    return book


def facts_of_case(case: Case, rulebook: Rulebook) -> Facts:
    """Return the facts of ``case``; ``rulebook`` says how categories are graded."""
    given = case.given
    exporter, recipient = _party(given, "exporter"), _party(given, "recipient")
    leg = Leg(str(given.get("leg", Leg.REQUEST.value)))
    if leg is Leg.RESPONSE:  # what travels the other way is the recipient's
        exporter, recipient = recipient, exporter
    covered = given.get("entry.covered") is not False and bool(exporter.id) and bool(recipient.id)
    day = date.fromisoformat(str(given.get("day", NOON.date().isoformat())))
    return replace(
        _HARMLESS,
        at=datetime(day.year, day.month, day.day, _number(given, "hour") or NOON.hour, tzinfo=BEIJING),
        leg=leg,
        exporter=exporter,
        recipient=recipient,
        scheme=str(given.get("scheme", _HARMLESS.scheme)),
        host=str(given.get("host", _HARMLESS.host)),
        method=str(given.get("method", _HARMLESS.method)),
        media_type=str(given.get("media_type", _HARMLESS.media_type)),
        status=_number(given, "status") or (200 if leg is Leg.RESPONSE else 0),
        size=_number(given, "size") or _HARMLESS.size,
        state=State(str(given.get("body", State.COMPLETE.value))),
        covering=(ENTRY,) if covered else (),
        found=tuple(sorted(_found(given, rulebook), key=lambda found: found.category)),
        opaque=tuple(Opaque(Unread(reason), "body", 100) for reason in _list(given, "unreadable")),
        notices=tuple(sorted(_list(given, "noticed"))),
        violations=tuple(Violation(ENTRY, code, "json:/*") for code in _list(given, "violations")),
        individuals=_number(given, "individuals") or 0,
        sensitive_individuals=_number(given, "individuals.sensitive") or 0,
        minors=_number(given, "individuals.minors") or 0,
        unidentified=_number(given, "individuals.unidentified") or 0,
        records=_number(given, "records") or 0,
    )


def standing_of_case(case: Case) -> Standing:
    """Return what the exporter of ``case`` has sent, this transfer included."""
    given = case.given
    kind = str(given.get("basis.kind", _BASIS_OF_ENTRY.kind))
    scopes = {
        f"{prefix}year/{what}": _number(given, f"{name}.{what}")
        for name, prefix in (
            ("standing", ""),
            ("standing.kind", f"kind:{kind}/"),
            ("standing.basis", f"basis:{BASIS}/"),
        )
        for what in ("personal", "sensitive")
    }
    scopes["origin/unknown"] = _number(given, "standing.origin_unknown")
    return Standing(after={scope: figure for scope, figure in scopes.items() if figure})


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
    decision = decide(facts_of_case(case, book), standing_of_case(case), book)
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
    if given.get(f"{role}.known") is False:
        return STRANGER
    return replace(
        usual,
        id=str(given.get(f"{role}.id", usual.id)),
        jurisdiction=Jurisdiction(str(given.get(f"{role}.jurisdiction", usual.jurisdiction.value))),
        city=str(given.get(f"{role}.city", usual.city)),
        traits=frozenset(_list(given, f"{role}.traits")),
        group=str(given.get(f"{role}.group", "")),
        proof=Proof(str(given.get(f"{role}.proof", usual.proof.value))),
    )


def _basis(given: Mapping[str, object]) -> Basis | None:
    states, kind = frozenset(_list(given, "basis.state")), str(given.get("basis.kind", _BASIS_OF_ENTRY.kind))
    if "missing" in states or kind == NO_BASIS:
        return None
    exporter, recipient = (str(given.get(f"{role}.id", usual)) for role, usual in _USUAL)
    assessed, effective = _number(given, "basis.assessed_days", 30), _number(given, "basis.effective_days", 20)
    day = date.fromisoformat(str(given.get("day", NOON.date().isoformat())))
    evidence = _list(given, "basis.evidence")
    basis = replace(
        _BASIS_OF_ENTRY,
        kind=kind,
        exporter=OTHER if "other_exporter" in states else exporter,
        recipients=(OTHER,) if "other_recipient" in states else (recipient,),
        categories=frozenset(_list(given, "basis_lists")) or LISTED,
        validity=next((_VALIDITY[state] for state in sorted(states & _VALIDITY.keys())), THIS_YEAR),
        reference="case" if not evidence or "reference" in evidence else "",
        assessment="case" if not evidence or "assessment" in evidence else "",
        assessed=_ago(day, assessed),
        filed=day if not evidence or "filed" in evidence else None,
        effective=_ago(day, effective),
        evidence=dict.fromkeys(set(evidence) - {"reference", "assessment", "filed", "effective", "assessed"}, "case"),
        onward=str(given.get("basis.onward", "none")),
        zone=str(given.get("basis.zone", "")),
        scale=_days(given, "basis.scale", None),
        purposes=frozenset({"another purpose"}) if given.get("basis.lists_purpose") is False else frozenset(),
    )
    return replace(basis, **_filing(given, day))


def _filing(given: Mapping[str, object], day: date) -> dict[str, Any]:
    """Return the days of filing that make a basis stand so on ``day``; nothing where it is not said."""
    said = given.get("basis.filing")
    if said in {"due", "overdue"}:
        return {"filed": None, "filing_due": day - timedelta(days=said == "overdue")}
    return {"filed": day, "filing_due": day} if said == "filed" else {}


def _found(given: Mapping[str, object], rulebook: Rulebook) -> list[Found]:
    return [
        Found(
            category=finding["category"],
            grade=grade_of(finding["category"], rulebook.categories),
            certainty=Certainty[str(finding.get("certainty", "likely")).upper()],
            count=int(finding.get("count", 1)),
            places=("json:/*",),
        )
        for finding in _list(given, "findings")
    ]


def _list(given: Mapping[str, object], key: str) -> list[Any]:
    value = given.get(key, [])
    return list(value) if isinstance(value, list | tuple) else [value]


def _ago(day: date, days: int | None) -> date | None:
    return None if days is None or days < 0 else day - timedelta(days=days)


def _days(given: Mapping[str, object], key: str, usual: int | None) -> int | None:
    days = _number(given, key, usual)
    return None if days is None or days < 0 else days


def _number(given: Mapping[str, object], key: str, usual: int | None = None) -> int | None:
    value = given.get(key, usual)
    return value if isinstance(value, int) else None

"""Facts, standing and decisions as plain JSON, and back: what the ledger keeps, and what a replay starts from.

Keys are stable: records outlive versions. ``*_from_record`` undoes ``*_record`` exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.vocabulary import (
    BEIJING,
    Certainty,
    Decision,
    Facts,
    Found,
    Grade,
    Jurisdiction,
    Leg,
    Obligation,
    Opaque,
    Party,
    Proof,
    Reason,
    Standing,
    State,
    Unread,
    Verdict,
    Violation,
)


def facts_record(facts: Facts) -> dict[str, Any]:
    """Return the facts as JSON; the time is RFC 3339 in Beijing time."""
    return {
        "transfer": facts.transfer,
        "about": facts.about,
        "at": facts.at.astimezone(BEIJING).isoformat(),
        "leg": facts.leg.value,
        "exporter": _party_record(facts.exporter),
        "recipient": _party_record(facts.recipient),
        "scheme": facts.scheme,
        "host": facts.host,
        "port": facts.port,
        "method": facts.method,
        "media_type": facts.media_type,
        "status": facts.status,
        "size": facts.size,
        "state": facts.state.value,
        "covering": list(facts.covering),
        "near": [[entry, code] for entry, code in facts.near],
        "found": [
            {
                "category": found.category,
                "grade": found.grade.name.lower(),
                "certainty": found.certainty.name.lower(),
                "count": found.count,
                "places": list(found.places),
            }
            for found in facts.found
        ],
        "opaque": [
            {"reason": part.reason.value, "where": part.where, "size": part.size, "detail": part.detail}
            for part in facts.opaque
        ],
        "notices": list(facts.notices),
        "violations": [
            {"entry": each.entry, "code": each.code, "place": each.place, "count": each.count}
            for each in facts.violations
        ],
        "individuals": facts.individuals,
        "sensitive_individuals": facts.sensitive_individuals,
        "minors": facts.minors,
        "unidentified": facts.unidentified,
        "records": facts.records,
        "unread": facts.unread,
    }


def facts_from_record(record: Mapping[str, Any]) -> Facts:
    """Return the facts of a record. Raises KeyError or ValueError where it is none."""
    return Facts(
        transfer=record["transfer"],
        about=record["about"],
        at=datetime.fromisoformat(record["at"]),
        leg=Leg(record["leg"]),
        exporter=_party(record["exporter"]),
        recipient=_party(record["recipient"]),
        scheme=record["scheme"],
        host=record["host"],
        port=record["port"],
        method=record["method"],
        media_type=record["media_type"],
        status=record["status"],
        size=record["size"],
        state=State(record["state"]),
        covering=tuple(record["covering"]),
        near=tuple((entry, code) for entry, code in record["near"]),
        found=tuple(
            Found(
                category=found["category"],
                grade=Grade[found["grade"].upper()],
                certainty=Certainty[found["certainty"].upper()],
                count=found["count"],
                places=tuple(found["places"]),
            )
            for found in record["found"]
        ),
        opaque=tuple(
            Opaque(Unread(part["reason"]), part["where"], part["size"], part["detail"]) for part in record["opaque"]
        ),
        notices=tuple(record["notices"]),
        violations=tuple(
            Violation(each["entry"], each["code"], each["place"], each["count"]) for each in record["violations"]
        ),
        individuals=record["individuals"],
        sensitive_individuals=record["sensitive_individuals"],
        minors=record["minors"],
        unidentified=record["unidentified"],
        records=record["records"],
        unread=record["unread"],
    )


def _party_record(party: Party) -> dict[str, Any]:
    return {
        "id": party.id,
        "jurisdiction": party.jurisdiction.value,
        "name": party.name,
        "city": party.city,
        "traits": sorted(party.traits),
        "proof": party.proof.value,
        "group": party.group,
    }


def _party(record: Mapping[str, Any]) -> Party:
    return Party(
        id=record["id"],
        jurisdiction=Jurisdiction(record["jurisdiction"]),
        name=record["name"],
        city=record["city"],
        traits=frozenset(record["traits"]),
        proof=Proof(record["proof"]),
        group=record["group"],
    )


def standing_record(standing: Standing) -> dict[str, Any]:
    """Return the standing as JSON."""
    return {"before": dict(sorted(standing.before.items())), "after": dict(sorted(standing.after.items()))}


def standing_from_record(record: Mapping[str, Any]) -> Standing:
    """Return the standing of a record. Raises KeyError where it is none."""
    return Standing(before=dict(record["before"]), after=dict(record["after"]))


def decision_record(decision: Decision) -> dict[str, Any]:
    """Return the decision as JSON."""
    return {
        "verdict": decision.verdict.name.lower(),
        "entry": decision.entry,
        "basis": decision.basis,
        "reasons": [
            {
                "code": reason.code,
                "rule": reason.rule,
                "source": reason.source,
                "statute": reason.statute,
                "params": [[key, value] for key, value in reason.params],
                "verdict": reason.verdict.name.lower(),
            }
            for reason in decision.reasons
        ],
        "obligations": [
            {"kind": duty.kind, "category": duty.category, "rule": duty.rule, "keep_last": duty.keep_last}
            for duty in decision.obligations
        ],
    }


def decision_from_record(record: Mapping[str, Any]) -> Decision:
    """Return the decision of a record. Raises KeyError where it is none."""
    return Decision(
        verdict=Verdict[record["verdict"].upper()],
        entry=record["entry"],
        basis=record["basis"],
        reasons=tuple(
            Reason(
                code=reason["code"],
                rule=reason["rule"],
                source=reason["source"],
                statute=reason["statute"],
                params=tuple((key, value) for key, value in reason["params"]),
                verdict=Verdict[reason["verdict"].upper()],
            )
            for reason in record["reasons"]
        ),
        obligations=tuple(
            Obligation(duty["kind"], duty["category"], duty["rule"], duty["keep_last"])
            for duty in record["obligations"]
        ),
    )

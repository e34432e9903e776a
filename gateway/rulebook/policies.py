"""``policies/*.yaml`` -> policies.

The JSON Schema ``policy`` has already judged the shape; what is judged here is what a schema cannot say: categories and
notices that must exist, demands that could never be heard, and that a policy proves itself by cases of both kinds.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from gateway.rulebook.book import Case, Category, Condition, Policy
from gateway.rulebook.document import Document, Faulty, Path, Problem
from gateway.vocabulary import (
    LANGUAGES,
    Certainty,
    Grade,
    Jurisdiction,
    Leg,
    Obligation,
    State,
    Unread,
    Verdict,
    Wording,
)

BASIS_KINDS = frozenset(
    [
        "cac_assessment",
        "cn_sc",
        "cert",
        "gba_sc_hk",
        "gba_sc_mo",
        "gba_mutual_recog",
        "ex_no_pi",
        "ex_transit",
        "ex_contract",
        "ex_hr",
        "ex_emergency",
        "ex_under_100k",
        "ex_duty",
        "ftz_negative_list",
        "hetao_whitelist",
        "gov_sharing",
        "judicial_request",
        "pdpo_dpp3",
        "mo_art20",
    ]
)
"""Instruments on which a transfer may rest; the kind of a basis that is missing is ``NO_BASIS``."""

NO_BASIS = "none"

NOTICES = frozenset(
    {
        "wire.authority_mismatch",
        "wire.identity_conflict",
        "wire.trailers",
        "wire.sni_mismatch",
        "wire.upgrade",
        "websocket.handshake",
        "websocket.text",
        "websocket.binary",
        "json.duplicate_key",
        "charset.lies",
        "charset.undeclared",
        "coding.extras",
        "media_type.differs",
    }
)
"""Oddities that the doors and ``decode`` report. A policy may name one, or what stands above it."""


def read_policy(document: Document, categories: Mapping[str, Category]) -> Policy:
    """Read one policy. Raise Faulty with every problem of the file."""
    problems = [*_problems(document, categories)]
    if problems:
        raise Faulty(problems)
    data = document.data
    verdict, obligations = _demand(data["id"], data["demand"])
    return Policy(
        id=data["id"],
        title=_wording(data["title"]),
        statute=data["statute"],
        when=_condition(data["when"]),
        verdict=verdict,
        obligations=obligations,
        remedy=_wording(data["remedy"]),
        cases=tuple(
            Case(
                title=case["title"],
                given=case["given"],
                expect=Verdict[case["expect"].upper()],
                speaks=case["speaks"],
                source=document.source("cases", index),
            )
            for index, case in enumerate(data["cases"])
        ),
        source=document.source("id"),
    )


def _problems(document: Document, categories: Mapping[str, Category]) -> Iterator[Problem]:
    data = document.data
    stem = posixpath.basename(document.name).removesuffix(".yaml")
    if data["id"] != stem:
        fault = f"the id '{data['id']}' is not the name of the file"
        yield document.problem(("id",), fault, f"write '{stem}', or rename the file")
    yield from _unknown_categories(document, categories)
    yield from _unknown_notices(document)
    yield from _unheard(document)
    yield from _unproven(document)


def _unknown_categories(document: Document, categories: Mapping[str, Category]) -> Iterator[Problem]:
    for path, name in _categories_named(document.data):
        if name not in categories and not any(known.startswith(f"{name}.") for known in categories):
            near = get_close_matches(name, categories, n=1)
            fix = f"did you mean '{near[0]}'?" if near else "name one of classifiers/categories.yaml"
            yield document.problem(path, f"there is no category '{name}'", fix)


def _categories_named(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every category that a policy names, with its path."""
    for index, name in enumerate(data["when"].get("finding", {}).get("of", ())):
        yield ("when", "finding", "of", index), name
    if isinstance(data["demand"], dict):
        for index, name in enumerate(data["demand"]["mask"]):
            yield ("demand", "mask", index), name
    for place, case in enumerate(data["cases"]):
        for index, finding in enumerate(case["given"].get("findings", ())):
            yield ("cases", place, "given", "findings", index, "category"), finding["category"]
        for key in ("entry_lists", "basis_lists"):
            for index, name in enumerate(case["given"].get(key, ())):
                yield ("cases", place, "given", key, index), name


def _unknown_notices(document: Document) -> Iterator[Problem]:
    data = document.data
    known = NOTICES | {notice.partition(".")[0] for notice in NOTICES}
    named: list[tuple[Path, str]] = [
        (("when", "noticed", index), name) for index, name in enumerate(data["when"].get("noticed", ()))
    ]
    for place, case in enumerate(data["cases"]):
        for index, name in enumerate(case["given"].get("noticed", ())):
            named.append((("cases", place, "given", "noticed", index), name))
    for path, name in named:
        if name not in known:
            fix = f"name one of: {', '.join(sorted(known))}"
            yield document.problem(path, f"nothing is ever noticed as '{name}'", fix)


def _unheard(document: Document) -> Iterator[Problem]:
    """Conditions under which the policy could never speak, or its demand never be met."""
    when = document.data["when"]
    if when.get("entry") == "none":
        asked = [key for key in ("basis", "basis_kind", "basis_kind_outside") if key in when]
        if "beyond" in when.get("finding", {}):
            asked.append("finding")
        for key in asked:
            fault = f"where no entry covers the transfer, nothing can be said of '{key}'"
            yield document.problem(("when", key), fault, "delete it, or 'entry: none'")
        if document.data["demand"] != "deny":
            fault = "what no entry covers is refused in any case"
            yield document.problem(("demand",), fault, "write 'demand: deny'")
    if not _kinds(when, all_kinds=BASIS_KINDS | {NO_BASIS}):
        fault = "no kind of basis is left for which the policy could speak"
        yield document.problem(("when", "basis_kind_outside"), fault, "name fewer kinds")


def _unproven(document: Document) -> Iterator[Problem]:
    said = {case["speaks"] for case in document.data["cases"]}
    for speaks, want in ((True, "speaks"), (False, "stays silent")):
        if speaks not in said:
            fault, fix = f"no case shows where this policy {want}", f"add a case with 'speaks: {str(speaks).lower()}'"
            yield document.problem(("cases",), fault, fix)


def _kinds(when: Mapping[str, Any], all_kinds: frozenset[str]) -> frozenset[str]:
    """Kinds of basis for which a condition holds."""
    return frozenset(when.get("basis_kind", all_kinds)) - frozenset(when.get("basis_kind_outside", ()))


def _condition(when: Mapping[str, Any]) -> Condition:
    exporter, recipient = when.get("exporter", {}), when.get("recipient", {})
    either, finding = when.get("either_party", {}), when.get("finding", {})
    unreadable, entry = when.get("unreadable"), when.get("entry")
    asks_kind = "basis_kind" in when or "basis_kind_outside" in when
    return Condition(
        legs=_set(when.get("leg"), Leg),
        exporters_in=_set(exporter.get("in"), Jurisdiction),
        recipients_in=_set(recipient.get("in"), Jurisdiction),
        parties_in=_set(either.get("in"), Jurisdiction),
        exporter_traits=_set(exporter.get("is"), str),
        recipient_traits=_set(recipient.get("is"), str),
        exporter_known=exporter.get("known"),
        recipient_known=recipient.get("known"),
        exporter_cities_outside=_set(exporter.get("city_outside"), str),
        recipient_cities_outside=_set(recipient.get("city_outside"), str),
        party_cities_outside=_set(either.get("city_outside"), str),
        categories=_set(finding.get("of"), str),
        grade=Grade[finding["grade"].upper()] if "grade" in finding else None,
        certainty=Certainty[finding["certainty"].upper()] if "certainty" in finding else None,
        secret=finding.get("secret"),
        undeclared=True if finding.get("beyond") == "entry" else None,
        beyond_basis=True if finding.get("beyond") == "basis" else None,
        opaque=frozenset(Unread) if unreadable == "any" else _set(unreadable, Unread),
        states=_set(when.get("body"), State),
        notices=_set(when.get("noticed"), str),
        covered=False if entry == "none" else None,
        entry=None if entry == "none" else _set(entry, str),
        basis=_set(when.get("basis"), str),
        basis_kinds=_kinds(when, all_kinds=BASIS_KINDS | {NO_BASIS}) if asks_kind else None,
    )


def _set[T](names: list[str] | None, kind: type[T]) -> frozenset[T] | None:
    return None if names is None else frozenset(kind(name) for name in names)  # type: ignore[call-arg]


def _demand(rule: str, demand: str | Mapping[str, Any]) -> tuple[Verdict, tuple[Obligation, ...]]:
    if isinstance(demand, str):
        return Verdict[demand.upper()], ()
    keep_last = demand.get("keep_last", 0)
    return Verdict.PERMIT, tuple(Obligation("mask", name, rule, keep_last) for name in sorted(demand["mask"]))


def _wording(data: Mapping[str, Any]) -> Wording:
    return {language: str(data[language]) for language in LANGUAGES}

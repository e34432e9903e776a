"""``policies/*.yaml`` -> policies.

The JSON Schema ``policy`` has already judged the shape; what is judged here is what a schema cannot say: categories,
thresholds and instruments that must exist, conditions that a further finding could silence, demands that could never
be heard, and that a policy proves itself by cases of both kinds.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from gateway.rulebook.asking import Asking
from gateway.rulebook.book import Category, Instrument, Threshold
from gateway.rulebook.document import Document, Faulty, Path, Problem
from gateway.rulebook.expressions import BadExpression, Expression, expression
from gateway.rulebook.policy import Case, Policy
from gateway.vocabulary import LANGUAGES, Obligation, Verdict, Wording

NO_BASIS = "none"
"""The kind of a basis that is missing."""
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def read_policy(
    document: Document,
    categories: Mapping[str, Category],
    instruments: Mapping[str, Instrument] = _NOTHING,
    thresholds: Mapping[str, Threshold] = _NOTHING,
) -> Policy:
    """Read one policy. Raise Faulty with every problem of the file.

    ``instruments`` and ``thresholds`` may be empty, where their own files were faulty: names are then not judged.
    """
    data = document.data
    kinds = frozenset({*instruments, NO_BASIS} if instruments else ())
    asking = Asking(document, categories, thresholds, kinds)
    when = asking.condition(("when",), data["when"])
    unless = asking.condition(("unless",), data["unless"], rising=False) if "unless" in data else None
    where = _expression(asking, data.get("where"))
    verdict, obligations = _demand(data["id"], data["then"])
    for path, name in _categories_named(data):
        asking.category(path, name)
    problems = [*asking.problems, *_misnamed(document), *_unproven(document), *_unheard(document)]
    if problems:
        raise Faulty(problems)
    return Policy(
        id=data["id"],
        because=_wording(data["because"]),
        cite=data["cite"],
        when=when,
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
        unless=unless,
        where=where,
        trial=data.get("maturity", "enforced") == "trial",
    )


def _expression(asking: Asking, written: str | None) -> Expression | None:
    if written is None:
        return None
    try:
        return expression(written)
    except BadExpression as bad:
        asking.say(
            ("where",), f"{bad} (column {bad.column} of the expression)", "see `kouan facts` for names and types"
        )
        return None


def _misnamed(document: Document) -> Iterator[Problem]:
    stem = posixpath.basename(document.name).removesuffix(".yaml")
    if document.data["id"] != stem:
        fault = f"the id '{document.data['id']}' is not the name of the file"
        yield document.problem(("id",), fault, f"write '{stem}', or rename the file")


def _categories_named(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every category that a demand or a case names, with its path; conditions see to theirs."""
    if isinstance(data["then"], dict):
        for place, duty in enumerate(data["then"]["permit_with"]):
            for index, name in enumerate(duty["mask"]):
                yield ("then", "permit_with", place, "mask", index), name
    for place, case in enumerate(data["cases"]):
        for index, finding in enumerate(case["given"].get("findings", ())):
            yield ("cases", place, "given", "findings", index, "category"), finding["category"]
        for key in ("entry_lists", "basis_lists"):
            for index, name in enumerate(case["given"].get(key, ())):
                yield ("cases", place, "given", key, index), name


def _unheard(document: Document) -> Iterator[Problem]:
    """Conditions under which the policy could never speak, or its demand never be met."""
    when = document.data["when"]
    if when.get("entry.covered") is False:
        asked_in_vain = [key for key in when if key.startswith(("basis.", "standing.basis", "standing.kind"))]
        asked_in_vain += ["finding"] if "beyond" in when.get("finding", {}) else []
        for key in asked_in_vain:
            fault = f"where no entry covers the transfer, nothing can be said of '{key}'"
            yield document.problem(("when", key), fault, "delete it, or 'entry.covered: false'")
        if document.data["then"] != "deny":
            fault = "what no entry covers is refused in any case"
            yield document.problem(("then",), fault, "write 'then: deny'")


def _unproven(document: Document) -> Iterator[Problem]:
    said = {case["speaks"] for case in document.data["cases"]}
    for speaks, want in ((True, "speaks"), (False, "stays silent")):
        if speaks not in said:
            fault, fix = f"no case shows where this policy {want}", f"add a case with 'speaks: {str(speaks).lower()}'"
            yield document.problem(("cases",), fault, fix)


def _demand(rule: str, demand: str | Mapping[str, Any]) -> tuple[Verdict, tuple[Obligation, ...]]:
    if isinstance(demand, str):
        return Verdict[demand.upper()], ()
    return Verdict.PERMIT, tuple(
        Obligation("mask", name, rule, duty.get("keep_last", 0))
        for duty in demand["permit_with"]
        for name in sorted(duty["mask"])
    )


def _wording(data: Mapping[str, Any]) -> Wording:
    return {language: str(data[language]) for language in LANGUAGES}

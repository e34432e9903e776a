"""measure(): a payload beside the datasets of the entries that cover it, before anything is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from gateway.decide.dataset.beside import beside
from gateway.decide.dataset.conforming import conforms, records_of
from gateway.decide.dataset.declaring import declared_findings, differing, digests
from gateway.decide.dataset.fields import plan_of
from gateway.decide.dataset.placing import node_at
from gateway.decide.view import view_of
from gateway.rulebook.book import Entry, Rulebook, under
from gateway.rulebook.datasets import Dataset
from gateway.vocabulary import Content, Findings, Transfer, Violation


@dataclass(frozen=True, slots=True)
class Measured:
    """What datasets say of a payload."""

    covering: tuple[str, ...]
    near: tuple[tuple[str, str], ...]
    findings: Findings
    """What recognisers found, and what stands in fields that are declared to hold something."""
    violations: tuple[Violation, ...] = ()
    records: int = 0
    """Counted where something was found, or a covering entry has a dataset or a ceiling of records."""
    keys: frozenset[int] = frozenset()
    """Identities (``id``) of findings in what the entries say tells people apart (``subject_key``)."""
    single: bool = False
    """Whether every covering entry says that a payload is one record, about whoever its ``subject_key`` tells."""


def measure(transfer: Transfer, content: Content, findings: Findings, rulebook: Rulebook) -> Measured:
    """Return how the payload stands to each covering entry's dataset for this leg; pure and total.

    A dataset that the entry names and the rulebook lacks is a departure of its own: nothing could be judged by it.
    """
    view = view_of(rulebook)
    covering, near = view.routes.match(transfer, content.media_type)
    asked = [(entry, name) for entry in covering if (name := _named(transfer, entry, rulebook))]
    violations: list[Violation] = []
    widened = findings
    datasets: list[Dataset] = []
    for entry, name in asked:
        dataset = rulebook.datasets.get(name)
        if dataset is None:
            violations.append(Violation(entry, "part.unmapped", "dataset"))
            continue
        datasets.append(dataset)
        shown = view.places.shown
        violations += conforms(content, dataset, entry=entry, shown=shown, size=len(transfer.body))
        violations += beside(transfer, rulebook.entries[entry], dataset)
        violations += differing(findings, dataset, entry=entry, shown=shown)
        violations += digests(content, findings, entry=entry, shown=shown)
        said = declared_findings(content, findings, dataset)
        if said:
            widened = replace(widened, items=(*widened.items, *said))
    records = 0
    if transfer.body and (datasets or findings.items or _bounded(covering, rulebook)):
        records = max(records_of(content, each) for each in (datasets or (None,)))
    keys = frozenset(
        chain.from_iterable(_keys(rulebook.entries[name], transfer, widened, rulebook) for name in covering)
    )
    single = bool(datasets) and len(datasets) == len(covering) and records == 1
    single = single and not any(each.record for each in datasets)
    single = single and all(rulebook.entries[name].subject_key for name in covering)
    return Measured(covering, near, widened, tuple(violations), records, keys, single)


def _keys(entry: Entry, transfer: Transfer, findings: Findings, rulebook: Rulebook) -> Iterator[int]:
    """Yield the identities of findings in the field, or of the category, by which the entry tells people apart."""
    key = entry.subject_key
    if not key or transfer.leg is not entry.carried_in:
        return
    if not key.startswith("/"):
        yield from (id(each) for each in findings.items if under(each.category, frozenset({key})))
        return
    dataset = rulebook.datasets.get(entry.dataset)
    plan = plan_of(dataset) if dataset is not None else None
    for each in findings.items:
        node = node_at(plan, each.segment.where, each.segment.label) if plan is not None else None
        if node is not None and node.path == key:
            yield id(each)


def _bounded(covering: tuple[str, ...], rulebook: Rulebook) -> bool:
    return any(ceiling.what == "records" for name in covering for ceiling in rulebook.entries[name].ceilings)


def _named(transfer: Transfer, name: str, rulebook: Rulebook) -> str:
    entry = rulebook.entries[name]
    return entry.dataset if transfer.leg is entry.carried_in else entry.counterflow_dataset

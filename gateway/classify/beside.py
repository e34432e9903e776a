"""Neighbours: what stands in the same record speaks for a finding, as a context word does (``beside`` of a recogniser).

A name beside a diagnosis weighs more than either. Neighbours are findings that are LIKELY by themselves, in another
value of the same record, or in the same paragraph of the same value.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from gateway.classify.certainty import raised
from gateway.classify.engine import Engine
from gateway.classify.records import record_of
from gateway.classify.weighing import Weighed
from gateway.rulebook.book import under
from gateway.vocabulary import Certainty, Finding


def speak_up(engine: Engine, by_value: Mapping[int, list[Weighed]]) -> dict[int, list[Finding]]:
    """Return the findings of each value after neighbours were heard; what waited for one in vain is left out."""
    asking = any(
        (each.waiting or not each.spoken_for) and engine.beside[each.finding.recogniser]
        for found in by_value.values()
        for each in found
    )
    if not asking:
        return {number: [each.finding for each in found] for number, found in by_value.items()}
    around = _Around(by_value)
    heard: dict[int, list[Finding]] = {}
    for number, found in by_value.items():
        kept: list[Finding] = []
        for each in found:
            finding = each.finding
            wanted = engine.beside[finding.recogniser]
            if wanted and not each.spoken_for and around.has(number, finding, wanted):
                finding = replace(
                    finding,
                    certainty=raised(None if each.waiting else finding.certainty),
                    evidence=(*finding.evidence, "beside"),
                )
            elif each.waiting:
                continue
            kept.append(finding)
        if kept:
            heard[number] = kept
    return heard


class _Around:
    """The categories that are found in each record and paragraph."""

    def __init__(self, by_value: Mapping[int, list[Weighed]]) -> None:
        self._records: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._paragraphs: dict[tuple[int, int], set[str]] = defaultdict(set)
        self._breaks: dict[int, list[int]] = {}
        self._record: dict[int, str] = {}
        for number, found in by_value.items():
            self._record[number] = record_of(found[0].finding.segment.where)
            for each in found:
                finding = each.finding
                if finding.certainty >= Certainty.LIKELY and not each.waiting:
                    self._records[self._record[number]][finding.category].add(number)
                    self._paragraphs[self._paragraph(number, finding)].add(finding.category)

    def has(self, number: int, finding: Finding, wanted: frozenset[str]) -> bool:
        """Tell whether one of the categories stands beside a finding."""
        if _any_under(self._paragraphs.get(self._paragraph(number, finding), ()), wanted):
            return True
        elsewhere = (
            category for category, numbers in self._records[self._record[number]].items() if numbers - {number}
        )
        return _any_under(elsewhere, wanted)

    def _paragraph(self, number: int, finding: Finding) -> tuple[int, int]:
        if number not in self._breaks:
            text = finding.segment.text
            self._breaks[number] = [at for at, each in enumerate(text) if each == "\n"] if "\n" in text else []
        return number, bisect_right(self._breaks[number], finding.start)


def _any_under(categories: Iterable[str], wanted: frozenset[str]) -> bool:
    return any(under(category, wanted) for category in categories)

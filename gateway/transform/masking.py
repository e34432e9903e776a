"""transform(): what a permit obliges to, as edits of the text that leaves.

A mask writes ``*`` for letters, digits and the marks on them, and leaves separators and length as they were. An edit
covers the masked code points and no others, so that nothing else is written anew (law 7).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from gateway.rulebook.book import under
from gateway.vocabulary import Content, Decision, Edit, Finding, Findings, Obligation, Part

MASK = "*"


class CannotTransform(Exception):
    """A duty that cannot be done, so that nothing may leave. ``code`` says why, and is all that there is to say.

    ``duty.unknown``: nobody knows how; ``part.not_writable``: what must be masked stands in a header, a path, a query
    or another reading of the body; ``part.foreign``: it stands in no part of this content.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def transform(content: Content, findings: Findings, decision: Decision) -> tuple[Edit, ...]:
    """Return the edits that fulfil the obligations, by part in order of place, none overlapping another.

    Raises ``CannotTransform``, which holds no payload text.
    """
    if not decision.obligations:
        return ()
    keeps = _keeps(decision.obligations)
    spans: dict[int, set[tuple[int, int]]] = {id(part): set() for part in content.parts}
    for finding in findings.items:
        keep = _keep_of(finding.category, keeps)
        if keep is None:
            continue
        if id(finding.part) not in spans:
            raise CannotTransform("part.foreign")
        if not finding.part.writable:
            raise CannotTransform("part.not_writable")
        segment = finding.segment
        spans[id(finding.part)].update(segment.span(place, place + 1) for place in _points(finding, keep))
    return tuple(edit for part in content.parts for edit in _edits(part, sorted(spans[id(part)])))


def surviving(findings_after: Findings, decision: Decision) -> tuple[str, ...]:
    """Return the categories that should be gone and were found once more, in order.

    A field whose name alone says what it holds is found again when it is masked; of such a finding no more may be
    legible than the duty leaves.
    """
    keeps = _keeps(decision.obligations)
    left = set()
    for item in findings_after.items:
        keep = _keep_of(item.category, keeps)
        if keep is not None and _legible(item) > keep:
            left.add(item.category)
    return tuple(sorted(left))


def _legible(finding: Finding) -> int:
    """Return how many signs of a finding are legible; all of one that has no mask in it."""
    text = finding.segment.text[finding.start : finding.end]
    signs = sum(map(_is_sign, text))
    return signs if MASK in text else max(signs, len(text))


def _keeps(obligations: Iterable[Obligation]) -> dict[str, int]:
    """Return how much stays legible by category; of several duties the strictest."""
    keeps: dict[str, int] = {}
    for duty in obligations:
        if duty.kind != "mask":
            raise CannotTransform("duty.unknown")
        keeps[duty.category] = min(duty.keep_last, keeps.get(duty.category, duty.keep_last))
    return keeps


def _keep_of(category: str, keeps: dict[str, int]) -> int | None:
    """Return how much of a finding stays legible, or None where nothing asks for a mask."""
    asked = [keep for name, keep in keeps.items() if under(category, frozenset({name}))]
    return min(asked) if asked else None


def _points(finding: Finding, keep: int) -> list[int]:
    """Return the code points of the segment that a finding has masked.

    Of a value no longer than what may stay legible, nothing does: a mask that hides nothing is none.
    """
    text = finding.segment.text
    signs = [place for place in range(finding.start, finding.end) if _is_sign(text[place])]
    return signs if keep <= 0 or keep >= len(signs) else signs[:-keep]


def _is_sign(character: str) -> bool:
    """Tell letters, numbers and marks, which are masked, from separators, which stay."""
    return character.isalnum() or unicodedata.category(character)[0] in "LNM"


def _edits(part: Part, spans: list[tuple[int, int]]) -> Iterator[Edit]:
    """One edit for each run of masked code points, each of which is a span of the text of the part."""
    start = end = count = 0
    for first, last in spans:
        if count and first < end:
            raise CannotTransform("part.overlap")
        if count and first > end:
            yield Edit(part, start, end, MASK * count)
            count = 0
        if not count:
            start = first
        end = last
        count += 1
    if count:
        yield Edit(part, start, end, MASK * count)

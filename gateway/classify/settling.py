"""Settling: which of several findings at one place stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.classify.engine import Engine
from gateway.vocabulary import Finding


def settle(engine: Engine, found: list[Finding]) -> list[Finding]:
    """Drop what another, kept finding of at least the same certainty stands for.

    That is: one of a recogniser that its own yields to, on an overlapping span; or one of the same category around it.
    """
    if len(found) == 1:
        return found
    kept: list[Finding] = []
    near: dict[int, list[Finding]] = {}  # kept findings by stretch of text, so that many do not cost many times many
    # The most certain first: whatever is kept by then is at least as certain as what comes after.
    found.sort(key=lambda one: (-one.certainty, engine.rank[one.recogniser], one.start - one.end, one.recogniser))
    for one in found:
        stretches = range(one.start >> 6, (one.end - 1 >> 6) + 1)
        others = (other for stretch in stretches for other in near.get(stretch, ()))
        if any(_stands_for(other, one, engine.yields[one.recogniser]) for other in others):
            continue
        kept.append(one)
        for stretch in stretches:
            near.setdefault(stretch, []).append(one)
    return _in_order(kept)


def settle_spread(engine: Engine, found: list[Finding]) -> list[Finding]:
    """Settle findings over several values by their places in the text of the part, each of which is its own segment."""
    if len(found) <= 1:
        return found
    spans = {(one.segment.start, one.segment.end, one.recogniser): one for one in found}
    whole = [replace(one, start=start, end=end) for (start, end, _), one in spans.items()]
    kept = {(one.start, one.end, one.recogniser) for one in settle(engine, whole)}
    return [one for place, one in sorted(spans.items(), key=lambda item: item[0]) if place in kept]


def _stands_for(other: Finding, one: Finding, yields_to: tuple[str, ...]) -> bool:
    if other.start >= one.end or one.start >= other.end:
        return False
    around = other.start <= one.start and one.end <= other.end
    return other.recogniser in yields_to or (around and other.category == one.category)


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    """Sort findings of one value by place, then name."""
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.recogniser))

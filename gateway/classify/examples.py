"""The examples at the end of each recogniser, tried on the rulebook as a whole."""

from __future__ import annotations

from gateway.classify.looking import classify
from gateway.rulebook.book import Example, Recogniser, Rulebook
from gateway.vocabulary import Content, Finding, Part, Segment


def failing_examples(rulebook: Rulebook) -> tuple[tuple[str, str], ...]:
    """Return (``file:line``, fault) of every ``finds:`` and ``leaves:`` case that does not hold; () is good."""
    faults: list[tuple[str, str]] = []
    for recogniser in rulebook.recognisers:
        for example in recogniser.finds:
            faults += [(example.source, fault) for fault in _not_found(example, _try(rulebook, recogniser, example))]
        for example in recogniser.leaves:
            if _try(rulebook, recogniser, example):
                faults.append((example.source, f"{recogniser.id} finds something here and should not"))
    return tuple(faults)


def _try(rulebook: Rulebook, recogniser: Recogniser, example: Example) -> list[Finding]:
    segment = Segment(example.text, "example", example.label, 0, len(example.text))
    part = Part("example", example.text, lambda _: (segment,), format="text")
    return [item for item in classify(Content((part,)), rulebook).items if item.recogniser == recogniser.id]


def _not_found(example: Example, found: list[Finding]) -> list[str]:
    exact = [item for item in found if item.segment.text[item.start : item.end] == example.span]
    if not exact:
        return ["another span is found" if found else "nothing is found"]
    if len(found) > 1:
        return ["more than the span is found"]
    if example.certainty not in (None, exact[0].certainty):
        return [f"the certainty is {exact[0].certainty.name.lower()}"]
    return []

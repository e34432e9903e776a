"""classify(): parts and values in, findings out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

from gateway.classify.certainty import judge
from gateway.classify.engine import Engine, Match, TooMany, engine_of
from gateway.classify.fold import fold
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Certainty, Content, Finding, Findings, Opaque, Part, Segment, Unread


@dataclass(frozen=True, slots=True)
class Sight:
    """What a guest saw in a text: a finding that does not yet know its part."""

    category: str
    certainty: Certainty
    start: int
    end: int
    evidence: tuple[str, ...] = ()


class Guest(Protocol):
    """A recogniser from elsewhere. It gets the text of one value at a time."""

    @property
    def id(self) -> str:
        """Name under which its findings are recorded."""

    def look(self, text: str) -> tuple[Sight, ...] | Unread:
        """Return what it sees, or why it could not look; it must not raise."""


@dataclass(slots=True)
class _Folded:
    """A segment, folded, with the way back to its own code points."""

    segment: Segment
    text: str = field(repr=False)
    marks: list[int] | None = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        if self.marks is None:
            return start, end
        return self.marks[start], self.marks[end - 1] + 1


def prepare(rulebook: Rulebook) -> None:
    """Compile the recognisers of ``rulebook`` ahead of the first transfer."""
    engine_of(rulebook)


def classify(content: Content, rulebook: Rulebook, guests: Sequence[Guest] = ()) -> Findings:
    """Return all findings in ``content``, in the order of parts, segments and places; pure, and never raises.

    Offsets of a finding are code points of its segment's text. A guest that gave up leaves an Opaque part, and so
    does a text in which more stands than is weighed.
    """
    engine = engine_of(rulebook)
    items: list[Finding] = []
    opaque: list[Opaque] = []
    for part in _worth_reading(engine, content.parts):
        try:
            items += _look(engine, part)
        except TooMany:
            opaque.append(Opaque(Unread.TOO_MANY, part.where, len(part.text), "recogniser"))
    for guest in guests:
        for part in content.parts:
            for segment in part.segments:
                _ask(guest, part, segment, items, opaque)
    return Findings(tuple(items), tuple(opaque))


def _worth_reading(engine: Engine, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts in which something may stand; clean messages end here, after one pass over all their text."""
    texts = [part.text if part.verbatim else "\n".join([each.text for each in part.segments]) for part in parts]
    if not engine.screen("\n".join(texts).encode("utf-8", "replace")):
        return ()
    worth = []
    for part, text in zip(parts, texts, strict=True):
        data = text.encode("utf-8", "replace")
        hits = engine.screen(data)
        if hits and (not part.verbatim or engine.promising(text, data, hits)):
            worth.append(part)
    return tuple(worth)


def _look(engine: Engine, part: Part) -> list[Finding]:
    """Look at the values of one part, all in one text with a line end between."""
    values = [_Folded(segment, *fold(segment.text)) for segment in part.segments]
    joined = "\n".join([value.text for value in values])
    data = f"\n{joined}\n".encode("utf-8", "replace")
    words = "\n".join([joined, *{value.segment.label for value in values}])
    seen = engine.place(engine.screen(data), data, words)
    if not seen:
        return []
    starts = list(accumulate((len(value.text) + 1 for value in values), initial=0))
    place = _code_points(data, seen)
    by_value: dict[int, list[Finding]] = {}
    for match in seen:
        start = place[match.start] - 1
        index = bisect_right(starts, start) - 1
        value = values[index]
        local, length = start - starts[index], place[match.end] - place[match.start]
        if finding := _weigh(engine, part, value, match, local, local + length):
            by_value.setdefault(index, []).append(finding)
    return [finding for _, found in sorted(by_value.items()) for finding in _settle(engine, found)]


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    """Sort findings of one value by place, then name."""
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.recogniser))


def _code_points(data: bytes, seen: list[Match]) -> dict[int, int]:
    """Map the byte offsets of all matches to code points, in one pass."""
    offsets = sorted({offset for match in seen for offset in (match.start, match.end)})
    if data.isascii():
        return dict(zip(offsets, offsets, strict=True))
    place: dict[int, int] = {}
    count = last = 0
    for offset in offsets:
        count += len(data[last:offset].decode())
        place[offset], last = count, offset
    return place


def _weigh(engine: Engine, part: Part, value: _Folded, match: Match, start: int, end: int) -> Finding | None:
    """Judge one match by the rules of ``certainty``; ``start:end`` are code points of the folded text."""
    recogniser, text = engine.recognisers[match.form.recogniser], value.text
    label = match.form.recogniser in engine.labelled(value.segment.label)
    if match.checked is False and not label:
        return None
    context = not label and engine.supported(match.form.recogniser, text, start, end)
    certainty, why = judge(
        match.form.alone, match.checked, label=label, context=context, decimal=_decimal(text, start, end)
    )
    if certainty is None:
        return None
    evidence = (*why, f"pattern:{match.form.name}", *(("check_unknown",) if match.broken else ()))
    begin, stop = value.span(start, end)
    return Finding(recogniser.id, recogniser.category, certainty, part, value.segment, begin, stop, evidence)


def _decimal(text: str, start: int, end: int) -> bool:
    """Tell whether a number touches a decimal point with a digit beyond it."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before[-1:] == "." and before[:1].isdigit()) or (after[:1] == "." and after[1:].isdigit())


def _settle(engine: Engine, found: list[Finding]) -> list[Finding]:
    """Drop what another, kept finding of at least the same certainty stands for.

    That is: one of a recogniser that its own yields to, on an overlapping span; or one of the same category around it.
    """
    if len(found) == 1:
        return found
    yields = {recogniser.id: recogniser.yields_to for recogniser in engine.recognisers}
    kept: list[Finding] = []
    near: dict[int, list[Finding]] = {}  # kept findings by stretch of text, so that many do not cost many times many
    # The most certain first: whatever is kept by then is at least as certain as what comes after.
    found.sort(key=lambda one: (-one.certainty, engine.rank[one.recogniser], one.start - one.end, one.recogniser))
    for one in found:
        stretches = range(one.start >> 6, (one.end - 1 >> 6) + 1)
        others = (other for stretch in stretches for other in near.get(stretch, ()))
        if any(_stands_for(other, one, yields[one.recogniser]) for other in others):
            continue
        kept.append(one)
        for stretch in stretches:
            near.setdefault(stretch, []).append(one)
    return _in_order(kept)


def _stands_for(other: Finding, one: Finding, yields_to: tuple[str, ...]) -> bool:
    if other.start >= one.end or one.start >= other.end:
        return False
    around = other.start <= one.start and one.end <= other.end
    return other.recogniser in yields_to or (around and other.category == one.category)


def _ask(guest: Guest, part: Part, segment: Segment, items: list[Finding], opaque: list[Opaque]) -> None:
    seen = guest.look(segment.text)
    if isinstance(seen, Unread):
        opaque.append(Opaque(seen, segment.where, len(segment.text), f"recogniser {guest.id}"))
        return
    items += [
        Finding(guest.id, sight.category, sight.certainty, part, segment, sight.start, sight.end, sight.evidence)
        for sight in seen
    ]

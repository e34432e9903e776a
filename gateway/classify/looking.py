"""classify(): parts and values in, findings out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Protocol

from gateway.classify.certainty import judge
from gateway.classify.engine import Engine, Match, TooMany, engine_of
from gateway.classify.fold import Reading, mistaken, readings
from gateway.classify.joining import NAME, look_joined
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
    for part, scattered in _worth_reading(engine, content.parts):
        try:
            items += _look(engine, part, scattered=scattered)
        except TooMany:
            opaque.append(Opaque(Unread.TOO_MANY, part.where, len(part.text), "recogniser"))
    for guest in guests:
        for part in content.parts:
            for segment in part.segments:
                _ask(guest, part, segment, items, opaque)
    return Findings(tuple(items), tuple(opaque))


def _worth_reading(engine: Engine, parts: tuple[Part, ...]) -> tuple[tuple[Part, bool], ...]:
    """Return the parts in which something may stand; clean messages end here, after one pass over all their text.

    With each, whether numbers may be spread over its values.
    """
    texts = [part.text if part.verbatim else _values(part) for part in parts]
    if not engine.screen("\n".join(texts).encode("utf-8", "replace")):
        return ()
    worth = []
    for part, text in zip(parts, texts, strict=True):
        data = text.encode("utf-8", "replace")
        hits = engine.screen(data)
        if not hits:
            continue
        framed = b"\n%b\n" % data
        scattered = engine.may_be_scattered(hits, framed)
        if scattered or not part.verbatim or engine.promising(text, framed, hits):
            worth.append((part, scattered))
    return tuple(worth)


def _values(part: Part) -> str:
    """Return all values of a part, a line each, and the names behind them, so that none stands between two values."""
    names = [each.text for each in part.segments if each.where.endswith(NAME)]
    return "\n".join([*(each.text for each in part.segments if not each.where.endswith(NAME)), *names])


@dataclass(slots=True)
class _Lines:
    """Readings of the values of a part, all in one text with a line end between."""

    values: list[tuple[int, Segment, Reading]]
    data: bytes = field(repr=False)
    hits: list[int]

    @classmethod
    def of(cls, engine: Engine, values: list[tuple[int, Segment, Reading]]) -> _Lines:
        joined = "\n".join([reading.text for _, _, reading in values])
        data = f"\n{joined}\n".encode("utf-8", "replace")
        return cls(values, data, engine.screen(data))


def _look(engine: Engine, part: Part, *, scattered: bool) -> list[Finding]:
    """Look at the values of one part, in every reading of them."""
    values = [
        (index, segment, reading) for index, segment in enumerate(part.segments) for reading in readings(segment.text)
    ]
    lines = _Lines.of(engine, values)
    words = "\n".join([lines.data.decode(), *{segment.label for segment in part.segments}])
    by_value: dict[int, list[Finding]] = {}
    for index, finding in _seen(engine, part, lines, words):
        by_value.setdefault(index, []).append(finding)
    if engine.may_be_mistaken(lines.hits):
        other = [(index, segment, wrong) for index, segment, reading in values if (wrong := mistaken(reading))]
        for index, finding in _seen(engine, part, _Lines.of(engine, other), words):
            by_value.setdefault(index, []).append(finding)
    spread: list[Finding] = []
    if scattered or engine.may_be_scattered(lines.hits, lines.data):
        places = {id(segment): index for index, segment, _ in values}
        for segment, finding in look_joined(engine, part, list(_most_folded(values)), words):
            if finding.segment is segment:
                by_value.setdefault(places[id(segment)], []).append(finding)
            else:
                spread.append(finding)
    found = [finding for _, each in sorted(by_value.items()) for finding in _settle(engine, each)]
    return found + _settle_spread(engine, spread)


def _most_folded(values: Iterable[tuple[int, Segment, Reading]]) -> Iterator[tuple[Segment, Reading]]:
    """Yield each value once, in the last of its readings."""
    yield from {id(segment): (segment, reading) for _, segment, reading in values}.values()


def _seen(engine: Engine, part: Part, lines: _Lines, words: str) -> Iterator[tuple[int, Finding]]:
    """Yield what stands in ``lines``, with the number of the value."""
    seen = engine.place(lines.hits, lines.data, words)
    if not seen:
        return
    starts = list(accumulate((len(reading.text) + 1 for _, _, reading in lines.values), initial=0))
    place = _code_points(lines.data, seen)
    for match in seen:
        start = place[match.start] - 1
        line = bisect_right(starts, start) - 1
        index, segment, reading = lines.values[line]
        local, length = start - starts[line], place[match.end] - place[match.start]
        if finding := _weigh(engine, part, segment, reading, match, local, local + length):
            yield index, finding


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


def _weigh(
    engine: Engine, part: Part, segment: Segment, reading: Reading, match: Match, start: int, end: int
) -> Finding | None:
    """Judge one match by the rules of ``certainty``; ``start:end`` are code points of the reading."""
    recogniser, text = engine.recognisers[match.form.recogniser], reading.text
    label = match.form.recogniser in engine.labelled(segment.label)
    if match.checked is False and not label:
        return None
    context = not label and engine.supported(match.form.recogniser, text, start, end)
    if reading.mistaken and not (match.checked and (label or context)):
        return None
    certainty, why = judge(
        match.form.alone, match.checked, label=label, context=context, decimal=_decimal(text, start, end)
    )
    if certainty is None:
        return None
    evidence = (*why, f"pattern:{match.form.name}", *(("check_unknown",) if match.broken else ()))
    if reading.mistaken:
        evidence += ("lookalike",)
    begin, stop = reading.span(start, end)
    return Finding(recogniser.id, recogniser.category, certainty, part, segment, begin, stop, evidence)


def _decimal(text: str, start: int, end: int) -> bool:
    """Tell whether a number touches a decimal point with a digit beyond it, other than the 0 of ``13800138000.0``."""
    before, after = text[max(0, start - 2) : start], text[end : end + 4]
    fraction = after[:1] == "." and after[1:2].isdigit() and not _WHOLE.match(after)
    return (before[-1:] == "." and before[:1].isdigit()) or fraction


_WHOLE = re.compile(r"\.00?(?![0-9.])")
"""How a number that was read as a floating-point one is written again."""


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


def _settle_spread(engine: Engine, found: list[Finding]) -> list[Finding]:
    """Settle findings over several values by their places in the text of the part, each of which is its own segment."""
    if len(found) <= 1:
        return found
    spans = {(one.segment.start, one.segment.end, one.recogniser): one for one in found}
    whole = [replace(one, start=start, end=end) for (start, end, _), one in spans.items()]
    kept = {(one.start, one.end, one.recogniser) for one in _settle(engine, whole)}
    return [one for place, one in sorted(spans.items(), key=lambda item: item[0]) if place in kept]


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

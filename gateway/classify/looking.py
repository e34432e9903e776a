"""classify(): parts and values in, findings out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from gateway.classify.beside import speak_up
from gateway.classify.databases import Kept, TooMany
from gateway.classify.engine import MOST_MATCHES, Engine, Found, Sweep, engine_of
from gateway.classify.fold import Reading, mistaken
from gateway.classify.forms import Match, matches
from gateway.classify.joining import NAME, look_joined
from gateway.classify.lines import Lines, Names, code_points, framed
from gateway.classify.merging import merged
from gateway.classify.settling import settle, settle_spread
from gateway.classify.siblings import HALF, holds_halves, may_hold_names
from gateway.classify.weighing import Weighed, contradicted, says_something, weigh, weigh_found, weigh_value
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Certainty, Content, Finding, Findings, Opaque, Part, Segment, Unread

_SIGNS = re.compile(r"[\"'<>,;|\t\x1e:=^~&]")
"""Between two of these stand values, in formats that are read verbatim."""


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


def prepare(rulebook: Rulebook, kept: Kept | None = None) -> None:
    """Compile the recognisers of ``rulebook`` ahead of the first transfer, or take them from where they are kept.

    Raises ``Faulty`` where an expression is larger than an automaton takes.
    """
    engine_of(rulebook, kept)


def classify(content: Content, rulebook: Rulebook, guests: Sequence[Guest] = ()) -> Findings:
    """Return all findings in ``content``, in the order of parts, segments and places; pure, and never raises.

    Offsets of a finding are code points of its segment's text. A guest that gave up leaves an Opaque part, and so
    does a text in which more stands than is weighed.
    """
    engine = engine_of(rulebook)
    items: list[Finding] = []
    opaque: list[Opaque] = []
    verbatim = [part for part in content.parts if part.verbatim]
    clean, near = _screened(engine, verbatim)
    passed = set(map(id, verbatim)) if clean or not verbatim else _passed(engine, verbatim)
    for part in content.parts:
        if id(part) in passed:
            continue
        try:
            found, nearly = _look(engine, part)
        except TooMany:
            opaque.append(Opaque(Unread.TOO_MANY, part.where, len(part.text), "recogniser"))
            continue
        except Exception:  # whatever a finder raises, the part was not looked at to its end
            opaque.append(Opaque(Unread.CRASHED, part.where, len(part.text), "recogniser"))
            continue
        items += found
        near += 0 if part.verbatim else nearly
    if not guests:
        return Findings(tuple(items), tuple(opaque), near)
    seen: list[Finding] = []
    for guest in guests:
        for part in content.parts:
            for segment in part.segments:
                _ask(guest, part, segment, seen, opaque)
    return Findings(merged(items, seen), tuple(opaque), near)


def _values(part: Part) -> str:
    """Return the values of a part that is read verbatim, each on a line of its own, or more than these.

    Strings of JSON without escapes stand between quotation marks; what comes again need not be looked at again. In
    other formats a value may be the whole text between two signs, or hold such signs, so both readings are given.
    """
    if part.format == "json":
        return "\n".join(dict.fromkeys(part.text.split('"')[1::2]))
    pieces = dict.fromkeys(map(str.strip, _SIGNS.split(part.text))) if part.format != "text" else ()
    return "\n".join([part.text, *pieces])


def _passed(engine: Engine, parts: list[Part]) -> set[int]:
    """Return the identities of the parts in which nothing stands, where something stands in one of them.

    Where nothing stands in any of the smaller ones, it stands in the largest.
    """
    *smaller, largest = sorted(parts, key=lambda part: len(part.text))
    passed = {id(part) for part in smaller if _screened(engine, [part])[0]}
    if len(passed) < len(smaller) and _screened(engine, [largest])[0]:
        passed.add(id(largest))
    return passed


def _names_in(engine: Engine, parts: list[Part]) -> set[int]:
    """Return the recognisers of which a name may stand in parts; in JSON most strings that are no names are told."""
    told = [part for part in parts if not may_hold_names(part)]
    others = [part for part in parts if may_hold_names(part)]
    named = set(engine.labels.standing_in(framed("\n".join(part.text for part in others)))) if others else set()
    if any(map(holds_halves, others)):
        named |= engine.labels.speaks_for(HALF)
    return named.union(*(engine.labels.standing_in(framed(part.text), part.format) for part in told))


def _screened(engine: Engine, parts: list[Part]) -> tuple[bool, int]:
    """Tell whether nothing stands in parts that are read verbatim, after one pass over all their text.

    Also count the numbers within runs of letters and digits.
    """
    text = framed("\n".join([part.text for part in parts]))
    try:
        sweep = engine.sweep(text)
        named = _names_in(engine, parts)
    except TooMany:
        return False, 0
    near = engine.near_hits(sweep, text)
    signs = engine.signs(text)
    if engine.is_written_otherwise(signs) or engine.may_be_mistaken(signs):
        return False, near
    if engine.promises(sweep, text, named) or engine.may_be_scattered(signs, text):
        return False, near
    # A blank line parts the parts, so that what stands at the head of one stands at the head of a text here too.
    values = "\n\n".join(map(_values, parts)) if sweep.finders else ""
    try:
        return not engine.finds(sweep, values.encode("utf-8", "replace").decode()), near
    except Exception:  # it raises again where every value is read, and is told there
        return False, near


def _look(engine: Engine, part: Part) -> tuple[list[Finding], int]:
    """Look at the values of one part, in every reading of them; also count what only nearly is a finding."""
    lines, signs = Lines.read(engine, part.segments)
    sweep = engine.sweep(lines.data)
    named = Names.read(engine, part)
    by_value: dict[int, list[Weighed]] = {}
    ways = (
        _seen(engine, part, lines, sweep, named),
        _values_by_name(engine, part, lines, named),
        *(_by_finder(engine, finder, part, lines, sweep, named) for finder in engine.finders),
        _seen_mistaken(engine, part, lines, named) if engine.may_be_mistaken(signs) else (),
    )
    for number, weighed in chain.from_iterable(ways):
        by_value.setdefault(number, []).append(weighed)
    spread: list[Finding] = []
    if _is_scattered(engine, part, lines, signs):
        spoken = frozenset().union(*named.speaking.values())
        heard = spoken | frozenset(sweep.words) | engine.labels.standing_in(lines.data)
        places = {id(segment): number for number, segment in enumerate(lines.segments)}
        for segment, finding in look_joined(engine, part, list(_most_folded(lines)), heard):
            if finding.segment is segment:
                by_value.setdefault(places[id(segment)], []).append(Weighed(finding))
            else:
                spread.append(finding)
    found: list[Finding] = []
    for number, each in sorted(speak_up(engine, by_value).items()):
        settled = settle(engine, each)
        found += settled
        found += contradicted(engine, settled, named.of(number))
    return found + settle_spread(engine, spread), engine.near_hits(sweep, lines.data)


def _is_scattered(engine: Engine, part: Part, lines: Lines, signs: frozenset[int]) -> bool:
    """Tell whether numbers may be spread over values, by the values themselves or by the text that they stand in."""
    if (lines.others or not part.verbatim) and engine.may_be_scattered(signs, lines.data):
        return True
    if part.verbatim:
        text = framed(part.text)
    else:
        # Names behind the values, so that none stands between two of them.
        values = [each.text for each in lines.segments if not each.where.endswith(NAME)]
        if len(values) == len(lines.segments):
            return False
        text = framed("\n".join([*values, *(each.text for each in lines.segments if each.where.endswith(NAME))]))
    return engine.may_be_scattered(engine.signs(text), text)


def _most_folded(lines: Lines) -> Iterator[tuple[Segment, Reading]]:
    """Yield each value once, in the last of its readings."""
    last = dict(lines.others)
    for number, segment in enumerate(lines.segments):
        yield segment, last.get(number) or Reading(segment.text)


def _seen(engine: Engine, part: Part, lines: Lines, sweep: Sweep, named: Names) -> Iterator[tuple[int, Weighed]]:
    """Yield what stands in ``lines``, with the number of the value. Raises ``TooMany``."""
    once: set[tuple[int, int, int, int]] = set()
    placed = _bounded([*engine.place(sweep, lines.data)])
    starts = lines.starts
    place = code_points(lines.data, placed)
    for match in placed:
        begin = place[match.start] - 1
        line = bisect_right(starts, begin) - 1
        local, length = begin - starts[line], place[match.end] - place[match.start]
        once.add((line, id(match.form), local, local + length))
        number, reading = lines.owner(line)
        label = match.form.recogniser in named.of(number)
        seen = weigh(engine, part, lines.segments[number], reading, match, local, local + length, label=label)
        if seen is not None:
            yield number, seen
    for line, match in _bounded([*_in_named_fields(engine, lines, named)]):
        key = (line, id(match.form), match.start, match.end)
        if key not in once:
            once.add(key)
            number, reading = lines.owner(line)
            seen = weigh(engine, part, lines.segments[number], reading, match, match.start, match.end, label=True)
            if seen is not None:
                yield number, seen


def _bounded[Item](items: list[Item]) -> list[Item]:
    if len(items) > MOST_MATCHES:
        raise TooMany
    return items


def _in_named_fields(engine: Engine, lines: Lines, named: Names) -> Iterator[tuple[int, Match]]:
    """Yield weak forms in the fields whose names speak for them, with places in code points of the line."""
    asked = {
        label: [form for each in sorted(spoken) for form in engine.weak.get(each, ())]
        for label, spoken in named.speaking.items()
    }
    if not any(asked.values()):
        return
    owners = chain(range(len(lines.texts) - len(lines.others)), (number for number, _ in lines.others))
    for line, owner in enumerate(owners):
        forms = asked[named.labels[owner]]
        if not forms:
            continue
        data = framed(lines.texts[line])
        for form in forms:
            for match in matches(form, data):
                start = len(data[: match.start].decode()) - 1
                end = start + len(data[match.start : match.end].decode())
                yield line, Match(form, start, end, match.checked, match.broken)


def _values_by_name(engine: Engine, part: Part, lines: Lines, named: Names) -> Iterator[tuple[int, Weighed]]:
    """Yield the values of fields in which everything is what their name says."""
    asked = {label: sorted(spoken & engine.any_value) for label, spoken in named.speaking.items()}
    asked = {label: spoken for label, spoken in asked.items() if spoken}
    if not asked:
        return
    for number, (segment, label) in enumerate(zip(lines.segments, named.labels, strict=True)):
        for recogniser in asked.get(label, ()):
            # A name under itself is a translation of it.
            if says_something(segment.text) and not engine.labels.is_of(recogniser, segment.text):
                yield number, weigh_value(engine, part, segment, recogniser)


def _by_finder(
    engine: Engine, finder: Found, part: Part, lines: Lines, sweep: Sweep, named: Names
) -> Iterator[tuple[int, Weighed]]:
    """Yield what a finder finds. Of a field whose name says so, the whole value is it where that could be."""
    asked = {label for label, spoken in named.speaking.items() if finder.recogniser in spoken}
    fitting: dict[int, Certainty | None] = {}
    if asked:
        for number, (segment, label) in enumerate(zip(lines.segments, named.labels, strict=True)):
            if label in asked and finder.finder.fits(segment.text.encode("utf-8", "replace").decode()):
                fitting[number] = None
    if finder.number in sweep.finders:
        for start, end, kind in finder.finder.find(lines.data[1:-1].decode()):
            line = bisect_right(lines.starts, start) - 1
            number, reading = lines.owner(line)
            alone = finder.alone[kind]
            if number in fitting:
                fitting[number] = max(filter(None, (fitting[number], alone)), default=None)
                continue
            segment, local = lines.segments[number], start - lines.starts[line]
            span = (local, local + end - start)
            says = named.labels[number] in asked
            seen = weigh_found(engine, part, segment, reading, finder.recogniser, kind, alone, span, label=says)
            if seen is not None:
                yield number, seen
    for number, best in fitting.items():
        segment = lines.segments[number]
        whole = (len(segment.text) - len(segment.text.lstrip()), len(segment.text.rstrip()))
        seen = weigh_found(engine, part, segment, None, finder.recogniser, "fits", best, whole, label=True)
        if seen is not None:
            yield number, seen


def _seen_mistaken(engine: Engine, part: Part, lines: Lines, named: Names) -> Iterator[tuple[int, Weighed]]:
    """Yield what stands where letters are taken for digits."""
    wrong = []
    for line, text in enumerate(lines.texts):
        number, reading = lines.owner(line)
        if (other := mistaken(reading or Reading(text))) is not None:
            wrong.append((number, other))
    if wrong:
        other_lines = Lines.of(lines.segments, [], wrong)
        yield from _seen(engine, part, other_lines, engine.sweep(other_lines.data), named)


def _ask(guest: Guest, part: Part, segment: Segment, items: list[Finding], opaque: list[Opaque]) -> None:
    seen = guest.look(segment.text)
    if isinstance(seen, Unread):
        opaque.append(Opaque(seen, segment.where, len(segment.text), f"recogniser {guest.id}"))
        return
    items += [
        Finding(guest.id, sight.category, sight.certainty, part, segment, sight.start, sight.end, sight.evidence)
        for sight in seen
    ]

"""Joined readings: values that stand side by side read as one, and numbers whose characters stand apart.

What is joined proves less than what is written in one piece: of a number that is spread over values its name must
speak for it, or its check digit must fit and its form be one that chance seldom makes (see ``_credible``).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from gateway.classify.certainty import judge
from gateway.classify.databases import TooMany
from gateway.classify.engine import MOST_MATCHES, Engine
from gateway.classify.fold import Reading, counted
from gateway.classify.forms import Form, Loose, Match, matches
from gateway.classify.loose import BREAK, GAP
from gateway.vocabulary import Finding, Part, Segment

NAME = "/~key"
"""How the place of a field's name ends."""
_LONGEST_PIECE = 12
_LONGEST_SHORT_PIECE = 7
"""A whole telephone number of the region has eight digits."""
_NAMES_ASKED = 3
"""Fields around a value whose names may speak for it."""
_PIECE = re.compile(r"\x1f*+(\(?[0-9A-Za-z]{1,12}(?:\([0-9A-Za-z]?\)?)?|\)|\()\x1f*+")
_NUMBER_LIKE = re.compile(r"\(?(?:[A-Za-z]{1,2}|[A-Za-z]{0,2}[0-9]+[0-9A-Za-z]?)(?:\([0-9A-Za-z]?)?\)?|[()]")
_SERIES = re.compile(rb"[0-9]\x1f+#|#\x1f+[0-9]")
_ALONE = re.compile(rb"[\n\x1e]\x1f*#\x1f*[\n\x1e]")
_APART = re.compile(r"[^0-9A-Za-z()]+")
_GAP = GAP.encode()
_NOTHING = frozenset({"", "null"})


class _Signs(dict[int, str]):
    """Each character as a joined reading has it: letters and digits of ASCII and brackets, gaps, breaks."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isascii() and (character.isalnum() or character in "()"):
            sign = character
        else:
            sign = GAP if unicodedata.category(character)[0] in "PZSC" else BREAK
        self[code] = sign
        return sign


_SIGNS = _Signs()


@dataclass(slots=True)
class _Value:
    """A value in a joined text: where it begins there, and where what stands there begins in its reading."""

    segment: Segment
    reading: Reading
    start: int
    offset: int


@dataclass(slots=True)
class _Joined:
    """A text of values with a gap between neighbours that may belong together, and line ends elsewhere."""

    text: bytes = field(repr=False)
    values: list[_Value]
    starts: list[int]
    _held: Counter[str] | None = None

    @property
    def held(self) -> Counter[str]:
        """Return how many values each structure holds."""
        if self._held is None:
            self._held = Counter(map(_container, self.values))
        return self._held

    def at(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1


def look_joined(
    engine: Engine, part: Part, values: Sequence[tuple[Segment, Reading]], heard: frozenset[int]
) -> Iterator[tuple[Segment, Finding]]:
    """Yield what stands in the joined values of ``part``, each with the segment whose place it takes.

    ``values`` are all segments, each in its most folded reading; ``heard`` are the recognisers of which a label or
    a context word stands anywhere.
    Raises ``TooMany`` where more than ``MOST_MATCHES`` places would have to be weighed.
    """
    ordered = sorted(values, key=_aside)
    whole, short = _join(ordered, _LONGEST_PIECE), None
    heard = heard.union(*map(engine.labels.speaks_for, _steps(ordered)))
    seen = 0
    for loose in engine.loose:
        named = loose.form.recogniser in heard
        form, joined = loose.form, whole
        if form.check is None:
            if not named:
                continue
            joined = short = short or _join(ordered, _LONGEST_SHORT_PIECE)
        elif not (loose.sure or named):
            form = loose.alone
        for match in islice(matches(form, joined.text), MOST_MATCHES + 1):
            seen += 1
            if seen > MOST_MATCHES:
                raise TooMany
            found = _weigh(engine, part, joined, match, loose)
            if found is not None:
                yield found


def _steps(values: Sequence[tuple[Segment, Reading]]) -> set[str]:
    """Return the names around the values."""
    places = {segment.where.rpartition("/")[0] for segment, _ in values}
    return {step for place in places for step in place.split("/") if not step.isdecimal()}


def _join(values: Sequence[tuple[Segment, Reading]], longest: int) -> _Joined:
    made: list[_Value] = []
    texts: list[str] = ["\n"]
    at = 1
    open_ended = False  # whether the value before may go on in this one
    for segment, reading in values:
        text = reading.text
        if text in _NOTHING:
            continue
        signs, offset = counted(text).translate(_SIGNS), 0
        piece = _PIECE.fullmatch(signs) if len(signs) <= 2 * longest else None
        if piece is not None and len(piece[1]) <= longest and _NUMBER_LIKE.fullmatch(piece[1]):
            signs, offset = piece[1], piece.start(1)
            if open_ended:
                texts[-1] = GAP
            open_ended = True
        else:
            open_ended = False
            if GAP not in signs:
                signs = ""  # in one piece: it has been looked at as it stands
        made.append(_Value(segment, reading, at, offset))
        texts += [signs, "\n"]
        at += len(signs) + 1
    return _Joined("".join(texts).encode(), made, [value.start for value in made])


def _weigh(engine: Engine, part: Part, joined: _Joined, match: Match, loose: Loose) -> tuple[Segment, Finding] | None:
    """Judge one match in a joined text."""
    core = joined.text[match.start : match.end].rstrip(_GAP)
    start, end = match.start, match.start + len(core)
    if match.checked is False or _GAP not in core:
        return None
    first, last = joined.at(start), joined.at(end - 1)
    pieces = joined.values[first : last + 1]
    recogniser = engine.recognisers[match.form.recogniser]
    label = _named(engine, match.form, pieces)
    reading = pieces[0].reading
    context = False
    if first == last:
        offset = pieces[0].offset - pieces[0].start
        context = not label and engine.supported(match.form.recogniser, reading.text, start + offset, end + offset)
        if len(set(_APART.findall(reading.text[start + offset : end + offset]))) != 1 and not (label or context):
            return None
    if not (label or context) and (
        match.form.check is None or not _credible(part, joined, pieces, core, start, end, loose)
    ):
        return None
    certainty, why = judge(match.form.alone, match.checked, label=label, context=context, decimal=False)
    if certainty is None:
        return None
    segment, begin, stop = _within(pieces[0], start, end) if first == last else _across(pieces, start, end)
    evidence = (*why, f"pattern:{match.form.name}", "separated" if first == last else "spread")
    finding = Finding(recogniser.id, recogniser.category, certainty, part, segment, begin, stop, evidence)
    return pieces[0].segment, finding


def _named(engine: Engine, form: Form, pieces: Sequence[_Value]) -> bool:
    """Tell whether the names of fields speak for a number; where it has no check digit, those of all its pieces."""
    spoken = (
        any(form.recogniser in engine.labels.speaks_for(name) for name in _names(piece.segment, len(pieces) > 1))
        for piece in pieces
    )
    return any(spoken) if form.check is not None else all(spoken)


def _aside(value: tuple[Segment, Reading]) -> int:
    """Rank values: what is read comes first, then attributes and names, so that they do not come between."""
    where = value[0].where
    return 2 if where.endswith(NAME) else int(where[where.rfind("/") + 1 :].startswith("@"))


def _names(segment: Segment, spread: bool) -> Iterator[str]:
    yield segment.label
    if spread:
        around = [step for step in segment.where.split("/")[1:] if not step.isdecimal()]
        yield from around[-_NAMES_ASKED:]


def _credible(
    part: Part, joined: _Joined, pieces: Sequence[_Value], core: bytes, start: int, end: int, loose: Loose
) -> bool:
    """Tell whether a number whose check digit fits is one, though no name speaks for it.

    Chance makes such numbers where tables are large, so that more is asked. Pieces of a form that chance seldom makes
    must stand in one structure (or each in one of its own), and be cut where people cut such numbers, or evenly, or be
    all that the structure holds; and the number must not begin as a year does, since no region's code begins with 19 or
    20, and dates beside times and counts are what tables are full of. Of any other form all pieces must be of one
    character, or of four, and be all there is; and they must be written as texts, since lists of figures are common.
    """
    groups = [group for group in core.split(_GAP) if group]
    if loose.sure:
        if core.replace(_GAP, b"")[:2] in (b"19", b"20"):
            return False
        usual = _evenly(groups) or loose.strict.expression.search(b"\n%b\n" % b" ".join(groups)) is not None
        if len(pieces) == 1:
            return usual and not _in_a_series(joined, pieces[0], start, end)
        containers = [_container(piece) for piece in pieces]
        if len(set(containers)) == 1:
            return usual or (joined.held[containers[0]] == len(pieces) and _texts(part, pieces))
        return all(joined.held[container] == 1 for container in containers)
    if _ALONE.search(joined.text[max(0, start - 5) : start] + b"#" + joined.text[end : end + 5]) is None:
        return False
    if not _evenly(groups) or len(groups[0]) not in (1, 4):
        return False
    if len(pieces) == 1:
        return not any(each in pieces[0].reading.text for each in " ,")
    return _texts(part, pieces)


def _texts(part: Part, pieces: Sequence[_Value]) -> bool:
    """Tell whether all pieces are written between quotation marks."""
    return all(part.text[max(0, piece.segment.start - 1) : piece.segment.start] in ('"', "'") for piece in pieces)


def _in_a_series(joined: _Joined, value: _Value, start: int, end: int) -> bool:
    """Tell whether figures with blanks or commas between go on before or after a number."""
    text = value.reading.text[value.offset + start - value.start : value.offset + end - value.start]
    if _APART.findall(text)[:1] not in ([" "], [","], [", "]):
        return False
    return _SERIES.search(joined.text[max(0, start - 3) : start] + b"#" + joined.text[end : end + 3]) is not None


def _evenly(groups: Sequence[bytes]) -> bool:
    sizes = [len(group.strip(b"()")) for group in groups]
    return len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0]


def _container(value: _Value) -> str:
    """Return the place of the structure that holds a value; names of fields are held apart from the values."""
    where = value.segment.where
    if where.endswith(NAME):
        return where.removesuffix(NAME).rpartition("/")[0] + NAME
    return where.rpartition("/")[0]


def _within(value: _Value, start: int, end: int) -> tuple[Segment, int, int]:
    offset = value.offset - value.start
    return (value.segment, *value.reading.span(start + offset, end + offset))


def _across(pieces: Sequence[_Value], start: int, end: int) -> tuple[Segment, int, int]:
    """Return a segment that holds the pieces of a number and nothing else, with the places of its code points."""
    text: list[str] = []
    marks: list[int] = []
    ends: list[int] = []
    for index, value in enumerate(pieces):
        own, offset = value.segment, value.offset - value.start
        first = start + offset if index == 0 else value.offset
        beyond = end if index == len(pieces) - 1 else pieces[index + 1].start - 1
        begin, stop = value.reading.span(first, beyond + offset)
        text.append(own.text[begin:stop])
        for place in range(begin, stop):
            here, after = own.span(place, place + 1)
            marks.append(here)
            ends.append(after)
    lead = pieces[0].segment
    segment = Segment("".join(text), lead.where, lead.label, marks[0], ends[-1], (*marks, ends[-1]), tuple(ends))
    return segment, 0, len(segment.text)

"""The compiled form of a rulebook's recognisers: which expressions occur in a text, and where exactly.

All expressions stand in one RE2 Set, each between edges: no ASCII letter or digit may touch it. The edge on the left
also keeps the automaton small, since a run of digits has one place to start and not one for each digit; a hostile run
costs what clean text costs. The Set tells which expressions occur; only those are then looked for one by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice
from weakref import WeakKeyDictionary

import re2

from classifiers import CHECKS
from gateway.classify.fold import MISTAKEN, WRITTEN_OTHERWISE
from gateway.classify.loose import BREAK, GAP, SCATTERED, is_number, loosened, scattered, without_names
from gateway.rulebook.book import Pattern, Recogniser, Rulebook
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Certainty

_EDGE = "[^0-9A-Za-z]"
_ENDS_TRIED = 8
"""Shorter readings of a spaced number tried where the longest does not add up."""
MOST_MATCHES = 50_000
"""Places of forms that are weighed in one part. Beyond it the part is Opaque: a text made of nothing but near misses
must not hold up everybody else's traffic."""
_AUTOMATON = 64 * 1024 * 1024
"""Bytes that the automaton of the screen may take; filled by hostile text only."""
_LABELS_KEPT = 4096
_BEFORE, _AFTER = 40, 12
_LABEL_LENGTH = 80
_OTHER_NUMBER = re.compile(r"[0-9]{5,}|[\r\n]")
_SHORT_LATIN, _SHORT_HAN = 4, 2
"""Shorter labels must be the whole name of a field; longer ones may end one (``applicantMobile``, ``联系手机``)."""

_LONG_LATIN = 6
"""Shorter ones must begin where a word of the name does: ``lxfs`` is not what ``cellXfs`` ends in."""
_WORD = re.compile(r"(?<![^\W_])[^\W_]|(?<=[a-z])[A-Z]|[A-Z](?=[A-Z][a-z])|(?<=[^\x00-\x7f])[A-Za-z]")
_DROPPED = frozenset(" \t.-_")

type Check = Callable[[str], bool]


class TooMany(Exception):
    """More places than are weighed in one part."""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One written form, ready to be looked for."""

    recogniser: int
    name: str
    alone: Certainty | None
    expression: re2._Regexp
    check: Check | None


@dataclass(frozen=True, slots=True, eq=False)
class Loose:
    """One written form with gaps between its characters, for joined values."""

    form: Form
    alone: Form
    """The same where nothing else stands beside it."""
    strict: Form
    """The form as it stands in the rulebook."""
    sure: bool
    """Chance seldom makes such a number: it says something by itself, and its check digit something more."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A form seen at bytes ``start:end``. ``checked``: the check digit fits, does not, or None where there is none."""

    form: Form
    start: int
    end: int
    checked: bool | None
    broken: bool = False
    """The check raised instead of answering."""


def _edged(regex: str, begin: str, end: str) -> str:
    # What ends in a closing bracket is its own edge: A123456(3)Name.
    closing = "" if regex.endswith(r"\)") else f"(?:{_EDGE}{end})"
    return f"(?:{begin}{_EDGE})({regex}){closing}"


class Engine:
    """All recognisers of a rulebook, compiled."""

    def __init__(self, recognisers: tuple[Recogniser, ...]) -> None:
        """Compile; expressions are taken as sound, since the reader of the rulebook has judged them."""
        self.recognisers = recognisers
        self.forms: list[Form] = []
        options = re2.Options()
        options.max_mem = _AUTOMATON
        self._screen = re2.Set.SearchSet(options)
        for index, recogniser in enumerate(recognisers):
            check = CHECKS[recogniser.check] if recogniser.check else None
            for pattern in recogniser.patterns:
                if not pattern.regex:
                    continue
                self._screen.Add(_edged(pattern.regex, "^|", "|$"))
                expression = re2.compile(_edged(pattern.regex, "", "").encode())
                self.forms.append(Form(index, pattern.name, pattern.alone, expression, check))
        self._signs = self._screen.Add(WRITTEN_OTHERWISE)
        self._mistaken = self._screen.Add(MISTAKEN)
        self.loose = tuple(_loose_forms(recognisers))
        self._scattered = frozenset(self._screen.Add(regex) for regex in SCATTERED)
        self._wide = {
            self._screen.Add(f"(?:^|{_EDGE}){loose}"): _Wide(re2.compile(f"{_EDGE}{loose}".encode()), check)
            for loose, check in _sure_patterns(recognisers)
        }
        self._screen.Compile()
        self._labels = _label_table(recognisers)
        self._labelled = lru_cache(_LABELS_KEPT)(self._look_up)
        self._context = tuple(_context_expression(recogniser.context) for recogniser in recognisers)
        self._words = tuple(
            tuple({*recogniser.labels, *map(fold_label, recogniser.context)}) for recogniser in recognisers
        )
        self.rank = _ranks(recognisers)

    def screen(self, data: bytes) -> list[int]:
        """Return which forms occur in ``data`` (UTF-8), in order; [] for clean text. Linear, whatever the text."""
        return sorted(self._screen.Match(data) or ())

    def forms_of(self, hits: list[int]) -> list[Form]:
        """Return the forms among ``hits``, without the signs that a text may be read in other ways."""
        return [self.forms[hit] for hit in hits if hit < self._signs]

    def may_be_mistaken(self, hits: list[int]) -> bool:
        """Tell whether letters may stand for digits."""
        return self._mistaken in hits

    def may_be_scattered(self, hits: list[int], framed: bytes) -> bool:
        """Tell whether a number may be spread over several values of a text, or its characters stand apart.

        Where only a form of numbers with a check digit says so, the digits must fit.
        """
        if not self._scattered.isdisjoint(hits):
            return True
        return any(_adds_up(self._wide[hit], framed) for hit in hits if hit in self._wide)

    def promising(self, text: str, framed: bytes, hits: list[int]) -> bool:
        """Tell whether anything in the text of a verbatim part could become a finding in one of its values.

        ``framed`` is ``text`` in UTF-8 between two line ends.

        Numbers that do not add up or say nothing by themselves only count beside a label or a context word, so where
        no such word stands anywhere in the text, nobody needs to read the values one by one.
        """
        if self._signs in hits or self._mistaken in hits:
            return True
        spoken_for = self.hearing(text)
        for form in self._worth_placing(hits, spoken_for):
            for number, match in enumerate(matches(form, framed)):
                if number > MOST_MATCHES:
                    return True
                if match.checked or (match.checked is None and form.alone) or spoken_for(form.recogniser):
                    return True
        return False

    def place(self, hits: list[int], data: bytes, text: str) -> list[Match]:
        """Return every place of the forms among ``hits``; ``text`` holds all values and the names of their fields.

        Raises ``TooMany`` beyond ``MOST_MATCHES``.
        """
        places = (match for form in self._worth_placing(hits, self.hearing(text)) for match in matches(form, data))
        found = list(islice(places, MOST_MATCHES + 1))
        if len(found) > MOST_MATCHES:
            raise TooMany
        return found

    def _worth_placing(self, hits: list[int], spoken_for: Callable[[int], bool]) -> Iterator[Form]:
        """Leave out the forms that are nothing without a label or a context word, where there is none."""
        for form in self.forms_of(hits):
            if form.alone is not None or form.check is not None or spoken_for(form.recogniser):
                yield form

    def hearing(self, text: str) -> Callable[[int], bool]:
        """Return what tells whether a label or context word of a recogniser stands anywhere in ``text``."""
        heard: dict[int, bool] = {}
        squeezed = ""

        def spoken_for(recogniser: int) -> bool:
            nonlocal squeezed
            if recogniser not in heard:
                squeezed = squeezed or fold_label(text)
                heard[recogniser] = any(word in squeezed for word in self._words[recogniser])
            return heard[recogniser]

        return spoken_for

    def labelled(self, label: str) -> frozenset[int]:
        """Return the recognisers for which the name of the field speaks."""
        return self._labelled(label[-_LABEL_LENGTH:])

    def _look_up(self, label: str) -> frozenset[int]:
        folded = fold_label(label)
        head = folded.partition("(")[0] or folded
        name = head.rstrip("0123456789:*[]#")
        starts = _starts_of_words(label)
        found: frozenset[int] = frozenset()
        for spelling in {name, name.removesuffix("s")}:
            for start in range(len(spelling)):
                ending = spelling[start:]
                spoken, whole_only = self._labels.get(ending, (frozenset(), False))
                if not spoken or (start and whole_only):
                    continue
                if start in starts or len(ending) >= _LONG_LATIN or not ending.isascii():
                    found |= spoken
        return found

    def supported(self, recogniser: int, text: str, start: int, end: int) -> bool:
        """Tell whether a context word of the recogniser stands near ``text[start:end]``."""
        expression = self._context[recogniser]
        if expression is None:
            return False
        cut = 0
        before = text[max(0, start - _BEFORE) : start]
        for other in _OTHER_NUMBER.finditer(before):
            cut = other.end()
        before = before[cut:]
        after = text[end : end + _AFTER]
        if (other_after := _OTHER_NUMBER.search(after)) is not None:
            after = after[: other_after.start()]
        return expression.search(f"{before}\n{after}".encode("utf-8", "replace")) is not None


def _starts_of_words(label: str) -> frozenset[int]:
    """Return where words of the name of a field begin, in its folded form: at signs and blanks, and at capitals."""
    label = unicodedata.normalize("NFKC", label)
    dropped = list(accumulate((each in _DROPPED for each in label), initial=0))
    return frozenset(word.start() - dropped[word.start()] for word in _WORD.finditer(label))


def matches(form: Form, data: bytes) -> Iterator[Match]:
    """Yield every place of a form in ``data``, which must begin and end with a line end.

    Where a number does not add up, the search goes on from the next place inside it, so that no match hides another;
    where it stands, it goes on from its last group.
    """
    position = 0
    while (seen := form.expression.search(data, position)) is not None:
        start, end = seen.span(1)
        core = data[start:end]
        checked, broken = _checked(form.check, core)
        if checked is False and not core.isalnum():
            bound = end
            for _ in range(_ENDS_TRIED):
                shorter = form.expression.match(data, seen.start(), bound)
                if shorter is None:
                    break
                bound = shorter.end(1)
                checked, broken = _checked(form.check, data[start:bound])
                if checked is not False:
                    end = bound
                    break
        yield Match(form, start, end, checked, broken)
        position = start if checked is False else _last_group(data, start, end)


def _sure_patterns(recognisers: tuple[Recogniser, ...]) -> list[tuple[str, Check]]:
    """Return the forms that chance seldom makes, scattered, each with its check."""
    return [
        (scattered(pattern.regex), CHECKS[one.check])
        for one in recognisers
        for pattern in one.patterns
        if _is_sure(one, pattern)
    ]


def _is_sure(recogniser: Recogniser, pattern: Pattern) -> bool:
    at_least_likely = pattern.alone is not None and pattern.alone >= Certainty.LIKELY
    return bool(recogniser.check and pattern.regex) and at_least_likely and is_number(pattern.regex)


@dataclass(frozen=True, slots=True, eq=False)
class _Wide:
    """A form in pieces anywhere in a text, names of fields between them."""

    expression: re2._Regexp
    check: Check


def _adds_up(wide: _Wide, framed: bytes) -> bool:
    """Tell whether the pieces of a form stand in a text, not in one piece, and its check digit fits them."""
    position = 0
    for _ in range(MOST_MATCHES):
        seen = wide.expression.search(framed, position)
        if seen is None:
            return False
        text = seen[0][1:].decode("utf-8", "replace")
        pieces = without_names(text)
        if pieces not in text and _checked(wide.check, pieces.encode())[0] is not False:
            return True
        position = seen.start() + 1
    return True


def _loose_forms(recognisers: tuple[Recogniser, ...]) -> Iterator[Loose]:
    for index, recogniser in enumerate(recognisers):
        check = _without_gaps(CHECKS[recogniser.check]) if recogniser.check else None
        for pattern in recogniser.patterns:
            if not pattern.regex or not is_number(pattern.regex):
                continue
            regex = loosened(pattern.regex)
            form, alone, strict = (
                Form(index, pattern.name, pattern.alone, re2.compile(edged.encode()), check)
                for edged in (
                    f"{_EDGE}({regex}){_EDGE}",
                    rf"[\n{BREAK}]{GAP}*({regex})[\n{BREAK}]",
                    f"\n({pattern.regex})\n",
                )
            )
            yield Loose(form, alone, strict, _is_sure(recogniser, pattern))


def _without_gaps(check: Check) -> Check:
    return lambda text: check(text.replace(GAP, ""))


def _checked(check: Check | None, core: bytes) -> tuple[bool | None, bool]:
    """Ask the check digit. A check that raises answers nothing: it must neither drop a finding nor support one."""
    if check is None:
        return None, False
    try:
        return check(core.decode()), False
    except Exception:  # whatever it is, it must not open the gate
        return None, True


def _last_group(data: bytes, start: int, end: int) -> int:
    """Return the offset of the edge before the last group of ``data[start:end]``, or ``end`` where it is one group."""
    group = end
    while group > start and data[group - 1 : group].isalnum():
        group -= 1
    return group - 1 if group > start else end


def _label_table(recognisers: tuple[Recogniser, ...]) -> Mapping[str, tuple[frozenset[int], bool]]:
    table: dict[str, set[int]] = {}
    for index, recogniser in enumerate(recognisers):
        for label in recogniser.labels:
            table.setdefault(label, set()).add(index)
    return {
        label: (frozenset(indices), len(label) < (_SHORT_LATIN if label.isascii() else _SHORT_HAN))
        for label, indices in table.items()
    }


def _context_expression(words: tuple[str, ...]) -> re2._Regexp | None:
    """Compile context words: Latin ones as whole words, Chinese ones wherever they stand, in either case."""
    if not words:
        return None
    written = (re2.escape(unicodedata.normalize("NFKC", word)) for word in sorted(words))
    whole = (f"(?:^|[^A-Za-z]){word}(?:[^A-Za-z]|$)" if word[:1].isascii() else word for word in written)
    return re2.compile(f"(?i)(?:{'|'.join(whole)})".encode())


def _ranks(recognisers: tuple[Recogniser, ...]) -> Mapping[str, int]:
    """Rank recognisers: one that yields comes after those that it yields to; a circle does no harm."""
    yields = {recogniser.id: recogniser.yields_to for recogniser in recognisers}
    ranks: dict[str, int] = {}

    def rank(name: str, above: frozenset[str]) -> int:
        if name not in ranks:
            others = [other for other in yields.get(name, ()) if other not in above]
            ranks[name] = max((1 + rank(other, above | {name}) for other in others), default=0)
        return ranks[name]

    for name in yields:
        rank(name, frozenset({name}))
    return ranks


_ENGINES: WeakKeyDictionary[Rulebook, Engine] = WeakKeyDictionary()


def engine_of(rulebook: Rulebook) -> Engine:
    """Return the compiled recognisers of a rulebook; compiled once for each Rulebook."""
    engine = _ENGINES.get(rulebook)
    if engine is None:
        engine = _ENGINES[rulebook] = Engine(rulebook.recognisers)
    return engine

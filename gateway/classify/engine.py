"""The compiled form of a rulebook's recognisers: what occurs in a text, and where exactly.

One automaton runs over a text once and reports the ends of written forms, words, context words and names of fields;
only where it hits is a form placed exactly, by RE2. Forms that are nothing without a label or a context word are no
part of it: they are looked for in the fields that bear such a label, and around such words. So the cost grows neither
with the number of recognisers nor with dates, amounts and trace numbers, of which ordinary texts are full.

Every form stands between edges: no ASCII letter or digit may touch it. The edge on the left also keeps the automaton
small, since a run of digits has one place to start and not one for each digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from hashlib import sha256
from weakref import WeakKeyDictionary, WeakValueDictionary

import re2

from classifiers import CHECKS, FINDERS, Finder
from gateway.classify.databases import Expression, Kept, Scanner, TooLarge
from gateway.classify.fold import MISTAKEN, WRITTEN_OTHERWISE
from gateway.classify.forms import (
    EDGE,
    Check,
    Form,
    Loose,
    Match,
    any_word,
    asked,
    forms_of,
    matches,
    whole_name,
    whole_word,
    without_gaps,
)
from gateway.classify.labels import Labels
from gateway.classify.loose import BREAK, GAP, SCATTERED, is_number, loosened, scattered, without_names
from gateway.rulebook.book import Pattern, Recogniser, Rulebook
from gateway.rulebook.document import Faulty, Problem
from gateway.vocabulary import Certainty

MOST_MATCHES = 50_000
"""Places of forms that are weighed in one part. Beyond it the part is Opaque: a text made of nothing but near misses
must not hold up everybody else's traffic."""
MOST_HITS = 4 * MOST_MATCHES
_AUTOMATON = 16 * 1024 * 1024
"""Bytes that the automaton of the signs may take."""
BEFORE, AFTER = 40, 12
"""Code points before and after a place in which a context word stands near by."""
_UTF8 = 4
_LONGEST_NEAR = 32
_LONG_SCREEN = 1000
_LONGEST_WORD, _LONGEST_FORM = 80 * _UTF8, 160
_NAME_BEFORE = re.compile(r"""([^\r\n:：|=,，;；。、()（）\[\]{}<>"']{2,40})[ \t]*[:：|=][ \t"'(（\[【“<]*\Z""")
_OTHER_NUMBER = re.compile(r"[0-9]{5,}|[\r\n]")


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A finder, and how certain what it finds is, by kind."""

    number: int
    recogniser: int
    finder: Finder
    alone: Mapping[str, Certainty | None]
    screen: re2._Regexp | None
    """Its screen, where that is no part of the automaton."""


@dataclass(slots=True)
class Sweep:
    """What one run of the automaton has seen in a text."""

    forms: dict[int, list[int]] = field(default_factory=dict)
    """Ends of forms, by number of the form."""
    words: dict[int, list[int]] = field(default_factory=dict)
    """Ends of context words, by recogniser."""
    finders: set[int] = field(default_factory=set)
    """Finders that may find something."""
    near: list[tuple[int, int]] = field(default_factory=list)
    """Forms that touch letters or digits, and their ends."""


class Engine:
    """All recognisers of a rulebook, compiled."""

    def __init__(self, recognisers: tuple[Recogniser, ...], kept: Kept | None = None) -> None:
        """Compile; expressions are taken as sound, since the reader of the rulebook has judged them.

        Raises ``Faulty`` where one is too large all the same.
        """
        self.recognisers = recognisers
        self.labels = Labels(recognisers, kept)
        self.forms: list[Form] = []
        self.weak: dict[int, list[Form]] = {}
        """The weak forms of each recogniser that has some."""
        expressions: list[Expression] = []
        for index, recogniser in enumerate(recognisers):
            check = CHECKS[recogniser.check] if recogniser.check else None
            for pattern in recogniser.patterns:
                for form, written in forms_of(index, pattern, check, beside=bool(recogniser.beside)):
                    if form.weak:
                        self.weak.setdefault(index, []).append(form)
                    else:
                        expressions += [Expression(len(self.forms), *each) for each in written]
                        self.forms.append(form)
        self.finders = list(_finders(recognisers))
        self._contexts = len(self.forms)
        for index, recogniser in enumerate(recognisers):
            expressions += [Expression(self._contexts + index, whole_word(word), True) for word in recogniser.context]
            if index in self.weak or recogniser.beside:
                # A name written out before its value, with a sign between, as in a form.
                names = [f"{whole_name(name)}[ \t]*[:：|=]" for name in recogniser.spellings]
                expressions += [Expression(self._contexts + index, name, True) for name in names]
        self._near_number = self._contexts + len(recognisers)
        self._near = [(re2.compile(f"({regex})".encode()), check) for _, regex, check in _sure_forms(recognisers)]
        for number, (_, regex, _) in enumerate(_sure_forms(recognisers), self._near_number):
            expressions += [
                Expression(number, f"[0-9A-Za-z](?:{regex})"),
                Expression(number, f"(?:{regex})[0-9A-Za-z]"),
            ]
        self._first_finder = self._near_number + len(self._near)
        expressions += [
            Expression(self._first_finder + each.number, each.finder.SCREEN, once=True)
            for each in self.finders
            if each.screen is None
        ]
        try:
            self._scanner = Scanner(expressions, kept)
        except TooLarge as refused:
            raise Faulty((self._too_large(refused.number),)) from None
        self._context = tuple(any_word(recogniser.context) for recogniser in recognisers)
        self.any_value = frozenset(index for index, each in enumerate(recognisers) if each.any_value)
        self.no_value = frozenset(index for index, each in enumerate(recognisers) if each.no_value)
        self.by_name = self.any_value | self.weak.keys() | {each.recogniser for each in self.finders}
        """Recognisers for which the name of a field alone is reason enough to look at its value."""
        self._prepare_signs()
        self.rank = _ranks(recognisers)
        self.yields = {recogniser.id: recogniser.yields_to for recogniser in recognisers}
        self.beside = {recogniser.id: recogniser.beside for recogniser in recognisers}

    def _too_large(self, number: int) -> Problem:
        if number < self._contexts:
            index = self.forms[number].recogniser
        elif number < self._near_number:
            index = number - self._contexts
        elif number < self._first_finder:
            index = [index for index, _, _ in _sure_forms(self.recognisers)][number - self._near_number]
        else:
            index = self.finders[number - self._first_finder].recogniser
        source, _, line = self.recognisers[index].source.partition(":")
        fault = "an expression is larger than the automaton takes"
        return Problem(source, int(line or 1), 1, fault, "write it as several patterns, or with fewer repetitions")

    def _prepare_signs(self) -> None:
        options = re2.Options()
        options.max_mem = _AUTOMATON
        self._signs = re2.Set.SearchSet(options)
        self._otherwise = self._signs.Add(WRITTEN_OTHERWISE)
        self._mistaken = self._signs.Add(MISTAKEN)
        self._scattered = frozenset(self._signs.Add(regex) for regex in SCATTERED)
        self._signs.Compile()
        # Not in the same automaton: what each may have seen so far would multiply its states.
        self._wide = [
            _Wide(re2.compile(f"{EDGE}{scattered(regex)}".encode()), check)
            for _, regex, check in _sure_forms(self.recognisers)
        ]
        self.loose = tuple(_loose_forms(self.recognisers))

    def sweep(self, framed: bytes) -> Sweep:
        """Run over ``framed`` (UTF-8 between two line ends) once. Linear; raises ``TooMany``."""
        seen = Sweep()
        for number, end in self._scanner.scan(framed, MOST_HITS):
            if number < self._contexts:
                seen.forms.setdefault(number, []).append(end)
            elif number < self._near_number:
                seen.words.setdefault(number - self._contexts, []).append(end)
            elif number < self._first_finder:
                seen.near.append((number - self._near_number, end))
            else:
                seen.finders.add(number - self._first_finder)
        for each in self.finders:
            if each.screen is not None and each.screen.search(framed) is not None:
                seen.finders.add(each.number)
        return seen

    def near_hits(self, sweep: Sweep, framed: bytes) -> int:
        """Count numbers that add up within runs of letters and digits, such as base64: they are no findings."""
        count, last = 0, 0
        for number, end in sweep.near:
            expression, check = self._near[number]
            begin = max(last, end - _LONGEST_NEAR)
            seen = [found for found in expression.finditer(framed[begin:end]) if asked(check, found[1])[0]]
            if seen:
                count, last = count + 1, begin + seen[-1].end(1)
        return count

    def signs(self, framed: bytes) -> frozenset[int]:
        """Return the signs in ``framed`` that it may be read in other ways than as it stands."""
        return frozenset(self._signs.Match(framed) or ())

    def is_written_otherwise(self, signs: frozenset[int]) -> bool:
        """Tell whether characters may stand for others."""
        return self._otherwise in signs

    def may_be_mistaken(self, signs: frozenset[int]) -> bool:
        """Tell whether letters may stand for digits."""
        return self._mistaken in signs

    def may_be_scattered(self, signs: frozenset[int], framed: bytes) -> bool:
        """Tell whether a number may be spread over several values of a text, or its characters stand apart.

        Where only a form of numbers with a check digit says so, the digits must fit.
        """
        if not self._scattered.isdisjoint(signs):
            return True
        return any(_adds_up(wide, framed) for wide in self._wide)

    def place(self, sweep: Sweep, framed: bytes) -> Iterator[Match]:
        """Yield every place in ``framed`` of forms that ``sweep`` has seen, and of weak forms near context words."""
        for number, ends in sweep.forms.items():
            form = self.forms[number]
            for start, end in [(0, len(framed))] if form.over_lines else _lines_of(ends, framed):
                yield from matches(form, framed, start, end)
        for recogniser, ends in sweep.words.items():
            for form in self.weak.get(recogniser, ()):
                for start, end in _around(ends, framed):
                    yield from matches(form, framed, start, end)

    def promises(self, sweep: Sweep, framed: bytes, named: Set[int]) -> bool:
        """Tell whether anything that ``sweep`` has seen in the text of a verbatim part could become a finding.

        ``named`` are the recognisers for which the name of a field in it may speak.
        """
        if not self.by_name.isdisjoint(named):
            return True
        heard = named | sweep.words.keys()
        return any(
            (match.checked is not False and not match.form.silent) or match.form.recogniser in heard
            for match in self.place(sweep, framed)
        )

    def finds(self, sweep: Sweep, values: str) -> bool:
        """Tell whether a finder finds anything in ``values``, a line each, in which ``sweep`` has been."""
        return any(next(iter(self.finders[each].finder.find(values)), None) is not None for each in sweep.finders)

    def _named_before(self, recogniser: int, text: str, start: int) -> bool:
        """Tell whether what is written before ``start``, up to a sign such as a colon, is the name of a field."""
        before = _NAME_BEFORE.search(text, max(0, start - BEFORE), start)
        return before is not None and recogniser in self.labels.speaks_for(before[1].strip())

    def supported(self, recogniser: int, text: str, start: int, end: int) -> bool:
        """Tell whether a context word of the recogniser stands near ``text[start:end]``, or its name right before."""
        if self._named_before(recogniser, text, start):
            return True
        expression = self._context[recogniser]
        if expression is None:
            return False
        cut = 0
        before = text[max(0, start - BEFORE) : start]
        for other in _OTHER_NUMBER.finditer(before):
            cut = other.end()
        before = before[cut:]
        after = text[end : end + AFTER]
        if (other_after := _OTHER_NUMBER.search(after)) is not None:
            after = after[: other_after.start()]
        return expression.search(f"{before}\n{after}".encode("utf-8", "replace")) is not None


def _lines_of(ends: Iterable[int], framed: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line in which something ends, with the line ends around it, once."""
    last = -1
    for end in ends:
        if end > last:
            start = framed.rfind(b"\n", 0, end - 1)
            last = framed.find(b"\n", end - 1) + 1
            yield start, last


def _around(ends: Iterable[int], framed: bytes) -> Iterator[tuple[int, int]]:
    """Yield the stretches in which something can stand near words that end at ``ends``; none overlaps another."""
    start = stop = -1
    for end in ends:
        first = max(0, end - _LONGEST_WORD - AFTER * _UTF8 - _LONGEST_FORM)
        last = min(len(framed), end + BEFORE * _UTF8 + _LONGEST_FORM)
        if first > stop:
            if stop > 0:
                yield start, stop
            start = first
        stop = last
    if stop > 0:
        yield start, stop


def _finders(recognisers: tuple[Recogniser, ...]) -> Iterator[Found]:
    finding = [(index, recogniser) for index, recogniser in enumerate(recognisers) if recogniser.finder]
    for number, (index, recogniser) in enumerate(finding):
        finder = FINDERS[recogniser.finder]
        alone = {pattern.name: pattern.alone for pattern in recogniser.patterns}
        # What is long takes RE2 a pass of its own, and Hyperscan more than that.
        apart = re2.compile(finder.SCREEN.encode()) if len(finder.SCREEN) > _LONG_SCREEN else None
        yield Found(number, index, finder, alone, apart)


def _sure_forms(recognisers: tuple[Recogniser, ...]) -> Iterator[tuple[int, str, Check]]:
    """Yield the forms that chance seldom makes, each with the number of its recogniser and its check."""
    for index, one in enumerate(recognisers):
        for pattern in one.patterns:
            if _is_sure(one, pattern):
                yield index, pattern.regex, CHECKS[one.check]


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
        if pieces not in text and asked(wide.check, pieces.encode())[0] is not False:
            return True
        position = seen.start() + 1
    return True


def _loose_forms(recognisers: tuple[Recogniser, ...]) -> Iterator[Loose]:
    for index, recogniser in enumerate(recognisers):
        check = without_gaps(CHECKS[recogniser.check]) if recogniser.check else None
        for pattern in recogniser.patterns:
            if not pattern.regex or not is_number(pattern.regex):
                continue
            regex = loosened(pattern.regex)
            form, alone, strict = (
                Form(index, pattern.name, pattern.alone, re2.compile(edged.encode()), check)
                for edged in (
                    f"{EDGE}({regex}){EDGE}",
                    rf"[\n{BREAK}]{GAP}*({regex})[\n{BREAK}]",
                    f"\n({pattern.regex})\n",
                )
            )
            yield Loose(form, alone, strict, _is_sure(recogniser, pattern))


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
_SHARED: WeakValueDictionary[str, Engine] = WeakValueDictionary()
"""Engines by the digest of the files that they were made from: a change of the whitelist compiles nothing."""


def engine_of(rulebook: Rulebook, kept: Kept | None = None) -> Engine:
    """Return the compiled recognisers of a rulebook; compiled once for the same files under ``classifiers/``."""
    engine = _ENGINES.get(rulebook)
    if engine is None:
        files = sorted(item for item in rulebook.files.items() if item[0].startswith("classifiers/"))
        digest = sha256(b"\0".join(part for name, data in files for part in (name.encode(), data))).hexdigest()
        engine = _SHARED.get(digest)
        if engine is None or engine.recognisers != rulebook.recognisers:
            engine = _SHARED[digest] = Engine(rulebook.recognisers, kept)
        _ENGINES[rulebook] = engine
    return engine

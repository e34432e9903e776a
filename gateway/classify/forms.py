"""Written forms: how an expression or a list of words of the rulebook is looked for, and where one stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import re2

from gateway.classify.loose import GAP
from gateway.rulebook.book import Pattern
from gateway.vocabulary import Certainty

EDGE = "[^0-9A-Za-z]"
"""No ASCII letter or digit may touch a form."""
_SHORTEST = 4
"""Bytes of the shortest form with its edges: two characters and what stands beside them."""
_ENDS_TRIED = 8
"""Shorter readings of a spaced number tried where the longest does not add up."""

type Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One written form, ready to be looked for."""

    recogniser: int
    name: str
    alone: Certainty | None
    expression: re2._Regexp
    check: Check | None

    over_lines: bool = False
    """Whether it may hold a line end."""
    beside: bool = False
    """Whether findings in the same record may speak for it."""

    @property
    def silent(self) -> bool:
        """Whether it says nothing without a label, a context word or a neighbour."""
        return self.alone is None and self.check is None

    @property
    def weak(self) -> bool:
        """Whether it is looked for only where a label or a context word speaks for it."""
        return self.silent and not self.beside


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


def forms_of(
    index: int, pattern: Pattern, check: Check | None, *, beside: bool
) -> Iterator[tuple[Form, list[tuple[str, bool]]]]:
    """Yield the forms of a pattern, each with the expressions of the automaton and whether either case will do."""
    if pattern.regex:
        expression = re2.compile(_edged(pattern.regex).encode())
        over_lines = r"\n" in pattern.regex
        form = Form(index, pattern.name, pattern.alone, expression, check, over_lines, beside)
        yield form, [(_edged(pattern.regex), False)]
    options = re2.Options()
    options.case_sensitive, options.longest_match = False, True
    latin = sorted({each for word in pattern.words if is_latin(word) for each in (word, _without_accents(word))})
    han = [word for word in pattern.words if not is_latin(word)]
    for words, written in ((latin, whole_word), (han, re2.escape)):
        if words:
            any_of = f"({'|'.join(map(re2.escape, words))})"
            expression = re2.compile((f"[^A-Za-z]{any_of}s?[^A-Za-z]" if words is latin else any_of).encode(), options)
            form = Form(index, pattern.name, pattern.alone, expression, check, beside=beside)
            yield form, [(written(word), True) for word in words]


def is_latin(word: str) -> bool:
    """Tell words of letters from those with Han characters in them."""
    return not any(each >= "\u2e80" for each in word)


def _without_accents(word: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))


def _plain(word: str) -> str:
    return str(re2.escape(unicodedata.normalize("NFKC", word)))


def whole_word(word: str) -> str:
    """Return an expression for a word: Latin ones stand between what is no letter, Han ones anywhere."""
    if not is_latin(word):
        return _plain(word)
    return f"[^A-Za-z]{_plain(word)}" + ("s?[^A-Za-z]" if word[-1].isalnum() else "")


def whole_name(name: str) -> str:
    """Return an expression for the name of a field in a text, which may be in the plural."""
    return f"[^A-Za-z]{_plain(name)}s?" if is_latin(name) else _plain(name)


def _edged(regex: str) -> str:
    # What ends in a closing bracket is its own edge: A123456(3)Name.
    return f"{EDGE}({regex})" + ("" if regex.endswith(r"\)") else EDGE)


def matches(form: Form, data: bytes, position: int = 0, stop: int | None = None) -> Iterator[Match]:
    """Yield every place of a form in ``data[position:stop]``; at what must be edges stands something in ``data``.

    Where a number does not add up, the search goes on from the next place inside it, so that no match hides another;
    where it stands, it goes on from its last group.
    """
    stop = len(data) if stop is None else stop
    while stop - position >= _SHORTEST and (seen := form.expression.search(data, position, stop)) is not None:
        start, end = seen.span(1)
        core = data[start:end]
        checked, broken = asked(form.check, core)
        if checked is False and not core.isalnum():
            bound = end
            for _ in range(_ENDS_TRIED):
                shorter = form.expression.match(data, seen.start(), bound)
                if shorter is None:
                    break
                bound = shorter.end(1)
                checked, broken = asked(form.check, data[start:bound])
                if checked is not False:
                    end = bound
                    break
        yield Match(form, start, end, checked, broken)
        position = start if checked is False else _last_group(data, start, end)


def _after(word: str) -> str:
    return "s?(?:[^A-Za-z]|$)" if word[-1].isalnum() else ""


def any_word(words: tuple[str, ...]) -> re2._Regexp | None:
    """Compile context words: Latin ones as whole words, Chinese ones wherever they stand, in either case."""
    if not words:
        return None
    whole = (f"(?:^|[^A-Za-z]){_plain(word)}{_after(word)}" if is_latin(word) else _plain(word) for word in words)
    return re2.compile(f"(?i)(?:{'|'.join(sorted(whole))})".encode())


def without_gaps(check: Check) -> Check:
    """Return ``check`` for text with gaps in it."""
    return lambda text: check(text.replace(GAP, ""))


def asked(check: Check | None, core: bytes) -> tuple[bool | None, bool]:
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

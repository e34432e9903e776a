"""One presidio recogniser as a guest. It gets bare text, without engine, registry or NLP model.

Two habits of presidio are not taken over (seen in 2.2): a pattern that times out is logged and skipped, and the e-mail
recogniser fetches a list of public suffixes at first use. Here a time-out is ``Unread.TIMED_OUT``, every other
failure ``Unread.MALFORMED``, and tldextract is told to use the list that it brings along.

Presidio raises scores by context words only where an NLP model tells it the words; without one its ``context`` is
idle. Here it is read by the house's own rule: a word of ``context`` within 40 characters before a finding or 12 after,
on the same line and with no other number between, raises it by one step. Latin words count as whole words, Han
characters anywhere.
"""

from __future__ import annotations

import copy
import importlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from time import monotonic
from typing import Any

from presidio_analyzer import EntityRecognizer, PatternRecognizer

from gateway.classify.looking import Sight
from gateway.vocabulary import Certainty, Unread

SECONDS = 1.0
"""Time that one pattern may take over one value."""

WINDOW, AROUND = 4096, 256
"""Code points of a long value that a recogniser without patterns gets at a time, and of what stands around them."""

BEFORE, AFTER = 40, 12
"""Characters around a finding in which a context word counts, as for our own recognisers."""

_OTHER_NUMBER = re.compile(r"[0-9]{5,}|[\r\n]")


class _TimedOut(Exception):
    """Not a TimeoutError, since presidio swallows those."""


class _Bounded:
    """A compiled pattern that gives up after ``SECONDS`` and says so."""

    def __init__(self, compiled: Any, seconds: float) -> None:
        self._compiled = compiled
        self._seconds = seconds

    def finditer(self, text: str, **_: object) -> Iterator[Any]:
        """Find as ``regex`` does, whatever time limit the caller asks for."""
        try:
            yield from self._compiled.finditer(text, timeout=self._seconds)
        except TimeoutError:
            raise _TimedOut from None


class PresidioRecogniser:
    """A recogniser of presidio behind the house's own door: see ``gateway.classify.Guest``."""

    def __init__(
        self,
        recogniser: EntityRecognizer,
        categories: Mapping[str, str],
        *,
        likely: float = 0.5,
        certain: float = 0.85,
        seconds: float = SECONDS,
    ) -> None:
        """``categories`` maps its entities to ours; entities without a category are not asked for.

        ``likely`` and ``certain`` are the presidio scores (0 to 1) from which a finding is that sure; below ``likely``
        it is POSSIBLE; what is below the recogniser's own ``score_thresholds`` is dropped. ``seconds`` bounds each
        pattern over each value; a recogniser that is not made of patterns gets a long value in windows, and gives up
        between them. Raises ValueError for an entity that the recogniser does not know, or thresholds out of order.
        """
        name = str(getattr(recogniser, "name"))  # noqa: B009 - presidio does not declare its type
        unknown = sorted(set(categories) - set(recogniser.supported_entities))
        if unknown:
            raise ValueError(f"{name} does not know: {', '.join(unknown)}")
        if not 0 < likely <= certain <= 1:
            raise ValueError("thresholds must hold 0 < likely <= certain <= 1")
        _stay_at_home()
        self.id = f"presidio.{name}"
        self._recogniser = _bounded(recogniser, seconds)
        self._seconds = None if self._recogniser is not recogniser else seconds
        self._asked = sorted(categories)
        self._categories = dict(categories)
        self._likely, self._certain = likely, certain
        self._least: Mapping[str, float] = getattr(recogniser, "score_thresholds", None) or {}
        self._context = near_expression(getattr(recogniser, "context", None) or ())

    @property
    def categories(self) -> frozenset[str]:
        """The categories that it may find."""
        return frozenset(self._categories.values())

    def look(self, text: str) -> tuple[Sight, ...] | Unread:
        """Return what the recogniser sees in one value, or why it could not look."""
        try:
            if self._seconds is None or len(text) <= WINDOW:
                return tuple(self._sights(text, 0, 0, len(text)))
            return self._by_windows(text, self._seconds)
        except (_TimedOut, TimeoutError):
            return Unread.TIMED_OUT
        except Exception:  # a stranger's code: whatever it raises, the value was not looked at
            return Unread.MALFORMED

    def _by_windows(self, text: str, seconds: float) -> tuple[Sight, ...]:
        """Look at a long value piece by piece, each with what stands around it. Raises _TimedOut."""
        deadline = monotonic() + seconds
        seen: list[Sight] = []
        for start in range(0, len(text), WINDOW):
            if monotonic() > deadline:
                raise _TimedOut
            seen += self._sights(text, max(0, start - AROUND), start, min(start + WINDOW, len(text)))
        return tuple(seen)

    def _sights(self, text: str, left: int, start: int, end: int) -> Iterator[Sight]:
        """Yield what begins within ``text[start:end]``; the recogniser gets the text from ``left``, and some beyond."""
        piece = text[left : end + AROUND]
        for result in self._recogniser.analyze(piece, self._asked, None) or ():
            least = self._least.get(result.entity_type, self._least.get("default", 0.0))
            if result.entity_type not in self._categories or result.score < least:
                continue
            if not 0 <= result.start < result.end <= len(piece):
                raise ValueError("a result lies outside of the text")
            if start <= left + result.start < end:
                yield self._sight(text, result, left + result.start, left + result.end)

    def _sight(self, text: str, result: Any, start: int, end: int) -> Sight:
        certainty, evidence = self._certainty(result.score), f"presidio:{result.entity_type}"
        if self._context is None or not _near(self._context, text, start, end):
            return Sight(self._categories[result.entity_type], certainty, start, end, (evidence,))
        raised = Certainty(min(certainty + 1, Certainty.CERTAIN))
        return Sight(self._categories[result.entity_type], raised, start, end, (evidence, "context"))

    def _certainty(self, score: float) -> Certainty:
        if score >= self._certain:
            return Certainty.CERTAIN
        return Certainty.LIKELY if score >= self._likely else Certainty.POSSIBLE


def _bounded(recogniser: EntityRecognizer, seconds: float) -> Any:
    """Return a copy of a recogniser whose patterns give up in time; one that searches by itself is taken as it is."""
    patterns = getattr(recogniser, "patterns", None)
    if not patterns or type(recogniser).analyze is not PatternRecognizer.analyze:
        return recogniser
    regex = importlib.import_module("regex")
    mine: Any = copy.copy(recogniser)
    mine.patterns = [copy.copy(pattern) for pattern in patterns]
    for pattern in mine.patterns:
        pattern.compiled_regex = _Bounded(regex.compile(pattern.regex, mine.global_regex_flags), seconds)
        pattern.compiled_with_flags = mine.global_regex_flags
    return mine


def near_expression(words: Iterable[str]) -> re.Pattern[str] | None:
    """Compile context words, in NFKC and lower case; None where there are none."""
    folded = sorted({_fold(word).strip() for word in words} - {""})
    if not folded:
        return None
    return re.compile("|".join(f"{_edge('<', word[0])}{re.escape(word)}{_edge('', word[-1])}" for word in folded))


_LETTER = re.compile("[0-9a-z\u00df-\u024f]")
"""A letter or digit of a Latin word, folded."""


def _edge(side: str, character: str) -> str:
    """Return what keeps a Latin word whole at a ``side`` on which ``character`` stands; Han words have no edges."""
    return f"(?{side}!{_LETTER.pattern})" if _LETTER.match(character) else ""


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _near(context: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Tell whether a context word stands near ``text[start:end]``; a word cut by the edge of what is near is none."""
    left, right = max(0, start - BEFORE), end + AFTER
    before = _OTHER_NUMBER.split(_guard(text[max(0, left - 1) : left]) + text[left:start])[-1]
    after = _OTHER_NUMBER.split(text[end:right] + _guard(text[right : right + 1]), maxsplit=1)[0]
    return context.search(f"{_fold(before)}\n{_fold(after)}") is not None


def _guard(beyond: str) -> str:
    """Return a digit where what is near ends within a word."""
    return "0" if _LETTER.match(_fold(beyond)) else ""


def _stay_at_home() -> None:
    """Make tldextract use the suffix list inside its package, and no cache on disk."""
    tldextract: Any = importlib.import_module("tldextract")
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

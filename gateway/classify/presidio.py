"""Presidio recognisers as guests. The one file that imports presidio_analyzer, and only once one is plugged in.

No engine, registry or NLP model of presidio is ever built, since those download models; a recogniser gets bare text.
Two habits of presidio are not taken over (seen in 2.2): a pattern that times out is logged and skipped, and the e-mail
recogniser fetches a list of public suffixes at first use. Here a time-out is ``Unread.TIMED_OUT``, every other
failure ``Unread.MALFORMED``, and tldextract is told to use the list that it brings along.
"""

from __future__ import annotations

import copy
import importlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gateway.classify.looking import Sight
from gateway.vocabulary import Certainty, Unread

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

SECONDS = 1.0
"""Time that one pattern may take over one value."""


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
        it is POSSIBLE. ``seconds`` bounds each pattern over each value. Raises ValueError for an entity that the
        recogniser does not know, or thresholds out of order.
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
        self._categories = dict(categories)
        self._likely, self._certain = likely, certain

    def look(self, text: str) -> tuple[Sight, ...] | Unread:
        """Return what the recogniser sees in one value, or why it could not look."""
        try:
            results = self._recogniser.analyze(text, sorted(self._categories), None)
        except (_TimedOut, TimeoutError):
            return Unread.TIMED_OUT
        except Exception:  # a stranger's code: whatever it raises, the value was not looked at
            return Unread.MALFORMED
        return tuple(
            Sight(
                category=self._categories[result.entity_type],
                certainty=self._certainty(result.score),
                start=result.start,
                end=result.end,
                evidence=(f"presidio:{result.entity_type}",),
            )
            for result in results or ()
            if result.entity_type in self._categories
        )

    def _certainty(self, score: float) -> Certainty:
        if score >= self._certain:
            return Certainty.CERTAIN
        return Certainty.LIKELY if score >= self._likely else Certainty.POSSIBLE


def _bounded(recogniser: EntityRecognizer, seconds: float) -> Any:
    """Return a copy of a recogniser whose patterns give up in time; one without patterns is taken as it is."""
    patterns = getattr(recogniser, "patterns", None)
    if not patterns:
        return recogniser
    regex = importlib.import_module("regex")
    mine: Any = copy.copy(recogniser)
    mine.patterns = [copy.copy(pattern) for pattern in patterns]
    for pattern in mine.patterns:
        pattern.compiled_regex = _Bounded(regex.compile(pattern.regex, mine.global_regex_flags), seconds)
        pattern.compiled_with_flags = mine.global_regex_flags
    return mine


def _stay_at_home() -> None:
    """Make tldextract use the suffix list inside its package, and no cache on disk."""
    tldextract: Any = importlib.import_module("tldextract")
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

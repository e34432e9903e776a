"""The same recognisers elsewhere: presidio's AnalyzerEngine with and without a language pipeline, and plain ``re``.

Expressions, check digits and context words are those of the shipped rulebook. Nothing here reaches the network: the
pipeline is spaCy's blank one, which only splits words.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import re2
import spacy
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine, SpacyNlpEngine

from classifiers import CHECKS
from gateway.rulebook import book
from gateway.rulebook.book import Recogniser, Rulebook

LANGUAGE = "en"
_BEFORE, _AFTER = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
_LONGEST = 4_000_000


class _Checked(PatternRecognizer):
    """One of our recognisers as presidio would have it."""

    def __init__(self, recogniser: Recogniser, *, context: bool) -> None:
        patterns = [
            Pattern(one.name, f"{_BEFORE}(?:{regex}){_AFTER}", 0.3 * float(one.alone or 0) + 0.05)
            for one, regex in _expressions(recogniser)
        ]
        words: Any = list(recogniser.context) if context else None
        super().__init__(recogniser.id, name=recogniser.id, patterns=patterns, context=words)
        self._check = CHECKS[recogniser.check] if recogniser.check else None

    def validate_result(self, pattern_text: str) -> bool | None:
        """Ask our check digit."""
        return None if self._check is None else self._check(pattern_text)


class _Blank(SpacyNlpEngine):
    """spaCy's blank pipeline: words, nothing else; no model is looked for."""

    def load(self) -> None:
        """Build it."""
        pipeline = spacy.blank(LANGUAGE)
        pipeline.max_length = _LONGEST
        self.nlp: Any = {LANGUAGE: pipeline}


class _None(NlpEngine):
    """No language processing at all."""

    def load(self) -> None:
        """Do nothing."""

    def is_loaded(self) -> bool:
        """Say yes."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:  # noqa: ARG002
        """Return no words."""
        nothing: Any = []
        return NlpArtifacts([], nothing, [], [], self, language)

    def process_batch(self, texts: Iterable[str], language: str, *_: Any, **__: Any) -> Iterator[Any]:
        """Return no words for each."""
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002
        """Know none."""
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
        """Know none."""
        return False

    def get_supported_entities(self) -> list[str]:
        """Name none."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Name the one that the engine is asked for."""
        return [LANGUAGE]


def presidio(rules: Rulebook, *, pipeline: bool) -> Callable[[str], list[Any]]:
    """Return presidio's engine with our recognisers; ``pipeline``: with spaCy's blank pipeline and context words."""
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    recognisers = [_Checked(one, context=pipeline) for one in rules.recognisers if any(_expressions(one))]
    engine: NlpEngine = _Blank() if pipeline else _None()
    engine.load()
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=[LANGUAGE])
    analyser = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[LANGUAGE])
    return lambda text: list(analyser.analyze(text, LANGUAGE))


def one_by_one(rules: Rulebook) -> Callable[[str], int]:
    """Return what runs every expression over a text with ``re``, one after the other, and checks nothing."""
    plain = [
        re.compile(f"{_BEFORE}(?:{regex}){_AFTER}") for each in rules.recognisers for _, regex in _expressions(each)
    ]
    return lambda text: sum(1 for expression in plain for _ in expression.finditer(text))


def re2_set(rules: Rulebook) -> Callable[[str], list[int] | None]:
    """Return RE2's Set of the same expressions, which tells which of them occur and builds its states as it reads."""
    options = re2.Options()
    options.max_mem = 64 * 1024 * 1024
    options.log_errors = False
    screen = re2.Set.SearchSet(options)
    for each in rules.recognisers:
        for _, regex in _expressions(each):
            screen.Add(f"(?:^|[^0-9A-Za-z])(?:{regex})(?:[^0-9A-Za-z]|$)")
    screen.Compile()
    return lambda text: screen.Match(text.encode())


def _expressions(recogniser: Recogniser) -> Iterator[tuple[book.Pattern, str]]:
    """Yield the patterns of a recogniser as expressions; what a finder finds has none."""
    for one in recogniser.patterns:
        if one.regex:
            yield one, one.regex
        elif one.words:
            yield one, "|".join(map(re.escape, one.words))

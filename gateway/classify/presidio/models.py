"""A language model as a guest: spaCy, stanza or transformers, loaded and run by presidio.

The configuration is presidio's own: ``{"nlp_engine_name": "spacy", "models": [{"lang_code": "zh", "model_name":
"/srv/models/zh"}], "ner_model_configuration": {...}}``. Presidio downloads a model that is missing (seen in 2.2, all
three engines); here that is a PresidioFault. A spaCy model is a folder or an installed package, a stanza model lies
where stanza keeps its own, a transformers model is a folder.

What a model says is at most POSSIBLE, whatever its score: alone it may hold a message but never counts a person.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import spacy.util
from presidio_analyzer import EntityRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import (
    NlpEngineProvider,
    SpacyNlpEngine,
    StanzaNlpEngine,
    TransformersNlpEngine,
)

from gateway.classify.looking import Sight
from gateway.classify.presidio.entities import PresidioFault, mapped
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Certainty, Unread

LARGEST = 100_000
"""Code points of the largest value that a model reads; its memory grows with the text."""

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_OTHER_LETTER = re.compile(f"(?!{_HAN.pattern})[^\\W\\d_]")
_HAN_LANGUAGES = frozenset({"zh", "ja", "yue"})


class _Spacy(SpacyNlpEngine):
    """Presidio's, but for the download."""

    @staticmethod
    def _download_spacy_model_if_needed(model_name: str) -> None:
        _demand_spacy(model_name)


class _Transformers(TransformersNlpEngine):
    """Presidio's, but for the downloads."""

    @staticmethod
    def _download_spacy_model_if_needed(model_name: str) -> None:
        _demand_spacy(model_name)

    @staticmethod
    def _validate_model_params(model: dict[str, Any]) -> None:
        TransformersNlpEngine._validate_model_params(model)  # noqa: SLF001 - there is no other way in
        _demand_folder(str(model["model_name"]["transformers"]))


class _Stanza(StanzaNlpEngine):
    """Presidio's, but for the download."""

    def __init__(self, models: Any = None, ner_model_configuration: Any = None) -> None:
        super().__init__(models, ner_model_configuration, download_if_missing=False)


ENGINES: Mapping[str, type[SpacyNlpEngine]] = {"spacy": _Spacy, "stanza": _Stanza, "transformers": _Transformers}


class NlpGuest:
    """A model behind the house's own door: see ``gateway.classify.Guest``. It reads one value at a time."""

    def __init__(self, engine: SpacyNlpEngine, entities: Mapping[str, str]) -> None:
        """``engine`` is loaded; ``entities`` maps its entities to our categories."""
        self.id = f"presidio.{engine.engine_name}"
        self._engine = engine
        self._entities = dict(entities)
        kind = RecognizerRegistry.get_nlp_recognizer(engine)
        self._recognisers: dict[str, EntityRecognizer] = {
            language: kind(supported_language=language, supported_entities=sorted(entities))
            for language in engine.get_supported_languages()
        }
        # A pipeline keeps the words that it meets in a table of its own, which threads may not share.
        self._alone = threading.Lock()

    @property
    def categories(self) -> frozenset[str]:
        """The categories that it may find."""
        return frozenset(self._entities.values())

    def look(self, text: str) -> tuple[Sight, ...] | Unread:
        """Return what the models see in one value, none of it above POSSIBLE, or why they could not look.

        A model of a language that is written in Han characters reads values that hold some, any other model values
        that hold other letters.
        """
        languages = [language for language in self._recognisers if _reads(language, text)]
        if not languages:
            return ()
        if len(text) > LARGEST:
            return Unread.TOO_LARGE
        try:
            return tuple(sight for language in languages for sight in self._ask(language, text))
        except Exception:  # a stranger's code: whatever it raises, the value was not looked at
            return Unread.MALFORMED

    def _ask(self, language: str, text: str) -> list[Sight]:
        # The zone makes the pipeline forget the words of the text, which it would keep for as long as it lives.
        zone: AbstractContextManager[object] = self._engine.get_nlp(language).memory_zone()
        with self._alone, zone:
            return list(self._sights(language, text))

    def _sights(self, language: str, text: str) -> Iterator[Sight]:
        artifacts = self._engine.process_text(text, language)
        for result in self._recognisers[language].analyze(text, list(self._entities), artifacts):
            if result.start < result.end:
                evidence = (f"presidio:{result.entity_type}", "model")
                category = self._entities[result.entity_type]
                yield Sight(category, Certainty.POSSIBLE, result.start, result.end, evidence)


def nlp_guest(
    configuration: Mapping[str, Any], rulebook: Rulebook, categories: Mapping[str, str] | None = None
) -> NlpGuest:
    """Load the models that ``configuration`` names, and return the guest that asks them.

    ``categories`` maps entities to categories of ``rulebook`` beyond the table in ``entities``; "" leaves an entity
    out. Raises PresidioFault: a wrong configuration, a missing package, a model that is not on this machine.
    """
    name = str(configuration.get("nlp_engine_name"))
    if name not in ENGINES:
        raise PresidioFault(f"nlp_engine_name is {name}; an engine that names things is one of: {', '.join(ENGINES)}")
    if not ENGINES[name].is_available:
        raise PresidioFault(f"the package {name} is not installed; install it, or take another nlp_engine_name")
    try:
        provider = NlpEngineProvider(nlp_engines=tuple(ENGINES.values()), nlp_configuration=dict(configuration))
        engine: Any = provider.create_engine()
    except PresidioFault:
        raise
    except Exception as fault:  # whatever a loader raises; it has seen configuration and model only
        raise PresidioFault(f"the models of {name} cannot be loaded: {str(fault) or type(fault).__name__}") from None
    known: Collection[str] = rulebook.categories
    entities = mapped(engine.get_supported_entities(), categories or {}, known, listed=False)
    return NlpGuest(engine, entities)


def _reads(language: str, text: str) -> bool:
    return (_HAN if language in _HAN_LANGUAGES else _OTHER_LETTER).search(text) is not None


def _demand_spacy(model: str) -> None:
    if not (spacy.util.is_package(model) or Path(model).exists()):
        fix = "install its package, or name the folder that holds it; nothing is downloaded"
        raise PresidioFault(f"the spaCy model {model} is not on this machine; {fix}")


def _demand_folder(model: str) -> None:
    if not Path(model).is_dir():
        raise PresidioFault(f"the model {model} is no folder on this machine; name one; nothing is downloaded")

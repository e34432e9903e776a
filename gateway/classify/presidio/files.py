r"""Presidio's recogniser files -> guests, and its NLP configuration files -> a mapping.

The files are read, checked and built by presidio's own loaders, since they are written for these: scores are bare
fractions and ``\b`` stands in the expressions, both of which our own rule files may not hold. Three habits of these
loaders are not taken over (seen in 2.2). A file that cannot be read is replaced by presidio's own default: here it is
an error. A recogniser that is a bare name is dropped, as are arguments of a predefined one that its schema does not
know (``supported_regions`` of the phone recogniser): here both count.

Languages: where the file lists ``supported_languages``, recognisers of other languages stay out, as in presidio;
where it does not, all are loaded. A gateway does not know the language of a value, so that each of them reads every
value, and one recogniser in several languages is one guest with the context words of all.

A recogniser that needs an NLP model (``SpacyRecognizer`` and its kin) is left to ``nlp_guest``. One that would send
text to a service, or fetch a model, is an error until the file says ``enabled: false``.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from presidio_analyzer import EntityRecognizer, LMRecognizer, RemoteRecognizer
from presidio_analyzer.input_validation import ConfigurationValidator
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import SpacyRecognizer
from presidio_analyzer.recognizer_registry.recognizers_loader_utils import (
    PredefinedRecognizerNotFoundError,
    RecognizerListLoader,
)

from gateway.classify.presidio.entities import PresidioFault, mapped
from gateway.classify.presidio.guest import SECONDS, PresidioRecogniser
from gateway.rulebook.book import Rulebook

_FLAGS = 26
"""regex.DOTALL | MULTILINE | IGNORECASE: what presidio takes where a file says nothing."""

_FETCHING = (".predefined_recognizers.ner.", ".predefined_recognizers.third_party.")
"""Modules whose recognisers load a model by its name, or ask a service."""


def recognisers_from_yaml(
    path: Path | str, rulebook: Rulebook, categories: Mapping[str, str] | None = None, *, seconds: float = SECONDS
) -> tuple[PresidioRecogniser, ...]:
    """Load a recogniser file of presidio, or an analyzer file with a ``recognizer_registry``; one guest a recogniser.

    ``categories`` maps entities to categories of ``rulebook`` beyond the table in ``entities``; "" leaves an entity
    out. Raises PresidioFault, which names the file, the recogniser and what to do.
    """
    configuration = _read(path)
    configuration = configuration.get("recognizer_registry", configuration)
    entries = configuration.get("recognizers") if isinstance(configuration, dict) else None
    if not isinstance(entries, list) or not entries:
        raise PresidioFault(f"{path}: there is no list under 'recognizers'; write one, each with a name")
    guests: list[PresidioRecogniser] = []
    for number, entry in enumerate(entries, 1):
        where = f"{path}: recogniser {number} ({_name(entry)})"
        try:
            for recogniser in _merged(_build(entry, configuration)):
                entities = mapped(recogniser.supported_entities, categories or {}, rulebook.categories)
                if entities:
                    guests.append(PresidioRecogniser(recogniser, entities, seconds=seconds))
        except Exception as fault:  # whatever a stranger's constructor raises; it has seen configuration only
            raise PresidioFault(f"{where}: {_said(fault)}") from None
    return tuple(guests)


def nlp_configuration(path: Path | str) -> Mapping[str, Any]:
    """Read an NLP configuration file of presidio, or an analyzer file that holds one under ``nlp_configuration``."""
    configuration = _read(path)
    inner = configuration.get("nlp_configuration", configuration)
    if not isinstance(inner, dict):
        raise PresidioFault(f"{path}: nlp_configuration is no mapping; write nlp_engine_name and models under it")
    return inner


def _read(path: Path | str) -> dict[str, Any]:
    """Return what a YAML file holds, as presidio's own reader sees it."""
    try:
        configuration = NlpEngineProvider(conf_file=str(path)).nlp_configuration
    except (OSError, UnicodeDecodeError) as fault:
        raise PresidioFault(f"{path}: the file cannot be read ({type(fault).__name__})") from None
    except Exception as fault:  # the reader's own, of a package that only strict_yaml may import
        mark = getattr(fault, "problem_mark", None)
        if mark is None:
            raise PresidioFault(f"{path}: the file cannot be read; {fault}") from None
        said = getattr(fault, "problem", None) or "it cannot be read"
        fix = "look at indentation, colons and quotes here and above"
        raise PresidioFault(f"{path}:{mark.line + 1}:{mark.column + 1}: this is not YAML: {said}; {fix}") from None
    if not isinstance(configuration, dict):
        raise PresidioFault(f"{path}: the file holds no mapping; see the files that presidio brings along in conf/")
    return configuration


def _name(entry: Any) -> str:
    return str(entry.get("name") if isinstance(entry, dict) else entry)


def _build(entry: Any, configuration: Mapping[str, Any]) -> Iterator[EntityRecognizer]:
    """Yield the recognisers of one entry, one a language; none for an entry that is switched off."""
    if isinstance(entry, str):
        entry = {"name": entry}
    if not isinstance(entry, dict):
        raise PresidioFault("this is neither a mapping nor a name; write '- name: ...'")
    if not RecognizerListLoader.is_recognizer_enabled(entry):
        return
    entry = {"type": "custom" if {"patterns", "deny_list"} & set(entry) else "predefined", **entry}
    if entry["type"] == "predefined" and not _stands_alone(entry):
        return
    languages, flags = _languages(entry, configuration), configuration.get("global_regex_flags", _FLAGS)
    if not languages:
        return
    document = {"recognizers": [entry], "supported_languages": languages, "global_regex_flags": flags}
    checked = ConfigurationValidator.validate_recognizer_registry_configuration(document)
    one: Any = [{**checked["recognizers"][0], **_arguments(entry)}]  # a list, whatever presidio declares
    yield from RecognizerListLoader.get(one, languages, flags, configuration.get("supported_countries"))


def _languages(entry: Mapping[str, Any], configuration: Mapping[str, Any]) -> list[str]:
    """Return the languages in which an entry is wanted: those that it names and the file lists, where they say any."""
    listed = configuration.get("supported_languages") or ()
    named = [entry["supported_language"]] if entry.get("supported_language") else entry.get("supported_languages")
    languages = [each["language"] if isinstance(each, dict) else each for each in named or listed or ["en"]]
    return [each for each in languages if not listed or each in listed]


def _class(entry: Mapping[str, Any]) -> type[EntityRecognizer]:
    return RecognizerListLoader.get_existing_recognizer_cls(str(entry.get("class_name") or entry.get("name")))


def _stands_alone(entry: Mapping[str, Any]) -> bool:
    """Tell whether a predefined recogniser works without a model; raise for one that would reach for the network."""
    try:
        kind = _class(entry)
    except PredefinedRecognizerNotFoundError:
        fix = "name a class of presidio_analyzer.predefined_recognizers, or give patterns or a deny_list"
        raise PresidioFault(f"presidio has no such recogniser; {fix}") from None
    if issubclass(kind, RemoteRecognizer | LMRecognizer) or any(each in f"{kind.__module__}." for each in _FETCHING):
        raise PresidioFault("it asks a service or fetches a model; write 'enabled: false'")
    return not issubclass(kind, SpacyRecognizer)


def _arguments(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the entry says to the constructor of a predefined class; presidio's check would drop it."""
    if entry["type"] != "predefined":
        return {}
    taken = inspect.signature(_class(entry).__init__).parameters
    return {key: value for key, value in entry.items() if key in taken and value is not None}


def _said(fault: Exception) -> str:
    """Return what a fault says; of a model's own complaint, the places and the sentences."""
    errors = getattr(fault.__cause__, "errors", None)
    if errors is not None:
        return "; ".join(f"{'.'.join(str(step) for step in each['loc'])}: {each['msg']}" for each in errors())
    return str(fault) if isinstance(fault, ValueError) else f"{type(fault).__name__}: {fault}"


def _merged(recognisers: Iterable[EntityRecognizer]) -> Iterator[EntityRecognizer]:
    """Yield one recogniser for those that differ in language only, with the context words of all."""
    first: dict[tuple[object, ...], EntityRecognizer] = {}
    for one in recognisers:
        patterns = tuple((each.regex, each.score) for each in getattr(one, "patterns", ()))
        kept = first.setdefault((type(one), *one.supported_entities, *patterns), one)
        if kept is not one:
            kept.context = [*(kept.context or ()), *(one.context or ())]
    yield from first.values()

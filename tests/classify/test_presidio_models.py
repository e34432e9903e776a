"""A language model as a guest, with small spaCy pipelines that are built here, saved and loaded from disk."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import spacy
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from gateway.classify import classify
from gateway.classify.presidio import NlpGuest, PresidioFault, nlp_guest
from gateway.classify.presidio import models as room
from gateway.vocabulary import Certainty, Unread
from tests.classify.rules import content, recogniser, rulebook, shipped


def _pipeline(folder: Path, language: str, patterns: list[dict[str, str]]) -> str:
    nlp = spacy.blank(language)
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.to_disk(folder)
    return str(folder)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Folders of a Chinese and an English pipeline that know a few fictional names."""
    root = tmp_path_factory.mktemp("models")
    zh = [
        {"label": "PERSON", "pattern": "欧阳若兰"},
        {"label": "GPE", "pattern": "望海"},
        {"label": "DATE", "pattern": "昨天"},
    ]
    en = [{"label": "PERSON", "pattern": "Ada Example"}, {"label": "PRODUCT", "pattern": "Widget"}]
    return {"zh": _pipeline(root / "zh", "zh", zh), "en": _pipeline(root / "en", "en", en)}


def _configuration(models: Mapping[str, str], *languages: str) -> dict[str, Any]:
    named = [{"lang_code": language, "model_name": models[language]} for language in languages]
    return {"nlp_engine_name": "spacy", "models": named}


@pytest.fixture(scope="module")
def guest(models: Mapping[str, str]) -> NlpGuest:
    """The guest that asks both pipelines."""
    return nlp_guest(_configuration(models, "zh", "en"), shipped())


def test_findings_are_possible_at_most(guest: NlpGuest) -> None:
    """What the model says is a finding like any other, but never above POSSIBLE, whatever its score."""
    alone = rulebook((recogniser("x.form", "QX[0-9]{4}"),), dict(shipped().categories))
    found = classify(content("昨天欧阳若兰到望海"), alone, (guest,)).items
    assert [(each.category, each.start, each.end, each.certainty) for each in found] == [
        ("pi.name", 2, 6, Certainty.POSSIBLE),
        ("pi.contact.address", 7, 9, Certainty.POSSIBLE),
    ]
    assert found[0].evidence == ("presidio:PERSON", "model")


def test_entity_told_by_the_caller(models: Mapping[str, str]) -> None:
    """The caller's mapping goes before the table, and "" leaves an entity out."""
    told = {"LOCATION": "pi.loc.coarse", "PERSON": ""}
    guest = nlp_guest(_configuration(models, "zh"), shipped(), told)
    assert [each.category for each in _seen(guest, "欧阳若兰到望海")] == ["pi.loc.coarse"]


def test_entities_mapped_by_the_configuration(models: Mapping[str, str]) -> None:
    """Presidio's ``ner_model_configuration`` is taken as it is."""
    configuration = _configuration(models, "zh") | {
        "ner_model_configuration": {
            "model_to_presidio_entity_mapping": {"PERSON": "PERSON", "GPE": "LOCATION"},
            "labels_to_ignore": ["PERSON", "DATE"],
        }
    }
    assert [each.category for each in _seen(nlp_guest(configuration, shipped()), "欧阳若兰到望海")] == [
        "pi.contact.address"
    ]


@pytest.mark.parametrize(
    ("text", "count"), [("欧阳若兰", 1), ("Ada Example", 1), ("欧阳若兰 / Ada Example", 2), ("2026-01-01", 0)]
)
def test_models_of_several_languages(guest: NlpGuest, text: str, count: int) -> None:
    """Each value is read by the models whose letters stand in it."""
    assert len(_seen(guest, text)) == count


def test_values_without_letters_cost_nothing(guest: NlpGuest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value of digits and signs never reaches a pipeline."""
    monkeypatch.setattr(SpacyNlpEngine, "process_text", None)
    assert guest.look("13800138000, 2026-01-01") == ()


def test_breakdown_is_opaque(guest: NlpGuest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipeline that breaks down leaves an opaque part, and its message goes nowhere."""

    def broken(*_: object) -> object:
        raise RuntimeError("欧阳若兰")

    monkeypatch.setattr(SpacyNlpEngine, "process_text", broken)
    found = classify(content("欧阳若兰"), shipped(), (guest,))
    assert [(each.reason, each.detail) for each in found.opaque] == [(Unread.MALFORMED, "recogniser presidio.spacy")]


def test_value_that_is_too_large(guest: NlpGuest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value longer than the bound is not read, and said so."""
    monkeypatch.setattr(room, "LARGEST", 10)
    assert guest.look("欧阳若兰" * 3) is Unread.TOO_LARGE


def test_threads_share_a_guest(guest: NlpGuest) -> None:
    """Threads that ask at once all see the same."""
    seen: list[int] = []

    def ask() -> None:
        seen.extend(len(_seen(guest, f"欧阳若兰 {number} Ada Example")) for number in range(50))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [2] * 200


def test_pipeline_forgets_the_text(guest: NlpGuest, models: Mapping[str, str]) -> None:
    """Words of a value do not stay in the pipeline's table of strings."""
    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": models["en"]}])
    engine.load()
    mine = NlpGuest(engine, {"PERSON": "pi.name"})
    _seen(mine, "Qwertzia Examplesson met Ada Example")
    assert "Qwertzia" not in engine.get_nlp("en").vocab.strings


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ({}, "nlp_engine_name is None; .* one of: spacy, stanza, transformers"),
        ({"nlp_engine_name": "slim", "models": [{}]}, "nlp_engine_name is slim"),
        ({"nlp_engine_name": "spacy"}, "missing required fields"),
        ({"nlp_engine_name": "spacy", "models": [{"lang_code": "zh"}]}, "model_name"),
        (
            {"nlp_engine_name": "spacy", "models": [{"lang_code": "zh", "model_name": "zh_core_web_none"}]},
            "the spaCy model zh_core_web_none is not on this machine; .*nothing is downloaded",
        ),
    ],
)
def test_fault_says_what_is_wrong(configuration: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that cannot be used, or a model that is not there, is said so; no name is looked up."""
    monkeypatch.setattr(socket, "getaddrinfo", None)
    with pytest.raises(PresidioFault, match=said):
        nlp_guest(configuration, shipped())


@pytest.mark.parametrize("name", ["stanza", "transformers"])
def test_missing_package(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine whose package is not installed is said so."""
    monkeypatch.setattr(room.ENGINES[name], "is_available", False)
    model = {"lang_code": "en", "model_name": {"spacy": "x", "transformers": "y"}}
    with pytest.raises(PresidioFault, match=f"the package {name} is not installed; install it"):
        nlp_guest({"nlp_engine_name": name, "models": [model]}, shipped())


def test_transformers_model_is_a_folder(models: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A transformers model that is the name of one on a server is refused before anything loads it."""
    monkeypatch.setattr(room.ENGINES["transformers"], "is_available", True)
    model = {"lang_code": "en", "model_name": {"spacy": models["en"], "transformers": "somebody/some-model"}}
    with pytest.raises(PresidioFault, match="somebody/some-model is no folder on this machine"):
        nlp_guest({"nlp_engine_name": "transformers", "models": [model]}, shipped())


def test_stanza_is_told_not_to_download() -> None:
    """Presidio's stanza engine, which fetches what is missing, is built without that."""
    engine: Any = room.ENGINES["stanza"](models=[{"lang_code": "en", "model_name": "en"}])
    assert engine.download_if_missing is False


def test_category_that_there_is_not(models: Mapping[str, str]) -> None:
    """A mapping to a category that the rulebook does not have is refused."""
    with pytest.raises(PresidioFault, match=r"PERSON is mapped to pi\.person, which is none"):
        nlp_guest(_configuration(models, "zh"), shipped(), {"PERSON": "pi.person"})


def _seen(guest: NlpGuest, text: str) -> tuple[Any, ...]:
    seen = guest.look(text)
    assert isinstance(seen, tuple)
    return seen

"""Presidio's recogniser files, read by the real presidio: those that it brings along, and small ones of our own."""

from __future__ import annotations

import socket
from pathlib import Path

import presidio_analyzer
import pytest
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from gateway.classify import Sight, classify
from gateway.classify.presidio import PresidioFault, PresidioRecogniser, nlp_configuration, recognisers_from_yaml
from gateway.classify.presidio.entities import CATEGORIES
from gateway.vocabulary import Certainty
from tests.classify.rules import content, recogniser, rulebook, shipped

CONF = Path(presidio_analyzer.__file__).parent / "conf"

BADGE = """\
recognizers:
  - name: Badge recogniser
    supported_entity: BADGE
    supported_language: en
    patterns:
      - {name: badge, regex: "\\\\bQX-[0-9]{4}\\\\b", score: 0.3}
    context: [badge, 工牌, número]
"""

TEXTS = (
    "Card 4111 1111 1111 1111, expires 2027-01-31, see https://example.com/a",
    "Write to li.si@example.com or call +853 6612 3456.",
    "IBAN GB82WEST12345698765432 from 203.0.113.9, MAC 00:1A:2B:3C:4D:5E",
    "SSN 536-90-4399 or passport 912803456; NHS 943-476-5919",
    "电话 +86 138 0013 8000，邮箱 wang.wu@example.com。",
    "Nothing of anybody stands here.",
)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on any name that is looked up and any connection that is made."""

    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def _load(path: Path, text: str, **categories: str) -> tuple[PresidioRecogniser, ...]:
    path = path / "recognizers.yaml"
    path.write_text(text, encoding="utf-8")
    return recognisers_from_yaml(path, shipped(), categories)


def _seen(guest: PresidioRecogniser, text: str) -> tuple[Sight, ...]:
    seen = guest.look(text)
    assert isinstance(seen, tuple)
    return seen


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("default_recognizers.yaml", {"CreditCardRecognizer", "EmailRecognizer", "IpRecognizer", "PhoneRecognizer"}),
        ("default_analyzer_full.yaml", {"CreditCardRecognizer", "NhsRecognizer", "CryptoRecognizer"}),
        ("example_recognizers.yaml", {"Zip code Recognizer"}),
    ],
)
def test_files_of_presidio_load_unchanged(file: str, names: set[str]) -> None:
    """Files that presidio brings along load as they are, without a mapping and without network."""
    guests = recognisers_from_yaml(CONF / file, shipped())
    assert names <= {guest.id.removeprefix("presidio.") for guest in guests}


def test_same_spans_as_presidio() -> None:
    """What presidio's engine finds with a file, classify finds with the guests of that file, and nothing else."""
    file = CONF / "default_recognizers.yaml"
    engine = AnalyzerEngine(
        registry=RecognizerRegistryProvider(conf_file=file).create_recognizer_registry(),
        nlp_engine=_no_nlp("en"),
        supported_languages=["en"],
    )
    guests = recognisers_from_yaml(file, shipped())
    alone = rulebook((recogniser("x.form", "QX[0-9]{4}"),), dict(shipped().categories))
    found = 0
    for text in TEXTS:
        there = {
            (result.start, result.end, CATEGORIES[result.entity_type])
            for result in engine.analyze(text, "en")
            if CATEGORIES[result.entity_type]
        }
        here = {(each.start, each.end, each.category) for each in classify(content(text), alone, guests).items}
        assert here == there
        found += len(here)
    assert found > len(TEXTS)


def _no_nlp(language: str) -> NoOpNlpEngine:
    engine = NoOpNlpEngine(models=[{"lang_code": language, "model_name": "no_op"}])
    engine.load()
    return engine


def test_category_told_by_the_caller(tmp_path: Path) -> None:
    """An entity of the file's own bears the category that the caller says."""
    (guest,) = _load(tmp_path, BADGE, BADGE="pi.job")
    (sight,) = _seen(guest, "see QX-1234 there")
    assert (sight.category, sight.certainty, sight.evidence) == ("pi.job", Certainty.POSSIBLE, ("presidio:BADGE",))


def test_entity_named_as_a_category(tmp_path: Path) -> None:
    """An entity whose name is a category of ours needs no mapping."""
    (guest,) = _load(tmp_path, BADGE.replace("BADGE", "PI.JOB"))
    assert guest.categories == {"pi.job"}


def test_entity_left_out(tmp_path: Path) -> None:
    """An entity mapped to nothing is not asked for."""
    assert _load(tmp_path, BADGE, BADGE="") == ()


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("her badge is QX-1234", True),
        ("工牌：QX-1234", True),
        ("QX-1234 (badge)", True),
        ("NÚMERO QX-1234", True),
        ("badges for QX-1234", False),
        ("badge" + " " * 41 + "QX-1234", False),
        ("lapelbadge" + " " * 35 + "QX-1234", False),
        ("badge 20260101 QX-1234", False),
        ("badge\nQX-1234", False),
    ],
)
def test_context_raises_by_one_step(tmp_path: Path, text: str, raised: bool) -> None:
    """A whole word of ``context`` near by, on the line and with no number between, raises by one step."""
    (guest,) = _load(tmp_path, BADGE, BADGE="pi.job")
    certainties = [sight.certainty for sight in _seen(guest, text)]
    assert certainties == ([Certainty.LIKELY] if raised else [Certainty.POSSIBLE] * len(certainties))


def test_deny_list(tmp_path: Path) -> None:
    """A list of words is looked for as presidio does, and is CERTAIN."""
    text = "recognizers:\n  - {name: Wards, supported_entity: LOCATION, supported_language: en, deny_list: [Ward 7]}\n"
    (guest,) = _load(tmp_path, text)
    assert [(each.start, each.certainty) for each in _seen(guest, "to Ward 7.")] == [(3, Certainty.CERTAIN)]


def test_switched_off(tmp_path: Path) -> None:
    """What is not enabled is not loaded, even where it could not be."""
    text = "recognizers:\n  - {name: GLiNERRecognizer, type: predefined, enabled: false}\n  - EmailRecognizer\n"
    assert [guest.id for guest in _load(tmp_path, text)] == ["presidio.EmailRecognizer"]


def test_score_thresholds(tmp_path: Path) -> None:
    """What is below the threshold that the file gives a recogniser is dropped."""
    (guest,) = _load(tmp_path, BADGE + "    score_thresholds: {default: 0.4}\n", BADGE="pi.job")
    assert _seen(guest, "see QX-1234 there") == ()


def test_languages_of_the_file(tmp_path: Path) -> None:
    """Recognisers of languages that the file does not list stay out; without such a list all come in."""
    assert _load(tmp_path, "supported_languages: [pt]\n" + BADGE, BADGE="pi.job") == ()
    assert len(_load(tmp_path, BADGE, BADGE="pi.job")) == 1


def test_one_guest_for_several_languages(tmp_path: Path) -> None:
    """A recogniser in several languages is one guest, with the context words of all of them."""
    text = BADGE[: BADGE.index("    context")].replace(
        "supported_language: en",
        "supported_languages: [{language: en, context: [badge]}, {language: pt, context: [crachá]}]",
    )
    (guest,) = _load(tmp_path, text, BADGE="pi.job")
    for line in ("badge QX-1234", "crachá QX-1234"):
        assert [each.certainty for each in _seen(guest, line)] == [Certainty.LIKELY]


def test_arguments_of_a_predefined_recogniser(tmp_path: Path) -> None:
    """Arguments that presidio's schema drops reach the constructor."""
    text = "recognizers:\n  - {name: PhoneRecognizer, type: predefined, supported_regions: [MO]}\n"
    (guest,) = _load(tmp_path, text)
    assert [each.category for each in _seen(guest, "call 6612 3456 now")] == ["pi.contact.phone"]


def test_model_recogniser_is_left_to_the_model(tmp_path: Path) -> None:
    """A recogniser that needs an NLP model is no guest of its own."""
    assert _load(tmp_path, "recognizers:\n  - {name: SpacyRecognizer, type: predefined}\n") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file holds no mapping"),
        ("recognizers: [", r"recognizers.yaml:\d+:\d+: this is not YAML"),
        ("recognizers: []", "no list under 'recognizers'"),
        ("things: 1", "no list under 'recognizers'"),
        ("recognizers: [7]", r"recogniser 1 \(7\): this is neither a mapping nor a name"),
        ("recognizers: [NoSuchRecognizer]", "presidio has no such recogniser"),
        ("recognizers: [GLiNERRecognizer]", "fetches a model; write 'enabled: false'"),
        ("recognizers: [AzureAILanguageRecognizer]", "asks a service"),
        ("recognizers: [{name: A, supported_entity: PERSON, patterns: 7}]", r"recogniser 1 \(A\): .*patterns"),
        ("recognizers: [{name: A, patterns: [{name: a, regex: x, score: 0.5}]}]", "supported_entity: Field required"),
        (
            'recognizers: [{name: A, supported_entity: PERSON, patterns: [{name: a, regex: "(", score: 0.5}]}]',
            r"recogniser 1 \(A\): ",
        ),
        (BADGE, r"the entity BADGE has no category; .*BADGE=CATEGORY.*; the categories are: .*pi\.name"),
    ],
)
def test_fault_says_where_and_what(tmp_path: Path, text: str, said: str) -> None:
    """A file that cannot be used is named, with the place in it and what is wrong."""
    with pytest.raises(PresidioFault, match=said) as fault:
        _load(tmp_path, text)
    assert str(tmp_path) in str(fault.value)


def test_category_that_there_is_not(tmp_path: Path) -> None:
    """A mapping to a category that the rulebook does not have is refused with those that it has."""
    with pytest.raises(PresidioFault, match=r"BADGE is mapped to pi\.badge, which is none; the categories are: "):
        _load(tmp_path, BADGE, BADGE="pi.badge")


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that is not there is an error, not presidio's default file."""
    with pytest.raises(PresidioFault, match="does not exist"):
        recognisers_from_yaml(tmp_path / "none.yaml", shipped())


def test_table_names_categories_that_there_are() -> None:
    """Every category of the table of entities is one of the taxonomy."""
    assert set(CATEGORIES.values()) - {""} <= set(shipped().categories)


def test_nlp_configuration_alone_and_within() -> None:
    """An NLP configuration is read from a file of its own and out of an analyzer file."""
    assert nlp_configuration(CONF / "spacy.yaml")["models"] == [{"lang_code": "en", "model_name": "en_core_web_lg"}]
    assert nlp_configuration(CONF / "slim.yaml")["nlp_engine_name"] == "slim"

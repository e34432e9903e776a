"""Our recognisers in presidio's own AnalyzerEngine, against classify()."""

from __future__ import annotations

import random
from functools import cache

import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from gateway.classify import classify
from gateway.classify.presidio import entity_of, presidio_recognisers
from gateway.rulebook.book import Rulebook
from tests.classify.rules import content, recogniser, rulebook, shipped

SENTENCES = {
    "zh": (
        "本人{}，电话{}，",
        "请核对{}。",
        "经办人备注：{}；附件{}见后",
        "今天天气很好，",
        "证件：{}\n",
        "（{}）",
        "帳戶{}已開立。",
    ),
    "en": (
        "Please check {} and {} today. ",
        "Ref {}; ",
        "The weather is fine. ",
        "ID: {}\n",
        "({}) ",
        "call {}, thanks ",
    ),
    "pt": (
        "Verifique {} e {} hoje. ",
        "Ref. {}; ",
        "Está bom tempo. ",
        "N.º: {}\n",
        "({}) ",
        "ligue para {}, obrigado ",
    ),
    "zh-TW": ("申請人{}，聯絡{}，", "請查收{}。", "備註：{}；見附件{}", "風和日麗，", "編號：{}\n", "「{}」"),
}

type Span = tuple[int, int, str]


@cache
def _engine() -> AnalyzerEngine:
    """Return presidio's engine with our recognisers, an explicit registry and no NLP."""
    recognisers = [each for language in SENTENCES for each in presidio_recognisers(shipped(), language)]
    nlp = NoOpNlpEngine(models=[{"lang_code": language, "model_name": "no_op"} for language in SENTENCES])
    nlp.load()
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=list(SENTENCES))
    return AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=list(SENTENCES))


def _there(text: str, language: str = "zh") -> set[Span]:
    return {(each.start, each.end, each.entity_type) for each in _engine().analyze(text, language)}


def _here(text: str) -> set[Span]:
    return {(each.start, each.end, entity_of(each.recogniser)) for each in classify(content(text), shipped()).items}


def test_same_spans_on_every_shipped_case() -> None:
    """Each unlabelled ``finds:`` and ``leaves:`` case gives the same spans and entities through both."""
    cases = [
        example.text for each in shipped().recognisers for example in (*each.finds, *each.leaves) if not example.label
    ]
    different = [number for number, text in enumerate(cases) if _here(text) != _there(text)]
    assert different == []
    assert len(cases) > 400
    assert sum(bool(_here(text)) for text in cases) > 200


@pytest.mark.parametrize("language", SENTENCES)
def test_same_spans_in_running_text(language: str) -> None:
    """A hundred running texts in each language give the same spans and entities through both."""
    rng = random.Random(f"running {language}")
    values = sorted(
        {example.span for each in shipped().recognisers for example in each.finds if len(example.span) < 80}
    )
    found = 0
    for _ in range(100):
        sentences = rng.choices(SENTENCES[language], k=rng.randint(1, 8))
        text = "".join(each.format(*rng.choices(values, k=2)) for each in sentences)
        here = _here(text)
        assert here == _there(text, language)
        found += len(here)
    assert found > 100


def test_score_and_explanation() -> None:
    """A result bears the score of its certainty, the pattern, the check and the evidence."""
    results = _engine().analyze("身份证号11010519491231002X", "zh", return_decision_process=True)
    (result,) = [each for each in results if each.entity_type == "CN_RESIDENT_ID"]
    assert result.score == 1.0
    explanation = result.analysis_explanation
    assert (explanation.recognizer, explanation.validation_result) == ("cn.ric", True)
    assert explanation.pattern_name
    assert "CERTAIN by cn.ric" in explanation.textual_explanation
    assert "check_digit" in explanation.textual_explanation
    assert (result.recognition_metadata["category"], result.recognition_metadata["certainty"]) == (
        "pi.id.cn.ric",
        "CERTAIN",
    )


def test_only_entities_asked_for() -> None:
    """Presidio's choice of entities is kept to."""
    text = "11010519491231002X, li.si@example.com"
    results = _engine().analyze(text, "en", entities=["EMAIL_ADDRESS"])
    assert [(each.entity_type, text[each.start : each.end]) for each in results] == [
        ("EMAIL_ADDRESS", "li.si@example.com")
    ]


def test_every_recogniser_is_an_entity_of_its_own() -> None:
    """No two recognisers share an entity, and all of them are supported."""
    (one,) = presidio_recognisers(shipped(), "pt")
    assert len(set(one.supported_entities)) == len(shipped().recognisers)
    assert one.supported_language == "pt"


def test_threshold_of_presidio() -> None:
    """What is only POSSIBLE falls under a threshold of 0.5, what is LIKELY does not."""
    rules = _rules()
    nlp = NoOpNlpEngine(models=[{"lang_code": "zh", "model_name": "no_op"}])
    nlp.load()
    registry = RecognizerRegistry(recognizers=presidio_recognisers(rules), supported_languages=["zh"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["zh"])
    assert [each.entity_type for each in engine.analyze("QX7788", "zh", score_threshold=0.5)] == ["X_FORM"]
    assert engine.analyze("QX7788", "zh", score_threshold=0.8) == []


def test_text_that_was_not_weighed_is_an_error() -> None:
    """Where classify gives up, presidio's user is not told that there is nothing."""
    (one,) = presidio_recognisers(shipped(), "zh")
    with pytest.raises(ValueError, match="not weighed"):
        one.analyze("11010519491231002X " * 60_000, None)


def _rules() -> Rulebook:
    return rulebook((recogniser("x.form", "QX[0-9]{4}"),), dict(shipped().categories))

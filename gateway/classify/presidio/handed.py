"""Our recognisers for users of presidio.

    registry = RecognizerRegistry(presidio_recognisers(rulebook, "zh"), supported_languages=["zh"])
    AnalyzerEngine(registry=registry, nlp_engine=..., supported_languages=["zh"]).analyze(text, "zh")

It is one EntityRecognizer with an entity for each of our recognisers, not one of each: all patterns are looked for in
one pass over the text, so that asking for all of them costs what asking for one does, and findings that overlap are
settled among all of ours before presidio sees them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, LocalRecognizer, RecognizerResult

from gateway.classify.looking import classify, prepare
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Certainty, Content, Finding, Part, Segment

SCORES: Mapping[Certainty, float] = MappingProxyType(
    {Certainty.POSSIBLE: 0.4, Certainty.LIKELY: 0.75, Certainty.CERTAIN: 1.0}
)
"""What each certainty is as a score of presidio."""

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "cn.ric": "CN_RESIDENT_ID",
        "device.mac": "MAC_ADDRESS",
        "finance.card": "CREDIT_CARD",
        "finance.iban": "IBAN_CODE",
        "intl.email": "EMAIL_ADDRESS",
        "net.ip": "IP_ADDRESS",
    }
)
"""Recognisers of which presidio, or everybody, has a name."""


def entity_of(recogniser: str) -> str:
    """Return the entity for one of our recognisers: presidio's name where there is one, else the id in capitals.

    >>> entity_of("intl.email"), entity_of("hk.hkid"), entity_of("net.ip_public")
    ('EMAIL_ADDRESS', 'HK_HKID', 'NET_IP_PUBLIC')
    """
    return _NAMES.get(recogniser, recogniser.replace(".", "_").upper())


def presidio_recognisers(rulebook: Rulebook, language: str = "zh") -> list[EntityRecognizer]:
    """Return all recognisers of ``rulebook`` for an AnalyzerEngine that is asked in ``language``.

    They read all languages whatever it is. The score of a result is that of its certainty (``SCORES``); category and
    certainty stand in its ``recognition_metadata``, the evidence in its ``analysis_explanation``. A text that could
    not be weighed to the end raises ValueError, since an empty list would say that nothing is in it.
    """
    prepare(rulebook)
    return [_Kouan(rulebook, language)]


class _Kouan(LocalRecognizer):
    """``classify`` as a recogniser of presidio."""

    def __init__(self, rulebook: Rulebook, language: str) -> None:
        self._rulebook = rulebook
        self._entities = {each.id: entity_of(each.id) for each in rulebook.recognisers}
        entities = sorted(set(self._entities.values()))
        super().__init__(supported_entities=entities, name="Kouan", supported_language=language)

    def load(self) -> None:
        """Do nothing: the rulebook is there already."""

    def analyze(
        self,
        text: str,
        entities: list[str] | None,
        nlp_artifacts: object = None,  # noqa: ARG002 - presidio passes it by name
    ) -> list[RecognizerResult]:
        """Return what stands in ``text``, of ``entities`` (None: all)."""
        segment = Segment(text, "text", "", 0, len(text))
        found = classify(Content((Part("text", text, lambda _: (segment,), format="text"),)), self._rulebook)
        if found.opaque:
            raise ValueError(f"the text was not weighed to its end: {found.opaque[0].reason}")
        asked = self._entities.values() if entities is None else entities
        return [self._result(item) for item in found.items if self._entities[item.recogniser] in asked]

    def _result(self, item: Finding) -> RecognizerResult:
        score = SCORES[item.certainty]
        explanation = AnalysisExplanation(
            recognizer=item.recogniser,
            original_score=score,
            textual_explanation=f"{item.certainty.name} by {item.recogniser}: {', '.join(item.evidence)}",
        )
        for code in item.evidence:
            if code.startswith("pattern:"):
                explanation.pattern_name = code.removeprefix("pattern:")
            if code in ("check_digit", "check_failed"):
                explanation.validation_result = code == "check_digit"
        metadata = {
            RecognizerResult.RECOGNIZER_NAME_KEY: "Kouan",
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            "category": item.category,
            "certainty": item.certainty.name,
        }
        return RecognizerResult(
            self._entities[item.recogniser], item.start, item.end, score, explanation, recognition_metadata=metadata
        )

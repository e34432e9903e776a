"""Presidio recognisers behind the house's own door, with the real presidio."""

from __future__ import annotations

import re
import time

import presidio_analyzer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.classify import classify
from gateway.classify.presidio import PresidioRecogniser
from gateway.classify.presidio.guest import WINDOW
from gateway.vocabulary import Certainty, Unread
from tests.classify.rules import content, shipped


def _pattern(regex: str, score: float = 0.6) -> object:
    pattern = presidio_analyzer.Pattern(name="form", regex=regex, score=score)
    return presidio_analyzer.PatternRecognizer("FORM", name="forms", patterns=[pattern])


@pytest.mark.parametrize(
    ("score", "certainty"), [(0.3, Certainty.POSSIBLE), (0.6, Certainty.LIKELY), (0.9, Certainty.CERTAIN)]
)
def test_score_becomes_certainty(score: float, certainty: Certainty) -> None:
    """A score is read by the thresholds given; the finding bears our category and the guest's name."""
    guest = PresidioRecogniser(_pattern("QX-[0-9]{4}", score), {"FORM": "pi.health.visit"})
    (finding,) = classify(content("就診QX-1234。"), shipped(), (guest,)).items
    assert (finding.recogniser, finding.category, finding.certainty) == ("presidio.forms", "pi.health.visit", certainty)
    assert finding.segment.text[finding.start : finding.end] == "QX-1234"


def test_time_out_is_opaque() -> None:
    """A pattern that runs out of time, which presidio would log and skip, leaves an opaque part."""
    guest = PresidioRecogniser(_pattern(r"(?:a|a|aa)+(?=c)\d"), {"FORM": "pi.name"}, seconds=0.05)
    findings = classify(content("a" * 60 + "!"), shipped(), (guest,))
    assert [opaque.reason for opaque in findings.opaque] == [Unread.TIMED_OUT]


def test_exception_is_opaque() -> None:
    """A recogniser that breaks down leaves an opaque part, and its message goes nowhere."""

    class Broken(presidio_analyzer.EntityRecognizer):  # type: ignore[misc, name-defined]
        def load(self) -> None:
            pass

        def analyze(self, text: str, entities: object, nlp_artifacts: object) -> list[object]:
            raise RuntimeError(text)

    guest = PresidioRecogniser(Broken(supported_entities=["FORM"]), {"FORM": "pi.name"})
    findings = classify(content("陳大文"), shipped(), (guest,))
    assert [opaque.reason for opaque in findings.opaque] == [Unread.MALFORMED]


def test_original_recogniser_is_left_alone() -> None:
    """Plugging a recogniser in changes nothing in it."""
    original = _pattern("QX-[0-9]{4}")
    before = original.patterns[0].compiled_regex  # type: ignore[attr-defined]
    PresidioRecogniser(original, {"FORM": "pi.name"})
    assert original.patterns[0].compiled_regex is before  # type: ignore[attr-defined]


def test_unknown_entity_is_refused() -> None:
    """A mapping for an entity that the recogniser does not know is a mistake, and said so."""
    with pytest.raises(ValueError, match="does not know: OTHER"):
        PresidioRecogniser(_pattern("x"), {"OTHER": "pi.name"})


def test_thresholds_in_order() -> None:
    """Thresholds out of order are refused."""
    with pytest.raises(ValueError, match="thresholds"):
        PresidioRecogniser(_pattern("x"), {"FORM": "pi.name"}, likely=0.9, certain=0.5)


def test_email_recogniser_stays_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presidio's e-mail recogniser, once plugged in, looks up no name on the network."""
    import socket

    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    from presidio_analyzer.predefined_recognizers import EmailRecognizer

    guest = PresidioRecogniser(EmailRecognizer(), {"EMAIL_ADDRESS": "pi.contact.email"})
    assert [sight.category for sight in guest.look("li.si@example.com")] == ["pi.contact.email"]  # type: ignore[union-attr]


class _Own(presidio_analyzer.EntityRecognizer):  # type: ignore[misc, name-defined]
    """A recogniser without patterns that finds a word, and takes its time."""

    def __init__(self, seconds: float = 0.0, shift: int = 0) -> None:
        self.seconds, self.shift = seconds, shift
        super().__init__(supported_entities=["FORM"], name="own")

    def load(self) -> None:
        pass

    def analyze(self, text: str, entities: object, nlp_artifacts: object) -> list[object]:
        time.sleep(self.seconds)
        return [
            presidio_analyzer.RecognizerResult("FORM", found.start() + self.shift, found.end() + self.shift, 0.6)
            for found in re.finditer("QX-[0-9]{4}", text)
        ]


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12))
def test_windows_see_what_the_whole_shows(gaps: list[int]) -> None:
    """A long value that is looked at in windows shows the same as it would at once, each place once."""
    text = "QX-1234".join("x" * gap for gap in [*gaps, WINDOW])
    seen = PresidioRecogniser(_Own(), {"FORM": "pi.name"}).look(text)
    assert not isinstance(seen, Unread)
    assert [sight.start for sight in seen] == [found.start() for found in re.finditer("QX-[0-9]{4}", text)]


def test_recogniser_without_patterns_times_out() -> None:
    """One that nothing can interrupt gives up between two windows."""
    guest = PresidioRecogniser(_Own(seconds=0.02), {"FORM": "pi.name"}, seconds=0.05)
    assert guest.look("x" * 20 * WINDOW) is Unread.TIMED_OUT
    assert guest.look("x" * WINDOW) == ()


def test_result_outside_of_the_text_is_opaque() -> None:
    """A place that is not in the text is a breakdown of the recogniser, not a finding."""
    assert PresidioRecogniser(_Own(shift=3), {"FORM": "pi.name"}).look("QX-1234") is Unread.MALFORMED

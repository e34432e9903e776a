"""merged(): guests' findings and ours, settled together."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from gateway.classify.merging import merged
from gateway.vocabulary import Certainty, Finding, Part, Segment

VALUES = tuple(Segment("x" * 60, f"json:/{number}", "", 0, 60) for number in range(2))
PART = Part("body", "x" * 60, lambda _: VALUES, format="json")
POSSIBLE, LIKELY, CERTAIN = Certainty


def _finding(
    name: str, category: str, certainty: Certainty, start: int, end: int, *evidence: str, value: int = 0
) -> Finding:
    return Finding(name, category, certainty, PART, VALUES[value], start, end, evidence)


def test_ours_stands_and_takes_the_evidence() -> None:
    """A guest's finding of the same category falls to ours where they overlap at all, and its evidence is kept."""
    ours = _finding("person.name", "pi.name", LIKELY, 4, 7, "pattern:titled")
    (kept,) = merged([ours], [_finding("presidio.spacy", "pi.name", POSSIBLE, 2, 6, "presidio:PERSON", "model")])
    assert (kept.recogniser, kept.start, kept.end, kept.certainty) == ("person.name", 4, 7, LIKELY)
    assert kept.evidence == ("pattern:titled", "presidio:PERSON", "model")


def test_company_makes_nothing_more_certain() -> None:
    """A model that agrees with a finding that is only POSSIBLE leaves it so."""
    ours = _finding("person.name", "pi.name", POSSIBLE, 4, 7)
    (kept,) = merged([ours], [_finding("presidio.spacy", "pi.name", POSSIBLE, 4, 7)])
    assert (kept.recogniser, kept.certainty) == ("person.name", POSSIBLE)


def test_category_above_or_under() -> None:
    """A guest's "some number of a person" falls to the very document that ours says it is."""
    ours = _finding("hk.hkid", "pi.id.hk.hkid", CERTAIN, 0, 8)
    assert merged([ours], [_finding("presidio.x", "pi.id", LIKELY, 0, 8)])[0].recogniser == "hk.hkid"
    assert len(merged([ours], [_finding("presidio.x", "pi.name", LIKELY, 0, 8)])) == 2


def test_guest_that_is_more_certain() -> None:
    """A more certain finding of a guest stands; ours falls to it only where it lies within, of the same category."""
    guest = _finding("presidio.x", "pi.name", CERTAIN, 0, 10)
    within = _finding("person.name", "pi.name", POSSIBLE, 2, 5)
    beyond = _finding("person.name", "pi.name", POSSIBLE, 8, 12)
    other = _finding("place.address", "pi.contact.address", POSSIBLE, 2, 5)
    assert [each.recogniser for each in merged([within], [guest])] == ["presidio.x"]
    assert len(merged([beyond], [guest])) == 2
    assert len(merged([other], [guest])) == 2


def test_guests_among_themselves() -> None:
    """Of two guests that see the same, the more certain one stands."""
    seen = [_finding("presidio.a", "pi.name", POSSIBLE, 0, 9), _finding("presidio.b", "pi.name", LIKELY, 3, 5)]
    assert [each.recogniser for each in merged([], seen)] == ["presidio.b"]


def test_other_values_are_left_alone() -> None:
    """Findings in another value do not meet, whatever their places."""
    ours = _finding("person.name", "pi.name", LIKELY, 0, 3)
    assert len(merged([ours], [_finding("presidio.x", "pi.name", POSSIBLE, 0, 3, value=1)])) == 2


def test_many_findings_take_linear_time() -> None:
    """Forty thousand findings of guests beside as many of ours are merged in a moment."""
    own = [_finding("a", "pi.name", LIKELY, 10 * place, 10 * place + 5) for place in range(40_000)]
    seen = [_finding("b", "pi.name", POSSIBLE, 10 * place + 2, 10 * place + 8) for place in range(40_000)]
    start = time.process_time()
    assert len(merged(own, seen)) == len(own)
    assert time.process_time() - start < 2


findings = st.builds(
    lambda name, category, certainty, start, length, value: _finding(
        name, category, certainty, start, start + length, value=value
    ),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["pi.name", "pi.id", "pi.id.hk.hkid"]),
    st.sampled_from(Certainty),
    st.integers(0, 40),
    st.integers(1, 12),
    st.integers(0, 1),
)


@given(st.lists(findings, max_size=8), st.lists(findings, max_size=8))
def test_every_place_stays_covered(own: list[Finding], seen: list[Finding]) -> None:
    """Whatever falls, falls to one at least as certain on the same place; ours never fall to a model."""
    kept = merged(own, seen)
    for each in (*own, *seen):
        assert any(
            one.segment is each.segment
            and one.start < each.end
            and each.start < one.end
            and one.certainty >= each.certainty
            for one in kept
        )
    model = [each for each in seen if each.certainty is POSSIBLE]
    assert len(merged(own, model)) >= len(own)

"""Every example at the end of every recogniser holds."""

from __future__ import annotations

import pytest

from gateway.classify import classify
from gateway.rulebook.book import Example, Recogniser
from gateway.vocabulary import LANGUAGES
from tests.classify.rules import content, shipped

FINDS = [(recogniser, example) for recogniser in shipped().recognisers for example in recogniser.finds]
LEAVES = [(recogniser, example) for recogniser in shipped().recognisers for example in recogniser.leaves]


def _name(value: object) -> str:
    return value.id if isinstance(value, Recogniser) else value.source if isinstance(value, Example) else ""


@pytest.mark.parametrize(("recogniser", "example"), FINDS, ids=_name)
@pytest.mark.parametrize("verbatim", [True, False])
def test_finds(recogniser: Recogniser, example: Example, verbatim: bool) -> None:
    """What an example says must be found is found, at that place and as surely as it says."""
    findings = classify(content(example.text, example.label, verbatim=verbatim), shipped()).items
    mine = [finding for finding in findings if finding.recogniser == recogniser.id]
    assert [example.text[finding.start : finding.end] for finding in mine] == [example.span]
    assert example.certainty in (None, mine[0].certainty)


@pytest.mark.parametrize(("recogniser", "example"), LEAVES, ids=_name)
@pytest.mark.parametrize("verbatim", [True, False])
def test_leaves(recogniser: Recogniser, example: Example, verbatim: bool) -> None:
    """What an example says must be left alone is left alone by that recogniser."""
    findings = classify(content(example.text, example.label, verbatim=verbatim), shipped()).items
    assert recogniser.id not in {finding.recogniser for finding in findings}


@pytest.mark.parametrize("recogniser", shipped().recognisers, ids=_name)
def test_enough_examples(recogniser: Recogniser) -> None:
    """Each recogniser proves itself by at least five examples both ways, some in Chinese but for Latin words."""
    assert len(recogniser.finds) >= 5
    assert len(recogniser.leaves) >= 5
    chinese = any(not f"{example.text}{example.label}".isascii() for example in recogniser.finds)
    assert chinese or recogniser.id.endswith(("_en", "_pt", "_latin"))


@pytest.mark.parametrize("category", shipped().categories.values(), ids=lambda category: category.id)
def test_titles(category: object) -> None:
    """Each category has a title in the four languages of the house."""
    assert all(getattr(category, "title")[language] for language in LANGUAGES)  # noqa: B009

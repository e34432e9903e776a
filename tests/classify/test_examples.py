"""failing_examples(): what an officer is told about cases that do not hold."""

from __future__ import annotations

import pytest

from gateway.classify import failing_examples
from gateway.rulebook.book import Example
from gateway.vocabulary import Certainty
from tests.classify.rules import NAME, recogniser, rulebook, shipped


def test_shipped_examples_hold() -> None:
    """Every case of the recognisers that ship holds."""
    assert failing_examples(shipped()) == ()


@pytest.mark.parametrize(
    ("example", "fault"),
    [
        (Example("no 12345", span="12345", source="x.yaml:9"), "nothing is found"),
        (Example("no 123456", span="no 123456", source="x.yaml:9"), "another span is found"),
        (Example("123456, 654321", span="123456", source="x.yaml:9"), "more than the span is found"),
        (Example("123456", span="123456", certainty=Certainty.CERTAIN, source="x.yaml:9"), "the certainty is likely"),
    ],
)
def test_finds_that_does_not_hold(example: Example, fault: str) -> None:
    """A case that does not hold is named by its line, with what is wrong and without its text."""
    rules = rulebook((recogniser("x.number", "[0-9]{6}", finds=(example,)),), {NAME.id: NAME})
    assert failing_examples(rules) == (("x.yaml:9", fault),)


def test_leaves_that_does_not_hold() -> None:
    """A look-alike that is found after all is named."""
    example = Example("123456", source="x.yaml:9")
    rules = rulebook((recogniser("x.number", "[0-9]{6}", leaves=(example,)),), {NAME.id: NAME})
    assert failing_examples(rules) == (("x.yaml:9", "x.number finds something here and should not"),)

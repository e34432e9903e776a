"""Every scenario in the box, played through the real gateway: what its story says is what becomes of it."""

import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from gateway.classify import prepare
from gateway.cli.demo.golden import Playing, Told
from gateway.cli.demo.story import Story, read_story, scenarios
from gateway.rulebook.kept import kept_for
from gateway.rulebook.remarks import warnings
from gateway.vocabulary import Leg, Verdict
from tests.given import ROOT

FOLDERS = scenarios(ROOT / "scenarios")
TODAY = date(2026, 11, 21)

pytestmark = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@cache
def read(folder: Path) -> Story:
    """The scenario, with its recognisers ready, so that its gateway starts at once."""
    story = read_story(folder, ROOT)
    prepare(story.rulebook, kept_for(os.environ))
    return story


@cache
def played(folder: Path) -> tuple[Told, ...]:
    """What became of every step; one gateway a scenario."""
    story = read(folder)
    with Playing(story) as playing:
        return tuple(playing.play(step) for step in story.steps for _ in range(step.repeat))


def test_all_is_as_the_story_says(folder: Path) -> None:
    """Verdicts, reasons and bytes are those of the story; what is refused does not arrive."""
    assert [f"{told.step.source}: {said}" for told in played(folder) for said in told.wrong] == []


def test_it_shows_what_passes_what_is_changed_and_what_is_refused(folder: Path) -> None:
    """A story that only permits, or only refuses, teaches nothing."""
    steps = read(folder).steps
    assert [step for step in steps if step.expected.passes and not step.changed]
    assert [step for step in steps if step.expected.passes and step.changed]
    assert [step for step in steps if not step.expected.passes]


def test_every_half_that_was_judged_is_in_the_ledger(folder: Path) -> None:
    """Each step has its decisions, in places of their own."""
    outcomes = played(folder)
    places = [index for told in outcomes for index in told.indexes]
    assert len(set(places)) == len(places)
    assert all(len(told.indexes) == 1 + (told.step.expected.response is not None) for told in outcomes)


def test_nothing_refused_arrives(folder: Path) -> None:
    """Where the request is refused the far end got nothing; where the answer is, the sender got none of it."""
    for told in played(folder):
        if told.verdicts[Leg.REQUEST] is not Verdict.PERMIT:
            assert told.delivered == b""
        if not told.step.expected.passes:
            assert told.reply.header("Content-Type").startswith("application/problem+json")
            assert not told.step.answer.body or told.step.answer.body not in told.reply.body


def test_an_officer_would_file_it_so(folder: Path) -> None:
    """Bases are used, filed in time, assessed: `kouan check` remarks but that the far ends are on this machine."""
    said = [str(remark) for remark in warnings(read(folder).rulebook, TODAY)]
    assert [each for each in said if "(loopback)" not in each] == []


def test_it_says_that_its_basis_is_not_confirmed(folder: Path) -> None:
    """What is plausible is not told as law."""
    assert "not confirmed" in read_story(folder, ROOT).law

"""Every scenario in the box, played through the real gateway: what its story says is what becomes of it."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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


def play(story: Story) -> tuple[Told, ...]:
    """What became of every step; one gateway a scenario."""
    with Playing(story) as playing:
        return tuple(playing.play(step) for step in story.steps for _ in range(step.repeat))


@pytest.fixture(scope="session")
def plays(request: pytest.FixtureRequest) -> Iterator[dict[Path, Future[tuple[Told, ...]]]]:
    """All scenarios that are asked about, two played at a time: a gateway mostly waits for its own start."""
    asked = dict.fromkeys(
        item.callspec.params["folder"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == Path(__file__) and "played" in item.fixturenames
    )
    pool = ThreadPoolExecutor(2)
    yield {folder: pool.submit(play, read(folder)) for folder in asked}
    pool.shutdown(cancel_futures=True)


@pytest.fixture
def played(folder: Path, plays: dict[Path, Future[tuple[Told, ...]]]) -> tuple[Told, ...]:
    """What became of every step of this scenario."""
    return plays[folder].result()


def test_all_is_as_the_story_says(played: tuple[Told, ...]) -> None:
    """Verdicts, reasons and bytes are those of the story; what is refused does not arrive."""
    assert [f"{told.step.source}: {said}" for told in played for said in told.wrong] == []


def test_it_shows_what_passes_what_is_changed_and_what_is_refused(folder: Path) -> None:
    """A story that only permits, or only refuses, teaches nothing."""
    steps = read(folder).steps
    assert [step for step in steps if step.expected.passes and not step.changed]
    assert [step for step in steps if step.expected.passes and step.changed]
    assert [step for step in steps if not step.expected.passes]


def test_every_half_that_was_judged_is_in_the_ledger(played: tuple[Told, ...]) -> None:
    """Each step has its decisions, in places of their own."""
    places = [index for told in played for index in told.indexes]
    assert len(set(places)) == len(places)
    assert all(len(told.indexes) == 1 + (told.step.expected.response is not None) for told in played)


def test_nothing_refused_arrives(played: tuple[Told, ...]) -> None:
    """Where the request is refused the far end got nothing; where the answer is, the sender got none of it."""
    for told in played:
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

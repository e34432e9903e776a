"""The golden stories, played through the corridor with the rules in the box."""

import re
import unicodedata
from urllib.parse import unquote

import pytest

from gateway.pipeline import Judgement, judge
from gateway.vocabulary import Limits, Standing, Verdict
from tests.given import shipped
from tests.transfers.story import Story, read, stories


def played(story: Story) -> Judgement:
    """What the corridor makes of a story."""
    rulebook = story.rules(shipped())
    return judge(story.transfer(rulebook), rulebook, Standing(), Limits())


def expected(story: Story) -> dict[str, object]:
    """What the story says must come of it, as far as it speaks."""
    said = story.said
    told: dict[str, object] = {"Verdict": said["Verdict"], "Rules": set(story.list("Rules"))}
    told["Finds"] = set(story.list("Finds"))
    told["Opaque"] = set(story.list("Opaque"))
    told["Masks"] = set(story.list("Masks"))
    if "Entry" in said:
        told["Entry"] = said["Entry"]
    if "Notices" in said:
        told["Notices"] = set(story.list("Notices"))
    if "Leaves" in said:
        told["Leaves"] = said["Leaves"]
    return told


def seen(story: Story, judgement: Judgement) -> dict[str, object]:
    """What came of it, in the words of a story."""
    decision, findings = judgement.decision, judgement.findings
    transfer = story.transfer(story.rules(shipped()))
    if judgement.body is None:
        leaves = "nothing"
    else:
        leaves = "as it came" if judgement.body == transfer.body else judgement.body.decode()
    return {
        "Verdict": decision.verdict.name,
        "Rules": {reason.rule for reason in decision.reasons if reason.verdict is not Verdict.PERMIT},
        "Finds": {f"{found.category} at {found.segment.where}" for found in findings.items},
        "Opaque": {part.reason.value for part in (*judgement.content.opaque, *findings.opaque)},
        "Masks": {duty.category for duty in decision.obligations if duty.kind == "mask"},
        "Entry": decision.entry,
        "Notices": set(story.list("Notices")) & set(judgement.facts.notices),
        "Leaves": leaves,
    }


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.id)
def test_a_story_ends_as_told(story: Story) -> None:
    """What becomes of a transfer is what its story says."""
    told = expected(story)
    came = seen(story, played(story))
    assert {word: came[word] for word in told} == told, story.title


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.id)
def test_a_story_is_whole(story: Story) -> None:
    """A story has a sentence, and what it plants is in its message, in one way of writing or another."""
    assert story.title.endswith((".", "。"))
    text = story.said["Message"]
    written = (text, unicodedata.normalize("NFKC", text), unquote(text), UNICODE_ESCAPE.sub(_character, text))
    assert [value for value in story.planted if not any(value in each for each in written)] == []


UNICODE_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def test_stories_name_rules_that_are_there() -> None:
    """Every policy that a story names is in the box; that each policy does what it says, its own cases show."""
    told = {rule for story in stories() for rule in story.list("Rules")}
    known = {policy.id for policy in shipped().policies} | set(shipped().entries) | set(shipped().bases) | {"house"}
    assert told <= known
    assert len(stories()) >= 25


def test_a_line_that_says_nothing_is_named() -> None:
    """A misspelt word in a story is told with file and line."""
    with pytest.raises(ValueError, match=r"x\.txt:4: Verdit"):
        read("x.txt", "A title.\n\nFrom: somebody\nVerdit: DENY\n")

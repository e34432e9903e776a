"""``kouan demo --scenario``: a story told to people and to machines."""

import json
import subprocess
import sys
from functools import cache

from gateway.cli.demo.clients import Reply
from gateway.cli.demo.golden import _differences
from gateway.cli.demo.story import read_story
from gateway.cli.demo.upstreams import Arrival
from gateway.vocabulary import Leg, Verdict
from tests.given import ROOT

ID = "identity-verification"
PLANTED = ("李小明", "H12345678", "51234567", "810000199003071026")


@cache
def told() -> subprocess.CompletedProcess[str]:
    """The scenario, played once by the command, as JSON; people are told on standard error."""
    command = [sys.executable, "-m", "gateway.cli", "demo", "--scenario", ID, "--json", "--language", "zh-Hant"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_it_ends_well() -> None:
    """All is as the story says, and the ledger is sound."""
    assert told().returncode == 0, told().stderr
    found = json.loads(told().stdout)
    assert found["scenario"] == ID
    assert found["ledger_sound"] is True
    assert [each["wrong"] for each in found["outcomes"] if each["wrong"]] == []


def test_people_are_told_title_law_steps_and_a_refusal() -> None:
    """In the language that they asked for; the refusal in two, as its sender sees it."""
    for words in (
        "港澳居民身份核驗",
        "not confirmed",
        "guessing ends here",
        "entry.ceiling",
        "超過其上限",
        "its ceiling of 6",
        "sound",
    ):
        assert words in told().stderr


def test_machines_are_told_no_values() -> None:
    """Outcomes, reasons and places in the ledger, and nothing of a payload."""
    assert [value for value in PLANTED if value in told().stdout] == []


def test_what_is_not_as_the_story_says_is_noticed() -> None:
    """Another verdict, another reason, other bytes at the far end, something that arrived though it was refused."""
    story = read_story(ROOT / "scenarios" / ID, ROOT)
    passing = next(step for step in story.steps if step.expected.passes)
    refused = next(step for step in story.steps if step.expected.request is Verdict.DENY)
    good = Reply(200, (), passing.answer.body)
    both = {Leg.REQUEST: Verdict.PERMIT, Leg.RESPONSE: Verdict.PERMIT}
    arrival = Arrival(passing.message.host, "POST", "/", (), passing.message.body)
    assert _differences(passing, good, both, passing.expected.reasons, [arrival]) == []
    assert _differences(passing, good, both, passing.expected.reasons, [])
    assert _differences(passing, good, both, (), [arrival])
    assert _differences(passing, Reply(200, (), b"{}"), both, passing.expected.reasons, [arrival])
    assert _differences(passing, good, {Leg.REQUEST: Verdict.PERMIT}, passing.expected.reasons, [arrival])
    told_so = Reply(451, (("Content-Type", "application/problem+json"),), b'{"status": 451}')
    denied = {Leg.REQUEST: Verdict.DENY}
    assert _differences(refused, told_so, denied, refused.expected.reasons, []) == []
    assert len(_differences(refused, told_so, denied, refused.expected.reasons, [arrival])) == 1
    assert len(_differences(refused, Reply(0), denied, refused.expected.reasons, [])) == 1

"""``kouan demo``: played once, for real, and everything comes out as the rules promise."""

import json
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from typing import Any

from gateway.cli.demo.clients import Message, Reply
from gateway.cli.demo.play import _differences
from gateway.cli.demo.scenes import Fate, Scene
from tests.given import ROOT

WITHIN = 20.0
"""Seconds in which the demo ends by itself once everything is set up."""
PLANTED = ("440105199003071016", "6217000000000000004", "A123456(3)", "1234567(8)", "H1234567802", "陳大文")


@cache
def played() -> tuple[dict[str, Any], str, int, float]:
    """The demo's JSON, what it said to people, its exit code and how long it took."""
    start = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "demo", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    return json.loads(ended.stdout), ended.stderr, ended.returncode, time.monotonic() - start


def test_all_is_as_promised() -> None:
    """No outcome differs from what the rules promise, and the ledger is sound."""
    found, said, code, _ = played()
    assert [(each["title"], each["wrong"]) for each in found["outcomes"] if each["wrong"]] == []
    assert found["ledger_sound"] is True
    assert code == 0, said


def test_it_shows_every_kind_of_fate() -> None:
    """Some twenty exchanges both ways, permitted, masked and refused for many different reasons."""
    outcomes = played()[0]["outcomes"]
    fates = Counter(each["fate"] for each in outcomes)
    assert len(outcomes) >= 20
    assert set(fates) == {fate.value for fate in Fate}
    assert len({rule for each in outcomes for rule in each["rules"]}) >= 10
    assert {each["way"].split()[0] for each in outcomes} >= {"Zhuhai", "Shenzhen", "HK"}


def test_every_exchange_has_its_place_in_the_ledger() -> None:
    """Each exchange, whatever became of it, names entries of its own."""
    places = [place for each in played()[0]["outcomes"] for place in each["ledger"].split("/")]
    assert all(place.isdecimal() for place in places)
    assert len(set(places)) == len(places)


def test_it_is_told_to_people() -> None:
    """A table, a refusal in two languages, a masked body, the ledger and the address of the metrics are shown."""
    said = played()[1]
    for words in ("what became of it", "拒絕", "Refused", "****3456", "sound", "/metrics", "kouan_transfers_total"):
        assert words in said


def test_it_ends_by_itself_in_time() -> None:
    """Once set up, the demo takes less than twenty seconds."""
    assert played()[3] < WITHIN


def test_machines_are_told_no_values() -> None:
    """The JSON holds outcomes, and none of the values that were sent."""
    text = json.dumps(played()[0], ensure_ascii=False)
    assert [value for value in PLANTED if value in text] == []


def test_a_broken_promise_is_noticed() -> None:
    """An outcome of another fate, status or rule, or without a place in the ledger, is called wrong."""
    scene = Scene("x", "y", "portal", Message("counter.macao.example"), Fate.REFUSED, "secrets", 451)
    assert _differences(scene, Reply(451), Fate.REFUSED, ("secrets",), "7") == []
    assert len(_differences(scene, Reply(200), Fate.PERMITTED, (), "")) == 4

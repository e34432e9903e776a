"""Law 4 over all golden stories: no planted value is anywhere it must not be, in no spelling."""

import asyncio
import base64
import io
import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from prometheus_client import generate_latest

from gateway import logs
from gateway.intake.refusal import refusal
from gateway.ledger import Ledger
from gateway.pipeline import House, judge
from gateway.settings import Settings
from gateway.vocabulary import Limits, Outcome, Standing, Verdict
from tests.given import shipped
from tests.transfers.story import stories


def spellings(value: str) -> set[bytes]:
    """A value as it is, escaped, percent-encoded, in base64 at each of its three offsets, and in other charsets."""
    plain = value.encode()
    ways = {plain, json.dumps(value)[1:-1].encode(), quote(value).encode(), plain.hex().encode(), plain[::-1]}
    for charset in ("gb18030", "big5hkscs", "utf-16-le"):
        try:
            ways.add(value.encode(charset))
        except UnicodeEncodeError:
            continue
    for offset in range(3):
        # What comes before shifts base64; only whole groups in the middle are the same.
        middle = base64.b64encode(b"\0" * offset + plain)[4 if offset else 0 :].rstrip(b"=")[:-1]
        if len(middle) >= 8:
            ways.add(middle)
    return {way for way in ways if len(way) >= 5}


async def carried(folder: Path) -> tuple[list[Outcome], list[bytes]]:
    """Carry every story through a house with a real ledger; return outcomes and what refused senders are told."""
    outcomes, told = [], []
    with Ledger.open(folder) as ledger:
        for story in stories():
            book = story.rules(shipped())
            house = House(Settings(), book, ledger)
            transfer = story.transfer(book)
            outcome = await house.carry(transfer)
            outcomes.append(outcome)
            if outcome.decision.verdict is not Verdict.PERMIT:
                told += [
                    refusal(outcome, transfer, book, languages=languages, contact="office").body
                    for languages in (b"en", b"zh-HK")
                ]
    return outcomes, told


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All that is left behind once every story was carried, by where it was left."""
    folder = tmp_path_factory.mktemp("leaks") / "ledger"
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers, root.level
    logs.set_up("debug", stream)
    try:
        outcomes, told = asyncio.run(carried(folder))
    finally:
        structlog.reset_defaults()
        root.handlers, root.level = before
    reprs = []
    for story in stories():
        book = story.rules(shipped())
        transfer = story.transfer(book)
        reprs.append(repr((transfer, judge(transfer, book, Standing(), Limits()))))
    files = b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        "ledger": files,
        "logs": stream.getvalue().encode(),
        "metrics": generate_latest(),
        "problems": b"\n".join(told),
        "reprs": ("\n".join(reprs) + repr(outcomes)).encode(),
    }


@pytest.mark.parametrize("place", ["ledger", "logs", "metrics", "problems", "reprs"])
def test_no_planted_value_is_left(place: str, everything: dict[str, bytes]) -> None:
    """Neither an identifier nor a name of any story is found, whatever way it is written."""
    text = everything[place]
    assert len(text) > 1000
    found = [
        (story.id, value) for story in stories() for value in story.planted for way in spellings(value) if way in text
    ]
    assert found == []


def test_the_stories_plant_enough() -> None:
    """The search is for something: most stories plant a value, and there are many of them."""
    planted = {value for story in stories() for value in story.planted}
    assert len(planted) >= 20


@pytest.mark.parametrize("before", ["", "x", "xy", '{"id":"'])
def test_a_leak_would_be_seen(before: str) -> None:
    """A value that somebody wrote out in base64, whatever stands before it, is recognised; silence means something."""
    value = "440105199003071016"
    written = base64.b64encode(f"{before}{value} and more".encode())
    assert any(way in written for way in spellings(value))
    assert not any(way in base64.b64encode(b"nothing of the kind stands here") for way in spellings(value))

"""Bombs: small messages that would become very large ones are put down in time and in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.decode.bombs import BOMBS, HARMLESS
from tests.decode.cost import LIMITS

SECONDS = 1.0
MEMORY = 200 * 1024 * 1024
LONG = frozenset({"deep percent", "too many members", "Avro of nothing", "SQLite"})
"""Those that would be long rather than large: the clock ends them, if not the number of members."""
ATTEMPTS = 3
"""A machine that is busy with other things makes work longer: the best of so many counts."""


def costs(*names: str) -> dict[str, dict[str, Any]]:
    """What each bomb costs, all decoded by one process that is not this."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.decode.cost", *names], capture_output=True, check=True, timeout=100
    )
    return {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Any]]:
    """All of them, once."""
    return costs()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_put_down(name: str, measured: dict[str, dict[str, Any]]) -> None:
    """Opaque, within a second of work and 200 MB, those of the process that parses it among them."""
    seconds = LIMITS.seconds + SECONDS if name in LONG else SECONDS
    cost = measured[name]
    for _ in range(ATTEMPTS - 1):
        if cost["seconds"] < seconds:
            break
        cost = min(cost, costs(name)[name], key=lambda each: each["seconds"])
    assert cost["opaque"]
    assert cost["seconds"] < seconds
    assert cost["memory"] < MEMORY


@pytest.mark.parametrize("name", HARMLESS)
def test_what_looks_like_a_bomb_is_read(name: str, measured: dict[str, dict[str, Any]]) -> None:
    """As it is written, which is small: aliases are not followed, members are as many as may be."""
    assert not measured[name]["opaque"]
    assert measured[name]["memory"] < MEMORY

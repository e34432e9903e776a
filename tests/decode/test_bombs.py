"""Bombs: small messages that would become very large ones are put down before they take memory."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.decode.bombs import BOMBS, HARMLESS

MEMORY = 200 * 1024 * 1024


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Any]]:
    """What each costs, decoded one after the other by one process that is not this, and that an alarm ends."""
    done = subprocess.run([sys.executable, "-m", "tests.decode.cost"], capture_output=True, check=True, timeout=200)
    return {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_put_down(name: str, measured: dict[str, dict[str, Any]]) -> None:
    """Opaque within 200 MB, those of the process that parses it among them; ``bench.bombs`` says in what time."""
    assert measured[name]["opaque"]
    assert measured[name]["memory"] < MEMORY


@pytest.mark.parametrize("name", HARMLESS)
def test_what_looks_like_a_bomb_is_read(name: str, measured: dict[str, dict[str, Any]]) -> None:
    """As it is written, which is small: aliases are not followed, members are as many as may be."""
    assert not measured[name]["opaque"]
    assert measured[name]["memory"] < MEMORY

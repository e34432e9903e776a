"""Logs are lines of JSON with constant fields, and hold nothing that is not on the list."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from gateway import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Logs set up on a string; the defaults come back afterwards."""
    root = logging.getLogger()
    before = root.handlers, root.level
    text = io.StringIO()
    logs.set_up("info", text)
    yield text
    structlog.reset_defaults()
    root.handlers, root.level = before


def test_a_line_is_json(stream: io.StringIO) -> None:
    """One line, one object, with event, level and time."""
    logs.logger().info("transfer", transfer="t-1", verdict="DENY")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["level"], line["transfer"], line["verdict"]) == ("transfer", "info", "t-1", "DENY")
    assert "T" in line["at"]


def test_a_field_that_is_not_listed_is_dropped(stream: io.StringIO) -> None:
    """Whoever logs a body by mistake logs nothing."""
    logs.logger().info("transfer", body="440105199003071016", value="A123456(3)")
    assert "440105" not in stream.getvalue()
    assert "A123456" not in stream.getvalue()


def test_an_exception_is_its_class(stream: io.StringIO) -> None:
    """The message of an exception may quote a payload, so only its class is told."""
    logs.logger().error("room failed", exc_info=ValueError("440105199003071016"))
    assert json.loads(stream.getvalue())["error"] == "ValueError"


def test_a_library_is_named_but_not_quoted(stream: io.StringIO) -> None:
    """A library's warning shows where it came from; its text is not ours to vouch for."""
    try:
        raise ValueError("440105199003071016")
    except ValueError:
        logging.getLogger("someone.else").exception("failed on %s", "A123456(3)")
    line = json.loads(stream.getvalue())
    assert line["event"] == "library"
    assert line["error"].startswith("ValueError at someone.else:")
    assert "A123456" not in stream.getvalue()
    assert "440105" not in stream.getvalue()


def test_levels_below_are_silent(stream: io.StringIO) -> None:
    """What is below the level costs nothing and says nothing."""
    logs.logger().debug("transfer")
    assert stream.getvalue() == ""

"""Structured logs: JSON, one canonical line per transfer, constant field names, no payload text ever.

A line is built from an allow-list: a field that is not listed here never reaches the output, whoever passes
it. So nobody can leak by adding a keyword to a call (law 4).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import orjson
import structlog

FIELDS = (
    "event",
    "level",
    "at",
    "gateway",
    "worker",
    "transfer",
    "about",
    "leg",
    "exporter",
    "recipient",
    "route",
    "host",
    "method",
    "status",
    "media_type",
    "size",
    "state",
    "verdict",
    "fault",
    "entry",
    "basis",
    "rules",
    "categories",
    "opaque",
    "notices",
    "violations",
    "individuals",
    "obligations",
    "rulebook",
    "ledger_index",
    "microseconds",
    "address",
    "port",
    "mode",
    "workers",
    "pid",
    "signal",
    "error",
    "metrics_url",
    "entries",
    "problems",
    "before",
    "approved_by",
    "lacking",
)
"""Every field that a line may have. ``error`` is the name of an exception's class, never its message."""

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_ALLOWED = frozenset(FIELDS)


def _allowed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what is not on the list; an exception is reduced to the name of its class."""
    fault = event.pop("exc_info", None)
    if isinstance(fault, BaseException):
        event["error"] = type(fault).__name__
    return {key: value for key, value in event.items() if key in _ALLOWED}


def _render(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """One line of JSON."""
    return orjson.dumps(event, default=str).decode()


def set_up(level: str = "info", stream: TextIO | None = None) -> None:
    """Send structlog's lines, and those of libraries from warning on, to ``stream`` (standard error)."""
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="at", utc=False),
            _allowed,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(file=stream),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [_Library(stream)]
    root.setLevel(logging.WARNING)


class _Library(logging.Handler):
    """Says that a library complained, and which; its message is not ours to vouch for, so it is left out."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else None
        place = f"{record.name}:{record.lineno}"
        error = f"{type(fault).__name__} at {place}" if fault else place
        line = {"event": "library", "level": record.levelname.lower(), "error": error}
        self._stream.write(orjson.dumps(line).decode() + "\n")


def logger() -> Any:
    """Return the logger of the house."""
    return structlog.get_logger()

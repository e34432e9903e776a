"""What must not happen, whatever the bytes are: ``check`` looks for it."""

from __future__ import annotations

import resource
import time
from datetime import datetime

from gateway.decode import decode, rebuild
from gateway.decode.walk import Apart
from gateway.vocabulary import BEIJING, STRANGER, Envelope, Leg, Limits, State, Transfer

LIMITS = Limits(seconds=2.0, memory=160 * 1024 * 1024)
SLOWEST = LIMITS.seconds + 0.5
"""Seconds of work for a message of at most a MiB: its two, and what goes on until the next look at the clock."""
MOST_MEMORY = 256 * 1024 * 1024
_LOOKED_AT = 1000


class Finding(AssertionError):
    """Something happened that must not."""


def transfer(data: bytes, type: str) -> Transfer:
    """Return a message with this body."""
    headers = ((b"Content-Type", type.encode()),) if type else ()
    envelope = Envelope("POST", "https", "a.example", 443, b"/", headers)
    now = datetime(2026, 11, 20, tzinfo=BEIJING)
    return Transfer("t", now, Leg.REQUEST, STRANGER, STRANGER, envelope, data, State.COMPLETE)


def check(data: bytes, type: str, apart: Apart) -> None:
    """Decode ``data``, declared as ``type`` (as nothing where that is ""). Raises ``Finding``, or what a reader raised.

    No exception leaves ``decode`` or the reading of a part; time and memory are bounded; every value and every mark
    lies in its text; a body in which nothing was edited comes back as it was. ``apart`` reads what is native or slow.
    """
    message = transfer(data, type)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    content = decode(message, LIMITS, apart)
    values = [(part, segment) for part in content.parts for segment in part.segments]
    seconds = time.process_time() - begun
    if len(data) <= 1 << 20:
        _expect(seconds < SLOWEST, f"{seconds:.1f} seconds of work")
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024
        _expect(grown < MOST_MEMORY, f"{grown >> 20} MiB")
    for opaque in content.opaque:
        _expect(not opaque.detail.endswith(("Error", "Exception")), f"a reader raised {opaque.detail}")
    for part, segment in values[:_LOOKED_AT]:
        _expect(0 <= segment.start <= segment.end <= len(part.text), f"a value outside of its text ({part.format})")
        if segment.text and segment.marks is not None:
            start, end = segment.span(0, len(segment.text))
            _expect(0 <= start <= end <= len(part.text), f"a mark outside of its text ({part.format})")
    _expect(rebuild(message, content, ()) == data, "a body changed with no edit")


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Finding(otherwise)

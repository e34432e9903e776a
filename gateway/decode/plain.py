"""text/plain: one value, as written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.splicing import spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def judge(text: str) -> None:
    """Raise ``Unreadable`` where characters stand that no text has: escape sequences, NULs, remains of a binary."""
    if _CONTROL.search(text):
        raise Unreadable(Unread.UNKNOWN_FORMAT, "octet-stream")


def read(text: str) -> tuple[Segment, ...]:
    """Return the whole text as one value."""
    return (Segment(text, "text:", "", 0, len(text)),)


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the text."""
    return spliced(part.text, [(edit.start, edit.end, edit.text) for edit in edits])


def _judged(text: str, _: Limits) -> Judged:
    judge(text)
    return True, ()


FORMAT = Format("text", _judged, read, write)

"""Plain text: one value, the whole of it."""

from __future__ import annotations

import re

from gateway.vocabulary import Edit, Part, Segment

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def is_text(text: str) -> bool:
    """Tell whether ``text`` has no control characters but those of layout; the rest is somebody's binary format."""
    return CONTROL.search(text) is None


def read(text: str) -> tuple[Segment, ...]:
    """Return the text as one value."""
    return (Segment(text, "text:", "", 0, len(text)),)


def write(_part: Part, edits: tuple[Edit, ...]) -> list[tuple[int, int, str]]:
    """Return the edits as they are."""
    return [(edit.start, edit.end, edit.text) for edit in edits]

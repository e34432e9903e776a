"""Edits on a text: in order, within it, apart from each other."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.vocabulary import Edit, Part


class Unwritable(ValueError):
    """An edit that cannot be made: on a part that is only read, beyond a value, or over another edit."""


def in_order(part: Part, edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits of ``part`` by place; raise ``Unwritable`` where they overlap or leave the text."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    done = 0
    for edit in ordered:
        if not done <= edit.start <= edit.end <= len(part.text):
            raise Unwritable("edits overlap or lie outside of the text")
        done = edit.end
    return ordered


def spliced(text: str, replacements: Iterable[tuple[int, int, str]]) -> str:
    """Return ``text`` with each ``start:end`` replaced; the replacements must be in order."""
    pieces: list[str] = []
    done = 0
    for start, end, replacement in replacements:
        pieces += [text[done:start], replacement]
        done = end
    return "".join([*pieces, text[done:]])

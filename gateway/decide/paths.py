"""Whether the path of a request target fits a path template.

Gateways and upstreams that read one path differently are the oldest way around a rule on paths, so a path that two
programs could read differently fits nothing: no dot segments, empty segments, backslashes, path parameters, encoded
delimiters, second decodings, or bytes that are no UTF-8 (RFC 3986 sections 3.3, 5.2.4 and 6.2.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

_PLAIN = re.compile(rb"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?|/")
"""Paths that everybody reads alike: nothing encoded, no segment that begins with a dot."""
_TARGET = re.compile(rb"/[!-~]*")
_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_AMBIGUOUS = re.compile(r"[/\\;%?#\x00-\x1f\x7f-\x9f]")

type Steps = tuple[str, ...]


def steps_of(target: bytes) -> Steps | None:
    """Return the decoded segments of the path of ``target``, or None where its reading is ambiguous.

    A path that ends in a slash has an empty last segment; ``/`` has that one alone.
    """
    path, _, _ = target.partition(b"?")
    if _PLAIN.fullmatch(path):
        return tuple(path.decode("ascii")[1:].split("/"))
    if not _TARGET.fullmatch(path) or _PERCENT.search(path):
        return None
    steps: list[str] = []
    for segment in path[1:].split(b"/"):
        try:
            step = unquote_to_bytes(segment).decode("utf-8")
        except UnicodeDecodeError:
            return None
        if _is_ambiguous(step):
            return None
        steps.append(step)
    return tuple(steps) if all(steps[:-1]) else None


def _is_ambiguous(step: str) -> bool:
    """Tell of a segment that some program might take for a delimiter or for a step up, full-width forms included."""
    if _AMBIGUOUS.search(step):
        return True
    folded = step if step.isascii() else unicodedata.normalize("NFKC", step)
    return folded in {".", ".."} or (folded is not step and _AMBIGUOUS.search(folded) is not None)


class PathTree[Item]:
    """What stands at path templates, found by a path: a tree with a branch for each step."""

    __slots__ = ("_root",)

    def __init__(self) -> None:
        """Begin without templates."""
        self._root: _Branch[Item] = _Branch()

    def add(self, template: str, item: Item) -> None:
        """Put ``item`` at a template such as ``/v1/patients/{id}``; braces stand for one step that is not empty."""
        branch = self._root
        for step in template[1:].split("/"):
            branch = branch.below.setdefault(_template_step(step), _Branch())
        branch.items.append(item)

    def fitting(self, steps: Steps) -> Iterator[Item]:
        """Yield all items at templates that stand for this path."""
        branches = [self._root]
        for step in steps:
            branches = [
                below
                for branch in branches
                for key in ((step, None) if step else (step,))
                if (below := branch.below.get(key)) is not None
            ]
        for branch in branches:
            yield from branch.items


class _Branch[Item]:
    __slots__ = ("below", "items")

    def __init__(self) -> None:
        self.below: dict[str | None, _Branch[Item]] = {}
        self.items: list[Item] = []


def _template_step(step: str) -> str | None:
    """Return what a step of a template asks for, decoded; None for a step in braces."""
    if step.startswith("{") and step.endswith("}"):
        return None
    return unquote_to_bytes(step).decode("utf-8", "replace")

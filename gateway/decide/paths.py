"""Whether the path of a request target fits a path template.

Gateways and upstreams that read one path differently are the oldest way around a rule on paths, so a path that two
programs could read differently fits nothing: no dot segments, empty segments, backslashes, path parameters, encoded
delimiters, second decodings, or bytes that are no UTF-8 (RFC 3986 sections 3.3, 5.2.4 and 6.2.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
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


class Templates:
    """The path templates of an endpoint, ready for look-up."""

    __slots__ = ("_exact", "_open")

    def __init__(self, templates: Iterable[str]) -> None:
        """Take templates such as ``/v1/patients/{id}``; a step in braces stands for one segment that is not empty."""
        self._exact: set[Steps] = set()
        self._open: dict[int, list[tuple[str | None, ...]]] = {}
        for template in sorted(templates):
            steps = tuple(_template_step(step) for step in template[1:].split("/"))
            if None in steps:
                self._open.setdefault(len(steps), []).append(steps)
            else:
                self._exact.add(tuple(step for step in steps if step is not None))

    def fit(self, steps: Steps | None) -> bool:
        """Tell whether one of the templates stands for this path; None fits nothing."""
        if steps is None:
            return False
        if steps in self._exact:
            return True
        return any(
            all(seen == wanted if wanted is not None else seen for wanted, seen in zip(template, steps, strict=True))
            for template in self._open.get(len(steps), ())
        )


def _template_step(step: str) -> str | None:
    """Return what a step of a template asks for, decoded; None for a step in braces."""
    if step.startswith("{") and step.endswith("}"):
        return None
    return unquote_to_bytes(step).decode("utf-8", "replace")

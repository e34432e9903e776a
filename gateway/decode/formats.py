"""The table of formats that can be read: to add one, write its file and add its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gateway.decode import form, json_text, plain
from gateway.decode.media import FORM, JSON, TEXT
from gateway.vocabulary import Edit, Limits, Part, Segment

type Judged = tuple[bool, tuple[str, ...]]
"""Whether the text is written as it is meant, and notices."""


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is judged, read and written."""

    name: str
    where: str
    judge: Callable[[str, Limits], Judged]
    """Raises ``Unreadable`` where the text is no such document, or beyond the limits."""
    read: Callable[[str], tuple[Segment, ...]]
    write: Callable[[Part, Iterable[Edit]], str]


def _json(text: str, limits: Limits) -> Judged:
    repeated = json_text.judge(text, limits)
    return "\\" not in text, ("json.duplicate_key",) if repeated else ()


def _form(text: str, limits: Limits) -> Judged:
    form.judge(text, limits)
    return "%" not in text and "+" not in text, ()


def _plain(text: str, _: Limits) -> Judged:
    plain.judge(text)
    return True, ()


FORMATS: Mapping[str, Format] = {
    JSON: Format("json", "json:", _json, json_text.read, json_text.write),
    FORM: Format("form", "form:", _form, form.read, form.write),
    TEXT: Format("text", "text:", _plain, plain.read, plain.write),
}
"""Formats by media type."""

BY_NAME: Mapping[str, Format] = {each.name: each for each in FORMATS.values()}
"""Formats by the name that a part bears."""

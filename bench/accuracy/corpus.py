"""The corpus: families of messages, each in one half; every message of a family is made by chance from a fixed seed.

A family is a system of labelled fields in one shape, or one template of running text. Its field names, its sentences,
its given names and streets belong to its half alone, so nothing that is learnt on the half ``tune`` says anything by
rote about the half ``report``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from bench.accuracy.identifiers import Chance
from bench.accuracy.marked import LANGUAGES, Marked, Message, Setting, Writing
from bench.accuracy.prose import Template, templates
from bench.accuracy.schemas import STYLES, SYSTEMS, fields, spellings
from bench.accuracy.shapes import PAPER, SHAPES, Record, encoded
from bench.accuracy.values import make

HALVES = ("tune", "report")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ROWS = {
    "json": (1, 3),
    "csv": (2, 6),
    "xml": (1, 3),
    "form": (1, 1),
    "urlencoded": (1, 1),
    "pairs": (1, 1),
    "html": (1, 3),
    "markdown": (2, 5),
}
_SETTINGS: dict[str, Setting] = {"form": "form", "html": "beside", "markdown": "beside", "pairs": "beside"}
SHARE_RUNNING = 0.4
"""Share of the records that are running text."""


def corpus(half: str, records: int) -> Iterator[Message]:
    """Yield messages with at least ``records`` records; the same for the same arguments, always."""
    number = HALVES.index(half)
    structured, running = (
        _structured_families(number),
        [each for language in LANGUAGES for each in templates(language, number)],
    )
    yield from _until(structured, records * (1 - SHARE_RUNNING), half)
    yield from _until(running, records * SHARE_RUNNING, half)


def _until(families: list[_System] | list[Template], records: float, half: str) -> Iterator[Message]:
    made = turn = 0
    while made < records:
        for family in families:
            chance = random.Random(f"{half}/{family.name}/{turn}")
            message = family.message(chance) if isinstance(family, _System) else _prose(family, chance)
            made += message.records
            yield message
            if made >= records:
                return
        turn += 1


class _System:
    """One family of labelled records: which fields, under which names, in which shape."""

    def __init__(self, system: str, language: str, style: str, shape: str, half: int, variant: int) -> None:
        self.name = f"{language}/{shape}/{system}/{style}/{variant}"
        self.language, self.shape, self.half = language, shape, half
        chance = random.Random(f"{half}/{self.name}")
        kinds = [chance.choice(choices) for choices in fields(system, language)]
        self.fields: list[tuple[str, str]] = []
        for kind in kinds:
            free = [label for label in spellings(kind, style, half) if label not in {label for label, _ in self.fields}]
            if free:
                label = chance.choice(free)
                self.fields.append((as_on_paper(label) if shape in PAPER else label, kind))

    def message(self, chance: Chance) -> Message:
        """Make one message."""
        rows = chance.randint(*_ROWS[self.shape])
        records: list[Record] = [self._record(chance) for _ in range(rows)]
        written, media_type = SHAPES[self.shape](records, chance)
        setting = _SETTINGS.get(self.shape, "labelled")
        body, charset, said = encoded(written.text, media_type, self.language, chance)
        return Message(
            self.name, self.language, setting, self.shape, charset, said, written.text, body, tuple(written.spans), rows
        )

    def _record(self, chance: Chance) -> Record:
        made: list[tuple[str, Marked]] = []
        for label, kind in self.fields:
            made.append((label, make(kind, chance, self.language, self.half)))
        return made


def _structured_families(half: int) -> list[_System]:
    return [
        _System(system, language, style, shape, half, variant)
        for variant in range(6)
        for system in SYSTEMS
        for language in LANGUAGES
        for shape in SHAPES
        for style in (_style(language, shape, variant),)
    ]


def _style(language: str, shape: str, variant: int) -> str:
    """Return how fields are named: on a form as people write, elsewhere now and then as programs do."""
    return language if shape in PAPER else STYLES[language][variant % len(STYLES[language])]


def as_on_paper(label: str) -> str:
    """Return the name of a field as a form has it: ``exitEntryPermitNo`` -> ``Exit Entry Permit No``."""
    apart = _HUMP.sub(" ", label).replace("_", " ")
    return apart[:1].upper() + apart[1:] if apart.isascii() else apart


def _prose(template: Template, chance: Chance) -> Message:
    written = Writing()
    written.value(template.filled(chance))
    body, charset, said = encoded(written.text, "text/plain", template.language, chance)
    name, text = template.name, written.text
    return Message(
        name, template.language, "running", template.kind, charset, said, text, body, tuple(written.spans), 1
    )

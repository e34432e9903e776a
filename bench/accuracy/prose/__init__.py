"""Running text: letters, e-mails, clinical notes, minutes, chat, in four languages.

Templates stand in ``<language>.txt``. ``=== <kind>`` begins one; ``{kind of value}`` is filled in by chance;
``{filler}`` takes a harmless sentence of the list under ``=== filler``. Templates and fillers are dealt to the halves
one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.accuracy.identifiers import Chance
from bench.accuracy.marked import Marked, Piece, Truth
from bench.accuracy.people import half_of, surname
from bench.accuracy.values import in_prose

_SLOT = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One family of texts."""

    name: str
    kind: str
    language: str
    half: int
    text: str
    fillers: tuple[str, ...]

    def filled(self, chance: Chance) -> Marked:
        """Return a text of the family."""
        pieces: list[Piece] = []
        for place, stretch in enumerate(_SLOT.split(self.text)):
            if place % 2 == 0:
                pieces.append(Piece(stretch))
            elif stretch == "filler":
                pieces.append(Piece(chance.choice(self.fillers)))
            elif stretch == "surname":  # before or after a title: who finds it is right, who does not is not wrong
                called = surname(chance, self.language)
                pieces.append(Piece(called, Truth("pi.name", "surname", wanted=False)))
            else:
                pieces += in_prose(chance.choice(stretch.split("|")), chance, self.language, self.half)
        return tuple(piece for piece in pieces if piece.text)


@cache
def templates(language: str, half: int) -> tuple[Template, ...]:
    """Return the templates of a language in one half of the corpus."""
    text = Path(__file__).with_name(f"{language}.txt").read_text(encoding="utf-8")
    blocks = [block.split("\n", 1) for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]]
    fillers = [line for kind, body in blocks if kind == "filler" for line in body.strip().splitlines()]
    by_kind: dict[str, list[str]] = {}
    for kind, body in blocks:
        if kind != "filler":
            by_kind.setdefault(kind, []).append(body.strip())
    return tuple(
        Template(f"{language}/{kind}/{number}", kind, language, half, body, tuple(half_of(fillers, half)))
        for kind, bodies in by_kind.items()
        for number, body in enumerate(bodies)
        if number % 2 == half
    )

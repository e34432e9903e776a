"""CEL, the Common Expression Language, for what ``when`` cannot say: the one file that knows its library.

An expression is typed against the table of facts when its file is read, so a name that is not there or a comparison
of text with a number is a fault with its column. It ends: CEL has no loops, comprehensions have a budget, and its
regular expressions are RE2's. Facts that grow with findings are not offered, since ``!`` could undo their growth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cel_expr_python import cel

from gateway.rulebook.facts import FACTS, Kind

_TYPES = {
    Kind.TEXT: cel.Type.STRING,
    Kind.TEXTS: cel.Type.List(cel.Type.STRING),
    Kind.NUMBER: cel.Type.INT,
    Kind.FLAG: cel.Type.BOOL,
    Kind.DAY: cel.Type.STRING,
}
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
_SPLIT = re.compile(r"\s\.|\.\s")
_PLACE = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")
LONGEST = 2000
MOST_KNOWN = 16_384
"""Outcomes that are kept of one expression."""


class BadExpression(ValueError):
    """Text that is no expression over facts. ``column`` counts from 1 within the expression."""

    def __init__(self, fault: str, column: int = 1) -> None:
        super().__init__(fault)
        self.column = column


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; two are equal where their texts are."""

    text: str
    names: tuple[str, ...]
    """Facts that it asks for."""
    _program: Any = field(repr=False, compare=False)
    _known: dict[tuple[object, ...], bool] = field(default_factory=dict, repr=False, compare=False)
    """What came out before; its library compiles the regular expressions of ``matches`` again each time."""

    def holds(self, values: tuple[object, ...]) -> bool:
        """Tell whether it holds where ``names`` have these values; what cannot be worked out counts as holding.

        A policy speaks where its expression holds, so an error refuses rather than lets through.
        """
        held = self._known.get(values)
        if held is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            facts = {
                name: sorted(value) if isinstance(value, frozenset) else value
                for name, value in zip(self.names, values, strict=True)
            }
            held = self._known[values] = self._outcome(facts)
        return held

    def _outcome(self, facts: dict[str, object]) -> bool:
        try:
            return self._program.eval(data=facts).value() is not False
        except RuntimeError:  # its budget of iterations is spent
            return True


@cache
def _environment() -> Any:
    return cel.NewEnv(variables={name: _TYPES[fact.kind] for name, fact in FACTS.items() if not fact.grows})


def expression(text: str) -> Expression:
    """Compile ``text``. Raises ``BadExpression``."""
    if len(text) > LONGEST:
        raise BadExpression(f"the expression has more than {LONGEST} characters")
    bare = _STRING.sub('""', text)
    if split := _SPLIT.search(bare):
        raise BadExpression("a blank stands beside a dot: write the name of a fact in one piece", split.start() + 1)
    names = {name for found in _NAME.findall(bare) for name in FACTS if found == name or found.startswith(f"{name}.")}
    grows = sorted(name for name in names if FACTS[name].grows)
    if grows:
        raise BadExpression(
            f"'{grows[0]}' grows with what is found, and an expression could turn that round", bare.find(grows[0]) + 1
        )
    try:
        program = _environment().compile(text)
    except RuntimeError as error:
        found = _PLACE.search(str(error))
        if found is None:
            raise BadExpression("this is no CEL expression") from None
        raise BadExpression(found[3].removesuffix(" [INVALID_ARGUMENT]"), int(found[2])) from None
    if program.return_type() != cel.Type.BOOL:
        raise BadExpression(f"the expression is not true or false, but {program.return_type().name().lower()}")
    return Expression(text, tuple(sorted(names)), program)

"""Rule files that are broken in one way each: what stands there, what is written instead, the place to be told."""

from dataclasses import dataclass

from gateway.rulebook.document import Problem

HERE = "§"
"""Stands, in a replacement, right before the place that the problem must name; it is taken out before reading."""


@dataclass(frozen=True)
class Broken:
    """One way of being broken."""

    sentence: str
    written: str
    """What stands in the sound file."""
    instead: str
    """What is written instead, with the place marked."""
    says: tuple[str, ...]
    """Words that fault and fix must hold."""


def broken(sentence: str, written: str, instead: str, *says: str) -> Broken:
    """A way of being broken, in short."""
    return Broken(sentence, written, instead, says)


def apply(sound: str, way: Broken) -> tuple[str, tuple[int, int]]:
    """Break ``sound`` in this way; return the text and the line and column that must be told."""
    assert sound.count(way.written) >= 1, way.sentence
    text = sound.replace(way.written, way.instead, 1)
    assert text.count(HERE) == 1, way.sentence
    before = text[: text.index(HERE)]
    return text.replace(HERE, ""), (before.count("\n") + 1, len(before) - before.rfind("\n"))


def assert_told(problems: tuple[Problem, ...], way: Broken, place: tuple[int, int]) -> None:
    """One problem at the place, in the words; what follows from it may be told elsewhere."""
    here = [problem for problem in problems if (problem.line, problem.column) == place]
    assert len(here) == 1, (place, [str(problem) for problem in problems])
    for words in way.says:
        assert words in str(here[0])

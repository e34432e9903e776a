"""A rule file once it is read: plain data, and the place of every node in it; and what is wrong with a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

type Path = tuple[str | int, ...]
"""Steps from the root of a file to a node: keys of mappings and indices of lists."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file. Lines and columns count from 1, columns in code points."""

    file: str
    line: int
    column: int
    fault: str
    fix: str

    def __str__(self) -> str:
        """Say it in the form that editors and compilers share."""
        return f"{self.file}:{self.line}:{self.column}: {self.fault}; {self.fix}"


class Faulty(Exception):
    """Rule files that cannot be used, with everything that is wrong with them in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Document:
    """A rule file as plain data (dict, list, str, int, bool, None) that still knows where each node stands."""

    name: str
    """Path relative to the root of the rulebook, with forward slashes."""
    data: Any
    values: Mapping[Path, tuple[int, int]] = field(repr=False)
    """Line and column of each node."""
    keys: Mapping[Path, tuple[int, int]] = field(repr=False)
    """Line and column of each key of a mapping, by the path of its value."""

    def place(self, *path: str | int) -> tuple[int, int]:
        """Line and column, from 1, of the node at ``path``, or of the nearest node above it that exists."""
        steps: Path = path
        while steps and steps not in self.values:
            steps = steps[:-1]
        return self.values.get(steps, (1, 1))

    def source(self, *path: str | int) -> str:
        """``name:line`` of the node at ``path``."""
        return f"{self.name}:{self.place(*path)[0]}"

    def problem(self, path: Iterable[str | int], fault: str, fix: str) -> Problem:
        """Say what is wrong with the node at ``path``."""
        return Problem(self.name, *self.place(*path), fault, fix)

    def key_problem(self, path: Iterable[str | int], fault: str, fix: str) -> Problem:
        """Say what is wrong with the key at ``path`` rather than with its value."""
        steps = tuple(path)
        return Problem(self.name, *self.keys.get(steps, self.place(*steps)), fault, fix)

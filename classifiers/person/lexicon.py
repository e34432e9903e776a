"""Word lists that stand beside the finders of names, as they read them.

In each list, lines that begin with ``#`` say what it is; all other lines hold entries between blanks.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of a list that are not remarks."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def words(name: str) -> frozenset[str]:
    """Return all entries of a list."""
    return frozenset(word for line in lines(name) for word in line.split())


def graded(name: str, unit: float) -> dict[str, float]:
    """Return entry -> grade times ``unit``, of a list whose lines each begin with the grade of their entries."""
    grades: dict[str, float] = {}
    for line in lines(name):
        first, *entries = line.split()
        grades.update(dict.fromkeys(entries, int(first) * unit))
    return grades


def grouped(name: str) -> Mapping[str, frozenset[str]]:
    """Return name of the group -> its entries, of a list whose lines each begin with the name of a group."""
    groups: dict[str, set[str]] = {}
    for line in lines(name):
        first, *entries = line.split()
        groups.setdefault(first, set()).update(entries)
    return MappingProxyType({group: frozenset(entries) for group, entries in groups.items()})

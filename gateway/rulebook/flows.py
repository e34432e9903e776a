"""Which flows hold which: entries that permit the same exchanges, found without comparing each with each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gateway.rulebook.addresses import path_within, paths_meet
from gateway.rulebook.book import Endpoint, Entry, under

_HOLE = "{}"
"""A step in braces, whatever the word in them."""


@dataclass(slots=True)
class Templates:
    """Path templates as a tree of steps, with numbers at their ends. A question walks only where a path can lead."""

    numbers: list[int] = field(default_factory=list)
    """Numbers of the templates that end here."""
    after: dict[str, Templates] = field(default_factory=dict)
    """What follows, by step."""

    def add(self, path: str, number: int) -> None:
        """Put ``number`` at the end of a template."""
        node = self
        for step in _steps(path):
            node = node.after.setdefault(step, Templates())
        node.numbers.append(number)

    def holding(self, path: str) -> Iterator[int]:
        """Numbers of the templates that every path of ``path`` fits."""
        nodes = [self]
        for step in _steps(path):
            nodes = [node.after[name] for node in nodes for name in {step, _open(step)} if name in node.after]
        return (number for node in nodes for number in node.numbers)

    def meeting(self, path: str) -> Iterator[int]:
        """Numbers of the templates that some path of ``path`` fits."""
        nodes = [self]
        for step in _steps(path):
            if step == _HOLE:
                nodes = [inner for node in nodes for name, inner in node.after.items() if name]
            else:
                nodes = [node.after[name] for node in nodes for name in {step, _open(step)} if name in node.after]
        return (number for node in nodes for number in node.numbers)


def _steps(path: str) -> list[str]:
    return [_HOLE if "{" in step else step for step in path.split("/")]


def _open(step: str) -> str:
    """The hole that a step fits; a path's empty last step fits none."""
    return _HOLE if step else step


def ambiguous(paths: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of templates, by place, that some path fits both; each template with the first that meets it."""
    known = Templates()
    for at, path in enumerate(paths):
        first = min(known.meeting(path), default=None)
        if first is not None:
            yield first, at
        known.add(path, at)


def shadowed(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Places (outer, inner) of entries that permit nothing which another does not; each inner one once.

    Of two that permit the same, the later is the inner one.
    """
    trees = _trees(entries)
    for at, inner in enumerate(entries):
        if not (inner.endpoints and inner.endpoints[0].paths):
            continue
        tree = trees[_keys(inner)[0]]
        for other in sorted(set(tree.holding(inner.endpoints[0].paths[0])) - {at}):
            outer = entries[other]
            if covers(outer, inner) and (other < at or not covers(inner, outer)):
                yield other, at
                break


def overlapping(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Places of entries that some exchange on some day fits both; each with the first before it."""
    trees: dict[tuple[object, ...], Templates] = {}
    for at, entry in enumerate(entries):
        met: set[int] = set()
        for key, endpoint in zip(_keys(entry), entry.endpoints, strict=True):
            tree = trees.get(key)
            for path in endpoint.paths if tree else ():
                met.update(tree.meeting(path) if tree else ())
        first = next((other for other in sorted(met) if overlap(entries[other], entry)), None)
        if first is not None:
            yield first, at
        _plant(trees, at, entry)


def _trees(entries: Sequence[Entry]) -> dict[tuple[object, ...], Templates]:
    trees: dict[tuple[object, ...], Templates] = {}
    for at, entry in enumerate(entries):
        _plant(trees, at, entry)
    return trees


def _plant(trees: dict[tuple[object, ...], Templates], at: int, entry: Entry) -> None:
    for key, endpoint in zip(_keys(entry), entry.endpoints, strict=True):
        for path in endpoint.paths:
            trees.setdefault(key, Templates()).add(path, at)


def _keys(entry: Entry) -> list[tuple[object, ...]]:
    """What two entries must have in common, endpoint by endpoint, before their paths need be looked at."""
    flow = (entry.exporter, entry.recipient, entry.carried_in)
    return [(*flow, endpoint.host, endpoint.port) for endpoint in entry.endpoints]


def covers(outer: Entry, inner: Entry) -> bool:
    """Tell whether ``outer`` permits whatever ``inner`` permits, whenever ``inner`` does."""
    return (
        _same_flow(outer, inner)
        and outer.validity.since <= inner.validity.since
        and outer.validity.until >= inner.validity.until
        and _same_terms(outer, inner)
        and all(under(category, outer.categories) for category in inner.categories)
        and all(under(category, outer.counterflow) for category in inner.counterflow)
        and all(any(_endpoint_within(small, large) for large in outer.endpoints) for small in inner.endpoints)
    )


def overlap(one: Entry, other: Entry) -> bool:
    """Tell whether some exchange on some day fits both entries."""
    return (
        _same_flow(one, other)
        and one.validity.since <= other.validity.until
        and other.validity.since <= one.validity.until
        and any(_endpoints_meet(left, right) for left in one.endpoints for right in other.endpoints)
    )


def _same_flow(one: Entry, other: Entry) -> bool:
    return (one.exporter, one.recipient, one.carried_in) == (other.exporter, other.recipient, other.carried_in)


def _same_terms(one: Entry, other: Entry) -> bool:
    """Whether two entries are judged by the same dataset and ceilings; one with others permits other things."""
    return (one.dataset, one.counterflow_dataset, {(c.what, c.per, c.at_most) for c in one.ceilings}) == (
        other.dataset,
        other.counterflow_dataset,
        {(c.what, c.per, c.at_most) for c in other.ceilings},
    )


def _endpoint_within(inner: Endpoint, outer: Endpoint) -> bool:
    return (
        (inner.host, inner.port) == (outer.host, outer.port)
        and inner.methods <= outer.methods
        and inner.media_types <= outer.media_types
        and all(any(path_within(small, large) for large in outer.paths) for small in inner.paths)
        and set(inner.addresses) <= set(outer.addresses)
        and inner.websocket <= outer.websocket
        and inner.protobuf == outer.protobuf
    )


def _endpoints_meet(one: Endpoint, other: Endpoint) -> bool:
    return (
        (one.host, one.port) == (other.host, other.port)
        and not one.methods.isdisjoint(other.methods)
        and any(paths_meet(left, right) for left in one.paths for right in other.paths)
    )

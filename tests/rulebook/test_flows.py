"""Entries that hold or meet each other are found as if each had been compared with each, at a fraction of the work."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rulebook import flows
from gateway.rulebook.addresses import path_within, paths_meet
from gateway.rulebook.book import Entry, Validity
from gateway.rulebook.flows import Templates, ambiguous, covers, overlap, overlapping, shadowed
from tests.rulebook.sound import SOUND
from tests.rulebook.test_whitelist import read

STEPS = st.lists(st.sampled_from(["a", "b", "{x}", "{y}"]), min_size=1, max_size=3)
PATHS = st.builds(lambda steps, tail: "/" + "/".join(steps) + tail, STEPS, st.sampled_from(["", "/"]))


@given(st.lists(PATHS, max_size=8), PATHS)
def test_the_tree_answers_as_comparing_does(paths: list[str], asked: str) -> None:
    """Which templates hold or meet a path: the tree and a comparison with each agree."""
    tree = Templates()
    for at, path in enumerate(paths):
        tree.add(path, at)
    assert sorted(tree.holding(asked)) == [at for at, path in enumerate(paths) if path_within(asked, path)]
    assert sorted(tree.meeting(asked)) == [at for at, path in enumerate(paths) if paths_meet(asked, path)]


@given(st.lists(PATHS, max_size=6))
def test_each_ambiguous_path_is_told_once(paths: list[str]) -> None:
    """A template that meets some before it is told with the first of them."""
    wanted: dict[int, int] = {}
    for one, other in combinations(range(len(paths)), 2):
        if paths_meet(paths[one], paths[other]):
            wanted.setdefault(other, one)
            wanted[other] = min(wanted[other], one)
    assert {other: one for one, other in ambiguous(paths)} == wanted


def variants() -> Iterator[Entry]:
    """Entries that differ from the sound one in path, method and days."""
    entry = read(SOUND).entries["applications"]
    endpoint = entry.endpoints[0]
    for paths in (("/v1/a",), ("/v1/{id}",), ("/v1/a", "/v1/b"), ("/v1/{id}", "/v2/a")):
        for methods in ("POST", "PUT"), ("POST",), ("PUT",):
            for until in (date(2026, 6, 30), date(2026, 12, 31)):
                yield replace(
                    entry,
                    endpoints=(replace(endpoint, paths=paths, methods=frozenset(methods)),),
                    validity=Validity(entry.validity.since, until),
                )


VARIANTS = list(variants())


@given(st.lists(st.sampled_from(VARIANTS), max_size=6))
def test_entries_are_found_as_comparing_finds_them(entries: list[Entry]) -> None:
    """Who is shadowed, and who overlaps one before, is the same as by comparing each with each."""
    inner = {
        at
        for at, small in enumerate(entries)
        for other, large in enumerate(entries)
        if other != at and covers(large, small) and (other < at or not covers(small, large))
    }
    later = {at for one, at in combinations(range(len(entries)), 2) if overlap(entries[one], entries[at])}
    assert {at for _, at in shadowed(entries)} == inner
    assert {at for _, at in overlapping(entries)} == later


def test_entries_of_other_terms_do_not_hide_each_other() -> None:
    """The same exchange under another ceiling or another dataset is another permission."""
    entry = VARIANTS[0]
    assert list(shadowed([entry, entry])) == [(0, 1)]
    assert list(shadowed([entry, replace(entry, dataset="other")])) == []


def test_a_thousand_entries_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of one flow and one host whose paths differ are never compared: the work grows as their number."""
    entry = VARIANTS[0]
    endpoint = entry.endpoints[0]
    many = [
        replace(entry, endpoints=(replace(endpoint, paths=(f"/v1/{at}/x", f"/v1/{at}/{{id}}/y")),))
        for at in range(1000)
    ]
    compared = 0

    def count(*_: Entry) -> bool:
        nonlocal compared
        compared += 1
        return False

    monkeypatch.setattr(flows, "covers", count)
    monkeypatch.setattr(flows, "overlap", count)
    assert list(shadowed(many)) == []
    assert list(overlapping(many)) == []
    assert compared == 0

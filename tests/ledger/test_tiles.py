"""Tiles: names, widths and bundles as C2SP tlog-tiles has them, and hashes of any subtree out of tiles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger.tiles import (
    ENTRIES,
    LONGEST,
    WIDE,
    WIDTH,
    BadTile,
    Tile,
    pack,
    peaks_in,
    root_of,
    split,
    subtree_in,
    tile_at,
    tiles_of,
    unpack,
    width_at,
)
from gateway.ledger.tree import EMPTY_ROOT, Frontier, consistency_proof, inclusion_proof, leaf_hash, subtree_of


def tiles_over(leaves: list[bytes]) -> dict[Tile, bytes]:
    """Every tile of a tree, made level by level."""
    found, hashes, level = {}, leaves, 0
    while hashes:
        for number in range(0, len(hashes), WIDTH):
            part = hashes[number : number + WIDTH]
            found[Tile(level, number // WIDTH, len(part))] = b"".join(part)
        hashes = [root_of(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        level += 1
    return found


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 1234067, 8), "tile/0/x001/x234/067.p/8"),
        (Tile(63, 999, 255), "tile/63/999.p/255"),
        (Tile(5, 1000, 1), "tile/5/x001/000.p/1"),
        (Tile(ENTRIES, 1234067, 8), "tile/entries/x001/x234/067.p/8"),
        (Tile(WIDE, 7), "tile/wide/007"),
    ],
)
def test_a_tile_is_named_as_the_specification_names_it(tile: Tile, path: str) -> None:
    """The examples of tlog-tiles and of a public implementation, both ways."""
    assert tile.path == path
    assert tile_at(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile", "tile/", "tile/0", "tile/0/", "tile/64/000", "tile/-1/000", "tile/00/000", "tile/data/000",
        "tile/0/00", "tile/0/0000", "tile/0/x001", "tile/0/x001/", "tile/0/001/002", "tile/0/x000/001",
        "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001.p/", "tile/0/001.p", "tile/0/x001.p/1",
        "tile/0/-02", "tile/0/x01/002", "tile/0/٠٠٠", "tile/0/000\n", "/tile/0/000", "tile/0/000?", "tile/0/../000",
    ],
)  # fmt: skip
def test_there_is_one_name_for_a_tile(path: str) -> None:
    """What is spelt otherwise names nothing."""
    assert tile_at(path) is None


@given(st.integers(-2, 63), st.integers(0, 10**15), st.integers(1, 256))
def test_names_can_be_read_again(level: int, number: int, width: int) -> None:
    """The name of any tile leads to that tile."""
    tile = Tile(level, number, width)
    assert tile_at(tile.path) == tile


def test_the_tiles_of_seventy_thousand_entries() -> None:
    """The example of tlog-tiles: which tiles there are, and how wide."""
    found = list(tiles_of(70_000))
    assert [sum(tile.level == level and tile.width == WIDTH for tile in found) for level in range(3)] == [273, 1, 0]
    partial = [(tile.level, tile.number, tile.width) for tile in found if tile.width < WIDTH]
    assert partial == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(tiles_of(256)) == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


@given(st.integers(0, 300_000), st.integers(0, 300_000))
def test_growing_adds_the_tiles_that_were_not_full(first: int, second: int) -> None:
    """Tiles of a tree are the full ones of a smaller one and those that growing brings."""
    size, since = max(first, second), min(first, second)
    full = [tile for tile in tiles_of(since) if tile.width == WIDTH]
    assert sorted(map(str, [*full, *tiles_of(size, since)])) == sorted(map(str, tiles_of(size)))
    assert all(width_at(tile.level, tile.number, size) == tile.width for tile in tiles_of(size, since))


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20), st.sampled_from([ENTRIES, WIDE]))
def test_a_bundle_can_be_read_again(entries: list[bytes], level: int) -> None:
    """Of one width only; cut anywhere it is not whole, and what was read so far is right."""
    data = pack(entries, level)
    assert unpack(data, len(entries), level) == (entries, True)
    assert not unpack(data + b"\0", len(entries), level)[1]
    assert not unpack(data, len(entries) + 1, level)[1]
    for end in range(len(data)):
        found, whole = unpack(data[:end], len(entries), level)
        assert not whole
        assert found == entries[: len(found)]


def test_a_bundle_is_written_as_others_write_it() -> None:
    """Two bytes of length, big-endian, before each entry (from a public test log)."""
    assert pack([b"one", b"two", b"three"]).hex() == "00036f6e65000374776f00057468726565"


def test_an_entry_that_is_too_long_asks_for_the_wide_form() -> None:
    """The longest entry has 65,535 bytes; the wide form has no such bound."""
    assert len(pack([bytes(LONGEST)])) == LONGEST + 2
    with pytest.raises(BadTile, match="65535"):
        pack([b"", bytes(LONGEST + 1)])
    assert unpack(pack([bytes(LONGEST + 1)], WIDE), 1, WIDE) == ([bytes(LONGEST + 1)], True)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_subtrees_out_of_tiles_are_those_of_the_leaves(data: st.DataObject) -> None:
    """Roots and proofs of a tree are the same from its tiles as from all of its leaves."""
    size = data.draw(st.one_of(st.integers(1, 1500), st.sampled_from([255, 256, 257, 512, 1024])))
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]
    tiles = tiles_over(leaves)
    assert set(tiles) == set(tiles_of(size))
    plain, tiled = subtree_of(leaves), subtree_in(tiles.__getitem__, size)
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert tiled(0, size) == plain(0, size)
    assert tiled(index, index) == EMPTY_ROOT
    assert inclusion_proof(index, size, tiled) == inclusion_proof(index, size, plain)
    assert consistency_proof(first, size, tiled) == consistency_proof(first, size, plain)
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert tuple(peaks_in(tiles.__getitem__, size)) == frontier.peaks


def test_a_proof_out_of_many_entries_takes_few_tiles() -> None:
    """Three levels: a proof of inclusion reads at most two tiles of each."""
    size = 70_000
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]
    tiles, asked = tiles_over(leaves), []

    def read(tile: Tile) -> bytes:
        asked.append(tile)
        return tiles[tile]

    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    subtree = subtree_in(read, size)
    assert subtree(0, size) == frontier.root()
    asked.clear()
    inclusion_proof(12_345, size, subtree_in(read, size))
    assert len(asked) == len(set(asked)) <= 6


def test_a_tile_of_another_length_is_refused() -> None:
    """Neither cut nor longer, and nothing beyond the tree."""
    for data in (b"", bytes(31), bytes(33), bytes(64)):
        with pytest.raises(BadTile, match="1 hashes have 32"):
            split(data, 1)
    with pytest.raises(BadTile):
        subtree_in(lambda _: b"", 5)(0, 5)
    with pytest.raises(ValueError, match="no leaves"):
        subtree_in(lambda _: b"", 5)(0, 6)

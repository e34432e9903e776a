"""RFC 6962: known answers, and laws that tie frontier, roots and proofs together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    subtree_of,
)

# The eight leaves and their roots with which implementations of RFC 6962 have been tested since the first one.
LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [leaf_hash(each) for each in LEAVES]


def reference(leaves: list[bytes]) -> bytes:
    """MTH, written as RFC 6962 section 2.1 defines it."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(reference(leaves[:split]), reference(leaves[split:]))


def frontier(leaves: list[bytes]) -> Frontier:
    """The frontier after these leaves."""
    result = Frontier()
    for leaf in leaves:
        result.append(leaf)
    return result


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """RFC 6962 section 2.1: the hash of an empty list is the hash of an empty string."""
    assert Frontier().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size: int) -> None:
    """Roots of one to eight leaves are those of the reference implementation."""
    assert frontier(HASHES[:size]).root().hex() == ROOTS[size - 1]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ],
)
def test_known_inclusion_proofs(index: int, size: int, path: list[str]) -> None:
    """Audit paths are those of the reference implementation, and hold."""
    proof = inclusion_proof(index, size, subtree_of(HASHES))
    assert [each.hex() for each in proof] == path
    assert includes(HASHES[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(
    ("first", "size", "path"),
    [
        (1, 1, []),
        (
            1,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_known_consistency_proofs(first: int, size: int, path: list[str]) -> None:
    """Consistency proofs are those of the reference implementation, and hold."""
    proof = consistency_proof(first, size, subtree_of(HASHES))
    assert [each.hex() for each in proof] == path
    assert extends(first, size, bytes.fromhex(ROOTS[first - 1]), bytes.fromhex(ROOTS[size - 1]), proof)


LISTS = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


@given(LISTS)
def test_the_frontier_is_the_definition(leaves: list[bytes]) -> None:
    """A frontier that grew has the root that the recursive definition gives, and can be put down and taken up."""
    grown = frontier(leaves)
    assert grown.root() == reference(leaves)
    assert Frontier(grown.size, grown.peaks).root() == grown.root()


@given(LISTS, st.data())
def test_proofs_prove_what_is_so_and_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    """Every leaf and every older tree has a proof; with any one bit changed anywhere, it fails."""
    size, subtree = len(leaves), subtree_of(leaves)
    index = data.draw(st.integers(0, size - 1))
    first = data.draw(st.integers(1, size))
    root, older = reference(leaves), reference(leaves[:first])
    path = inclusion_proof(index, size, subtree)
    assert includes(leaves[index], index, size, path, root)
    proof = consistency_proof(first, size, subtree)
    assert extends(first, size, older, root, proof)
    bit = data.draw(st.integers(0, 255))

    def flip(hashed: bytes) -> bytes:
        return (int.from_bytes(hashed) ^ (1 << bit)).to_bytes(32)

    assert not includes(flip(leaves[index]), index, size, path, root)
    assert not includes(leaves[index], index, size, path, flip(root))
    assert not extends(first, size, flip(older), root, proof)
    assert not extends(first, size, older, flip(root), proof)
    for at in range(len(path)):
        assert not includes(leaves[index], index, size, (*path[:at], flip(path[at]), *path[at + 1 :]), root)
    for at in range(len(proof)):
        assert not extends(first, size, older, root, (*proof[:at], flip(proof[at]), *proof[at + 1 :]))
    assert not includes(leaves[index], index, size, (*path, root), root)
    assert not extends(first, size, older, root, (*proof, root))
    if path:
        assert not includes(leaves[index], index, size, path[:-1], root)


def test_what_is_outside_the_tree_has_no_proof() -> None:
    """A leaf beyond the size, an empty older tree or a hash of the wrong length is refused."""
    subtree = subtree_of(HASHES)
    for index, size in ((-1, 8), (8, 8), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_proof(index, size, subtree)
        assert not includes(HASHES[0], index, size, (), HASHES[0])
    for first, size in ((0, 8), (9, 8)):
        with pytest.raises(ValueError, match="no proof"):
            consistency_proof(first, size, subtree)
        assert not extends(first, size, HASHES[0], HASHES[0], ())
    assert not extends(3, 8, bytes.fromhex(ROOTS[2]), bytes.fromhex(ROOTS[7]), ())
    assert not includes(HASHES[0][:31], 0, 1, (), HASHES[0][:31])


def test_a_frontier_must_fit_its_size() -> None:
    """Peaks that do not belong to a size are refused, not repaired."""
    for size, peaks in ((1, []), (2, [HASHES[0], HASHES[1]]), (1, [b"short"]), (-1, [])):
        with pytest.raises(ValueError, match="do not make a tree"):
            Frontier(size, peaks)

"""The Merkle tree of RFC 6962 section 2.1, with SHA-256. Pure: hashes in, hashes out.

A proof is cut from any source of subtree hashes (``Subtree``): a list of leaf hashes here, tiles on disk elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import sha256

type Subtree = Callable[[int, int], bytes]
"""Hash of the leaves ``start`` to ``end`` (exclusive), RFC 6962's MTH(D[start:end])."""

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves (RFC 6962 section 2.1: the hash of an empty list)."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf; the prefix 0x00 keeps leaves apart from nodes (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node, with the prefix 0x01."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: roots of its complete subtrees, largest first. Appending is O(log n)."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Start empty, or where another frontier stood. Raises ``ValueError`` if the peaks do not fit the size."""
        self.size = size
        self._peaks = list(peaks)
        if size < 0 or len(self._peaks) != size.bit_count() or any(len(peak) != HASH_SIZE for peak in self._peaks):
            raise ValueError(f"{len(self._peaks)} peaks do not make a tree of {size} leaves")

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, one for each bit that is set in ``size``."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Add a leaf by its hash."""
        peaks, level = self._peaks, self.size
        while level & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            level >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Root of the tree as it stands."""
        if not self._peaks:
            return EMPTY_ROOT
        result = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            result = node_hash(peak, result)
        return result

    def copy(self) -> Frontier:
        """Return a frontier that grows on its own."""
        return Frontier(self.size, self._peaks)


def subtree_of(leaves: Sequence[bytes]) -> Subtree:
    """Return the subtree hashes of a tree whose leaf hashes are all at hand and stay as they are."""

    @cache
    def subtree(start: int, end: int) -> bytes:
        if end - start < 2:
            return leaves[start] if end > start else EMPTY_ROOT
        middle = start + _left(end - start)
        return node_hash(subtree(start, middle), subtree(middle, end))

    return subtree


def inclusion_proof(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Audit path of leaf ``index`` in the tree of ``size`` leaves (RFC 6962 section 2.1.1), lowest node first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _left(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(first: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Proof that the tree of ``size`` leaves begins with the tree of ``first`` (RFC 6962 section 2.1.2)."""
    if not 0 < first <= size:
        raise ValueError(f"no proof from {first} to {size} leaves")
    start, end, path = 0, size, []
    while first != end:
        middle = start + _left(end - start)
        if first <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    if start:
        path.append(subtree(start, end))
    return tuple(reversed(path))


def _left(size: int) -> int:
    """Return the largest power of two smaller than ``size``: where RFC 6962 splits a list."""
    return 1 << ((size - 1).bit_length() - 1)


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows ``leaf`` at ``index`` of the tree with that ``size`` and ``root`` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or any(len(each) != HASH_SIZE for each in (leaf, root, *proof)):
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def extends(first: int, size: int, first_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the second tree begins with the first one (RFC 9162 section 2.1.4.2)."""
    if not 0 < first <= size or any(len(each) != HASH_SIZE for each in (first_root, root, *proof)):
        return False
    if first == size:
        return not proof and first_root == root
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    node, last = first - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == root

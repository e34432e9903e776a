"""The log as a set of small files: C2SP tlog-tiles. Names, widths, bundles, and subtree hashes out of tiles. Pure.

A tile holds up to 256 hashes of one level; a bundle holds the entries whose leaf hashes stand in a tile of level 0. A
bundle writes the length of an entry in two bytes. Where an entry is longer than that, the bundle is published as a
``wide`` one, with four bytes, under a name of its own, as tlog-tiles asks for entries in another encoding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from .tree import EMPTY_ROOT, HASH_SIZE, Subtree, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = -1
WIDE = -2
"""In the place of a level: bundles of entries, with lengths of two bytes and of four."""
LONGEST = 2**16 - 1
"""Bytes of an entry that a bundle of the standard form can hold."""
_ROWS = {ENTRIES: "entries", WIDE: "wide"}
_LEVELS = {name: level for level, name in _ROWS.items()}
_PATH = re.compile(
    r"tile/(entries|wide|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})"
    r"(?:\.p/([1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)


class BadTile(ValueError):
    """Bytes that are no tile, or no bundle, of the width that was asked for."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One resource: ``level`` 0 to 63, ``ENTRIES`` or ``WIDE``; ``number`` within it; ``width``, 256 when full."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is under the prefix of the log, such as ``tile/0/x001/x234/067.p/12``."""
        digits = str(self.number)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([*(f"x{each}" for each in groups[:-1]), groups[-1]])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{_ROWS.get(self.level, self.level)}/{name}{partial}"

    @property
    def first(self) -> int:
        """Index of the first entry under it."""
        return self.number << HEIGHT * (max(self.level, 0) + 1)


def tile_at(path: str) -> Tile | None:
    """Return the tile that ``path`` names, or None where it names none, or not in the one way there is."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level = _LEVELS[match[1]] if match[1] in _LEVELS else int(match[1])
    found = Tile(level, int(match[2].replace("x", "").replace("/", "")), int(match[3] or WIDTH))
    return found if found.path == path else None


def width_at(level: int, number: int, size: int) -> int:
    """Return how wide that tile is in a tree of ``size`` leaves; 0 where there is none."""
    return max(0, min(WIDTH, (size >> HEIGHT * max(level, 0)) - (number << HEIGHT)))


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Yield the tiles of hashes of a tree of ``size`` leaves, by level, but for those full already at ``since``."""
    level = 0
    while size >> HEIGHT * level:
        for number in range(since >> HEIGHT * (level + 1), ((size >> HEIGHT * level) + WIDTH - 1) >> HEIGHT):
            yield Tile(level, number, width_at(level, number, size))
        level += 1


def pack(entries: Sequence[bytes], level: int = ENTRIES) -> bytes:
    """Write a bundle. Raises ``BadTile`` where an entry is too long for it."""
    octets = 2 if level == ENTRIES else 4
    if any(len(entry) >> octets * 8 for entry in entries):
        raise BadTile(f"an entry is longer than {LONGEST} bytes")
    return b"".join(part for entry in entries for part in (len(entry).to_bytes(octets, "big"), entry))


def unpack(data: bytes, width: int, level: int = ENTRIES) -> tuple[list[bytes], bool]:
    """Read a bundle of ``width`` entries: those that could be read, and whether they are all, with nothing after."""
    found: list[bytes] = []
    octets, at = 2 if level == ENTRIES else 4, 0
    while at + octets <= len(data) and len(found) < width:
        end = at + octets + int.from_bytes(data[at : at + octets], "big")
        if end > len(data):
            break
        found.append(data[at + octets : end])
        at = end
    return found, at == len(data) and len(found) == width


def split(data: bytes, width: int) -> list[bytes]:
    """Return the ``width`` hashes of a tile. Raises ``BadTile`` where it is of another length."""
    if len(data) != width * HASH_SIZE:
        raise BadTile(f"{len(data)} bytes, and {width} hashes have {width * HASH_SIZE}")
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over 1, 2, 4, ... 256 neighbouring hashes."""
    level = list(hashes)
    while len(level) > 1:
        level = [
            sha256(b"\x01" + level[at] + level[at + 1]).digest()  # inline: this is the inner loop of a verifier
            for at in range(0, len(level), 2)
        ]
    return level[0]


def subtree_in(tile: Callable[[Tile], bytes], size: int) -> Subtree:
    """Return the subtree hashes of a tree of ``size`` leaves out of its tiles: some dozen tiles for any proof.

    ``tile`` is asked for each tile once. Raises ``BadTile`` for one of the wrong length, and what ``tile`` raises.
    """
    known: dict[tuple[int, int], list[bytes]] = {}

    def hashes(level: int, start: int, end: int) -> list[bytes]:
        number = start >> HEIGHT
        if (level, number) not in known:
            width = width_at(level, number, size)
            known[level, number] = split(tile(Tile(level, number, width)), width)
        begin = number << HEIGHT
        return known[level, number][start - begin : end - begin]

    def subtree(start: int, end: int) -> bytes:
        if not 0 <= start <= end <= size:
            raise ValueError(f"no leaves {start} to {end} in a tree of {size}")
        count = end - start
        if not count:
            return EMPTY_ROOT
        height = (count - 1).bit_length()
        if count == 1 << height and start % count == 0:
            shift = height // HEIGHT * HEIGHT
            return root_of(hashes(height // HEIGHT, start >> shift, end >> shift))
        middle = start + (1 << (height - 1))
        return node_hash(subtree(start, middle), subtree(middle, end))

    return subtree


def peaks_in(tile: Callable[[Tile], bytes], size: int) -> list[bytes]:
    """Return the roots of the complete subtrees of a tree of ``size`` leaves, largest first: a ``Frontier``'s peaks."""
    subtree, start, peaks = subtree_in(tile, size), 0, []
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            peaks.append(subtree(start, start + (1 << height)))
            start += 1 << height
    return peaks

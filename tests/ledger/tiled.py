"""A log as tiles in memory, for tests that change some of it."""

import atexit
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from gateway.ledger import Ledger
from gateway.ledger.checkpoint import parse, split_note
from gateway.ledger.client import Log
from gateway.ledger.published import Published
from gateway.ledger.tiles import ENTRIES, WIDE, Tile, tiles_of, width_at
from tests.ledger.sound import BOOK, decision, sound

ENTRIES_AT_FIRST = 600
"""Two full tiles, a partial one, and a partial one of two hashes above them."""


def grow(folder: Path, size: int, first: int = 0) -> str:
    """Bring the ledger in ``folder`` to ``size`` decisions, the first numbered ``first``, and sign; gives its key."""
    with Ledger.open(folder, seconds=3600) as ledger:
        ledger.keep_rulebook(BOOK, {"whitelist.yaml": b"x"})
        store = ledger._reader()
        store.append([(decision(first + number), {}) for number in range(store.size(), size)])
        return ledger.vkey


def paths(size: int) -> Iterator[str]:
    """Every resource of a log of that size; of a bundle both forms."""
    yield "checkpoint"
    yield "vkey"
    yield f"rulebook/{BOOK}"
    for tile in tiles_of(size):
        yield tile.path
        if tile.level == 0:
            for level in (ENTRIES, WIDE):
                yield Tile(level, tile.number, width_at(0, tile.number, size)).path


def resources(folder: Path) -> dict[str, bytes]:
    """All resources of the log in a ledger's folder."""
    published = Published(folder)
    try:
        note = published.read("checkpoint")
        assert note is not None
        found = {path: published.read(path) for path in paths(parse(split_note(note)[0]).size)}
    finally:
        published.close()
    return {path: data for path, data in found.items() if data is not None}


@cache
def example() -> tuple[Path, str]:
    """A ledger's folder, to be read only, and its key."""
    place = Path(mkdtemp())
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    vkey = grow(place / "ledger", ENTRIES_AT_FIRST)
    sound(place / "ledger")
    return place / "ledger", vkey


@cache
def _published() -> dict[str, bytes]:
    return resources(example()[0])


def published() -> dict[str, bytes]:
    """The example's resources, to be changed."""
    return dict(_published())


def log(found: dict[str, bytes]) -> Log:
    """A log of these resources."""
    return Log(found.get)


def flipped(data: bytes, bit: int) -> bytes:
    """``data`` with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)

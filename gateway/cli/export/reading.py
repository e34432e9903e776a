"""Transfers as an export reads them: one pass over the ledger up to the size that it had at the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from gateway.cli.export.columns import Row
from gateway.cli.recorded import Recorded
from gateway.ledger import BadEntry, decode


@dataclass(slots=True)
class Extent:
    """How far a ledger went when it was read: more is appended meanwhile, nothing is changed."""

    entries: int
    covered: int
    """Entries under ``checkpoint``; 0 where there is none."""
    checkpoint: str
    """The newest signed note."""
    vkey: str
    rulebooks: dict[str, bool] = field(default_factory=dict)
    """Those that were named by what was read, each with whether the ledger keeps it whole."""


def extent(recorded: Recorded, vkey: str) -> Extent:
    """Return how far the ledger goes now. The checkpoint is taken first, so that its entries are surely there."""
    covered, note = recorded.checkpoint()
    return Extent(recorded.size(), covered, note, vkey)


def entries(recorded: Recorded, extent: Extent) -> Iterator[tuple[int, dict[str, Any], bytes]]:
    """Yield every entry with its index and leaf hash. Raises ``BadEntry`` where one is missing or was changed."""
    expected = 0
    for index, data, leaf in recorded.raw(extent.entries):
        if index != expected:
            raise BadEntry(f"entry {expected}: missing")
        if sha256(b"\x00" + data).digest() != leaf:
            raise BadEntry(f"entry {index}: it and its leaf hash disagree")
        expected += 1
        yield index, decode(data), leaf
    if expected != extent.entries:
        raise BadEntry(f"entry {expected}: missing")


def row_of(recorded: Recorded, extent: Extent, index: int, entry: dict[str, Any], leaf: bytes) -> Row:
    """Return a decision with the rulebook of its day."""
    digest = entry["rulebook"]
    book = recorded.book(digest)
    extent.rulebooks[digest] = book is not None
    return Row(index, entry, leaf, book)

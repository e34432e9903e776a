"""To open a commitment: whether this very body was the one of an entry, as far as anybody can still show.

Needs ``entry`` alone. What an entry says of a body is a digest; the nonce that makes it mean something is kept apart,
and once it is erased (``retention``) nothing can be shown any more, for or against.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from hmac import compare_digest
from typing import Any

from .entry import commitment

PAYLOAD = "payload"
RELEASED = "released"


class Opening(Enum):
    """What came of holding a body against a commitment."""

    MATCHES = "matches"
    DIFFERS = "differs"
    ABSENT = "absent"
    """The entry commits to no such body: nothing was released, or the payload never arrived whole."""
    ERASED = "erased"
    """The nonce is gone, so nothing can be shown."""


def hold_against(entry: Mapping[str, Any], nonces: Mapping[str, bytes], body: bytes, which: str = PAYLOAD) -> Opening:
    """Hold ``body`` against the commitment ``which`` of a decision; ``nonces`` are what is left of the entry's."""
    digests = entry["commitments"]
    digest = digests[which]
    if digest is None:
        return Opening.ABSENT
    # What was released as it came repeats the commitment to the payload, and has no nonce of its own.
    nonce = nonces.get(which) or (nonces.get(PAYLOAD) if digest == digests[PAYLOAD] else None)
    if nonce is None:
        return Opening.ERASED
    same = compare_digest(commitment(nonce, body), bytes.fromhex(digest))
    return Opening.MATCHES if same else Opening.DIFFERS


def erased(entry: Mapping[str, Any], index: int) -> bool:
    """Tell whether ``entry`` is the erasure of the nonces of the entry at ``index``."""
    return entry["kind"] == "erasure" and any(first <= index <= last for first, last in entry["entries"])

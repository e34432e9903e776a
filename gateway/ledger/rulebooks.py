"""Rulebooks as the ledger keeps them: every file by name, canonical JSON, compressed. FORMAT.md section 6."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from gateway.ledger.entry import canonical

MOST_BYTES = 64 * 1024 * 1024


class BadRulebook(ValueError):
    """Bytes that are no kept rulebook."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return ``files`` as they are kept."""
    return zlib.compress(canonical([_written(name, data) for name, data in sorted(files.items())]), 6)


def _written(name: str, data: bytes) -> list[str]:
    try:
        return [name, "text", data.decode("utf-8")]
    except UnicodeDecodeError:
        return [name, "base64", b64encode(data).decode()]


def unpack(packed: bytes) -> dict[str, bytes]:
    """Return the files that were packed. Raises ``BadRulebook``."""
    try:
        inflater = zlib.decompressobj()
        data = inflater.decompress(packed, MOST_BYTES)
        if not inflater.eof or inflater.unused_data:
            raise BadRulebook("cut short, too long, or followed by more")
        rows: Any = json.loads(data)
        return {name: _read(encoding, text) for name, encoding, text in rows}
    except (zlib.error, ValueError, TypeError, RecursionError):
        raise BadRulebook("not a kept rulebook") from None


def _read(encoding: str, text: str) -> bytes:
    if encoding == "text":
        return text.encode()
    if encoding == "base64":
        return b64decode(text, validate=True)
    raise BadRulebook("neither text nor base64")

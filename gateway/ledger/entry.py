"""One record of the ledger: canonical JSON (RFC 8785) with a version and a kind, and salted commitments to bodies.

The values of an entry are text, whole numbers up to 2^53 - 1, true, false, null, lists, and objects with ASCII keys.
Within these bounds sorting keys by code point *is* RFC 8785's order by UTF-16 units, and no number has two spellings,
so that any JSON library that sorts keys and escapes no more than it must yields the same bytes. All else is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from os import urandom
from types import NoneType
from typing import Any

try:
    import orjson
except ImportError:  # a regulator's machine: plain Python reads and writes the same bytes, only slower
    orjson = None  # type: ignore[assignment]

VERSION = 1
NONCE_SIZE = 32
COMMITMENT = b"\x02"
"""First byte of what a commitment hashes: neither a leaf (0x00) nor a node (0x01) of the tree."""
MOST_DEEP = 64
LARGEST = 2**53 - 1
"""RFC 8785 section 3.2.2.3: beyond it, a number is no longer exact everywhere."""

REQUIRED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "start": {"gateway": str, "at": str},
    "stop": {"gateway": str, "at": str},
    "rulebook": {"gateway": str, "at": str, "rulebook": str},
    "approval": {"gateway": str, "at": str, "rulebook": str, "note": str},
    "officers": {"gateway": str, "at": str, "officers": (dict, NoneType), "note": str, "override": str},
    "erasure": {
        "gateway": str,
        "at": str,
        "erased": int,
        "early": int,
        "entries": list,
        "until": str,
        "reason": str,
        "by": str,
    },
    "decision": {
        "gateway": str,
        "rulebook": str,
        "facts": dict,
        "standing": dict,
        "decision": dict,
        "commitments": dict,
    },
}
"""Kinds of entry, and the fields without which each is void."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class BadEntry(ValueError):
    """Bytes or fields that make no entry. The message names fields, never their values."""


def commit(body: bytes) -> tuple[bytes, bytes]:
    """Commit to ``body``: a fresh nonce of 32 bytes, to be kept apart, and the digest for the entry.

    Without the nonce the digest says nothing of the body, not even to one who can guess it.
    """
    nonce = urandom(NONCE_SIZE)
    return nonce, commitment(nonce, body)


def commitment(nonce: bytes, body: bytes) -> bytes:
    """Return SHA-256(0x02 || nonce || body). The nonce must have 32 bytes, else two openings could be found."""
    if len(nonce) != NONCE_SIZE:
        raise ValueError(f"a nonce has {NONCE_SIZE} bytes")
    digest = sha256(COMMITMENT + nonce)
    digest.update(body)
    return digest.digest()


def canonical(value: Any) -> bytes:
    """Write ``value`` as RFC 8785 does. Raises ``BadEntry`` on anything an entry cannot hold."""
    _check(value)
    return _dump(value)


def encode(kind: str, fields: Mapping[str, Any]) -> bytes:
    """Write an entry of ``kind``: ``fields`` with ``version`` and ``kind``. Raises ``BadEntry``."""
    if "version" in fields or "kind" in fields:
        raise BadEntry("version and kind are not given as fields")
    entry = {**fields, "version": VERSION, "kind": kind}
    if fault := void(entry):
        raise BadEntry(fault)
    return canonical(entry)


def decode(data: bytes) -> dict[str, Any]:
    """Read an entry. Raises ``BadEntry`` unless ``data`` is canonical, of a known version and kind, and complete."""
    try:
        entry = _load(data)
    except (ValueError, RecursionError):
        raise BadEntry("no JSON") from None
    if type(entry) is not dict:
        raise BadEntry("no JSON object")
    if canonical(entry) != data:
        raise BadEntry("JSON, but not canonical")
    if fault := void(entry):
        raise BadEntry(fault)
    return entry


def void(entry: Mapping[str, Any]) -> str:
    """Say what an entry lacks, or ``""``."""
    version, kind = entry.get("version"), entry.get("kind")
    if version != VERSION or type(version) is not int:
        return "version: not known"
    required = REQUIRED.get(kind) if type(kind) is str else None
    if required is None:
        return "kind: not known"
    for name, expected in required.items():
        if name not in entry or not isinstance(entry[name], expected):
            return f"{name}: required in {kind}"
    if "rulebook" in required and not _DIGEST.fullmatch(entry["rulebook"]):
        return "rulebook: 64 hexadecimal digits required"
    if kind == "decision":
        return _void_decision(entry)
    if kind == "erasure":
        return _void_erasure(entry)
    return ""


def _void_decision(entry: Mapping[str, Any]) -> str:
    if not isinstance(entry["decision"].get("verdict"), str | int):
        return "decision.verdict: required"
    commitments = entry["commitments"]
    for name in ("payload", "released"):
        if name not in commitments:
            return f"commitments.{name}: required, null where there is none"
        value = commitments[name]
        if value is not None and not (type(value) is str and _DIGEST.fullmatch(value)):
            return f"commitments.{name}: 64 hexadecimal digits or null"
    return ""


def _void_erasure(entry: Mapping[str, Any]) -> str:
    """What was erased stands in ranges of indexes, both ends included, in order and apart."""
    if type(entry["erased"]) is not int or type(entry["early"]) is not int or entry["early"] < 0:
        return "erased, early: whole numbers required"
    last = -1
    for each in entry["entries"]:
        pair = type(each) in (list, tuple) and [type(end) for end in each] == [int, int]
        if not pair or not last < each[0] <= each[1]:
            return "entries: ranges of indexes required, in order"
        last = each[1]
    return "" if last >= 0 and entry["erased"] > 0 else "entries, erased: required in erasure"


def _check(value: Any) -> None:
    """Refuse what has no single spelling: floats, foreign types, keys beyond ASCII, numbers beyond 2^53 - 1."""
    level: list[Any] = [[value]]
    for _ in range(MOST_DEEP):
        below: list[Any] = []
        for container in level:
            if type(container) is dict:
                _check_keys(container)
                container = container.values()
            for each in container:
                kind = type(each)
                if kind is str or kind is bool or each is None:
                    continue
                if kind is int and -LARGEST <= each <= LARGEST:
                    continue
                if kind is not dict and kind is not list and kind is not tuple:
                    raise BadEntry(f"a value of type {kind.__name__}, or beyond 2^53 - 1")
                below.append(each)
        if not below:
            return
        level = below
    raise BadEntry(f"nested deeper than {MOST_DEEP}")


def _check_keys(container: dict[Any, Any]) -> None:
    try:
        ascii_only = "".join(container).isascii()
    except TypeError:
        ascii_only = False
    if not ascii_only:
        raise BadEntry("a key is not ASCII text")


def _dump_plain(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise BadEntry("text with half a surrogate pair") from None


def _dump_fast(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # text with half a surrogate pair: all else was checked
        raise BadEntry("text with half a surrogate pair") from None


def _load_plain(data: bytes) -> Any:
    return json.loads(data.decode("utf-8"))


_dump = _dump_plain if orjson is None else _dump_fast
_load = _load_plain if orjson is None else orjson.loads

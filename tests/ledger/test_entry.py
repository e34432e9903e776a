"""Entries: one spelling only, and it is RFC 8785's."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger import BadEntry, commit, commitment, decode, encode
from gateway.ledger import entry as module
from gateway.ledger.entry import LARGEST, MOST_DEEP, canonical
from tests.ledger.sound import AT, decision

KEYS = st.text(st.characters(max_codepoint=127), max_size=6)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5))


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_our_bytes_are_those_of_rfc_8785(value: dict[str, Any]) -> None:
    """The fast writer, the plain writer and the reference implementation agree on every value that is allowed."""
    assert canonical(value) == rfc8785.dumps(value)
    assert module._dump_plain(value) == rfc8785.dumps(value)
    assert module._load_plain(canonical(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        2**53,
        -(2**53),
        b"bytes",
        {1: "x"},
        {"é": 1},
        {"a": {"b": [object()]}},
        "\ud800",
        {"\ud800": 1},
        module,
        AT.__class__,
    ],
)
def test_what_has_no_single_spelling_is_refused(value: Any) -> None:
    """Floats, large numbers, bytes, keys beyond ASCII, half surrogates and foreign types make no entry."""
    with pytest.raises(BadEntry):
        canonical({"x": [value]})


def test_a_tower_of_lists_is_refused() -> None:
    """Nesting has a bound, told by name."""
    value: Any = []
    for _ in range(MOST_DEEP + 1):
        value = [value]
    with pytest.raises(BadEntry, match="deeper"):
        canonical(value)


def test_an_entry_is_read_as_written() -> None:
    """What was encoded comes back, with version and kind."""
    entry = decode(decision(5))
    assert (entry["version"], entry["kind"], entry["facts"]["number"]) == (1, "decision", 5)


@pytest.mark.parametrize("kind", ["start", "stop", "rulebook"])
def test_other_kinds(kind: str) -> None:
    """Starts, stops and changes of rules are entries of their own and need their time."""
    fields = {"gateway": "g", "at": AT, "rulebook": "a" * 64}
    assert decode(encode(kind, fields))["kind"] == kind
    with pytest.raises(BadEntry, match="at: required"):
        encode(kind, {"gateway": "g", "rulebook": "a" * 64})


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"rulebook": "short"}, "rulebook"),
        ({"facts": []}, "facts"),
        ({"decision": {}}, "decision.verdict"),
        ({"commitments": {"payload": None}}, "commitments.released"),
        ({"commitments": {"payload": "x", "released": None}}, "commitments.payload"),
        ({"version": 2}, "version"),
    ],
)
def test_a_decision_without_its_fields_is_void(fields: dict[str, Any], fault: str) -> None:
    """Each required field is missed by name."""
    with pytest.raises(BadEntry, match=fault):
        decision(1, **fields)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        decision(1) + b"\n",
        decision(1).replace(b'":', b'": ', 1),
        decision(1).replace(b'"version":1', b'"version":1.0'),
        decision(1).replace(b'"version":1', b'"version":true'),
        decision(1).replace(b'"version":1', b'"version":2'),
        decision(1).replace(b'"kind":"decision"', b'"kind":"other"'),
        decision(1).replace(b'"kind":"decision"', b'"kind":["decision"]'),
        decision(1).replace(b'"standing":{}', b'"standing":{},"standing":{}'),
        decision(1).replace("珠".encode(), b"\\u73e0"),
        json.dumps({**json.loads(decision(1)), "a": 1e300}, sort_keys=True, separators=(",", ":")).encode(),
    ],
)
def test_what_is_not_canonical_is_not_an_entry(data: bytes) -> None:
    """There is exactly one way to write an entry; every other is refused, with no other exception."""
    with pytest.raises(BadEntry):
        decode(data)


def test_a_refused_value_is_not_told() -> None:
    """The message of a refusal names types and fields, not content."""
    with pytest.raises(BadEntry) as caught:
        canonical({"secret": [{"deeper": 440105199003071016.5}]})
    assert "4401" not in str(caught.value)


@given(st.binary(max_size=100))
def test_a_commitment_opens_to_its_body_only(body: bytes) -> None:
    """Body and nonce give the digest again; another body or nonce does not, and two commitments never look alike."""
    nonce, digest = commit(body)
    assert commitment(nonce, body) == digest
    assert commitment(nonce, body + b"x") != digest
    assert commitment(bytes(32), body) != digest
    assert commit(body)[1] != digest


def test_a_nonce_has_one_length() -> None:
    """With nonces of any length, a byte could move from the nonce to the body."""
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"short", b"")

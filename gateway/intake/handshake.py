"""The opening handshake of WebSocket (RFC 6455 section 4), with clients and with upstreams. Pure.

The gateway shakes hands twice: key and version of a client's handshake end here, and the upstream gets a key of the
gateway's own. Extensions are offered to nobody, so no frame is ever compressed and the three reserved bits are 0.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass, field
from hashlib import sha1

from gateway.intake.wire import Fields, declares_body, value_of

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
_PROTOCOL = b"sec-websocket-protocol"


def accept(key: bytes) -> bytes:
    """Return the Sec-WebSocket-Accept that answers ``key``."""
    return base64.b64encode(sha1(key + _GUID, usedforsecurity=False).digest())


def _new_key() -> bytes:
    return base64.b64encode(os.urandom(16))


@dataclass(frozen=True, slots=True)
class Offer:
    """A client's wish to speak WebSocket, and the key with which the gateway will ask the upstream."""

    client_key: bytes = field(repr=False)
    protocols: frozenset[bytes] = field(repr=False)
    key: bytes = field(default_factory=_new_key, repr=False)

    def asking(self) -> Fields:
        """Fields with which the gateway asks the upstream."""
        return (
            (b"Upgrade", b"websocket"),
            (b"Connection", b"Upgrade"),
            (b"Sec-WebSocket-Version", b"13"),
            (b"Sec-WebSocket-Key", self.key),
        )

    def answering(self) -> Fields:
        """Fields with which the gateway tells the client that it has switched."""
        return (
            (b"Upgrade", b"websocket"),
            (b"Connection", b"Upgrade"),
            (b"Sec-WebSocket-Accept", accept(self.client_key)),
        )

    def agreed(self, fields: Fields) -> bool:
        """Tell whether an upstream's 101 with ``fields`` accepts this offer, and nothing that was not offered."""
        chosen = [value for name, value in fields if name.lower() == _PROTOCOL]
        return (
            value_of(fields, b"upgrade").lower() == b"websocket"
            and b"upgrade" in _options(value_of(fields, b"connection"))
            and value_of(fields, b"sec-websocket-accept") == accept(self.key)
            and not any(name.lower() == b"sec-websocket-extensions" for name, _ in fields)
            and len(chosen) <= 1
            and self.protocols.issuperset(chosen)
        )


def offered(method: bytes, version: bytes, fields: Fields) -> Offer | None:
    """Return the offer of a client's opening handshake; None where it is none, or one that is not exact.

    Over HTTP/2 there is none: extended CONNECT (RFC 8441) is not announced to clients and not read.
    """
    key = value_of(fields, b"sec-websocket-key")
    if (
        method != b"GET"
        or version != b"HTTP/1.1"
        or value_of(fields, b"upgrade").lower() != b"websocket"
        or b"upgrade" not in _options(value_of(fields, b"connection"))
        or value_of(fields, b"sec-websocket-version") != b"13"
        or declares_body(fields)
        or not _sixteen_octets(key)
    ):
        return None
    return Offer(key, frozenset(_listed(value_of(fields, _PROTOCOL))))


def _sixteen_octets(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        return False


def _listed(value: bytes) -> list[bytes]:
    return [part for each in value.split(b",") if (part := each.strip(b" \t"))]


def _options(value: bytes) -> list[bytes]:
    return [option.lower() for option in _listed(value)]

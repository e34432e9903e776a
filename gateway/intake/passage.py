"""What the door knows of one exchange between its two halves, and of one client between its exchanges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

from gateway.intake.handshake import Offer
from gateway.vocabulary import Fault, Leg, State, Transfer

PASSAGE = "kouan"
"""Key under which a flow holds its ``Passage``."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A refusal that the door must make, since there is nothing complete and readable to judge."""

    code: str
    fault: Fault = Fault.POLICY
    leg: Leg = Leg.REQUEST
    state: State = State.PARTIAL
    limit: int = 0


@dataclass(slots=True)
class Passage:
    """One exchange on its way through the door."""

    notices: tuple[str, ...] = ()
    trouble: Trouble | None = None
    vouched: bool = False
    """Whether the sender is known, where that was asked before the body was there."""
    languages: bytes = b""
    """Accept-Language of the client."""
    asked: Transfer | None = None
    """The request, once it was permitted."""
    request_index: int = -1
    offer: Offer | None = None
    """The wish to speak WebSocket, where the request is its opening handshake."""
    proofs: tuple[Any, ...] = ()
    """What the sender has shown of itself: subject of its certificate, tokens, address."""
    arrived: Any = field(default=None, repr=False)
    """The upstream's response, kept aside until it is permitted."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the wire may take: bytes and seconds."""

    body: int
    header: int
    body_seconds: float
    upstream_seconds: float
    in_flight: WeakSet[Any] = field(default_factory=WeakSet, compare=False)
    """Exchanges that have no answer yet."""


@dataclass(slots=True)
class Session:
    """What the door knows of one client connection."""

    address: str
    tokens: tuple[str, ...] = ()
    """Tokens that came with CONNECT; they speak for what is in the tunnel."""
    subject: str = ""
    """Subject of the client certificate with which the connection began."""
    known: tuple[Any, ...] = ()
    """The last proofs and the identity they led to."""

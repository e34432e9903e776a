"""The body of a message: its content codings undone, then the walk through all that stands in it."""

from __future__ import annotations

from gateway.decode.codings import Inflated, inflate
from gateway.decode.door import Declared, Unreadable
from gateway.decode.media import declared
from gateway.decode.sources import Source
from gateway.decode.walk import Walk
from gateway.vocabulary import Envelope, Limits, Opaque, State, Transfer, Unread


def content_coding(envelope: Envelope) -> bytes:
    """Return all Content-Encoding fields as one list."""
    return b", ".join([value for name, value in envelope.headers if name.lower() == b"content-encoding"])


def read_body(transfer: Transfer, walk: Walk) -> None:
    """Read the body of ``transfer`` into ``walk``, or say there why not."""
    size = len(transfer.body)
    said = [value for name, value in transfer.envelope.headers if name.lower() == b"content-type"]
    if transfer.body and said:
        walk.unseen(declared(said[0]))
    if transfer.state is not State.COMPLETE:
        reason = Unread.MALFORMED if transfer.state is State.PARTIAL else Unread.UNKNOWN_FORMAT
        walk.opaque.append(Opaque(reason, "body", size, "body"))
        return
    if not transfer.body:
        return
    try:
        inflated = unwrapped(transfer, walk.limits)
        if inflated.extras:
            walk.notice("coding.extras")
        walk.read(Source(inflated.data, _declared(said, transfer.envelope)))
    except Unreadable as fault:
        walk.opaque.append(Opaque(fault.reason, "body", size, fault.detail))
    if len(set(said)) > 1:
        walk.notice("media_type.differs")
        walk.opaque.append(Opaque(Unread.UNKNOWN_FORMAT, "body", size, "media-type"))


def _declared(said: list[bytes], envelope: Envelope) -> Declared:
    """Return what the message declares of its body; the coding of gRPC messages is a header of its own."""
    first = declared(said[0] if said else b"")
    coding = envelope.header(b"grpc-encoding")
    if coding is None:
        return first
    return Declared(
        first.type, first.family, first.charset, {**first.parameters, "grpc-encoding": coding.decode("latin-1")}
    )


def unwrapped(transfer: Transfer, limits: Limits) -> Inflated:
    """Return the body without its content codings; raises ``Unreadable``."""
    if len(transfer.body) > limits.body:
        raise Unreadable(Unread.TOO_LARGE, "body")
    coding = content_coding(transfer.envelope)
    return inflate(transfer.body, coding, limits) if coding else Inflated(transfer.body)

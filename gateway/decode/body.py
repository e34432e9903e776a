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
    """Read the body of ``transfer`` into ``walk``, or say there why not.

    Where nobody could look at it, its media type is what it declares: that it cannot be read is told as such, and is
    no reason to say that it is of another type.
    """
    if not transfer.body:
        if transfer.state is not State.COMPLETE:
            _not_whole(transfer, walk)
        return
    said = [value for name, value in transfer.envelope.headers if name.lower() == b"content-type"]
    first = _declared(said, transfer.envelope)
    if transfer.state is not State.COMPLETE:
        _not_whole(transfer, walk)
    else:
        _read_whole(transfer, walk, first)
        if len(set(said)) > 1:
            walk.notice("media_type.differs")
            walk.opaque.append(Opaque(Unread.UNKNOWN_FORMAT, "body", len(transfer.body), "media-type"))
    walk.media_type = walk.media_type or first.type


def _not_whole(transfer: Transfer, walk: Walk) -> None:
    reason = Unread.MALFORMED if transfer.state is State.PARTIAL else Unread.UNKNOWN_FORMAT
    walk.opaque.append(Opaque(reason, "body", len(transfer.body), "body"))


def _read_whole(transfer: Transfer, walk: Walk, said: Declared) -> None:
    try:
        inflated = unwrapped(transfer, walk.limits)
        if inflated.extras:
            walk.notice("coding.extras")
        walk.read(Source(inflated.data, said))
    except Unreadable as fault:
        walk.opaque.append(Opaque(fault.reason, "body", len(transfer.body), fault.detail))


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

"""Bytes -> segments and opaque parts, and edits -> bytes."""

from __future__ import annotations

from gateway.decode import body as bodies
from gateway.decode import coding, envelope
from gateway.decode.charset import bom_of
from gateway.vocabulary import Content, Edit, Limits, Opaque, Part, State, Transfer, Unread

__all__ = ["Unwritable", "decode", "rebuild"]

_STATES = {State.PARTIAL: Unread.MALFORMED, State.OPAQUE: Unread.NOT_HTTP}


class Unwritable(ValueError):
    """An edit that cannot be written: on a part that is only read, outside of a value, or over another edit."""


def decode(transfer: Transfer, limits: Limits) -> Content:
    """Return what can be read of ``transfer``, envelope first. Never raises: what breaks a reader is Opaque."""
    try:
        return _decode(transfer, limits)
    except Exception as fault:
        lost = Opaque(Unread.MALFORMED, "body", len(transfer.body), type(fault).__name__)
        return Content(parts=(), opaque=(lost,))


def _decode(transfer: Transfer, limits: Limits) -> Content:
    parts = envelope.read(transfer.envelope)
    if not transfer.body and transfer.state is State.COMPLETE:
        return Content(tuple(parts))
    read = bodies.read(transfer, limits)
    for part in (*parts, *read.parts):
        # Values are read at need; where their written form holds escapes somebody will ask, so read them under guard.
        if not part.verbatim and len(part.segments) > limits.segments:
            read.opaque.append(Opaque(Unread.TOO_MANY, part.where, len(part.text), "segments"))
    unread = _STATES.get(transfer.state)
    if unread is not None:
        read.opaque.append(Opaque(unread, "body", len(transfer.body), transfer.state.value))
    return Content(
        parts=(*parts, *read.parts),
        opaque=tuple(dict.fromkeys(read.opaque)),
        notices=tuple(dict.fromkeys(read.notices)),
        media_type=read.media_type,
    )


def rebuild(transfer: Transfer, content: Content, edits: tuple[Edit, ...]) -> bytes:
    """Return the body with ``edits`` spliced in, in its charset and codings. Raises ``Unwritable``."""
    if not edits:
        return transfer.body
    part = edits[0].part
    if part not in content.parts or not part.writable or any(edit.part is not part for edit in edits):
        raise Unwritable("only the body itself can be edited")
    try:
        written = _splice(part, edits)
        codings = coding.names(transfer.envelope.header(b"content-encoding"))
        # The limits were kept when the body was read; here it is only undone once more for its byte order mark.
        inflated = (
            coding.undo(transfer.body, codings, Limits(body=1 << 40, ratio=1 << 40)) if codings else transfer.body
        )
        return coding.redo(bom_of(inflated) + written.encode(part.charset), codings)
    except (UnicodeEncodeError, coding.CodingFault) as fault:
        raise Unwritable(type(fault).__name__) from None
    except ValueError as fault:
        raise Unwritable(str(fault)) from None


def _splice(part: Part, edits: tuple[Edit, ...]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, text in sorted(bodies.FORMATS[part.format].write(part, edits)):
        if start < at:
            raise ValueError("edits overlap")
        pieces += (part.text[at:start], text)
        at = end
    return "".join([*pieces, part.text[at:]])

"""decode() and rebuild(): a message read, and a body written with other words in it."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.decode import cookies, headers, target
from gateway.decode.body import read_body, unwrapped
from gateway.decode.codings import deflate
from gateway.decode.door import Unreadable
from gateway.decode.formats import BY_NAME
from gateway.decode.splicing import Unwritable, in_order
from gateway.vocabulary import Content, Edit, Limits, Opaque, Part, Transfer, Unread


def decode(transfer: Transfer, limits: Limits) -> Content:
    """Return what can be read of ``transfer``: parts of the envelope first, then the body. Never raises.

    What cannot be read is ``Opaque`` with its reason. The first reading of a body is writable; where a message can be
    read in several ways, each is a part.
    """
    try:
        return _decode(transfer, limits)
    except Exception as error:  # whatever it is, it must not open the gate: nothing counts as read
        return Content((), (Opaque(Unread.MALFORMED, "body", len(transfer.body), type(error).__name__),))


def _decode(transfer: Transfer, limits: Limits) -> Content:
    parts: list[Part] = []
    opaque: list[Opaque] = []
    for where, envelope in _envelope(transfer, limits):
        try:
            parts.extend(envelope)
        except Unreadable as fault:
            opaque.append(Opaque(fault.reason, where, 0, fault.detail))
    body = read_body(transfer, limits)
    return Content((*parts, *body.parts), (*opaque, *body.opaque), tuple(body.notices), body.media_type)


def _envelope(transfer: Transfer, limits: Limits) -> Iterator[tuple[str, Iterator[Part]]]:
    yield "header", headers.read(transfer.envelope, limits)
    yield "cookie", cookies.read(transfer.envelope, limits)
    yield "target", target.read(transfer.envelope.target, limits)


def rebuild(transfer: Transfer, content: Content, edits: tuple[Edit, ...]) -> bytes:
    """Return the body of ``transfer`` with ``edits`` made, in the same charset and content codings.

    ``content`` is what ``decode`` made of ``transfer``. Raises ``Unwritable`` where an edit is on a part that is only
    read, reaches beyond one value or over another edit, or cannot be written in the charset.
    """
    if not edits:
        return transfer.body
    part = edits[0].part
    if any(edit.part is not part for edit in edits) or not any(part is each for each in content.parts):
        raise Unwritable("edits on several parts, or on a part of another message")
    if not part.writable:
        raise Unwritable("part is only read")
    text = BY_NAME[part.format].write(part, in_order(part, edits))
    # Whoever decoded it within limits can do so again; the limits then are the sizes that came out.
    try:
        inflated = unwrapped(transfer, _UNBOUNDED)
    except Unreadable:
        raise Unwritable("body and content do not belong together") from None
    mark = _mark(inflated.data, part)
    try:
        data = mark + text.encode(part.charset)
    except UnicodeEncodeError:
        raise Unwritable("text has no place in the charset") from None
    return deflate(data, inflated.layers)


_UNBOUNDED = Limits(body=1 << 40, ratio=1 << 30, codings=64)


def _mark(data: bytes, part: Part) -> bytes:
    """Return the byte order mark that stands before the text of ``part``."""
    length = len(data) - len(part.text.encode(part.charset))
    return data[:length] if 0 < length <= 4 else b""

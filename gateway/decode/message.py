"""decode() and rebuild(): a message read, and a body written with other words in it."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.decode import cookies, headers, target
from gateway.decode.body import content_coding, read_body, unwrapped
from gateway.decode.codings import deflate
from gateway.decode.door import Unreadable
from gateway.decode.formats import DOCUMENTS
from gateway.decode.media import declared
from gateway.decode.sight import seen_in_bytes
from gateway.decode.sources import put_back
from gateway.decode.splicing import Unwritable
from gateway.decode.walk import Apart, InProcess, Walk
from gateway.vocabulary import Content, Edit, Limits, Opaque, Part, Transfer, Unread

IN_PROCESS = InProcess()
QUICK = 64 * 1024
"""Bytes of a text that is read in less time than it takes to hand it to somebody else."""
_COMPRESSED = 8 * 1024


def decode(
    transfer: Transfer, limits: Limits, apart: Apart = IN_PROCESS, schema: tuple[bytes, str] | None = None
) -> Content:
    """Return what can be read of ``transfer``: parts of the envelope first, then the body. Never raises.

    What cannot be read is ``Opaque`` with its reason. The first reading of some bytes is writable where their format
    can be written; where a message can be read in several ways, each is a part. ``apart`` reads the documents whose
    parsers are native or slow. ``schema`` is a set of file descriptors and the full name of the message by which
    Protocol Buffers are to be read: names of fields are then places and labels, and nothing is read less.
    """
    try:
        walk = Walk(limits, apart, len(transfer.body), schema)
        parts: list[Part] = []
        for where, envelope in _envelope(transfer, limits):
            try:
                parts.extend(envelope)
            except Unreadable as fault:
                walk.opaque.append(Opaque(fault.reason, where, 0, fault.detail))
        walk.add_envelope(parts)
        read_body(transfer, walk)
        return Content(tuple(walk.parts), tuple(walk.opaque), tuple(walk.notices), walk.media_type)
    except Exception as error:  # whatever it is, it must not open the gate: nothing counts as read
        return Content((), (Opaque(Unread.MALFORMED, "body", len(transfer.body), type(error).__name__),))


def _envelope(transfer: Transfer, limits: Limits) -> Iterator[tuple[str, Iterator[Part]]]:
    yield "header", headers.read(transfer.envelope, limits)
    yield "cookie", cookies.read(transfer.envelope, limits)
    yield "target", target.read(transfer.envelope.target, limits)


def slow(transfer: Transfer) -> bool:
    """Tell whether reading ``transfer`` may take so long that others should not wait for it."""
    size = len(transfer.body)
    if size <= 256:
        return False
    if size > (_COMPRESSED if content_coding(transfer.envelope) else QUICK) or seen_in_bytes(transfer.body):
        return True
    said = transfer.envelope.header(b"content-type")
    return said is not None and declared(said).family in DOCUMENTS


def rebuild(transfer: Transfer, content: Content, edits: tuple[Edit, ...]) -> bytes:
    """Return the body of ``transfer`` with ``edits`` made, in the same charsets, documents and codings.

    ``content`` is what ``decode`` made of ``transfer``. Raises ``Unwritable`` where an edit is on a part that is only
    read, reaches beyond one value or over another edit, or cannot be written in the charset.
    """
    if not edits:
        return transfer.body
    if any(not any(edit.part is each for each in content.parts) for edit in edits):
        raise Unwritable("edit on a part of another message")
    data = put_back(edits)
    # Whoever decoded it within limits can do so again; the limits then are the sizes that came out.
    try:
        layers = unwrapped(transfer, _UNBOUNDED).layers
    except Unreadable:
        raise Unwritable("body and content do not belong together") from None
    return deflate(data, layers)


_UNBOUNDED = Limits(body=1 << 40, ratio=1 << 30, codings=64)

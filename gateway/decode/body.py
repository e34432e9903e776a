"""The body of a message: codings, charset and format, each by declaration and by sight."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.decode import form
from gateway.decode.charsets import Reading, read
from gateway.decode.codings import Inflated, inflate
from gateway.decode.door import Unreadable
from gateway.decode.formats import FORMATS
from gateway.decode.media import FORM, JSON, TEXT, Declared, declared, seen_in_bytes, seen_in_text
from gateway.vocabulary import Envelope, Limits, Opaque, Part, State, Transfer, Unread


@dataclass(slots=True)
class Body:
    """What has been read of a body so far; ``media_type`` is what it is by sight."""

    parts: list[Part] = field(default_factory=list)
    opaque: list[Opaque] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    media_type: str = ""

    def unread(self, reason: Unread, size: int, detail: str = "") -> None:
        """Note something that could not be read."""
        self.opaque.append(Opaque(reason, "body", size, detail))

    def notice(self, code: str) -> None:
        """Note an oddity, once."""
        if code not in self.notices:
            self.notices.append(code)


def content_coding(envelope: Envelope) -> bytes:
    """Return all Content-Encoding fields as one list."""
    return b", ".join([value for name, value in envelope.headers if name.lower() == b"content-encoding"])


def read_body(transfer: Transfer, limits: Limits) -> Body:
    """Read the body of ``transfer``, or say why not; raises nothing that is the sender's doing."""
    body = Body()
    size = len(transfer.body)
    if transfer.state is not State.COMPLETE:
        reason = Unread.MALFORMED if transfer.state is State.PARTIAL else Unread.UNKNOWN_FORMAT
        body.unread(reason, size, "body")
        return body
    if not transfer.body:
        return body
    said = [value for name, value in transfer.envelope.headers if name.lower() == b"content-type"]
    try:
        inflated = unwrapped(transfer, limits)
        if inflated.extras:
            body.notice("coding.extras")
        _read_data(body, inflated.data, declared(said[0] if said else b""), limits)
    except Unreadable as fault:
        body.unread(fault.reason, size, fault.detail)
    if len(set(said)) > 1:
        body.notice("media_type.differs")
        body.unread(Unread.UNKNOWN_FORMAT, size, "media-type")
    return body


def unwrapped(transfer: Transfer, limits: Limits) -> Inflated:
    """Return the body without its content codings; raises ``Unreadable``."""
    if len(transfer.body) > limits.body:
        raise Unreadable(Unread.TOO_LARGE, "body")
    coding = content_coding(transfer.envelope)
    return inflate(transfer.body, coding, limits) if coding else Inflated(transfer.body)


def _read_data(body: Body, data: bytes, said: Declared, limits: Limits) -> None:
    if not data:
        return
    if seen := seen_in_bytes(data):
        body.media_type = seen
        if said.family not in ("", seen):
            body.notice("media_type.differs")
        raise Unreadable(Unread.UNKNOWN_FORMAT, "")
    readings = read(data, said.charset)
    if readings.lies:
        body.notice("charset.lies")
    if not readings.items:
        body.media_type = said.type
        raise Unreadable(Unread.UNKNOWN_CHARSET, "charset")
    faults: list[Unreadable] = []
    for reading in readings.items:
        try:
            _read_text(body, reading, data, said, limits)
        except Unreadable as fault:
            faults.append(fault)
            if fault.reason in (Unread.TOO_DEEP, Unread.TOO_MANY):
                raise
    if faults and not body.parts and not body.opaque:
        body.media_type = body.media_type or said.type
        raise faults[0]


def _read_text(body: Body, reading: Reading, data: bytes, said: Declared, limits: Limits) -> None:
    """Add every format in which somebody might read ``reading``: the one that it shows and the one that it declares."""
    seen = seen_in_text(reading.text)
    if said.family == JSON:
        # A document may also be a bare string or number; what is no JSON at all is refused by the judge.
        return _add(body, reading, data, JSON, said, limits)
    if seen == JSON and not _add_if_json(body, reading, data, said, limits):
        seen = TEXT
    readable = said.family in ("", FORM, TEXT)
    if not readable or seen not in FORMATS:
        return _leave(body, data, said, seen)
    for type in _NEXT[said.family, seen]:
        _add(body, reading, data, type, said, limits)
    return None


_NEXT = {
    ("", JSON): (),
    ("", FORM): (FORM,),
    ("", TEXT): (TEXT,),
    # Whoever believes the declaration reads a form, whatever else it may look like.
    (FORM, JSON): (FORM,),
    (FORM, FORM): (FORM,),
    (FORM, TEXT): (FORM,),
    (TEXT, JSON): (),
    (TEXT, FORM): (TEXT, FORM),
    (TEXT, TEXT): (TEXT,),
}
"""What to read a body as, beside JSON, by what it declares and what it shows."""


def _add_if_json(body: Body, reading: Reading, data: bytes, said: Declared, limits: Limits) -> bool:
    """Add ``reading`` as JSON if it is a document; one that only begins like one is something else."""
    try:
        _add(body, reading, data, JSON, said, limits)
    except Unreadable as fault:
        if fault.reason is not Unread.MALFORMED:
            raise
        return False
    return True


def _leave(body: Body, data: bytes, said: Declared, seen: str) -> None:
    """Note a body of a format that nobody reads yet."""
    body.media_type = body.media_type or (seen if seen not in (TEXT, FORM) or not said.type else said.type)
    if said.family and seen not in (TEXT, FORM) and not _alike(said.type, seen):
        body.notice("media_type.differs")
    body.unread(Unread.UNKNOWN_FORMAT, len(data), "media-type")


def _alike(said: str, seen: str) -> bool:
    """Tell whether both are markup, which sight does not tell apart."""
    return seen in ("application/xml", "text/html") and ("xml" in said or "html" in said)


def _add(body: Body, reading: Reading, data: bytes, type: str, said: Declared, limits: Limits) -> None:
    """Add ``reading`` as a part of format ``type``; the first part of a body is the one that can be written."""
    format = FORMATS[type]
    verbatim, notices = format.judge(reading.text, limits)
    body.notices.extend(code for code in notices if code not in body.notices)
    first = not body.parts and not body.opaque
    writable = first and _goes_back(reading, data)
    part = Part(
        format.where,
        reading.text,
        format.read,
        format=format.name,
        charset=reading.charset,
        verbatim=verbatim,
        writable=writable,
    )
    if first:
        body.media_type = said.type if said.family == type else type
    if said.family not in ("", type) and (said.family, type) != (TEXT, FORM):
        body.notice("media_type.differs")
    body.parts.append(part)
    if type == FORM and not verbatim:
        body.parts.extend(form.deeper(part.segments, "form"))


def _goes_back(reading: Reading, data: bytes) -> bool:
    """Tell whether encoding the text gives the bytes again; the tables of Big5 have characters with two codes."""
    return reading.charset == "utf-8" or reading.mark + reading.text.encode(reading.charset) == data

"""One body -> its parts: codings undone, every plausible charset, the format by declaration and by sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gateway.decode import coding, forms, json, sight, text
from gateway.decode.charset import readings
from gateway.vocabulary import Edit, Limits, Opaque, Part, Segment, Transfer, Unread


class Format(NamedTuple):
    """How a format is read and written."""

    read: Callable[[str], tuple[Segment, ...]]
    write: Callable[[Part, tuple[Edit, ...]], list[tuple[int, int, str]]]


FORMATS = {
    "json": Format(json.read, json.write),
    "form": Format(forms.read, forms.write),
    "text": Format(text.read, text.write),
}
"""Every format that is read. A new one is a file with read() and write(), a line here and a branch in ``_read_as``."""


class Body(NamedTuple):
    """What could be read of a body."""

    parts: list[Part]
    opaque: list[Opaque]
    notices: list[str]
    media_type: str


def _part(format: str, written: str, charset: str, *, verbatim: bool, first: bool) -> Part:
    where = "body" if first else f"body:{charset}"
    return Part(where, written, FORMATS[format].read, format=format, charset=charset, verbatim=verbatim, writable=first)


def read(transfer: Transfer, limits: Limits) -> Body:
    """Read the body of ``transfer``; never raises for what is in it."""
    envelope = transfer.envelope
    said, charset = sight.declared(envelope.header(b"content-type"))
    codings = coding.names(envelope.header(b"content-encoding"))
    body = Body([], [], [], "")
    data = transfer.body
    if len(data) > limits.body:
        return _opaque(body, Unread.TOO_LARGE, data, "body", said)
    if codings:
        try:
            data = coding.undo(data, codings, limits)
        except coding.CodingFault as fault:
            return _opaque(body, fault.reason, transfer.body, fault.detail, said)
    if not data:
        return body
    seen = sight.signature(data)
    if seen:
        return _opaque(_differing(body, said, seen), Unread.UNKNOWN_FORMAT, data, seen, said)
    if said and not (sight.is_json(said) or said in (sight.FORM, sight.TEXT)):
        # Not read yet; still read by sight, so that a finding in it is seen, and opaque all the same.
        body.opaque.append(Opaque(Unread.UNKNOWN_FORMAT, "body", len(data), sight.named(said)))
    read_in = readings(data, charset)
    body.notices.extend(read_in.notices)
    if not read_in.texts:
        return _opaque(body, Unread.UNKNOWN_CHARSET, data, "charset", said)
    media_type = ""
    for number, (name, written) in enumerate(read_in.texts):
        taken = _read_as(body, written, name, said, limits, first=number == 0)
        media_type = media_type or taken
    return body._replace(media_type=media_type or sight.named(said))


def _read_as(body: Body, written: str, charset: str, said: str, limits: Limits, *, first: bool) -> str:
    """Add the parts of one reading; return its media type by sight, or "" where it is no format that is read."""
    looks = written[:64].lstrip(" \t\r\n")[:1]
    fault: json.Malformed | None = None
    if sight.is_json(said) or looks in ("{", "[") or (not said and looks in ('"', "-", *"0123456789")):
        try:
            notices = json.check(written, limits)
        except json.Malformed as error:
            fault = error
        else:
            body.notices.extend(notices)
            body.parts.append(_part("json", written, charset, verbatim="\\" not in written, first=first))
            if sight.is_json(said):
                return sight.named(said)
            if said != sight.FORM:
                _differing(body, said, "application/json")
                return "application/json"
            first = False
            _differing(body, said, "application/json")
    if fault is not None and (sight.is_json(said) or fault.reason is not Unread.MALFORMED):
        # Malformed JSON is refused as opaque; it is read as text too, so that what it hides is on the record.
        body.opaque.append(Opaque(fault.reason, "body", len(written), fault.detail))
    if not text.is_text(written):
        body.opaque.append(Opaque(Unread.UNKNOWN_FORMAT, "body", len(written), "other"))
        return sight.named(said)
    if said == sight.FORM:
        plain = "%" not in written and "+" not in written
        body.parts.append(_part("form", written, charset, verbatim=plain, first=first))
        return sight.FORM
    body.parts.append(_part("text", written, charset, verbatim=True, first=first))
    return sight.TEXT if said in ("", sight.TEXT) else sight.named(said)


def _differing(body: Body, said: str, seen: str) -> Body:
    """Notice that the declaration and the sight disagree."""
    if said and said != seen:
        body.notices.append("media_type.differs")
    return body


def _opaque(body: Body, reason: Unread, data: bytes, detail: str, said: str) -> Body:
    body.opaque.append(Opaque(reason, "body", len(data), detail))
    return body._replace(media_type=sight.named(said))

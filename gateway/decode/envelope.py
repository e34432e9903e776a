"""What is around a body: path, query, header fields, cookies, trailers, reason phrase. Read only, never edited."""

from __future__ import annotations

from email.header import decode_header

from gateway.decode.charset import readings
from gateway.decode.forms import PERCENT, values
from gateway.decode.forms import read as read_form
from gateway.vocabulary import Envelope, Part, Segment

COOKIES = ("cookie", "set-cookie")


def _text(value: bytes) -> str:
    """Header fields are octets (RFC 9110 section 5.5): UTF-8 where they are, else whatever decodes."""
    if value.isascii():
        return value.decode("ascii")
    texts = readings(value, "").texts
    return texts[0][1] if texts else value.decode("latin-1")


def read(envelope: Envelope) -> list[Part]:
    """Return the parts of an envelope: ``path:``, ``query:``, ``header:``, ``cookie:``, ``trailer:``."""
    parts: list[Part] = []
    path, question, query = envelope.target.decode("latin-1").partition("?")
    if path not in ("", "/"):
        parts.append(Part("path", path, _path, format="path", verbatim="%" not in path))
    if question:
        plain = "%" not in query and "+" not in query
        parts.append(Part("query", query, _query, format="form", verbatim=plain))
    if envelope.headers:
        parts += _fields(envelope.headers, "header", envelope.reason)
    elif envelope.reason:
        parts.append(_reason(envelope.reason))
    if envelope.trailers:
        parts += _fields(envelope.trailers, "trailer", b"")
    return parts


def _path(text: str) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    at = 0
    for index, step in enumerate(text.split("/")):
        if step:
            segments += values(step, at, f"path:/{index}", "", plus=False)
        at += len(step) + 1
    return tuple(segments)


def _query(text: str) -> tuple[Segment, ...]:
    return read_form(text, "query:")


def _reason(reason: bytes) -> Part:
    text = _text(reason)
    return Part(
        "reason", text, lambda text: (Segment(text, "reason:", "", 0, len(text)),), format="field", verbatim=True
    )


def _fields(fields: tuple[tuple[bytes, bytes], ...], root: str, reason: bytes) -> list[Part]:
    """Make one part of all fields, so that they are screened at once, and one of cookies where there are any."""
    lines = tuple((_text(name).lower(), _text(value)) for name, value in fields)
    if reason:
        lines = (*lines, ("reason", _text(reason)))
    text = "\n".join([f"{name}\n{value}" for name, value in lines])
    plain = "%" not in text and "=?" not in text
    parts = [Part(root, text, lambda text: _read_fields(text, root), format="field", verbatim=plain)]
    cookies = "\n".join(value for name, value in lines if name in COOKIES)
    if cookies:
        parts.append(Part("cookie", cookies, _read_cookies, format="cookie", verbatim="%" not in cookies))
    return parts


def _read_fields(text: str, root: str) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    lines = text.split("\n")
    at = 0
    for name, value in zip(lines[::2], lines[1::2], strict=True):
        where = f"{root}:{name}"
        segments.append(Segment(name, f"{root}:~name", "", at, at + len(name)))
        begin = at + len(name) + 1
        segments.append(Segment(value, where, name, begin, begin + len(value)))
        if PERCENT.search(value):
            segments += values(value, begin, where, name, plus=False)
        if "=?" in value:
            meant = _rfc2047(value)
            segments.append(Segment(meant, where, name, begin, begin + len(value), (begin,) * (len(meant) + 1)))
        at = begin + len(value) + 1
    return tuple(segments)


def _rfc2047(value: str) -> str:
    """Undo encoded words; what cannot be undone is left."""
    try:
        pieces = decode_header(value)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "latin-1", "replace")
            for piece, charset in pieces
        )
    except (ValueError, LookupError):
        return value


def _read_cookies(text: str) -> tuple[Segment, ...]:
    """Cookies (RFC 6265 section 4): name=value, separated by semicolons."""
    segments: list[Segment] = []
    at = 0
    for pair in text.replace("\n", ";").split(";"):
        name, _, value = pair.partition("=")
        label = name.strip()
        segments += values(value, at + len(name) + 1, f"cookie:{label}", label, plus=False)
        at += len(pair) + 1
    return tuple(segments)

"""Cookies (RFC 6265): the pairs of Cookie, and name, value and attributes of Set-Cookie, one part for all."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.decode import form
from gateway.decode.door import Unreadable
from gateway.decode.headers import charsets
from gateway.decode.places import KEY, below, step
from gateway.vocabulary import Envelope, Limits, Part, Segment, Unread


def read(envelope: Envelope, limits: Limits) -> Iterator[Part]:
    """Yield the part ``cookie``, at places such as ``cookie:sid`` and ``cookie:sid/path``."""
    lines = [value for name, value in (*envelope.headers, *envelope.trailers) if _is_cookie(name)]
    if not lines:
        return
    octets = b"\n".join(lines)
    if 2 * (octets.count(b";") + octets.count(b"\n") + 1) > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    for charset in charsets(octets):
        text = octets.decode(charset)
        part = Part("cookie", text, _pairs, format="cookie", charset=charset, verbatim="%" not in text)
        yield part


def _is_cookie(name: bytes) -> bool:
    return name.lower() in (b"cookie", b"set-cookie")


_ATTRIBUTES = frozenset(
    {"domain", "expires", "httponly", "max-age", "partitioned", "path", "priority", "samesite", "secure"}
)


def _pairs(text: str) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    at = 0
    for line in text.split("\n"):
        owner = ""
        for pair in line.split(";"):
            begin, end = _trimmed(text, at, at + len(pair))
            equals = text.find("=", begin, end)
            stop = end if equals < 0 else equals
            name = form.meant(text, begin, stop, "")
            here = f"cookie:{step(name.text)}"
            if owner and name.text.lower() in _ATTRIBUTES:
                here = below(owner, name.text.lower())
            else:
                owner = here
            if begin < stop:
                segments.append(Segment(name.text, here + KEY, "", name.start, name.end, name.marks))
            if equals >= 0:
                segments.append(form.meant(text, equals + 1, end, name.text, here))
            at += len(pair) + 1
    return tuple(segments)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\r":
        start += 1
    while start < end and text[end - 1] in " \t\r":
        end -= 1
    return start, end

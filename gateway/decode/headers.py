"""Header and trailer fields (RFC 9110 section 5), the reason phrase, and values that are encoded inside them.

All fields make one part, read verbatim: one look tells whether anything stands in them. Octets are UTF-8, or else every
charset in which they decode. RFC 8187 (``filename*=UTF-8''...``), escapes in addresses, and RFC 2047 words make a part
of their own.
"""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gateway.decode.door import Unreadable
from gateway.decode.places import Lines, step
from gateway.vocabulary import Envelope, Limits, Part, Unread

_COOKIES = frozenset({b"cookie", b"set-cookie"})
_WORD = re.compile(r"=\?([A-Za-z0-9_-]{1,40})(?:\*[^?]{0,40})?\?([BbQq])\?([^? ]*)\?=(?:\s++(?==\?))?")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_CHARSETS = ("latin-1", "gb18030", "big5hkscs")


def read(envelope: Envelope, limits: Limits) -> Iterator[Part]:
    """Yield the parts of all fields but cookies; places are ``header:name`` in lower case."""
    fields = [(name, value) for name, value in envelope.headers if name.lower() not in _COOKIES]
    fields += [(name, value) for name, value in envelope.trailers if name.lower() not in _COOKIES]
    if len(fields) > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    if envelope.reason:
        fields.append((b"~reason", envelope.reason))
    if not fields:
        return
    # A line end is the second byte of no character, so what decodes as a whole decodes field by field.
    for charset in charsets(b"\n".join([each for field in fields for each in field])):
        lines = [_line(name.decode(charset), value.decode(charset)) for name, value in fields]
        yield Lines(lines).part("header", charset)
        yield from _encoded(lines)


def charsets(octets: bytes) -> Sequence[str]:
    """Return the charsets in which the octets of fields are to be read."""
    for charset in ("ascii", "utf-8"):
        try:
            octets.decode(charset)
        except UnicodeDecodeError:
            continue
        return (charset,)
    found = []
    for charset in _CHARSETS:
        try:
            octets.decode(charset)
        except UnicodeDecodeError:
            continue
        found.append(charset)
    return found


def _line(name: str, value: str) -> tuple[str, str, str]:
    return (_place(name), name, value)


@lru_cache(1024)
def _place(name: str) -> str:
    return f"header:{step(name.lower())}"


def _encoded(lines: Sequence[tuple[str, str, str]]) -> Iterator[Part]:
    """Yield a part of the values that mean something else than they say, if there are any."""
    found = []
    for place, name, value in lines:
        if "=?" in value and (words := _WORD.sub(_word, value)) != value:
            found.append((place, name, words))
    if found:
        yield Lines(found).part("header.encoded")


def _word(match: re.Match[str]) -> str:
    """Decode one RFC 2047 word; one that does not decode stays as it is."""
    charset, encoding, text = match.groups()
    try:
        octets = a2b_base64(text) if encoding in "Bb" else a2b_qp(text.encode(), header=True)
        return octets.decode(charset)
    except (Base64Error, UnicodeError, LookupError, ValueError):
        return match[0]

"""application/x-www-form-urlencoded (WHATWG URL Standard section 5) and percent-encoding (RFC 3986 section 2.1).

Octets are read as UTF-8, and as GB18030 where that fails. Names are values too, with or without anything behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from urllib.parse import quote_plus

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, Marks, below, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_OCTET = re.compile(rb"%([0-9A-Fa-f]{2})")
_HEX = "0123456789abcdefABCDEF"
_OCTETS = {(a + b).encode(): bytes.fromhex(a + b) for a in _HEX for b in _HEX}
_CHARSETS = ("utf-8", "gb18030", "latin-1")


def judge(text: str, limits: Limits) -> None:
    """Raise ``Unreadable`` where ``text`` has more pairs than ``limits.segments`` allows values."""
    if 2 * text.count("&") + 2 > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")


def pairs(text: str, place: str) -> tuple[Segment, ...]:
    """Return the names and values of ``text``, at places below ``place`` (``form:`` or ``query:``)."""
    segments: list[Segment] = []
    at = 0
    for pair in text.split("&"):
        name, equals, _ = pair.partition("=")
        end = at + len(pair)
        if pair:
            key = meant(text, at, at + len(name), "", plus=True)
            here = below(place, step(key.text))
            segments.append(Segment(key.text, here + KEY, "", key.start, key.end, key.marks))
            if equals:
                segments.append(meant(text, at + len(name) + 1, end, key.text, here, plus=True))
        at = end + 1
    return tuple(segments)


def meant(text: str, start: int, end: int, label: str, where: str = "", *, plus: bool = False) -> Segment:
    """Return ``text[start:end]`` with its octets decoded; with ``plus``, a plus sign is a blank."""
    written = text[start:end]
    if "%" not in written:
        return Segment(written.replace("+", " ") if plus else written, where, label, start, end)
    octets = unescaped(written.replace("+", " ") if plus else written)
    charset = next(each for each in _CHARSETS if _decodes(octets, each))
    value = octets.decode(charset)
    marks = Marks(len(value) + 1, lambda: _marks(written, start, value, charset))
    return Segment(value, where, label, start, end, marks)


def unescaped(written: str) -> bytes:
    """Return the octets that ``written`` stands for."""
    return _OCTET.sub(lambda escape: _OCTETS[escape[1]], written.encode())


def _decodes(octets: bytes, charset: str) -> bool:
    try:
        octets.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _marks(written: str, start: int, value: str, charset: str) -> Sequence[int]:
    """Return where each code point of ``value`` is written; one that shares a written character begins with it."""
    places: list[int] = []  # of each octet
    at = 0
    for escape in _ESCAPE.finditer(written):
        _literal(places, written, at, escape.start(), start)
        places.append(start + escape.start())
        at = escape.end()
    _literal(places, written, at, len(written), start)
    places.append(start + len(written))
    widths = (len(character.encode(charset)) for character in value)
    return [places[offset] for offset in accumulate(widths, initial=0)]


def _literal(places: list[int], written: str, begin: int, end: int, start: int) -> None:
    for offset in range(begin, end):
        places.extend([start + offset] * len(written[offset].encode()))


def read(text: str) -> tuple[Segment, ...]:
    """Return the names and values of a form in a body."""
    return pairs(text, "form:")


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the form, percent-encoded.

    Raises ``Unwritable`` where an edit would take a separator away or cut through an escape.
    """
    text, replacements = part.text, []
    for edit in edits:
        old = text[edit.start : edit.end]
        if "&" in old or "=" in old or _cuts(text, edit.start) or _cuts(text, edit.end):
            raise Unwritable("edit beyond one value")
        try:
            replacements.append((edit.start, edit.end, quote_plus(edit.text, safe="*")))
        except UnicodeEncodeError:
            raise Unwritable("text has no octets") from None
    return spliced(text, replacements)


def _cuts(text: str, offset: int) -> bool:
    """Tell whether ``offset`` lies inside of a percent escape."""
    return any(offset >= back and _ESCAPE.match(text, offset - back) for back in (1, 2))


def _judged(text: str, limits: Limits) -> Judged:
    judge(text, limits)
    return "%" not in text and "+" not in text, ()


FORMAT = Format("form", _judged, read, write)

"""Names and values of application/x-www-form-urlencoded bodies and of queries (WHATWG URL section 5).

Percent signs are undone as bytes and then read as UTF-8, else as GB18030, as old mainland systems write them. What
is still encoded after that is undone again and shown as a further value, since hiding a number twice is easy.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from gateway.vocabulary import Edit, Part, Segment

PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
AGAIN = 3
"""How often a value is undone; what is encoded more often than that stays visible as a near miss of percent signs."""


def undo(written: str, marks: tuple[int, ...], *, plus: bool) -> tuple[str, tuple[int, ...]]:
    """Undo percent-encoding once. ``marks`` gives the offset of each code point of ``written``, and of its end."""
    out: list[str] = []
    places: list[int] = []
    at, end = 0, len(written)
    while at < end:
        char = written[at]
        if char != "%" or not PERCENT.match(written, at):
            out.append(" " if plus and char == "+" else char)
            places.append(marks[at])
            at += 1
            continue
        begin, octets = at, bytearray()
        while PERCENT.match(written, at):
            octets.append(int(written[at + 1 : at + 3], 16))
            at += 3
        text, charset = _text(bytes(octets))
        for point in text:
            out.append(point)
            places.append(marks[begin])
            begin += 3 * len(point.encode(charset))
    return "".join(out), (*places, marks[end])


def _text(octets: bytes) -> tuple[str, str]:
    for charset in ("utf-8", "gb18030"):
        try:
            return octets.decode(charset), charset
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1"), "latin-1"


def values(written: str, start: int, where: str, label: str, *, plus: bool) -> list[Segment]:
    """Return the value of ``written`` and, where it is encoded more than once, each further reading."""
    end = start + len(written)
    if "%" not in written and not (plus and "+" in written):
        return [Segment(written, where, label, start, end)]
    found: list[Segment] = []
    text, marks = written, tuple(range(start, end + 1))
    for turn in range(AGAIN):
        text, marks = undo(text, marks, plus=plus and turn == 0)
        found.append(Segment(text, where, label, start, end, marks))
        if not PERCENT.search(text):
            break
    return found


def read(text: str, root: str = "form:", start: int = 0) -> tuple[Segment, ...]:
    """Return all names and values; ``root`` begins each place. A name without a value is a value too."""
    segments: list[Segment] = []
    at = start
    for pair in text.split("&"):
        name, equals, value = pair.partition("=")
        names = values(name, at, f"{root}/~name", "", plus=True)
        label = names[0].text
        segments += names
        if equals:
            segments += values(value, at + len(name) + 1, f"{root}/{label}", label, plus=True)
        at += len(pair) + 1
    return tuple(segments)


def write(part: Part, edits: tuple[Edit, ...]) -> list[tuple[int, int, str]]:
    """Return splices of the written text, percent-encoded in the part's own charset."""
    charset = part.charset if part.charset in ("utf-8", "gb18030", "big5hkscs") else "utf-8"
    return [(edit.start, edit.end, quote(edit.text, safe="*", encoding=charset)) for edit in edits]

"""Islands: text or bytes written inside a value in an alphabet of their own.

A value may hold JSON in a string, base64, hex, escapes, a JWT or a data: URI. One pass of machine code over the text
of a part tells where one might stand; what it stands for is worked out there only, and it counts as an island where it
is text that somebody could read, or a document that shows itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from operator import gt
from urllib.parse import unquote_to_bytes

import re2

from gateway.decode import charsets, codes, spelling
from gateway.decode.media import TEXT
from gateway.decode.sight import seen_in_bytes, seen_in_text
from gateway.decode.spelling import Spelling
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Part, Segment, Unread

_HINT = (
    r"%[0-9A-Fa-f]{2}|=[0-9A-F]{2}|=[ \t]*\r?\n|&(?:#[0-9xX]|[A-Za-z0-9]{2,8};)|\\[uUx0-3]"
    r"|[0-9A-Fa-f]{2}(?:[ :-][0-9A-Fa-f]{2}){7}|\+[A-Za-z0-9+/]{6,}-|~\{"
    r"|data:[^\s,]{0,120},|-----BEGIN PGP MESSAGE-----|eyJ[A-Za-z0-9_-]+\.|"
) + codes.HINT
_FIELDS = re2.compile((_HINT + r"|[ =][\[{<]").encode())
_HINTS = {
    **dict.fromkeys(("envelope", "header", "cookie", "path", "query"), _FIELDS),
    "json": re2.compile((_HINT + r'|"\s*[\[{<]|"MSH\||"(?:query|mutation|subscription|fragment)[ ({]').encode()),
    "text": re2.compile((_HINT + r'|\{\s*"|\[\s*[\[{"]').encode()),
}
_VALUES = re2.compile((_HINT + r'|(?:^|[^\w\s"])[ \t]*[\[{<][^\]}>]|\n|MSH\|').encode())
"""Hints in every other text."""
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_BARE = bytes.maketrans(
    bytes(range(256)), bytes(0x78 if byte in _ALPHABET else 0x0A if byte in b"\r\n" else 0x20 for byte in range(256))
)
"""Letters of base64 as x, line ends as they are, all else blank."""
_TWELVE, _SIXTEEN = b"x" * 12, b"x" * 16
_DIGITS = bytes.maketrans(
    bytes(range(256)), bytes(0x78 if byte in b"0123456789abcdefABCDEF" else 0x20 for byte in range(256))
)
"""Digits of hex as x, all else blank."""
_RUN_IN_VALUE = re.compile(r"[A-Za-z0-9+/_-]{12,}+(?:[ \t]*+\r?\n[ \t]*+[A-Za-z0-9+/_-]{4,}+)*+={0,2}")
_HEX_IN_VALUE = re.compile(
    r"(?<![0-9A-Za-z])(?:0[xX])?(?:(?:[0-9A-Fa-f]{2}){8,}+"
    r"|[0-9A-Fa-f]{2}(?:([ :-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){6,}+)(?![0-9A-Za-z])"
)
_DATA = re.compile(r"data:([\w!#$&^.+/-]*+(?:;[\w!#$&^.+-]++=[^;,\s]*+)*+)(;base64)?,([^\s\"'<>)]*+)", re.IGNORECASE)
_SEALED = re.compile(
    r"(?<![\w.-])eyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+(?![\w.-])|-----BEGIN PGP MESSAGE-----", re.ASCII
)
_LEADING = bytes(byte for byte in range(256) if byte & 0xC0 != 0x80)
"""Bytes of UTF-8 that begin a character."""
_PIECES = re.compile(r"[A-Za-z0-9+_-]{12,}+={0,2}|[A-Za-z0-9]{12,}+={0,2}")
_UNSEEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BRACKETS = {"{": "}", "[": "]"}
_BEGINNINGS = ("MSH|", "query", "mutation", "subscription", "fragment")
"""Of documents that begin with a letter and may stand on one line: HL7 and GraphQL."""
_RARE = re2.compile(codes.HINT.encode())
_ROW = re2.compile(rb"[0-9]{2,3}[\"]?(?:[\s,;:\"]+[0-9]{2,3}){7}")
_ROW_LENGTH = 24
_WITH_ARRAYS = frozenset({"json", "ndjson", "json-seq", "yaml"})
_LEAST = 6
"""Bytes that an island stands for at least; no identifier is shorter."""
_PERCENT = spelling.SPELLINGS[0]
_NAME = 40
_LONG = 1024
"""Bytes from which base64 or hex that shows nothing is named unread; shorter, it may be a digest or a signature."""


@dataclass(frozen=True, slots=True)
class Island:
    """What is written as ``written`` from ``start`` of a value on: ``data``, of the type that it declares, if any."""

    kind: str
    segment: Segment = field(repr=False)
    start: int
    written: str = field(repr=False)
    data: bytes = field(repr=False)
    spell: Callable[[bytes], str] = field(repr=False)
    declared: str = field(default="", repr=False)
    certain: bool = False
    """It says what it is, so that not to be able to read it matters."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something that stands in a value and that nobody can read."""

    segment: Segment = field(repr=False)
    size: int
    reason: Unread
    detail: str


def find(part: Part) -> Iterator[Island | Sealed]:
    """Yield the islands of ``part``, in order of its values; linear in its text."""
    spots = None
    if part.verbatim:
        spots = [*_spots(part.format, part.text.encode("utf-8", "replace")), *_rows(part.text)]
        if not spots:
            return
    for segment in part.segments if spots is None else _around(part, spots):
        if len(segment.text) >= _LEAST:
            yield from _in_value(part, segment)
    if part.format in _WITH_ARRAYS:
        yield from _in_arrays(part)


def promising(format: str, text: str) -> bool:
    """Tell whether an island could stand in a text that is written as it is meant; cheap, and wrong to that side only.

    ``format`` is that of a part, or ``envelope`` for all that is not a body.
    """
    spots = chain(_spots(format, text.encode("utf-8", "replace")), _rows(text))
    return next(spots, None) is not None


def _spots(format: str, data: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end, in bytes, of all that could be an island or a part of one."""
    for hint in _HINTS.get(format, _VALUES).finditer(data):
        yield hint.span()
    for start, run in _runs_of(data):
        if _shows_base64(run):
            yield start, start + len(run)
    for start, run in _digits_of(data):
        if _shows_hex(run):
            yield start, start + len(run)


def _rows(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end, in bytes, of rows of numbers that are the codes of characters."""
    if _ROW.search(text.encode("utf-8", "replace")) is not None:
        for start, written, _ in codes.codes(text):
            begin = len(text[:start].encode("utf-8", "replace"))
            yield begin, begin + len(written.encode("utf-8", "replace"))


def _around(part: Part, spots: list[tuple[int, int]]) -> Iterable[Segment]:
    """Return the values that ``spots`` of the text of a part touch, in order."""
    segments = part.segments
    starts = [segment.start for segment in segments]
    if any(map(gt, starts, starts[1:])):
        return segments  # not in the order of the text
    place = _code_points(part.text, sorted({offset for spot in spots for offset in spot}))
    touched: set[int] = set()
    for start, end in spots:
        # A hint may begin or end with the sign that a value stands beside.
        first = max(0, bisect_right(starts, place[start] - 1) - 1)
        touched.update(range(first, bisect_right(starts, place[end] + 1)))
    return [segments[number] for number in sorted(touched)]


def _code_points(text: str, offsets: list[int]) -> Mapping[int, int]:
    """Map offsets in bytes, in order, to code points."""
    if text.isascii():
        return dict(zip(offsets, offsets, strict=True))
    data = text.encode("utf-8", "replace")
    place: dict[int, int] = {}
    count = last = 0
    for offset in offsets:
        count += offset - last - len(data[last:offset].translate(None, _LEADING))
        place[offset], last = count, offset
    return place


def _runs_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield place and text of the runs of the alphabet of base64 with a capital among their first twelve.

    So nearly all that is encoded has, and few words and names of fields.
    """
    bare = data.translate(_BARE)
    start = bare.find(_TWELVE)
    while start >= 0:
        end = bare.find(b" ", start)
        end = len(bare) if end < 0 else end
        run = data[start:end]
        if not (run[:12].islower() or run[:12].isdigit() or (run[:4].isdigit() and run[4:5] == b"-")):
            yield start, run
        start = bare.find(_TWELVE, end)


def _digits_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield place and text of the runs of sixteen digits of hex or more."""
    bare = data.translate(_DIGITS)
    start = bare.find(_SIXTEEN)
    while start >= 0:
        end = bare.find(b" ", start)
        end = len(bare) if end < 0 else end
        yield start, data[start:end]
        start = bare.find(_SIXTEEN, end)


def _shows_base64(run: bytes) -> bool:
    if len(run) <= _NAME and run.replace(b"-", b"").replace(b"_", b"").isalpha():
        return _word_shows(run)
    return len(run) > _LONG or any(True for _ in _base64_in(run.decode()))


@lru_cache(4096)
def _word_shows(word: bytes) -> bool:
    """Look at what may be the name of a field, which comes again and again."""
    return any(True for _ in _base64_in(word.decode()))


def _shows_hex(run: bytes) -> bool:
    if len(run) > _LONG:
        return True
    return readable(bytes.fromhex(run[: len(run) & ~1].decode()))


def _in_value(part: Part, segment: Segment) -> Iterator[Island | Sealed]:
    text = segment.text
    for sealed in _SEALED.finditer(text):
        yield Sealed(segment, len(text) - sealed.start(), Unread.ENCRYPTED, "base64")
    rest = text
    if ":" in text and "," in text:
        yield from _data_uris(segment)
        rest = _DATA.sub(lambda uri: " " * len(uri[0]), text)
    if len(text) >= 12:
        yield from _runs(segment, rest)
    yield from _spelled(part, segment)
    yield from _coded(segment)
    yield from _document(part, segment)


def _spelled(part: Part, segment: Segment) -> Iterator[Island]:
    """Yield what a value says when its escapes are undone."""
    text = segment.text
    for each in spelling.SPELLINGS:
        if each.escape.search(text) is not None and not _native(part, each.name):
            data = spelling.meant(each, text)
            if data != text.encode("utf-8", "replace") and _is_text(data) and _throughout(each, text):
                yield Island(each.name, segment, 0, text, data, partial(spelling.respelled, each, text))


def _coded(segment: Segment) -> Iterator[Island]:
    """Yield what is written in rarer alphabets."""
    text = segment.text
    if _RARE.search(text.encode("utf-8", "replace")):
        for kind, start, written, data in codes.rare(text):
            yield Island(kind, segment, start, written, data, _plainly if kind == "number" else _never)
    if len(text) >= _ROW_LENGTH:
        for start, written, data in codes.codes(text):
            yield Island("codes", segment, start, written, data, _never)


def _in_arrays(part: Part) -> Iterator[Island]:
    """Yield the texts whose codes are the items of an array; the first item is where such a text stands."""
    runs = list(codes.codes(part.text))
    if runs:
        first = {segment.start: segment for segment in part.segments if segment.text.isdecimal()}
        for start, _, data in runs:
            if (segment := first.get(start)) is not None:
                yield Island("codes", segment, 0, segment.text, data, _never)


def _never(_data: bytes) -> str:
    raise Unwritable("this alphabet is only read")


def _throughout(spelling: Spelling, text: str) -> bool:
    """Tell quoted-printable, which has no equals sign but in escapes, from a text with pairs of names and values."""
    return spelling.name != "printable" or text.count("=") == len(spelling.escape.findall(text))


def _native(part: Part, name: str) -> bool:
    """Tell whether the format of the part undoes this spelling itself, so that another layer of it is meant to stay."""
    return name == "entity" and part.format == "html"


def _data_uris(segment: Segment) -> Iterator[Island | Sealed]:
    for uri in _DATA.finditer(segment.text):
        type, base64, written = uri.groups()
        declared = type if "/" in type else f"text/plain{type}"
        if not base64:
            spell = partial(spelling.respelled, _PERCENT, written)
            data = spelling.meant(_PERCENT, written)
            yield Island("data", segment, uri.start(3), written, data, spell, declared, certain=True)
        elif (plain := spelling.from_base64(_unquoted(written))) is not None:
            spell = partial(spelling.to_base64, written)
            yield Island("data", segment, uri.start(3), written, plain, spell, declared, certain=True)
        else:
            yield Sealed(segment, len(written), Unread.MALFORMED, "base64")


def _unquoted(written: str) -> str:
    return unquote_to_bytes(written).decode("latin-1") if "%" in written else written


def _runs(segment: Segment, text: str) -> Iterator[Island | Sealed]:
    """Yield what is written in base64 or hex, and long runs that could be anything."""
    for run in _RUN_IN_VALUE.finditer(text):
        found = False
        for start, written, data in _base64_in(run[0]):
            found = True
            spell = partial(spelling.to_base64, written)
            yield Island("base64", segment, run.start() + start, written, data, spell)
        if not found and len(run[0]) > _LONG * 4 // 3 and re.search("[A-Z]", run[0]) and not _prose(run[0]):
            yield Sealed(segment, len(run[0]), Unread.UNKNOWN_FORMAT, "base64")
    for hexed in _HEX_IN_VALUE.finditer(text):
        octets = spelling.from_hex(hexed[0])
        if octets is not None and readable(octets):
            yield Island("hex", segment, hexed.start(), hexed[0], octets, partial(spelling.to_hex, hexed[0]))
        elif len(hexed[0]) > _LONG * 2 and not hexed[0].isdecimal():
            yield Sealed(segment, len(hexed[0]), Unread.UNKNOWN_FORMAT, "hex")


def _prose(run: str) -> bool:
    """Tell a run of one character, or of few, from encoded bytes."""
    return len(set(run[:4096])) < 24


def _base64_in(run: str) -> Iterator[tuple[int, str, bytes]]:
    """Yield place, writing and bytes of what is base64 in a run of its alphabet: all of it, or pieces of it."""
    if run.islower():
        return
    if (data := spelling.from_base64(run)) is not None and readable(data):
        yield 0, run, data
        return
    for skip in (1, 2, 3):  # something is glued to its front
        if (data := spelling.from_base64(_whole(run[skip:]))) is not None and readable(data):
            yield skip, _whole(run[skip:]), data
            return
    if "/" in run or "-" in run or "_" in run or "\n" in run:
        for piece in re.finditer(r"[A-Za-z0-9+]{12,}+={0,2}", run):
            data = spelling.from_base64(_whole(piece[0]))
            if data is not None and piece[0] != run and readable(data):
                yield piece.start(), _whole(piece[0]), data


def _whole(run: str) -> str:
    """Leave a last character out that cannot belong to base64."""
    return run[:-1] if len(run.rstrip("=")) % 4 == 1 else run


def readable(data: bytes) -> bool:
    """Tell whether bytes are text that somebody could read, or a document that shows itself."""
    if len(data) < _LEAST:
        return False
    return bool(seen_in_bytes(data)) or _is_text(data)


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return charsets.likely(data)
    if _UNSEEN.search(data) is not None:
        return False
    try:
        return "\ufffd" not in data.decode()
    except UnicodeDecodeError:
        return charsets.likely(data)


def _document(part: Part, segment: Segment) -> Iterator[Island]:
    """Yield a value that is a document of its own, or holds one between brackets."""
    text = segment.text
    if segment.end - segment.start == len(part.text):
        pass  # the text as a whole has been looked at already
    elif not text[0].isalnum() or "\n" in text or text.startswith(_BEGINNINGS):
        seen = seen_in_text(text)
        if seen != TEXT and "=" not in text.partition("&")[0]:
            yield Island("", segment, 0, text, text.encode("utf-8", "replace"), _plainly, seen)
            return
    opening = re.search(r'\{\s*"|\[\s*[\[{"]', text)
    if opening is None:
        return
    end = text.rfind(_BRACKETS[opening[0][0]]) + 1
    if end > opening.start() and (opening.start() or end < len(text)):
        inner = text[opening.start() : end]
        yield Island(
            "", segment, opening.start(), inner, inner.encode("utf-8", "replace"), _plainly, "application/json"
        )


def _plainly(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unwritable("text has no octets") from None

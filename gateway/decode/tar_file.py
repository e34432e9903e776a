"""tar archives (POSIX ustar and pax, GNU): members, their names and owners, and what stands between and behind them.

Headers are read by hand, so that every block is accounted for: the rest of a header, padding, and blocks behind the end
are text of the archive too. Sparse files and kinds of entry that nobody knows are opaque.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.decode import mime
from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.decode.places import step
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Limits, Opaque, Unread

_BLOCK = 512
_FILES = frozenset(b"0\x007")
_LONG_NAME, _LONG_LINK, _PAX, _GLOBAL = b"L", b"K", b"x", b"g"
_BARE = frozenset({b"1", b"2", b"3", b"4", b"5", b"6"})
"""Links, devices, folders: a name and no data."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry: what its header says, and where its data lie."""

    header: int
    start: int
    size: int
    kind: bytes
    name: str = field(repr=False)
    texts: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def next(self) -> int:
        """Offset behind the data, padded to a block."""
        return self.start + -(-self.size // _BLOCK) * _BLOCK


def _number(octets: bytes) -> int:
    """Read a number: octal digits, or GNU's base 256 where the first bit is set."""
    if octets[:1] == b"\x80":
        return int.from_bytes(octets[1:], "big")
    text = octets.strip(b" \0")
    try:
        return int(text or b"0", 8)
    except ValueError:
        raise Unreadable(Unread.MALFORMED, "tar") from None


def _header(data: bytes, at: int) -> _Entry:
    block = data[at : at + _BLOCK]
    if len(block) < _BLOCK or _number(block[148:156]) != sum(block[:148]) + 256 + sum(block[156:]):
        raise Unreadable(Unread.MALFORMED, "tar")
    size = _number(block[124:136])
    kind = block[156:157]
    name, prefix = _text(block[:100]), _text(block[345:500]) if block[257:263] == b"ustar\0" else ""
    texts = [("~link", _text(block[157:257])), ("~user", _text(block[265:297])), ("~group", _text(block[297:329]))]
    if (rest := block[500:]).strip(b"\0"):
        texts.append(("~rest", mime.text_of(rest)))
    size = 0 if kind in _BARE else size
    entry = _Entry(at, at + _BLOCK, size, kind, f"{prefix}/{name}" if prefix else name, tuple(texts))
    if entry.start + size > len(data):
        raise Unreadable(Unread.MALFORMED, "tar truncated")
    return entry


def _text(octets: bytes) -> str:
    return mime.text_of(octets.partition(b"\0")[0])


def _entries(data: bytes, most: int) -> Iterator[_Entry]:
    """Yield all entries up to the two empty blocks that end an archive."""
    at, count = 0, 0
    while at + _BLOCK <= len(data) and data[at : at + _BLOCK].strip(b"\0"):
        entry = _header(data, at)
        yield entry
        count += 1
        if count > most:
            raise Unreadable(Unread.TOO_MANY, "members")
        at = entry.next


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return files as members; names, owners, links and extended headers as rows."""
    rows: list[Row] = []
    members: list[Member] = []
    opaque: list[Opaque] = []
    notices: list[str] = []
    long_name, end = "", 0
    for number, entry in enumerate(_entries(data, limits.members)):
        body = data[entry.start : entry.start + entry.size]
        place = f"/{number}"
        rows += [Row(f"{place}/{what}", "", text) for what, text in entry.texts if text]
        end = entry.next
        if data[entry.start + entry.size : end].strip(b"\0"):
            notices.append("tar.hidden_bytes")
            members.append(Member(f"~hidden{number}", data[entry.start + entry.size : end].strip(b"\0")))
        if entry.kind in (_LONG_NAME, _LONG_LINK, _PAX, _GLOBAL):
            text = mime.text_of(body.rstrip(b"\0"))
            rows.append(Row(f"{place}/~header", "", text))
            if entry.kind == _LONG_NAME:
                long_name = text
            continue
        name, long_name = long_name or entry.name, ""
        if entry.kind[0] in _FILES:
            members.append(Member(name, body))
            continue
        rows.append(Row(f"{place}/~name", "", name))
        if entry.kind not in _BARE:
            opaque.append(Opaque(Unread.UNKNOWN_FORMAT, f"/{step(name)}", entry.size, "tar"))
    if data[end:].strip(b"\0"):
        notices.append("tar.hidden_bytes")
        members.append(Member("~hidden", data[end:].strip(b"\0")))
    return Unpacked(tuple(rows), tuple(members), tuple(opaque), tuple(dict.fromkeys(notices)))


def pack(data: bytes, _said: Declared, replacements: Mapping[int, bytes]) -> bytes:
    """Put other files in the place of these members, with their sizes and sums made true."""
    pieces: list[bytes] = []
    done = member = 0
    for entry in _entries(data, 1 << 30) if replacements else ():
        hidden = bool(data[entry.start + entry.size : entry.next].strip(b"\0"))
        if hidden and member in replacements:
            raise Unwritable("bytes that belong to no member")
        member += hidden
        if entry.kind[0] not in _FILES:
            continue
        if member in replacements:
            body = replacements[member]
            pieces += [data[done : entry.header], _resized(data[entry.header : entry.start], len(body)), body]
            pieces.append(bytes(-len(body) % _BLOCK))
            done = entry.next
        member += 1
    if any(number >= member for number in replacements):
        raise Unwritable("bytes that belong to no member")
    return b"".join([*pieces, data[done:]])


def _resized(header: bytes, size: int) -> bytes:
    """Return a header with another size, and its sum."""
    blank = header[:124] + b"%011o\0" % size + header[136:148] + b" " * 8 + header[156:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


DOCUMENT = Document("tar", unpack, pack)

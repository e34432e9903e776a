"""Protocol Buffers without a schema: the wire format read field by field, places by field numbers (``/3/1``).

A field with a length may be a text, a message, packed numbers or bytes, and nothing says which: every reading that is
plausible counts. So does every reading of a number: as written, signed, of zigzag, as a floating-point number. A
telephone number or an identifier that is kept as a number is found by its decimal digits. It is only read: nothing
tells a text from bytes that happen to be one, so no text can be put back with a true meaning.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable

from gateway.decode import charsets
from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.gathering import Gathering
from gateway.decode.sight import seen_in_bytes
from gateway.vocabulary import Limits, Unread

VARINT, FIXED64, LENGTH, START, END, FIXED32 = range(6)
"""Wire types."""
SMALL = 99_999
"""Numbers up to it are nobody's."""
_MOST_FIELD = (1 << 29) - 1
_MASK = (1 << 64) - 1
_PLACE = 256
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONG = re.compile(rb"[\x80-\xff]{2,9}+[\x00-\x7f]")
"""Among packed numbers: those that are not small."""
_TOO_LONG = re.compile(rb"[\x80-\xff]{10}")
_GOES_ON = bytes(range(0x80, 0x100))
_WORD = 3
_SHORT = 16
"""Bytes of a value in which there is no room for ciphertext that matters."""
_FIXED = {4: struct.Struct("<I"), 8: struct.Struct("<Q")}
_FLOAT = {4: struct.Struct("<f"), 8: struct.Struct("<d")}
_LEAST, _MOST = 1e-9, 1e19
"""Magnitudes between which a floating-point number may be somebody's."""


def malformed() -> Unreadable:
    """Return the fault of bytes that are no message."""
    return Unreadable(Unread.MALFORMED, "protobuf")


def varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Return a number and the offset behind it; raises ``Unreadable`` where it does not end before ``end``."""
    value = shift = 0
    while at < end:
        byte = data[at]
        at += 1
        if byte < 0x80:
            return (value | byte << shift) & _MASK, at
        value |= (byte & 0x7F) << shift
        shift += 7
        if shift > 63:
            break
    raise malformed()


def field(data: bytes, at: int, end: int) -> tuple[int, int, int, int]:
    """Return number and wire type of a field, and begin and end of its value; that of a group is empty."""
    tag, at = varint(data, at, end)
    number, kind = tag >> 3, tag & 7
    if not 0 < number <= _MOST_FIELD or kind > FIXED32:
        raise malformed()
    if kind == VARINT:
        behind = varint(data, at, end)[1]
    elif kind == LENGTH:
        size, at = varint(data, at, end)
        behind = at + size
    else:
        behind = at + (8 if kind == FIXED64 else 4 if kind == FIXED32 else 0)
    if behind > end:
        raise malformed()
    return number, kind, at, behind


def is_message(data: bytes, at: int, end: int) -> int:
    """Tell whether a range of bytes is a message to its end, without a look into what has a length.

    0: it is not. 1: it is, of numbers alone, as other bytes may be by chance. 2: it is, and something has a length.
    """
    groups: list[int] = []
    sure = 1
    try:
        while at < end:
            number, kind, begin, at = field(data, at, end)
            if kind == LENGTH and at - begin >= _WORD:
                sure = 2
            elif kind == START:
                groups.append(number)
            elif kind == END and (not groups or groups.pop() != number):
                return 0
    except Unreadable:
        return 0
    return 0 if groups else sure


class Scan:
    """One message and all that nests in it, read into rows and members."""

    def __init__(self, data: bytes, found: Gathering) -> None:
        """The limits are those of ``found``."""
        self.data = data
        self.found = found
        self._values = 0

    def message(self, at: int, end: int, where: str, depth: int) -> None:
        """Read the fields of a message, and of its groups. Raises ``Unreadable``."""
        data = self.data
        groups: list[tuple[int, str]] = []
        while at < end:
            number, kind, begin, at = field(data, at, end)
            if kind == END:
                if not groups or groups[-1][0] != number:
                    raise malformed()
                where = groups.pop()[1]
                continue
            here = f"{where}/{number}" if len(where) < _PLACE else where
            if kind == START:
                self.enter(depth + len(groups) + 1)
                groups.append((number, where))
                where = here
            else:
                self.value(kind, begin, at, here, "", depth + len(groups))
        if groups:
            raise malformed()

    def enter(self, depth: int) -> None:
        """Count a value at ``depth``; raises ``Unreadable`` where there are too many, or it lies too deep."""
        self._values += 1
        if self._values > self.found.limits.segments:
            raise Unreadable(Unread.TOO_MANY, "segments")
        if depth > self.found.limits.depth:
            raise Unreadable(Unread.TOO_DEEP, "depth")

    def value(self, kind: int, at: int, end: int, where: str, label: str, depth: int) -> None:
        """Read the value of a field that nobody describes."""
        self.enter(depth)
        if kind == VARINT:
            self._number(where, label, varint(self.data, at, end)[0])
        elif kind == LENGTH:
            self.delimited(at, end, where, label, depth)
        else:
            self._fixed(where, label, self.data[at:end])

    def _number(self, where: str, label: str, value: int) -> None:
        self.found.row(where, label, str(value))
        if value > SMALL:
            if value >= 1 << 63:
                self.found.row(f"{where}/~signed", label, str(value - (1 << 64)))
            self.found.row(f"{where}/~zigzag", label, str((value >> 1) ^ -(value & 1)))

    def _fixed(self, where: str, label: str, octets: bytes) -> None:
        size = len(octets)
        (value,) = _FIXED[size].unpack(octets)
        self.found.row(where, label, str(value))
        if value >> (8 * size - 1):
            self.found.row(f"{where}/~signed", label, str(value - (1 << 8 * size)))
        (number,) = _FLOAT[size].unpack(octets)
        if is_somebodys(number):
            self.found.row(f"{where}/~float", label, digits(number))

    def delimited(self, at: int, end: int, where: str, label: str, depth: int) -> None:
        """Read a value with a length in each way that is plausible."""
        octets = self.data[at:end]
        text = None if _CONTROL.search(octets) else _decoded(octets)
        if text is not None:
            self.found.row(where, label, text)
            # The name of a field may look like a part of the text that follows it: an ID behind "2" and a length.
            least = 2 if text.isascii() else 1
            if depth < self.found.limits.depth and is_message(self.data, at, end) >= least:
                self._texts(at, end, where, depth + 1, numbers=least == 1)
            return
        message = is_message(self.data, at, end)
        if message:
            self._nested(at, end, where, depth + 1)
        packed = message < 2 and self._packed(octets, where, label)
        # Ciphertext of some length is no message, and no row of plausible numbers either.
        if not (message or packed) or seen_in_bytes(octets) or (message < 2 and charsets.likely(octets)):
            self.found.member(label or where.rpartition("/")[2], octets)

    def _nested(self, at: int, end: int, where: str, depth: int) -> None:
        if depth > self.found.limits.depth:
            self.found.unread(Unread.TOO_DEEP, where, end - at, "depth")
        else:
            self.message(at, end, where, depth)

    def _texts(self, at: int, end: int, where: str, depth: int, *, numbers: bool) -> None:
        """Read a text that is a message too: its texts, and its numbers where more than letters is in it."""
        while at < end:
            number, kind, begin, at = field(self.data, at, end)
            if kind == LENGTH or (numbers and kind not in (START, END)):
                self.value(kind, begin, at, f"{where}/{number}", "", depth)

    def _packed(self, octets: bytes, where: str, label: str) -> bool:
        """Read repeated numbers in one field, as each kind that they plausibly are; tell whether there are any."""
        found = False
        if octets[-1] < 0x80 and _TOO_LONG.search(octets) is None:
            found = len(octets) <= _SHORT or octets.isascii()
            number = done = 0
            for long in _LONG.finditer(octets):
                number += len(octets[done : long.start()].translate(None, _GOES_ON))
                done = long.end()
                self._list(f"{where}/~packed", label, [varint(octets, *long.span())[0]], number)
                number += 1
            if 0 < max(octets) < 10:
                self.found.row(f"{where}/~packed", label, "".join(map(str, octets)))
        for size in (4, 8):
            if len(octets) % size == 0 and len(octets) > size:
                found |= self._packed_fixed(octets, size, where, label)
        return found

    def _packed_fixed(self, octets: bytes, size: int, where: str, label: str) -> bool:
        whole, real = _FIXED[size].iter_unpack, _FLOAT[size].iter_unpack
        found = all(each <= _MOST_WHOLE[size] for (each,) in whole(octets))
        if found:
            self._list(f"{where}/~fixed{8 * size}", label, (each for (each,) in whole(octets)))
        if any(octets) and all(each == 0 or is_somebodys(each) for (each,) in real(octets)):
            self._list(f"{where}/~float{8 * size}", label, (each for (each,) in real(octets)))
            found = True
        return found

    def _list(self, where: str, label: str, numbers: Iterable[float], first: int = 0) -> None:
        for at, number in enumerate(numbers, first):
            if abs(number) > SMALL:
                self.enter(0)
                self.found.row(f"{where}/{at}", label, digits(number) if isinstance(number, float) else str(number))


_MOST_WHOLE = {4: 999_999_999, 8: 999_999_999_999_999_999}
"""Among whole numbers of that many bytes: the largest that bytes with no meaning do not easily all stay below."""


def is_somebodys(number: float) -> bool:
    """Tell whether bytes are a floating-point number that somebody may have written."""
    return _LEAST <= abs(number) < _MOST


def digits(number: float) -> str:
    """Return a floating-point number in decimal digits, a whole one without a point."""
    return f"{number:.0f}" if number.is_integer() and abs(number) < _MOST else repr(number)


def _decoded(octets: bytes) -> str | None:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return None


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return texts and numbers as rows, what else has a length as members. Raises ``Unreadable``."""
    if not data:
        raise malformed()
    found = Gathering(limits)
    Scan(data, found).message(0, len(data), "", 0)
    return found.unpacked()


def looks(data: bytes) -> bool:
    """Tell whether ``data`` is a message to its end."""
    return len(data) >= 4 and data[0] & 7 != END and is_message(data, 0, len(data)) > 0


DOCUMENT = Document("protobuf", unpack)

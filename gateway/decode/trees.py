"""Values that nest: what MessagePack and CBOR are made of, gathered into rows and members."""

from __future__ import annotations

from gateway.decode.door import Unreadable
from gateway.decode.gathering import Gathering
from gateway.decode.places import KEY, below, step
from gateway.vocabulary import Limits, Unread

_WHOLE = 1e19
"""Magnitude below which a floating-point number that is whole is written without an exponent."""


class Tree(Gathering):
    """What has been gathered of a document so far, within its limits."""

    def __init__(self, limits: Limits) -> None:
        """``limits.segments`` bounds the number of values, ``limits.depth`` their nesting."""
        super().__init__(limits)
        self._values = 0

    def enter(self, depth: int) -> None:
        """Count a value at ``depth``; raises ``Unreadable`` where there are too many, or it lies too deep."""
        self._values += 1
        if self._values > self.limits.segments:
            raise Unreadable(Unread.TOO_MANY, "segments")
        if depth > self.limits.depth:
            raise Unreadable(Unread.TOO_DEEP, "depth")

    def key(self, where: str, key: str) -> str:
        """Add the name of a field, which is a value too; return its place."""
        place = below(where, step(key))
        self.row(place + KEY, "", key)
        return place

    def blob(self, where: str, label: str, octets: bytes, media_type: str = "") -> None:
        """Add bytes, which may be anything."""
        self.member(label or where.rpartition("/")[2], octets, media_type)

    def string(self, where: str, label: str, octets: bytes) -> str:
        """Return octets that should be UTF-8 as text; what is none is a member too, to be read in other charsets."""
        try:
            return octets.decode()
        except UnicodeDecodeError:
            self.blob(where, label, octets)
            return octets.decode("utf-8", "replace")


class Reader:
    """Bytes with a place in them."""

    def __init__(self, data: bytes, name: str) -> None:
        """``name`` is the format, for faults."""
        self.data = data
        self.at = 0
        self._name = name

    def take(self, count: int) -> bytes:
        """Return the next bytes; raises ``Unreadable`` where there are fewer."""
        end = self.at + count
        if end > len(self.data):
            raise self.malformed()
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def number(self, count: int, *, signed: bool = False) -> int:
        """Return the next bytes as a number, the largest first."""
        return int.from_bytes(self.take(count), "big", signed=signed)

    def malformed(self) -> Unreadable:
        """Return the fault of bytes that are no such document."""
        return Unreadable(Unread.MALFORMED, self._name)


def digits(number: float) -> str:
    """Return a floating-point number in decimal digits, a whole one without a point."""
    return f"{number:.0f}" if abs(number) < _WHOLE and number.is_integer() else repr(number)

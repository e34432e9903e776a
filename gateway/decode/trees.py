"""Values that nest: what MessagePack, CBOR and protobuf are made of, gathered into rows and members."""

from __future__ import annotations

from gateway.decode.door import Member, Row, Unpacked, Unreadable
from gateway.decode.places import KEY, below, step
from gateway.vocabulary import Limits, Opaque, Unread


class Tree:
    """What has been gathered of a document so far, within its limits."""

    def __init__(self, limits: Limits) -> None:
        """``limits.segments`` bounds the number of values, ``limits.depth`` their nesting."""
        self._rows: list[Row] = []
        self._members: list[Member] = []
        self._opaque: list[Opaque] = []
        self._limits = limits
        self._count = 0

    def enter(self, depth: int) -> None:
        """Count a value at ``depth``; raises ``Unreadable`` where there are too many, or it lies too deep."""
        self._count += 1
        if self._count > self._limits.segments:
            raise Unreadable(Unread.TOO_MANY, "segments")
        if depth > self._limits.depth:
            raise Unreadable(Unread.TOO_DEEP, "depth")

    def text(self, where: str, label: str, text: str) -> None:
        """Add a text, or a number as it is written in decimal digits."""
        if text:
            self._rows.append(Row(where, label, text))

    def octets(self, where: str, label: str, octets: bytes) -> None:
        """Add bytes, which may be anything."""
        if octets:
            self._members.append(Member(label or where.rpartition("/")[2], octets))

    def unread(self, where: str, reason: Unread, size: int, detail: str) -> None:
        """Name what nobody can read."""
        self._opaque.append(Opaque(reason, where, size, detail))

    def key(self, where: str, key: str) -> str:
        """Add the name of a field, which is a value too; return its place."""
        place = below(where, step(key))
        self.text(place + KEY, "", key)
        return place

    def unpacked(self) -> Unpacked:
        """Return all that was gathered."""
        return Unpacked(tuple(self._rows), tuple(self._members), tuple(self._opaque))


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
            raise Unreadable(Unread.MALFORMED, self._name)
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def number(self, count: int, *, signed: bool = False) -> int:
        """Return the next bytes as a number, the largest first."""
        return int.from_bytes(self.take(count), "big", signed=signed)

    def malformed(self) -> Unreadable:
        """Return the fault of bytes that are no such document."""
        return Unreadable(Unread.MALFORMED, self._name)

    def string(self, count: int) -> str:
        """Return the next bytes as UTF-8, or byte by byte where they are none."""
        octets = self.take(count)
        try:
            return octets.decode()
        except UnicodeDecodeError:
            return octets.decode("latin-1")

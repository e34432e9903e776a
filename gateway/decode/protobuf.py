"""Protocol Buffers without a schema: the wire format read field by field, places by field numbers (``/3/1``).

A field with a length may be a text, a message, packed numbers or bytes, and nothing says which: every reading that
holds counts. A number is read as written, and where that could be one, as the signed number of zigzag; a telephone
number or an identifier that is kept as a number is found by its decimal digits.
"""

from __future__ import annotations

import re

from gateway.decode import charsets
from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.sight import seen_in_bytes
from gateway.decode.trees import Reader, Tree
from gateway.vocabulary import Limits

_VARINT, _FIXED64, _LENGTH, _START, _END, _FIXED32 = range(6)
_MOST_FIELD = (1 << 29) - 1
_NESTED = 16
_SMALL = 99_999
"""Numbers up to it are nobody's."""
_PRINTABLE = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]*+")


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return texts and numbers as rows, what else has a length as members."""
    reader, tree = Reader(data, "protobuf"), Tree(limits)
    if not data:
        raise reader.malformed()
    _message(reader, tree, "", 0, len(data), group=0)
    return tree.unpacked()


def _varint(reader: Reader) -> int:
    value = shift = 0
    while True:
        byte = reader.number(1)
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
        shift += 7
        if shift > 63:
            raise reader.malformed()


def _message(reader: Reader, tree: Tree, where: str, depth: int, end: int, *, group: int) -> None:
    """Read fields up to ``end``, or to the end of the group of that number."""
    while reader.at < end:
        tree.enter(depth)
        tag = _varint(reader)
        number, kind = tag >> 3, tag & 7
        if not 0 < number <= _MOST_FIELD:
            raise reader.malformed()
        if kind == _END:
            if number != group:
                raise reader.malformed()
            return
        _field(reader, tree, f"{where}/{number}", depth, end, number, kind)
    if group or reader.at != end:
        raise reader.malformed()


def _field(reader: Reader, tree: Tree, where: str, depth: int, end: int, number: int, kind: int) -> None:
    if kind == _VARINT:
        _number(tree, where, _varint(reader))
    elif kind in (_FIXED32, _FIXED64):
        octets = reader.take(4 if kind == _FIXED32 else 8)
        tree.text(where, "", str(int.from_bytes(octets, "little")))
    elif kind == _START:
        _message(reader, tree, where, depth + 1, end, group=number)
    elif kind == _LENGTH:
        octets = reader.take(_varint(reader))
        if reader.at > end:
            raise reader.malformed()
        _delimited(tree, where, depth, octets)
    else:
        raise reader.malformed()


def _number(tree: Tree, where: str, value: int) -> None:
    tree.text(where, "", str(value))
    if value >= 1 << 63:
        tree.text(f"{where}/~signed", "", str(value - (1 << 64)))
    elif value > _SMALL:
        tree.text(f"{where}/~zigzag", "", str((value >> 1) ^ -(value & 1)))


def _delimited(tree: Tree, where: str, depth: int, octets: bytes) -> None:
    """Read a field with a length in each way that holds."""
    if not octets:
        return
    if _PRINTABLE.fullmatch(octets) and charsets.readable(octets):
        tree.text(where, "", octets.decode())
        return
    message = depth < _NESTED and _is_message(octets)
    if message:
        _message(Reader(octets, "protobuf"), tree, where, depth + 1, len(octets), group=0)
    numbers = _packed(octets)
    if max(numbers, default=0) > _SMALL:
        for at, value in enumerate(numbers):
            tree.enter(depth)
            tree.text(f"{where}/~packed/{at}", "", str(value))
    # Ciphertext of some length is no message, and no row of small numbers either.
    plain = message or (numbers and (len(octets) <= 16 or octets.isascii()))
    if not plain or seen_in_bytes(octets):
        tree.octets(where, where.rpartition("/")[2], octets)


def _is_message(octets: bytes) -> bool:
    """Tell whether bytes are a message to their end, without a look into what it holds."""
    reader = Reader(octets, "protobuf")
    try:
        _message(reader, _Nothing(Limits()), "", 63, len(octets), group=0)
    except Unreadable:
        return False
    return True


class _Nothing(Tree):
    """A tree that keeps nothing and goes into nothing."""

    def enter(self, depth: int) -> None:
        """Count nothing: the bytes that are read bound it."""

    def text(self, where: str, label: str, text: str) -> None:
        """Keep nothing."""

    def octets(self, where: str, label: str, octets: bytes) -> None:
        """Keep nothing."""


def _packed(octets: bytes) -> list[int]:
    """Return the numbers that bytes are as packed varints."""
    if octets[-1] >= 0x80:
        return []
    reader = Reader(octets, "protobuf")
    numbers = []
    try:
        while reader.at < len(octets):
            numbers.append(_varint(reader))
    except Unreadable:
        return []
    return numbers


def looks(data: bytes) -> bool:
    """Tell whether ``data`` is a message to its end, with fields of small numbers."""
    return (
        len(data) >= 4
        and data[0] < 0x80
        and (data[0] & 7) in (_VARINT, _FIXED64, _LENGTH, _FIXED32)
        and _is_message(data)
    )


DOCUMENT = Document("protobuf", unpack)

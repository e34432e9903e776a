"""CBOR (RFC 8949) and its sequences (RFC 8742): keys of maps are values and the labels of what they name.

Written here since the library keeps the last of repeated keys only and builds before it counts. Strings in chunks are
joined; what a tag says of a value (big numbers, decimal fractions, CBOR in bytes) is read, and the value too.
"""

from __future__ import annotations

import struct
from decimal import Decimal

from gateway.decode import charsets
from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.trees import Reader, Tree, digits
from gateway.vocabulary import Limits, Unread

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_INDEFINITE, _BREAK = 31, 0xFF
_BIG, _BIG_NEGATIVE, _DECIMAL, _INNER, _SELF = 2, 3, 4, 24, b"\xd9\xd9\xf7"
_REGISTERED = 99_999
"""Tags above it are hardly anybody's, and may be somebody's number (RFC 8949 section 9.2)."""
_BIGGEST = 64
_EXPONENT = 64
_CONSTANTS = {20: "false", 21: "true", 22: "", 23: ""}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return texts and numbers as rows, byte strings as members. Raises ``Unreadable``."""
    reader, tree = Reader(data, "cbor"), Tree(limits)
    number = 0
    while reader.at < len(data):
        _value(reader, tree, f"/{number}" if number else "", "", 0)
        number += 1
    if not number:
        raise reader.malformed()
    return tree.unpacked()


def _argument(reader: Reader, info: int) -> int:
    if info < 24:
        return info
    if info > 27:
        raise reader.malformed()
    return reader.number(1 << (info - 24))


def _value(reader: Reader, tree: Tree, where: str, label: str, depth: int, tag: int = -1) -> None:
    tree.enter(depth)
    first = reader.number(1)
    text = _scalar(reader, tree, where, label, first)
    if text is None:
        _other(reader, tree, where, label, depth, first, tag)
    else:
        tree.row(where, label, text)


def _scalar(reader: Reader, tree: Tree, where: str, label: str, first: int) -> str | None:
    """Return a text, or a number or a simple value as text; None where it is none of them."""
    kind, info = first >> 5, first & 31
    if kind == _TEXT:
        return tree.string(where, label, _string(reader, tree, kind, info))
    if kind == _UNSIGNED:
        return str(_argument(reader, info))
    if kind == _NEGATIVE:
        return str(-1 - _argument(reader, info))
    if kind != _SIMPLE:
        return None
    if info in _FLOATS:
        (number,) = struct.unpack(_FLOATS[info], reader.take(1 << (info - 24)))
        return digits(number)
    simple = _argument(reader, info)
    return _CONSTANTS.get(simple, str(simple))


def _string(reader: Reader, tree: Tree, kind: int, info: int) -> bytes:
    """Return a string, its chunks joined."""
    if info != _INDEFINITE:
        return reader.take(_argument(reader, info))
    chunks = []
    while (first := reader.number(1)) != _BREAK:
        if first >> 5 != kind or first & 31 == _INDEFINITE:
            raise reader.malformed()
        tree.enter(0)
        chunks.append(reader.take(_argument(reader, first & 31)))
    return b"".join(chunks)


def _other(reader: Reader, tree: Tree, where: str, label: str, depth: int, first: int, tag: int) -> None:
    kind, info = first >> 5, first & 31
    if kind == _BYTES:
        _bytes(tree, where, label, _string(reader, tree, kind, info), tag)
    elif kind == _TAG:
        number = _argument(reader, info)
        if number > _REGISTERED:
            tree.row(f"{where}/~tag", label, str(number))
        _value(reader, tree, where, label, depth + 1, number)
    elif tag == _DECIMAL and first == (_ARRAY << 5 | 2):
        _fraction(reader, tree, where, label, depth)
    else:
        _container(reader, tree, where, label, depth, kind, info)


def _bytes(tree: Tree, where: str, label: str, octets: bytes, tag: int) -> None:
    if tag in (_BIG, _BIG_NEGATIVE) and len(octets) <= _BIGGEST:
        number = int.from_bytes(octets, "big")
        tree.row(where, label, str(number if tag == _BIG else -1 - number))
    else:
        tree.blob(where, label, octets, "application/cbor" if tag == _INNER else "")


def _fraction(reader: Reader, tree: Tree, where: str, label: str, depth: int) -> None:
    """Read a number in two: exponent of ten and mantissa (RFC 8949 section 3.4.4)."""
    begin = len(tree.rows)
    for number in (0, 1):
        _value(reader, tree, f"{where}/{number}", label, depth + 1)
    texts = [row.text for row in tree.rows[begin:]]
    if len(texts) == 2 and all(text.removeprefix("-").isdecimal() for text in texts) and len(texts[0]) <= 4:
        exponent = int(texts[0])
        if abs(exponent) <= _EXPONENT:
            tree.row(where, label, f"{Decimal(f'{texts[1]}E{exponent}'):f}")


def _container(reader: Reader, tree: Tree, where: str, label: str, depth: int, kind: int, info: int) -> None:
    left = -1 if info == _INDEFINITE else _argument(reader, info)
    number = 0
    while left != 0:
        if left < 0 and reader.data[reader.at : reader.at + 1] == b"\xff":
            reader.at += 1
            break
        if kind == _ARRAY:
            _value(reader, tree, f"{where}/{number}", label, depth + 1)
        else:
            _pair(reader, tree, where, number, depth + 1)
        number += 1
        left -= 1


def _pair(reader: Reader, tree: Tree, where: str, number: int, depth: int) -> None:
    tree.enter(depth)
    place = f"{where}/{number}/~key"
    first = reader.number(1)
    key = _scalar(reader, tree, place, "", first)
    if key is None and first >> 5 == _BYTES and first & 31 != _INDEFINITE:
        octets = _string(reader, tree, _BYTES, first & 31)
        if charsets.readable(octets):
            key = octets.decode()
        else:
            tree.blob(place, "", octets)
    elif key is None:
        _other(reader, tree, place, "", depth, first, -1)
    place = f"{where}/{number}" if key is None else tree.key(where, key)
    _value(reader, tree, place, key or "", depth)


def looks(data: bytes) -> bool:
    """Tell whether ``data`` says that it is CBOR, or begins with a map or an array and is CBOR to its end.

    What is CBOR beyond the limits looks like it too.
    """
    if data.startswith(_SELF):
        return True
    if not data or not (0x81 <= data[0] <= 0x9F or 0xA1 <= data[0] <= 0xBF):
        return False
    try:
        unpack(data, Declared("", ""), Limits())
    except Unreadable as fault:
        return fault.reason is not Unread.MALFORMED
    return True


DOCUMENT = Document("cbor", unpack)

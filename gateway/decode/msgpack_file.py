"""MessagePack: one object or several in a row; keys of maps are values and the labels of what they name.

Written here since the library keeps the last of repeated keys only and builds before it counts.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.trees import Reader, Tree, digits
from gateway.vocabulary import Limits, Unread

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONSTANTS = {0xC0: "", 0xC2: "false", 0xC3: "true"}
_TIMESTAMP = -1


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return texts and numbers as rows, binaries and extensions as members. Raises ``Unreadable``."""
    reader, tree = Reader(data, "msgpack"), Tree(limits)
    number = 0
    while reader.at < len(data):
        _value(reader, tree, f"/{number}" if number else "", "", 0)
        number += 1
    if not number:
        raise reader.malformed()
    return tree.unpacked()


def _value(reader: Reader, tree: Tree, where: str, label: str, depth: int) -> None:
    tree.enter(depth)
    kind = reader.number(1)
    text = _scalar(reader, tree, where, label, kind)
    if text is None:
        _other(reader, tree, where, label, depth, kind)
    else:
        tree.row(where, label, text)


def _scalar(reader: Reader, tree: Tree, where: str, label: str, kind: int) -> str | None:
    """Return a text, or a number or a constant as text; None where it is none of them."""
    if kind <= 0x7F or kind >= 0xE0:
        return str(kind if kind <= 0x7F else kind - 256)
    if 0xA0 <= kind <= 0xBF:
        return tree.string(where, label, reader.take(kind & 0x1F))
    if 0xCC <= kind <= 0xD3:
        return str(reader.number(1 << ((kind - 0xCC) % 4), signed=kind >= 0xD0))
    if 0xD9 <= kind <= 0xDB:
        return tree.string(where, label, reader.take(reader.number(1 << (kind - 0xD9))))
    if kind in (0xCA, 0xCB):
        (number,) = struct.unpack(">f" if kind == 0xCA else ">d", reader.take(4 if kind == 0xCA else 8))
        return digits(number)
    return _CONSTANTS.get(kind)


def _other(reader: Reader, tree: Tree, where: str, label: str, depth: int, kind: int) -> None:
    if 0x80 <= kind <= 0x8F:
        _map(reader, tree, where, kind & 0x0F, depth)
    elif 0x90 <= kind <= 0x9F:
        _array(reader, tree, where, label, kind & 0x0F, depth)
    elif kind in (0xDC, 0xDD):
        _array(reader, tree, where, label, reader.number(2 if kind == 0xDC else 4), depth)
    elif kind in (0xDE, 0xDF):
        _map(reader, tree, where, reader.number(2 if kind == 0xDE else 4), depth)
    elif 0xC4 <= kind <= 0xC6:
        tree.blob(where, label, reader.take(reader.number(1 << (kind - 0xC4))))
    elif 0xD4 <= kind <= 0xD8:
        _extension(reader, tree, where, label, 1 << (kind - 0xD4))
    elif 0xC7 <= kind <= 0xC9:
        _extension(reader, tree, where, label, reader.number(1 << (kind - 0xC7)))
    else:
        raise reader.malformed()


def _array(reader: Reader, tree: Tree, where: str, label: str, count: int, depth: int) -> None:
    for number in range(count):
        _value(reader, tree, f"{where}/{number}", label, depth + 1)


def _map(reader: Reader, tree: Tree, where: str, count: int, depth: int) -> None:
    for number in range(count):
        tree.enter(depth + 1)
        place = f"{where}/{number}/~key"
        kind = reader.number(1)
        key = _scalar(reader, tree, place, "", kind)
        if key is None:
            _other(reader, tree, place, "", depth + 1, kind)
            place, key = f"{where}/{number}", ""
        else:
            place = tree.key(where, key)
        _value(reader, tree, place, key, depth + 1)


def _extension(reader: Reader, tree: Tree, where: str, label: str, size: int) -> None:
    kind = reader.number(1, signed=True)
    octets = reader.take(size)
    if kind != _TIMESTAMP or size not in (4, 8, 12):
        return tree.blob(where, label, octets)
    # The specification's three forms: seconds; nanoseconds in 30 bits before them; nanoseconds in 32.
    nanoseconds = 0 if size == 4 else int.from_bytes(octets[:4], "big") >> (2 if size == 8 else 0)
    seconds = int.from_bytes(octets[-8:], "big", signed=size == 12) & (0x3FFFFFFFF if size == 8 else -1)
    tree.row(f"{where}/~seconds", label, f"{seconds}.{nanoseconds:09}" if nanoseconds else str(seconds))
    try:
        return tree.row(where, label, (_EPOCH + timedelta(seconds=seconds)).isoformat())
    except OverflowError:
        return None


def looks(data: bytes) -> bool:
    """Tell whether ``data`` begins with a map or an array and is MessagePack to its end, or beyond the limits."""
    if not data or not (0x81 <= data[0] <= 0x9F or 0xDC <= data[0] <= 0xDF):
        return False
    try:
        unpack(data, Declared("", ""), Limits())
    except Unreadable as fault:
        return fault.reason is not Unread.MALFORMED
    return True


DOCUMENT = Document("msgpack", unpack)

"""MessagePack: one object or several in a row; keys of maps are values and the labels of what they name.

Written here since the library keeps the last of repeated keys only and builds before it counts.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.trees import Reader, Tree
from gateway.vocabulary import Limits

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONSTANTS = {0xC0: "", 0xC2: "false", 0xC3: "true"}
_TIMESTAMP = -1


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return texts and numbers as rows, binaries and extensions as members."""
    reader, tree = Reader(data, "msgpack"), Tree(limits)
    number = 0
    while reader.at < len(data):
        _value(reader, tree, f"/{number}" if number else "", "", 0)
        number += 1
    if not number:
        raise reader.malformed()
    return tree.unpacked()


def _value(reader: Reader, tree: Tree, where: str, label: str, depth: int) -> str:
    """Read one value; return it as text, for one that is a key."""
    tree.enter(depth)
    kind = reader.number(1)
    if kind <= 0x7F or kind >= 0xE0:
        return _scalar(tree, where, label, str(kind if kind <= 0x7F else kind - 256))
    if kind <= 0x8F:
        return _map(reader, tree, where, kind & 0x0F, depth)
    if kind <= 0x9F:
        return _array(reader, tree, where, label, kind & 0x0F, depth)
    if kind <= 0xBF:
        return _scalar(tree, where, label, reader.string(kind & 0x1F))
    if kind in _CONSTANTS:
        return _scalar(tree, where, label, _CONSTANTS[kind])
    return _sized(reader, tree, where, label, depth, kind)


def _sized(reader: Reader, tree: Tree, where: str, label: str, depth: int, kind: int) -> str:
    """Read a value whose size is written behind its kind."""
    if 0xCC <= kind <= 0xD3:
        return _scalar(tree, where, label, str(reader.number(1 << ((kind - 0xCC) % 4), signed=kind >= 0xD0)))
    if kind in (0xCA, 0xCB):
        (number,) = struct.unpack(">f" if kind == 0xCA else ">d", reader.take(4 if kind == 0xCA else 8))
        return _scalar(tree, where, label, f"{number:.0f}" if number.is_integer() else repr(number))
    if 0xD9 <= kind <= 0xDB:
        return _scalar(tree, where, label, reader.string(reader.number(1 << (kind - 0xD9))))
    if kind in (0xDC, 0xDD):
        return _array(reader, tree, where, label, reader.number(2 if kind == 0xDC else 4), depth)
    if kind in (0xDE, 0xDF):
        return _map(reader, tree, where, reader.number(2 if kind == 0xDE else 4), depth)
    if 0xC4 <= kind <= 0xC6:
        octets = reader.take(reader.number(1 << (kind - 0xC4)))
        tree.octets(where, label, octets)
        return ""
    if 0xD4 <= kind <= 0xD8:
        return _extension(reader, tree, where, label, 1 << (kind - 0xD4))
    if 0xC7 <= kind <= 0xC9:
        return _extension(reader, tree, where, label, reader.number(1 << (kind - 0xC7)))
    raise reader.malformed()


def _scalar(tree: Tree, where: str, label: str, text: str) -> str:
    tree.text(where, label, text)
    return text


def _array(reader: Reader, tree: Tree, where: str, label: str, count: int, depth: int) -> str:
    for number in range(count):
        _value(reader, tree, f"{where}/{number}", label, depth + 1)
    return ""


def _map(reader: Reader, tree: Tree, where: str, count: int, depth: int) -> str:
    for number in range(count):
        key = _value(reader, tree, f"{where}/{number}/~key", "", depth + 1)
        place = tree.key(where, key) if key else f"{where}/{number}"
        _value(reader, tree, place, key, depth + 1)
    return ""


def _extension(reader: Reader, tree: Tree, where: str, label: str, size: int) -> str:
    kind = reader.number(1, signed=True)
    octets = reader.take(size)
    if kind == _TIMESTAMP and size in (4, 8, 12):
        if size == 4:
            seconds = int.from_bytes(octets, "big")
        elif size == 8:
            seconds = int.from_bytes(octets, "big") & 0x3FFFFFFFF
        else:
            seconds = int.from_bytes(octets[4:], "big", signed=True)
        try:
            return _scalar(tree, where, label, (_EPOCH + timedelta(seconds=seconds)).isoformat())
        except OverflowError:
            return _scalar(tree, where, label, str(seconds))
    tree.octets(where, label, octets)
    return ""


def looks(data: bytes) -> bool:
    """Tell whether ``data`` begins with a map or an array and is MessagePack to its end."""
    if not data or not (0x81 <= data[0] <= 0x9F or 0xDC <= data[0] <= 0xDF):
        return False
    try:
        unpack(data, Declared("", ""), Limits())
    except Unreadable:
        return False
    return True


DOCUMENT = Document("msgpack", unpack)

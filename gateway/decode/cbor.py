"""CBOR (RFC 8949) and its sequences (RFC 8742): keys of maps are values and the labels of what they name.

Written here since the library keeps the last of repeated keys only and builds before it counts. Strings in chunks are
joined; what a tag says of a value (a date, a big number) is read, and the value all the same.
"""

from __future__ import annotations

import struct

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.trees import Reader, Tree
from gateway.vocabulary import Limits

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_INDEFINITE, _BREAK = 31, 0xFF
_BIG, _BIG_NEGATIVE, _SELF = 2, 3, b"\xd9\xd9\xf7"
_CONSTANTS = {20: "false", 21: "true", 22: "", 23: ""}


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return texts and numbers as rows, byte strings as members."""
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


def _value(reader: Reader, tree: Tree, where: str, label: str, depth: int, tag: int = -1) -> str:
    """Read one value; return it as text, for one that is a key."""
    tree.enter(depth)
    first = reader.number(1)
    kind, info = first >> 5, first & 31
    if kind in (_BYTES, _TEXT):
        return _string(reader, tree, where, label, kind, info, tag)
    if kind in (_ARRAY, _MAP):
        return _container(reader, tree, where, label, depth, kind, info)
    if kind == _SIMPLE:
        return _simple(reader, tree, where, label, info)
    number = _argument(reader, info)
    if kind == _TAG:
        return _value(reader, tree, where, label, depth + 1, number)
    text = str(number if kind == _UNSIGNED else -1 - number)
    tree.text(where, label, text)
    return text


def _string(reader: Reader, tree: Tree, where: str, label: str, kind: int, info: int, tag: int) -> str:
    chunks = []
    if info == _INDEFINITE:
        while (first := reader.number(1)) != _BREAK:
            if first >> 5 != kind or first & 31 == _INDEFINITE:
                raise reader.malformed()
            tree.enter(0)
            chunks.append(reader.take(_argument(reader, first & 31)))
    else:
        chunks.append(reader.take(_argument(reader, info)))
    octets = b"".join(chunks)
    if kind == _TEXT:
        try:
            text = octets.decode()
        except UnicodeDecodeError:
            text = octets.decode("latin-1")
        tree.text(where, label, text)
        return text
    if tag in (_BIG, _BIG_NEGATIVE) and len(octets) <= 64:
        number = int.from_bytes(octets, "big")
        tree.text(where, label, str(number if tag == _BIG else -1 - number))
    tree.octets(where, label, octets)
    return ""


def _container(reader: Reader, tree: Tree, where: str, label: str, depth: int, kind: int, info: int) -> str:
    left = -1 if info == _INDEFINITE else _argument(reader, info)
    number = 0
    while left != 0:
        if left < 0 and reader.data[reader.at : reader.at + 1] == b"\xff":
            reader.at += 1
            break
        if kind == _ARRAY:
            _value(reader, tree, f"{where}/{number}", label, depth + 1)
        else:
            key = _value(reader, tree, f"{where}/{number}/~key", "", depth + 1)
            place = tree.key(where, key) if key else f"{where}/{number}"
            _value(reader, tree, place, key, depth + 1)
        number += 1
        left -= 1
    return ""


def _simple(reader: Reader, tree: Tree, where: str, label: str, info: int) -> str:
    if info in (25, 26, 27):
        size = 1 << (info - 24)
        (number,) = struct.unpack({2: ">e", 4: ">f", 8: ">d"}[size], reader.take(size))
        text = f"{number:.0f}" if number.is_integer() else repr(number)
    elif info == 24:
        text = str(reader.number(1))
    elif info < 24:
        text = _CONSTANTS.get(info, str(info))
    else:
        raise reader.malformed()
    tree.text(where, label, text)
    return text


def looks(data: bytes) -> bool:
    """Tell whether ``data`` says that it is CBOR, or begins with a map or an array and is CBOR to its end."""
    if data.startswith(_SELF):
        return True
    if not data or not (0x81 <= data[0] <= 0x9F or 0xA1 <= data[0] <= 0xBF):
        return False
    try:
        unpack(data, Declared("", ""), Limits())
    except Unreadable:
        return False
    return True


DOCUMENT = Document("cbor", unpack)

"""Avro object containers (Apache Avro 1.12): the schema, the metadata, and every value by the names of the schema.

Written here since the library keeps the last of repeated keys of a map only, passes over what follows the last value
of a block, and builds before it counts. An Avro message without its schema (single-object encoding, bare data) cannot
be read.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from gateway.decode import compressed
from gateway.decode.codings import inflate
from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.places import below, step
from gateway.decode.trees import Reader, Tree, digits
from gateway.vocabulary import Limits, Unread

_MAGIC = b"Obj\x01"
_SYNC = 16
_MOST_SCHEMA = 1 << 20
_RATIO_FROM = 64 * 1024
_CHECKSUM = 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS: Mapping[str, int] = {
    "date": 86_400_000_000, "timestamp-millis": 1000, "timestamp-micros": 1, "timestamp-nanos": 0,
    "local-timestamp-millis": 1000, "local-timestamp-micros": 1, "local-timestamp-nanos": 0,
}  # fmt: skip
"""In one unit of a date; 0 for a thousandth."""
_YEARS = range(1850, 2200)
"""In which a date is a date and no number in disguise."""
_SCALARS = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})


@dataclass(slots=True, eq=False)
class _Type:
    """A type of the schema, its names resolved; ``inner`` are the fields, branches, items or values."""

    kind: str
    inner: list[_Type] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Of fields, or the symbols of an enumeration."""
    size: int = 0
    logical: str = ""
    scale: int = 0


class _Schema:
    """What turns a schema in JSON into types (section "Schema Declaration")."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._named: dict[str, _Type] = {}

    def type(self, said: Any, space: str = "", depth: int = 0) -> _Type:
        """Return the type that ``said`` describes; raises ``Unreadable``."""
        if depth > self._limits.depth:
            raise Unreadable(Unread.TOO_DEEP, "depth")
        if isinstance(said, str):
            return self._by_name(said, space)
        if isinstance(said, list):
            return _Type("union", [self.type(each, space, depth + 1) for each in said])
        if not isinstance(said, dict):
            raise _malformed()
        kind = said.get("type")
        if kind in ("record", "error", "enum", "fixed"):
            return self._declared(said, kind, space, depth)
        if kind in ("array", "map"):
            return _Type(kind, [self.type(said.get("items" if kind == "array" else "values"), space, depth + 1)])
        made = self.type(kind, space, depth + 1)
        return _logical(_Type(made.kind, made.inner, made.names, made.size), said) if made.kind in _SCALARS else made

    def _by_name(self, name: str, space: str) -> _Type:
        if name in _SCALARS:
            return _Type(name)
        found = self._named.get(f"{space}.{name}" if space and "." not in name else name) or self._named.get(name)
        if found is None:
            raise _malformed()
        return found

    def _declared(self, said: dict[str, Any], kind: str, space: str, depth: int) -> _Type:
        name = said.get("name")
        if not isinstance(name, str):
            raise _malformed()
        if "." in name:
            space = name.rpartition(".")[0]
        else:
            space = said.get("namespace", space) if isinstance(said.get("namespace", space), str) else ""
            name = f"{space}.{name}" if space else name
        made = self._named[name] = _Type("record" if kind == "error" else kind)
        if kind == "fixed":
            made.size = _number(said.get("size"))
            return _logical(made, said)
        if kind == "enum":
            made.names = [each for each in _list(said.get("symbols")) if isinstance(each, str)]
            return made
        for each in _list(said.get("fields")):
            if not isinstance(each, dict) or not isinstance(each.get("name"), str):
                raise _malformed()
            made.names.append(each["name"])
            made.inner.append(self.type(each.get("type"), space, depth + 1))
        return made


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _malformed()
    return value


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise _malformed()
    return value


def _logical(made: _Type, said: dict[str, Any]) -> _Type:
    """Note what a type says beyond itself; whatever it says that does not fit is passed over, as the standard asks."""
    logical, scale = said.get("logicalType"), said.get("scale", 0)
    if isinstance(logical, str) and type(scale) is int and 0 <= scale <= 1000:
        made.logical, made.scale = logical, scale
    return made


def _malformed() -> Unreadable:
    return Unreadable(Unread.MALFORMED, "avro")


class _Values(Reader):
    """Encoded values (section "Binary Encoding"), read into a tree."""

    def __init__(self, data: bytes, tree: Tree) -> None:
        super().__init__(data, "avro")
        self._tree = tree

    def long(self) -> int:
        """Return the next number, of variable length and zigzag."""
        value = shift = 0
        while True:
            byte = self.number(1)
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)
            shift += 7
            if shift > 63:
                raise self.malformed()

    def octets(self) -> bytes:
        """Return the next bytes with a length before them."""
        size = self.long()
        if size < 0:
            raise self.malformed()
        return self.take(size)

    def value(self, type: _Type, where: str, label: str, depth: int) -> None:
        """Read a value of a type."""
        self._tree.enter(depth)
        kind = type.kind
        if kind == "record":
            for name, inner in zip(type.names, type.inner, strict=True):
                self.value(inner, below(where, step(name)), name, depth + 1)
        elif kind == "union":
            self.value(self._one_of(type.inner), where, label, depth + 1)
        elif kind == "array":
            for number in self.counted(depth):
                self.value(type.inner[0], f"{where}/{number}", label, depth + 1)
        elif kind == "map":
            for _ in self.counted(depth):
                key = self._tree.string(where, "", self.octets())
                self.value(type.inner[0], self._tree.key(where, key), key, depth + 1)
        else:
            self._scalar(type, where, label)

    def _one_of[One](self, ones: list[One]) -> One:
        number = self.long()
        if not 0 <= number < len(ones):
            raise self.malformed()
        return ones[number]

    def counted(self, depth: int) -> Iterator[int]:
        """Yield a number for each item of an array or a map, block after block."""
        number = 0
        while count := self.long():
            self._tree.enter(depth)
            if count < 0:
                self.long()  # the size of the block in bytes, for those who pass over it
            for _ in range(abs(count)):
                yield number
                number += 1

    def _scalar(self, type: _Type, where: str, label: str) -> None:
        tree, kind = self._tree, type.kind
        if kind in ("int", "long"):
            self._whole(type, where, label)
        elif kind == "string":
            tree.row(where, label, tree.string(where, label, self.octets()))
        elif kind in ("bytes", "fixed"):
            octets = self.octets() if kind == "bytes" else self.take(type.size)
            if type.logical == "decimal" and len(octets) <= 64:
                number = int.from_bytes(octets, "big", signed=True)
                tree.row(where, label, f"{Decimal(f'{number}E-{type.scale}'):f}")
            else:
                tree.blob(where, label, octets)
        elif kind == "enum":
            tree.row(where, label, self._one_of(type.names))
        elif kind in ("float", "double"):
            (real,) = struct.unpack("<f" if kind == "float" else "<d", self.take(4 if kind == "float" else 8))
            tree.row(where, label, digits(real))
        elif kind == "boolean":
            tree.row(where, label, "true" if self.number(1) else "false")

    def _whole(self, type: _Type, where: str, label: str) -> None:
        value = self.long()
        unit = _MICROSECONDS.get(type.logical)
        if unit is not None:
            try:
                date = _EPOCH + timedelta(microseconds=value * unit if unit else value // 1000)
            except OverflowError:
                return self._tree.row(where, label, str(value))
            if date.year in _YEARS:
                return self._tree.row(where, label, date.isoformat())
        return self._tree.row(where, label, str(value))


def _inflated(block: bytes, codec: str, limits: Limits) -> bytes:
    """Return a block without its codec, no further than the limits."""
    if codec == "null":
        return block
    if codec == "deflate":
        return _undeflated(block, limits)
    if codec == "zstandard":
        return inflate(block, b"zstd", limits).data
    if codec in ("bzip2", "xz"):
        document = compressed.BZIP2_FILE if codec == "bzip2" else compressed.XZ_FILE
        return document.unpack(block, Declared("", ""), limits).members[0].data
    if codec == "snappy":
        return _unsnapped(block, limits)
    raise Unreadable(Unread.UNKNOWN_CODING, "avro")


def _undeflated(block: bytes, limits: Limits) -> bytes:
    """Return what a bare stream of RFC 1951 holds, and what follows it; some writers leave the end of a checksum."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    by_ratio = max(_RATIO_FROM, limits.ratio * len(block))
    try:
        out = stream.decompress(block, min(limits.body, by_ratio) + 1)
    except zlib.error:
        raise _malformed() from None
    _bound(len(out), len(block), limits)
    if not stream.eof:
        raise _malformed()
    return out if len(stream.unused_data) <= _CHECKSUM else out + stream.unused_data


def _bound(size: int, packed: int, limits: Limits) -> None:
    if size > limits.body:
        raise Unreadable(Unread.TOO_LARGE, "unpacked")
    if size > max(_RATIO_FROM, limits.ratio * packed):
        raise Unreadable(Unread.RATIO, "ratio")


def _unsnapped(block: bytes, limits: Limits) -> bytes:
    """Return what Snappy made small; the last four bytes are a checksum."""
    import pyarrow

    size = shift = 0
    for byte in block[:5]:
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    _bound(size, len(block), limits)
    try:
        out: bytes = pyarrow.Codec("snappy").decompress(block[:-4], size, asbytes=True)
    except (pyarrow.ArrowException, OSError, ValueError):
        raise _malformed() from None
    return out


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return the schema, the metadata and all values as rows, bytes as members. Raises ``Unreadable``."""
    if not data.startswith(_MAGIC):
        raise Unreadable(Unread.UNKNOWN_FORMAT, "avro-schema")
    tree = Tree(limits)
    reader = _Values(data, tree)
    reader.take(len(_MAGIC))
    said: dict[str, bytes] = {}
    for _ in reader.counted(0):
        key = tree.string("/~metadata", "", reader.octets())
        said[key] = value = reader.octets()
        tree.row(tree.key("/~metadata", key), key, tree.string("/~metadata", key, value))
    schema = _Schema(limits).type(_json(said.get("avro.schema", b"")))
    codec = said.get("avro.codec", b"null").decode("latin-1")
    _blocks(reader, schema, codec, tree)
    return tree.unpacked()


def _json(text: bytes) -> Any:
    if len(text) > _MOST_SCHEMA:
        raise Unreadable(Unread.TOO_LARGE, "avro-schema")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _malformed() from None


def _blocks(reader: _Values, schema: _Type, codec: str, tree: Tree) -> None:
    """Read the blocks of a container, each ended by the same mark."""
    mark, number = reader.take(_SYNC), 0
    while reader.at < len(reader.data):
        count, block = reader.long(), reader.octets()
        if reader.take(_SYNC) != mark or count < 0:
            raise _malformed()
        values = _Values(_inflated(block, codec, replace(tree.limits, body=max(0, tree.left))), tree)
        for _ in range(count):
            values.value(schema, f"/{number}", "", 0)
            number += 1
        tree.blob("/~rest", "", values.data[values.at :])


DOCUMENT = Document("avro", unpack, apart=True)

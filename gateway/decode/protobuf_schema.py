"""Protocol Buffers with a schema: names of fields as places and labels, by a set of file descriptors.

The library reads the descriptors; the message is read here, field by field, since a parser keeps the last of repeated
values only. What the descriptors do not know, or what is not written as they say, is read as if there were none:
whoever sends it need not keep to them.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from google.protobuf.descriptor_pb2 import (  # type: ignore[import-untyped]
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
)
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from gateway.decode import charsets
from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.decode.gathering import Gathering
from gateway.decode.places import KEY, below, step
from gateway.decode.protobuf import (
    END,
    FIXED32,
    FIXED64,
    LENGTH,
    START,
    VARINT,
    Scan,
    digits,
    field,
    is_message,
    malformed,
    varint,
)
from gateway.vocabulary import Limits, Unread

_KIND = FieldDescriptorProto
_WIRE: Mapping[int, int] = {
    **dict.fromkeys((_KIND.TYPE_FIXED64, _KIND.TYPE_SFIXED64, _KIND.TYPE_DOUBLE), FIXED64),
    **dict.fromkeys((_KIND.TYPE_FIXED32, _KIND.TYPE_SFIXED32, _KIND.TYPE_FLOAT), FIXED32),
    **dict.fromkeys((_KIND.TYPE_STRING, _KIND.TYPE_BYTES, _KIND.TYPE_MESSAGE), LENGTH),
    _KIND.TYPE_GROUP: START,
}
"""How types are written that are no varint."""
_FIXED: Mapping[int, str] = {
    _KIND.TYPE_FIXED64: "<Q", _KIND.TYPE_SFIXED64: "<q", _KIND.TYPE_DOUBLE: "<d",
    _KIND.TYPE_FIXED32: "<I", _KIND.TYPE_SFIXED32: "<i", _KIND.TYPE_FLOAT: "<f",
}  # fmt: skip
_UNSIGNED = frozenset({_KIND.TYPE_UINT64, _KIND.TYPE_UINT32})
_ZIGZAG = frozenset({_KIND.TYPE_SINT64, _KIND.TYPE_SINT32})
_NARROW = frozenset({_KIND.TYPE_INT32, _KIND.TYPE_UINT32, _KIND.TYPE_SINT32, _KIND.TYPE_ENUM, _KIND.TYPE_BOOL})
_ANY = ".google.protobuf.Any"


type _Span = tuple[int, int, int, int]
"""Number and wire type of a field, begin and end of its value."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: int
    wire: int
    type: str
    """Full name of its message or enumeration, a dot before it."""
    many: bool


@dataclass(frozen=True, slots=True)
class _Schema:
    messages: Mapping[str, Mapping[int, _Field]]
    enums: Mapping[str, Mapping[int, str]]
    maps: frozenset[str]
    """Messages that are the entries of maps."""


@lru_cache(16)
def _schema(descriptor_set: bytes) -> _Schema:
    try:
        files = FileDescriptorSet.FromString(descriptor_set).file
    except DecodeError:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "protobuf-schema") from None
    messages: dict[str, dict[int, _Field]] = {}
    enums: dict[str, Mapping[int, str]] = {}
    maps: set[str] = set()
    extensions = [each for file in files for each in file.extension]
    for file in files:
        package = f".{file.package}" if file.package else ""
        enums |= _named(package, file.enum_type)
        pending: list[tuple[str, DescriptorProto]] = [(package, each) for each in file.message_type]
        while pending:
            outer, message = pending.pop()
            name = f"{outer}.{message.name}"
            messages[name] = {each.number: _described(each) for each in message.field}
            enums |= _named(name, message.enum_type)
            extensions += message.extension
            if message.options.map_entry:
                maps.add(name)
            pending += [(name, each) for each in message.nested_type]
    for extension in extensions:
        messages.setdefault(extension.extendee, {})[extension.number] = _described(extension)
    return _Schema(messages, enums, frozenset(maps))


def _named(outer: str, enums: Iterable[EnumDescriptorProto]) -> dict[str, Mapping[int, str]]:
    return {f"{outer}.{enum.name}": {each.number: each.name for each in enum.value} for enum in enums}


def _described(said: FieldDescriptorProto) -> _Field:
    many = said.label == FieldDescriptorProto.LABEL_REPEATED
    return _Field(said.name, said.type, _WIRE.get(said.type, VARINT), said.type_name, many)


class _Guided:
    """A message that is read by its schema, and without one where that does not fit."""

    def __init__(self, data: bytes, schema: _Schema, found: Gathering) -> None:
        self._data = data
        self._schema = schema
        self._found = found
        self._scan = Scan(data, found)

    def message(self, type: str, at: int, end: int, where: str, depth: int) -> None:
        """Read the fields of a message of a type, and of its groups; the type may be unknown."""
        open: list[tuple[int, str, Mapping[int, _Field], Counter[int]]] = []
        fields, seen = self._schema.messages.get(type, {}), Counter[int]()
        while at < end:
            number, wire, begin, at = field(self._data, at, end)
            if wire == END:
                if not open or open[-1][0] != number:
                    raise malformed()
                _, where, fields, seen = open.pop()
                continue
            known = fields.get(number)
            here, label = f"{where}/{number}", ""
            if known is not None and (wire == known.wire or (wire == LENGTH and known.wire != START)):
                here, label = below(where, step(known.name)), known.name
                if known.many and known.type not in self._schema.maps:
                    here = f"{here}/{seen[number]}"
                    seen[number] += 1
            else:
                known = None
            if wire == START:
                self._scan.enter(depth + len(open) + 1)
                open.append((number, where, fields, seen))
                where, fields, seen = here, self._schema.messages.get(known.type, {}) if known else {}, Counter[int]()
            elif known is None:
                self._scan.value(wire, begin, at, here, "", depth + len(open))
            else:
                self._value(known, wire, begin, at, here, label, depth + len(open))
        if open:
            raise malformed()

    def _value(self, known: _Field, wire: int, at: int, end: int, where: str, label: str, depth: int) -> None:
        """Read a value that is written as its field says."""
        self._scan.enter(depth)
        if wire != LENGTH:
            self._number(known, wire, at, end, where, label)
        elif known.wire != LENGTH:
            self._packed(known, at, end, where, label)
        elif known.kind == _KIND.TYPE_MESSAGE and (at == end or is_message(self._data, at, end)):
            self._nested(known.type, at, end, where, depth + 1)
        elif known.kind == _KIND.TYPE_STRING and charsets.readable(self._data[at:end]):
            self._found.row(where, label, self._data[at:end].decode())
        else:
            self._scan.delimited(at, end, where, label, depth)

    def _nested(self, type: str, at: int, end: int, where: str, depth: int) -> None:
        spans = self._spans(at, end) if type == _ANY or type in self._schema.maps else ()
        if not spans:
            self.message(type, at, end, where, depth)
        elif type == _ANY:
            self._any(spans, where, depth)
        else:
            self._entry(self._schema.messages[type], spans, where, depth)

    def _spans(self, at: int, end: int) -> list[_Span]:
        """Return the fields of a small message, in the order in which they stand; none where there are groups."""
        spans = []
        while at < end:
            spans.append(field(self._data, at, end))
            at = spans[-1][3]
        return [] if any(each[1] in (START, END) for each in spans) else spans

    def _number(self, known: _Field, wire: int, at: int, end: int, where: str, label: str) -> None:
        if wire == VARINT:
            value = varint(self._data, at, end)[0]
            if known.kind in _NARROW and (1 << 32) <= value < (1 << 64) - (1 << 31):
                self._scan.value(wire, at, end, where, label, 0)  # more than a parser would keep of it
            else:
                self._found.row(where, label, self._integer(known, value))
        else:
            self._found.row(where, label, _fixed(known.kind, self._data[at:end]))

    def _integer(self, known: _Field, value: int) -> str:
        if known.kind in _ZIGZAG:
            return str((value >> 1) ^ -(value & 1))
        if known.kind not in _UNSIGNED and value >= 1 << 63:
            value -= 1 << 64
        if known.kind == _KIND.TYPE_ENUM:
            return self._schema.enums.get(known.type, {}).get(value, str(value))
        return str(value)

    def _packed(self, known: _Field, at: int, end: int, where: str, label: str) -> None:
        size = 8 if known.wire == FIXED64 else 4
        if known.wire != VARINT and (end - at) % size:
            raise malformed()
        number = 0
        while at < end:
            begin = at
            at = varint(self._data, at, end)[1] if known.wire == VARINT else at + size
            self._scan.enter(0)
            self._number(known, known.wire, begin, at, f"{where}/{number}", label)
            number += 1

    def _any(self, spans: list[_Span], where: str, depth: int) -> None:
        """Read a message that names its own type (``type_url``), where the set knows it."""
        type = ""
        for number, wire, at, end in spans:
            if (number, wire) == (1, LENGTH) and charsets.readable(self._data[at:end]):
                url = self._data[at:end].decode()
                type = f".{url.rpartition('/')[2]}"
                self._found.row(f"{where}/type_url", "type_url", url)
            elif (number, wire) != (2, LENGTH):
                self._scan.value(wire, at, end, f"{where}/{number}", "", depth)
        for number, wire, at, end in spans:
            if (number, wire) == (2, LENGTH):
                self._scan.enter(depth)
                if type in self._schema.messages and (at == end or is_message(self._data, at, end)):
                    self._nested(type, at, end, f"{where}/value", depth + 1)
                else:
                    self._scan.delimited(at, end, f"{where}/value", "value", depth)

    def _entry(self, fields: Mapping[int, _Field], spans: list[_Span], where: str, depth: int) -> None:
        """Read an entry of a map: its key is the label of its value."""
        key = ""
        for number, wire, at, end in spans:
            if number == 1 and wire == fields[1].wire:
                key = self._key(fields[1], wire, at, end)
                self._found.row(below(where, step(key)) + KEY, "", key)
        place = below(where, step(key))
        for number, wire, at, end in spans:
            known = fields.get(number)
            if known is None or wire != known.wire:
                self._scan.value(wire, at, end, f"{place}/{number}", "", depth)
            elif number != 1:
                self._value(known, wire, at, end, place, key, depth)

    def _key(self, known: _Field, wire: int, at: int, end: int) -> str:
        if wire == LENGTH:
            return self._data[at:end].decode("utf-8", "replace")
        if wire == VARINT:
            return self._integer(known, varint(self._data, at, end)[0])
        return _fixed(known.kind, self._data[at:end])


def _fixed(kind: int, octets: bytes) -> str:
    (value,) = struct.unpack(_FIXED[kind], octets)
    return digits(value) if isinstance(value, float) else str(value)


def unpack(described: tuple[bytes, str], data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return what ``data`` holds as the message of that full name (``health.v1.Patient``) that a set describes.

    The set is a serialised ``FileDescriptorSet``, as ``protoc --include_imports -o`` writes it. Raises
    ``Unreadable``: UNKNOWN_FORMAT ``protobuf-schema`` where the set is none or does not describe the message.
    """
    descriptor_set, message = described
    schema = _schema(descriptor_set)
    if f".{message}" not in schema.messages:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "protobuf-schema")
    found = Gathering(limits)
    _Guided(data, schema, found).message(f".{message}", 0, len(data), "", 0)
    return found.unpacked()

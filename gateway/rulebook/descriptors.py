"""Descriptor sets: what the messages of Protocol Buffers mean that an endpoint of an entry carries.

A set is a serialised ``FileDescriptorSet``, as ``protoc --include_imports --descriptor_set_out=NAME.binpb`` writes it,
in ``descriptors/`` beside the whitelist. It says how fields are called; what it does not describe is read without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorSet  # type: ignore[import-untyped]
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

FOLDER = "descriptors"
SUFFIX = ".binpb"


@dataclass(frozen=True, slots=True, eq=False)
class Descriptors:
    """One set: its bytes, the full names of its messages, and what its services take and give by gRPC path."""

    data: bytes = field(repr=False)
    messages: frozenset[str] = field(repr=False)
    methods: Mapping[str, tuple[str, str]] = field(repr=False)


def read_descriptors(data: bytes) -> Descriptors:
    """Read a set; raises ``ValueError`` where it is none or describes no message."""
    try:
        files = FileDescriptorSet.FromString(data).file
    except DecodeError:
        raise ValueError("this is no set of file descriptors") from None
    messages: set[str] = set()
    methods: dict[str, tuple[str, str]] = {}
    for file in files:
        outer = f"{file.package}." if file.package else ""
        for message in file.message_type:
            messages.update(_named(outer, message))
        for service in file.service:
            for method in service.method:
                types = (method.input_type.removeprefix("."), method.output_type.removeprefix("."))
                methods[f"/{outer}{service.name}/{method.name}"] = types
    if not messages:
        raise ValueError("this set describes no message")
    return Descriptors(data, frozenset(messages), MappingProxyType(methods))


def _named(outer: str, message: DescriptorProto) -> Iterator[str]:
    name = f"{outer}{message.name}"
    yield name
    for inner in message.nested_type:
        yield from _named(f"{name}.", inner)

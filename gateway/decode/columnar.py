"""Parquet and Arrow: tables kept by column.

The library is native, so each is read in a process that can be killed. Names of columns are labels and values; what a
file says of itself (metadata, the least and greatest value of a column) is read too; a value that is bytes is a member.
Stretches of a Parquet file that no column claims are searched for text.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.places import KEY, step
from gateway.decode.trees import Tree, digits
from gateway.vocabulary import Limits, Unread

_BATCH = 4096
_MAGIC = 4
_FOOTER = 8
"""Bytes at the end of a Parquet file: the length of its metadata, and the magic number."""


def _read(name: str, read: Callable[[Tree, bytes], None], data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Run a reader; whatever the library makes of a broken file is MALFORMED."""
    tree = Tree(limits)
    try:
        read(tree, data)
    except (Unreadable, MemoryError):
        raise
    except Exception as fault:
        reason = Unread.ENCRYPTED if "ncrypt" in str(fault) else Unread.MALFORMED
        raise Unreadable(reason, name) from None
    return tree.unpacked()


def add(tree: Tree, where: str, label: str, value: object, depth: int = 0) -> None:
    """Add a value of a library and all that nests in it; raises ``Unreadable`` beyond the limits."""
    tree.enter(depth)
    if isinstance(value, dict):
        for key, each in value.items():
            add(tree, tree.key(where, str(key)), str(key), each, depth + 1)
    elif isinstance(value, list | tuple | set):
        for number, each in enumerate(value):
            add(tree, f"{where}/{number}", label, each, depth + 1)
    elif isinstance(value, bytes | bytearray | memoryview):
        tree.blob(where, label, bytes(value))
    elif isinstance(value, float):
        tree.row(where, label, digits(value))
    elif value is not None:
        tree.row(where, label, str(value))


def _parquet(tree: Tree, data: bytes) -> None:
    from pyarrow import parquet

    if data.startswith(b"PARE"):
        raise Unreadable(Unread.ENCRYPTED, "parquet")
    file = parquet.ParquetFile(io.BytesIO(data), page_checksum_verification=False)
    _schema(tree, file.schema_arrow)
    claimed = [(0, _MAGIC), (len(data) - _FOOTER - file.metadata.serialized_size, len(data))]
    for group in map(file.metadata.row_group, range(file.metadata.num_row_groups)):
        for chunk in map(group.column, range(group.num_columns)):
            begin = min(chunk.data_page_offset, chunk.dictionary_page_offset or chunk.data_page_offset)
            claimed.append((begin, begin + chunk.total_compressed_size))
            _extremes(tree, chunk)
    at = 0
    for begin, end in sorted(claimed):
        if begin > at:
            tree.prose("/~between", "", data[at:begin])
        at = max(at, end)
    _batches(tree, file.iter_batches(_BATCH))


def _extremes(tree: Tree, chunk: Any) -> None:
    """Add the least and the greatest value that a column says it has: nobody checks that it has them."""
    said = chunk.statistics
    if said is not None and said.has_min_max:
        name = str(chunk.path_in_schema)
        for extreme in ("min", "max"):
            add(tree, f"/~statistics/{step(name)}/{extreme}", name, getattr(said, extreme))


def _arrow(tree: Tree, data: bytes) -> None:
    import pyarrow

    if data.startswith(b"ARROW1"):
        reader = pyarrow.ipc.open_file(pyarrow.BufferReader(data))
        batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
    else:
        reader = pyarrow.ipc.open_stream(pyarrow.BufferReader(data))
        batches = iter(reader)
    _schema(tree, reader.schema)
    _batches(tree, batches)


def _schema(tree: Tree, schema: Any) -> None:
    for name in schema.names:
        tree.row(f"/{step(name)}{KEY}", "", name)
    for field in (schema, *schema):
        for key, value in (field.metadata or {}).items():
            if key != b"ARROW:schema":
                tree.octets("/~metadata", key.decode("utf-8", "replace"), value)


def _batches(tree: Tree, batches: Iterable[Any]) -> None:
    number = 0
    for batch in batches:
        for values in batch.to_pylist():
            for name, value in values.items():
                add(tree, f"/{number}/{step(name)}", name, value)
            number += 1


PARQUET = Document("parquet", partial(_read, "parquet", _parquet), apart=True)
ARROW = Document("arrow", partial(_read, "arrow", _arrow), apart=True)

"""Containers within containers, and formats of bytes."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import sqlite3
import struct
import tarfile
import zipfile
from contextlib import closing

import cbor2
import fastavro
import msgpack
import py7zr
import pyarrow
import zstandard
from pyarrow import ipc, parquet

from gateway.vocabulary import Unread
from tests.evasions.case import JSON, PHONE, RIC, hidden, sealed

_DATA = f'{{"sfzh":"{RIC}"}}'.encode()
ZIP, TAR = "application/zip", "application/x-tar"


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
        archive.comment = comment
    return sink.getvalue()


def _locked_zip() -> bytes:
    data = bytearray(_zip(("a.json", _DATA), method=zipfile.ZIP_STORED))
    data[6] |= 1  # the flag of encryption, in the local header and in the directory
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def _tar(name: str, data: bytes) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return sink.getvalue()


def _seven(password: str = "") -> bytes:
    sink = io.BytesIO()
    with py7zr.SevenZipFile(sink, "w", password=password or None) as archive:
        archive.writestr(_DATA, "a.json")
    return sink.getvalue()


CONTAINERS = (
    hidden("zip", _zip(("a.json", _DATA)), ZIP, "zip:/a.json!json:/sfzh"),
    hidden("zip, stored", _zip(("a.json", _DATA), method=zipfile.ZIP_STORED), ZIP, "zip:/a.json!json:/sfzh"),
    hidden("zip with bzip2", _zip(("a.json", _DATA), method=zipfile.ZIP_BZIP2), ZIP, "zip:/a.json!json:/sfzh"),
    hidden("zip with xz", _zip(("a.json", _DATA), method=zipfile.ZIP_LZMA), ZIP, "zip:/a.json!json:/sfzh"),
    hidden("the name of a member", _zip((f"{RIC}.txt", b"x")), ZIP, f"zip:/{RIC}.txt/~key"),
    hidden("the comment of a zip", _zip(("a.txt", b"x"), comment=RIC.encode()), ZIP, "zip:/~comment"),
    hidden("before a zip", RIC.encode() + b"\n" + _zip(("a.txt", b"x")), ZIP, "zip:/~0hidden0!text:"),
    hidden("behind a zip", _zip(("a.txt", b"x")) + b"\n" + RIC.encode(), ZIP, "zip:/~0hidden111!text:"),
    hidden("zip in zip", _zip(("b.zip", _zip(("a.json", _DATA)))), ZIP, "zip:/b.zip!zip:/a.json!json:/sfzh"),
    hidden("gz in zip", _zip(("a.json.gz", gzip.compress(_DATA))), ZIP, "zip:/a.json.gz!gz:/content!json:/sfzh"),
    hidden("a table in zip in gb18030", _zip(("a.csv", f"姓名,身份证号\n陈,{RIC}\n".encode("gb18030"))), ZIP,
           "zip:/a.csv!csv:/2/身份证号"),
    hidden("zip declared as octets", _zip(("a.json", _DATA)), "application/octet-stream", "zip:/a.json!json:/sfzh"),
    hidden("zip in base64 in json", json.dumps({"file": base64.b64encode(_zip(("a.json", _DATA))).decode()}), JSON,
           "json:/file!base64!zip:/a.json!json:/sfzh"),
    hidden("tar", _tar("a.json", _DATA), TAR, "tar:/a.json!json:/sfzh"),
    hidden("the name in a tar", _tar(f"{RIC}.txt", b"x"), TAR, f"tar:/{RIC}.txt/~key"),
    hidden("tar in gz", gzip.compress(_tar("a.json", _DATA)), "application/gzip", "gz:/content!tar:/a.json!json:/sfzh"),
    hidden("gz", gzip.compress(_DATA), "application/gzip", "gz:/content!json:/sfzh"),
    hidden("bz2", bz2.compress(_DATA), "application/x-bzip2", "bz2:/content!json:/sfzh"),
    hidden("xz", lzma.compress(_DATA), "application/x-xz", "xz:/content!json:/sfzh"),
    hidden("zst", zstandard.compress(_DATA), "application/zstd", "zst:/content!json:/sfzh"),
    hidden("7z", _seven(), "application/x-7z-compressed", "7z:/a.json!json:/sfzh"),
    sealed("zip with a password", _locked_zip(), ZIP, Unread.ENCRYPTED, "zip:/a.json"),
    sealed("7z with a password", _seven("secret"), "application/x-7z-compressed", Unread.ENCRYPTED, "7z:"),
    sealed("rar", b"Rar!\x1a\x07\x01\x00" + bytes(40), "application/vnd.rar", Unread.UNKNOWN_FORMAT, "body"),
    sealed("zip cut short", _zip(("a.json", _DATA))[:-30], ZIP, Unread.MALFORMED, "zip:"),
)  # fmt: skip


def _field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes((*made, value))


def _framed(message: bytes, flag: int = 0) -> bytes:
    return struct.pack(">BI", flag, len(message)) + message


_TABLE = pyarrow.table({"sfzh": [RIC], "n": [5]})


def _parquet() -> bytes:
    sink = io.BytesIO()
    parquet.write_table(_TABLE, sink)
    return sink.getvalue()


def _between_columns(text: bytes) -> bytes:
    """A Parquet file of harmless figures, with something between its columns and its footer."""
    sink = io.BytesIO()
    parquet.write_table(pyarrow.table({"n": [1, 2]}), sink)
    data = sink.getvalue()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    return data[:footer] + text + data[footer:]


def _arrow() -> bytes:
    sink = io.BytesIO()
    with ipc.new_file(sink, _TABLE.schema) as writer:
        writer.write_table(_TABLE)
    return sink.getvalue()


def _avro() -> bytes:
    sink = io.BytesIO()
    schema = {"type": "record", "name": "r", "fields": [{"name": "sfzh", "type": "string"}]}
    fastavro.writer(sink, schema, [{"sfzh": RIC}])
    return sink.getvalue()


def _sqlite() -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("create table people (sfzh text)")
        base.execute("insert into people values (?)", (RIC,))
        base.commit()
        return bytes(base.serialize())


_PROTOBUF, _MSGPACK, _CBOR = "application/x-protobuf", "application/msgpack", "application/cbor"

BINARY = (
    hidden("a string of protobuf", _field(1, b"x") + _field(2, RIC.encode()), _PROTOBUF, "protobuf:/2"),
    hidden("a number of protobuf", _field(1, int(PHONE)), _PROTOBUF, "protobuf:/1", PHONE, bare=True),
    hidden("a long number of protobuf", _field(1, int(RIC)), _PROTOBUF, "protobuf:/1"),
    hidden("a message in protobuf", _field(3, _field(1, b"x") + _field(2, RIC.encode())), _PROTOBUF, "protobuf:/3/2"),
    hidden("json in protobuf", _field(1, _DATA), _PROTOBUF, "protobuf:/1!json:/sfzh"),
    hidden("gRPC", _framed(_field(1, RIC.encode())), "application/grpc", "grpc:/0!protobuf:/1"),
    hidden("gRPC of two messages", _framed(_field(1, b"x")) + _framed(_field(1, RIC.encode())),
           "application/grpc+proto",
           "grpc:/1!protobuf:/1"),
    hidden("a string of MessagePack", msgpack.packb({"sfzh": RIC}), _MSGPACK, "msgpack:/sfzh"),
    hidden("a number of MessagePack", msgpack.packb({"sfzh": int(RIC)}), _MSGPACK, "msgpack:/sfzh"),
    hidden("a key of MessagePack", msgpack.packb({RIC: 1}), _MSGPACK, f"msgpack:/{RIC}/~key"),
    hidden("bytes of MessagePack", msgpack.packb({"b": _DATA}), _MSGPACK, "msgpack:/b!json:/sfzh"),
    hidden("a string of CBOR", cbor2.dumps({"sfzh": RIC}), _CBOR, "cbor:/sfzh"),
    hidden("a number of CBOR", cbor2.dumps({"sfzh": int(RIC)}), _CBOR, "cbor:/sfzh"),
    hidden("a big number of CBOR", cbor2.dumps(cbor2.CBORTag(2, int(RIC).to_bytes(9))), _CBOR, "cbor:"),
    hidden("CBOR that reads as a text of Europe", cbor2.dumps({"sfzh": RIC}), "", "cbor:/sfzh"),
    hidden("Parquet", _parquet(), "application/vnd.apache.parquet", "parquet:/0/sfzh"),
    hidden("Parquet, between its columns", _between_columns(f"resident {RIC}, moved".encode()),
           "application/vnd.apache.parquet", "parquet:/~between"),
    hidden("Arrow", _arrow(), "application/vnd.apache.arrow.file", "arrow:/0/sfzh"),
    hidden("Avro", _avro(), "application/avro", "avro:/0/sfzh"),
    hidden("SQLite", _sqlite(), "application/vnd.sqlite3", "sqlite:/people/0/sfzh"),
    sealed("bytes of no known format", bytes(range(128, 256)) * 4, "application/octet-stream", Unread.UNKNOWN_CHARSET,
           "body"),
)  # fmt: skip

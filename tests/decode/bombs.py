"""Bombs: small messages that would become very large ones, or very much work. Each is made when it is needed."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from functools import cache

import brotlicffi
import zstandard

NUMBER = b"110105194912310021"


@cache
def nothing() -> bytes:
    """Two hundred megabytes of it, packed."""
    return gzip.compress(bytes(200_000_000), 9)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return sink.getvalue()


def _record(name: bytes, packed: bytes, size: int, crc: int, offset: int) -> bytes:
    return (
        struct.pack(
            "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), size, len(name), 0, 0, 0, 0, 0, offset
        )
        + name
    )


def _local(name: bytes, packed: bytes, size: int, crc: int) -> bytes:
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), size, len(name), 0) + name + packed


def _end(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, offset, 0)


def archives_of_archives() -> bytes:
    """Archives of sixteen archives, four deep, of ten megabytes of nothing each, as 42.zip is made."""
    inner = zipped({f"{at}.txt": bytes(10_000_000) for at in range(2)})
    for _ in range(3):
        inner = zipped({f"{at}.zip": inner for at in range(16)})
    return inner


def archive_in_archive() -> bytes:
    """An archive in an archive a thousand times, as one that contains itself would be without end."""
    inner = zipped({"a": NUMBER})
    for _ in range(1000):
        inner = zipped({"a.zip": inner}, zipfile.ZIP_STORED)
    return inner


def overlapping() -> bytes:
    """An archive whose members are all the same megabytes (D. Fifield, A better zip bomb, WOOT 2019)."""
    data = bytes(10_000_000)
    packed, crc = zlib.compress(data, 9)[2:-4], zlib.crc32(data)
    body = _local(b"0", packed, len(data), crc)
    records = _record(b"0", packed, len(data), crc, 0) * 5000
    return body + records + _end(5000, len(records), len(body))


def ten_million_declared() -> bytes:
    """An archive that says it has ten million members."""
    count = 10_000_000
    wide = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, 46 * count, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1)
    return zipped({"a": b"x"})[:-22] + wide + locator + _end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)


def many_members() -> bytes:
    """An archive that really has as many members as fit into a message."""
    count, empty = 49_999, zlib.compress(b"")[2:-4]
    names = [b"%d" % at for at in range(count)]
    bodies = [_local(name, empty, 0, 0) for name in names]
    records, offset = [], 0
    for name, body in zip(names, bodies, strict=True):
        records.append(_record(name, empty, 0, 0, offset))
        offset += len(body)
    size = sum(map(len, records))
    return b"".join((*bodies, *records, _end(count, size, offset)))


def too_many_members() -> bytes:
    """An archive of archives that have very many members in all."""
    inner = zipped({str(at): b"" for at in range(6000)})
    return zipped({f"{at}.zip": inner for at in range(16)})


def office(**members: bytes) -> bytes:
    """A workbook."""
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": b'<workbook><sheets><sheet name="S" sheetId="1"/></sheets></workbook>',
            **{name.replace("__", "/") + ".xml": data for name, data in members.items()},
        }
    )


def shared_strings() -> bytes:
    """A workbook with one long text that stands in very many cells."""
    return office(
        xl__sharedStrings=b"<sst><si><t>" + NUMBER * 20_000 + b"</t></si></sst>",
        xl__worksheets__sheet1=b"<worksheet><sheetData><row>"
        + b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % at for at in range(100_000))
        + b"</row></sheetData></worksheet>",
    )


def tar_of_many() -> bytes:
    """An archive of very many empty files, compressed."""
    return gzip.compress(tarfile.TarInfo("a").tobuf() * 60_000 + bytes(1024), 1)


def tar_of_one_size() -> bytes:
    """An archive whose member says that it has eight exabytes."""
    info = tarfile.TarInfo("a")
    info.size = 1 << 62
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, of which the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(out),
    )


def gigabyte() -> bytes:
    """A gigabyte of nothing, deflated: one block over and over, and the checksum of so many zeros (RFC 1950)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + block * 1024 + b"\x03\0" + struct.pack(">HH", (1 << 30) % 65521, 1)


def pdf_stream() -> bytes:
    """A PDF whose page is a stream of a gigabyte once inflated."""
    packed = gigabyte()
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
    )


def pdf_metadata() -> bytes:
    """A PDF whose metadata are a gigabyte once inflated."""
    packed = gigabyte()
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/Metadata/Subtype/XML/Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
    )


def pdf_pages() -> bytes:
    """A PDF whose tree of pages contains itself."""
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>")


def pdf_outline() -> bytes:
    """A PDF whose outline goes round."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/Outlines/First 5 0 R/Last 5 0 R>>",
        b"<</Title(a)/Parent 4 0 R/Next 5 0 R/First 5 0 R/Last 5 0 R>>",
    )


def parquet() -> bytes:
    """A table of a text of a megabyte, four thousand times."""
    import pyarrow
    from pyarrow import parquet

    column = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 4000, pyarrow.int32()), ["x" * 1_000_000])
    sink = io.BytesIO()
    parquet.write_table(pyarrow.table({"a": column}), sink, compression="zstd")
    return sink.getvalue()


def arrow() -> bytes:
    """A gigabyte of nothing in a compressed buffer."""
    import pyarrow

    table = pyarrow.table({"a": pyarrow.array([bytes(100_000_000)] * 2, pyarrow.large_binary())})
    sink = io.BytesIO()
    with pyarrow.ipc.new_file(sink, table.schema, options=pyarrow.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return sink.getvalue()


def avro(count: int = 0, data: bytes = b"", schema: str = '"null"', codec: bytes = b"null") -> bytes:
    """An Avro file of one block that says it has ``count`` records."""

    def number(value: int) -> bytes:
        value, out = value << 1, bytearray()
        while value > 127:
            out.append(value & 127 | 128)
            value >>= 7
        return bytes([*out, value])

    def text(value: bytes) -> bytes:
        return number(len(value)) + value

    head = number(2) + text(b"avro.schema") + text(schema.encode()) + text(b"avro.codec") + text(codec) + b"\0"
    sync = bytes(16)
    return b"Obj\x01" + head + sync + number(count) + text(data) + sync


def avro_deflated() -> bytes:
    """An Avro file of a block of a gigabyte, deflated."""
    return avro(500_000_000, gigabyte()[2:-4], '"string"', b"deflate")


def seven_zip() -> bytes:
    """A 7z archive of twenty megabytes of nothing."""
    import py7zr

    sink = io.BytesIO()
    with py7zr.SevenZipFile(sink, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 1}]) as file:
        file.writestr(bytes(20_000_000), "a")
    return sink.getvalue()


def sqlite() -> bytes:
    """A database whose text is generated, not stored."""
    import sqlite3

    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE t (a)")
        database.executemany("INSERT INTO t VALUES (?)", [(at,) for at in range(1000)])
        database.execute("ALTER TABLE t ADD COLUMN b GENERATED ALWAYS AS (printf('%.*c', 900000000, 'x')) VIRTUAL")
        database.commit()
        return bytes(database.serialize())


def deep_base64() -> bytes:
    """Base64 of base64 of base64, until it is a megabyte."""
    text = b"number " + NUMBER
    while len(text) < 1_000_000:
        text = base64.b64encode(text)
    return text


def json_in_json() -> bytes:
    """JSON in a string of JSON, until the escapes of the innermost are a megabyte."""
    text = NUMBER.decode()
    while len(text) < 1_000_000:
        text = json.dumps({"a": text})
    return text.encode()


def many_packed() -> bytes:
    """Very many strings of JSON that are each a text of sixty kilobytes, packed."""
    packed = [gzip.compress(b"%d" % at + bytes(60_000), 9) for at in range(2000)]
    return json.dumps([base64.b64encode(each).decode() for each in packed]).encode()


def png(kind: bytes, body: bytes) -> bytes:
    """An image with a chunk of text."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(kind, body) + chunk(b"IEND", b"")


def nested_parts() -> bytes:
    """Parts in parts, five thousand deep."""
    return b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (at, at + 1) for at in range(5000)
    ).replace(b"b0\r", b"b\r")


LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + at)} '{f'&{chr(97 + at)};' * 10}'>" for at in range(9)
) + "]><l>&j;</l>"  # fmt: skip
QUADRATIC = f"<!DOCTYPE l [<!ENTITY a '{'x' * 100_000}'>]><l>{'&a;' * 100_000}</l>"
ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{','.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(9)
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

type Bomb = tuple[Callable[[], bytes], str, str]
"""What it is made by, its media type, its content coding."""
BOMBS: dict[str, Bomb] = {
    # Codings, and files of the same.
    "gzip": (nothing, "application/json", "gzip"),
    "gzip of empties": (lambda: gzip.compress(b"", 9) * 200_000, "application/json", "gzip"),
    "br": (lambda: brotlicffi.compress(bytes(100_000_000), quality=5), "application/json", "br"),
    "zstd": (lambda: zstandard.compress(bytes(200_000_000)), "application/json", "zstd"),
    "zstd window": (lambda: b"\x28\xb5\x2f\xfd\x00\xb8" + b"\x02\xff\xff" + bytes(9), "application/json", "zstd"),
    "deflate twice": (lambda: zlib.compress(zlib.compress(bytes(200_000_000))), "application/json", "deflate, deflate"),
    "a gzip file": (nothing, "", ""),
    "a bzip2 file": (lambda: bz2.compress(bytes(50_000_000)), "", ""),
    "an xz file": (lambda: lzma.compress(bytes(50_000_000), preset=1), "", ""),
    "a zstd file": (lambda: zstandard.compress(bytes(200_000_000)), "", ""),
    # Containers.
    "archives of archives": (archives_of_archives, "", ""),
    "an archive in an archive": (archive_in_archive, "", ""),
    "overlapping": (overlapping, "", ""),
    "ten million declared": (ten_million_declared, "", ""),
    "too many members": (too_many_members, "", ""),
    "7z": (seven_zip, "", ""),
    "tar of many": (tar_of_many, "", ""),
    "tar of one size": (tar_of_one_size, "", ""),
    "many parts": (lambda: b"--b\r\n\r\n\r\n" * 200_000, "multipart/form-data; boundary=b", ""),
    "parts in parts": (nested_parts, "multipart/mixed; boundary=b", ""),
    "mail in mail": (lambda: b"From: a\r\nContent-Type: message/rfc822\r\n\r\n" * 5000, "message/rfc822", ""),
    # Text.
    "billion laughs": (LAUGHS.encode, "application/xml", ""),
    "quadratic laughs": (QUADRATIC.encode, "application/xml", ""),
    "laughs in a letter": (lambda: zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": LAUGHS.encode()}),
                           "", ""),
    "deep JSON": (lambda: b"[" * 100_000 + b"]" * 100_000, "application/json", ""),
    "deep JSON without end": (lambda: b'{"a":' * 100_000, "application/json", ""),
    "many values": (lambda: b"[" + b"1," * 2_000_000 + b"1]", "application/json", ""),
    "JSON in JSON": (json_in_json, "application/json", ""),
    "deep XML": (lambda: b"<a>" * 100_000 + b"</a>" * 100_000, "application/xml", ""),
    "many attributes": (lambda: b"<a " + b" ".join(b'a%d=""' % at for at in range(400_000)) + b"/>", "text/xml", ""),
    "deep HTML": (lambda: b"<div>" * 400_000, "text/html", ""),
    "deep YAML": (lambda: b"[" * 100_000 + b"]" * 100_000, "application/yaml", ""),
    "steps of YAML": (lambda: b"".join(b" " * at + b"a:\n" for at in range(1500)), "application/yaml", ""),
    "many cells": (lambda: b"a,b\n" + b"," * 4_000_000, "text/csv", ""),
    "many lines": (lambda: b"{}\n" * 1_000_000, "application/x-ndjson", ""),
    "many fields": (lambda: b"a=&" * 1_000_000, "application/x-www-form-urlencoded", ""),
    "many events": (lambda: b"data: a\n\n" * 500_000, "text/event-stream", ""),
    "many repetitions": (lambda: b"MSH|^~\\&|A\rPID|" + b"a~" * 1_000_000, "application/hl7-v2", ""),
    "deep GraphQL": (lambda: b"{a" * 200_000, "application/graphql", ""),
    # Islands.
    "deep base64": (deep_base64, "text/plain", ""),
    "deep percent": (lambda: b"a=%" + b"25" * 500_000 + b"31", "text/plain", ""),
    "deep entities": (lambda: b"&" + b"amp;" * 250_000 + b"#49;", "text/plain", ""),
    "many packed": (many_packed, "application/json", ""),
    # Binary.
    "deep MessagePack": (lambda: b"\x91" * 1_000_000, "application/msgpack", ""),
    "MessagePack of four thousand million": (lambda: b"\xdf\xff\xff\xff\xff" * 200_000, "application/msgpack", ""),
    "deep CBOR": (lambda: b"\x81" * 1_000_000, "application/cbor", ""),
    "tags of CBOR": (lambda: b"\xc1" * 1_000_000, "application/cbor", ""),
    "CBOR without end": (lambda: b"\x9f" * 1_000_000, "application/cbor", ""),
    "CBOR of exabytes": (lambda: b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff" * 100_000, "application/cbor", ""),
    "groups of protobuf": (lambda: b"\x0b" * 1_000_000, "application/x-protobuf", ""),
    "many frames": (lambda: bytes(5) * 1_000_000, "application/grpc", ""),
    # Documents.
    "a large sheet": (lambda: office(xl__worksheets__sheet1=b"<c r='A1'/>" * 8_000_000), XLSX, ""),
    "one text in many cells": (shared_strings, XLSX, ""),
    "text of an image": (lambda: png(b"zTXt", b"C\0\0" + gigabyte()), "image/png", ""),
    "PDF stream": (pdf_stream, "application/pdf", ""),
    "PDF metadata": (pdf_metadata, "application/pdf", ""),
    "PDF pages": (pdf_pages, "application/pdf", ""),
    "Parquet": (parquet, "", ""),
    "Arrow": (arrow, "", ""),
    "Avro of nothing": (lambda: avro(1 << 62), "", ""),
    "Avro deflated": (avro_deflated, "", ""),
    "SQLite": (sqlite, "", ""),
}  # fmt: skip
HARMLESS: dict[str, Bomb] = {
    "PDF outline": (pdf_outline, "application/pdf", ""),
    "aliases": (ALIASES.encode, "application/yaml", ""),
    "as many members as may be": (many_members, "", ""),
    "escapes of attributes": (lambda: b"<a b='" + b"&#49;" * 150_000 + b"'/>", "application/xml", ""),
}
"""What looks like a bomb and is read as it is written."""

"""One small sound document of each format. ``python -m fuzz.samples`` writes them to ``fuzz/corpus``, one file each.

Everything in them is synthetic; the numbers are examples with sound check digits that belong to nobody.
"""

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
import zlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import zstandard

NUMBER = "110105194912310021"
CORPUS = Path(__file__).parent / "corpus"
TYPES: Mapping[str, str] = {
    "json": "application/json", "ndjson": "application/x-ndjson", "jsonseq": "application/json-seq",
    "form": "application/x-www-form-urlencoded", "text": "text/plain", "xml": "application/xml", "html": "text/html",
    "csv": "text/csv", "yaml": "application/yaml", "hl7": "application/hl7-v2", "events": "text/event-stream",
    "graphql": "application/graphql", "multipart": "multipart/form-data; boundary=b", "mail": "message/rfc822",
    "zip": "application/zip", "tar": "application/x-tar", "gz": "application/gzip", "bz2": "application/x-bzip2",
    "xz": "application/x-xz", "zst": "application/zstd", "docx": "", "xlsx": "",
    "png": "image/png", "jpeg": "image/jpeg",
    "gif": "image/gif", "grpc": "application/grpc", "protobuf": "application/x-protobuf",
    "msgpack": "application/msgpack", "cbor": "application/cbor", "sqlite": "application/vnd.sqlite3",
    "gb18030": "text/plain; charset=gb18030", "utf-16": "application/json; charset=utf-16",
    "pptx": "", "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet", "odp": "application/vnd.oasis.opendocument.presentation",
    "rtf": "application/rtf", "pdf": "application/pdf",
    "7z": "application/x-7z-compressed", "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file", "avro": "application/vnd.apache.avro",
    "ole": "application/x-ole-storage", "tiff": "image/tiff", "webp": "image/webp", "bmp": "image/bmp",
}  # fmt: skip
"""What each sample is declared to be."""


def _zip(members: Mapping[str, str]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def _tar() -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as file:
        info = tarfile.TarInfo("a.txt")
        info.size = len(NUMBER)
        file.addfile(info, io.BytesIO(NUMBER.encode()))
    return sink.getvalue()


def _png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    text = chunk(b"tEXt", b"Comment\0" + NUMBER.encode()) + chunk(b"zTXt", b"C\0\0" + zlib.compress(b"x"))
    return b"\x89PNG\r\n\x1a\n" + head + text + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def _sqlite() -> bytes:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA page_size = 512")
        database.execute("VACUUM")
        database.execute("CREATE TABLE p (idno TEXT, n INTEGER, b BLOB)")
        database.execute("INSERT INTO p VALUES (?, ?, ?)", (NUMBER, int(NUMBER), b"\x01"))
        database.commit()
        return bytes(database.serialize())


def _pdf() -> bytes:
    content = b"BT /F 9 Tf 1 1 Td (" + NUMBER.encode() + b") Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 20]/Contents 4 0 R/Annots[8 0 R]/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Outlines/First 7 0 R/Last 7 0 R>>",
        b"<</Title(t)/Parent 6 0 R>>",
        b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(note)>>",
        b"<</Author(a)/Title(t)>>",
    )
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R/Info 9 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + tail


def _ole() -> bytes:
    """Return a compound file of one stream ([MS-CFB]): header, FAT, directory, eight sectors."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    head = struct.pack("<8s16x5H6x8I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                       0, 1, 1, 0, 4096, end, 0, end) + struct.pack("<I", 0) + struct.pack("<I", 0)  # fmt: skip
    head += struct.pack("<I", free) * ((512 - len(head)) // 4)
    sectors = [0xFFFFFFFD, end, *range(3, 10), end]
    table = struct.pack(f"<{len(sectors)}I", *sectors) + struct.pack("<I", free) * (128 - len(sectors))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text) + 2 if text else 0, kind, 1, free, free, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Note", 2, free, 2, 4096) + entry("", 0, free, 0, 0) * 2
    return head + table + folder + (f"number {NUMBER}".encode() * 200)[:4096].ljust(4096, b"\0")


def _picture(kind: str) -> bytes:
    from PIL import Image

    sink = io.BytesIO()
    exif = Image.Exif()
    exif[270] = NUMBER  # ImageDescription
    Image.new("L", (2, 2)).save(sink, kind, **({} if kind == "BMP" else {"exif": exif}))
    return sink.getvalue() + (NUMBER.encode() if kind == "BMP" else b"")


def _tables() -> dict[str, bytes]:
    import fastavro
    import py7zr
    import pyarrow
    from pyarrow import parquet

    table = pyarrow.table({"id": [NUMBER], "n": [1.5]})
    sinks = {name: io.BytesIO() for name in ("parquet", "arrow", "avro", "7z")}
    parquet.write_table(table, sinks["parquet"])
    with pyarrow.ipc.new_file(sinks["arrow"], table.schema) as writer:
        writer.write_table(table)
    schema = {"type": "record", "name": "r", "fields": [{"name": "id", "type": "string"}]}
    fastavro.writer(sinks["avro"], schema, [{"id": NUMBER}], sync_marker=bytes(16))
    with py7zr.SevenZipFile(sinks["7z"], "w") as file:
        file.writestr(NUMBER.encode(), "a.txt")
    return {name: sink.getvalue() for name, sink in sinks.items()}


def samples() -> dict[str, bytes]:
    """Return a sample of each format."""
    record = json.dumps({"id": NUMBER, "n": [1, 2.5], "t": base64.b64encode(NUMBER.encode()).decode(), "u": "\\u0031"})
    part = f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{NUMBER}\r\n--b--\r\n'
    cells = '<worksheet><row><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1.1E17</v></c></row></worksheet>'
    texts: dict[str, str] = {
        "json": record,
        "ndjson": f'{record}\n{{"a":1}}\n',
        "jsonseq": f"\x1e{record}\n",
        "form": f"id={NUMBER}&note=a%20b%31",
        "text": f"id {NUMBER}, data:text/plain;base64,MTIz &#49; =31 +ADEAMgAz-",
        "xml": f'<?xml version="1.0"?><a x="1"><!--c--><id>{NUMBER[:6]}<![CDATA[{NUMBER[6:]}]]>&#49;</id></a>',
        "html": f"<table><tr><th>id</th></tr><tr><td>{NUMBER[:6]}<b>{NUMBER[6:]}</b></td></tr></table><!--x-->",
        "csv": f'name,id\nA,"{NUMBER}"\n',
        "yaml": f"id: {NUMBER}  # note\nlist: [a, 'b', \"c\\x41\"]\nblock: |\n  text\n",
        "hl7": f"MSH|^~\\&|A|B|C|D|20261120||ADT^A01|1|P|2.5\rPID|1||{NUMBER}^^^X||CHAN^TAI\\T\\MAN\r",
        "events": f"event: a\ndata: {NUMBER}\ndata: more\n\n",
        "graphql": f'query {{ patient(id: "{NUMBER}") {{ name }} }} # note',
        "multipart": part,
        "mail": f"From: a@b.example\r\nSubject: =?utf-8?B?eA==?=\r\nContent-Type: text/plain\r\n\r\n{NUMBER}\r\n",
    }
    made = {name: text.encode() for name, text in texts.items()}
    book = {
        "[Content_Types].xml": "<a/>",
        "xl/workbook.xml": '<workbook><sheet name="S" sheetId="1"/></workbook>',
        "xl/sharedStrings.xml": f"<sst><si><t>{NUMBER}</t></si></sst>",
        "xl/worksheets/sheet1.xml": cells,
    }
    cell = f'<table:table-cell office:value-type="string"><text:p>{NUMBER}</text:p></table:table-cell>'
    line = f'<table:table-row table:number-rows-repeated="2">{cell}</table:table-row>'
    letter = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'<w:p xmlns:w="w"><w:t>{NUMBER[:6]}</w:t><w:t>{NUMBER[6:]}</w:t></w:p>',
    }
    made |= {
        "zip": _zip({"a.json": record, "b/c.txt": NUMBER}),
        "tar": _tar(),
        "gz": gzip.compress(NUMBER.encode(), mtime=0),
        "bz2": bz2.compress(NUMBER.encode()),
        "xz": lzma.compress(NUMBER.encode()),
        "zst": zstandard.compress(NUMBER.encode()),
        "docx": _zip(letter),
        "xlsx": _zip(book),
        "png": _png(),
        "jpeg": b"\xff\xd8\xff\xfe\x00\x14" + NUMBER.encode() + b"\xff\xda\x00\x02\x01\x02\xff\xd9",
        "gif": b"GIF89a\x01\0\x01\0\0\0\0!\xfe\x12" + NUMBER.encode() + b"\0;",
        "grpc": b"\0\0\0\0\x14\x0a\x12" + NUMBER.encode(),
        "protobuf": b"\x0a\x14\x0a\x12" + NUMBER.encode() + b"\x10\x96\x01\x1a\x03\x01\x02\x03",
        "msgpack": b"\x82\xa2id\xb2" + NUMBER.encode() + b"\xa1n\x93\x01\xcb\x3f\xf8\0\0\0\0\0\0\xc4\x02ab",
        "cbor": b"\xa2\x62id\x72" + NUMBER.encode() + b"\x61n\x9f\x01\xf9\x3e\0\x42ab\xff",
        "sqlite": _sqlite(),
        "gb18030": f"身份证号码{NUMBER}".encode("gb18030"),
        "utf-16": record.encode("utf-16"),
        "pptx": _zip(
            {"[Content_Types].xml": "<Types/>", "ppt/slides/slide1.xml": f"<p:sld><a:t>{NUMBER}</a:t></p:sld>"}
        ),
        "odt": _zip(
            {"mimetype": TYPES["odt"], "content.xml": f"<office:text><text:p>{NUMBER}<text:s/></text:p></office:text>"}
        ),
        "ods": _zip({"mimetype": TYPES["ods"], "content.xml": f'<table:table table:name="S">{line}</table:table>'}),
        "odp": _zip({"mimetype": TYPES["odp"], "content.xml": f"<draw:page><text:p>{NUMBER}</text:p></draw:page>"}),
        "rtf": f"{{\\rtf1\\ansi\\ansicpg936 {{\\info{{\\author x}}}} {NUMBER}\\par \\u38515?\\'b3\\'c2}}".encode(),
        "pdf": _pdf(),
        "ole": _ole(),
        "tiff": _picture("TIFF"),
        "webp": _picture("WEBP"),
        "bmp": _picture("BMP"),
    }
    return made | _tables()


def main() -> None:
    """Write the corpus."""
    for name, data in samples().items():
        folder = CORPUS / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sound").write_bytes(data)


if __name__ == "__main__":
    main()

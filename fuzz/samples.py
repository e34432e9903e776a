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
    }
    return made


def main() -> None:
    """Write the corpus."""
    for name, data in samples().items():
        folder = CORPUS / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sound").write_bytes(data)


if __name__ == "__main__":
    main()

"""Reading every format, in MB/s, at 10 KB, 100 KB, 1 MB and 10 MB, values included.

    python -m bench.formats [FORMAT ...]

The last column is the cost of a byte at the largest size over its cost at 10 KB: a reader that is linear stays near 1
(and may be below, where a document costs something by itself); above 1.5 it would not be.
"""

from __future__ import annotations

import gc
import io
import json
import sqlite3
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing

import cbor2
import msgpack
import pyarrow
from pyarrow import parquet

from bench.decode import RECORD
from fuzz.target import transfer
from gateway.decode import decode
from gateway.vocabulary import Limits

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
LIMITS = Limits(
    body=1 << 30, unpacked=1 << 31, segments=1 << 30, members=1 << 30, ratio=1 << 30, seconds=1e6, memory=1 << 31
)
LINE = json.dumps(RECORD, ensure_ascii=False)
FIELDS = {key: str(value) for key, value in RECORD.items() if not isinstance(value, dict | list)}
XML = "<record>" + "".join(f"<{key}>{value}</{key}>" for key, value in FIELDS.items()) + "</record>"
CELLS = "".join(
    f'<c r="{chr(65 + at)}2" t="inlineStr"><is><t>{value}</t></is></c>' for at, value in enumerate(FIELDS.values())
)


def _repeat(unit: str, head: str = "", tail: str = "") -> Callable[[int], bytes]:
    """Return what makes a document of about so many bytes out of a unit."""
    length = len(unit.encode())
    return lambda size: (head + unit * max(1, size // length) + tail).encode()


def _zip(name: str, inner: Callable[[int], bytes], **others: str) -> Callable[[int], bytes]:
    def made(size: int) -> bytes:
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as file:
            for other, text in others.items():
                file.writestr(other.replace("__", "/").replace("_xml", ".xml"), text)
            file.writestr(name, inner(size))
        return sink.getvalue()

    return made


def _tar(size: int) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as file:
        body = _repeat(LINE + "\n")(size)
        info = tarfile.TarInfo("a.ndjson")
        info.size = len(body)
        file.addfile(info, io.BytesIO(body))
    return sink.getvalue()[: 512 + -(-len(body) // 512) * 512 + 1024]  # without what fills the last record


def _records(size: int) -> list[dict[str, object]]:
    return [RECORD] * max(1, size // len(LINE.encode()))


def _sqlite(size: int) -> bytes:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA page_size = 512")  # or a third of the smallest file would be an empty page
        database.execute(f"CREATE TABLE p ({', '.join(f'"{name}"' for name in FIELDS)})")
        marks = ", ".join("?" * len(FIELDS))
        database.executemany(f"INSERT INTO p VALUES ({marks})", [tuple(FIELDS.values())] * max(1, size // 150))
        database.commit()
        return bytes(database.serialize())


def _parquet(size: int) -> bytes:
    sink = io.BytesIO()
    rows = max(1, size // 150)
    table = pyarrow.table({key: [f"{value}{row}" for row in range(rows)] for key, value in FIELDS.items()})
    parquet.write_table(table, sink, compression="none")
    return sink.getvalue()


def _hl7() -> Callable[[int], bytes]:
    return _repeat(
        "PID|1||440105199003071016^^^X||CHAN^TAI MAN||19900307|M\r", "MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\r"
    )


def _pairs() -> str:
    return "".join(f"{key}={value.replace(' ', '+')}&" for key, value in FIELDS.items() if value.isascii())


MAKERS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "json": ("application/json", lambda size: json.dumps(_records(size), ensure_ascii=False).encode()),
    "ndjson": ("application/x-ndjson", _repeat(LINE + "\n")),
    "form": ("application/x-www-form-urlencoded", _repeat(_pairs())),
    "text": ("text/plain", _repeat("An application for a licence, counter 4. 政府綜合服務大樓\n")),
    "xml": ("application/xml", _repeat(XML, "<all>", "</all>")),
    "html": ("text/html", _repeat(f"<tr><td>{'</td><td>'.join(FIELDS.values())}</td></tr>", "<table>")),
    "csv": ("text/csv", _repeat(",".join(f'"{value}"' for value in FIELDS.values()) + "\n")),
    "yaml": ("application/yaml", _repeat("- " + "\n  ".join(f"{k}: '{v}'" for k, v in FIELDS.items()) + "\n")),
    "hl7": ("application/hl7-v2", _hl7()),
    "events": ("text/event-stream", _repeat(f"event: a\ndata: {LINE}\n\n")),
    "multipart": ("multipart/form-data; boundary=b", _repeat(
        f'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n{LINE}\r\n', "", "--b--\r\n")),
    "zip": ("application/zip", _zip("a.ndjson", _repeat(LINE + "\n"))),
    "tar": ("application/x-tar", _tar),
    "xlsx": ("", _zip("xl/worksheets/sheet1.xml", _repeat(f"<row>{CELLS}</row>", "<worksheet>", "</worksheet>"),
                      **{"[Content_Types]_xml": "<a/>", "xl__workbook_xml": "<workbook/>"})),
    "docx": ("", _zip("word/document.xml",
                      _repeat("<p><r><t>440105</t></r><r><t>1990 some words</t></r></p>", "<d>", "</d>"),
                      **{"[Content_Types]_xml": "<a/>"})),
    "msgpack": ("application/msgpack", lambda size: msgpack.packb(_records(size))),
    "cbor": ("application/cbor", lambda size: cbor2.dumps(_records(size))),
    "protobuf": ("application/x-protobuf",
                 lambda size: b"\x0a\x14\x0a\x12440105199003071016\x10\x96\x01" * (size // 25)),
    "sqlite": ("", _sqlite),
    "parquet": ("", _parquet),
}  # fmt: skip


def main() -> None:
    """Print a row for each format."""
    sys.stdout.write(f"{'format':12}{''.join(f'{size // 1000:>12} KB' for size in SIZES)}   large/small\n")
    gc.disable()  # as timeit does: what a collection costs depends on what else lives
    for name in sys.argv[1:] or MAKERS:
        type, make = MAKERS[name]
        costs = []
        for size in SIZES:
            data = make(size)
            item = transfer(data, type)
            decode(item if size == SIZES[0] else transfer(b"", ""), LIMITS)  # libraries are loaded at first use
            best, spent, rounds = float("inf"), 0.0, 0
            while rounds < 3 or (spent < 0.2 and rounds < 50):
                begun = time.perf_counter()
                content = decode(item, LIMITS)
                for part in content.parts:
                    _ = part.segments
                took = time.perf_counter() - begun
                unread = content.opaque[:2]
                del content, part, _  # or the next round would have less memory than the first
                best, spent, rounds = min(best, took), spent + took, rounds + 1
            if unread:
                sys.stdout.write(f"{name}: {unread}\n")
            costs.append(best / len(data))
        rates = "".join(f"{1e-6 / cost:10.1f} MB/s" for cost in costs)
        sys.stdout.write(f"{name:12}{rates} {costs[-1] / costs[0]:10.2f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

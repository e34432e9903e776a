"""Bombs: small messages that would become very large ones are put down in time and in memory."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import resource
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable

import brotlicffi
import pytest
import zstandard

from gateway.decode import decode
from gateway.vocabulary import Limits
from tests.decode.messages import message

SECONDS = 1.0
MEMORY = 200 * 1024 * 1024


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return sink.getvalue()


def nested_zip() -> bytes:
    """Sixteen archives of sixteen archives of ten megabytes of nothing, as 42.zip is made."""
    inner = zipped({f"{at}.txt": bytes(10_000_000) for at in range(2)})
    for _ in range(3):
        inner = zipped({f"{at}.zip": inner for at in range(16)})
    return inner


def many_members() -> bytes:
    """An archive of very many empty files."""
    return zipped({f"{at}": b"" for at in range(60_000)})


def tar_of_many() -> bytes:
    """An archive of very many empty files, compressed."""
    header = tarfile.TarInfo("a").tobuf()
    return gzip.compress(header * 60_000 + bytes(1024), 1)


def pdf_stream() -> bytes:
    """A PDF whose page is a stream of a gigabyte once inflated."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%btrailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def deep_base64() -> bytes:
    """Base64 of base64 of base64, until it is a megabyte."""
    text = b"number 110105194912310021"
    while len(text) < 1_000_000:
        text = base64.b64encode(text)
    return text


LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + at)} '{f'&{chr(97 + at)};' * 10}'>" for at in range(9)
) + "]><l>&j;</l>"  # fmt: skip
YAML = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{','.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(9)
)
BOMBS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "gzip": (lambda: gzip.compress(bytes(200_000_000), 9), "application/json", "gzip"),
    "br": (lambda: brotlicffi.compress(bytes(100_000_000), quality=5), "application/json", "br"),
    "zstd": (lambda: zstandard.compress(bytes(200_000_000)), "application/json", "zstd"),
    "deflate twice": (lambda: zlib.compress(zlib.compress(bytes(200_000_000))), "application/json", "deflate, deflate"),
    "a gzip file": (lambda: gzip.compress(bytes(200_000_000), 9), "", ""),
    "bzip2": (lambda: bz2.compress(bytes(50_000_000)), "", ""),
    "xz": (lambda: lzma.compress(bytes(50_000_000), preset=1), "", ""),
    "archives of archives": (nested_zip, "", ""),
    "many members": (many_members, "", ""),
    "tar of many": (tar_of_many, "", ""),
    "billion laughs": (LAUGHS.encode, "application/xml", ""),
    "aliases": (YAML.encode, "application/yaml", ""),
    "deep JSON": (lambda: b"[" * 100_000 + b"]" * 100_000, "application/json", ""),
    "deep XML": (lambda: b"<a>" * 100_000 + b"</a>" * 100_000, "application/xml", ""),
    "deep MessagePack": (lambda: b"\x91" * 1_000_000, "application/msgpack", ""),
    "deep CBOR": (lambda: b"\x81" * 1_000_000, "application/cbor", ""),
    "deep base64": (deep_base64, "text/plain", ""),
    "a large cell": (lambda: zipped({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>",
                                     "xl/worksheets/sheet1.xml": b"<c r='A1'/>" * 8_000_000}), "", ""),
}  # fmt: skip
MEASURED = """
import resource, sys, time
from gateway.decode import decode
from gateway.vocabulary import Limits
from tests.decode.messages import message
data = sys.stdin.buffer.read()
decode(message(b'{"warm": "up"}', "application/json"), Limits())
transfer = message(data, sys.argv[1], sys.argv[2])
before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
content = decode(transfer, Limits())
seconds = time.process_time() - begun
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(seconds, (after - before) * 1024, len(content.opaque))
"""


@pytest.mark.parametrize("name", [name for name in BOMBS if name != "aliases"])
def test_a_bomb_is_put_down(name: str) -> None:
    """Opaque, within a second of work and 200 MB."""
    make, type, coding = BOMBS[name]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, type, coding], input=make(), capture_output=True, check=True, timeout=60
    )
    seconds, memory, opaque = done.stdout.split()
    assert int(opaque) >= 1
    assert float(seconds) < SECONDS
    assert int(memory) < MEMORY


def test_aliases_are_not_followed() -> None:
    """A document of aliases is read as it is written, which is small."""
    content = decode(message(YAML.encode(), "application/yaml"), Limits())
    assert sum(len(part.segments) for part in content.parts) < 1000


def test_a_stream_of_a_gigabyte_costs_its_process_only() -> None:
    """The sandbox ends it; the gateway's own memory does not know of it."""
    from gateway.sandbox import Sandbox

    data = pdf_stream()
    assert len(data) < 8 * 1024 * 1024
    sandbox = Sandbox(1)
    sandbox.warm()
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    try:
        content = decode(message(data), Limits(), sandbox)
    finally:
        sandbox.close()
    assert time.monotonic() - begun < 10
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < MEMORY
    assert content.opaque or not any(json.dumps(part.text) for part in content.parts if part.format == "pdf:")

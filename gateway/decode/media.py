"""Media types: what a message or a member declares, and the families under which formats are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from gateway.decode.door import Declared

JSON = "application/json"
NDJSON = "application/x-ndjson"
JSON_SEQUENCE = "application/json-seq"
FORM = "application/x-www-form-urlencoded"
TEXT = "text/plain"
XML = "application/xml"
HTML = "text/html"
CSV = "text/csv"
YAML = "application/yaml"
HL7 = "application/hl7-v2"
EVENTS = "text/event-stream"
GRAPHQL = "application/graphql"
RTF = "application/rtf"
MULTIPART = "multipart/mixed"
MAIL = "message/rfc822"
ZIP = "application/zip"
TAR = "application/x-tar"
GZIP = "application/gzip"
BZIP2 = "application/x-bzip2"
XZ = "application/x-xz"
ZSTD = "application/zstd"
SEVEN_ZIP = "application/x-7z-compressed"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
OLE = "application/x-ole-storage"
PDF = "application/pdf"
IMAGE = "image/*"
GRPC = "application/grpc"
PROTOBUF = "application/x-protobuf"
MSGPACK = "application/msgpack"
CBOR = "application/cbor"
AVRO = "application/vnd.apache.avro"
PARQUET = "application/vnd.apache.parquet"
ARROW = "application/vnd.apache.arrow.file"
SQLITE = "application/vnd.sqlite3"

_FAMILIES: Mapping[str, str] = {
    "text/json": JSON,
    **dict.fromkeys(
        ("application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines"), NDJSON
    ),
    **dict.fromkeys(("text/xml", "application/xml-dtd", "application/xml-external-parsed-entity"), XML),
    **dict.fromkeys(("text/tab-separated-values", "application/csv", "text/x-csv"), CSV),
    **dict.fromkeys(("text/yaml", "text/x-yaml", "application/x-yaml"), YAML),
    **dict.fromkeys(("x-application/hl7-v2+er7", "application/hl7-v2+er7", "text/hl7v2", "application/edi-hl7v2"), HL7),
    **dict.fromkeys(("text/rtf", "text/richtext"), RTF),
    **dict.fromkeys(("message/global", "application/mbox"), MAIL),
    **dict.fromkeys(("application/x-zip-compressed", "application/x-zip"), ZIP),
    **dict.fromkeys(("application/tar", "application/x-gtar", "application/x-ustar"), TAR),
    **dict.fromkeys(("application/x-gzip", "application/x-tgz"), GZIP),
    "application/bzip2": BZIP2,
    "application/zst": ZSTD,
    "application/x-zstd": ZSTD,
    "application/vnd.ms-excel.sheet.macroenabled.12": XLSX,
    "application/vnd.ms-word.document.macroenabled.12": DOCX,
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": PPTX,
    **dict.fromkeys(
        (
            "application/vnd.ms-excel",
            "application/msword",
            "application/vnd.ms-powerpoint",
            "application/vnd.ms-outlook",
        ),
        OLE,
    ),
    "application/x-pdf": PDF,
    **dict.fromkeys(("application/protobuf", "application/vnd.google.protobuf"), PROTOBUF),
    **dict.fromkeys(("application/x-msgpack", "application/vnd.msgpack"), MSGPACK),
    **dict.fromkeys(("application/avro", "avro/binary", "application/x-avro"), AVRO),
    **dict.fromkeys(("application/parquet", "application/x-parquet"), PARQUET),
    **dict.fromkeys(("application/vnd.apache.arrow.stream", "application/arrow"), ARROW),
    **dict.fromkeys(("application/x-sqlite3", "application/sqlite3"), SQLITE),
    **dict.fromkeys(("application/javascript", "application/x-javascript", "application/ecmascript"), TEXT),
    "application/octet-stream": "",
    "binary/octet-stream": "",
}
_SUFFIXES = {"json": JSON, "xml": XML, "yaml": YAML, "zip": ZIP, "gzip": GZIP, "cbor": CBOR, "json-seq": JSON_SEQUENCE}
_SUFFIXES |= {"protobuf": PROTOBUF, "zstd": ZSTD, "sqlite3": SQLITE, "msgpack": MSGPACK}
_KNOWN = frozenset(value for name, value in globals().items() if name.isupper() and isinstance(value, str))
_PARAMETER = re.compile(r";\s*+([\w!#$%&'*+.^`|~-]++)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"|([^;\s]*+))")


@lru_cache(256)
def declared(header: bytes) -> Declared:
    """Read a Content-Type; b"" where there is none."""
    text = header.decode("latin-1")
    type = text.partition(";")[0].strip().lower()
    parameters: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(text):
        parameters.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or bare)
    return Declared(type, _family(type), parameters.pop("charset", "").lower(), parameters)


def _family(type: str) -> str:
    if type in _KNOWN:
        return type
    if type in _FAMILIES:
        return _FAMILIES[type]
    kind, _, name = type.partition("/")
    if name.startswith("grpc"):
        return GRPC
    suffix = name.rpartition("+")[2] if "+" in name else ""
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    return {"multipart": MULTIPART, "image": IMAGE, "text": TEXT}.get(kind, type)

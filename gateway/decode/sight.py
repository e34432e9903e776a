"""What bytes and texts look like, whatever they are called. Cheap and linear: it chooses which reading to try."""

from __future__ import annotations

import re
from collections.abc import Callable

from gateway.decode import csv_text, events, graphql, hl7, mail, ndjson, yaml_text
from gateway.decode.media import (
    ARROW,
    AVRO,
    BZIP2,
    CSV,
    EVENTS,
    FORM,
    GRAPHQL,
    GZIP,
    HL7,
    HTML,
    IMAGE,
    JSON,
    JSON_SEQUENCE,
    MAIL,
    NDJSON,
    OLE,
    PARQUET,
    PDF,
    RTF,
    SEVEN_ZIP,
    SQLITE,
    TAR,
    TEXT,
    XML,
    XZ,
    YAML,
    ZIP,
    ZSTD,
)

_MARKUP = re.compile(r"\s*+<[A-Za-z!?/]")
_FORM = re.compile(r"[\w.~%+*\[\]-]++=[^&=\s<>\"{}]*+(?:&[\w.~%+*\[\]-]++=[^&=\s<>\"{}]*+)*+")

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (b"\x1f\x8b\x08", GZIP),
    (b"\x28\xb5\x2f\xfd", ZSTD),
    (b"\x89PNG\r\n\x1a\n", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF87a", IMAGE),
    (b"GIF89a", IMAGE),
    (b"II*\0", IMAGE),
    (b"MM\0*", IMAGE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xfd7zXZ\0", XZ),
    (b"{\\rtf", RTF),
    (b"Obj\x01", AVRO),
    (b"PAR1", PARQUET),
    (b"PARE", PARQUET),
    (b"ARROW1", ARROW),
    (b"SQLite format 3\0", SQLITE),
)
_FIRST = frozenset(magic[0] for magic, _ in _MAGIC) | frozenset(b"BRx\0")


def seen_in_bytes(data: bytes) -> str:
    """Return the media type that the first bytes show, or ""."""
    if not data:
        return ""
    if data[0] in _FIRST:
        for magic, type in _MAGIC:
            if data.startswith(magic):
                return type
        if data.startswith(b"BZh") and data[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"):
            return BZIP2
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return IMAGE
        if data.startswith(b"BM") and len(data) > 26 and data[6:10] == b"\0\0\0\0" and data[14:18] in _BMP_HEADERS:
            return IMAGE
    if data[4:8] == b"ftyp":
        return IMAGE
    if data[0] in _MAIL_FIRST and mail.looks(data[:65536].decode("latin-1")):
        return MAIL
    return TAR if data[257:262] == b"ustar" else ""


_MAIL_FIRST = frozenset(b"FRDTSMfrdtsm")
_BMP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))

SHOWN: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (JSON_SEQUENCE, ndjson.looks_sequence),
    (HL7, hl7.looks),
    (EVENTS, events.looks),
    (GRAPHQL, graphql.looks),
    (CSV, csv_text.looks),
    (YAML, yaml_text.looks),
)
"""Formats of text that show themselves, strictest first, beside JSON, markup and forms."""


def seen_in_text(text: str) -> str:
    """Return what ``text`` looks like: whether it is well formed is another question."""
    head = text[:1]
    if head.isspace():
        head = text.lstrip(" \t\r\n")[:1]
    if head in ("{", "["):
        return NDJSON if ndjson.looks(text) else JSON
    if head == "<" and _MARKUP.match(text):
        return HTML if _HTML.search(text, 0, 1024) else XML
    for type, looks in SHOWN:
        if looks(text):
            return type
    if _FORM.fullmatch(text):
        return FORM
    return TEXT


_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|div|table|script|br)\b", re.IGNORECASE | re.ASCII)

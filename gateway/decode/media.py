"""Media types: what is declared, and what is seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\";\s]+)", re.IGNORECASE)
_MARKUP = re.compile(r"\s*+<[A-Za-z!?/]")
_FORM = re.compile(r"[\w.~%+*\[\]-]++=[^&=\s<>\"{}]*+(?:&[\w.~%+*\[\]-]++=[^&=\s<>\"{}]*+)*+")

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TEXT = "text/plain"

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ", "application/x-xz"),
    (b"{\\rtf", "application/rtf"),
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A Content-Type header: type in lower case without parameters, what family it is of, charset in lower case."""

    type: str
    family: str
    """``JSON``, ``FORM``, ``TEXT``, "" where nothing is said, else the type itself."""
    charset: str


@lru_cache(256)
def declared(header: bytes) -> Declared:
    """Read a Content-Type header; b"" where there is none."""
    text = header.decode("latin-1")
    type = text.partition(";")[0].strip().lower()
    found = _CHARSET.search(text)
    charset = found[1].lower() if found else ""
    if type in (JSON, "text/json") or type.endswith("+json"):
        return Declared(type, JSON, charset)
    return Declared(type, "" if type == "application/octet-stream" else type, charset)


def seen_in_bytes(data: bytes) -> str:
    """Return the type that the first bytes show, or ""."""
    return next((type for magic, type in _MAGIC if data.startswith(magic)), "")


def seen_in_text(text: str) -> str:
    """Return what ``text`` looks like, cheaply: whether it is well formed is another question."""
    head = text[:1]
    if head.isspace():
        head = text.lstrip(" \t\r\n")[:1]
    if head in ("{", "["):
        return JSON
    if head == "<" and _MARKUP.match(text):
        return "text/html" if "<html" in text[:1024].lower() else "application/xml"
    if _FORM.fullmatch(text):
        return FORM
    return TEXT

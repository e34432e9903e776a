"""What a body is: by declaration and by sight."""

from __future__ import annotations

import re

JSON_LIKE = frozenset(
    {
        "application/json",
        "application/fhir+json",
        "application/geo+json",
        "application/ld+json",
        "application/problem+json",
        "application/scim+json",
        "application/vnd.api+json",
        "text/json",
    }
)
FORM = "application/x-www-form-urlencoded"
TEXT = "text/plain"
KNOWN = frozenset(
    {
        *JSON_LIKE,
        FORM,
        TEXT,
        "application/dicom",
        "application/grpc",
        "application/gzip",
        "application/msword",
        "application/octet-stream",
        "application/pdf",
        "application/soap+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/x-ndjson",
        "application/xml",
        "application/zip",
        "image/jpeg",
        "image/png",
        "multipart/form-data",
        "multipart/mixed",
        "text/csv",
        "text/event-stream",
        "text/html",
        "text/xml",
    }
)
"""Names that may be repeated in a record; any other name was made by the sender and becomes ``other``."""

SIGNATURES = (
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"%PDF-", "application/pdf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (b"SQLite format 3", "application/vnd.sqlite3"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"<", "text/xml"),
)
"""First bytes of formats that are known and not read yet."""

PARAMETER = re.compile(r';\s*charset\s*=\s*"?([^\s;"]+)"?', re.IGNORECASE)


def declared(header: bytes | None) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type, in lower case, each "" where not said."""
    if not header:
        return "", ""
    text = header.decode("latin-1")
    media_type = text.partition(";")[0].strip().lower()
    charset = PARAMETER.search(text)
    return media_type, charset[1].lower() if charset else ""


def named(media_type: str) -> str:
    """Return a media type as records may have it."""
    if media_type in KNOWN:
        return media_type
    if media_type.startswith("application/") and media_type.endswith("+json"):
        return "application/json"
    return "other" if media_type else ""


def is_json(media_type: str) -> bool:
    """Tell whether the declaration says JSON (RFC 6839 section 3.1 for the suffix)."""
    return media_type in JSON_LIKE or media_type.endswith("+json")


def signature(data: bytes) -> str:
    """Return the format whose first bytes ``data`` has, or ""."""
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((name for magic, name in SIGNATURES if start.startswith(magic)), "")

"""E-mail (RFC 5322, MIME): the header fields are values, the body is one member, a multipart or what it declares.

TNEF (winmail.dat), S/MIME and PGP bodies are members of their own types, which nobody reads yet or nobody can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.decode import mime
from gateway.decode.door import Declared, Document, Member, Unpacked, Unreadable
from gateway.vocabulary import Limits, Opaque, Unread

_SEALED = re.compile(r"application/(?:x-)?pkcs7-mime|multipart/encrypted|application/pgp-encrypted", re.IGNORECASE)
_FIRST = re.compile(
    r"(?:From |Return-Path:|Received:|Delivered-To:|From:|To:|Date:|Subject:|Message-ID:|MIME-Version:)", re.IGNORECASE
)
_FIELD = re.compile(r"[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")


def unpack(data: bytes, _said: Declared, _limits: Limits) -> Unpacked:
    """Return the header fields as rows and the body as a member."""
    fields = mime.fields_of(data)
    if not fields.items or not all(name for name, _ in fields.items[1:]):
        raise Unreadable(Unread.MALFORMED, "mail")
    rows = tuple(mime.rows_of(fields, "/header"))
    type = fields.get("content-type") or "text/plain"
    body = data[fields.end :]
    if _SEALED.match(type):
        return Unpacked(rows, (), (Opaque(Unread.ENCRYPTED, "/body", len(body), "mail"),))
    try:
        body = mime.decoded(body, fields.get("content-transfer-encoding"))
    except Unreadable as fault:
        return Unpacked(rows, (), (Opaque(fault.reason, "/body", len(body), fault.detail),))
    return Unpacked(rows, (Member("body", body, type),))


def pack(data: bytes, _said: Declared, replacements: Mapping[int, bytes]) -> bytes:
    """Put another body in the place of the body."""
    if not replacements:
        return data
    fields = mime.fields_of(data)
    body = data[fields.end :]
    return data[: fields.end] + mime.encoded(replacements[0], fields.get("content-transfer-encoding"), body)


def looks(text: str) -> bool:
    """Tell whether ``text`` begins with two fields of a message."""
    if not _FIRST.match(text):
        return False
    first = _FIELD.match(text, text.index("\n") + 1 if text.startswith("From ") and "\n" in text[:998] else 0)
    return first is not None and _FIELD.match(text, first.end()) is not None


DOCUMENT = Document("mail", unpack, pack)

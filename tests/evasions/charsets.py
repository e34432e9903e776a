"""Charsets, declared, undeclared and falsely declared; content codings, alone and stacked."""

from __future__ import annotations

import codecs
import gzip
import zlib

import brotlicffi
import zstandard

from gateway.vocabulary import Unread
from tests.evasions.case import HKID, JSON, PHONE, RIC, Case, hidden, sealed

_NOTE = f"客户张三的身份证号码是{RIC}，请核对。"
_TRADITIONAL = f"申請人陳大文的身份證號碼是{HKID}，請核對。"
_HKSCS = f"申請人住深水埗石硤尾邨，身份證{HKID}，啲資料係啱嘅。"
_PORTUGUESE = f"O requerente não tem telefone; contacte-o em {PHONE} até amanhã, às três."
_OBJECT = f'{{"手机": "{PHONE}", "備註": "無"}}'


def _text(name: str, text: str, codec: str, declared: str, seen: str = RIC, mark: bytes = b"") -> Case:
    type = "text/plain" + (f"; charset={declared}" if declared else "")
    return hidden(name, mark + text.encode(codec), type, "text:", seen)


def _object(name: str, codec: str, declared: str, mark: bytes = b"") -> Case:
    type = JSON + (f"; charset={declared}" if declared else "")
    return hidden(name, mark + _OBJECT.encode(codec), type, "json:/手机", PHONE)


_UNKNOWN = Unread.UNKNOWN_CHARSET

CHARSETS = (
    hidden(
        "ASCII with a NUL, which reads as Chinese in UTF-16", f"resident {RIC} \0\n".encode(), "text/plain", "text:"
    ),
    hidden("ASCII behind a letter and a control character", f"N\x01resident {RIC} \0\n".encode(), "", "text:"),
    _text("utf-8", _NOTE, "utf-8", "utf-8"),
    _text("utf-8 with a mark", _NOTE, "utf-8", "utf-8", mark=codecs.BOM_UTF8),
    _text("utf-16-le with a mark", _NOTE, "utf-16-le", "utf-16", mark=codecs.BOM_UTF16_LE),
    _text("utf-16-be with a mark", _NOTE, "utf-16-be", "utf-16", mark=codecs.BOM_UTF16_BE),
    _text("utf-16-le with a mark, undeclared", _NOTE, "utf-16-le", "", mark=codecs.BOM_UTF16_LE),
    _text("utf-16-le declared, no mark", _NOTE, "utf-16-le", "utf-16le"),
    _text("utf-16-be declared, no mark", _NOTE, "utf-16-be", "utf-16be"),
    _text("utf-16 declared, no mark, little endian", _NOTE, "utf-16-le", "utf-16"),
    _text("utf-16-le undeclared, no mark", f"id {RIC}", "utf-16-le", ""),
    _text("utf-16-be undeclared, no mark", f"id {RIC}", "utf-16-be", ""),
    _text("utf-16-be undeclared, no mark, Chinese first", _NOTE, "utf-16-be", ""),
    _text("utf-32-le with a mark", _NOTE, "utf-32-le", "utf-32", mark=codecs.BOM_UTF32_LE),
    _text("utf-32-be with a mark", _NOTE, "utf-32-be", "utf-32", mark=codecs.BOM_UTF32_BE),
    _text("utf-32-le undeclared, no mark", _NOTE, "utf-32-le", ""),
    _text("utf-32-be undeclared, no mark", _NOTE, "utf-32-be", ""),
    _text("gb18030", _NOTE + "𠝹", "gb18030", "gb18030"),
    _text("gbk", _NOTE, "gbk", "gbk"),
    _text("gb2312", _NOTE, "gb2312", "gb2312"),
    _text("gb18030 undeclared", _NOTE, "gb18030", ""),
    _text("big5", _TRADITIONAL, "big5", "big5", HKID),
    _text("big5-hkscs", _HKSCS, "big5hkscs", "big5-hkscs", HKID),
    _text("big5-hkscs under the name of big5", _HKSCS, "big5hkscs", "big5", HKID),
    _text("big5 undeclared", _TRADITIONAL, "big5", "", HKID),
    _text("latin-1", _PORTUGUESE, "latin-1", "iso-8859-1", PHONE),
    _text("windows-1252", _PORTUGUESE.replace(";", "—"), "cp1252", "windows-1252", PHONE),
    _text("latin-1 undeclared", _PORTUGUESE, "latin-1", "", PHONE),
    _text("gbk declared as utf-8", _NOTE, "gbk", "utf-8"),
    _text("gb18030 declared as big5", _NOTE, "gb18030", "big5"),
    _text("big5 declared as gbk", _TRADITIONAL, "big5", "gbk", HKID),
    _text("utf-8 declared as latin-1", _NOTE, "utf-8", "iso-8859-1"),
    _text("utf-16 with a mark declared as utf-8", _NOTE, "utf-16-le", "utf-8", mark=codecs.BOM_UTF16_LE),
    _text("utf-16-be without a mark declared as utf-8", f"id {RIC}", "utf-16-be", "utf-8"),
    _object("json in utf-16 with a mark", "utf-16-le", "", codecs.BOM_UTF16_LE),
    _object("json in utf-16-le", "utf-16-le", ""),
    _object("json in utf-16-be", "utf-16-be", ""),
    _object("json in utf-32-le", "utf-32-le", ""),
    _object("json in gb18030", "gb18030", "gb18030"),
    _object("json in gbk, undeclared", "gbk", ""),
    _object("json with a mark", "utf-8", "", codecs.BOM_UTF8),
    sealed(
        "utf-7, which nobody should send",
        "号 ４４０１０５".encode("utf-7"),
        "text/plain; charset=utf-7",
        _UNKNOWN,
        "body",
    ),
    sealed("an unknown charset", b"\xc1\xc2\xf4\xf4\xf0", "text/plain; charset=x-house", _UNKNOWN, "body"),
)


def _coded(name: str, coding: str, data: bytes) -> Case:
    return Case(
        name, data, JSON, "pi.contact.phone", "json:/手机", PHONE, headers=((b"content-encoding", coding.encode()),)
    )


def _locked(name: str, coding: str, data: bytes, reason: Unread) -> Case:
    return Case(name, data, JSON, where="body", opaque=reason, headers=((b"content-encoding", coding.encode()),))


_DATA = _OBJECT.encode()
_RAW = zlib.compressobj(wbits=-15)
_RAW_DEFLATED = _RAW.compress(_DATA) + _RAW.flush()

CODINGS = (
    _coded("gzip", "gzip", gzip.compress(_DATA)),
    _coded("x-gzip", "x-gzip", gzip.compress(_DATA)),
    _coded("gzip in other letters", "GZip", gzip.compress(_DATA)),
    _coded("deflate as zlib", "deflate", zlib.compress(_DATA)),
    _coded("deflate raw", "deflate", _RAW_DEFLATED),
    _coded("brotli", "br", brotlicffi.compress(_DATA)),
    _coded("zstd", "zstd", zstandard.compress(_DATA)),
    _coded("identity", "identity", _DATA),
    _coded("gzip twice", "gzip, gzip", gzip.compress(gzip.compress(_DATA))),
    _coded("brotli over gzip", "gzip, br", brotlicffi.compress(gzip.compress(_DATA))),
    _coded("three codings", "br, zstd, gzip", gzip.compress(zstandard.compress(brotlicffi.compress(_DATA)))),
    _coded("gzip of several members", "gzip", gzip.compress(_DATA[:9]) + gzip.compress(_DATA[9:])),
    hidden("gzip that nobody declares", gzip.compress(_DATA), JSON, "gz:/content!json:/手机", PHONE),
    _locked("an unknown coding", "compress", b"\x1f\x9d\x90" + bytes(9), Unread.UNKNOWN_CODING),
    _locked("gzip cut short", "gzip", gzip.compress(_DATA)[:-9], Unread.MALFORMED),
    _locked("gzip of nothing but zeros", "gzip", gzip.compress(bytes(4_000_000)), Unread.RATIO),
    _locked("five codings", "gzip, gzip, gzip, gzip, gzip", gzip.compress(b"{}"), Unread.TOO_DEEP),
    _locked("no gzip at all", "gzip", _DATA, Unread.MALFORMED),
)

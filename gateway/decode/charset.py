"""Bytes -> every plausible reading as text.

Detection is a guess and a declared charset may lie, so nothing is guessed: each charset in which the bytes decode
strictly gives a reading, the declared one first, and a finding in any of them counts (DOMAIN 7: Big5 bytes often
decode as GB18030 without an error).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16: the mark of the one begins with the mark of the other."""

LABELS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32-le",
    "utf-32le": "utf-32-le",
    "utf-32be": "utf-32-be",
}
"""Labels as senders write them (WHATWG Encoding), each with the superset that decodes it."""

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
NARROW = ("utf-8", "gb18030", "big5hkscs")


@dataclass(frozen=True, slots=True)
class Readings:
    """(charset, text) in order of plausibility; none where nothing decodes strictly."""

    texts: tuple[tuple[str, str], ...] = field(repr=False)
    notices: tuple[str, ...] = ()


def bom_of(data: bytes) -> bytes:
    """Return the byte order mark with which ``data`` begins, or nothing."""
    return next((mark for mark, _ in BOMS if data.startswith(mark)), b"")


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        return None


def _wide_text(text: str) -> bool:
    """Tell text from noise: every second byte of ASCII reads as rare ideographs in the wrong order."""
    return "\0" not in text and any(char < "\u0250" or "\u4e00" <= char <= "\u9fff" for char in text[:64])


def readings(data: bytes, declared: str) -> Readings:
    """Return every plausible reading of ``data``; ``declared`` is the charset parameter in lower case, or ""."""
    mark = bom_of(data)
    if mark:
        charset = dict(BOMS)[mark]
        text = _strict(data[len(mark) :], charset)
        lies = declared and LABELS.get(declared, "")[:6] != charset[:6]
        return Readings(() if text is None else ((charset, text),), ("charset.lies",) if lies else ())
    wanted = LABELS.get(declared, "") if declared else "utf-8"
    if not wanted:
        return Readings(())
    if wanted == "utf-8" and b"\0" not in data:
        text = _strict(data, "utf-8")
        if text is not None:
            return Readings((("utf-8", text),))
    elif data.isascii() and b"\0" not in data and wanted not in WIDE:
        return Readings(((wanted, data.decode("ascii")),))
    return _by_sight(data, wanted, declared)


def _by_sight(data: bytes, wanted: str, declared: str) -> Readings:
    """Try what is declared, then everything else that could be meant."""
    wide = b"\0" in data or wanted in WIDE
    tried = dict.fromkeys((wanted, *((*WIDE, *NARROW) if wide else NARROW)))
    texts: dict[str, str] = {}
    for charset in tried:
        text = _strict(data, charset)
        if text is None or (charset in WIDE and not _wide_text(text)):
            continue
        if charset not in WIDE and "\0" in text:
            continue
        if text not in texts.values():
            texts[charset] = text
    if not texts and not wide:
        text = _strict(data, "cp1252")
        if text is not None:
            texts["cp1252"] = text
    notices: list[str] = []
    # A legacy charset that is also sound UTF-8 is UTF-8 in all likelihood; what fails its declaration lies outright.
    if wanted not in texts or (wanted != "utf-8" and "utf-8" in texts):
        notices.append("charset.lies" if declared else "charset.undeclared")
    return Readings(tuple(texts.items()), tuple(notices))

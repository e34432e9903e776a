"""Bytes -> texts: by declaration and by sight.

A body has one reading when it is honest, and several when nobody can tell: bytes of Big5 often decode as GB18030 and
the other way round, so every strict decoding that is plausible counts, and a finding in any of them is a finding.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
"""Marks in the order to be tried: that of UTF-32-LE begins with that of UTF-16-LE."""

_CODECS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii", "unicode-1-1-utf-8"), ("utf-8",)),
    **dict.fromkeys(("utf-16", "utf16", "ucs-2", "iso-10646-ucs-2", "unicode"), ("utf-16-be", "utf-16-le")),
    "utf-16le": ("utf-16-le",),
    "utf-16be": ("utf-16-be",),
    **dict.fromkeys(("utf-32", "utf32", "ucs-4", "iso-10646-ucs-4"), ("utf-32-be", "utf-32-le")),
    "utf-32le": ("utf-32-le",),
    "utf-32be": ("utf-32-be",),
    **dict.fromkeys(("gb18030", "gbk", "gb2312", "gb_2312-80", "cp936", "ms936", "windows-936"), ("gb18030",)),
    **dict.fromkeys(("big5", "big5-hkscs", "big5hkscs", "cn-big5"), ("big5hkscs", "cp950")),
    **dict.fromkeys(("cp950", "ms950", "windows-950"), ("cp950", "big5hkscs")),
    # The WHATWG Encoding Standard reads the label of Latin-1 as windows-1252, and so does everybody.
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1"), ("cp1252", "latin-1")),
    **dict.fromkeys(("windows-1252", "cp1252"), ("cp1252", "latin-1")),
    **dict.fromkeys(("iso-8859-15", "latin-9"), ("iso8859-15",)),
}
"""Labels as sent, in lower case, to codecs in the order to be tried. All but UTF-16 and UTF-32 extend ASCII."""

_CANDIDATES = ("gb18030", "big5hkscs", "cp1252")
_WIDE = frozenset({"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
_ORDINARY = re.compile(
    r"[\t\r\n -~\u00a0-\u024f\u2000-\u206f\u2e80-\u9fff\uf900-\ufaff\ufe10-\ufe6f\uff01-\uffee\U00020000-\U0003ffff]*+"
)
_DOUBLE = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_BETTER = 0.2


@dataclass(frozen=True, slots=True)
class Reading:
    """One strict decoding of a body; ``mark`` is the byte order mark before it, which is no part of ``text``."""

    text: str = field(repr=False)
    charset: str
    mark: bytes = b""
    exact: bool = True
    """The bytes are those of the text."""


@dataclass(frozen=True, slots=True)
class Readings:
    """All plausible readings, the best first; none where nothing decodes."""

    items: tuple[Reading, ...]
    lies: bool = False
    """The declaration, or the default that stands for one, cannot be the truth."""


def read(data: bytes, declared: str) -> Readings:
    """Decode ``data``; ``declared`` is the charset as sent in lower case, or ""."""
    codecs_declared = _CODECS.get(declared, ()) if declared else ("utf-8",)
    if codecs_declared == ("utf-8",) and b"\0" not in data and not data.startswith(codecs.BOM_UTF8):
        try:
            return Readings((Reading(data.decode(), "utf-8"),))
        except UnicodeDecodeError:
            pass
    if not codecs_declared:
        return Readings(())
    for mark, charset in _BOMS:
        if data.startswith(mark) and (reading := _decode(data[len(mark) :], charset, mark)):
            honest = not declared or charset in codecs_declared
            others = () if honest else _strict(data, codecs_declared)
            return Readings((reading, *others), lies=not honest)
    by_sight = _by_sight(data)
    if not declared:
        items = by_sight or _legacy(data)
        return Readings(items, lies=bool(items) and items[0].charset not in _WIDE | {"utf-8"})
    return _by_both(data, codecs_declared, by_sight)


def _by_both(data: bytes, declared: tuple[str, ...], by_sight: tuple[Reading, ...]) -> Readings:
    if len(declared) > 1 and by_sight and by_sight[0].charset in declared:
        return Readings(by_sight[:1])  # UTF-16 without a mark: the order of bytes is seen, not declared
    said = _strict(data, declared)[:1]
    if not said:
        return Readings(by_sight or _legacy(data), lies=True)
    charset = said[0].charset
    if data.isascii() and b"\0" not in data and charset not in _WIDE:
        return Readings(said)
    if by_sight:
        others = tuple(each for each in by_sight if each.charset != charset)
        return Readings((*said, *others), lies=bool(others))
    if charset in ("gb18030", "big5hkscs", "cp950"):
        other = _strict(data, ("big5hkscs",) if charset == "gb18030" else ("gb18030",))
        if other and _usual(data, other[0].charset) > _usual(data, charset) + _BETTER:
            return Readings((*said, *other), lies=True)
    return Readings(said)


def _by_sight(data: bytes) -> tuple[Reading, ...]:
    """Return the Unicode form that the bytes show, if they show one: NULs of UTF-16 and UTF-32, or valid UTF-8."""
    if b"\0" in data:
        head = data[:4]
        for nulls, charset in (
            ((1, 1, 1, 0), "utf-32-be"),
            ((0, 1, 1, 1), "utf-32-le"),
            ((1, 0, 1, 0), "utf-16-be"),
            ((0, 1, 0, 1), "utf-16-le"),
            ((1, 0), "utf-16-be"),
            ((0, 1), "utf-16-le"),
        ):
            if tuple(int(byte == 0) for byte in head[: len(nulls)]) != nulls or not (reading := _decode(data, charset)):
                continue
            # One NUL alone proves little: a binary may begin with it.
            if len(nulls) == 4 or _ORDINARY.fullmatch(reading.text):
                return (reading, *_with_few_nuls(data))
        wide = tuple(each for each in _strict(data, tuple(sorted(_WIDE))) if _ORDINARY.fullmatch(each.text))
        if wide:
            return (*wide, *_with_few_nuls(data))
    return _strict(data, ("utf-8",))


def _with_few_nuls(data: bytes) -> tuple[Reading, ...]:
    """Return UTF-8 where NULs are too few for UTF-16: two letters of ASCII are a Han character to it.

    Characters that no text has count as nothing, since no reader of such bytes would see them.
    """
    if 4 * data.count(0) >= len(data):
        return ()
    return tuple(
        Reading(each.text.translate(_AS_NOTHING), each.charset, exact=False) for each in _strict(data, ("utf-8",))
    )


_AS_NOTHING = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "\u200b")


def _legacy(data: bytes) -> tuple[Reading, ...]:
    """Return every plausible reading of bytes that are no UTF-8, the one with the most usual characters first."""
    wide = [each for each in _strict(data, ("utf-16-le", "utf-16-be")) if _ORDINARY.fullmatch(each.text)]
    narrow = sorted(_strict(data, _CANDIDATES), key=lambda each: -_usual(data, each.charset))
    return (*narrow, *wide)


def _usual(data: bytes, charset: str) -> float:
    """Return the share of double-byte characters that stand in the first level of their set (GB 2312, Big5)."""
    pairs: list[bytes] = _DOUBLE.findall(data)
    if charset == "gb18030":
        return len([one for one in pairs if 0xB0 <= one[0] <= 0xD7 and one[1] >= 0xA1]) / max(1, len(pairs))
    if charset in ("big5hkscs", "cp950"):
        return len([one for one in pairs if 0xA4 <= one[0] <= 0xC6]) / max(1, len(pairs))
    return 0.0


def _strict(data: bytes, charsets: tuple[str, ...]) -> tuple[Reading, ...]:
    return tuple(reading for charset in charsets if (reading := _decode(data, charset)))


def _decode(data: bytes, charset: str, mark: bytes = b"") -> Reading | None:
    try:
        return Reading(data.decode(charset), charset, mark)
    except UnicodeDecodeError:
        return None


_UNSEEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURE = 0.9


def likely(data: bytes) -> bool:
    """Tell whether bytes that are no UTF-8 look like text all the same: UTF-16, or usual Han characters."""
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return any(_ORDINARY.fullmatch(each.text) for each in _strict(data[len(mark) :], (charset,)))
    if b"\0" in data:
        return any(_ORDINARY.fullmatch(each.text) for each in _by_sight(data) if each.charset in _WIDE)
    if _UNSEEN.search(data) or len(_DOUBLE.findall(data)) < 2:
        return False
    return any(_usual(data, each.charset) >= _SURE for each in _strict(data, ("gb18030", "big5hkscs")))


def readable(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 with no control characters, as a text is."""
    if _UNSEEN.search(data):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True

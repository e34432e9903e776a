"""Spellings of text inside of text: percent escapes, quoted-printable, entities, backslash escapes, base64 and hex.

Each is read into bytes, and other bytes are written back in the same spelling, so that what did not change is written
as it was.
"""

from __future__ import annotations

import html
import json
import re
from array import array
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from gateway.decode.sources import changes
from gateway.decode.splicing import Unwritable


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write some characters by others: what an escape looks like, what it means, how it is written."""

    name: str
    escape: re.Pattern[str]
    meaning: Callable[[str], bytes]
    quote: Callable[[bytes], str]


def _entity(written: str) -> bytes:
    return html.unescape(written).encode("utf-8", "replace")


def _quote_entity(data: bytes) -> str:
    return html.escape(_text(data))


def _printable(written: str) -> bytes:
    return bytes.fromhex(written[1:]) if len(written) == 3 and written[1:].isalnum() else b""


def _quote_printable(data: bytes) -> str:
    return "".join([chr(byte) if 0x20 < byte < 0x7F and byte != 0x3D else f"={byte:02X}" for byte in data])


def _backslash(written: str) -> bytes:
    kind = written[1]
    if kind == "x":
        return bytes.fromhex(written[2:4])
    if kind in "01234567":
        return bytes([int(written[1:], 8) & 0xFF])
    if kind == "u" and written[2] != "{":
        units = bytes.fromhex(written.replace("\\u", ""))
        return units.decode("utf-16-be", "replace").encode()
    point = int(written[2:].strip("{}"), 16)
    return chr(point).encode("utf-8", "replace") if point <= 0x10FFFF else b"\xef\xbf\xbd"


def _quote_backslash(data: bytes) -> str:
    return json.dumps(_text(data))[1:-1]


def _utf7(written: str) -> bytes:
    """RFC 2152: base64 of UTF-16."""
    units = from_base64(written[1:-1])
    if not units or len(units) % 2:
        return written.encode()
    return units.decode("utf-16-be", "replace").encode()


def _hz(written: str) -> bytes:
    """RFC 1843: GB 2312 with the high bits off."""
    try:
        return written.encode("ascii").decode("hz").encode()
    except UnicodeError:
        return written.encode()


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unwritable("edit cuts an escape") from None


_HEX4 = "[0-9A-Fa-f]{4}"
SPELLINGS = (
    Spelling(
        "percent",
        re.compile(r"%[0-9A-Fa-f]{2}"),
        lambda written: bytes.fromhex(written[1:]),
        lambda data: quote_from_bytes(data, safe="*"),
    ),
    Spelling("printable", re.compile(r"=(?:[0-9A-F]{2}|[ \t]*+\r?\n)"), _printable, _quote_printable),
    Spelling(
        "entity",
        re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"),
        _entity,
        _quote_entity,
    ),
    Spelling(
        "escape",
        re.compile(
            rf"(?:\\u[dD][89abAB][0-9A-Fa-f]{{2}}\\u[dD][c-fC-F][0-9A-Fa-f]{{2}}|\\u{_HEX4}|\\u\{{[0-9A-Fa-f]{{1,6}}\}}"
            r"|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2})"
        ),
        _backslash,
        _quote_backslash,
    ),
    Spelling("utf7", re.compile(r"\+[A-Za-z0-9+/]{6,}+-"), _utf7, _text),
    Spelling("hz", re.compile(r"~\{(?:[!-}][!-~]){2,}?~\}"), _hz, _text),
)


def meant(spelling: Spelling, written: str) -> bytes:
    """Return the bytes that ``written`` stands for, with every escape undone."""
    pieces: list[bytes] = []
    done = 0
    for escape in spelling.escape.finditer(written):
        pieces += [written[done : escape.start()].encode("utf-8", "replace"), spelling.meaning(escape[0])]
        done = escape.end()
    return b"".join([*pieces, written[done:].encode("utf-8", "replace")])


def respelled(spelling: Spelling, written: str, new: bytes) -> str:
    """Return ``written`` changed so that it stands for ``new``; what is the same in both stays as it was written."""
    at: array[int] = array("q")  # where each byte of the meaning is written
    done = 0
    for escape in spelling.escape.finditer(written):
        _literal(at, written, done, escape.start())
        at.extend([escape.start()] * len(spelling.meaning(escape[0])))
        done = escape.end()
    _literal(at, written, done, len(written))
    at.append(len(written))
    pieces: list[str] = []
    copied = 0
    for start, end, data in changes(meant(spelling, written), new):
        for cut in (start, end):
            if 0 < cut < len(at) and at[cut] == at[cut - 1]:
                raise Unwritable("edit cuts an escape")
        pieces += [written[copied : at[start]], spelling.quote(data)]
        copied = at[end]
    return "".join([*pieces, written[copied:]])


def _literal(at: array[int], written: str, begin: int, end: int) -> None:
    for offset in range(begin, end):
        at.extend([offset] * len(written[offset].encode("utf-8", "replace")))


_URL_SAFE = str.maketrans("-_", "+/")
_BLANKS = re.compile(r"\s+")


def from_base64(written: str) -> bytes | None:
    """Return what ``written`` (either alphabet, blanks allowed, padding optional) stands for, or None."""
    bare = _BLANKS.sub("", written).rstrip("=").translate(_URL_SAFE)
    if len(bare) % 4 == 1:
        return None
    try:
        return a2b_base64(bare + "=" * (-len(bare) % 4), strict_mode=True)
    except ValueError:  # of base64, or of a character that is none of ASCII
        return None


def to_base64(written: str, data: bytes) -> str:
    """Return ``data`` in the alphabet, padding and line ends of ``written``."""
    again = _base64_like(written, from_base64(written) or b"")
    if again != written:
        raise Unwritable("base64 is not written as everybody writes it")
    return _base64_like(written, data)


def _base64_like(written: str, data: bytes) -> str:
    text = b2a_base64(data, newline=False).decode()
    if "-" in written or "_" in written:
        text = text.translate(str.maketrans("+/", "-_"))
    if len(_BLANKS.sub("", written)) % 4 or (not written.endswith("=") and text.endswith("=")):
        text = text.rstrip("=")
    return _with_blanks(written, text)


def _with_blanks(written: str, text: str) -> str:
    """Put the blanks of ``written`` into ``text``, which must then be as long as it is without them."""
    if not _BLANKS.search(written):
        return text
    if len(_BLANKS.sub("", written)) != len(text):
        raise Unwritable("length of wrapped base64 changes")
    pieces, taken = [], 0
    for chunk in re.split(r"(\s+)", written):
        if chunk.isspace():
            pieces.append(chunk)
        else:
            pieces.append(text[taken : taken + len(chunk)])
            taken += len(chunk)
    return "".join(pieces)


_HEX_NOISE: Mapping[int, None] = dict.fromkeys(map(ord, " :-"))


def from_hex(written: str) -> bytes | None:
    """Return what hex digits, perhaps in pairs with something between, stand for, or None."""
    bare = written.removeprefix("0x").removeprefix("0X").translate(_HEX_NOISE)
    return bytes.fromhex(bare) if len(bare) % 2 == 0 else None


def to_hex(written: str, data: bytes) -> str:
    """Return ``data`` in hex with the case, prefix and separators of ``written``."""
    prefix = written[:2] if written[:2] in ("0x", "0X") else ""
    bare = written[len(prefix) :]
    separator = bare[2] if bare[2] in " :-" else ""
    text = data.hex(separator) if separator else data.hex()
    return prefix + (text.upper() if any(each in "ABCDEF" for each in bare) else text)

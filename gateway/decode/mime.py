"""What e-mail and multipart share (RFC 2045 to 2047, 2231): header fields, and transfer encodings of bodies."""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp, b2a_base64, b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from gateway.decode.door import Row, Unreadable
from gateway.decode.places import KEY, step
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Unread

_BLANK = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_WORD = re.compile(r"=\?([A-Za-z0-9_-]{1,40})(?:\*[^?]{0,40})?\?([BbQq])\?([^? ]*)\?=(?:\s++(?==\?))?")
_PARAMETER = re.compile(r";\s*+([^\s=;\"]++)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"|([^;]*+))", re.DOTALL)
_CHARSETS = ("utf-8", "gb18030", "big5hkscs")
_MOST_FIELDS = 1000


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields in order: name and value, unfolded; ``end`` is where the body begins."""

    items: tuple[tuple[str, str], ...] = field(repr=False)
    end: int

    def get(self, name: str) -> str:
        """Return the first value of ``name`` (in lower case), or ""."""
        return next((value for key, value in self.items if key.lower() == name), "")


def fields_of(data: bytes, start: int = 0, end: int | None = None) -> Fields:
    """Read the header fields that stand at ``start``; raise ``Unreadable`` where there are too many."""
    end = len(data) if end is None else end
    blank = _BLANK.search(data[start:end]) if data[start : start + 1] not in (b"\r", b"\n") else None
    if blank is None:
        first = re.compile(rb"\r?\n").match(data, start, end)
        if first is not None:
            return Fields((), first.end())
        section, body = data[start:end], end
    else:
        section, body = data[start : start + blank.start()], start + blank.end()
    lines = _FOLD.sub(" ", text_of(section)).splitlines()
    if len(lines) > _MOST_FIELDS:
        raise Unreadable(Unread.TOO_MANY, "headers")
    items = []
    for line in lines:
        name, colon, value = line.partition(":")
        items.append((name.strip(), value.strip()) if colon else ("", line.strip()))
    return Fields(tuple(items), body)


def text_of(octets: bytes) -> str:
    """Return octets of a header as text; what is no known charset is read byte by byte."""
    for charset in _CHARSETS:
        try:
            return octets.decode(charset)
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")


def words(value: str) -> str:
    """Return a value with its encoded words (RFC 2047) undone; a broken one stays as it is."""
    return _WORD.sub(_word, value) if "=?" in value else value


def _word(match: re.Match[str]) -> str:
    charset, encoding, text = match.groups()
    try:
        octets = a2b_base64(text) if encoding in "Bb" else a2b_qp(text.encode(), header=True)
        return octets.decode(charset)
    except (Base64Error, UnicodeError, LookupError, ValueError):
        return match[0]


def parameters(value: str) -> dict[str, str]:
    """Return the parameters of a structured field, with RFC 2231 continuations and charsets undone."""
    found: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, str]]] = {}
    for name, quoted, bare in _PARAMETER.findall(value):
        text = re.sub(r"\\(.)", r"\1", quoted) or bare.strip()
        base, star, rest = name.lower().partition("*")
        if star and (rest in ("", "*") or rest.endswith("*")):
            text = _extended(text)
        number = rest.rstrip("*")
        if number.isdecimal():
            pieces.setdefault(base, []).append((int(number), text))
        else:
            found.setdefault(base, text)
    for base, parts in pieces.items():
        found.setdefault(base, "".join(text for _, text in sorted(parts)))
    return {name: words(text) for name, text in found.items()}


def _extended(text: str) -> str:
    charset, _, rest = text.partition("'")
    octets = unquote_to_bytes(rest.partition("'")[2] if "'" in rest else text)
    try:
        return octets.decode(charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return text_of(octets)


def rows_of(fields: Fields, place: str) -> Iterator[Row]:
    """Yield every field, its name, and what its value means where that is written otherwise."""
    for name, value in fields.items:
        where = f"{place}/{step(name.lower())}"
        if name:
            yield Row(where + KEY, "", name)
        if value:
            yield Row(where, name, value)
        if (meant := words(value)) != value:
            yield Row(f"{where}/~words", name, meant)
        if ";" in value:
            for key, text in parameters(value).items():
                if text not in value:
                    yield Row(f"{where}/{step(key)}", key, text)


def decoded(body: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding; raise ``Unreadable`` where it is broken or unknown."""
    name = encoding.strip().lower()
    if name in ("", "7bit", "8bit", "binary"):
        return body
    if name == "base64":
        try:
            return a2b_base64(body)
        except Base64Error:
            raise Unreadable(Unread.MALFORMED, "base64") from None
    if name == "quoted-printable":
        return a2b_qp(body)
    raise Unreadable(Unread.UNKNOWN_CODING, "content-transfer-encoding")


def encoded(data: bytes, encoding: str, like: bytes) -> bytes:
    """Write ``data`` in a Content-Transfer-Encoding, with the line ends and the width of ``like``."""
    name = encoding.strip().lower()
    if name in ("", "7bit", "8bit", "binary"):
        return data
    line_end = b"\r\n" if b"\r\n" in like else b"\n"
    if name == "quoted-printable":
        text = b2a_qp(data, istext=True)
        return text.replace(b"\r\n", b"\n").replace(b"\n", line_end)
    if name != "base64":
        raise Unwritable("unknown transfer encoding")
    bare = b2a_base64(data, newline=False)
    width = len(like.split(b"\n", 1)[0].rstrip(b"\r")) or 76
    lines = [bare[at : at + width] for at in range(0, len(bare), width)]
    return line_end.join(lines) + (line_end if like.endswith(b"\n") else b"")

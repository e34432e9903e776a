"""Bytes written in rarer alphabets: codes of characters, base32, uuencode, Ascii85; and numbers with an exponent.

What a program writes that hands over bytes as they are: ``[104, 105]`` for a buffer, ``{"0": 104, "1": 105}`` for a
typed array, ``String.fromCharCode(104, 105)``; and 1.38e10 for a number that was read as a floating-point one.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from decimal import Decimal

_FIGURES = {
    word: str(value)
    for value, words in enumerate(
        ("zero oh", "one um uma", "two dois duas", "three três tres", "four quatro", "five cinco", "six seis meia",
         "seven sete", "eight oito", "nine nove")
    )
    for word in words.split()
}  # fmt: skip
"""Figures as they are told on the telephone, in English and Portuguese; Chinese ones are read when text is folded."""
_TIMES = {"double": 2, "triple": 3, "duplo": 2, "triplo": 3}
_FIGURE = rf"(?:(?:{'|'.join(_TIMES)}) )?(?:{'|'.join(_FIGURES)})"
HINT = (
    rf"(?i:(?:^|[^A-Za-z]){_FIGURE}(?:[ ,.\r\n-]{{1,3}}{_FIGURE}){{5}})|"
    r"(?:^|[^0-9A-Za-z.])(?:[0-9]+\.[0-9]{3,}|[0-9]{6,}\.?0*)[eE]\+?[0-9]{1,2}(?:[^0-9A-Za-z.]|$)"
    r"|(?:^|[^0-9A-Za-z])[A-Z2-7]{16,}={0,6}(?:[^0-9A-Za-z]|$)|begin [0-7]{3} |<~"
)
"""Where one of these may stand, but for codes of characters."""
_CODE = r'(?:"[0-9]+"[ \t\r\n]*+:[ \t\r\n]*+)?[0-9]{2,3}'
_CODES = re.compile(rf"(?<![\w.-]){_CODE}(?:(?:[ \t\r\n]*+[,;][ \t\r\n]*+|[ \t]++){_CODE}(?![\w.])){{7,}}+")
_NAMED = re.compile(r'"[0-9]+"[ \t\r\n]*+:[ \t\r\n]*+')
_NUMBERS = re.compile(r"[0-9]+")
_EXPONENT = re.compile(r"-?([0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]{1,2})")
_BASE32 = re.compile(r"(?<![0-9A-Za-z])[A-Z2-7]{16,}+={0,6}(?![0-9A-Za-z=])")
_UU = re.compile(r"(?m)^begin [0-7]{3} [^\r\n]*+\r?\n((?:[ -`]{1,62}\r?\n)++)end")
_ASCII85 = re.compile(r"<~[!-uz\s]++~>")
_TOLD = re.compile(
    rf"(?i)(?<![^\W_]){_FIGURE}(?:[ ,.\r\n-]{{1,3}}{_FIGURE}(?![^\W_])){{5,}}+(?:[ ,.\r\n-]{{1,3}}x(?![^\W_]))?"
)
_WORD = re.compile(r"[^\W_]+")
_MOST_DIGITS = 24
_LEAST_DIGITS = 6
"""Of what codes stand for: no identifier has fewer, and a row of figures seldom spells as many."""


def codes(text: str) -> Iterator[tuple[int, str, bytes]]:
    """Yield place, writing and bytes of rows of numbers that are the codes of a text with digits in it."""
    for run in _CODES.finditer(text):
        octets = [int(number) for number in _NUMBERS.findall(_NAMED.sub("", run[0]))]
        if max(octets) > 255:
            continue
        data = bytes(octets)
        if sum(map(data.count, b"0123456789")) >= _LEAST_DIGITS and _is_text(data):
            name = _NAMED.match(run[0])
            begin = 0 if name is None else name.end()
            yield run.start() + begin, run[0][begin:], data


def rare(text: str) -> Iterator[tuple[str, int, str, bytes]]:
    """Yield alphabet, place, writing and bytes of what a value says in one of the others."""
    if (number := _EXPONENT.fullmatch(text.strip())) is not None:
        value = Decimal(number[1])
        if value == value.to_integral_value() and value.adjusted() < _MOST_DIGITS:
            yield "number", 0, text, str(int(value)).encode()
    told = _TOLD.sub(_digits, text)
    if told != text:
        yield "words", 0, text, told.encode("utf-8", "replace")
    for kind, form, read in (
        ("base32", _BASE32, _from_base32),
        ("uu", _UU, _from_uu),
        ("ascii85", _ASCII85, _from_ascii85),
    ):
        for run in form.finditer(text):
            try:
                data = read(run)
            except ValueError:
                continue
            if kind == "uu" or _is_text(data):
                yield kind, run.start(), run[0], data


def _digits(told: re.Match[str]) -> str:
    """Return figures that were told one by one."""
    digits, times = "", 1
    for word in _WORD.findall(told[0].lower()):
        digits += _FIGURES.get(word, "X" if word == "x" else "") * times
        times = _TIMES.get(word, 1)
    return digits


def _from_base32(run: re.Match[str]) -> bytes:
    bare = run[0].rstrip("=")
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


def _from_uu(run: re.Match[str]) -> bytes:
    return b"".join(map(binascii.a2b_uu, run[1].splitlines()))


def _from_ascii85(run: re.Match[str]) -> bytes:
    return base64.a85decode(run[0], adobe=True)


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return len(text) > 4 and all(each.isprintable() or each in "\t\r\n" for each in text)

"""Folding: the written text as a person reads it, with the way back.

Digits of any script become ASCII digits, compatibility forms (full width, mathematical, circled) the character that
they stand for, every dash a hyphen, every blank a blank; what cannot be seen (category Cf, variation selectors,
fillers) goes. One character never becomes several: a sign such as the one for "square metre" stays as it is, and so do
the ordinal signs of Portuguese (n.º), since turning them into letters would glue words to numbers.

``WRITTEN_OTHERWISE`` is an RE2 expression that matches every text in which folding could bring an identifier to light:
a folded digit or letter anywhere, or a folded separator or unseen character between ASCII letters or digits. A text
that it does not match can be looked at as it is.
"""

from __future__ import annotations

import unicodedata

import re2

_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(map(chr, (*range(0x180B, 0x1810),)))
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Default_Ignorable_Code_Point of Unicode, so far as it is not of category Cf."""

_KEPT = frozenset("\u00aa\u00ba")
_SEPARATORS = " ()-./+@_%"


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character in _FILLERS or character in _SELECTORS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) != 1 or character in _KEPT:
        return character
    return "-" if folded in "\u2010\u2212" else folded


class _Folds(dict[str, str]):
    """Folded characters, worked out at first sight; bounded by the number of characters that exist."""

    def __missing__(self, character: str) -> str:
        folded = self[character] = _fold_character(character)
        return folded


_FOLDS = _Folds()


def _ranges(characters: list[str]) -> str:
    """Write a set of characters (in order) as the inside of an RE2 class."""
    runs: list[list[int]] = []
    for code in map(ord, characters):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in runs)


def _written_otherwise() -> str:
    alike: list[str] = []
    between: list[str] = []
    # Planes 0 and 1, and the tags and selectors of plane 14; planes 2 and 3 hold nothing but ideographs.
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)):
        folded = _fold_character(chr(code))
        if not folded or folded in _SEPARATORS:
            between.append(chr(code))
        elif folded.isascii() and folded.isalnum():
            alike.append(chr(code))
    seen, unseen = r" ()\-./+@_%", _ranges(between)
    return f"[{_ranges(alike)}]|[0-9A-Za-z][{seen}]*[{unseen}][{seen}{unseen}]*[0-9A-Za-z]"


WRITTEN_OTHERWISE = _written_otherwise()
_WRITTEN_OTHERWISE = re2.compile(WRITTEN_OTHERWISE.encode())


def fold(text: str) -> tuple[str, list[int] | None]:
    """Fold ``text``. The list holds the offset in ``text`` of each character of the result; None: nothing changed."""
    if text.isascii() or _WRITTEN_OTHERWISE.search(text.encode("utf-8", "replace")) is None:
        return text, None
    folded: list[str] = []
    marks: list[int] = []
    for offset, character in enumerate(text):
        if seen := _FOLDS[character]:
            folded.append(seen)
            marks.append(offset)
    return "".join(folded), marks

"""Folding: the written text as a person reads it, with the way back.

Digits of any script become ASCII digits, be they circled, in brackets, raised or Roman; compatibility forms (full
width, mathematical) the character that they stand for; every dash a hyphen, every blank a blank; what cannot be seen
(category Cf, variation selectors, fillers) and marks that stand on other characters go. Chinese numerals become digits
one by one where at least six stand in a row, never by arithmetic. One character never becomes several letters: a sign
such as the one for "square metre" stays as it is, and so do the ordinal signs of Portuguese (n.º), since turning them
into letters would glue words to numbers.

A text can be read in several ways, and each counts: what hides in one reading must not hide in all. ``readings``
returns them. ``WRITTEN_OTHERWISE`` is an RE2 expression that matches every text of which another reading could bring an
identifier to light. A text that it does not match can be looked at as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import re2

_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(map(chr, (*range(0x180B, 0x1810),)))
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Default_Ignorable_Code_Point of Unicode, so far as it is not of category Cf."""

_KEPT = frozenset("\u00aa\u00ba")
_SEPARATORS = " ()-./+@_%"

_NUMERALS = {
    character: str(value)
    for value, characters in enumerate(
        ("〇零○◯", "一壹壱弌幺", "二贰貳弍弐", "三叁參叄弎", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for character in characters
}
"""Chinese numerals, small and large, in simplified and traditional script and as in Japan (GB/T 15835-2011)."""
_NUMERALS_IN_A_ROW = 6
_DIGITS_IN_A_ROW = 8
"""Digits of both kinds, mixed, that are read as one number."""

_ALIKE = {
    ord(sign): letter
    for signs, letters in (
        ("АВСԀЕҒԌНІЈКԞМОРԚЅТԜХУҮѴҺ", "ABCDEFGHIJKKMOPQSTWXYYVh"),  # Cyrillic capitals
        ("аЬсԁеһіјӏоԛѕѵԝхуү", "abcdehijloqsvwxyy"),  # Cyrillic small letters
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺϳΟ", "ABEZHIKMNOPTYXCMjO"),  # Greek capitals
        ("ονϲικχρυ", "ovcikxpu"),  # Greek small letters
        ("ᎪᏴᏟᎠᎬᎻᏦᎷᎡᏢᎫᏀᎢᏎᏙᏔᎦᎥ", "ABCDEHKMRPJGTSVWSi"),  # Cherokee
        ("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "ABCDEFGHIJKLMNOPRSTUVWXYZ"),  # Lisu
        ("ⲀⲂⲤⲈⲎⲒⲔⲘⲚⲞⲢⲦⲨⲬ", "ABCEHIKMNOPTYX"),  # Coptic
    )
    for sign, letter in zip(signs, letters, strict=True)
}
"""Letters of other scripts that look like a Latin one (Unicode Technical Standard 39, confusables)."""

_OVERRIDE, _POP = "\u202e", "\u202c"
_MIRRORED = str.maketrans("()", ")(")
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or character in _FILLERS or character in _SELECTORS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) == 1 and folded in _NUMERALS:
        return folded
    if category in ("No", "Nl") and (value := unicodedata.numeric(character, -1)) in range(10):
        return str(int(value))
    if category == "So" and (letter := _boxed(ord(character))):
        return letter
    if len(folded) != 1 or character in _KEPT:
        return character
    return "-" if folded in "\u2010\u2212" else folded


def _boxed(code: int) -> str:
    """Return the letter in a box or circle that has no compatibility form: 🅐 🅰 🇦."""
    for first in (0x1F150, 0x1F170, 0x1F1E6):
        if first <= code < first + 26:
            return chr(ord("A") + code - first)
    return ""


class _Folds(dict[str, str]):
    """Folded characters, worked out at first sight; bounded by the number of characters that exist."""

    def __missing__(self, character: str) -> str:
        folded = self[character] = _fold_character(character)
        return folded


_FOLDS = _Folds()


def _bare_letter(character: str) -> str:
    """Return the Latin letter under an accent, or ""."""
    first = unicodedata.normalize("NFKD", character)[:1]
    return first if first.isascii() and first.isalpha() else ""


def _ranges(characters: Iterable[str]) -> str:
    """Write a set of characters as the inside of an RE2 class."""
    runs: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in runs)


def _written_otherwise() -> str:
    alike, listed, between, marks, accented, numerals = (list[str]() for _ in range(6))
    # Planes 0 and 1, and the tags and selectors of plane 14; planes 2 and 3 hold nothing but ideographs.
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)):
        character = chr(code)
        folded = _fold_character(character)
        unseen_by_itself = character in _SELECTORS or character in _FILLERS
        if unicodedata.category(character) in ("Mn", "Me") and not folded and not unseen_by_itself:
            marks.append(character)
        if not folded or folded in _SEPARATORS:
            between.append(character)
        elif folded in _NUMERALS:
            numerals.append(character)
        elif folded.isascii() and folded.isalnum():
            # Signs such as ⑴ and ⅳ head the items of lists, so that one alone says nothing.
            plain = unicodedata.normalize("NFKC", character) == folded or folded.isalpha()
            (alike if plain or unicodedata.category(character) == "Nd" else listed).append(character)
        elif _bare_letter(character) and character not in _KEPT and len(unicodedata.normalize("NFKC", character)) == 1:
            accented.append(character)
    seen, unseen = r" ()\-./+@_%", _ranges(set(between) - set(marks))
    counted, lookalike, heads = _ranges(numerals), _ranges(map(chr, _ALIKE)), _ranges(listed)
    around = r"[ .,()\-\x{b7}\x{3001}\x{3000}\x{ff08}\x{ff09}]{0,2}"
    return "|".join(
        (
            f"[{_ranges(alike)}]",
            f"[0-9A-Za-z][{seen}]*[{unseen}][{seen}{unseen}]*[0-9A-Za-z]",
            f"[0-9][{unseen}]*[{_ranges(marks)}]|[A-Z][{_ranges(marks)}]{{1,8}}[0-9]",
            f"[{heads}][{seen}]*[0-9A-Za-z{heads}]|[0-9A-Za-z][{seen}]*[{heads}]",
            f"[{counted}](?:{around}[{counted}]){{{_NUMERALS_IN_A_ROW - 1}}}",
            f"[0-9][{counted}]+[0-9]|[{counted}][0-9]+[{counted}]+[0-9]",
            f"[{lookalike}][ .-]?[0-9]{{3}}|[0-9]{{3}}[{lookalike}]|[0-9][{lookalike}][0-9]",
            f"[A-Za-z][{lookalike}]|[{lookalike}][A-Za-z]",
            f"[{_ranges(accented)}] ?[0-9]{{6}}|[0-9]{{17}}[{_ranges(accented)}]",
            rf"\x{{{ord(_OVERRIDE):x}}}|[\x{{E0030}}-\x{{E0039}}]",
        )
    )


WRITTEN_OTHERWISE = _written_otherwise()
_WRITTEN_OTHERWISE = re2.compile(WRITTEN_OTHERWISE.encode())

MISTAKEN = (
    r"(?:^|[^0-9A-Za-z])[0-9OoIl]{0,16}[0-9][OoIl](?:[ .-]?[0-9OoIl]){6,}"
    r"|(?:^|[^0-9A-Za-z])[OoIl](?:[ .-]?[0-9OoIl]){14,}"
    r"|(?:^|[^0-9A-Za-z])[A-Za-z]{1,2}"
    rf"(?:{'|'.join(f'[0-9]{{{at}}}[OoIl][0-9OoIl]{{{5 - at}}}' for at in range(6))})[(-]"
)
"""An RE2 expression for what could be a number with O written for 0, or l or I for 1."""
_MISTAKEN = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{1,2}(?=[0-9OoIl]{6,9}(?![0-9A-Za-z])))?"
    r"([0-9OoIl](?:[ .-]?[0-9OoIl]){5,}+)(?![B-HJ-NP-WYZa-km-np-wyz])"
)
_AS_DIGITS = str.maketrans("OoIl", "0011")

COUNTED = "".join(_NUMERALS)
"""All Chinese numerals that are read one by one."""
_NUMERAL = re.compile(f"[{COUNTED}]")
_ALL_NUMERALS = re.compile(f"[{COUNTED}]+")
_NUMBER = re.compile(rf"[0-9{COUNTED}](?:[ .,()\-·、]{{0,2}}[0-9{COUNTED}])*+")
_TO_DIGITS = str.maketrans(_NUMERALS)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text. ``marks`` holds the offset in it of each character; None: the text as it stands."""

    text: str = field(repr=False)
    marks: list[int] | None = field(default=None, repr=False)
    mistaken: bool = False
    """Letters are taken for digits, which proves nothing by itself."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest stretch of the text as it stands that holds ``start:end`` of this reading."""
        if self.marks is None:
            return start, end
        places = self.marks[start:end]
        return min(places), max(places) + 1


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
    return _with_numerals("".join(folded)), marks


def readings(text: str) -> Iterator[Reading]:
    """Yield every way to read ``text``: as it stands, folded, with look-alike letters, and backwards where it says so.

    The last but the backward ones is the most folded.
    """
    yield Reading(text)
    folded, marks = fold(text)
    if marks is None:
        return
    if _OVERRIDE in text:
        yield from _backwards(text)
    if any(0xE0030 <= ord(character) <= 0xE0039 for character in text):
        yield _of_tags(text)
    if folded != text:
        yield Reading(folded, marks)
    latin = "".join([each if each.isascii() else _latin(each) for each in folded])
    if latin != folded:
        yield Reading(latin, marks)


def _latin(character: str) -> str:
    if character in _KEPT:
        return character
    return _ALIKE.get(ord(character)) or _bare_letter(character) or character


def counted(text: str) -> str:
    """Return a value of nothing but Chinese numerals in digits, and any other as it is."""
    return text.translate(_TO_DIGITS) if _ALL_NUMERALS.fullmatch(text) else text


def mistaken(reading: Reading) -> Reading | None:
    """Return ``reading`` with the letters O, l and I inside numbers taken for digits, or None where there are none."""

    def digits(found: re.Match[str]) -> str:
        written = found[0]
        if not any(each in "0123456789" for each in found[1]):
            return written
        head = len(written) - len(found[1])
        return written[:head] + found[1].translate(_AS_DIGITS)

    text = _MISTAKEN.sub(digits, reading.text)
    return None if text == reading.text else Reading(text, reading.marks, mistaken=True)


def _with_numerals(text: str) -> str:
    """Write the Chinese numerals of ``text`` as digits where they stand in a row."""

    def digits(found: re.Match[str]) -> str:
        written = found[0]
        counted = len(_NUMERAL.findall(written))
        in_a_row = counted >= _NUMERALS_IN_A_ROW
        mixed = counted and sum(each.isascii() and each.isdigit() for each in written) + counted >= _DIGITS_IN_A_ROW
        return written.translate(_TO_DIGITS) if in_a_row or mixed else written

    return _NUMBER.sub(digits, text) if _NUMERAL.search(text) else text


def _backwards(text: str) -> Iterator[Reading]:
    """Yield ``text`` as it is shown where a right-to-left override stands in it (Unicode Standard Annex 9).

    Brackets are shown mirrored; whoever reverses a text by machine does not mirror them, so both are read.
    """
    places: list[int] = []
    mirrored: set[int] = set()
    at = 0
    while (start := text.find(_OVERRIDE, at)) >= 0:
        ends = [end for end in (text.find(_POP, start), text.find("\n", start)) if end >= 0]
        end = min(ends, default=len(text))
        places += [*range(at, start), *range(end - 1, start, -1)]
        mirrored.update(range(start + 1, end))
        at = end
    places += range(at, len(text))
    seen = [(place, folded) for place in places if (folded := _FOLDS[text[place]])]
    marks = [place for place, _ in seen]
    yield Reading(_with_numerals("".join(folded for _, folded in seen)), marks)
    yield Reading(
        _with_numerals("".join(folded.translate(_MIRRORED) if place in mirrored else folded for place, folded in seen)),
        marks,
    )


def _of_tags(text: str) -> Reading:
    """Return ``text`` with the tag characters, which nobody sees, read as the characters that they are tags of."""
    seen = [(at, _TAGS.get(ord(each)) or _FOLDS[each]) for at, each in enumerate(text)]
    return Reading("".join(each for _, each in seen), [at for at, each in seen for _ in each])

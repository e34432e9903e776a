"""Loose forms: the expressions of the rulebook with something allowed between any two of their characters.

Two uses. ``SCATTERED`` and what ``scattered`` makes of the strictest forms stand in the screen, where they tell in one
pass of machine code that a number may be spread over a text; what they let between two characters is wide: signs, and
whole words (names of fields). What they point at is then read over the values themselves, joined, with nothing but
``GAP`` between two characters.
"""

from __future__ import annotations

import re

from gateway.classify.fold import COUNTED

_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?:|[()|]|[?*+]|\{[0-9,]*\}|.", re.DOTALL)
_QUANTIFIER = re.compile(r"[?*+]|\{[0-9,]*\}")
_STRUCTURE = ("(?:", "(", ")", "|")
_SIGN_ONLY = re.compile(r"[^0-9A-Za-z()]|\[[^0-9A-Za-z()]+\]")
_WORDS = re.compile(r"@|[^\x00-\x7f]|[A-Za-z]{4}")

GAP = "\x1f"
"""Unit separator: stands for each sign between the characters of a number, and for the seam between two values."""
BREAK = "\x1e"
"""Record separator: stands for characters that are part of no number."""
_GAPS = "\x1f{0,4}"
_SIGNS = "[^0-9A-Za-z]+"
_BETWEEN = f'(?:{_SIGNS}(?:(?:[A-Za-z][0-9A-Za-z]*|[0-9]{{1,2}}"?:){_SIGNS})*)'

_EDGE = "[^0-9A-Za-z]"
_SAME = ("-", r"\.", "/", " ", "·", ",", r"\|", "_", r"\*", "、", "\n", r'"\s*,\s*"')
_ODD = ("/", "_", r"\*", "·", "•", "・", "、", "，", "。", "—", "～", "~", "=", "#")
SCATTERED = (
    # Single digits, one after the other, with one and the same sign between.
    rf"{_EDGE}[0-9](?:{'|'.join(f'(?:{sign}[0-9]){{6}}' for sign in _SAME)}){_EDGE}",
    # Groups of digits with a sign between that no number is written with.
    rf"{_EDGE}[0-9]{{3,6}}(?:{'|'.join(f'(?:{sign}[0-9]{{3,6}}){{2}}' for sign in _ODD)})",
    r":\s*\[\s*[0-9](?:\s*,\s*[0-9]){7,}\s*\]",
    # One or two capitals that are a value, and a number in the value beside it.
    rf"[\"\n,;|\t>=][A-Z]{{1,2}}[\"\n,;|\t<&]{_EDGE}{{0,5}}(?:[A-Za-z_0-9]+{_EDGE}{{1,6}})?[0-9]{{6,9}}{_EDGE}",
    # Values of nothing but Chinese numerals, one after the other.
    rf"[\"\n,][{COUNTED}]+(?:\"\s*,\s*\"|[\n,])[{COUNTED}]+(?:\"\s*,\s*\"|[\n,])[{COUNTED}]+[\"\n,]",
    # A list of nothing but short numbers written as strings, and fields that are numbered and hold short numbers.
    r'\[\s*"[0-9]{2,12}"(?:\s*,\s*"[0-9]{1,12}"){1,5}\s*\]',
    rf"[A-Za-z_]1{_EDGE}{{1,5}}[0-9A-Z()]{{1,8}}{_EDGE}{{1,5}}[A-Za-z_]+2{_EDGE}{{1,5}}[0-9A-Z()]{{1,8}}{_EDGE}",
)
"""What shows that numbers may be spread over values, whatever form they have."""


def is_number(regex: str) -> bool:
    """Tell expressions of numbers from those of words and addresses, which nobody joins from pieces."""
    return _WORDS.search(regex) is None


def loosened(regex: str, between: str = _GAPS) -> str:
    """Return ``regex`` with ``between`` allowed between its characters, and its own optional signs left out."""
    made: list[str] = []
    tokens = _TOKEN.findall(regex)
    for place, token in enumerate(tokens):
        follower = tokens[place + 1] if place + 1 < len(tokens) else ""
        if token in _STRUCTURE:
            made.append(token)
        elif _QUANTIFIER.fullmatch(token):
            if place and (token[0] != "?" or not _SIGN_ONLY.fullmatch(tokens[place - 1])):
                made.append(token)
        elif not (follower == "?" and _SIGN_ONLY.fullmatch(token)):
            made.append(f"(?:{token}{between})" if _QUANTIFIER.fullmatch(follower) else f"{token}{between}")
    return "".join(made).removesuffix(between)


def scattered(regex: str) -> str:
    """Return what finds ``regex`` spread over a whole text, names of fields between its pieces.

    What begins with a letter could begin with any short word, so that only signs may stand between its pieces.
    """
    between = f"(?:{_EDGE}{{1,4}})" if regex.startswith("[A-Z") else _BETWEEN
    return loosened(regex, f"{between}?")


def without_names(text: str) -> str:
    """Return what ``scattered`` has found without what stands between the pieces."""
    return _ANYTHING_BETWEEN.sub("", text)


_ANYTHING_BETWEEN = re.compile(_BETWEEN.replace(_SIGNS, "[^0-9A-Za-z()]+"))

"""Organisation code of mainland China (组织机构代码).

Eight digits or capitals and a check character, 0-9 or X, after a hyphen; since 2015 it is places 9 to 17 of the unified
social credit code.

Source: GB 11714-1997, section 3 (weights 3 7 9 10 5 8 4 2, modulo 11; letters count from A = 10).

>>> validate("MA5ABCDE-5"), validate("00693974-8"), validate("d2143569x")
(True, True, True)
>>> validate("MA5ABCDE-6")
False
>>> validate("MA5ABCD-5"), validate("MA5ABCDE-A")
(False, False)
"""

from string import ascii_uppercase, digits

_VALUES = {character: value for value, character in enumerate(digits + ascii_uppercase)}
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def validate(text: str) -> bool:
    """Tell whether the ninth character fits the eight before it."""
    code = text.replace("-", "").replace(" ", "").upper()
    if len(code) != 9 or any(character not in _VALUES for character in code):
        return False
    rest = -sum(_VALUES[character] * weight for character, weight in zip(code, _WEIGHTS, strict=False)) % 11
    return code[8] == ("X" if rest == 10 else str(rest))

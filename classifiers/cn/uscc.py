"""Unified social credit code of organisations in mainland China (统一社会信用代码).

Issued by the registration authorities: one character for the authority, one for the kind of body, six digits of the
region, nine characters of the organisation code and a check character. The letters I, O, S, V and Z are not used.
Letter-first codes (A, N, Y) are in use and valid.

Source: GB 32100-2015, section 4 and annex A (weights are powers of 3 modulo 31).

>>> validate("91440300MA5ABCDE0E")
True
>>> validate("11440000006939748g")
True
>>> validate("91440300MA5ABCDE0F")
False
>>> validate("91440300MA5ABCDI0E")
False
"""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def validate(text: str) -> bool:
    """Tell whether the 18th character fits the 17 before it."""
    number = text.translate({0x20: None, 0x2D: None}).upper()
    values = [_VALUES.get(character, -1) for character in number]
    if len(values) != 18 or min(values) < 0:
        return False
    total = sum(value * weight for value, weight in zip(values, _WEIGHTS, strict=False))
    return (31 - total % 31) % 31 == values[17]

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

from operator import mul

_ALPHABET = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_UNUSED = 255
_VALUES = bytes(_ALPHABET.find(code) if code in _ALPHABET else _UNUSED for code in range(256))
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def validate(text: str) -> bool:
    """Tell whether the 18th character fits the 17 before it."""
    number = text.translate({0x20: None, 0x2D: None}).upper()
    if len(number) != 18 or not number.isascii():
        return False
    values = number.encode().translate(_VALUES)
    return _UNUSED not in values and (sum(map(mul, values, _WEIGHTS)) + values[17]) % 31 == 0

"""Vehicle identification number (车架号) of plants that use its check digit.

Seventeen capitals and digits without I, O and Q; the ninth checks the others. Plants in North America (1 to 5) and in
mainland China (L) must use it, plants in Europe mostly do not.

Sources: ISO 3779:2009; GB 16735-2019, annex A (weights 8 to 2, 10, 0, 9 to 2, modulo 11, 10 written X).

>>> validate("LSVAU218XN2183294"), validate("1m8gdm9axkp042788"), validate("11111111111111111")
(True, True, True)
>>> validate("LSVAU2181N2183294")
False
>>> validate("WVWZZZ1JZXW000001")  # a plant that does not use it
False
>>> validate("LSVAU218XN218329"), validate("LSVAU2180N21832I4")
(False, False)
"""

_VALUES = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def validate(text: str) -> bool:
    """Tell whether the number is of a plant that uses the check digit, and it fits."""
    number = text.upper()
    if len(number) != 17 or number[0] not in "12345L" or any(character not in _VALUES for character in number):
        return False
    rest = sum(_VALUES[character] * weight for character, weight in zip(number, _WEIGHTS, strict=True)) % 11
    return number[8] == ("X" if rest == 10 else str(rest))

"""International mobile equipment identity (国际移动设备识别码).

Fifteen digits: eight of the type, six of the set and the check digit of Luhn.

Source: 3GPP TS 23.003, section 6.2.1 and annex B.

>>> validate("356938035643809"), validate("35-693803-564380-9")
(True, True)
>>> validate("356938035643808")
False
>>> validate("35693803564380"), validate("35693803564380X")
(False, False)
"""

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_SEPARATORS = str.maketrans("", "", " -/")


def validate(text: str) -> bool:
    """Tell whether the fifteenth digit fits the fourteen before it."""
    number = text.translate(_SEPARATORS)
    if len(number) != 15 or not (number.isascii() and number.isdigit()):
        return False
    return (sum(map(int, number[::2])) + sum(_DOUBLED[int(digit)] for digit in number[1::2])) % 10 == 0

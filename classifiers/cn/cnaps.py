"""Interbank clearing code of mainland China (联行号, 支付系统行号).

Twelve digits: three of the bank, four of the city, four of the branch and a check digit.

Sources: the code tables of the payment system (大额支付系统行名行号表); ISO/IEC 7064:2003 MOD 11,10, which the
published codes follow.

>>> validate("102581000013"), validate("104584000003"), validate("3135 8100 0005")
(True, True, True)
>>> validate("102581000014")
False
>>> validate("10258100001"), validate("10258100001X")
(False, False)
"""

_SEPARATORS = str.maketrans("", "", " -")


def validate(text: str) -> bool:
    """Tell whether the twelfth digit fits the eleven before it."""
    number = text.translate(_SEPARATORS)
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        return False
    rest = 10
    for digit in number[:-1]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (rest + int(number[-1])) % 10 == 1

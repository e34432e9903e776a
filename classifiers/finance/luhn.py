"""Payment card number, 12 to 19 digits, with the check digit of Luhn.

The leading digits name the issuer: 62 UnionPay (银联), 4 Visa, 51-55 and 2221-2720 Mastercard, 34 and 37 American
Express, 35 JCB. Mainland debit cards commonly have 19 digits.

Sources: ISO/IEC 7812-1:2017, annex B; 中国银联 BIN range 62.

>>> validate("6217000000000000004")
True
>>> validate("6259 6500 0000 0007")
True
>>> validate("6217000000000000005")
False
>>> validate("62170000000004a")
False
"""

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_SEPARATORS = str.maketrans("", "", " .-")


def validate(text: str) -> bool:
    """Tell whether the last digit fits those before it."""
    number = text.translate(_SEPARATORS)
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        return False
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(_DOUBLED[digit] for digit in digits[1::2])) % 10 == 0

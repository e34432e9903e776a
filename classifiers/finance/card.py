"""Payment card number (银行卡号), 13 to 19 digits, with the check digit of Luhn.

The leading digits name the network: 62 UnionPay (银联), 4 Visa, 51-55 and 2221-2720 Mastercard, 34 and 37 American
Express, 300-305, 36, 38 and 39 Diners Club, 3528-3589 JCB, 6011, 644-649 and 65 Discover. Mainland debit cards commonly
have 19 digits. Numbers of other ranges (mainland cards from before 2002 among them) are not vouched for here, since one
number in ten fits the check digit by chance.

Sources: ISO/IEC 7812-1:2017, sections 4 and annex B; the published ranges of the networks.

>>> validate("6217000000000000004")
True
>>> validate("6259 6500 0000 0007")
True
>>> validate("4111-1111-1111-1111"), validate("378282246310005"), validate("2221000000000009")
(True, True, True)
>>> validate("6217000000000000005")
False
>>> validate("9558800000000000000")  # adds up, but names no network
False
>>> validate("62170000000004a")
False
"""

_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_PLAIN = bytes.maketrans(b"0123456789", bytes(range(10)))
_SEPARATORS = str.maketrans("", "", " .-")
_RANGES = (
    ("62", "62", range(16, 20)),
    ("4", "4", (13, 16, 19)),
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),
    ("37", "37", (15,)),
    ("300", "305", range(14, 20)),
    ("36", "36", range(14, 20)),
    ("38", "39", range(14, 20)),
    ("3528", "3589", range(16, 20)),
    ("6011", "6011", range(16, 20)),
    ("644", "659", range(16, 20)),
)
"""First and last leading digits of a network, and the lengths that it issues."""


def validate(text: str) -> bool:
    """Tell whether the number lies in the range of a network and its last digit fits those before it."""
    number = text.translate(_SEPARATORS)
    if not (number.isascii() and number.isdigit()):
        return False
    digits = number.encode()
    if (sum(digits[::-2].translate(_PLAIN)) + sum(digits[-2::-2].translate(_DOUBLED))) % 10:
        return False
    return any(first <= number[: len(first)] <= last and len(number) in lengths for first, last, lengths in _RANGES)

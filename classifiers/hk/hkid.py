"""Hong Kong identity card number (香港身份證號碼).

Issued by the Immigration Department: one or two letters, six digits and a check digit (0-9 or A) that the card prints
in brackets. The letters tell when and for whom it was registered; all of them are accepted here.

Source: Registration of Persons Ordinance (Cap. 177); the check digit is a sum modulo 11 with weights 9 to 2, letters
counting from A = 10 and a missing first letter as 36.

>>> validate("A123456(3)")
True
>>> validate("ab 987654 (3)")
True
>>> validate("WX1234569")
True
>>> validate("A123456(4)"), validate("AB987654(A)")
(False, False)
>>> validate("A12345(3)")
False
"""

_DROPPED = str.maketrans("", "", " .-/()")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
_NO_LETTER = 36


def validate(text: str) -> bool:
    """Tell whether the check digit fits the letters and digits before it."""
    number = text.translate(_DROPPED).upper()
    letters, digits, check = number[:-7], number[-7:-1], number[-1:]
    if not (number.isascii() and len(number) in (8, 9) and letters.isalpha() and digits.isdigit()):
        return False
    values = [ord(letter) - 55 for letter in letters] + [int(digit) for digit in digits]
    if len(letters) == 1:
        values.insert(0, _NO_LETTER)
    expected = -sum(value * weight for value, weight in zip(values, _WEIGHTS, strict=True)) % 11
    return check == ("A" if expected == 10 else str(expected))

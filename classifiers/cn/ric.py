"""Resident identity number of mainland China (公民身份号码).

Issued by the public security organs; since the residence permit for residents of Hong Kong, Macao and Taiwan
(港澳台居民居住证) of 2018 also carried, with the codes 810000, 820000 and 830000, by its holders.

18 characters: six of the region, eight of the birth date, three of the sequence (odd for men, even for women) and a
check character, 0-9 or X. The first generation had 15 digits: two-digit year of the 1900s, no check character.
The region is not looked up: registers of codes lag behind the numbers in use.

Sources: GB 11643-1999, section 4; ISO/IEC 7064:2003 MOD 11-2; 国办发〔2018〕81号.

>>> validate("440105199003071016")
True
>>> validate("4401 0519 9003 0710 16")
True
>>> validate("11010519491231002x")
True
>>> validate("440105199003071017")
False
>>> validate("440400197502291238")  # adds up, but 29 February 1975 never was
False
>>> validate("440105900307101"), validate("440105900231101")
(True, False)
>>> validate("810000199003070015")
True
"""

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHARACTERS = "10X98765432"
_SEPARATORS = str.maketrans("", "", " .-")


def validate(text: str) -> bool:
    """Tell whether the check character fits (18 characters) and the birth date exists (18 and 15)."""
    number = text.translate(_SEPARATORS).upper()
    if not number.isascii():
        return False
    if len(number) == 15 and number.isdigit():
        return _exists("19" + number[6:12])
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHARACTERS[total % 11] == number[17] and _exists(number[6:14])


def _exists(day: str) -> bool:
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return False
    return True

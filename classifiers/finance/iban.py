"""International bank account number (国际银行账号).

Two letters of the country, two check digits and up to 30 letters and digits; each country has one length. Neither the
mainland nor Hong Kong nor Macao issues any: they belong to people who are paid from elsewhere, Portugal among them.

Source: ISO 13616-1:2020; ISO/IEC 7064:2003 MOD 97-10; lengths of the SWIFT IBAN Registry.

>>> validate("PT50 0002 0123 1234 5678 9015 4")
True
>>> validate("GB82WEST12345698765432"), validate("de89370400440532013000")
(True, True)
>>> validate("PT50000201231234567890155")
False
>>> validate("PT5000020123123456789015"), validate("XX82WEST12345698765432")
(False, False)
"""

_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL",
        19: "MK SI",
        20: "AT BA EE KZ LT LU XK",
        21: "CH HR LI LV",
        22: "BG BH DE GB GE IE ME RS",
        23: "AE GI IL IQ OM TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "PT",
        26: "IS TR",
        27: "FR GR IT MC SM",
        28: "AL AZ BY CY DO GT HU LB PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU",
        31: "MT SC",
    }.items()
    for country in countries.split()
}


def validate(text: str) -> bool:
    """Tell whether the country has numbers of this length and the check digits fit."""
    number = text.replace(" ", "").upper()
    if not (number.isascii() and number.isalnum()) or _LENGTHS.get(number[:2]) != len(number):
        return False
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1

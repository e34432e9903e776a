"""Identifiers, made up: check digits as published, in code of its own, independent of ``classifiers``.

Regions are not assigned, sequence numbers are random, so that no number is known to be anybody's. Every generator takes
a source of chance and returns one identifier in one of the ways in which people write it.
"""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

type Chance = random.Random

_RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_NO_IO = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_UNASSIGNED = ("440199", "440398", "440497", "440695", "110191", "310196", "350297", "430198", "500297", "450198")
_FULL_WIDTH = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()",
    "０１２３４５６７８９" + "".join(chr(ord(letter) + 0xFEE0) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ()"),
)


def digits(chance: Chance, count: int) -> str:
    """Return so many random digits."""
    return "".join(chance.choices("0123456789", k=count))


def full_width(text: str) -> str:
    """Return the text as an input method for Chinese may leave it."""
    return text.translate(_FULL_WIDTH)


def luhn_digit(body: str) -> str:
    """ISO/IEC 7812-1 annex B: the digit after ``body``."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        double = int(digit) * (2 - place % 2)
        total += double - 9 if double > 9 else double
    return str(-total % 10)


def mod_11_2(body: str) -> str:
    """ISO 7064 MOD 11-2 as GB 11643-1999 uses it: the character after 17 digits."""
    return "10X98765432"[sum(weight * int(digit) for weight, digit in zip(_RIC_WEIGHTS, body, strict=True)) % 11]


def mod_11_10(body: str) -> str:
    """ISO 7064 MOD 11,10: the digit after ``body``."""
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def hkid_digit(letters: str, body: str) -> str:
    """Hong Kong: letters A=10 ... Z=35, a missing first letter 36, weights 9 to 2, modulo 11; ten is A."""
    values = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters] + [int(digit) for digit in body]
    rest = -sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True)) % 11
    return "A" if rest == 10 else str(rest)


def uscc_digit(body: str) -> str:
    """GB 32100-2015: the character after 17."""
    total = sum(weight * USCC_LETTERS.index(letter) for weight, letter in zip(_USCC_WEIGHTS, body, strict=True))
    return USCC_LETTERS[-total % 31]


def birthday(chance: Chance, first: int = 1936, last: int = 2021) -> date:
    """Return a day on which somebody may have been born."""
    begin = date(first, 1, 1)
    return begin + timedelta(days=chance.randrange((date(last, 12, 31) - begin).days))


def ric_body(chance: Chance, region: str | None = None) -> str:
    """Return the first 17 digits of a number of GB 11643, in a region that is not assigned or in ``region``."""
    return f"{region or chance.choice(_UNASSIGNED)}{birthday(chance):%Y%m%d}{digits(chance, 3)}"


def ric(chance: Chance) -> str:
    """Return a resident identity number of 18 characters."""
    body = ric_body(chance)
    number = body + mod_11_2(body)
    style = chance.random()
    if style < 0.04:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if style < 0.06:
        return full_width(number)
    return number.lower() if style < 0.10 else number


def ric15(chance: Chance) -> str:
    """Return a number as issued before 1999: no century, no check digit."""
    return f"{chance.choice(_UNASSIGNED)}{birthday(chance, 1930, 1984):%y%m%d}{digits(chance, 3)}"


def gat_residence(chance: Chance) -> str:
    """Return the number of a residence permit for people of Hong Kong, Macao and Taiwan."""
    body = ric_body(chance, chance.choice(("810000", "820000", "830000")))
    return body + mod_11_2(body)


def foreigner_pr(chance: Chance) -> str:
    """Return the number of a foreign permanent resident's card as issued since 2023."""
    body = f"9{digits(chance, 5)}{birthday(chance):%Y%m%d}{digits(chance, 3)}"
    return body + mod_11_2(body)


def hkid(chance: Chance) -> str:
    """Return a Hong Kong identity card number."""
    letters = "".join(chance.choices("ABCDEFGHJKLMNPRSTVWXYZ", k=2 if chance.random() < 0.15 else 1))
    body = digits(chance, 6)
    number, check = letters + body, hkid_digit(letters, body)
    style = chance.random()
    if style < 0.70:
        return f"{number}({check})"
    if style < 0.80:
        return f"{number}（{check}）"
    if style < 0.94:
        return f"{number}{check}"
    return full_width(f"{number}({check})") if style < 0.97 else f"{number.lower()}({check})"


def hkid_printed(chance: Chance) -> str:
    """Return one as printed on the card, with brackets."""
    while "(" not in (number := hkid(chance)):
        pass
    return number


def bir(chance: Chance) -> str:
    """Return a Macao resident identity card number; its check digit is not published."""
    number = chance.choice("157") + digits(chance, 7)
    style = chance.random()
    if style < 0.72:
        return f"{number[:7]}({number[7]})"
    if style < 0.80:
        return f"{number[0]}/{number[1:7]}/{number[7]}"
    return number if style < 0.95 else f"{number[:7]}（{number[7]}）"


def bir_printed(chance: Chance) -> str:
    """Return one with brackets or strokes."""
    while (number := bir(chance)).isdigit():
        pass
    return number


def hrp(chance: Chance) -> str:
    """Return a home-return permit number."""
    return chance.choice("HM") + digits(chance, 8) + (f"0{chance.randrange(5)}" if chance.random() < 0.4 else "")


def twp(chance: Chance) -> str:
    """Return the number of a Mainland travel permit for Taiwan residents."""
    return "0" + digits(chance, 7)


def eep(chance: Chance) -> str:
    """Return the number of an exit-entry permit for Hong Kong and Macao."""
    return f"C{chance.choice(_NO_IO)}{digits(chance, 7)}" if chance.random() < 0.6 else f"C{digits(chance, 8)}"


def cn_passport(chance: Chance) -> str:
    """Return a Chinese passport number of the series in use."""
    style = chance.random()
    if style < 0.45:
        return f"E{digits(chance, 8)}"
    if style < 0.85:
        return f"E{chance.choice(_NO_IO)}{digits(chance, 7)}"
    return f"G{digits(chance, 8)}" if style < 0.93 else f"{chance.choice('SPD')}E{digits(chance, 7)}"


def hk_passport(chance: Chance) -> str:
    """Return a Hong Kong passport number."""
    style = chance.random()
    return f"KJ{digits(chance, 7)}" if style < 0.3 else f"{'H' if style < 0.45 else 'K'}{digits(chance, 8)}"


def mo_passport(chance: Chance) -> str:
    """Return a Macao passport number."""
    return f"MA{digits(chance, 7)}"


def card(chance: Chance) -> str:
    """Return a payment card number."""
    prefix, length = chance.choice(
        (("621799", 19), ("622202", 19), ("622848", 19), ("625965", 16), ("628888", 16), ("621226", 18), ("622700", 17),
         ("4509", 16), ("4386", 16), ("5234", 16), ("5520", 16), ("3742", 15), ("3530", 16))
    )  # fmt: skip
    body = prefix + digits(chance, length - len(prefix) - 1)
    number = body + luhn_digit(body)
    style = chance.random()
    if style < 0.25 and length != 15:
        return " ".join(number[at : at + 4] for at in range(0, length, 4))
    if style < 0.30 and length == 16:
        return "-".join(number[at : at + 4] for at in range(0, length, 4))
    return number


def cnaps(chance: Chance) -> str:
    """Return the line number of a bank's branch."""
    body = chance.choice(("102", "103", "104", "105", "301", "308", "313")) + digits(chance, 8)
    return body + mod_11_10(body)


def uscc(chance: Chance) -> str:
    """Return a unified social credit code of a company or a public body."""
    head = chance.choice(("91", "91", "91", "92", "11", "12", "51", "52"))
    body = f"{head}{chance.choice(_UNASSIGNED)}{'MA' if head[0] == '9' else digits(chance, 2)}"
    body += "".join(chance.choices(USCC_LETTERS, k=17 - len(body)))
    return body + uscc_digit(body)


def imei(chance: Chance) -> str:
    """Return the number of a mobile device."""
    body = chance.choice(("35", "86")) + digits(chance, 12)
    return body + luhn_digit(body)


def imsi(chance: Chance) -> str:
    """Return the number of a SIM card of the three places."""
    return chance.choice(("46000", "46001", "46011", "45400", "45403", "45501", "45502")) + digits(chance, 10)


def mac(chance: Chance) -> str:
    """Return the address of a network card."""
    pairs = [f"{chance.randrange(256):02X}" for _ in range(6)]
    written = chance.choice((":", ":", "-")).join(pairs)
    return written if chance.random() < 0.6 else written.lower()


def ipv4(chance: Chance) -> str:
    """Return a public-looking address; nobody's in particular."""
    return f"{chance.choice((113, 14, 183, 61, 202, 60))}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"


def cn_mobile(chance: Chance) -> str:
    """Return a mainland mobile number."""
    number = chance.choice(("138", "139", "135", "150", "159", "177", "186", "188", "199", "166")) + digits(chance, 8)
    style = chance.random()
    if style < 0.70:
        return number
    if style < 0.80:
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if style < 0.86:
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    return f"+86 {number}" if style < 0.93 else f"+86{number}" if style < 0.98 else full_width(number)


def cn_fixed(chance: Chance) -> str:
    """Return a mainland fixed-line number."""
    area, length = chance.choice(
        (("020", 8), ("0755", 8), ("0756", 7), ("0757", 8), ("0760", 8), ("0750", 7), ("010", 8))
    )
    number = chance.choice("238") + digits(chance, length - 1)
    return f"({area}){number}" if chance.random() < 0.15 else f"{area}-{number}"


def _eight(chance: Chance, number: str, code: str) -> str:
    spaced = f"{number[:4]} {number[4:]}"
    style = chance.random()
    if style < 0.40:
        return number
    if style < 0.70:
        return spaced
    if style < 0.78:
        return f"{number[:4]}-{number[4:]}"
    return f"+{code} {spaced}" if style < 0.92 else f"(+{code}) {spaced}" if style < 0.95 else f"{code}-{number}"


def hk_mobile(chance: Chance) -> str:
    """Return a Hong Kong mobile number."""
    return _eight(chance, chance.choice("5669") + digits(chance, 7), "852")


def hk_fixed(chance: Chance) -> str:
    """Return a Hong Kong fixed-line number."""
    return _eight(chance, chance.choice("23") + digits(chance, 7), "852")


def mo_mobile(chance: Chance) -> str:
    """Return a Macao mobile number."""
    return _eight(chance, "6" + digits(chance, 7), "853")


def mo_fixed(chance: Chance) -> str:
    """Return a Macao fixed-line number."""
    return _eight(chance, chance.choice(("28", "28", "88", "85")) + digits(chance, 6), "853")


def cn_plate(chance: Chance) -> str:
    """Return a mainland number plate."""
    head = chance.choice("粤京沪湘桂闽浙川") + chance.choice("ABCDEFGHJKLMN")
    dot = "·" if chance.random() < 0.4 else ""
    style = chance.random()
    if style < 0.3:
        return f"{head}{dot}{chance.choice('DF')}{digits(chance, 5)}"
    if style < 0.4:
        return f"粤Z{dot}{digits(chance, 4)}{chance.choice('港澳')}"
    return (
        f"{head}{dot}{chance.choice(_NO_IO)}{digits(chance, 4)}" if style < 0.7 else f"{head}{dot}{digits(chance, 5)}"
    )


def hk_plate(chance: Chance) -> str:
    """Return a Hong Kong registration mark."""
    letters = "".join(chance.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=2))
    return f"{letters}{chance.choice(('', ' '))}{chance.randrange(100, 10000)}"


def mo_plate(chance: Chance) -> str:
    """Return a Macao number plate."""
    return f"M{chance.choice('ABCDEFGHJKLNOPQRSTUW')}-{digits(chance, 2)}-{digits(chance, 2)}"


def brn(chance: Chance) -> str:
    """Return a Hong Kong business registration number."""
    number = chance.choice("1234567") + digits(chance, 7)
    return (
        f"{number}-000-{chance.randrange(1, 13):02}-{chance.randrange(20, 27)}-{chance.randrange(10)}"
        if chance.random() < 0.6
        else number
    )


def mo_tin(chance: Chance) -> str:
    """Return a Macao taxpayer number of a company."""
    return "8" + digits(chance, 7)


def wechat(chance: Chance) -> str:
    """Return the account of a messenger."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return "wxid_" + "".join(chance.choices(letters, k=14))


def qq(chance: Chance) -> str:
    """Return the account of a messenger."""
    return chance.choice("123456789") + digits(chance, chance.randrange(7, 10))


def jwt(chance: Chance) -> str:
    """Return a token of three parts; its signature signs nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return f"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIiwiZXhwIjoxfQ.{''.join(chance.choices(letters, k=43))}"


def password(chance: Chance) -> str:
    """Return what somebody may have chosen."""
    words = ("Kapok", "Lotus", "Harbour", "Tram", "Egret", "Pearl")
    return f"{chance.choice(words)}{chance.choice('!@#$*')}{digits(chance, 4)}{chance.choice('xyzq')}"


def account(chance: Chance) -> str:
    """Return the number of a bank account, as banks of Hong Kong and Macao write it; it has no check digit."""
    if chance.random() < 0.6:
        return f"{digits(chance, 3)}-{chance.randrange(100, 999)}-{digits(chance, 6)}"
    return f"{digits(chance, 3)}-{digits(chance, 6)}-{digits(chance, 3)}"


VALID: dict[str, Callable[[Chance], str]] = {
    "cn.ric": ric, "cn.ric15": ric15, "cn.gat_residence": gat_residence, "cn.foreigner_pr": foreigner_pr,
    "hk.hkid": hkid, "mo.bir": bir, "cn.hrp": hrp, "cn.twp": twp, "cn.eep": eep, "cn.passport": cn_passport,
    "hk.passport": hk_passport, "mo.passport": mo_passport, "card": card, "cn.cnaps": cnaps, "cn.uscc": uscc,
    "imei": imei, "imsi": imsi, "mac": mac, "ip": ipv4, "cn.mobile": cn_mobile, "cn.fixed": cn_fixed,
    "hk.mobile": hk_mobile, "hk.fixed": hk_fixed, "mo.mobile": mo_mobile, "mo.fixed": mo_fixed, "cn.plate": cn_plate,
    "hk.plate": hk_plate, "mo.plate": mo_plate, "hk.brn": brn, "mo.tin": mo_tin, "wechat": wechat, "qq": qq,
    "jwt": jwt, "password": password, "account": account,
}  # fmt: skip
"""Every kind of identifier by name."""

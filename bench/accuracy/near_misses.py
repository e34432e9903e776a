"""What looks like an identifier and is none: another check digit, a month that no year has, numbers of things."""

from __future__ import annotations

from bench.accuracy.identifiers import (
    USCC_LETTERS,
    Chance,
    digits,
    hkid_digit,
    luhn_digit,
    mod_11_2,
    ric_body,
    uscc,
)


def _other(chance: Chance, right: str, choices: str) -> str:
    return chance.choice([one for one in choices if one != right])


def ric_near_miss(chance: Chance) -> str:
    """Return 18 characters that look like one and are none."""
    body = ric_body(chance)
    if chance.random() < 0.3:  # a month that no year has
        body = body[:10] + chance.choice(("13", "00", "19", "31")) + body[12:]
        return body + mod_11_2(body)
    return body + _other(chance, mod_11_2(body), "0123456789X")


def gat_near_miss(chance: Chance) -> str:
    """Return such a number with another check digit."""
    body = ric_body(chance, chance.choice(("810000", "820000", "830000")))
    return body + _other(chance, mod_11_2(body), "0123456789X")


def hkid_near_miss(chance: Chance) -> str:
    """Return what looks like one, with another check digit."""
    letter, body = chance.choice("ABCDEGHKMPRVYZ"), digits(chance, 6)
    return f"{letter}{body}({_other(chance, hkid_digit(letter, body), '0123456789A')})"


def card_near_miss(chance: Chance) -> str:
    """Return such a number with another check digit."""
    number = "6217" + digits(chance, chance.choice((11, 14)))
    return number + _other(chance, luhn_digit(number), "0123456789")


def uscc_near_miss(chance: Chance) -> str:
    """Return such a code with another check character."""
    number = uscc(chance)
    return number[:17] + _other(chance, number[17], USCC_LETTERS)


def harmless_number(chance: Chance) -> str:
    """Return the number of an order, a shipment or an invoice: nobody's identifier, and no check digit fits."""
    style = chance.randrange(10)
    if style == 0:
        return ric_near_miss(chance)
    if style == 1:
        return card_near_miss(chance)
    if style == 2:
        return f"ORD-{digits(chance, 4)}-{digits(chance, 6)}"
    if style == 3:
        return f"SF{digits(chance, 13)}"
    if style == 4:
        return f"INV2026{digits(chance, 6)}"
    if style == 5:
        return f"{digits(chance, 8)}-{digits(chance, 4)}-4{digits(chance, 3)}-9{digits(chance, 3)}-{digits(chance, 12)}"
    if style == 6:
        return f"2026{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}{digits(chance, 6)}"
    if style == 7:
        return f"{chance.randrange(16**32):032x}"
    return digits(chance, chance.choice((6, 7, 9, 10, 12, 14))) if style == 8 else f"PO/2026/{digits(chance, 5)}"

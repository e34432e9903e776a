"""Identifiers written otherwise: other digits, other letters, things between the characters, backwards."""

from __future__ import annotations

import unicodedata

from tests.evasions.case import CARD, GAT, HKID, JSON, PHONE, RIC, RIC_X, TEXT, Case, hidden


def _with(digits: str, text: str = RIC) -> str:
    """Write the digits of ``text`` with ten others, from nought to nine."""
    return text.translate(str.maketrans("0123456789", digits))


def _from(first: int, text: str = RIC) -> str:
    """Write the digits of ``text`` with those that begin at a code point."""
    return _with("".join(chr(first + value) for value in range(10)), text)


def _written(name: str, spelling: str, id: str = RIC, before: str = "号码", after: str = "。") -> Case:
    """A text with ``spelling`` in it."""
    return hidden(name, f"{before}{spelling}{after}", TEXT, "text:", spelling, id=id)


def _field(name: str, label: str, spelling: str, id: str) -> Case:
    return hidden(name, f'{{"{label}": "{spelling}"}}', JSON, f"json:/{label}", spelling, id=id)


_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"

DIGITS = (
    _written("full width", _from(0xFF10)),
    _written("full width, a whole card", "Ａ１２３４５６（３）", HKID),
    _written("Arabic-Indic", _from(0x660)),
    _written("Persian", _from(0x6F0)),
    _written("Devanagari", _from(0x966)),
    _written("Thai", _from(0xE50)),
    _written("Mongolian", _from(0x1810)),
    _written("Tibetan", _from(0xF20)),
    _written("mathematical bold", _from(0x1D7CE)),
    _written("mathematical monospace", _from(0x1D7F6)),
    _written("segmented", _from(0x1FBF0)),
    _written("circled", _with(_CIRCLED)),
    _written("circled twice", _with("⓪⓵⓶⓷⓸⓹⓺⓻⓼⓽")),
    _written("white on black circles", _with("⓿❶❷❸❹❺❻❼❽❾")),
    _written("in brackets", _with("0⑴⑵⑶⑷⑸⑹⑺⑻⑼")),
    _written("with full stops", _with("🄀⒈⒉⒊⒋⒌⒍⒎⒏⒐")),
    _written("with commas", _with("🄁🄂🄃🄄🄅🄆🄇🄈🄉🄊")),
    _written("raised", _with("⁰¹²³⁴⁵⁶⁷⁸⁹")),
    _written("lowered", _with("₀₁₂₃₄₅₆₇₈₉")),
    _written("Roman", _with("0ⅠⅡⅢⅣⅤⅥⅦⅧⅨ")),
    _written("a Roman X for the check character", RIC_X.replace("X", "Ⅹ"), RIC_X),
    _written("Chinese numerals", _with("〇一二三四五六七八九")),
    _written("Chinese numerals with the other nought", _with("零一二三四五六七八九")),
    _written("Chinese numerals with a circle for nought", _with("○一二三四五六七八九")),
    _written("large Chinese numerals, simplified", _with("零壹贰叁肆伍陆柒捌玖")),
    _written("large Chinese numerals, traditional", _with("零壹貳參肆伍陸柒捌玖")),
    _written("Suzhou numerals", _with("〇〡〢〣〤〥〦〧〨〩")),
    _written("numerals in circles", _with("〇㊀㊁㊂㊃㊄㊅㊆㊇㊈")),
    _written("numerals in brackets", _with("0㈠㈡㈢㈣㈤㈥㈦㈧㈨")),
    _written("a phone in Chinese numerals", _with("〇一二三四五六七八九", PHONE), PHONE, "手机"),
    _written("a phone as it is said", _with("零幺二三四五六七八九", PHONE), PHONE, "手机"),
    _written("Chinese numerals and digits mixed", "四4零1零5一9九0零3零7一0一6"),
    _written("a card of Hong Kong in numerals", "A一二三四五六（三）", HKID, "證件"),
    _written("keycaps", "".join(f"{each}\ufe0f\u20e3" for each in RIC)[:-2]),
)

LETTERS = (
    _written("Cyrillic А", "А123456(3)", HKID),
    _written("Greek Alpha", "Α123456(3)", HKID),
    _written("Cherokee Go", "Ꭺ123456(3)", HKID),
    _written("Lisu A", "ꓮ123456(3)", HKID),
    _written("an A with an accent", "Á123456(3)", HKID),
    _written("an A with a mark on it", "A\u0301123456(3)", HKID),
    _written("mathematical A", "𝐀123456(3)", HKID),
    _written("circled A", "Ⓐ123456(3)", HKID),
    _written("A in a box", "🅰123456(3)", HKID),
    _written("a flag's A", "🇦123456(3)", HKID),
    _written("Cyrillic Х for the check character", RIC_X.replace("X", "Х"), RIC_X),
    _written("Greek Chi for the check character", RIC_X.replace("X", "Χ"), RIC_X),
    _written("a small x", RIC_X.lower(), RIC_X),
    _written("O for nought", RIC.replace("0", "O"), RIC, "身份证"),
    _written("l for one", RIC.replace("1", "l"), RIC, "身份证"),
    _field("O and I under a label", "sfzh", RIC.replace("0", "O").replace("1", "I"), RIC),
    _field("Cyrillic О for nought", "sfzh", RIC.replace("0", "О"), RIC),
    _field("Cyrillic С in a card of Hong Kong", "hkid", "С668668(9)", HKID),
    _field("an address with a Cyrillic letter", "mail", "li.si@exаmple.com", "li.si@example.com"),
)


def _between(sign: str, text: str = RIC) -> str:
    return sign.join(text)


SIGNS = (
    _written("zero-width blanks", _between("\u200b")),
    _written("zero-width joiners", _between("\u200d")),
    _written("word joiners", _between("\u2060")),
    _written("byte order marks", _between("\ufeff")),
    _written("soft hyphens", _between("\u00ad")),
    _written("variation selectors", _between("\ufe0e")),
    _written("Hangul fillers", _between("\u3164")),
    _written("left-to-right marks", _between("\u200e")),
    _written("struck through", _between("\u0336")),
    _written("underlined", _between("\u0332")),
    _written("with dots above", _between("\u0307")),
    _written("no-break blanks between groups", "4401\u00a00519\u00a09003\u00a00710\u00a016"),
    _written("ideographic blanks between groups", "440105\u300019900307\u30001016"),
    _written("blanks", _between(" ")),
    _written("no-break blanks", _between("\u00a0")),
    _written("hyphens", _between("-")),
    _written("dashes", _between("—")),
    _written("full stops", _between(".")),
    _written("slashes", _between("/")),
    _written("middle dots", _between("·")),
    _written("bullets", _between("•")),
    _written("Katakana dots", _between("・")),
    _written("stars", _between("*")),
    _written("underscores", _between("_")),
    _written("ideographic commas", _between("、")),
    _written("full-width commas", _between("，")),
    _written("ideographic full stops", _between("。"), after=""),
    _written("line ends", _between("\n")),
    _written("line ends of Windows", _between("\r\n")),
    _written("tabs", _between("\t")),
    _written("dots between groups", "440105·19900307·1016"),
    _written("slashes between the parts of the date", "440105/1990/03/07/1016"),
    _written("line ends between groups", "440105\n19900307\n1016"),
    _written("pairs of digits", "44-01-05-19-90-03-07-10-16"),
    _written("a card with dots", _between("·", CARD), CARD),
    _written("a card with slashes and a word for it", "6217/0000/0000/0000/004", CARD, "银行卡"),
    _written("a card of Hong Kong with hyphens", "A-1-2-3-4-5-6-(3)", HKID, "證件 "),
    _written("a phone with hyphens and a word for it", _between("-", PHONE), PHONE, "手机"),
    _written("a residence permit with dots", _between(".", GAT), GAT),
    _written("full-width digits with zero-width blanks", _between("\u200b", _from(0xFF10))),
    _written("circled digits with hyphens", _between("-", _with(_CIRCLED))),
)

_BACKWARDS = RIC[::-1]
_WHOLE = "text:"

ORDER = (
    hidden("backwards under an override", f"号 \u202e{_BACKWARDS}\u202c 。", TEXT, _WHOLE, _BACKWARDS, id=RIC),
    hidden("backwards to the end", f"号 \u202e{_BACKWARDS}", TEXT, _WHOLE, _BACKWARDS, id=RIC),
    hidden("backwards, brackets mirrored", "號 \u202e(3)654321A\u202c 。", TEXT, _WHOLE, "(3)654321A", id=HKID),
    hidden("backwards, brackets as a machine leaves them", "號 \u202e)3(654321A\u202c 。", TEXT, _WHOLE, ")3(654321A",
           id=HKID),
    hidden("half of it backwards", f"号 {RIC[:6]}\u202e{RIC[:5:-1]}\u202c 。", TEXT, _WHOLE,
           f"{RIC[:6]}\u202e{RIC[:5:-1]}", id=RIC),
    hidden("in tag characters", "x" + "".join(chr(0xE0000 + ord(each)) for each in f" {RIC} ") + "y", TEXT, _WHOLE,
           "".join(chr(0xE0000 + ord(each)) for each in RIC), id=RIC),
    hidden("decomposed words around it", unicodedata.normalize("NFD", f"identificação {RIC} emitida"), TEXT, _WHOLE),
    hidden("behind the number of an item", f"①{PHONE}", TEXT, _WHOLE, PHONE, bare=True),
    hidden("before a Chinese numeral", f"拨打{PHONE}一次", TEXT, _WHOLE, PHONE),
    hidden("between Chinese characters", f"电话{PHONE}号", TEXT, _WHOLE, PHONE),
)  # fmt: skip

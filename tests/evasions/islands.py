"""Islands: identifiers written inside a value in an alphabet of their own, alone and nested."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import json
from urllib.parse import quote

from gateway.vocabulary import Unread
from tests.evasions.case import HKID, JSON, PHONE, RIC, TEXT, Case, hidden, sealed

_INNER = f'{{"sfzh":"{RIC}"}}'
_SENTENCE = f"resident {RIC} moved"


def _b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def _b64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _in_json(name: str, value: str, place: str, seen: str = RIC, id: str = "") -> Case:
    """``value`` is a member of an object; ``place`` is what follows its own."""
    return hidden(name, json.dumps({"note": value}), JSON, f"json:/note{place}", seen, id=id)


def _hex(text: str, between: str = "", before: str = "") -> str:
    return between.join(f"{before}{byte:02x}" for byte in text.encode())


def _told(number: str, words: str) -> str:
    return ", ".join(words.split()[int(digit)] for digit in number)


_FULL_WIDTH = RIC.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
_JWT = f"{_b64url(json.dumps({'alg': 'none'}))}.{_b64url(_INNER)}."

ISLANDS = (
    _in_json("json in a string", _INNER, "!json:/sfzh"),
    _in_json("json in a string in a string", json.dumps({"inner": _INNER}), "!json:/inner!json:/sfzh"),
    _in_json("a list in a string", f'[1, "{RIC}"]', "!json:/1"),
    _in_json("xml in a string", f"<p><id>{RIC}</id></p>", "!xml:/p/id"),
    _in_json("a form in a string", f"a=1&sfzh={quote(RIC[:17])}%36&b=2", "!percent!form:/sfzh"),
    _in_json("base64", _b64(_SENTENCE), "!base64!text:"),
    _in_json("base64 of json", _b64(_INNER), "!base64!json:/sfzh"),
    _in_json("base64 inside a sentence", f"see {_b64(_SENTENCE)} please", "!base64!text:"),
    _in_json("base64 of base64", _b64(_b64(_SENTENCE)), "!base64!text:!base64!text:"),
    _in_json("base64 of gzip", _b64(gzip.compress(_INNER.encode())), "!base64!gz:/content!json:/sfzh"),
    _in_json("base64 of utf-16", _b64(f"身份证号码{RIC}".encode("utf-16")), "!base64!text:"),
    _in_json("base64 of utf-16 without a mark", _b64(f"身份证号码{RIC}".encode("utf-16-le")), "!base64!text:"),
    _in_json("base64 of gb18030", _b64(f"客户的身份证号码是{RIC}请核对".encode("gb18030")), "!base64!text:"),
    _in_json("base64url without padding", _b64url(f"身份证？{_SENTENCE}"), "!base64!text:"),
    _in_json("base64 in lines", "\r\n".join(_b64(_SENTENCE * 3)[at : at + 40] for at in range(0, 116, 40)),
             "!base64!text:"),
    _in_json("hex", _hex(_SENTENCE), "!hex!text:"),
    _in_json("hex in capitals", _hex(_SENTENCE).upper(), "!hex!text:"),
    _in_json("hex with 0x before it", "0x" + _hex(_SENTENCE), "!hex!text:"),
    _in_json("hex with blanks", _hex(_SENTENCE, " "), "!hex!text:"),
    _in_json("hex with colons", _hex(_SENTENCE, ":"), "!hex!text:"),
    _in_json("hex of base64", _hex(_b64(_SENTENCE)), "!hex!text:!base64!text:"),
    _in_json("percent", "".join(f"%{byte:02X}" for byte in RIC.encode()), "!percent!text:"),
    _in_json("percent twice", "".join(f"%25{byte:02X}" for byte in RIC.encode()), "!percent!text:!percent!text:"),
    _in_json("quoted-printable", "".join(f"={byte:02X}" for byte in RIC.encode()), "!printable!text:"),
    _in_json("a soft line end of quoted-printable", f"id {RIC[:9]}=\r\n{RIC[9:]} =E5=8F=B7", "!printable!text:"),
    _in_json("html entities", "".join(f"&#{ord(each)};" for each in RIC), "!entity!text:"),
    _in_json("html entities in hex", "".join(f"&#x{ord(each):x};" for each in RIC), "!entity!text:"),
    _in_json("named html entities", f"{HKID[:7]}&lpar;3&rpar;", "!entity!text:", HKID),
    _in_json("escapes inside a string", "".join(f"\\u{ord(each):04x}" for each in RIC), "!escape!text:"),
    _in_json("hex escapes inside a string", "".join(f"\\x{ord(each):02x}" for each in RIC), "!escape!text:"),
    _in_json("a JSON Web Token", _JWT, "!base64!json:/sfzh"),
    _in_json("data: URI in base64", f"data:text/plain;base64,{_b64(_SENTENCE)}", "!data!text:"),
    _in_json("data: URI in percent", f"data:text/plain,{''.join(f'%{byte:02X}' for byte in RIC.encode())}",
             "!data!text:"),
    _in_json("full-width digits in utf-7", _FULL_WIDTH.encode("utf-7").decode(), "!utf7!text:", _FULL_WIDTH, RIC),
    hidden("escapes of json", '{"note": "' + "".join(f"\\u{ord(each):04x}" for each in RIC) + '"}', JSON, "json:/note",
           written="".join(f"\\u{ord(each):04x}" for each in RIC)),
    hidden("one escape of json", f'{{"note": "\\u0034{RIC[1:]}"}}', JSON, "json:/note", written=f"\\u0034{RIC[1:]}"),
    hidden("json in plain text", f"as sent: {_INNER} thanks", TEXT, "text:"),
    hidden("base64 in plain text", f"attached:\n{_b64(_SENTENCE)}\n", TEXT, "text:!base64!text:"),
    hidden("entities in plain text", f"tel {html.escape('<')}{''.join(f'&#{ord(each)};' for each in PHONE)}", TEXT,
           "text:!entity!text:", PHONE),
    hidden("base64 in xml", f"<a><b>{_b64(_SENTENCE)}</b></a>", "application/xml", "xml:/a/b!base64!text:"),
    hidden("base64 in a table", f"n,data\n1,{_b64(_SENTENCE)}\n", "text/csv", "csv:/2/data!base64!text:"),
    hidden("base64 in a form", f"a=1&data={quote(_b64(_SENTENCE), safe='')}", "application/x-www-form-urlencoded",
           "form:/data!base64!text:"),
    sealed("a message of OpenPGP",
           json.dumps({"note": "-----BEGIN PGP MESSAGE-----\n\nhQEMA5\n-----END PGP MESSAGE-----"})
           .encode(), JSON, Unread.ENCRYPTED, "json:/note"),
)  # fmt: skip


def _nested(levels: int) -> str:
    text = _SENTENCE
    for _ in range(levels):
        text = _b64url(text)
    return text


CODES = (
    _in_json("the codes of characters", " ".join(str(ord(each)) for each in RIC), "!codes!text:"),
    hidden("a buffer as JavaScript writes it", json.dumps({"type": "Buffer", "data": list(_SENTENCE.encode())}), JSON,
           "json:/data/0!codes!text:"),
    hidden("a typed array as JavaScript writes it", json.dumps(dict(enumerate(_SENTENCE.encode()))), JSON,
           "json:/0!codes!text:"),
    hidden("a script that spells", f"<script>String.fromCharCode({','.join(str(ord(each)) for each in RIC)})</script>",
           "text/html", "html:/script[1]!codes!text:"),
    _in_json("base32", base64.b32encode(_SENTENCE.encode()).decode(), "!base32!text:"),
    _in_json("Ascii85", base64.a85encode(_SENTENCE.encode(), adobe=True).decode(), "!ascii85!text:"),
    hidden("uuencode", f"begin 644 a.txt\n{binascii.b2a_uu(_SENTENCE.encode()).decode()}`\nend\n", TEXT,
           "text:!uu!text:"),
    _in_json("figures told in English", f"the ID is {_told(RIC, 'zero one two three four five six seven eight nine')}.",
             "!words!text:"),
    _in_json("figures told in Portuguese",
             f"o número é {_told(RIC, 'zero um dois três quatro cinco seis sete oito nove')}.", "!words!text:"),
    _in_json("figures told twice", "mobile one three eight double zero one three eight triple zero", "!words!text:",
             PHONE),
    hidden("a floating-point number", '{"phone": 1.3800138e10}', JSON, "json:/phone!number!text:", PHONE),
    hidden("a number with an exponent of nought", '{"phone": 13800138000E0}', JSON, "json:/phone!number!text:", PHONE),
    hidden("a cell as a spreadsheet shows it", "n,phone\n1,1.3800138E+10\n2,1.3800138E+10\n", "text/csv",
           "csv:/2/phone!number!text:", PHONE),
)  # fmt: skip

DEPTHS = (
    _in_json("base64 five times", _nested(5), "!base64!text:" * 5),
    sealed("base64 twelve times", json.dumps({"note": _nested(12)}).encode(), JSON, Unread.TOO_DEEP,
           "json:/note" + "!base64!text:" * 8 + "!base64"),
)  # fmt: skip

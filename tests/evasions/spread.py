"""Identifiers spread over neighbouring values: fields, lists of characters, cells, steps, rows."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import cbor2
import msgpack

from tests.evasions.case import BIR, CARD, GAT, HKID, JSON, PHONE, RIC, RIC_X, Case, enveloped, hidden

_PIECES = ("110105", "19491231", "002X")
_SPLIT = dict(zip("abc", _PIECES, strict=True))
_FORM, _CSV, _XML, _YAML = "application/x-www-form-urlencoded", "text/csv", "application/xml", "application/yaml"


def _json(name: str, value: object, where: str, seen: str = RIC_X, id: str = "") -> Case:
    return hidden(name, json.dumps(value, ensure_ascii=False), JSON, where, seen, id=id)


def _cut(text: str, *sizes: int) -> list[str]:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(text[at : at + size])
        at += size
    return [*pieces, text[at:]]


SPREAD = (
    _json("fields of an object", _SPLIT, "json:/a"),
    _json("fields with numbers in their names", {"id1": _PIECES[0], "id2": _PIECES[1], "id3": _PIECES[2]}, "json:/id1"),
    _json("fields named by numbers", dict(enumerate(_PIECES, 1)), "json:/1"),
    _json("fields with Chinese names", {"前六位": _PIECES[0], "出生日期": _PIECES[1], "后四位": _PIECES[2]},
          "json:/前六位"),
    _json("fields among others", {"n": 3, "x": "open", **_SPLIT, "y": "closed", "m": 12}, "json:/a"),
    _json("with null and nothing between", {"a": _PIECES[0], "b": None, "c": "", "d": _PIECES[1], "e": _PIECES[2]},
          "json:/a"),
    _json("objects within", {"p": {"a": _PIECES[0]}, "q": {"a": _PIECES[1]}, "r": {"a": _PIECES[2]}}, "json:/p/a"),
    _json("a list of characters", list(RIC_X), "json:/0"),
    _json("a list of numbers", [int(each) for each in RIC], "json:/0", RIC),
    _json("a list of pairs", _cut(RIC, *[2] * 8), "json:/0", RIC),
    _json("a list of threes", _cut(RIC, *[3] * 5), "json:/0", RIC),
    _json("a list cut anyhow", _cut(RIC, 7, 5), "json:/0", RIC),
    _json("characters by number", {str(at): each for at, each in enumerate(RIC)}, "json:/0", RIC),
    _json("objects of a character each", [{"c": each} for each in RIC], "json:/0/c", RIC),
    _json("full-width characters", list("１１０１０５１９４９１２３１００２Ｘ"), "json:/0",
          "１１０１０５１９４９１２３１００２Ｘ", RIC_X),
    _json("circled characters", list("①①⓪①⓪⑤①⑨④⑨①②③①⓪⓪②X"), "json:/0", "①①⓪①⓪⑤①⑨④⑨①②③①⓪⓪②X", RIC_X),
    _json("Chinese numerals, one by one", {"sfzh": list("四四〇一〇五一九九〇〇三〇七一〇一六")}, "json:/sfzh/0",
          "四四〇一〇五一九九〇〇三〇七一〇一六", RIC),
    _json("a residence permit", _cut(GAT, 6, 8), "json:/0", GAT),
    _json("a card of Hong Kong, character by character", list(HKID), "json:/0", HKID),
    _json("a card of Hong Kong under its name", {"hkid": {"prefix": "A", "digits": "123456", "check": "3"}},
          "json:/hkid/prefix", "A1234563", HKID),
    _json("a card of Hong Kong in two fields", {"hkid1": "A123", "hkid2": "456(3)"}, "json:/hkid1", HKID),
    _json("a bank card, digit by digit", list(CARD), "json:/0", CARD),
    _json("a bank card in fours", _cut(CARD, 4, 4, 4, 4), "json:/0", CARD),
    _json("a bank card under its name", {"银行卡号": _cut(CARD, 6, 10)}, "json:/银行卡号/0", CARD),
    _json("a phone under its name", {"mobile": ["138", "0013", "8000"]}, "json:/mobile/0", PHONE),
    _json("a phone, digit by digit, under its name", {"手机号": list(PHONE)}, "json:/手机号/0", PHONE),
    _json("a card of Macao, digit by digit, under its name", {"bir": list("12345678")}, "json:/bir/0", "12345678", BIR),
    hidden("in names of fields", json.dumps(dict.fromkeys(_PIECES, "x")), JSON, f"json:/{_PIECES[0]}/~key", RIC_X),
    hidden("escaped in part", '{"a": "\\u003110105", "b": "19491231", "c": "002X"}', JSON, "json:/a", RIC_X,
           written="\\u00311010519491231002X"),
    hidden("fields of a form", urlencode(_SPLIT), _FORM, "form:/a", RIC_X),
    hidden("numbered fields of a form", "mobile1=138&mobile2=0013&mobile3=8000", _FORM, "form:/mobile1", PHONE),
    hidden("cells of a row", f"p,q,r,n\n{','.join(_PIECES)},5\nx,y,z,6\n", _CSV, "csv:/2/p", RIC_X),
    hidden("cells of a column", "digit\n" + "\n".join(RIC) + "\n", _CSV, "csv:/2/digit", RIC),
    hidden("cells with tabs", "p\tq\tr\n" + "\t".join(_PIECES) + "\n", "text/tab-separated-values", "csv:/2/p", RIC_X),
    hidden("elements", f"<a><b>{_PIECES[0]}</b><c>{_PIECES[1]}</c><d>{_PIECES[2]}</d></a>", _XML, "xml:/a/b", RIC_X),
    hidden("attributes", f'<a b="{_PIECES[0]}" c="{_PIECES[1]}" d="{_PIECES[2]}"/>', _XML, "xml:/a/@b", RIC_X),
    hidden("an element for each character", "<a>" + "".join(f"<d>{each}</d>" for each in RIC) + "</a>", _XML,
           "xml:/a/d", RIC),
    hidden("cells of a page", f"<table><tr><td>{'</td><td>'.join(_PIECES)}</td></tr></table>", "text/html",
           "html:/td[1]", RIC_X),
    hidden("a list of yaml", f"n:\n- '{"'\n- '".join(_PIECES)}'\n", _YAML, "yaml:/n/0", RIC_X),
    hidden("lines of json", "\n".join(json.dumps({"p": each}) for each in _PIECES) + "\n", "application/x-ndjson",
           "ndjson:/0/p", RIC_X),
    hidden("values of MessagePack", msgpack.packb(list(_PIECES)), "application/msgpack", "msgpack:/0", RIC_X),
    hidden("numbers of MessagePack", msgpack.packb([int(each) for each in RIC]), "application/msgpack", "msgpack:/0",
           RIC),
    hidden("values of CBOR", cbor2.dumps(_SPLIT), "application/cbor", "cbor:/a", RIC_X),
    hidden("rows of protobuf", b"".join(bytes((tag << 3 | 2, len(each))) + each.encode()
           for tag, each in enumerate(_PIECES, 1)), "application/x-protobuf", "protobuf:/1", RIC_X),
    enveloped("steps of the path", "path:/2", RIC_X, target=f"/v1/{'/'.join(_PIECES)}".encode()),
    enveloped("parameters of the query", "query:/a", RIC_X, target=f"/v1/statistics?{urlencode(_SPLIT)}".encode()),
    enveloped("one parameter again and again", "query:/d", RIC,
              target=f"/v1/statistics?{'&'.join(f'd={each}' for each in RIC)}".encode()),
    enveloped("fields of the head", "header:x-a", RIC_X,
              headers=tuple((f"X-{name}".encode(), each.encode()) for name, each in _SPLIT.items())),
    enveloped("cookies", "cookie:a", RIC_X,
              headers=((b"cookie", "; ".join(f"{name}={each}" for name, each in _SPLIT.items()).encode()),)),
)  # fmt: skip

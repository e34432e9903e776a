"""What stands around a body: path, query, fields, cookies, trailers."""

from __future__ import annotations

import base64
from urllib.parse import quote

from tests.evasions.case import EMAIL, HKID, PHONE, RIC, Case, enveloped


def _field(name: str, field: str, value: bytes, where: str, seen: str = RIC, *, id: str = "") -> Case:
    return enveloped(name, where, seen, id=id, headers=((field.encode(), value),))


_FULL_WIDTH = RIC.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
_PERCENT = "".join(f"%{byte:02X}" for byte in RIC.encode())
_BASIC = base64.b64encode(f"clerk:{RIC}".encode())

ENVELOPE = (
    _field("a field", "X-Resident", RIC.encode(), "header:x-resident"),
    _field("the name of a field", f"X-{RIC}", b"1", f"header:x-{RIC}/~key"),
    _field("a field with other words", "X-Note", f"see {HKID}, please".encode(), "header:x-note", HKID),
    _field("a field in utf-8", "X-Note", f"身份证{RIC}".encode(), "header:x-note"),
    _field("full-width digits in a field", "X-Note", _FULL_WIDTH.encode(), "header:x-note", _FULL_WIDTH, id=RIC),
    _field("a field in gb18030", "X-Note", f"身份证{RIC}".encode("gb18030"), "header:x-note"),
    _field("encoded words", "X-Note", f"=?utf-8?B?{base64.b64encode(RIC.encode()).decode()}?=".encode(),
           "header:x-note"),
    _field("encoded words in Q", "X-Note", f"=?utf-8?Q?{_PERCENT.replace('%', '=')}?=".encode(), "header:x-note"),
    _field("percent in a field", "X-Note", _PERCENT.encode(), "header:x-note!percent!text:"),
    _field("json in a field", "X-Context", f'{{"sfzh":"{RIC}"}}'.encode(), "header:x-context!json:/sfzh"),
    _field("base64 in a field", "X-Context", _BASIC, "header:x-context!base64!text:"),
    _field("credentials of basic authentication", "Authorization", b"Basic " + _BASIC,
           "header:authorization!base64!text:"),
    _field("the address of a referring page", "Referer", f"https://a.example/p?id={RIC}".encode(), "header:referer"),
    _field("who is calling", "User-Agent", f"client/1.0 ({EMAIL})".encode(), "header:user-agent", EMAIL),
    _field("where it is forwarded from", "From", EMAIL.encode(), "header:from", EMAIL),
    _field("a cookie", "Cookie", f"a=1; sfzh={RIC}; b=2".encode(), "cookie:sfzh"),
    _field("the name of a cookie", "Cookie", f"a=1; {RIC}=x".encode(), f"cookie:{RIC}/~key"),
    enveloped("percent in a cookie", "cookie:who", written=_PERCENT,
              headers=((b"cookie", f"a=1; who={_PERCENT}".encode()),)),
    _field("base64 in a cookie", "Cookie", b"session=" + base64.b64encode(f'{{"id":"{RIC}"}}'.encode()),
           "cookie:session!base64!json:/id"),
    enveloped("a step of the path", "path:/2", target=f"/v1/{RIC}".encode()),
    enveloped("percent in the path", "path:/2", written=_PERCENT, target=f"/v1/{_PERCENT}".encode()),
    enveloped("percent twice in the path", "path:/2!percent!text:",
              target=f"/v1/{_PERCENT.replace('%', '%25')}".encode()),
    enveloped("a number in a longer step", "path:/2", PHONE, target=f"/v1/user-{PHONE}".encode(), bare=True),
    enveloped("the query", "query:/id", target=f"/v1/statistics?id={RIC}&p=1".encode()),
    enveloped("percent in the query", "query:/id", written=_PERCENT, target=f"/v1/statistics?id={_PERCENT}".encode()),
    enveloped("the name of a parameter", f"query:/{RIC}/~key", target=f"/v1/statistics?{RIC}=1".encode()),
    enveloped("a query that is no form", f"query:/{RIC}/~key", target=f"/v1/statistics?{RIC}".encode()),
    enveloped("plus for blanks", "query:/q", "4401 0519 9003 0710 16", id=RIC, written="4401+0519+9003+0710+16",
              target=b"/v1/statistics?q=4401+0519+9003+0710+16"),
    enveloped("json in the query", "query:/q!json:/id",
              target=f"/v1/statistics?q={quote(f'{{"id":"{RIC}"}}')}".encode()),
    enveloped("brackets of a card in the query", "query:/q", HKID, written=quote(HKID, safe=""),
              target=f"/v1/statistics?q={quote(HKID, safe='')}".encode()),
    enveloped("a trailer", "header:x-resident", trailers=((b"x-resident", RIC.encode()),)),
    enveloped("a cookie in a trailer", "cookie:sid", trailers=((b"set-cookie", f"sid={RIC}".encode()),)),
)  # fmt: skip

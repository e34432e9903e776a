"""A case: a message, and what must be seen in it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.vocabulary import Leg, Transfer, Unread
from tests.given import transfer

RIC = "440105199003071016"
RIC_X = "11010519491231002X"
GAT = "810000199003070015"
HKID = "A123456(3)"
BIR = "1234567(8)"
PHONE = "13800138000"
HK_PHONE = "61234567"
CARD = "6217000000000000004"
USCC = "91440300MA5ABCDE0E"
EMAIL = "li.si@example.com"
"""Synthetic; the check digits of all that have one are valid."""

IDS = {
    RIC: "pi.id.cn.ric",
    RIC_X: "pi.id.cn.ric",
    GAT: "pi.id.cn.gat_residence",
    HKID: "pi.id.hk.hkid",
    BIR: "pi.id.mo.bir",
    PHONE: "pi.contact.phone",
    HK_PHONE: "pi.contact.phone",
    CARD: "pi.fin.card",
    EMAIL: "pi.contact.email",
}

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True)
class Case:
    """One message. Either something must be found, or it must be opaque, or (a look-alike) neither."""

    name: str
    body: bytes = b""
    type: str = ""
    category: str = ""
    where: str = ""
    """Place at which it must be found, or at which something must be opaque."""
    seen: str = ""
    """The stretch of the value that must be found: as it is meant, escapes undone."""
    written: str = ""
    """The same as it stands in the text of its part; "" where it stands there as it is meant."""
    opaque: Unread | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    trailers: tuple[tuple[bytes, bytes], ...] = ()
    target: bytes = b"/v1/statistics"
    bare: bool = False
    """Whether it is a telephone number with nothing beside it that says so, which is possible and no more."""
    gap: str = ""
    """Why it is not seen today, or seen where nothing is; "" where all is well. A gap that closes must be taken out."""

    def transfer(self) -> Transfer:
        """The case as the door would hand it over: a request from Zhuhai to the statistics of the Macao counter."""
        made = transfer(self.body, target=self.target, leg=Leg.REQUEST)
        fields = self.headers + (((b"content-type", self.type.encode()),) if self.type else ())
        envelope = type(made.envelope)(
            made.envelope.method,
            made.envelope.scheme,
            made.envelope.host,
            made.envelope.port,
            self.target,
            fields,
            self.trailers,
        )
        return type(made)(made.id, made.at, made.leg, made.exporter, made.recipient, envelope, self.body)


def hidden(
    name: str,
    body: bytes | str,
    type: str,
    where: str,
    seen: str = RIC,
    *,
    id: str = "",
    bare: bool = False,
    **more: str,
) -> Case:
    """A body in which ``seen`` stands at ``where``; ``id`` is the identifier that it is a spelling of."""
    data = body.encode() if isinstance(body, str) else body
    return Case(name, data, type, IDS[id or seen], where, seen, more.get("written", ""), bare=bare)


def sealed(name: str, body: bytes, type: str, reason: Unread, where: str) -> Case:
    """A body of which something cannot be read."""
    return Case(name, body, type, where=where, opaque=reason)


def enveloped(name: str, where: str, seen: str = RIC, *, id: str = "", written: str = "", **more: object) -> Case:
    """A message that hides something around its body."""
    return Case(name, b"{}", JSON, IDS[id or seen], where, seen, written, **more)  # type: ignore[arg-type]

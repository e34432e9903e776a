"""What the demo sends: twenty-odd exchanges in both directions, each with what the rules promise of it.

All persons and numbers are invented; the check digits are valid, so that the recognisers see what they would see.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from gateway.cli.demo.clients import Message
from gateway.cli.demo.upstreams import Answer, Arrival

COUNTER = "counter.macao.example"
CLINIC = "clinic.hk.example"
HOSPITAL = "api.hospital.shenzhen.example"
ELSEWHERE = "collector.example"
SENDERS = {"portal": "demo-zhuhai", "clinic": "demo-hk-clinic", "hospital": "demo-shenzhen", "stranger": "demo-nobody"}
"""Who sends, and the token that proves it; the whitelist knows all of them but the last."""

APPLICATION = {
    "applicant": {"name": "陳大文", "bir": "1234567(8)", "phone": "66123456"},
    "matter": "business-registration",
}
WEBSOCKET = (
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "a291YW4gZGVtbyBub25jZQ=="),
)
STATISTICS = {"month": "2026-10", "count": 118, "median_days": 4}


class Fate(StrEnum):
    """What becomes of an exchange."""

    PERMITTED = "permitted"
    MASKED = "masked"
    REFUSED = "refused"
    ANSWER_REFUSED = "answer refused"
    """The request went through, and what came back did not."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One exchange, and what is promised of it."""

    title: str
    way: str
    sender: str
    message: Message
    fate: Fate
    rule: str = ""
    """A rule that must be among those that refuse."""
    status: int = 200
    raw: bytes = field(default=b"", repr=False)
    """Sent after CONNECT in place of a request."""


def patient(arrival: Arrival) -> Answer:
    """Answer as the hospital's record system does; number 9 is badly configured and answers with a list."""
    one = {"patient": {"name": "李小明", "hkid": "A123456(3)", "phone": "13800138000", "diagnosis": "asthma"}}
    many = {
        "patients": [{"name": "李小明", "hkid": "A123456(3)", "permit": "H1234567802", "card": "6217000000000000004"}]
    }
    if arrival.method == "POST":
        return Answer(b'{"accepted": true}')
    found = many if arrival.target.endswith("/9") else one
    return Answer(json.dumps(found, ensure_ascii=False).encode())


ANSWERS: Mapping[str, Callable[[Arrival], Answer]] = {
    COUNTER: lambda _: Answer(b'{"accepted": true}'),
    CLINIC: lambda _: Answer(b'{"accepted": true}'),
    HOSPITAL: patient,
}


def _post(host: str, target: str, content: object, media_type: str = "application/json", **fields: str) -> Message:
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    headers = (("Content-Type", media_type), *((name.replace("_", "-"), value) for name, value in fields.items()))
    return Message(host, "POST", target, headers, body)


def _application(content: object = APPLICATION, media_type: str = "application/json", **fields: str) -> Message:
    return _post(COUNTER, "/v1/applications", content, media_type, **fields)


def _statistics(content: object = STATISTICS, media_type: str = "application/json", **fields: str) -> Message:
    return _post(COUNTER, "/v1/statistics", content, media_type, **fields)


def _sealed() -> bytes:
    """Return an archive that says that its file is encrypted."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("list.txt", "440105199003071016")
    data = bytearray(packed.getvalue())
    for record, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(record) + flags] |= 1
    return bytes(data)


@cache
def scenes() -> tuple[Scene, ...]:
    """Return all scenes, in the order in which they are played."""
    gbk = json.dumps({"备注": "申请人身份证440105199003071016"}, ensure_ascii=False).encode("gb18030")
    out, back, reads = "Zhuhai → Macao", "HK → Shenzhen", "Shenzhen → HK, answer"
    referral = {"patient": {"name": "李小明", "hkid": "A123456(3)", "diagnosis": "asthma"}, "reason": "follow-up"}
    report = {"patient": {"name": "李小明", "hkid": "A123456(3)"}, "report": "stable"}
    full_width = {"note": "證件４４０１０５１９９００３０７１０１６號"}
    return (
        Scene("An application; the phone number is masked", out, "portal", _application(), Fate.MASKED),
        Scene("Monthly figures with nobody in them", out, "portal", _statistics(), Fate.PERMITTED),
        Scene(
            "A referral with name, HKID and diagnosis",
            "Shenzhen → HK",
            "hospital",
            _post(CLINIC, "/v1/referrals", referral),
            Fate.PERMITTED,
        ),
        Scene(
            "A record that a doctor reads; phone masked",
            reads,
            "clinic",
            Message(HOSPITAL, "GET", "/v1/patients/7"),
            Fate.MASKED,
        ),
        Scene(
            "A specialist's report, under Hong Kong law",
            back,
            "clinic",
            _post(HOSPITAL, "/v1/reports", report),
            Fate.PERMITTED,
        ),
        Scene(
            "An answer with more than the entry lists",
            reads,
            "clinic",
            Message(HOSPITAL, "GET", "/v1/patients/9"),
            Fate.ANSWER_REFUSED,
            "beyond-entry",
            451,
        ),
        Scene(
            "Figures with one resident ID among them",
            out,
            "portal",
            _statistics({**STATISTICS, "contact": "440105199003071016"}),
            Fate.REFUSED,
            "beyond-entry",
            451,
        ),
        Scene(
            "The same ID in full-width digits",
            out,
            "portal",
            _statistics(full_width),
            Fate.REFUSED,
            "beyond-entry",
            451,
        ),
        Scene(
            "The same ID, the text in GBK",
            out,
            "portal",
            _statistics(gbk, "application/json; charset=gbk"),
            Fate.REFUSED,
            "beyond-entry",
            451,
        ),
        Scene(
            "The same ID, compressed",
            out,
            "portal",
            _statistics(gzip.compress(b'{"note":"440105199003071016"}'), Content_Encoding="gzip"),
            Fate.REFUSED,
            "beyond-entry",
            451,
        ),
        Scene(
            "The same ID in a header",
            out,
            "portal",
            _statistics(X_Note="440105199003071016"),
            Fate.REFUSED,
            "beyond-entry",
            451,
        ),
        Scene(
            "The same ID in the query, percent-encoded",
            out,
            "portal",
            _post(COUNTER, "/v1/statistics?q=%34%34%30%31%30%35199003071016", STATISTICS),
            Fate.REFUSED,
            "beyond-entry",
            451,
        ),
        Scene(
            "A bank card in an application",
            out,
            "portal",
            _application({**APPLICATION, "card": "6217000000000000004"}),
            Fate.REFUSED,
            "beyond-entry",
            451,
        ),
        Scene(
            "A private key",
            out,
            "portal",
            _application({**APPLICATION, "note": "-----BEGIN PRIVATE KEY-----"}),
            Fate.REFUSED,
            "secrets",
            451,
        ),
        Scene(
            "A state-secret mark",
            out,
            "portal",
            _statistics({"title": "机密★10年"}),
            Fate.REFUSED,
            "state-secrets",
            451,
        ),
        Scene(
            "An encrypted archive",
            out,
            "portal",
            _statistics(_sealed(), "application/zip"),
            Fate.REFUSED,
            "opaque-content",
            451,
        ),
        Scene(
            "A compression bomb",
            out,
            "portal",
            _statistics(gzip.compress(bytes(64 << 20), 9), Content_Encoding="gzip"),
            Fate.REFUSED,
            "opaque-content",
            451,
        ),
        Scene("Broken JSON", out, "portal", _statistics(b'{"month": '), Fate.REFUSED, "opaque-content", 451),
        Scene(
            "The same key twice",
            out,
            "portal",
            _statistics(b'{"count": 1, "count": 2}'),
            Fate.REFUSED,
            "content-oddities",
            451,
        ),
        Scene(
            "A booking; the entry ended in June",
            out,
            "portal",
            _post(COUNTER, "/v1/bookings", {"name": "陳大文"}),
            Fate.REFUSED,
            "entry-in-force",
            451,
        ),
        Scene(
            "A path that no entry lists",
            out,
            "portal",
            _post(COUNTER, "/v1/export", STATISTICS),
            Fate.REFUSED,
            "no-entry",
            451,
        ),
        Scene(
            "A sender whom nobody knows", "? → Macao", "stranger", _statistics(), Fate.REFUSED, "unknown-exporter", 403
        ),
        Scene(
            "A host that nobody listed",
            "Zhuhai → ?",
            "portal",
            _post(ELSEWHERE, "/", STATISTICS),
            Fate.REFUSED,
            "house",
            403,
        ),
        Scene(
            "A WebSocket where no entry says so",
            out,
            "portal",
            Message(COUNTER, "GET", "/v1/statistics", WEBSOCKET),
            Fate.REFUSED,
            "no-entry",
            451,
        ),
        Scene(
            "Bytes after CONNECT that are no HTTP",
            out,
            "portal",
            Message(COUNTER),
            Fate.REFUSED,
            "",
            0,
            raw=b"\x00\x01SSH-2.0-nothing\r\n\r\n",
        ),
    )

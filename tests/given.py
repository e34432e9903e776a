"""What tests start from: the shipped rulebook, harmless transfers, a ledger in memory, a planted set of identifiers."""

import json
import sqlite3
import weakref
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

from gateway.ledger import LedgerClosed, Writing
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import BEIJING, Envelope, Leg, Proof, Receipt, State, Transfer

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING)

APPLICATION = {
    "applicant": {"name": "陳大文", "bir": "1234567(8)", "phone": "66123456"},
    "matter": "business-registration",
}
"""What the Zhuhai portal lawfully sends to the Macao counter."""

PLANTED = {
    "resident_id": "440105199003071016",
    "hkid": "A123456(3)",
    "bir": "1234567(8)",
    "home_return_permit": "H1234567802",
    "mobile_cn": "13800138000",
    "card": "6217000000000000004",
}
"""Synthetic identifiers with valid check digits; no record, log, metric or refusal may hold one."""


@cache
def shipped() -> Rulebook:
    """The rulebook that is in the box."""
    return load(ROOT)


def without_entries(book: Rulebook, *ids: str) -> Rulebook:
    """The same rulebook with these entries struck out."""
    return replace(book, entries={key: value for key, value in book.entries.items() if key not in ids})


def transfer(
    body: bytes | object = None,
    *,
    exporter: str = "zhuhai-e-service",
    recipient: str = "macao-counter",
    host: str = "counter.macao.example",
    method: str = "POST",
    target: bytes = b"/v1/applications",
    leg: Leg = Leg.REQUEST,
    headers: Mapping[str, str] | None = None,
    state: State = State.COMPLETE,
    status: int = 0,
    at: datetime = NOON,
) -> Transfer:
    """A transfer as a door would build it; with nothing said, a lawful application from Zhuhai to Macao."""
    members = shipped().members
    content = APPLICATION if body is None else body
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    fields = {"content-type": "application/json", **(headers or {})} if data else dict(headers or {})
    return Transfer(
        id=str(uuid4()),
        at=at,
        leg=leg,
        exporter=replace(members[exporter].party, proof=Proof.TOKEN),
        recipient=replace(members[recipient].party, proof=Proof.HOST),
        envelope=Envelope(
            method=method,
            scheme="https",
            host=host,
            port=443,
            target=target,
            headers=tuple((name.encode(), value.encode("utf-8")) for name, value in fields.items()),
            status=status,
        ),
        body=data,
        state=state,
    )


class Memory:
    """A ledger in memory that remembers order, and can be told to fail."""

    def __init__(self, *, closed: bool = False) -> None:
        self.entries: list[bytes] = []
        self.closed = closed
        self.database: sqlite3.Connection | None = None

    async def append(self, entry: bytes, nonces: Mapping[str, bytes] = {}) -> Receipt:
        """Keep the entry, or refuse as a full disk would."""
        if self.closed:
            raise LedgerClosed("disk_full")
        self.entries.append(entry)
        return Receipt(index=len(self.entries) - 1, leaf=bytes(32))

    async def settle(self, writing: Writing) -> Receipt:
        """Let it write into a database in memory, and keep its entry."""
        if self.closed:
            raise LedgerClosed("disk_full")
        return await self.append(*writing(self.reading()))

    def reading(self) -> sqlite3.Connection:
        """That database; it goes with this ledger."""
        if self.database is None:
            self.database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            weakref.finalize(self, self.database.close)
        return self.database

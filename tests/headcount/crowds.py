"""A rulebook with one exporter group, bases that count and one that does not, and facts made by hand."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256

from gateway.headcount import Cargo, Count
from gateway.rulebook.book import Basis, Ceiling, Entry, Instrument, Rulebook, Threshold, Validity
from gateway.vocabulary import (
    BEIJING,
    Certainty,
    Facts,
    Found,
    Grade,
    Individuals,
    Jurisdiction,
    Leg,
    Party,
    Standing,
    State,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING)
BANK = Party("bank", Jurisdiction.CN, "Bank", group="holding")
CLINIC = Party("clinic", Jurisdiction.CN, "Clinic", group="holding")
LONER = Party("loner", Jurisdiction.CN, "Loner")
COUNTER = Party("counter", Jurisdiction.MO, "Counter")
ALWAYS = Validity(date(2020, 1, 1), date(2039, 12, 31))


def basis(name: str, kind: str) -> Basis:
    """A basis of ``kind``, for everybody."""
    return Basis(name, kind, {"en": name}, "", "bank", ("counter",), frozenset({"pi"}), ALWAYS, scale=50)


def entry(name: str, of: str, *ceilings: Ceiling) -> Entry:
    """An entry of the bank on the basis ``of``, with ``ceilings``."""
    return Entry(
        id=name,
        title={"en": name},
        exporter="bank",
        recipient="counter",
        carried_in=Leg.REQUEST,
        endpoints=(),
        categories=frozenset({"pi"}),
        purpose="test",
        basis=of,
        counterflow=frozenset(),
        counterflow_basis="",
        validity=ALWAYS,
        owner="somebody",
        reviewer="somebody else",
        ceilings=ceilings,
    )


def instrument(kind: str, *, counts: bool) -> Instrument:
    """What a kind of basis is."""
    return Instrument(kind, {"en": kind}, "", frozenset(), counts=counts)


@cache
def book(at_most: int = 10) -> Rulebook:
    """The rulebook; ``at_most`` people a year under ``limited``."""
    entries = (
        entry("contract", "filed"),
        entry("exempt", "free"),
        entry("limited", "filed", Ceiling("individuals", "year", at_most)),
        entry(
            "daily", "filed", *(Ceiling(what, "day", 3) for what in ("transfers", "bytes", "records", "individuals"))
        ),
    )
    return Rulebook(
        digest="0" * 64,
        files={},
        categories={},
        members={},
        bases={each.id: each for each in (basis("filed", "cn_sc"), basis("free", "ex_no_pi"))},
        entries={each.id: each for each in entries},
        policies=(),
        recognisers=(),
        instruments={"cn_sc": instrument("cn_sc", counts=True), "ex_no_pi": instrument("ex_no_pi", counts=False)},
        thresholds={"assessment-sensitive-people": Threshold("assessment-sensitive-people", 100, "")},
    )


def facts(
    *covering: str, exporter: Party = BANK, recipient: Party = COUNTER, at: datetime = NOON, sensitive: bool = False
) -> Facts:
    """Facts of a transfer that these entries cover."""
    return Facts(
        transfer="t",
        at=at,
        leg=Leg.REQUEST,
        exporter=exporter,
        recipient=recipient,
        scheme="https",
        host="counter.example",
        port=443,
        method="POST",
        media_type="application/json",
        status=0,
        size=2,
        state=State.COMPLETE,
        covering=covering or ("contract",),
        near=(),
        found=(Found("pi.health.condition", Grade.SENSITIVE, Certainty.CERTAIN, 1, ()),) if sensitive else (),
        records=1,
    )


def person(number: int) -> bytes:
    """The fingerprint of somebody."""
    return sha256(b"%d" % number).digest()


def crowd(numbers: Iterable[int] = (), sensitive: Iterable[int] = (), unknown: int = 0) -> Cargo:
    """These people, some of them with sensitive information."""
    grave = frozenset(map(person, sensitive))
    return Cargo.of(Individuals(frozenset(map(person, numbers)) | grave, grave, unknown))


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A database in memory."""
    held = sqlite3.connect(":memory:", isolation_level=None)
    try:
        yield held
    finally:
        held.close()


def send(on: sqlite3.Connection, cargo: Cargo, about: Facts | None = None, *, under: str = "") -> Standing:
    """Count a permitted transfer; return what stood before and after."""
    about = about or facts()
    count = Count(on, about, cargo, book())
    count.add(under or about.covering[0])
    return count.standing


def after(on: sqlite3.Connection, about: Facts, scope: str) -> int:
    """What ``scope`` stands at now."""
    return Count(on, replace(about), crowd(), book()).standing.before.get(scope, 0)

"""A small rulebook made by hand: one exporter with a token, one counter with a host, one entry each way."""

import hashlib
from datetime import date

from gateway.rulebook.book import Endpoint, Entry, Member, Rulebook, Validity
from gateway.vocabulary import Jurisdiction, Leg, Party

TOKEN = "demo-sender"
ALWAYS = Validity(date(2026, 1, 1), date(2027, 12, 31))


def entry(name: str, exporter: str, recipient: str, leg: Leg, path: str) -> Entry:
    """A whitelist entry with one endpoint."""
    return Entry(
        id=name,
        title={"en": name},
        exporter=exporter,
        recipient=recipient,
        carried_in=leg,
        endpoints=(
            Endpoint("counter.example", 8443, frozenset({"POST", "PUT"}), (path,), frozenset({"application/json"})),
        ),
        categories=frozenset(),
        purpose="test",
        basis="",
        counterflow=frozenset(),
        counterflow_basis="",
        validity=ALWAYS,
        owner="somebody",
        reviewer="somebody else",
    )


def small() -> Rulebook:
    """The rulebook."""
    sender = Party("sender", Jurisdiction.CN, "Sender")
    counter = Party("counter", Jurisdiction.MO, "Counter")
    members = {
        "sender": Member(sender, tokens=(hashlib.sha256(TOKEN.encode()).hexdigest(),)),
        "counter": Member(counter, hosts=("counter.example",)),
    }
    entries = (
        entry("sends", "sender", "counter", Leg.REQUEST, "/v1/applications/{id}"),
        entry("reads", "counter", "sender", Leg.RESPONSE, "/v1/results/{id}/{part}"),
    )
    return Rulebook(
        digest="0" * 64,
        files={},
        categories={},
        members=members,
        bases={},
        entries={each.id: each for each in entries},
        policies=(),
        recognisers=(),
    )

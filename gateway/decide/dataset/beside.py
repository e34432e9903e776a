"""What travels beside a body: the query and the header fields of a request whose body keeps to a dataset.

A payload that is described to the last field is worth little where a story may stand behind a question mark. Values of
fields that everybody knows (a user agent) are not judged here; recognisers read them like all else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

from gateway.decide.places import HEADERS
from gateway.rulebook.book import Endpoint, Entry
from gateway.rulebook.datasets import Dataset
from gateway.vocabulary import Leg, Transfer, Violation

OWN = frozenset({"x-kouan-token", "proxy-authorization", "proxy-connection"})
"""Fields by which a sender proves who it is to this gateway, which do not travel on."""
_OF_SOCKETS = frozenset(f"sec-websocket-{name}" for name in ("key", "version", "extensions", "protocol", "accept"))
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_PAIRS = re.compile(r"[&;]")


def beside(transfer: Transfer, entry: Entry, dataset: Dataset) -> tuple[Violation, ...]:
    """Return the departures of a request outside its body, and of one without the body that ``dataset`` asks for."""
    if transfer.leg is not Leg.REQUEST:
        return ()
    endpoints = [
        each for each in entry.endpoints if (each.host, each.port) == (transfer.envelope.host, transfer.envelope.port)
    ]
    counts = {
        ("query.undeclared", "query:/*"): _undeclared_names(transfer, endpoints),
        ("header.undeclared", "header:/*"): _undeclared_headers(transfer, endpoints),
        ("field.missing", ""): int(_lacks_body(transfer, dataset)),
    }
    return tuple(Violation(entry.id, code, place, count) for (code, place), count in counts.items() if count)


def _lacks_body(transfer: Transfer, dataset: Dataset) -> bool:
    return not transfer.body and transfer.envelope.method in _WITH_BODY and bool(dataset.root.required)


def _undeclared_names(transfer: Transfer, endpoints: Iterable[Endpoint]) -> int:
    query = transfer.envelope.target.decode("latin-1").partition("?")[2]
    if not query:
        return 0
    known = {name for each in endpoints for name in each.query}
    return sum(unquote_plus(pair.partition("=")[0]) not in known for pair in _PAIRS.split(query))


def _undeclared_headers(transfer: Transfer, endpoints: Iterable[Endpoint]) -> int:
    known = HEADERS | OWN | _OF_SOCKETS | {name for each in endpoints for name in each.headers}
    return sum(name.decode("latin-1").lower() not in known for name, _ in transfer.envelope.headers)

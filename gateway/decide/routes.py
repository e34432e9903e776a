"""Which whitelist entries cover a transfer, and which miss it by one thing."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.decide.paths import Steps, Templates, steps_of
from gateway.rulebook.book import Endpoint, Entry, Rulebook
from gateway.vocabulary import Leg, Transfer

NEAR = ("leg", "media_type", "method", "party", "path", "websocket")
"""The things by one of which an entry may miss."""

_WEBSOCKET = "websocket."
"""How the notices of a handshake begin, and those of the messages that follow it."""


class _Gate:
    """An endpoint of an entry, ready to be compared."""

    __slots__ = ("media_types", "methods", "port", "protobuf", "templates", "websocket")

    def __init__(self, endpoint: Endpoint) -> None:
        self.port = endpoint.port
        self.methods = endpoint.methods
        self.media_types = endpoint.media_types
        self.templates = Templates(endpoint.paths)
        self.websocket = endpoint.websocket
        self.protobuf = endpoint.protobuf

    def misses(self, transfer: Transfer, steps: Steps | None, media_type: str | None) -> list[str]:
        """What is wrong with the transfer; ``media_type`` is None where it does not matter."""
        missed = []
        if transfer.envelope.method not in self.methods:
            missed.append("method")
        if not self.templates.fit(steps):
            missed.append("path")
        if media_type is not None and media_type not in self.media_types:
            missed.append("media_type")
        if not self.websocket and any(notice.startswith(_WEBSOCKET) for notice in transfer.notices):
            missed.append("websocket")
        return missed


class Routes:
    """The whitelist entries of a rulebook by host."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Prepare the entries of ``rulebook``."""
        self._by_host: dict[str, list[tuple[Entry, tuple[_Gate, ...]]]] = {
            host: [(entry, _gates(entry.endpoints, host)) for entry in sorted(entries, key=lambda entry: entry.id)]
            for host, entries in rulebook.entries_by_host.items()
        }

    def match(self, transfer: Transfer, media_type: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Return ids of covering entries, and (id, code) of those that miss by one thing; both in order of id."""
        envelope = transfer.envelope
        entries = self._by_host.get(envelope.host)
        if not entries:
            return (), ()
        steps = steps_of(envelope.target)
        covering: list[str] = []
        near: list[tuple[str, str]] = []
        for entry, gates in entries:
            flow = _flow(entry, transfer)
            carried = transfer.leg is entry.carried_in
            asked = media_type if carried and transfer.body else None
            for missed in sorted(
                (gate.misses(transfer, steps, asked) for gate in gates if gate.port == envelope.port), key=len
            )[:1]:
                missed += flow
                if not missed:
                    covering.append(entry.id)
                elif len(missed) == 1:
                    near.append((entry.id, missed[0]))
        return tuple(covering), tuple(near)

    def schema(self, transfer: Transfer) -> tuple[bytes, str] | None:
        """Return the set of descriptors and the full name of the message that a transfer bears, where an entry says so.

        Whoever sends need not keep to it, and whatever it does not describe is read without it.
        """
        envelope = transfer.envelope
        for _, gates in self._by_host.get(envelope.host, ()):
            for gate in gates:
                said = gate.protobuf
                if said is None or gate.port != envelope.port or gate.misses(transfer, steps_of(envelope.target), None):
                    continue
                path = envelope.target.partition(b"?")[0].decode("latin-1")
                request, response = said.descriptors.methods.get(path, ("", ""))
                request, response = said.request or request, said.response or response
                message = request if transfer.leg is Leg.REQUEST else response
                if message:
                    return said.descriptors.data, message
        return None


def _gates(endpoints: Iterable[Endpoint], host: str) -> tuple[_Gate, ...]:
    return tuple(_Gate(endpoint) for endpoint in endpoints if endpoint.host == host)


def _flow(entry: Entry, transfer: Transfer) -> tuple[str, ...]:
    """Compare the parties. On the leg that does not bear the data, the transfer runs from recipient to exporter."""
    here, there = transfer.exporter.id, transfer.recipient.id
    wanted = (entry.exporter, entry.recipient)
    if transfer.leg is not entry.carried_in:
        here, there = there, here
    if not here or not there:
        return ("party",)
    if (here, there) == wanted:
        return ()
    return ("leg",) if (there, here) == wanted else ("party",)

"""Which whitelist entries cover a transfer, and which miss it by one thing."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.decide.paths import PathTree, steps_of
from gateway.rulebook.book import Endpoint, Entry, Rulebook
from gateway.vocabulary import Leg, Transfer

NEAR = ("leg", "media_type", "method", "party", "path", "websocket")
"""The things by one of which an entry may miss."""

_WEBSOCKET = "websocket."
"""How the notices of a handshake begin, and those of the messages that follow it."""


MOST_NEAR = 8
"""Near misses that are told."""
_LOOKED_AT = 64
"""Endpoints of the same parties that are looked at for a path that was missed."""


class _Gate:
    """An endpoint of an entry, ready to be compared."""

    __slots__ = ("entry", "media_types", "methods", "port", "protobuf", "websocket")

    def __init__(self, entry: Entry, endpoint: Endpoint) -> None:
        self.entry = entry
        self.port = endpoint.port
        self.methods = endpoint.methods
        self.media_types = endpoint.media_types
        self.websocket = endpoint.websocket
        self.protobuf = endpoint.protobuf

    def misses(self, transfer: Transfer, media_type: str | None) -> list[str]:
        """What is wrong with the transfer but for its path; ``media_type`` is None where it does not matter."""
        missed = []
        if transfer.envelope.method not in self.methods:
            missed.append("method")
        if media_type is not None and media_type not in self.media_types:
            missed.append("media_type")
        if not self.websocket and any(notice.startswith(_WEBSOCKET) for notice in transfer.notices):
            missed.append("websocket")
        return missed


class _Host:
    """The endpoints of one host, by their paths and by their parties."""

    __slots__ = ("by_parties", "paths")

    def __init__(self, entries: Iterable[Entry], host: str) -> None:
        self.paths: PathTree[_Gate] = PathTree()
        self.by_parties: dict[tuple[str, str], list[_Gate]] = {}
        for entry in entries:
            for endpoint in entry.endpoints:
                if endpoint.host != host:
                    continue
                gate = _Gate(entry, endpoint)
                for path in endpoint.paths:
                    self.paths.add(path, gate)
                self.by_parties.setdefault((entry.exporter, entry.recipient), []).append(gate)


class Routes:
    """The whitelist entries of a rulebook by host, path and parties: what a transfer costs hardly grows with them."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Prepare the entries of ``rulebook``."""
        self._by_host = {
            host: _Host(sorted(entries, key=lambda entry: entry.id), host)
            for host, entries in rulebook.entries_by_host.items()
        }

    def match(self, transfer: Transfer, media_type: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Return ids of covering entries, and (id, code) of some that miss by one thing; both in order of id.

        Entries that miss by their path are told only where none covers the transfer; ``MOST_NEAR`` are told in all.
        """
        envelope = transfer.envelope
        host = self._by_host.get(envelope.host)
        if host is None:
            return (), ()
        steps = steps_of(envelope.target)
        fewest: dict[str, list[str]] = {}
        for gate in host.paths.fitting(steps) if steps is not None else ():
            if gate.port == envelope.port:
                missed = [*gate.misses(transfer, _asked(gate, transfer, media_type)), *_flow(gate.entry, transfer)]
                known = fewest.get(gate.entry.id)
                if known is None or len(missed) < len(known):
                    fewest[gate.entry.id] = missed
        covering = tuple(sorted(name for name, missed in fewest.items() if not missed))
        near = {name: missed[0] for name, missed in fewest.items() if len(missed) == 1}
        if not covering:
            for gate in self._of_parties(host, transfer):
                name = gate.entry.id
                if name not in fewest and gate.port == envelope.port and name not in near:
                    asked = _asked(gate, transfer, media_type)
                    if not gate.misses(transfer, asked) and not _flow(gate.entry, transfer):
                        near[name] = "path"
        return covering, tuple(sorted(near.items())[:MOST_NEAR])

    @staticmethod
    def _of_parties(host: _Host, transfer: Transfer) -> Iterable[_Gate]:
        here, there = transfer.exporter.id, transfer.recipient.id
        for parties in ((here, there), (there, here)):
            yield from host.by_parties.get(parties, ())[:_LOOKED_AT]

    def schema(self, transfer: Transfer) -> tuple[bytes, str] | None:
        """Return the set of descriptors and the full name of the message that a transfer bears, where an entry says so.

        Whoever sends need not keep to it, and whatever it does not describe is read without it.
        """
        envelope = transfer.envelope
        host = self._by_host.get(envelope.host)
        steps = steps_of(envelope.target) if host is not None else None
        if host is None or steps is None:
            return None
        for gate in host.paths.fitting(steps):
            said = gate.protobuf
            if said is None or gate.port != envelope.port or gate.misses(transfer, None):
                continue
            path = envelope.target.partition(b"?")[0].decode("latin-1")
            request, response = said.descriptors.methods.get(path, ("", ""))
            request, response = said.request or request, said.response or response
            message = request if transfer.leg is Leg.REQUEST else response
            if message:
                return said.descriptors.data, message
        return None


def _asked(gate: _Gate, transfer: Transfer, media_type: str) -> str | None:
    """Return the media type where it matters: on the leg that bears the data, and where there are any."""
    return media_type if transfer.leg is gate.entry.carried_in and transfer.body else None


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

"""Whether the parts of a whitelist agree with each other and with the instruments that they name.

Each check below yields problems for the one thing that its name says. None of them looks at the traffic: what can be
known to be wrong when the rules are read is told then, to the officer, and not later to a sender.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from gateway.rulebook.addresses import path_within, paths_meet
from gateway.rulebook.book import Basis, Endpoint, Entry, Member, under
from gateway.rulebook.document import Document, Path, Problem
from gateway.vocabulary import Jurisdiction, Leg

_CN, _HK, _MO = Jurisdiction.CN, Jurisdiction.HK, Jurisdiction.MO
_OUT = frozenset({(_CN, _HK), (_CN, _MO)})

ROUTES: Mapping[str, frozenset[tuple[Jurisdiction, Jurisdiction]]] = {
    # Announcement 2023 No. 3 (CAC, ITIB): mainland and Hong Kong, both directions, and nobody else.
    "gba_sc_hk": frozenset({(_CN, _HK), (_HK, _CN)}),
    "gba_mutual_recog": frozenset({(_CN, _HK), (_HK, _CN)}),
    # Announcement 2024 No. 1 (CAC, DSEDT, DSPDP): mainland and Macao, both directions, and nobody else.
    "gba_sc_mo": frozenset({(_CN, _MO), (_MO, _CN)}),
    # State Council 国发〔2023〕12号: the two parks on either bank of the Shenzhen river.
    "hetao_whitelist": frozenset({(_CN, _HK)}),
    "pdpo_dpp3": frozenset({(_HK, _CN), (_HK, _MO)}),
    "mo_art20": frozenset({(_MO, _CN), (_MO, _HK)}),
}
"""From where to where a kind of basis carries; every other kind is an instrument of the mainland and carries out."""

_NEEDLESS = frozenset({"ex_no_pi"})
"""Kinds for data with nobody in them."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The file, its values in the order of the file, and the same by id."""

    document: Document
    members: Sequence[Member]
    bases: Sequence[Basis]
    entries: Sequence[Entry]
    party: Mapping[str, Member]
    basis: Mapping[str, Basis]


def contradictions(
    document: Document, members: Sequence[Member], bases: Sequence[Basis], entries: Sequence[Entry]
) -> Iterator[Problem]:
    """Yield every disagreement. The sequences are in the order of the file."""
    parts = _Parts(
        document,
        members,
        bases,
        entries,
        {member.party.id: member for member in members},
        {basis.id: basis for basis in bases},
    )
    for check in (
        _unknown_parties,
        _unknown_bases,
        _shared_identities,
        _wrong_route,
        _unassessed,
        _same_side,
        _not_its_host,
        _unprovable,
        _beyond_basis,
        _pointless_masks,
        _meeting_paths,
        _shadowed,
    ):
        yield from check(parts)


def _unknown_parties(parts: _Parts) -> Iterator[Problem]:
    named: list[tuple[Path, str]] = []
    for at, basis in enumerate(parts.bases):
        named.append((("bases", at, "exporter"), basis.exporter))
        named += [(("bases", at, "recipients", place), name) for place, name in enumerate(basis.recipients)]
    for at, entry in enumerate(parts.entries):
        named.append((("entries", at, "exporter"), entry.exporter))
        named.append((("entries", at, "recipient"), entry.recipient))
    for path, name in named:
        if name not in parts.party:
            yield parts.document.problem(path, f"there is no party '{name}'", _one_of(parts.party))


def _unknown_bases(parts: _Parts) -> Iterator[Problem]:
    for at, entry in enumerate(parts.entries):
        for path, name in ((("basis",), entry.basis), (("counterflow", "basis"), entry.counterflow_basis)):
            if name and name not in parts.basis:
                where: Path = ("entries", at, *path)
                yield parts.document.problem(where, f"there is no basis '{name}'", _one_of(parts.basis))


def _one_of(names: Mapping[str, object]) -> str:
    return f"name one of: {', '.join(sorted(names))}"


def _shared_identities(parts: _Parts) -> Iterator[Problem]:
    """Nobody may be two parties: what proves one must not prove another."""
    for (one, left), (other, right) in combinations(enumerate(parts.members), 2):
        for key, mine, theirs in (
            (("hosts",), left.hosts, right.hosts),
            (("identities", "certificates"), left.certificates, right.certificates),
            (("identities", "tokens_sha256"), left.tokens, right.tokens),
        ):
            for name in sorted(set(mine) & set(theirs)):
                where = parts.document.data["parties"][other]
                for step in key:
                    where = where[step]
                fault = f"this is {left.party.id}'s too, {parts.document.source('parties', one)}"
                yield parts.document.problem(
                    ("parties", other, *key, where.index(name)), fault, "let it belong to one party"
                )
        for network in right.networks:
            if any(known.version == network.version and known.overlaps(network) for known in left.networks):
                fault = f"{network} overlaps a network of {left.party.id}"
                path: Path = ("parties", other, "identities", "networks")
                yield parts.document.problem(path, fault, "let each address belong to one party")


def _wrong_route(parts: _Parts) -> Iterator[Problem]:
    """An instrument carries only between the places for which it was made."""
    for at, basis in enumerate(parts.bases):
        exporter = parts.party.get(basis.exporter)
        for place, name in enumerate(basis.recipients):
            recipient = parts.party.get(name)
            if exporter is None or recipient is None:
                continue
            route = (exporter.party.jurisdiction, recipient.party.jurisdiction)
            if route not in ROUTES.get(basis.kind, _OUT):
                fault = f"{basis.kind} carries nothing from {route[0]} to {route[1]}"
                yield parts.document.problem(("bases", at, "recipients", place), fault, "name a basis that does")


def _unassessed(parts: _Parts) -> Iterator[Problem]:
    """PIPL arts. 55-56: an assessment before every export of personal information, exempt from filing or not."""
    for at, basis in enumerate(parts.bases):
        path: Path = ("bases", at, "categories")
        exporter = parts.party.get(basis.exporter)
        if basis.kind in _NEEDLESS:
            if basis.categories:
                yield parts.document.problem(path, f"{basis.kind} carries nothing personal", "write none")
        elif not basis.categories:
            yield parts.document.problem(path, "the basis lists no categories", "list those of its annex")
        elif exporter and exporter.party.jurisdiction is _CN and not basis.assessment:
            fault = f"the basis '{basis.id}' has no impact assessment (PIPL arts. 55-56)"
            yield parts.document.problem(("bases", at, "id"), fault, "add 'assessment:' with its number and date")


def _same_side(parts: _Parts) -> Iterator[Problem]:
    for at, entry in enumerate(parts.entries):
        exporter, recipient = parts.party.get(entry.exporter), parts.party.get(entry.recipient)
        if exporter and recipient and exporter.party.jurisdiction is recipient.party.jurisdiction:
            fault = f"exporter and recipient are both in {exporter.party.jurisdiction}: no border lies between"
            yield parts.document.problem(("entries", at, "recipient"), fault, "send it without this gateway")


def _serving(entry: Entry) -> tuple[str, str]:
    """Who answers and who calls: the recipient answers what is sent, the exporter answers what is fetched."""
    if entry.carried_in is Leg.REQUEST:
        return entry.recipient, entry.exporter
    return entry.exporter, entry.recipient


def _not_its_host(parts: _Parts) -> Iterator[Problem]:
    owner = {host: member.party.id for member in parts.members for host in member.hosts}
    for at, entry in enumerate(parts.entries):
        serves, _ = _serving(entry)
        for place, endpoint in enumerate(entry.endpoints):
            path: Path = ("entries", at, "endpoints", place, "host")
            if not endpoint.host or serves not in parts.party or owner.get(endpoint.host) == serves:
                continue
            if endpoint.host not in owner:
                fix = f"list it under 'hosts' of the party {serves}"
                yield parts.document.problem(path, f"the host '{endpoint.host}' belongs to no party", fix)
            else:
                role = "recipient" if serves == entry.recipient else "exporter"
                fault = f"the host '{endpoint.host}' belongs to {owner[endpoint.host]}, but the {role} is {serves}"
                fix = "name the party whose host it is, or look at 'carried_in'"
                yield parts.document.problem(path, fault, fix)


def _unprovable(parts: _Parts) -> Iterator[Problem]:
    """Who calls must be able to prove who it is, or the entry lets nobody through."""
    for at, entry in enumerate(parts.entries):
        _, calls = _serving(entry)
        member = parts.party.get(calls)
        if member and not (member.certificates or member.tokens or member.networks):
            key = "exporter" if calls == entry.exporter else "recipient"
            fault = f"{calls} opens the connection here, but nobody can prove to be {calls}"
            yield parts.document.problem(("entries", at, key), fault, "give the party 'identities:'")


def _beyond_basis(parts: _Parts) -> Iterator[Problem]:
    for at, entry in enumerate(parts.entries):
        yield from _carried(parts, ("entries", at), ("basis",), entry.exporter, entry.recipient, entry.basis)
        yield from _carried(
            parts, ("entries", at, "counterflow"), ("basis",), entry.recipient, entry.exporter, entry.counterflow_basis
        )


def _carried(parts: _Parts, where: Path, key: Path, exporter: str, recipient: str, name: str) -> Iterator[Problem]:
    """Whether the basis ``name`` was filed for these two and lists all categories written at ``where``."""
    basis = parts.basis.get(name)
    if basis is None:
        return
    path = (*where, *key)
    if basis.exporter != exporter and exporter in parts.party:
        fault = f"the basis '{name}' was filed for the exporter {basis.exporter}, not for {exporter}"
        yield parts.document.problem(path, fault, "name a basis of this exporter")
    if recipient not in basis.recipients and recipient in parts.party:
        fault = f"the basis '{name}' does not name the recipient {recipient}"
        yield parts.document.problem(path, fault, f"it names: {', '.join(basis.recipients)}")
    item = parts.document.data
    for step in where:
        item = item[step]
    for place, category in enumerate(item["categories"] if isinstance(item["categories"], list) else ()):
        if not under(category, basis.categories):
            fault = f"'{category}' goes beyond the basis '{name}', {basis.source}"
            fix = "delete it, or have the basis supplemented and filed anew"
            yield parts.document.problem((*where, "categories", place), fault, fix)


def _pointless_masks(parts: _Parts) -> Iterator[Problem]:
    for at, entry in enumerate(parts.entries):
        for place, duty in enumerate(entry.obligations):
            if not under(duty.category, entry.categories):
                fault = f"'{duty.category}' is to be masked, but the entry does not let it through"
                fix = "add it to 'categories', or delete the obligation"
                yield parts.document.problem(("entries", at, "obligations", place, "mask"), fault, fix)


def _meeting_paths(parts: _Parts) -> Iterator[Problem]:
    """Two templates of one endpoint that fit the same path say less than they seem to."""
    for at, entry in enumerate(parts.entries):
        for place, endpoint in enumerate(entry.endpoints):
            for one, other in combinations(range(len(endpoint.paths)), 2):
                if paths_meet(endpoint.paths[one], endpoint.paths[other]):
                    path: Path = ("entries", at, "endpoints", place, "paths", other)
                    fault = f"'{endpoint.paths[other]}' and '{endpoint.paths[one]}' are ambiguous: one path fits both"
                    yield parts.document.problem(path, fault, "keep the one that is meant")


def _shadowed(parts: _Parts) -> Iterator[Problem]:
    """An entry that permits nothing that another does not permit already."""
    for (one, left), (other, right) in combinations(enumerate(parts.entries), 2):
        if covers(left, right):
            at, inner, outer = other, right, left
        elif covers(right, left):
            at, inner, outer = one, left, right
        else:
            continue
        fault = f"the entry '{inner.id}' permits nothing that '{outer.id}' ({outer.source}) does not permit"
        yield parts.document.problem(("entries", at, "id"), fault, "delete it")


def covers(outer: Entry, inner: Entry) -> bool:
    """Tell whether ``outer`` permits whatever ``inner`` permits, whenever ``inner`` does."""
    return (
        _same_flow(outer, inner)
        and outer.validity.since <= inner.validity.since
        and outer.validity.until >= inner.validity.until
        and all(under(category, outer.categories) for category in inner.categories)
        and all(under(category, outer.counterflow) for category in inner.counterflow)
        and all(any(_endpoint_within(small, large) for large in outer.endpoints) for small in inner.endpoints)
    )


def overlap(one: Entry, other: Entry) -> bool:
    """Tell whether some exchange on some day fits both entries."""
    return (
        _same_flow(one, other)
        and one.validity.since <= other.validity.until
        and other.validity.since <= one.validity.until
        and any(_endpoints_meet(left, right) for left in one.endpoints for right in other.endpoints)
    )


def _same_flow(one: Entry, other: Entry) -> bool:
    return (one.exporter, one.recipient, one.carried_in) == (other.exporter, other.recipient, other.carried_in)


def _endpoint_within(inner: Endpoint, outer: Endpoint) -> bool:
    return (
        (inner.host, inner.port) == (outer.host, outer.port)
        and inner.methods <= outer.methods
        and inner.media_types <= outer.media_types
        and all(any(path_within(small, large) for large in outer.paths) for small in inner.paths)
        and set(inner.addresses) <= set(outer.addresses)
        and inner.websocket <= outer.websocket
        and inner.protobuf == outer.protobuf
    )


def _endpoints_meet(one: Endpoint, other: Endpoint) -> bool:
    return (
        (one.host, one.port) == (other.host, other.port)
        and not one.methods.isdisjoint(other.methods)
        and any(paths_meet(left, right) for left in one.paths for right in other.paths)
    )

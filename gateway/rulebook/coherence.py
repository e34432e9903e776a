"""Whether the parts of a whitelist agree with each other and with the instruments that they name.

Each check below yields problems for the one thing that its name says. None of them looks at the traffic: what can be
known to be wrong when the rules are read is told then, to the officer, and not later to a sender.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from gateway.rulebook.addresses import Network
from gateway.rulebook.book import Basis, Entry, Member, under
from gateway.rulebook.datasets import NONE, Dataset
from gateway.rulebook.document import Document, Path, Problem
from gateway.rulebook.filings import Parts, unfit_bases
from gateway.rulebook.flows import ambiguous, shadowed
from gateway.rulebook.instruments import Law
from gateway.vocabulary import Leg

MOST_LISTED = 12
"""Names that an advice lists."""


def contradictions(
    document: Document,
    members: Sequence[Member],
    bases: Sequence[Basis],
    entries: Sequence[Entry],
    law: Law | None = None,
    important: frozenset[str] = frozenset(),
    datasets: Mapping[str, Dataset] | None = None,
    nobodys: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    """Yield every disagreement. The sequences are in the order of the file.

    ``important`` names the categories of important data, ``nobodys`` those that are below personal information. Without
    ``law`` nothing is said of what instruments ask for, and without ``datasets`` nothing of them.
    """
    parts = Parts(
        document,
        members,
        bases,
        entries,
        {member.party.id: member for member in members},
        {basis.id: basis for basis in bases},
        important,
        nobodys,
        datasets,
    )
    for check in (
        _unknown_parties,
        _unknown_bases,
        _shared_identities,
        _shared_networks,
        _same_side,
        _not_its_host,
        _unprovable,
        _pointless_masks,
        _meeting_paths,
        _watched_too_long,
        _datasets,
        _shadowed,
    ):
        yield from check(parts)
    yield from unfit_bases(parts, law)


def _unknown_parties(parts: Parts) -> Iterator[Problem]:
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


def _unknown_bases(parts: Parts) -> Iterator[Problem]:
    for at, entry in enumerate(parts.entries):
        for path, name in ((("basis",), entry.basis), (("counterflow", "basis"), entry.counterflow_basis)):
            if name and name not in parts.basis:
                where: Path = ("entries", at, *path)
                yield parts.document.problem(where, f"there is no basis '{name}'", _one_of(parts.basis))


def _one_of(names: Mapping[str, object]) -> str:
    listed = sorted(names)[:MOST_LISTED]
    return f"name one of: {', '.join(listed)}{' ...' if len(names) > len(listed) else ''}"


def _shared_identities(parts: Parts) -> Iterator[Problem]:
    """Nobody may be two parties: what proves one must not prove another."""
    first: dict[tuple[str, str], int] = {}
    for at, member in enumerate(parts.members):
        for key, names in (
            (("hosts",), member.hosts),
            (("identities", "certificates"), member.certificates),
            (("identities", "tokens_sha256"), member.tokens),
        ):
            for name in names:
                other = first.setdefault((key[-1], name), at)
                if other == at:
                    continue
                written = parts.document.data["parties"][at]
                for step in key:
                    written = written[step]
                fault = f"this is {parts.members[other].party.id}'s too, {parts.document.source('parties', other)}"
                path: Path = ("parties", at, *key, written.index(name))
                yield parts.document.problem(path, fault, "let it belong to one party")


def _shared_networks(parts: Parts) -> Iterator[Problem]:
    """Two networks are apart, or one holds the other: in order of address, those that hold the next form a pile."""
    held = [(network, at) for at, member in enumerate(parts.members) for network in member.networks]
    held.sort(key=lambda item: (item[0].version, int(item[0].network_address), item[0].prefixlen))
    pile: list[tuple[Network, int]] = []
    for network, at in held:
        while pile and not (pile[-1][0].version == network.version and pile[-1][0].overlaps(network)):
            pile.pop()
        for outer, other in pile:
            if other != at:
                late, early, mine = (at, other, network) if other < at else (other, at, outer)
                fault = f"{mine} overlaps a network of {parts.members[early].party.id}"
                path: Path = ("parties", late, "identities", "networks")
                yield parts.document.problem(path, fault, "let each address belong to one party")
        pile.append((network, at))


def _same_side(parts: Parts) -> Iterator[Problem]:
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


def _not_its_host(parts: Parts) -> Iterator[Problem]:
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


def _unprovable(parts: Parts) -> Iterator[Problem]:
    """Who calls must be able to prove who it is, or the entry lets nobody through."""
    for at, entry in enumerate(parts.entries):
        _, calls = _serving(entry)
        member = parts.party.get(calls)
        if member and not (member.certificates or member.tokens or member.networks):
            key = "exporter" if calls == entry.exporter else "recipient"
            fault = f"{calls} opens the connection here, but nobody can prove to be {calls}"
            yield parts.document.problem(("entries", at, key), fault, "give the party 'identities:'")


def _pointless_masks(parts: Parts) -> Iterator[Problem]:
    for at, entry in enumerate(parts.entries):
        for place, duty in enumerate(entry.obligations):
            if not under(duty.category, entry.categories):
                fault = f"'{duty.category}' is to be masked, but the entry does not let it through"
                fix = "add it to 'categories', or delete the obligation"
                yield parts.document.problem(("entries", at, "obligations", place, "mask"), fault, fix)


def _meeting_paths(parts: Parts) -> Iterator[Problem]:
    """Two templates of one endpoint that fit the same path say less than they seem to."""
    for at, entry in enumerate(parts.entries):
        for place, endpoint in enumerate(entry.endpoints):
            for one, other in ambiguous(endpoint.paths):
                path: Path = ("entries", at, "endpoints", place, "paths", other)
                fault = f"'{endpoint.paths[other]}' and '{endpoint.paths[one]}' are ambiguous: one path fits both"
                yield parts.document.problem(path, fault, "keep the one that is meant")


def _watched_too_long(parts: Parts) -> Iterator[Problem]:
    """What is only watched must be enforced for some time, or it never is."""
    for at, entry in enumerate(parts.entries):
        if entry.observe_until is not None and entry.observe_until >= entry.validity.until:
            fault = f"the entry is watched until {entry.observe_until} and ends on {entry.validity.until}"
            fix = "write a day before its end: it would never be enforced"
            yield parts.document.problem(("entries", at, "mode", "observe_until"), fault, fix)


def _datasets(parts: Parts) -> Iterator[Problem]:
    """The datasets that an entry names are there, and hold nothing that the entry does not let through."""
    for at, entry in enumerate(parts.entries if parts.datasets is not None else ()):
        for where, name, categories in (
            (("dataset",), entry.dataset, entry.categories),
            (("counterflow", "dataset"), entry.counterflow_dataset, entry.counterflow),
        ):
            if name:
                yield from _dataset(parts, ("entries", at, *where), name, categories)
        yield from _subject_key(parts, at, entry)


def _dataset(parts: Parts, path: Path, name: str, categories: frozenset[str]) -> Iterator[Problem]:
    known = parts.datasets or {}
    if name not in known:
        alike = get_close_matches(name, known, n=1)
        fix = (
            f"did you mean '{alike[0]}'?"
            if alike
            else f"write datasets/{name}.yaml; kouan learn writes a first version"
        )
        yield parts.document.problem(path, f"there is no dataset '{name}'", fix)
        return
    for leaf in known[name].leaves():
        if leaf.category != NONE and not under(leaf.category, categories):
            fault = f"the dataset declares '{leaf.category}' ({leaf.source}), which the entry does not let through"
            fix = "add it to 'categories', or take the field out of the dataset"
            yield parts.document.problem(path, fault, fix)
            return


def _subject_key(parts: Parts, at: int, entry: Entry) -> Iterator[Problem]:
    """What tells people apart is a field of the dataset, written as a path, or a category of the entry."""
    key, path = entry.subject_key, ("entries", at, "subject_key")
    category = key
    if key.startswith("/"):
        dataset = (parts.datasets or {}).get(entry.dataset)
        if entry.dataset and dataset is None:
            return
        leaves = {leaf.path: leaf.category for leaf in dataset.leaves()} if dataset else {}
        paths, category = list(leaves), leaves.get(key, "")
        if key not in paths:
            alike = get_close_matches(key, paths, n=1)
            fix = f"did you mean '{alike[0]}'?" if alike else "name a field of the dataset, such as /applicant/number"
            yield parts.document.problem(path, f"the entry's dataset has no field '{key}'", fix)
    elif key and not under(key, entry.categories):
        fix = "write one of 'categories', or a field of the dataset such as /applicant/number"
        yield parts.document.problem(path, f"'{key}' is not in the entry", fix)
    if under(category, frozenset({"pi.name"})):
        fault = "many people bear one name: counted by it, several would be one"
        yield parts.document.problem(path, fault, "name an identifier, or delete it")


def _shadowed(parts: Parts) -> Iterator[Problem]:
    """An entry that permits nothing that another does not permit already."""
    for outer, inner in shadowed(parts.entries):
        large, small = parts.entries[outer], parts.entries[inner]
        fault = f"the entry '{small.id}' permits nothing that '{large.id}' ({large.source}) does not permit"
        yield parts.document.problem(("entries", inner, "id"), fault, "delete it")

"""``whitelist.yaml`` -> parties, legal bases and entries.

The JSON Schema ``whitelist`` has already judged the shape. What is judged here is each part by itself: dates,
spellings, identities. Whether the parts agree with each other and with the law is judged in ``coherence``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from cryptography import x509

from gateway.rulebook.addresses import Network, Unfit, host, inner_network, network, path
from gateway.rulebook.book import Basis, Category, Ceiling, Endpoint, Entry, Member, Protobuf, Validity
from gateway.rulebook.coherence import contradictions
from gateway.rulebook.datasets import Dataset
from gateway.rulebook.descriptors import Descriptors
from gateway.rulebook.document import Document, Faulty, Path, Problem
from gateway.rulebook.instruments import Law
from gateway.vocabulary import LANGUAGES, Grade, Jurisdiction, Leg, Obligation, Party, Wording

_EMPTY_TOKEN = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # noqa: S105
"""SHA-256 of nothing: as a token it would make every caller without one this party."""


@dataclass(frozen=True, slots=True)
class Whitelist:
    """What the file says, by id."""

    contact: str
    members: Mapping[str, Member]
    bases: Mapping[str, Basis]
    entries: Mapping[str, Entry]


def read_whitelist(
    document: Document,
    categories: Mapping[str, Category],
    descriptors: Mapping[str, Descriptors] = MappingProxyType({}),
    law: Law | None = None,
    datasets: Mapping[str, Dataset] | None = None,
) -> Whitelist:
    """Read the whitelist. Raise ``Faulty`` with every problem of the file.

    ``categories`` may be empty, ``law`` and ``datasets`` None, where their own files were faulty: names of categories,
    what instruments ask for, and what datasets hold, are then not judged.
    """
    reading = _Reading(document, categories, descriptors, _with_those_above(categories))
    data = document.data
    members = [reading.member(("parties", at), item) for at, item in enumerate(data["parties"])]
    bases = [reading.basis(("bases", at), item) for at, item in enumerate(data["bases"])]
    entries = [reading.entry(("entries", at), item) for at, item in enumerate(data["entries"])]
    reading.names("parties")
    reading.names("bases")
    reading.names("entries")
    told = {(problem.line, problem.column) for problem in reading.problems}
    important = frozenset(name for name, category in categories.items() if category.grade >= Grade.IMPORTANT)
    nobodys = frozenset(name for name, category in categories.items() if category.grade < Grade.PERSONAL)
    further = contradictions(document, members, bases, entries, law, important, datasets, nobodys)
    problems = [*reading.problems, *(problem for problem in further if (problem.line, problem.column) not in told)]
    if problems:
        raise Faulty(problems)
    return Whitelist(
        contact=data["contact"],
        members={member.party.id: member for member in members},
        bases={basis.id: basis for basis in bases},
        entries={entry.id: entry for entry in entries},
    )


@dataclass(slots=True)
class _Reading:
    """Builds values, and notes problems rather than stopping at one."""

    document: Document
    categories: Mapping[str, Category]
    descriptors: Mapping[str, Descriptors]
    known: frozenset[str]
    """Names of categories, and of what stands above them."""
    problems: list[Problem] = field(default_factory=list)

    def say(self, where: Path, fault: str, fix: str) -> None:
        """Note a problem."""
        self.problems.append(self.document.problem(where, fault, fix))

    def names(self, part: str) -> None:
        """Ids must differ within a part of the file."""
        first: dict[str, int] = {}
        for at, item in enumerate(self.document.data[part]):
            line, _ = self.document.place(part, first.setdefault(item["id"], at), "id")
            if first[item["id"]] != at:
                self.say((part, at, "id"), f"the id '{item['id']}' is taken, on line {line}", "choose another")

    def each[T](self, where: Path, written: Iterable[str], read: Callable[[str], T]) -> tuple[T, ...]:
        """Read the items of a list, save those that cannot be used."""
        found: list[T] = []
        for at, item in enumerate(written):
            try:
                found.append(read(item))
            except Unfit as unfit:
                self.say((*where, at), unfit.fault, unfit.fix)
        return tuple(found)

    def member(self, where: Path, item: Mapping[str, Any]) -> Member:
        """Read one party."""
        identities = item.get("identities", {})
        spot = (*where, "identities")
        networks: tuple[Network, ...] = self.each((*spot, "networks"), identities.get("networks", ()), network)
        return Member(
            party=Party(
                id=item["id"],
                jurisdiction=Jurisdiction(item["jurisdiction"]),
                name=item["name"],
                city=item["city"],
                traits=frozenset(item.get("traits", ())),
                group=item.get("group", ""),
            ),
            hosts=self.each((*where, "hosts"), item.get("hosts", ()), host),
            certificates=self.each((*spot, "certificates"), identities.get("certificates", ()), _subject),
            tokens=self.each((*spot, "tokens_sha256"), identities.get("tokens_sha256", ()), _token),
            networks=networks,
            source=self.document.source(*where),
        )

    def basis(self, where: Path, item: Mapping[str, Any]) -> Basis:
        """Read one legal basis."""
        return Basis(
            id=item["id"],
            kind=item["kind"],
            title=_wording(item["title"]),
            reference=item["reference"],
            exporter=item["exporter"],
            recipients=tuple(item["recipients"]),
            categories=self.named((*where, "categories"), item["categories"]),
            validity=self.validity((*where, "valid"), item["valid"]),
            assessment=item.get("assessment", ""),
            source=self.document.source(*where),
            effective=self.maybe_day((*where, "effective"), item.get("effective")),
            filed=self.maybe_day((*where, "filed"), item.get("filed")),
            assessed=self.maybe_day((*where, "assessed"), item.get("assessed")),
            purposes=frozenset(item.get("purposes", ())),
            scale=item.get("scale"),
            onward=item.get("onward", "none"),
            zone=item.get("zone", ""),
            evidence=MappingProxyType(dict(item.get("evidence", {}))),
        )

    def entry(self, where: Path, item: Mapping[str, Any]) -> Entry:
        """Read one permitted flow."""
        back = {} if item["counterflow"] == "none" else item["counterflow"]
        mode = item.get("mode", "enforce")
        if item["owner"].strip().casefold() == item["reviewer"].strip().casefold():
            self.say((*where, "reviewer"), "owner and reviewer are the same", "have another person review the entry")
        return Entry(
            id=item["id"],
            title=_wording(item["title"]),
            exporter=item["exporter"],
            recipient=item["recipient"],
            carried_in=Leg(item["carried_in"]),
            endpoints=tuple(
                self.endpoint((*where, "endpoints", at), endpoint) for at, endpoint in enumerate(item["endpoints"])
            ),
            categories=self.named((*where, "categories"), item["categories"]),
            purpose=item["purpose"],
            basis=item["basis"],
            counterflow=self.named((*where, "counterflow", "categories"), back.get("categories", "none")),
            counterflow_basis=back.get("basis", ""),
            validity=self.validity((*where, "valid"), item["valid"]),
            owner=item["owner"],
            reviewer=item["reviewer"],
            obligations=tuple(
                Obligation(kind="mask", category=duty["mask"], rule=item["id"], keep_last=duty.get("keep_last", 0))
                for duty in item.get("obligations", ())
            ),
            fields=frozenset(item.get("fields", ())),
            source=self.document.source(*where),
            dataset=item.get("dataset", ""),
            counterflow_dataset=back.get("dataset", ""),
            subject_key=item.get("subject_key", ""),
            exporter_system=item.get("exporter_system", ""),
            recipient_system=item.get("recipient_system", ""),
            zone=item.get("zone", ""),
            matter=item.get("matter", ""),
            ceilings=self.ceilings((*where, "ceilings"), item.get("ceilings", ())),
            retention_days=item.get("retention", {}).get("days"),
            onward=item.get("onward", "none"),
            consent=item.get("consent", ""),
            observe_until=(
                None if mode == "enforce" else self.maybe_day((*where, "mode", "observe_until"), mode["observe_until"])
            ),
        )

    def ceilings(self, where: Path, items: Sequence[Mapping[str, Any]]) -> tuple[Ceiling, ...]:
        """Read the ceilings of an entry; one of a kind is enough."""
        read: dict[tuple[str, str], Ceiling] = {}
        for at, item in enumerate(items):
            what = next(key for key in item if key != "per")
            ceiling = Ceiling(what, item["per"], item[what], self.document.source(*where, at))
            first = read.setdefault((what, ceiling.per), ceiling)
            if first is not ceiling:
                fault = f"there is a ceiling of {what} per {ceiling.per} already, {first.source}"
                self.say((*where, at), fault, "keep the lower of them")
        return tuple(read.values())

    def endpoint(self, where: Path, item: Mapping[str, Any]) -> Endpoint:
        """Read one endpoint."""
        try:
            name = host(item["host"])
        except Unfit as unfit:
            self.say((*where, "host"), unfit.fault, unfit.fix)
            name = ""
        websocket = item.get("websocket", False)
        if websocket and "GET" not in item["methods"]:
            self.say((*where, "websocket"), "a WebSocket begins with a GET, which 'methods' does not list", "add GET")
        return Endpoint(
            host=name,
            port=item.get("port", 443),
            methods=frozenset(item["methods"]),
            paths=self.each((*where, "paths"), item["paths"], path),
            media_types=frozenset(item["media_types"]),
            addresses=self.each((*where, "addresses"), item.get("addresses", ()), inner_network),
            websocket=websocket,
            query=frozenset(item.get("query", ())),
            headers=frozenset(item.get("headers", ())),
            protobuf=self.protobuf((*where, "protobuf"), item["protobuf"]) if "protobuf" in item else None,
        )

    def protobuf(self, where: Path, item: Mapping[str, str]) -> Protobuf | None:
        """Read what the Protocol Buffers of an endpoint mean."""
        described = self.descriptors.get(item["descriptors"])
        if described is None:
            listed = ", ".join(self.descriptors) or "there is none yet"
            self.say((*where, "descriptors"), f"no set '{item['descriptors']}'", f"name one of descriptors/: {listed}")
            return None
        for leg in ("request", "response"):
            if leg in item and item[leg] not in described.messages:
                alike = get_close_matches(item[leg], described.messages, n=1)
                fix = f"did you mean '{alike[0]}'?" if alike else "write its full name, with the package"
                self.say((*where, leg), f"the set describes no message '{item[leg]}'", fix)
        if not described.methods and not item.keys() & {"request", "response"}:
            self.say(where, "the set describes no service", "name the messages: request, response")
        return Protobuf(described, item.get("request", ""), item.get("response", ""))

    def named(self, where: Path, written: str | list[str]) -> frozenset[str]:
        """Read names of categories; ``none`` is none."""
        if isinstance(written, str):
            return frozenset()
        for at, name in enumerate(written):
            known = self.categories.get(name)
            if known is not None and known.secret:
                self.say((*where, at), f"'{name}' never crosses, whatever an entry says", "delete it")
            elif "." not in name:
                self.say((*where, at), f"'{name}' covers too much", "name the categories that are meant")
            elif self.known and name not in self.known:
                alike = get_close_matches(name, self.categories, n=1)
                fix = f"did you mean '{alike[0]}'?" if alike else "name one of classifiers/categories.yaml"
                self.say((*where, at), f"there is no category '{name}'", fix)
        return frozenset(written)

    def validity(self, where: Path, item: Mapping[str, str]) -> Validity:
        """Read the first and the last day."""
        days = [self.day((*where, key), item[key]) for key in ("since", "until")]
        since, until = (day or date.min for day in days)
        if all(days) and since > until:
            self.say((*where, "until"), f"the last day, {until}, lies before the first, {since}", "exchange them")
        return Validity(since, until)

    def maybe_day(self, where: Path, written: str | None) -> date | None:
        """Read a day that may be left out."""
        return None if written is None else self.day(where, written)

    def day(self, where: Path, written: str) -> date | None:
        """Read a day of the calendar."""
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.say(where, f"there is no day {written}", "look at the calendar")
            return None


def _with_those_above(categories: Iterable[str]) -> frozenset[str]:
    names: set[str] = set()
    for category in categories:
        name = category
        while name and name not in names:
            names.add(name)
            name = name.rpartition(".")[0]
    return frozenset(names)


def _subject(written: str) -> str:
    """A certificate's subject in the one spelling in which it is compared (RFC 4514)."""
    canonical = ""
    for spelling in (written, re.sub(r"\s*([,=])\s*", r"\1", written)):
        try:
            canonical = canonical or x509.Name.from_rfc4514_string(spelling).rfc4514_string()
        except ValueError:
            continue
    if not canonical:
        fix = "write it as RFC 4514 does, such as CN=portal.example,O=Portal,C=CN"
        raise Unfit(f"'{written}' is no subject of a certificate", fix)
    if canonical != written:
        raise Unfit(f"'{written}' is not the one spelling of this subject", f"write '{canonical}'")
    return canonical


def _token(written: str) -> str:
    if written == _EMPTY_TOKEN:
        raise Unfit("this is the SHA-256 of nothing: whoever has no token would be this party", "hash a real token")
    return written


def _wording(data: Mapping[str, str]) -> Wording:
    return {language: data[language] for language in LANGUAGES}

"""The rulebook in force, as frozen values: who may send what to whom, on which basis, under which demands.

Built by ``gateway.rulebook.load`` from ``whitelist.yaml``, ``policies/`` and ``classifiers/`` and from nothing
else. A Rulebook never changes; a change of rules is another Rulebook with another digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING

from gateway.rulebook.calendar import Calendar
from gateway.rulebook.descriptors import Descriptors
from gateway.rulebook.policy import Policy
from gateway.vocabulary import (
    BEIJING,
    Certainty,
    Grade,
    Jurisdiction,
    Leg,
    Obligation,
    Party,
    Wording,
)

if TYPE_CHECKING:
    from gateway.rulebook.datasets import Dataset


class PersonKey(IntEnum):
    """How well an identifier tells one person from another."""

    NONE = 0
    WEAK = 1
    MEDIUM = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Validity:
    """First and last day on which something holds, both included, in Beijing time."""

    since: date
    until: date


def in_force(validity: Validity, at: datetime) -> str:
    """Return "" when ``at`` lies within, else ``not_yet`` or ``expired``. The one place that compares dates."""
    day = at.astimezone(BEIJING).date()
    if day < validity.since:
        return "not_yet"
    return "expired" if day > validity.until else ""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of data (类别), as ``classifiers/categories.yaml`` lists it."""

    id: str
    grade: Grade
    title: Wording
    statute: str
    secret: bool = False
    """Refused whatever any entry says: keys, passwords, state secrets."""
    lists: frozenset[str] = frozenset()
    """Lists of sensitive information that name it: ``strict``, ``gbt45574``, ``macao`` (DOMAIN 3.2)."""
    person_key: PersonKey = PersonKey.NONE
    """How well it tells one person from another, where individuals are counted."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A party of the whitelist, and how the gateway recognises it."""

    party: Party
    """With ``proof`` NONE; whoever identifies a peer fills in how."""
    hosts: tuple[str, ...] = ()
    """Hosts that are this party's systems, lower case, exact."""
    certificates: tuple[str, ...] = ()
    """RFC 4514 subjects of client certificates."""
    tokens: tuple[str, ...] = ()
    """SHA-256 of tokens, hex; the token itself is never in a rule file."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Protobuf:
    """What the Protocol Buffers of an endpoint mean. A name that is "" comes from the path of a gRPC call."""

    descriptors: Descriptors
    request: str = ""
    """Full name of the message that a request bears: ``health.v1.Patient``."""
    response: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an entry's traffic goes: one host, some methods, some path templates, some media types."""

    host: str
    port: int
    methods: frozenset[str]
    paths: tuple[str, ...]
    """Templates such as ``/v1/applications/{id}``; a brace step stands for one path segment."""
    media_types: frozenset[str]
    """Media types that the data-bearing leg may have; an empty body needs none."""
    addresses: tuple[IPv4Network | IPv6Network, ...] = ()
    """Private, loopback or link-local networks that the host may resolve to."""
    websocket: bool = False
    """Whether a GET may become a WebSocket (RFC 6455); each message is then a transfer of its own."""
    protobuf: Protobuf | None = None
    """What its Protocol Buffers mean, where somebody said so."""
    query: frozenset[str] = frozenset()
    """Names that may stand in a query, where the entry has a dataset for requests."""
    headers: frozenset[str] = frozenset()
    """Names of header fields of the sender's own that may travel there, in lower case."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis that somebody filed (合规路径 / 法律依據). ``kind`` is an id of DOMAIN 1.1."""

    id: str
    kind: str
    title: Wording
    reference: str
    """Filing, approval or certificate number; the reasoning on file where none is needed."""
    exporter: str
    recipients: tuple[str, ...]
    categories: frozenset[str]
    """Categories that its annex lists; a name covers what stands under it (``pi.contact``)."""
    validity: Validity
    assessment: str = ""
    """Number and date of the protection impact assessment (PIPL arts. 55-56)."""
    source: str = ""
    effective: date | None = None
    """Day on which the contract took effect; filing is due so many working days later."""
    filed: date | None = None
    filing_due: date | None = None
    """Last day for filing, by the calendar of the exporter's place; worked out when the rules are read."""
    assessed: date | None = None
    """Day of the protection impact assessment."""
    purposes: frozenset[str] = frozenset()
    """Purposes that its annex lists; empty where the annex lists none."""
    scale: int | None = None
    """Individuals a year that the assessment or certificate covers (Network Data Regulations art. 38)."""
    onward: str = "none"
    """Onward transfer that it allows: ``none``, ``same_jurisdiction``, ``any``."""
    zone: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """What the instrument asks for besides, by name (``approval``, ``provision``, ``consent``); references only."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most so much under one entry in a day or a calendar year, in Beijing time."""

    what: str
    """``transfers``, ``bytes``, ``records`` or ``individuals``."""
    per: str
    """``day`` or ``year``."""
    at_most: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure or a date that the law names; policies ask for it by its id, so a change of law is a change of YAML."""

    id: str
    value: int
    statute: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A kind of legal basis (DOMAIN 1.1): what it is, between which places it carries, what must be on file."""

    kind: str
    title: Wording
    statute: str
    routes: frozenset[tuple[Jurisdiction, Jurisdiction]]
    needs: frozenset[str] = frozenset()
    """Fields of a basis, or names of its evidence, without which it carries nothing."""
    personal: bool = True
    """Whether it can carry personal information at all."""
    counts: bool = True
    """Whether its people count towards the year's thresholds (DOMAIN 1.4; strict where the law is unclear)."""
    enabled: bool = True
    years: int | None = None
    """Longest time for which it holds."""
    days: int | None = None
    """The same, in days."""
    filing_days: int | None = None
    """Working days after taking effect within which it must be filed."""
    important: bool = False
    """Whether it can carry important data (重要数据)."""
    onward: str = "none"
    """The widest onward transfer that a basis of this kind may allow."""
    cities: frozenset[str] = frozenset()
    """Cities in one of which each party must stand; empty where any will do."""
    zones: frozenset[str] = frozenset()
    """Zones for one of which a basis of this kind must be; empty where none is asked."""
    unverified: bool = False
    """Whether a point of law about it is open; what is written here is then the strict reading."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A permitted flow (白名单条目): data of ``exporter`` to ``recipient``, carried in one leg of an exchange.

    ``counterflow`` is what may travel the other way in the same exchange (a receipt number, a query):
    the categories, and the basis for them ("" where nothing personal may come).
    """

    id: str
    title: Wording
    exporter: str
    recipient: str
    carried_in: Leg
    endpoints: tuple[Endpoint, ...]
    categories: frozenset[str]
    purpose: str
    basis: str
    counterflow: frozenset[str]
    counterflow_basis: str
    validity: Validity
    owner: str
    reviewer: str
    obligations: tuple[Obligation, ...] = ()
    fields: frozenset[str] = frozenset()
    """Names of fields that records may show in clear in a place; all other steps are written ``*``."""
    source: str = ""
    dataset: str = ""
    """Id of the dataset (``datasets/ID.yaml``) that the carried leg must keep to; "" where none is named."""
    counterflow_dataset: str = ""
    subject_key: str = ""
    """Field of the dataset, or category, that tells one person from another."""
    exporter_system: str = ""
    recipient_system: str = ""
    zone: str = ""
    """``qianhai``, ``nansha``, ``hengqin``, ``hetao`` or ""."""
    matter: str = ""
    """The service item, for government-service flows (事项编码)."""
    ceilings: tuple[Ceiling, ...] = ()
    retention_days: int | None = None
    """How long the recipient keeps it."""
    onward: str = "none"
    """Onward transfer by the recipient: ``none``, ``same_jurisdiction``, ``any``."""
    consent: str = ""
    """How separate consent is shown (PIPL art. 39): ``per_subject``, ``batch:REFERENCE``, ``not_the_basis`` or ""."""
    observe_until: date | None = None
    """Last day in observe mode, in which the entry's own dataset and ceilings are recorded and do not refuse."""


def under(category: str, names: frozenset[str]) -> bool:
    """Tell whether ``names`` holds ``category`` or a name above it: ``pi.contact`` holds ``pi.contact.phone``."""
    while category:
        if category in names:
            return True
        category = category.rpartition(".")[0]
    return False


@dataclass(frozen=True, slots=True)
class Pattern:
    r"""One written form: an RE2 expression without look-around, \b, \w or \d, or words, or what a finder tells."""

    name: str
    regex: str
    """"" where there are words instead, or a finder."""
    alone: Certainty | None
    """Certainty with no other evidence; None where the form alone is no finding."""
    words: tuple[str, ...] = ()
    """Literal words in NFKC and lower case, in order."""


@dataclass(frozen=True, slots=True)
class Example:
    """A ``finds:`` or ``leaves:`` case of a recogniser."""

    text: str
    label: str = ""
    """Name of the field that holds the text, or ""."""
    span: str = ""
    """For ``finds``: the code points that must be found."""
    certainty: Certainty | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """What a kind of data looks like, as a ``.yaml`` under ``classifiers/`` says (识别器)."""

    id: str
    category: str
    title: Wording
    patterns: tuple[Pattern, ...]
    check: str
    """Name of the check-digit function in the installed ``classifiers`` package, or ""."""
    labels: tuple[str, ...]
    """Names of fields that hold it, folded: NFKC, lower case, without blanks, dots, hyphens and underscores."""
    context: tuple[str, ...]
    """Words near by that speak for it."""
    finds: tuple[Example, ...]
    leaves: tuple[Example, ...]
    yields_to: tuple[str, ...] = ()
    """Ids of recognisers whose finding on the same span wins over this one."""
    any_value: bool = False
    """Whatever stands in a field of one of the labels is it."""
    no_value: bool = False
    """A field of one of the labels holds no identifier; one that stands there is a finding of its own."""
    beside: frozenset[str] = frozenset()
    """Categories of which a finding in the same record speaks for it; a name covers what stands under it."""
    spellings: tuple[str, ...] = ()
    """The same names as they are written, in NFKC and lower case."""
    finder: str = ""
    """Name of the finder in the installed ``classifiers`` package, or ""."""
    source: str = ""


@dataclass(frozen=True, eq=False)
class Rulebook:
    """All rules in force, frozen, with the digest that every record names."""

    digest: str
    """SHA-256, hex, over the names and bytes of all files, in order of name."""
    files: Mapping[str, bytes] = field(repr=False)
    """Every file as read, by its name relative to the root: what the digest is over, kept for replay."""
    categories: Mapping[str, Category]
    members: Mapping[str, Member]
    bases: Mapping[str, Basis]
    entries: Mapping[str, Entry]
    policies: tuple[Policy, ...]
    recognisers: tuple[Recogniser, ...]
    contact: str = ""
    """Whom a refused sender should ask."""
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    """Working days of the three places."""

    @cached_property
    def by_host(self) -> Mapping[str, Member]:
        """Members by host."""
        return {host: member for member in self.members.values() for host in member.hosts}

    @cached_property
    def entries_by_host(self) -> Mapping[str, tuple[Entry, ...]]:
        """Entries by host of their endpoints, each list in order of id."""
        table: dict[str, list[Entry]] = {}
        for _, entry in sorted(self.entries.items()):
            for host in sorted({endpoint.host for endpoint in entry.endpoints}):
                table.setdefault(host, []).append(entry)
        return {host: tuple(entries) for host, entries in table.items()}

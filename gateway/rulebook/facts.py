"""The facts that a policy may ask about: one table, which the loader, ``kouan facts``, the schema and CEL all read.

A fact that *grows* can only rise, or gain members, when something more is found in a payload. Conditions may then ask
only what such growth cannot undo, or a further finding would make a verdict milder (law 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from gateway.vocabulary import Jurisdiction, Leg, Proof, State, Unread


class Kind(StrEnum):
    """What values a fact has."""

    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a policy may ask about."""

    name: str
    kind: Kind
    meaning: str
    values: tuple[str, ...] = ()
    """All values that there are; () where any text may stand."""
    grows: bool = False


TRAITS = ("state_organ", "ciio", "judicial", "restricted", "ten_million")
"""What law asks of a body: state organ; operator of critical information infrastructure (关键信息基础设施运营者);
court, police or regulator; on the list of PIPL art. 42; handles ten million people's information."""
NOTICES = (
    "charset.lies",
    "charset.undeclared",
    "coding.extras",
    "json.duplicate_key",
    "media_type.differs",
    "websocket.binary",
    "websocket.handshake",
    "websocket.text",
    "wire.authority_mismatch",
    "wire.identity_conflict",
    "wire.sni_mismatch",
    "wire.trailers",
    "wire.upgrade",
)
"""Oddities that the doors and ``decode`` report. A policy may name one, or what stands above it."""
VIOLATIONS = (
    "body.too_large",
    "category.differs",
    "digest.of_identifier",
    "field.missing",
    "field.repeated",
    "field.undeclared",
    "header.undeclared",
    "part.unmapped",
    "query.undeclared",
    "record.too_many",
    "value.length",
    "value.nested",
    "value.other",
    "value.pattern",
    "value.range",
    "value.type",
)
"""How a payload may depart from its dataset."""
ENTRY_STATES = ("in_force", "not_yet", "expired", "none")
BASIS_STATES = ("sound", "missing", "not_yet", "expired", "other_exporter", "other_recipient")
FILINGS = ("not_asked", "filed", "due", "overdue")
"""How a contract stands to the days within which it must be filed."""
_ONWARD = ("none", "same_jurisdiction", "any")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _party(role: str, who: str) -> Iterable[Fact]:
    yield Fact(f"{role}.known", Kind.FLAG, f"whether the whitelist knows {who}")
    yield Fact(f"{role}.id", Kind.TEXT, f"id of {who} in the whitelist, empty for a stranger")
    places = tuple(each.value for each in Jurisdiction)
    yield Fact(f"{role}.jurisdiction", Kind.TEXT, f"where {who} stands; OTHER is everywhere but the three", places)
    yield Fact(f"{role}.city", Kind.TEXT, f"city of {who}, as the whitelist writes it")
    yield Fact(f"{role}.traits", Kind.TEXTS, f"what law asks of {who}, as the whitelist says", TRAITS)
    yield Fact(f"{role}.group", Kind.TEXT, f"affiliates with which {who} is counted together, or empty")
    yield Fact(f"{role}.proof", Kind.TEXT, f"how {who} proved who it is", tuple(each.value for each in Proof))


_TABLE = (
    Fact("leg", Kind.TEXT, "the half of the exchange that bears the bytes", tuple(each.value for each in Leg)),
    Fact("method", Kind.TEXT, "the method of the request; * for one that RFC 9110 does not know"),
    Fact("scheme", Kind.TEXT, "how it travels", ("https", "http", "*")),
    Fact("host", Kind.TEXT, "the host that is asked"),
    Fact("media_type", Kind.TEXT, "what the body is by sight"),
    Fact("status", Kind.NUMBER, "the status of a response, 0 for a request"),
    Fact("size", Kind.NUMBER, "bytes of the body"),
    Fact("body", Kind.TEXT, "how much of the body the gateway holds", tuple(each.value for each in State)),
    Fact("day", Kind.DAY, "the day of the transfer, in Beijing time"),
    Fact("weekday", Kind.TEXT, "the day of the week, in Beijing time", _WEEKDAYS),
    Fact("hour", Kind.NUMBER, "the hour, 0 to 23, in Beijing time"),
    *_party("exporter", "the exporter"),
    *_party("recipient", "the recipient"),
    Fact(
        "parties.jurisdictions",
        Kind.TEXTS,
        "where exporter and recipient stand",
        tuple(each.value for each in Jurisdiction),
    ),
    Fact("parties.cities", Kind.TEXTS, "the cities of exporter and recipient"),
    Fact("entry.covered", Kind.FLAG, "whether a whitelist entry covers the transfer"),
    Fact("entry.id", Kind.TEXT, "id of that entry"),
    Fact("entry.state", Kind.TEXT, "whether it is in force on the day", ENTRY_STATES),
    Fact("entry.flow", Kind.TEXT, "what the transfer is to the entry", ("carried", "counterflow", "none")),
    Fact("entry.mode", Kind.TEXT, "whether its own bounds refuse or are only recorded", ("enforce", "observe", "none")),
    Fact("entry.purpose", Kind.TEXT, "its purpose"),
    Fact("entry.zone", Kind.TEXT, "its special zone, or empty", ("qianhai", "nansha", "hengqin", "hetao", "")),
    Fact("entry.matter", Kind.TEXT, "its service item (事项编码), or empty"),
    Fact("entry.dataset", Kind.TEXT, "the dataset that this leg must keep to, or empty"),
    Fact("entry.consent", Kind.TEXT, "how consent is shown", ("none", "per_subject", "batch", "not_the_basis")),
    Fact("entry.onward", Kind.TEXT, "what the recipient may pass on", _ONWARD),
    Fact("entry.retention_days", Kind.NUMBER, "how long the recipient keeps it; -1 where nothing is said"),
    Fact("basis.id", Kind.TEXT, "id of the legal basis for this leg"),
    Fact("basis.kind", Kind.TEXT, "its instrument, by its name in policies/law/instruments.yaml; none without a basis"),
    Fact("basis.state", Kind.TEXTS, "everything that is wrong with it for this transfer, or sound", BASIS_STATES),
    Fact("basis.evidence", Kind.TEXTS, "names of what is on file for it: assessment, filed, approval, consent ..."),
    Fact("basis.onward", Kind.TEXT, "onward transfer that it allows", _ONWARD),
    Fact("basis.zone", Kind.TEXT, "its special zone, or empty", ("qianhai", "nansha", "hengqin", "hetao", "")),
    Fact("basis.lists_purpose", Kind.FLAG, "whether its annex lists the purpose of the entry, or lists none at all"),
    Fact("basis.assessed_days", Kind.NUMBER, "age of the impact assessment in days; -1 where no day is given"),
    Fact("basis.effective_days", Kind.NUMBER, "days since the instrument took effect; -1 before, or with no day given"),
    Fact("basis.filing", Kind.TEXT, "whether its filing is due, by working days of the exporter's place", FILINGS),
    Fact("basis.scale", Kind.NUMBER, "individuals a year that it covers; -1 where nothing is said"),
    Fact("basis.scale_exceeded", Kind.FLAG, "whether its people of this year pass that", grows=True),
    Fact("unreadable", Kind.TEXTS, "why parts could not be read", tuple(each.value for each in Unread), grows=True),
    Fact("noticed", Kind.TEXTS, "oddities of the message; wire stands for wire.trailers and all others", NOTICES, True),
    Fact("violations", Kind.TEXTS, "departures from the dataset; field stands for all of them", VIOLATIONS, True),
    Fact("individuals", Kind.NUMBER, "people that the payload is about, each once; an upper bound", grows=True),
    Fact("individuals.sensitive", Kind.NUMBER, "people of whom it holds sensitive information", grows=True),
    Fact("individuals.unidentified", Kind.NUMBER, "records about people who cannot be told apart", grows=True),
    Fact("individuals.minors", Kind.NUMBER, "people under fourteen on the day of the transfer", grows=True),
    Fact("records", Kind.NUMBER, "records in the payload: rows, items of a list", grows=True),
    Fact("standing.personal", Kind.NUMBER, "people this year on all bases that count, this one included", grows=True),
    Fact("standing.sensitive", Kind.NUMBER, "those with sensitive information", grows=True),
    Fact("standing.kind.personal", Kind.NUMBER, "people this year on bases of this kind", grows=True),
    Fact("standing.kind.sensitive", Kind.NUMBER, "those with sensitive information", grows=True),
    Fact("standing.basis.personal", Kind.NUMBER, "people this year on this very basis", grows=True),
    Fact("standing.basis.sensitive", Kind.NUMBER, "those with sensitive information", grows=True),
    Fact("standing.origin_unknown", Kind.NUMBER, "people in the payload who never came in from outside", grows=True),
)  # fmt: skip

FACTS: Mapping[str, Fact] = MappingProxyType({fact.name: fact for fact in _TABLE})
"""All facts, in the order in which they are explained."""

OPERATORS: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        Kind.TEXT: {
            "any_of": "it is one of these",
            "none_of": "it is none of these",
            "mentions": "one of these words stands in it, in whatever case",
        },
        Kind.TEXTS: {
            "any_of": "one of these is among them",
            "all_of": "all of these are among them",
            "none_of": "none of these is among them",
            "outside": "something else than these is among them",
        },
        Kind.NUMBER: {
            "at_least": "it is this or more",
            "more_than": "it is more than this",
            "at_most": "it is this or less",
            "less_than": "it is less than this",
        },
        Kind.FLAG: {"is": "it is so, or not"},
        Kind.DAY: {"since": "on this day or later", "until": "on this day or earlier"},
    }
)
"""What may be asked of facts of each kind, and what it means."""

RISING = frozenset({"any_of", "all_of", "outside", "at_least", "more_than", "is"})
"""What may be asked of a fact that grows."""
ANY = "any"
"""Stands for all values of a fact that grows."""
HIERARCHICAL = frozenset({"noticed", "violations"})
"""Facts whose values stand under one another: ``wire`` covers ``wire.trailers``."""


def words_of(fact: Fact) -> tuple[str, ...]:
    """Return all values that may be written for a fact; () where any text may."""
    if fact.name not in HIERARCHICAL:
        return fact.values
    return tuple(sorted({*fact.values, *(value.partition(".")[0] for value in fact.values)}))

"""Facts, standing, decisions, outcomes: what is decided on, what was decided, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from gateway.vocabulary.message import Opaque
from gateway.vocabulary.terms import Certainty, Grade, Leg, Party, State, Verdict


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of one category, counted; the form in which decisions and records see them."""

    category: str
    grade: Grade
    certainty: Certainty  # the highest among them
    count: int
    places: tuple[str, ...]
    """Up to eight, with every step that could be payload text written ``*``."""


@dataclass(frozen=True, slots=True)
class Violation:
    """How a payload departs from the dataset of an entry that covers it; counted by code and place."""

    entry: str
    code: str
    """``field.undeclared``, ``field.missing``, ``value.type``, ``value.other`` ...."""
    place: str
    """Fit for records: steps that could be payload text are written ``*``."""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision may look at: recordable, no payload text (law 3)."""

    transfer: str
    at: datetime
    leg: Leg
    exporter: Party
    recipient: Party
    scheme: str
    host: str
    port: int
    method: str
    media_type: str
    status: int
    size: int
    state: State
    covering: tuple[str, ...]  # ids of the entries whose parties, leg and endpoint fit, in order
    near: tuple[tuple[str, str], ...]
    """(entry id, code) of entries that miss by one thing: ``party``, ``method``, ``path``, ``media_type``, ``leg``."""
    found: tuple[Found, ...] = ()
    opaque: tuple[Opaque, ...] = ()
    """Up to eight for each reason; ``unread`` says how many there were."""
    notices: tuple[str, ...] = ()
    about: str = ""
    violations: tuple[Violation, ...] = ()
    individuals: int = 0
    """Distinct people with personal information in the payload (DOMAIN 1.4); an upper bound."""
    sensitive_individuals: int = 0
    """Those of whom a record holds sensitive personal information."""
    minors: int = 0
    """Those under fourteen on the day of the transfer (Beijing time); of two readings of a date the younger counts."""
    unidentified: int = 0
    """Records with personal information of nobody who could be told from others."""
    records: int = 0
    unread: int = 0
    """Parts that nobody could read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What this exporter has sent (累计数量 / 累計數量), before this transfer and with it, by scope.

    Scopes are spelled by ``gateway/headcount``: ``year/personal``, ``basis:ID/year/sensitive``,
    ``entry:ID/day/transfers`` ... What no scope names is 0.
    """

    before: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, int] = field(default_factory=dict)
    """With this transfer included: a ceiling is compared to this."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty attached to a permit (附随义务): today ``mask``, for one category. An unknown kind is a refusal."""

    kind: str
    category: str
    rule: str
    keep_last: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code with parameters, worded at reading time in the reader's language."""

    code: str
    rule: str  # id of the policy, entry or basis that speaks
    source: str  # file:line of the rule; "" where the house itself speaks
    statute: str = ""
    params: tuple[tuple[str, str], ...] = ()
    """Never payload text: ids, categories, dates, figures."""
    verdict: Verdict = Verdict.DENY
    """What this reason alone would lead to."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Verdict, reasons, obligations (决定). A Decision made of nothing denies."""

    verdict: Verdict = Verdict.DENY
    reasons: tuple[Reason, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    entry: str = ""
    """The whitelist entry that let it through, or came nearest."""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Index and RFC 6962 leaf hash (32 bytes) of an entry; holding one means that it is durable (回执)."""

    index: int
    leaf: bytes


class Fault(Enum):
    """What refuses: a rule, or the house itself; each has its own HTTP status."""

    POLICY = "policy"
    TOO_LARGE = "too_large"
    UPSTREAM = "upstream"
    LEDGER = "ledger"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the corridor hands back to the door. ``body`` is what may leave, and is None on anything but PERMIT."""

    decision: Decision
    facts: Facts | None
    body: bytes | None = field(repr=False)
    receipt: Receipt | None
    fault: Fault = Fault.POLICY

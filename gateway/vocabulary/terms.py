"""Small words: verdicts, grades, places, reasons why something could not be read, parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from enum import IntEnum, StrEnum

BEIJING = timezone(timedelta(hours=8))
"""All records bear Beijing time (DOMAIN 5.1: RFC 3339 with +08:00); the three places share the offset."""
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "pt")
"""The languages in which the house speaks; the first is the fallback."""
type Wording = Mapping[str, str]  # a sentence in each of LANGUAGES


class Verdict(IntEnum):
    """What is to become of a transfer. Zero refuses: what was never decided never passes (law 1)."""

    DENY = 0
    HOLD = 1
    PERMIT = 2


class Certainty(IntEnum):
    """How sure a finding is, by stated rules and never by a bare score."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


class Grade(IntEnum):
    """Class of data. PIPL arts. 4 and 28; GB/T 43697-2024 for important and core."""

    GENERAL = 0
    PERSONAL = 1
    SENSITIVE = 2
    IMPORTANT = 3
    CORE = 4


class Jurisdiction(StrEnum):
    """Where a party stands. Hong Kong and Macao are 境外 but not 外国, so never "domestic or foreign"."""

    CN = "CN"
    HK = "HK"
    MO = "MO"
    OTHER = "OTHER"


class Leg(StrEnum):
    """The half of an HTTP exchange that bears the bytes; each half is a transfer of its own (law 8)."""

    REQUEST = "request"
    RESPONSE = "response"


class State(StrEnum):
    """How much of a body the gateway holds. Only COMPLETE can be permitted."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    OPAQUE = "opaque"


class Unread(StrEnum):
    """Why a part is opaque (law 5)."""

    ENCRYPTED = "encrypted"
    MALFORMED = "malformed"
    UNKNOWN_FORMAT = "unknown_format"
    UNKNOWN_CHARSET = "unknown_charset"
    UNKNOWN_CODING = "unknown_coding"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    RATIO = "ratio"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    NOT_HTTP = "not_http"


class Proof(StrEnum):
    """How the gateway knows who a party is, weakest first."""

    NONE = "none"
    HOST = "host"
    NETWORK = "network"
    TOKEN = "token"  # noqa: S105 - the name of a kind of proof
    MTLS = "mtls"


@dataclass(frozen=True, slots=True)
class Party:
    """An exporter or a recipient, as the whitelist names it. ``id`` is "" for a stranger."""

    id: str
    jurisdiction: Jurisdiction
    name: str = ""
    city: str = ""
    traits: frozenset[str] = frozenset()
    """What law asks of a body: ``state_organ``, ``ciio``, ``judicial`` ..."""
    proof: Proof = Proof.NONE
    group: str = ""
    """Id under which affiliates are counted together (no splitting, Order 16 art. 8); "" counts the party alone."""


STRANGER = Party(id="", jurisdiction=Jurisdiction.OTHER)

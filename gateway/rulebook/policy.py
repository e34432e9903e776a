"""A policy as a frozen value: when it speaks, what it demands, and the cases that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.rulebook.expressions import Expression
from gateway.vocabulary import Certainty, Grade, Obligation, Verdict, Wording

type Wanted = frozenset[str] | int | bool | date
"""What a fact is compared to."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked of one fact, by its names in ``gateway.rulebook.facts``."""

    fact: str
    operator: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class AskFinding:
    """There is a finding of which all of this holds; a field that is None asks nothing."""

    of: frozenset[str] | None = None
    """Its category is one of these, or stands under one."""
    grade: Grade | None = None
    """It has this grade or a higher one."""
    certainty: Certainty | None = None
    """It is at least this certain."""
    secret: bool | None = None
    listed: str | None = None
    """It is on this list of sensitive information: ``strict``, ``gbt45574`` or ``macao`` (DOMAIN 3.2)."""
    beyond: str | None = None
    """Its category is not listed, for this leg, by the ``entry`` or by the ``basis``; with ``entry_by_name``, one above
    it does not do."""
    kinds: int = 1
    """So many different categories of that kind, at least."""
    count: int = 1
    """So many findings of that kind, at least, in all."""


@dataclass(frozen=True, slots=True)
class Condition:
    """All of this holds: each ask and finding, each of ``every``, some of ``either``, none of ``none``."""

    asks: tuple[Ask, ...] = ()
    findings: tuple[AskFinding, ...] = ()
    every: tuple[Condition, ...] = ()
    either: tuple[Condition, ...] = ()
    """At least one of them holds, where there is any."""
    none: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """An example at the end of a policy: facts that differ from a harmless transfer, and what must come of them."""

    title: str
    given: Mapping[str, object]
    expect: Verdict
    speaks: bool
    """Whether this very policy must be among the reasons."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One demand (规则). It can only make things stricter: a refusal, a hold, or a duty on a permit."""

    id: str
    because: Wording
    cite: str
    when: Condition
    verdict: Verdict
    """DENY or HOLD; PERMIT for a policy that only lays duties on."""
    obligations: tuple[Obligation, ...]
    remedy: Wording
    cases: tuple[Case, ...]
    source: str = ""
    unless: Condition | None = None
    where: Expression | None = None
    """A CEL expression that must not be false."""
    trial: bool = False
    """On trial: what it would demand is recorded, and nothing is refused for it."""

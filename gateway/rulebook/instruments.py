"""``policies/law/instruments.yaml`` and ``thresholds.yaml`` -> what each kind of legal basis is, and the law's figures.

Law is data here: that a contract is due for filing within ten working days, or that an assessment holds three years,
stands in a file with its source beside it, and a change of law is a change of that file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from gateway.rulebook.book import Instrument, Threshold
from gateway.rulebook.document import Document, Faulty, Problem
from gateway.vocabulary import LANGUAGES, Jurisdiction

FIELDS = frozenset({"reference", "assessment", "assessed", "effective", "filed", "purposes", "scale", "zone"})
"""What an instrument may need that is a key of a basis; all else is its evidence."""

ONWARD = ("none", "same_jurisdiction", "any")
"""Onward transfer, from the narrowest to the widest."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A special zone: the city of the mainland in which it lies, and the places with which it exchanges."""

    id: str
    city: str
    places: frozenset[Jurisdiction]


@dataclass(frozen=True, slots=True)
class Law:
    """What the law says of instruments and zones."""

    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    zones: Mapping[str, Zone] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    """Names that may stand under ``evidence`` of a basis."""


def read_law(document: Document) -> Law:
    """Read ``policies/law/instruments.yaml``. Raise ``Faulty`` with every problem of the file."""
    data = document.data
    problems = [
        *_twice(document, "instruments", "kind"),
        *_twice(document, "zones", "id"),
        *_dangling(document, data),
    ]
    if problems:
        raise Faulty(problems)
    instruments = (_instrument(document, at, item) for at, item in enumerate(data["instruments"]))
    zones = (
        Zone(item["id"], item["city"], frozenset(Jurisdiction(place) for place in item["places"]))
        for item in data["zones"]
    )
    return Law(
        MappingProxyType({instrument.kind: instrument for instrument in instruments}),
        MappingProxyType({zone.id: zone for zone in zones}),
        frozenset(data["evidence"]),
    )


def read_thresholds(document: Document) -> Mapping[str, Threshold]:
    """Read ``policies/law/thresholds.yaml``, by id. Raise ``Faulty`` with every problem of the file."""
    problems = [*_twice(document, "thresholds", "id")]
    if problems:
        raise Faulty(problems)
    return MappingProxyType(
        {
            item["id"]: Threshold(item["id"], item["value"], item["statute"], document.source("thresholds", at))
            for at, item in enumerate(document.data["thresholds"])
        }
    )


def _twice(document: Document, part: str, key: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for at, item in enumerate(document.data[part]):
        if first.setdefault(item[key], at) != at:
            line, _ = document.place(part, first[item[key]], key)
            fault = f"'{item[key]}' stands here already, on line {line}"
            yield document.problem((part, at, key), fault, "keep one of them")


def _dangling(document: Document, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Areas, zones and evidence that an instrument names must be there."""
    words = FIELDS | set(data["evidence"])
    zones = {zone["id"] for zone in data["zones"]}
    for at, item in enumerate(data["instruments"]):
        if "area" in item and item["area"] not in data["areas"]:
            fault = f"there is no area '{item['area']}'"
            yield document.problem(("instruments", at, "area"), fault, f"name one of: {', '.join(data['areas'])}")
        for place, need in enumerate(item["needs"]):
            if need not in words:
                alike = get_close_matches(need, words, n=1)
                fix = f"did you mean '{alike[0]}'?" if alike else "list it under 'evidence:' above, with what it means"
                yield document.problem(("instruments", at, "needs", place), f"there is no evidence '{need}'", fix)
        for place, zone in enumerate(item.get("zones", ())):
            if zone not in zones:
                fix = f"name one of: {', '.join(sorted(zones))}"
                yield document.problem(("instruments", at, "zones", place), f"there is no zone '{zone}'", fix)


def _instrument(document: Document, at: int, item: Mapping[str, Any]) -> Instrument:
    longest = item.get("longest", {})
    routes = (route.split("-") for route in item["routes"])
    return Instrument(
        kind=item["kind"],
        title={language: item["title"][language] for language in LANGUAGES},
        statute=item["statute"],
        routes=frozenset((Jurisdiction(exporter), Jurisdiction(recipient)) for exporter, recipient in routes),
        needs=frozenset(item["needs"]),
        personal=item["personal"],
        counts=item["counts"],
        enabled=item.get("enabled", True),
        years=longest.get("years"),
        days=longest.get("days"),
        filing_days=item.get("filing_days"),
        important=item["important"],
        onward=item["onward"],
        cities=frozenset(document.data["areas"][item["area"]]) if "area" in item else frozenset(),
        zones=frozenset(item.get("zones", ())),
        unverified=item.get("unverified", False),
        source=document.source("instruments", at),
    )

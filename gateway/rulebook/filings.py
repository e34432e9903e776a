"""Whether the legal bases of a whitelist are what their instruments ask for, and entries what their bases carry."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from gateway.rulebook.book import Basis, Entry, Instrument, Member, under
from gateway.rulebook.datasets import Dataset
from gateway.rulebook.document import Document, Path, Problem
from gateway.rulebook.instruments import FIELDS, ONWARD, Law
from gateway.vocabulary import Jurisdiction


@dataclass(frozen=True, slots=True)
class Parts:
    """The file, its values in the order of the file, and the same by id."""

    document: Document
    members: Sequence[Member]
    bases: Sequence[Basis]
    entries: Sequence[Entry]
    party: Mapping[str, Member]
    basis: Mapping[str, Basis]
    important: frozenset[str]
    """Categories of important data."""
    nobodys: frozenset[str]
    """Categories that are neither personal information nor important data: codes of companies, digests."""
    datasets: Mapping[str, Dataset] | None
    """By id; None where they were not read."""


def unfit_bases(parts: Parts, law: Law | None) -> Iterator[Problem]:
    """Yield what is wrong with bases and with what rests on them; without ``law``, only what needs none."""
    if law is not None:
        for at, basis in enumerate(parts.bases):
            instrument = law.instruments.get(basis.kind)
            if instrument is None:
                alike = get_close_matches(basis.kind, law.instruments, n=1)
                fix = f"did you mean '{alike[0]}'?" if alike else f"name one of: {', '.join(law.instruments)}"
                fault = f"there is no instrument '{basis.kind}'"
                yield parts.document.problem(("bases", at, "kind"), fault, fix)
                continue
            for check in (_disabled, _route, _area, _needs, _content, _too_long, _wider_than_law, _out_of_order):
                yield from check(parts, at, basis, instrument)
            yield from _zone(parts, ("bases", at), basis.zone, (basis.exporter, *basis.recipients), law)
            yield from _other_zone(parts, at, basis, instrument)
            yield from _unknown_evidence(parts, at, basis, law)
        for at, entry in enumerate(parts.entries):
            yield from _zone(parts, ("entries", at), entry.zone, (entry.exporter, entry.recipient), law)
    for at, entry in enumerate(parts.entries):
        where: Path = ("entries", at)
        yield from _carried(parts, where, entry.exporter, entry.recipient, entry.basis)
        back = entry.counterflow_basis
        yield from _carried(parts, (*where, "counterflow"), entry.recipient, entry.exporter, back)
        yield from _terms(parts, where, entry)


def _key(parts: Parts, where: Path, key: str) -> Path:
    """Where to point for a key: at its value, or at the id of what lacks it."""
    path = (*where, key)
    return path if path in parts.document.values else (*where, "id")


def _disabled(parts: Parts, at: int, basis: Basis, instrument: Instrument) -> Iterator[Problem]:
    if not instrument.enabled:
        fault = f"nothing can rest on {basis.kind} yet, {instrument.source}"
        yield parts.document.problem(("bases", at, "kind"), fault, "name another instrument")


def _route(parts: Parts, at: int, basis: Basis, instrument: Instrument) -> Iterator[Problem]:
    """An instrument carries only between the places for which it was made."""
    exporter = parts.party.get(basis.exporter)
    for place, name in enumerate(basis.recipients):
        recipient = parts.party.get(name)
        if exporter is None or recipient is None:
            continue
        route = (exporter.party.jurisdiction, recipient.party.jurisdiction)
        if route not in instrument.routes:
            fault = f"{basis.kind} carries nothing from {route[0]} to {route[1]}"
            yield parts.document.problem(("bases", at, "recipients", place), fault, "name a basis that does")


def _area(parts: Parts, at: int, basis: Basis, instrument: Instrument) -> Iterator[Problem]:
    """Both parties to a contract of the Greater Bay Area are registered in it."""
    if not instrument.cities:
        return
    named: list[tuple[Path, str]] = [(("bases", at, "exporter"), basis.exporter)]
    named += [(("bases", at, "recipients", place), name) for place, name in enumerate(basis.recipients)]
    places = {place for route in instrument.routes for place in route}
    for path, name in named:
        member = parts.party.get(name)
        # Who stands in a place that the instrument does not know was told of as a wrong route.
        if member and member.party.jurisdiction in places and member.party.city not in instrument.cities:
            fault = f"{basis.kind} is for bodies of its area, and {name} is in '{member.party.city}'"
            yield parts.document.problem(path, fault, f"name a body of: {', '.join(sorted(instrument.cities))}")


def _needs(parts: Parts, at: int, basis: Basis, instrument: Instrument) -> Iterator[Problem]:
    """PIPL arts. 55-56 among others: an assessment before every export, exempt from filing or not."""
    here: Path = ("bases", at, "id")
    for need in sorted(instrument.needs):
        if need not in FIELDS:
            if need not in basis.evidence:
                fault = f"the basis '{basis.id}' lacks '{need}', which {basis.kind} needs ({instrument.statute})"
                yield parts.document.problem(here, fault, f"add '{need}:' with its reference under 'evidence:'")
        elif not getattr(basis, need):
            if need == "assessment":
                fault = f"the basis '{basis.id}' has no impact assessment (PIPL arts. 55-56)"
                yield parts.document.problem(here, fault, "add 'assessment:' with its number, and 'assessed:'")
            elif need != "assessed" or basis.assessment:
                fault = f"the basis '{basis.id}' lacks '{need}', which {basis.kind} needs ({instrument.statute})"
                yield parts.document.problem(here, fault, f"add '{need}:'")
    both = basis.evidence.get("approver", ""), basis.evidence.get("second_approver", "")
    if all(both) and both[0].strip().casefold() == both[1].strip().casefold():
        path: Path = ("bases", at, "evidence", "second_approver")
        yield parts.document.problem(path, "the two approvers are the same", "have another person approve it")


def _unknown_evidence(parts: Parts, at: int, basis: Basis, law: Law) -> Iterator[Problem]:
    for name in basis.evidence:
        if name not in law.evidence:
            alike = get_close_matches(name, law.evidence, n=1)
            fix = (
                f"did you mean '{alike[0]}'?" if alike else "list it under 'evidence:' of policies/law/instruments.yaml"
            )
            yield parts.document.key_problem(("bases", at, "evidence", name), f"there is no evidence '{name}'", fix)


def _content(parts: Parts, at: int, basis: Basis, instrument: Instrument) -> Iterator[Problem]:
    path: Path = ("bases", at, "categories")
    if not instrument.personal:
        if not basis.categories <= parts.nobodys:
            fix = "write none, or only what is nobody's, such as org.uscc"
            yield parts.document.problem(path, f"{basis.kind} carries nothing personal", fix)
    elif not basis.categories:
        yield parts.document.problem(path, "the basis lists no categories", "list those of its annex")
    for place, name in enumerate(parts.document.data["bases"][at]["categories"] if basis.categories else ()):
        if not instrument.important and name in parts.important:
            fault = f"{basis.kind} carries no important data, and '{name}' is important data"
            fix = "delete it, or name a security assessment"
            yield parts.document.problem((*path, place), fault, fix)


def _too_long(parts: Parts, at: int, basis: Basis, instrument: Instrument) -> Iterator[Problem]:
    since, last = basis.validity.since, date.max
    if since == date.min:
        return
    if instrument.years is not None:
        last = _years_after(since, instrument.years) - timedelta(days=1)
    if instrument.days is not None:
        last = since + timedelta(days=instrument.days - 1)
    if basis.validity.until > last:
        bound = f"{instrument.years} years" if instrument.years is not None else f"{instrument.days} days"
        fault = f"{basis.kind} holds {bound} at most ({instrument.statute}), and this is longer"
        yield parts.document.problem(("bases", at, "valid", "until"), fault, f"write {last} or a day before it")


def _years_after(day: date, years: int) -> date:
    """The same day some years later; the last of February where there is none."""
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _wider_than_law(parts: Parts, at: int, basis: Basis, instrument: Instrument) -> Iterator[Problem]:
    if ONWARD.index(basis.onward) > ONWARD.index(instrument.onward):
        fault = f"{basis.kind} allows onward transfer '{instrument.onward}', and this is wider"
        yield parts.document.problem(("bases", at, "onward"), fault, f"write {instrument.onward}")


def _out_of_order(parts: Parts, at: int, basis: Basis, _: Instrument) -> Iterator[Problem]:
    """What is done before another thing cannot be dated after it."""
    if basis.effective and basis.effective > basis.validity.since:
        fault = f"the basis takes effect on {basis.effective}, after the first day of 'valid', {basis.validity.since}"
        yield parts.document.problem(("bases", at, "effective"), fault, "let 'valid' begin then")
    if basis.filed and basis.effective and basis.filed < basis.effective:
        fault = f"it was filed on {basis.filed}, before it took effect on {basis.effective}"
        yield parts.document.problem(("bases", at, "filed"), fault, "look at the receipt")
    if basis.assessed and basis.assessed > basis.validity.since:
        fault = f"it was assessed on {basis.assessed}, after the first day of 'valid', {basis.validity.since}"
        fix = "an assessment comes before the export (PIPL art. 55)"
        yield parts.document.problem(("bases", at, "assessed"), fault, fix)


def _zone(parts: Parts, where: Path, name: str, parties: Sequence[str], law: Law) -> Iterator[Problem]:
    """Whoever flows in the frame of a zone stands in its city, or in a place with which it exchanges."""
    if not name:
        return
    zone, path = law.zones.get(name), (*where, "zone")
    if zone is None:
        fix = f"name one of: {', '.join(sorted(law.zones))}"
        yield parts.document.problem(path, f"there is no zone '{name}'", fix)
        return
    for party in (parts.party[name].party for name in parties if name in parts.party):
        if party.jurisdiction is Jurisdiction.CN and party.city != zone.city:
            fault = f"the zone {zone.id} lies in {zone.city}, and {party.id} is in '{party.city}'"
            yield parts.document.problem(path, fault, "name the zone of its city, or delete the key")
            return
        if party.jurisdiction is not Jurisdiction.CN and party.jurisdiction not in zone.places:
            fault = f"the zone {zone.id} exchanges nothing with {party.jurisdiction}, where {party.id} is"
            yield parts.document.problem(path, fault, "delete the key, or name another zone")
            return


def _other_zone(parts: Parts, at: int, basis: Basis, instrument: Instrument) -> Iterator[Problem]:
    if instrument.zones and basis.zone and basis.zone not in instrument.zones:
        fault, listed = f"{basis.kind} is not for the zone '{basis.zone}'", ", ".join(sorted(instrument.zones))
        yield parts.document.problem(("bases", at, "zone"), fault, f"name one of: {listed}")


def _carried(parts: Parts, where: Path, exporter: str, recipient: str, name: str) -> Iterator[Problem]:
    """Whether the basis ``name`` was filed for these two and lists all categories written at ``where``."""
    basis = parts.basis.get(name)
    if basis is None:
        return
    path = (*where, "basis")
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


def _terms(parts: Parts, where: Path, entry: Entry) -> Iterator[Problem]:
    """Purpose, onward transfer and zone of an entry stay within what its basis says."""
    basis = parts.basis.get(entry.basis)
    if basis is None:
        return
    if basis.purposes and entry.purpose not in basis.purposes:
        alike = get_close_matches(entry.purpose, basis.purposes, n=1, cutoff=0.6)
        fix = f"did you mean '{alike[0]}'?" if alike else "write one of them word for word, or have the basis refiled"
        fault = f"the basis '{basis.id}', {basis.source}, does not list this purpose"
        yield parts.document.problem((*where, "purpose"), fault, fix)
    if ONWARD.index(entry.onward) > ONWARD.index(basis.onward):
        fault = f"the basis '{basis.id}' allows onward transfer '{basis.onward}', and this is wider"
        yield parts.document.problem((*where, "onward"), fault, f"write {basis.onward}")
    if basis.zone and entry.zone != basis.zone:
        fault = f"the basis '{basis.id}' was given for the zone '{basis.zone}'"
        yield parts.document.problem(_key(parts, where, "zone"), fault, f"write 'zone: {basis.zone}'")

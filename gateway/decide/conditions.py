"""Conditions of policies, compiled: one test each, which says whether the policy speaks and about what.

All that is asked of findings, opaque parts and notices is whether there is any: one more of them can make a policy
speak and never silences one (law 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gateway.rulebook.book import Basis, Category, Condition, Entry, under
from gateway.vocabulary import Certainty, Facts, Found, Grade

type Params = dict[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """A transfer in the light of one covering entry, or of none."""

    facts: Facts
    entry: Entry | None
    entry_state: str
    """``expired``, ``not_yet`` or ""."""
    declared: frozenset[str]
    """Categories that the entry lists for this leg."""
    basis: Basis | None
    basis_states: frozenset[str]
    basis_kind: str


type Test = Callable[[Setting], bool]
type Evidence = Callable[[Setting, Params], bool]
"""Looks for what must exist, and names what it saw in the params."""


class Compiled:
    """A condition, split into what costs nothing to ask first and what needs evidence."""

    __slots__ = ("_evidence", "_tests", "evidential")

    def __init__(self, when: Condition, categories: Mapping[str, Category]) -> None:
        """Compile ``when``; ``categories`` says which are secret."""
        self._tests: tuple[Test, ...] = tuple(_tests(when))
        self._evidence: tuple[Evidence, ...] = tuple(_evidence(when, categories))
        self.evidential = bool(self._evidence)
        """Whether it can only speak where something was found, unreadable or noticed."""

    def speaks(self, setting: Setting) -> Params | None:
        """Return what the policy speaks about, or None where it stays silent."""
        for test in self._tests:
            if not test(setting):
                return None
        params: Params = {}
        for look in self._evidence:
            if not look(setting, params):
                return None
        return params


def _tests(when: Condition) -> Iterator[Test]:
    yield from _asked_of_transfer(when)
    yield from _asked_of_parties(when)
    yield from _asked_of_rules(when)


def _asked_of_transfer(when: Condition) -> Iterator[Test]:
    if (legs := when.legs) is not None:
        yield lambda setting: setting.facts.leg in legs
    if (states := when.states) is not None:
        yield lambda setting: setting.facts.state in states


def _asked_of_parties(when: Condition) -> Iterator[Test]:
    yield from _asked_of_places(when)
    if (exporter_traits := when.exporter_traits) is not None:
        yield lambda setting: not exporter_traits.isdisjoint(setting.facts.exporter.traits)
    if (recipient_traits := when.recipient_traits) is not None:
        yield lambda setting: not recipient_traits.isdisjoint(setting.facts.recipient.traits)
    if (exporter_known := when.exporter_known) is not None:
        yield lambda setting: bool(setting.facts.exporter.id) is exporter_known
    if (recipient_known := when.recipient_known) is not None:
        yield lambda setting: bool(setting.facts.recipient.id) is recipient_known


def _asked_of_places(when: Condition) -> Iterator[Test]:
    if (exporters := when.exporters_in) is not None:
        yield lambda setting: setting.facts.exporter.jurisdiction in exporters
    if (recipients := when.recipients_in) is not None:
        yield lambda setting: setting.facts.recipient.jurisdiction in recipients
    if (parties := when.parties_in) is not None:
        yield (
            lambda setting: (
                setting.facts.exporter.jurisdiction in parties or setting.facts.recipient.jurisdiction in parties
            )
        )
    if (exporter_cities := when.exporter_cities_outside) is not None:
        yield lambda setting: setting.facts.exporter.city not in exporter_cities
    if (recipient_cities := when.recipient_cities_outside) is not None:
        yield lambda setting: setting.facts.recipient.city not in recipient_cities
    if (cities := when.party_cities_outside) is not None:
        yield lambda setting: setting.facts.exporter.city not in cities or setting.facts.recipient.city not in cities


def _asked_of_rules(when: Condition) -> Iterator[Test]:
    """Without a covering entry, nothing that is asked of entry or basis holds: the transfer is refused anyway."""
    if (covered := when.covered) is not None:
        yield lambda setting: bool(setting.facts.covering) is covered
    if (entry := when.entry) is not None:
        yield lambda setting: setting.entry_state in entry
    if (basis := when.basis) is not None:
        yield lambda setting: not basis.isdisjoint(setting.basis_states)
    if (kinds := when.basis_kinds) is not None:
        yield lambda setting: setting.entry is not None and setting.basis_kind in kinds


def _evidence(when: Condition, categories: Mapping[str, Category]) -> Iterator[Evidence]:
    asked = (when.categories, when.grade, when.secret, when.undeclared, when.beyond_basis, when.certainty)
    if any(value is not None for value in asked):
        yield _finding(when, categories)
    if (reasons := when.opaque) is not None:

        def unreadable(setting: Setting, params: Params) -> bool:
            seen = sorted({part.reason.value for part in setting.facts.opaque if part.reason in reasons})
            params["unreadable"] = ", ".join(seen)
            return bool(seen)

        yield unreadable
    if (codes := when.notices) is not None:

        def noticed(setting: Setting, params: Params) -> bool:
            seen = sorted({code for code in setting.facts.notices if under(code, codes)})
            params["noticed"] = ", ".join(seen)
            return bool(seen)

        yield noticed


def _finding(when: Condition, categories: Mapping[str, Category]) -> Evidence:
    """Look for findings of which everything that is asked holds at once."""
    names, secret = when.categories, when.secret
    grade = when.grade or Grade.GENERAL
    certainty = when.certainty or Certainty.POSSIBLE
    undeclared, beyond = when.undeclared, when.beyond_basis
    secrets = frozenset(name for name, category in categories.items() if category.secret)

    def fits(found: Found, setting: Setting) -> bool:
        category = found.category
        if found.grade < grade or found.certainty < certainty:
            return False
        if (names is not None and not under(category, names)) or (secret and not under(category, secrets)):
            return False
        if undeclared and (setting.entry is None or under(category, setting.declared)):
            return False
        return not (beyond and (setting.basis is None or under(category, setting.basis.categories)))

    def look(setting: Setting, params: Params) -> bool:
        seen = sorted({found.category for found in setting.facts.found if fits(found, setting)})
        params["categories"] = ", ".join(seen)
        return bool(seen)

    return look

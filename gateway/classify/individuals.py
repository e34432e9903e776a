"""How many people a payload is about: distinct individuals, known by keyed fingerprints of their identifiers.

The law counts natural persons, each once, and not records or messages (DOMAIN 1.4). Findings of one record are of one
person, who is known by the strongest identifier in it (``person_key`` in ``classifiers/categories.yaml``); identifiers
that stand together in a record are of the same person wherever else one of them stands. Where one record names several
people by the same kind of identifier, each is one, and nothing links what else stands there. So a count may be too
high, where nothing shows that two identifiers are of one person. It is too low only where somebody is named beside
another's number in one object, and by no name of their own.

A record is the object, row or paragraph in which a value stands. What has a weak identifier only (a telephone, a name)
belongs to the record around it or to the only one within it that has a strong one, since addresses and contacts
are often nested.
"""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from gateway.classify.births import is_minor
from gateway.classify.fold import fold
from gateway.classify.records import format_of, record_of
from gateway.rulebook.book import Category, PersonKey, Rulebook
from gateway.vocabulary import Certainty, Finding, Findings, Grade, Individuals

_WITHOUT_INDICES = frozenset({"xml", "office"})
"""Formats whose places do not tell one record from the next; a place that comes again begins another."""
_CONTAINERS = ("zip:", "tar:", "7z:", "multipart:", "mail:", "gz:", "bz2:", "xz:", "zst:")
_PART_OF_NAME = re.compile(
    r"given|first|fore|middle|surname|last|family|maiden|apelido|pr[oó]prio|primeiro|[uú]ltimo|chinese|english|pinyin|"
    r"中文|英文|外文|拼音|^姓$|^名$|姓氏|名字",
    re.IGNORECASE,
)
_NOT_SIGNS = re.compile(r"[^0-9A-Za-z]+")
_WEIGHTS_15 = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS_15 = "10X98765432"


type _Identifier = tuple[str, str]
"""Category and normalised value."""


@dataclass(slots=True)
class _Record:
    keys: dict[PersonKey, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """Values by strength and category."""
    sensitive: bool = False
    halves: dict[str, dict[str, str]] = field(default_factory=dict)
    """Parts of one name, by the names of their fields: given name and surname, the Chinese name and the English one."""
    minor: bool = False

    def takes(self, other: _Record) -> bool:
        """Take in ``other``, unless it names somebody else."""
        names, others = self.names, other.names
        if names and others and names.isdisjoint(others):
            return False
        if others:
            self.keys[PersonKey.WEAK]["pi.name"] |= others
        self.sensitive = self.sensitive or other.sensitive
        self.minor = self.minor or other.minor
        return True

    @property
    def names(self) -> set[str]:
        return self.keys[PersonKey.WEAK]["pi.name"] if PersonKey.WEAK in self.keys else set()

    @property
    def strongest(self) -> PersonKey:
        return max(self.keys, default=PersonKey.NONE)


def individuals(
    findings: Findings,
    rulebook: Rulebook,
    key: bytes,
    on: date | None = None,
    keys: frozenset[int] = frozenset(),
    *,
    single: bool = False,
) -> Individuals:
    """Return the people that ``findings`` are about; linear in their number.

    ``key`` makes fingerprints that nobody can work out from identifiers without it (HMAC-SHA256); keep it apart from
    what is recorded. Findings below LIKELY count nobody. ``on`` is the day on which ages are told, without it nobody is
    a minor. Of people without any identifier, each record in which one is under age counts for one. ``keys`` are the
    identities (``id``) of findings that the whitelist says tell people apart, however weak they are elsewhere.
    ``single`` says that a payload is one record: what is of nobody in particular is then of the only one in it.
    """
    records = _records(findings.items, rulebook.categories, on, keys)
    _fold_in(records)
    if single:
        _fold_together(records)
    families = _Families()
    said: list[tuple[_Identifier, _Record]] = []
    unknown = unknown_sensitive = minors = 0
    for record in records.values():
        identifiers = _identifiers(record)
        if not identifiers:
            unknown += 1
            unknown_sensitive += record.sensitive
            minors += record.minor
        elif record.strongest > PersonKey.WEAK and all(len(each) == 1 for each in _strong(record).values()):
            families.link([(category, next(iter(values))) for category, values in _strong(record).items()])
        said += [(identifier, record) for identifier in identifiers]
    strengths = {
        category: strength
        for record in records.values()
        for strength, kinds in record.keys.items()
        for category in kinds
    }
    marks: dict[_Identifier, bytes] = {}
    for identifier, _ in said:
        head = families.head(identifier)
        if head not in marks:
            known = families.of(head)
            best = max(strengths[category] for category in known)
            told = [f"{category}\0{value}" for category, value in sorted(known.items()) if strengths[category] is best]
            marks[head] = hmac.digest(key, "\0".join(told).encode("utf-8", "replace"), "sha256")
    everybody = frozenset(marks[families.head(identifier)] for identifier, _ in said)
    sensitive = frozenset(marks[families.head(identifier)] for identifier, record in said if record.sensitive)
    minors += len({families.head(identifier) for identifier, record in said if record.minor})
    return Individuals(everybody, sensitive, unknown, minors, unknown_sensitive)


def _records(
    found: Iterable[Finding], categories: Mapping[str, Category], on: date | None, keys: frozenset[int]
) -> dict[tuple[int, str, int], _Record]:
    """Gather findings by part, place of their record, and number of the record at that place."""
    records: dict[tuple[int, str, int], _Record] = {}
    parts: dict[int, int] = {}
    counts: dict[tuple[int, str], int] = {}
    seen: dict[tuple[int, str], dict[str, int]] = {}
    for each in found:
        category = categories.get(each.category)
        if category is None or each.certainty < Certainty.LIKELY or category.grade < Grade.PERSONAL:
            continue
        where = each.segment.where
        # Islands of a value belong to the record of the value; different parts are different readings of one thing.
        # Members of containers may bear one name, so theirs are told apart by their parts.
        island = "!" in where and not where.startswith(_CONTAINERS)
        part = -1 if island else parts.setdefault(id(each.part), len(parts))
        place = record_of(where)
        spot = (part, place)
        if format_of(where) in _WITHOUT_INDICES:
            places = seen.setdefault(spot, {})
            if places.get(where, each.segment.start) != each.segment.start:
                counts[spot] = counts.get(spot, 0) + 1
                places.clear()
            places[where] = each.segment.start
        record = records.setdefault((*spot, counts.get(spot, 0)), _Record())
        record.sensitive = record.sensitive or _is_sensitive(each.category, category)
        record.minor = record.minor or (on is not None and is_minor(each, on))
        strength = PersonKey.STRONG if id(each) in keys else category.person_key
        if strength:
            value = _NORMAL.get(each.category, _plain)(each)
            whole = _halved(each)
            if whole:
                record.halves.setdefault(whole, {}).setdefault(each.segment.where + each.segment.label, value)
            else:
                record.keys[strength][each.category].add(value)
    for record in records.values():
        for halves in record.halves.values():
            record.keys[PersonKey.WEAK]["pi.name"].add(" ".join(value for _, value in sorted(halves.items())))
    return records


def _halved(finding: Finding) -> str:
    """Return the name of which a part was found: that of the record, or of a field of HL7; "" for a whole name."""
    if finding.category != "pi.name":
        return ""
    where = finding.segment.where
    if format_of(where) == "hl7" and where.count("/") > 2:
        return where.rpartition("/")[0]
    return "record" if _PART_OF_NAME.search(finding.segment.label) else ""


def _is_sensitive(name: str, category: Category) -> bool:
    """An identity number is no sensitive information under GB/T 45574-2025, though older lists have it."""
    return category.grade >= Grade.SENSITIVE and not name.startswith("pi.id.")


def _fold_in(records: dict[tuple[int, str, int], _Record]) -> None:
    """Give what has no strong identifier to the record around it, or to the only one within it."""
    strong = {spot for spot, record in records.items() if record.strongest > PersonKey.WEAK}
    within: dict[tuple[int, str, int], set[tuple[int, str, int]]] = defaultdict(set)
    for part, place, number in strong:
        for outer in _around(place):
            within[part, outer, number].add((part, place, number))
            if place[len(outer) + 1 :].partition("/")[0].isdecimal():
                break  # one of a list: what stands around the list is of nobody in particular
    for spot in [spot for spot in records if spot not in strong]:
        part, place, number = spot
        home = next(((part, outer, number) for outer in _around(place) if (part, outer, number) in strong), None)
        if home is None and len(within[spot]) == 1:
            (inner,) = within[spot]
            home = inner if not any(step.isdecimal() for step in inner[1][len(place) :].split("/")) else None
        if home is not None and records[home].takes(records[spot]):
            del records[spot]


def _fold_together(records: dict[tuple[int, str, int], _Record]) -> None:
    """Give everything to the only record that tells who it is, where there is but one and names agree."""
    told = [spot for spot, record in records.items() if record.strongest > PersonKey.WEAK]
    if len(told) == 1:
        for spot in [spot for spot in records if spot != told[0]]:
            if records[told[0]].takes(records[spot]):
                del records[spot]


def _around(place: str) -> Iterable[str]:
    """Yield the places around a place, the nearest first, up to where a list begins."""
    while "/" in place:
        place, _, step = place.rpartition("/")
        if step.isdecimal():
            return
        yield place


def _strong(record: _Record) -> dict[str, set[str]]:
    return {
        category: values
        for strength, categories in record.keys.items()
        if strength > PersonKey.WEAK
        for category, values in categories.items()
    }


def _identifiers(record: _Record) -> list[_Identifier]:
    """Return the identifiers of the strongest kind in a record, of one category where they are weak."""
    if record.strongest is PersonKey.NONE:
        return []
    categories = record.keys[record.strongest]
    known = [(category, value) for category, values in sorted(categories.items()) for value in sorted(values)]
    names = sorted(record.names)
    if record.strongest is not PersonKey.WEAK:
        # Whoever has the number bears one of the names, perhaps in two scripts; others are others.
        numbers = max(len(values) for values in categories.values())
        return known + [("pi.name", "|".join((name, known[0][1]))) for name in _others(names, numbers)]
    # A telephone or an address tells people apart better than names do, but a family may share it: whoever has it
    # under another name is another. Where there are more names, each may be somebody.
    contacts = [each for each in sorted(categories) if each != "pi.name"]
    best = max(contacts, key=lambda each: (len(categories[each]), each == "pi.contact.phone"), default="pi.name")
    if best == "pi.name":
        return [("pi.name", name) for name in names]
    known = [(best, "|".join([value, *names])) for value in sorted(categories[best])]
    more = names if len(names) > len(categories[best]) else ()
    return known + [("pi.name", name) for name in more]


def _others(names: list[str], numbers: int) -> list[str]:
    """Return names beyond those of as many people; a name in Han and one in Latin letters may be of one."""
    scripts: dict[bool, list[str]] = {False: [], True: []}
    for name in names:
        scripts[name.isascii()].append(name)
    return max(scripts.values(), key=len)[numbers:]


class _Families:
    """Identifiers of the same person, found again by any of them (a disjoint-set forest).

    A person is known, in this payload and in others, by all the strongest of them together: by one alone, a sender who
    repeats it would make one of many. Who comes once with one number and once with two is counted twice.

    Nobody has two numbers of one kind: what would link two different ones links nothing, or a sender who puts one
    number into every record would make a crowd one person. So links may make a count too high, and never too low.
    """

    def __init__(self) -> None:
        self._above: dict[_Identifier, _Identifier] = {}
        self._values: dict[_Identifier, dict[str, str]] = {}
        """By head: the value of each category in the family."""

    def head(self, identifier: _Identifier) -> _Identifier:
        """Return the one by which the person is known: the first in order of the category and value."""
        path = []
        while (above := self._above.get(identifier, identifier)) != identifier:
            path.append(identifier)
            identifier = above
        for each in path:
            self._above[each] = identifier
        return identifier

    def link(self, identifiers: Iterable[_Identifier]) -> None:
        first, *others = sorted({self.head(each) for each in identifiers})
        for each in others:
            ours, theirs = self.of(first), self.of(each)
            if any(ours.get(category, value) != value for category, value in theirs.items()):
                continue
            low, high = sorted((first, each))
            self._above[high] = low
            self._values[low] = {**ours, **theirs}
            first = low

    def of(self, head: _Identifier) -> dict[str, str]:
        """Return the value of each category by which the person of ``head`` is known."""
        return self._values.get(head) or {head[0]: head[1]}


def _plain(finding: Finding) -> str:
    """Return the letters and digits of what was found, folded, in capitals."""
    text, _ = fold(finding.segment.text[finding.start : finding.end])
    return _NOT_SIGNS.sub("", text).upper() or text


def _resident(finding: Finding) -> str:
    """Return a resident identity number of eighteen characters; an old one of fifteen is of the years 19yy."""
    value = _plain(finding)
    if len(value) != 15 or not value.isdecimal():
        return value
    value = f"{value[:6]}19{value[6:]}"
    return value + _CHECKS_15[sum(int(digit) * weight for digit, weight in zip(value, _WEIGHTS_15, strict=True)) % 11]


def _return_permit(finding: Finding) -> str:
    """Return the nine characters that stay; two more count renewals (announcement of the ministry, 2010)."""
    return _plain(finding)[:9]


def _mail(finding: Finding) -> str:
    return fold(finding.segment.text[finding.start : finding.end])[0].strip().lower()


_AREAS = (("0086", 15), ("86", 13), ("00852", 13), ("852", 11), ("00853", 13), ("853", 11))


def _phone(finding: Finding) -> str:
    """Return a telephone number without the code of its area."""
    value = _plain(finding)
    for code, length in _AREAS:
        if value.startswith(code) and len(value) == length:
            return value[len(code) :]
    return value


_NORMAL: Mapping[str, Callable[[Finding], str]] = {
    "pi.id.cn.ric": _resident,
    "pi.id.cn.hrp": _return_permit,
    "pi.contact.email": _mail,
    "pi.contact.phone": _phone,
}

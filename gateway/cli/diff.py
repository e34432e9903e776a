"""``kouan diff``: what becomes possible, and impossible, by a change of rules, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from gateway.cli.exits import REFUSED, faults_told
from gateway.cli.recorded import Recorded, ledger_at
from gateway.cli.rulebooks import is_folder, named_book
from gateway.decide.differing import Change, Flip, Part, changes, flips, parts, plain
from gateway.decide.phrasing import condition_in_words, demand_in_words, in_words, policy_in_words
from gateway.rulebook.book import Member, Rulebook
from gateway.rulebook.datasets import Dataset
from gateway.rulebook.descriptors import FOLDER as DESCRIPTORS
from gateway.rulebook.load import CALENDAR, WHITELIST
from gateway.rulebook.policy import Condition, Policy
from gateway.vocabulary import BEIJING, Verdict

_NAMES = {
    "validity": "valid",
    "carried_in": "carried in",
    "counterflow_basis": "basis of the counterflow",
    "counterflow_dataset": "dataset of the counterflow",
    "fields": "names of fields shown in records",
    "observe_until": "observed only until",
    "retention_days": "days kept by the recipient",
    "traits": "traits in law",
    "tokens": "SHA-256 of tokens",
    "counts": "counts towards thresholds",
}
"""What fields are called where their own name says it badly."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All that two rulebooks differ in."""

    old: str
    new: str
    day: date
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]
    policies: tuple[tuple[str, Policy | None, Policy | None], ...]
    flips: tuple[Flip, ...]

    @property
    def same(self) -> bool:
        """Whether the two rulebooks say the same, whatever their comments."""
        return not (self.changes or self.parts or self.policies or self.flips)


def difference(old: Rulebook, new: Rulebook, day: date) -> Difference:
    """Compare two rulebooks as they stand on ``day``."""
    found: list[Part] = []
    for kind, one, other in (
        ("party", _flat(old.members.values()), _flat(new.members.values())),
        ("basis", old.bases, new.bases),
        ("entry", old.entries, new.entries),
        ("instrument", old.instruments, new.instruments),
        ("threshold", old.thresholds, new.thresholds),
        ("category", old.categories, new.categories),
        ("recogniser", {each.id: each for each in old.recognisers}, {each.id: each for each in new.recognisers}),
    ):
        found += parts(kind, one, other)
    for name in sorted(old.datasets.keys() | new.datasets.keys()):
        before, after = (_fields(book.datasets.get(name)) for book in (old, new))
        if before != after:
            dataset = new.datasets.get(name) or old.datasets[name]
            found.append(Part("dataset", name, dataset.source, before, after))
    found += _rest(old, new)
    tables = [{policy.id: policy for policy in book.policies} for book in (old, new)]
    policies = [
        (name, tables[0].get(name), tables[1].get(name)) for name in sorted(tables[0].keys() | tables[1].keys())
    ]
    differing = tuple(each for each in policies if _says(each[1]) != _says(each[2]))
    judged = {"instrument", "threshold", "category"}
    turned = flips(old, new) if differing or any(part.kind in judged for part in found) else ()
    moved = changes(old, new, day) if found or differing else ()
    return Difference(old.digest, new.digest, day, moved, tuple(found), differing, turned)


def _rest(old: Rulebook, new: Rulebook) -> Iterator[Part]:
    """Yield what has no table of its own: whom to ask, working days, descriptions of Protocol Buffers."""
    if old.contact != new.contact:
        yield Part("other", "contact", WHITELIST, {"contact": old.contact}, {"contact": new.contact})
    if plain(old.calendar) != plain(new.calendar):
        yield Part("other", "working days", CALENDAR, plain(old.calendar), plain(new.calendar))
    for name in sorted(old.files.keys() | new.files.keys()):
        before, after = old.files.get(name), new.files.get(name)
        if name.startswith(f"{DESCRIPTORS}/") and before != after:
            sizes = [None if data is None else {"bytes": len(data)} for data in (before, after)]
            yield Part("other", name, name, *sizes)


def _says(policy: Policy | None) -> dict[str, object] | None:
    return None if policy is None else plain(policy)


@dataclass(frozen=True, slots=True)
class _Party:
    name: str
    jurisdiction: str
    city: str
    traits: frozenset[str]
    group: str
    hosts: frozenset[str]
    certificates: frozenset[str]
    tokens: frozenset[str]
    networks: frozenset[str]
    source: str


def _flat(members: Iterable[Member]) -> dict[str, _Party]:
    return {
        member.party.id: _Party(
            name=member.party.name,
            jurisdiction=member.party.jurisdiction.value,
            city=member.party.city,
            traits=member.party.traits,
            group=member.party.group,
            hosts=frozenset(member.hosts),
            certificates=frozenset(member.certificates),
            tokens=frozenset(member.tokens),
            networks=frozenset(map(str, member.networks)),
            source=member.source,
        )
        for member in members
    }


def _fields(dataset: Dataset | None) -> dict[str, object] | None:
    """Return a dataset as fields with what each may hold."""
    if dataset is None:
        return None
    said: dict[str, object] = {"record": dataset.record, "most records": dataset.max_records}
    said["most bytes"] = dataset.max_bytes
    said["namespaces"] = in_words(dataset.namespaces) if dataset.namespaces else None
    for field in dataset.fields():
        told = [field.type, f"category {field.category}" if field.category else ""]
        told += [
            "may be null" if field.nullable else "",
            f"one of {in_words(frozenset(map(str, field.values)))}" if field.values else "",
        ]
        told += [f"required: {in_words(field.required)}" if field.required else ""]
        for name in ("pattern", "format", "media_type", "min_length", "max_length", "minimum", "maximum", "max_items"):
            value = getattr(field, name)
            told.append(f"{name.replace('_', ' ')} {value}" if value not in ("", None, 0) else "")
        said[f"field {field.path or '/'}"] = ", ".join(filter(None, told))
    return said


def diff(old: str, new: str, place: Path, on: date | None, *, as_json: bool) -> None:
    """Print what differs; end with 1 where anything does."""
    with ExitStack() as stack:
        recorded: Recorded | None = None
        if not (is_folder(old) and is_folder(new)):
            recorded = stack.enter_context(ledger_at(place))
        with faults_told():
            books = named_book(old, recorded), named_book(new, recorded)
    found = difference(*books, on or datetime.now(BEIJING).date())
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
    else:
        _tell(Console(highlight=False), found, *books)
    if not found.same:
        raise typer.Exit(REFUSED)


def _plain(found: Difference) -> dict[str, Any]:
    return {
        "same": found.same,
        "old": found.old,
        "new": found.new,
        "day": found.day.isoformat(),
        "changes": [
            {
                **asdict(each.way),
                "categories": list(each.categories),
                "was": each.was.name,
                "now": each.now.name,
                "rules": list(each.rules),
                "duties": list(each.duties) if each.duties else None,
            }
            for each in found.changes
        ],
        "parts": [
            {
                "kind": part.kind,
                "id": part.id,
                "source": part.source,
                "change": _sort(part.before, part.after),
                "differing": {name: [in_words(one), in_words(other)] for name, one, other in part.differing()},
            }
            for part in found.parts
        ],
        "policies": [
            {
                "id": name,
                "change": _sort(one, other),
                "before": policy_in_words(one) if one else None,
                "after": policy_in_words(other) if other else None,
            }
            for name, one, other in found.policies
        ],
        "cases": [
            {
                "policy": each.policy,
                "case": each.title,
                "source": each.source,
                "was": each.was.name,
                "now": each.now.name,
            }
            for each in found.flips
        ],
    }


def _sort(before: object, after: object) -> str:
    return "added" if before is None else "removed" if after is None else "changed"


def _tell(console: Console, found: Difference, old: Rulebook, new: Rulebook) -> None:
    if found.same:
        same = "the files are the same" if old.digest == new.digest else "only comments and layout differ"
        console.print(Text(f"The rules are the same: {same}", style="green"))
        return
    console.print(Text(f"{old.digest[:12]} -> {new.digest[:12]}, as of {found.day}", style="dim"))
    opened = [each for each in found.changes if each.now is Verdict.PERMIT and each.duties is None]
    closed = [each for each in found.changes if each.was is Verdict.PERMIT and each.duties is None]
    others = [each for each in found.changes if each.duties is None and each not in opened and each not in closed]
    _room(console, "May now be sent, and could not before", (_sentence(each, new, old) for each in opened), "red")
    _room(console, "May no longer be sent", (_sentence(each, old, new) for each in closed), "green")
    _room(console, "Refused or held otherwise", (_sentence(each, new, old) for each in others), "yellow")
    duties = (each for each in found.changes if each.duties is not None)
    _room(console, "Other duties", (_sentence(each, new, old) for each in duties), "yellow")
    for kind, title in (
        ("entry", "Whitelist entries"),
        ("basis", "Legal bases"),
        ("party", "Parties"),
        ("dataset", "Datasets"),
        ("instrument", "Instruments"),
        ("threshold", "Thresholds"),
        ("category", "Categories"),
        ("recogniser", "Recognisers"),
        ("other", "Besides"),
    ):
        _room(console, title, (line for part in found.parts if part.kind == kind for line in _part(part)), "")
    _room(console, "Policies", (line for each in found.policies for line in _policy(*each)), "")
    _room(
        console,
        "Cases of policies that come to another verdict",
        (f"{each.policy}, '{each.title}': {each.was.name} -> {each.now.name} ({each.source})" for each in found.flips),
        "yellow",
    )


def _room(console: Console, title: str, lines: Iterable[str], style: str) -> None:
    told = list(lines)
    if told:
        console.print()
        console.print(Text(title, style="bold"))
        for line in told:
            console.print(Text(f"  {line}", style=style if not line.startswith("  ") else "dim"))


def _sentence(each: Change, book: Rulebook, other: Rulebook) -> str:
    """Say one change; ``book`` is the rulebook that permits."""
    way = each.way

    def category(name: str) -> str:
        known = book.categories.get(name) or other.categories.get(name)
        return f"{known.title.get('en', name)} ({name})" if known else "data with nothing personal"

    what = ", ".join(category(name) for name in each.categories)
    verb = "answers" if way.leg == "response" else "sends"
    said = f"{way.exporter} {verb} {way.recipient}: {what}; {way.method} {way.host}:{way.port}{way.path}"
    if each.duties:
        return f"{said}: {each.duties[0] or 'nothing to be done'} -> {each.duties[1] or 'nothing to be done'}"
    stopped = {Verdict.DENY: "refused", Verdict.HOLD: "held", Verdict.PERMIT: "permitted"}
    return f"{said} ({stopped[each.was]} -> {stopped[each.now]}: {', '.join(each.rules)})"


def _part(part: Part) -> Iterable[str]:
    sort = _sort(part.before, part.after)
    yield f"{sort}: {part.id} ({part.source})"
    if sort == "removed":
        return
    for name, before, after in part.differing():
        label = _NAMES.get(name, name.replace("_", " "))
        if sort == "added":
            if after not in (None, "", (), frozenset()):
                yield f"  {label}: {in_words(after)}"
        else:
            yield f"  {label}: {_turned(before, after)}"


def _turned(before: object, after: object) -> str:
    """Say how a value changed; of sets, what came and what went."""
    if isinstance(before, frozenset | tuple) and isinstance(after, frozenset | tuple):
        one, other = ([in_words(each) for each in value] for value in (before, after))
        came, went = [each for each in other if each not in one], [each for each in one if each not in other]
        said = [f"now also {', '.join(sorted(came))}"] if came else []
        said += [f"no longer {', '.join(sorted(went))}"] if went else []
        return "; ".join(said) or "in another order"
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
        return "; ".join(f"{key}: {in_words(before.get(key))} -> {in_words(after.get(key))}" for key in names)
    return f"{in_words(before)} -> {in_words(after)}"


def _policy(name: str, old: Policy | None, new: Policy | None) -> Iterable[str]:
    here = new or old
    if here is None:
        return
    yield f"{_sort(old, new)}: {name}, {here.because.get('en', '')} ({here.source})"
    if old is None or new is None:
        yield f"  {policy_in_words(here)}"
        return
    for label, before, after in (
        ("demands", demand_in_words(old), demand_in_words(new)),
        ("when", condition_in_words(old.when), condition_in_words(new.when)),
        ("unless", _maybe(old.unless), _maybe(new.unless)),
        ("where", old.where.text if old.where else "nothing", new.where.text if new.where else "nothing"),
        ("on trial", in_words(old.trial), in_words(new.trial)),
        ("cites", old.cite, new.cite),
        ("because", in_words(old.because), in_words(new.because)),
        ("remedy", in_words(old.remedy), in_words(new.remedy)),
    ):
        if before != after:
            yield f"  {label}: {before} -> {after}"
    one, other = ({case.title: (case.given, case.expect, case.speaks) for case in each.cases} for each in (old, new))
    for title in sorted(one.keys() | other.keys()):
        if one.get(title) != other.get(title):
            yield f"  case '{title}' {_sort(one.get(title), other.get(title))}"


def _maybe(condition: Condition | None) -> str:
    return condition_in_words(condition) if condition else "nothing"

"""Past transfers decided again: under the rulebook of their day as a proof, under another as a question.

What other rules would have come to is known only as far as the facts go. Whatever is not known can only have made the
verdict stricter (law 6), or is the question whether an entry covers; so the mildest and the strictest outcome are
worked out, and where they are not one, the facts that are missing are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from gateway.decide.covering import Trail, would_cover
from gateway.decide.deciding import HOUSE, decide
from gateway.rulebook.book import Entry, Member, Recogniser, Rulebook, under
from gateway.rulebook.datasets import FOLDER as DATASETS
from gateway.rulebook.datasets import NONE, Dataset
from gateway.rulebook.descriptors import FOLDER as DESCRIPTORS
from gateway.vocabulary import STRANGER, Decision, Facts, Leg, Party, Proof, Reason, Standing, Verdict

_BY_RULES = frozenset({"house.not_covered", "house.incomplete"})
"""Reasons of the house that a decision itself comes to."""


_OF_PEOPLE = frozenset({"personal", "sensitive", "individuals"})
_EMPTY = frozenset({"origin", "basis:", "kind:none"})
"""Beginnings of scopes that nobody counts, or that are left out where they are 0."""


class Result(StrEnum):
    """How a replay compares with the record."""

    SAME = "same"
    DUTIES = "duties"
    """The verdict is the same, other duties are laid on it."""
    FLIP = "flip"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What another rulebook makes of a recorded transfer."""

    result: Result
    was: Verdict
    now: Verdict | None
    """None where it cannot be known."""
    rules: tuple[str, ...] = ()
    """The rules that make the difference: of the refusal before, or of the one now."""
    missing: tuple[str, ...] = ()
    """Facts that would have to be known, for ``UNKNOWN``."""
    duties: tuple[str, ...] = ()
    """What would have to be done to the data, for a verdict that is a permit now; not every format allows it."""


def own_refusal(decision: Decision) -> Reason | None:
    """Return the reason for which the house itself refused, whatever the rules had come to."""
    last = decision.reasons[-1] if decision.reasons else None
    return last if last is not None and last.rule == HOUSE and last.code not in _BY_RULES else None


def unasked(decision: Decision) -> bool:
    """Tell whether the house itself refused before any rule was asked: there is nothing to derive."""
    return own_refusal(decision) is not None and len(decision.reasons) == 1


def fault_of(facts: Facts, standing: Standing, decision: Decision, rulebook: Rulebook | None) -> str:
    """Say how a recorded decision departs from what its facts and its rulebook lead to; "" where it follows.

    No rulebook is needed where none was asked.
    """
    own = own_refusal(decision)
    if own is not None and decision.verdict is not Verdict.DENY:
        return "the gateway refused it, and yet it was let through"
    if unasked(decision):
        return ""
    if rulebook is None:
        return "its rulebook is not kept, or is not what its digest says"
    derived = decide(facts, standing, rulebook)
    if own is None:
        return "" if derived == decision else "its facts and rules lead to another decision"
    before = decision.reasons[:-1]
    follows = derived.reasons == before and derived.verdict is Verdict.PERMIT and derived.entry == decision.entry
    return "" if follows else "its facts and rules lead to other reasons"


class _Watched(dict[str, int]):
    """Counts that remember which scopes were asked for and had not been counted for this transfer."""

    def __init__(self, counts: Mapping[str, int], counted: frozenset[str], *, people: bool) -> None:
        super().__init__(counts)
        self._counted, self._people = counted, people
        self.missed: set[str] = set()

    def get(self, scope: str, default: Any = None) -> Any:
        """Return the count; one that was counted and is left out was 0, as is one of people where there are none."""
        if scope not in self:
            head, _, what = scope.rpartition("/")
            of_people = what in _OF_PEOPLE
            if (self._people or not of_people) and scope not in self._counted and head.partition("/")[0] not in _EMPTY:
                self.missed.add(scope)
        return super().get(scope, default)


class Between:
    """Two rulebooks: the one under which transfers were recorded, and the one that is asked."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        """Compare ``old`` and ``new``."""
        self._old, self._new = old, new
        self._seen_otherwise = _recognition(old, new)
        changed = {name for name in {*old.files, *new.files} if old.files.get(name) != new.files.get(name)}
        self._descriptors = any(name.startswith(f"{DESCRIPTORS}/") for name in changed)
        self._datasets = {name for name in changed if name.startswith(f"{DATASETS}/")}
        self._moved = frozenset(name for name in new.entries if _way(old, name) != _way(new, name))
        self._by_parties: dict[frozenset[str], list[str]] = {}
        for name in sorted(self._moved):
            entry = new.entries[name]
            self._by_parties.setdefault(frozenset({entry.exporter, entry.recipient}), []).append(name)
        self._proofs = _identities(new) - _identities(old)
        self._hosts = new.by_host.keys() - old.by_host.keys()

    def replay(self, facts: Facts, standing: Standing, decision: Decision) -> Replayed:
        """Decide again under the other rulebook."""
        was = decision.verdict
        own = own_refusal(decision)
        if own is not None and unasked(decision):
            return Replayed(Result.UNKNOWN, was, None, missing=(f"the payload: the gateway refused it ({own.code})",))
        missing: list[str] = []
        parties = self._parties(facts, missing)
        facts = replace(facts, exporter=parties[0], recipient=parties[1])
        surely, perhaps = self._covering(facts)
        missing += self._unseen(facts)
        otherwise = self._other_datasets(facts, (*surely, *perhaps))
        missing += [f"the departures from dataset {name}" for name in dict.fromkeys(otherwise.values())]
        lost = self._lost_datasets(facts, surely, otherwise)
        missing += [f"the findings: dataset {each.id} had declared some" for each in lost]
        mildest = self._mildest(facts, frozenset(otherwise), lost)
        counts = standing.after if mildest.found == facts.found else standing.before
        people = bool(facts.individuals or facts.unidentified)
        watched = _Watched(counts, self._counted(facts), people=people)
        told = Standing(standing.before, watched)
        near = tuple(pair for pair in facts.near if pair[0] in self._new.entries)
        best = decide(replace(mildest, covering=tuple(sorted((*surely, *perhaps))), near=near), told, self._new)
        missing += [f"the count {scope}" for scope in sorted(watched.missed)]
        if best.verdict is Verdict.DENY:
            return self._known(decision, best)
        if perhaps:
            worst = decide(replace(mildest, covering=surely, near=near), told, self._new)
            if worst.verdict is not best.verdict:
                missing += [f"the path: it may be one of entry {name}" for name in perhaps]
        if own is not None and (best.verdict is Verdict.HOLD or best.obligations or own.code == "standing.moved"):
            missing.append(f"what the gateway made of the payload ({own.code})")
        if missing:
            return Replayed(Result.UNKNOWN, was, None, missing=tuple(dict.fromkeys(missing)))
        return self._known(decision, best)

    @staticmethod
    def _known(was: Decision, now: Decision) -> Replayed:
        if was.verdict is not now.verdict:
            stricter = was if was.verdict < now.verdict else now
            rules = {reason.rule for reason in stricter.reasons if reason.verdict is not Verdict.PERMIT}
            duties = tuple(f"{duty.kind} {duty.category}" for duty in now.obligations)
            return Replayed(Result.FLIP, was.verdict, now.verdict, tuple(sorted(rules)), duties=duties)
        result = Result.SAME if was.obligations == now.obligations else Result.DUTIES
        return Replayed(result, was.verdict, now.verdict)

    def _parties(self, facts: Facts, missing: list[str]) -> tuple[Party, Party]:
        """Return exporter and recipient as the other rulebook knows them; the far side is known by its host."""
        far = facts.recipient if facts.leg is Leg.REQUEST else facts.exporter
        near = facts.exporter if facts.leg is Leg.REQUEST else facts.recipient
        here = self._caller(near, missing)
        there = self._host(far, facts.host, missing)
        return (here, there) if facts.leg is Leg.REQUEST else (there, here)

    def _host(self, party: Party, host: str, missing: list[str]) -> Party:
        if "*" in host:
            if self._hosts:
                missing.append("the host: it is recorded without its numbers, and other hosts are known now")
            return party
        member = self._new.by_host.get(host)
        return STRANGER if member is None else replace(member.party, proof=Proof.HOST)

    def _caller(self, party: Party, missing: list[str]) -> Party:
        """Return who called, as far as the same proof still shows it."""
        if not party.id:
            if self._proofs:
                missing.append("who the stranger was: other proofs of identity are known now")
            return party
        member, before = self._new.members.get(party.id), self._old.members.get(party.id)
        shown = _proofs_of(before, party.proof) if before else frozenset()
        if member is None:
            if any(shown & _proofs_of(each, party.proof) for each in self._new.members.values()):
                missing.append(f"who {party.id} would be: its proof of identity is somebody else's now")
            return STRANGER
        if not shown or not shown <= _proofs_of(member, party.proof):
            missing.append(f"whether {party.id} would be recognised: its proofs of identity are others now")
        return replace(member.party, proof=party.proof)

    def _covering(self, facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the entries that surely cover a transfer, and those of which only its path could tell."""
        surely = [
            name
            for name in facts.covering
            if name in self._new.entries and name not in self._moved and facts.exporter.id and facts.recipient.id
        ]
        perhaps: list[str] = []
        trail = Trail(facts, self._old.entries)
        for name in self._by_parties.get(frozenset({facts.exporter.id, facts.recipient.id}), ()):
            covers = would_cover(self._new.entries[name], facts, trail)
            if covers is None:
                perhaps.append(name)
            elif covers:
                surely.append(name)
        return tuple(sorted(surely)), tuple(perhaps)

    def _lost_datasets(self, facts: Facts, surely: tuple[str, ...], otherwise: Mapping[str, str]) -> list[Dataset]:
        """Return datasets that declared fields of the recorded payload and would not, or not so, declare them now."""
        lost: list[Dataset] = []
        for name in facts.covering:
            before = self._old.entries.get(name)
            if before is None:
                continue
            dataset = self._old.datasets.get(_dataset_of(before, facts))
            kept = name in surely and name not in otherwise and _dataset_of(self._new.entries[name], facts)
            if dataset is not None and not kept:
                lost.append(dataset)
        return lost

    def _mildest(self, facts: Facts, otherwise: frozenset[str], lost: list[Dataset]) -> Facts:
        """Return the facts without whatever might not have been found, or departs from ``otherwise``'s old datasets."""
        if otherwise:
            facts = replace(facts, violations=tuple(each for each in facts.violations if each.entry not in otherwise))
        if otherwise or lost:
            facts = replace(facts, records=0)
        unsure = self._seen_otherwise.union(*(_declared(each) for each in lost))
        kept = tuple(found for found in facts.found if not under(found.category, unsure))
        if len(kept) == len(facts.found):
            return facts
        return replace(facts, found=kept, individuals=0, sensitive_individuals=0, minors=0, unidentified=0)

    def _unseen(self, facts: Facts) -> Iterator[str]:
        if self._seen_otherwise:
            names = ", ".join(sorted(self._seen_otherwise)[:4])
            more = len(self._seen_otherwise) - 4
            yield f"the findings: {names}{f' and {more} more' if more > 0 else ''} would be recognised otherwise"
        if self._descriptors and ("proto" in facts.media_type or "grpc" in facts.media_type):
            yield "the findings: Protocol Buffers would be read by other descriptions"

    def _other_datasets(self, facts: Facts, covering: tuple[str, ...]) -> dict[str, str]:
        """Return entries whose dataset the record does not compare with: departures are those of that day's dataset."""
        found: dict[str, str] = {}
        for name in covering:
            entry, before = self._new.entries[name], self._old.entries.get(name)
            dataset = _dataset_of(entry, facts)
            then = "" if before is None else _dataset_of(before, facts)
            compared = name in facts.covering and dataset == then
            if dataset and not (compared and f"{DATASETS}/{dataset}.yaml" not in self._datasets):
                found[name] = dataset
        return found

    def _counted(self, facts: Facts) -> frozenset[str]:
        """Return the scopes that were counted for this transfer."""
        counted: set[str] = set()
        for name in facts.covering:
            entry = self._old.entries.get(name)
            if entry is not None:
                counted |= _scopes(entry, self._old, carried=facts.leg is entry.carried_in)
        return frozenset(counted)


def _dataset_of(entry: Entry, facts: Facts) -> str:
    return entry.dataset if facts.leg is entry.carried_in else entry.counterflow_dataset


def _declared(dataset: Dataset) -> frozenset[str]:
    """Return the categories of its fields."""
    return frozenset(field.category for field in dataset.fields() if field.category not in ("", NONE))


def _scopes(entry: Entry, rulebook: Rulebook, *, carried: bool) -> set[str]:
    """Return the scopes in which a transfer under ``entry`` is counted, as ``gateway.headcount`` spells them."""
    scopes = {f"entry:{entry.id}/{ceiling.per}/{ceiling.what}" for ceiling in entry.ceilings}
    scopes.add(f"entry:{entry.id}/year/individuals")
    basis = rulebook.bases.get(entry.basis if carried else entry.counterflow_basis)
    instrument = rulebook.instruments.get(basis.kind) if basis else None
    heads = [""] if instrument is None or instrument.counts else []
    heads += [f"basis:{basis.id}/", f"kind:{basis.kind}/"] if basis else []
    return scopes | {f"{head}year/{grade}" for head in heads for grade in ("personal", "sensitive")}


def _way(rulebook: Rulebook, name: str) -> object:
    """Return what decides whether an entry covers."""
    entry = rulebook.entries.get(name)
    return None if entry is None else (entry.exporter, entry.recipient, entry.carried_in, entry.endpoints)


def _identities(rulebook: Rulebook) -> frozenset[object]:
    """Return all by which somebody who calls may prove who it is."""
    kinds = (Proof.MTLS, Proof.TOKEN, Proof.NETWORK)
    return frozenset(
        each for member in rulebook.members.values() for kind in kinds for each in _proofs_of(member, kind)
    )


def _proofs_of(member: Member, proof: Proof) -> frozenset[object]:
    return frozenset(
        {
            Proof.MTLS: member.certificates,
            Proof.TOKEN: member.tokens,
            Proof.NETWORK: member.networks,
            Proof.HOST: member.hosts,
        }.get(proof, ())
    )


def _recognition(old: Rulebook, new: Rulebook) -> frozenset[str]:
    """Return the categories of which other findings, or other people, may come of the same payload."""
    before, after = ({each.id: _form(each) for each in book.recognisers} for book in (old, new))
    ids = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    all_of = (*old.recognisers, *new.recognisers)
    names = {each.category for each in all_of if each.id in ids}
    for name in {*old.categories, *new.categories}:
        one, other = old.categories.get(name), new.categories.get(name)
        if one is None or other is None or (one.grade, one.person_key) != (other.grade, other.person_key):
            names.add(name)
    grown = -1
    while len(names) != grown:  # what leans on another finding, or gives way to it, may change with it
        grown = len(names)
        ids |= {each.id for each in all_of if each.category in names}
        names |= {
            each.category
            for each in all_of
            if not ids.isdisjoint(each.yields_to) or any(under(name, each.beside) for name in names)
        }
    return frozenset(names)


def _form(recogniser: Recogniser) -> Recogniser:
    """Return it without what says nothing about what it finds."""
    return replace(recogniser, source="", title={}, finds=(), leaves=())

"""The policies in the box with a whitelist made by hand: one entry that is sent, one that is fetched."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from gateway.rulebook.book import Basis, Category, Endpoint, Entry, Member, Recogniser, Rulebook, Threshold, Validity
from gateway.rulebook.document import Document
from gateway.rulebook.instruments import Law, read_law, read_thresholds
from gateway.rulebook.policies import read_policy
from gateway.rulebook.policy import Policy
from gateway.rulebook.recognisers import read_categories
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import (
    BEIJING,
    LANGUAGES,
    Certainty,
    Content,
    Envelope,
    Finding,
    Findings,
    Jurisdiction,
    Leg,
    Obligation,
    Part,
    Party,
    Proof,
    Segment,
    State,
    Transfer,
    Wording,
)

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)
YEAR = Validity(date(2026, 1, 1), date(2026, 12, 31))
JSON = frozenset({"application/json"})
PORTAL = Party("portal", Jurisdiction.CN, "Portal", "Zhuhai", proof=Proof.MTLS)
COUNTER = Party("counter", Jurisdiction.MO, "Counter", "Macao", proof=Proof.HOST)


def wording(text: str) -> Wording:
    """The same in all languages."""
    return dict.fromkeys(LANGUAGES, text)


@cache
def categories() -> dict[str, Category]:
    """The taxonomy in the box."""
    name = "classifiers/categories.yaml"
    return read_categories(parse(name, (ROOT / name).read_bytes(), "categories"))


@cache
def policies() -> tuple[Policy, ...]:
    """The policies in the box, in order of id."""
    return tuple(_read(document) for document in documents())


@cache
def documents() -> tuple[Document, ...]:
    """The files of the policies in the box, in order of id."""
    paths = (path for path in (ROOT / "policies").rglob("*.yaml") if path.parent.name != "law")
    return tuple(
        parse(path.relative_to(ROOT).as_posix(), path.read_bytes(), "policy")
        for path in sorted(paths, key=lambda path: path.stem)
    )


@cache
def law() -> Law:
    """The instruments in the box."""
    name = "policies/law/instruments.yaml"
    return read_law(parse(name, (ROOT / name).read_bytes(), "instruments"))


@cache
def thresholds() -> Mapping[str, Threshold]:
    """The figures in the box."""
    name = "policies/law/thresholds.yaml"
    return read_thresholds(parse(name, (ROOT / name).read_bytes(), "thresholds"))


def _read(document: Document) -> Policy:
    return read_policy(document, categories(), law().instruments, thresholds())


def basis(name: str = "contract", **changes: object) -> Basis:
    """A GBA contract from the portal to the counter."""
    made = Basis(
        name,
        "gba_sc_mo",
        wording("contract"),
        "REF-1",
        "portal",
        ("counter",),
        frozenset({"pi.name", "pi.contact"}),
        YEAR,
        source="whitelist.yaml:10",
        assessment="PIA-1",
        assessed=date(2026, 1, 1),
        effective=date(2026, 1, 1),
        filed=date(2026, 1, 8),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def entry(name: str = "sends", **changes: object) -> Entry:
    """Applications that the portal sends to the counter."""
    made = Entry(
        id=name,
        title=wording(name),
        exporter="portal",
        recipient="counter",
        carried_in=Leg.REQUEST,
        endpoints=(Endpoint("counter.example", 443, frozenset({"POST"}), ("/v1/applications/{id}",), JSON),),
        categories=frozenset({"pi.name", "pi.contact"}),
        purpose="test",
        basis="contract",
        counterflow=frozenset(),
        counterflow_basis="",
        validity=YEAR,
        owner="one",
        reviewer="two",
        consent="batch:CONSENT-1",
        retention_days=365,
        obligations=(Obligation("mask", "pi.contact.phone", name, 4),),
        fields=frozenset({"applicant"}),
        source="whitelist.yaml:20",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


RECOGNISER = Recogniser("hk.hkid", "pi.id.hk.hkid", wording("HKID"), (), "", ("hkid", "身份證號碼"), (), (), ())


def book(*entries: Entry, rules: tuple[Policy, ...] | None = None, bases: tuple[Basis, ...] | None = None) -> Rulebook:
    """A rulebook with these entries, or with the usual one."""
    chosen = entries or (entry(),)
    return Rulebook(
        digest="0" * 64,
        files={},
        categories=categories(),
        members={"portal": Member(PORTAL), "counter": Member(COUNTER, hosts=("counter.example",))},
        bases={each.id: each for each in ((basis(),) if bases is None else bases)},
        entries={each.id: each for each in chosen},
        policies=policies() if rules is None else rules,
        recognisers=(RECOGNISER,),
    )


@cache
def usual() -> Rulebook:
    """The usual rulebook."""
    return book()


def sent(target: bytes = b"/v1/applications/7", body: bytes = b"{}", **changes: object) -> Transfer:
    """An application as the portal sends it; envelope fields may be changed, too."""
    of_envelope = {"method", "scheme", "host", "port", "headers", "status"} & changes.keys()
    envelope = Envelope("POST", "https", "counter.example", 443, target)
    envelope = replace(envelope, **{name: changes.pop(name) for name in of_envelope})  # type: ignore[arg-type]
    made = Transfer("t-1", NOON, Leg.REQUEST, PORTAL, COUNTER, envelope, body, State.COMPLETE)
    return replace(made, **changes)  # type: ignore[arg-type]


CONTENT = Content((), media_type="application/json")
PART = Part("body", "", lambda _: (), format="json", writable=True)


def finding(
    category: str = "pi.name", where: str = "json:/applicant", certainty: Certainty = Certainty.LIKELY
) -> Finding:
    """A finding somewhere in the body."""
    return Finding("test", category, certainty, PART, Segment("陳大文", where, "", 0, 3), 0, 3)


def findings(*items: Finding) -> Findings:
    """These findings."""
    return Findings(tuple(items))

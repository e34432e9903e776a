"""The questions of ``kouan whitelist add``: each with a hint, a default and what its answer must be. No I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from gateway.rulebook.addresses import Unfit, host, path
from gateway.rulebook.book import Basis, Rulebook, under

type Answers = dict[str, str]
type Check = Callable[[str, Answers, Rulebook], str]
"""Says what is wrong with an answer, or ""."""
type Default = Callable[[Answers, Rulebook], str]

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_CEILING = re.compile(r"(transfers|bytes|records|individuals)/(day|year)=([1-9][0-9]*)")
_LISTED = 12
"""Names that are told where an answer is none of them."""
_MASK = re.compile(r"([a-z0-9_.]+)(?:/([0-8]))?")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be known of an entry."""

    name: str
    asked: str
    hint: str
    check: Check
    default: Default = lambda _answers, _book: ""
    optional: bool = False


def _parts(answer: str) -> list[str]:
    return [each.strip() for each in answer.split(",") if each.strip()]


def _id(answer: str, _answers: Answers, book: Rulebook) -> str:
    if not _ID.fullmatch(answer):
        return "small letters, digits and single hyphens, beginning with a letter"
    taken = book.entries.get(answer)
    return f"taken already, {taken.source}" if taken else ""


def _text(least: int, most: int) -> Check:
    def check(answer: str, _answers: Answers, _book: Rulebook) -> str:
        return "" if least <= len(answer) <= most else f"write {least} to {most} characters"

    return check


def _known(answer: str, names: Mapping[str, object], what: str) -> str:
    if answer in names:
        return ""
    alike = get_close_matches(answer, names, n=1)
    listed = ", ".join(list(names)[:_LISTED]) + (" ..." if len(names) > _LISTED else "")
    return f"there is no {what} '{answer}'; " + (f"did you mean '{alike[0]}'?" if alike else f"there are: {listed}")


def _party(answer: str, answers: Answers, book: Rulebook) -> str:
    if answer == answers.get("exporter"):
        return "exporter and recipient are two parties"
    return _known(answer, book.members, "party")


def _basis(answer: str, answers: Answers, book: Rulebook) -> str:
    fault = _known(answer, book.bases, "basis")
    if fault:
        return fault
    basis = book.bases[answer]
    if basis.exporter != answers.get("exporter", basis.exporter):
        return f"{answer} was filed for {basis.exporter}"
    if answers.get("recipient", basis.recipients[0]) not in basis.recipients:
        return f"{answer} names as recipients only {', '.join(basis.recipients)}"
    return ""


def _fitting(answers: Answers, book: Rulebook) -> list[Basis]:
    return [
        basis
        for basis in book.bases.values()
        if basis.exporter == answers.get("exporter") and answers.get("recipient") in basis.recipients
    ]


def _first_basis(answers: Answers, book: Rulebook) -> str:
    fitting = _fitting(answers, book)
    return fitting[0].id if fitting else ""


def _one_of(*words: str) -> Check:
    return lambda answer, _answers, _book: "" if answer in words else f"write one of: {', '.join(words)}"


def _each(check: Callable[[str, Answers, Rulebook], str]) -> Check:
    def checked(answer: str, answers: Answers, book: Rulebook) -> str:
        parts = _parts(answer)
        return next((fault for each in parts if (fault := check(each, answers, book))), "" if parts else "name one")

    return checked


def _fits(read: Callable[[str], object]) -> Check:
    def check(answer: str, _answers: Answers, _book: Rulebook) -> str:
        try:
            read(answer)
        except Unfit as unfit:
            return f"{unfit.fault}; {unfit.fix}"
        return ""

    return check


def _port(answer: str, _answers: Answers, _book: Rulebook) -> str:
    return "" if answer.isdecimal() and 0 < int(answer) < 65536 else "a number from 1 to 65535"


def _media_type(answer: str, _answers: Answers, _book: Rulebook) -> str:
    return "" if _MEDIA_TYPE.fullmatch(answer) else f"'{answer}' is no media type; write such as application/json"


def _categories(answer: str, answers: Answers, book: Rulebook) -> str:
    if answer == "none":
        return ""

    def check(name: str, _answers: Answers, _book: Rulebook) -> str:
        known = dict.fromkeys(book.categories)
        if not any(under(each, frozenset({name})) for each in known):
            return _known(name, known, "category")
        return ""

    return _each(check)(answer, answers, book)


def _day(answer: str, answers: Answers, _book: Rulebook) -> str:
    try:
        day = date.fromisoformat(answer)
    except ValueError:
        return "a day such as 2027-06-30"
    since = answers.get("since")
    return f"lies before the first day, {since}" if since and day < date.fromisoformat(since) else ""


def _last_day(answer: str, answers: Answers, book: Rulebook) -> str:
    fault = _day(answer, answers, book)
    basis = book.bases.get(answers.get("basis", ""))
    if not fault and basis is not None and date.fromisoformat(answer) > basis.validity.until:
        return f"the basis ends on {basis.validity.until}"
    return fault


def _reviewer(answer: str, answers: Answers, book: Rulebook) -> str:
    if answer.strip().casefold() == answers.get("owner", "").strip().casefold():
        return "owner and reviewer must be two people"
    return _text(2, 120)(answer, answers, book)


def _dataset(answer: str, _answers: Answers, book: Rulebook) -> str:
    return _known(answer, book.datasets, "dataset")


def _matches(pattern: re.Pattern[str], example: str) -> Check:
    return _each(lambda each, _a, _b: "" if pattern.fullmatch(each) else f"'{each}': write such as {example}")


def _host_of(answers: Answers, book: Rulebook) -> str:
    far = answers.get("recipient" if answers.get("carried_in") == "request" else "exporter", "")
    member = book.members.get(far)
    return member.hosts[0] if member and member.hosts else ""


def _listed(answers: Answers, book: Rulebook) -> str:
    basis = book.bases.get(answers.get("basis", ""))
    return ", ".join(sorted(basis.categories)) or "none" if basis else ""


def _purpose(answers: Answers, book: Rulebook) -> str:
    basis = book.bases.get(answers.get("basis", ""))
    return min(basis.purposes, default="") if basis else ""


def _until(answers: Answers, book: Rulebook) -> str:
    basis = book.bases.get(answers.get("basis", ""))
    return basis.validity.until.isoformat() if basis else ""


def _fixed(value: str) -> Default:
    return lambda _answers, _book: value


def questions(today: date) -> tuple[Question, ...]:
    """Return the questions in the order in which they are asked; ``today`` is the default of the first day."""
    in_english: Default = lambda answers, _book: answers.get("title", "")  # noqa: E731
    title = _text(1, 200)
    return (
        Question("id", "Id of the entry", "such as zhuhai-macao-permits", _id),
        Question("title", "Title in English", "what flows, in a line", title),
        Question("title_zh_hans", "Title in Simplified Chinese", "the same line", title, in_english),
        Question("title_zh_hant", "Title in Traditional Chinese", "the same line", title, in_english),
        Question("title_pt", "Title in Portuguese", "the same line", title, in_english),
        Question("exporter", "Exporter", "id of the party whose data leave", _party),
        Question("recipient", "Recipient", "id of the party that receives them", _party),
        Question(
            "carried_in",
            "Carried in",
            "request where the exporter sends, response where the recipient fetches",
            _one_of("request", "response"),
            _fixed("request"),
        ),
        Question("host", "Host", "the host that is called, exactly", _fits(host), _host_of),
        Question("port", "Port", "where it listens", _port, _fixed("443")),
        Question(
            "methods",
            "Methods",
            "with commas: " + ", ".join(_METHODS),
            _each(_one_of(*_METHODS)),
            lambda answers, _book: "POST" if answers.get("carried_in") == "request" else "GET",
        ),
        Question("paths", "Paths", "with commas; {id} stands for one step: /v1/permits/{id}", _each(_fits(path))),
        Question("media_types", "Media types", "with commas", _each(_media_type), _fixed("application/json")),
        Question("basis", "Legal basis", "id of the basis that carries it", _basis, _first_basis),
        Question("categories", "Categories", "with commas, or none", _categories, _listed),
        Question("purpose", "Purpose", "what the data are for, in a sentence", _text(3, 400), _purpose),
        Question("since", "First day", "in Beijing time", _day, _fixed(today.isoformat())),
        Question("until", "Last day", "in Beijing time, no later than the basis", _last_day, _until),
        Question("owner", "Owner", "who answers for this flow", _text(2, 120)),
        Question("reviewer", "Reviewer", "who checks it; another person", _reviewer),
        Question("dataset", "Dataset", "id of a file in datasets/; empty for none", _dataset, optional=True),
        Question(
            "mask",
            "Mask",
            "categories with commas, /4 to keep the last four: pi.contact.phone/4; empty for none",
            _matches(_MASK, "pi.contact.phone/4"),
            optional=True,
        ),
        Question(
            "ceilings",
            "Ceilings",
            "with commas, such as transfers/day=2000, individuals/year=5000; empty for none",
            _matches(_CEILING, "individuals/year=5000"),
            optional=True,
        ),
        Question(
            "retention_days", "Days that the recipient keeps it", "empty where nothing is said", _days, optional=True
        ),
        Question(
            "onward",
            "Onward transfer",
            "none, same_jurisdiction or any",
            _one_of("none", "same_jurisdiction", "any"),
            _fixed("none"),
        ),
        Question(
            "consent",
            "Consent",
            "per_subject, batch:REFERENCE or not_the_basis; empty where none is shown",
            _matches(re.compile(r"per_subject|not_the_basis|batch:[^ ].{1,199}"), "batch:ZH-CONSENT-2026-01"),
            optional=True,
        ),
        Question("observe_until", "Only observe until", "a day; empty to enforce at once", _day, optional=True),
    )


def _days(answer: str, _answers: Answers, _book: Rulebook) -> str:
    return "" if answer.isdecimal() and int(answer) <= 36500 else "a number of days up to 36500"


def entry_of(answers: Answers) -> dict[str, Any]:
    """Return the entry that complete ``answers`` describe, in the shape of the whitelist's schema."""
    english = answers["title"]
    endpoint: dict[str, Any] = {"host": answers["host"]}
    if answers["port"] != "443":
        endpoint["port"] = int(answers["port"])
    endpoint |= {name: _parts(answers[name]) for name in ("methods", "paths", "media_types")}
    entry: dict[str, Any] = {
        "id": answers["id"],
        "title": {
            "en": english,
            "zh-Hans": answers.get("title_zh_hans") or english,
            "zh-Hant": answers.get("title_zh_hant") or english,
            "pt": answers.get("title_pt") or english,
        },
        "exporter": answers["exporter"],
        "recipient": answers["recipient"],
        "carried_in": answers["carried_in"],
        "endpoints": [endpoint],
        "categories": "none" if answers["categories"] == "none" else _parts(answers["categories"]),
        "purpose": answers["purpose"],
        "basis": answers["basis"],
        "counterflow": "none",
        "valid": {"since": answers["since"], "until": answers["until"]},
        "owner": answers["owner"],
        "reviewer": answers["reviewer"],
    }
    for name in ("dataset", "onward", "consent"):
        if answers.get(name):
            entry[name] = answers[name]
    if answers.get("ceilings"):
        found = [_CEILING.fullmatch(each) for each in _parts(answers["ceilings"])]
        entry["ceilings"] = [{each[1]: int(each[3]), "per": each[2]} for each in found if each]
    if answers.get("retention_days"):
        entry["retention"] = {"days": int(answers["retention_days"])}
    if answers.get("observe_until"):
        entry["mode"] = {"observe_until": answers["observe_until"]}
    if answers.get("mask"):
        masks = [_MASK.fullmatch(each) for each in _parts(answers["mask"])]
        entry["obligations"] = [
            {"mask": each[1], "keep_last": int(each[2])} if each[2] else {"mask": each[1]} for each in masks if each
        ]
    return entry

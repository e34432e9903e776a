"""``classifiers/*.yaml`` -> categories and recognisers.

The JSON Schemas ``categories`` and ``recogniser`` have already judged the shape of a document; what is judged here is
what a schema cannot say: names that must exist, expressions that must be sound beside Chinese characters and in RE2,
and that a recogniser proves itself by examples both ways. All problems of a file are reported at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import re2

from classifiers import CHECKS, FINDERS
from gateway.rulebook.book import Category, Example, Pattern, PersonKey, Recogniser
from gateway.rulebook.document import Document, Faulty, Problem
from gateway.vocabulary import LANGUAGES, Certainty, Grade, Wording

_FORBIDDEN = (
    (re.compile(r"\\[bB]"), r"\b fails beside Chinese characters", "leave edges out: the engine sees to them"),
    (re.compile(r"\\[wW]"), r"\w differs between engines and scripts", "name the characters, such as [0-9A-Za-z]"),
    (re.compile(r"\\[dD]"), r"\d differs between engines and scripts", "write [0-9]"),
    (re.compile(r"\\[sS]"), r"\s runs over line ends", "write a blank, or [ ]?"),
    (re.compile(r"\(\?<?[=!]"), "look-around is not regular", "leave edges out: the engine sees to them"),
    (re.compile(r"\[\^"), "a negated class runs over the end of a value", "name the characters that may be there"),
    (re.compile(r"\((?!\?)"), "a capturing group is of no use here", "write (?:...)"),
    (re.compile(r"(?<!\\)[\^$]"), "an anchor looks at the wrong end", "leave edges out: the engine sees to them"),
    (re.compile(r"(?<!\\)\."), "a bare dot runs over the end of a value", r"write \. or name the characters"),
)
_CLASS = re.compile(r"\[(\^?)(?:\\.|[^\]\\])*\]")
_ESCAPE = re.compile(r"\\[^bBwWdDsS]")
_LABEL_DROPPED = str.maketrans("", "", " \t.-_")

_SHORTEST_WORD = 2
LEAST_EXAMPLES = 5
"""``finds:`` and ``leaves:`` cases by which each recogniser proves itself, of each kind."""

QUIET = re2.Options()
"""RE2 options under which a bad expression is reported to the caller and not to the log."""
QUIET.log_errors = False


def fold_label(label: str) -> str:
    """Fold the name of a field for comparison: NFKC, lower case, without blanks, dots, hyphens and underscores."""
    return unicodedata.normalize("NFKC", label).lower().translate(_LABEL_DROPPED)


def read_categories(document: Document) -> dict[str, Category]:
    """Read the taxonomy. Raise Faulty for a parent that is missing or a list that contradicts the grade.

    With ``sensitive_list: gbt45574`` what only the strict list calls sensitive is graded as personal information.
    """
    narrow = document.data.get("sensitive_list") == "gbt45574"
    problems: list[Problem] = []
    categories: dict[str, Category] = {}
    for name, data in document.data["categories"].items():
        category = Category(
            id=name,
            grade=Grade[data["grade"].upper()],
            title=_wording(data["title"]),
            statute=data["statute"],
            secret=data.get("secret", False),
            lists=frozenset(data.get("lists", ())),
            person_key=PersonKey[data.get("person_key", "none").upper()],
            source=document.source("categories", name),
        )
        if category.lists & {"gbt45574"} and "strict" not in category.lists:
            fault = f"{name} is on the list gbt45574 but not on strict"
            problems.append(document.problem(("categories", name), fault, "strict is the union: add it to lists"))
        if "strict" in category.lists and category.grade < Grade.SENSITIVE:
            fault = f"{name} is on the strict list but graded {data['grade']}"
            problems.append(document.problem(("categories", name, "grade"), fault, "grade it sensitive or above"))
        if narrow and category.grade is Grade.SENSITIVE and "gbt45574" not in category.lists:
            category = replace(category, grade=Grade.PERSONAL)
        categories[name] = category
    if problems:
        raise Faulty(tuple(problems))
    return categories


def read_recogniser(document: Document, categories: Mapping[str, Category]) -> Recogniser:
    """Read one recogniser. Raise Faulty with every problem of the file; ``yields_to`` is judged over all files."""
    data = document.data
    problems = [*_unknown_names(document, categories), *_unproven(document)]
    for place, pattern in enumerate(data.get("patterns", ())):
        if ("regex" in pattern) == ("finder" in data):
            fault = "a finder needs no regex" if "regex" in pattern else "a regex is missing"
            fix = "with a finder, patterns only name what it tells apart; without one each has its regex"
            problems.append(document.problem(("patterns", place), fault, fix))
        elif "regex" in pattern:
            problems += _unsound(document, ("patterns", place, "regex"), pattern["regex"])
    problems += _idle_words(document)
    if problems:
        raise Faulty(tuple(problems))
    return Recogniser(
        id=data["id"],
        category=data["category"],
        title=_wording(data["title"]),
        patterns=(*_patterns(data), *_words(data)),
        check=data.get("check", ""),
        labels=tuple(sorted({fold_label(label) for label in data["labels"]})),
        context=tuple(data.get("context", ())),
        finds=_examples(document, "finds"),
        leaves=_examples(document, "leaves"),
        yields_to=tuple(data.get("yields_to", ())),
        any_value=data.get("value") == "any",
        no_value=data.get("value") == "none",
        beside=frozenset(data.get("beside", ())),
        spellings=tuple(sorted({fold_word(label) for label in data["labels"]})),
        finder=data.get("finder", ""),
        source=document.source("id"),
    )


def read_recognisers(documents: Iterable[Document], categories: Mapping[str, Category]) -> tuple[Recogniser, ...]:
    """Read all recognisers, in order of id. Raise Faulty with all problems, names across files included."""
    problems: list[Problem] = []
    read: dict[str, Recogniser] = {}
    documents = tuple(documents)
    names = {document.data["id"] for document in documents}
    for document in documents:
        name = document.data["id"]
        if name in read:
            fix = f"give it another id; {read[name].source} has this one"
            problems.append(document.problem(("id",), f"the id {name} is taken", fix))
        for place, other in enumerate(document.data.get("yields_to", ())):
            if other not in names or other == name:
                fault, fix = f"yields_to names no other recogniser: {other}", "name the id of another recogniser"
                problems.append(document.problem(("yields_to", place), fault, fix))
        try:
            read.setdefault(name, read_recogniser(document, categories))
        except Faulty as faulty:
            problems += faulty.problems
    if problems:
        raise Faulty(tuple(problems))
    return tuple(recogniser for _, recogniser in sorted(read.items()))


def _unknown_names(document: Document, categories: Mapping[str, Category]) -> list[Problem]:
    data, problems = document.data, []
    if data["category"] not in categories:
        fault = f"unknown category {data['category']}"
        problems.append(document.problem(("category",), fault, "name one of classifiers/categories.yaml"))
    if data.get("check", "") and data["check"] not in CHECKS:
        fix = f"name one of: {', '.join(sorted(CHECKS))}"
        problems.append(document.problem(("check",), f"unknown check {data['check']}", fix))
    if data.get("finder", "") and data["finder"] not in FINDERS:
        fix = f"name one of: {', '.join(sorted(FINDERS))}"
        problems.append(document.problem(("finder",), f"unknown finder {data['finder']}", fix))
    for place, name in enumerate(data.get("beside", ())):
        if name not in categories and not any(each.startswith(f"{name}.") for each in categories):
            fix = "name one of classifiers/categories.yaml"
            problems.append(document.problem(("beside", place), f"unknown category {name}", fix))
    if "value" in data and not data["labels"]:
        fix = "name the fields under labels"
        problems.append(document.problem(("value",), "value without the names of fields", fix))
    return problems


def _idle_words(document: Document) -> list[Problem]:
    """Faults of words: such as could never be seen, or stand there twice."""
    problems: list[Problem] = []
    seen: dict[str, tuple[str | int, ...]] = {}
    for group, data in enumerate(document.data.get("words", ())):
        for at, word in enumerate(data["any"]):
            place, folded = ("words", group, "any", at), fold_word(word)
            if folded in seen:
                first = document.source(*seen[folded])
                problems.append(document.problem(place, f"{word} stands here twice", f"leave it out; see {first}"))
            elif folded != folded.strip() or "\n" in folded or len(folded) < _SHORTEST_WORD:
                fix = "write two characters or more on one line, without blanks around"
                problems.append(document.problem(place, "no such word can be seen", fix))
            seen.setdefault(folded, place)
    return problems


def fold_word(word: str) -> str:
    """Fold a word for comparison: NFKC and lower case."""
    return unicodedata.normalize("NFKC", word).lower()


def _patterns(data: Mapping[str, Any]) -> Iterable[Pattern]:
    for each in data.get("patterns", ()):
        yield Pattern(name=each["name"], regex=each.get("regex", ""), alone=_certainty(each["alone"]))


def _words(data: Mapping[str, Any]) -> Iterable[Pattern]:
    for each in data.get("words", ()):
        words = tuple(sorted({fold_word(word) for word in each["any"]}))
        yield Pattern(name=each["name"], regex="", alone=_certainty(each["alone"]), words=words)


def _unproven(document: Document) -> list[Problem]:
    """Faults of the examples: fewer than ``LEAST_EXAMPLES`` of a kind, or a span that does not stand in its text."""
    problems = []
    for key, want in (("finds", "texts in which it must be found"), ("leaves", "look-alikes that it must leave alone")):
        examples = document.data.get(key) or ()
        if len(examples) < LEAST_EXAMPLES:
            path = (key,) if key in document.data else ("id",)
            fault = f"examples under {key}: {len(examples)} of at least {LEAST_EXAMPLES}"
            problems.append(document.problem(path, fault, f"add {LEAST_EXAMPLES - len(examples)} more {want}"))
        for place, example in enumerate(examples):
            if example.get("span", "") not in example["text"]:
                fault, fix = "the span does not stand in the text", "write the span as it stands in the text"
                problems.append(document.problem((key, place, "span"), fault, fix))
    return problems


def _unsound(document: Document, path: Sequence[str | int], regex: str) -> list[Problem]:
    """Faults of one expression: what RE2 refuses, and what would not hold beside Chinese or over the end of a value."""
    bare = _CLASS.sub(lambda found: "[^" if found[1] else "", _ESCAPE.sub("", regex))
    classes = "".join(found[0] for found in _CLASS.finditer(regex))
    problems = []
    for sign, fault, fix in _FORBIDDEN:
        if sign.search(bare) or (sign.pattern.startswith(r"\\[") and sign.search(classes)):
            problems.append(document.problem(path, fault, fix))
    try:
        compiled = re2.compile(regex, QUIET)
    except re2.error:
        problems.append(document.problem(path, "RE2 does not take this expression", "write it in the syntax of RE2"))
    else:
        if compiled.search("") is not None:
            problems.append(document.problem(path, "the expression fits the empty text", "make a part obligatory"))
    return problems


def _examples(document: Document, key: str) -> tuple[Example, ...]:
    return tuple(
        Example(
            text=example["text"],
            label=example.get("label", ""),
            span=example.get("span", example["text"]) if key == "finds" else "",
            certainty=_certainty(example.get("certainty", "none")),
            source=document.source(key, place),
        )
        for place, example in enumerate(document.data[key])
    )


def _certainty(name: str) -> Certainty | None:
    return None if name == "none" else Certainty[name.upper()]


def _wording(data: Mapping[str, Any]) -> Wording:
    return {language: str(data[language]) for language in LANGUAGES}

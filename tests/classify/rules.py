"""The rulebook that ships, read with the room's own readers, and small messages to classify."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gateway.rulebook.book import Category, Pattern, Recogniser, Rulebook
from gateway.rulebook.recognisers import read_categories, read_recognisers
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import LANGUAGES, Certainty, Content, Grade, Part, Segment

ROOT = Path(__file__).resolve().parents[2]


@cache
def shipped() -> Rulebook:
    """Return a rulebook of the categories and recognisers under ``classifiers/``, with nothing else in it."""
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sorted((ROOT / "classifiers").rglob("*.yaml"))
    }
    taxonomy = "classifiers/categories.yaml"
    categories = read_categories(parse(taxonomy, files[taxonomy], "categories"))
    documents = [parse(name, data, "recogniser") for name, data in files.items() if name != taxonomy]
    return rulebook(read_recognisers(documents, categories), categories)


def rulebook(recognisers: tuple[Recogniser, ...], categories: dict[str, Category]) -> Rulebook:
    """Return a rulebook that holds only these."""
    return Rulebook("0" * 64, {}, categories, {}, {}, {}, (), recognisers)


def recogniser(name: str, regex: str, **changes: object) -> Recogniser:
    """Return a recogniser of one form, LIKELY alone."""
    values: dict[str, object] = {
        "id": name,
        "category": "pi.name",
        "title": dict.fromkeys(LANGUAGES, name),
        "patterns": (Pattern("form", regex, Certainty.LIKELY),),
        "check": "",
        "labels": (),
        "context": (),
        "finds": (),
        "leaves": (),
    }
    return Recogniser(**{**values, **changes})  # type: ignore[arg-type]


NAME = Category("pi.name", Grade.PERSONAL, dict.fromkeys(LANGUAGES, "name"), "PIPL art. 4")


def part(*values: tuple[str, str], verbatim: bool = True) -> Part:
    """Return a part of (label, text) values, written one below the other with the label in front."""
    text, segments = "", []
    for label, value in values:
        text += f'"{label}":"'
        segments.append(Segment(value, f"json:/{label}", label, len(text), len(text) + len(value)))
        text += f'{value}"\n'
    return Part("body", text, lambda _: tuple(segments), format="json", verbatim=verbatim)


def content(text: str, label: str = "", *, verbatim: bool = False) -> Content:
    """Return a message of one value."""
    return Content((part((label, text), verbatim=verbatim),))

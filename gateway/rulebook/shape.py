"""The shape of a rule file, by its JSON Schema, with every misfit told in a sentence that says what to do.

Schemas are JSON Schema 2020-12 files in ``schemas/``. A schema may carry ``errorMessage`` (a keyword that editors
know too) to say better than we could what to write instead; else its ``description`` serves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, relevance
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from gateway.rulebook.document import Document, Path, Problem

_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


@cache
def _schemas() -> dict[str, Any]:
    """All schemas in the box, by file name."""
    folder = files("gateway.rulebook") / "schemas"
    return {item.name: json.loads(item.read_bytes()) for item in folder.iterdir() if item.name.endswith(".json")}


@cache
def _validator(schema: str) -> Draft202012Validator:
    """A validator whose registry is closed: a ``$ref`` to anything but the schemas in the box is an error."""
    known = _schemas()
    resources = [(name, DRAFT202012.create_resource(body)) for name, body in known.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    document = known[f"{schema}.json"]
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document, registry=registry)


def _refused(uri: str) -> Any:
    raise ValueError(f"no schema is fetched: {uri}")


@cache
def _quick(schema: str) -> jsonschema_rs.Validator:
    """The same schema in Rust, two hundred times faster, for the usual case that there is nothing to tell."""
    return jsonschema_rs.Draft202012Validator(_schemas()[f"{schema}.json"], retriever=_refused)


@dataclass(frozen=True, slots=True)
class _Misfit:
    """What one keyword of a schema has against one value."""

    path: Path
    keyword: str
    """Keyword of JSON Schema; "" where nothing at all may stand."""
    wanted: Any
    """Value of the keyword."""
    value: Any
    schema: Mapping[str, Any]
    """The part of the schema that holds the keyword."""

    @property
    def what(self) -> str:
        """Name the value as a reader would."""
        return _name(self.path)

    def advice(self, otherwise: str) -> str:
        """What the schema says should be written, or ``otherwise``."""
        return str(self.schema.get("errorMessage") or self.schema.get("description") or otherwise)


def misfits(document: Document, schema: str, reported: frozenset[Path]) -> Iterator[Problem]:
    """Yield what does not fit ``schema``, save at or under a path in ``reported``, of which we spoke already."""
    if not reported and _quick(schema).is_valid(document.data):
        return
    meant: set[tuple[Path, str]] = set()
    absent: set[tuple[Path, str]] = set()
    for error in _validator(schema).iter_errors(document.data):
        misfit = _misfit(_nearest(error))
        path = misfit.path
        if any(path[:length] in reported for length in range(len(path) + 1)):
            continue
        if misfit.keyword == "required":
            absent.update((path, key) for key in misfit.wanted if key not in misfit.value)
        elif misfit.keyword == "additionalProperties":
            for key, wanted in _unknown(misfit):
                meant.add((path, wanted))
                fix = f"did you mean '{wanted}'?" if wanted else f"known here: {', '.join(sorted(_known(misfit)))}"
                yield document.key_problem((*path, key), f"'{key}' is not known here", fix)
        elif "propertyNames" in error.absolute_schema_path:
            fault = f"the key '{misfit.value}' is not of the form expected here"
            fix = misfit.advice(f"write something that fits {misfit.wanted}")
            yield document.key_problem((*path, misfit.value), fault, fix)
        else:
            fault, fix = _SENTENCES.get(misfit.keyword, _other)(misfit)
            yield document.problem(path, fault, fix)
    for path, key in absent - meant:
        yield document.problem(path, f"{_name(path)} lacks '{key}'", f"add '{key}:'")


def _misfit(error: ValidationError) -> _Misfit:
    schema = error.schema if isinstance(error.schema, dict) else {}
    keyword = error.validator if isinstance(error.validator, str) else ""
    return _Misfit(tuple(error.absolute_path), keyword, error.validator_value, error.instance, schema)


def _nearest(error: ValidationError) -> ValidationError:
    """Of the branches of an ``anyOf`` or ``oneOf``, speak of the one that came nearest: right kind, fewest faults."""
    while error.validator in {"anyOf", "oneOf"} and error.context:
        branches: dict[object, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        typed = [b for b in branches.values() if not any(e.validator == "type" and not e.path for e in b)]
        if not typed:
            return error
        fewest = min(len(branch) for branch in typed)
        error = max(next(branch for branch in typed if len(branch) == fewest), key=relevance)
    return error


def _known(misfit: _Misfit) -> list[str]:
    return list(misfit.schema.get("properties", {}))


def _unknown(misfit: _Misfit) -> list[tuple[str, str]]:
    """Keys that the schema does not list, each with the key that was likely meant, or ""."""
    known = _known(misfit)
    free = [name for name in known if name not in misfit.value]
    return [(key, _alike(key, free)) for key in misfit.value if key not in known]


def _alike(word: object, words: list[str]) -> str:
    """The one of ``words`` that was likely meant, or ""."""
    return next(iter(get_close_matches(str(word), words, n=1, cutoff=0.6)), "")


def _name(path: Path) -> str:
    """Name the node at ``path`` as a reader would."""
    if not path:
        return "the file"
    if isinstance(path[-1], str):
        return f"'{path[-1]}'"
    parent = next((step for step in reversed(path) if isinstance(step, str)), "")
    return f"item {path[-1] + 1} of '{parent}'" if parent else f"item {path[-1] + 1}"


def kind(value: object) -> str:
    """Name the kind of ``value`` in plain words, with the value itself where it is short."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text '{value}'" if len(value) <= 40 else "text"
    return "a list" if isinstance(value, list) else "a mapping"


def _type(misfit: _Misfit) -> tuple[str, str]:
    wanted = misfit.wanted
    names = [_KINDS[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
    expected = " or ".join(names)
    fault = f"{misfit.what} is {kind(misfit.value)}, but must be {expected}"
    if "text" in names and isinstance(misfit.value, int):
        return fault, "quote it"
    if misfit.value is None:
        return fault, f"write {expected}, or delete the line"
    if "a list" in names and isinstance(misfit.value, str):
        return fault, f"write [{misfit.value}]" if len(misfit.value) <= 40 else "write each item after a '- '"
    return fault, f"write {expected}"


def _enum(misfit: _Misfit) -> tuple[str, str]:
    words = [json.dumps(word) if not isinstance(word, str) else word for word in misfit.wanted]
    fault = f"{misfit.what} is {kind(misfit.value)}, expected one of: {', '.join(words)}"
    wanted = _alike(misfit.value, words)
    return fault, f"did you mean '{wanted}'?" if wanted else "write one of those"


def _const(misfit: _Misfit) -> tuple[str, str]:
    return f"{misfit.what} is {kind(misfit.value)}", misfit.advice(f"write {json.dumps(misfit.wanted)}")


def _pattern(misfit: _Misfit) -> tuple[str, str]:
    return (
        f"{misfit.what} is {kind(misfit.value)}, which is not of the form expected here",
        misfit.advice(f"write something that fits {misfit.wanted}"),
    )


def _min_items(misfit: _Misfit) -> tuple[str, str]:
    if not misfit.value:
        return (
            f"{misfit.what} is an empty list; an empty list would mean that nothing is refused or permitted here",
            "name at least one item, or delete what holds the list",
        )
    return f"{misfit.what} has {len(misfit.value)} items", f"write at least {misfit.wanted}"


def _min_properties(misfit: _Misfit) -> tuple[str, str]:
    return f"{misfit.what} is empty", misfit.advice("write at least one key")


def _bound(words: str) -> Callable[[_Misfit], tuple[str, str]]:
    def say(misfit: _Misfit) -> tuple[str, str]:
        return f"{misfit.what} is {kind(misfit.value)}", words.format(misfit.wanted)

    return say


def _unique(misfit: _Misfit) -> tuple[str, str]:
    return f"{misfit.what} names something twice", "keep one of them"


def _forbidden(misfit: _Misfit) -> tuple[str, str]:
    return f"{misfit.what} must not stand here", misfit.advice("delete it")


def _other(misfit: _Misfit) -> tuple[str, str]:
    if not misfit.keyword:
        return _forbidden(misfit)
    return f"{misfit.what} is {kind(misfit.value)}, which does not fit here", misfit.advice("see the schema")


_SENTENCES: dict[str, Callable[[_Misfit], tuple[str, str]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "minItems": _min_items,
    "maxItems": _bound("write at most {} items"),
    "minProperties": _min_properties,
    "minLength": _bound("write at least {} characters"),
    "maxLength": _bound("write at most {} characters"),
    "minimum": _bound("write {} or more"),
    "maximum": _bound("write {} or less"),
    "uniqueItems": _unique,
    "not": _forbidden,
}

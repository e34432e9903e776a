"""The shape of a rule file, by its JSON Schema, with every misfit told in a sentence that says what to do.

Schemas are JSON Schema 2020-12 files in ``schemas/``. A schema may carry ``errorMessage`` (a keyword that editors
know too) to say better than we could what to write instead; else its ``description`` serves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, relevance
from referencing import Registry, Resource
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
    return {
        item.name: json.loads(item.read_bytes()) for item in folder.iterdir() if item.name.endswith(".json")
    }


@cache
def _validator(schema: str) -> Draft202012Validator:
    """A validator whose registry is closed: a ``$ref`` to anything but the schemas in the box is an error."""
    known = _schemas()
    resources = [(name, Resource(contents=body, specification=DRAFT202012)) for name, body in known.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    document = known[f"{schema}.json"]
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document, registry=registry)


def misfits(document: Document, schema: str, reported: frozenset[Path]) -> Iterator[Problem]:
    """Yield what does not fit ``schema``, save at or under a path in ``reported``, of which we spoke already."""
    meant: set[tuple[Path, str]] = set()
    missing: list[ValidationError] = []
    for found in _validator(schema).iter_errors(document.data):
        error = _nearest(found)
        path = tuple(error.absolute_path)
        if any(path[:length] in reported for length in range(len(path) + 1)):
            continue
        if error.validator == "required":
            missing.append(error)
        elif error.validator == "additionalProperties":
            for key in _unknown(error):
                wanted = _alike(key, [name for name in error.schema.get("properties", {}) if name not in error.instance])
                if wanted:
                    meant.add((path, wanted))
                yield _stray(document, (*path, key), wanted, error)
        else:
            fault, fix = _SENTENCES.get(str(error.validator), _other)(error)
            yield document.problem(path, fault, fix)
    for path, absent in sorted({(tuple(e.absolute_path), name) for e in missing for name in _absent(e)}, key=repr):
        if (path, absent) not in meant:
            what = _name(path)
            yield document.problem(path, f"{what} lacks {absent!r}", f"add '{absent}:'")


def _nearest(error: ValidationError) -> ValidationError:
    """Of the branches of an ``anyOf`` or ``oneOf``, speak of the one that came nearest."""
    while error.validator in {"anyOf", "oneOf"} and error.context:
        branches: dict[object, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        typed = [b for b in branches.values() if not any(e.validator == "type" and not e.path for e in b)]
        if not typed:
            return error
        error = max(min(typed, key=len), key=relevance)
    return error


def _unknown(error: ValidationError) -> list[str]:
    """Keys of the instance that the schema does not list."""
    return [key for key in error.instance if key not in error.schema.get("properties", {})]


def _absent(error: ValidationError) -> list[str]:
    """Keys that the schema asks for and the instance does not have."""
    return [key for key in error.validator_value if key not in error.instance]


def _alike(word: object, words: list[str]) -> str:
    """The one of ``words`` that was likely meant, or ""."""
    return next(iter(get_close_matches(str(word), words, n=1, cutoff=0.6)), "")


def _stray(document: Document, path: Path, wanted: str, error: ValidationError) -> Problem:
    """Say that a key is not known, and which was likely meant."""
    if wanted:
        fix = f"did you mean '{wanted}'?"
    else:
        fix = f"known here: {', '.join(sorted(error.schema.get('properties', {})))}"
    return document.key_problem(path, f"'{path[-1]}' is not known here", fix)


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


def _advice(error: ValidationError, otherwise: str) -> str:
    """What the schema says should be written, or ``otherwise``."""
    schema = error.schema if isinstance(error.schema, dict) else {}
    return str(schema.get("errorMessage") or schema.get("description") or otherwise)


def _where(error: ValidationError) -> str:
    return _name(tuple(error.absolute_path))


def _type(error: ValidationError) -> tuple[str, str]:
    wanted = error.validator_value
    names = [_KINDS[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
    expected = " or ".join(names)
    fault = f"{_where(error)} is {kind(error.instance)}, but must be {expected}"
    if "text" in names and isinstance(error.instance, int):
        return fault, "quote it"
    if error.instance is None:
        return fault, f"write {expected}, or delete the line"
    if "a list" in names and isinstance(error.instance, str):
        return fault, f"write [{error.instance}]" if len(error.instance) <= 40 else "write each item after a '- '"
    return fault, f"write {expected}"


def _enum(error: ValidationError) -> tuple[str, str]:
    words = [json.dumps(word) if not isinstance(word, str) else word for word in error.validator_value]
    fault = f"{_where(error)} is {kind(error.instance)}, expected one of: {', '.join(words)}"
    wanted = _alike(error.instance, words)
    return fault, f"did you mean '{wanted}'?" if wanted else "write one of those"


def _const(error: ValidationError) -> tuple[str, str]:
    return f"{_where(error)} is {kind(error.instance)}", f"write {json.dumps(error.validator_value)}"


def _pattern(error: ValidationError) -> tuple[str, str]:
    return (
        f"{_where(error)} is {kind(error.instance)}, which is not of the form expected here",
        _advice(error, f"write something that fits {error.validator_value}"),
    )


def _min_items(error: ValidationError) -> tuple[str, str]:
    if not error.instance:
        return (
            f"{_where(error)} is an empty list; an empty list would mean that nothing is refused or permitted here",
            "name at least one item, or delete what holds the list",
        )
    return f"{_where(error)} has {len(error.instance)} items", f"write at least {error.validator_value}"


def _min_properties(error: ValidationError) -> tuple[str, str]:
    return f"{_where(error)} is empty", _advice(error, "write at least one key")


def _bound(words: str) -> Callable[[ValidationError], tuple[str, str]]:
    def say(error: ValidationError) -> tuple[str, str]:
        return f"{_where(error)} is {kind(error.instance)}", words.format(error.validator_value)

    return say


def _unique(error: ValidationError) -> tuple[str, str]:
    return f"{_where(error)} names something twice", "keep one of them"


def _property_names(error: ValidationError) -> tuple[str, str]:
    return f"{_where(error)} has the key {kind(error.instance)}, which is not of the form expected", _advice(error, "rename it")


def _forbidden(error: ValidationError) -> tuple[str, str]:
    return f"{_where(error)} must not stand here", _advice(error, "delete it")


def _other(error: ValidationError) -> tuple[str, str]:
    if error.validator is None:
        return _forbidden(error)
    return f"{_where(error)} is {kind(error.instance)}, which does not fit here", _advice(error, "see the schema")


_SENTENCES: dict[str, Callable[[ValidationError], tuple[str, str]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "minItems": _min_items,
    "maxItems": _bound("write at most {} items"),
    "minProperties": _min_properties,
    "minLength": _bound("write at least {} character"),
    "maxLength": _bound("write at most {} characters"),
    "minimum": _bound("write {} or more"),
    "maximum": _bound("write {} or less"),
    "uniqueItems": _unique,
    "propertyNames": _property_names,
    "not": _forbidden,
}

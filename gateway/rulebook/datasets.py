"""``datasets/*.yaml`` -> datasets: every field that a payload may have, each with its category.

A part of JSON Schema (draft 2020-12), closed: a keyword that is not known is a fault, and what is not declared may not
be sent. The JSON Schema ``dataset`` has already judged the shape; here is judged what it cannot say: categories that
must exist, keywords that mean nothing beside each other, names that would mean two fields.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

import re2

from gateway.rulebook.book import Category
from gateway.rulebook.document import Document, Faulty, Path, Problem
from gateway.rulebook.recognisers import QUIET, fold_label
from gateway.vocabulary import LANGUAGES, Wording

FOLDER = "datasets"
NONE = "none"
"""The category of a field that holds nothing of any category."""
LONGEST_PATH = 200
"""Characters of a path, so that places of payloads, which are cut at 256, never hide where they stand."""

_TEXTUAL = frozenset({"pattern", "minLength", "maxLength", "format", "contentMediaType"})
_NUMERIC = frozenset({"minimum", "maximum"})
_ANYWHERE = frozenset({"type", "nullable", "title", "description", "labels"})
_LEAF = _ANYWHERE | {"category", "enum", "const"}
_KNOWN: Mapping[str, frozenset[str]] = {
    "object": _ANYWHERE | {"properties", "required", "additionalProperties"},
    "array": _ANYWHERE | {"items", "minItems", "maxItems"},
    "string": _LEAF | _TEXTUAL,
    "integer": _LEAF | _NUMERIC,
    "number": _LEAF | _NUMERIC,
    "boolean": _LEAF,
}
_CLASSES = {"string": str, "integer": int, "number": int, "boolean": bool}


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A field, a list or an object of a dataset."""

    path: str
    """From the root, each step after a slash, ``*`` for the items of a list: ``/patients/*/name``; the root is ""."""
    type: str
    category: str = ""
    """Of a leaf: a category, or ``none``."""
    nullable: bool = False
    labels: tuple[str, ...] = ()
    properties: Mapping[str, Field] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Field | None = None
    min_items: int = 0
    max_items: int | None = None
    values: frozenset[str | int | bool] | None = None
    """The only values that may stand here (``enum``, ``const``)."""
    pattern: str = ""
    """RE2, of the whole value."""
    min_length: int = 0
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    format: str = ""
    media_type: str = ""
    """What the text holds where it is a document itself."""
    source: str = ""

    @property
    def leaf(self) -> bool:
        """Whether it holds a value and no fields."""
        return self.type not in ("object", "array")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Dataset:
    """What an entry may carry (数据集 / 數據集), field by field."""

    id: str
    title: Wording
    root: Field
    record: str = ""
    """Path of the records that repeat, ending in ``/*``; "" where a payload is one record."""
    max_records: int | None = None
    max_bytes: int | None = None
    namespaces: frozenset[str] = frozenset()
    """Namespaces that XML may declare, besides those of XML Schema and SOAP."""
    source: str = ""

    def fields(self) -> Iterator[Field]:
        """Yield every node, the root first."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed([*node.properties.values()]))
            if node.items is not None:
                waiting.append(node.items)

    def leaves(self) -> Iterator[Field]:
        """Yield every field that holds a value."""
        return (node for node in self.fields() if node.leaf)

    def repeated(self) -> Field | None:
        """Return the list whose items are the records, or None."""
        return at(self.root, self.record.removesuffix("/*")) if self.record else None

    def row(self) -> Field:
        """Return what a row of a table is: a record."""
        records = self.repeated()
        return self.root if records is None or records.items is None else records.items


def at(root: Field, path: str) -> Field | None:
    """Return the node at ``path`` below ``root``, or None."""
    node: Field | None = root
    for step in path.split("/")[1:]:
        if node is None:
            return None
        node = node.items if step == "*" else node.properties.get(step)
    return node


def flat_names(row: Field) -> dict[str, tuple[str, ...]]:
    """Return how a table, a form or a sheet may call each value of ``row``: folded name -> names of properties down.

    A value goes by its labels, by its name with those above it (``applicant.name``), and by its name alone where no
    other value has it. Raises ``ValueError`` with the name that would mean two.
    """
    told: dict[str, tuple[str, ...]] = {}
    alone: dict[str, list[tuple[str, ...]]] = {}
    for steps, node in _values(row, ()):
        for name in {fold_label(each) for each in (*node.labels, ".".join(steps))}:
            if told.setdefault(name, steps) != steps:
                raise ValueError(name)
        alone.setdefault(fold_label(steps[-1]) if steps else "", []).append(steps)
    for name, owners in alone.items():
        if len(owners) == 1:
            told.setdefault(name, owners[0])
    return told


def _values(node: Field, steps: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Field]]:
    """Yield what can be one cell: a leaf, or a list of leaves."""
    if node.type == "object":
        for name, child in node.properties.items():
            yield from _values(child, (*steps, name))
    elif node.leaf or (node.items is not None and node.items.leaf):
        yield steps, node


def read_dataset(document: Document, categories: Mapping[str, Category]) -> Dataset:
    """Read one dataset. Raise Faulty with every problem of the file."""
    data = document.data
    problems = [*_problems(document, categories)]
    if problems:
        raise Faulty(problems)
    root = _field(document, ("schema",), "")
    dataset = Dataset(
        id=data["id"],
        title={language: str(data["title"][language]) for language in LANGUAGES},
        root=root,
        record=data.get("record", "/*" if root.type == "array" else ""),
        max_records=data.get("max_records"),
        max_bytes=data.get("max_bytes"),
        namespaces=frozenset(data.get("namespaces", ())),
        source=document.source("id"),
    )
    problems = [*_misled(document, dataset)]
    if problems:
        raise Faulty(problems)
    return dataset


def _misled(document: Document, dataset: Dataset) -> Iterator[Problem]:
    """What can be seen once the fields are known: a record that is nowhere, names that mean two fields."""
    if dataset.record:
        records = dataset.repeated()
        if records is None or records.type != "array":
            fault = f"'{dataset.record}' is no list of the schema"
            yield document.problem(("record",), fault, "name the path of a list, followed by /*")
            return
    for row in {id(each): each for each in (dataset.row(), dataset.root)}.values():
        try:
            flat_names(row)
        except ValueError as name:
            fault = f"two fields would go by the name '{name}' in a table or a form"
            yield document.problem(("schema",), fault, "change the labels of one of them")
            return


def _problems(document: Document, categories: Mapping[str, Category]) -> Iterator[Problem]:
    data = document.data
    stem = posixpath.basename(document.name).removesuffix(".yaml")
    if data["id"] != stem:
        fault = f"the id '{data['id']}' is not the name of the file"
        yield document.problem(("id",), fault, f"write '{stem}', or rename the file")
    yield from _node_problems(document, categories, ("schema",), data["schema"], "")


def _node_problems(
    document: Document, categories: Mapping[str, Category], path: Path, node: Mapping[str, Any], name: str
) -> Iterator[Problem]:
    kind = node["type"]
    known = _KNOWN[kind]
    for key in node:
        if key not in known:
            fault = f"'{key}' means nothing where the type is {kind}"
            yield document.key_problem((*path, key), fault, "delete it, or change the type")
    if len(name) > LONGEST_PATH:
        yield document.problem(path, "the names down to here are too long", "shorten them")
    if kind == "object":
        yield from _object_problems(document, categories, path, node, name)
    elif kind == "array":
        if "items" not in node:
            yield document.problem(path, "the list does not say what its items are", "add 'items:'")
        else:
            yield from _node_problems(document, categories, (*path, "items"), node["items"], f"{name}/00000")
    else:
        yield from _leaf_problems(document, categories, path, node)
    for least, most in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if least in node and most in node and node[least] > node[most]:
            fault = f"'{least}' is greater than '{most}': nothing would fit"
            yield document.problem((*path, least), fault, "exchange them, or delete one")


def _object_problems(
    document: Document, categories: Mapping[str, Category], path: Path, node: Mapping[str, Any], name: str
) -> Iterator[Problem]:
    fields = node.get("properties", {})
    if not fields:
        yield document.problem(path, "the object has no fields", "add 'properties:'")
    for index, each in enumerate(node.get("required", ())):
        if each not in fields:
            near = get_close_matches(str(each), fields, n=1)
            fix = f"did you mean '{near[0]}'?" if near else "name one of its properties"
            yield document.problem((*path, "required", index), f"there is no field '{each}'", fix)
    for key, child in fields.items():
        yield from _node_problems(document, categories, (*path, "properties", key), child, f"{name}/{key}")


def _leaf_problems(
    document: Document, categories: Mapping[str, Category], path: Path, node: Mapping[str, Any]
) -> Iterator[Problem]:
    name = node.get("category")
    if name is None:
        fault = f"'{path[-1]}' does not say what it holds"
        yield document.problem(path, fault, "add 'category:' with a category of classifiers/categories.yaml, or none")
    elif name != NONE and name not in categories:
        near = get_close_matches(name, categories, n=1)
        fix = f"did you mean '{near[0]}'?" if near else "name one of classifiers/categories.yaml, or none"
        yield document.problem((*path, "category"), f"there is no category '{name}'", fix)
    if "pattern" in node:
        try:
            matcher(node["pattern"])
        except re2.error as error:
            fault = f"the pattern is no expression of RE2 ({_said(error)})"
            yield document.problem((*path, "pattern"), fault, "write it without look-around and back-references")
    if "enum" in node and "const" in node:
        yield document.key_problem((*path, "const"), "'const' stands beside 'enum'", "keep one of them")
    wanted = _CLASSES[node["type"]]
    values: list[tuple[Path, object]] = [(("enum", index), each) for index, each in enumerate(node.get("enum", ()))]
    values += [(("const",), node["const"])] if "const" in node else []
    for where, value in values:
        if type(value) is not wanted:
            fault = f"this value is none of the type {node['type']}"
            yield document.problem((*path, *where), fault, "quote it" if wanted is str else "write one, or delete it")


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def matcher(pattern: str) -> Callable[[str], object]:
    """Return what tells whether ``pattern``, between ``^`` and ``$``, is that of a whole value. Raises ``re2.error``.

    A set of one is asked, since it takes a fifth of the time of an expression: it looks for no spans. Where RE2 runs
    out of memory it says no.
    """
    re2.compile(pattern[1:-1], QUIET)
    one = re2.Set.FullMatchSet(QUIET)
    one.Add(pattern[1:-1])
    one.Compile()
    match: Callable[[str], object] = one.Match
    return match


def _field(document: Document, path: Path, name: str) -> Field:
    data: Any = document.data
    for step in path:
        data = data[step]
    values = data.get("enum", [data["const"]] if "const" in data else None)
    return Field(
        path=name,
        type=data["type"],
        category=data.get("category", ""),
        nullable=data.get("nullable", False),
        labels=tuple(data.get("labels", ())),
        properties=MappingProxyType(
            {key: _field(document, (*path, "properties", key), f"{name}/{key}") for key in data.get("properties", {})}
        ),
        required=frozenset(data.get("required", ())),
        items=_field(document, (*path, "items"), f"{name}/*") if "items" in data else None,
        min_items=data.get("minItems", 0),
        max_items=data.get("maxItems"),
        values=None if values is None else frozenset(values),
        pattern=data.get("pattern", ""),
        min_length=data.get("minLength", 0),
        max_length=data.get("maxLength"),
        minimum=data.get("minimum"),
        maximum=data.get("maximum"),
        format=data.get("format", ""),
        media_type=data.get("contentMediaType", ""),
        source=document.source(*path),
    )

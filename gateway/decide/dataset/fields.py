"""A dataset made ready to judge payloads: checks compiled once, names by which each format may call a field."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from gateway.rulebook.datasets import NONE, Dataset, Field, at, flat_names, matcher
from gateway.rulebook.recognisers import fold_label

type Check = Callable[[Any], str]
"""Returns the code of what is wrong with a value, or ""."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_URI = re.compile(r"(?!(?:data|javascript|vbscript|blob):)[a-z][a-z0-9+.-]{1,31}:[^\s<>\"{}|\\^`\x00-\x1f]{1,2000}")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
_TRUTH = {"true": True, "false": False}


def _is_date(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    try:
        return _TIME.fullmatch(text) is not None and time.fromisoformat(text) is not None
    except ValueError:
        return False


def _is_date_time(text: str) -> bool:
    if len(text) < 20 or text[10] not in "Tt " or _TIME.fullmatch(text, 11) is None or not _is_date(text[:10]):
        return False
    try:
        return datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def _is_ipv4(text: str) -> bool:
    try:
        return ipaddress.IPv4Address(text) is not None
    except ValueError:
        return False


FORMS: Mapping[str, Callable[[str], object]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "time": _is_time,
    "email": _EMAIL.fullmatch,
    "uuid": _UUID.fullmatch,
    "uri": _URI.fullmatch,
    "ipv4": _is_ipv4,
}
"""What tells whether a text is of a ``format``."""


def _of_text(field: Field) -> Check:
    values, least, most, nullable = field.values, field.min_length, field.max_length, field.nullable
    matches = matcher(field.pattern) if field.pattern else None
    form = FORMS.get(field.format)
    longest = most if most is not None else 1 << 62

    def check(value: Any) -> str:
        if type(value) is not str:
            return "" if value is None and nullable else "value.type"
        if values is not None:
            return "" if value in values else "value.other"
        if not least <= len(value) <= longest:
            return "value.length"
        if matches is not None and not matches(value):
            return "value.pattern"
        return "" if form is None or form(value) else "value.pattern"

    return check


def _of_number(field: Field) -> Check:
    values, least, most, nullable = field.values, field.minimum, field.maximum, field.nullable
    kinds = (int,) if field.type == "integer" else (int, float)

    def check(value: Any) -> str:
        if type(value) not in kinds:
            return "" if value is None and nullable else "value.type"
        if values is not None:
            return "" if value in values else "value.other"
        beyond = (least is not None and not value >= least) or (most is not None and not value <= most)
        return "value.range" if beyond else ""

    return check


def _of_truth(field: Field) -> Check:
    values, nullable = field.values, field.nullable

    def check(value: Any) -> str:
        if type(value) is not bool:
            return "" if value is None and nullable else "value.type"
        return "" if values is None or value in values else "value.other"

    return check


def _written(field: Field, check: Check) -> Check:
    """Return ``check`` for a value of a format in which all values are texts."""
    if field.type == "string":
        return check
    form = _INTEGER if field.type == "integer" else _NUMBER

    def number(value: Any) -> str:
        if type(value) is not str:
            return check(value)
        if form.fullmatch(value):
            return check(float(value) if "." in value else int(value))
        return "" if field.nullable and value == "null" else "value.type"

    def truth(value: Any) -> str:
        if type(value) is not str:
            return check(value)
        if field.nullable and value == "null":
            return ""
        return check(_TRUTH.get(value.lower(), value))

    return truth if field.type == "boolean" else number


class Node:
    """A field of a dataset with all that a walk through a payload asks of it."""

    __slots__ = ("category", "check", "field", "items", "kids", "leaf", "names", "path", "required", "written")

    def __init__(self, field: Field) -> None:
        """Compile ``field`` and what is below it."""
        self.field = field
        self.path = field.path
        self.leaf = field.leaf
        self.category = field.category
        self.kids = {name: Node(child) for name, child in field.properties.items()}
        self.required = field.required
        self.items = Node(field.items) if field.items is not None else None
        self.names: dict[str, str] = {}
        """Names of properties by what elements of XML may call them, folded."""
        for name in field.properties:
            self.names.setdefault(fold_label(name), name)
        for name, child in field.properties.items():
            for label in child.labels:
                self.names.setdefault(fold_label(label), name)
        self.check: Check | None = None
        self.written: Check | None = None
        if self.leaf:
            make = {"string": _of_text, "boolean": _of_truth}.get(field.type, _of_number)
            self.check = make(field)
            self.written = _written(field, self.check)

    def child(self, steps: tuple[str, ...]) -> Node | None:
        """Return the node so many properties down."""
        node: Node | None = self
        for step in steps:
            node = node.kids.get(step) if node is not None else None
        return node


class Plan:
    """A dataset, compiled."""

    __slots__ = ("by_path", "dataset", "flat", "numbers", "record", "root", "root_names", "row", "row_flat", "telling")

    def __init__(self, dataset: Dataset) -> None:
        """Compile ``dataset``."""
        self.dataset = dataset
        self.root = Node(dataset.root)
        self.record = tuple(dataset.record.split("/")[1:]) if dataset.record else ()
        self.by_path: dict[str, Node] = {}
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            self.by_path[node.path] = node
            waiting += [*node.kids.values(), *([node.items] if node.items else [])]
        self.row = self.by_path[dataset.row().path]
        self.flat: Mapping[str, tuple[str, ...]] = MappingProxyType(flat_names(dataset.root))
        self.row_flat: Mapping[str, tuple[str, ...]] = MappingProxyType(flat_names(dataset.row()))
        self.numbers = any(field.type == "number" for field in dataset.leaves())
        leaves = [leaf for leaf in dataset.leaves() if leaf.category != NONE]
        self.telling = frozenset(leaf.path.replace("/*", "").rpartition("/")[2] for leaf in leaves)
        """Names of the fields that are declared to hold something of a category."""
        self.root_names = frozenset(fold_label(name) for name in dataset.root.labels or (dataset.id,))

    @property
    def records(self) -> Field | None:
        """The list of records, or None."""
        return at(self.dataset.root, self.dataset.record.removesuffix("/*")) if self.dataset.record else None


_PLANS: WeakKeyDictionary[Dataset, Plan] = WeakKeyDictionary()


def plan_of(dataset: Dataset) -> Plan:
    """Return what was compiled of a dataset; compiled once for each Dataset."""
    plan = _PLANS.get(dataset)
    if plan is None:
        plan = _PLANS[dataset] = Plan(dataset)
    return plan

"""How many records a payload holds: by its dataset where it has one, else by the greatest list that stands in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from gateway.decide.dataset import bodies, markup, sheets
from gateway.decide.dataset.bodies import KEY, Unmapped
from gateway.decide.dataset.fields import Plan, plan_of
from gateway.decide.dataset.tally import Tally, hidden
from gateway.rulebook.datasets import Dataset
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Content, Part

_CONTAINERS = frozenset({"multipart", "mail", "zip", "tar", "7z", "gz", "bz2", "xz", "zst"})
"""Documents that are nothing but what is packed in them."""
_TABLES = frozenset({"yaml", "avro", "parquet", "arrow", "sqlite", "cbor", "msgpack", "protobuf", "grpc", "graphql"})


def records_of(content: Content, dataset: Dataset | None) -> int:
    """Return the number of records in a payload: rows, lines, items of the list that repeats, else 1; 0 for no body.

    Of several readings of a body the one with most records counts; members of archives and of forms are added up.
    """
    plan = plan_of(dataset) if dataset is not None else None
    parts = bodies.in_body(content)
    books = _books(parts)
    inside = _inside(parts, books, plan)
    whole = [part for part in bodies.readings(parts) if bodies.whole(part)]
    counts = [0, *(max(1, _own(part, books, plan), _packed(part.where, inside, plan)) for part in whole)]
    # An archive may have members and no text of its own.
    counts += [_packed(where, inside, plan) for where in inside if "!" not in where]
    if len(counts) == 1 and any(each.where.partition(":")[0] not in bodies.ENVELOPE for each in content.opaque):
        return 1
    return max(counts)


type _Books = dict[str, list[Part]]
"""Workbooks by their places, each with the parts within it."""


def _books(parts: Sequence[Part]) -> _Books:
    books: _Books = {}
    for part in parts:
        pieces = part.where.split("!")
        for depth in range(1, len(pieces)):
            if pieces[depth - 1].startswith(("xlsx:", "ods:")):
                where = "!".join([*pieces[: depth - 1], pieces[depth - 1].partition(":")[0] + ":"])
                books.setdefault(where, []).append(part)
                break  # the workbook within which it is; what stands in its cells is no workbook that counts
    return books


def _inside(parts: Sequence[Part], books: _Books, plan: Plan | None) -> Counter[str]:
    """Return, by the place of a document, the records of what is packed in it."""
    inside: Counter[str] = Counter()
    waiting: dict[int, list[Part]] = {}
    for part in parts:
        waiting.setdefault(part.where.count("!"), []).append(part)
    for depth in sorted(waiting, reverse=True)[: -1 if 0 in waiting else None]:
        places: dict[str, Counter[str]] = {}
        for part in waiting[depth]:
            readings = places.setdefault(part.where.rpartition("!")[0], Counter())
            readings[part.where] += _member(part, books, plan)
        for where in {each.where for each in waiting[depth]}:
            readings = places[where.rpartition("!")[0]]
            readings[where] = max(readings[where], _packed(where, inside, plan))
        for place, readings in places.items():
            outer = _document_of(place)
            most = max(readings.values())
            inside[outer] = inside[outer] + most if _format(outer) in _CONTAINERS else max(inside[outer], most)
    return inside


def _packed(where: str, inside: Counter[str], plan: Plan | None) -> int:
    """Return the records of what is packed in a document; in a value, the dataset says what is a record."""
    return inside[where] if plan is None or _format(where) in _CONTAINERS else 0


def _document_of(place: str) -> str:
    """Return the place of the document in which a value stands."""
    head, bang, tail = place.rpartition("!")
    return f"{head}{bang}{tail.partition(':')[0]}:"


def _format(where: str) -> str:
    return where.removesuffix(":").rpartition("!")[2]


def _member(part: Part, books: _Books, plan: Plan | None) -> int:
    """Count what stands in a member, or in a value: of a form with a dataset, as the dataset has it."""
    head, _, tail = part.where.partition("!")
    if plan is not None and head.startswith("multipart:") and "!" not in tail:
        name = plan.root.names.get(fold_label(bodies.unescaped(head.partition(":/")[2])), "")
        if part.format == "json" and plan.record[:1] == (name,):
            return count_at({name: _json(part)}, plan.record)
        if plan.root.kids.get(name) is not None and plan.record[:1] != (name,):
            return 0
    if part.format == "text":
        lines = _lines(part.text)
        return lines if lines > 1 or not head.startswith("multipart:") else 0
    return _own(part, books, None)


def _own(part: Part, books: _Books, plan: Plan | None) -> int:
    """Count the records of one reading; whatever cannot be counted is one."""
    try:
        return _counted(_format(part.where), part, books, plan)
    except (Unmapped, RecursionError):
        return 1


def _counted(format: str, part: Part, books: _Books, plan: Plan | None) -> int:
    match format:
        case "json":
            return _in_tree(_json(part), plan)
        case "ndjson" | "json-seq":
            return _greatest(bodies.json_rows(part, repeated=False, numbers=False))
        case "csv":
            begin = len(part.where) + 1
            return len({each.where[begin:].partition("/")[0] for each in part.segments if not each.where.endswith(KEY)})
        case "xlsx" | "ods":
            return sheets.count_rows(part, books.get(part.where, ()))
        case "xml" if plan is not None:
            return records_in(plan, markup.xml_value(part, plan, Tally("", hidden)))
        case "xml" | "html":
            return _siblings(part)
        case "form":
            return max(Counter(each.text for each in part.segments if each.where.endswith(KEY)).values(), default=0)
        case "text":
            return 1 if plan is not None and plan.root.leaf else _lines(part.text)
        case _ if format in _TABLES:
            return _in_tree(bodies.tree_value(part), plan)
        case _:
            return 0


def _json(part: Part) -> Any:
    try:
        return bodies.json_value(part, repeated=False, numbers=False)
    except (Unmapped, RecursionError):
        return None


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line and not line.isspace())


def _in_tree(value: Any, plan: Plan | None) -> int:
    if plan is not None and plan.record:
        return records_in(plan, value)
    if plan is not None:
        return len(value) if isinstance(value, list) else 1
    return _greatest(value)


def _greatest(value: Any) -> int:
    """Return the length of the greatest list."""
    most = 0
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            most = max(most, len(each))
            waiting += each
        elif isinstance(each, dict):
            waiting += each.values()
    return most


def _siblings(part: Part) -> int:
    """Return how often at most an element stands beside others of its name."""
    return max(Counter(_families(part)).values(), default=0)


def _families(part: Part) -> Iterator[str]:
    for segment in part.segments:
        where = segment.where
        if where.endswith(KEY) and "/@" not in where:
            above, _, last = where.removesuffix(KEY).rpartition("/")
            yield f"{above}/{last.partition('[')[0]}"


def records_in(plan: Plan, value: Any) -> int:
    """Count the records of a value that is the whole payload."""
    return count_at(value, plan.record) if plan.record else 1


def count_at(value: Any, steps: Sequence[str]) -> int:
    """Count what stands in a value so many steps down; ``*`` is any item of a list."""
    if not steps:
        return 1
    if steps[0] == "*":
        return sum(count_at(each, steps[1:]) for each in value) if isinstance(value, list) else 0
    return count_at(value.get(steps[0]), steps[1:]) if isinstance(value, dict) else 0

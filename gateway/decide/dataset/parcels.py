"""What stands in a body besides its own values: members of forms, documents within values, sealed parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from gateway.decide.dataset import bodies
from gateway.decide.dataset.bodies import KEY, Filling, Unmapped
from gateway.decide.dataset.fields import Node, Plan
from gateway.decide.dataset.placing import node_at
from gateway.decide.dataset.tally import Tally
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Opaque, Part

FORM_HEADERS = frozenset(
    {"content-disposition", "content-type", "content-transfer-encoding", "content-length", "content-id"}
)
"""Fields that a part of a form may have (RFC 7578 section 4); others are of the sender's making."""
_NAME = re.compile(r"(?:\A|;)\s*name=\"?([^\";]*)")
PLAIN = frozenset({"text", "form", "csv", "yaml", "query", "target"})
"""Formats that a bare text may happen to have."""


def nested(part: Part, plan: Plan, tally: Tally) -> None:
    """Count a document that stands in a value of a field which does not say that it holds one."""
    outer = part.where.partition(":")[0]
    if outer not in bodies.TREES | bodies.ROWS | {"xml", "form"} or part.format in PLAIN:
        return
    node = node_at(plan, part.where)
    if node is not None and node.leaf and not node.field.media_type:
        tally.within(f"{outer}:")
        tally.add("value.nested", node.path)


def unread(opaque: Opaque, plan: Plan, tally: Tally) -> None:
    """Count a part that nobody could read, unless it stands in a field that says it holds a document."""
    node = node_at(plan, opaque.where)
    if node is None or not node.leaf or not node.field.media_type:
        tally.within(opaque.where)
        tally.add("part.unmapped", "")


def members_of(part: Part, parts: Sequence[Part]) -> tuple[Counter[str], dict[str, list[Part]], list[str]]:
    """Return how often each name stands in a form, the readings of each member, and other headers than a form has."""
    names: Counter[str] = Counter()
    headers: list[str] = []
    for segment in part.segments:
        path = segment.where[len(part.where) + 1 :]
        if not path.endswith(KEY) or path.endswith(f"{KEY}{KEY}"):
            continue
        step = path[: -len(KEY)]
        number, slash, header = step.partition("/header/")
        if slash and number.isdecimal():
            if header not in FORM_HEADERS:
                headers.append(header)
        elif bodies.unescaped(step) == segment.text or "…" in step:
            names[step] += 1
    readings: dict[str, list[Part]] = {}
    for each in parts:
        step = each.where.rpartition("!")[0][len(part.where) + 1 :]
        if each.where.startswith(part.where) and step in names:
            readings.setdefault(step, []).append(each)
    return names, readings, headers


def form_value(part: Part, parts: Sequence[Part], plan: Plan, tally: Tally, *, repeated: bool) -> dict[str, Any]:
    """Return a form whose fields are members: texts, and JSON or tables where the field is an object or a list.

    Count in ``tally`` what has no place there. Raises ``Unmapped``.
    """
    names, readings, headers = members_of(part, parts)
    for header in headers:
        tally.undeclared("/header", header)
    _file_names(part, plan, tally)
    filling = Filling(plan.root, plan.flat)
    for step, count in names.items():
        name = bodies.unescaped(step)
        node = plan.root.child((plan.root.names.get(fold_label(name), "\0"),))
        if node is not None and not node.leaf and not (node.items and node.items.leaf):
            value = _structure(node, readings.get(step, []), plan, repeated=repeated)
            filling.values.add(node.path[1:], value)
            continue
        texts = [each for each in readings.get(step, []) if each.format == "text"]
        target = plan.root.child(plan.flat.get(fold_label(name), ("\0",)))
        if not texts and readings.get(step):
            if target is None or not target.field.media_type:
                filling.values.add(f"\0{name}", "")
                tally.add("part.unmapped", target.path if target is not None else "/*")
            continue
        for number in range(max(1, count)):
            filling.put(name, texts[number].text if number < len(texts) else "")
    return filling.values


def _file_names(part: Part, plan: Plan, tally: Tally) -> None:
    """Count the names of files of fields that hold no document: nobody declared them."""
    for segment in part.segments:
        if segment.where.endswith("/header/content-disposition") and "filename" in segment.text.lower():
            name = _NAME.search(segment.text)
            steps = plan.flat.get(fold_label(name[1])) if name is not None else None
            node = plan.root.child(steps) if steps is not None else None
            if node is not None and node.leaf and not node.field.media_type:
                tally.undeclared("/header", "filename")


def _structure(node: Node, readings: Sequence[Part], plan: Plan, *, repeated: bool) -> Any:
    """Return the value of a member that is an object or a list."""
    for each in readings:
        match each.format:
            case "json":
                return bodies.json_value(each, repeated=repeated, numbers=plan.numbers)
            case "ndjson" | "json-seq":
                return bodies.json_rows(each, repeated=repeated, numbers=plan.numbers)
            case "csv" if node.path == plan.dataset.record.removesuffix("/*"):
                found, undeclared = bodies.csv_rows(each, plan.row, plan.row_flat)
                return [*found, *({f"\0{name}": ""} for name in undeclared)]
            case _:
                continue
    raise Unmapped


def count_records(part: Part, parts: Sequence[Part], count: Callable[[Part], int]) -> int:
    """Return the records of all members of a form: those of structures, else one for the form."""
    _, readings, _ = members_of(part, parts)
    counts = [
        count(each)
        for found in readings.values()
        for each in found[:1]
        if each.format in ("csv", "ndjson", "json-seq", "json")
    ]
    return max(1, sum(counts))

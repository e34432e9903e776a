"""conforms(): how a payload departs from the dataset of an entry; positive security, field by field.

What is not declared is a violation, whatever stands in it and even if nothing does. Places of violations are written
with the names that the dataset declares, which are text of the rulebook; a step that the sender chose is shown as the
caller shows it (law 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.decide.dataset import bodies, markup, parcels, sheets
from gateway.decide.dataset.bodies import Repeating, Unmapped
from gateway.decide.dataset.counting import records_in
from gateway.decide.dataset.counting import records_of as records_of
from gateway.decide.dataset.fields import Node, Plan, plan_of
from gateway.decide.dataset.tally import Shown, Tally, hidden
from gateway.rulebook.datasets import Dataset
from gateway.vocabulary import Content, Part, Violation

NAMELESS = "\0"
"""Stands before a name of the sender's in a value that was put together here."""


def conforms(
    content: Content, dataset: Dataset, *, entry: str = "", shown: Shown = hidden, size: int = 0
) -> tuple[Violation, ...]:
    """Return every departure of the body from ``dataset``, counted by code and place; () for an empty body.

    Pure and total; linear in the size of the body. ``entry`` is the id of the whitelist entry that asks, ``shown``
    makes a step or a place fit for records, ``size`` is the number of bytes of the body as it was sent; what comes
    out of its codings is measured as well.
    """
    plan = plan_of(dataset)
    tally = Tally(entry, shown)
    parts = bodies.in_body(content)
    if dataset.max_bytes is not None and max(size, bodies.size_of(parts)) > dataset.max_bytes:
        tally.add("body.too_large", "body")
    repeated = "json.duplicate_key" in content.notices
    for part in bodies.readings(parts):
        if bodies.whole(part):
            tally.within(part.where)
            _judge(part, parts, plan, tally, repeated=repeated)
    if content.media_type and not any(map(bodies.whole, parts)):
        tally.add("part.unmapped", "body")  # an archive of nothing, a picture without a word
    for part in parts:
        if not bodies.whole(part):
            parcels.nested(part, plan, tally)
    for unread in content.opaque:
        if unread.where.partition(":")[0].partition("/")[0] not in bodies.ENVELOPE:
            parcels.unread(unread, plan, tally)
    return tally.violations()


def _judge(part: Part, parts: Sequence[Part], plan: Plan, tally: Tally, *, repeated: bool) -> None:
    """Judge one reading of a body."""
    try:
        _judge_as(bodies.format_of(part), part, parts, plan, tally, repeated=repeated)
    except (Unmapped, RecursionError):
        tally.add("part.unmapped", "")


def _judge_as(format: str, part: Part, parts: Sequence[Part], plan: Plan, tally: Tally, *, repeated: bool) -> None:
    if format in bodies.SHEETS:
        _judge_rows(plan, sheets.sheet_rows(part, parts, plan, tally), tally, written=True)
    elif format == "csv":
        found, undeclared = bodies.csv_rows(part, plan.row, plan.row_flat)
        for name in undeclared:
            tally.undeclared(plan.row.path, name)
        _judge_rows(plan, found, tally, written=True)
    elif format in bodies.ROWS:
        found = bodies.json_rows(part, repeated=repeated, numbers=plan.numbers)
        _judge_rows(plan, found, tally, written=False)
    elif format == "multipart":
        value, more = parcels.form_value(part, parts, plan, tally, repeated=repeated)
        _walk(plan.root, value, tally, written=True)
        for node, other in more:
            _walk(node, other, tally, written=True)
        _too_many(plan, records_in(plan, value), tally)
    else:
        value = _value(format, part, plan, tally, repeated=repeated)
        _walk(plan.root, value, tally, written=format != "json")
        _too_many(plan, records_in(plan, value), tally)


def _value(format: str, part: Part, plan: Plan, tally: Tally, *, repeated: bool) -> Any:
    """Return the payload as a plain value. Raises ``Unmapped``."""
    match format:
        case "json":
            return bodies.json_value(part, repeated=repeated, numbers=plan.numbers)
        case "yaml":
            return bodies.tree_value(part)
        case "form":
            return bodies.form_value(part, plan.root, plan.flat)
        case "xml":
            return markup.xml_value(part, plan, tally)
        case "text" if plan.root.leaf:
            return part.text
        case _:
            raise Unmapped


def _judge_rows(plan: Plan, found: Sequence[Any], tally: Tally, *, written: bool) -> None:
    """Judge values each of which is a record."""
    for value in found:
        _walk(plan.row, value, tally, written=written)
    records = plan.records
    if records is not None and records.max_items is not None and len(found) > records.max_items:
        tally.add("record.too_many", records.path)
    if records is not None and len(found) < records.min_items:
        tally.add("field.missing", f"{records.path}/*")
    _too_many(plan, len(found), tally)


def _too_many(plan: Plan, count: int, tally: Tally) -> None:
    most = plan.dataset.max_records
    if most is not None and count > most:
        tally.add("record.too_many", plan.dataset.record)


def _walk(node: Node, value: Any, tally: Tally, *, written: bool) -> None:
    """Judge ``value`` as what ``node`` declares; ``written`` where the format knows texts only."""
    if node.leaf:
        check = node.written if written else node.check
        if check is not None and (code := check(value)):
            tally.add(code, node.path)
    elif isinstance(value, dict) and node.items is None:
        _walk_object(node, value, tally, written=written)
    elif isinstance(value, list) and node.items is not None:
        if node.field.max_items is not None and len(value) > node.field.max_items:
            tally.add("record.too_many", node.path)
        if len(value) < node.field.min_items:
            tally.add("field.missing", f"{node.path}/*")
        for item in value:
            _walk(node.items, item, tally, written=written)
    elif value is not None or not node.field.nullable:
        tally.add("value.type", node.path)


def _walk_object(node: Node, value: dict[str, Any], tally: Tally, *, written: bool) -> None:
    kids = node.kids
    for name, item in value.items():
        kid = kids.get(name)
        if kid is None:
            tally.undeclared(node.path, name.removeprefix(NAMELESS))
            continue
        check = kid.written if written else kid.check
        if check is None:
            _walk(kid, item, tally, written=written)
        elif code := check(item):
            tally.add(code, kid.path)
    if not node.required <= value.keys():
        for name in node.required - value.keys():
            tally.add("field.missing", f"{node.path}/{name}")
    if type(value) is Repeating:
        for name, item in value.more:
            kid = kids.get(name)
            if kid is None:
                tally.undeclared(node.path, name.removeprefix(NAMELESS))
            else:
                tally.add("field.repeated", kid.path)
                _walk(kid, item, tally, written=written)

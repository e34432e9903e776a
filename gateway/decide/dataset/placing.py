"""From the place of a value to the field of a dataset that declares it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gateway.decide.dataset import bodies
from gateway.decide.dataset.fields import Node, Plan
from gateway.rulebook.recognisers import fold_label

CELL = re.compile(r"/([^/]*)/([A-Z]{1,3})([0-9]{1,7})((?:/~[a-z]+)?)")
"""Sheet, column and row of a cell, and what of it is meant."""
_AGAIN = re.compile(r"\[[0-9]+\]\Z")
_INDEX = re.compile(r"/[0-9]+(?=/|\Z)")


def node_at(plan: Plan, where: str, label: str = "") -> Node | None:
    """Return the node that declares what stands at ``where``; None for a name of a field, and where none does."""
    format, colon, tail = where.partition(":")
    if not colon:
        return None
    if format == "multipart":
        return _in_member(plan, tail, label)
    if format in bodies.SHEETS:
        return _in_sheet(plan, where, format, label)
    path = tail.partition("!")[0]
    read = _BY_FORMAT.get(format)
    return None if read is None or path.endswith(bodies.KEY) else read(plan, path)


def _in_tree(plan: Plan, path: str) -> Node | None:
    return plan.by_path.get(_INDEX.sub("/*", path))


def _in_record(plan: Plan, path: str) -> Node | None:
    _, _, rest = path[1:].partition("/")
    return plan.by_path.get(plan.row.path + (f"/{_INDEX.sub('/*', rest)}" if rest else ""))


def _in_table(plan: Plan, path: str) -> Node | None:
    return _flat(plan, path[1:].partition("/")[2], row=True)


def _in_form(plan: Plan, path: str) -> Node | None:
    return _flat(plan, path[1:], row=False)


def _in_text(plan: Plan, _path: str) -> Node | None:
    return plan.root if plan.root.leaf else None


def _leaf(node: Node | None) -> Node | None:
    """Return the node of a value: of a list of values, their own."""
    return node.items if node is not None and node.items is not None and node.items.leaf else node


def _flat(plan: Plan, step: str, *, row: bool) -> Node | None:
    name = bodies.unescaped(step)
    name = _AGAIN.sub("", name) if row else bodies.bracketed(name)
    steps = (plan.row_flat if row else plan.flat).get(fold_label(name))
    return None if steps is None else _leaf((plan.row if row else plan.root).child(steps))


def _in_member(plan: Plan, tail: str, label: str) -> Node | None:
    member, bang, rest = tail.partition("!")
    if not bang:
        return None
    name = bodies.unescaped(member[1:])
    own = plan.root.child((plan.root.names.get(fold_label(name), "\0"),))
    if own is None or own.leaf:
        return _flat(plan, member[1:], row=False)
    format, _, path = rest.partition(":")
    if format == "json":
        return plan.by_path.get(own.path + _INDEX.sub("/*", path.partition("!")[0]))
    return node_at(plan, rest, label)


def _in_sheet(plan: Plan, where: str, format: str, label: str) -> Node | None:
    cell = CELL.fullmatch(where.rpartition(f"{format}:")[2])
    if cell is None or not label:
        return None
    return _flat(plan, label.replace("~", "~0").replace("/", "~1"), row=True)


def _element(plan: Plan, path: str) -> Node | None:
    """Return the node of an element or an attribute, from the root element down; the envelope of SOAP is passed."""
    steps = [fold_label(bodies.unescaped(_AGAIN.sub("", step))) for step in path.split("/")[1:]]
    if steps[:2] == ["envelope", "body"] and "envelope" not in plan.root_names:
        steps = steps[2:]
    node: Node | None = plan.root
    for step in steps[1:]:
        if node is not None and node.items is not None:
            node = node.items
            if step in {fold_label(label) for label in node.field.labels}:
                continue
        if node is None:
            return None
        name = node.names.get(step) or (node.names.get(step[1:]) if step.startswith("@") else None)
        node = node.kids.get(name) if name is not None else None
    return _leaf(node)


_BY_FORMAT: Mapping[str, Callable[[Plan, str], Node | None]] = {
    "json": _in_tree,
    "yaml": _in_tree,
    "ndjson": _in_record,
    "json-seq": _in_record,
    "csv": _in_table,
    "form": _in_form,
    "xml": _element,
    "text": _in_text,
}

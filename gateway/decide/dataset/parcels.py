"""What stands in a body besides its own values: members of forms, documents within values, sealed parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from gateway.decide.dataset import bodies
from gateway.decide.dataset.bodies import KEY, Filling, Unmapped
from gateway.decide.dataset.fields import Node, Plan
from gateway.decide.dataset.placing import node_at
from gateway.decide.dataset.tally import Tally
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Opaque, Part

FORM_HEADERS = frozenset({"content-disposition", "content-type", "content-transfer-encoding", "content-length"})
"""Fields that a part of a form may have (RFC 7578 section 4; its length is written by some); others are undeclared."""
_HEADER = re.compile(r"/([0-9]{1,9})/header/([^/]*)(/~key)?")
_PARAMETER = re.compile(r' ?; ?([\w-]+\*?)=("(?:[^"\\]|\\.)*+"|[^\s;"]++)', re.DOTALL)
_WITH_PARAMETERS = re.compile(rf"([^\s;]++)((?:{_PARAMETER.pattern})*+)", re.DOTALL)
_VALUES = {
    "content-transfer-encoding": re.compile(r"7bit|8bit|binary|base64|quoted-printable", re.IGNORECASE),
    "content-length": re.compile(r"0|[1-9][0-9]{0,8}"),
}
_TYPES = frozenset(
    {
        "application/csv",
        "application/json",
        "application/json-seq",
        "application/jsonl",
        "application/ndjson",
        "application/octet-stream",
        "application/x-ndjson",
        "text/csv",
        "text/json",
        "text/plain",
    }
)
"""What a member may be called besides the ``contentMediaType`` of its field."""
_CHARSETS = frozenset(
    {"big5", "big5-hkscs", "gb18030", "gb2312", "gbk", "iso-8859-1", "us-ascii", "utf-16", "utf-16be", "utf-16le"}
    | {"utf-8", "utf8"}
)
PLAIN = frozenset({"text", "form", "csv", "yaml", "query", "target"})
"""Formats that a bare text may happen to have."""
_NESTING = bodies.TREES | bodies.ROWS | {"xml", "form", "multipart"}


def nested(part: Part, plan: Plan, tally: Tally) -> None:
    """Count a document that stands in a value of a field which does not say that it holds one."""
    outer = part.where.partition(":")[0]
    # What is itself a member of a form has been judged as one.
    member = outer == "multipart" and part.where.count("!") == 1
    if member or outer not in _NESTING or part.format in PLAIN:
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


def members_of(part: Part, parts: Sequence[Part]) -> tuple[Counter[str], dict[str, list[Part]]]:
    """Return how often each name stands in a form, and all readings of the members of that name."""
    names: Counter[str] = Counter()
    for segment in part.segments:
        step = segment.where[len(part.where) + 1 :].removesuffix(KEY)
        if segment.where.endswith(KEY) and "/" not in step:
            names[step] += 1
    readings: dict[str, list[Part]] = {}
    for each in parts:
        step = each.where.rpartition("!")[0][len(part.where) + 1 :]
        if each.where.startswith(part.where) and step in names:
            readings.setdefault(step, []).append(each)
    return names, readings


def form_value(
    part: Part, parts: Sequence[Part], plan: Plan, tally: Tally, *, repeated: bool
) -> tuple[dict[str, Any], list[tuple[Node, Any]]]:
    """Return a form whose fields are members: texts, and JSON or tables where the field is an object or a list.

    Beside it, what else stands in fields that have a value: second members, other readings of the same. Count in
    ``tally`` what has no place there.
    """
    names, readings = members_of(part, parts)
    _headers(part, plan, tally)
    filling = Filling(plan.root, plan.flat)
    more: list[tuple[Node, Any]] = []
    structures: Counter[str] = Counter()
    for step, count in names.items():
        name = bodies.unescaped(step)
        found = readings.get(step, [])
        node = _structural(plan, name)
        if node is None:
            _put(name, count, found, plan, filling, more, tally)
            continue
        values = [*_structures(node, found, plan, tally, repeated=repeated)]
        for _ in range(count - len(found)):
            tally.add("part.unmapped", node.path)
        for _ in range(count if structures[node.path] else count - 1):
            tally.add("field.repeated", node.path)
        structures[node.path] += count
        for value in values:
            if node.path[1:] in filling.values:
                more.append((node, value))
            else:
                filling.values.add(node.path[1:], value)
    return filling.values, more


def _structural(plan: Plan, name: str) -> Node | None:
    """Return the object or the list of objects that goes by a name, or None."""
    node = plan.root.child((plan.root.names.get(fold_label(name), "\0"),))
    return None if node is None or node.leaf or (node.items is not None and node.items.leaf) else node


def _put(
    name: str,
    count: int,
    found: Sequence[Part],
    plan: Plan,
    filling: Filling,
    more: list[tuple[Node, Any]],
    tally: Tally,
) -> None:
    """Put the texts of the members of a name where it says; a document belongs where the field says that it is one."""
    target = plan.root.child(plan.flat.get(fold_label(name), ("\0",)))
    leaf = target.items if target is not None and target.items is not None else target
    texts = [each.text for each in found if each.format == "text"]
    documents = len(found) - len(texts)
    for number in range(count if target is None or not documents else len(texts)):
        filling.put(name, texts[number] if number < len(texts) else "")
    if target is None or leaf is None:
        return
    more += [(leaf, text) for text in texts[count:]]
    for _ in range(documents if not leaf.field.media_type else 0):
        tally.add("part.unmapped", target.path)
    if documents and leaf is target:
        for _ in range(count - 1):
            tally.add("field.repeated", target.path)


def _structures(
    node: Node, readings: Sequence[Part], plan: Plan, tally: Tally, *, repeated: bool
) -> Iterator[list[Any] | dict[str, Any]]:
    """Yield every reading of members that are objects or lists; count those that are none."""
    rows = {each.text for each in readings if each.format in ("ndjson", "json-seq")}
    for each in readings:
        # One line of NDJSON is read as JSON too, and has one reading only.
        if each.format == "json" and each.text in rows:
            continue
        try:
            yield _structure(node, each, plan, repeated=repeated)
        except Unmapped:
            tally.add("part.unmapped", node.path)


def _structure(node: Node, part: Part, plan: Plan, *, repeated: bool) -> Any:
    """Return the value of a member that is an object or a list. Raises ``Unmapped``."""
    match part.format:
        case "json":
            return bodies.json_value(part, repeated=repeated, numbers=plan.numbers)
        case "ndjson" | "json-seq":
            return bodies.json_rows(part, repeated=repeated, numbers=plan.numbers)
        case "csv" if node.path == plan.dataset.record.removesuffix("/*"):
            found, undeclared = bodies.csv_rows(part, plan.row, plan.row_flat)
            return [*found, *({f"\0{name}": ""} for name in undeclared)]
        case _:
            raise Unmapped


def _headers(part: Part, plan: Plan, tally: Tally) -> None:
    """Count all that stands in the headers of members but what they are called and what they are."""
    said: dict[str, dict[str, list[str]]] = {}
    for segment in part.segments:
        header = _HEADER.fullmatch(segment.where, len(part.where))
        if header is not None:
            texts = said.setdefault(header[1], {}).setdefault(header[2], [])
            if not header[3]:
                texts.append(segment.text)
    for section in said.values():
        for name, texts in section.items():
            if name not in FORM_HEADERS or len(texts) > 1:
                tally.undeclared("/header", name)
        node = _disposed("".join(section.get("content-disposition", ())), plan, tally)
        written = "".join(section.get("content-type", ())) or "text/plain"
        _typed(written, node.field.media_type if node is not None else "", tally)
        for name, values in _VALUES.items():
            if not all(values.fullmatch(text) for text in section.get(name, ())):
                tally.undeclared("/header", name)


def _disposed(written: str, plan: Plan, tally: Tally) -> Node | None:
    """Judge how a member is called; return its field. The name of a file belongs to a field that holds a document."""
    whole = _WITH_PARAMETERS.fullmatch(written)
    if whole is None or whole[1].lower() != "form-data":
        tally.undeclared("/header", "content-disposition")
        return None
    given = [(name.lower(), text.strip('"')) for name, text in _PARAMETER.findall(whole[2])]
    name = dict(given).get("name", "")
    node = _structural(plan, name) or plan.root.child(plan.flat.get(fold_label(name), ("\0",)))
    if node is not None and node.items is not None and node.items.leaf:
        node = node.items
    allowed = {"name"}
    if node is not None and node.field.media_type:
        allowed |= {"filename", "filename*"}
    for key, _ in given:
        if key not in allowed:
            tally.undeclared("/header", key)
        allowed.discard(key)
    return node


def _typed(written: str, declared: str, tally: Tally) -> None:
    """Judge what a member is said to be."""
    whole = _WITH_PARAMETERS.fullmatch(written)
    if whole is None or (whole[1].lower() not in _TYPES and whole[1].lower() != declared.lower()):
        tally.undeclared("/header", "content-type")
        return
    for number, (name, text) in enumerate(_PARAMETER.findall(whole[2])):
        if number or name.lower() != "charset" or text.strip('"').lower() not in _CHARSETS:
            tally.undeclared("/header", name.lower())

"""What samples of traffic show of their fields: where they stand, what they are, how long, how often; never a value.

A name of a field that may be somebody's data is withheld: one in which a recogniser saw something, or with a long
number in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.decide.dataset import bodies, markup, sheets
from gateway.decide.dataset.bodies import KEY
from gateway.decide.dataset.fields import FORMS
from gateway.vocabulary import Certainty, Content, Findings, Part

WITHHELD = "\0"
"""The name of all fields whose names are withheld."""
MOST_FIELDS = 200
"""Fields of one object; where there are more, names are data."""

_INDEX = re.compile(r"/[0-9]+(?=/|\Z)")
_AGAIN = re.compile(r"\[[0-9]+\](?=/|\Z)")
_NUMBERED = re.compile(r"[0-9]{4}|.@|[0-9][^0-9]+[0-9][^0-9]+[0-9]")
_SMALL = re.compile(r"-?(?:0|[1-9][0-9]{0,5})")
_HEX = re.compile(r"[0-9a-f]{64}")
_TABLES = bodies.SHEETS | {"csv"}


@dataclass(slots=True)
class Seen:
    """One place of the payloads, and what stood there."""

    count: int = 0
    nulls: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    shortest: int = 1 << 30
    longest: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Seen] = field(default_factory=dict)
    items: Seen | None = None
    most_items: int = 0
    objects: int = 0
    """Objects that stood here."""
    present: Counter[str] = field(default_factory=Counter)
    """In how many of them each field stood."""

    @property
    def type(self) -> str:
        """The type that all values fit."""
        kinds = set(self.kinds)
        if kinds == {"integer", "number"}:
            return "number"
        if len(kinds) == 1:
            return next(iter(kinds))
        return "object" if "object" in kinds else "array" if "array" in kinds else "string"

    def mixed(self) -> bool:
        """Whether values of several types stood here."""
        return len(set(self.kinds) - {"integer", "number"}) + bool({"integer", "number"} & set(self.kinds)) > 1


class Samples:
    """Payloads that have been looked at."""

    def __init__(self) -> None:
        """Begin with none."""
        self.root = Seen()
        self.payloads = 0
        self.largest = 0
        self.most_records = 0
        self.unread: Counter[str] = Counter()
        self.root_names: set[str] = set()
        self.withheld = 0

    def add(self, content: Content, findings: Findings, size: int) -> None:
        """Look at one payload; ``unread`` counts, by format, what cannot be described."""
        told = _Names(findings)
        parts = bodies.in_body(content)
        read = False
        for part in parts:
            if not bodies.whole(part):
                continue
            try:
                values = self._values(part, parts)
            except bodies.Unmapped:
                self.unread[bodies.format_of(part)] += 1
                continue
            read = True
            written = bodies.format_of(part) not in ("json", "ndjson", "json-seq")
            for value in values:
                self._look(self.root, value, "", told, written=written)
            self.most_records = max(self.most_records, len(values))
        for unread in content.opaque:
            self.unread[unread.reason.value] += 1
        self.payloads += read
        self.largest = max(self.largest, size) if read else self.largest

    def _values(self, part: Part, parts: list[Part]) -> list[Any]:
        """Return the records of a table, or the one value that a part is. Raises ``Unmapped``."""
        match bodies.format_of(part):
            case "json":
                return [bodies.json_value(part, repeated=False, numbers=False)]
            case "ndjson" | "json-seq":
                return bodies.json_rows(part, repeated=False, numbers=False)
            case "yaml":
                return [bodies.tree_value(part)]
            case "csv":
                return _csv(part)
            case "xlsx" | "ods":
                return sheets.tables(part, parts)
            case "form":
                return [_form(part)]
            case "xml":
                root = markup.elements_of(part).kids
                while len(root) == 1 and root[0].name in ("Envelope", "Body") and root[0].kids:
                    root = [kid for kid in root[0].kids if kid.name != "Header"]
                self.root_names.update(each.name for each in root[:1] if not _NUMBERED.search(each.name))
                return [_plain(root[0])] if root else []
            case _:
                raise bodies.Unmapped

    def _look(self, seen: Seen, value: Any, path: str, told: _Names, *, written: bool) -> None:
        seen.count += 1
        seen.categories.update(told.take(path))
        if isinstance(value, dict):
            seen.kinds["object"] += 1
            seen.objects += 1
            for name, item in value.items():
                shown = self._shown(name, seen, told)
                seen.present[shown] += 1
                self._look(seen.fields.setdefault(shown, Seen()), item, f"{path}/{name}", told, written=written)
        elif isinstance(value, list):
            seen.kinds["array"] += 1
            seen.most_items = max(seen.most_items, len(value))
            if value and seen.items is None:
                seen.items = Seen()
            for item in value:
                if seen.items is not None:
                    self._look(seen.items, item, f"{path}/*", told, written=written)
        else:
            _scalar(seen, value, written=written)

    def _shown(self, name: str, seen: Seen, told: _Names) -> str:
        full = len(seen.fields) >= MOST_FIELDS and name not in seen.fields
        if name in told.names or _NUMBERED.search(name) or len(name) > 63 or full:
            self.withheld += 1
            return WITHHELD
        return name


def _scalar(seen: Seen, value: Any, *, written: bool) -> None:
    if value is None:
        seen.nulls += 1
        return
    if isinstance(value, bool):
        seen.kinds["boolean"] += 1
        return
    if not isinstance(value, str):
        seen.kinds["integer" if isinstance(value, int) else "number"] += 1
        return
    if written and value.lower() in ("true", "false"):
        seen.kinds["boolean"] += 1
    elif written and _SMALL.fullmatch(value):
        seen.kinds["integer"] += 1
    else:
        seen.kinds["string"] += 1
    seen.shortest, seen.longest = min(seen.shortest, len(value)), max(seen.longest, len(value))
    for name, form in FORMS.items():
        if name in ("date", "date-time", "email", "uuid") and form(value):
            seen.forms[name] += 1
    if _HEX.fullmatch(value):
        seen.forms["digest"] += 1


class _Names:
    """Findings of one payload by the path of their field, each told once; and names of fields that are findings."""

    def __init__(self, findings: Findings) -> None:
        self._found: dict[str, Counter[str]] = {}
        self.names: set[str] = set()
        for item in findings.items:
            where = item.segment.where
            if bodies.format_of(item.part) in bodies.ENVELOPE:
                continue
            if where.endswith(KEY):
                self.names.add(item.segment.text)
            elif item.certainty >= Certainty.LIKELY:
                self._found.setdefault(_bare(_path(where, item.segment.label)), Counter())[item.category] += 1

    def take(self, path: str) -> Mapping[str, int]:
        """Return what was found in a field, once."""
        return self._found.pop(_bare(path), {})


def _bare(path: str) -> str:
    """Return a path without the items of lists, which XML does not write."""
    return path.replace("/*", "")


def _path(where: str, label: str) -> str:
    """Return the path of a field as ``Samples`` walks it."""
    format, _, tail = where.partition(":")
    if format in bodies.SHEETS:
        return f"/{label}"
    path = tail.partition("!")[0]
    if format == "csv":
        return f"/{_AGAIN.sub('', bodies.unescaped(path[1:].partition('/')[2]))}"
    if format == "form":
        return f"/{bodies.bracketed(bodies.unescaped(path[1:])).replace('.', '/')}"
    if format == "xml":
        for envelope in ("/Envelope", "/Body"):
            path = path.removeprefix(envelope)
        return "".join(f"/{each}" for each in _AGAIN.sub("", path).split("/")[2:])
    path = _INDEX.sub("/*", path)
    if format in bodies.ROWS:
        path = path.removeprefix("/*")
    return "/".join(bodies.unescaped(step) for step in path.split("/"))


def _csv(part: Part) -> list[Any]:
    begin = len(part.where) + 1
    rows: dict[str, dict[str, str]] = {}
    for segment in part.segments:
        number, _, column = segment.where[begin:].partition("/")
        if not column.endswith(KEY) and segment.label:
            rows.setdefault(number, {})[segment.label] = segment.text
    if not rows:
        raise bodies.Unmapped
    return [*rows.values()]


def _form(part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for segment in part.segments:
        if segment.where.endswith(KEY) or not segment.text.strip():
            continue
        *above, name = bodies.bracketed(segment.label).split(".")
        into = found
        for step in above:
            below = into.setdefault(step, {})
            if not isinstance(below, dict):
                break
            into = below
        into[name] = segment.text
    return found


def _plain(element: markup.Element) -> Any:
    """Return an element as an object, a text, or a list where elements of one name repeat."""
    attributes = {
        f"@{written.rpartition(':')[2]}": value
        for written, value in element.attributes
        if not written.startswith(("xmlns", "xsi:"))
    }
    if not element.kids and not attributes:
        return "".join(element.texts) or None
    found: dict[str, Any] = dict(attributes)
    many: Counter[str] = Counter(kid.name for kid in element.kids)
    for kid in element.kids:
        value = _plain(kid)
        if many[kid.name] > 1:
            found.setdefault(kid.name, []).append(value)
        else:
            found[kid.name] = value
    return found


def leaves(seen: Seen, path: str = "") -> Iterator[tuple[str, Seen]]:
    """Yield every field that holds values, with its path, ``*`` for the items of a list."""
    if seen.type == "object":
        for name, each in seen.fields.items():
            if name != WITHHELD:
                yield from leaves(each, f"{path}/{name}")
    elif seen.type == "array":
        if seen.items is not None:
            yield from leaves(seen.items, f"{path}/*")
    else:
        yield path, seen

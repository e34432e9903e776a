"""Parts of a body as plain values: what ``decode`` read of JSON, tables and forms, put back into objects and lists.

An object is a ``dict``; a name that stands in it twice makes it a ``Repeating``. JSON keeps its types; of all other
formats a value is a text. A blank value of a declared field of a table, a form or XML is the same as none.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from gateway.decide.dataset.fields import Node
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Content, Part, Segment

KEY = "/~key"
ENVELOPE = frozenset({"header", "headers", "trailer", "cookie", "path", "query", "target", "reason", "method"})
TREES = frozenset({"json", "yaml"})
ROWS = frozenset({"ndjson", "json-seq", "csv"})
SHEETS = frozenset({"xlsx", "ods"})

_NARROW = frozenset({"gb18030", "gbk", "gb2312", "big5", "big5hkscs", "latin-1", "cp1252"})
"""Charsets in which a text takes fewer bytes than in UTF-8."""
_FIRST = re.compile(r"[a-z0-9-]*")
_TIMES = re.compile(r"(.*)\[[0-9]+\]", re.DOTALL)
_LONG_NUMBER = re.compile(r"[-+0-9.eE]{19,}|[0-9][eE][+-]?00")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?0?[1-9][0-9]{0,2})?")
_MOST_DIGITS = 17
"""As many as tell one double from the next (IEEE 754-2019, section 5.12.2)."""
LONGEST_BLANK = 16
"""Characters of white space that are the same as nothing; more of them are a text."""
_INDEX = re.compile(r"\[([0-9]*)\]\Z")


class Repeating(dict[str, Any]):
    """An object in which names stand more than once; ``more`` holds what stands behind the first of each."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        """Take ``pairs`` in order."""
        super().__init__()
        self.more: list[tuple[str, Any]] = []
        for name, value in pairs:
            self.add(name, value)

    def add(self, name: str, value: Any) -> None:
        """Take one more."""
        if name in self:
            self.more.append((name, value))
        else:
            self[name] = value


class Unmapped(Exception):
    """A part that cannot be read as values."""


def format_of(part: Part) -> str:
    """Return the outermost format of a part: ``json``, ``multipart``; that of a field of the envelope is its name."""
    found = _FIRST.match(part.where)
    return found[0] if found else ""


def in_body(content: Content) -> list[Part]:
    """Return the parts that are not of the envelope."""
    return [part for part in content.parts if format_of(part) not in ENVELOPE]


def readings(parts: list[Part]) -> list[Part]:
    """Return the parts without the reading as one JSON text of what is read as a row of them: it has one only."""
    rows = [part.text for part in parts if part.where in ("ndjson:", "json-seq:")]
    return [part for part in parts if part.where != "json:" or part.text not in rows] if rows else parts


def whole(part: Part) -> bool:
    """Tell whether a part is a body, or a reading of it, and no island in a value or member of a document."""
    return "!" not in part.where


def size_of(parts: Sequence[Part]) -> int:
    """Return how many bytes a body has at least once its codings are undone; of several readings the longest counts.

    Of an archive or a form the texts of its members are added up, of a workbook its values: it is deflated by nature.
    """
    sizes = [_bytes(part) for part in parts if whole(part)]
    members: dict[str, dict[str, int]] = {}
    for part in parts:
        if part.where.count("!") == 1 and format_of(part) in SHEETS | {"multipart"}:
            readings = members.setdefault(part.where.partition("!")[0], {})
            readings[part.where] = readings.get(part.where, 0) + _bytes(part)
    return max(*sizes, sum(max(readings.values()) for readings in members.values()), 0)


def _bytes(part: Part) -> int:
    if format_of(part) in SHEETS:
        return sum(len(segment.text) for segment in part.segments if not segment.where.endswith(KEY))
    if part.text.isascii():
        return len(part.text)
    charset = part.charset if part.charset.startswith("utf-16") or part.charset in _NARROW else "utf-8"
    return len(part.text.encode(charset, "replace"))


def unescaped(step: str) -> str:
    """Return the name that a step of a pointer stands for."""
    return step.replace("~1", "/").replace("~0", "~") if "~" in step else step


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Repeating(pairs)


class _Long:
    """A number with more digits than any field has, or written as no program does: a text in disguise."""


def _short(kind: type[int] | type[float]) -> Any:
    def read(written: str) -> Any:
        digits = re.split("[eE]", written)[0].replace(".", "").lstrip("-0")
        if len(digits) > _MOST_DIGITS + (kind is int) or len(written) > 40 or not _NUMBER.fullmatch(written):
            return _Long()
        value = kind(written)
        return value if math.isfinite(value) else _Long()

    return read


_EXACT = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_short(int), parse_float=_short(float))


def json_value(part: Part, *, repeated: bool, numbers: bool) -> Any:
    """Return the value of a JSON text. ``repeated`` where a name may stand twice, ``numbers`` where fractions count."""
    text = part.text
    if not repeated and not (numbers and _LONG_NUMBER.search(text)):
        try:
            return orjson.loads(text)
        except ValueError:
            pass
    try:
        return _EXACT.decode(text)
    except (ValueError, RecursionError):
        raise Unmapped from None


def json_rows(part: Part, *, repeated: bool, numbers: bool) -> list[Any]:
    """Return the values of JSON texts in a row."""
    text = part.text
    if not repeated and not (numbers and _LONG_NUMBER.search(text)):
        try:
            return [
                orjson.loads(line) for line in text.replace("\x1e", "\n").split("\n") if not line.isspace() and line
            ]
        except ValueError:
            pass
    values: list[Any] = []
    at, blanks = 0, " \t\r\n\x1e"
    try:
        while True:
            while at < len(text) and text[at] in blanks:
                at += 1
            if at == len(text):
                return values
            value, at = _EXACT.raw_decode(text, at)
            values.append(value)
    except (ValueError, RecursionError):
        raise Unmapped from None


type Spot = tuple[tuple[str, ...], str, bool]
"""Names above a value, its own, and whether it is an item of a list."""

_ABOVE: Spot = (), "\0~above", False


class Filling:
    """A record that is being filled from values that stand side by side, each by a name of its own."""

    __slots__ = ("_flat", "_row", "_taken", "values")

    def __init__(self, row: Node, flat: Mapping[str, tuple[str, ...]]) -> None:
        """``flat`` tells where in a ``row`` a name stands."""
        self._row = row
        self._flat = flat
        self.values = Repeating()
        self._taken: set[Spot] = set()

    def where(self, name: str) -> Spot:
        """Return where a value of that name stands; one that nobody declared stands at the root."""
        steps = self._flat.get(fold_label(name))
        if steps is None:
            return (), f"\0{name}", False
        node = self._row.child(steps)
        return steps[:-1], steps[-1] if steps else "", node is not None and node.items is not None

    def put(self, name: str, text: str) -> None:
        """Put a value where its name says."""
        self.put_at(self.where(name), text)

    def put_at(self, spot: Spot, text: str) -> None:
        """Put a value there."""
        above, name, listed = spot
        again = not listed and spot in self._taken
        self._taken.add(spot)
        blank = not text.strip() and len(text) <= LONGEST_BLANK
        if blank and not again and not name.startswith("\0"):
            return
        into = self.values
        for step in above:
            if step not in into:
                into[step] = Repeating()
            into = into[step]
        if listed:
            into.setdefault(name, []).append(text)
        elif again:
            into.more.append((name, text))
        else:
            into.add(name, text)


def csv_rows(part: Part, row: Node, flat: Mapping[str, tuple[str, ...]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the rows below the head as records, and the names in the head that nobody declared."""
    begin = len(part.where)
    spots: dict[str, Spot] = {}
    template = Filling(row, flat)
    numbers = (each.where[begin + 1 :].partition("/")[0] for each in part.segments if each.where.endswith(KEY))
    head = int(next(numbers, "0"))
    rows: dict[str, Filling] = {}
    undeclared: list[str] = []
    for segment in part.segments:
        number, _, column = segment.where[begin + 1 :].partition("/")
        if column.endswith(KEY):
            name = _column(column.removesuffix(KEY))
            if fold_label(name) not in flat:
                undeclared.append(name)
            continue
        spot = spots.get(column)
        if spot is None:
            spot = spots[column] = template.where(_column(column))
        filling = rows.get(number)
        if filling is None:
            filling = rows[number] = Filling(row, flat)
        # What stands above the head is a title or a comment, whatever column it stands in.
        above = len(number) <= len(str(head)) and int(number) < head and segment.text.lower() != "sep="
        filling.put_at(_ABOVE if above else spot, segment.text)
    return [each.values for each in rows.values()], undeclared


def _column(step: str) -> str:
    """Return the name of a column: without the number that tells it from one of the same name."""
    name = unescaped(step)
    again = _TIMES.fullmatch(name)
    return again[1] if again else name


def form_value(part: Part, root: Node, flat: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return the fields of a form as an object. An index counts the values of a list, and says nothing else."""
    filling = Filling(root, flat)
    counts: dict[str, int] = {}

    def put(written: str, text: str) -> None:
        name = bracketed(written)
        index = _INDEX.search(written)
        if index is not None:
            number = counts.get(name, 0)
            counts[name] = number + 1
            if not filling.where(name)[2] or index[1] not in ("", str(number), str(number + 1)):
                name = written
        filling.put(name, text)

    key: Segment | None = None
    for segment in part.segments:
        if segment.where.endswith(KEY):
            if key is not None:
                put(key.text, "")
            key = segment
        else:
            put(key.text if key is not None else segment.label, segment.text)
            key = None
    if key is not None:
        put(key.text, "")
    return filling.values


def bracketed(name: str) -> str:
    """Return ``applicant[name]`` as ``applicant.name``, and ``tags[]`` and ``tags[0]`` as ``tags``."""
    if not name.endswith("]") or "[" not in name:
        return name
    first, *others = name[:-1].replace("][", "[").split("[")
    return ".".join([first, *(each for each in others if each and not each.isdecimal())])


class _Branch:
    __slots__ = ("keys", "kids", "texts")

    def __init__(self) -> None:
        self.keys = 0
        self.kids: dict[str, _Branch] = {}
        self.texts: list[str] = []

    def value(self) -> Any:
        if self.kids:
            if not any(kid.keys or name.startswith("~") for name, kid in self.kids.items()):
                return [kid.value() for kid in self.kids.values()]
            return Repeating(self._pairs())
        return self.texts[0] if self.texts else None

    def _pairs(self) -> Iterator[tuple[str, Any]]:
        for name, kid in self.kids.items():
            yield unescaped(name) if name[:1] != "~" or name[:2] in ("~0", "~1") else f"\0{name}", kid.value()
            for number in range(1, max(kid.keys, len(kid.texts))):
                yield unescaped(name), kid.texts[number] if number < len(kid.texts) else None


def tree_value(part: Part) -> Any:
    """Return what the values of a part are by their places: objects where names stand, else lists."""
    begin = len(part.where)
    root = _Branch()
    branches = {"": root}

    def branch(path: str) -> _Branch:
        missing: list[str] = []
        while path not in branches:
            path, _, last = path.rpartition("/")
            missing.append(last)
        found = branches[path]
        for last in reversed(missing):
            path = f"{path}/{last}"
            new = found.kids.setdefault(last, _Branch())
            branches[path] = found = new
        return found

    for segment in part.segments:
        path = segment.where[begin:]
        if path.endswith(KEY):
            branch(path[: -len(KEY)]).keys += 1
        else:
            branch(path).texts.append(segment.text)
    return root.value()

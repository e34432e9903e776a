"""Sheets of workbooks (ECMA-376 part 1, OpenDocument 1.3) as records: the first row of each names the columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from gateway.decide.dataset import bodies, packages
from gateway.decide.dataset.bodies import KEY, Filling
from gateway.decide.dataset.fields import Plan
from gateway.decide.dataset.parcels import PLAIN
from gateway.decide.dataset.placing import CELL, node_at
from gateway.decide.dataset.tally import Tally
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Part

_ITEM = re.compile(r"<(?:[\w.-]+:)?si[\s/>]")
_SHARED = re.compile(
    r"<(?:[\w.-]+:)?c(?=\s)(?=[^<>]*\st=[\"']s[\"'])[^<>]*?\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*>\s*"
    r"<(?:[\w.-]+:)?v>\s*([0-9]{1,9})\s*<"
)
type _Cell = tuple[str, int, str, str]
"""Column, row, text, and what of the cell it is: "" for its value."""


def _members(part: Part, parts: Sequence[Part]) -> list[Part]:
    return [each for each in parts if each is not part and each.where.startswith(part.where)]


def _name(member: Part) -> str:
    return bodies.unescaped(member.where.partition(":/")[2].partition("!")[0])


def _cells(part: Part, members: Sequence[Part]) -> Iterator[tuple[str, _Cell]]:
    """Yield every cell with its sheet."""
    format = part.where.removesuffix(":")
    shared = _shared(members)
    strings = _strings(shared) if shared is not None else {}
    for member in members:
        if member is shared:
            continue
        begin = len(member.where)
        told = {match.start(3): match for match in _SHARED.finditer(member.text)} if format == "xlsx" else {}
        for segment in member.segments:
            cell = CELL.fullmatch(segment.where[begin:])
            if cell is not None and segment.start not in told:
                sheet = member.where if format == "xlsx" else cell[1]
                yield sheet, (cell[2], int(cell[3]), segment.text, cell[4])
        for match in told.values():
            yield member.where, (match[1], int(match[2]), strings.get(int(match[3]), ""), "")


def _unused(part: Part, members: Sequence[Part], tally: Tally) -> None:
    """Count shared texts that no cell names: nobody sees them, and by no column were they judged."""
    shared = _shared(members)
    if shared is None or part.where != "xlsx:":
        return
    used = {
        int(match[3])
        for each in members
        if each is not shared and _name(each).startswith("xl/worksheets/")
        for match in _SHARED.finditer(each.text)
    }
    for index in _strings(shared).keys() - used:
        if index >= 0:
            tally.undeclared("", "~unused")


def _shared(members: Sequence[Part]) -> Part | None:
    return next((each for each in members if _name(each).lower().endswith("sharedstrings.xml")), None)


def _strings(shared: Part) -> dict[int, str]:
    """Return the shared texts by number."""
    strings: dict[int, str] = {}
    starts = [match.start() for match in _ITEM.finditer(shared.text)]
    for segment in shared.segments:
        if not segment.where.endswith(KEY) and "/@" not in segment.where:
            index = bisect_right(starts, segment.start) - 1
            strings[index] = strings.get(index, "") + segment.text
    return strings


def _sheets(part: Part, members: Sequence[Part]) -> dict[str, list[_Cell]]:
    found: dict[str, list[_Cell]] = {}
    for sheet, cell in _cells(part, members):
        found.setdefault(sheet, []).append(cell)
    return found


def sheet_rows(part: Part, parts: Sequence[Part], plan: Plan, tally: Tally) -> list[Any]:
    """Return the rows of all sheets below their heads; count in ``tally`` what stands elsewhere than in cells."""
    members = _members(part, parts)
    packages.judge(part, members, plan, tally)
    _nested(part, members, plan, tally)
    _unused(part, members, tally)
    rows: list[Any] = []
    for cells in _sheets(part, members).values():
        head = min(row for _, row, _, _ in cells)
        names = {column: text for column, row, text, kind in cells if row == head and not kind}
        for name in names.values():
            if fold_label(name) not in plan.row_flat:
                tally.undeclared(plan.row.path, name)
        fillings: dict[int, Filling] = {}
        for column, row, text, kind in cells:
            if kind:
                tally.undeclared(plan.row.path, kind.removeprefix("/"))
            elif row != head:
                filling = fillings.setdefault(row, Filling(plan.row, plan.row_flat))
                filling.put(names.get(column, column), text)
        rows += [each.values for each in fillings.values()]
    return rows


def tables(part: Part, parts: Sequence[Part]) -> list[Any]:
    """Return the rows of all sheets below their heads, by the texts in the heads."""
    found: list[Any] = []
    for cells in _sheets(part, _members(part, parts)).values():
        head = min(row for _, row, _, _ in cells)
        names = {column: text for column, row, text, kind in cells if row == head and not kind}
        rows: dict[int, dict[str, str]] = {}
        for column, row, text, kind in cells:
            if row != head and not kind and column in names and text.strip():
                rows.setdefault(row, {})[names[column]] = text
        found += rows.values()
    return found


def _nested(part: Part, members: Sequence[Part], plan: Plan, tally: Tally) -> None:
    """Count documents in cells of columns that do not say that they hold one."""
    depth = part.where.count("!") + 1
    labels: dict[str, str] = {}
    for member in members:
        if member.where.count("!") <= depth or member.format in PLAIN:
            continue
        place = "!".join(member.where.split("!")[: depth + 1])
        if CELL.fullmatch(place.rpartition("!")[2].partition(":")[2]) is None:
            continue
        labels = labels or {segment.where: segment.label for each in members for segment in each.segments}
        node = node_at(plan, place, labels.get(place, ""))
        if node is None or not node.field.media_type:
            tally.add("value.nested", node.path if node is not None else f"{plan.row.path}/*")


def count_rows(part: Part, parts: Sequence[Part]) -> int:
    """Return the number of rows below the heads of all sheets."""
    found = _sheets(part, _members(part, parts)).values()
    return sum(len({row for _, row, _, kind in cells if not kind}) - 1 for cells in found)

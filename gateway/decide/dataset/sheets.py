"""Sheets of workbooks (ECMA-376 part 1, OpenDocument 1.3) as records: the first row of each names the columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from gateway.decide.dataset import bodies
from gateway.decide.dataset.bodies import KEY, Filling
from gateway.decide.dataset.fields import Plan
from gateway.decide.dataset.placing import CELL
from gateway.decide.dataset.tally import Tally
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Part

_ITEM = re.compile(r"<(?:[\w.-]+:)?si[\s/>]")
_SHARED = re.compile(
    r"<(?:[\w.-]+:)?c(?=\s)(?=[^<>]*\st=[\"']s[\"'])[^<>]*?\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*>\s*"
    r"<(?:[\w.-]+:)?v>\s*([0-9]{1,9})\s*<"
)
_STRUCTURE = re.compile(
    r"\[Content_Types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|xl/(?:workbook|styles|calcChain|metadata)\.xml"
    r"|xl/theme/[^/]*\.xml|xl/printerSettings/[^/]*|docProps/(?:app|core)\.xml"
    r"|META-INF/manifest\.xml|meta\.xml|settings\.xml|styles\.xml|mimetype|manifest\.rdf"
)
"""Files of a workbook in which no field stands."""
_AUTHORS = re.compile(
    r"/(?:creator|initial-creator|lastModifiedBy|title|subject|description|keywords?|category|company|manager"
    r"|hyperlinkBase|contentStatus|user-defined)(?:\[[0-9]+\])?\Z",
    re.IGNORECASE,
)
"""Properties of a document that hold what somebody wrote: who made it, what it is about."""

type _Cell = tuple[str, int, str, str]
"""Column, row, text, and what of the cell it is: "" for its value."""


def _members(part: Part, parts: Sequence[Part]) -> list[Part]:
    return [each for each in parts if each is not part and each.where.startswith(part.where)]


def _name(member: Part) -> str:
    return bodies.unescaped(member.where.partition(":/")[2].partition("!")[0])


def _cells(part: Part, members: Sequence[Part]) -> Iterator[tuple[str, _Cell]]:
    """Yield every cell with its sheet."""
    format = part.where.removesuffix(":")
    shared = next((each for each in members if _name(each).lower().endswith("sharedstrings.xml")), None)
    strings: dict[int, str] = {}
    if shared is not None:
        starts = [match.start() for match in _ITEM.finditer(shared.text)]
        for segment in shared.segments:
            index = bisect_right(starts, segment.start) - 1
            if not segment.where.endswith(KEY):
                strings[index] = strings.get(index, "") + segment.text
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


def _sheets(part: Part, members: Sequence[Part]) -> dict[str, list[_Cell]]:
    found: dict[str, list[_Cell]] = {}
    for sheet, cell in _cells(part, members):
        found.setdefault(sheet, []).append(cell)
    return found


def sheet_rows(part: Part, parts: Sequence[Part], plan: Plan, tally: Tally) -> list[Any]:
    """Return the rows of all sheets below their heads; count in ``tally`` what stands elsewhere than in cells."""
    members = _members(part, parts)
    _elsewhere(members, tally)
    for segment in part.segments:
        if not segment.where.endswith((KEY, "/~shown")):  # headers and footers of pages, comments
            tally.undeclared("", "~extra")
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


def _elsewhere(members: Sequence[Part], tally: Tally) -> None:
    for member in members:
        name = _name(member)
        if name.startswith("docProps/") or name == "meta.xml":
            for segment in member.segments:
                if _AUTHORS.search(segment.where[len(member.where) :]) and not segment.where.endswith(KEY):
                    tally.undeclared("", "~properties")
        is_cells = any(CELL.fullmatch(each.where[len(member.where) :]) for each in member.segments[:64])
        sheet = re.fullmatch(r"xl/worksheets/[^/]*\.xml|content\.xml", name) is not None
        texts = name.lower().endswith("sharedstrings.xml")
        if not (is_cells or sheet or texts or _STRUCTURE.fullmatch(name)) and member.segments:
            tally.add("part.unmapped", "/*")


def count_rows(part: Part, parts: Sequence[Part]) -> int:
    """Return the number of rows below the heads of all sheets."""
    found = _sheets(part, _members(part, parts)).values()
    return sum(len({row for _, row, _, kind in cells if not kind}) - 1 for cells in found)

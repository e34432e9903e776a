"""The package of a workbook beside its cells: files, titles, styles, settings (ECMA-376, OpenDocument).

What every program writes of itself passes; whatever else is there has been put in by somebody, and nobody declared it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from gateway.decide.dataset import bodies
from gateway.decide.dataset.bodies import KEY
from gateway.decide.dataset.fields import Plan
from gateway.decide.dataset.placing import CELL
from gateway.decide.dataset.tally import Tally
from gateway.decide.dataset.usual import NAMES, SPACES, WORDS
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Part

_XLSX = (
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(?:workbook|styles|sharedStrings|calcChain)\.xml|xl/theme/theme1\.xml|xl/worksheets/sheet[0-9]{1,2}\.xml"
)
FILES: Mapping[str, re.Pattern[str]] = {
    "xlsx": re.compile(rf"{_XLSX}|(?:xl/)?_rels/|docProps/|xl/(?:theme/|worksheets/)?"),
    "ods": re.compile(
        r"mimetype|META-INF/manifest\.xml|(?:content|meta|settings|styles)\.xml|manifest\.rdf|Thumbnails/thumbnail\.png"
        r"|Configurations2/(?:(?:accelerator|floater|images|images/Bitmaps|menubar|popupmenu|progressbar|statusbar"
        r"|toolbar|toolpanel)/)?|Configurations2/accelerator/current\.xml"
    ),
}
"""What the files of a workbook are called; others, empty ones too, are undeclared."""
_OF_CELLS = re.compile(r"xl/worksheets/[^/]*|xl/sharedStrings\.xml|content\.xml")
_HEADED = re.compile(r"/[^/]*/~(?:odd|even|first)(?:Header|Footer)")
"""A header without its codes; as it is written it stands in the sheet."""
_ASIDE = re.compile(r"/~(?![01])")

_REFERENCE = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_TITLE = r"(?:(?:Sheet|sheet|工作表|Folha|Planilha) ?[0-9]{0,2})"
_PLAIN = re.compile(
    r"(?:[-+]?[0-9.]{1,20}(?:[eE][-+]?[0-9]{1,3})?(?:cm|in|pt|mm|%)?"
    r"|#?[0-9A-Fa-f]{6}|[0-9A-F]{8}|true|false|[0-9]{1,7}:[0-9]{1,7}|rId[0-9]{1,3}"
    rf"|{_REFERENCE}(?::{_REFERENCE})?(?: {_REFERENCE}(?::{_REFERENCE})?)*+"
    rf"|\$?'?{_TITLE}'?[.!]{_REFERENCE}(?::(?:\$?'?{_TITLE}'?[.!])?{_REFERENCE})?|(?:PageStyle_(?:5f_)?)?{_TITLE}"
    r"|\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z?)?|P[0-9DTHMS.]{1,20}"
    r"|[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"|(?:ce|cf|co|ro|ta|gr|mp|pm|Mpm|N|T|P)[0-9]{1,3}(?:P[0-2])?"
    # Formats of numbers: digits, dates, times, and no text but the signs of a date and of a few currencies.
    r"|(?:General|@|[#0?.,%/:; \\_()*+EdDmMyYhHsSe-]|\[(?:Red|RED|h|hh|mm|ss|\$-[0-9A-F]{3,4})\]"
    r"|\"[年月日$¥€ -]\"|\[\$(?:HK\$|[$¥€])(?:-[0-9A-F]{3,4})?\]){1,24}"
    rf"|(?:\.\./|/xl/|/|xl/)?(?:{_XLSX}|workbook\.xml|(?:styles|sharedStrings|calcChain|theme/theme1)\.xml"
    r"|worksheets/sheet[0-9]{1,2}\.xml)"
    r"|&C(?:&\"Times New Roman,(?:Regular|Normal|常规|標準|Обычный)\"&12)?(?:&A|(?:Page|Página|頁|页|ページ) ?&P)"
    r"|LibreOffice/[0-9.]{1,12}\$[A-Za-z0-9_]{1,16} LibreOffice_project/[0-9a-f]{1,40}(?:m0)?(?:\$Build-[0-9]{1,5})?"
    r"|Microsoft Excel Compatible / Openpyxl [0-9.]{1,8}"
    r"|MicrosoftOffice/16\.0 MicrosoftExcel/CalculationVersion-[0-9]{1,6})?"
)
"""Measures, colours, references, dates, names of styles that are numbered, and what programs call themselves."""


def judge(part: Part, members: Sequence[Part], plan: Plan, tally: Tally) -> None:
    """Count what stands in a workbook elsewhere than in its cells. ``members`` are all parts within it."""
    format = bodies.format_of(part) if bodies.whole(part) else part.format
    files = FILES[format]
    named = Counter(
        segment.text
        for segment in part.segments
        if segment.where.endswith(KEY) and "/" not in segment.where[len(part.where) + 1 : -len(KEY)]
    )
    for name, count in named.items():
        if count > 1 or not files.fullmatch(name):
            tally.undeclared("", "~file")
    for segment in part.segments:
        where = segment.where[len(part.where) :]
        if not (where.endswith(KEY) or CELL.fullmatch(where) or _HEADED.fullmatch(where)):
            tally.undeclared("", "~extra")
    for member in members:
        if member.where.count("!") > part.where.count("!") + 1:
            continue  # what stands in a value
        name = bodies.unescaped(member.where[len(part.where) + 1 :].partition("!")[0])
        if files.fullmatch(name):
            _file(member, name, plan, tally)
        elif member.segments:
            tally.add("part.unmapped", "/*")


def _file(member: Part, name: str, plan: Plan, tally: Tally) -> None:
    cells = _OF_CELLS.fullmatch(name) is not None
    if cells and "<!" in member.text:
        tally.add("part.unmapped", "/*")  # no program writes comments or sections there, and cells could hide in them
    begin = len(member.where)
    known: dict[str, bool] = {}
    for segment in member.segments:
        where, text = segment.where[begin:], segment.text
        if cells and CELL.fullmatch(where):
            continue
        if where.endswith(KEY):
            usual = all(each in NAMES for each in text.split(":"))
        elif _ASIDE.search(where):
            usual = False
        else:
            if text not in known:
                known[text] = _is_usual(text, plan)
            usual = known[text]
        if not usual:
            tally.undeclared("", "~extra")


def _is_usual(text: str, plan: Plan) -> bool:
    """Tell whether a value is one that programs write; a sheet may also be called what the dataset calls its root."""
    if _PLAIN.fullmatch(text) or text.strip() in WORDS or text in SPACES:
        return True
    return fold_label(text) in plan.root_names

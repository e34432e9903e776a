"""How young somebody may be, by what was found: dates of birth in all spellings, resident identity numbers, ages.

Whatever leaves room counts as the younger reading (DOMAIN 7; PIPL art. 31): of 3/7 the later day, of a year alone its
last day, of two dates the later one; and what cannot be read at all says nothing against a child.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from gateway.classify.fold import fold
from gateway.vocabulary import Finding

MINOR_AGE = 14
"""PIPL art. 31: the information of people under fourteen is sensitive, and a parent must agree."""
_MONTHS = (
    ("jan",), ("feb", "fev"), ("mar",), ("apr", "abr"), ("may", "mai"), ("jun",), ("jul",), ("aug", "ago"),
    ("sep", "set"), ("oct", "out"), ("nov",), ("dec", "dez"),
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_HAN = str.maketrans("〇零一二三四五六七八九", "00123456789")
_REPUBLIC = re.compile(r"民[國国]\s*(\d{1,3})")
"""Years of the Republic, as papers from Taiwan write them: the first was 1912."""
_RUN = re.compile(r"\d+")
_WORD = re.compile(r"[a-zç]{3,}")
_RESIDENT = re.compile(r"\d{6}((?:19|20)\d\d)(\d\d)(\d\d)\d{3}[\dX]")
_RESIDENT_15 = re.compile(r"\d{6}(\d\d)(\d\d)(\d\d)\d{3}")
_UNITS = re.compile(r"月|周|週|天|日|month|week|day|m[eê]s|semana|dia")
"""Units of an age that is less than a year, or is counted as one."""


def is_minor(finding: Finding, on: date) -> bool:
    """Tell whether what was found may say that somebody is under fourteen on ``on``."""
    text = fold(finding.segment.text[finding.start : finding.end])[0].lower()
    if finding.category == "pi.age":
        return _is_young(text)
    if finding.category == "pi.birthdate":
        latest = max((birth for birth in _births(text.translate(_HAN)) if birth <= _end_of_year(on)), default=None)
        return latest is None or latest > _fourteen_years_before(on)
    if finding.category in {"pi.id.cn.ric", "pi.id.cn.gat_residence"}:
        return any(birth > _fourteen_years_before(on) for birth in _in_number(text.upper()))
    return False


def _end_of_year(on: date) -> date:
    """A birth of this year may be told by its year alone; one of next year is none."""
    return date(on.year, 12, 31)


def _fourteen_years_before(on: date) -> date:
    return _day(on.year - MINOR_AGE, on.month, on.day)


def _is_young(text: str) -> bool:
    """Tell of an age, in figures or Han numerals, that is or may be under fourteen years."""
    figures = [int(run) for run in _RUN.findall(text)] or [*_numerals(text)]
    return not figures or min(figures) < MINOR_AGE or _UNITS.search(text) is not None


def _numerals(text: str) -> Iterator[int]:
    """Yield numbers below a hundred in Han numerals: 十三, 二十, 廿一."""
    for found in re.findall(r"[一二三四五六七八九十廿卅]+", text):
        total = 0
        for sign in found:
            figure = int(unicodedata.numeric(sign))
            total = total + figure if figure < 10 or not total or total >= 10 else total * figure
        yield total


def _births(text: str) -> Iterator[date]:
    """Yield the latest day that each date in ``text`` may mean."""
    republic = _REPUBLIC.search(text)
    runs = _RUN.findall(text)
    if republic is not None:
        year, rest = 1911 + int(republic[1]), runs[runs.index(republic[1]) + 1 :]
        yield _latest(year, [int(each) for each in rest[:2]], _months(text))
        return
    for at, run in enumerate(runs):
        whole = _whole(run)
        if whole:
            yield from whole
        elif len(run) == 4 and run[:2] in {"19", "20"}:
            before, after = runs[max(0, at - 2) : at], runs[at + 1 : at + 3]
            parts = [int(each) for each in (before if len(before) == 2 or not after else after) if len(each) <= 2]
            yield _latest(int(run), parts, _months(text))
    if len(runs) == 3 and all(len(run) <= 2 for run in runs):  # a year of two digits, wherever it stands
        for place in (0, 2):
            parts = [int(run) for spot, run in enumerate(runs) if spot != place]
            for century in (1900, 2000):
                yield _latest(century + int(runs[place]), parts, _months(text))


def _whole(run: str) -> list[date]:
    """Return the days that a run of digits may mean: with the year first or last, and what a clock adds."""
    if len(run) in {8, 14}:
        if run[:2] in {"19", "20"}:
            return [_latest(int(run[:4]), [int(run[4:6]), int(run[6:8])], [])]
        if run[4:6] in {"19", "20"}:
            return [_latest(int(run[4:8]), [int(run[:2]), int(run[2:4])], [])]
    if len(run) == 6:
        first, middle, last = (int(run[place : place + 2]) for place in (0, 2, 4))
        return [
            _latest(century + year, parts, [])
            for century in (1900, 2000)
            for year, parts in ((first, [middle, last]), (last, [first, middle]))
        ]
    return []


def _months(text: str) -> list[int]:
    return [_MONTH[word[:3]] for word in _WORD.findall(text) if word[:3] in _MONTH]


def _latest(year: int, parts: list[int], named: list[int]) -> date:
    """Return the latest day of ``year`` that month and day, in whichever order, may mean."""
    if named:
        return max(_day(year, month, max((each for each in parts), default=31)) for month in named)
    if len(parts) == 2:
        one, other = parts
        readings = [_day(year, month, day) for month, day in ((one, other), (other, one)) if 1 <= month <= 12]
        return max(readings, default=date(year, 12, 31))
    if len(parts) == 1 and 1 <= parts[0] <= 12:
        return _day(year, parts[0], 31)
    return date(year, 12, 31)


def _day(year: int, month: int, day: int) -> date:
    """Return a day, or the last one of the month where that day is not in it."""
    month = min(max(month, 1), 12)
    for last in (day, 31, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, 12, 31)


def _in_number(text: str) -> Iterator[date]:
    bare = re.sub(r"[^0-9X]", "", text)
    if found := _RESIDENT.fullmatch(bare):
        yield _day(int(found[1]), int(found[2]), int(found[3]))
    elif found := _RESIDENT_15.fullmatch(bare):
        yield _day(1900 + int(found[1]), int(found[2]), int(found[3]))

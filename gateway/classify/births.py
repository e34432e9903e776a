"""How young somebody may be, by what was found: dates of birth in all spellings, resident identity numbers, ages.

Of two readings of a date (3/7 is the third of July or the seventh of March) the younger counts, and of a month
without a day its last day: a child must not be taken for somebody older (DOMAIN 7; PIPL art. 31).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
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
_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)\D{1,3}(\d{1,2})(?:\D{1,3}(\d{1,2}))?")
_YEAR_LAST = re.compile(r"(\d{1,2})\D(\d{1,2})\D((?:19|20)\d\d)")
_EIGHT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_IN_WORDS = re.compile(r"(?:(\d{1,2})\D{0,6}?)?([a-zç]{3})[a-zç]*\.?\D{0,5}?(?:(\d{1,2})\D{1,4})?((?:19|20)\d\d)")
_RESIDENT = re.compile(r"\d{6}((?:19|20)\d\d)(\d\d)(\d\d)\d{3}[\dX]")
_RESIDENT_15 = re.compile(r"\d{6}(\d\d)(\d\d)(\d\d)\d{3}")
_NUMBER = re.compile(r"\d{1,3}")


def is_minor(finding: Finding, on: date) -> bool:
    """Tell whether what was found may say that somebody is under fourteen on ``on``."""
    text = fold(finding.segment.text[finding.start : finding.end])[0].lower()
    if finding.category == "pi.age":
        age = _NUMBER.search(text)
        return age is not None and int(age[0]) < MINOR_AGE
    if finding.category == "pi.birthdate":
        births = [*_births(text)]
    elif finding.category in {"pi.id.cn.ric", "pi.id.cn.gat_residence"}:
        births = [*_in_number(text.upper())]
    else:
        return False
    return any(_age(birth, on) < MINOR_AGE for birth in births if birth <= on)


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _births(text: str) -> Iterator[date]:
    """Yield every date that ``text`` may mean."""
    if (found := _EIGHT.fullmatch(text.strip())) or (found := _YEAR_FIRST.search(text)):
        yield from _day(found[1], found[2], found[3])
    elif found := _YEAR_LAST.search(text):
        yield from _day(found[3], found[2], found[1])
        yield from _day(found[3], found[1], found[2])
    elif (found := _IN_WORDS.search(text)) and found[2] in _MONTH:
        yield from _day(found[4], str(_MONTH[found[2]]), found[1] or found[3])


def _day(year: str, month: str, day: str | None) -> Iterator[date]:
    for last in (day,) if day else ("31", "30", "29", "28"):
        with suppress(ValueError):
            yield date(int(year), int(month), int(last))
            return


def _in_number(text: str) -> Iterator[date]:
    bare = re.sub(r"[^0-9X]", "", text)
    if found := _RESIDENT.fullmatch(bare):
        yield from _day(found[1], found[2], found[3])
    elif found := _RESIDENT_15.fullmatch(bare):
        yield from _day(f"19{found[1]}", found[2], found[3])

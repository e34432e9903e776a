"""Who is under fourteen on the day of a transfer. All identifiers are synthetic."""

import json
from datetime import date

import pytest

from classifiers.cn import ric
from gateway.classify import classify, individuals
from gateway.classify.births import is_minor
from gateway.decode import decode
from gateway.vocabulary import Certainty, Finding, Individuals, Limits, Part, Segment
from tests.classify.rules import shipped
from tests.given import transfer

DAY = date(2026, 11, 21)


def people(*records: object, on: date = DAY) -> Individuals:
    """The people of some records."""
    body = json.dumps(records, ensure_ascii=False).encode()
    content = decode(transfer(body, headers={"content-type": "application/json"}), Limits())
    return individuals(classify(content, shipped()), shipped(), b"k" * 32, on)


def resident(birth: str) -> str:
    """The number of a resident who does not exist, born on a day."""
    return next(f"440199{birth}001{last}" for last in "0123456789X" if ric.validate(f"440199{birth}001{last}"))


@pytest.mark.parametrize(
    ("written", "minors"),
    [
        ("2012-11-21", 0),
        ("2012-11-22", 1),
        ("20121122", 1),
        ("2012年11月22日", 1),
        ("2012年11月", 1),
        ("22/11/2012", 1),
        ("03/12/2012", 1),
        ("12/03/2012", 1),
        ("05/06/2012", 0),
        ("22 de Novembro de 2012", 1),
        ("22 Nov 2012", 1),
        ("Nov 22, 2012", 1),
        ("2012-11-22T00:00:00+08:00", 1),
        ("1990-03-07", 0),
    ],
)
def test_a_date_of_birth_tells_a_minor(written: str, minors: int) -> None:
    """Fourteen is reached on the birthday; of two readings of a date the younger counts."""
    assert people({"姓名": "陈大文", "出生日期": written}).minors == minors


def test_a_resident_number_tells_a_minor() -> None:
    """The number of a resident holds the day of birth."""
    assert people({"身份证号": resident("20150307")}).minors == 1
    assert people({"身份证号": resident("19900307")}).minors == 0


def test_a_minor_is_counted_once() -> None:
    """The same child in two records is one; a grown-up beside it is none."""
    child, parent = resident("20150307"), resident("19900307")
    found = people({"身份证号": child}, {"身份证号": child, "出生日期": "2015-03-07"}, {"身份证号": parent})
    assert (len(found.everybody), found.minors) == (2, 1)


def test_who_turns_fourteen_is_no_minor_from_that_day() -> None:
    """The day of the transfer decides."""
    record = {"姓名": "陈大文", "出生日期": "2012-11-22"}
    assert [people(record, on=date(2026, 11, day)).minors for day in (21, 22)] == [1, 0]


def found(category: str, text: str) -> Finding:
    """A finding of a whole value."""
    part = Part("body", text, lambda _: (), format="json")
    return Finding("test", category, Certainty.LIKELY, part, Segment(text, "json:/x", "", 0, len(text)), 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "2015", "2015年", "15-03-07", "150307", "7/3/15", "7 / 3 / 2015", "07 - 03 - 2015", "03/2015",
        "二〇一五年三月七日", "民國104年3月7日", "20150307120000", "07032015", "31/02/2015", "2015-02-30", "1425686400",
        "1990-01-01 2015-03-07", "2012", "2012年", "unknown", "",
    ],
)  # fmt: skip
def test_what_may_be_a_child_s_is(text: str) -> None:
    """A date of birth that leaves room, or says nothing, is not held against a child."""
    assert is_minor(found("pi.birthdate", text), DAY)


@pytest.mark.parametrize(
    "text",
    [
        "1990", "1990-03-07", "19900307", "07/03/1990", "7 / 3 / 1990", "1990年3月7日", "一九九〇年三月七日",
        "民國79年3月7日", "7 de Março de 1990", "07-MAR-1990", "1990-03-07T00:00:00+08:00", "19900307120000", "2011",
        "90-03-07", "07/03/90", "900307",
    ],
)  # fmt: skip
def test_what_is_a_grown_up_s_is_not(text: str) -> None:
    """A date of birth more than fourteen years ago is no child's, however it is written."""
    assert not is_minor(found("pi.birthdate", text), DAY)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("13", True), ("14", False), ("十三岁", True), ("五岁", True), ("十四岁", False), ("二十一岁", False),
        ("四十二歲", False), ("18个月", True), ("18 months", True), ("100 days", True), ("twelve", True),
        ("99, 5", True), ("42", False), ("42 anos", False),
    ],
)  # fmt: skip
def test_an_age_tells_a_minor(text: str, minor: bool) -> None:
    """Ages in figures and Han numerals; of several the lowest, and what is less than years."""
    assert is_minor(found("pi.age", text), DAY) is minor

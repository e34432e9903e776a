"""Law as data: instruments, figures and working days, and what an officer can get wrong in them."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rulebook import load
from gateway.rulebook.calendar import Calendar, read_calendar
from gateway.rulebook.document import Document, Faulty
from gateway.rulebook.instruments import read_law, read_thresholds
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import Jurisdiction
from tests.rulebook.broken import Broken, apply, assert_told, broken
from tests.rulebook.sound import ROOT
from tests.rulebook.test_whitelist import law

CN, HK, MO = Jurisdiction.CN, Jurisdiction.HK, Jurisdiction.MO
FILES = {
    name: (ROOT / f"policies/law/{name}.yaml").read_text("utf-8") for name in ("instruments", "thresholds", "calendar")
}
READ: dict[str, Callable[[Document], object]] = {
    "instruments": read_law,
    "thresholds": read_thresholds,
    "calendar": read_calendar,
}
NOTE = "note: Notice 1"

WAYS = [
    ("instruments", broken("a kind twice", "kind: cn_sc", "kind: §cac_assessment", "stands here already", "keep one")),
    ("instruments", broken("an unknown area", "area: gba_hk", "area: §gba_kh", "no area 'gba_kh'", "gba_hk, gba_mo")),
    (
        "instruments",
        broken("an unknown zone", "zones: [hetao]", "zones: [§hetoa]", "no zone 'hetoa'", "hengqin, hetao"),
    ),
    (
        "instruments",
        broken("an unknown need", "provenance]", "§provenence]", "no evidence 'provenence'", "'provenance'?"),
    ),
    ("instruments", broken("a route to itself", "[CN-HK, CN-MO]", "[§CN-CN, CN-MO]", "expected one of", "CN-HK")),
    ("instruments", broken("two bounds", "{years: 3}", "§{years: 3, days: 4}", "write one of years, days")),
    ("instruments", broken("no such onward", "onward: any", "onward: §all", "expected one of: none", "write one")),
    ("instruments", broken("a flag in words", "counts: true", "counts: §strict", "must be true or false")),
    (
        "thresholds",
        broken("an id twice", "id: assessment-people", "id: §standard-contract-people", "already, on line 7"),
    ),
    ("thresholds", broken("a figure in words", "value: 14", "value: §fourteen", "must be a whole number")),
    ("thresholds", broken("a unit that is none", "unit: months", "unit: §moons", "expected one of", "'months'?")),
    (
        "calendar",
        broken("a day that is none", "HK: {}", f"HK: {{days_off: [{{day: §2027-02-30, {NOTE}}}]}}", "no day 2027-02"),
    ),
    (
        "calendar",
        broken("a day written otherwise", "HK: {}", f"HK: {{days_off: [{{day: §1.2.27, {NOTE}}}]}}", "write a day"),
    ),
    ("calendar", broken("a day without a source", "HK: {}", "HK: {days_off: [§{day: 2027-02-03}]}", "lacks 'note'")),
    (
        "calendar",
        broken(
            "a day both off and of work",
            "HK: {}",
            f"HK: {{days_off: [{{day: 2027-02-03, {NOTE}}}], workdays: [{{day: §2027-02-03, {NOTE}}}]}}",
            "written twice",
        ),
    ),
    ("calendar", broken("another place", "HK: {}", "HK: {}\n  §TW: {}", "'TW' is not known here")),
]


@pytest.mark.parametrize(
    ("file", "way"), WAYS, ids=lambda value: value.sentence if isinstance(value, Broken) else value
)
def test_tells_place_fault_and_fix(file: str, way: Broken) -> None:
    """Each way of being broken is told once, at its place, with what to do."""
    text, place = apply(FILES[file], way)
    with pytest.raises(Faulty) as caught:
        READ[file](parse(f"policies/law/{file}.yaml", text.encode(), file))
    assert_told(caught.value.problems, way, place)


def test_every_kind_that_policies_name_is_an_instrument() -> None:
    """A kind that a policy of the box names is one that a basis can have."""
    policies = load(ROOT).policies
    named = {kind for policy in policies for ask in policy.when.asks if ask.fact == "basis.kind" for kind in ask.wanted}
    assert named
    assert named - {"none"} <= set(law().instruments)


def test_nothing_rests_on_a_list_that_nobody_published() -> None:
    """No negative list of the Guangdong zone and no finding of adequacy is known, so those are not in use."""
    assert {kind for kind, instrument in law().instruments.items() if not instrument.enabled} == {
        "ftz_negative_list",
        "mo_art19",
    }


def test_what_is_open_is_read_strictly() -> None:
    """Out of the mainland everything that carries personal information counts, and asks for an assessment."""
    for instrument in law().instruments.values():
        if instrument.personal and any(exporter is CN for exporter, _ in instrument.routes):
            assert instrument.counts, instrument.kind
            assert {"assessment", "assessed"} <= instrument.needs, instrument.kind


def test_only_an_assessment_or_an_approval_carries_important_data_out() -> None:
    """Order 16 art. 7: important data leave the mainland on a security assessment."""
    kinds = {i.kind for i in law().instruments.values() if i.important and (CN, HK) in i.routes}
    assert kinds == {"cac_assessment", "judicial_request"}


def test_the_figures_of_the_law() -> None:
    """The lines of Order 16 stand in the file, with the places that name them."""
    figures = read_thresholds(parse("policies/law/thresholds.yaml", FILES["thresholds"].encode(), "thresholds"))
    assert figures["standard-contract-people"].value == 100_000
    assert figures["assessment-people"].value == 1_000_000
    assert figures["assessment-sensitive-people"].value == 10_000
    assert figures["child-years"].value == 14
    assert figures["filing-working-days"].value == 10
    assert figures["child-years"].source == "policies/law/thresholds.yaml:31"
    assert all(figure.statute for figure in figures.values())


@pytest.mark.parametrize(
    ("day", "place", "works"),
    [
        (date(2026, 2, 14), CN, True),  # a Saturday of work before the Spring Festival
        (date(2026, 2, 17), CN, False),
        (date(2026, 2, 23), CN, False),  # a Monday, exchanged for a weekend
        (date(2026, 2, 28), CN, True),
        (date(2026, 4, 6), HK, False),  # Easter Monday
        (date(2026, 4, 6), CN, False),
        (date(2026, 7, 1), HK, False),
        (date(2026, 7, 1), MO, True),
        (date(2026, 12, 21), MO, False),  # in lieu of a Sunday, the day of the SAR
        (date(2026, 12, 21), HK, True),
        (date(2026, 11, 21), HK, False),
        (date(2026, 11, 23), MO, True),
    ],
)
def test_working_days_of_each_place(day: date, place: Jurisdiction, works: bool) -> None:
    """Each place has its holidays, and the mainland its weekends of work."""
    assert Calendar().is_working_day(day, place) is works


@pytest.mark.parametrize(("place", "due"), [(CN, date(2026, 2, 24)), (HK, date(2026, 2, 20)), (MO, date(2026, 2, 20))])
def test_ten_working_days_are_not_the_same_everywhere(place: Jurisdiction, due: date) -> None:
    """A contract of 3 February 2026 is due on another day in each place."""
    assert Calendar().working_days_after(date(2026, 2, 3), 10, place) == due


def test_an_officer_can_write_down_what_was_announced() -> None:
    """A day off and a day of work of calendar.yaml come before what the box knows."""
    text = FILES["calendar"].replace(
        "HK: {}", f"HK: {{days_off: [{{day: 2026-11-23, {NOTE}}}], workdays: [{{day: 2026-11-22, {NOTE}}}]}}"
    )
    calendar = read_calendar(parse("policies/law/calendar.yaml", text.encode(), "calendar"))
    works = partial(calendar.is_working_day, place=HK)
    assert [works(date(2026, 11, day)) for day in (21, 22, 23, 24)] == [False, True, False, True]
    assert calendar.is_working_day(date(2026, 11, 23), CN)


@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.integers(0, 30), st.sampled_from([CN, HK, MO]))
def test_counting_working_days_adds_up(day: date, n: int, place: Jurisdiction) -> None:
    """The n-th working day is one, and one more is the next one."""
    calendar = Calendar()
    due = calendar.working_days_after(day, n, place)
    assert due == day if n == 0 else calendar.is_working_day(due, place)
    assert calendar.working_days_after(due, 1, place) == calendar.working_days_after(day, n + 1, place)

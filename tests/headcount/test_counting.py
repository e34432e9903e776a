"""People are counted once each, by exporter, basis, class and calendar year."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.headcount import Cargo, Count, forget, rows
from gateway.headcount.erasing import TooEarly
from gateway.vocabulary import BEIJING, Facts, Standing
from tests.headcount.crowds import BANK, CLINIC, COUNTER, LONER, NOON, book, crowd, database, facts, send


@pytest.fixture
def on() -> Iterator[sqlite3.Connection]:
    """An empty database."""
    with database() as held:
        yield held


def look(on: sqlite3.Connection, about: Facts, cargo: Cargo) -> Standing:
    """The standing as it would be with this transfer."""
    return Count(on, about, cargo, book()).standing


def figure(on: sqlite3.Connection, scope: str, exporter: str = "holding", period: str = "2026") -> int:
    """What the tables say."""
    return {(row.exporter, row.period, row.scope): row.count for row in rows(on)}.get((exporter, period, scope), 0)


def test_nothing_was_sent_before_the_first_transfer(on: sqlite3.Connection) -> None:
    """Where there are no tables yet, nothing stands."""
    assert rows(on) == []
    standing = look(on, facts(), crowd([1, 2]))
    assert standing.before == {}
    assert standing.after["year/personal"] == 2


def test_a_person_counts_once(on: sqlite3.Connection) -> None:
    """Whoever was sent before is not counted again, in no scope."""
    assert send(on, crowd([1, 2, 3])).after["year/personal"] == 3
    standing = send(on, crowd([2, 3, 4]))
    for scope in ("year/personal", "basis:filed/year/personal", "kind:cn_sc/year/personal"):
        assert (standing.before[scope], standing.after[scope]) == (3, 4)


def test_sensitive_people_are_people_too(on: sqlite3.Connection) -> None:
    """Sensitive people count as both; one who was personal becomes sensitive without counting twice."""
    send(on, crowd([1, 2]))
    standing = send(on, crowd([], sensitive=[2, 3]))
    assert (standing.after["year/personal"], standing.after["year/sensitive"]) == (3, 2)


def test_affiliates_count_together(on: sqlite3.Connection) -> None:
    """Two exporters of one group share their year; a stranger has one of its own."""
    send(on, crowd([1, 2]), facts(exporter=BANK))
    standing = send(on, crowd([2, 3]), facts(exporter=CLINIC))
    assert standing.after["year/personal"] == 3
    assert send(on, crowd([2, 3]), facts(exporter=LONER)).after["year/personal"] == 2


def test_exempt_kinds_stay_out_of_the_year(on: sqlite3.Connection) -> None:
    """A kind that does not count has counters of its own and leaves the year alone."""
    standing = send(on, crowd([1, 2]), facts("exempt"))
    assert "year/personal" not in standing.after
    assert standing.after["basis:free/year/personal"] == standing.after["kind:ex_no_pi/year/personal"] == 2
    assert send(on, crowd([1])).after["year/personal"] == 1


def test_only_the_entry_that_it_went_under_counts(on: sqlite3.Connection) -> None:
    """Of several entries that cover a transfer, one counts; the standing shows what each would come to."""
    standing = send(on, crowd([1]), facts("contract", "limited"), under="contract")
    assert standing.after["entry:limited/year/individuals"] == 1
    assert figure(on, "entry:limited/year/individuals") == 0
    assert figure(on, "entry:contract/year/individuals") == 1


def test_records_of_nobody_count_each_time(on: sqlite3.Connection) -> None:
    """A record of nobody who can be told from others is one more person, every time; sensitive where it may be."""
    send(on, crowd(unknown=2))
    assert send(on, crowd([1], unknown=2)).after["year/personal"] == 5
    assert "year/sensitive" not in send(on, crowd(unknown=1)).after
    assert send(on, crowd(unknown=1), facts(sensitive=True)).after["year/sensitive"] == 1


def test_the_year_turns_at_midnight_in_beijing(on: sqlite3.Connection) -> None:
    """On 31 December 23:59:59 Beijing time the old year counts, a second later the new one, from nothing."""
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=BEIJING)
    send(on, crowd([1, 2]), facts(at=last))
    standing = send(on, crowd([1]), facts(at=last + timedelta(seconds=1)))
    assert "year/personal" not in standing.before
    assert standing.after["year/personal"] == 1
    assert (figure(on, "year/personal"), figure(on, "year/personal", period="2027")) == (2, 1)


def test_ceilings_of_a_day_count_what_they_bound(on: sqlite3.Connection) -> None:
    """Transfers, bytes, records and people of one day; the next day begins anew."""
    standing = send(on, crowd([1, 2]), facts("daily"))
    whats = {
        what: standing.after[f"entry:daily/day/{what}"] for what in ("transfers", "bytes", "records", "individuals")
    }
    assert whats == {"transfers": 1, "bytes": 2, "records": 1, "individuals": 2}
    assert send(on, crowd(), facts("daily")).after["entry:daily/day/transfers"] == 2
    tomorrow = send(on, crowd([1]), facts("daily", at=NOON + timedelta(days=1)))
    assert tomorrow.after["entry:daily/day/individuals"] == 1
    assert tomorrow.after["year/personal"] == 2


def test_people_of_a_day_go_with_the_day(on: sqlite3.Connection) -> None:
    """The first transfer of a day erases who was counted the day before; that day's figure and the year's stay."""
    send(on, crowd([1, 2]), facts("daily"))
    before = on.execute("SELECT count(*) FROM headcount_people").fetchone()
    send(on, crowd([2]), facts("daily", at=NOON + timedelta(days=1)))
    assert before == (4,)
    assert on.execute("SELECT count(*) FROM headcount_people").fetchone() == (3,)
    assert figure(on, "entry:daily/day/individuals", period="2026-11-20") == 2
    assert figure(on, "year/personal") == 2


def test_who_came_from_outside_is_known(on: sqlite3.Connection) -> None:
    """People whose data came in through this gateway are no mainland people on their way out, of the same holder."""
    out = facts()
    assert look(on, out, crowd([1, 2])).after["origin/unknown"] == 2
    send(on, crowd([1, 2]), facts(exporter=COUNTER, recipient=CLINIC))
    assert "origin/unknown" not in look(on, out, crowd([1, 2])).after
    assert look(on, out, crowd([2, 3], unknown=1)).after["origin/unknown"] == 2
    assert look(on, replace(out, exporter=LONER), crowd([1])).after["origin/unknown"] == 1


def test_forgetting_keeps_figures(on: sqlite3.Connection) -> None:
    """The people of a year that is over are erased, its figures and other years stay."""
    old = NOON.replace(year=2025)
    send(on, crowd([1, 2], sensitive=[3]), facts(at=old))
    send(on, crowd([1]), facts())
    assert forget(on, 2025, NOON) == 3
    assert on.execute("SELECT count(*) FROM headcount_people").fetchone() == (1,)
    assert figure(on, "year/personal", period="2025") == 3
    assert send(on, crowd([1, 4]), facts()).after["year/personal"] == 2
    assert send(on, crowd([1]), facts(at=old)).after["year/personal"] == 4


def test_a_year_that_counts_is_not_forgotten(on: sqlite3.Connection) -> None:
    """The year that it is in Beijing cannot be erased: its people would be counted twice."""
    with pytest.raises(TooEarly):
        forget(on, 2027, datetime(2026, 12, 31, 16, 0, tzinfo=BEIJING).replace(hour=23) + timedelta(hours=1))
    assert forget(on, 2026, datetime(2027, 1, 1, tzinfo=BEIJING)) == 0


def test_more_scopes_than_a_page_has_bits(on: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an exporter has more scopes than fit on a page, further pages hold them, and counts stay right."""
    monkeypatch.setattr("gateway.headcount.tables.BITS", 2)
    for _ in range(2):
        for name in ("contract", "exempt", "limited", "daily"):
            send(on, crowd([1, 2], sensitive=[3]), facts(name))
    assert figure(on, "year/personal") == 3
    assert figure(on, "kind:ex_no_pi/year/sensitive") == 1
    assert figure(on, "entry:daily/day/individuals", period="2026-11-20") == 3
    pages = on.execute("SELECT page, count(DISTINCT period), count(*) FROM headcount_scopes GROUP BY page").fetchall()
    assert all(periods == 1 and scopes <= 2 for page, periods, scopes in pages if page is not None)


groups = st.tuples(
    st.sampled_from([BANK, CLINIC, LONER]),
    st.sampled_from(["contract", "exempt", "limited", "daily"]),
    st.sets(st.integers(0, 12), max_size=6),
    st.sets(st.integers(0, 12), max_size=3),
    st.integers(0, 2),
    st.integers(0, 400),
)


@given(st.lists(groups, max_size=12))
def test_counts_are_those_of_sets(sent: list[tuple]) -> None:
    """Whatever is sent in whatever order, each figure is what sets of people give, and before and after are a chain."""
    with database() as on:
        people: dict[tuple[str, str, str], set[int]] = {}
        nobody: dict[tuple[str, str, str], int] = {}
        for exporter, name, personal, sensitive, unknown, days in sent:
            at = NOON + timedelta(days=days)
            standing: Standing = send(on, crowd(personal, sensitive, unknown), facts(name, exporter=exporter, at=at))
            if not personal and not sensitive and not unknown:
                continue
            holder, year = exporter.group or exporter.id, str(at.year)
            for grade, who, strangers in (("personal", personal | sensitive, unknown), ("sensitive", sensitive, 0)):
                scopes = [f"kind:{'ex_no_pi' if name == 'exempt' else 'cn_sc'}/year/{grade}"]
                scopes += [f"year/{grade}"] if name != "exempt" else []
                for scope in scopes:
                    key = (holder, year, scope)
                    before = len(people.get(key, ())) + nobody.get(key, 0)
                    people.setdefault(key, set()).update(who)
                    nobody[key] = nobody.get(key, 0) + strangers
                    assert standing.before.get(scope, 0) == before
                    assert standing.after.get(scope, 0) == len(people[key]) + nobody[key]
        found = {(row.exporter, row.period, row.scope): row.count for row in rows(on)}
        for key, who in people.items():
            assert found.get(key, 0) == len(who) + nobody[key]

"""``kouan standing``: figures beside their limits, the proof, and erasure, on a ledger that a house has written."""

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from typer.testing import CliRunner

from gateway.cli import app
from gateway.headcount import limits_of, overview, rows
from gateway.ledger import Ledger, decode
from gateway.ledger.store import DATABASE
from gateway.pipeline import House
from gateway.rulebook.book import Ceiling, Rulebook
from gateway.settings import Settings
from gateway.vocabulary import BEIJING, Verdict
from tests.given import APPLICATION, shipped, transfer
from tests.headcount.crowds import book

runner = CliRunner()
NOW = datetime.now(BEIJING)


def application(bir: str) -> dict[str, Any]:
    """The lawful application of another person."""
    return {**APPLICATION, "applicant": {**APPLICATION["applicant"], "bir": bir, "name": "陳大文"}}  # type: ignore[dict-item]


def without_ceilings(*ceilings: Ceiling) -> Rulebook:
    """The shipped rules, where no entry has other ceilings than these."""
    entries = {each.id: replace(each, ceilings=ceilings) for each in shipped().entries.values()}
    return replace(shipped(), entries=entries)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with two permitted people, one of them sent twice, and a transfer of nobody."""

    async def fill(to: Ledger) -> None:
        house = House(Settings(), without_ceilings(), to, key=b"k" * 32)
        for body in (APPLICATION, application("5123456(4)"), APPLICATION, {"matter": "x"}):
            await house.carry(transfer(body, at=NOW))

    with Ledger.open(tmp_path / "ledger") as to:
        to.keep_rulebook(shipped().digest, shipped().files)
        asyncio.run(fill(to))
    return tmp_path / "ledger"


def told(*arguments: object) -> Any:
    """What the command says to machines."""
    result = runner.invoke(app, ["standing", *map(str, arguments), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_people_of_real_payloads_are_counted(ledger: Path) -> None:
    """Two people in three payloads are two; the entry names what it counted in, and holds no fingerprint."""
    lines = {line["scope"]: line for line in told(ledger, "--exporter", "zhuhai-e-service")}
    assert lines["year/personal"]["count"] == 2
    with closing(sqlite3.connect(ledger / DATABASE)) as database:
        entries = [decode(row[0]) for row in database.execute("SELECT bytes FROM entries ORDER BY number")]
        people = [row[0] for row in database.execute("SELECT person FROM headcount_people")]
    assert [bool(entry.get("counted")) for entry in entries] == [True, True, True, False]
    again = entries[2]["standing"]
    assert again["before"]["year/personal"] == again["after"]["year/personal"] == 2
    assert entries[3]["standing"] == {"before": {}, "after": {}}
    assert len(people) == 2
    said = json.dumps(entries)
    assert not any(person.hex() in said for person in people)


def test_the_table_is_for_people(ledger: Path) -> None:
    """The table names the exporter and the figure, in the language asked for."""
    result = runner.invoke(app, ["standing", str(ledger), "--language", "zh-Hant"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "提供方" in result.stdout
    assert "zhuhai-e-service" in result.stdout
    nothing = runner.invoke(app, ["standing", str(ledger), "--year", "2001", "--exporter", "x", "--language", "pt"])
    assert "ninguém" in nothing.stdout


def test_the_proof_holds_and_fails(ledger: Path) -> None:
    """Figures that follow from the entries are sound; one that was lowered by hand is named, with exit code 1."""
    assert told(ledger, "--check")["ok"] is True
    with closing(sqlite3.connect(ledger / DATABASE)) as database, database:
        database.execute("UPDATE headcount_scopes SET count = 1 WHERE scope = 'year/personal'")
    result = runner.invoke(app, ["standing", str(ledger), "--check"])
    assert result.exit_code == 1
    assert "year/personal" in result.stdout


def test_forgetting_needs_a_year_that_is_over(ledger: Path) -> None:
    """The current year is refused with exit code 2; one that is over is erased."""
    assert runner.invoke(app, ["standing", str(ledger), "--forget", str(NOW.year)]).exit_code == 2
    with closing(sqlite3.connect(ledger / DATABASE)) as database, database:
        database.execute("UPDATE headcount_scopes SET period = '2020'")
    assert told(ledger, "--forget", 2020) == {"year": 2020, "erased": 2}
    assert {
        line["count"]
        for line in told(ledger, "--year", 2020)
        if "zhuhai" in line["exporter"] and line["scope"] == "year/personal"
    } == {2}


def test_where_there_is_no_ledger_nothing_is_made(tmp_path: Path) -> None:
    """A folder without ledger is wrong usage, and stays empty."""
    assert runner.invoke(app, ["standing", str(tmp_path)]).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_limits_warn_at_their_shares() -> None:
    """Ceilings, scales and the law's figures stand beside counts; 80 and 95 per cent warn, nothing used does not."""
    limits = limits_of(book())
    (limit,) = limits["entry:limited/year/individuals"]
    assert [limit.warning(count) for count in (0, 7, 8, 9, 10)] == [0, 0, 80, 80, 95]
    assert limits["year/sensitive"][0].id == "assessment-sensitive-people"
    assert limits["basis:filed/year/personal"][0].at_most == 50
    assert limit.share(5) == 0.5


def test_a_limit_without_counts_stands_with_nought(ledger: Path) -> None:
    """A ceiling that nobody has used is shown for its exporter, a ceiling of the day for today."""
    entry = next(iter(shipped().entries.values()))
    capped = replace(entry, ceilings=(Ceiling("transfers", "day", 5), Ceiling("bytes", "year", 9)))
    rules = replace(shipped(), entries={**shipped().entries, entry.id: capped})
    lines = overview([], rules, "2026", "2026-11-21")
    shown = {(line.period, line.scope): line for line in lines}
    assert shown["2026-11-21", f"entry:{entry.id}/day/transfers"].count == 0
    assert shown["2026", f"entry:{entry.id}/year/bytes"].share == 0.0
    assert not any("/day/" in line.scope for line in overview([], rules, "2025", "2026-11-21"))


def test_the_house_refuses_beyond_a_ceiling(tmp_path: Path) -> None:
    """Through the whole corridor: with a ceiling of one person, the second is refused, the first may go again."""
    rules = without_ceilings(Ceiling("individuals", "year", 1))

    async def play(to: Ledger) -> list[Verdict]:
        house = House(Settings(), rules, to, key=b"k" * 32)
        together = [house.carry(transfer(body)) for body in (APPLICATION, application("5123456(4)"), APPLICATION)]
        return [outcome.decision.verdict for outcome in await asyncio.gather(*together)]

    with Ledger.open(tmp_path / "ledger") as to:
        overtaken = REGISTRY.get_sample_value("kouan_standing_overtaken_total") or 0
        assert asyncio.run(play(to)) == [Verdict.PERMIT, Verdict.DENY, Verdict.PERMIT]
        assert REGISTRY.get_sample_value("kouan_standing_overtaken_total") == overtaken + 1
        labels = {"exporter": "zhuhai-e-service", "limit": "ceiling:zhuhai-macao-applications"}
        scope = "entry:zhuhai-macao-applications/year/individuals"
        assert REGISTRY.get_sample_value("kouan_standing_share", {**labels, "scope": scope}) == 1.0
        assert {row.count for row in rows(to.reading()) if row.scope.endswith("/year/individuals")} == {1}


def test_a_count_that_breaks_is_a_recorded_refusal(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception while people are counted ends in a refusal with an entry, and counts nobody."""
    monkeypatch.setattr("gateway.settlement.Count.add", lambda *_: 1 / 0)

    async def play(to: Ledger) -> Verdict:
        outcome = await House(Settings(), shipped(), to, key=b"k" * 32).carry(
            transfer(application("7654321(0)"), at=NOW)
        )
        assert outcome.receipt is not None
        assert outcome.body is None
        return outcome.decision.verdict

    with Ledger.open(ledger) as to:
        assert asyncio.run(play(to)) is Verdict.DENY
    assert told(ledger, "--check")["ok"] is True


def test_what_is_judged_in_threads_counts_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Transfers whose documents are read in threads look at the figures from there; none is lost, none counts twice."""
    monkeypatch.setattr("gateway.pipeline.slow", lambda _: True)
    bodies = [application(bir) for bir in ("5123456(4)", "1234567(8)", "7654321(0)")] * 4

    async def play(to: Ledger) -> list[Verdict]:
        house = House(Settings(), without_ceilings(), to, key=b"k" * 32)
        return [
            each.decision.verdict for each in await asyncio.gather(*(house.carry(transfer(body)) for body in bodies))
        ]

    with Ledger.open(tmp_path / "ledger") as to:
        assert set(asyncio.run(play(to))) == {Verdict.PERMIT}
        people = {row.count for row in rows(to.reading()) if row.scope == "year/personal"}
    assert people == {3}
    assert told(tmp_path / "ledger", "--check")["ok"] is True

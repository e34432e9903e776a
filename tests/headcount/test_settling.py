"""A count and its entry are one: at the limit, when something raises, when a process is killed."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.headcount import rows
from gateway.ledger import Ledger, LedgerClosed, decode
from gateway.vocabulary import Decision, Obligation, Receipt, Verdict
from tests.headcount.crowds import crowd, facts
from tests.headcount.sending import AT_MOST, broken, permitted, settlement, start
from tests.ledger.running import until
from tests.ledger.sound import decision, sound

LIMITED = "entry:limited/year/individuals"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the ledger is."""
    return tmp_path / "ledger"


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    """An open ledger; at its end the figures follow from its entries."""
    with Ledger.open(folder, seconds=0.05) as opened:
        yield opened
    assert broken(folder) == []
    sound(folder)


def figure(ledger: Ledger, scope: str) -> int:
    """What the tables say of the year."""
    return sum(row.count for row in rows(ledger.reading(), "WHERE scope=? AND period='2026'", (scope,)))


def settle(ledger: Ledger, *writings: object) -> list[Receipt | BaseException]:
    """Settle all in one tick."""

    async def together() -> list[Receipt | BaseException]:
        return await asyncio.gather(
            *(ledger.settle(each) if callable(each) else ledger.append(each) for each in writings),  # type: ignore[arg-type]
            return_exceptions=True,
        )

    return asyncio.run(together())


def test_two_at_the_limit_in_one_tick(ledger: Ledger) -> None:
    """Of two transfers that each would fit, the second sees the first in the transaction and is refused, recorded."""
    first, second = (settlement(ledger, facts("limited"), crowd(range(at, at + 6)), 10) for at in (0, 6))
    assert first.decision.verdict is second.decision.verdict is Verdict.PERMIT
    settle(ledger, first, second)
    assert (first.decision.verdict, second.decision.verdict) == (Verdict.PERMIT, Verdict.DENY)
    assert {reason.code for reason in second.decision.reasons} >= {"entry.ceiling"}
    assert second.standing.after[LIMITED] == 12
    assert figure(ledger, LIMITED) == 6
    entries = [decode(row[0]) for row in ledger.reading().execute("SELECT bytes FROM entries ORDER BY number")]
    assert [entry["decision"]["verdict"] for entry in entries] == ["permit", "deny"]
    assert "counted" not in entries[1]


def test_the_same_people_fit_twice(ledger: Ledger) -> None:
    """At the limit, people who were counted may be sent again; a stranger may not."""
    settle(ledger, settlement(ledger, facts("limited"), crowd(range(10)), 10))
    again = settlement(ledger, facts("limited"), crowd([3, 4]), 10)
    settle(ledger, again)
    assert again.decision.verdict is Verdict.PERMIT
    assert settlement(ledger, facts("limited"), crowd([99]), 10).decision.verdict is Verdict.DENY


def test_other_duties_than_those_done_are_a_refusal(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the figures have moved and another duty is due, what was made of the body no longer fits."""
    late = settlement(ledger, facts("limited"), crowd([1]))
    settle(ledger, settlement(ledger, facts("limited"), crowd([2])))
    duty = Obligation("mask", "pi.name", "rule")
    monkeypatch.setattr("gateway.settlement.stands", lambda *_: False)
    monkeypatch.setattr("gateway.settlement.decide", lambda *_: replace(late.decision, obligations=(duty,)))
    settle(ledger, late)
    assert late.decision.verdict is Verdict.DENY
    assert late.decision.reasons[-1].code == "standing.moved"
    assert figure(ledger, LIMITED) == 1


def test_a_writing_that_raises_spoils_nobody_else(ledger: Ledger) -> None:
    """Its half-done counts are undone and it has no entry; the others of the tick are counted and recorded."""
    good, bad, late = (settlement(ledger, facts("limited"), crowd([number])) for number in (1, 2, 3))

    def raises(database: sqlite3.Connection) -> tuple[bytes, dict[str, bytes]]:
        bad(database)
        raise RuntimeError("a room is on fire")

    found = settle(ledger, decision(1), good, raises, late, decision(2))
    assert [type(each) for each in found] == [Receipt, Receipt, RuntimeError, Receipt, Receipt]
    assert [each.index for each in found if isinstance(each, Receipt)] == [0, 1, 2, 3]
    assert figure(ledger, LIMITED) == 2


def test_a_transaction_that_fails_counts_nobody(ledger: Ledger) -> None:
    """Where the file itself fails, nobody of the tick is recorded or counted."""

    def full(database: sqlite3.Connection) -> tuple[bytes, dict[str, bytes]]:
        fault = sqlite3.OperationalError("database or disk is full")
        fault.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise fault

    settle(ledger, settlement(ledger, facts("limited"), crowd([1])))
    time.sleep(0.06)
    found = settle(ledger, settlement(ledger, facts("limited"), crowd([2])), full, decision(1))
    assert {type(each) for each in found} == {LedgerClosed}
    assert figure(ledger, LIMITED) == 1


def test_a_refusal_in_the_transaction_counts_nobody(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the decision there comes to, only a permit adds its people."""
    late = settlement(ledger, facts("limited"), crowd([1]))
    settle(ledger, settlement(ledger, facts("limited"), crowd([2])))
    monkeypatch.setattr("gateway.settlement.stands", lambda *_: False)
    monkeypatch.setattr("gateway.settlement.decide", lambda *_: Decision(Verdict.HOLD))
    settle(ledger, late)
    assert late.decision.verdict is Verdict.HOLD
    assert figure(ledger, LIMITED) == 1


def test_a_ceiling_is_never_passed_by_several_processes(folder: Path, tmp_path: Path) -> None:
    """Three processes send at the limit: it is reached and never passed, and whoever was permitted is counted once."""
    told = [tmp_path / f"told-{number}" for number in range(3)]
    seed = random.randrange(10**6)
    with Ledger.open(folder, seconds=0.05) as ledger:
        senders = [start(folder, file, seed + number, 80) for number, file in enumerate(told)]
        for each in senders:
            each.join(60)
            assert each.exitcode == 0
        people = permitted(told, "limited")
        assert figure(ledger, LIMITED) == len(people) <= AT_MOST
        assert len(people) > AT_MOST - 4
        assert figure(ledger, "kind:ex_no_pi/year/personal") == len(permitted(told, "exempt"))
        counted = [decode(row[0]) for row in ledger.reading().execute("SELECT bytes FROM entries")]
        assert max(each["standing"]["after"].get(LIMITED, 0) for each in counted if "counted" in each) <= AT_MOST
    assert broken(folder) == []
    sound(folder)


def test_kill_9_leaves_counts_that_follow_from_the_entries(folder: Path, tmp_path: Path) -> None:
    """Killed at any moment, figures are those of the entries that are there, and whoever was told a permit counts."""
    told = [tmp_path / f"told-{number}" for number in range(6)]
    with Ledger.open(folder, seconds=0.05) as ledger:
        for number, file in enumerate(told):
            sender = start(folder, file, number, 0)
            until(lambda told=file: told.exists() and told.stat().st_size > 6, 20)  # type: ignore[misc]
            time.sleep(random.random() / 10)
            sender.kill()
            sender.join()
        assert figure(ledger, LIMITED) >= len(permitted(told, "limited"))
        assert figure(ledger, "kind:ex_no_pi/year/personal") >= len(permitted(told, "exempt"))
        assert figure(ledger, LIMITED) <= AT_MOST
    assert broken(folder) == []
    sound(folder)


def test_a_broken_chain_is_noticed(ledger: Ledger, folder: Path, tmp_path: Path) -> None:
    """A figure that was altered, in the tables or by an entry that is missing, is named."""
    for number in range(3):
        settle(ledger, settlement(ledger, facts("limited"), crowd([number])))
    copy = tmp_path / "copy"
    copy.mkdir()
    with sqlite3.connect(copy / "ledger.sqlite") as other:
        ledger.reading().backup(other)
        other.execute("UPDATE headcount_scopes SET count = 1 WHERE scope = ?", (LIMITED,))
    other.close()
    (fault,) = broken(copy)
    assert (fault.index, fault.scope, fault.expected, fault.found) == (None, LIMITED, 3, 1)
    assert "the tables" in str(fault)
    with sqlite3.connect(copy / "ledger.sqlite") as other:
        other.execute("UPDATE headcount_scopes SET count = 3 WHERE scope = ?", (LIMITED,))
        other.execute("DELETE FROM entries WHERE number = 1")
    other.close()
    assert {(each.index, each.expected, each.found) for each in broken(copy)} == {(2, 1, 2)}

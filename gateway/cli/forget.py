"""``kouan forget``: erase the nonces that open commitments, once their time is over or on request, and record it."""

from __future__ import annotations

import getpass
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer

from gateway.cli.exits import REFUSED, complain, faults_told, wrong
from gateway.cli.open import located
from gateway.cli.recorded import Recorded, ledger_at
from gateway.ledger import LedgerClosed
from gateway.ledger.retention import MOST_REASON, Erased, Kept, Mandate, erase, last_day, scrub
from gateway.ledger.store import Store
from gateway.settings import read
from gateway.vocabulary import BEIJING

OVER = "the time of keeping is over"
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: one transfer, all before a day, or all whose time is over."""

    which: str
    before: date | None
    due: bool
    early: bool
    """Whether also what must still be kept may go."""
    reason: str
    by: str


@dataclass(slots=True)
class _Tally:
    entries: int = 0
    early: int = 0
    until: date = date.min
    """The last day on which one of them must be kept."""


class Keeping:
    """Until when entries are kept: the years of the setting after the later of transfer and end of basis."""

    def __init__(self, recorded: Recorded, years: int, today: date) -> None:
        """Look up bases in the rulebooks that the ledger keeps; the latest end of a basis counts."""
        self._recorded = recorded
        self._years = years
        self._today = today
        self._ends: dict[str, date] | None = None

    def last(self, entry: dict[str, Any]) -> date | None:
        """Return the last day of keeping, or None where the end of the basis cannot be known."""
        day, basis = day_of(entry), entry["decision"].get("basis", "")
        if not basis:
            return last_day(day, None, self._years)
        end = self._known().get(basis)
        return None if end is None else last_day(day, end, self._years)

    def kept(self, index: int, entry: dict[str, Any]) -> Kept:
        """Return the entry as ``erase`` takes it."""
        last = self.last(entry)
        return Kept(index, day_of(entry), due=last is not None and last < self._today)

    def _known(self) -> dict[str, date]:
        if self._ends is None:
            self._ends = {}
            for digest in self._recorded.digests():
                book = self._recorded.book(digest)
                for name, basis in (book.bases if book else {}).items():
                    self._ends[name] = max(self._ends.get(name, date.min), basis.validity.until)
        return self._ends


def day_of(entry: dict[str, Any]) -> date:
    """Return the day of a transfer in Beijing time, in which entries are written."""
    return date.fromisoformat(entry["facts"]["at"][:10])


def forget(place: Path, wish: Wish, *, yes: bool, as_json: bool) -> None:
    """Erase what is asked for. Ends with ``REFUSED`` where it must still be kept and ``early`` was not said."""
    _usable(wish)
    with faults_told():
        years = read(os.environ).retention_years
    now = datetime.now(BEIJING)
    with ledger_at(place) as recorded:
        keeping = Keeping(recorded, years, now.date())
        chosen = _chooser(recorded, keeping, wish, place)
        tally = _tally(chosen, keeping, recorded)
        if tally.early and not wish.early:
            until = "an end that is not known" if tally.until == date.max else tally.until.isoformat()
            complain(
                f"kouan: {tally.early:,} of {tally.entries:,} entries are to be kept until {until}; nothing was "
                "erased; to erase them all the same, on your own account, say --early"
            )
            raise typer.Exit(REFUSED)
        if tally.entries and not yes:
            question = f"Erase for ever what opens the commitments of {tally.entries:,} entries?"
            typer.confirm(question, abort=True, err=True)
        mandate = Mandate(
            recorded.gateway(), now.isoformat(timespec="seconds"), wish.reason or OVER, wish.by or _user()
        )
        done, clean = _erase(place, chosen, mandate) if tally.entries or wish.due else (Erased(), True)
    _tell(done, clean=clean, as_json=as_json)


def _usable(wish: Wish) -> None:
    if sum((bool(wish.which), wish.before is not None, wish.due)) != 1:
        wrong("name one thing to forget: an id or index, --before DAY, or --due")
    if not wish.due and not wish.reason.strip():
        wrong("--reason is needed; it will stand in the ledger")
    if len(wish.reason) > MOST_REASON or len(wish.by) > MOST_REASON:
        wrong(f"--reason and --by have at most {MOST_REASON} characters")


def _chooser(recorded: Recorded, keeping: Keeping, wish: Wish, place: Path) -> Callable[[], Iterator[Kept]]:
    """Return what yields the entries that are meant; twice: to look first, and then to erase."""
    indexes: tuple[int, ...] = ()
    if wish.which:
        first, _ = located(recorded, wish.which, place)
        indexes = (first,) if wish.which.isdecimal() else tuple(sorted(recorded.of_transfer(wish.which)))

    def chosen() -> Iterator[Kept]:
        if wish.which:
            for index in indexes:
                entry = recorded.entry(index)
                if entry is not None and recorded.nonces(index):
                    yield keeping.kept(index, entry)
            return
        for index, entry in recorded.with_nonces():
            if wish.before is not None and day_of(entry) >= wish.before:
                continue
            kept = keeping.kept(index, entry)
            if kept.due or not wish.due:
                yield kept

    return chosen


def _tally(chosen: Callable[[], Iterator[Kept]], keeping: Keeping, recorded: Recorded) -> _Tally:
    tally = _Tally()
    for kept in chosen():
        tally.entries += 1
        if not kept.due:
            tally.early += 1
            entry = recorded.entry(kept.index)
            last = keeping.last(entry) if entry is not None else None
            tally.until = max(tally.until, last or date.max)
    return tally


def _erase(place: Path, chosen: Callable[[], Iterator[Kept]], mandate: Mandate) -> tuple[Erased, bool]:
    folder = place if place.is_dir() else place.parent
    try:
        with closing(Store(folder, patience=PATIENCE)) as store:
            return erase(store, chosen(), mandate), scrub(store)
    except LedgerClosed as fault:
        wrong(f"{place}: cannot be written ({fault.code}); what was erased before is in the ledger")
    except sqlite3.Error as fault:
        wrong(f"{place}: cannot be written ({type(fault).__name__})")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _tell(done: Erased, *, clean: bool, as_json: bool) -> None:
    if as_json:
        told = {"nonces": done.nonces, "entries": done.entries, "records": list(done.records), "clean": clean}
        typer.echo(json.dumps(told, indent=2))
        return
    if not done.nonces:
        typer.echo("there is nothing to erase")
    else:
        typer.echo(
            f"{done.nonces:,} nonces of {done.entries:,} entries were erased; recorded as {_named(done.records)}"
        )
    if not clean:
        typer.echo("the write-ahead log was busy and may still hold erased nonces; empty it: kouan forget --due")


def _named(records: tuple[int, ...]) -> str:
    if len(records) == 1:
        return f"entry {records[0]}"
    return f"entries {records[0]} to {records[-1]}"

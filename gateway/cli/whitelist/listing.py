"""``kouan whitelist list``."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.cli.exits import faults_told
from gateway.decide.phrasing import in_words
from gateway.rulebook import load
from gateway.rulebook.book import Entry, Rulebook, in_force
from gateway.vocabulary import BEIJING

COLOURS = {"in_force": "green", "expired": "red", "not_yet": "yellow"}
_STATES = {"in_force": "in force", "expired": "expired", "not_yet": "not yet"}


def tell(rules: Path, on: date | None, expiring: int | None, *, as_json: bool) -> None:
    """List the entries as they stand ``on`` a day, today where None; ``expiring``: those that end in so many days."""
    day = on or datetime.now(BEIJING).date()
    with faults_told():
        book = load(rules)
    rows = [_row(entry, book, day) for _, entry in sorted(book.entries.items())]
    if expiring is not None:
        rows = [row for row in rows if row["state"] == "in_force" and row["days_left"] <= expiring]
        rows.sort(key=lambda row: (row["until"], row["id"]))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("entry", "parties", "basis", "until", "ceilings"):
        table.add_column(column, overflow="fold")
    for row in rows:
        state = Text(row["until"])
        state.append(f"\n{_STATES[row['state']]}", style=COLOURS[row["state"]])
        if row["observing"]:
            state.append(", observed only", style="yellow")
        parties = f"{row['exporter']} →\n{row['recipient']} ({row['carried_in']})"
        table.add_row(Text(row["id"], style="bold"), parties, row["basis"], state, "\n".join(row["ceilings"]))
    console.print(table)
    console.print(Text(f"{len(rows):,} of {len(book.entries):,} entries, as of {day}", style="dim"))


def _row(entry: Entry, book: Rulebook, day: date) -> dict[str, Any]:
    basis = book.bases.get(entry.basis)
    return {
        "id": entry.id,
        "title": dict(entry.title),
        "exporter": entry.exporter,
        "recipient": entry.recipient,
        "carried_in": entry.carried_in.value,
        "basis": entry.basis,
        "kind": basis.kind if basis else "",
        "since": entry.validity.since.isoformat(),
        "until": entry.validity.until.isoformat(),
        "days_left": (entry.validity.until - day).days,
        "state": in_force(entry.validity, datetime.combine(day, time(12), BEIJING)) or "in_force",
        "observing": entry.observe_until is not None and day <= entry.observe_until,
        "ceilings": [in_words(ceiling) for ceiling in entry.ceilings],
        "source": entry.source,
    }

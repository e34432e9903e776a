"""``kouan replay``: past transfers decided again, as a proof or under another rulebook."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from gateway.cli.exits import REFUSED, faults_told, wrong
from gateway.cli.recorded import Recorded, ledger_at
from gateway.cli.rulebooks import named_book
from gateway.decide import decision_from_record, facts_from_record, standing_from_record
from gateway.decide.replaying import Between, Replayed, Result, fault_of, unasked
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Decision, Facts, Standing, Verdict

SHOWN = 40
"""Transfers of a kind that people are shown; ``--json`` has all."""
PAIRS_KEPT = 8


@dataclass(slots=True)
class Tally:
    """What a replay found."""

    results: Counter[str] = field(default_factory=Counter)
    flips: list[dict[str, Any]] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)
    unknown: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    by_house: int = 0
    """Refusals of the gateway itself, of which no rule was asked."""


def replay(place: Path, since: date | None, until: date | None, rulebook: str, *, as_json: bool) -> None:
    """Replay the decisions of the ledger at ``place`` and print what came of it."""
    first, last = since or date.min, until or date.max
    if first > last:
        wrong(f"--since {first} lies after --until {last}")
    with ledger_at(place) as recorded:
        book: Rulebook | None = None
        if rulebook:
            with faults_told():
                book = named_book(rulebook, recorded)
        tally = _replayed(recorded, first, last, book)
    if as_json:
        typer.echo(json.dumps(_plain(tally, book), ensure_ascii=False, indent=2))
    elif book is None:
        _tell_proof(tally)
    else:
        _tell(Console(highlight=False), tally, book)
    if tally.faults or tally.flips:
        raise typer.Exit(REFUSED)


def _replayed(recorded: Recorded, first: date, last: date, book: Rulebook | None) -> Tally:
    tally = Tally()
    pairs: dict[str, Between | None] = {}
    for index, entry in _followed(recorded, first, last):
        try:
            facts, standing = facts_from_record(entry["facts"]), standing_from_record(entry["standing"])
            decision = decision_from_record(entry["decision"])
        except (KeyError, ValueError, TypeError) as fault:
            said = f"the record lacks or misspells a field that this version knows ({type(fault).__name__})"
            tally.faults.append({"index": index, "fault": said})
            continue
        digest = entry["rulebook"]
        if book is None:
            _proven(tally, index, facts, standing, decision, recorded.book(digest))
            continue
        if digest not in pairs:
            if len(pairs) >= PAIRS_KEPT:
                pairs.clear()
            old = recorded.book(digest)
            pairs[digest] = None if old is None else Between(old, book)
        between = pairs[digest]
        if between is None:
            lost = Replayed(Result.UNKNOWN, decision.verdict, None, missing=("the rulebook of that day is not kept",))
            _noted(tally, index, facts, lost)
        else:
            _noted(tally, index, facts, between.replay(facts, standing, decision))
    order = {("DENY", "PERMIT"): 0, ("HOLD", "PERMIT"): 1, ("DENY", "HOLD"): 2}
    tally.flips.sort(key=lambda each: (order.get((each["was"], each["now"]), 3), each["index"]))
    return tally


def _followed(recorded: Recorded, first: date, last: date) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the decisions with a bar on standard error."""
    columns = (
        TextColumn("replaying"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("transfers"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replay", total=recorded.count(first, last))
        for number, found in enumerate(recorded.decisions(first, last), 1):
            yield found
            if not number & 63:
                bar.update(task, completed=number)


def _proven(
    tally: Tally, index: int, facts: Facts, standing: Standing, decision: Decision, book: Rulebook | None
) -> None:
    fault = fault_of(facts, standing, decision, book)
    tally.by_house += unasked(decision)
    tally.results["differs" if fault else "same"] += 1
    if fault:
        tally.faults.append({"index": index, "transfer": facts.transfer, "fault": fault})


def _noted(tally: Tally, index: int, facts: Facts, came: Replayed) -> None:
    tally.results[came.result.value] += 1
    told = {
        "index": index,
        "transfer": facts.transfer,
        "at": facts.at.isoformat(),
        "exporter": facts.exporter.id,
        "recipient": facts.recipient.id,
        "was": came.was.name,
        "now": came.now.name if came.now is not None else None,
    }
    if came.result is Result.FLIP:
        tally.flips.append({**told, "rules": list(came.rules), "duties": list(came.duties)})
    elif came.result is Result.UNKNOWN:
        tally.unknown.append({**told, "missing": list(came.missing)})
        tally.missing.update(came.missing)


def _plain(tally: Tally, book: Rulebook | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "rulebook": book.digest if book else None,
        "transfers": sum(tally.results.values()) + (len(tally.faults) if book else 0),
        "results": dict(tally.results),
        "faults": tally.faults,
    }
    if book is None:
        return {**told, "refused_by_gateway": tally.by_house}
    return {**told, "flips": tally.flips, "missing": dict(tally.missing.most_common()), "unknown": tally.unknown}


def _tell_proof(tally: Tally) -> None:
    same, differs = tally.results["same"], len(tally.faults)
    typer.echo(f"{same:,} decisions follow from their recorded facts, counts and rules")
    if tally.by_house:
        typer.echo(f"  of these, {tally.by_house:,} are refusals of the gateway itself, of which no rule was asked")
    for fault in tally.faults[:SHOWN]:
        typer.secho(f"entry {fault['index']}: {fault['fault']}", fg="red")
    _more(len(tally.faults))
    typer.secho(f"{differs:,} do not", bold=True, fg="red" if differs else "green")


def _more(count: int) -> None:
    if count > SHOWN:
        typer.echo(f"... and {count - SHOWN:,} more; --json lists them all")


def _tell_flips(console: Console, flips: list[dict[str, Any]]) -> None:
    """Show flips of one kind between the same parties as one line; those that open come first."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for each in flips:
        key = (each["was"], each["now"], each["exporter"], each["recipient"], ", ".join(each["rules"]))
        groups.setdefault(key, []).append(each)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("transfers", justify="right")
    for column in ("from", "to", "was", "now", "rules", "first", "ledger entry"):
        table.add_column(column, overflow="fold")
    for (was, now, exporter, recipient, rules), alike in list(groups.items())[:SHOWN]:
        first = alike[0]
        table.add_row(
            f"{len(alike):,}",
            exporter or "a stranger",
            recipient or "a stranger",
            Text(was, style=COLOURS[was]),
            Text(now, style=COLOURS[now]),
            rules,
            first["at"][:16].replace("T", " "),
            str(first["index"]),
        )
    console.print(table)
    _more(len(groups))


COLOURS = {"PERMIT": "green", "HOLD": "yellow", "DENY": "red"}


def _tell(console: Console, tally: Tally, book: Rulebook) -> None:
    results = tally.results
    console.print(Text(f"Under rulebook {book.digest[:12]}", style="bold"))
    summary = Table(box=None, pad_edge=False, show_header=False)
    summary.add_column(justify="right")
    summary.add_column()
    summary.add_row(f"{results['same']:,}", "come to the same")
    summary.add_row(f"{results['duties']:,}", "come to the same verdict, with other duties")
    summary.add_row(f"{results['flip']:,}", "would come to another verdict")
    summary.add_row(f"{results['unknown']:,}", "cannot be known")
    if tally.faults:
        summary.add_row(f"{len(tally.faults):,}", "cannot be read")
    console.print(summary)
    if tally.flips:
        console.print()
        _tell_flips(console, tally.flips)
    if tally.missing:
        console.print()
        console.print(Text("What is not known, and of how many transfers", style="bold"))
        for said, count in tally.missing.most_common(SHOWN):
            console.print(Text(f"{count:>8,}  {said}"))
        _more(len(tally.missing))
    for fault in tally.faults[:SHOWN]:
        console.print(Text(f"entry {fault['index']}: {fault['fault']}", style="red"))
    if any(each["now"] == Verdict.PERMIT.name for each in tally.flips):
        console.print()
        said = "Counts are those of the day: what would newly have been permitted would have raised those after it."
        console.print(Text(said, style="dim"))
    if masked := sum(bool(each["duties"]) for each in tally.flips):
        said = f"{masked:,} of these permits ask for something to be masked, which not every format allows."
        console.print(Text(said, style="dim"))

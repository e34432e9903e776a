"""``kouan verify``: the ledger's own proof, and every decision derived anew from what was recorded."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gateway.cli.exits import REFUSED, wrong
from gateway.cli.recorded import Recorded
from gateway.decide import decision_from_record, decision_record, facts_from_record, standing_from_record
from gateway.decide.replaying import fault_of, unasked
from gateway.ledger import Report, verify
from gateway.ledger.checkpoint import BadCheckpoint


def examiner(recorded: Recorded) -> Callable[[int, dict[str, Any]], str | None]:
    """Return what derives a decision again, under the rulebook that its entry names, and says what is wrong."""

    def examine(_index: int, entry: dict[str, Any]) -> str | None:
        if entry["kind"] != "decision":
            return None
        facts, standing = facts_from_record(entry["facts"]), standing_from_record(entry["standing"])
        decision = decision_from_record(entry["decision"])
        if decision_record(decision) != entry["decision"]:
            return "its decision holds what no decision holds"
        book = None if unasked(decision) else recorded.book(entry["rulebook"])
        return fault_of(facts, standing, decision, book) or None

    return examine


def audit(ledger: Path, *, vkey: str, kept: Sequence[Path], as_json: bool) -> None:
    """Verify ``ledger``, print what was found, and end with the exit code that says how it went.

    ``vkey`` is the public key as had from the operator, "" to believe the one beside the entries; ``kept`` are files
    with checkpoints that were kept elsewhere, which the ledger must extend.
    """
    folder = ledger if ledger.is_dir() else ledger.parent
    if not ledger.exists():
        wrong(f"{ledger}: there is no ledger here; name its folder, such as var/ledger")
    recorded: Recorded | None = None
    try:
        recorded = Recorded(folder)
        notes = [file.read_bytes() for file in kept]
        found = _verified(ledger, examiner(recorded), vkey or None, notes)
    except BadCheckpoint as fault:
        wrong(f"the public key cannot be used: {fault}")
    except (OSError, sqlite3.Error) as fault:
        named = getattr(fault, "filename", None) or ledger
        wrong(f"{named}: cannot be read ({type(fault).__name__}); name the ledger's folder, and files that are there")
    finally:
        if recorded is not None:
            recorded.close()
    if as_json:
        typer.echo(json.dumps(_plain(found), indent=2))
    else:
        _tell(found)
    if not found.ok:
        raise typer.Exit(REFUSED)


def _verified(
    ledger: Path, examine: Callable[[int, dict[str, Any]], str | None], vkey: str | None, kept: Sequence[bytes]
) -> Report:
    """Run the verification with a bar on standard error."""
    columns = (TextColumn("verifying"), BarColumn(), MofNCompleteColumn(), TextColumn("entries"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("verify", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return verify(ledger, vkey=vkey, kept=kept, examine=examine, progress=progress)


def _plain(found: Report) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "vkey": found.vkey,
        "entries": found.size,
        "root": found.root.hex(),
        "kinds": dict(found.kinds),
        "checkpoints": found.checkpoints,
        "covered": found.covered,
        "uncovered": found.uncovered,
        "faults": found.faults,
        "overrides": list(found.overrides),
        "failures": [
            {"index": failure.index, "code": failure.code, "text": failure.text} for failure in found.failures
        ],
    }


def _tell(found: Report) -> None:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(found.kinds.items()))
    typer.echo(f"entries      {found.size:,} ({kinds or 'none'})")
    typer.echo(f"root         {found.root.hex()}")
    typer.echo(f"checkpoints  {found.checkpoints:,} good; the newest covers {found.covered:,} entries")
    typer.echo(f"public key   {found.vkey}")
    for index in found.overrides:
        typer.echo(f"OVERRIDE     entry {index}: officers were changed without the signatures of the former ones")
    for failure in found.failures:
        typer.echo(f"WRONG        {failure}")
    if found.ok:
        typer.echo("sound: nothing was removed or rewritten, and every decision follows from its facts and its rules")
    else:
        typer.echo(f"NOT sound: {found.faults:,} faults")

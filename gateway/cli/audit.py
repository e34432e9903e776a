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
from gateway.decide import decide, decision_record, facts_from_record, standing_from_record
from gateway.ledger import BadRulebook, Report, verify
from gateway.ledger.checkpoint import BadCheckpoint
from gateway.ledger.rulebooks import unpack
from gateway.ledger.store import DATABASE
from gateway.rulebook import from_files
from gateway.rulebook.book import Rulebook
from gateway.rulebook.strict_yaml import Faulty

BOOKS_KEPT = 8
"""Rulebooks that are kept compiled at a time; a ledger names few, and mostly one after the other."""


class Deriving:
    """Derives decisions again, each under the rulebook that its entry names."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the ledger's. Nothing is written there: a copy may lie on a medium that cannot be."""
        self._database = _opened(folder / DATABASE)
        self._books: dict[str, Rulebook | None] = {}

    def close(self) -> None:
        """Let go of the ledger."""
        self._database.close()

    def examine(self, _index: int, entry: dict[str, Any]) -> str | None:
        """Return what is wrong with a decision entry, or None."""
        if entry["kind"] != "decision":
            return None
        recorded = entry["decision"]
        if any(reason["rule"] == "house" for reason in recorded["reasons"]):
            # The door or a room itself refused: there is nothing to derive, but it must have been a refusal.
            return None if recorded["verdict"] == "deny" else "the house refused, and yet it was let through"
        book = self._book(entry["rulebook"])
        if book is None:
            return "its rulebook is not kept, or is not what its digest says"
        facts, standing = facts_from_record(entry["facts"]), standing_from_record(entry["standing"])
        if decision_record(decide(facts, standing, book)) != recorded:
            return "the recorded facts under the recorded rulebook lead to another decision"
        return None

    def _book(self, digest: str) -> Rulebook | None:
        if digest not in self._books:
            if len(self._books) >= BOOKS_KEPT:
                self._books.clear()
            self._books[digest] = self._load(digest)
        return self._books[digest]

    def _load(self, digest: str) -> Rulebook | None:
        found = self._database.execute("SELECT bytes FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
        try:
            book = None if found is None else from_files(unpack(found[0]))
        except (BadRulebook, Faulty):
            return None
        return book if book is not None and book.digest == digest else None


def _opened(path: Path) -> sqlite3.Connection:
    """Open for reading; a copy on a read-only medium as the immutable file it is."""
    if not path.is_file():
        raise FileNotFoundError(path)
    for how in ("mode=ro", "immutable=1"):
        database = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)
        try:
            database.execute("SELECT count(*) FROM rulebooks").fetchone()
        except sqlite3.OperationalError:
            database.close()
        else:
            return database
    raise sqlite3.OperationalError("no rulebooks can be read")


def audit(ledger: Path, *, vkey: str, kept: Sequence[Path], as_json: bool) -> None:
    """Verify ``ledger``, print what was found, and end with the exit code that says how it went.

    ``vkey`` is the public key as had from the operator, "" to believe the one beside the entries; ``kept`` are files
    with checkpoints that were kept elsewhere, which the ledger must extend.
    """
    folder = ledger if ledger.is_dir() else ledger.parent
    if not ledger.exists():
        wrong(f"{ledger}: there is no ledger here; name its folder, such as var/ledger")
    deriving: Deriving | None = None
    try:
        deriving = Deriving(folder)
        notes = [file.read_bytes() for file in kept]
        found = _verified(ledger, deriving.examine, vkey or None, notes)
    except BadCheckpoint as fault:
        wrong(f"the public key cannot be used: {fault}")
    except (OSError, sqlite3.Error) as fault:
        named = getattr(fault, "filename", None) or ledger
        wrong(f"{named}: cannot be read ({type(fault).__name__}); name the ledger's folder, and files that are there")
    finally:
        if deriving is not None:
            deriving.close()
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

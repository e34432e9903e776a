"""``kouan verify``: the ledger's own proof, and every decision derived anew from what was recorded."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typer

from gateway.cli.exits import REFUSED, wrong
from gateway.cli.places import Books, bar, is_tiles, key_at, witnesses_of
from gateway.cli.recorded import Recorded
from gateway.decide import decision_from_record, decision_record, facts_from_record, standing_from_record
from gateway.decide.replaying import fault_of, unasked
from gateway.ledger import Report, verify
from gateway.ledger.checkpoint import BadCheckpoint, Verifier
from gateway.ledger.client import Log, Unreachable, is_address, opened
from gateway.ledger.mirror import verify_log


def examiner(books: Recorded | Books) -> Callable[[int, dict[str, Any]], str | None]:
    """Return what derives a decision again, under the rulebook that its entry names, and says what is wrong."""

    def examine(_index: int, entry: dict[str, Any]) -> str | None:
        if entry["kind"] != "decision":
            return None
        try:
            facts, standing = facts_from_record(entry["facts"]), standing_from_record(entry["standing"])
            decision = decision_from_record(entry["decision"])
        except (LookupError, TypeError, ValueError, AttributeError):
            return "its facts, standing or decision are not what such a record holds"
        if decision_record(decision) != entry["decision"]:
            return "its decision holds what no decision holds"
        return fault_of(facts, standing, decision, None if unasked(decision) else books.book(entry["rulebook"])) or None

    return examine


def audit(place: str, *, vkey: str, kept: Sequence[Path], witnesses: Sequence[str], as_json: bool) -> None:
    """Verify what is at ``place``, print what was found, and end with the exit code that says how it went.

    ``vkey`` is the public key as had from the operator, "" to believe the one beside the entries; ``kept`` are files
    with checkpoints that were kept elsewhere, which the log must extend; ``witnesses`` are keys of those who must have
    cosigned the checkpoint of a log of tiles.
    """
    try:
        notes = [file.read_bytes() for file in kept]
        found = (
            _tiles(place, vkey, notes, witnesses) if is_tiles(place) else _ledger(Path(place), vkey, notes, witnesses)
        )
    except BadCheckpoint as fault:
        wrong(f"the public key cannot be used: {fault}")
    except Unreachable as fault:
        wrong(str(fault))
    except (OSError, sqlite3.Error) as fault:
        named = getattr(fault, "filename", None) or place
        wrong(f"{named}: cannot be read ({type(fault).__name__}); name the ledger's folder, and files that are there")
    if as_json:
        typer.echo(json.dumps(_plain(found), indent=2))
    else:
        _tell(found)
    if not found.ok:
        raise typer.Exit(REFUSED)


def _ledger(ledger: Path, vkey: str, notes: Sequence[bytes], witnesses: Sequence[str]) -> Report:
    """Verify the database of a ledger, with a bar on standard error."""
    if not ledger.exists():
        wrong(f"{ledger}: there is no ledger here; name its folder, such as var/ledger")
    if witnesses:
        wrong("--witness is for receipts, mirrors and addresses: a ledger's own database holds no cosignatures")
    recorded = Recorded(ledger if ledger.is_dir() else ledger.parent)
    try:
        key = Verifier(key_at(vkey)).vkey if vkey else None
        with bar("verifying") as progress:
            return verify(ledger, vkey=key, kept=notes, examine=examiner(recorded), progress=progress)
    finally:
        recorded.close()


def _tiles(place: str, vkey: str, notes: Sequence[bytes], witnesses: Sequence[str]) -> Report:
    """Verify a mirror, or a log at an address."""
    with opened(place) as read:
        log, cosigners = Log(read), witnesses_of(witnesses)
        key, examine = Verifier(key_at(vkey, log)).vkey, examiner(Books(read))
        with bar("verifying") as progress:
            return verify_log(
                log,
                key,
                kept=notes,
                witnesses=cosigners,
                examine=examine,
                progress=progress,
                ahead=is_address(place),
            )


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

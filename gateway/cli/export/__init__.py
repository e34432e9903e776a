"""``kouan export``: the transfers of a ledger as CSV, JSON Lines, XLSX or Parquet, for whoever asks to see them."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gateway import __version__
from gateway.cli.exits import wrong
from gateway.cli.export.columns import COLUMNS, values
from gateway.cli.export.query import Query
from gateway.cli.export.reading import Extent, entries, extent, row_of
from gateway.cli.export.writing import ALONE, WRITERS, Writer, beside, sidecar
from gateway.cli.facing import HEADINGS
from gateway.cli.recorded import Recorded, ledger_at
from gateway.ledger.ledger import VKEY
from gateway.vocabulary import BEIJING

STEP = 500


def export(place: Path, query: Query, *, format_: str, output: Path, language: str, force: bool, as_json: bool) -> None:
    """Write what ``query`` asks for to ``output``, whole or not at all."""
    kept = sidecar(output) if format_ in ALONE else None
    writable(output, force=force, besides=kept)
    part = output.with_name(f"{output.name}.part")
    try:
        with ledger_at(place) as recorded:
            limits = extent(recorded, vkey_of(place))
            part.touch()
            writer = WRITERS[format_](part, language)
            try:
                count = _written(recorded, limits, query, writer)
                about = _about(limits, query, count, format_, language)
            except BaseException:
                with suppress(OSError):
                    writer.close({})
                raise
            writer.close(about)
        if kept is not None:
            beside(part, output, about)
        part.replace(output)
    except OSError as fault:
        wrong(f"{output}: cannot be written ({type(fault).__name__})")
    finally:
        part.unlink(missing_ok=True)
    if as_json:
        typer.echo(json.dumps(about, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{count:,} transfers of {limits.entries:,} entries: {output}" + (f", {kept}" if kept else ""))
    for digest, whole in limits.rulebooks.items():
        if not whole:
            typer.echo(f"rulebook {digest[:12]} is not kept whole: what a basis says is left out where it is named")


def writable(output: Path, *, force: bool, besides: Path | None = None) -> None:
    """End with ``USAGE`` where ``output`` has no folder, or is there already."""
    if not output.parent.is_dir():
        wrong(f"{output}: there is no folder {output.parent}")
    for each in (output, besides):
        if each is not None and each.exists() and not force:
            wrong(f"{each}: is there already; name another file, or say --force")


def vkey_of(place: Path) -> str:
    """Return the public key beside the entries, "" where there is none."""
    file = (place if place.is_dir() else place.parent) / VKEY
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def bar() -> Progress:
    """Return a bar on standard error, gone when done."""
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("entries"), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _written(recorded: Recorded, limits: Extent, query: Query, writer: Writer) -> int:
    count = 0
    with bar() as progress:
        task = progress.add_task("export", total=limits.entries)
        for index, entry, leaf in entries(recorded, limits):
            if query.asks_for(entry):
                writer.add(values(row_of(recorded, limits, index, entry, leaf)))
                count += 1
            if index % STEP == 0:
                progress.update(task, completed=index)
    return count


def told_of(limits: Extent) -> dict[str, Any]:
    """Return what was read: the ledger at the size that it had, and the rules that its entries name."""
    return {
        "ledger": {
            "vkey": limits.vkey,
            "entries": limits.entries,
            "covered": limits.covered,
            "checkpoint": limits.checkpoint,
        },
        "rulebooks": sorted(limits.rulebooks),
        "rulebooks_lacking": sorted(digest for digest, whole in limits.rulebooks.items() if not whole),
    }


def _about(limits: Extent, query: Query, count: int, format_: str, language: str) -> dict[str, Any]:
    return {
        "product": f"kouan {__version__}",
        "exported": datetime.now(BEIJING).isoformat(timespec="seconds"),
        "format": format_,
        "language": language,
        "query": query.plain(),
        "rows": count,
        **told_of(limits),
        "verdicts": {name: dict(HEADINGS[name]) for name in ("permit", "hold", "deny")},
        "columns": [{"name": column.name, "heading": dict(column.heading)} for column in COLUMNS],
    }

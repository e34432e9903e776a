"""``kouan report``: a month of transfers in the shape that filing authorities ask for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from gateway import __version__
from gateway.cli.exits import wrong
from gateway.cli.export import STEP, bar, told_of, vkey_of, writable
from gateway.cli.export.query import Query
from gateway.cli.export.reading import Extent, entries, extent, row_of
from gateway.cli.monthly import tables
from gateway.cli.monthly.gathering import Month, month_of
from gateway.cli.monthly.papers import PACKAGE, NoFont, Paper, Print, Workbook, font_at
from gateway.cli.recorded import Recorded, ledger_at
from gateway.vocabulary import BEIJING


def report(
    place: Path,
    month: str,
    parties: Mapping[str, str],
    *,
    format_: str,
    output: Path,
    language: str,
    font: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write the report of ``month`` (``2026-11``) to ``output``; ``parties`` may name exporter, recipient, basis."""
    try:
        first, last = month_of(month)
    except ValueError:
        wrong(f"--month {month}: expected a month, such as 2026-11")
    writable(output, force=force)
    query = Query(since=first, until=last, **parties)
    title = tables.REPORT[language].format(month=month)
    part = output.with_name(f"{output.name}.part")
    try:
        part.touch()
        with ledger_at(place) as recorded:
            limits = extent(recorded, vkey_of(place))
            paper: Paper
            if format_ == "pdf":
                paper = Print(part, title, language, font_at(font), limits.entries)
            else:
                paper = Workbook(part, title, language)
            try:
                found = Month(first, last, query, language, paper.add)
                _gather(recorded, limits, found)
                about = _about(month, limits, found)
                _fill(paper, found, about)
            except BaseException:
                with suppress(OSError):
                    if isinstance(paper, Workbook):
                        paper.close()
                raise
            paper.close()
        part.replace(output)
    except NoFont:
        wrong(
            f"{font or 'fonts'}: there is no TrueType font here for Chinese; install {PACKAGE}, name one with --font, "
            "or say --format xlsx"
        )
    except OSError as fault:
        wrong(f"{output}: cannot be written ({type(fault).__name__})")
    finally:
        part.unlink(missing_ok=True)
    if as_json:
        typer.echo(json.dumps(about, ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{month}: {found.permits:,} transfers permitted, {found.refusals:,} refused or held: {output}")


def _gather(recorded: Recorded, limits: Extent, found: Month) -> None:
    end = found.last.isoformat()
    with bar() as progress:
        task = progress.add_task("report", total=limits.entries)
        for index, entry, leaf in entries(recorded, limits):
            if index % STEP == 0:
                progress.update(task, completed=index)
            told = entry["facts"]["at"] if entry["kind"] == "decision" else entry.get("at", "")
            if "rulebook" in entry and entry["kind"] != "approval" and told[:10] <= end:
                found.digest = entry["rulebook"]
            if entry["kind"] != "decision":
                found.other(index, entry)
                continue
            found.figures(entry)
            if found.query.asks_for(entry):
                found.decision(row_of(recorded, limits, index, entry, leaf))
    found.book = recorded.book(found.digest) if found.digest else None


def _about(month: str, limits: Extent, found: Month) -> dict[str, Any]:
    asked = {name: value for name, value in found.query.plain().items() if name not in ("since", "until")}
    return {
        "product": f"kouan {__version__}",
        "made": datetime.now(BEIJING).isoformat(timespec="seconds"),
        "month": month,
        "query": asked,
        "permitted": found.permits,
        "refused": found.refusals,
        **told_of(limits),
        "rulebook_at_end": found.digest,
    }


def _fill(paper: Paper, found: Month, about: Mapping[str, Any]) -> None:
    for name, value in about.items():
        inner = value if isinstance(value, dict) else {"": value}
        for part, said in inner.items():
            wording = tables.SOURCES[f"{name}.{part}" if part else name]
            shown = ", ".join(said) if isinstance(said, list) else str(said)
            paper.add(tables.ABOUT.name, [paper.said(wording), shown])
    filled = (
        (tables.ITEMS, found.items()),
        (tables.FOUND, found.categories()),
        (tables.PEOPLE, found.cumulative()),
        (tables.FILINGS, found.by_filing()),
        (tables.EXCEPTIONS, found.exceptions()),
        (tables.REASONS, found.refused()),
        (tables.ASSESSMENTS, found.assessments()),
    )
    for table, made in filled:
        for row in made:
            paper.add(table.name, row)

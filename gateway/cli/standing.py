"""``kouan standing``: every figure beside its limits, the proof that figures follow from the ledger, and erasure."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from gateway.cli.exits import REFUSED, faults_told, wrong
from gateway.headcount import Broken, Chain, Line, TooEarly, forget, overview, rows
from gateway.ledger import BadRulebook, LedgerClosed, decode
from gateway.ledger.rulebooks import unpack
from gateway.ledger.store import DATABASE, Store
from gateway.rulebook import from_files, load
from gateway.rulebook.book import Rulebook
from gateway.rulebook.strict_yaml import Faulty
from gateway.vocabulary import BEIJING

HEADINGS = {
    "en": ("exporter", "period", "scope", "count", "at most", "limit", "used"),
    "zh-Hans": ("提供方", "期间", "范围", "数量", "上限", "依据", "已用"),
    "zh-Hant": ("提供方", "期間", "範圍", "數量", "上限", "依據", "已用"),
    "pt": ("exportador", "período", "âmbito", "número", "no máximo", "limite", "usado"),
}
NOTHING = {
    "en": "nobody was counted in {year}, and there is no limit",
    "zh-Hans": "{year} 年没有累计人数,也没有上限",
    "zh-Hant": "{year} 年沒有累計人數,也沒有上限",
    "pt": "ninguém foi contado em {year}, e não há limite",
}
COLOURS = {0: "", 80: "yellow", 95: "red"}


def standing(
    ledger: Path,
    *,
    rules: Path | None,
    year: int | None,
    exporter: str,
    language: str,
    as_json: bool,
) -> None:
    """Print the figures of ``year``, by default the one that it is in Beijing, beside their limits.

    Limits are those of ``rules``, by default of the rulebook under which the ledger was last written.
    """
    today = datetime.now(BEIJING).date()
    wanted = f"{today.year if year is None else year:04}"
    with closing(_opened(ledger)) as database:
        book = _book(database) if rules is None else _loaded(rules)
        lines = overview(rows(database), book, wanted, today.isoformat())
    lines = [line for line in lines if exporter in ("", line.exporter)]
    if as_json:
        typer.echo(json.dumps([_plain(line) for line in lines], ensure_ascii=False, indent=2))
    else:
        _show(lines, wanted, language)


def prove(ledger: Path, *, as_json: bool) -> None:
    """Follow the figures through all entries, and end with ``REFUSED`` where they are no chain."""
    chain = Chain()
    broken: list[Broken] = []
    columns = (TextColumn("following"), BarColumn(), MofNCompleteColumn(), TextColumn("entries"))
    with closing(_opened(ledger)) as database, Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        database.execute("BEGIN")  # one moment for entries and figures, whatever a gateway writes meanwhile
        total = database.execute("SELECT count(*) FROM entries").fetchone()[0]
        for index, entry in bar.track(
            database.execute("SELECT number, bytes FROM entries ORDER BY number"), total=total
        ):
            broken += chain.follow(index, decode(entry))
        broken += chain.compare(rows(database))
        database.execute("COMMIT")
    if as_json:
        faults = [{"index": each.index, "text": str(each)} for each in broken]
        told = {"ok": not broken, "counted": chain.counted, "figures": len(chain.figures), "faults": faults}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for each in broken:
            typer.echo(f"WRONG  {each}")
        verdict = "NOT sound" if broken else "sound: each begins where the entry before left it"
        typer.echo(f"{len(chain.figures):,} figures over {chain.counted:,} counted transfers; {verdict}")
    if broken:
        raise typer.Exit(REFUSED)


def erase(ledger: Path, year: int, *, as_json: bool) -> None:
    """Delete the fingerprints of ``year`` and keep its figures."""
    _opened(ledger).close()
    try:
        store = Store(_folder(ledger), patience=5.0)
        with closing(store), store.writing() as database:
            gone = forget(database, year, datetime.now(BEIJING))
    except TooEarly as fault:
        wrong(str(fault))
    except LedgerClosed as fault:
        _unreadable(ledger, fault.code)
    if as_json:
        typer.echo(json.dumps({"year": year, "erased": gone}))
    else:
        typer.echo(f"{gone:,} fingerprints of {year} were erased; its figures stay")


def _folder(ledger: Path) -> Path:
    return ledger if ledger.is_dir() else ledger.parent


def _opened(ledger: Path) -> sqlite3.Connection:
    """Open for reading; a copy on a read-only medium as the immutable file it is."""
    path = _folder(ledger) / DATABASE
    if not path.is_file():
        wrong(f"{ledger}: there is no ledger here; name its folder, such as var/ledger")
    database = _read_only(path)
    if database is None:
        _unreadable(ledger, "no entries")
    return database


def _read_only(path: Path) -> sqlite3.Connection | None:
    for how in ("mode=ro", "immutable=1"):
        database = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
        try:
            database.execute("SELECT max(number) FROM entries").fetchone()
        except sqlite3.Error:
            database.close()
        else:
            return database
    return None


def _unreadable(ledger: Path, code: str) -> NoReturn:
    wrong(f"{ledger}: cannot be used ({code}); name the ledger's folder, and files that may be read")


def _book(database: sqlite3.Connection) -> Rulebook | None:
    """Return the rulebook of the newest entry that names one, where the ledger keeps it and it still loads."""
    for (entry,) in database.execute("SELECT bytes FROM entries ORDER BY number DESC LIMIT 1000"):
        digest = decode(entry).get("rulebook")
        if digest is not None:
            found = database.execute("SELECT bytes FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
            try:
                return None if found is None else from_files(unpack(found[0]))
            except (BadRulebook, Faulty):
                return None
    return None


def _loaded(rules: Path) -> Rulebook:
    with faults_told():
        return load(rules)


def _plain(line: Line) -> dict[str, Any]:
    limit = line.limit
    return {
        "exporter": line.exporter,
        "period": line.period,
        "scope": line.scope,
        "count": line.count,
        "at_most": limit.at_most if limit else None,
        "limit": f"{limit.kind}:{limit.id}" if limit else None,
        "source": limit.source if limit else None,
        "share": None if line.share is None else round(line.share, 6),
        "warning": line.warning,
    }


def _show(lines: list[Line], year: str, language: str) -> None:
    console = Console()
    if not lines:
        console.print(NOTHING[language].format(year=year))
        return
    for exporter, those in groupby(lines, key=lambda line: line.exporter):
        table = Table(
            box=None,
            pad_edge=False,
            title=f"{HEADINGS[language][0]}: {exporter}",
            title_justify="left",
            title_style="bold",
        )
        for number, heading in enumerate(HEADINGS[language][1:]):
            table.add_column(heading, justify="right" if number in (2, 3, 5) else "left", overflow="fold")
        for line in those:
            limit = line.limit
            table.add_row(
                line.period,
                line.scope,
                f"{line.count:,}",
                f"{limit.at_most:,}" if limit else "",
                f"{limit.kind} {limit.id}" if limit else "",
                "" if line.share is None else f"{line.share:.1%}{f' ≥ {line.warning} %' if line.warning else ''}",
                style=COLOURS[line.warning],
            )
        console.print(table)
        console.print()

"""The figures as tables and as JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.accuracy.measure import Example, Key, Measured, Tally, target


def _percent(figure: float | None, *, short: bool = False) -> str:
    if figure is None:
        return "-"
    written = f"{figure * 100:.2f}" if figure < 1 else "100"
    return f"[bold red]{written}*[/]" if short else written


def _rows(measured: Measured, only: str, language: str | None) -> list[tuple[Key, Tally]]:
    return [
        (key, tally)
        for key, tally in sorted(measured.tallies.items())
        if key[0].startswith(only) and (language is None or key[1] == language)
    ]


def _table(measured: Measured, only: str, language: str | None) -> Table:
    title = f"{measured.records:,} records in {measured.messages:,} messages, {measured.bytes / 1e6:.1f} MB"
    table = Table("category", "language", "setting", title=title)
    for column in ("wanted", "recall", "precision", "F1", "false", "recall ≥possible", "prec. ≥possible", "exact"):
        table.add_column(column, justify="right")
    for key, tally in _rows(measured, only, language):
        aim = target(key)
        short = aim.missed_by(tally) if aim else []
        table.add_row(
            *key,
            str(tally.wanted),
            _percent(tally.recall, short="recall" in short),
            _percent(tally.precision, short="precision" in short),
            _percent(tally.f1, short="f1" in short),
            str(tally.false_likely or ""),
            _percent(tally.recall_possible),
            _percent(tally.precision_possible),
            _percent(tally.exact / tally.wanted if tally.wanted else None),
        )
    return table


def _kinds(measured: Measured, language: str | None) -> Table:
    table = Table(
        "kind", "language", "setting", "wanted", "recall", "recall ≥possible", "exact", title="recall by kind"
    )
    for key, tally in sorted(measured.kinds.items()):
        if language in (None, key[1]):
            shares = (tally.recall, tally.recall_possible, tally.exact / tally.wanted)
            table.add_row(*key, str(tally.wanted), *map(_percent, shares))
    return table


def show(
    console: Console, measured: Measured, *, only: str = "", language: str | None = None, kinds: bool = False
) -> None:
    """Print a row for each category, language and setting; a star marks what misses its target."""
    console.print(_table(measured, only, language))
    if kinds:
        console.print(_kinds(measured, language))
    if measured.unread:
        families = escape(", ".join(sorted(set(measured.unread))[:8]))
        console.print(f"not read as written: {len(measured.unread)} messages, such as {families}")


def show_examples(
    console: Console, measured: Measured, count: int, *, only: str = "", language: str | None = None
) -> None:
    """Print up to ``count`` examples of each kind of fault in each row, no two of one family."""
    total: dict[tuple[str, ...], int] = {}
    shown: dict[tuple[str, ...], dict[str, Example]] = {}
    for one in measured.examples:
        if count and one.row.startswith(only) and language in (None, one.language):
            place = (one.row, one.fault, one.language, one.setting)
            total[place] = total.get(place, 0) + 1
            families = shown.setdefault(place, {})
            if len(families) < count:
                families.setdefault(one.family, one)
    for heading, examples in sorted(shown.items()):
        console.print(f"\n[bold]{escape(' · '.join(heading))}[/] ({total[heading]})")
        for one in examples.values():
            by = one.by or "nothing"
            console.print(escape(f"  {one.kind or '-':<12} {one.around}   <- {by}   ({one.family} {one.charset})"))


def missed(measured: Measured, *, only: str = "", language: str | None = None) -> list[str]:
    """Return the rows that miss their target, each with what falls short."""
    found = []
    for key, tally in _rows(measured, only, language):
        aim = target(key)
        if aim and (short := aim.missed_by(tally)):
            found.append(f"{'/'.join(key)} {'+'.join(short)}")
    return found


def show_missed(console: Console, missed: list[str]) -> None:
    """Print what misses its target, a line for each category."""
    by: dict[str, list[str]] = {}
    for one in missed:
        row, _, rest = one.partition("/")
        by.setdefault(row, []).append(rest)
    console.print(f"\n{len(missed)} targets missed")
    for row, each in by.items():
        console.print(escape(f"  {row}: {', '.join(each)}"))


def figures(measured: Measured) -> dict[str, Any]:
    """Return everything that was counted, for a machine."""
    rows = [
        {
            "category": category,
            "language": language,
            "setting": setting,
            "wanted": tally.wanted,
            "recall": tally.recall,
            "precision": tally.precision,
            "f1": tally.f1,
            "recall_possible": tally.recall_possible,
            "precision_possible": tally.precision_possible,
            "exact": tally.exact,
            "false": tally.false_likely,
            "false_possible": tally.false_possible,
        }
        for (category, language, setting), tally in sorted(measured.tallies.items())
    ]
    return {
        "records": measured.records,
        "messages": measured.messages,
        "bytes": measured.bytes,
        "unread": len(measured.unread),
        "rows": rows,
    }

"""The figures as tables and as JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.accuracy.measure import Example, Measured, Tally, target


def _percent(figure: float | None, short: bool = False) -> str:
    if figure is None:
        return "-"
    written = f"{figure * 100:.2f}" if figure < 1 else "100"
    return f"[bold red]{written}*[/]" if short else written


def _rows(measured: Measured, only: str, language: str | None) -> list[tuple[tuple[str, str, str], Tally]]:
    return [
        (key, tally)
        for key, tally in sorted(measured.tallies.items())
        if key[0].startswith(only) and (language is None or key[1] == language)
    ]


def show(
    console: Console, measured: Measured, *, only: str = "", language: str | None = None, kinds: bool = False
) -> None:
    """Print a row for each category, language and setting; a star marks what misses its target."""
    table = Table(
        "category",
        "language",
        "setting",
        title=f"{measured.records:,} records in {measured.messages:,} messages, {measured.bytes / 1e6:.1f} MB",
    )
    for name in ("wanted", "recall", "precision", "F1", "false", "recall ≥possible", "prec. ≥possible", "exact"):
        table.add_column(name, justify="right")
    for key, tally in _rows(measured, only, language):
        aim = target(key)
        short = aim.missed_by(tally) if aim else []
        table.add_row(
            *key, str(tally.wanted), _percent(tally.recall, "recall" in short), _percent(tally.precision, "precision" in short),
            _percent(tally.f1, "f1" in short), str(tally.false_likely or ""), _percent(tally.recall_possible),
            _percent(tally.precision_possible), _percent(tally.exact / tally.wanted if tally.wanted else None),
        )  # fmt: skip
    console.print(table)
    if kinds:
        table = Table(
            "kind",
            "language",
            "setting",
            "wanted",
            "recall",
            "recall ≥possible",
            "exact",
            title="recall by kind of value",
        )
        for name, tally in sorted(measured.kinds.items()):
            if language in (None, name[1]):
                table.add_row(
                    *name,
                    str(tally.wanted),
                    _percent(tally.recall),
                    _percent(tally.recall_possible),
                    _percent(tally.exact / tally.wanted),
                )
        console.print(table)
    if measured.unread:
        console.print(
            f"not read as written: {len(measured.unread)} messages, such as {escape(', '.join(sorted(set(measured.unread))[:8]))}"
        )


def show_examples(
    console: Console, measured: Measured, count: int, *, only: str = "", language: str | None = None
) -> None:
    """Print up to ``count`` examples of each kind of fault in each row."""
    shown: dict[tuple[str, ...], int] = {}
    total: dict[tuple[str, ...], int] = {}
    lines: dict[tuple[str, ...], list[Example]] = {}
    for one in measured.examples:
        if count and one.row.startswith(only) and language in (None, one.language):
            place = (one.row, one.fault, one.language, one.setting)
            total[place] = total.get(place, 0) + 1
            # one of a family at most, so that the few that are shown differ
            if shown.get(place, 0) < count and all(one.family != other.family for other in lines.get(place, ())):
                shown[place] = shown.get(place, 0) + 1
                lines.setdefault(place, []).append(one)
    for place in sorted(lines):
        console.print(f"\n[bold]{escape(' · '.join(place))}[/] ({total[place]})")
        for one in lines[place]:
            console.print(
                escape(
                    f"  {one.kind or '-':<12} {one.around}   <- {one.by or 'nothing'}   ({one.family} {one.charset})"
                )
            )


def missed(measured: Measured) -> list[str]:
    """Return the rows that miss their target, each with what falls short."""
    found = []
    for key, tally in sorted(measured.tallies.items()):
        aim = target(key)
        if aim and (short := aim.missed_by(tally)):
            found.append(f"{'/'.join(key)} {'+'.join(short)}")
    return found


def figures(measured: Measured) -> dict[str, Any]:
    """Return everything that was counted, for a machine."""
    return {
        "records": measured.records,
        "messages": measured.messages,
        "bytes": measured.bytes,
        "unread": len(measured.unread),
        "rows": [
            {
                "category": key[0], "language": key[1], "setting": key[2], "wanted": tally.wanted, "recall": tally.recall,
                "precision": tally.precision, "f1": tally.f1, "recall_possible": tally.recall_possible,
                "precision_possible": tally.precision_possible, "exact": tally.exact, "false": tally.false_likely,
                "false_possible": tally.false_possible,
            }
            for key, tally in sorted(measured.tallies.items())
        ],
    }  # fmt: skip

"""``kouan explain``: one recorded decision in words, from the ledger alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from gateway.cli.exits import wrong
from gateway.cli.facing import HEADINGS, facts_in_words, in_tongue, scope_in_words
from gateway.cli.recorded import Recorded, ledger_at
from gateway.decide import decision_from_record, explain, facts_from_record, standing_from_record
from gateway.decide.explaining import Explained
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Decision, Facts, Reason, Standing, Verdict

COLOURS = {Verdict.PERMIT: "green", Verdict.HOLD: "yellow", Verdict.DENY: "red"}
LINES_SHOWN = 24
"""Lines of a rule that are shown; the cases at its end are not among them."""


def tell(which: str, place: Path, language: str, *, as_json: bool) -> None:
    """Print why; end with ``USAGE`` where the ledger has no such decision."""
    with ledger_at(place) as recorded:
        index, others = _found(recorded, which, place)
        entry = recorded.entry(index)
        if entry is None or entry["kind"] != "decision":
            kind = entry["kind"] if entry else "nothing"
            wrong(f"entry {index} of {place} is no decision but {kind}; there is nothing to explain")
        book = recorded.book(entry["rulebook"])
        if book is None:
            wrong(
                f"entry {index}: its rulebook {entry['rulebook'][:12]} is not kept in {place}, or is not what its "
                "digest says; kouan verify tells more"
            )
    try:
        facts, standing = facts_from_record(entry["facts"]), standing_from_record(entry["standing"])
        decision = decision_from_record(entry["decision"])
    except (KeyError, ValueError, TypeError):
        wrong(f"entry {index}: was written by a version of the gateway whose records this one does not read")
    if as_json:
        told = _plain(index, others, facts, standing, decision, book, language)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    _show(Console(highlight=False), index, others, facts, standing, decision, book, language)


def _found(recorded: Recorded, which: str, place: Path) -> tuple[int, tuple[int, ...]]:
    """Return the entry that is meant, and others about the same exchange."""
    size = recorded.size()
    if which.isdecimal() and len(which) < 16:
        index = int(which)
        if index >= size:
            wrong(f"{place} has {size:,} entries, numbered from 0; there is no entry {index}")
        return index, ()
    found = recorded.of_transfer(which)
    if not found:
        wrong(
            f"{place}: no transfer has the id {which!r} among {size:,} entries; ids stand in refusals as 'decision', "
            "and in the log as 'transfer'; an index works too"
        )
    return found[0], found[1:]


def rule_text(reason: Reason, book: Rulebook) -> str:
    """Return the rule as its file had it, from its line on; "" where the house speaks.

    A policy is shown up to its cases, a party, basis or entry up to the next one.
    """
    name, _, line = reason.source.rpartition(":")
    data = book.files.get(name)
    if data is None or not line.isdecimal():
        return ""
    lines = data.decode("utf-8", "replace").splitlines()[int(line) - 1 :]
    indent = len(lines[0]) - len(lines[0].lstrip(" -")) if lines else 0
    kept: list[str] = []
    for number, text in enumerate(lines):
        depth = len(text) - len(text.lstrip(" "))
        if number and (text.startswith("cases:") or (indent and text.strip() and depth < indent)):
            break
        kept.append(text)
        if len(kept) == LINES_SHOWN:
            kept.append(" " * indent + "# ...")
            break
    return "\n".join(kept).rstrip()


def _plain(
    index: int,
    others: tuple[int, ...],
    facts: Facts,
    standing: Standing,
    decision: Decision,
    book: Rulebook,
    language: str,
) -> dict[str, Any]:
    explained = list(zip(decision.reasons, explain(decision, language, book), strict=True))
    return {
        "index": index,
        "transfer": facts.transfer,
        "about": facts.about,
        "others": list(others),
        "rulebook": book.digest,
        "verdict": decision.verdict.name,
        "entry": decision.entry,
        "basis": decision.basis,
        "reasons": [
            {
                "code": reason.code,
                "rule": reason.rule,
                "source": reason.source,
                "statute": reason.statute,
                "verdict": reason.verdict.name,
                "sentence": said.sentence,
                "remedy": said.remedy,
                "text": rule_text(reason, book),
            }
            for reason, said in explained
        ],
        "needed": needed(explained, decision),
        "obligations": [
            {"kind": duty.kind, "category": duty.category, "keep_last": duty.keep_last, "rule": duty.rule}
            for duty in decision.obligations
        ],
        "facts": [{"what": what, "is": said} for what, said in facts_in_words(facts, language, book)],
        "standing": {"before": dict(standing.before), "after": dict(standing.after)},
    }


def needed(explained: list[tuple[Reason, Explained]], decision: Decision) -> list[str]:
    """Return what would have to change for a permit: the remedies of all that stood against it, each once."""
    if decision.verdict is Verdict.PERMIT:
        return []
    against = [said.remedy for reason, said in explained if reason.verdict is not Verdict.PERMIT and said.remedy]
    return list(dict.fromkeys(against))


def _show(
    console: Console,
    index: int,
    others: tuple[int, ...],
    facts: Facts,
    standing: Standing,
    decision: Decision,
    book: Rulebook,
    language: str,
) -> None:
    heading: Mapping[str, str] = {name: in_tongue(said, language) for name, said in HEADINGS.items()}
    colour = COLOURS[decision.verdict]
    title = Text(f"{heading[decision.verdict.name.lower()]}", style=f"bold {colour}")
    title.append(f"  {facts.transfer}", style="not bold default")
    console.print(title)
    explained = list(zip(decision.reasons, explain(decision, language, book), strict=True))
    _room(console, heading["why"], _reasons(explained, book))
    if wanted := needed(explained, decision):
        _room(console, heading["needed"], Group(*(Text(f"{n}. {said}") for n, said in enumerate(wanted, 1))))
    if decision.obligations:
        lines = [
            Text(f"• {heading.get(duty.kind, duty.kind)} {duty.category}, {duty.rule}") for duty in decision.obligations
        ]
        _room(console, heading["duties"], Group(*lines))
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for what, said in facts_in_words(facts, language, book):
        table.add_row(what, Text(said))
    _room(console, heading["facts"], table)
    if standing.before or standing.after:
        _room(console, heading["standing"], _counts(standing, language, heading))
    receipt = f"{heading['entry']} {index}"
    if others:
        receipt += f" ({heading['others']} {', '.join(map(str, others))})"
    _room(console, heading["receipt"], Text(f"{receipt}\n{heading['rulebook']} {book.digest}"))


def _room(console: Console, title: str, what: RenderableType) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    console.print(Padding(what, (0, 0, 0, 2)))


def _reasons(explained: list[tuple[Reason, Explained]], book: Rulebook) -> RenderableType:
    lines: list[RenderableType] = []
    for reason, said in explained:
        lines.append(Text(f"• {said.sentence}", style=COLOURS[reason.verdict]))
        origin = ", ".join(filter(None, (reason.source or reason.rule, said.statute)))
        lines.append(Text(f"  {origin}", style="dim"))
        if text := rule_text(reason, book):
            lines.append(Padding(Syntax(text, "yaml", background_color="default", word_wrap=True), (0, 0, 0, 4)))
    return Group(*lines)


def _counts(standing: Standing, language: str, heading: Mapping[str, str]) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(heading["counted"])
    table.add_column(heading["before"], justify="right")
    table.add_column(heading["after"], justify="right")
    for scope in sorted({**standing.before, **standing.after}):
        before, after = standing.before.get(scope, 0), standing.after.get(scope, 0)
        table.add_row(scope_in_words(scope, language), f"{before:,}", f"{after:,}")
    return table

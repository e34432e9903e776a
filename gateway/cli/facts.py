"""``kouan facts``: the table of what a policy may ask about, for people and for machines."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.cli.exits import wrong
from gateway.rulebook.facts import ANY, FACTS, OPERATORS, RISING, Fact, Kind, words_of

USUAL = {Kind.FLAG: "is", Kind.NUMBER: "at_least", Kind.DAY: "since"}
"""What is asked where a value stands alone; ``any_of`` of the other kinds."""
_WRITTEN = {
    Kind.TEXT: "[a, b]",
    Kind.TEXTS: "[a, b]",
    Kind.NUMBER: "100",
    Kind.FLAG: "true",
    Kind.DAY: "2027-01-01",
}


def plain(fact: Fact) -> dict[str, Any]:
    """One fact as JSON."""
    return {
        "name": fact.name,
        "kind": fact.kind.value,
        "meaning": fact.meaning,
        "values": list(words_of(fact)),
        "grows": fact.grows,
        "operators": {name: said for name, said in OPERATORS[fact.kind].items() if not fact.grows or name in RISING},
        "alone": USUAL.get(fact.kind, "any_of"),
    }


def chosen(name: str) -> list[Fact]:
    """Return the fact of that name with those below it; all for ""."""
    if not name:
        return list(FACTS.values())
    return [fact for fact in FACTS.values() if fact.name == name or fact.name.startswith(f"{name}.")]


def row(fact: Fact) -> str:
    """One fact as a row of Markdown."""
    return f"| `{fact.name}` | {fact.kind.value}{', grows' if fact.grows else ''} | {fact.meaning} |"


def tell(name: str, *, as_json: bool, markdown: bool = False) -> None:
    """Print the facts of that name; end with ``USAGE`` where there are none."""
    found = chosen(name)
    if not found:
        alike = get_close_matches(name, FACTS, n=1)
        wrong(f"there is no fact '{name}'; " + (f"did you mean '{alike[0]}'?" if alike else "kouan facts lists all"))
    if as_json:
        typer.echo(json.dumps([plain(fact) for fact in found], ensure_ascii=False, indent=2))
        return
    if markdown:
        typer.echo("\n".join(["| fact | kind | what it is |", "|---|---|---|", *map(row, found)]))
        return
    console = Console(highlight=False)
    if len(found) == 1:
        _one(console, found[0])
    else:
        _all(console, found)


def _all(console: Console, found: list[Fact]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("fact", "kind", "meaning", "values"):
        table.add_column(column, overflow="fold")
    for fact in found:
        name = Text(fact.name, style="bold")
        name.append(" +" if fact.grows else "", style="yellow")
        table.add_row(name, fact.kind.value, fact.meaning, ", ".join(value or '""' for value in words_of(fact)))
    console.print(table)
    console.print()
    if any(fact.grows for fact in found):
        console.print(Text("+ grows with what is found: a policy may ask how much there is at least, and nothing else"))
    kinds = {fact.kind for fact in found}
    for kind in Kind:
        if kind in kinds:
            asked = ", ".join(OPERATORS[kind])
            console.print(Text(f"{kind.value}: {asked}; a value alone means {USUAL.get(kind, 'any_of')}", style="dim"))


def _one(console: Console, fact: Fact) -> None:
    told = plain(fact)
    console.print(Text(fact.name, style="bold"), Text(f"({fact.kind.value})"))
    console.print(Text(f"  {fact.meaning}"))
    if told["values"]:
        console.print(Text("  values: " + ", ".join(value or '""' for value in told["values"])))
    console.print(Text("  asked as:"))
    for operator, said in told["operators"].items():
        value = _WRITTEN[fact.kind]
        console.print(Text(f"    {fact.name}: {{{operator}: {value}}}".ljust(52) + said))
    console.print(Text(f"    {fact.name}: {_WRITTEN[fact.kind]}".ljust(52) + f"short for {told['alone']}"))
    if fact.grows:
        if fact.kind is Kind.TEXTS:
            console.print(Text(f"    {fact.name}: {ANY}".ljust(52) + "whichever it is"))
        console.print(Text("  It grows with what is found, so nothing may be asked that more of it would undo."))

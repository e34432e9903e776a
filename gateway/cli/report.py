"""``kouan check``: print what ``check`` found, for people or for machines."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from gateway.cli.check import check
from gateway.cli.exits import FINE


def report(rules: Path, whitelist: Path | None = None, *, as_json: bool) -> None:
    """Check the rules below ``rules`` and end with the exit code that says how it went."""
    found = check(rules, whitelist=whitelist)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        *lines, verdict = found.lines()
        for line in lines:
            typer.echo(line)
        typer.secho(verdict, bold=True, fg="green" if found.exit_code == FINE else "red")
    if found.exit_code != FINE:
        raise typer.Exit(found.exit_code)

"""``kouan whitelist``: list what may flow, register a flow, end one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import EXIT_CODES
from gateway.cli.flags import AsJson, Rules

app = typer.Typer(
    name="whitelist",
    no_args_is_help=True,
    help="List what may flow, register a flow, or end one, in the whitelist.yaml of a folder of rules.\n\n"
    "A change is tried on all the rules before it is written, is shown, and touches nothing else of the file.",
    epilog=EXIT_CODES,
)

_Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], metavar="DAY", show_default="today")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking once more.")]


def _flag(metavar: str, text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar=metavar, help=text, show_default=False)
    return option


@app.command("list", epilog=EXIT_CODES)
def list_(
    rules: Rules = Path(),
    on: _Day = None,
    expiring: Annotated[
        int | None, typer.Option(metavar="DAYS", min=0, help="Only what is in force and ends within so many days.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the entries: parties, direction, basis, last day, state and ceilings.

    By example:

    * `kouan whitelist list`

    * `kouan whitelist list --expiring 60`

    * `kouan whitelist list --on 2027-01-01 --json`
    """
    from gateway.cli.whitelist.listing import tell

    tell(rules, on.date() if on else None, expiring, as_json=as_json)


@app.command("expire", epilog=EXIT_CODES)
def expire_(
    entry: Annotated[str, typer.Argument(metavar="ID", help="Id of the entry.")],
    on: _Day = None,
    rules: Rules = Path(),
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """End an entry: set its last day, today or an earlier or later one, never later than it is.

    The entry stays in the file, since records name it.

    By example:

    * `kouan whitelist expire zhuhai-macao-bookings`

    * `kouan whitelist expire zhuhai-macao-applications --on 2026-12-31 --rules /etc/kouan`
    """
    from gateway.cli.whitelist.changing import expire

    expire(entry, on.date() if on else None, rules, dry_run=dry_run, yes=yes)


@app.command("add", epilog=EXIT_CODES)
def add_(
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE|-", help="An entry in YAML, written as in the whitelist.")
    ] = None,
    id: Annotated[str, _flag("ID", "Id of the entry.")] = "",
    title: Annotated[str, _flag("TEXT", "Title in English.")] = "",
    title_zh_hans: Annotated[str, _flag("TEXT", "Title in Simplified Chinese; the English one where left out.")] = "",
    title_zh_hant: Annotated[str, _flag("TEXT", "Title in Traditional Chinese.")] = "",
    title_pt: Annotated[str, _flag("TEXT", "Title in Portuguese.")] = "",
    exporter: Annotated[str, _flag("PARTY", "Whose data leave.")] = "",
    recipient: Annotated[str, _flag("PARTY", "Who receives them.")] = "",
    carried_in: Annotated[str, _flag("request|response", "Which half of the exchange bears the data.")] = "",
    host: Annotated[str, _flag("HOST", "The host that is called.")] = "",
    port: Annotated[str, _flag("PORT", "Where it listens; 443 where left out.")] = "",
    methods: Annotated[str, _flag("LIST", "Methods, with commas.")] = "",
    paths: Annotated[str, _flag("LIST", "Path templates, with commas.")] = "",
    media_types: Annotated[str, _flag("LIST", "Media types, with commas.")] = "",
    basis: Annotated[str, _flag("ID", "The legal basis.")] = "",
    categories: Annotated[str, _flag("LIST|none", "Categories of data; those of the basis where left out.")] = "",
    purpose: Annotated[str, _flag("TEXT", "What the data are for.")] = "",
    since: Annotated[str, _flag("DAY", "First day; today where left out.")] = "",
    until: Annotated[str, _flag("DAY", "Last day; that of the basis where left out.")] = "",
    owner: Annotated[str, _flag("NAME", "Who answers for it.")] = "",
    reviewer: Annotated[str, _flag("NAME", "Who checks it; another person.")] = "",
    dataset: Annotated[str, _flag("ID", "The dataset that the data keep to.")] = "",
    mask: Annotated[str, _flag("LIST", "What is masked: pi.contact.phone/4 keeps the last four.")] = "",
    ceilings: Annotated[str, _flag("LIST", "Such as transfers/day=2000,individuals/year=5000.")] = "",
    retention_days: Annotated[str, _flag("DAYS", "How long the recipient keeps it.")] = "",
    onward: Annotated[str, _flag("none|same_jurisdiction|any", "What the recipient may pass on.")] = "",
    consent: Annotated[str, _flag("TEXT", "per_subject, batch:REFERENCE or not_the_basis.")] = "",
    observe_until: Annotated[str, _flag("DAY", "Watch dataset and ceilings only, until that day.")] = "",
    rules: Rules = Path(),
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Register a flow. On a terminal it asks for whatever no flag says, with a hint and what it would fill in.

    For scripts everything is said by flags, or is written as YAML in a file. What goes the other way (`counterflow`)
    is none; an entry that needs more than the questions ask for is written in a file and added with --from.

    By example:

    * `kouan whitelist add`

    * `kouan whitelist add --from permits.yaml --yes`

    * `kouan whitelist add --exporter zhuhai-e-service --recipient macao-counter --dry-run`
    """
    from gateway.cli.whitelist.changing import add

    given = {name: value for name, value in locals().items() if isinstance(value, str) and value}
    add(given, source, rules, dry_run=dry_run, yes=yes)

"""The officer's commands as the command line knows them: ``facts``, ``explain``, ``replay``, ``diff``, ``whitelist``.

Each imports what it needs when it is called.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import EXIT_CODES
from gateway.cli.flags import AsJson, Language
from gateway.cli.whitelist import app as whitelist

LedgerFolder = Annotated[
    Path | None,
    typer.Option(
        "--ledger",
        metavar="LEDGER",
        help="The ledger: its file, or the folder that holds it.",
        show_default="ledger in the state folder",
    ),
]
StateDir = Annotated[
    Path,
    typer.Option(
        "--state-dir", envvar="KOUAN_STATE_DIR", metavar="DIR", help="State folder of the gateway.", show_default="var"
    ),
]


def facts_(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="A fact, or the beginning of several.")] = "",
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as README has it.")] = False,
) -> None:
    """List what a policy may ask about: names, values, meanings, and what may be asked of each.

    A fact that grows can only rise, or gain members, when more is found in a payload; a policy may then ask only what
    such growth cannot undo.

    By example:

    * `kouan facts`

    * `kouan facts basis`

    * `kouan facts recipient.jurisdiction --json`
    """
    from gateway.cli.facts import tell

    tell(name, as_json=as_json, markdown=markdown)


def explain_(
    which: Annotated[str, typer.Argument(metavar="ID", help="Id of a transfer, or index of a ledger entry.")],
    ledger: LedgerFolder = None,
    state_dir: StateDir = Path("var"),
    language: Annotated[Language, typer.Option("--lang", help="Language of the sentences.")] = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Say why a transfer was permitted, held or refused, from the ledger alone.

    Shown are each reason down to the line of its rule and the statute, the rule as it stood in the rulebook of that
    day, the facts in plain words, the counts before and after, the duties, and what would have to change. A ledger
    holds no payload, so none is shown.

    By example:

    * `kouan explain 4711`

    * `kouan explain 5f0c7a52-5d0b-4f0e-8d53-0f3f5a1b2c3d --lang zh-Hant`

    * `kouan explain 4711 --ledger /mnt/copy/ledger --json`
    """
    from gateway.cli.explain import tell

    tell(which, ledger or state_dir / "ledger", language.value, as_json=as_json)


DAY_FORMATS = ["%Y-%m-%d"]


def replay_(
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY_FORMATS, metavar="DAY", help="First day, in Beijing time.", show_default="the first"),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=DAY_FORMATS, metavar="DAY", help="Last day, in Beijing time.", show_default="the last"),
    ] = None,
    rulebook: Annotated[
        str,
        typer.Option(
            metavar="DIR|DIGEST|live",
            help="Decide under these rules: a folder, a digest that the ledger keeps, or those in force.",
            show_default="those of the day",
        ),
    ] = "",
    ledger: LedgerFolder = None,
    state_dir: StateDir = Path("var"),
    as_json: AsJson = False,
) -> None:
    """Decide past transfers again, from the facts that the ledger keeps.

    Without --rulebook it is a proof: every decision must follow from its recorded facts, its counts and the rulebook
    of its day; the exit code is 1 if one does not. With --rulebook it shows what other rules would have come to:
    what stays, what flips (refusals that would be permits first), and what cannot be known since a fact is not in the
    ledger, such as the path of a request; each missing fact is named. The exit code is 1 if anything flips.

    By example:

    * `kouan replay`

    * `kouan replay --since 2026-10-01 --until 2026-10-31 --rulebook /etc/kouan-draft`

    * `kouan replay --since 2026-10-01 --rulebook draft --json | jq .flips`
    """
    from gateway.cli.replay import replay

    replay(
        ledger or state_dir / "ledger",
        since.date() if since else None,
        until.date() if until else None,
        rulebook,
        as_json=as_json,
    )


def diff_(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A folder of rules, a digest that the ledger keeps, or live.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")],
    on: Annotated[
        datetime | None,
        typer.Option(formats=DAY_FORMATS, metavar="DAY", help="As of that day.", show_default="today, in Beijing time"),
    ] = None,
    ledger: LedgerFolder = None,
    state_dir: StateDir = Path("var"),
    as_json: AsJson = False,
) -> None:
    """Say in words what a change of rules does: who may now send what to whom that could not before, and the reverse.

    It is found out by deciding: for every way that an entry opens and every category that it lists, a message about one
    person is decided under both. Then come the changes themselves: entries, bases, dates, ceilings, duties, datasets,
    policies with their conditions, and which cases of policies come to another verdict. `live` are the rules that
    the ledger saw last. Exit code 0: nothing differs; 1: something does; 2: a side cannot be read.

    By example:

    * `kouan diff live /etc/kouan-draft`

    * `kouan diff /etc/kouan /etc/kouan-draft --on 2027-01-01`

    * `kouan diff 04bc30a54658 live --ledger /mnt/copy/ledger --json`
    """
    from gateway.cli.diff import diff

    diff(old, new, ledger or state_dir / "ledger", on.date() if on else None, as_json=as_json)


def add(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command("facts", epilog=EXIT_CODES)(facts_)
    app.command("explain", epilog=EXIT_CODES)(explain_)
    app.command("replay", epilog=EXIT_CODES)(replay_)
    app.command("diff", epilog=EXIT_CODES)(diff_)
    app.add_typer(whitelist)

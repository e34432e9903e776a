"""``kouan approve`` as the command line knows it; what it does is in ``approving``, imported when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import EXIT_CODES
from gateway.cli.flags import AsJson, Language, Rules


def approve_(
    target: Annotated[
        str,
        typer.Argument(
            metavar="[DIGEST|ROOT]",
            help="The folder of the rules, or the digest that it must have.",
            show_default=False,
        ),
    ] = "",
    rules: Rules = Path(),
    state_dir: Annotated[
        Path,
        typer.Option(metavar="DIR", envvar="KOUAN_STATE_DIR", help="State folder of the gateway, with its ledger."),
    ] = Path("var"),
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Your private key; you sign with it.")] = None,
    new_key: Annotated[
        str, typer.Option("--new-key", metavar="NAME", help="Make a private key, NAME.pem or --key FILE, for NAME.")
    ] = "",
    officers: Annotated[
        bool, typer.Option("--officers", help="Sign for other officers (approvals.yaml), not for rules.")
    ] = False,
    show: Annotated[bool, typer.Option("--list", help="Show who is in office, what waits, and who signed.")] = False,
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="First line: the passphrase.", show_default="it is asked for")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Sign without being asked once more.")] = False,
    language: Annotated[Language, typer.Option(help="Language of the sentences.")] = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Show what other rules would change, and sign them; or make a key, or show what still waits for signatures.

    Approvals are turned on by a file `approvals.yaml` beside `whitelist.yaml`, which lists the officers' public keys:

        # yaml-language-server: $schema=gateway/rulebook/schemas/approvals.json

        required: 2

        officers: a list of `key: LINE` with `role: owner` or `role: reviewer`

    From then on rules go live, at the start and while the gateway runs, only with the signatures of so many different
    people, one of whom at least is a reviewer; without them the old rules stay. What is signed is this change, from the
    rules in force to the new ones, once; the signature goes into `approvals/DIGEST.note` and into the ledger. Other
    officers, or none, need the signatures of those in office (--officers).

    By example:

    * `kouan approve --new-key lam`

    * `kouan approve --list`

    * `kouan approve /etc/kouan --state-dir /var/lib/kouan --key lam.pem`

    * `kouan approve --officers --key lam.pem`

    The exit code of --list is 1 while signatures are lacking.
    """
    from gateway.cli import approving

    wanted = approving.Wanted(target, rules, state_dir, key, passphrase_file, yes, language.value, as_json)
    if new_key:
        approving.make(new_key, wanted)
    elif show:
        approving.show(wanted)
    else:
        approving.approve(wanted, officers=officers)


def add_approve(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("approve", epilog=EXIT_CODES)(approve_)

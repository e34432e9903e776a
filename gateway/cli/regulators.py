"""The regulator's commands as the command line knows them: ``open``, ``forget``, ``export``, ``report``.

Each imports what it needs when it is called.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import EXIT_CODES
from gateway.cli.flags import AsJson, Language
from gateway.cli.officers import DAY_FORMATS, LedgerFolder, StateDir

Which = Annotated[str, typer.Argument(metavar="ID|INDEX", help="Id of a transfer, or index of a ledger entry.")]


Exporter = Annotated[str, typer.Option(metavar="ID", help="This party, or group of parties, alone.")]
Recipient = Annotated[str, typer.Option(metavar="ID", help="The same.")]
Basis = Annotated[str, typer.Option(metavar="ID", help="On this legal basis alone.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


class ExportFormat(StrEnum):
    """The formats of ``kouan export``."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSONL = "jsonl"


class ReportFormat(StrEnum):
    """The formats of ``kouan report``."""

    XLSX = "xlsx"
    PDF = "pdf"


class VerdictName(StrEnum):
    """Verdicts as the ledger writes them."""

    PERMIT = "permit"
    HOLD = "hold"
    DENY = "deny"


def open_(
    which: Which,
    payload: Annotated[Path, typer.Option("--payload", metavar="FILE|-", help="The body in question; - reads input.")],
    released: Annotated[
        bool, typer.Option("--released", help="Ask about what was released, not about what came in.")
    ] = False,
    ledger: LedgerFolder = None,
    state_dir: StateDir = Path("var"),
    language: Annotated[Language, typer.Option("--lang", help="Language of the sentence.")] = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Show whether this very payload was the one that an entry commits to.

    The ledger holds no payload, only a salted commitment to it; the salt (nonce) is kept apart. Whoever has the payload
    can so be shown right or wrong, to the byte. Once the nonce is erased (kouan forget), nothing can be shown any more.
    That the entry itself is genuine is what kouan verify shows.

    By example:

    * `kouan open 4711 --payload application.json`

    * `kouan open 5f0c7a52-5d0b-4f0e-8d53-0f3f5a1b2c3d --payload sent.json --released --json`

    The exit code is 0 where it was this one, 1 where it was not, 2 where nothing can be shown.
    """
    from gateway.cli.open import show

    show(which, payload, ledger or state_dir / "ledger", language.value, released=released, as_json=as_json)


def forget_(
    which: Annotated[
        str, typer.Argument(metavar="[ID|INDEX]", help="Id of a transfer (both legs), or index of an entry.")
    ] = "",
    before: Annotated[
        datetime | None,
        typer.Option(formats=DAY_FORMATS, metavar="DAY", help="All transfers before that day, in Beijing time."),
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="All transfers whose time of keeping is over.")] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it will stand in the ledger.")] = "",
    by: Annotated[
        str, typer.Option(metavar="NAME", help="Who asks for it.", show_default="the user of this system")
    ] = "",
    early: Annotated[bool, typer.Option("--early", help="Also what must still be kept.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without being asked once more.")] = False,
    ledger: LedgerFolder = None,
    state_dir: StateDir = Path("var"),
    as_json: AsJson = False,
) -> None:
    """Erase the nonces that open commitments: the ledger stays whole, and its commitments say nothing any more.

    They are kept for KOUAN_RETENTION_YEARS (three) after the later of the transfer and the end of its basis. What must
    still be kept goes with --early alone. The erasure is an entry of the ledger itself: how many, of which entries, up
    to which day, why, by whom. A gateway may run meanwhile. There is no way back, and none around copies of the ledger
    that were made before.

    By example:

    * `kouan forget --due --yes`

    * `kouan forget --before 2023-01-01 --reason "time is over, file 17/2026"`

    * `kouan forget 4711 --early --reason "request of the person concerned" --by lam`

    The exit code is 1 where something must still be kept; nothing is erased then.
    """
    from gateway.cli.forget import Wish, forget

    wish = Wish(which, before.date() if before else None, due, early, reason, by)
    forget(ledger or state_dir / "ledger", wish, yes=yes, as_json=as_json)


def export_(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where it goes.")],
    format_: Annotated[
        ExportFormat | None, typer.Option("--format", help="Kind of file.", show_default="by the file's name, else csv")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY_FORMATS, metavar="DAY", help="First day, in Beijing time.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=DAY_FORMATS, metavar="DAY", help="Last day, in Beijing time.")
    ] = None,
    exporter: Exporter = "",
    recipient: Recipient = "",
    entry: Annotated[str, typer.Option(metavar="ID", help="Under this whitelist entry alone.")] = "",
    basis: Basis = "",
    verdict: Annotated[VerdictName | None, typer.Option(help="Decided like this.", show_default="any")] = None,
    category: Annotated[
        str, typer.Option(metavar="CATEGORY", help="In which this was found, or what stands under it: pi.contact.")
    ] = "",
    language: Annotated[Language, typer.Option(help="Language of the headings.")] = Language.EN,
    ledger: LedgerFolder = None,
    state_dir: StateDir = Path("var"),
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Export transfers, one row each: parties, people, categories, basis with its filing number, decision, counts.

    In the file, or beside it as FILE.about.json (csv, jsonl), stand the query, the number of rows, the ledger's size
    and newest checkpoint, the digests of the rulebooks, and the headings in four languages. There is no payload in a
    ledger, so there is none here. It reads while a gateway writes, up to the entry that is newest at the start; memory
    does not grow with the ledger. CSV is UTF-8 with a byte order mark; text that a spreadsheet would take for a formula
    begins with an apostrophe.

    By example:

    * `kouan export -o may.xlsx --since 2026-05-01 --until 2026-05-31 --language zh-Hans`

    * `kouan export -o macao.csv --recipient macao-counter --verdict permit --category pi.contact`

    * `kouan export -o all.parquet --ledger /mnt/copy/ledger --json`
    """
    from gateway.cli.export import export
    from gateway.cli.export.query import Query

    query = Query(
        since.date() if since else None,
        until.date() if until else None,
        exporter,
        recipient,
        entry,
        basis,
        verdict.value if verdict else "",
        category,
    )
    suffix = output.suffix.removeprefix(".").lower()
    chosen = format_ or (ExportFormat(suffix) if suffix in set(ExportFormat) else ExportFormat.CSV)
    export(
        ledger or state_dir / "ledger",
        query,
        format_=chosen.value,
        output=output,
        language=language.value,
        force=force,
        as_json=as_json,
    )


def report_(
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month, in Beijing time.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where it goes.", show_default="report-MONTH.FORMAT"),
    ] = None,
    format_: Annotated[
        ReportFormat | None,
        typer.Option("--format", help="Kind of file.", show_default="by the file's name, else xlsx"),
    ] = None,
    exporter: Exporter = "",
    recipient: Recipient = "",
    basis: Basis = "",
    language: Annotated[Language, typer.Option(help="Language of headings and notes.")] = Language.EN,
    font: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TrueType font for PDF.", show_default="a free one of Debian"),
    ] = None,
    ledger: LedgerFolder = None,
    state_dir: StateDir = Path("var"),
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Report a month: data items by scenario, people of the year by class and basis, transfers by filing number.

    Besides: categories found, exceptions, refusals by reason and one by one, and the index of impact assessments, each
    a sheet or a section, headed in the language that is asked for. A PDF has its font inside and lists the first
    thousand transfers; an XLSX lists a million. All of it comes from the ledger: the size, the checkpoint and the
    rulebooks by which it can be made again are on the first page.

    By example:

    * `kouan report --month 2026-11`

    * `kouan report --month 2026-11 --exporter zhuhai-e-service --language zh-Hans -o november.pdf`

    * `kouan report --month 2026-11 --basis zhuhai-macao-contract --language pt --ledger /mnt/copy/ledger`
    """
    from gateway.cli.monthly import report

    suffix = output.suffix.removeprefix(".").lower() if output else ""
    chosen = format_ or (ReportFormat(suffix) if suffix in set(ReportFormat) else ReportFormat.XLSX)
    report(
        ledger or state_dir / "ledger",
        month,
        {"exporter": exporter, "recipient": recipient, "basis": basis},
        format_=chosen.value,
        output=output or Path(f"report-{month}.{chosen.value}"),
        language=language.value,
        font=font,
        force=force,
        as_json=as_json,
    )


def add_regulators(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command("open", epilog=EXIT_CODES)(open_)
    app.command("forget", epilog=EXIT_CODES)(forget_)
    app.command("export", epilog=EXIT_CODES)(export_)
    app.command("report", epilog=EXIT_CODES)(report_)

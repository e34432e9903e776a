"""The command line: ``kouan run``, ``demo``, ``try``, ``check``, ``learn``, ``verify``, and what ``officers``,
``approve`` and ``regulators`` add.

Each command imports what it needs when it is called, so that ``kouan --help`` and ``kouan try`` start at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.approve import add_approve
from gateway.cli.exits import EXIT_CODES
from gateway.cli.flags import AsJson, Language, Rules, Whitelist, with_settings
from gateway.cli.officers import add
from gateway.cli.receipt import add_receipts
from gateway.cli.regulators import add_regulators

app = typer.Typer(
    name="kouan",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Kouan 口岸, a whitelist gateway for data that cross between mainland China, Hong Kong and Macao.\n\n"
    'Start with `kouan demo`; then `echo \'{"phone": "13800138000"}\' | kouan try -`.',
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _run(flags: dict[str, str | None]) -> None:
    """Run the gateway: judge, record and release real traffic until told to stop (SIGTERM, Ctrl-C).

    A flag wins over the environment, which wins over the default. With bad rules or settings the gateway does not
    open: each fault is told as file:line:column, and the exit code is 2.

    By example:

    * `kouan run --rules /etc/kouan --state-dir /var/lib/kouan --workers 2`

    * `kouan run --mode reverse:https://exchange.internal.example --listen-host 0.0.0.0 --listen-port 443`

    * `KOUAN_LISTEN_PORT=3128 KOUAN_CLIENT_CA=parties.pem kouan run`
    """
    from gateway.cli.run import run

    run(flags)


app.command("run", epilog=EXIT_CODES)(with_settings(_run))


@app.command("try", epilog=EXIT_CODES)
def try_(
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="The payload; - reads standard input.")],
    rules: Rules = Path(),
    whitelist: Whitelist = None,
    entry: Annotated[
        str, typer.Option(metavar="ID", help="Judge as if sent under this whitelist entry: its parties, host, leg.")
    ] = "",
    exporter: Annotated[str, typer.Option(metavar="PARTY", help="Whose data leave.")] = "",
    recipient: Annotated[str, typer.Option(metavar="PARTY", help="Who receives.")] = "",
    leg: Annotated[str, typer.Option(metavar="request|response", help="Half of the exchange.")] = "",
    host: Annotated[str, typer.Option(metavar="HOST[:PORT]", help="Where the request goes.")] = "",
    method: Annotated[str, typer.Option(metavar="METHOD", help="Method of the request.")] = "",
    path: Annotated[str, typer.Option(metavar="PATH", help="Path and query of the request.")] = "",
    media_type: Annotated[
        str,
        typer.Option(metavar="TYPE", help="Media type of the payload.", show_default="by the file's name and content"),
    ] = "",
    http: Annotated[
        bool, typer.Option("--http", help="The file is a whole raw HTTP message: start line, headers, body.")
    ] = False,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help="The file is a stream of lines, {id, text} or {id, method, target, headers, body_b64}; one line of "
            "JSON comes out for each, in order, at once.",
        ),
    ] = False,
    as_json: AsJson = False,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show payload text, not only places and lengths.")
    ] = False,
    language: Annotated[Language, typer.Option(help="Language of the sentences.")] = Language.EN,
) -> None:
    """Walk one payload through the whole house with no network, and show what each room makes of it.

    Shown are the values read, the findings with their evidence, the decision with its reasons, and what would leave.
    It is the same corridor as the gateway's, without guests of presidio. Nothing is sent and nothing is recorded.

    By example:

    * `echo '{"phone": "13800138000"}' | kouan try -`

    * `kouan try application.json --entry ID --show-values --language zh-Hant`

    * `kouan try request.http --http --json | jq .decision`

    * `kouan try corpus.jsonl --jsonl > results.jsonl`

    With --json, `start` and `end` count code points of the value at `where`. The exit code is 0 where the transfer
    would be permitted and 1 where not; with --jsonl it is 0 once the stream was read, and a line that cannot be
    read gets an `error` of its own.
    """
    from gateway.cli.attempt import attempt

    attempt(
        file,
        rules,
        {
            "entry": entry,
            "exporter": exporter,
            "recipient": recipient,
            "leg": leg,
            "host": host,
            "method": method,
            "path": path,
        },
        whitelist,
        media_type=media_type,
        http=http,
        jsonl=jsonl,
        as_json=as_json,
        values=show_values,
        language=language.value,
    )


@app.command("check", epilog=EXIT_CODES)
def check_(rules: Rules = Path(), whitelist: Whitelist = None, as_json: AsJson = False) -> None:
    """Check the rules: syntax, references, and every case that policies and recognisers carry.

    Each fault is told as file:line:column with what is wrong and what to do.

    By example:

    * `kouan check`

    * `kouan check --rules /etc/kouan && systemctl restart kouan`

    * `kouan check --whitelist scenarios/kiosks/whitelist.yaml`

    * `kouan check --json`
    """
    from gateway.cli.report import report

    report(rules, whitelist, as_json=as_json)


@app.command("learn", epilog=EXIT_CODES)
def learn_(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of the dataset: datasets/ID.yaml.")],
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE|DIR|-...", help="Payloads or folders; - reads standard input.")
    ],
    rules: Rules = Path(),
    media_type: Annotated[
        str,
        typer.Option(metavar="TYPE", help="Media type of the payloads.", show_default="by each file's name, content"),
    ] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Ask about each field, then write datasets/ID.yaml.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take every field as it was seen, and write the file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Derive a candidate dataset from samples of traffic: its fields, types, lengths and categories, never values.

    A dataset names every field that an entry may carry; what it does not name is a violation. This command looks at
    payloads that you hold, says of each field how often and how long it was and what the recognisers saw in it, and
    writes a file for you to correct. It learns what is sent, not what may be sent: that is yours to decide.

    Without --accept or --yes the candidate is printed and nothing is written. A file that is there is never replaced.

    By example:

    * `kouan learn counter-bookings samples/`

    * `kouan learn counter-bookings bookings.csv more.json --accept`

    * `kouan learn counter-bookings samples/ --yes && kouan check`

    * `kouan learn counter-bookings samples/ --json | jq .fields`
    """
    from gateway.cli.learn import learn

    learn(name, files, rules, media_type=media_type, accept=accept, yes=yes, as_json=as_json)


@app.command("verify", epilog=EXIT_CODES)
def verify_(
    place: Annotated[
        str,
        typer.Argument(
            metavar="[LEDGER|MIRROR|URL|RECEIPT]",
            help="A ledger (its folder or its file), a mirror's folder, a log's address, or a receipt.",
        ),
    ] = "var/ledger",
    vkey: Annotated[
        str,
        typer.Option(
            metavar="KEY|FILE", help="The log's public key, had from the operator.", show_default="the one beside it"
        ),
    ] = "",
    kept: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A checkpoint that was kept elsewhere, which the ledger must extend."),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY|FILE", help="Key of a witness who must have cosigned the checkpoint."),
    ] = None,
    as_json: AsJson = False,
    language: Annotated[Language, typer.Option("--lang", help="Language of what is said of a receipt.")] = Language.EN,
) -> None:
    """Prove a ledger: entries, tree, signed checkpoints, and every decision derived anew; or prove a receipt.

    Each decision is derived once more from the facts that were recorded and from the rulebook that was in force, which
    the ledger keeps by its digest. A failure names the index of the entry; the exit code is then 1.

    A mirror and a log at an address are proved up to their checkpoint, tile by tile. A receipt is proved offline: that
    the entry in it is in the log. It has no key beside it, so --vkey must be given.

    By example:

    * `kouan verify`

    * `kouan verify /mnt/copy/ledger --json`

    * `kouan verify /mnt/copy/ledger --vkey "$(cat kouan.vkey)" --kept checkpoint-of-march`

    * `kouan verify https://gateway.example/log --vkey kouan.vkey --witness regulator.vkey`

    * `kouan verify 4711.tlog-proof --vkey kouan.vkey`
    """
    from gateway.cli.proved import is_proof, judge

    if is_proof(Path(place)):
        judge(
            Path(place), vkey=vkey, witnesses=witness or (), kept=kept or (), language=language.value, as_json=as_json
        )
        return
    from gateway.cli.audit import audit

    audit(place, vkey=vkey, kept=kept or (), witnesses=witness or (), as_json=as_json)


@app.command("standing", epilog=EXIT_CODES)
def standing_(
    ledger: Annotated[
        Path, typer.Argument(metavar="[LEDGER]", help="The ledger: its file, or the folder that holds it.")
    ] = Path("var/ledger"),
    rules: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Rules whose limits to show.", show_default="those of the newest entry"),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=2000, max=9999, help="Calendar year.", show_default="the one that it is in Beijing"),
    ] = None,
    exporter: Annotated[str, typer.Option(metavar="ID", help="This party, or group of parties, alone.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Prove that the figures follow from the entries, one from the other.")
    ] = False,
    forget: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR", min=2000, max=9999, help="Erase the fingerprints of a year that is over; keep its figures."
        ),
    ] = None,
    as_json: AsJson = False,
    language: Annotated[Language, typer.Option(help="Language of the headings.")] = Language.EN,
) -> None:
    """Show how many people each exporter has sent data of this year, beside every ceiling and threshold.

    People are counted once each, by exporter (affiliates together), legal basis, class and calendar year in Beijing
    time. A figure is marked from 80 and from 95 per cent of its limit on.

    By example:

    * `kouan standing`

    * `kouan standing /var/lib/kouan/ledger --year 2025 --exporter zhuhai-e-service --json`

    * `kouan standing --check && kouan standing --forget 2022`

    The exit code of --check is 1 where a figure does not follow.
    """
    from gateway.cli.standing import erase, prove, standing

    if check:
        prove(ledger, as_json=as_json)
    elif forget is not None:
        erase(ledger, forget, as_json=as_json)
    else:
        standing(ledger, rules=rules, year=year, exporter=exporter, language=language.value, as_json=as_json)


@app.command("demo", epilog=EXIT_CODES)
def demo_(
    stay: Annotated[bool, typer.Option("--stay", help="Leave it up until Ctrl-C; print curl lines.")] = False,
    scenario: Annotated[
        str, typer.Option(metavar="ID|FOLDER", help="Play the story of this scenario instead; see --list.")
    ] = "",
    listing: Annotated[bool, typer.Option("--list", help="List the scenarios in the box, and play nothing.")] = False,
    as_json: AsJson = False,
    language: Annotated[Language, typer.Option(help="Language of the titles of scenarios.")] = Language.EN,
) -> None:
    """Send some twenty real requests through a real gateway on this machine, and show what becomes of each.

    Two upstreams in Macao and Hong Kong, a hospital in Shenzhen, an exporter in Zhuhai and a reader in Hong Kong, all
    on loopback, with the rules in the box and an authority made for the occasion. The exit code is 1 if any
    outcome is not what the rules promise.

    A scenario is a folder with a whitelist of its own, its datasets, its payloads and a story; the policies are those
    in the box.

    By example:

    * `kouan demo`

    * `kouan demo --stay`

    * `kouan demo --list && kouan demo --scenario jiangmen-macao-services`
    """
    if listing or scenario:
        from gateway.cli.demo.telling import list_scenarios, tell

        if listing:
            list_scenarios(language.value, as_json=as_json)
        else:
            tell(scenario, language.value, stay=stay, as_json=as_json)
        return
    from gateway.cli.demo import demo

    demo(stay=stay, as_json=as_json)


add(app)
add_approve(app)
add_receipts(app)
add_regulators(app)


def main() -> None:
    """Run the command line; the console script ``kouan``."""
    app()

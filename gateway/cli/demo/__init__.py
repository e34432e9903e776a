"""``kouan demo``: real requests through a real gateway, and what becomes of each."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from gateway.cli.demo.clients import Client
from gateway.cli.demo.play import Outcome, play, problem_of
from gateway.cli.demo.scenes import ANSWERS, COUNTER, SENDERS, Fate, scenes
from gateway.cli.demo.stage import NotReady, Stage
from gateway.cli.exits import REFUSED, complain, faults_told

COLOURS = {Fate.PERMITTED: "green", Fate.MASKED: "cyan", Fate.REFUSED: "red", Fate.ANSWER_REFUSED: "red"}
WIDTH = 132
"""Columns that a line of the table needs; a narrower terminal gets two lines."""
METRICS_SHOWN = ("kouan_transfers_total", "kouan_ledger_entries", "kouan_opaque_parts_total")


def demo(*, stay: bool, as_json: bool) -> None:
    """Play all scenes and end with the exit code that says whether all was as promised."""
    # A plain kill ends like Ctrl-C does, so that no gateway is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = WIDTH
    rules = rules_in_the_box()
    with faults_told():
        from gateway.classify import prepare
        from gateway.rulebook import load
        from gateway.rulebook.kept import kept_for

        rulebook = load(rules)
    with console.status("compiling the recognisers (some ten seconds, once for these rules) ..."):
        prepare(rulebook, kept_for(os.environ))
    try:
        with console.status("starting three upstreams and a gateway ..."):
            stage = Stage(rules, ANSWERS).__enter__()
    except NotReady as fault:
        complain(f"kouan: {fault}")
        raise typer.Exit(REFUSED) from None
    try:
        outcomes = _played(console, stage)
        _refusal(console, stage)
        _masking(console, outcomes[0])
        sound = ledger_told(console, stage)
        if stay:
            wait(console, stage, _tries(stage))
    finally:
        stage.__exit__(None, None, None)
    wrong = [f"{outcome.scene.title}: {each}" for outcome in outcomes for each in outcome.wrong]
    if as_json:
        sys.stdout.write(json.dumps({"outcomes": [_plain(each) for each in outcomes], "ledger_sound": sound}, indent=1))
        sys.stdout.write("\n")
    for line in wrong:
        complain(f"kouan demo: not as promised: {line}")
    if wrong or not sound:
        raise typer.Exit(REFUSED)
    console.print(f"\n[green]{len(outcomes)} exchanges, all as the rules promise; the ledger is sound.[/green]")


def rules_in_the_box() -> Path:
    """Return the folder whose rules a demo plays by: this one where it holds rules, else that of the house."""
    here = Path.cwd()
    return here if (here / "whitelist.yaml").exists() else Path(__file__).resolve().parents[3]


def _played(console: Console, stage: Stage) -> list[Outcome]:
    """Play every scene, saying each as soon as it is known."""
    outcomes = []
    clients = {sender: Client(stage.port, stage.authority) for sender in SENDERS}
    console.print(f"[bold]Kouan on 127.0.0.1:{stage.port}[/bold], rules as in the box. Each line is a real request.\n")
    wide = console.width >= WIDTH
    head = ("what became of it", "what is sent", "which way", "because of", "ledger", "ms")
    console.print(_row(*head, wide=wide), style="bold")
    for scene in scenes():
        outcome = play(scene, clients[scene.sender], stage)
        outcomes.append(outcome)
        because = _because(outcome)
        line = _row(
            outcome.fate.value,
            scene.title,
            scene.way,
            because,
            outcome.index,
            f"{outcome.reply.milliseconds:.1f}",
            wide=wide,
        )
        line.stylize(COLOURS[outcome.fate], 0, 15)
        console.print(line)
    for client in clients.values():
        client.close()
    return outcomes


def _because(outcome: Outcome) -> str:
    """Name the rule that the scene is about, and how many more refuse."""
    if not outcome.rules:
        return "no HTTP" if outcome.scene.raw else ""
    rule = outcome.scene.rule or outcome.rules[0]
    return f"{rule} and {len(outcome.rules) - 1} more" if len(outcome.rules) > 1 else rule


def _row(fate: str, title: str, way: str, because: str, index: str, spent: str, *, wide: bool) -> Text:
    first = f"{fate:<17} {title:<44} "
    if wide:
        return Text(f"{first}{way:<22} {index:>6} {spent:>6}  {because}")
    return Text(f"{first}{index:>6} {spent:>6}\n{'':<18}{way}  {because}".rstrip())


def _refusal(console: Console, stage: Stage) -> None:
    """Show one refusal as its sender sees it, in two languages."""
    scene = next(each for each in scenes() if each.fate is Fate.REFUSED)
    for language in ("zh-Hant", "en"):
        client = Client(stage.port, stage.authority)
        outcome = play(scene, client, stage, language=language)
        client.close()
        console.print(f"\n[bold]What the sender of “{escape(scene.title)}” is told[/bold], Accept-Language: {language}")
        problem = dict(problem_of(outcome.reply))
        problem["rules"] = problem.get("rules", [])[:1]
        console.print_json(json.dumps(problem, ensure_ascii=False))


def _masking(console: Console, outcome: Outcome) -> None:
    table = Table(title="A body before and after", title_justify="left", show_header=False, box=None)
    table.add_row("sent", Text(outcome.scene.message.body.decode()))
    table.add_row("arrived", Text(outcome.delivered.decode()))
    console.print()
    console.print(table)


def ledger_told(console: Console, stage: Stage) -> bool:
    """Verify the ledger while the gateway runs, and show some of its figures."""
    from gateway.cli.audit import examiner
    from gateway.cli.recorded import Recorded
    from gateway.ledger import verify

    time.sleep(1.2)  # a checkpoint is at most a second behind
    recorded = Recorded(stage.ledger)
    try:
        found = verify(stage.ledger, examine=examiner(recorded))
    finally:
        recorded.close()
    console.print(
        f"\n[bold]The ledger[/bold]: {found.size} entries, {found.covered} under a signed checkpoint, "
        f"{'sound' if found.ok else 'NOT SOUND'}; every decision derived anew from its facts and rules."
    )
    for failure in found.failures:
        console.print(f"  {escape(str(failure))}", style="red")
    console.print(f"[bold]Metrics[/bold]: {stage.metrics_url}")
    with urllib.request.urlopen(stage.metrics_url, timeout=5) as answer:  # noqa: S310 - our own loopback address
        lines = answer.read().decode().splitlines()
    for line in [each for each in lines if each.startswith(METRICS_SHOWN)][:6]:
        console.print(f"  {escape(line)}", style="dim", highlight=False)
    return found.ok


def _tries(stage: Stage) -> list[str]:
    curl = f"curl -sS --proxy http://127.0.0.1:{stage.port} --cacert {stage.authority} -H 'X-Kouan-Token: demo-zhuhai'"
    return [
        f"{curl} -H 'Content-Type: application/json' -d '{data}' https://{COUNTER}/v1/statistics"
        for data in ('{"month": "2026-11", "count": 3}', '{"contact": "440105199003071016"}')
    ]


def wait(console: Console, stage: Stage, tries: Iterable[str]) -> None:
    """Leave it up; say how to try it."""
    console.print("\n[bold]It stays up until Ctrl-C.[/bold] Try:", highlight=False)
    for line in tries:
        console.print(f"  {line}", soft_wrap=True, markup=False, highlight=False)
    console.print(f"  kouan verify {stage.ledger}", highlight=False)
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        return


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "title": outcome.scene.title,
        "way": outcome.scene.way,
        "fate": outcome.fate.value,
        "status": outcome.reply.status,
        "rules": list(outcome.rules),
        "ledger": outcome.index,
        "milliseconds": round(outcome.reply.milliseconds, 2),
        "wrong": list(outcome.wrong),
    }

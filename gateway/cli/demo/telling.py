"""``kouan demo --scenario``: a story told while it is played."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from gateway.classify import prepare
from gateway.cli.demo import WIDTH, ledger_told, rules_in_the_box, wait
from gateway.cli.demo.golden import Playing, Told, plain, refusal
from gateway.cli.demo.stage import NotReady
from gateway.cli.demo.story import STORY, Step, read_story, scenarios, title_of, token_of
from gateway.cli.exits import REFUSED, complain, faults_told, wrong
from gateway.rulebook.kept import kept_for
from gateway.vocabulary import Leg, Verdict

FOLDER = "scenarios"
_WORDS = {Verdict.PERMIT: ("permitted", "green"), Verdict.HOLD: ("held", "yellow"), Verdict.DENY: ("refused", "red")}
_LONGEST = 600
"""Characters of a payload that are shown."""


def box() -> Path:
    """Return the folder of the scenarios in the box."""
    here = rules_in_the_box() / FOLDER
    return here if here.is_dir() else Path(__file__).resolve().parents[3] / FOLDER


def list_scenarios(language: str, *, as_json: bool) -> None:
    """Print the id and the title of every scenario in the box."""
    with faults_told():
        titles = {folder.name: title_of(folder) for folder in scenarios(box())}
    if as_json:
        typer.echo(json.dumps(titles, ensure_ascii=False, indent=1))
        return
    for name, title in titles.items():
        typer.echo(f"{name:<36} {title[language]}")


def tell(scenario: str, language: str, *, stay: bool, as_json: bool) -> None:
    """Play a scenario and end with the exit code that says whether all became what the story says."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = WIDTH
    folder = box() / scenario if (box() / scenario).is_dir() else Path(scenario)
    if not (folder / STORY).is_file():
        wrong(f"there is no scenario {scenario!r}; there are: {', '.join(each.name for each in scenarios(box()))}")
    with faults_told():
        story = read_story(folder.resolve(), rules_in_the_box())
    with console.status("compiling the recognisers (some ten seconds, once for these rules) ..."):
        prepare(story.rulebook, kept_for(os.environ))
    playing = Playing(story)
    try:
        with console.status(f"starting {len(story.hosts)} systems and a gateway ..."):
            playing.__enter__()
    except NotReady as fault:
        complain(f"kouan: {fault}")
        raise typer.Exit(REFUSED) from None
    try:
        outcomes = _played(console, playing, language)
        _bodies(console, outcomes)
        _refusals(console, playing)
        sound = ledger_told(console, playing.stage)
        if stay:
            wait(console, playing.stage, [_curl(playing, step) for step in story.steps[:3]])
    finally:
        playing.__exit__(None, None, None)
    if as_json:
        told = {"scenario": story.id, "outcomes": [plain(each) for each in outcomes], "ledger_sound": sound}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    amiss = [f"{each.step.source}: {each.step.title}: {said}" for each in outcomes for said in each.wrong]
    for line in amiss:
        complain(f"kouan demo: not as the story says: {line}")
    if amiss or not sound:
        raise typer.Exit(REFUSED)
    console.print(f"\n[green]{len(outcomes)} exchanges, all as the story says; the ledger is sound.[/green]")


def _played(console: Console, playing: Playing, language: str) -> list[Told]:
    story = playing.story
    console.print(f"[bold]{escape(story.title[language])}[/bold]  ({story.id})", highlight=False)
    console.print(f"Kouan on 127.0.0.1:{playing.stage.port}; systems: {', '.join(story.hosts)}", highlight=False)
    console.print(f"[dim]{escape(story.law)}[/dim]\n", highlight=False)
    outcomes: list[Told] = []
    for step in story.steps:
        for turn in range(step.repeat):
            told = playing.play(step)
            outcomes.append(told)
            if turn in (0, step.repeat - 1) or told.wrong:
                console.print(_line(told, turn + 1))
    return outcomes


def _line(told: Told, turn: int) -> Text:
    """Say in two lines what became of a step: the halves of the exchange, then why."""
    step = told.step
    line = Text()
    for leg in (Leg.REQUEST, Leg.RESPONSE):
        verdict = told.verdicts.get(leg)
        word, colour = _WORDS[verdict] if verdict is not None else ("-", "dim")
        line.append(f"{word:<10}", colour)
    title = f"{step.title} ({turn} of {step.repeat})" if step.repeat > 1 else step.title
    places = "/".join(map(str, told.indexes))
    line.append(f"{title:<84} {places:>7} {told.reply.milliseconds:>6.1f} ms")
    line.append(f"\n{'':<20}{step.sender} → {step.message.host}: {', '.join(_because(told))}", "dim")
    return line


def _because(told: Told) -> tuple[str, ...]:
    """Name what the story is about, or the entry."""
    return told.step.expected.reasons or (told.entry,)


def _bodies(console: Console, outcomes: list[Told]) -> None:
    """Show the first body that did not arrive as it was sent."""
    told = next((each for each in outcomes if each.step.changed), None)
    if told is None:
        return
    step = told.step
    pair = (step.message.body, told.delivered)
    if pair[0] == pair[1]:
        pair = (step.answer.body, told.reply.body)
    table = Table(title="A body before and after", title_justify="left", show_header=False, box=None)
    for name, body in zip(("sent", "arrived"), pair, strict=True):
        table.add_row(name, Text(body.decode("utf-8", "replace")[:_LONGEST].strip()))
    console.print()
    console.print(table)


def _refusals(console: Console, playing: Playing) -> None:
    """Show the last refusal as its sender sees it, in two languages."""
    step = next((each for each in reversed(playing.story.steps) if not each.expected.passes), None)
    if step is None:
        return
    for language in ("zh-Hant", "en"):
        told = playing.play(step, language=language)
        said = f"\n[bold]What the sender of “{escape(step.title)}” is told[/bold], Accept-Language: {language}"
        console.print(said, highlight=False)
        console.print_json(refusal(told))


def _curl(playing: Playing, step: Step) -> str:
    words = ["curl", "-sS", "--proxy", f"http://127.0.0.1:{playing.stage.port}"]
    words += ["--cacert", str(playing.stage.authority), "-X", step.message.method]
    for name, value in (("X-Kouan-Token", token_of(step.sender)), *step.message.headers):
        words += ["-H", f"{name}: {value}"]
    if step.message.body:
        words += ["-d", step.message.body.decode("utf-8", "replace")]
    return shlex.join([*words, f"https://{step.message.host}{step.message.target}"])

"""``kouan whitelist add`` and ``expire``: a change is tried on all the rules, shown, and written in one step or not."""

from __future__ import annotations

import difflib
import os
import sys
import tempfile
from contextlib import suppress
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer

from gateway.cli.exits import FINE, complain, faults_told, wrong
from gateway.cli.whitelist.asking import Answers, Question, entry_of, questions
from gateway.cli.whitelist.writing import as_item, with_day, with_entry, written
from gateway.rulebook import from_files, load
from gateway.rulebook.book import Rulebook
from gateway.rulebook.document import Document
from gateway.rulebook.load import WHITELIST
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import BEIJING


def on_terminal() -> bool:
    """Tell whether somebody is there to be asked."""
    return sys.stdin.isatty()


def add(given: Answers, source: Path | None, rules: Path, *, dry_run: bool, yes: bool) -> None:
    """Register a flow, by what is ``given``, by a file, or by asking."""
    with faults_told():
        book = load(rules)
        text, document = _whitelist(book)
    if source is not None:
        if given:
            wrong(f"--from and --{next(iter(given)).replace('_', '-')} exclude each other: the file says it all")
        item, intended = as_item(_read(source)), None
    else:
        intended = entry_of(_answered(given, book))
        item = written(intended)
    changed = with_entry(text, document, item)
    with faults_told():
        after = _tried(book, changed)
    new = after.entries.keys() - book.entries.keys()
    if len(new) != 1 or len(after.entries) != len(book.entries) + 1:
        wrong("the file must hold one entry, written as in the whitelist; nothing was written")
    if intended is not None and _last_entry(changed) != intended:
        wrong("the entry would not be read back as it was meant; nothing was written")
    _write(rules / WHITELIST, text, changed, dry_run=dry_run, yes=yes)


def expire(name: str, on: date | None, rules: Path, *, dry_run: bool, yes: bool) -> None:
    """Set the last day of an entry."""
    day = on or datetime.now(BEIJING).date()
    with faults_told():
        book = load(rules)
        text, document = _whitelist(book)
    entry = book.entries.get(name)
    if entry is None:
        alike = get_close_matches(name, book.entries, n=1)
        hint = f"did you mean '{alike[0]}'?" if alike else "kouan whitelist list shows them"
        wrong(f"there is no entry '{name}'; {hint}")
    if day > entry.validity.until:
        wrong(
            f"'{name}' ends on {entry.validity.until} already, and to prolong it is to open it: edit 'valid' at "
            f"{entry.source} and have it reviewed"
        )
    if day == entry.validity.until:
        typer.echo(f"{name} ends on {day} already; nothing was written")
        raise typer.Exit(FINE)
    at = next(place for place, item in enumerate(document.data["entries"]) if item["id"] == name)
    changed = with_day(text, document, ("entries", at, "valid", "until"), day)
    if entry.observe_until is not None and entry.observe_until >= day:  # it must be enforced for a day at least
        changed = with_day(changed, document, ("entries", at, "mode", "observe_until"), day - timedelta(days=1))
    with faults_told():
        _tried(book, changed)
    _write(rules / WHITELIST, text, changed, dry_run=dry_run, yes=yes)


def _whitelist(book: Rulebook) -> tuple[str, Document]:
    data = book.files[WHITELIST]
    return data.decode("utf-8"), parse(WHITELIST, data, "whitelist")


def _tried(book: Rulebook, changed: str) -> Rulebook:
    """Load the rules as they would be. Raises ``Faulty``."""
    return from_files({**book.files, WHITELIST: changed.encode()})


def _last_entry(text: str) -> Any:
    return parse(WHITELIST, text.encode(), "whitelist").data["entries"][-1]


def _read(source: Path) -> str:
    try:
        return sys.stdin.read() if str(source) == "-" else source.read_text(encoding="utf-8")
    except OSError as fault:
        wrong(f"{source}: {fault.strerror}")
    except UnicodeDecodeError:
        wrong(f"{source}: is not UTF-8")


def _answered(given: Answers, book: Rulebook) -> Answers:
    """Return answers to all questions: given ones, defaults, and on a terminal what somebody answers."""
    answers: Answers = {}
    asking = on_terminal()
    faults: list[str] = []
    for question in questions(datetime.now(BEIJING).date()):
        flag = f"--{question.name.replace('_', '-')}"
        default = question.default(answers, book)
        if question.name in given:
            answer = given[question.name]
        elif asking:
            answer = _ask(question, default, answers, book)
        else:
            answer = default
        if not answer:
            if not question.optional:
                faults.append(f"{flag} is missing: {question.hint}")
            continue
        if fault := question.check(answer, answers, book):
            faults.append(f"{flag}: {fault}")
        answers[question.name] = answer
    if faults:
        complain(*faults)
        wrong("nothing was written")
    return answers


def _ask(question: Question, default: str, answers: Answers, book: Rulebook) -> str:
    """Ask until the answer can be used."""
    while True:
        typer.secho(question.hint, dim=True)
        answer = str(typer.prompt(question.asked, default=default, show_default=bool(default))).strip()
        if not answer and question.optional:
            return ""
        fault = question.check(answer, answers, book) if answer else question.hint
        if not fault:
            return answer
        typer.secho(f"  {fault}", fg="red")


def _write(path: Path, before: str, after: str, *, dry_run: bool, yes: bool) -> None:
    """Show the change and put it in place at once, unless the file is another by now."""
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), str(path), str(path), lineterm=""):
        colour = {"+": "green", "-": "red"}.get(line[:1])
        typer.secho(line, fg=colour)
    if dry_run:
        typer.echo("nothing was written")
        return
    if not yes and on_terminal() and not typer.confirm("Write it?", default=True):
        typer.echo("nothing was written")
        raise typer.Exit(FINE)
    try:
        _replace(path.resolve(), before.encode(), after.encode())
    except OSError as fault:
        wrong(f"{path}: cannot be written ({fault.strerror}); it is as it was")
    typer.secho(f"{path} is written; kouan check, have it reviewed, then put it live", fg="green")


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Replace the file in one step that a crash leaves done or not done."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fchmod(file.fileno(), path.stat().st_mode & 0o7777)
            os.fsync(file.fileno())
        if path.read_bytes() != before:
            wrong(f"{path}: somebody else has just changed it; it is as they left it")
        Path(name).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()

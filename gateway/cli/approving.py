"""``kouan approve``: what would change, who signed, and one more signature."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import typer

from gateway.approvals import (
    FILE,
    NOTES,
    BadOfficerKey,
    Papers,
    Ruling,
    load_key,
    new_key,
    note_name,
    read_papers,
    settle_book,
    settle_officers,
)
from gateway.classify import prepare
from gateway.cli.approve_words import WORDS
from gateway.cli.exits import REFUSED, complain, faults_told, wrong
from gateway.intake.building import failing
from gateway.ledger import BadEntry, BadRulebook, LedgerClosed
from gateway.ledger.approval import Change, History, Officers, sign, signed_by
from gateway.ledger.checkpoint import BadCheckpoint, split_note
from gateway.ledger.landmarks import history, kept
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.rulebook.document import Faulty
from gateway.rulebook.kept import kept_for
from gateway.rulebook.load import from_files
from gateway.vocabulary import BEIJING

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PARTS = ("entries", "bases", "parties", "policies")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the officer asked for."""

    target: str
    rules: Path
    state_dir: Path
    key: Path | None
    passphrase_file: Path | None
    yes: bool
    language: str
    as_json: bool

    @property
    def root(self) -> Path:
        """The folder of the rules."""
        return self.rules if not self.target or _DIGEST.fullmatch(self.target) else Path(self.target)

    def say(self, word: str) -> str:
        """Return one of our words in the officer's language."""
        return WORDS[word][self.language]


@dataclass(frozen=True, slots=True)
class State:
    """What stands in the folder, and what the ledger says is in force."""

    history: History
    papers: Papers
    book: Rulebook
    old: Mapping[str, bytes]
    """Files of the rules in force; empty where there are none."""

    @property
    def officers(self) -> Officers | None:
        """Whose signatures count: those in office, else those who will be."""
        return self.history.officers or self.papers.officers

    def ruling(self) -> Ruling:
        """What is to be said of the rules in the folder."""
        known = self.history
        if known.officers is None and self.papers.officers is not None:
            known = History(self.papers.officers, -1, known.book, known.since, approved=False)
        ruling = settle_book(known, self.papers, self.book.digest)
        if ruling.change is None:
            return Ruling(change=known.book_change(self.book.digest))
        return ruling


def _state(wanted: Wanted) -> State:
    with faults_told():
        papers, book = read_papers(wanted.root), load(wanted.root)
    if _DIGEST.fullmatch(wanted.target) and wanted.target != book.digest:
        wrong(f"the rules in {wanted.root} have the digest {book.digest}, not {wanted.target}")
    folder = wanted.state_dir / "ledger"
    try:
        known = history(folder)
        old = kept(folder, known.book) if known.book else None
    except (LedgerClosed, BadEntry, BadRulebook) as fault:
        wrong(f"{folder}: the ledger cannot be read ({fault}); name the state folder with --state-dir")
    return State(known, papers, book, old or {})


def make(name: str, wanted: Wanted) -> None:
    """Make a key for ``name``, and print its public line."""
    path = wanted.key or Path(f"{name}.pem")
    try:
        line = new_key(path, name, _passphrase(wanted, confirm=True))
    except BadOfficerKey as fault:
        wrong(str(fault))
    if wanted.as_json:
        typer.echo(json.dumps({"name": name, "file": str(path), "key": line}, ensure_ascii=False))
    else:
        complain(f"{path}; {wanted.say('put_line')}")
        typer.echo(f"  - key: {line}\n    role: reviewer")


def _passphrase(wanted: Wanted, *, confirm: bool = False) -> str:
    if wanted.passphrase_file is None:
        return str(typer.prompt(wanted.say("passphrase"), hide_input=True, confirmation_prompt=confirm, err=True))
    try:
        return wanted.passphrase_file.read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError) as fault:
        wrong(f"{wanted.passphrase_file}: cannot be read ({type(fault).__name__})")


def changes(old: Mapping[str, bytes], new: Rulebook) -> dict[str, dict[str, list[str]]]:
    """Return what is added, removed and changed between the files ``old`` and ``new``, by kind of thing."""
    found = {"files": _between(old, new.files)}
    try:
        before = from_files(old) if old else None
    except Faulty:  # read by another version of the gateway, and by this one no more
        return found
    for part in _PARTS:
        found[part] = _between({} if before is None else _things(before, part), _things(new, part))
    return {part: told for part, told in found.items() if any(told.values())}


def _things(book: Rulebook, part: str) -> Mapping[str, Any]:
    if part == "policies":
        return {policy.id: policy for policy in book.policies}
    return book.members if part == "parties" else {"entries": book.entries, "bases": book.bases}[part]


def _between(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        "added": sorted(new.keys() - old.keys()),
        "removed": sorted(old.keys() - new.keys()),
        "changed": sorted(name for name in new.keys() & old.keys() if _shown(new[name]) != _shown(old[name])),
    }


def _shown(thing: object) -> object:
    """What of a thing a change is told by: not the line on which it stands."""
    return thing if isinstance(thing, bytes) else re.sub(r"(source='[^':]*):[0-9]+'", r"\1'", repr(thing))


def _told(wanted: Wanted, state: State) -> Iterator[str]:
    found = changes(state.old, state.book)
    if not any(any(told.values()) for told in found.values()):
        yield wanted.say("unchanged")
    for part, told in found.items():
        for how, names in told.items():
            if not state.old:
                names = [str(len(names))] if names else []
            for name in names:
                sign_ = {"added": "+", "removed": "-", "changed": "~"}[how]
                yield f"{sign_} {wanted.say(part)} {name} ({wanted.say(how)})"


def approve(wanted: Wanted, *, officers: bool) -> None:
    """Show what would change, sign it, and say who is still to sign."""
    state = _state(wanted)
    if wanted.key is None:
        wrong("--key FILE: the private key to sign with; --list shows the state, --new-key NAME makes a key")
    if state.officers is None:
        wrong(
            f"{wanted.root / FILE}: not there, so nobody need sign; kouan approve --help says how to turn approvals on"
        )
    if officers:
        change = state.history.officers_change(state.papers.officers)
        if state.history.officers in (None, state.papers.officers):
            wrong("the officers in approvals.yaml are those in office, or the first: there is nothing to sign")
    else:
        told = state.ruling().change
        change = told or state.history.book_change(state.book.digest)
        prepare(state.book, kept_for(os.environ))
        if failures := list(failing(state.book)):
            for line in failures:
                complain(line)
            complain("kouan: these rules do not do what their cases say and would not go live; nothing was signed")
            raise typer.Exit(REFUSED)
    if not wanted.as_json:
        for line in _officer_lines(wanted, state) if officers else _told(wanted, state):
            typer.echo(line)
        typer.echo(change.text().decode().rstrip())
    if not wanted.yes and not typer.confirm(wanted.say("ask"), err=True):
        raise typer.Exit(REFUSED)
    _add_signature(wanted, state.officers, change)
    now = _state(wanted)
    ruling = settle_officers(now.history, now.papers) if officers else now.ruling()
    signed = signed_by(now.papers.note(change), change.text(), state.officers)
    _say_state(wanted, state, change, [each.name for each in signed], ruling.lacking)


def _officer_lines(wanted: Wanted, state: State) -> Iterator[str]:
    yield f"{wanted.say('officers')}: {_people(wanted, state.history.officers)}"
    yield f"{wanted.say('officers_next')}: {_people(wanted, state.papers.officers)}"


def _people(wanted: Wanted, officers: Officers | None) -> str:
    if officers is None:
        return wanted.say("nobody")
    names = ", ".join(f"{each.name} ({wanted.say(each.role)})" for each in officers.members)
    return f"{names}; {officers.required} {wanted.say('must_sign')}"


def _add_signature(wanted: Wanted, officers: Officers, change: Change) -> None:
    """Write the note anew with one signature more."""
    assert wanted.key is not None  # noqa: S101 - asked for before
    try:
        private = load_key(wanted.key, _passphrase(wanted))
    except BadOfficerKey as fault:
        wrong(str(fault))
    public = private.public_key().public_bytes_raw()
    name = next((each.name for each in officers.members if each.public() == public), "")
    if not name:
        wrong(f"{wanted.key}: the key of nobody who is in office; kouan approve --list shows who is")
    text = change.text()
    file = wanted.root / NOTES / note_name(change)
    others = b"".join(
        each.line()
        for each in _signatures(file, text)
        if each.name != name  # a second time takes the place of the first
    )
    file.parent.mkdir(exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as fresh:
        fresh.write(text + b"\n" + others + sign(text, name, private, int(time.time())))
        fresh.flush()
        os.fsync(fresh.fileno())
    Path(fresh.name).chmod(0o644)
    Path(fresh.name).replace(file)


def _signatures(file: Path, text: bytes) -> Iterator[Any]:
    """Signature lines of a note over ``text``; of one over anything else, none."""
    try:
        told, lines = split_note(file.read_bytes())
    except (OSError, BadCheckpoint):
        return
    if told == text:
        yield from lines


def show(wanted: Wanted) -> None:
    """Show who is in office, what waits for signatures, and who gave one."""
    state = _state(wanted)
    ruling = state.ruling()
    officers = settle_officers(state.history, state.papers)
    lacking = "; ".join(filter(None, (officers.lacking, ruling.lacking)))
    if not wanted.as_json:
        for line in _officer_lines(wanted, state):
            typer.echo(line)
        for each in (*officers.signed, *ruling.signed):
            at = datetime.fromtimestamp(each.at, BEIJING).isoformat(" ", "minutes")
            typer.echo(f"{wanted.say('signed')}: {each.name}, {at}")
    _say_state(wanted, state, ruling.change, [each.name for each in ruling.signed], lacking)
    if lacking:
        raise typer.Exit(REFUSED)


def _say_state(wanted: Wanted, state: State, change: Change | None, signed: list[str], lacking: str) -> None:
    if wanted.as_json:
        told = {
            "in_force": state.history.book or None,
            "since_entry": state.history.since if state.history.book else None,
            "in_folder": state.book.digest,
            "changes": changes(state.old, state.book),
            "officers": None if state.officers is None else state.officers.record(),
            "signed": signed,
            "lacking": lacking,
            "note": None if change is None else f"{NOTES}/{note_name(change)}",
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{wanted.say('in_force')}: {state.history.book or wanted.say('none')}")
    typer.echo(f"{wanted.say('in_folder')}: {state.book.digest}")
    if signed:
        typer.echo(f"{wanted.say('signed')}: {', '.join(signed)}")
    if state.officers is None:
        typer.echo(wanted.say("nobody"))
    else:
        typer.echo(f"{wanted.say('lacking')}: {lacking}" if lacking else wanted.say("enough"))

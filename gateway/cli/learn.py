"""``kouan learn``: look at samples, ask field by field, write a dataset that an officer edits."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from gateway.classify import classify, prepare
from gateway.cli.candidate import as_json as told_as_json
from gateway.cli.candidate import as_yaml, take, told
from gateway.cli.exits import FINE, REFUSED, complain, faults_told, wrong
from gateway.cli.learning import Samples, Seen
from gateway.cli.payload import Route, media_type_of, of_payload
from gateway.cli.trial import encoded
from gateway.decode import decode
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.rulebook.datasets import FOLDER, NONE, read_dataset
from gateway.rulebook.document import Faulty
from gateway.rulebook.kept import kept_for
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import Limits

ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
MOST_FILES = 10_000


def learn(
    name: str,
    files: Sequence[Path],
    rules: Path,
    *,
    media_type: str,
    accept: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Do what ``kouan learn`` is asked: print a candidate, or with ``accept`` or ``yes`` write it."""
    if not ID.fullmatch(name) or len(name) > 64:
        wrong(f"{name!r}: an id has small letters, digits and single hyphens, and begins with a letter")
    target = rules / FOLDER / f"{name}.yaml"
    writes = accept or yes
    if writes and target.exists():
        wrong(f"{target}: is there already; rename it, or learn under another id")
    if accept and not yes and not at_terminal():
        wrong("--accept asks field by field and needs a terminal; --yes takes every field as it was seen")
    with faults_told():
        rulebook = load(rules)
        prepare(rulebook, kept_for(os.environ))
    samples = observed(files, rulebook, media_type)
    if not samples.payloads:
        said = ", ".join(f"{count} of {what}" for what, count in sorted(samples.unread.items()))
        complain(f"kouan: nothing could be learned ({said or 'no payload is there'})")
        raise typer.Exit(REFUSED)
    if as_json:
        sys.stdout.buffer.write(encoded(told_as_json(name, samples), indent=True))
        sys.stdout.buffer.flush()
    text = as_yaml(name, samples, take if yes or not accept else Asking(rulebook, target))
    if not writes:
        if not as_json:
            typer.echo(text, nl=False)
    else:
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
        complain(f"kouan: wrote {target}; edit it, then run: kouan check")
    for what, count in sorted(samples.unread.items()):
        complain(f"kouan: passed over: {count} of {what}, which no dataset describes")
    for line in faults_of(f"{FOLDER}/{name}.yaml", text, rulebook):
        complain(line)
    raise typer.Exit(FINE)


def at_terminal() -> bool:
    """Tell whether somebody is there to answer."""
    return sys.stdin.isatty()


def observed(files: Sequence[Path], rulebook: Rulebook, media_type: str) -> Samples:
    """Look at every payload in ``files``, of which some may be folders."""
    samples = Samples()
    for number, file in enumerate(payloads(files)):
        if number == MOST_FILES:
            wrong(f"more than {MOST_FILES} files: name fewer")
        try:
            body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        except OSError as fault:
            wrong(f"{file}: {fault.strerror}")
        transfer = of_payload(Route(), "learn", media_type or media_type_of(str(file), body), body)
        content = decode(transfer, Limits())
        samples.add(content, classify(content, rulebook), len(body))
    return samples


def payloads(files: Sequence[Path]) -> Iterator[Path]:
    """Yield the files, and those that lie in folders among them, in order of name; hidden ones are passed over."""
    for file in files:
        if file.is_dir():
            found = [each for each in file.rglob("*") if each.is_file()]
            yield from sorted(each for each in found if not _hidden(each.relative_to(file)))
        else:
            yield file


def _hidden(path: Path) -> bool:
    return any(step.startswith(".") for step in path.parts)


def faults_of(name: str, text: str, rulebook: Rulebook) -> list[str]:
    """Return what ``kouan check`` would say of a candidate."""
    try:
        read_dataset(parse(name, text.encode(), "dataset"), rulebook.categories)
    except Faulty as faulty:
        return [str(problem) for problem in faulty.problems]
    return []


class Asking:
    """Asks an officer about each field, on standard error, so that what is printed stays clean."""

    def __init__(self, rulebook: Rulebook, target: Path) -> None:
        """Say what is to come."""
        self._categories = rulebook.categories
        complain(
            f"Each field for {target}, and what was seen of it. Answer y to take it, n to leave it out (it is then a",
            "violation wherever it comes), or write the category that it holds.",
        )

    def __call__(self, path: str, seen: Seen, category: str) -> str:
        """Return the category of a field, or "" where it is left out."""
        complain("", f"{path or '/'}  {seen.type}; {told(seen)}")
        while True:
            answer = typer.prompt(f"  take it as {category}? [y/n/category]", default="y", show_default=False, err=True)
            said = str(answer).strip()
            if said.lower() in ("y", "yes"):
                return category
            if said.lower() in ("n", "no"):
                return ""
            if said == NONE or said in self._categories:
                return said
            complain(f"  there is no category {said!r}: write one of classifiers/categories.yaml, or none")

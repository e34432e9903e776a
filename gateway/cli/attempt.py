"""``kouan try``: read the payload, walk it through the corridor, print the result for people or for machines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from gateway.classify import prepare
from gateway.cli.exits import FINE, REFUSED, faults_told, wrong
from gateway.cli.payload import BadInput, chosen_route, media_type_of, of_message, of_payload
from gateway.cli.trial import encoded, result, stream, tried
from gateway.rulebook import load
from gateway.rulebook.kept import kept_for
from gateway.vocabulary import Leg, Limits, Verdict


def attempt(
    file: Path,
    rules: Path,
    where: Mapping[str, str],
    whitelist: Path | None = None,
    *,
    media_type: str,
    http: bool,
    jsonl: bool,
    as_json: bool,
    values: bool,
    language: str,
) -> None:
    """Do what ``kouan try`` is asked. ``where`` holds the options that say who sends to whom."""
    if http and jsonl:
        wrong("--http and --jsonl exclude each other")
    if where["leg"] not in ("", *Leg):
        wrong(f"--leg {where['leg']!r}: expected request or response")
    with faults_told():
        rulebook = load(rules, whitelist)
        prepare(rulebook, kept_for(os.environ))
    limits = Limits()
    try:
        route = chosen_route(rulebook, **where)
        with _opened(file) as source:
            if jsonl:
                stream(source, sys.stdout.buffer, rulebook, route, limits, language)
                raise typer.Exit(FINE)
            payload = source.read()
        if http:
            transfer = of_message(rulebook, route, "try", payload)
        else:
            transfer = of_payload(route, "try", media_type or media_type_of(str(file), payload), payload)
    except BadInput as bad:
        wrong(str(bad))
    judgement = tried(transfer, rulebook, limits)
    if as_json:
        sys.stdout.buffer.write(encoded(result(judgement, rulebook, language), indent=True))
        sys.stdout.buffer.flush()
    else:
        from rich.console import Console

        from gateway.cli.show import show

        show(Console(highlight=False), transfer, judgement, rulebook, language, values=values)
    raise typer.Exit(FINE if judgement.decision.verdict is Verdict.PERMIT else REFUSED)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        source = file.open("rb")
    except OSError as fault:
        wrong(f"{file}: {fault.strerror}")
    with source:
        yield source

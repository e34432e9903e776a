"""A process that reads the rules in the folder ahead of everybody: ``python -m gateway.intake.building``.

It is told its orders on standard input like a worker. It loads, tries every case, compiles, and writes to standard
output one line of JSON and then the files as the ledger keeps them. So neither the supervisor nor a worker ever reads
a file of rules that was not found good, and no transfer waits.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import FileIO
from typing import Any

from gateway import classify, decide
from gateway.approvals import Papers, papers_from_record, read_papers
from gateway.decide.cases import failing_cases
from gateway.intake.automata import automata
from gateway.intake.orders import from_orders
from gateway.ledger.rulebooks import pack, unpack
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.rulebook.document import Faulty
from gateway.settings import Settings

NICE = 10
"""Workers come first."""


@dataclass(frozen=True, slots=True)
class Built:
    """What the folder holds: a rulebook that does what its cases say, or problems, each with file and line."""

    digest: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    papers: Papers = field(default_factory=Papers)
    problems: tuple[str, ...] = ()


def failing(rulebook: Rulebook) -> Iterable[str]:
    """Say which examples and cases of ``rulebook`` fail: what ``kouan check`` calls failures."""
    for source, fault in classify.failing_examples(rulebook):
        yield f"{source}: {fault}"
    for failure in failing_cases(rulebook):
        yield f"{failure.source}: {failure.policy}, case '{failure.case}': {failure.fault}"


def build(settings: Settings) -> Built:
    """Read, check and compile what stands in the folder of rules. Never raises for the rules."""
    problems: list[str] = []
    papers, rulebook = Papers(), None
    try:
        papers = read_papers(settings.rules)
    except Faulty as faulty:
        problems += map(str, faulty.problems)
    try:
        rulebook = load(settings.rules, settings.whitelist)
        classify.prepare(rulebook, automata(settings))
        decide.prepare(rulebook)
        problems += failing(rulebook)
    except Faulty as faulty:
        problems += map(str, faulty.problems)
    if problems or rulebook is None:
        return Built(problems=tuple(problems))
    return Built(rulebook.digest, rulebook.files, papers)


def write(built: Built) -> bytes:
    """Return ``built`` as bytes for another process."""
    head: dict[str, Any] = {
        "digest": built.digest,
        "papers": built.papers.record(),
        "problems": built.problems,
    }
    return json.dumps(head).encode() + b"\n" + pack(built.files)


def read(data: bytes) -> Built:
    """Read what ``write`` wrote. Raises ``ValueError``."""
    line, _, packed = data.partition(b"\n")
    try:
        head = json.loads(line)
        return Built(head["digest"], unpack(packed), papers_from_record(head["papers"]), tuple(head["problems"]))
    except (KeyError, TypeError) as fault:
        raise ValueError("no rulebook was handed over") from fault


def main() -> None:
    """Build once, and hand over what came of it."""
    os.nice(NICE)
    settings, _ = from_orders(FileIO(0, closefd=False).readline())
    sys.stdout.buffer.write(write(build(settings)))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

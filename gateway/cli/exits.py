"""How a command ends: the exit codes, and what is said when the rules or the settings cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

FINE = 0
REFUSED = 1
"""A transfer was refused, or a check failed."""
USAGE = 2
"""Wrong usage, settings or rules: nothing was done."""

EXIT_CODES = "Exit codes: 0 fine, 1 refused or a check failed, 2 wrong usage, settings or rules."


def complain(*lines: str) -> None:
    """Say ``lines`` on standard error, as they are."""
    for line in lines:
        sys.stderr.write(f"{line}\n")


def wrong(line: str) -> NoReturn:
    """Say what is wrong with the usage, and end with ``USAGE``."""
    complain(f"kouan: {line}")
    raise typer.Exit(USAGE)


@contextmanager
def faults_told(say: Callable[..., None] = complain) -> Iterator[None]:
    """End with ``USAGE`` when the rules or the settings cannot be used, naming each fault as file:line:column."""
    from gateway.rulebook.strict_yaml import Faulty
    from gateway.settings import BadSetting

    try:
        yield
    except Faulty as faulty:
        say(*(str(problem) for problem in faulty.problems))
        count = len(faulty.problems)
        say(f"kouan: {count} {'fault' if count == 1 else 'faults'} in the rules; nothing was done")
        raise typer.Exit(USAGE) from None
    except BadSetting as bad:
        say(f"kouan: {bad}")
        raise typer.Exit(USAGE) from None

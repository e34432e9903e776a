"""The rules of a ledger are compiled once for all the commands of a test run: they are the same bytes each time."""

from collections.abc import Mapping
from functools import cache

import pytest

from gateway.rulebook import from_files
from gateway.rulebook.book import Rulebook


@cache
def _compiled(files: tuple[tuple[str, bytes], ...]) -> Rulebook:
    return from_files(dict(files))


def _from_files(files: Mapping[str, bytes]) -> Rulebook:
    return _compiled(tuple(sorted(files.items())))


def compile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands take what was compiled before from the very same files."""
    monkeypatch.setattr("gateway.cli.recorded.from_files", _from_files)

"""A rulebook by what an officer calls it: a folder, ``live``, or the beginning of a digest that a ledger keeps."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.cli.exits import wrong
from gateway.cli.recorded import SHORTEST_DIGEST, Recorded
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook

LIVE = "live"
_DIGEST = re.compile(rf"[0-9a-f]{{{SHORTEST_DIGEST},64}}")


def is_folder(name: str) -> bool:
    """Tell whether ``name`` is a folder rather than a rulebook of a ledger."""
    return name != LIVE and (Path(name).is_dir() or not _DIGEST.fullmatch(name))


def named_book(name: str, recorded: Recorded | None) -> Rulebook:
    """Return the rulebook; end with ``USAGE`` where there is none. Raises ``Faulty`` for rules that do not load."""
    if is_folder(name):
        if not Path(name).is_dir():
            wrong(f"{name}: no such folder, and no digest of a rulebook; name a folder of rules, a digest, or live")
        return load(Path(name))
    if recorded is None:
        wrong(f"{name}: a ledger is needed to look it up; name one with --ledger")
    digest = recorded.newest_digest() if name == LIVE else name
    found = recorded.digests(digest) if digest else ()
    if not found:
        wrong(
            f"{name}: the ledger keeps no such rulebook; it has {', '.join(each[:12] for each in recorded.digests())}"
        )
    if len(found) > 1:
        wrong(f"{name}: may be any of {', '.join(each[:16] for each in found)}; write more of it")
    book = recorded.book(found[0])
    if book is None:
        wrong(f"{name}: that rulebook is not what its digest says, or this version of the gateway cannot read it")
    return book

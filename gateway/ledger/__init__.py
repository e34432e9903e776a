"""Append-only record: knows entries, not transfers. FORMAT.md says what is on disk, exactly."""

from gateway.ledger.checkpointer import Checkpointer, Contradiction
from gateway.ledger.entry import BadEntry, commit, commitment, decode, encode
from gateway.ledger.keys import BadKey
from gateway.ledger.ledger import Ledger, LedgerInUse
from gateway.ledger.rulebooks import BadRulebook
from gateway.ledger.store import LedgerClosed, Writing
from gateway.ledger.verify import Failure, Report, verify

__all__ = [
    "BadEntry",
    "BadKey",
    "BadRulebook",
    "Checkpointer",
    "Contradiction",
    "Failure",
    "Ledger",
    "LedgerClosed",
    "LedgerInUse",
    "Report",
    "Writing",
    "commit",
    "commitment",
    "decode",
    "encode",
    "verify",
]

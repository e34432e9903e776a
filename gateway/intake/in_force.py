"""What is in force by the ledger, and the entries by which something else comes into force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.approvals import Papers, Ruling, settle_book, settle_officers
from gateway.ledger import Ledger, encode
from gateway.ledger.approval import Change, History
from gateway.ledger.landmarks import history
from gateway.settings import Settings
from gateway.vocabulary import BEIJING


def note(ledger: Ledger, kind: str, settings: Settings, **fields: Any) -> tuple[int, dict[str, Any]]:
    """Record an entry that is no decision; returns its index and what it holds. Raises ``LedgerClosed``."""
    entry = {"gateway": settings.gateway_id, "at": datetime.now(BEIJING).isoformat(), **fields}
    return ledger.append_now(encode(kind, entry)).index, {**entry, "kind": kind}


def who(ruling: Ruling) -> str:
    """Say who is still to sign, and for what."""
    signed = ", ".join(each.name for each in ruling.signed) or "nobody"
    return f"{ruling.lacking} must sign; {signed} did"


class InForce:
    """The history of one ledger, kept up with every entry that this gateway adds to it."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        """``ledger`` is open, for this gateway alone."""
        self._settings = settings
        self._ledger = ledger
        self.history: History = history(ledger.folder)

    def note(self, kind: str, **fields: Any) -> None:
        """Record an entry, and take it in. Raises ``LedgerClosed``."""
        self.history.take(*note(self._ledger, kind, self._settings, **fields))

    def officers(self, papers: Papers, override: str = "") -> Ruling:
        """Let the officers in ``papers`` take the place of those in force, if they may. Raises ``LedgerClosed``."""
        ruling = settle_officers(self.history, papers, override)
        if ruling.fields:
            self.note("officers", approvals=papers.digest, **ruling.fields)
        return ruling

    def book(self, papers: Papers, digest: str) -> Ruling:
        """Judge whether the rulebook with ``digest`` may come into force."""
        return settle_book(self.history, papers, digest)

    def put(self, papers: Papers, digest: str, why: str) -> None:
        """Record that the rulebook with ``digest`` is in force from here on, and who approved it.

        Nothing comes into force without the signatures it needs: then this raises ``PermissionError``.
        """
        ruling = self.book(papers, digest)
        if ruling.lacking:
            raise PermissionError(who(ruling))
        if ruling.fields:
            self.note("approval", approvals=papers.digest, **ruling.fields)
        signed = [each.name for each in ruling.signed]
        self.note("rulebook", rulebook=digest, before=self.history.book, why=why, approved_by=signed)


def refusal(ruling: Ruling, what: str) -> str:
    """Say why a gateway does not open: who must sign what, or how to override it."""
    change: Change | None = ruling.change
    told = f"{what}: {who(ruling)} (kouan approve --help)"
    if change is not None and what.startswith("the officers"):
        told += f"; to go on without them, and have that recorded: --approvals-override '{change.token}: REASON'"
    return told

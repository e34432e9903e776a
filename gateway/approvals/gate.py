"""Whether a rulebook, or other officers, may come into force: pure, by the ledger's history and the papers at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.approvals.papers import Papers
from gateway.ledger.approval import Change, History, Officers, Signed, signed_by


@dataclass(frozen=True, slots=True)
class Ruling:
    """``lacking`` says who is still to sign, "" where it may come into force; ``fields`` are of the entry to record."""

    lacking: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    signed: tuple[Signed, ...] = ()
    change: Change | None = None


def settle_officers(history: History, papers: Papers, override: str = "") -> Ruling:
    """Judge whether the officers in ``papers`` may take the place of those in force.

    ``override`` is ``TOKEN: reason``, where the token names exactly this change; so one that is left in a settings
    file opens no other door later.
    """
    if papers.officers == history.officers:
        return Ruling()
    record = None if papers.officers is None else papers.officers.record()
    if history.officers is None:
        return Ruling(fields={"officers": record, "note": "", "override": ""})
    change = history.officers_change(papers.officers)
    note, signed, lacking = _signatures(change, papers, history.officers)
    if not lacking:
        return Ruling(fields={"officers": record, "note": note, "override": ""}, signed=signed, change=change)
    token, _, reason = override.partition(":")
    if token.strip() == change.token and reason.strip():
        fields = {"officers": record, "note": "", "override": reason.strip()}
        return Ruling(fields=fields, signed=signed, change=change)
    return Ruling(lacking=lacking, signed=signed, change=change)


def settle_book(history: History, papers: Papers, digest: str) -> Ruling:
    """Judge whether the rulebook with ``digest`` may come into force; no fields where nobody need sign."""
    if not history.needs_approval(digest) or history.officers is None:
        return Ruling()
    change = history.book_change(digest)
    note, signed, lacking = _signatures(change, papers, history.officers)
    if lacking:
        return Ruling(lacking=lacking, signed=signed, change=change)
    return Ruling(fields={"rulebook": digest, "note": note}, signed=signed, change=change)


def _signatures(change: Change, papers: Papers, officers: Officers) -> tuple[str, tuple[Signed, ...], str]:
    note = papers.note(change)
    signed = signed_by(note, change.text(), officers)
    lacking = officers.lacking(each.name for each in signed)
    return (note.decode() if not lacking else ""), signed, lacking

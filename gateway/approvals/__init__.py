"""Signatures before rules: what officers wrote, what they signed, and whether a rulebook may go live with it."""

from gateway.approvals.gate import Ruling, settle_book, settle_officers
from gateway.approvals.keys import BadOfficerKey, load_key, new_key
from gateway.approvals.papers import FILE, NOTES, Papers, note_name, papers_from_record, read_officers, read_papers

__all__ = [
    "FILE",
    "NOTES",
    "BadOfficerKey",
    "Papers",
    "Ruling",
    "load_key",
    "new_key",
    "note_name",
    "papers_from_record",
    "read_officers",
    "read_papers",
    "settle_book",
    "settle_officers",
]

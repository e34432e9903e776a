"""Erasure: once nobody may ask any more who was counted, fingerprints go and figures stay."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.headcount import tables
from gateway.headcount.scopes import period


class TooEarly(ValueError):
    """A year that still counts."""


def forget(database: sqlite3.Connection, year: int, now: datetime) -> int:
    """Delete the fingerprints of ``year`` in the transaction that is open; return how many rows went.

    Raises ``TooEarly`` for a year that is not over in Beijing: its people would be counted a second time.
    """
    if year >= int(period("year", now)):
        raise TooEarly(f"{year} is not over; its people would be counted again")
    return tables.erase(database, f"{year:04}")

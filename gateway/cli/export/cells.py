"""What a spreadsheet would take for a formula, written so that it is text (CWE-1236)."""

from __future__ import annotations

from gateway.cli.export.columns import Value

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters by which a cell may become a formula, a command or another cell."""
MOST = 32_000
"""Characters of a cell; Excel has room for 32,767."""


def risky(text: str) -> bool:
    """Tell whether a spreadsheet could take ``text`` for more than text."""
    return text.lstrip(" ").startswith(RISKY)


def safe(value: Value) -> Value:
    """Return ``value`` with an apostrophe before text that a spreadsheet could take for a formula."""
    return f"'{value}" if isinstance(value, str) and risky(value) else value


def fitting(value: Value) -> Value:
    """Return ``value``, cut where no cell has room for it."""
    return f"{value[:MOST]} ..." if isinstance(value, str) and len(value) > MOST else value

"""Records: which values belong together, told by the places where they stand.

A record is the object, row, paragraph or message in which a value stands.
"""

from __future__ import annotations

import re

_CELL = re.compile(r"[A-Z]{1,3}([0-9]{1,7})")
_ROWS = frozenset({"csv", "ndjson", "json-seq", "sqlite", "parquet", "arrow", "avro"})


def record_of(where: str) -> str:
    """Return the place of the record of the value at ``where``: of its structure, or of its row in a table."""
    head, colon, tail = where.rpartition(":")
    steps = [step for step in tail.split("/")[1:] if not step.startswith("~")]
    format = format_of(where)
    if format == "hl7":
        return head + colon + "".join(f"/{step}" for step in steps[:1])  # a segment; what follows are its fields
    if format in _ROWS:
        numbers = [at for at, step in enumerate(steps) if step.isdecimal()]
        kept = steps[: numbers[0] + 1] if numbers else steps[:-1]
        return head + colon + "".join(f"/{step}" for step in (*kept, *steps[len(kept) : -1]))
    if format == "xlsx" and len(steps) > 1 and (cell := _CELL.fullmatch(steps[1])):
        return f"{head}{colon}/{steps[0]}/{cell[1]}"
    return head + colon + "".join(f"/{step}" for step in steps[:-1])


def format_of(where: str) -> str:
    """Return the format of the innermost part around a value."""
    return where.rpartition(":")[0].rpartition("!")[2]

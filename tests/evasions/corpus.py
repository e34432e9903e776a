"""All cases, by technique."""

from __future__ import annotations

from collections.abc import Mapping

from tests.evasions import (
    charsets,
    containers,
    documents,
    envelope,
    harmless,
    islands,
    normalised,
    spread,
    structured,
)
from tests.evasions.case import Case

HIDDEN: Mapping[str, tuple[Case, ...]] = {
    "charset": charsets.CHARSETS,
    "coding": charsets.CODINGS,
    "island": islands.ISLANDS + islands.DEPTHS,
    "codes": islands.CODES,
    "object": structured.OBJECTS,
    "markup": structured.MARKUP,
    "message": structured.MESSAGES,
    "table": structured.TABLES,
    "workbook": documents.WORKBOOKS,
    "document": documents.TEXTS,
    "page": documents.PAGES,
    "container": containers.CONTAINERS,
    "binary": containers.BINARY,
    "envelope": envelope.ENVELOPE,
    "digits": normalised.DIGITS,
    "letters": normalised.LETTERS,
    "signs": normalised.SIGNS,
    "order": normalised.ORDER,
    "spread": spread.SPREAD,
}
"""Technique -> messages in which something is hidden, or that nobody can read."""

HARMLESS: Mapping[str, tuple[Case, ...]] = {
    "numbers": harmless.NUMBERS,
    "codes": harmless.CODES,
    "tables": harmless.TABLES,
    "prose": harmless.PROSE,
    "documents": documents.HARMLESS,
}
"""Kind -> look-alikes."""

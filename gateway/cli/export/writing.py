"""CSV, JSON Lines, XLSX and Parquet, row by row: memory does not grow with the number of rows."""

from __future__ import annotations

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from gateway.cli.export.cells import fitting, risky, safe
from gateway.cli.export.columns import COLUMNS, Value
from gateway.cli.facing import in_tongue
from gateway.vocabulary import Wording

BATCH = 2000
"""Rows of a batch of Parquet."""
SHEET_ROWS = 1_048_576
"""Rows of a sheet of Excel."""
KEY = b"kouan"
"""Under it, Parquet's metadata hold what an export says of itself."""
SHEETS: dict[str, Wording] = {
    "about": {"en": "About", "zh-Hans": "说明", "zh-Hant": "說明", "pt": "Sobre"},
    "transfers": {"en": "Transfers", "zh-Hans": "跨境提供", "zh-Hant": "跨境轉移", "pt": "Transferências"},
}


class Writer(ABC):
    """One file, written as its rows come."""

    def __init__(self, path: Path, language: str) -> None:
        """Open ``path`` and write the headings in ``language``. Raises ``OSError``."""
        self.path = path
        self.language = language
        self.headings = [in_tongue(column.heading, language) for column in COLUMNS]

    @abstractmethod
    def add(self, values: Sequence[Value]) -> None:
        """Write a row; cells are in the order of ``COLUMNS``."""

    @abstractmethod
    def close(self, about: Mapping[str, Any]) -> None:
        """Write what is left, and ``about``, which says what the file holds."""


def sidecar(path: Path) -> Path:
    """Return the name of the file that says what ``path`` holds, where ``path`` cannot say it itself."""
    return path.with_name(f"{path.name}.about.json")


def beside(path: Path, named: Path, about: Mapping[str, Any]) -> None:
    """Write ``about`` beside ``named``, with the digest of ``path``, which will bear that name."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    told = {"file": named.name, "sha256": digest.hexdigest(), **about}
    sidecar(named).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


class CsvWriter(Writer):
    """RFC 4180, UTF-8 with a byte order mark, by which Excel knows that it is UTF-8."""

    def __init__(self, path: Path, language: str) -> None:
        """Open, and write the headings."""
        super().__init__(path, language)
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow(self.headings)

    def add(self, values: Sequence[Value]) -> None:
        """Write a row."""
        self._rows.writerow([safe(value) for value in values])

    def close(self, about: Mapping[str, Any]) -> None:
        """Finish; what it says of itself stands beside it."""
        del about
        self._file.close()


class JsonLinesWriter(Writer):
    """One object a line; names are those for machines, in every language."""

    def __init__(self, path: Path, language: str) -> None:
        """Open."""
        super().__init__(path, language)
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._names = [column.name for column in COLUMNS]

    def add(self, values: Sequence[Value]) -> None:
        """Write a row."""
        self._file.write(json.dumps(dict(zip(self._names, values, strict=True)), ensure_ascii=False) + "\n")

    def close(self, about: Mapping[str, Any]) -> None:
        """Finish; what it says of itself stands beside it."""
        del about
        self._file.close()


class ParquetWriter(Writer):
    """Columns by their names for machines; headings are metadata of each field, ``about`` of the file."""

    def __init__(self, path: Path, language: str) -> None:
        """Open, with the schema."""
        import pyarrow
        from pyarrow import parquet

        super().__init__(path, language)
        self._arrow = pyarrow
        fields = []
        for column in COLUMNS:
            kind = pyarrow.int64() if column.number else pyarrow.string()
            fields.append(pyarrow.field(column.name, kind, metadata=dict(column.heading)))
        self._schema = pyarrow.schema(fields)
        self._file = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[Sequence[Value]] = []

    def add(self, values: Sequence[Value]) -> None:
        """Write a row, in batches."""
        self._waiting.append(values)
        if len(self._waiting) == BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            columns = zip(*self._waiting, strict=True)
            arrays = [self._arrow.array(cells, field.type) for cells, field in zip(columns, self._schema, strict=True)]
            self._file.write_batch(self._arrow.record_batch(arrays, schema=self._schema))
            self._waiting = []

    def close(self, about: Mapping[str, Any]) -> None:
        """Finish, with what it says of itself in the metadata."""
        self._flush()
        self._file.add_key_value_metadata({KEY: json.dumps(about, ensure_ascii=False).encode()})
        self._file.close()


class XlsxWriter(Writer):
    """A sheet that says what the file holds, and as many sheets of transfers as it takes; rows go to disk at once."""

    def __init__(self, path: Path, language: str) -> None:
        """Open, with the first sheet of rows."""
        import xlsxwriter

        super().__init__(path, language)
        # No cell is ever taken for a number, a formula or a link: each is written as what it is.
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False})
        self._bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._text = self._book.add_format({"quote_prefix": True})
        self._about = self._book.add_worksheet(in_tongue(SHEETS["about"], language))
        self._count = 0
        self.shortened = 0
        self._open()

    def _open(self) -> None:
        self._count += 1
        name = in_tongue(SHEETS["transfers"], self.language)
        self._sheet = self._book.add_worksheet(name if self._count == 1 else f"{name} {self._count}")
        self._sheet.freeze_panes(1, 1)
        for place, heading in enumerate(self.headings):
            self._sheet.set_column(place, place, 10 if COLUMNS[place].number else 22)
            self._sheet.write_string(0, place, heading, self._bold)
        self._next = 1

    def add(self, values: Sequence[Value]) -> None:
        """Write a row."""
        if self._next == SHEET_ROWS:
            self._open()
        for place, value in enumerate(values):
            if isinstance(value, str):
                text = str(fitting(value))
                self.shortened += text != value
                self._sheet.write_string(self._next, place, text, self._text if risky(text) else None)
            elif value is not None:
                self._sheet.write_number(self._next, place, value)
        self._next += 1

    def close(self, about: Mapping[str, Any]) -> None:
        """Finish, with the first sheet."""
        self._about.set_column(0, 0, 28)
        self._about.set_column(1, 1, 100)
        for number, (name, value) in enumerate(_lines({**about, "shortened": self.shortened})):
            self._about.write_string(number, 0, name, self._bold)
            self._about.write_string(number, 1, str(fitting(value)), self._text if risky(value) else None)
        from xlsxwriter.exceptions import XlsxWriterException

        try:
            self._book.close()
        except XlsxWriterException as fault:
            raise OSError(type(fault).__name__) from fault


def _lines(about: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    """Return ``about`` as pairs: ``ledger.entries`` and its value."""
    found: list[tuple[str, str]] = []
    for name, value in about.items():
        if isinstance(value, dict):
            found += _lines(value, f"{above}{name}.")
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            found += [(f"{above}{name}", each) for each in value]
        elif isinstance(value, list):
            found += [pair for each in value for pair in _lines({each["name"]: each["heading"]}, f"{above}{name}.")]
        else:
            found.append((f"{above}{name}", "" if value is None else str(value)))
    return found


WRITERS: dict[str, type[Writer]] = {
    "csv": CsvWriter,
    "jsonl": JsonLinesWriter,
    "parquet": ParquetWriter,
    "xlsx": XlsxWriter,
}
ALONE = frozenset({"csv", "jsonl"})
"""Formats that have no room for what an export says of itself; it stands in a file beside them."""

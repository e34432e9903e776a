"""A report on paper: XLSX with a sheet for each table, or PDF with the font inside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from gateway.cli.export.cells import fitting, risky
from gateway.cli.export.columns import Value
from gateway.cli.facing import in_tongue
from gateway.cli.monthly.tables import CUT, PAGE, TABLES, Table

SHEET_ROWS = 1_000_000
PDF_ROWS = 1_000
"""Rows of a long table that are printed; the others are counted."""
FONTS = tuple(
    Path("/usr/share/fonts/truetype") / name
    for name in (
        "wqy/wqy-zenhei.ttc",
        "wqy/wqy-microhei.ttc",
        "arphic/uming.ttc",
        "droid/DroidSansFallbackFull.ttf",
    )
)
"""Free fonts of Debian with both Chinese scripts and Portuguese that may be embedded."""
PACKAGE = "fonts-wqy-zenhei"
_ROOM = 110
"""Points that must be left on a page for a table to begin there."""
_CELL = 400
"""Characters of a cell in print."""


class Paper(ABC):
    """Tables are filled in any order, each row by row."""

    most: int

    def __init__(self, language: str) -> None:
        """``language`` is that of the headings."""
        self.language = language
        self.left = dict.fromkeys((table.name for table in TABLES), 0)
        """Rows that were left out, by table."""
        self._count = dict.fromkeys(self.left, 0)

    def add(self, table: str, row: Sequence[Value]) -> None:
        """Add a row to the table of that name, or count it where it has enough."""
        if self._count[table] == self.most:
            self.left[table] += 1
        else:
            self._count[table] += 1
            self._add(table, row)

    def said(self, wording: Any) -> str:
        """Return ``wording`` in the language of the report."""
        return in_tongue(wording, self.language)

    @abstractmethod
    def _add(self, table: str, row: Sequence[Value]) -> None: ...

    @abstractmethod
    def close(self) -> None:
        """Write the file. Raises ``OSError``."""


class Workbook(Paper):
    """A sheet for each table; rows go to disk at once."""

    most = SHEET_ROWS

    def __init__(self, path: Path, title: str, language: str) -> None:
        """Open, with the headings of every sheet."""
        import xlsxwriter

        super().__init__(language)
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._book.set_properties({"title": title})
        self._bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._plain = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._text = self._book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self._sheets = {}
        self._next = {}
        for table in TABLES:
            sheet = self._sheets[table.name] = self._book.add_worksheet(self.said(table.title))
            for place, column in enumerate(table.columns):
                sheet.set_column(place, place, 12 * column.width)
            sheet.write_string(0, 0, f"{title} - {self.said(table.title)}")
            sheet.write_string(1, 0, self.said(table.note))
            for place, column in enumerate(table.columns):
                sheet.write_string(3, place, self.said(column.wording), self._bold)
            sheet.freeze_panes(4, 0)
            self._next[table.name] = 4

    def _add(self, table: str, row: Sequence[Value]) -> None:
        sheet, number = self._sheets[table], self._next[table]
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, place, str(fitting(value)), self._text if risky(value) else self._plain)
            elif value is not None:
                sheet.write_number(number, place, value)
        self._next[table] += 1

    def close(self) -> None:
        """Say what was left out, and write the file."""
        from xlsxwriter.exceptions import XlsxWriterException

        for name, count in self.left.items():
            if count:
                self._sheets[name].write_string(self._next[name], 0, self.said(CUT).format(n=f"{count:,}"))
        try:
            self._book.close()
        except XlsxWriterException as fault:
            raise OSError(type(fault).__name__) from fault


class NoFont(Exception):
    """There is no font here with which Chinese can be printed."""


def font_at(wanted: Path | None) -> Path:
    """Return the font to print with. Raises ``NoFont``."""
    for path in (wanted,) if wanted else FONTS:
        if path.is_file():
            return path
    raise NoFont


class Print(Paper):
    """PDF on A4, landscape; of the font, the glyphs that are used are inside."""

    most = PDF_ROWS

    def __init__(self, path: Path, title: str, language: str, font: Path, size: int) -> None:
        """``size`` is that of the ledger, for the foot of each page. Raises ``NoFont`` where it is no such font."""
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFError, TTFont

        super().__init__(language)
        self._path = path
        self._title = title
        self._size = size
        self._rows: dict[str, list[list[Any]]] = {table.name: [] for table in TABLES}
        self._font = "report"
        try:
            pdfmetrics.registerFont(TTFont(self._font, str(font), subfontIndex=0))
        except (TTFError, OSError, ValueError) as fault:
            raise NoFont from fault

        def style(points: int) -> ParagraphStyle:
            return ParagraphStyle(
                f"s{points}", fontName=self._font, fontSize=points, leading=points + 2, wordWrap="CJK"
            )

        self._styles = {points: style(points) for points in (7, 9, 12, 18)}

    def _text(self, text: str, points: int) -> Any:
        from reportlab.platypus import Paragraph

        # What entries say is text, never markup: a paragraph could fetch pictures.
        return Paragraph(escape(text), self._styles[points])

    def _add(self, table: str, row: Sequence[Value]) -> None:
        cells = [f"{value:,}" if isinstance(value, int) else value or "" for value in row]
        self._rows[table].append([self._text(cell[:_CELL] + " ..." * (len(cell) > _CELL), 7) for cell in cells])

    def close(self) -> None:
        """Lay out the pages, and write the file."""
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.platypus import CondPageBreak, SimpleDocTemplate, Spacer

        document = SimpleDocTemplate(
            str(self._path),
            pagesize=landscape(A4),
            title=self._title,
            author="kouan",
            margin=36,
            leftMargin=36,
            rightMargin=36,
            topMargin=36,
            bottomMargin=44,
            lang=self.language,
        )
        story: list[Any] = [self._text(self._title, 18), Spacer(1, 16)]
        for table in TABLES:
            story += [
                CondPageBreak(_ROOM),
                self._text(self.said(table.title), 12),
                Spacer(1, 4),
                self._text(self.said(table.note), 9),
            ]
            story += [Spacer(1, 6), self._laid(table, document.width), Spacer(1, 4)]
            if self.left[table.name]:
                story.append(self._text(self.said(CUT).format(n=f"{self.left[table.name]:,}"), 9))
            story.append(Spacer(1, 14))
        document.build(story, onFirstPage=self._foot, onLaterPages=self._foot)

    def _laid(self, table: Table, width: float) -> Any:
        from reportlab.lib import colors
        from reportlab.platypus import LongTable

        whole = sum(column.width for column in table.columns)
        head = [self._text(self.said(column.wording), 7) for column in table.columns]
        return LongTable(
            [head, *self._rows[table.name]],
            colWidths=[width * column.width / whole for column in table.columns],
            repeatRows=1,
            style=[
                ("GRID", (0, 0), (-1, -1), 0.25, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ],
        )

    def _foot(self, canvas: Any, _document: Any) -> None:
        canvas.setFont(self._font, 7)
        canvas.drawString(
            36, 24, f"{self._title} - {self.said(PAGE).format(n=canvas.getPageNumber(), size=f'{self._size:,}')}"
        )

"""Records -> a message: JSON, CSV, XML, forms, running text, with the place of every value as it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from html import escape as html_escape
from urllib.parse import quote_plus
from xml.sax.saxutils import escape as xml_escape

from bench.accuracy.identifiers import Chance
from bench.accuracy.marked import Marked, Writing

type Record = Sequence[tuple[str, Marked]]
"""Names of fields and their values."""

CHARSETS = {
    "zh-Hans": ("utf-8", "utf-8", "utf-8", "gb18030", "utf-16"),
    "zh-Hant": ("utf-8", "utf-8", "utf-8", "big5hkscs", "utf-16"),
    "en": ("utf-8", "utf-8", "utf-8", "iso-8859-1", "utf-16"),
    "pt": ("utf-8", "utf-8", "utf-8", "iso-8859-1", "utf-16"),
}
_NOT_A_NAME = re.compile(r"[^\w-]+")
_ORDINALS = str.maketrans("ºª", "oa")  # letters to Python, but not to XML


def _json_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _json_ascii(text: str) -> str:
    return json.dumps(text)[1:-1]


def as_json(records: Sequence[Record], chance: Chance) -> tuple[Writing, str]:
    """Write an object, an array or an envelope around an array; now and then in ASCII with escapes."""
    written = Writing(_json_ascii if chance.random() < 0.1 else _json_text)
    gap, indent = chance.choice((("", ""), (" ", ""), (" ", "\n  ")))
    head, tail = chance.choice((("[", "]"), ('{"data":[', '],"total":1}'), ('{"code":0,"result":{"list":[', "]}}")))
    if len(records) == 1 and chance.random() < 0.6:
        head = tail = ""
    written.raw(head)
    for number, record in enumerate(records):
        written.raw("," * (number > 0) + "{")
        for place, (label, value) in enumerate(record):
            written.raw("," * (place > 0) + indent + f'"{written.escape(label)}":{gap}"')
            written.value(value)
            written.raw('"')
        written.raw("}")
    written.raw(tail)
    return written, "application/json"


def as_csv(records: Sequence[Record], chance: Chance) -> tuple[Writing, str]:
    """Write a table with a header."""
    separator, end = chance.choice(",,,;\t"), chance.choice(("\n", "\r\n"))
    written = Writing(lambda text: text.replace('"', '""'))

    def row(cells: Sequence[Marked | str]) -> None:
        for place, cell in enumerate(cells):
            text = cell if isinstance(cell, str) else "".join(piece.text for piece in cell)
            quotes = '"' if any(sign in text for sign in (separator, '"', "\n")) else ""
            written.raw(separator * (place > 0) + quotes)
            if isinstance(cell, str):
                written.raw(cell)
            else:
                written.value(cell)
            written.raw(quotes)
        written.raw(end)

    row([label for label, _ in records[0]])
    for record in records:
        row([value for _, value in record])
    return written, "text/csv"


def as_xml(records: Sequence[Record], chance: Chance) -> tuple[Writing, str]:
    """Write elements, attributes, or elements that name their field in an attribute."""
    written, style = Writing(lambda text: xml_escape(text, {'"': "&quot;"})), chance.randrange(3)
    outer, inner = chance.choice((("records", "record"), ("rows", "row"), ("Envelope", "Item"), ("请求", "申请")))
    written.raw(f"<{outer}>")
    for record in records:
        written.raw(f"<{inner}")
        written.raw("" if style == 1 else ">")
        for label, value in record:
            name = _NOT_A_NAME.sub("_", label.translate(_ORDINALS)).strip("_.-")
            before, after = ((f"<{name}>", f"</{name}>"), (f' {name}="', '"'), (f'<field name="{label}">', "</field>"))[
                style
            ]
            written.raw(before)
            written.value(value)
            written.raw(after)
        written.raw("/>" if style == 1 else f"</{inner}>")
    written.raw(f"</{outer}>")
    return written, "application/xml"


def as_form(records: Sequence[Record], chance: Chance) -> tuple[Writing, str]:
    """Write ``name: value``, a line each, as a form reads when its text is taken out."""
    written = Writing()
    han = any(ord(letter) > 0x2E80 for label, _ in records[0] for letter in label)
    colon = chance.choice(("：", "：", ":") if han else (": ", ": ", " : "))
    between = "\n" if chance.random() < 0.8 else ("；" if han else "; ")
    for record in records:
        for label, value in record:
            written.raw(f"{label}{colon}")
            written.value(value)
            written.raw(between)
        written.raw("\n")
    return written, "text/plain"


def as_urlencoded(records: Sequence[Record], chance: Chance) -> tuple[Writing, str]:  # noqa: ARG001 - one of several shapes
    """Write the first record as a browser sends a form."""
    written = Writing(quote_plus)
    for place, (label, value) in enumerate(records[0]):
        written.raw("&" * (place > 0) + quote_plus(label) + "=")
        written.value(value)
    return written, "application/x-www-form-urlencoded"


def as_pairs(records: Sequence[Record], chance: Chance) -> tuple[Writing, str]:
    """Write each field as an object of its own, name and value, as form builders and workflow engines do."""
    written = Writing(_json_text)
    name, value_of = chance.choice((("name", "value"), ("label", "value"), ("field", "content"), ("key", "val")))
    written.raw("[")
    for number, record in enumerate(records):
        written.raw("," * (number > 0) + '{"fields":[')
        for place, (label, value) in enumerate(record):
            written.raw("," * (place > 0) + f'{{"{name}":"{written.escape(label)}","{value_of}":"')
            written.value(value)
            written.raw('"}')
        written.raw("]}")
    written.raw("]")
    return written, "application/json"


def as_html(records: Sequence[Record], chance: Chance) -> tuple[Writing, str]:
    """Write a page: a table with a header, a table of two columns, or a list of terms."""
    written, style = Writing(html_escape), chance.randrange(3)
    written.raw("<!DOCTYPE html><html><body>")
    if style == 0:
        written.raw("<table><tr>" + "".join(f"<th>{html_escape(label)}</th>" for label, _ in records[0]) + "</tr>")
    for record in records:
        written.raw(("<tr>", "<table>", "<dl>")[style])
        for label, value in record:
            head, tail = (
                ("<td>", "</td>"),
                (f"<tr><td>{html_escape(label)}</td><td>", "</td></tr>"),
                (f"<dt>{html_escape(label)}</dt><dd>", "</dd>"),
            )[style]
            written.raw(head)
            written.value(value)
            written.raw(tail)
        written.raw(("</tr>", "</table>", "</dl>")[style])
    written.raw("</table>" * (style == 0) + "</body></html>")
    return written, "text/html"


def as_markdown(records: Sequence[Record], chance: Chance) -> tuple[Writing, str]:  # noqa: ARG001 - one of several shapes
    """Write a table in Markdown, as chat tools and wikis have it."""
    written = Writing(lambda text: text.replace("|", "/"))
    written.raw("| " + " | ".join(label for label, _ in records[0]) + " |\n" + "| --- " * len(records[0]) + "|\n")
    for record in records:
        for _, value in record:
            written.raw("| ")
            written.value(value)
            written.raw(" ")
        written.raw("|\n")
    return written, "text/markdown"


SHAPES: dict[str, Callable[[Sequence[Record], Chance], tuple[Writing, str]]] = {
    "json": as_json,
    "csv": as_csv,
    "xml": as_xml,
    "form": as_form,
    "urlencoded": as_urlencoded,
    "pairs": as_pairs,
    "html": as_html,
    "markdown": as_markdown,
}
PAPER = frozenset({"form", "html", "markdown"})
"""Shapes in which fields are named for people."""


def encoded(text: str, media_type: str, language: str, chance: Chance) -> tuple[bytes, str, str]:
    """Return the bytes of ``text`` in a charset of its language, that charset and the whole media type.

    One message in twelve does not say its charset. Falls back to UTF-8 for what the charset does not have.
    """
    charset = chance.choice(CHARSETS[language])
    if media_type == "application/x-www-form-urlencoded":
        return text.encode(), "utf-8", media_type
    try:
        body = text.encode(charset)
    except UnicodeEncodeError:
        charset, body = "utf-8", text.encode()
    if media_type == "application/xml":
        declared = {"utf-16": "UTF-16", "big5hkscs": "Big5-HKSCS"}.get(charset, charset.upper())
        return body, charset, f"{media_type}; charset={declared}"
    said = "" if chance.random() < 1 / 12 else f"; charset={ {'big5hkscs': 'big5-hkscs'}.get(charset, charset) }"
    return body, charset, media_type + said

"""The tables of formats that can be read: to add one, write its file and add its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.decode import csv_text, form, html_text, json_text, mail, multipart, ndjson, plain, xml_text, zip_file
from gateway.decode.door import Document, Format
from gateway.decode.media import CSV, FORM, HTML, JSON, JSON_SEQUENCE, MAIL, MULTIPART, NDJSON, TEXT, XML, ZIP

FORMATS: Mapping[str, Format] = {
    JSON: json_text.FORMAT,
    FORM: form.FORMAT,
    TEXT: plain.FORMAT,
    XML: xml_text.FORMAT,
    HTML: html_text.FORMAT,
    NDJSON: ndjson.FORMAT,
    JSON_SEQUENCE: ndjson.SEQUENCE,
    CSV: csv_text.FORMAT,
}
"""Formats of text by media type."""

DOCUMENTS: Mapping[str, Document] = {
    MULTIPART: multipart.DOCUMENT,
    MAIL: mail.DOCUMENT,
    ZIP: zip_file.DOCUMENT,
}
"""Formats of bytes by media type."""

GUESSED: tuple[tuple[str, Callable[[bytes], bool]], ...] = ()
"""What bytes that nobody declared might be, and how they would look."""

APART: Mapping[str, Document] = {each.name: each for each in DOCUMENTS.values() if each.apart}
"""Documents that are read in a process of their own, by name."""

"""The tables of formats that can be read: to add one, write its file and add its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.decode import (
    avro,
    cbor,
    columnar,
    compressed,
    csv_text,
    events,
    form,
    graphql,
    grpc_frames,
    hl7,
    html_text,
    image,
    json_text,
    mail,
    media,
    msgpack_file,
    multipart,
    ndjson,
    ocr,
    office,
    ole_file,
    pdf,
    plain,
    protobuf,
    rtf,
    seven_zip,
    sqlite_file,
    tar_file,
    xml_text,
    yaml_text,
    zip_file,
)
from gateway.decode.door import Document, Format

FORMATS: Mapping[str, Format] = {
    media.JSON: json_text.FORMAT,
    media.FORM: form.FORMAT,
    media.TEXT: plain.FORMAT,
    media.XML: xml_text.FORMAT,
    media.HTML: html_text.FORMAT,
    media.NDJSON: ndjson.FORMAT,
    media.JSON_SEQUENCE: ndjson.SEQUENCE,
    media.CSV: csv_text.FORMAT,
    media.YAML: yaml_text.FORMAT,
    media.HL7: hl7.FORMAT,
    media.EVENTS: events.FORMAT,
    media.GRAPHQL: graphql.FORMAT,
}
"""Formats of text by media type."""

DOCUMENTS: Mapping[str, Document] = {
    media.MULTIPART: multipart.DOCUMENT,
    media.MAIL: mail.DOCUMENT,
    media.ZIP: zip_file.DOCUMENT,
    **office.DOCUMENTS,
    media.GRPC: grpc_frames.DOCUMENT,
    media.PROTOBUF: protobuf.DOCUMENT,
    media.MSGPACK: msgpack_file.DOCUMENT,
    media.CBOR: cbor.DOCUMENT,
    media.RTF: rtf.DOCUMENT,
    media.PDF: pdf.DOCUMENT,
    media.IMAGE: image.DOCUMENT,
    media.PARQUET: columnar.PARQUET,
    media.ARROW: columnar.ARROW,
    media.AVRO: avro.DOCUMENT,
    media.SQLITE: sqlite_file.DOCUMENT,
    media.OLE: ole_file.DOCUMENT,
    media.SEVEN_ZIP: seven_zip.DOCUMENT,
    media.TAR: tar_file.DOCUMENT,
    media.GZIP: compressed.GZIP_FILE,
    media.BZIP2: compressed.BZIP2_FILE,
    media.XZ: compressed.XZ_FILE,
    media.ZSTD: compressed.ZSTD_FILE,
}
"""Formats of bytes by media type."""

REFINED: Mapping[str, Callable[[bytes], str]] = {media.ZIP: office.kind}
"""What a first look takes for the same, and a second tells apart."""

GUESSED: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    (media.MSGPACK, msgpack_file.looks),
    (media.CBOR, cbor.looks),
    (media.PROTOBUF, protobuf.looks),
)
"""What bytes that nobody declared might be, and how they would look."""

APART: Mapping[str, Document] = {each.name: each for each in (*DOCUMENTS.values(), ocr.DOCUMENT) if each.apart}
"""Documents that are read in a process of their own, by name."""

"""PDF (ISO 32000): text of pages, properties, annotations, form fields, attachments, outlines, older revisions.

Two libraries read it, in a process of its own: PDFium gives the text as a reader sees it, pypdf what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Opaque, Unread

_MOST_PAGES = 2000
_END = re.compile(rb"%%EOF[\r\n \0]*")
_TEXTS = ("/Contents", "/T", "/Subj", "/TU", "/V", "/DV", "/RC", "/Alt", "/ActualText", "/NM")


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return every text as a row, every attached file as a member."""
    # Native code is for the process that this runs in, so it is not loaded with the module.
    import pypdf
    import pypdfium2

    rows: list[Row] = []
    members: list[Member] = []
    opaque: list[Opaque] = []
    notices: list[str] = []
    try:
        rows += _pages(pypdfium2, data, limits, opaque)
        reader = pypdf.PdfReader(_stream(data), strict=False)
        if reader.is_encrypted:
            reader.decrypt("")
        rows += _around(reader)
        members += [Member(name, each) for name, bodies in reader.attachments.items() for each in bodies]
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable(Unread.TOO_DEEP, "depth") from None
    except Exception as fault:  # whatever a library makes of a broken file
        raise Unreadable(Unread.MALFORMED, "pdf") from fault
    ends = list(_END.finditer(data))
    if len(ends) > 1:
        notices.append("pdf.incremental")
        rows += _revision(pypdfium2, data[: ends[-2].end()], limits)
    if ends and data[ends[-1].end() :].strip():
        notices.append("pdf.trailing")
        members.append(Member("~trailing", data[ends[-1].end() :]))
    if data[: data.find(b"%PDF-")].strip():
        members.append(Member("~leading", data[: data.find(b"%PDF-")]))
    return Unpacked(tuple(rows), tuple(members), tuple(opaque), tuple(notices))


def _stream(data: bytes) -> Any:
    import io

    return io.BytesIO(data)


def _pages(pypdfium2: Any, data: bytes, limits: Limits, opaque: list[Opaque]) -> Iterator[Row]:
    """Yield the text of each page; a page with pictures and no text is opaque."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        reason = Unread.ENCRYPTED if "password" in str(fault).lower() else Unread.MALFORMED
        raise Unreadable(reason, "pdf") from None
    if len(document) > min(_MOST_PAGES, limits.segments):
        raise Unreadable(Unread.TOO_MANY, "segments")
    left = limits.body
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage().get_text_range()
        left -= len(text)
        if left < 0:
            raise Unreadable(Unread.TOO_LARGE, "unpacked")
        kinds = {each.type for each in page.get_objects(max_depth=4)}
        if pypdfium2.raw.FPDF_PAGEOBJ_IMAGE in kinds:
            opaque.append(Opaque(Unread.UNKNOWN_FORMAT, f"/{number + 1}", 0, "picture"))
        if text.strip():
            yield Row(f"/{number + 1}", "", text)
    document.close()


def _revision(pypdfium2: Any, data: bytes, limits: Limits) -> list[Row]:
    """Return the text of the revision before the last, which the file still holds."""
    try:
        return [Row(f"/~revision{row.where}", "", row.text) for row in _pages(pypdfium2, data, limits, [])]
    except Unreadable:
        return []


def _around(reader: Any) -> Iterator[Row]:
    """Yield properties, fields, annotations, outlines, scripts."""
    for name, value in (reader.metadata or {}).items():
        yield Row(f"/~info{name}", name.strip("/"), str(value))
    if (packet := reader.xmp_metadata) is not None:
        yield Row("/~xmp", "", packet.stream.get_data().decode("utf-8", "replace"))
    for name, field in (reader.get_fields() or {}).items():
        yield Row("/~field/~key", "", str(name))
        if (value := field.get("/V")) is not None:
            yield Row("/~field", str(name), str(value))
    for number, page in enumerate(reader.pages):
        for annotation in page.get("/Annots") or ():
            given = annotation.get_object()
            for key in _TEXTS:
                if key in given:
                    yield Row(f"/{number + 1}/~note", str(key).strip("/"), str(given[key]))
            action = given.get("/A")
            if action is not None:
                action = action.get_object()
                yield from (
                    Row(f"/{number + 1}/~link", "", str(action[key])) for key in ("/URI", "/JS") if key in action
                )
    yield from _titles(reader.outline)


def _titles(outline: Any) -> Iterator[Row]:
    for item in outline:
        if isinstance(item, list):
            yield from _titles(item)
        elif getattr(item, "title", None):
            yield Row("/~outline", "", str(item.title))


DOCUMENT = Document("pdf", unpack, apart=True)

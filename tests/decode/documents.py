"""Documents to decode, built by hand where a library would not hide anything in them. All data are synthetic."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence

NUMBER = "440105199003071016"
"""An example of the standard, with a sound check digit; nobody's."""


def stream(data: bytes, entries: str = "", *, packed: bool = False) -> bytes:
    """A stream of a PDF."""
    if packed:
        data, entries = zlib.compress(data), f"{entries}/Filter/FlateDecode"
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries.encode("latin-1"), len(data), data)


def pdf(objects: Sequence[bytes | str], *, trailer: str = "", head: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF of these objects, the first of which is the catalogue."""
    out, places = bytearray(head), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        body = each if isinstance(each, bytes) else each.encode("latin-1")
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, trailer.encode("latin-1"), table,
    )  # fmt: skip
    return bytes(out)


def page(content: bytes | str = "", *, more: Sequence[bytes | str] = (), catalogue: str = "", entries: str = "",
         resources: str = "", trailer: str = "") -> bytes:  # fmt: skip
    """A PDF of one page with this content; ``more`` are objects from number 6 on."""
    drawn = content if isinstance(content, bytes) else content.encode("latin-1")
    return pdf(
        [
            f"<</Type/Catalog/Pages 2 0 R{catalogue}>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
            f"/Resources<</Font<</F1 5 0 R>>{resources}>>{entries}>>",
            stream(drawn, packed=True),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ],
        trailer=trailer,
    )


def shown(text: str, at: str = "50 700") -> str:
    """Operators that draw a text."""
    return f"BT /F1 12 Tf {at} Td ({text}) Tj ET\n"


def revised(old: bytes, number: int, body: bytes, root: str = "1 0 R") -> bytes:
    """A PDF to which another version of one of its objects is appended (ISO 32000-1, 7.5.6)."""
    before = old.rindex(b"xref", 0, old.rindex(b"startxref"))
    place = len(old)
    out = old + b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    return out + b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size 99/Root %b/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        number, place, root.encode(), before, table,
    )  # fmt: skip


def changed(archive: bytes, files: Mapping[str, bytes | str]) -> bytes:
    """An archive with these files in place of those of the same name, or beside them."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in source.namelist():
            if name not in files:
                file.writestr(name, source.read(name))
        for name, data in files.items():
            file.writestr(name, data)
    return made.getvalue()


def member(archive: bytes, name: str) -> str:
    """The text of a file of an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        return source.read(name).decode()


def archive(files: Mapping[str, bytes | str]) -> bytes:
    """An archive; the first file is not compressed, as OpenDocument asks of ``mimetype``."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for number, (name, data) in enumerate(files.items()):
            file.writestr(name, data, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return made.getvalue()

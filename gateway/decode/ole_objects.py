"""Objects as OLE 1 writes them (MS-OLEDS): what RTF embeds, and the packages by which a file is put into a document."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gateway.decode import mime
from gateway.decode.gathering import Gathering

_EMBEDDED = 2
_LONGEST_NAME = 4096


def embedded(data: bytes, found: Gathering) -> Iterator[str]:
    """Add the data of an embedded object as members and yield the names it bears; one of another form is one member."""
    try:
        form = struct.unpack_from("<I", data, 4)[0]
        at, names = 8, []
        for _ in range(3):
            (size,) = struct.unpack_from("<I", data, at)
            names.append(data[at + 4 : at + 4 + size].rstrip(b"\0"))
            at += 4 + size
        (size,) = struct.unpack_from("<I", data, at)
    except struct.error:
        form, size, at, names = 0, 0, 0, []
    if form != _EMBEDDED or any(len(name) > _LONGEST_NAME for name in names) or at + 4 + size > len(data):
        found.member("object", data)
        return
    yield from (mime.text_of(name) for name in names if name)
    body = data[at + 4 : at + 4 + size]
    if names[0] == b"Package":
        yield from package(body, found)
    else:
        found.member("object", body)
    found.member("presentation", data[at + 4 + size :])


def package(data: bytes, found: Gathering) -> Iterator[str]:
    """Add the file of a package as a member and yield its names and paths; one of another form is one member."""
    texts, at = [], 2
    for skipped in (0, 8):
        # The name and where it came from; then a mark and a length, and where it is unpacked to.
        for _ in range(1 if skipped else 2):
            end = data.find(b"\0", at + skipped, at + skipped + _LONGEST_NAME)
            if end < 0:
                found.member("package", data)
                return
            texts.append(mime.text_of(data[at + skipped : end]))
            at = end + 1
    size = int.from_bytes(data[at : at + 4], "little")
    yield from texts
    found.member(texts[0] or "package", data[at + 4 : at + 4 + size])
    found.member("~rest", data[at + 4 + size :])

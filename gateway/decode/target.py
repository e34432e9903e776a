"""Path and query of a request target (RFC 9112 section 3.2), as sent and with their octets decoded."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.decode import form
from gateway.decode.door import Unreadable
from gateway.vocabulary import Limits, Part, Segment, Unread


def read(target: bytes, limits: Limits) -> Iterator[Part]:
    """Yield the parts ``path`` and ``query`` of ``target``, and what is encoded twice in them.

    Steps of a path are counted from 1: ``path:/3`` is ``c`` in ``/a/b/c``.
    """
    try:
        text = target.decode()
    except UnicodeDecodeError:
        text = target.decode("latin-1")
    path, _, query = text.partition("?")
    if path.count("/") > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    form.judge(query, limits)
    yield from _part("path", path)
    if query:
        yield from _part("query", query)


def _part(where: str, text: str) -> Iterator[Part]:
    verbatim = "%" not in text and (where == "path" or "+" not in text)
    part = Part(where, text, _read_path if where == "path" else _read_query, format=where, verbatim=verbatim)
    yield part


def _read_path(text: str) -> tuple[Segment, ...]:
    segments, at = [], 0
    for number, written in enumerate(text.split("/")):
        if written:
            segments.append(form.meant(text, at, at + len(written), "", f"path:/{number}"))
        at += len(written) + 1
    return tuple(segments)


def _read_query(text: str) -> tuple[Segment, ...]:
    return form.pairs(text, "query:")

"""Where the text of a part came from, layer by layer, and the way back (law 7: splice, do not write anew).

A ``Source`` is a run of bytes at a place of the message: the body, a member of a document, an island in a text. To put
edits back, each layer from the innermost out gives its parent other bytes: a document is packed again with its changed
members, an island becomes an edit of the text that it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gateway.decode.door import Declared, Document, Format
from gateway.decode.splicing import Unwritable, in_order
from gateway.vocabulary import Edit, Part, Segment


@dataclass(slots=True, eq=False)
class Source:
    """Bytes at a place; ``layer`` is how many documents and islands stand around them."""

    data: bytes = field(repr=False)
    said: Declared = field(repr=False)
    layer: int = 0
    document: Document | None = None
    """What the bytes were opened as, if they are a document that can be packed."""
    parent: Source | None = field(default=None, repr=False)
    index: int = 0
    """Number of this member in its parent."""
    island: Place | None = field(default=None, repr=False)
    read: bool = False
    """Whether a part has been made of it."""


@dataclass(slots=True, eq=False)
class Place:
    """Where an island stands: in a value of ``part``, from code point ``start`` of its text."""

    part: Part = field(repr=False)
    segment: Segment = field(repr=False)
    start: int
    written: str = field(repr=False)
    """What stands there, as the text around it means it."""
    spell: Callable[[bytes], str] = field(repr=False)
    """Write other bytes the way the island is written; raises ``Unwritable``."""


@dataclass(slots=True, eq=False)
class Origin:
    """What a part bears for the way back: its bytes, how they became text, how its format is written."""

    source: Source = field(repr=False)
    format: Format
    mark: bytes = field(default=b"", repr=False)
    """Byte order mark before the text."""


def changes[Run: (str, bytes)](old: Run, new: Run) -> Iterator[tuple[int, int, Run]]:
    """Yield where ``new`` differs from ``old``: run by run where both are of one length, else from first to last."""
    if len(old) != len(new):
        shorter = min(len(old), len(new))
        head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
        tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
        yield head, len(old) - tail, new[head : len(new) - tail]
        return
    start = -1
    for at, (before, after) in enumerate(zip(old, new, strict=True)):
        if (before == after) == (start >= 0):
            if start >= 0:
                yield start, at, new[start:at]
                start = -1
            else:
                start = at
    if start >= 0:
        yield start, len(old), new[start:]


def put_back(edits: tuple[Edit, ...]) -> bytes:
    """Return the root's bytes with all ``edits`` made; raise ``Unwritable`` where a layer cannot be written."""
    by_part: dict[Part, list[Edit]] = {}
    for edit in edits:
        by_part.setdefault(edit.part, []).append(edit)
    replaced: dict[Source, bytes] = {}
    members: dict[Source, dict[int, bytes]] = {}
    for layer in range(max(_origin(part).source.layer for part in by_part), -1, -1):
        for part in [part for part in by_part if _origin(part).source.layer == layer]:
            _put(replaced, _origin(part).source, _written(part, by_part.pop(part)))
        for source in [source for source in members if source.layer == layer]:
            if source.document is None or source.document.pack is None:
                raise Unwritable("document is only read")
            _put(replaced, source, source.document.pack(source.data, source.said, members.pop(source)))
        for source in [source for source in replaced if source.layer == layer and layer]:
            data = replaced.pop(source)
            if source.island is not None:
                place = source.island
                by_part.setdefault(place.part, []).extend(_respelled(place, data))
            elif source.parent is not None:
                members.setdefault(source.parent, {})[source.index] = data
    (data,) = replaced.values()
    return data


def _put(replaced: dict[Source, bytes], source: Source, data: bytes) -> None:
    if source in replaced:
        raise Unwritable("two readings of the same bytes are edited")
    replaced[source] = data


def _origin(part: Part) -> Origin:
    if not isinstance(part.origin, Origin):
        raise Unwritable("part is only read")
    return part.origin


def _written(part: Part, edits: list[Edit]) -> bytes:
    origin = _origin(part)
    if not part.writable or origin.format.write is None:
        raise Unwritable("part is only read")
    text = origin.format.write(part, in_order(part, _outermost(edits)))
    try:
        return origin.mark + text.encode(part.charset)
    except UnicodeEncodeError:
        raise Unwritable("text has no place in the charset") from None


def _outermost(edits: list[Edit]) -> list[Edit]:
    """Leave out edits within others: what is found in a value and once more in an island over it is edited once."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.end > kept[-1].end or edit.start == edit.end:
            kept.append(edit)
    return kept


def _respelled(place: Place, data: bytes) -> Iterator[Edit]:
    """Yield the edits of the text around an island that give it other bytes."""
    for start, end, text in changes(place.written, place.spell(data)):
        yield Edit(place.part, *place.segment.span(place.start + start, place.start + end), text)

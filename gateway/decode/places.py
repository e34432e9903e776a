"""Places: the ``where`` of a segment, and the way from a meaning back to how it is written.

A place is a format and a JSON Pointer (RFC 6901): ``json:/patients/3/id``. The name of a field is data too; its own
place is the field's followed by ``/~key``, which no pointer of a value can be (``~`` is always escaped).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, overload

from gateway.vocabulary import Part, Segment

KEY = "/~key"
_STEP = 64
_PLACE = 256
_KEPT = 120


class Marks(Sequence[int]):
    """Offsets of each code point of a meaning, and of its end; worked out only when somebody asks."""

    __slots__ = ("_count", "_offsets", "_work")

    def __init__(self, count: int, work: Callable[[], Sequence[int]]) -> None:
        """``work`` returns ``count`` offsets."""
        self._count = count
        self._work = work
        self._offsets: Sequence[int] | None = None

    def __len__(self) -> int:
        """Return the number of offsets: one more than the text has code points."""
        return self._count

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        """Return one offset or several."""
        if self._offsets is None:
            self._offsets = self._work()
        return self._offsets[index]


def step(name: str) -> str:
    """Return ``name`` as a step of a pointer; a long one is cut, since each value below repeats it."""
    if len(name) > _STEP:
        name = f"{name[:_STEP]}…"
    if not name.isascii():
        name = name.encode("utf-8", "replace").decode()
    return name.replace("~", "~0").replace("/", "~1")


def below(place: str, pointer: str) -> str:
    """Return the place of a field in ``place``; in a very long one the middle is left out."""
    place = f"{place}/{pointer}"
    return place if len(place) <= _PLACE else f"{place[:_KEPT]}…{place[-_KEPT:]}"


type Row = tuple[str, str, str, int, int, Sequence[int] | None]
"""Text, place, label, start, end and marks of a segment to be."""

_SETTERS: tuple[Callable[[Segment, Any], None], ...] = tuple(
    getattr(Segment, name).__set__ for name in ("text", "where", "label", "start", "end", "marks", "ends")
)

_BLOCK = 512


def segments_of(rows: Sequence[Row]) -> tuple[Segment, ...]:
    """Return a segment for each row.

    A frozen dataclass sets its fields one by one in Python; here each field is set for all segments in one pass of C,
    which takes a fourth of the time; block by block, so that they are still in the processor's cache.
    """
    made = tuple(map(object.__new__, repeat(Segment, len(rows))))
    for begin in range(0, len(rows), _BLOCK):
        block = made[begin : begin + _BLOCK]
        for setter, column in zip(_SETTERS[:-1], zip(*rows[begin : begin + _BLOCK], strict=True), strict=False):
            deque(map(setter, block, column), maxlen=0)
        deque(map(_SETTERS[-1], block, repeat(None)), maxlen=0)
    return made


class Lines:
    """Fields of an envelope, one a line, as a part that is read verbatim."""

    def __init__(self, fields: Sequence[tuple[str, str, str]]) -> None:
        """``fields`` are (place, name, value)."""
        self._fields = fields

    def part(self, where: str, charset: str = "utf-8") -> Part:
        """Return the part."""
        text = "\n".join([f"{name}: {value}" for _, name, value in self._fields])
        return Part(where, text, self._read, format=where, charset=charset, verbatim=True)

    def _read(self, text: str) -> tuple[Segment, ...]:
        segments, at = [], 0
        for place, name, value in self._fields:
            start = at + len(name) + 2
            end = start + len(value)
            segments.append(Segment(text[at : at + len(name)], place + KEY, "", at, at + len(name)))
            segments.append(Segment(text[start:end], place, name, start, end))
            at = end + 1
        return tuple(segments)

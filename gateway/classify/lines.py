"""Lines: the values of a part as one text with a line end between, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from gateway.classify.engine import Engine
from gateway.classify.fold import Reading, readings
from gateway.classify.forms import Match
from gateway.classify.siblings import names_beside
from gateway.vocabulary import Part, Segment


def framed(text: str) -> bytes:
    """Return a text as what is searched: UTF-8 between two line ends. Each code point stays one."""
    return f"\n{text}\n".encode("utf-8", "replace")


@dataclass(slots=True)
class Lines:
    """Values of a part, or other readings of them, all in one text with a line end between."""

    segments: Sequence[Segment]
    texts: list[str]
    """The text of each line: first every value as it stands, then other readings."""
    others: list[tuple[int, Reading]]
    """For each further line the number of its value, and the reading."""
    data: bytes = field(repr=False)
    starts: list[int]
    """Code points before each line, the line end ahead of all left out."""

    @classmethod
    def of(cls, segments: Sequence[Segment], texts: list[str], others: list[tuple[int, Reading]]) -> Lines:
        """Put lines together: ``texts``, and behind them other readings."""
        texts = [*texts, *(reading.text for _, reading in others)]
        starts = list(accumulate([len(text) + 1 for text in texts], initial=0))
        return cls(segments, texts, others, framed("\n".join(texts)), starts)

    @classmethod
    def read(cls, engine: Engine, segments: Sequence[Segment]) -> tuple[Lines, frozenset[int]]:
        """Return the values of a part in every reading of them, and the signs that there are of others."""
        texts = [segment.text for segment in segments]
        lines = cls.of(segments, texts, [])
        signs = engine.signs(lines.data)
        if not engine.is_written_otherwise(signs):
            return lines, signs
        other = [
            (number, reading)
            for number, text in enumerate(texts)
            if not text.isascii()
            for reading in list(readings(text))[1:]
        ]
        if not other:
            return lines, signs
        lines = cls.of(segments, texts, other)
        return lines, signs | engine.signs(lines.data)

    def owner(self, line: int) -> tuple[int, Reading | None]:
        """Return the number of the value of a line, and its reading where that is not the value as it stands."""
        beyond = line - (len(self.texts) - len(self.others))
        return (line, None) if beyond < 0 else self.others[beyond]


@dataclass(slots=True)
class Names:
    """The name that speaks for each value of a part, and the recognisers for which each name speaks."""

    labels: list[str]
    speaking: dict[str, frozenset[int]]

    @classmethod
    def read(cls, engine: Engine, part: Part) -> Names:
        """Return the names of the values of a part: their labels, or what stands beside them."""
        labels = [segment.label for segment in part.segments]
        for number, name in names_beside(part, engine.labels.is_one).items():
            labels[number] = name
        return cls(labels, {label: engine.labels.speaks_for(label) for label in set(labels)})

    def of(self, number: int) -> frozenset[int]:
        """Return the recognisers for which the name of a value speaks."""
        return self.speaking[self.labels[number]]


def code_points(data: bytes, seen: list[Match]) -> dict[int, int]:
    """Map the byte offsets of all matches to code points, in one pass."""
    offsets = sorted({offset for match in seen for offset in (match.start, match.end)})
    if data.isascii():
        return dict(zip(offsets, offsets, strict=True))
    place: dict[int, int] = {}
    count = last = 0
    for offset in offsets:
        count += len(data[last:offset].decode())
        place[offset], last = count, offset
    return place

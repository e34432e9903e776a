"""Text with truth: which stretches are what. All of it is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

type Setting = Literal["labelled", "form", "beside", "running"]
"""``labelled``: the value of a named field (JSON, CSV, XML). ``form``: a line ``name: value``. ``beside``: the name
stands in another cell or member (tables in HTML and Markdown, JSON of names and values). ``running``: prose."""

LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")


@dataclass(frozen=True, slots=True)
class Truth:
    """What a stretch is. ``also`` are other categories that nobody could tell from it, or that come with it.

    With ``wanted`` false, to find it is no mistake and to leave it is none either.
    """

    category: str
    kind: str
    also: frozenset[str] = frozenset()
    wanted: bool = True

    def accepts(self, category: str) -> bool:
        """Tell whether a finding of this category is right here."""
        return category == self.category or category in self.also


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``truth`` is None where it is nothing to find."""

    text: str
    truth: Truth | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A truth at code points ``start:end`` of the text as it is written in the message."""

    start: int
    end: int
    text: str
    truth: Truth


type Marked = tuple[Piece, ...]


def plain(marked: Marked) -> str:
    """Return the text alone."""
    return "".join(piece.text for piece in marked)


@dataclass(slots=True)
class Writing:
    """A text as it grows, with the truths in it. ``escape`` turns what is meant into what is written."""

    escape: Callable[[str], str] = str
    spans: list[Span] = field(default_factory=list)
    _written: list[str] = field(default_factory=list)
    _length: int = 0

    def raw(self, text: str) -> None:
        """Add syntax, unescaped."""
        self._written.append(text)
        self._length += len(text)

    def value(self, marked: Iterable[Piece]) -> None:
        """Add a value, escaped."""
        for piece in marked:
            written = self.escape(piece.text)
            if piece.truth is not None:
                self.spans.append(Span(self._length, self._length + len(written), piece.text, piece.truth))
            self.raw(written)

    @property
    def text(self) -> str:
        """All that is written so far."""
        return "".join(self._written)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the corpus. ``records`` is how many records (persons, rows, texts) it holds."""

    family: str
    language: str
    setting: Setting
    shape: str
    charset: str
    media_type: str
    text: str
    body: bytes
    spans: tuple[Span, ...]
    records: int

"""A transfer, what could be read of it, what was seen in it. Nothing here shows payload text in ``repr`` (law 4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway.vocabulary.terms import Certainty, Leg, Party, State, Unread


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything about a message but its body, as sent. ``repr`` hides what may hold personal data.

    ``target`` is the origin-form request target (path and query), for a response the one of its request.
    """

    method: str
    scheme: str
    host: str
    port: int
    target: bytes = field(repr=False)
    headers: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    trailers: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    status: int = 0
    reason: bytes = field(default=b"", repr=False)

    def header(self, name: bytes) -> bytes | None:
        """Return the only value of header ``name`` (given in lower case), or None. Several are joined by comma."""
        found = [value for key, value in self.headers if key.lower() == name]
        return b", ".join(found) if found else None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement of bytes from exporter to recipient across a boundary (跨境提供 / 跨境轉移)."""

    id: str
    at: datetime
    leg: Leg
    exporter: Party
    recipient: Party
    envelope: Envelope
    body: bytes = field(default=b"", repr=False)
    state: State = State.COMPLETE
    about: str = ""  # for a response: the id of the request's transfer
    address: str = ""
    """The address that the recipient's host was resolved to, once; "" where there is none."""
    notices: tuple[str, ...] = ()
    """What the adapter noticed on the wire, as codes (``wire.trailers`` ...)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds within which ``decode`` works; beyond one of them the part is Opaque and names it."""

    body: int = 8 * 1024 * 1024  # bytes of a decompressed body
    ratio: int = 200  # decompressed over compressed size, looked at once 64 KiB have come out
    depth: int = 64  # nesting of structures
    codings: int = 4  # stacked content codings
    segments: int = 200_000  # values in one text
    unpacked: int = 64 * 1024 * 1024  # bytes out of all documents and islands of a message
    members: int = 50_000  # documents and islands in one message
    layers: int = 8  # documents within documents
    seconds: float = 2.0  # for each MiB of a message, and for one of less
    memory: int = 256 * 1024 * 1024  # bytes for such a process


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """One readable value and its place: ``text`` is what is meant, escapes undone.

    ``start`` and ``end`` are offsets (code points) of its written form in the text of its part. Where writing and
    meaning differ, ``marks`` gives the offset of each code point of ``text`` and of its end; where a value is written
    in pieces, ``ends`` gives where each code point's writing ends.
    """

    text: str = field(repr=False)
    where: str = field(repr=False)
    label: str = field(repr=False)
    """Name of the field that holds the value, or ""."""
    start: int
    end: int
    marks: Sequence[int] | None = field(default=None, repr=False)
    ends: Sequence[int] | None = field(default=None, repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map code points ``start:end`` of ``text`` to offsets in the text of the part."""
        if self.marks is None:
            return self.start + start, self.start + end
        return self.marks[start], self.marks[end] if self.ends is None else self.ends[end - 1]


class Part:
    """One decoded text of a message, with its values.

    ``segments`` is worked out at first use. ``verbatim`` promises that no value is written with escapes: where nothing
    stands in ``text``, nothing stands in the segments.
    """

    __slots__ = ("_read", "_segments", "charset", "format", "origin", "text", "verbatim", "where", "writable")

    def __init__(
        self,
        where: str,
        text: str,
        read: Callable[[str], tuple[Segment, ...]],
        *,
        format: str,
        charset: str = "utf-8",
        verbatim: bool = False,
        writable: bool = False,
        origin: object = None,
    ) -> None:
        """``read`` turns ``text`` into segments; ``origin`` is for ``decode`` alone, to put the part back."""
        self.where, self.text, self.format, self.charset = where, text, format, charset
        self.verbatim, self.writable, self.origin = verbatim, writable, origin
        self._read = read
        self._segments: tuple[Segment, ...] | None = None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All values, in the order in which they are written."""
        if self._segments is None:
            self._segments = self._read(self.text)
        return self._segments

    def __repr__(self) -> str:
        """Show the place and the size, never the text."""
        return f"Part({self.where!r}, {self.format}, {len(self.text)} code points)"


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part that nobody could read, and why (不可读内容 / 不可讀內容)."""

    reason: Unread
    where: str = field(repr=False)
    size: int = 0
    detail: str = ""
    """The limit or the coding, by name; never payload text."""


@dataclass(frozen=True, slots=True)
class Content:
    """What ``decode`` could read of a transfer, and what it could not."""

    parts: tuple[Part, ...]
    opaque: tuple[Opaque, ...] = ()
    notices: tuple[str, ...] = ()
    """Codes of oddities: ``json.duplicate_key``, ``charset.lies``, ``media_type.differs`` ..."""
    media_type: str = ""
    """What the body is by sight (as declared where nobody could look), in lower case; "" for an empty body."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a recogniser saw in a segment, and why it thinks so."""

    recogniser: str
    category: str
    certainty: Certainty
    part: Part = field(repr=False)
    segment: Segment = field(repr=False)
    start: int
    end: int
    evidence: tuple[str, ...] = ()
    """Codes: ``pattern``, ``check_digit``, ``label``, ``context`` ..."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All that ``classify`` saw, and the parts at which a recogniser gave up (a time-out is Opaque, not silence)."""

    items: tuple[Finding, ...] = ()
    opaque: tuple[Opaque, ...] = ()
    near_hits: int = 0  # numbers that add up within runs of letters and digits, where they are no findings


@dataclass(frozen=True, slots=True)
class Individuals:
    """The people of one payload."""

    everybody: frozenset[bytes] = field(default=frozenset(), repr=False)
    """A fingerprint of 32 bytes for each; the same person has the same one in every payload under the same key."""
    sensitive: frozenset[bytes] = field(default=frozenset(), repr=False)
    """Those among them of whom a record holds sensitive personal information."""
    unknown: int = 0
    """Records with personal information of nobody who could be told from others."""
    minors: int = 0
    """Those under fourteen on the day of the transfer; of two readings of a date of birth the younger counts."""
    unknown_sensitive: int = 0
    """Those of the unknown in which there is sensitive personal information."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement for code points ``start:end`` of the text of ``part``; ``text`` is what is meant."""

    part: Part = field(repr=False)
    start: int
    end: int
    text: str = field(repr=False)

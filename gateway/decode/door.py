"""The small door behind which every format stands.

A format of text turns a text into segments with exact places; a format of bytes opens a document into rows of text,
members to be read as if they had come alone, and what could not be read. Neither knows what it stands in: the walk
(``body.py``) opens layer after layer and puts changed bytes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from gateway.vocabulary import Edit, Limits, Opaque, Part, Segment, Unread

type Judged = tuple[bool, tuple[str, ...]]
"""Whether the text is written as it is meant (no escapes), and notices."""


class Unreadable(Exception):
    """What could not be read, and why: a reason with the limit or the coding by name, never payload text."""

    def __init__(self, reason: Unread, detail: str) -> None:
        """``detail`` is recorded."""
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Declared:
    """A Content-Type: type in lower case without parameters, what family it is of, charset in lower case."""

    type: str
    family: str
    """The type by which the format is known (``application/json`` for ``application/fhir+json``); "" where nothing is
    said."""
    charset: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The other parameters, names in lower case: ``boundary`` ..."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of text. Places of its segments begin with ``name`` and a colon: ``json:/patients/3/id``."""

    name: str
    judge: Callable[[str, Limits], Judged]
    """Raises ``Unreadable`` where the text is no such document, or beyond the limits. Linear in the text."""
    read: Callable[[str], tuple[Segment, ...]]
    """Gets judged text only. Every character of meaning stands in a segment: values, names, comments."""
    write: Callable[[Part, Iterable[Edit]], str] | None = None
    """Gets edits in order and apart from each other; raises ``Unwritable``. None: the format is only read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A value that a document holds and that can only be read: a cell, a property, a page, the name of a member."""

    where: str = field(repr=False)
    """A pointer within the document: ``/Sheet1/B7``."""
    label: str = field(repr=False)
    """Name of the field that holds it, or ""."""
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """Bytes inside a document, to be read as if they had come alone."""

    name: str = field(repr=False)
    """What the document calls it; the walk makes it a step of the place, and its text a value of its own."""
    data: bytes = field(repr=False)
    media_type: str = field(default="", repr=False)
    """A whole Content-Type as the document declares it; "" where it does not."""
    format: Format | None = None
    """What it must be read as, where the document leaves no choice (the sheets of a workbook)."""
    charset: str = ""
    """The charset of ``data`` where ``format`` is given."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a document was found to hold. ``where`` of the opaque parts is a pointer within it."""

    rows: tuple[Row, ...] = ()
    members: tuple[Member, ...] = ()
    opaque: tuple[Opaque, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A format of bytes. Places within it begin with ``name`` and a colon: ``zip:/q3.zip``."""

    name: str
    unpack: Callable[[bytes, Declared, Limits], Unpacked]
    """Raises ``Unreadable`` where the bytes are no such document, or beyond the limits. ``limits.body`` is what may
    still come out of it in all. Every byte of the document is accounted for: read, or Opaque."""
    pack: Callable[[bytes, Declared, Mapping[int, bytes]], bytes] | None = None
    """Returns the document with the members at these indices replaced, all else byte for byte as it was where the
    format allows; raises ``Unwritable``. None: the format is only read. ``pack(data, said, {}) == data``."""
    apart: bool = False
    """Native or slow, so that it runs in a process that can be killed. It then gives no ``Member.format``."""

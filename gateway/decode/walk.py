"""The walk through a message: layer after layer, each read by declaration and by sight, within one budget.

Where declaration and sight disagree both readings are tried and the disagreement is a notice. What cannot be read is
``Opaque`` at its place, and everything else is read all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from types import MappingProxyType
from typing import Protocol

from gateway.decode import charsets, islands, protobuf, protobuf_schema, xml_text
from gateway.decode.door import Declared, Document, Format, Member, Row, Unpacked, Unreadable
from gateway.decode.formats import APART, DOCUMENTS, FORMATS, GUESSED, REFINED
from gateway.decode.image import PICTURE
from gateway.decode.media import FORM, HTML, JSON, NDJSON, TEXT, XML, declared
from gateway.decode.places import KEY, Lines, segments_of, step
from gateway.decode.sight import seen_in_bytes, seen_in_text
from gateway.decode.sources import Origin, Place, Source
from gateway.vocabulary import Limits, Opaque, Part, Segment, Unread


class Apart(Protocol):
    """Who reads the documents whose parsers are native or slow."""

    @property
    def words(self) -> Mapping[str, str]:
        """How words in pictures are read: ``languages``, and the folder of their ``data``; empty: not at all."""

    def unpack(self, name: str, data: bytes, said: Declared, limits: Limits) -> Unpacked:
        """Read ``data`` as the document ``name``; raise ``Unreadable``, also on a time-out or a crash."""


class InProcess:
    """Reads them here and now: for tests and for use as a library."""

    words: Mapping[str, str] = MappingProxyType({})

    def unpack(self, name: str, data: bytes, said: Declared, limits: Limits) -> Unpacked:
        """Read ``data`` with nothing between a fault of the parser and the caller."""
        return APART[name].unpack(data, said, limits)


class Walk:
    """What has been read of one message so far, and what may still be spent on it."""

    def __init__(self, limits: Limits, apart: Apart, size: int, schema: tuple[bytes, str] | None = None) -> None:
        """Begin with the whole budget of ``limits`` for a body of ``size`` bytes: each MiB gets its seconds.

        ``schema`` is a set of file descriptors and the name of the message by which Protocol Buffers are read.
        """
        self.limits = limits
        self.parts: list[Part] = []
        self.opaque: list[Opaque] = []
        self.notices: list[str] = []
        self.media_type = ""
        """What the body is by sight."""
        self._apart = apart
        self._schema = schema
        self._bytes = limits.unpacked
        self._members = limits.members
        self._deadline = monotonic() + limits.seconds * max(1.0, size / _MIB)

    def notice(self, *codes: str) -> None:
        """Note oddities, each once."""
        self.notices.extend(code for code in codes if code not in self.notices)

    def add_envelope(self, parts: Sequence[Part]) -> None:
        """Take the parts of the envelope, and read what stands in them; one look tells whether anything does."""
        self.parts.extend(parts)
        if islands.promising("envelope", "\n".join([part.text for part in parts])):
            for part in parts:
                self._read_islands(part, 0)

    def read(self, source: Source, place: str = "", label: str = "") -> None:
        """Read bytes and all that stands in them. Raises nothing but ``Unreadable``.

        ``place`` is what stands before the places of these bytes: "" for a body, ``zip:/a.zip!`` for a member.
        ``label`` is the name of a value that is a member.
        """
        data, said = source.data, source.said
        seen = seen_in_bytes(data)
        if seen in DOCUMENTS or said.family in DOCUMENTS:
            self._read_as_document(source, seen, place, label)
        elif seen:
            self._name(source, seen)
            if said.family not in ("", seen):
                self.notice("media_type.differs")
            raise Unreadable(Unread.UNKNOWN_FORMAT, "")
        elif data:
            self._read_as_text(source, place, label)

    def _name(self, source: Source, type: str) -> None:
        """Note what the body is by sight, once."""
        if not source.layer and not self.media_type:
            self.media_type = source.said.type if source.said.family == type else type

    def _read_as_document(self, source: Source, seen: str, place: str, label: str) -> None:
        """Open what is declared and what is seen; where they differ, both."""
        said = source.said
        refined = REFINED.get(seen)
        if refined is not None:
            seen = refined(source.data)
        types = [type for type in dict.fromkeys((said.family, seen)) if type in DOCUMENTS]
        self._name(source, seen or said.family)
        if seen and said.family not in ("", seen):
            self.notice("media_type.differs")
        sound = [self._open(source, DOCUMENTS[type], place) for type in types]
        if said.family in FORMATS:
            self._read_as_text(source, place, label)
        elif not any(sound) and charsets.readable(source.data):
            with suppress(Unreadable):  # that it is not what it says is named already
                self._read_as_text(source, place, label)

    def _open(self, source: Source, document: Document, place: str) -> bool:
        """Unpack ``source`` and read what comes out; tell whether it is such a document."""
        here = f"{place}{document.name}:"
        left = max(0.0, self._deadline - monotonic())
        limits = replace(self.limits, body=self._bytes, members=self._members, seconds=left)
        try:
            if document.apart:
                unpacked = self._apart.unpack(document.name, source.data, source.said, limits)
            else:
                described = self._schema if document is protobuf.DOCUMENT else None
                read = partial(protobuf_schema.unpack, described) if described else document.unpack
                unpacked = read(source.data, source.said, limits)
        except Unreadable as fault:
            self.opaque.append(Opaque(fault.reason, here, len(source.data), fault.detail))
            return False
        except Exception as error:  # whatever it is, it must not open the gate
            self.opaque.append(Opaque(Unread.CRASHED, here, len(source.data), type(error).__name__))
            return False
        source.document = document if document.pack is not None else None
        if self._apart.words and any(each.detail == PICTURE and not each.where for each in unpacked.opaque):
            unpacked = self._with_words(source, unpacked, limits)
        self._take(source, unpacked, here)
        return True

    def _with_words(self, source: Source, unpacked: Unpacked, limits: Limits) -> Unpacked:
        """Return what an image holds with the words that stand in the picture, in place of the opaque picture."""
        try:
            words = self._apart.unpack("ocr", source.data, Declared("", "", "", self._apart.words), limits)
        except Unreadable as fault:
            return replace(unpacked, opaque=(*unpacked.opaque, Opaque(fault.reason, "/ocr", 0, fault.detail)))
        rows = tuple(Row(f"/ocr{row.where}", row.label, row.text) for row in words.rows)
        return replace(unpacked, rows=(*unpacked.rows, *rows), opaque=())

    def _take(self, source: Source, unpacked: Unpacked, here: str) -> None:
        self.notice(*unpacked.notices)
        self.opaque += [replace(each, where=f"{here}{each.where}") for each in unpacked.opaque]
        names = [Row(f"/{step(each.name)}{KEY}", "", each.name) for each in unpacked.members if each.name]
        rows = (*unpacked.rows, *names)
        # What was inflated in vain has been paid for too.
        wasted = sum(self.limits.ratio * each.size for each in unpacked.opaque if each.reason is Unread.RATIO)
        if wasted and not self._afford(wasted, here, 0):
            return
        if rows and self._afford(sum(len(row.text) for row in rows), here, 0):
            part = Lines([(f"{here}{row.where}", row.label, row.text) for row in rows]).part(here)
            self.parts.append(part)
            self._read_islands(part, source.layer)
        for index, member in enumerate(unpacked.members):
            if not self._afford(len(member.data), here, 1):
                break
            self._read_member(source, index, member, f"{here}/{step(member.name)}!")

    def _afford(self, size: int, where: str, members: int) -> bool:
        """Take ``size`` bytes and so many members from the budget, or say that it is spent."""
        self._bytes -= size
        self._members -= members
        if self._bytes < 0:
            self.opaque.append(Opaque(Unread.TOO_LARGE, where, size, "unpacked"))
        elif self._members < 0:
            self.opaque.append(Opaque(Unread.TOO_MANY, where, size, "members"))
        elif monotonic() > self._deadline:
            self.opaque.append(Opaque(Unread.TIMED_OUT, where, size, "seconds"))
        else:
            return True
        return False

    def _read_member(self, parent: Source, index: int, member: Member, place: str) -> None:
        source = Source(
            member.data,
            declared(member.media_type.encode("latin-1", "replace")),
            parent.layer + 1,
            parent=parent,
            index=index,
        )
        if source.layer > self.limits.layers:
            return self.opaque.append(Opaque(Unread.TOO_DEEP, place.rstrip("!"), len(member.data), "layers"))
        try:
            if member.format is None:
                self.read(source, place, member.name)
            elif member.data:
                self._read_as(source, member.format, member.charset, place)
        except Unreadable as fault:
            self.opaque.append(Opaque(fault.reason, place.rstrip("!"), len(member.data), fault.detail))
        return None

    def _read_as(self, source: Source, format: Format, charset: str, place: str) -> None:
        """Read a member that the document leaves no choice about."""
        found = charsets.read(source.data, charset or "utf-8").items
        if not found:
            raise Unreadable(Unread.UNKNOWN_CHARSET, "charset")
        self._add(source, found[0], format, place, "")

    def _read_as_text(self, source: Source, place: str, label: str) -> None:
        """Read bytes in every plausible charset."""
        readings = charsets.read(source.data, source.said.charset or xml_text.declared_encoding(source.data))
        if readings.lies:
            self.notice("charset.lies")
        faults: list[Unreadable] = []
        for reading in readings.items:
            try:
                self._read_text(source, reading, place, label)
            except Unreadable as fault:
                faults.append(fault)
                if fault.reason in (Unread.TOO_DEEP, Unread.TOO_MANY):
                    raise
        if readings.lies and len(faults) < len(readings.items):
            self._guess(source, place)  # a text in a charset that nobody declared may be none
        if len(faults) == len(readings.items):
            self._name(source, source.said.type)
            if not source.read:
                self._guess(source, place)
            raise faults[0] if faults else Unreadable(Unread.UNKNOWN_CHARSET, "charset")

    def _guess(self, source: Source, place: str) -> None:
        """Read bytes of no known type as what they might be; a guess shows what is there and vouches for nothing."""
        for type, looks in GUESSED:
            if not source.said.family and looks(source.data):
                self._open(source, DOCUMENTS[type], place)

    def _read_text(self, source: Source, reading: charsets.Reading, place: str, label: str) -> None:
        """Add every format in which somebody might read ``reading``: the one it declares and the one that it shows."""
        said = source.said.family
        fault: Unreadable | None = None
        if said in _BY_DECLARATION:
            # Whoever believes the declaration reads it so, whatever else it may look like.
            fault = self._try(source, reading, said, place, label)
            if fault is None and said == JSON and reading.text[:1] in _BRACKETS:
                # One JSON text between brackets looks like nothing else.
                return self._name(source, source.said.type)
        elif said not in ("", TEXT):
            fault = Unreadable(Unread.UNKNOWN_FORMAT, "media-type")
        seen = _seen(said, reading.text)
        if seen not in (said, TEXT) and (said, seen) not in _ALIKE:
            other = self._try(source, reading, seen, place, label)
            if other is None:
                if said and (said != TEXT or seen in _STRUCTURED):
                    self.notice("media_type.differs")
            elif other.reason is Unread.MALFORMED:
                seen = TEXT
            else:
                raise other
        if said in ("", TEXT) and seen == TEXT:
            self._add(source, reading, FORMATS[TEXT], place, label)
        as_said = said in _BY_DECLARATION or (said and seen == TEXT) or (said == TEXT and seen not in _STRUCTURED)
        self._name(source, source.said.type if as_said else seen)
        if fault is not None:
            raise fault
        return None

    def _try(self, source: Source, reading: charsets.Reading, type: str, place: str, label: str) -> Unreadable | None:
        """Add ``reading`` as a format, or return why it is none."""
        if type not in FORMATS:
            return Unreadable(Unread.UNKNOWN_FORMAT, "media-type")
        try:
            self._add(source, reading, FORMATS[type], place, label)
        except Unreadable as fault:
            return fault
        return None

    def _add(self, source: Source, reading: charsets.Reading, format: Format, place: str, label: str) -> None:
        """Add ``reading`` as a part; the first reading of some bytes is the one that can be written."""
        try:
            verbatim, notices = format.judge(reading.text, self.limits)
        except Unreadable:
            raise
        except Exception as error:  # whatever it is, it must not open the gate
            raise Unreadable(Unread.CRASHED, type(error).__name__) from None
        self.notice(*notices)
        goes_back = reading.exact and (
            reading.charset == "utf-8" or reading.mark + reading.text.encode(reading.charset) == source.data
        )
        part = Part(
            f"{place}{format.name}:",
            reading.text,
            _placed(format.read, place, label if format is FORMATS[TEXT] else "") if place else format.read,
            format=format.name,
            charset=reading.charset,
            verbatim=verbatim and not label,
            writable=not source.read and goes_back and format.write is not None and _writable(source),
            origin=Origin(source, format, reading.mark),
        )
        source.read = True
        self.parts.append(part)
        self._read_islands(part, source.layer)

    def _read_islands(self, part: Part, layer: int) -> None:
        """Read what stands inside the values of ``part`` in an alphabet of its own."""
        around = part.origin.source.island if isinstance(part.origin, Origin) else None
        for island in islands.find(part):
            where = island.segment.where
            if isinstance(island, islands.Sealed):
                self.opaque.append(Opaque(island.reason, where, island.size, island.detail))
                continue
            if around is not None and len(around.written) < _REPEATED and island.written in around.written:
                continue  # it was found there already
            if not self._afford(len(island.data), where, 1):
                return
            said = declared(island.declared.encode("latin-1", "replace"))
            source = Source(island.data, said, layer + 1)
            source.island = Place(part, island.segment, island.start, island.written, island.spell)
            self._read_island(source, island, f"{where}!{island.kind}!" if island.kind else f"{where}!")

    def _read_island(self, source: Source, island: islands.Island, place: str) -> None:
        if source.layer > self.limits.layers:
            return self.opaque.append(Opaque(Unread.TOO_DEEP, place.rstrip("!"), len(source.data), "layers"))
        notices = list(self.notices)
        try:
            self.read(source, place, island.segment.label)
        except Unreadable as fault:
            if island.certain or (fault.reason not in _NO_SUCH_THING and _balanced(island.data)):
                self.opaque.append(Opaque(fault.reason, place.rstrip("!"), len(source.data), fault.detail))
        if not island.certain:
            self.notices = notices  # a guess at what a value might be says nothing about the message
        return None


def _seen(said: str, text: str) -> str:
    """Return what a text declared as ``said`` looks like."""
    seen = seen_in_text(text)
    # A text with an equals sign in it is no form; what is escaped in it is an island.
    return TEXT if (said, seen) == (TEXT, FORM) else seen


def _balanced(data: bytes) -> bool:
    """Tell a document that is too deep or too large from words with many brackets in them."""
    return data.count(b"[") == data.count(b"]") and data.count(b"{") == data.count(b"}")


def _writable(source: Source) -> bool:
    """Tell whether other bytes could take the place of ``source`` in all that stands around it."""
    if source.island is not None:
        return source.island.part.writable
    if source.parent is not None:
        return source.parent.document is not None and _writable(source.parent)
    return True


def _placed(read: Callable[[str], tuple[Segment, ...]], place: str, label: str) -> Callable[[str], tuple[Segment, ...]]:
    """Return ``read`` with ``place`` before all places, and ``label`` for what has none."""

    def placed(text: str) -> tuple[Segment, ...]:
        segments = read(text)
        made = segments_of(
            [
                (each.text, place + each.where, each.label or label, each.start, each.end, each.marks)
                for each in segments
            ]
        )
        for old, new in zip(segments, made, strict=True):
            if old.ends is not None:
                object.__setattr__(new, "ends", old.ends)
        return made

    return placed


_NO_SUCH_THING = (Unread.MALFORMED, Unread.UNKNOWN_FORMAT, Unread.UNKNOWN_CHARSET)
_MIB = 1024 * 1024
_REPEATED = 64 * 1024
"""Size of an island up to which what stands in it is compared with what stands around it."""
_BY_DECLARATION = frozenset(FORMATS) - {TEXT}
_BRACKETS = frozenset("[{")
_STRUCTURED = frozenset({JSON, XML, HTML})
"""What is no plain text to anybody."""
_ALIKE = frozenset({(XML, HTML), (HTML, XML), (NDJSON, JSON)})
"""Declaration and sight that are two names of one thing; one line of NDJSON is one text of JSON."""

"""XML (W3C XML 1.0): text, attributes, CDATA, comments and processing instructions with exact spans.

Expat settles whether a document is well formed. What it would fetch or multiply is refused before: a document type with
entities, an internal subset or an external identifier (XML 1.0 sections 2.8 and 4.2; the "billion laughs"). Then one
expression reads the document, so that every character of meaning has its place.

A place is the path of local names, with a position where siblings share one: ``xml:/Envelope/Body/patient[2]/id``; an
attribute is ``/@id`` below its element, a comment ``/~comment``. Text broken by a comment, a CDATA section or an
instruction is one value. Its label is the name of its element, or the name that the element bears in an attribute
(``<field name="idNumber">``); in FHIR, where an element holds nothing but ``value="..."``, the name of the element.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.parsers import expat

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, below, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_TOKEN = re.compile(
    r"<(?:!--(?P<comment>.*?)-->|!\[CDATA\[(?P<cdata>.*?)\]\]>|\?(?P<instruction>.*?)\?>|(?P<doctype>!DOCTYPE[^>]*+)>"
    r"|/(?P<close>[^>]*+)>|(?P<open>[^\s/>!?]++)(?P<attributes>(?:[^>\"'/]++|\"[^\"]*+\"|'[^']*+'|/(?!>))*+)(?P<empty>/?)>)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=]++)\s*+=\s*+(\"([^\"]*+)\"|'([^']*+)')")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);|\r\n")
_DOCTYPE = re.compile(r"<!DOCTYPE\s+[^\[>]*+(\[|>)")
_EXTERNAL = re.compile(r"\s(?:SYSTEM|PUBLIC)\s")
_NAMING = frozenset({"name", "key", "field", "code", "label", "title"})
_ENCODING = re.compile(rb"^\s*+<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]++)[\"']")


def declared_encoding(data: bytes) -> str:
    """Return the encoding that the XML declaration names, in lower case, or ""."""
    found = _ENCODING.match(data[:256])
    return found[1].decode("ascii").lower() if found else ""


def judge(text: str, limits: Limits) -> None:
    """Raise ``Unreadable`` unless ``text`` is one well-formed document within ``limits`` that brings no entities."""
    if text.count("<") + text.count('="') + text.count("='") > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    doctype = _DOCTYPE.search(text, 0, 64 * 1024) if "<!DOCTYPE" in text else None
    if "<!ENTITY" in text or (doctype and (doctype[1] == "[" or _EXTERNAL.search(doctype[0]))):
        raise Unreadable(Unread.MALFORMED, "doctype")
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def opened(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.depth:
            raise Unreadable(Unread.TOO_DEEP, "depth")

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(text.encode("utf-8"), True)
    except (expat.ExpatError, UnicodeEncodeError):
        raise Unreadable(Unread.MALFORMED, "xml") from None


class Piece(NamedTuple):
    """Characters that belong to one value; in ``literal`` ones an ampersand is an ampersand."""

    start: int
    end: int
    literal: bool


class Element:
    """An element that is open: its name, its place, its label, and how often each name occurred in it."""

    __slots__ = ("count", "label", "name", "place")

    def __init__(self, name: str, place: str, label: str) -> None:
        self.name = name
        self.place = place
        self.label = label
        self.count: dict[str, int] = {}


def read(text: str) -> tuple[Segment, ...]:
    """Return all values of a well-formed document, in the order in which they begin."""
    return scan(text, "xml:")


def scan(text: str, root: str) -> tuple[Segment, ...]:
    """Return all values below the place ``root``."""
    return Scan(text, root).segments()


class Scan:
    """One reading of one document. Text is joined over the tags inside of an element that ``joins`` names."""

    def __init__(self, text: str, root: str, joins: frozenset[str] = frozenset()) -> None:
        """``root`` is the place of the document."""
        self._text = text
        self._found: list[Segment] = []
        self._open = [Element("", root, "")]
        self._pieces: list[Piece] = []
        self._joins = joins
        self._joining: list[Element] = []

    def segments(self) -> tuple[Segment, ...]:
        """Read the document, and return its values in the order in which they begin."""
        self.scan(0, len(self._text))
        self._flush()
        self._found.sort(key=lambda segment: segment.start)
        return tuple(self._found)

    def scan(self, start: int, end: int) -> None:
        """Read all tokens from ``start`` to ``end``, and the text between them."""
        done = start
        for token in _TOKEN.finditer(self._text, start, end):
            self._take(done, token.start())
            done = token.end()
            kind = token.lastgroup or ""
            if kind == "cdata":
                self._pieces.append(Piece(*token.span("cdata"), literal=True))
            elif kind in _ASIDE:
                self._aside(kind, *token.span(kind))
            else:
                self._tag(token, closing=kind == "close")
        self._take(done, end)

    def _take(self, start: int, end: int) -> None:
        if end > start:
            self._pieces.append(Piece(start, end, literal=False))

    def _aside(self, kind: str, start: int, end: int) -> None:
        """Add what stands beside the text and does not break it."""
        if not (kind == "instruction" and self._text.startswith("xml ", start)):
            self._found.append(Segment(self._text[start:end], f"{self._open[-1].place}/~{kind}", "", start, end))

    def _tag(self, token: re.Match[str], *, closing: bool) -> None:
        name = local_name(token["close" if closing else "open"].rstrip())
        if not self._joining or name in self._joins:
            self._flush()
        if not closing:
            element = _opened(self._text, token, self._open[-1], self._found)
            if not token["empty"]:
                self._open.append(element)
                if name in self._joins:
                    self._joining.append(element)
                self.entered(name)
        elif len(self._open) > 1:
            element = self._open.pop()
            if self._joining and self._joining[-1] is element:
                self._joining.pop()
            self.left(element)

    def entered(self, name: str) -> None:
        """Learn that an element has been opened; for those who know what elements of a name mean."""

    def left(self, element: Element) -> None:
        """Learn that an element has been closed."""

    def told(self, element: Element) -> tuple[str, str]:
        """Return place and label of the text of an element."""
        return element.place, element.label

    def _flush(self) -> None:
        """Make one value of the pieces since the last tag."""
        if self._pieces:
            place, label = self.told(self._joining[-1] if self._joining else self._open[-1])
            segment = joined(self._text, self._pieces, place, label)
            if segment.text.strip():
                self._found.append(segment)
                self.read(segment)
            self._pieces.clear()

    def read(self, segment: Segment) -> None:
        """Learn that a text has been read."""


_ASIDE = frozenset({"comment", "instruction", "doctype"})


def _opened(text: str, token: re.Match[str], parent: Element, segments: list[Segment]) -> Element:
    """Add the name and the attributes of an element, and return it."""
    start, end = token.span("open")
    name = local_name(text[start:end])
    number = parent.count[name] = parent.count.get(name, 0) + 1
    place = below(parent.place, step(name) if number == 1 else f"{step(name)}[{number}]")
    segments.append(Segment(text[start:end], place + KEY, "", start, end))
    label = name
    offset = token.start("attributes")
    for attribute in _ATTRIBUTE.finditer(token["attributes"]):
        key = local_name(attribute[1])
        where = f"{place}/@{step(key)}"
        begin = offset + attribute.start(1)
        segments.append(Segment(attribute[1], where + KEY, "", begin, begin + len(attribute[1])))
        first, last = attribute.span(3 if attribute[3] is not None else 4)
        value = joined(
            text, [Piece(offset + first, offset + last, literal=False)], where, name if key == "value" else key
        )
        segments.append(value)
        if key in _NAMING and value.text and len(value.text) <= 64:
            label = value.text
    return Element(name, place, label)


def local_name(name: str) -> str:
    """Return a name without its namespace prefix."""
    return name.rpartition(":")[2]


def joined(
    text: str, pieces: Sequence[Piece], where: str, label: str, references: re.Pattern[str] = _REFERENCE
) -> Segment:
    """Return the value that ``pieces`` make together; ``references`` is what stands for other characters in them."""
    if len(pieces) == 1 and (pieces[0].literal or "&" not in text[pieces[0].start : pieces[0].end]):
        start, end, _ = pieces[0]
        return Segment(text[start:end], where, label, start, end)
    characters: list[str] = []
    marks: list[int] = []
    ends: list[int] = []
    for start, end, literal in pieces:
        at = start
        for reference in () if literal else references.finditer(text, start, end):
            _literally(text, at, reference.start(), characters, marks, ends)
            meaning = html.unescape(reference[0]) if reference[0] != "\r\n" else "\n"
            for character in meaning:
                characters.append(character)
                marks.append(reference.start())
                ends.append(reference.end())
            at = reference.end()
        _literally(text, at, end, characters, marks, ends)
    marks.append(pieces[-1].end)
    return Segment("".join(characters), where, label, pieces[0].start, pieces[-1].end, marks, ends)


def meant(written: str) -> str:
    """Return a text with its references undone."""
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), written) if "&" in written else written


def _literally(text: str, start: int, end: int, characters: list[str], marks: list[int], ends: list[int]) -> None:
    characters.append(text[start:end])
    marks.extend(range(start, end))
    ends.extend(range(start + 1, end + 1))


_LITERAL = re.compile(r"<!--(?:.*?)-->|<!\[CDATA\[(?:.*?)\]\]>|<\?(?:.*?)\?>", re.DOTALL)
_CLOSING = {"<!--": "--", "<![C": "]]>", "<?": "?>"}


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the text, escaped for where they stand.

    Raises ``Unwritable`` where an edit reaches beyond one value, cuts a reference, or would end what it stands in.
    """
    text = part.text
    sections = [
        (each.start(), each.end(), each[0][:4] if each[0][1] == "!" else "<?") for each in _LITERAL.finditer(text)
    ]
    begins = [start for start, _, _ in sections]
    segments = part.segments
    starts = [segment.start for segment in segments]
    replacements = []
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        while index >= 0 and segments[index].end < edit.end:
            index -= 1  # values nest where a comment stands inside of a text
            if index < 0 or bisect_right(starts, edit.start) - index > 64:
                raise Unwritable("edit beyond one value")
        if index < 0 or not whole(segments[index], edit):
            raise Unwritable("edit cuts a reference or markup")
        section = bisect_right(begins, edit.start) - 1
        if section >= 0 and edit.start < sections[section][1]:
            closing = _CLOSING[sections[section][2]]
            if closing in text[edit.start - len(closing) : edit.start] + edit.text + text[edit.end : edit.end + 2]:
                raise Unwritable("text would end what it stands in")
            written = edit.text
        else:
            written = html.escape(edit.text)
        replacements.append((edit.start, edit.end, written))
    return spliced(text, replacements)


def whole(segment: Segment, edit: Edit) -> bool:
    """Tell whether an edit begins and ends between characters of a value, with no markup in it."""
    if segment.marks is None:
        return True
    first = bisect_right(segment.marks, edit.start) - 1
    if segment.marks[first] != edit.start:
        return False
    if segment.ends is None:
        return edit.end in segment.marks
    at = edit.start
    while first < len(segment.ends) and at < edit.end:
        if segment.marks[first] > at:
            return False
        at = max(at, segment.ends[first])
        first += 1
    return at == edit.end


def looks(text: str) -> bool:
    """Tell whether ``text`` begins as a document does."""
    return re.match(r"\s*+<(?:\?xml\s|!--|!DOCTYPE\s|[A-Za-z_:])", text) is not None


def _judged(text: str, limits: Limits) -> Judged:
    judge(text, limits)
    return "&" not in text and "<!" not in text, ()


FORMAT = Format("xml", _judged, read, write)

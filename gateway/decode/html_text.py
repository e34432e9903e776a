"""HTML (WHATWG HTML Standard): text of blocks, attributes, comments, scripts and styles, tolerant as browsers are.

Text is joined over inline tags, since ``<b>110</b>105`` reads as one number. Places count elements of a name:
``html:/td[7]``, ``html:/a[2]/@href``. A cell is labelled by the head of its column or by the one beside it, what
follows a ``dt`` or a ``label`` by that. Nothing is ever malformed; what is not closed reaches to the end.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.decode.xml_text import Piece, joined, whole
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_TOKEN = re.compile(
    r"<(?:!--(?P<comment>.*?)(?:--!?>|\Z)|(?P<markup>[!?][^>]*+)(?:>|\Z)|/(?P<close>[A-Za-z][^\s/>]*+)[^>]*+(?:>|\Z)"
    r"|(?P<open>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+)(?:>|\Z))",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=/\"'>]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"?|'([^']*+)'?|([^\s\"'>]++)))?")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|\r\n")
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "mark", "nobr", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)
_RAW = frozenset({"script", "style", "textarea", "title", "xmp"})
_HEADS = frozenset({"th", "dt", "label", "legend"})


class _Table:
    """What is known of the table that is being read: heads of columns, and the row so far."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.row: list[str] = []
        self.column = 0
        self.only_heads = True

    def begin_row(self) -> None:
        if self.only_heads and self.row:
            self.heads = self.row
        self.row, self.column, self.only_heads = [], 0, True


class _Scan:
    """One reading of one document."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[Segment] = []
        self._pieces: list[Piece] = []
        self._count: dict[str, int] = {}
        self._block, self._label = "html:/~text", ""
        self._table = _Table()
        self._head = ""

    def segments(self) -> tuple[Segment, ...]:
        """Read all tokens, and the text between them."""
        done = 0
        text = self._text
        while (token := _TOKEN.search(text, done)) is not None:
            self._take(done, token.start())
            done = token.end()
            kind = token.lastgroup or ""
            if kind in ("comment", "markup"):
                start, end = token.span(kind)
                self._found.append(Segment(text[start:end], f"html:/~{kind}", "", start, end))
            elif kind == "close":
                self._closed(token["close"].lower())
            else:
                done = self._opened(token, token["open"].lower(), done)
        self._take(done, len(text))
        self._flush()
        self._found.sort(key=lambda segment: segment.start)
        return tuple(self._found)

    def _take(self, start: int, end: int, *, literal: bool = False) -> None:
        if end > start:
            self._pieces.append(Piece(start, end, literal))

    def _flush(self) -> str:
        """Make one value of the pieces since the last block; return it."""
        if not self._pieces:
            return ""
        segment = joined(self._text, self._pieces, self._block, self._label, _REFERENCE)
        self._pieces.clear()
        if not segment.text.strip():
            return ""
        self._found.append(segment)
        return segment.text.strip()[:64]

    def _closed(self, name: str) -> None:
        if name in _INLINE:
            return
        value = self._flush()
        if name in ("td", "th"):
            self._table.row.append(value)
            self._table.column += 1
            self._table.only_heads = self._table.only_heads and name == "th"
        if name in _HEADS and value:
            self._head = value
        elif value:
            self._head = ""
        if name == "table":
            self._table = _Table()
        self._block, self._label = "html:/~text", self._head

    def _opened(self, token: re.Match[str], name: str, done: int) -> int:
        """Add the attributes of a tag; return where reading goes on."""
        number = self._count[name] = self._count.get(name, 0) + 1
        place = f"html:/{step(name)}[{number}]"
        if name not in _INLINE:
            self._flush()
            if name == "tr":
                self._table.begin_row()
            self._block, self._label = place, self._label_of(name)
        self._attributes(token, place)
        if name in _RAW:
            end = re.compile(rf"</{name}\b", re.IGNORECASE).search(self._text, done)
            stop = end.start() if end else len(self._text)
            self._take(done, stop, literal=name in ("script", "style", "xmp"))
            self._flush()
            return stop
        return done

    def _label_of(self, name: str) -> str:
        if name == "td":
            heads, column = self._table.heads, self._table.column
            return heads[column] if column < len(heads) and heads[column] else self._head
        return self._head

    def _attributes(self, token: re.Match[str], place: str) -> None:
        offset = token.start("attributes")
        for attribute in _ATTRIBUTE.finditer(token["attributes"]):
            key = attribute[1].lower()
            begin = offset + attribute.start(1)
            where = f"{place}/@{step(key)}"
            self._found.append(Segment(attribute[1], where + KEY, "", begin, begin + len(attribute[1])))
            group = next((group for group in (2, 3, 4) if attribute[group] is not None), 0)
            if group:
                first, last = (offset + at for at in attribute.span(group))
                label = self._head if key == "value" and self._head else key
                value = joined(self._text, [Piece(first, last, literal=False)], where, label, _REFERENCE)
                self._found.append(value)


def judge(text: str, limits: Limits) -> None:
    """Raise ``Unreadable`` beyond ``limits``, or where the text is none."""
    if text.count("<") + text.count("=") > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    if "\0" in text:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "html")


def read(text: str) -> tuple[Segment, ...]:
    """Return all values, in the order in which they begin."""
    return _Scan(text).segments()


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into texts and attributes, escaped.

    Raises ``Unwritable`` where an edit reaches beyond one value, cuts a reference, or stands in a script or a comment
    and holds more than letters, digits and stars.
    """
    text, segments = part.text, part.segments
    starts = [segment.start for segment in segments]
    replacements = []
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        while index >= 0 and segments[index].end < edit.end and bisect_right(starts, edit.start) - index < 64:
            index -= 1
        if index < 0 or segments[index].end < edit.end or not whole(segments[index], edit):
            raise Unwritable("edit beyond one value")
        if html.escape(edit.text) != edit.text and not segments[index].where.startswith("html:/~text"):
            raise Unwritable("text needs escapes where there may be none")
        replacements.append((edit.start, edit.end, html.escape(edit.text)))
    return spliced(text, replacements)


def _judged(text: str, limits: Limits) -> Judged:
    judge(text, limits)
    return False, ()


FORMAT = Format("html", _judged, read, write)

"""Server-sent events (WHATWG HTML Standard section 9.2): the fields of every event, its comments, data joined.

Lines end with CR, LF or both; an empty line ends an event. The lines ``data:`` of one event are one value with a line
end between, as its reader sees it, so that the value may be a document of its own. A place is the number of the event
and the field: ``events:/0/data``; a comment is ``/~comment``, a field that the standard does not know is a value, and
so is its name. The data of an event are labelled by its type, the value of ``event:``. An event that no empty line
ends, which a browser would drop, is read like the others.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, Row, segments_of, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_LINE = re.compile(r"([^\r\n:]*+)(?:(:) ?([^\r\n]*+))?(?:\r\n|\r|\n|\Z)")
_KNOWN = frozenset({"data", "event", "id", "retry"})
_LABEL = 64
_FIRST = re.compile(
    r"(?:(?::[^\r\n]*+)?+(?:\r\n|\r|\n))*+(?:(?:data|event|id|retry)?:[^\r\n]*+(?:\r\n|\r|\n))++(?:\r|\n)"
)
_DATA = re.compile(r"(?:\A|[\r\n])data:")
_TWO = re.compile(r"(?:\A|[\r\n])data(?::[^\r\n]*+)?+(?:\r\n?|\n)(?=[^\r\n])")
"""A line of data that another line of the same event follows: the two may be one value."""
_BREAK = re.compile(r"(?:\r\n|\r|\n)data: ?")
_END = re.compile(r"\r\n|\r|\n")


def judge(text: str, limits: Limits) -> None:
    """Raise ``Unreadable`` where ``text`` has more lines than ``limits.segments`` allows values.

    Any text is a stream of some kind: what is no field by its first letters is a field that nobody knows.
    """
    # A name that nobody knows is a value beside its own.
    if 2 * (text.count("\n") + text.count("\r")) + 2 > limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")


def read(text: str) -> tuple[Segment, ...]:
    """Return all values and comments, event by event, in the order in which they begin."""
    scan = _Scan(text)
    for line in _LINE.finditer(text):
        if line[1] or line[2]:
            scan.take(line)
        elif line.end() > line.start():
            scan.dispatch()
    scan.dispatch()
    return scan.segments()


class _Scan:
    """One reading of one stream."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rows: list[Row] = []
        self._ends: dict[int, Sequence[int]] = {}
        self._event = 0
        self._first = 0  # row of the first line of this event
        self._type = ""
        self._count: dict[str, int] = {}
        self._data: list[tuple[int, int]] = []
        self._place = -1  # row of the data of this event

    def take(self, line: re.Match[str]) -> None:
        """Take one line that is not empty."""
        name = line[1]
        start, end = line.span(3) if line[2] else (line.end(1), line.end(1))
        if name == "data":
            if not self._data:
                self._place = len(self._rows)
                self._rows.append(("", "", "", start, end, None))
            self._data.append((start, end))
            return
        kind = step(name) if name else "~comment"
        number = self._count[kind] = self._count.get(kind, 0) + 1
        place = f"events:/{self._event}/{kind}" if number == 1 else f"events:/{self._event}/{kind}[{number}]"
        if name and name not in _KNOWN:
            self._rows.append((name, place + KEY, "", line.start(1), line.end(1), None))
        if end > start:
            self._rows.append((self._text[start:end], place, name, start, end, None))
            if name == "event":
                self._type = self._rows[-1][0]

    def dispatch(self) -> None:
        """End an event."""
        if self._data:
            place, label = f"events:/{self._event}/data", self._type if len(self._type) <= _LABEL else ""
            self._rows[self._place] = self._joined(place, label)
        elif len(self._rows) == self._first:
            return
        self._event += 1
        self._first = len(self._rows)
        self._type = ""
        self._count.clear()
        self._data.clear()

    def _joined(self, place: str, label: str) -> Row:
        """Return the lines of data as one value; the line end between two is written by all that stands there."""
        start, end = self._data[0][0], self._data[-1][1]
        if len(self._data) == 1:
            return self._text[start:end], place, label, start, end, None
        marks: list[int] = []
        ends: list[int] = []
        for index, (begin, stop) in enumerate(self._data):
            marks.extend(range(begin, stop))
            ends.extend(range(begin + 1, stop + 1))
            if index + 1 < len(self._data):
                marks.append(stop)
                ends.append(self._data[index + 1][0])
        marks.append(end)
        self._ends[self._place] = ends
        return "\n".join([self._text[begin:stop] for begin, stop in self._data]), place, label, start, end, marks

    def segments(self) -> tuple[Segment, ...]:
        """Return what was taken."""
        segments = segments_of(self._rows)
        if not self._ends:
            return segments
        return tuple(
            replace(each, ends=self._ends[row]) if row in self._ends else each for row, each in enumerate(segments)
        )


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the values; a line end in data begins another line.

    Raises ``Unwritable`` where an edit reaches beyond one value, over the line of another field, or would put a line
    end into a value that has a single line, and where it falls on the name of a field.
    """
    text, segments = part.text, part.segments
    starts = [segment.start for segment in segments]
    replacements = []
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        while index >= 0 and segments[index].end < edit.end and bisect_right(starts, edit.start) - index <= 64:
            index -= 1  # other fields may stand between the lines of data
        if index < 0 or edit.end > segments[index].end or segments[index].where.endswith(KEY):
            raise Unwritable("edit beyond one value")
        segment = segments[index]
        _one_field(text, segment, edit)
        replacements.append((edit.start, edit.end, _written(text, segment, edit)))
    return spliced(text, replacements)


def _one_field(text: str, segment: Segment, edit: Edit) -> None:
    """Raise ``Unwritable`` unless an edit of several lines of data goes over nothing but data."""
    if segment.marks is None or segment.ends is None:
        return
    first, last = bisect_left(segment.marks, edit.start), bisect_left(segment.ends, edit.end)
    if segment.marks[first] != edit.start or last == len(segment.ends) or segment.ends[last] != edit.end:
        raise Unwritable("edit cuts the beginning of a line")
    for at in range(first, last + 1):
        if segment.text[at] == "\n" and not _BREAK.fullmatch(text, segment.marks[at], segment.ends[at]):
            raise Unwritable("edit over the line of another field")


def _written(text: str, segment: Segment, edit: Edit) -> str:
    """Return the text of an edit as it is to be written."""
    written, before = edit.text, text[max(edit.start - 6, 0) : edit.start]
    if "\r" in written or ("\n" in written and not segment.where.endswith("/data")):
        raise Unwritable("value has a single line")
    begins = edit.start == segment.start or before in ("\ndata:", "\rdata:")
    if begins and before.endswith(":") and (written + text[edit.end : edit.end + 1]).startswith(" "):
        written = " " + written  # one blank behind the colon is no part of a value
    if "\n" in written:
        end = _END.search(text)
        written = written.replace("\n", f"{end[0] if end else '\n'}data: ")
    return written


def looks(text: str) -> bool:
    """Tell whether ``text`` begins with an event that has data and that an empty line ends."""
    first = _FIRST.match(text)
    return first is not None and _DATA.search(text, 0, first.end()) is not None


def _judged(text: str, limits: Limits) -> Judged:
    judge(text, limits)
    return _TWO.search(text) is None, ()


FORMAT = Format("events", _judged, read, write)

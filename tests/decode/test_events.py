"""Server-sent events: every field of every event, data joined over its lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import events
from gateway.decode.door import Unreadable
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread


def part_of(text: str) -> Part:
    """A judged part."""
    verbatim, _ = events.FORMAT.judge(text, Limits())
    return Part("events:", text, events.FORMAT.read, format="events", verbatim=verbatim, writable=True)


def found(text: str) -> dict[str, Segment]:
    """Segments by place."""
    segments = part_of(text).segments
    places = {each.where.removeprefix("events:/"): each for each in segments}
    assert len(places) == len(segments), "two values at one place"
    return places


def texts(text: str) -> dict[str, str]:
    """Texts by place."""
    return {where: each.text for where, each in found(text).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data: a\n\ndata: b\n\n", {"0/data": "a", "1/data": "b"}),
        ("data:a\rdata:  b\r\ndata\ndata:\n\n", {"0/data": "a\n b\n\n"}),
        ("event: x\nid: 7\nretry: 10\ndata: a", {"0/event": "x", "0/id": "7", "0/retry": "10", "0/data": "a"}),
        (": hello\n\n:\n\ndata:1", {"0/~comment": "hello", "1/data": "1"}),
        ("id: 1\nid: 2\ndata: x\n\n", {"0/id": "1", "0/id[2]": "2", "0/data": "x"}),
        ("phone: 1\ndata: x\n", {"0/phone/~key": "phone", "0/phone": "1", "0/data": "x"}),
        ("just words\n\n", {"0/just words/~key": "just words"}),
        ("data: a\nid: 1\ndata: b\n\n", {"0/data": "a\nb", "0/id": "1"}),
        ("\n\n\n", {}),
        ("data: a:b: c", {"0/data": "a:b: c"}),
        ("Data: a", {"0/Data/~key": "Data", "0/Data": "a"}),
    ],
)
def test_fields_have_places(text: str, expected: dict[str, str]) -> None:
    """Known fields, comments and unknown ones; what no empty line ends is read too."""
    assert texts(text) == expected


def test_data_are_labelled_by_the_type_of_the_event() -> None:
    """Wherever in the event it stands, and for this event only."""
    places = found("data: 1\nevent: phone\n\ndata: 2\n\n")
    assert (places["0/data"].label, places["1/data"].label) == ("phone", "")


def test_each_code_point_of_joined_data_has_its_span() -> None:
    """The line end is written by all that stands between."""
    text = "data: ab\r\nid: 1\r\ndata:c\r\n\r\n"
    segment = found(text)["0/data"]
    assert [text[slice(*segment.span(at, at + 1))] for at in range(4)] == ["a", "b", "\r\nid: 1\r\ndata:", "c"]


@pytest.mark.parametrize(
    ("text", "verbatim"),
    [
        ("data: a\n\ndata: b\n\n", True),
        ("event: x\ndata: a\n\n", True),
        ("data: a\ndata: b\n\n", False),
        ("data: a\r\ndata: b\r\n\r\n", False),
        ("data\ndata: b\n\n", False),
        ("data: a\nid: 1\ndata: b", False),
    ],
)
def test_verbatim_is_what_has_single_lines(text: str, verbatim: bool) -> None:
    """A value over several lines does not stand in the text."""
    assert part_of(text).verbatim is verbatim


@given(st.text(st.sampled_from("data: id\n\r:x陳"), max_size=40))
def test_verbatim_keeps_its_promise(text: str) -> None:
    """Whatever is judged verbatim is."""
    part = part_of(text)
    if part.verbatim:
        assert all(each.text in text for each in part.segments)


@given(st.text(st.sampled_from("data: id\n\r:x陳"), max_size=40))
def test_every_character_is_read(text: str) -> None:
    """Nothing of a stream is lost but the names of its fields."""
    joined = "".join(each.text for each in part_of(text).segments)
    assert joined.count("陳") == text.count("陳")
    assert joined.count("x") == text.count("x")


def test_number_of_lines_is_limited() -> None:
    """Before anything is built."""
    with pytest.raises(Unreadable) as fault:
        events.FORMAT.judge("data\n" * 40, Limits(segments=20))
    assert (fault.value.reason, fault.value.detail) == (Unread.TOO_MANY, "segments")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("data: a\n\n", True),
        (": ping\r\n\r\ndata: a\r\n\r\n", True),
        (": ping\nevent: a\rdata:x\r\n\r\nwhatever", True),
        ("data: a", False),
        ("id: 1\n\n", False),
        ("data: a\nWe have data.\n\n", False),
        ("", False),
    ],
)
def test_streams_show_themselves(text: str, seen: bool) -> None:
    """By a whole event with data at the beginning."""
    assert events.looks(text) is seen


def put(text: str, where: str, start: int, end: int, replacement: str) -> str:
    """Replace some characters of the meaning of a value."""
    part = part_of(text)
    segment = next(each for each in part.segments if each.where == f"events:/{where}")
    assert events.FORMAT.write is not None
    return events.FORMAT.write(part, [Edit(part, *segment.span(start, end), replacement)])


@pytest.mark.parametrize(
    ("text", "start", "end", "replacement", "written"),
    [
        ("data: abc\n\n", 1, 2, "*", "data: a*c\n\n"),
        ("data: abc\r\n\r\n", 1, 2, "x\ny", "data: ax\r\ndata: yc\r\n\r\n"),
        ("data: ab\ndata: cd\n\n", 1, 4, "*", "data: a*d\n\n"),
        ("data: ab\nid: 1\ndata: cd\n\n", 3, 4, "*", "data: ab\nid: 1\ndata: *d\n\n"),
        ("data:ab", 0, 1, " x", "data:  xb"),
        ("data:x\ndata:a b", 2, 3, "", "data:x\ndata:  b"),
    ],
)
def test_edits_change_their_characters_only(text: str, start: int, end: int, replacement: str, written: str) -> None:
    """A line end begins another line of data, and a blank behind the colon stays one."""
    assert put(text, "0/data", start, end, replacement) == written


@pytest.mark.parametrize(
    ("text", "start", "end", "replacement"),
    [
        ("data: ab\n\n", 6, 8, "\r"),
        ("id: ab\n\n", 4, 5, "\n"),
        ("data: a\n\ndata: b\n\n", 6, 16, "*"),
        ("data: a\nid: 1\ndata: b\n\n", 6, 21, "*"),
        ("data: a\ndata: b\n\n", 10, 15, "*"),
        ("phone: 1\n\n", 0, 2, "*"),
    ],
)
def test_what_cannot_be_written_is_refused(text: str, start: int, end: int, replacement: str) -> None:
    """Line ends where there are none, beyond a value, over another field, in the beginning of a line, in a name."""
    part = part_of(text)
    assert events.FORMAT.write is not None
    with pytest.raises(Unwritable):
        events.FORMAT.write(part, [Edit(part, start, end, replacement)])


@given(st.text(st.sampled_from("ab \n:陳"), max_size=6), st.integers(0, 5), st.integers(1, 6), st.booleans())
def test_what_is_written_is_read(replacement: str, start: int, length: int, blank: bool) -> None:
    """Whatever an edit puts in comes back as it was meant."""
    value, sign = "ab\n cd", " " if blank else ""
    end = min(start + length, len(value))
    text = f"data:{sign}ab\ndata:{sign} cd\n\n"
    if not blank:
        value = "ab\ncd"
        start, end = min(start, 4), min(end, 5)
    written = put(text, "0/data", start, end, replacement)
    assert texts(written)["0/data"] == value[:start] + replacement + value[end:]

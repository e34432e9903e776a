"""HL7 version 2: fields where the standard counts them, labelled as it calls them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import hl7
from gateway.decode.door import Unreadable
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

HEAD = "MSH|^~\\&|LAB|SZ|HIS|HK|202611201200||ADT^A01|7|P|2.5\r"


def part_of(text: str) -> Part:
    """A judged part."""
    verbatim, _ = hl7.FORMAT.judge(text, Limits())
    return Part("hl7:", text, hl7.FORMAT.read, format="hl7", verbatim=verbatim, writable=True)


def found(text: str) -> dict[str, Segment]:
    """Segments by place, without those of the header and of the names of segments."""
    segments = part_of(text).segments
    places = {each.where: each for each in segments}
    assert len(places) == len(segments), "two values at one place"
    return {where: each for where, each in places.items() if "/MSH" not in where and not where.endswith("~key")}


def texts(text: str) -> dict[str, str]:
    """Texts by place."""
    return {where: each.text for where, each in found(text).items()}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("PID|1||A123456(3)", {"PID/1": "1", "PID/3": "A123456(3)"}),
        ("PID|||1^^^HK~2^^^SZ&x", {"PID/3/1": "1", "PID/3/4": "HK", "PID/3[2]/1": "2", "PID/3[2]/4/1": "SZ",
                                    "PID/3[2]/4/2": "x"}),
        ("NTE|1||a\rNTE|2||b", {"NTE/1": "1", "NTE/3": "a", "NTE[2]/1": "2", "NTE[2]/3": "b"}),
        ("NTE|||a\r\nNTE|||b\nNTE|||c", {"NTE/3": "a", "NTE[2]/3": "b", "NTE[3]/3": "c"}),
        ("ZHK|x", {"ZHK/1": "x"}),
    ],
)  # fmt: skip
def test_places_count_as_the_standard_does(line: str, expected: dict[str, str]) -> None:
    """Fields from 1, repetitions and segments by number, components where they are written."""
    assert texts(HEAD + line) == {f"hl7:/{where}": text for where, text in expected.items()}


def test_the_header_counts_its_separator_as_its_first_field() -> None:
    """MSH-9 is the type of the message; the encoding characters are a value too."""
    places = {each.where: each.text for each in part_of(HEAD).segments}
    assert places["hl7:/MSH/2"] == "^~\\&"
    assert (places["hl7:/MSH/3"], places["hl7:/MSH/9/1"], places["hl7:/MSH/12"]) == ("LAB", "ADT", "2.5")


def test_names_of_segments_are_values() -> None:
    """A segment of somebody's own making may be called anything."""
    names = [each.text for each in part_of(f"{HEAD}ZSECRET|1\rno bars at all").segments if each.where.endswith("~key")]
    assert names == ["MSH", "ZSECRET", "no bars at all"]


@pytest.mark.parametrize(
    ("line", "where", "label"),
    [
        ("PID|||1", "PID/3", "patient identifier"),
        ("PID|||1^^^GOV^NI", "PID/3/1", "identity card number"),
        ("PID|||1^^^GOV^NNHKG", "PID/3/1", "identity card number"),
        ("PID|||1^^^GOV^MR~2^^^GOV^PPN", "PID/3[2]/1", "passport number"),
        ("PID|||1^^^GOV^XX", "PID/3/1", "patient identifier"),
        ("PID|||||CHAN^TAI MAN", "PID/5/2", "patient name"),
        ("PID|||||||19900101", "PID/7", "date of birth"),
        ("PID|||||||||||1^2", "PID/11/2", "address"),
        ("NK1|1|A||B|1", "NK1/5", "phone number"),
        ("OBX|1|ST|123^身份证号^L||7", "OBX/5", "身份证号"),
        ("OBX|1|ST|123||7", "OBX/5", "123"),
        ("ZZZ|1", "ZZZ/1", ""),
    ],
)
def test_labels_are_the_names_of_fields(line: str, where: str, label: str) -> None:
    """An identifier is named by its type, a result by what was looked for."""
    assert found(HEAD + line)[f"hl7:/{where}"].label == label


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
        (r"\X31323334\5", "12345"),
        ("\\XE999B3\\\\X31\\", "陳1"),
        ("\\XB3C2\\", "陈"),
        (r"x\.br\y\.sp2\z", "x\ny\nz"),
        (r"\H\1\N\2", "12"),
        (r"\M2441\#1#2\C2842\34", "１２34"),
        ("\\M2441\\#1#\\F\\", "１#|"),
        (r"\M2441\陳1#1", "陳1１"),
        (r"C:\dir\x", r"C:\dir\x"),
        (r"\Zabc\x", r"\Zabc\x"),
        (r"1\F", r"1\F"),
    ],
)
def test_escapes_are_undone(written: str, meant: str) -> None:
    """What the standard escapes means one character, and anything else itself."""
    segment = found(f"{HEAD}NTE|||{written}")["hl7:/NTE/3"]
    assert segment.text == meant
    ends = [segment.span(at, at + 1) for at in range(len(meant))]
    assert ends == sorted(ends)
    assert all(segment.start <= start < end <= segment.end for start, end in ends)
    assert segment.end == len(HEAD) + len(f"NTE|||{written}")


def test_delimiters_are_those_of_the_header() -> None:
    """Every header of a batch may name others."""
    text = "FHS#*@!%#a\rMSH#*@!%#x\rPID###1*2@3\rMSH|^~\\&|y\rPID|||4*5^6\rBTS|1"
    assert {where: each for where, each in texts(text).items() if "PID" in where} == {
        "hl7:/PID/3/1": "1",
        "hl7:/PID/3/2": "2",
        "hl7:/PID/3[2]": "3",
        "hl7:/PID[2]/3/1": "4*5",
        "hl7:/PID[2]/3/2": "6",
    }


def test_the_frame_of_mllp_is_no_value() -> None:
    """Several framed messages in a row are one text."""
    framed = f"\x0b{HEAD}PID|||1\r\x1c\r\x0b{HEAD}PID|||2\r\x1c\r"
    assert texts(framed) == {"hl7:/PID/3": "1", "hl7:/PID[2]/3": "2"}


def test_verbatim_is_what_has_no_escapes() -> None:
    """The escape character in the header alone escapes nothing."""
    assert part_of(f"{HEAD}PID|||1\r{HEAD}").verbatim
    assert not part_of(f"{HEAD}PID|||1\\F\\").verbatim


@pytest.mark.parametrize("text", ["", "PID|||1", "MSH", "MSH|", "MSHA^~B|", "a\rMSH|^~\\&|", "MSH|^~\\&x|"])
def test_what_has_no_header_is_malformed(text: str) -> None:
    """Without one nobody knows the delimiters."""
    assert not hl7.looks(text)
    with pytest.raises(Unreadable) as fault:
        hl7.FORMAT.judge(text, Limits())
    assert (fault.value.reason, fault.value.detail) == (Unread.MALFORMED, "hl7")


def test_number_of_values_is_limited() -> None:
    """Counted with the delimiters of every header."""
    for text in (HEAD + "PID|" + "|" * 100, "MSH|^~\\&|\rMSH#^~\\&#\rPID" + "#" * 100, HEAD + "\n" * 100):
        with pytest.raises(Unreadable) as fault:
            hl7.FORMAT.judge(text, Limits(segments=80))
        assert fault.value.reason is Unread.TOO_MANY


def test_number_of_delimiters_is_limited() -> None:
    """Nobody changes them with every message."""
    text = "\r".join(f"MSH{chr(0x2190 + at)}^~\\&" for at in range(200))
    with pytest.raises(Unreadable):
        hl7.FORMAT.judge(text, Limits())


def put(line: str, where: str, start: int, end: int, replacement: str) -> str:
    """Replace some characters of the meaning of a value."""
    part = part_of(HEAD + line)
    segment = next(each for each in part.segments if each.where == f"hl7:/{where}")
    assert hl7.FORMAT.write is not None
    written = hl7.FORMAT.write(part, [Edit(part, *segment.span(start, end), replacement)])
    assert written.startswith(HEAD)
    return written.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("line", "start", "end", "replacement", "written"),
    [
        ("NTE|||1234", 1, 3, "**", "NTE|||1**4"),
        ("NTE|||1234", 0, 4, "a|^&~\\\r\n", "NTE|||a\\F\\\\S\\\\T\\\\R\\\\E\\\\X0D\\\\.br\\"),
        (r"NTE|||a\F\b", 1, 2, "*", "NTE|||a*b"),
        (r"NTE|||\X313233\4", 1, 2, "*", "NTE|||\\X312A33\\4"),
        (r"NTE|||\X313233\4", 1, 4, "*", "NTE|||\\X312A\\"),
        (r"NTE|||0\X313233\4", 0, 2, "*", "NTE|||*\\X3233\\4"),
    ],
)
def test_edits_are_escaped(line: str, start: int, end: int, replacement: str, written: str) -> None:
    """Delimiters and line ends by escapes, octets as octets, and what was not edited stays."""
    assert put(line, "NTE/3", start, end, replacement) == written


@given(st.text(st.sampled_from("ab1陳|^~\\&\r\n\x0b"), max_size=8), st.integers(0, 3), st.integers(1, 4))
def test_what_is_written_is_read(replacement: str, start: int, length: int) -> None:
    """Whatever an edit puts in comes back as it was meant (CR of a CR LF too)."""
    value = "1|34"
    end = min(start + length, 4)
    part = part_of(HEAD + put(r"NTE|||1\F\34", "NTE/3", min(start, end), end, replacement))
    expected = value[: min(start, end)] + replacement + value[end:]
    assert "".join(each.text for each in part.segments if each.where == "hl7:/NTE/3") == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (HEAD + "PID|||1|2", len(HEAD) + 6, len(HEAD) + 9),
        (HEAD + "PID|||1", len(HEAD), len(HEAD) + 3),
        (HEAD, 4, 6),
        (HEAD + "NTE|||\\F\\", len(HEAD) + 6, len(HEAD) + 7),
        (HEAD + "NTE|||C:\\dir", len(HEAD) + 6, len(HEAD) + 7),
        (HEAD + "NTE|||\\M2441\\#1", len(HEAD) + 13, len(HEAD) + 15),
    ],
)
def test_what_cannot_be_written_is_refused(text: str, start: int, end: int) -> None:
    """Beyond a value, on a name, in the header's own characters, through an escape, where escapes are unclear."""
    part = part_of(text)
    assert hl7.FORMAT.write is not None
    with pytest.raises(Unwritable):
        hl7.FORMAT.write(part, [Edit(part, start, end, "*")])


def test_without_an_escape_character_some_text_cannot_be_written() -> None:
    """The header may name none."""
    part = part_of("MSH|^~|x\rNTE|||1")
    assert hl7.FORMAT.write is not None
    assert hl7.FORMAT.write(part, [Edit(part, 15, 16, "*")]) == "MSH|^~|x\rNTE|||*"
    with pytest.raises(Unwritable):
        hl7.FORMAT.write(part, [Edit(part, 15, 16, "a|b")])

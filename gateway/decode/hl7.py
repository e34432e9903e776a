"""HL7 version 2 messages in ER7 (HL7 v2.5.1 chapter 2.5 to 2.10; Encoding Rules 7): the vertical bars of hospitals.

A header segment (MSH; FHS and BHS of a batch) names the characters that separate fields, repetitions, components and
subcomponents; every later header may name others. Segments end with CR, LF or both, and the frame of MLLP (0x0B ...
0x1C 0x0D) may stand around. A place is segment, field, component and subcomponent, each as the standard counts it:
``hl7:/PID/3/1``; a second segment of a name is ``PID[2]``, a second repetition of a field ``3[2]``, and a step is left
out where the field was written without its separator. The label is what the standard calls the field; an identifier
is labelled by its own type (CX.5, table 0203), the value of an observation by what was observed (OBX-3).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from gateway.decode.door import Format, Judged, Unreadable
from gateway.decode.places import KEY, Row, segments_of, step
from gateway.decode.splicing import Unwritable, spliced
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread

_HEADER = re.compile(
    r"(?<![^\r\n\x0b\x1c])(?:MSH|FHS|BHS)([^\w\s])((?:(?!\1)[^\w\s]){0,5})(?:\1|(?=[\r\n\x0b\x1c]|\Z))"
)
_BEGINS = re.compile(r"[\r\n\x0b\x1c]*+(?:MSH|FHS|BHS)([^\w\s])(?:(?!\1)[^\w\s]){1,5}(?:\1|[\r\n\x1c]|\Z)")
_LINE = re.compile(r"[^\r\n\x0b\x1c]+")
_HEADERS = ("MSH", "FHS", "BHS")
_LABEL = 64
_DELIMITERS = 32
"""Different delimiters in all headers of one text; a message has five."""


class _Signs(NamedTuple):
    """The encoding characters in force: "" for one that the header does not name."""

    field: str
    component: str = ""
    repetition: str = ""
    escape: str = ""
    subcomponent: str = ""
    truncation: str = ""


@lru_cache(32)
def _inner(signs: _Signs) -> re.Pattern[str]:
    """Return what shows that a field is more than one plain value."""
    return re.compile(f"[{re.escape(''.join(signs[1:5]))}]" if any(signs[1:5]) else r"(?!)")


def _signs(header: re.Match[str]) -> _Signs:
    return _Signs(header[1], *header[2])


_FIELDS = """
PID: 2 patient ID, 3 patient identifier, 4 alternate patient ID, 5 patient name, 6 mother's maiden name
PID: 7 date of birth, 8 sex, 9 patient alias, 10 race, 11 address, 12 county code, 13 phone number
PID: 14 business phone number, 15 primary language, 16 marital status, 17 religion, 18 patient account number
PID: 19 national ID, 20 driver's license number, 21 mother's identifier, 22 ethnic group, 23 birth place
PID: 26 citizenship, 28 nationality, 29 date of death
PD1: 3 primary facility, 4 primary care provider
NK1: 2 name, 3 relationship, 4 address, 5 phone number, 6 business phone number, 12 employee number
NK1: 13 organization name, 14 marital status, 15 sex, 16 date of birth, 19 citizenship, 25 religion
NK1: 26 mother's maiden name, 27 nationality, 28 ethnic group, 30 contact name, 31 contact number
NK1: 32 contact address, 33 identifier, 37 national ID
MRG: 1 patient identifier, 2 alternate patient ID, 3 patient account number, 4 patient ID, 7 patient name
GT1: 2 guarantor number, 3 guarantor name, 4 spouse name, 5 address, 6 phone number, 7 business phone number
GT1: 8 date of birth, 9 sex, 12 national ID, 16 employer name, 17 employer address, 18 employer phone number
GT1: 19 employee number
IN1: 2 insurance plan ID, 3 insurance company ID, 4 insurance company name, 8 group number, 16 insured's name
IN1: 18 date of birth, 19 address, 36 policy number, 43 sex, 49 insured's ID number
IN2: 1 employee number, 2 national ID, 6 health insurance card number, 8 medicaid number
IN2: 40 mother's maiden name, 61 patient member number, 63 phone number, 64 employer phone number
PV1: 7 attending doctor, 8 referring doctor, 9 consulting doctor, 17 admitting doctor, 19 visit number
ORC: 10 entered by, 12 ordering provider, 14 phone number
OBR: 4 service, 10 collector, 13 clinical information, 16 ordering provider, 17 phone number
OBX: 3 observation, 5 observation value, 16 responsible observer
AL1: 3 allergy, 5 allergy reaction
DG1: 3 diagnosis, 4 diagnosis, 16 diagnosing clinician
PR1: 3 procedure, 4 procedure
RXE: 2 medication
RXA: 5 vaccine, 10 administering provider
NTE: 3 comment
QRD: 8 patient
STF: 2 staff identifier, 3 staff name, 5 sex, 6 date of birth, 10 phone number, 11 address, 15 email address
PRD: 2 provider name, 3 provider address, 5 contact number, 7 provider identifier
CTD: 2 contact name, 3 contact address, 5 contact number, 7 contact identifier
ACC: 1 accident date, 3 accident location
"""
"""Fields by which persons are known or described (HL7 v2.5.1 chapters 3, 4, 6, 7, 8, 11 and 15)."""
_LABELS: Mapping[tuple[str, int], str] = {
    (line[:3], int(number)): name for line in _FIELDS.split("\n") for number, name in re.findall(r"(\d+) ([^,]+)", line)
}
_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("NI", "CZ", "PRC"), "identity card number"),
    "PPN": "passport number",
    "DL": "driver's license number",
    "SS": "social security number",
    "BA": "bank account",
    "BC": "bank card number",
    "MR": "medical record number",
    "HC": "health card number",
    "TAX": "tax id",
    "EI": "employee number",
}
"""What an identifier is, by its type code (HL7 table 0203); NNxxx is the national identifier of country xxx."""
_TYPED = frozenset(
    {("PID", 2), ("PID", 3), ("PID", 4), ("PID", 18), ("PID", 21), ("MRG", 1), ("NK1", 33), ("IN1", 49), ("STF", 2)}
)
"""Fields of the data type CX that tell who a person is."""
_SETS: Mapping[str, str] = {
    **dict.fromkeys(("2441", "242841", "242941"), "gb2312"),
    **dict.fromkeys(("242843", "242943"), "euc_kr"),
    "2442": "euc_jp",
}
"""Sets of two bytes a character, by their ISO 2022 escape sequences in hex (HL7 v2.5.1 section 2.7.2)."""


@lru_cache(32)
def _escapes(sign: str) -> re.Pattern[str]:
    mark = re.escape(sign)
    return re.compile(
        rf"{mark}(?:(?P<sign>[FSTREPHN])|X(?P<hex>(?:[0-9A-Fa-f]{{2}})*+)|C(?P<one>[0-9A-Fa-f]{{4}})"
        rf"|M(?P<two>[0-9A-Fa-f]{{4}}(?:[0-9A-Fa-f]{{2}})?)|\.(?P<layout>br|sp|sk|fi|nf|in|ti|ce)[-+]?[0-9]{{0,4}}){mark}"
    )


def judge(text: str, limits: Limits) -> bool:
    """Raise ``Unreadable`` unless ``text`` begins with a header, and is within ``limits``; tell whether it escapes."""
    if _BEGINS.match(text) is None:
        raise Unreadable(Unread.MALFORMED, "hl7")
    named: set[str] = set()
    escapes: dict[str, int] = {}
    for header in _HEADER.finditer(text):
        signs = _signs(header)
        named.update(*signs[:5])
        escapes[signs.escape] = escapes.get(signs.escape, 0) + 1
        if len(named) > _DELIMITERS:
            raise Unreadable(Unread.MALFORMED, "hl7")
    if sum(map(text.count, (*named, "\r", "\n", "\x0b", "\x1c"))) >= limits.segments:
        raise Unreadable(Unread.TOO_MANY, "segments")
    return any(sign and text.count(sign) > headers for sign, headers in escapes.items())


def read(text: str) -> tuple[Segment, ...]:
    """Return the name of every segment and all values that are not empty, in the order in which they stand."""
    rows: list[Row] = []
    ends: dict[int, Sequence[int]] = {}
    signs = _Signs("|", *"^~\\&")
    inner = _inner(signs)
    count: dict[str, int] = {}
    for line in _LINE.finditer(text):
        written, at = line[0], line.start()
        first = 1
        if written.startswith(_HEADERS) and (header := _HEADER.match(text, at)) is not None:
            signs = _signs(header)
            inner = _inner(signs)
            first = 2
        fields = written.split(signs.field)
        name = fields[0]
        number = count[name] = count.get(name, 0) + 1
        place = f"hl7:/{step(name)}" if number == 1 else f"hl7:/{step(name)}[{number}]"
        if name:
            rows.append((name, place + KEY, "", at, at + len(name), None))
        plain = inner.search(written, len(name)) is None
        for index, field in enumerate(fields):
            if index and field:
                number = index + first - 1
                label = _LABELS.get((name, number), "")
                if number == 5 and name == "OBX":
                    label = _observed(fields[3], signs) or label
                where = f"{place}/{number}"
                if plain or (index == 1 and first == 2) or inner.search(field) is None:
                    rows.append((field, where, label, at, at + len(field), None))
                else:
                    for value in _values(field, where, label, at, signs, typed=(name, number) in _TYPED):
                        _add(rows, ends, text, signs, *value)
            at += len(field) + 1
    segments = segments_of(rows)
    if not ends:
        return segments
    return tuple(replace(each, ends=ends[row]) if row in ends else each for row, each in enumerate(segments))


def _observed(field: str, signs: _Signs) -> str:
    """Return what an observation is of: the text of its identifier (CE.2), else its code."""
    parts = _split(field, signs.component)
    name = parts[1] if len(parts) > 1 and parts[1] else parts[0]
    return name if len(name) <= _LABEL else ""


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else [text]


def _values(
    field: str, place: str, label: str, at: int, signs: _Signs, *, typed: bool
) -> Iterator[tuple[str, str, int, int]]:
    """Yield place, label, start and end of every value of a field that is written in several."""
    for number, repetition in enumerate(_split(field, signs.repetition), 1):
        here = place if number == 1 else f"{place}[{number}]"
        components = _split(repetition, signs.component)
        named = label
        if typed and len(components) > 4:
            named = _typed(_split(components[4], signs.subcomponent)[0]) or label
        for ordinal, component in enumerate(components, 1):
            below = here if len(components) == 1 else f"{here}/{ordinal}"
            parts = _split(component, signs.subcomponent)
            for minor, part in enumerate(parts, 1):
                if part:
                    yield below if len(parts) == 1 else f"{below}/{minor}", named, at, at + len(part)
                at += len(part) + 1


def _typed(code: str) -> str:
    return _TYPES["NI"] if code.startswith("NN") else _TYPES.get(code, "")


def _add(
    rows: list[Row],
    ends: dict[int, Sequence[int]],
    text: str,
    signs: _Signs,
    where: str,
    label: str,
    start: int,
    end: int,
) -> None:
    """Add one value, its escapes undone."""
    if signs.escape and text.find(signs.escape, start, end) >= 0:
        meaning = _Meaning()
        meaning.read(text, start, end, signs)
        ends[len(rows)] = meaning.ends
        rows.append(("".join(meaning.characters), where, label, start, end, meaning.marks))
    else:
        rows.append((text[start:end], where, label, start, end, None))


class _Meaning:
    """What a value with escapes means, and where each character of it is written."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.marks: list[int] = []
        self.ends: list[int] = []

    def read(self, text: str, start: int, end: int, signs: _Signs) -> None:
        """Undo the escapes in ``text[start:end]`` (HL7 v2.5.1 section 2.7)."""
        at, charset = start, ""
        for escape in _escapes(signs.escape).finditer(text, start, end):
            self._literal(text, at, escape.start(), charset)
            at = escape.end()
            kind = escape.lastgroup
            if kind == "sign":
                meant = {
                    "F": signs.field,
                    "S": signs.component,
                    "T": signs.subcomponent,
                    "R": signs.repetition,
                    "E": signs.escape,
                    "P": signs.truncation,
                }.get(escape["sign"], "")
                self._put(meant, escape.start(), at)
            elif kind == "hex":
                self._octets(escape)
            elif kind == "layout":
                self._put({"br": "\n", "sp": "\n", "sk": " "}.get(escape["layout"], ""), escape.start(), at)
            else:
                charset = _SETS.get(escape["two"] or "", "")
        self._literal(text, at, end, charset)
        self.marks.append(end)

    def _put(self, character: str, start: int, end: int) -> None:
        if character:
            self.characters.append(character)
            self.marks.append(start)
            self.ends.append(end)

    def _literal(self, text: str, start: int, end: int, charset: str) -> None:
        if not charset:
            self.characters.append(text[start:end])
            self.marks.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))
            return
        for at in range(start, end, 2):
            pair = text[at : min(at + 2, end)]
            try:
                meant = bytes(ord(sign) | 0x80 for sign in pair).decode(charset)
            except (ValueError, UnicodeDecodeError):
                meant = pair
            each = len(pair) // len(meant)  # a pair is one character, or two that are none of this set
            for offset, character in enumerate(meant):
                self._put(character, at + offset * each, at + (offset + 1) * each)

    def _octets(self, escape: re.Match[str]) -> None:
        """Read hex digits as text; each character is written by its own digits."""
        octets = bytes.fromhex(escape["hex"])
        charset = _charset(octets)
        at = escape.start("hex")
        for character in octets.decode(charset):
            width = 2 * len(character.encode(charset))
            self._put(character, at, at + width)
            at += width


def _charset(octets: bytes) -> str:
    """Return the first charset in which ``octets`` are text."""
    for charset in ("utf-8", "gb18030"):
        try:
            octets.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return "latin-1"


def write(part: Part, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` (in order, apart from each other) into the values, with delimiters and line ends escaped.

    Raises ``Unwritable`` where an edit reaches beyond one value, falls on the name of a segment or its encoding
    characters, cuts an escape, or where the header names no escape character and one is needed.
    """
    text, segments = part.text, part.segments
    starts = [segment.start for segment in segments]
    headers = list(_HEADER.finditer(text))
    begins = [header.start() for header in headers]
    replacements = []
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        if index < 0 or edit.end > segments[index].end:
            raise Unwritable("edit beyond one value")
        segment = segments[index]
        header = headers[bisect_right(begins, edit.start) - 1]
        if segment.where.endswith(KEY) or edit.start < header.end():
            raise Unwritable("edit on the name of a segment")
        if not _whole(segment, edit):
            raise Unwritable("edit cuts an escape")
        replacements.append((edit.start, edit.end, _written(text, segment, edit, _signs(header))))
    return spliced(text, replacements)


def _whole(segment: Segment, edit: Edit) -> bool:
    """Tell whether an edit begins and ends between characters of the meaning."""
    if segment.marks is None or segment.ends is None:
        return True
    first, last = bisect_left(segment.marks, edit.start), bisect_left(segment.ends, edit.end)
    return segment.marks[first] == edit.start and last < len(segment.ends) and segment.ends[last] == edit.end


def _written(text: str, segment: Segment, edit: Edit, signs: _Signs) -> str:
    """Return the text of an edit as it is to be written at its place: as hex digits, or with escapes."""
    hexed: list[tuple[int, int]] = []
    if segment.marks is not None:
        value = text[segment.start : segment.end]
        for escape in _escapes(signs.escape).finditer(value):
            if escape.lastgroup == "two":
                raise Unwritable("value has a charset of its own")
            if escape.lastgroup == "hex":
                hexed.append((segment.start + escape.start("hex"), segment.start + escape.end("hex")))
        if signs.escape in _escapes(signs.escape).sub("", value):
            raise Unwritable("value has an escape character that escapes nothing")
    opens = any(start <= edit.start <= end for start, end in hexed)
    closes = any(start <= edit.end <= end for start, end in hexed)
    if opens:
        digits = edit.text.encode("utf-8", "replace").hex().upper()
        return digits if closes else digits + signs.escape
    return _escaped(edit.text, signs) + (f"{signs.escape}X" if closes else "")


def _escaped(text: str, signs: _Signs) -> str:
    """Write ``text`` with every character that has a meaning of its own as an escape."""
    names = {signs.field: "F", signs.component: "S", signs.subcomponent: "T", signs.repetition: "R", signs.escape: "E"}
    names |= {"\r": "X0D", "\n": ".br", "\x0b": "X0B", "\x1c": "X1C"}
    names.pop("", None)
    if not signs.escape and any(character in names for character in text):
        raise Unwritable("no escape character to write it with")
    mark = signs.escape
    return "".join([f"{mark}{names[character]}{mark}" if character in names else character for character in text])


def looks(text: str) -> bool:
    """Tell whether ``text`` begins with the header of a message or a batch, framed or not."""
    return _BEGINS.match(text) is not None


def _judged(text: str, limits: Limits) -> Judged:
    return not judge(text, limits), ()


FORMAT = Format("hl7", _judged, read, write)

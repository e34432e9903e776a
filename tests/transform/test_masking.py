"""Masks, as edits of the text that leaves."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.transform import CannotTransform, surviving, transform
from gateway.vocabulary import (
    Certainty,
    Content,
    Decision,
    Edit,
    Finding,
    Findings,
    Obligation,
    Part,
    Segment,
    Verdict,
)


def part_of(text: str, *segments: Segment, writable: bool = True) -> Part:
    """A part with these segments, or with its whole text as the only one."""
    own = segments or (Segment(text, "body", "", 0, len(text)),)
    return Part("body", text, lambda _: own, format="text", writable=writable)


def found(part: Part, start: int, end: int, category: str = "pi.contact.phone", segment: int = 0) -> Finding:
    """A finding in a segment of a part."""
    return Finding("test", category, Certainty.LIKELY, part, part.segments[segment], start, end)


def masking(*duties: tuple[str, int]) -> Decision:
    """A permit that obliges to masks."""
    return Decision(Verdict.PERMIT, (), tuple(Obligation("mask", name, "rule", keep) for name, keep in duties))


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with its edits made."""
    for edit in sorted(edits, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def masked(text: str, keep: int, start: int = 0, end: int | None = None) -> str:
    """A text after the mask of one finding."""
    part = part_of(text)
    finding = found(part, start, len(text) if end is None else end)
    return edited(text, transform(Content((part,)), Findings((finding,)), masking(("pi.contact.phone", keep))))


@pytest.mark.parametrize(
    ("text", "keep", "after"),
    [
        ("66123456", 4, "****3456"),
        ("+853 6612 3456", 4, "+*** **** 3456"),
        ("A123456(3)", 0, "*******(*)"),
        ("A123456(3)", 2, "******6(3)"),
        ("陳大文", 0, "***"),
        ("１２３－４５", 2, "***－４５"),
        ("a.b@c.example", 0, "*.*@*.*******"),
        ("e\u0301a", 1, "**a"),
        ("1234", 4, "****"),
        ("12", 4, "**"),
        ("--", 0, "--"),
    ],
)
def test_a_mask_keeps_separators_and_length(text: str, keep: int, after: str) -> None:
    """Letters and digits become stars but for the last ones that may stay; a mask never hides nothing."""
    assert masked(text, keep) == after


def test_only_the_finding_is_masked() -> None:
    """The text around a finding stays as it was."""
    assert masked("tel 66123456, urgent", 4, 4, 12) == "tel ****3456, urgent"


def test_escapes_outside_of_the_mask_are_not_touched() -> None:
    """Offsets of a meaning are mapped to how it is written; separators keep their escapes."""
    written = r"\u0036612\/3456"
    marks = (0, 6, 7, 8, 9, 11, 12, 13, 14, 15)
    part = part_of(written, Segment("6612/3456", "json:/phone", "phone", 0, len(written), marks))
    edits = transform(Content((part,)), Findings((found(part, 0, 9),)), masking(("pi.contact.phone", 4)))
    assert edited(written, edits) == r"****\/3456"
    assert [(edit.start, edit.end, edit.text) for edit in edits] == [(0, 9, "****")]


def test_overlapping_findings_are_one_mask() -> None:
    """What any finding hides is hidden, and no edit overlaps another."""
    part = part_of("66123456789")
    items = (found(part, 0, 8), found(part, 3, 11, "pi.id.hk.hkid"))
    edits = transform(Content((part,)), Findings(items), masking(("pi.contact.phone", 4), ("pi.id", 2)))
    assert edited(part.text, edits) == "*********89"
    assert len(edits) == 1


def test_of_several_duties_the_strictest_holds() -> None:
    """A duty about a category above does not loosen one about the category itself, nor the other way round."""
    part = part_of("66123456")
    for duties in ((("pi.contact", 0), ("pi.contact.phone", 4)), (("pi.contact", 4), ("pi.contact.phone", 0))):
        assert (
            edited("66123456", transform(Content((part,)), Findings((found(part, 0, 8),)), masking(*duties))) == "*" * 8
        )


def test_a_category_that_no_duty_names_stays() -> None:
    """What need not be masked is not edited."""
    part = part_of("66123456")
    assert transform(Content((part,)), Findings((found(part, 0, 8, "pi.name"),)), masking(("pi.contact", 0))) == ()
    assert transform(Content((part,)), Findings((found(part, 0, 8),)), Decision(Verdict.PERMIT)) == ()


def test_edits_come_in_order_of_place() -> None:
    """Edits of a part are in order, whatever the order of findings."""
    part = part_of("11 22 33")
    items = (found(part, 6, 8), found(part, 0, 2), found(part, 3, 5))
    edits = transform(Content((part,)), Findings(items), masking(("pi.contact", 0)))
    assert [edit.start for edit in edits] == [0, 3, 6]


@pytest.mark.parametrize(
    ("case", "code"), [("header", "part.not_writable"), ("foreign", "part.foreign"), ("kind", "duty.unknown")]
)
def test_a_mask_that_cannot_be_made_is_told_by_code(case: str, code: str) -> None:
    """What stands where nothing can be written stops the transfer, and the fault holds no payload text."""
    body, header = part_of("hello"), part_of("66123456", writable=False)
    parts = (body,) if case == "foreign" else (body, header)
    decision = masking(("pi.contact.phone", 4))
    if case == "kind":
        decision = Decision(Verdict.PERMIT, (), (Obligation("shred", "pi.contact", "rule"),))
    with pytest.raises(CannotTransform) as fault:
        transform(Content(parts), Findings((found(header, 0, 8),)), decision)
    assert fault.value.code == code
    assert "66123456" not in str(fault.value) + repr(fault.value)


def test_another_reading_that_disagrees_stops_the_transfer() -> None:
    """Two segments that cut the same text differently cannot both be written."""
    one = Segment("6612", "a", "", 0, 4)
    two = Segment("66", "b", "", 0, 4, (0, 3, 4))
    part = part_of("6612", one, two)
    items = (found(part, 0, 4), found(part, 0, 2, segment=1))
    with pytest.raises(CannotTransform, match=re.escape("part.overlap")):
        transform(Content((part,)), Findings(items), masking(("pi.contact", 0)))


def test_survivors_are_named() -> None:
    """A masked category that is found once more is told, and no other."""
    part = part_of("66123456")
    after = Findings((found(part, 0, 8), found(part, 0, 8, "pi.name"), found(part, 0, 4)))
    assert surviving(after, masking(("pi.contact", 4))) == ("pi.contact.phone",)
    assert surviving(Findings(), masking(("pi.contact", 4))) == ()


def test_a_field_that_is_found_by_its_name_may_be_found_masked() -> None:
    """No more may be legible than the duty leaves; one sign more, and it survived."""
    part = part_of("****3456")
    after = Findings((found(part, 0, 8),))
    assert surviving(after, masking(("pi.contact", 4))) == ()
    assert surviving(after, masking(("pi.contact", 3))) == ("pi.contact.phone",)
    assert surviving(after, masking(("pi.contact", 0))) == ("pi.contact.phone",)


@given(st.text(min_size=1, max_size=30), st.integers(0, 8), st.data())
def test_a_mask_changes_letters_and_digits_only(text: str, keep: int, data: st.DataObject) -> None:
    """Length and everything that is no letter, digit or mark stay; of the rest at most keep_last stay legible."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    after = masked(text, keep, start, end)
    assert len(after) == len(text)
    assert (after[:start], after[end:]) == (text[:start], text[end:])
    legible = [new for old, new in zip(text[start:end], after[start:end], strict=True) if new == old and old.isalnum()]
    assert len(legible) <= keep
    assert all(new in {old, "*"} for old, new in zip(text, after, strict=True))


@given(st.text(max_size=20))
def test_a_mask_maps_any_json_string(text: str) -> None:
    """Whatever is escaped in a JSON string, the masked document still parses, to the masked text."""
    digits = f"{text}66123456"
    written = json.dumps(digits)
    marks: list[int] = []
    place = 1
    for character in digits:
        marks.append(place)
        place += len(json.dumps(character)) - 2
    part = part_of(written, Segment(digits, "json:", "", 1, place, (*marks, place)))
    finding = found(part, len(text), len(digits))
    edits = transform(Content((part,)), Findings((finding,)), masking(("pi.contact.phone", 0)))
    assert json.loads(edited(written, edits)) == f"{text}********"

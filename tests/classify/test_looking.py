"""classify(): places, evidence, overlaps, and what it must not do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gateway.classify.engine as engine_module
from gateway.classify import Sight, classify, prepare
from gateway.classify.engine import engine_of
from gateway.rulebook.book import Pattern
from gateway.rulebook.document import Faulty
from gateway.vocabulary import Certainty, Content, Part, Segment, Unread
from tests.classify.rules import NAME, content, part, recogniser, rulebook, shipped


def _told(found: Content) -> list[tuple[str, Certainty, str]]:
    return [
        (one.recogniser, one.certainty, one.segment.text[one.start : one.end])
        for one in classify(found, shipped()).items
    ]


def test_clean_part_is_never_read() -> None:
    """When nothing can match in a verbatim part, its segments are not worked out."""

    def read(_: str) -> tuple[Segment, ...]:
        raise AssertionError("the values were read")

    clean = Part("body", '{"status":"received","at":"2026-11-20T12:30:00+08:00"}', read, format="json", verbatim=True)
    assert classify(Content((clean,)), shipped()).items == ()


def test_number_without_label_is_never_read() -> None:
    """Eight digits that nothing speaks for do not cost the reading of all values."""

    def read(_: str) -> tuple[Segment, ...]:
        raise AssertionError("the values were read")

    clean = Part("body", '{"order":71234560,"ref":"440105199003071017"}', read, format="json", verbatim=True)
    assert classify(Content((clean,)), shipped()).items == ()


def test_finding_names_its_segment() -> None:
    """A finding belongs to the value in which it stands, with offsets in that value."""
    mine = part(("note", "受理"), ("sjh", "电话13800138000"), ("email", "li.si@example.com"))
    findings = classify(Content((mine,)), shipped()).items
    assert [(one.segment.label, one.start, one.end) for one in findings] == [("sjh", 2, 13), ("email", 0, 17)]
    assert all(one.part is mine for one in findings)


def test_values_do_not_run_together() -> None:
    """Two halves of a number in two values are no number."""
    assert _told(Content((part(("a", "1380013"), ("b", "8000"), verbatim=False),))) == []


def test_repr_holds_no_text() -> None:
    """The repr of findings shows nothing of what was found."""
    findings = classify(content("身份证440105199003071016", "身份证号"), shipped())
    assert findings.items
    assert "440105" not in repr(findings)
    assert "身份证" not in repr(findings)


def test_evidence_in_order_of_weight() -> None:
    """Evidence tells the check digit, the label and the form that was seen."""
    (finding,) = classify(content("440105199003071016", "申请人身份证号码（必填）"), shipped()).items
    assert finding.evidence == ("check_digit", "label", "pattern:eighteen")


@pytest.mark.parametrize(
    "label",
    ["sjh", "applicantMobile", "contact_mobile", "MOBILE-NO.", "mobile2", "mobiles", "ｓｊｈ"],
)
def test_labels_in_any_spelling(label: str) -> None:
    """The name of a field counts however it is written."""
    assert _told(content("13800138000", label)) == [("cn.mobile", Certainty.CERTAIN, "13800138000")]


@pytest.mark.parametrize("label", ["hotel", "note", "xsjh"])
def test_no_label_by_accident(label: str) -> None:
    """A short label inside another word says nothing."""
    assert _told(content("13800138000", label)) == [("cn.mobile", Certainty.POSSIBLE, "13800138000")]


def test_context_does_not_reach_past_another_number() -> None:
    """A word speaks for the number next to it, not for the one after that, nor over a line end."""
    told = _told(content("電話 91234567 編號 61234567\n電話\n51234567"))
    assert [text for _, _, text in told] == ["91234567"]


def test_longest_category_wins() -> None:
    """A resident number is not also a card or a credit code; the local part of an address is a phone as well."""
    assert [name for name, _, _ in _told(content("622201199003071017", "证件号码"))] == ["cn.ric"]
    assert _told(content("+86 199 1234 5678")) == [("cn.mobile", Certainty.LIKELY, "+86 199 1234 5678")]
    assert {name for name, _, _ in _told(content("13800138000@example.com"))} == {"cn.mobile", "intl.email"}


def test_greedy_match_hides_nothing() -> None:
    """A number that follows other groups of digits is found, though a longer reading begins before it."""
    assert ("finance.card", Certainty.LIKELY, "6217 0000 0000 0000 004") in _told(
        content("2026 6217 0000 0000 0000 004 2026")
    )


def test_fraction_is_less_certain() -> None:
    """Digits after a decimal point are seldom a telephone number."""
    assert _told(content("+86 13800138000.5")) == [("cn.mobile", Certainty.POSSIBLE, "+86 13800138000")]
    assert _told(content("0.13800138000")) == []


def test_check_that_raises_does_not_open_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that breaks down counts as none, and the evidence says so."""

    def broken(_: str) -> bool:
        raise KeyError("county")

    monkeypatch.setattr(engine_module, "CHECKS", {"broken": broken})
    rules = rulebook((recogniser("x.number", "[0-9]{6}", check="broken"),), {NAME.id: NAME})
    (finding,) = classify(content("123456"), rules).items
    assert finding.certainty is Certainty.LIKELY
    assert finding.evidence == ("pattern:form", "check_unknown")


def test_circle_of_yielding_loses_nothing() -> None:
    """Two recognisers that yield to each other leave one finding, not none."""
    both = (
        recogniser("x.one", "[0-9]{6}", yields_to=("x.two",), category="pi.name"),
        recogniser("x.two", "[0-9]{6}", yields_to=("x.one",), category="pi.age"),
    )
    assert len(classify(content("123456"), rulebook(both, {NAME.id: NAME})).items) == 1


def test_less_certain_finding_displaces_nothing() -> None:
    """A recogniser does not yield to a finding that is less certain than its own."""
    both = (
        recogniser("x.sure", "[0-9]{6}", yields_to=("x.unsure",)),
        recogniser("x.unsure", "[0-9]{6}", category="pi.age", patterns=(Pattern("f", "[0-9]{6}", Certainty.POSSIBLE),)),
    )
    found = classify(content("123456"), rulebook(both, {NAME.id: NAME})).items
    assert [one.recogniser for one in found] == ["x.sure", "x.unsure"]


def test_han_patterns_keep_their_places() -> None:
    """An expression of Chinese characters is found, and places are code points, not bytes."""
    rules = rulebook((recogniser("x.mark", "绝密|機密"),), {NAME.id: NAME})
    (finding,) = classify(content("𠝹文件：機密★十年"), rules).items
    assert (finding.start, finding.end) == (4, 6)


class _Guest:
    """A guest that answers as it is told."""

    id = "guest"

    def __init__(self, answer: Callable[[str], tuple[Sight, ...] | Unread]) -> None:
        self.look = answer


def test_guest_reports_through_the_same_door() -> None:
    """What a guest sees is a finding among the others."""
    guest = _Guest(lambda text: (Sight("pi.name", Certainty.POSSIBLE, 0, len(text), ("guest:name",)),))
    (finding,) = classify(content("abc"), shipped(), (guest,)).items
    assert (finding.recogniser, finding.category, finding.start, finding.end) == ("guest", "pi.name", 0, 3)


def test_guest_that_gives_up_is_opaque() -> None:
    """A guest that ran out of time leaves an opaque part, not silence."""
    (opaque,) = classify(content("陳大文", "name"), shipped(), (_Guest(lambda _: Unread.TIMED_OUT),)).opaque
    assert (opaque.reason, opaque.where, opaque.size) == (Unread.TIMED_OUT, "json:/name", 3)
    assert "陳大文" not in repr(opaque)


@given(st.text())
def test_never_raises(text: str) -> None:
    """Any text is classified, verbatim or not, and every finding lies within it."""
    for verbatim in (True, False):
        for finding in classify(content(text, text, verbatim=verbatim), shipped()).items:
            assert 0 <= finding.start < finding.end <= len(text)


@given(st.text("0123456789 -.(ABxX电话@a\u200b１", max_size=60), st.sampled_from(["", "mobile", "证件号码"]))
def test_verbatim_makes_no_difference(text: str, label: str) -> None:
    """The quick way over a verbatim part finds what the way over its values finds."""
    quick, slow = (_told(content(text, label, verbatim=verbatim)) for verbatim in (True, False))
    assert quick == slow


@pytest.mark.parametrize("unit", ["4", "1 ", "6217 ", "13-", "4401051990030710 ", "a.", "A1", "(", "1380013800", "@a"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    """Eight times the text takes no more than some twenty times the time."""
    prepare(shipped())

    def cost(size: int) -> float:
        message = content(unit * (size // len(unit)), verbatim=True)
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            classify(message, shipped())
            best = min(best, time.perf_counter() - began)
        return best

    assert cost(32_000) < 20 * cost(4_000) + 0.005


def test_a_flood_of_near_misses_is_opaque() -> None:
    """A text of nothing but candidates costs one opaque part, not the gateway's time."""
    seen = classify(content("4000 " * (engine_module.MOST_MATCHES + 1000), "card"), shipped())
    assert [(each.reason, each.detail) for each in seen.opaque] == [(Unread.TOO_MANY, "recogniser")]


def test_the_same_recognisers_are_compiled_once() -> None:
    """Rulebooks that differ in their whitelist only share what was compiled; other recognisers do not."""
    one, two = (replace(shipped(), files={"whitelist.yaml": name, "classifiers/x.yaml": b"1"}) for name in (b"a", b"b"))
    other = replace(one, recognisers=shipped().recognisers[:3])
    assert engine_of(one) is engine_of(two)
    assert engine_of(one) is not engine_of(other)


def test_an_expression_too_large_is_a_fault_of_its_file() -> None:
    """RE2 takes it, Hyperscan does not; whoever wrote it is told where, as for any other fault."""
    many = "|".join(f"[a-z]{{1,9}}{number}[0-9]{{1,{number % 9 + 2}}}" for number in range(900))
    rules = rulebook((recogniser("x.fine", "abc"), recogniser("x.large", many, source="classifiers/x.yaml:2")), {})
    with pytest.raises(Faulty, match=r"classifiers/x\.yaml:2:1: an expression is larger"):
        prepare(rules)


def test_a_finder_that_raises_leaves_an_opaque_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not looked at to its end is told, and nothing escapes the room."""

    class Broken:
        SCREEN = "abc"

        def find(self, text: str) -> Iterator[tuple[int, int, str]]:
            raise ValueError(text)

        def fits(self, value: str) -> bool:
            raise ValueError(value)

    monkeypatch.setattr(engine_module, "FINDERS", {"x.broken": Broken()})
    kinds = (Pattern("bare", "", Certainty.LIKELY),)
    rules = rulebook((recogniser("x.one", "", patterns=kinds, finder="x.broken", labels=("name",)),), {})
    for label, verbatim in (("", True), ("", False), ("name", True)):
        found = classify(content("abc", label, verbatim=verbatim), rules)
        assert (found.items, [each.reason for each in found.opaque]) == ((), [Unread.CRASHED])

"""Folding: what is read as what, and the way back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.classify.fold import fold


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("４４０１", "4401"),
        ("Ａ１２３４５６（３）", "A123456(3)"),
        ("٤٤٠١", "4401"),
        ("𝟒𝟒𝟎𝟏", "4401"),
        ("④④⓪①", "4401"),
        ("4\u200b4\u20600\ufeff1", "4401"),
        ("44\ufe0f01\u3164 5", "4401 5"),
        ("138\u20110013\u20138000", "138-0013-8000"),
        ("138\u00a00013\u30008000", "138 0013 8000"),
        ("a＠b", "a@b"),
    ],
)
def test_read_as(written: str, read: str) -> None:
    """Digits of any script, compatibility forms, dashes, blanks and unseen characters are read as they look."""
    assert fold(written)[0] == read


@pytest.mark.parametrize(
    ("written", "read"), [("n.º13800138000，１", "n.º13800138000,1"), ("５㎡13800138000", "5㎡13800138000")]
)
def test_words_are_not_glued_to_numbers(written: str, read: str) -> None:
    """Signs that would unfold into letters stay as they are, so that the number beside them keeps its edge."""
    assert fold(written)[0] == read


def test_plain_text_is_not_copied() -> None:
    """ASCII and ordinary Chinese text come back as they are, with no list of offsets."""
    for text in ("plain", "申请人信息（测试），编号：440105", "申請人：陳大文"):
        folded, marks = fold(text)
        assert folded is text
        assert marks is None


@given(st.text(st.characters() | st.sampled_from("１２３Ａ\u200b\u00ad（）－　0123456789aA- "), max_size=80))
def test_way_back(text: str) -> None:
    """Each character of the result comes from the place that the list names, in order."""
    folded, marks = fold(text)
    if marks is not None:
        assert len(marks) == len(folded)
        assert marks == sorted(set(marks))
        alone = [fold(f"１{text[mark]}")[0] for mark in marks]
        assert alone == [f"1{character}" for character in folded]


@given(st.text(st.sampled_from("１２3 4（\u200b－a９)甲"), max_size=30))
def test_nothing_is_left_unfolded_inside_a_number(text: str) -> None:
    """Once folded, no full-width digit is left, nor an unseen character between two digits."""
    folded, _ = fold(text)
    assert not re.search("[０-９]|[0-9]\u200b+[0-9]", folded)

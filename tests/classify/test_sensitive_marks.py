"""Marks of secrecy count where marks stand, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.marks.banner import HONG_KONG, MACAO, STATE_SECRET, WORK_SECRET, Banner
from gateway.classify import classify
from gateway.vocabulary import Certainty
from tests.classify.rules import content, shipped

SYSTEMS = (STATE_SECRET, WORK_SECRET, HONG_KONG, MACAO)
PIECES = (
    "机密",
    "绝密",
    "秘密",
    "工作秘密",
    "RESTRICTED",
    "CONFIDENTIAL",
    "SECRET",
    "CONFIDENCIAL",
    "RESERVADO",
    "密级：",
    "【",
    "】",
    "（",
    "）",
    "[",
    "]",
    "★",
    "10年",
    "第3号",
    " ",
    "\n",
    "\n\n",
    "的",
    "a",
    ": ",
)


def _marks(text: str) -> dict[str, Certainty]:
    found = classify(content(text), shipped()).items
    return {each.category: each.certainty for each in found if each.category.startswith("mark.")}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("机密\n\n关于某项工作的报告\n", "mark.state_secret"),
        ("【绝密】关于某项工作的报告", "mark.state_secret"),
        ("密级：秘密", "mark.state_secret"),
        ("機密★10年\n\n報告\n", "mark.state_secret"),
        ("关于某项工作的请示（机密）\n各单位：", "mark.state_secret"),
        ("工作秘密 5年\n\n人事安排\n", "mark.work_secret"),
        ("内部资料 注意保存\n第12期", "mark.internal"),
        ("FOR OFFICIAL USE ONLY\n\nMinutes\n", "mark.internal"),
        ("RESTRICTED\n\nMemo\n\nFrom: Director\n", "mark.hk_restricted"),
        ("- SECRET -\nMemo", "mark.hk_restricted"),
        ("限閱文件\n檔案編號", "mark.hk_restricted"),
        ("CONFIDENCIAL\n\nOfício\n", "mark.mo_confidential"),
        ("Grau de classificação: RESERVADO", "mark.mo_confidential"),
    ],
)
def test_mark_in_its_place(text: str, category: str) -> None:
    """At the head of a document, in brackets or behind the word for level, a mark is likely at least."""
    assert _marks(text).get(category, Certainty.POSSIBLE) >= Certainty.LIKELY


@pytest.mark.parametrize(
    "text",
    [
        "商业秘密保护条例",
        "这是我们之间的秘密",
        "机密文件管理制度由保密办公室负责解释。",
        "国家秘密的密级分为绝密、机密、秘密三级。",
        "什么是工作秘密？",
        "公司内部资料室",
        "This message is CONFIDENTIAL and may be privileged.",
        "CONFIDENTIALITY. Each party shall keep secret the Confidential Information.",
        "client_secret: SECRET",
        "RESTRICTED\nPUBLIC\nPRIVATE",
        "Lugar RESERVADO a pessoas com deficiência",
        "acordo de confidencialidade",
        "for internal use only",
    ],
)
def test_same_words_in_a_sentence(text: str) -> None:
    """In a sentence, a clause, a list of values or the name of a field they are words, not even possible marks."""
    assert _marks(text) == {}


@pytest.mark.parametrize("system", SYSTEMS)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_marks_stand_apart_on_one_line(system: Banner, text: str) -> None:
    """Whatever the text, what is found is in order, none overlaps another, and none goes over a line."""
    end = 0
    for start, stop, kind in system.find(text):
        assert end <= start < stop <= len(text)
        assert "\n" not in text[start:stop]
        assert kind in {"own_line", "bracketed", "stated"}
        end = stop


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("value", ["", "null", "secretary", "confidential information", "机密性", "内部", "x" * 100])
def test_values_that_are_no_mark(system: Banner, value: str) -> None:
    """A field for the level that holds something else says nothing."""
    assert not system.fits(value)

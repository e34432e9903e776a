"""Names of organisations: from where to where they go, and what is only the word for one. All are invented or public."""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

import time

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from classifiers.organisation import organisation

NAMES = """
[张三丰科技有限公司]
李明在[深圳市云岭信息科技有限公司]工作
王伟就职于[广州云岭信息科技有限公司],任经理
由[佛山市第一人民医院]出具
患者转到[中山大学附属第一医院]治疗
[香港大學深圳醫院]
[恒泰貿易有限公司]
張三在[滙豐銀行]開戶
[招商银行深圳分行]
向[深圳市南山区人民法院]起诉
[澳門特別行政區政府身份證明局]
[阿里巴巴(中国)有限公司]
(以下简称[云岭科技有限公司])
He works for [Pearl River Logistics Co. Ltd.] in Macau
[Harbour Crest Trading Limited]
at [The University of Hong Kong] since
[St. Brendan Hospital]
[Companhia de Fomento Lótus Lda.]
A [Sociedade de Transportes da Baía Limitada] contratou dez pessoas
[Direcção dos Serviços de Identificação]
[Banco Nacional Ultramarino, S.A.]
[Hospital Kiang Wu]
"""


def _marked(lines: str) -> list[tuple[str, str]]:
    return [
        (line.replace("[", "").replace("]", ""), line.partition("[")[2].partition("]")[0])
        for line in lines.strip().splitlines()
    ]


def _seen(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in organisation.find(text)]


@pytest.mark.parametrize(("text", "name"), _marked(NAMES))
def test_names(text: str, name: str) -> None:
    """A name goes from its city or first word to its legal form, without the verb before it."""
    assert _seen(text) == [name]


def test_several() -> None:
    """Two names joined by a word are two."""
    assert _seen("珠海海晏贸易有限公司和佛山市联恒供应链有限公司") == [
        "珠海海晏贸易有限公司",
        "佛山市联恒供应链有限公司",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "有限公司", "本公司", "我公司与贵公司签订合同", "the Company", "Company Limited", "INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES", "Kindly Note That Seats Are Limited",
        "我去医院", "所以大医院", "两个大学", "觉得出版社的主意太糟", "他在大学", "from .console import Console, Group", "limited to 12 items",
    ],
)  # fmt: skip
def test_bare_words(text: str) -> None:
    """The word for a company or a hospital names none."""
    assert _seen(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("张三丰科技有限公司", "company"),
        ("Harbour Crest Trading Limited", "company"),
        ("Companhia de Fomento Lótus Lda.", "company"),
        ("St. Brendan Hospital", "body"),
        ("Zope Corporation", "body"),
        ("Department of Health", "loose"),
        ("东华三院", "loose"),
        ("香港大學深圳醫院", "body"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    """Legal forms are told from other endings, and those from words that other things bear too."""
    assert [kind for _, _, kind in organisation.find(text)] == [kind]


@pytest.mark.parametrize("value", ["东华三院", "Harbour Crest", "云岭科技", "Escola Portuguesa de Macau", "3M"])
def test_value_fits(value: str) -> None:
    """In a field of that name any words may name an organisation."""
    assert organisation.fits(value)


@pytest.mark.parametrize(
    "value", ["", "无", "不详", "null", "N/A", "12345678", "https://example.com", "a@example.com", "{}", "-", "true"]
)
def test_value_does_not_fit(value: str) -> None:
    """Numbers, links and empty answers name none."""
    assert not organisation.fits(value)


@given(text=st.text(alphabet="张在云岭科技有限公司医院大学(), .\n和与深圳市BankofLtdSociedade", max_size=80))
def test_laws(text: str) -> None:
    """Spans are inside the text and on one line, and the screen hits whatever has one."""
    found = list(organisation.find(text))
    assert not found or re2.search(organisation.SCREEN, text)
    for start, end, kind in found:
        assert 0 <= start < end <= len(text)
        assert "\n" not in text[start:end]
        assert kind in {"company", "body", "loose"}


@pytest.mark.parametrize(
    "piece", ["公司", "大学", "在", "Chan ", "Chan Ltd ", "Banco ", "(", "University of ", "云岭有限公司"]
)
def test_linear(piece: str) -> None:
    """Four times the hostile text costs about four times the time, not sixteen."""

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            for _found in organisation.find(text):
                pass
            best = min(best, time.process_time() - begun)
        return best

    seconds(1_000)
    assert seconds(20_000) < 0.005 + 10 * seconds(5_000)

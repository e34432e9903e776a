"""Each identifier is found wherever it stands: beside Chinese characters, in full width, among CJK punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import CHECKS
from gateway.classify import classify
from gateway.vocabulary import Certainty
from tests.classify.rules import content, shipped

IDENTIFIERS = {
    "cn.ric": "440105199003071016",
    "cn.gat_residence": "810000199003070015",
    "cn.hrp": "H12345678",
    "cn.passport": "EA1234567",
    "cn.mobile": "13800138000",
    "cn.uscc": "91440300MA5ABCDE0E",
    "hk.hkid": "A123456(3)",
    "hk.passport": "KJ1234567",
    "hk.mobile": "+85261234567",
    "mo.bir": "1234567(8)",
    "mo.passport": "MA1234567",
    "mo.mobile": "+85366123456",
    "finance.card": "6217000000000000004",
    "intl.email": "li.si@example.com",
    "secrets.private_key": "BEGIN PRIVATE KEY",
    "secrets.state_mark": "机密 ★ 10 年",
}
AROUND = {
    "alone": "{}",
    "han": "號碼{}號",
    "simplified": "号码{}号",
    "cjk punctuation": "：{}，",
    "corner brackets": "「{}」",
    "ideographic blank": "\u3000{}\u3000",
    "portuguese": "n.º{}º",
    "line ends": "a\n{}\nb",
    "ascii punctuation": "<{}>",
    "lone surrogate": "\ud800{}\udfff",
}
FULL_WIDTH = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
WRITTEN = {
    "ascii": lambda text: text,
    "full width": lambda text: text.translate(FULL_WIDTH),
    "zero width inside": lambda text: text[:4] + "\u200b" + text[4:6] + "\u2060\ufe0f" + text[6:],
    "soft hyphens": lambda text: "\u00ad".join(text),
    "arabic digits": lambda text: text.translate({0x30 + digit: 0x660 + digit for digit in range(10)}),
    "bold digits": lambda text: text.translate({0x30 + digit: 0x1D7CE + digit for digit in range(10)}),
}


def test_matrix_holds_no_strangers() -> None:
    """Every name in the matrix is that of a recogniser that ships; tests/classify/test_matrix.py holds all of them."""
    assert set(IDENTIFIERS) <= {recogniser.id for recogniser in shipped().recognisers}


@pytest.mark.parametrize("name", IDENTIFIERS)
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("verbatim", [True, False])
def test_found_everywhere(name: str, around: str, written: str, verbatim: bool) -> None:
    """It is found in each surrounding and spelling, and the finding is the identifier exactly as written."""
    identifier = WRITTEN[written](IDENTIFIERS[name])
    text = AROUND[around].format(identifier)
    findings = classify(content(text, verbatim=verbatim), shipped()).items
    assert identifier in [text[one.start : one.end] for one in findings if one.recogniser == name]


GLUED = [
    (name, glued)
    for name, identifier in IDENTIFIERS.items()
    for glued in ("x{}", "{}x", "7{}", "{}7")
    # An address takes letters in; a plus sign and a closing bracket are edges of their own.
    if name != "intl.email"
    and not (identifier.startswith("+") and glued.endswith("}"))
    and not (identifier.endswith(")") and glued.startswith("{"))
]


@pytest.mark.parametrize(("name", "glued"), GLUED)
def test_never_inside_a_word(name: str, glued: str) -> None:
    """With an ASCII letter or digit glued to it, it is not found as it stands."""
    text = glued.format(IDENTIFIERS[name])
    findings = classify(content(text), shipped()).items
    assert IDENTIFIERS[name] not in [text[one.start : one.end] for one in findings if one.recogniser == name]


@given(place=st.integers(0, 16), shift=st.integers(1, 9), label=st.sampled_from(["", "身份证号", "id_no", "note"]))
def test_single_digit_error_is_never_certain(place: int, shift: int, label: str) -> None:
    """One wrong digit in a resident identity number: nothing says CERTAIN about it, whatever the field's name."""
    right = "440105199003071016"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    findings = classify(content(wrong, label), shipped()).items
    assert not CHECKS["cn.ric"](wrong)
    assert all(one.certainty < Certainty.CERTAIN for one in findings if one.category == "pi.id.cn.ric")

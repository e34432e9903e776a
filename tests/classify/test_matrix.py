"""Each recogniser that looks for a form finds it wherever and however it is written, under every name of its own.

The matrix is generated: the value is the span of the first ``finds:`` case that is likely at least.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

import pytest
import re2

from gateway.classify import classify
from gateway.classify.fold import fold
from gateway.decode import decode
from gateway.rulebook.book import Recogniser
from gateway.vocabulary import Certainty, Finding, Limits
from tests.classify.rules import content, shipped
from tests.given import transfer


def _strong_value(recogniser: Recogniser) -> str:
    """Return what its first likely example says must be found, where a form of its own is all of it; else ""."""
    for example in recogniser.finds:
        fits = any(re2.fullmatch(pattern.regex, fold(example.span)[0]) for pattern in recogniser.patterns)
        if fits and (example.certainty or Certainty.POSSIBLE) >= Certainty.LIKELY:
            return example.span
    return ""


def _is_han(label: str) -> bool:
    return "\u4e00" <= label[:1] <= "\u9fff"


def _names(recogniser: Recogniser) -> tuple[str, ...]:
    """Return one Chinese and one Latin name of the field, as long as it has such."""
    han = [label for label in recogniser.labels if _is_han(label)]
    latin = [label for label in recogniser.labels if not _is_han(label)]
    return (*han[:1], *latin[:1])


PLACES = ("cn", "device", "finance", "geo", "hk", "intl", "mo", "net", "secrets", "vehicle")
"""The folders of identifiers; what is found by words and fields has tests of its own."""
VALUES = {
    recogniser.id: value
    for recogniser in shipped().recognisers
    if recogniser.source.startswith(tuple(f"classifiers/{place}/" for place in PLACES))
    and (value := _strong_value(recogniser))
}
FORMS = [recogniser for recogniser in shipped().recognisers if recogniser.id in VALUES]
NAMES = {recogniser.id: _names(recogniser) for recogniser in FORMS}
AROUND: Mapping[str, str] = {
    "alone": "{}",
    "Han, simplified": "号码{}号",
    "Han, traditional": "號碼{}號",
    "full-width punctuation": "：{}，",
    "corner brackets": "「{}」",
    "full-width brackets": "（{}）",
    "book-title marks": "《{}》",
    "full stop": "{}。",
    "ideographic blank": "\u3000{}\u3000",
    "line start": "{}\n第二行",
    "line end": "第一行\n{}",
    "between lines": "第一行\n{}\n第三行",
    "Latin punctuation": "<{}>;",
    "Portuguese": "n.º{}, válido",
}
WRITTEN: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "full-width digits": lambda text: text.translate({0x30 + digit: 0xFF10 + digit for digit in range(10)}),
    "full width": lambda text: text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
    "mathematical digits": lambda text: text.translate({0x30 + digit: 0x1D7D8 + digit for digit in range(10)}),
    "a zero-width space inside": lambda text: re.sub("([0-9A-Za-z])([0-9A-Za-z])", "\\1\u200b\\2", text, count=1),
}


def _sees(recogniser: Recogniser, text: str, value: str, label: str, *, around: bool = False) -> list[Finding]:
    """Return the likely findings of its category that cover exactly ``value``; with ``around``, or more than that."""
    return [
        each
        for each in classify(content(text, label), shipped()).items
        if each.category == recogniser.category
        and each.certainty >= Certainty.LIKELY
        and (text[each.start : each.end] == value or (around and value in text[each.start : each.end]))
    ]


def _id(value: object) -> str:
    return value.id if isinstance(value, Recogniser) else str(value)


def test_matrix_is_large() -> None:
    """All identifiers of the three places stand in the matrix, with a Chinese and a Latin name each."""
    in_matrix = {recogniser.id for recogniser in FORMS}
    numbers = {each.id for each in shipped().recognisers if each.id.startswith(("cn.", "hk.", "mo.", "finance."))}
    assert numbers <= in_matrix
    assert len(in_matrix) >= 55
    assert all(len(NAMES[recogniser.id]) == 2 for recogniser in FORMS)


@pytest.mark.parametrize("recogniser", FORMS, ids=_id)
@pytest.mark.parametrize("written", WRITTEN)
def test_found_wherever_it_stands(recogniser: Recogniser, written: str) -> None:
    """In every surrounding, under a Chinese and a Latin name, it is found over exactly its length."""
    value = WRITTEN[written](VALUES[recogniser.id])
    for name in NAMES[recogniser.id]:
        for around, frame in AROUND.items():
            assert _sees(recogniser, frame.format(value), value, name), (around, name)


@pytest.mark.parametrize("recogniser", FORMS, ids=_id)
def test_every_name_speaks_for_it(recogniser: Recogniser) -> None:
    """Each name of its own list makes it likely, in simplified and traditional Chinese, English, Portuguese, pinyin."""
    value = VALUES[recogniser.id]
    for name in recogniser.labels:
        assert _sees(recogniser, value, value, name), name
        assert _sees(recogniser, f"：{value}。", value, f"applicant_{name}" if name.isascii() else f"申请人{name}") or (
            len(name) < 4
        ), name


@pytest.mark.parametrize("recogniser", [each for each in FORMS if each.context], ids=_id)
def test_every_context_word_speaks_for_it(recogniser: Recogniser) -> None:
    """Each of its context words before it, with and without a blank or a colon, makes it likely."""
    value = VALUES[recogniser.id]
    for word in recogniser.context:
        for text in (f"{word}：{value}。", f"{word}: {value}", f"{word} {value}"):
            assert _sees(recogniser, text, value, "", around=True), word


@pytest.mark.parametrize("recogniser", FORMS, ids=_id)
@pytest.mark.parametrize("escaped", [False, True])
def test_found_in_json(recogniser: Recogniser, escaped: bool) -> None:
    """As a member of an object that came over the wire, escaped or not, it is found at the place of that member."""
    value, (han, latin) = VALUES[recogniser.id], NAMES[recogniser.id]
    for name in (han, latin):
        body = json.dumps({"序号": 1, "records": [{name: value}]}, ensure_ascii=escaped).encode()
        found = classify(decode(transfer(body), Limits()), shipped()).items
        mine = [each for each in found if each.category == recogniser.category and each.segment.label == name]
        assert value in [
            each.segment.text[each.start : each.end] for each in mine if each.certainty >= Certainty.LIKELY
        ]
        assert {each.segment.where for each in mine} == {f"json:/records/0/{name.replace('/', '~1')}"}

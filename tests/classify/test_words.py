"""Words, values by the name of their field, names beside values, and neighbours: what is found without a number."""

from __future__ import annotations

import json

import pytest

from gateway.classify import classify
from gateway.decode import decode
from gateway.rulebook.book import Category, Pattern, Recogniser, Rulebook
from gateway.vocabulary import LANGUAGES, Certainty, Finding, Grade, Limits
from tests.classify.rules import NAME, content, recogniser, rulebook, shipped
from tests.given import transfer

HEALTH = Category("pi.health.condition", Grade.SENSITIVE, dict.fromkeys(LANGUAGES, "health"), "PIPL art. 28")
PHONE = Category("pi.contact.phone", Grade.PERSONAL, dict.fromkeys(LANGUAGES, "phone"), "PIPL art. 4")
CATEGORIES = {each.id: each for each in (NAME, HEALTH, PHONE)}


def _words(*words: str, alone: Certainty | None = Certainty.LIKELY, **changes: object) -> Recogniser:
    patterns = (Pattern("words", "", alone, tuple(sorted(words))),)
    return recogniser("test.words", "x", **{"category": "pi.health.condition", "patterns": patterns, **changes})


def _rules(*recognisers: Recogniser) -> Rulebook:
    return rulebook(recognisers, CATEGORIES)


def _spans(found: tuple[Finding, ...]) -> list[str]:
    return [each.segment.text[each.start : each.end] for each in found]


def _in_json(value: object, rules: Rulebook) -> tuple[Finding, ...]:
    return classify(decode(transfer(json.dumps(value, ensure_ascii=False).encode()), Limits()), rules).items


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("患者有糖尿病史", "糖尿病"),
        ("糖尿病2型", "糖尿病"),
        ("suffers from Diabetes.", "Diabetes"),
        ("DIABETES", "DIABETES"),
        ("two gastritis cases", "gastritis"),
        ("diagnóstico: hipertensão arterial", "hipertensão"),
        ("DIAGNÓSTICO: HIPERTENSÃO", "HIPERTENSÃO"),
        ("hipertensao", "hipertensao"),
        ("ｄｉａｂｅｔｅｓ", "ｄｉａｂｅｔｅｓ"),
    ],
)
def test_a_word_is_found_where_it_stands(text: str, span: str) -> None:
    """Han words anywhere, Latin ones whole, in either case, with or without accents, in full width."""
    rules = _rules(_words("糖尿病", "diabetes", "gastritis", "hipertensão"))
    assert _spans(classify(content(text), rules).items) == [span]


@pytest.mark.parametrize("text", ["prediabetesx", "antidiabetesque", "gastritislike"])
def test_a_word_is_not_found_inside_another(text: str) -> None:
    """Letters on either side make another word of it."""
    assert classify(content(text), _rules(_words("diabetes", "gastritis"))).items == ()


def test_of_overlapping_words_the_longest_counts() -> None:
    """A kind of a disease is not also the disease."""
    assert _spans(classify(content("妊娠期糖尿病"), _rules(_words("糖尿病", "妊娠期糖尿病"))).items) == ["妊娠期糖尿病"]


@pytest.mark.parametrize(
    ("text", "label", "certainty"),
    [
        ("cold", "", None),
        ("cold", "diagnosis", Certainty.LIKELY),
        ("the patient has a cold", "", Certainty.LIKELY),
        ("a cold winter", "", None),
    ],
)
def test_a_word_that_everybody_uses_needs_company(text: str, label: str, certainty: Certainty | None) -> None:
    """It is a finding in a field of that name, or beside a word that belongs to it."""
    rules = _rules(_words("cold", alone=None, labels=("diagnosis",), context=("patient",)))
    found = classify(content(text, label), rules).items
    assert [each.certainty for each in found] == ([certainty] if certainty else [])


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ([{"name": "Chan Tai Man", "note": "cold"}], ["Chan Tai Man", "cold"]),
        ([{"name": "Chan Tai Man"}, {"note": "cold"}], ["Chan Tai Man"]),
        ([{"note": "cold"}], []),
        ({"note": "Chan Tai Man: cold"}, ["Chan Tai Man", "cold"]),
        ({"note": "Chan Tai Man\nIt is cold"}, ["Chan Tai Man"]),
    ],
    ids=["same record", "another record", "nobody", "same line", "another paragraph"],
)
def test_neighbours_speak_for_a_word(message: object, found: list[str]) -> None:
    """A name in the same record, or paragraph, makes a finding of what is none alone."""
    name = recogniser("test.name", "Chan Tai Man")
    rules = _rules(name, _words("cold", alone=None, beside=frozenset({"pi.name"})))
    assert _spans(_in_json(message, rules)) == found


def test_what_is_only_possible_speaks_for_nobody() -> None:
    """A neighbour must be likely by itself."""
    name = recogniser("test.name", "x", patterns=(Pattern("form", "Chan Tai Man", Certainty.POSSIBLE),))
    rules = _rules(name, _words("cold", alone=None, beside=frozenset({"pi.name"})))
    assert _spans(_in_json({"name": "Chan Tai Man", "note": "cold"}, rules)) == ["Chan Tai Man"]


def test_a_neighbour_is_named_in_the_evidence() -> None:
    """An officer sees why."""
    name = recogniser("test.name", "Chan Tai Man")
    rules = _rules(name, _words("cold", alone=None, beside=frozenset({"pi.name"})))
    assert _in_json({"name": "Chan Tai Man", "note": "cold"}, rules)[-1].evidence == ("pattern:words", "beside")


ANY = recogniser(
    "test.any", "x", category="pi.health.condition", patterns=(), labels=("religion", "宗教信仰"), any_value=True
)


@pytest.mark.parametrize("value", ["Buddhist", "佛教", "x", "01", True, 3])
def test_any_value_of_a_named_field_is_found(value: object) -> None:
    """What stands in a field of that name is it, whatever it looks like."""
    (found,) = _in_json([{"religion": value}], _rules(ANY))
    assert (found.certainty, found.evidence) == (Certainty.LIKELY, ("label", "value"))


@pytest.mark.parametrize("value", ["", " ", "N/A", "none", "无", "没有", "não", "-", "--", 0, False, None, "unknown"])
def test_a_value_that_says_nothing_is_none(value: object) -> None:
    """An empty field, and the ways of saying that there is none, are no finding."""
    assert _in_json([{"religion": value}], _rules(ANY)) == ()


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('[{"name": "手机号", "value": "61234567"}]', "application/json"),
        ('[{"value": "61234567", "label": "手机号:"}]', "application/json"),
        ('{"items": [{"question": "手机号", "answer": "61234567"}]}', "application/json"),
        ('<form><field name="手机号" value="61234567"/></form>', "application/xml"),
        ("<form><item><key>手机号</key><val>61234567</val></item></form>", "application/xml"),
        ("<table><tr><td>手机号</td><td>61234567</td></tr></table>", "text/html"),
        ("field,content\n手机号,61234567\n", "text/csv"),
        ("手机号：61234567", "text/plain"),
        ("| 手机号 | 61234567 |", "text/plain"),
    ],
)  # fmt: skip
def test_a_name_beside_a_value_is_its_name(body: str, media_type: str) -> None:
    """In pairs of name and value, in the cell before, and before a colon."""
    phone = recogniser(
        "test.phone",
        "x",
        category="pi.contact.phone",
        labels=("手机号",),
        patterns=(Pattern("eight", "[0-9]{8}", None),),
        spellings=("手机号",),
    )
    message = decode(transfer(body.encode(), headers={"content-type": media_type}), Limits())
    assert _spans(classify(message, _rules(phone)).items) == ["61234567"]


@pytest.mark.parametrize(
    "body",
    [
        '[{"name": "单号", "value": "61234567"}]',
        '[{"name": "手机号"}, {"value": "61234567"}]',
        '["手机号", "61234567"]',
    ],
    ids=["another name", "another pair", "a list"],
)
def test_other_names_speak_for_nothing(body: str) -> None:
    """Only the name of the same pair counts."""
    phone = recogniser(
        "test.phone",
        "x",
        category="pi.contact.phone",
        labels=("手机号",),
        patterns=(Pattern("eight", "[0-9]{8}", None),),
        spellings=("手机号",),
    )
    assert classify(decode(transfer(body.encode()), Limits()), _rules(phone)).items == ()


def test_many_words_hide_none() -> None:
    """Thousands of words in the rulebook find what a few find."""
    many = _words("糖尿病", *(f"word{number}x" for number in range(3000)))
    assert _spans(classify(content("她有糖尿病和word7x"), _rules(many)).items) == ["糖尿病", "word7x"]


@pytest.mark.parametrize(
    ("label", "value", "also"),
    [
        ("订单号", "440105199003071016", "looks_like:cn.ric"),
        ("mobile", "44030019851231202X", "looks_like:cn.ric"),
        ("sku", "6217000000000000004", "looks_like:finance.card"),
        ("id_no", "440105199003071016", ""),
        ("account_no", "6217000000000000004", ""),
        ("order_no", "440105199003071017", ""),
        ("remarks", "440105199003071016", ""),
    ],
)
def test_a_field_that_is_not_what_its_name_says(label: str, value: str, also: str) -> None:
    """An identifier that adds up, under the name of something else, is also a finding of its own."""
    found = _in_json([{label: value}], shipped())
    assert [each.evidence[-1] for each in found if each.category == "quality.mislabelled"] == ([also] if also else [])


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("trace 9f440105199003071016ab", 1),
        ("aGVsbG8440105199003071016xyz", 1),
        ("9f440105199003071017ab", 0),
        ("440105199003071016", 0),
        ("nothing", 0),
    ],
    ids=["hex", "base64", "does not add up", "a finding", "nothing"],
)
def test_what_stands_inside_a_run_is_counted_and_not_found(text: str, near: int) -> None:
    """A number within hex or base64 is chance nearly always; how often that happens is counted."""
    found = classify(content(text, verbatim=True), shipped())
    assert (found.near_hits, len(found.items)) == (near, int(text == "440105199003071016"))


@pytest.mark.parametrize("name", ["n.º do BIR", "N.º DO BIR", "bir", "Número Do Bir", "NÚMERO DO BIR"])
def test_names_of_fields_are_told_in_any_case_and_with_any_sign(name: str) -> None:
    """Before a text is read, and not only after: capitals with accents, and the sign for a number."""
    (found,) = _in_json([{name: "1234567(8)"}], shipped())
    assert (found.category, "label" in found.evidence) == ("pi.id.mo.bir", True)


@pytest.mark.parametrize(
    "text",
    [
        "药物：阿托伐他汀", "诊断：肺腺癌", "罪名：诈骗罪", "Illness: asthma", "doença: asma",
        "medicamento: metformina",
        "Diagnosis:COPD", "Religion:Muslim", "年龄：34岁",
    ],
)  # fmt: skip
def test_nothing_is_hidden_by_the_quick_look(text: str) -> None:
    """What is found when every value is read is found when a clean text may end early."""
    quick, slow = (
        [(each.recogniser, each.start, each.end) for each in classify(message, shipped()).items]
        for message in (content(text, verbatim=True), content(text, verbatim=False))
    )
    assert quick == slow


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "hunter2"), ("db_password", "kouan2026"), ("密码", "Qwer1234"), ("senha", "m4c4u2026"),
        ("otp", "123456"), ("验证码", "384756"),
    ],
)  # fmt: skip
def test_credentials_are_found_by_the_name_of_their_field(name: str, value: str) -> None:
    """Even the plainest."""
    (found,) = _in_json([{name: value}], shipped())
    assert found.category.startswith("pi.auth.")


@pytest.mark.parametrize(
    "message",
    [
        {"diagnosis": "TEXT", "salary": "DECIMAL(10,2)", "gender": "TINYINT"},
        {"errors": {"diagnosis": ["is required"], "gender": ["is not included in the list"]}},
        {"sort": {"salary": "desc"}},
        {"性别": "不限", "salary": "面议", "gender": "unisex"},
        {"diagnosis": "诊断", "gender": "性别"},
        {"note": "开票：校验码 1234 5678 9012 3456 7890"},
    ],
)
def test_forms_and_tables_described_are_nobodys(message: object) -> None:
    """Types, faults, orders and translations under sensitive names."""
    assert [each for each in _in_json(message, shipped()) if each.certainty >= Certainty.LIKELY] == []

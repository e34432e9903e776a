"""What the readers of classifiers/ refuse, with place, fault and fix."""

from __future__ import annotations

import pytest

from gateway.rulebook.document import Faulty, Problem
from gateway.rulebook.recognisers import fold_label, read_categories, read_recogniser, read_recognisers
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import Certainty, Grade
from tests.classify.rules import shipped

SOUND = """# yaml-language-server: $schema=../../gateway/rulebook/schemas/recogniser.json
id: x.number
category: pi.name
title: {en: t, zh-Hans: t, zh-Hant: t, pt: t}
patterns:
  - {name: form, regex: '[0-9]{6}', alone: likely}
check: cn.ric
labels: [ID No.]
yields_to: []
finds: [{text: 'no 123456', span: '123456', certainty: likely}, {text: '1'}, {text: '2'}, {text: '3'}, {text: '4'}]
leaves: [{text: abc}, {text: abd}, {text: abe}, {text: abf}, {text: abg}]
"""


def _problems(text: str, *others: str) -> tuple[Problem, ...]:
    texts = enumerate((text, *others))
    documents = [parse(f"classifiers/x/{place}.yaml", one.encode(), "recogniser") for place, one in texts]
    with pytest.raises(Faulty) as caught:
        read_recognisers(documents, shipped().categories)
    return caught.value.problems


def test_sound_recogniser_is_read() -> None:
    """A sound file gives the recogniser it describes, labels folded."""
    read = read_recogniser(parse("classifiers/x/n.yaml", SOUND.encode(), "recogniser"), shipped().categories)
    assert (read.id, read.check, read.labels) == ("x.number", "cn.ric", ("idno",))
    assert read.patterns[0].alone is Certainty.LIKELY
    assert read.finds[0].span == "123456"
    assert read.source == "classifiers/x/n.yaml:2"


@pytest.mark.parametrize(
    ("was", "becomes", "line", "fault"),
    [
        ("category: pi.name", "category: pi.nome", 3, "unknown category pi.nome"),
        ("check: cn.ric", "check: os.system", 7, "unknown check os.system"),
        ("yields_to: []", "yields_to: [x.other]", 9, "yields_to names no other recogniser: x.other"),
        ("yields_to: []", "yields_to: [x.number]", 9, "yields_to names no other recogniser: x.number"),
        ("leaves: [{text: abc}, ", "leaves: [", 11, "examples under leaves: 4 of at least 5"),
        (", {text: '4'}]", "]", 10, "examples under finds: 4 of at least 5"),
        ("finds: [", "finds: []\n# [", 10, "examples under finds: 0 of at least 5"),
        ("span: '123456'", "span: '654321'", 10, "the span does not stand in the text"),
        ("[0-9]{6}", r"\b[0-9]{6}", 6, r"\b fails beside Chinese characters"),
        ("[0-9]{6}", r"\w{6}", 6, r"\w differs between engines and scripts"),
        ("[0-9]{6}", r"\d{6}", 6, r"\d differs between engines and scripts"),
        ("[0-9]{6}", r"[\d-]{6}", 6, r"\d differs between engines and scripts"),
        ("[0-9]{6}", r"[0-9]\s[0-9]", 6, r"\s runs over line ends"),
        ("[0-9]{6}", "(?<![0-9])[0-9]{6}", 6, "look-around is not regular"),
        ("[0-9]{6}", "[^a]{6}", 6, "a negated class runs over the end of a value"),
        ("[0-9]{6}", "([0-9]){6}", 6, "a capturing group is of no use here"),
        ("[0-9]{6}", "^[0-9]{6}", 6, "an anchor looks at the wrong end"),
        ("[0-9]{6}", "[0-9].[0-9]", 6, "a bare dot runs over the end of a value"),
        ("[0-9]{6}", "[0-9", 6, "RE2 does not take this expression"),
        ("[0-9]{6}", "[0-9]*", 6, "the expression fits the empty text"),
        (", regex: '[0-9]{6}'", "", 6, "a regex is missing"),
        ("check: cn.ric", "finder: place.han_address", 6, "a finder needs no regex"),
        ("check: cn.ric", "finder: os.system", 7, "unknown finder os.system"),
        ("yields_to: []", "beside: [pi.nome]", 9, "unknown category pi.nome"),
        ("labels: [ID No.]", "value: any\nlabels: []", 8, "value without the names of fields"),
        ("yields_to: []", "words: [{name: w, alone: none, any: [cold, COLD]}]", 9, "COLD stands here twice"),
        ("yields_to: []", "words: [{name: w, alone: none, any: [' x']}]", 9, "no such word can be seen"),
    ],
)
def test_fault_is_named_with_its_line(was: str, becomes: str, line: int, fault: str) -> None:
    """Each way of being wrong is told apart, with the line and a fix."""
    problems = _problems(SOUND.replace(was, becomes))
    assert fault in [problem.fault for problem in problems if problem.line == line]
    assert all(problem.fix for problem in problems)


def test_other_ways_of_finding_are_read() -> None:
    """Words in either case, any value of a named field, and what speaks for it beside it."""
    more = "words: [{name: w, alone: none, any: [Cold, ＦＬＵ]}]\nvalue: any\nbeside: [pi.id]"
    text = SOUND.replace("yields_to: []", more)
    read = read_recogniser(parse("classifiers/x/n.yaml", text.encode(), "recogniser"), shipped().categories)
    assert read.patterns[-1].words == ("cold", "flu")
    assert (read.any_value, read.beside) == (True, frozenset({"pi.id"}))


def test_something_must_be_looked_for() -> None:
    """A recogniser with no form, no words and no value of a field would see nothing."""
    text = SOUND.replace("patterns:\n  - {name: form, regex: '[0-9]{6}', alone: likely}\n", "")
    with pytest.raises(Faulty, match=r"patterns|words|value"):
        parse("classifiers/x/n.yaml", text.encode(), "recogniser")


def test_escapes_and_classes_are_no_faults() -> None:
    """An escaped dot, and a dot or a caret's neighbour inside a class, are sound."""
    text = SOUND.replace("[0-9]{6}", r"[0-9.$]{3}\.[0-9]\([0-9]\)")
    assert read_recogniser(parse("classifiers/x/n.yaml", text.encode(), "recogniser"), shipped().categories)


def test_all_problems_at_once() -> None:
    """Several faults in several files come in one report, a taken id among them."""
    broken = SOUND.replace("pi.name", "pi.nome").replace("[0-9]{6}", r"\d{6}")
    faults = [problem.fault for problem in _problems(SOUND, broken)]
    assert "unknown category pi.nome" in faults
    assert r"\d differs between engines and scripts" in faults
    assert "the id x.number is taken" in faults


@pytest.mark.parametrize("label", ["ID No.", "id_no", "id-no", "ＩＤ　ＮＯ", "idNo"])
def test_labels_fold_alike(label: str) -> None:
    """Spelling, width and separators of a field's name do not matter."""
    assert fold_label(label) == "idno"


def _categories(body: str) -> str:
    return f"# yaml-language-server: $schema=../gateway/rulebook/schemas/categories.json\ncategories:\n{body}\n"


@pytest.mark.parametrize(
    ("grade", "lists", "fault"),
    [("personal", "[strict]", "is on the strict list"), ("sensitive", "[gbt45574]", "but not on strict")],
)
def test_category_that_contradicts_itself(grade: str, lists: str, fault: str) -> None:
    """A category on a list of sensitive information is sensitive, and strict is the union of the lists."""
    title = "{en: t, zh-Hans: t, zh-Hant: t, pt: t}"
    text = _categories(f"  pi.x: {{grade: {grade}, lists: {lists}, statute: PIPL, title: {title}}}")
    with pytest.raises(Faulty, match=fault):
        read_categories(parse("classifiers/categories.yaml", text.encode(), "categories"))


def test_taxonomy() -> None:
    """Identity numbers are sensitive under the strict list only; keys and secrecy marks are secret."""
    categories = shipped().categories
    assert categories["pi.id.cn.ric"].grade is Grade.SENSITIVE
    assert categories["pi.id.cn.ric"].lists == {"strict"}
    assert categories["pi.health.condition"].lists == {"strict", "gbt45574", "macao"}
    assert categories["mark.state_secret"].grade is Grade.CORE
    secret = {name for name, category in categories.items() if category.secret}
    assert secret >= {name for name in categories if name.startswith(("pi.auth", "mark."))}
    assert "pi.name" not in secret

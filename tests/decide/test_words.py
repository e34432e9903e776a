"""Explanations in four languages, and whose language is whose."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decide import explain, pick_language
from gateway.decide.deciding import SPEAKS, UNFIT
from gateway.decide.routes import NEAR
from gateway.decide.words import CLAUSES, REMEDIES, SENTENCES, UNKNOWN, VALUES
from gateway.rulebook.facts import FACTS, NOTICES
from gateway.vocabulary import LANGUAGES, Decision, Reason, State, Unread, Wording
from tests.decide.rules import ROOT, usual

DOORS = sorted(f"intake/{path.name}" for path in (ROOT / "gateway" / "intake").glob("*.py"))
WORDINGS: list[tuple[str, Wording]] = [
    *SENTENCES.items(),
    *REMEDIES.items(),
    *CLAUSES.items(),
    *((f"{key}.{name}", words) for key, known in VALUES.items() for name, words in known.items()),
]


@pytest.mark.parametrize(("code", "words"), WORDINGS, ids=[code for code, _ in WORDINGS])
def test_every_code_is_worded_in_all_languages_with_equal_parameters(code: str, words: Wording) -> None:
    """No language is missing, and none says more or less than another."""
    assert tuple(words) == LANGUAGES
    assert all(words.values())
    parameters = {language: sorted(re.findall(r"\{(\w+)\}", text)) for language, text in words.items()}
    assert len({tuple(names) for names in parameters.values()}) == 1, parameters
    assert set(parameters["en"]) <= {*CLAUSES, "title", "value"}


def test_every_code_that_is_given_has_words() -> None:
    """The codes in the source of the house all have a sentence and a remedy."""
    assert SENTENCES.keys() == REMEDIES.keys()
    given_codes = {*SPEAKS.values(), *(f"basis.{state}" for state in UNFIT), "entry.expired", "entry.not_yet"}
    for name in ("pipeline.py", "decide/deciding.py", *DOORS):
        source = (ROOT / "gateway" / name).read_text(encoding="utf-8")
        given_codes |= set(re.findall(r'"((?:house|entry|basis|transform|ledger|wire|upstream)\.[a-z_]+)"', source))
        given_codes |= {f"upstream.{code}" for code in re.findall(r'Unreachable\("([a-z_]+)"\)', source)}
    assert {"wire.slow", "upstream.unresolved", "wire.too_many_frames", "ledger.closed"} <= given_codes
    given_codes -= FACTS.keys() | {"entry.would_refuse"}
    assert given_codes <= SENTENCES.keys()
    assert {f"near_{code}" for code in NEAR} <= CLAUSES.keys()
    assert VALUES["unreadable"].keys() == {reason.value for reason in Unread}
    assert {code for code in NOTICES if code.startswith(("wire.", "websocket."))} <= VALUES["noticed"].keys()
    assert VALUES["state"].keys() == {state.value for state in State}


def told(reason: Reason, language: str) -> tuple[str, str]:
    """Sentence and remedy of one reason."""
    (said,) = explain(Decision(reasons=(reason,)), language, usual())
    return said.sentence, said.remedy


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Refused: Personal information that the whitelist entry does not list. Found: Name (pi.name)."),
        ("zh-Hans", "拒绝：含有白名单条目未列明的个人信息。发现：姓名 (pi.name)。"),
        ("zh-Hant", "拒絕：含有白名單條目沒有列明的個人資料。發現：姓名 (pi.name)。"),
        ("pt", "Recusado: Dados pessoais que a entrada da lista branca não enumera. Encontrado: Nome (pi.name)."),
    ],
)
def test_a_refusal_is_told_in_local_terms(language: str, sentence: str) -> None:
    """Title of the rule and names of categories are in the reader's language, with the terms of the place."""
    reason = Reason(
        "policy.denies", "beyond-entry", "policies/pipl/beyond-entry.yaml:3", params=(("categories", "pi.name"),)
    )
    assert told(reason, language)[0] == sentence


def test_an_explanation_carries_statute_rule_and_place() -> None:
    """What a reason bears beside words is handed on."""
    reason = Reason("policy.denies", "secrets", "policies/secrets.yaml:3", "Law art. 1")
    (said,) = explain(Decision(reasons=(reason,)), "pt", usual())
    assert (said.statute, said.rule, said.source) == ("Law art. 1", "secrets", "policies/secrets.yaml:3")
    assert said.remedy.startswith("Retire o segredo")


def test_unknown_parameters_are_not_passed_on() -> None:
    """Only parameters that the catalogue knows reach a reader, and none is read as a template."""
    reason = Reason("entry.expired", "a", "", params=(("day", "{entry}"), ("entry", "a"), ("secret", "A123456(3)")))
    sentence = told(reason, "en")[0]
    assert sentence == "Whitelist entry a ended on {entry}."


def test_a_code_without_words_is_named() -> None:
    """A reason that this version has no words for is told by its code, in a sentence."""
    sentence, remedy = told(Reason("wire.novel", "house", ""), "zh-Hant")
    assert sentence == "閘道因 wire.novel 拒絕本次轉移。"
    assert remedy == REMEDIES[UNKNOWN]["zh-Hant"]


def test_a_rule_that_is_gone_is_named() -> None:
    """An old decision can be explained though its policy was deleted."""
    assert told(Reason("policy.holds", "gone", ""), "en") == (
        "Held for an officer: gone.",
        REMEDIES["policy.holds"]["en"],
    )


def test_an_unknown_language_is_english() -> None:
    """Whoever asks for another language gets English."""
    assert told(Reason("house.not_covered", "house", ""), "fr")[0].startswith("No whitelist entry")


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "en"),
        ("fr", "en"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-HK", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("yue", "zh-Hant"),
        ("ZH-hk", "zh-Hant"),
        ("pt-PT", "pt"),
        ("pt-MO, zh-MO;q=0.9", "pt"),
        ("fr, pt;q=0.5, en;q=0.6", "en"),
        ("en;q=0.1, zh-HK ; q=0.2", "zh-Hant"),
        ("en;q=0, pt;q=0.001", "pt"),
        ("zh-CN, zh-HK", "zh-Hans"),
        ("en;q=0, *", "zh-Hans"),
        ("*", "en"),
        ("en;q=2, pt", "pt"),
        ("pt;q=x, zh-HK;q=0.1", "zh-Hant"),
        (",;q=1,,", "en"),
    ],
)
def test_a_language_is_picked_by_preference(asked: str, language: str) -> None:
    """Accept-Language is read with its weights, scripts before regions; nonsense is passed over."""
    assert pick_language(asked) == language


@given(st.text(alphabet="enzhptHKq=;, *-.01", max_size=80))
def test_any_header_has_a_language(asked: str) -> None:
    """Whatever is asked, one of the four languages is spoken."""
    assert pick_language(asked) in LANGUAGES


def test_a_long_header_is_cut() -> None:
    """A header of a megabyte is not read to its end."""
    assert pick_language("fr," * 300_000 + "pt") == "en"

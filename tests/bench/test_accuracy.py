"""The corpus of the benches is sound: what it calls valid is valid, and its truth stands where it says."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from stdnum import luhn
from stdnum.iso7064 import mod_11_2, mod_11_10

from bench.accuracy import identifiers, near_misses
from bench.accuracy.corpus import HALVES, as_on_paper, corpus
from bench.accuracy.marked import LANGUAGES, Message, Piece, Truth, Writing
from bench.accuracy.measure import Measured, Tally, Target, judge
from bench.accuracy.prose import templates
from bench.accuracy.quiet import SHARES, harmless
from bench.accuracy.schemas import LABELS, spellings
from bench.accuracy.values import CATEGORIES
from gateway.vocabulary import Certainty, Finding, Part, Segment
from tests.given import shipped

RECORDS = 1500


def _bare(number: str) -> str:
    wide = {0xFF10 + digit: str(digit) for digit in range(10)}
    return re.sub(r"[^0-9A-Z]", "", number.translate(wide).upper())


@pytest.mark.parametrize(
    ("make", "valid"),
    [
        (identifiers.ric, mod_11_2.is_valid),
        (identifiers.gat_residence, mod_11_2.is_valid),
        (identifiers.foreigner_pr, mod_11_2.is_valid),
        (identifiers.cnaps, mod_11_10.is_valid),
        (identifiers.card, luhn.is_valid),
        (identifiers.imei, luhn.is_valid),
    ],
)
def test_check_digits_add_up(make: Callable[[random.Random], str], valid: Callable[[str], bool]) -> None:
    """Numbers that are to be found have the check digit that an independent library works out."""
    chance = random.Random(1)
    assert all(valid(_bare(make(chance))) for _ in range(300))


@pytest.mark.parametrize(
    ("make", "valid"),
    [(near_misses.card_near_miss, luhn.is_valid), (near_misses.gat_near_miss, mod_11_2.is_valid)],
)
def test_near_misses_do_not_add_up(make: Callable[[random.Random], str], valid: Callable[[str], bool]) -> None:
    """Numbers that are to be left alone have another check digit."""
    chance = random.Random(2)
    assert not any(valid(make(chance)) for _ in range(300))


@pytest.mark.parametrize(
    ("letters", "body", "digit"),
    [("A", "123456", "3"), ("AB", "987654", "3"), ("WX", "123456", "9"), ("C", "668668", "9")],
)
def test_hong_kong_digit(letters: str, body: str, digit: str) -> None:
    """The formula gives the digits of the published samples."""
    assert identifiers.hkid_digit(letters, body) == digit


def test_credit_code_character() -> None:
    """The formula gives the character of the samples."""
    for code in ("91440300MA5ABCDE0E", "11440000006939748G", "51440000MJK9000X0H"):
        assert identifiers.uscc_digit(code[:17]) == code[17]


@pytest.fixture(scope="module", params=HALVES)
def messages(request: pytest.FixtureRequest) -> list[Message]:
    """Some messages of each half."""
    return list(corpus(request.param, RECORDS))


def test_truth_stands_where_it_says(messages: list[Message]) -> None:
    """Spans lie apart, in order, inside the text, and what is written there is the value, escaped or not."""
    for message in messages:
        assert all(one.end <= other.start for one, other in pairwise(message.spans))
        for span in message.spans:
            written = message.text[span.start : span.end]
            assert written == span.text or any(sign in written for sign in "\\&%+") or '""' in written


def test_body_is_the_text(messages: list[Message]) -> None:
    """The bytes of a message decode to its text in the charset that it names."""
    for message in messages:
        assert message.body.decode(message.charset) == message.text


def test_every_language_and_shape_is_there(messages: list[Message]) -> None:
    """No language, shape or charset family is left out, even of a small corpus."""
    assert {message.language for message in messages} == set(LANGUAGES)
    assert {"json", "csv", "xml", "form", "urlencoded", "letter", "chat"} <= {message.shape for message in messages}
    assert {"utf-8", "gb18030", "big5hkscs", "iso-8859-1", "utf-16"} == {message.charset for message in messages}


def test_the_same_again(messages: list[Message]) -> None:
    """A corpus is the same whenever it is made."""
    half = next(half for half in HALVES if next(corpus(half, 1)) == messages[0])
    assert list(corpus(half, RECORDS)) == messages


def test_categories_are_of_the_taxonomy() -> None:
    """Whatever the corpus calls a value, the taxonomy has a name for it."""
    assert set(CATEGORIES.values()) <= set(shipped().categories)


def test_halves_share_no_template_and_no_field_name() -> None:
    """Sentences belong to one half; so do field names, wherever there is more than one for a kind in a language."""
    for language in LANGUAGES:
        assert not {each.text for each in templates(language, 0)} & {each.text for each in templates(language, 1)}
        assert not set(templates(language, 0)[0].fillers) & set(templates(language, 1)[0].fillers)
    for kind, styles in LABELS.items():
        for style, names in styles.items():
            if "," in names:
                assert not set(spellings(kind, style, 0)) & set(spellings(kind, style, 1)), (kind, style)


def test_names_on_paper() -> None:
    """A name for programs becomes one for people."""
    assert as_on_paper("exitEntryPermitNo") == "Exit Entry Permit No"
    assert as_on_paper("contact_no") == "Contact no"
    assert as_on_paper("身份证号") == "身份证号"


def test_escapes_move_truth_along() -> None:
    """A value that is written longer than it is meant still has its truth over all that is written."""
    written = Writing(lambda text: text.replace('"', '""'))
    written.raw("x,")
    written.value([Piece('a"', Truth("pi.name", "name")), Piece("b")])
    assert [(span.start, span.end) for span in written.spans] == [(2, 5)]


def _message(text: str, start: int, end: int) -> Message:
    written = Writing()
    written.value([Piece(text[:start]), Piece(text[start:end], Truth("pi.name", "name")), Piece(text[end:])])
    spans = tuple(written.spans)
    return Message("f", "en", "running", "letter", "utf-8", "text/plain", text, text.encode(), spans, 1)


def _found(message: Message, start: int, end: int, category: str, certainty: Certainty) -> Measured:
    segment = Segment(message.text, "text:", "", 0, len(message.text))
    part = Part("text:", message.text, lambda _: (segment,), format="text")
    measured = Measured()
    finding = Finding("r", category, certainty, part, segment, start, end, ())
    judge(message, (part,), (finding,), measured)
    return measured


def test_a_hit_is_the_category_over_the_place() -> None:
    """What overlaps and has the category is right, LIKELY or better for the figures that count."""
    message = _message("to Chan Tai Man, at noon", 3, 15)
    likely = _found(message, 3, 7, "pi.name", Certainty.LIKELY).tallies[("pi.name", "en", "running")]
    assert likely == Tally(wanted=1, hit_likely=1, hit_possible=1, true_likely=1, true_possible=1)
    possible = _found(message, 3, 15, "pi.name", Certainty.POSSIBLE).tallies[("pi.name", "en", "running")]
    assert possible == Tally(wanted=1, hit_possible=1, exact=1, true_possible=1)


def test_elsewhere_or_otherwise_is_a_false_alarm() -> None:
    """Another place or another category counts against precision, and leaves the name missed."""
    message = _message("to Chan Tai Man, at noon", 3, 15)
    elsewhere = _found(message, 17, 19, "pi.name", Certainty.LIKELY).tallies[("pi.name", "en", "running")]
    assert elsewhere == Tally(wanted=1, false_likely=1, false_possible=1)
    otherwise = _found(message, 3, 15, "pi.contact.phone", Certainty.LIKELY).tallies
    assert otherwise[("pi.contact.phone", "en", "running")].precision == 0.0
    assert otherwise[("pi.name", "en", "running")].recall == 0.0


def test_targets() -> None:
    """A target is missed by what falls short of it, and F1 of nothing found is short."""
    tally = Tally(wanted=10, hit_likely=9, true_likely=9, false_likely=1)
    assert Target(recall=0.98, precision=0.9).missed_by(tally) == ["recall"]
    assert Target(f1=0.85).missed_by(Tally(wanted=3)) == ["f1"]
    assert Target(f1=0.85).missed_by(tally) == []


def test_harmless_text_has_every_kind_and_no_mail_address() -> None:
    """All kinds of harmless text are there, and lines with a mail address are not."""
    pieces = list(harmless(0.2))
    assert {piece.kind for piece in pieces} == set(SHARES)
    assert not any("@" in piece.text for piece in pieces if piece.kind in ("code", "licences"))

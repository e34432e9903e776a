"""What a record may say of a place (law 4)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decide import facts_record, observe
from gateway.decide.observing import view_of
from gateway.decide.places import STRUCTURE
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Content, Opaque, Unread
from tests.decide.rules import RECOGNISER, finding, findings, sent, usual

PLACES = view_of(usual()).places
KNOWN = {*STRUCTURE, *RECOGNISER.labels, "applicant"}


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("json:/applicant/0/hkid", "json:/applicant/0/hkid"),
        ("json:/applicant/陳大文/3", "json:/applicant/*/3"),
        ("json:/身份證號碼", "json:/身份證號碼"),
        ("header:X-Request-Id", "header:X-Request-Id"),
        ("header:x-patient-chan", "header:*"),
        ("header:cookie/sid", "header:cookie/*"),
        ("json:/cookie-monster", "json:/*"),
        ("zip:q3.zip!xlsx:/Sheet1/B7", "zip:*!xlsx:/*/*"),
        ("query:A123456(3)", "query:*"),
        ("json:/13800138000", "json:/*"),
        ("json:/138/001/380/00", "json:/138/001/*/*"),
        ("json:/a~1b", "json:/*"),
        ("json:/陳大文/~key", "json:/*/~key"),
        ("陳大文", "*"),
        ("", ""),
    ],
)
def test_only_known_steps_are_shown(where: str, shown: str) -> None:
    """Shapes, small indices and names that the rulebook knows are shown; everything else is a star."""
    assert PLACES.shown(where) == shown


def test_a_long_place_is_cut() -> None:
    """A place with a thousand steps does not fill the ledger."""
    assert len(PLACES.shown("json:" + "/applicant" * 1000)) < 300


@given(
    st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=4, max_size=20),
    st.sampled_from(["json:/{}", "json:/applicant/{}/0", "header:{}", "query:{}", "zip:{}!json:/x", "{}"]),
)
def test_a_planted_key_is_not_recorded(key: str, shape: str) -> None:
    """No key that a sender chooses is in the record of the facts, unless the rulebook knows that name."""
    where = shape.format(key)
    content = Content((), (Opaque(Unread.MALFORMED, where, 3, f"coding {key}"),), media_type="application/json")
    facts = observe(sent(), content, findings(finding(where=where)), usual())
    told = [place for found in facts.found for place in found.places] + [part.where for part in facts.opaque]
    pieces = {piece for place in told for piece in place.replace(":", "/").replace("!", "/").split("/") if piece}
    for piece in pieces - {"*"}:
        small = piece.isascii() and piece.isdigit() and len(piece) <= 3
        assert small or piece in KNOWN or fold_label(piece) in KNOWN or piece.lower() in {"header", "cookie"}


@given(st.text(alphabet="ABCDEFX陳大文0123456789()@", min_size=6, max_size=20))
def test_no_text_of_a_message_is_recorded(text: str) -> None:
    """Text planted in keys, details, media type, method, host, notices and target shows up nowhere in the record."""
    planted = f"陳{text}"
    content = Content(
        (), (Opaque(Unread.MALFORMED, f"json:/{planted}", 3, planted),), (planted,), f"application/{planted}"
    )
    item = sent(f"/{planted}".encode(), host=f"{planted}.example", method=planted, scheme=planted, notices=(planted,))
    facts = observe(item, content, findings(finding(where=f"json:/{planted}")), usual())
    assert planted not in json.dumps(facts_record(facts), ensure_ascii=False) + repr(facts)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("counter.example", "counter.example"),
        ("elsewhere.example", "elsewhere.example"),
        ("p13800138000.example", "p*.example"),
        ("192.0.2.17", "192.0.2.17"),
        ("a b", "*"),
    ],
)
def test_an_unknown_host_shows_no_long_number(host: str, shown: str) -> None:
    """A destination is told as evidence, but a number of a person in it is not."""
    assert PLACES.host(host) == shown


def test_details_are_told_by_known_words() -> None:
    """The limit, the coding and the recogniser of an opaque part are named; any other word is a star."""
    part = Opaque(Unread.TIMED_OUT, "body", 1, "recogniser hk.hkid")
    assert PLACES.opaque(part).detail == "recogniser hk.hkid"
    assert PLACES.opaque(Opaque(Unread.UNKNOWN_CODING, "body", 1, "coding A123456(3)")).detail == "coding *(*)"

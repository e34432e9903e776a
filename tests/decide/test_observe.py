"""What is observed: covering entries, near misses, findings by category."""

from dataclasses import replace

import pytest

from gateway.decide import observe
from gateway.rulebook.book import Endpoint
from gateway.vocabulary import STRANGER, Certainty, Content, Grade, Jurisdiction, Leg, Opaque, Party, Transfer, Unread
from tests.decide.rules import CONTENT, COUNTER, JSON, PORTAL, book, entry, finding, findings, sent, usual

THIRD = Party("third", Jurisdiction.HK)
ANSWER = {"leg": Leg.RESPONSE, "exporter": COUNTER, "recipient": PORTAL}


def seen(transfer: Transfer, media_type: str = "application/json") -> tuple[object, object]:
    """Covering entries and near misses of a transfer."""
    facts = observe(transfer, Content((), media_type=media_type), findings(), usual())
    return facts.covering, facts.near


def test_an_entry_covers_what_is_sent() -> None:
    """Parties, leg, host, port, method, path and media type all fit."""
    assert seen(sent()) == (("sends",), ())


def test_the_answer_is_covered_as_counterflow() -> None:
    """The other leg of the exchange runs the other way, of whatever media type."""
    assert seen(sent(**ANSWER), "text/html") == (("sends",), ())


def test_an_empty_body_has_no_media_type() -> None:
    """Without a body nothing is asked of its type."""
    assert seen(sent(body=b""), "") == (("sends",), ())


@pytest.mark.parametrize(
    ("transfer", "code"),
    [
        (sent(exporter=THIRD), "party"),
        (sent(recipient=THIRD), "party"),
        (sent(exporter=STRANGER), "party"),
        (sent(exporter=COUNTER, recipient=PORTAL), "leg"),
        (sent(leg=Leg.RESPONSE), "leg"),
        (sent(method="PUT"), "method"),
        (sent(b"/v1/other/7"), "path"),
        (replace(sent(), notices=("websocket.text",)), "websocket"),
        (sent(b"/v1/applications/7/../8"), "path"),
    ],
)
def test_a_near_miss_is_told_with_its_code(transfer: Transfer, code: str) -> None:
    """An entry that misses by one thing covers nothing, and the thing is named."""
    assert seen(transfer) == ((), (("sends", code),))


def test_another_media_type_is_a_near_miss() -> None:
    """A body of another type, or one whose type is unknown, is not covered."""
    assert seen(sent(), "text/csv") == ((), (("sends", "media_type"),))
    assert seen(sent(), "") == ((), (("sends", "media_type"),))


@pytest.mark.parametrize(
    "transfer",
    [sent(host="elsewhere.example"), sent(port=8443), sent(method="PUT", exporter=THIRD), sent(host="COUNTER.example")],
)
def test_what_misses_by_more_is_not_near(transfer: Transfer) -> None:
    """Another host or port, or two things that differ, are no near miss."""
    assert seen(transfer) == ((), ())


def test_strangers_are_never_each_others_parties() -> None:
    """Two parties without id do not fit an entry, whatever it names."""
    blank = book(entry(exporter="", recipient=""))
    facts = observe(sent(exporter=STRANGER, recipient=STRANGER), CONTENT, findings(), blank)
    assert facts.covering == ()


def test_the_nearest_endpoint_of_an_entry_counts() -> None:
    """An entry with several endpoints at a host misses by what its nearest one misses by."""
    far = Endpoint("counter.example", 443, frozenset({"GET"}), ("/v9",), JSON)
    rules = book(entry(endpoints=(far, *entry().endpoints)))
    assert observe(sent(), CONTENT, findings(), rules).covering == ("sends",)
    assert observe(sent(method="PUT"), CONTENT, findings(), rules).near == (("sends", "method"),)


def test_several_entries_come_in_order_of_id() -> None:
    """Covering entries are told in order of id, whatever the order of the file."""
    one, two = entry("b"), entry("a")
    assert observe(sent(), CONTENT, findings(), book(one, two)).covering == ("a", "b")


def test_findings_are_counted_by_category() -> None:
    """A category is told once: how often, how certain at most, how graded, where."""
    items = (
        finding("pi.name", "json:/applicant/1", Certainty.POSSIBLE),
        finding("pi.name", "json:/applicant/0", Certainty.CERTAIN),
        finding("pi.name", "json:/陳大文"),
        finding("pi.id.hk.hkid", "json:/hkid"),
    )
    facts = observe(sent(), CONTENT, findings(*items), usual())
    card, name = facts.found
    assert (card.category, card.grade, card.count) == ("pi.id.hk.hkid", Grade.SENSITIVE, 1)
    assert (name.category, name.certainty, name.count) == ("pi.name", Certainty.CERTAIN, 3)
    assert name.places == ("json:/*", "json:/applicant/0", "json:/applicant/1")
    assert observe(sent(), CONTENT, findings(*reversed(items)), usual()) == facts


def test_at_most_eight_places_are_told() -> None:
    """A table of a thousand people fills eight places of the record."""
    items = [finding(where=f"json:/{index}/applicant") for index in range(1000)]
    assert len(observe(sent(), CONTENT, findings(*items), usual()).found[0].places) == 8


@pytest.mark.parametrize(("category", "grade"), [("pi.contact.pager", Grade.PERSONAL), ("novel", Grade.CORE)])
def test_an_unknown_category_is_graded_from_above(category: str, grade: Grade) -> None:
    """A category that the taxonomy lacks has the grade of the one above it, or the highest there is."""
    assert observe(sent(), CONTENT, findings(finding(category)), usual()).found[0].grade is grade


def test_opaque_parts_of_both_rooms_are_observed() -> None:
    """A recogniser that gave up counts like a part that decode could not read."""
    one, two = Opaque(Unread.ENCRYPTED, "body", 1), Opaque(Unread.TIMED_OUT, "body", 2, "recogniser hk.hkid")
    facts = observe(sent(), replace(CONTENT, opaque=(one,)), replace(findings(), opaque=(two,)), usual())
    assert facts.opaque == (one, two)


def test_notices_of_door_and_decode_are_joined() -> None:
    """Notices are told once each, in order."""
    content = replace(CONTENT, notices=("json.duplicate_key", "charset.lies"))
    facts = observe(sent(notices=("wire.trailers", "charset.lies")), content, findings(), usual())
    assert facts.notices == ("charset.lies", "json.duplicate_key", "wire.trailers")


def test_an_archive_of_sealed_members_makes_no_long_entry() -> None:
    """Of many parts for one reason a few are told of, with their number; every reason is told."""
    sealed = tuple(Opaque(Unread.ENCRYPTED, f"zip:/{number}", number) for number in range(5_000))
    late = Opaque(Unread.TOO_DEEP, "zip:/zz", 1)
    facts = observe(sent(), replace(CONTENT, opaque=(*sealed, late)), findings(), usual())
    assert len(facts.opaque) == 9
    assert {part.reason for part in facts.opaque} == {Unread.ENCRYPTED, Unread.TOO_DEEP}
    assert facts.unread == 5_001
    backwards = observe(sent(), replace(CONTENT, opaque=(late, *reversed(sealed))), findings(), usual())
    assert backwards == facts

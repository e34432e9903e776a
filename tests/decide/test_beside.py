"""What travels beside a body that keeps to a dataset."""

from dataclasses import replace

import pytest

from gateway.decide.dataset.beside import beside
from gateway.rulebook.book import Endpoint
from gateway.vocabulary import Leg, Violation
from tests.decide.payloads import dataset
from tests.decide.rules import COUNTER, PORTAL, entry, sent

OPEN = Endpoint(
    "counter.example",
    443,
    frozenset({"POST"}),
    ("/v1/applications/{id}",),
    frozenset({"application/json"}),
    query=frozenset({"page"}),
    headers=frozenset({"x-trace"}),
)


def told(target: bytes = b"/v1/applications/7", body: bytes = b"{}", **headers: str) -> list[tuple[str, int]]:
    """Codes and counts of what is said of a request."""
    fields = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    item = sent(target, body, headers=fields)
    found = beside(item, replace(entry(), endpoints=(OPEN,)), dataset())
    assert all(isinstance(each, Violation) and each.entry == "sends" for each in found)
    return [(each.code, each.count) for each in found]


def test_a_plain_request_departs_from_nothing() -> None:
    """Fields that everybody knows, those of the gateway's own and those that the endpoint lists may travel."""
    assert told(content_type="application/json", User_Agent="portal/1", X_Kouan_Token="t", X_Trace="7") == []
    assert told(b"/v1/applications/7?") == []
    assert told(b"/v1/applications/7?page=2") == []


@pytest.mark.parametrize(
    ("query", "count"),
    [(b"story=Falcon", 1), (b"page=2&story", 1), (b"a=1&b=2;c", 3), (b"%70age=1", 0), (b"Page=1", 1), (b"=x", 1)],
)
def test_a_name_in_the_query_must_be_listed(query: bytes, count: int) -> None:
    """Whatever is written behind a question mark goes by a name, and names are listed."""
    assert told(b"/v1/applications/7?" + query) == ([("query.undeclared", count)] if count else [])


def test_a_header_of_the_sender_s_own_must_be_listed() -> None:
    """A story in a header field that nobody knows is undeclared."""
    assert told(X_Story="Falcon", X_Note="more") == [("header.undeclared", 2)]


def test_a_request_without_the_body_that_is_asked_for_lacks_it() -> None:
    """An empty body holds none of the fields that must be there."""
    assert told(body=b"") == [("field.missing", 1)]


def test_an_answer_has_no_query() -> None:
    """What stands beside an answer was judged with its question."""
    answer = sent(b"/v1/applications/7?story=x", b"", leg=Leg.RESPONSE, exporter=COUNTER, recipient=PORTAL)
    assert beside(answer, entry(), dataset()) == ()

"""What somebody holds becomes the transfer that a door would build."""

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.payload import BadInput, Route, chosen_route, media_type_of, of_line, of_message, of_payload
from gateway.vocabulary import STRANGER, Leg, Proof, State
from tests.cli.given import TOKEN, small

REQUEST = (
    b"POST /v1/applications/7?a=b HTTP/1.1\r\nHost: Counter.Example:8443\r\n"
    b"X-Kouan-Token: " + TOKEN.encode() + b"\r\nContent-Type: application/json\r\n\r\n{}"
)


def test_a_raw_request_tells_who_and_where() -> None:
    """Exporter by token, recipient and port by Host, method, path and body as written."""
    made = of_message(small(), Route(), "t", REQUEST)
    assert (made.exporter.id, made.exporter.proof) == ("sender", Proof.TOKEN)
    assert (made.recipient.id, made.recipient.proof) == ("counter", Proof.HOST)
    envelope = made.envelope
    assert (envelope.method, envelope.host, envelope.port) == ("POST", "counter.example", 8443)
    assert (envelope.target, made.body, made.leg) == (b"/v1/applications/7?a=b", b"{}", Leg.REQUEST)


def test_the_token_does_not_travel_on() -> None:
    """The gateway's own credential is no header of the transfer."""
    made = of_message(small(), Route(), "t", REQUEST)
    assert TOKEN.encode() not in b"".join(value for _, value in made.envelope.headers)


def test_lines_may_end_as_an_editor_ends_them() -> None:
    """LF will do where HTTP has CRLF, and blank lines before the request do no harm."""
    typed = b"\n" + REQUEST.replace(b"\r\n", b"\n")
    assert of_message(small(), Route(), "t", typed).envelope == of_message(small(), Route(), "t", REQUEST).envelope


def test_a_wrong_token_is_a_stranger() -> None:
    """Nobody is believed without proof."""
    made = of_message(small(), Route(), "t", REQUEST.replace(TOKEN.encode(), b"guess"))
    assert made.exporter == STRANGER


def test_an_absolute_target_names_the_host() -> None:
    """The form that proxies receive (RFC 9112 section 3.2.2) wins over Host."""
    made = of_message(small(), Route(), "t", b"GET http://counter.example/x HTTP/1.1\nHost: other.example\n\n")
    assert (made.envelope.scheme, made.envelope.host, made.envelope.port) == ("http", "counter.example", 80)
    assert made.envelope.target == b"/x"


def test_a_status_line_makes_a_response() -> None:
    """A message that opens with a status is the other half of the exchange."""
    made = of_message(small(), chosen_route(small(), entry="reads"), "t", b"HTTP/1.1 404 Not Found\n\ngone")
    assert (made.leg, made.envelope.status, made.exporter.id) == (Leg.RESPONSE, 404, "counter")


@pytest.mark.parametrize(
    ("headers", "body", "read", "state"),
    [
        (b"Content-Length: 3\n", b"abc\n", b"abc", State.COMPLETE),
        (b"Content-Length: 9\n", b"abc", b"abc", State.PARTIAL),
        (b"Transfer-Encoding: chunked\n", b"2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n", b"abc", State.COMPLETE),
        (b"Transfer-Encoding: chunked\n", b"2\r\nab\r\n", b"ab", State.PARTIAL),
        (b"", b"abc", b"abc", State.COMPLETE),
    ],
)
def test_a_body_is_taken_out_of_its_framing(headers: bytes, body: bytes, read: bytes, state: State) -> None:
    """Length and chunks are undone, and a body that was cut off is partial."""
    made = of_message(small(), Route(), "t", b"POST / HTTP/1.1\n" + headers + b"\n" + body)
    assert (made.body, made.state) == (read, state)


@pytest.mark.parametrize(
    "message",
    [b"", b"hello", b"GET / HTTP/1.1\nno colon\n\n", b"GET / HTTP/1.1\nContent-Length: x\n\n", b"GET  HTTP/1.1\n\n"],
)
def test_what_is_no_message_is_said_so(message: bytes) -> None:
    """A file that is no HTTP message is a fault of usage, told without quoting it."""
    with pytest.raises(BadInput, match="expected"):
        of_message(small(), Route(), "t", message)


@given(st.binary(max_size=200))
def test_no_message_breaks_the_reader(message: bytes) -> None:
    """Whatever the bytes, the reader returns a transfer or says BadInput."""
    with contextlib.suppress(BadInput):
        assert of_message(small(), Route(), "t", message).leg in Leg


def test_an_entry_gives_the_route() -> None:
    """Parties, half, host, port, method and a path that fits come from the whitelist entry."""
    route = chosen_route(small(), entry="sends")
    assert (route.exporter.id, route.recipient.id, route.leg) == ("sender", "counter", Leg.REQUEST)
    assert (route.host, route.port, route.method) == ("counter.example", 8443, "POST")
    assert route.target == b"/v1/applications/1"


def test_an_entry_may_live_in_the_response() -> None:
    """What is read from an exporter's system leaves in the answer."""
    route = chosen_route(small(), entry="reads")
    assert (route.exporter.id, route.exporter.proof, route.recipient.id) == ("counter", Proof.HOST, "sender")
    assert (route.leg, route.status, route.target) == (Leg.RESPONSE, 200, b"/v1/results/1/1")


def test_options_win_over_the_entry() -> None:
    """What is said explicitly replaces what the entry says."""
    route = chosen_route(small(), entry="sends", host="else.example:99", method="put", path="/x", exporter="counter")
    assert (route.host, route.port, route.method, route.target) == ("else.example", 99, "PUT", b"/x")
    assert (route.exporter.id, route.recipient) == ("counter", STRANGER)


@pytest.mark.parametrize("asked", [{"entry": "nothing"}, {"exporter": "nobody"}, {"recipient": "nobody"}])
def test_an_unknown_id_lists_what_there_is(asked: dict[str, str]) -> None:
    """A misspelt id is answered with the ids that exist."""
    with pytest.raises(BadInput, match=r"there are: .*se"):
        chosen_route(small(), **asked)


def test_a_line_of_text_is_a_plain_body() -> None:
    """``{id, text}`` is a text/plain body in UTF-8."""
    made = of_line(small(), Route(), {"id": 7, "text": "身份證"})
    assert (made.id, made.body) == ("7", "身份證".encode())
    assert made.envelope.header(b"content-type") == b"text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "headers",
    [{"Host": "counter.example", "X-Kouan-Token": TOKEN}, [["Host", "counter.example"], ["X-Kouan-Token", TOKEN]]],
)
def test_a_line_may_be_a_message(headers: object) -> None:
    """``{id, method, target, headers, body_b64}`` is a request, its headers an object or pairs."""
    body = base64.b64encode(b"\x00\xff").decode()
    line = {"id": "a", "method": "PUT", "target": "/x?y=1", "headers": headers, "body_b64": body}
    made = of_line(small(), Route(), line)
    assert (made.exporter.id, made.recipient.id, made.body) == ("sender", "counter", b"\x00\xff")
    assert (made.envelope.method, made.envelope.target) == ("PUT", b"/x?y=1")


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"id": 1, "text": "\ud800"},
        {"id": 1, "text": 5},
        {"id": 1, "method": "GET", "body_b64": "***"},
        {"id": 1, "method": "GET", "headers": "x"},
        {"id": 1, "method": "GET", "headers": [["a"]]},
    ],
)
def test_a_line_that_is_neither_is_said_so(line: dict[str, object]) -> None:
    """A line of another shape is bad input, nothing worse."""
    with pytest.raises(BadInput):
        of_line(small(), Route(), line)


@pytest.mark.parametrize(
    ("name", "body", "guess"),
    [
        ("a.json", b"x", "application/json"),
        ("a.txt", b"{}", "text/plain"),
        ("-", b' {"a": 1}', "application/json"),
        ("-", b"[1]", "application/json"),
        ("-", b"hello", "text/plain; charset=utf-8"),
    ],
)
def test_the_media_type_is_guessed(name: str, body: bytes, guess: str) -> None:
    """By the name of the file, else by how the body begins."""
    assert media_type_of(name, body) == guess


def test_a_payload_bears_its_media_type_and_length() -> None:
    """A bare body travels with the two headers that any sender would give it."""
    made = of_payload(Route(), "t", "text/csv", b"a,b")
    assert made.envelope.header(b"content-type") == b"text/csv"
    assert made.envelope.header(b"content-length") == b"3"

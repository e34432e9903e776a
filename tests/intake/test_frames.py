"""Frames of one peer: what comes out is whole messages within bounds, or a fault with a code; never anything else."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.intake.frames import MOST_FRAMES, End, Peer, Ping, Unfit, Whole
from gateway.intake.handshake import Offer, accept, offered
from tests.intake.sockets import KEY, frame

LIMIT = 1000


def read(raw: bytes, step: int = 65_536, limit: int = LIMIT) -> list[Whole | Ping | End]:
    """What a client's bytes come to, arriving ``step`` at a time."""
    peer = Peer(client=True, limit=limit)
    return [event for at in range(0, len(raw), step) for event in peer.receive(raw[at : at + step])]


@given(st.text(max_size=300), st.integers(1, 7), st.integers(1, 400), st.booleans())
def test_fragments_are_joined_however_they_are_cut(text: str, pieces: int, step: int, text_frame: bool) -> None:
    """A message in any number of fragments, with pings between them, arriving in any pieces, is the same message."""
    data = text.encode()[:LIMIT]
    data = data.decode("utf-8", "ignore").encode()
    size = len(data) // pieces + 1
    raw = b""
    for number in range(pieces):
        last = number == pieces - 1
        part = data[number * size :] if last else data[number * size : (number + 1) * size]
        raw += frame((1 if text_frame else 2) if not number else 0, part, fin=last)
        raw += b"" if last else frame(9, b"still there?")
    events = read(raw, step)
    assert events[-1] == Whole(text_frame, data)
    assert [type(event) for event in events[:-1]] == [Ping] * (pieces - 1)


@settings(max_examples=200)
@given(st.binary(max_size=600), st.integers(1, 50), st.booleans())
def test_any_bytes_come_to_messages_or_to_a_fault(raw: bytes, step: int, client: bool) -> None:
    """Whatever a peer sends, nothing is raised but Unfit, and no message is larger than the limit."""
    peer = Peer(client=client, limit=100)
    with suppress(Unfit):
        for at in range(0, len(raw), step):
            for event in peer.receive(raw[at : at + step]):
                assert not isinstance(event, Whole) or len(event.body) <= 100


WRONG = {
    "unmasked": (frame(1, b"{}", mask=False), "wire.malformed", 1002),
    "RSV1, as permessage-deflate would": (frame(1, b"{}", rsv=4), "wire.malformed", 1002),
    "RSV2": (frame(1, b"{}", rsv=2), "wire.malformed", 1002),
    "RSV3": (frame(2, b"{}", rsv=1), "wire.malformed", 1002),
    "reserved opcode": (frame(3, b"{}"), "wire.malformed", 1002),
    "reserved control opcode": (frame(11, b""), "wire.malformed", 1002),
    "continuation of nothing": (frame(0, b"{}"), "wire.malformed", 1002),
    "message within a message": (frame(1, b"{", fin=False) + frame(1, b"}"), "wire.malformed", 1002),
    "fragmented ping": (frame(9, b"x", fin=False), "wire.malformed", 1002),
    "long ping": (frame(9, b"x" * 126), "wire.malformed", 1002),
    "64-bit length": (frame(2, b"", length=(1 << 62)), "wire.body_too_large", 1009),
    "64-bit length with its highest bit": (frame(2, b"", length=(1 << 63) + 5), "wire.malformed", 1002),
    "two-byte length that fits in one": (b"\x82\xfe\x00\x05" + bytes(9), "wire.malformed", 1002),
    "eight-byte length that fits in two": (b"\x82\xff" + (70).to_bytes(8) + bytes(74), "wire.malformed", 1002),
    "one byte beyond the limit": (frame(2, b"x" * (LIMIT + 1)), "wire.body_too_large", 1009),
    "beyond the limit in pieces": (
        frame(2, b"x" * LIMIT, fin=False) + frame(0, b"x", fin=False),
        "wire.body_too_large",
        1009,
    ),
    "text that is no UTF-8": (frame(1, b"\xff\xfe"), "wire.malformed", 1007),
    "text cut in a character": (frame(1, "陳".encode()[:2]), "wire.malformed", 1007),
    "surrogates": (frame(1, b"\xed\xa0\x80"), "wire.malformed", 1007),
    "empty fragments without end": (
        frame(2, b"", fin=False) + frame(0, b"", fin=False) * MOST_FRAMES,
        "wire.too_many_frames",
        1008,
    ),
}


@pytest.mark.parametrize(("raw", "code", "close"), WRONG.values(), ids=WRONG.keys())
def test_what_breaks_the_protocol_or_a_bound_is_named(raw: bytes, code: str, close: int) -> None:
    """Each violation has its code, and the status with which the connection is to be closed."""
    with pytest.raises(Unfit) as caught:
        read(raw)
    assert (caught.value.code, caught.value.close) == (code, close)


def test_a_server_must_not_mask() -> None:
    """The rule about masks is the other way round for the other peer."""
    with pytest.raises(Unfit):
        list(Peer(client=False, limit=LIMIT).receive(frame(1, b"{}")))
    assert list(Peer(client=False, limit=LIMIT).receive(frame(1, b"{}", mask=False))) == [Whole(True, b"{}")]


def test_ten_thousand_fragments_are_one_message() -> None:
    """Fragments of a byte each are joined in linear time."""
    raw = frame(1, b"[", fin=False) + frame(0, b" ", fin=False) * 9_998 + frame(0, b"]")
    [whole] = read(raw, limit=20_000)
    assert whole == Whole(True, b"[" + b" " * 9_998 + b"]")


def test_a_ping_is_answered_to_whoever_sent_it() -> None:
    """The payload of a ping goes back where it came from; a pong that nobody asked for is dropped."""
    [ping] = read(frame(9, b"440105199003071016") + frame(10, b"x"))
    assert isinstance(ping, Ping)
    assert ping.answer == frame(10, b"440105199003071016", mask=False)


@pytest.mark.parametrize(
    ("payload", "normal"),
    [(b"", True), (b"\x03\xe8", True), (b"\x03\xe9bye", False), (b"\x0f\xa0", False), (b"\x03", False)],
)
def test_of_a_close_only_its_kind_is_told(payload: bytes, normal: bool) -> None:
    """1000 or nothing is normal, all else is not; the reason is not read, and nothing counts after it."""
    assert read(frame(8, payload) + frame(1, b"{}")) == [End(normal)]


def test_a_peer_is_written_to_in_single_frames() -> None:
    """To a server in masked frames with a mask of their own, to a client in plain ones."""
    text = '{"name": "陳"}'.encode()
    server, client = Peer(client=False, limit=LIMIT), Peer(client=True, limit=LIMIT)
    written = [server.message(text, text=True) for _ in range(2)]
    assert written[0] != written[1]
    assert all(read(each) == [Whole(True, text)] for each in written)
    assert client.message(b"\x00", text=False) == frame(2, b"\x00", mask=False)
    with pytest.raises(ValueError, match="utf-8"):
        client.message(b"\xff", text=True)


HELLO = (
    (b"Host", b"counter.example"),
    (b"Upgrade", b"WebSocket"),
    (b"Connection", b"keep-alive, Upgrade"),
    (b"Sec-WebSocket-Version", b"13"),
    (b"Sec-WebSocket-Key", KEY),
    (b"Sec-WebSocket-Protocol", b"figures, talks"),
)


def test_a_handshake_is_taken_apart() -> None:
    """The client's key is answered by the gateway, the upstream is asked with another one; RFC 6455's own example."""
    assert accept(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    offer = offered(b"GET", b"HTTP/1.1", HELLO)
    assert offer is not None
    assert dict(offer.answering())[b"Sec-WebSocket-Accept"] == accept(KEY)
    assert dict(offer.asking())[b"Sec-WebSocket-Key"] not in (KEY, Offer(KEY, frozenset()).key)
    assert offer.protocols == {b"figures", b"talks"}


@pytest.mark.parametrize(
    ("method", "version", "name", "value"),
    [
        (b"POST", b"HTTP/1.1", b"", b""),
        (b"GET", b"HTTP/1.0", b"", b""),
        (b"GET", b"HTTP/2.0", b"", b""),
        (b"GET", b"HTTP/1.1", b"Upgrade", b"h2c"),
        (b"GET", b"HTTP/1.1", b"Upgrade", b"websocket, h2c"),
        (b"GET", b"HTTP/1.1", b"Connection", b"keep-alive"),
        (b"GET", b"HTTP/1.1", b"Sec-WebSocket-Version", b"8"),
        (b"GET", b"HTTP/1.1", b"Sec-WebSocket-Key", b"c2hvcnQ="),
        (b"GET", b"HTTP/1.1", b"Sec-WebSocket-Key", b"!"),
        (b"GET", b"HTTP/1.1", b"Host", None),
    ],
)
def test_a_handshake_that_is_not_exact_is_none(method: bytes, version: bytes, name: bytes, value: bytes | None) -> None:
    """Another method, version, protocol, key; or a body: an upgrade like any other, which policy refuses."""
    fields = tuple((key, value if key == name else each) for key, each in HELLO if value is not None)
    if value is None:
        fields = (*HELLO, (b"Content-Length", b"3"))
    assert offered(method, version, fields) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "agreed"),
    [
        ({}, True),
        ({b"Sec-WebSocket-Protocol": b"talks"}, True),
        ({b"Sec-WebSocket-Protocol": b"others"}, False),
        ({b"Sec-WebSocket-Extensions": b"permessage-deflate"}, False),
        ({b"Sec-WebSocket-Accept": accept(KEY)}, False),
        ({b"Upgrade": b"h2c"}, False),
        ({b"Connection": b"close"}, False),
    ],
)
def test_a_server_agrees_to_what_was_offered_and_to_nothing_else(fields: dict[bytes, bytes], agreed: bool) -> None:
    """A wrong proof, a protocol or an extension that nobody offered, or half a switch is no agreement."""
    offer = offered(b"GET", b"HTTP/1.1", HELLO)
    assert offer is not None
    right = {
        b"Upgrade": b"websocket",
        b"Connection": b"Upgrade",
        b"Sec-WebSocket-Accept": accept(dict(offer.asking())[b"Sec-WebSocket-Key"]),
    }
    assert offer.agreed(tuple({**right, **fields}.items())) is agreed

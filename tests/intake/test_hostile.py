"""What a hostile client can cost: memory, time, records. Raw sockets against a real gateway."""

import asyncio
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake import wire
from gateway.intake.proxy_exchange import STRANGERS_BODY
from tests.intake.sockets import Listener, call, frame, hello, shake, with_sockets
from tests.intake.stage import HEAD, HOST, OK, TOKEN, Upstream, post, read_reply, stage
from tests.intake.test_http2 import REQUEST, http2_answer, http2_peer


@pytest.mark.parametrize("sized", [True, False], ids=["Content-Length", "chunked"])
def test_strangers_are_lent_little_memory(sized: bool) -> None:
    """A large body of somebody unknown is refused as soon as that shows; nobody's transfer is permitted anyway."""

    async def play() -> None:
        async with stage() as on:
            size = 1_000_000
            body = b"Content-Length: %d\r\n\r\n" % size if sized else b"Transfer-Encoding: chunked\r\n\r\nf4240\r\n"
            head = HEAD.replace(TOKEN, b"")
            reader, writer = await on.open()
            writer.write(head + body + (b"" if sized else b"x" * (STRANGERS_BODY + 1)))
            reply = await read_reply(reader)
            assert reply.status == 403
            assert on.codes == ["wire.unknown_sender"]
            assert on.house.carried == []
            assert len(on.ledger.entries) == 1

    asyncio.run(play())


def test_strangers_are_lent_little_memory_over_http2() -> None:
    """The same for each stream."""

    async def play() -> None:
        async with stage(tls=True) as on:
            reader, writer = await on.tunnel(extra=b"", alpn="h2")
            peer = http2_peer()
            peer.send_headers(1, REQUEST)
            writer.write(peer.data_to_send())
            peer.receive_data(await asyncio.wait_for(reader.read(65_536), 5))  # settings, with a wide window
            for _ in range(5):
                peer.send_data(1, b"x" * 16_000)
            status, _ = await http2_answer(peer, reader, writer)
            assert on.codes == ["wire.unknown_sender"]
            assert status == 403

    asyncio.run(play())


def test_whoever_is_known_may_send_what_the_limit_allows() -> None:
    """A large body of a party is judged; the door is asked once who it is."""

    async def play() -> None:
        async with stage() as on:
            body = b'{"count": [' + b"1, " * 50_000 + b"1]}"
            assert (await on.ask(post(body))).status == 200
            assert on.house.carried[0].body == body

    asyncio.run(play())


def test_a_broken_door_knows_nobody() -> None:
    """Where the door cannot say who sends, it is nobody."""

    async def play() -> None:
        async with stage() as on:
            on.gateway.hooks = {**on.gateway.hooks, "requestheaders": lambda _: 1 / 0}
            assert (await on.ask(post(b"[" + b"1," * 50_000 + b"1]"))).status >= 400
            assert on.codes == ["wire.unknown_sender"]
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_a_flood_behind_a_request_waits_with_its_sender() -> None:
    """Requests in advance are read up to a head's worth while an answer is on its way; then the client has to wait."""
    gate = asyncio.Event()

    async def slowly(_: Upstream, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(OK)

    async def play() -> None:
        async with stage(Upstream(slowly)) as on:
            reader, writer = await on.open()
            writer.write(post())
            sent = 0
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    while sent < 64_000_000:
                        writer.write(post() * 500)
                        sent += len(post()) * 500
                        await writer.drain()
            assert sent < 16_000_000  # what fits into the sockets and buffers on the way
            gate.set()
            for _ in range(50):  # and then it goes on
                assert (await read_reply(reader)).status == 200

    asyncio.run(play())


@given(st.text(alphabet="aG /\r\n:\0", max_size=60), st.integers(1, 9))
def test_a_head_looked_at_in_pieces_is_looked_at_whole(text: str, step: int) -> None:
    """What is wrong with a head is seen however it is cut, though each byte is looked at once or twice."""
    data = text.encode()
    seen, found = 0, False
    for end in [*range(step, len(data), step), len(data)]:
        found = found or wire.lines_broken(data[:end], seen)
        seen = end
    assert found == any(wire.lines_broken(data[:end]) for end in [*range(step, len(data), step), len(data)])


def test_a_head_that_trickles_costs_linear_time() -> None:
    """A head that comes byte by byte is not read from its beginning each time."""
    data = b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 60_000
    began = time.perf_counter()
    for end in range(50_000, 60_000):
        assert not wire.lines_broken(data[:end], end - 1)
    assert time.perf_counter() - began < 2.0  # 11 s where each look is at all of it


def test_ten_thousand_fragments_cost_one_record() -> None:
    """A message in tiny fragments is one transfer, read in reasonable time; then the next is as welcome."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.raw(frame(1, b"[", fin=False) + frame(0, b" ", fin=False) * 9_998 + frame(0, b"]"))
            caller.say("[1]")
            assert await listener.heard(2) == ["[" + " " * 9_998 + "]", "[1]"]
            assert len(on.ledger.entries) == 4

    asyncio.run(play())


def test_a_socket_byte_by_byte() -> None:
    """Handshake and frames that come one byte at a time are what they are."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            reader, writer = await on.open()
            raw = hello()
            for at in range(len(raw) - 1):
                writer.write(raw[at : at + 1])
                if at % 16 == 0:
                    await asyncio.sleep(0)
            caller = await shake(reader, writer, raw[-1:])
            assert caller.status == 101
            raw = frame(9, b"x") + frame(1, b'{"count"', fin=False) + frame(10) + frame(0, b": 4}")
            for at in range(len(raw)):
                caller.raw(raw[at : at + 1])
                await asyncio.sleep(0.001)
            assert await listener.heard(1) == ['{"count": 4}']

    asyncio.run(play())


def test_a_half_open_socket_does_not_hold_its_upstream() -> None:
    """A client that ends its half of the connection has left: the upstream hears so, and nothing waits."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.writer.write_eof()
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert listener.closes == [(1001, "")]
            assert on.codes == []

    asyncio.run(play())


def test_a_socket_through_a_reverse_proxy() -> None:
    """In reverse mode there is one place to go, for sockets as well."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets(), mode=f"reverse:http://{HOST}:443") as on:
            raw = hello(host="gateway.internal.example").replace(b"http://gateway.internal.example", b"")
            caller = await call(on, raw=raw)
            assert caller.status == 101
            caller.say("[1]")
            assert await listener.heard(1) == ["[1]"]
            assert b"gateway.internal" not in listener.received

    asyncio.run(play())


def test_a_switch_tells_no_length() -> None:
    """A 101 that tells a length is passed on without it (RFC 9110 section 8.6)."""

    async def play() -> None:
        listener = Listener(extra=((b"Content-Length", b"5"),))
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            assert caller.status == 101
            assert b"content-length" not in caller.head.lower()
            caller.say("[1]")
            assert await listener.heard(1) == ["[1]"]

    asyncio.run(play())

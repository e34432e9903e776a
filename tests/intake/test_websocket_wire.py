"""WebSocket on the wire: violations, bounds, pings and closes, peers that break off."""

import asyncio
from contextlib import suppress

import pytest
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Request, TextMessage

from gateway.vocabulary import Leg, State
from tests.intake.sockets import FEED, KEY, Caller, Listener, call, frame, hello, with_sockets
from tests.intake.stage import TOKEN, Stage, Upstream, post, stage
from tests.intake.test_frames import WRONG

FIGURES = '{"month": "2026-01", "count": 4}'


async def recorded(on: Stage, code: str) -> None:
    """Wait until the door has recorded a refusal of its own."""
    async with asyncio.timeout(5):
        while code not in on.codes:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(("raw", "code", "close"), WRONG.values(), ids=WRONG.keys())
def test_a_violation_is_recorded_and_closes_both(raw: bytes, code: str, close: int) -> None:
    """What breaks the protocol or a bound reaches nobody; it is recorded as a message that is not whole."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets(), max_body=1000) as on:
            caller = await call(on)
            caller.say(FIGURES)
            caller.raw(raw)
            said, transfer = (await caller.message()), on.house.refused[0][1]
            assert said == (close, f"refused, decision {transfer.id}")
            assert on.codes == [code]
            assert (transfer.leg, transfer.state, transfer.body) == (Leg.REQUEST, State.PARTIAL, b"")
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert listener.messages == [FIGURES]
            assert len(on.ledger.entries) == 4

    asyncio.run(play())


@pytest.mark.parametrize(
    "raw",
    [frame(1, b"{}"), frame(1, b"{}", mask=False, rsv=4), frame(2, b"", length=1 << 40)],
    ids=["server", "rsv", "length"],
)
def test_violations_of_the_server_are_recorded_as_such(raw: bytes) -> None:
    """A server that masks, compresses or floods is refused like a broken answer; the client hears a goodbye."""

    async def talk(listener: Listener, event: Event) -> None:
        if isinstance(event, Request):
            listener.writer.write(raw)

    async def play() -> None:
        listener = Listener(talk)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            assert await caller.message() == (1001, "")
            assert on.house.refused[0][1].leg is Leg.RESPONSE
            assert on.codes in (["upstream.broken"], ["wire.body_too_large"])

    asyncio.run(play())


def test_no_extension_is_ever_agreed_on() -> None:
    """The offer of compression ends at the gateway, towards the upstream and in its answer."""

    async def play() -> None:
        listener = Listener(subprotocol="figures")
        extra = TOKEN + b"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: figures\r\n"
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on, extra=extra)
            assert caller.status == 101
            assert b"extensions" not in caller.head.lower()
            assert b"Sec-WebSocket-Protocol: figures" in caller.head
            assert listener.requests[0].extensions == []
            assert KEY not in listener.received
            assert b"demo-zhuhai" not in listener.received

    asyncio.run(play())


@pytest.mark.parametrize(
    "answer",
    [
        b"Sec-WebSocket-Accept: %s\r\n" % KEY,
        b"",
        b"Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Extensions: permessage-deflate\r\n" % KEY,
    ],
)
def test_a_switch_that_was_not_agreed_on_is_broken(answer: bytes) -> None:
    """A 101 without the proof that the gateway's own handshake was read: 502, a record, and no bytes either way."""
    raw = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + answer + b"\r\nraw"

    async def play() -> None:
        async with stage(Upstream(raw), rulebook=with_sockets()) as on:
            assert (await on.ask(hello())).status == 502
            assert on.codes == ["upstream.broken"]

    asyncio.run(play())


def test_an_answer_to_the_handshake_that_may_not_leave_is_refused() -> None:
    """An identifier in a field of the 101: the client gets a refusal, the upstream connection is let go."""

    async def play() -> None:
        listener = Listener(extra=((b"X-Note", b"A123456(3)"),))
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            assert caller.status == 451
            assert b"A123456" not in caller.head
            await asyncio.wait_for(listener.ended.wait(), 5)

    asyncio.run(play())


def test_pings_are_answered_here_and_reach_nobody() -> None:
    """The payload of a ping or a pong goes no further than the gateway, either way."""

    async def talk(listener: Listener, event: Event) -> None:
        if isinstance(event, TextMessage):
            listener.send(Ping(payload=b"A123456(3)"))
            listener.send(BytesMessage(data=b"{}"))

    async def play() -> None:
        listener = Listener(talk)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.raw(frame(9, b"66123456") + frame(10, b"66123456"))
            assert await caller.message() == b"pong:66123456"
            caller.say(FIGURES)
            assert await caller.message() == b"{}"
            assert b"66123456" not in listener.received
            assert listener.pings == []
            assert not caller.waiting
            assert len(on.ledger.entries) == 4

    asyncio.run(play())


@pytest.mark.parametrize(("code", "told"), [(1000, 1000), (4001, 1001)])
def test_a_goodbye_is_answered_and_passed_on_without_its_words(code: int, told: int) -> None:
    """The other side hears whether the close was a normal one, and nothing of code and reason."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.raw(frame(8, code.to_bytes(2) + b"A123456(3)"))
            assert (await caller.message()) == (1000, "")
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert listener.closes == [(told, "")]
            assert b"A123456" not in listener.received
            assert on.codes == []
            assert on.gateway.bounds.in_flight.data == set()  # type: ignore[attr-defined]

    asyncio.run(play())


def test_a_goodbye_of_the_server_is_passed_on_the_same_way() -> None:
    """A server may close, with words that go nowhere."""

    async def talk(listener: Listener, event: Event) -> None:
        if isinstance(event, Request):
            listener.send(CloseConnection(code=1000, reason="A123456(3)"))

    async def play() -> None:
        listener = Listener(talk)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            assert await caller.message() == (1000, "")
            assert await caller.message() is None

    asyncio.run(play())


def test_a_message_that_never_ends_is_too_slow() -> None:
    """A message that is not complete in time is refused and recorded; pings do not stretch the time."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets(), body_timeout=0.3) as on:
            caller = await call(on)
            await asyncio.sleep(0.4)  # silence between messages is no slowness
            caller.raw(frame(1, b'{"count"', fin=False))
            for _ in range(4):
                await asyncio.sleep(0.1)
                caller.raw(frame(9))
            while (told := await caller.message()) == b"pong:":
                pass
            assert told == (1008, f"refused, decision {on.house.refused[0][1].id}")
            assert on.codes == ["wire.slow"]
            assert listener.messages == []

    asyncio.run(play())


def test_a_server_that_never_ends_its_message_is_too_slow() -> None:
    """The time of the upstream bounds its messages too."""

    async def talk(listener: Listener, event: Event) -> None:
        if isinstance(event, Request):
            listener.writer.write(frame(1, b'{"count"', fin=False, mask=False))

    async def play() -> None:
        listener = Listener(talk)
        async with stage(server=listener.serve, rulebook=with_sockets(), upstream_timeout=0.3) as on:
            caller = await call(on)
            assert await caller.message() == (1001, "")
            assert on.codes == ["upstream.slow"]

    asyncio.run(play())


@pytest.mark.parametrize(
    "half",
    [frame(1, b'{"count"', fin=False), frame(1, b'{"count": 4}')[:-3], b"\x81"],
    ids=["unfinished", "cut", "one byte"],
)
def test_a_caller_gone_in_the_middle_of_a_message_is_recorded(half: bytes) -> None:
    """Half a message is a Partial transfer: recorded, never forwarded; the other side hears a goodbye."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.raw(half)
            await caller.writer.drain()
            await asyncio.sleep(0.05)
            caller.close()
            await recorded(on, "wire.client_gone")
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert on.house.refused[0][1].state is State.PARTIAL
            assert listener.messages == []

    asyncio.run(play())


def test_a_server_gone_in_the_middle_of_a_message_is_recorded() -> None:
    """The client hears a goodbye and none of the half; the record says that the upstream broke off."""

    async def talk(listener: Listener, event: Event) -> None:
        if isinstance(event, Request):
            listener.writer.write(frame(1, b'{"hkid"', fin=False, mask=False))
            await listener.writer.drain()
            await asyncio.sleep(0.05)
            listener.writer.transport.abort()

    async def play() -> None:
        listener = Listener(talk)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            assert await caller.message() == (1001, "")
            assert await caller.message() is None
            assert on.codes == ["upstream.broken"]

    asyncio.run(play())


def test_a_peer_that_does_not_answer_a_close_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a refusal both connections end in bounded time, whatever is still sent."""
    monkeypatch.setattr("gateway.intake.proxy_websocket.LINGER", 0.2)

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.say('{"hkid": "A123456(3)"}')
            assert isinstance(await caller.next(), CloseConnection)
            caller.say(FIGURES)  # and no close
            async with asyncio.timeout(2):
                assert await caller.reader.read() == b""
            assert listener.messages == []

    asyncio.run(play())


def test_a_flood_waits_with_its_sender() -> None:
    """While the house judges, little is read: what is not read yet costs the gateway no memory."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            gate = asyncio.Event()
            append = on.ledger.append

            async def slowly(*args: object) -> object:
                await gate.wait()
                return await append(*args)  # type: ignore[arg-type]

            caller = await call(on)
            on.ledger.append = slowly  # type: ignore[method-assign]
            caller.say(FIGURES)
            await asyncio.sleep(0.05)
            sent = 0
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    while sent < 64_000_000:
                        caller.raw(frame(9, b"x" * 125) * 1000)
                        sent += 131_000
                        await caller.writer.drain()
            assert sent < 16_000_000  # what fits into the sockets and buffers on the way
            gate.set()
            assert await listener.heard(1) == [FIGURES]

    asyncio.run(play())


UPGRADES = {
    "h2c": (b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
    "TLS": (b"Upgrade: TLS/1.3\r\nConnection: Upgrade\r\n"),
    "websocket and h2c": (b"Upgrade: websocket, h2c\r\nConnection: Upgrade\r\n"),
    "an old draft": (b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"),
}


@pytest.mark.parametrize("fields", UPGRADES.values(), ids=UPGRADES.keys())
def test_every_other_upgrade_is_refused(fields: bytes) -> None:
    """Only an exact handshake of WebSocket is more than an oddity of the wire, even where an entry would allow one."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            raw = hello(FEED).split(b"Upgrade: websocket")[0] + fields + b"Sec-WebSocket-Key: %s\r\n\r\n" % KEY
            reply = await on.ask(raw)
            assert reply.status == 451
            assert on.house.carried[0].notices == ("wire.upgrade",)
            assert listener.connections == 0

    asyncio.run(play())


def test_bytes_of_another_request_are_no_frames() -> None:
    """A plain request behind the handshake is read as frames, which it is not: refused, nothing forwarded."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller: Caller = await call(on, raw=hello() + post())
            assert caller.status == 101
            assert (await caller.message())[0] == 1002  # type: ignore[index]
            assert on.codes == ["wire.malformed"]
            assert len(listener.requests) == 1
            assert b"POST" not in listener.received

    asyncio.run(play())

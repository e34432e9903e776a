"""Where a message ends: answers that have no body, answers that end with their connection, and stops of the gateway."""

import asyncio
from dataclasses import replace

import pytest

from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Leg, State
from tests.given import shipped
from tests.intake.sockets import Listener, call, with_sockets
from tests.intake.stage import HOST, OK, TOKEN, URL, Reply, Stage, Upstream, post, read_reply, stage


def readable() -> Rulebook:
    """The shipped rules, where figures may be asked for as well."""
    book = shipped()
    name = "zhuhai-macao-statistics"
    entry = book.entries[name]
    methods = frozenset({"GET", "HEAD", "POST"})
    entry = replace(entry, endpoints=tuple(replace(each, methods=methods) for each in entry.endpoints))
    return replace(book, entries={**book.entries, name: entry})


def ask_for(method: bytes, extra: bytes = b"") -> bytes:
    """A request without a body."""
    return b"%s %s HTTP/1.1\r\nHost: %s:443\r\n%s%s\r\n" % (method, URL, HOST.encode(), TOKEN, extra)


async def twice(on: Stage, first: bytes) -> Reply:
    """Send ``first``, then another request on the same connection, which must be answered as well."""
    reader, writer = await on.open()
    writer.write(first)
    reply = await read_reply(reader, head_only=True)
    writer.write(post())
    assert b"HTTP/1.1 200 OK" in (await read_reply(reader)).head
    return reply


BODILESS = {
    "HEAD": (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4711\r\n\r\n", 200),
    "204": (b"GET", b"HTTP/1.1 204 No Content\r\n\r\n", 204),
    "204 to a POST": (b"", b"HTTP/1.1 204 No Content\r\nX-Note: none\r\n\r\n", 204),
    "304": (b"GET", b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 4711\r\n\r\n', 304),
}


@pytest.mark.parametrize(("method", "answer", "status"), BODILESS.values(), ids=BODILESS.keys())
def test_an_answer_without_a_body_is_permitted_as_such(method: bytes, answer: bytes, status: int) -> None:
    """HEAD, 204 and 304: judged with an empty body, passed on with the length they tell, and the connection lives."""

    async def reply(on: Upstream, writer: asyncio.StreamWriter) -> None:
        writer.write(answer if len(on.requests) == 1 else OK)

    async def play() -> None:
        async with stage(Upstream(reply), rulebook=readable()) as on:
            told = await twice(on, ask_for(method) if method else post())
            assert told.status == status
            assert told.header("Content-Length") == ("4711" if b"4711" in answer else "")
            assert told.header("X-Kouan-Ledger") == "0/1"
            assert on.house.carried[1].body == b""
            assert on.house.carried[1].state is State.COMPLETE
            assert on.upstream.connections == 1

    asyncio.run(play())


def test_bytes_behind_an_answer_that_has_no_body_reach_nobody() -> None:
    """A 204 with a body is a lie: what follows the head is nobody's answer, and is not taken for the next one."""
    late = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlate!"

    async def reply(on: Upstream, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n" + late if len(on.requests) == 1 else OK)

    async def play() -> None:
        async with stage(Upstream(reply), rulebook=readable()) as on:
            reader, writer = await on.open()
            writer.write(ask_for(b"GET"))
            assert (await read_reply(reader, head_only=True)).status == 204
            writer.write(post())
            assert b"late!" not in (await read_reply(reader)).body

    asyncio.run(play())


UNSIZED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


def test_an_answer_that_ends_with_its_connection_is_whole_where_the_end_is_announced() -> None:
    """Without TLS an end of TCP is all the announcement there is; with TLS it is close_notify."""

    async def reply(_: Upstream, writer: asyncio.StreamWriter) -> None:
        writer.write(UNSIZED + b"{}")
        await writer.drain()
        writer.close()

    async def play() -> None:
        for tls in (False, True):
            async with stage(Upstream(reply), tls=tls) as on:
                raw = post(target=URL.replace(b"http:", b"https:") if tls else URL)
                answer = await on.ask(raw)
                assert (answer.status, answer.body) == (200, b"{}")
                assert on.house.carried[1].state is State.COMPLETE

    asyncio.run(play())


@pytest.mark.parametrize("tls", [False, True], ids=["reset of TCP", "TLS without close_notify"])
def test_an_answer_that_was_cut_off_is_partial(tls: bool) -> None:
    """Anybody on the way can end a connection: what was not announced as the end is half an answer."""

    async def reply(_: Upstream, writer: asyncio.StreamWriter) -> None:
        writer.write(UNSIZED + b"{}")
        await writer.drain()
        await asyncio.sleep(0.1)
        if tls:
            below = writer.transport.get_extra_info("ssl_object")
            assert below is not None
            writer.transport._ssl_protocol._transport.close()  # type: ignore[attr-defined]  # TCP, and not TLS
        else:
            import socket
            import struct

            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def play() -> None:
        async with stage(Upstream(reply), tls=tls) as on:
            answer = await on.ask(post(target=URL.replace(b"http:", b"https:") if tls else URL))
            assert answer.status == 502
            code, transfer = on.house.refused[0]
            assert (code, transfer.leg, transfer.state) == ("upstream.broken", Leg.RESPONSE, State.PARTIAL)

    asyncio.run(play())


def test_a_stop_waits_for_nobody_who_has_left() -> None:
    """A tunnel that is open, or was, is no exchange: with no client left, or nothing in flight, the stop is at once."""

    async def play() -> None:
        for leaves in (True, False):
            async with stage(tls=True) as on:
                reader, writer = await on.tunnel()
                writer.write(post(target=b"/v1/statistics", extra=b"", host=HOST))
                assert (await read_reply(reader)).status == 200
                if leaves:
                    writer.transport.abort()
                async with asyncio.timeout(3):
                    await on.gateway.drain(20.0)

    asyncio.run(play())


def test_a_stop_does_not_wait_for_an_answer_that_nobody_awaits() -> None:
    """The client left in the middle of an exchange: its upstream, silent for ever, holds up nothing."""

    async def silent(_: Upstream, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0)

    async def play() -> None:
        async with stage(Upstream(silent)) as on:
            _, writer = await on.open()
            writer.write(post())
            async with asyncio.timeout(5):
                while not on.upstream.requests:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            draining = asyncio.ensure_future(on.gateway.drain(20.0))
            await asyncio.sleep(0.05)
            assert not draining.done()
            writer.transport.abort()
            await asyncio.wait_for(draining, 3)

    asyncio.run(play())


def test_a_stop_waits_for_the_record_of_somebody_who_has_left() -> None:
    """What is being recorded when the stop comes is recorded, though nobody awaits an answer."""

    async def play() -> None:
        async with stage() as on:
            append = on.ledger.append

            async def slowly(*args: object) -> object:
                await asyncio.sleep(0.4)
                return await append(*args)  # type: ignore[arg-type]

            on.ledger.append = slowly  # type: ignore[method-assign]
            _, writer = await on.open()
            writer.write(post())
            async with asyncio.timeout(5):
                while not on.house.carried:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            writer.transport.abort()
            async with asyncio.timeout(3):
                await on.gateway.drain(20.0)
            assert len(on.ledger.entries) >= 1

    asyncio.run(play())


def test_a_stop_does_not_wait_for_what_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange that fell apart lets go of its connection, and holds up no stop."""

    async def play() -> None:
        async with stage() as on:
            monkeypatch.setattr("gateway.intake.proxy_exchange.Exchange._forward", lambda _: 1 / 0)
            kept = on.gateway.bounds.in_flight
            monkeypatch.setattr(kept, "discard", lambda _: None)
            assert (await on.ask(post())).status == 0
            assert len(kept) == 1
            async with asyncio.timeout(3):
                await on.gateway.drain(20.0)

    asyncio.run(play())


def test_a_stop_says_goodbye_to_sockets() -> None:
    """A WebSocket on which nothing is being judged holds up no stop; both of its ends are told."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.say('{"count": 4}')
            await listener.heard(1)
            async with asyncio.timeout(3):
                await on.gateway.drain(20.0)
            assert await caller.message() == (1001, "")
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert listener.closes == [(1001, "")]

    asyncio.run(play())

"""Messages that are too large, too slow, or not all there; sides that break off."""

import asyncio
import json

import pytest

from gateway.vocabulary import Leg, State
from tests.intake.stage import HEAD, HOST, OK, URL, Upstream, post, read_reply, stage


@pytest.mark.parametrize("sized", [True, False], ids=["Content-Length", "chunked"])
def test_a_body_beyond_the_limit_gets_413(sized: bool) -> None:
    """An oversize body is refused by name of the limit, at once where its length is told, and recorded."""

    async def play() -> None:
        async with stage(max_body=1000) as on:
            body = b"x" * 1001
            raw = post(body)[:-1001] if sized else HEAD + b"Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + body + b"\r\n"
            reply = await on.ask(raw)
            problem = json.loads(reply.body)
            assert (reply.status, problem["limit"]) == (413, 1000)
            assert "1000" in problem["detail"]
            assert on.codes == ["wire.body_too_large"]
            assert on.upstream.connections == 0

    asyncio.run(play())


@pytest.mark.parametrize("size", [5_000, 200_000])
def test_a_header_beyond_the_limit_gets_431(size: int) -> None:
    """A header section beyond the limit is refused and recorded, be it a little or far too large."""

    async def play() -> None:
        async with stage(max_header=4096) as on:
            reader, writer = await on.open()
            writer.write(HEAD + b"X-Long: " + b"a" * size + b"\r\n\r\n")
            reply = await read_reply(reader)
            assert (reply.status, json.loads(reply.body)["limit"]) == (431, 4096)
            assert on.codes == ["wire.header_too_large"]
            writer.close()

    asyncio.run(play())


@pytest.mark.parametrize(
    "raw", [post()[:-1], HEAD, HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"], ids=["body", "head", "chunk"]
)
def test_a_slow_request_gets_408(raw: bytes) -> None:
    """What has not arrived in full within the time allowed is refused and recorded; the connection is closed."""

    async def play() -> None:
        async with stage(body_timeout=0.2) as on:
            reader, writer = await on.open()
            writer.write(raw)
            reply = await read_reply(reader)
            assert reply.status == 408
            assert await reader.read() == b""
            writer.close()
            assert on.codes == ["wire.slow"]
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_a_client_gone_mid_body_is_recorded_and_not_forwarded() -> None:
    """Half a body is a Partial transfer: refused, recorded, never forwarded."""

    async def play() -> None:
        async with stage() as on:
            _, writer = await on.open()
            writer.write(post()[:-5])
            await writer.drain()
            writer.close()
            async with asyncio.timeout(5):
                while not on.house.refused:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            code, transfer = on.house.refused[0]
            assert (code, transfer.state) == ("wire.client_gone", State.PARTIAL)
            assert len(on.ledger.entries) == 1
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_a_client_gone_while_the_house_thinks_is_not_forwarded() -> None:
    """Whoever left before the permit gets nothing forwarded in his name."""

    async def play() -> None:
        async with stage() as on:
            gate = asyncio.Event()
            append = on.ledger.append

            async def slowly(*args: object) -> object:
                await gate.wait()
                return await append(*args)  # type: ignore[arg-type]

            on.ledger.append = slowly  # type: ignore[method-assign]
            _, writer = await on.open()
            writer.write(post())
            await asyncio.sleep(0.1)
            writer.close()
            await asyncio.sleep(0.1)
            gate.set()
            await asyncio.sleep(0.1)
            assert on.upstream.connections == 0
            assert on.codes == ["wire.client_left"]

    asyncio.run(play())


@pytest.mark.parametrize("reached", [False, True], ids=["never reached", "reached after all"])
def test_a_client_that_leaves_while_the_upstream_is_called_is_recorded_as_such(
    reached: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was permitted, but the client left before it went on: nothing is forwarded, and the record says just that."""

    async def play() -> None:
        async with stage() as on:
            gate, connect = asyncio.Event(), asyncio.open_connection

            async def slowly(host: str, port: int) -> object:
                if port == on.upstream.port:
                    try:
                        await gate.wait()
                    except asyncio.CancelledError:
                        if not reached:
                            raise
                return await connect(host, port)

            monkeypatch.setattr(asyncio, "open_connection", slowly)
            _, writer = await on.open()
            writer.write(post())
            async with asyncio.timeout(5):
                while not on.ledger.entries:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.05)
                writer.transport.abort()
                while not on.codes:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            assert on.codes == ["wire.client_left"]
            assert on.house.refused[0][1].about == on.house.carried[0].id
            assert on.upstream.received == b""

    asyncio.run(play())


BROKEN = {
    "gone before the answer": b"",
    "gone mid-head": b"HTTP/1.1 200 O",
    "gone mid-body": b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}",
    "gone mid-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
    "no HTTP": b"220 mail.example ESMTP\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "folded": b"HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
def test_an_upstream_that_breaks_off_gets_502_to_the_client(raw: bytes) -> None:
    """Half an answer is a Partial transfer: the client gets 502 and none of it, with a record; one forward was made."""

    async def reply(_: Upstream, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    async def play() -> None:
        async with stage(Upstream(reply)) as on:
            answer = await on.ask(post())
            assert answer.status == 502
            assert answer.header("Content-Type") == "application/problem+json"
            code, transfer = on.house.refused[0]
            assert (code, transfer.leg, transfer.state) == ("upstream.broken", Leg.RESPONSE, State.PARTIAL)
            assert len(on.ledger.entries) == 2
            assert (on.upstream.connections, len(on.upstream.requests)) == (1, 1)

    asyncio.run(play())


def test_an_upstream_that_is_silent_gets_504_to_the_client() -> None:
    """An answer that does not come in time is refused and recorded."""

    async def reply(_: Upstream, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0)

    async def play() -> None:
        async with stage(Upstream(reply), upstream_timeout=0.2) as on:
            assert (await on.ask(post())).status == 504
            assert on.codes == ["upstream.slow"]

    asyncio.run(play())


def test_a_stale_connection_is_not_retried_behind_the_ledgers_back() -> None:
    """The upstream closes a kept connection as the second request arrives: one attempt, 502, and one record of it."""

    async def reply(on: Upstream, writer: asyncio.StreamWriter) -> None:
        if len(on.requests) == 1:
            writer.write(OK)
        else:
            writer.transport.abort()

    async def play() -> None:
        async with stage(Upstream(reply)) as on:
            reader, writer = await on.open()
            writer.write(post())
            assert (await read_reply(reader)).status == 200
            writer.write(post())
            assert (await read_reply(reader)).status == 502
            assert len(on.upstream.requests) == 2
            assert len([item for item in on.house.carried if item.leg is Leg.REQUEST]) == 2
            writer.write(post())
            assert (await read_reply(reader)).status == 502
            writer.close()
            assert on.upstream.connections == 2

    asyncio.run(play())


def test_an_answer_beyond_the_limit_is_refused() -> None:
    """A body that is too large to judge does not come back either."""
    big = b"x" * 2000
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + big + b"\r\n0\r\n\r\n"

    async def play() -> None:
        for answer in (b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + big, chunked):
            async with stage(Upstream(answer), max_body=1000) as on:
                reply = await on.ask(post())
                assert reply.status == 502
                assert json.loads(reply.body)["limit"] == 1000
                assert on.codes == ["wire.body_too_large"]

    asyncio.run(play())


def test_an_unasked_range_is_partial() -> None:
    """206 is a part of something, so it cannot be permitted."""

    async def play() -> None:
        async with stage(Upstream(OK.replace(b"200 OK", b"206 Partial Content"))) as on:
            assert (await on.ask(post())).status == 451
            assert on.house.carried[1].state is State.PARTIAL

    asyncio.run(play())


def test_a_head_request_keeps_the_length_it_asked_for() -> None:
    """HEAD is answered with fields and no body, and the refusal of a HEAD has no body either."""

    async def play() -> None:
        async with stage() as on:
            reader, writer = await on.open()
            writer.write(b"HEAD %s HTTP/1.1\r\nHost: %s:443\r\n\r\n" % (URL, HOST.encode()))
            reply = await read_reply(reader, head_only=True)
            assert reply.status == 403
            writer.write(b"HEAD %s HTTP/1.1\r\nHost: %s:443\r\n\r\n" % (URL, HOST.encode()))
            assert (await read_reply(reader, head_only=True)).status == 403
            writer.close()

    asyncio.run(play())

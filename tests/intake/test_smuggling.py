"""Messages that two readers could read in two ways, and what of a message ends at the gateway."""

import asyncio

import pytest

from tests.intake.stage import ANSWER, FIGURES, HEAD, HOST, OK, TOKEN, Upstream, post, read_reply, stage

SMUGGLED = b"GET /v1/secret HTTP/1.1\r\nHost: counter.macao.example\r\n\r\n"

SHAPES = {
    "CL.TE": HEAD + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG" + SMUGGLED,
    "TE.CL": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n" + SMUGGLED + b"0\r\n\r\n",
    "TE.TE": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "TE obscured": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "TE gzip, chunked": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "CL twice": HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + SMUGGLED,
    "CL twice alike": HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "CL list": HEAD + b"Content-Length: 5, 5\r\n\r\nhello",
    "CL signed": HEAD + b"Content-Length: +5\r\n\r\nhello",
    "CL negative": HEAD + b"Content-Length: -5\r\n\r\nhello",
    "CL huge": HEAD + b"Content-Length: 99999999999999999999999\r\n\r\nhello",
    "obs-fold": HEAD + b"X-Note: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    "obs-fold hides TE": HEAD + b"X-Note: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
    "blank before colon": HEAD + b"Content-Length : 5\r\n\r\nhello",
    "bare LF": HEAD.replace(b"\r\n", b"\n") + b"Content-Length: 0\n\n",
    "one bare LF": HEAD + b"X-Note: a\nContent-Length: 5\r\n\r\nhello",
    "bare CR": HEAD + b"X-Note: a\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
    "NUL": HEAD + b"X-Note: a\x00b\r\nContent-Length: 0\r\n\r\n",
    "two hosts": HEAD + b"Host: elsewhere.example\r\nContent-Length: 0\r\n\r\n",
    "blank in target": b"GET /a b HTTP/1.1\r\nHost: counter.macao.example\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "no host at all": b"GET / HTTP/1.1\r\n\r\n",
    "TLS record, cut": b"\x16\x03\x09\x00\x05hello",
    "bad chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "chunk longer than told": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
    "body on CONNECT": b"CONNECT %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 3\r\n\r\nabc"
    % ((HOST.encode() + b":443",) * 2),
}


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES.keys())
def test_ambiguous_messages_are_refused_whole(raw: bytes) -> None:
    """What could be read in two ways gets 400, is recorded, and not a byte of it reaches the upstream."""

    async def play() -> None:
        async with stage() as on:
            reply = await on.ask(raw)
            assert reply.status == 400
            assert on.codes == ["wire.malformed"]
            assert len(on.ledger.entries) == 1
            assert (on.upstream.connections, on.upstream.received) == (0, b"")

    asyncio.run(play())


def test_a_second_request_behind_the_first_is_judged_by_itself() -> None:
    """Pipelined bytes are a request of their own, never a part of the one before."""

    async def play() -> None:
        async with stage() as on:
            reader, writer = await on.open()
            writer.write(post() + SMUGGLED.replace(b"/v1/secret", b"http://counter.macao.example:443/v1/secret"))
            assert (await read_reply(reader)).status == 200
            assert (await read_reply(reader)).status >= 400
            writer.close()
            assert len(on.upstream.requests) == 1

    asyncio.run(play())


def test_trailers_are_seen_and_refused() -> None:
    """Fields after a chunked body are part of the transfer, with a notice, and policy refuses them."""

    async def play() -> None:
        raw = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\nX-Late: A123456(3)\r\n\r\n" % (
            len(FIGURES),
            FIGURES,
        )
        async with stage() as on:
            reply = await on.ask(raw)
            assert reply.status == 451
            sent = on.house.carried[0]
            assert [(name.lower(), value) for name, value in sent.envelope.trailers] == [(b"x-late", b"A123456(3)")]
            assert sent.notices == ("wire.trailers",)
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_a_chunked_body_travels_with_its_length() -> None:
    """A chunked request is judged whole and forwarded with Content-Length."""

    async def play() -> None:
        raw = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(FIGURES), FIGURES)
        async with stage() as on:
            assert (await on.ask(raw)).status == 200
            assert b"Content-Length: %d" % len(FIGURES) in on.upstream.requests[0]
            assert b"chunked" not in on.upstream.received

    asyncio.run(play())


def test_trailers_of_an_answer_are_refused() -> None:
    """An answer with trailers does not reach the client."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = head + b"2\r\n{}\r\n0\r\nX-Late: 1\r\n\r\n"

    async def play() -> None:
        async with stage(Upstream(answer)) as on:
            assert (await on.ask(post())).status == 451
            assert on.house.carried[1].notices == ("wire.trailers",)

    asyncio.run(play())


def test_an_upgrade_is_seen_and_refused() -> None:
    """A WebSocket handshake is refused with a record, and 101 has no way through."""

    async def play() -> None:
        extra = TOKEN + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        async with stage() as on:
            reply = await on.ask(post(extra=extra))
            assert reply.status == 451
            assert on.house.carried[0].notices == ("wire.upgrade",)
            assert on.upstream.connections == 0
        async with stage(Upstream(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nraw")) as on:
            assert (await on.ask(post())).status == 502
            assert on.codes == ["upstream.broken"]

    asyncio.run(play())


@pytest.mark.parametrize("host", ["elsewhere.example:443", "counter.macao.example", "counter.macao.example:8443"])
def test_a_host_that_is_not_the_target_is_refused(host: str) -> None:
    """Host and request target must name one place."""

    async def play() -> None:
        async with stage() as on:
            assert (await on.ask(post(host=host))).status == 451
            assert on.house.carried[0].notices == ("wire.authority_mismatch",)
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_expect_100_continue_is_answered_by_the_gateway() -> None:
    """The client that waits for 100 gets it and sends on; the upstream never sees Expect."""

    async def play() -> None:
        async with stage() as on:
            reader, writer = await on.open()
            raw = post(extra=TOKEN + b"Expect: 100-continue\r\n")
            writer.write(raw[: -len(FIGURES)])
            assert b" 100 " in await reader.readuntil(b"\r\n\r\n")
            writer.write(FIGURES)
            assert (await read_reply(reader)).status == 200
            writer.close()
            assert b"100-continue" not in on.upstream.received

    asyncio.run(play())


def test_informational_answers_are_not_taken_for_the_answer() -> None:
    """100 and 103 from the upstream end at the gateway; the answer that counts is judged."""
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

    async def play() -> None:
        async with stage(Upstream(early + OK)) as on:
            reply = await on.ask(post())
            assert (reply.status, reply.body) == (200, ANSWER)

    asyncio.run(play())


def test_credentials_and_traces_end_here() -> None:
    """Tokens, hop-by-hop fields and the sender's addresses do not travel on; other fields do."""

    async def play() -> None:
        extra = (
            TOKEN + b"Proxy-Authorization: Bearer demo-zhuhai\r\nX-Forwarded-For: 10.1.2.3\r\nVia: 1.1 inner\r\n"
            b"Forwarded: for=1\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\n"
            b"Range: bytes=0-1\r\nX-Kouan-Ledger: 9\r\nAccept: application/json\r\n"
        )
        async with stage() as on:
            assert (await on.ask(post(extra=extra))).status == 200
            names = {
                line.split(b":")[0].lower() for line in on.upstream.requests[0].split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
            }
            assert names == {b"host", b"content-type", b"content-length", b"accept"}
            assert {name.lower() for name, _ in on.house.carried[0].envelope.headers} <= names

    asyncio.run(play())


def test_an_answer_cannot_speak_for_the_gateway() -> None:
    """Fields of the gateway's own name, hop-by-hop fields and Alt-Svc of an answer are dropped."""
    answer = OK.replace(
        b"\r\n\r\n", b'\r\nX-Kouan-Ledger: 9/9\r\nAlt-Svc: h3=":443"\r\nKeep-Alive: 5\r\nX-Kept: 1\r\n\r\n', 1
    )

    async def play() -> None:
        async with stage(Upstream(answer)) as on:
            reply = await on.ask(post())
            assert reply.header("X-Kouan-Ledger") == "0/1"
            assert (reply.header("Alt-Svc"), reply.header("Keep-Alive"), reply.header("X-Kept")) == ("", "", "1")

    asyncio.run(play())

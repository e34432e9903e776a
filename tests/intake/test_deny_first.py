"""Deny-first, both ways: what was measured about mitmproxy (M1 to M8), with a real one on loopback."""

import asyncio
import json

import pytest

from gateway.vocabulary import Decision, Leg, Outcome, Receipt, Transfer, Verdict
from tests.given import APPLICATION, Memory, shipped, without_entries
from tests.intake.stage import ANSWER, FIGURES, HOST, OK, URL, Stage, Upstream, post, stage


def leg(transfer: Transfer, which: Leg) -> None:
    """Break the corridor on one leg."""
    if transfer.leg is which:
        raise RuntimeError("a room is on fire")


def test_a_permitted_request_travels_and_comes_back() -> None:
    """What a whitelist entry covers reaches the upstream unchanged, and its answer the client, with both receipts."""

    async def play() -> None:
        async with stage() as on:
            reply = await on.ask(post())
            assert (reply.status, reply.body) == (200, ANSWER)
            assert reply.header("X-Kouan-Ledger") == "0/1"
            assert [item.leg for item in on.house.carried] == [Leg.REQUEST, Leg.RESPONSE]
            assert reply.header("X-Kouan-Transfer") == on.house.carried[1].id
            assert on.house.carried[1].about == on.house.carried[0].id
            assert len(on.upstream.requests) == 1
            assert on.upstream.requests[0].endswith(b"\r\n\r\n" + FIGURES)

    asyncio.run(play())


def test_m1_m2_an_exception_in_the_request_hook_forwards_nothing() -> None:
    """M1, M2: the house raises on the request; the client gets a refusal, the upstream sees nothing at all."""

    async def play() -> None:
        async with stage() as on:
            on.house.before = lambda item: leg(item, Leg.REQUEST)
            reply = await on.ask(post())
            assert reply.status == 503
            assert reply.header("Content-Type") == "application/problem+json"
            assert (on.upstream.connections, on.upstream.received) == (0, b"")

    asyncio.run(play())


@pytest.mark.parametrize("broken", ["request", "response", "error", "http_connect"])
def test_m1_a_hook_that_is_broken_altogether_refuses(broken: str) -> None:
    """M1: even where a method of the door cannot be called, the refusal that was there before it stays."""

    async def play() -> None:
        async with stage() as on:
            hooks = dict(on.gateway.hooks)
            hooks[broken] = lambda _flow: 1 / 0
            on.gateway.hooks = hooks
            raw = {
                "error": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                "http_connect": b"CONNECT %s:443 HTTP/1.1\r\nHost: %s:443\r\n\r\n" % (HOST.encode(), HOST.encode()),
            }.get(broken, post())
            reply = await on.ask(raw)
            assert reply.status == 503
            assert len(on.upstream.requests) == (1 if broken == "response" else 0)

    asyncio.run(play())


def test_m3_the_permit_takes_the_refusal_away_once() -> None:
    """M3: two requests on one connection are two judgements, two records, two forwards."""

    async def play() -> None:
        async with stage() as on:
            reader, writer = await on.open()
            for _ in range(2):
                writer.write(post())
                head = await reader.readuntil(b"\r\n\r\n")
                assert b" 200 " in head
                assert await reader.readexactly(len(ANSWER)) == ANSWER
            writer.close()
            assert len(on.upstream.requests) == 2
            assert len(on.ledger.entries) == 4
            assert on.upstream.connections == 1

    asyncio.run(play())


def test_m4_no_byte_of_a_large_body_leaves_before_the_judgement() -> None:
    """M4: bodies are not streamed: half of a large body has arrived, and the upstream has not even been called."""

    async def play() -> None:
        async with stage(max_body=4_000_000) as on:
            body = json.dumps({"rows": "x" * 2_000_000}).encode()
            reader, writer = await on.open()
            raw = post(body)
            writer.write(raw[: len(raw) // 2])
            await writer.drain()
            await asyncio.sleep(0.1)
            assert on.upstream.connections == 0
            on.house.before = lambda _: 1 / 0
            writer.write(raw[len(raw) // 2 :])
            assert b" 503 " in await reader.readuntil(b"\r\n\r\n")
            assert on.upstream.connections == 0
            writer.close()

    asyncio.run(play())


def test_m5_raw_bytes_after_connect_are_delivered_nowhere() -> None:
    """M5: a tunnel to a listed host carries HTTP or nothing; raw bytes are refused and recorded."""

    async def play() -> None:
        async with stage() as on:
            reader, writer = await on.open()
            writer.write(b"CONNECT counter.macao.example:443 HTTP/1.1\r\nHost: counter.macao.example:443\r\n\r\n")
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            writer.write(b"SSH-2.0-OpenSSH_9.7\r\n\x00\x01\x02 440105199003071016\r\n")
            assert b" 400 " in await reader.readuntil(b"\r\n\r\n")
            writer.close()
            assert on.codes == ["wire.malformed"]
            assert (on.upstream.connections, on.upstream.received) == (0, b"")

    asyncio.run(play())


def test_m6_a_refused_request_opens_no_connection() -> None:
    """M6: the upstream is called only after a permit."""

    async def play() -> None:
        async with stage() as on:
            reply = await on.ask(post(extra=b""))
            assert reply.status == 403
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_m7_an_exception_in_the_response_hook_releases_nothing() -> None:
    """M7: the house raises on the answer; the client gets a refusal and not a byte of the answer."""

    async def play() -> None:
        async with stage() as on:
            on.house.before = lambda item: leg(item, Leg.RESPONSE)
            reply = await on.ask(post())
            assert reply.status == 503
            assert ANSWER not in reply.body
            assert len(on.upstream.requests) == 1

    asyncio.run(play())


def test_m8_a_compressed_body_is_never_inflated_by_the_host() -> None:
    """M8: the transfer and the upstream get the bytes as sent; only the corridor inflates, within its bounds."""

    async def play() -> None:
        import gzip

        body = gzip.compress(FIGURES)
        async with stage() as on:
            reply = await on.ask(post(body, extra=b"X-Kouan-Token: demo-zhuhai\r\nContent-Encoding: gzip\r\n"))
            assert reply.status == 200
            assert on.house.carried[0].body == body
            assert on.upstream.requests[0].endswith(body)

    asyncio.run(play())


def outcome(verdict: Verdict, body: bytes | None, receipt: Receipt | None) -> Outcome:
    """An outcome of a house that has lost its mind."""
    return Outcome(Decision(verdict=verdict), None, body, receipt)


@pytest.mark.parametrize(
    "odd",
    [
        outcome(Verdict.PERMIT, b"{}", None),
        outcome(Verdict.PERMIT, None, Receipt(1, bytes(32))),
        outcome(Verdict.HOLD, b"{}", Receipt(1, bytes(32))),
        outcome(Verdict.DENY, b"{}", Receipt(1, bytes(32))),
    ],
    ids=["no receipt", "no body", "hold", "deny"],
)
def test_nothing_but_a_whole_permit_opens(odd: Outcome) -> None:
    """A permit without receipt or without body, a hold and a denial forward nothing, whatever else they hold."""

    async def play() -> None:
        async with stage() as on:
            on.house.instead = lambda _: odd
            assert (await on.ask(post())).status >= 400
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_a_ledger_that_cannot_write_stops_the_traffic() -> None:
    """With a closed ledger the sender gets 503 and the upstream nothing (law 2)."""

    async def play() -> None:
        async with stage(ledger=Memory(closed=True)) as on:
            reply = await on.ask(post())
            assert reply.status == 503
            assert json.loads(reply.body)["type"] == "urn:kouan:problem:ledger"
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_an_answer_that_may_not_leave_is_replaced() -> None:
    """Personal information in the answer, which no entry lets back: the client gets a refusal in its place."""

    async def play() -> None:
        secret = b'{"hkid": "A123456(3)"}'
        reply = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(secret)
        async with stage(Upstream(reply + secret)) as on:
            answer = await on.ask(post())
            assert answer.status == 451
            assert b"A123456" not in answer.body
            assert json.loads(answer.body)["leg"] == "response"
            assert len(on.ledger.entries) == 2

    asyncio.run(play())


def test_a_masked_body_is_what_the_upstream_gets() -> None:
    """The entry masks the phone: the upstream gets the masked body, its length, and no digest of the other one."""

    async def play() -> None:
        body = json.dumps(APPLICATION, ensure_ascii=False).encode()
        extra = b"X-Kouan-Token: demo-zhuhai\r\nContent-MD5: abc\r\nETag: x\r\nDigest: y\r\n"
        async with stage() as on:
            raw = post(body, target=URL.replace(b"statistics", b"applications"), extra=extra)
            assert (await on.ask(raw)).status == 200
            head, _, sent = on.upstream.requests[0].partition(b"\r\n\r\n")
            assert b"66123456" not in sent
            assert json.loads(sent)["applicant"]["name"] == "陳大文"
            assert b"Content-Length: %d" % len(sent) in head
            assert not {b"content-md5", b"etag", b"digest"} & {
                line.split(b":")[0].lower() for line in head.split(b"\r\n")
            }

    asyncio.run(play())


def test_each_forward_has_its_own_record() -> None:
    """Law 2 seen from the upstream: at the moment a request arrives there, its entry stands in the ledger."""
    seen: list[int] = []

    async def play() -> None:
        holder: list[Stage] = []

        async def reply(_: Upstream, writer: asyncio.StreamWriter) -> None:
            seen.append(len(holder[0].ledger.entries))
            writer.write(OK)

        async with stage(Upstream(reply)) as on:
            holder.append(on)
            await on.ask(post())

    asyncio.run(play())
    assert seen == [1]


def test_a_host_that_was_struck_out_is_refused() -> None:
    """Without its entries a host is unlisted, and even a name that would resolve is not looked up."""

    async def play() -> None:
        book = without_entries(shipped(), *shipped().entries)
        async with stage(rulebook=book) as on:
            assert (await on.ask(post())).status == 451
            assert on.gateway.destinations.pinned("counter.macao.example", 443) is None

    asyncio.run(play())

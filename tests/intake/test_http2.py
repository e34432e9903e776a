"""HTTP/2 clients and upstreams are held to what HTTP/1 is held to."""

import asyncio
import json

import h2.config
import h2.connection
import h2.events
import h2.settings
import httpx
import pytest

from tests.intake.sockets import FEED, with_sockets
from tests.intake.stage import ANSWER, FIGURES, HOST, Stage, stage


@pytest.mark.parametrize("alpn", ["", "h2"], ids=["upstream HTTP/1.1", "upstream HTTP/2"])
def test_http2_is_judged_like_http1(alpn: str) -> None:
    """Streams of an HTTP/2 client are exchanges of their own, towards upstreams of either version."""

    async def play() -> None:
        upstream = Http2Upstream()
        async with (
            stage(tls=True, alpn=alpn, server=upstream.serve if alpn else None) as on,
            http2_sender(on) as client,
        ):
            kind = {"Content-Type": "application/json"}
            url = f"https://{HOST}/v1/statistics"
            replies = await asyncio.gather(*(client.post(url, content=FIGURES, headers=kind) for _ in range(4)))
            assert [(reply.status_code, reply.http_version) for reply in replies] == [(200, "HTTP/2")] * 4
            assert replies[0].content == ANSWER
            refused = await client.post(f"https://{HOST}/v1/elsewhere", content=FIGURES, headers=kind)
            assert refused.status_code == 451
            assert json.loads(refused.content)["rules"]
            arrived = upstream.requests if alpn else on.upstream.requests
            assert len(arrived) == 4
            assert len(on.ledger.entries) == 9

    asyncio.run(play())


def http2_sender(on: Stage) -> httpx.AsyncClient:
    """httpx, which would rather speak HTTP/1.1 where it may."""
    context = on.trust("h2")
    context.set_alpn_protocols = lambda _: None  # type: ignore[method-assign]
    proxy = httpx.Proxy(f"http://127.0.0.1:{on.gateway.port}", headers={"X-Kouan-Token": "demo-zhuhai"})
    return httpx.AsyncClient(http1=False, http2=True, verify=context, proxy=proxy)


class Http2Upstream:
    """The least HTTP/2 server: keeps requests, answers each."""

    def __init__(self) -> None:
        self.requests: list[list[tuple[bytes, bytes]]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        peer = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=False))
        peer.initiate_connection()
        writer.write(peer.data_to_send())
        while data := await reader.read(65536):
            for event in peer.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self.requests.append(list(event.headers))
                elif isinstance(event, h2.events.StreamEnded):
                    fields = [
                        (":status", "200"),
                        ("content-type", "application/json"),
                        ("content-length", str(len(ANSWER))),
                    ]
                    peer.send_headers(event.stream_id, fields)
                    peer.send_data(event.stream_id, ANSWER, end_stream=True)
            writer.write(peer.data_to_send())
        writer.close()


async def http2_client(on: Stage) -> tuple[h2.connection.H2Connection, asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare HTTP/2 client in a tunnel."""
    reader, writer = await on.tunnel(alpn="h2")
    return http2_peer(), reader, writer


def http2_peer() -> h2.connection.H2Connection:
    """A client's end that sends whatever it is told to send."""
    peer = h2.connection.H2Connection(
        h2.config.H2Configuration(
            header_encoding=False, validate_outbound_headers=False, normalize_outbound_headers=False
        )
    )
    peer.initiate_connection()
    return peer


async def http2_answer(
    peer: h2.connection.H2Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[int, str]:
    """Status of the answer to stream 1, or 0, and how the stream ended."""
    writer.write(peer.data_to_send())
    status = 0
    async with asyncio.timeout(10):
        while data := await reader.read(65536):
            for event in peer.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    status = int(dict(event.headers)[b":status"])
                elif isinstance(event, h2.events.StreamEnded | h2.events.StreamReset | h2.events.ConnectionTerminated):
                    return status, type(event).__name__
            writer.write(peer.data_to_send())
    return status, "closed"


REQUEST = [
    (b":method", b"POST"),
    (b":scheme", b"https"),
    (b":authority", HOST.encode()),
    (b":path", b"/v1/statistics"),
    (b"content-type", b"application/json"),
]


def test_http2_trailers_are_seen_and_refused() -> None:
    """Fields after an HTTP/2 body are part of the transfer, with a notice."""

    async def play() -> None:
        async with stage(tls=True) as on:
            peer, reader, writer = await http2_client(on)
            peer.send_headers(1, REQUEST)
            peer.send_data(1, FIGURES)
            peer.send_headers(1, [(b"x-late", b"1")], end_stream=True)
            assert await http2_answer(peer, reader, writer) == (451, "StreamEnded")
            assert on.house.carried[0].notices == ("wire.trailers",)
            assert on.upstream.received == b""
            writer.close()

    asyncio.run(play())


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([*REQUEST[:2], (b":authority", b"clinic.hk.example"), *REQUEST[3:]], 451),
        ([*REQUEST, (b"host", b"clinic.hk.example")], 0),
        ([*REQUEST, (b"transfer-encoding", b"chunked")], 0),
        ([*REQUEST, (b"content-length", b"3")], 0),
        ([*REQUEST, (b"x-note", b"a\r\nx-smuggled: 1")], 0),
        ([*REQUEST, (b"x-note", b"a" * 9000)], 431),
    ],
    ids=["authority", "host", "transfer-encoding", "content-length lies", "line break", "too large"],
)
def test_http2_oddities_reach_nobody(fields: list[tuple[bytes, bytes]], status: int) -> None:
    """What HTTP/1 behind the gateway could read otherwise is refused, or the connection ends; nothing is forwarded."""

    async def play() -> None:
        async with stage(tls=True, max_header=8192) as on:
            peer, reader, writer = await http2_client(on)
            peer.send_headers(1, fields)
            peer.send_data(1, FIGURES, end_stream=True)
            seen, _ = await http2_answer(peer, reader, writer)
            assert seen in ({status} if status else {0, 400, 451})
            assert on.upstream.received == b""
            writer.close()

    asyncio.run(play())


def test_http2_bodies_are_bounded_in_size_and_time() -> None:
    """413 and 408 are told on the stream; the other streams live on."""

    async def play() -> None:
        async with stage(tls=True, max_body=1000, body_timeout=0.3) as on:
            peer, reader, writer = await http2_client(on)
            peer.send_headers(1, REQUEST)
            peer.send_data(1, b"x" * 1001)
            assert await http2_answer(peer, reader, writer) == (413, "StreamEnded")
            peer.send_headers(3, REQUEST)
            peer.send_data(3, b"{")
            assert await http2_answer(peer, reader, writer) == (408, "StreamEnded")
            assert on.codes == ["wire.body_too_large", "wire.slow"]
            writer.close()

    asyncio.run(play())


MALFORMED = {
    "a frame that is too long": b"\x7f\xff\xff\x00\x00\x00\x00\x00\x01" + bytes(140_000),
    "data on no stream": b"\x00\x00\x02\x00\x01\x00\x00\x00\x00{}",
    "settings of a wrong size": b"\x00\x00\x03\x04\x00\x00\x00\x00\x00abc",
    "continuation of nothing": b"\x00\x00\x01\x09\x04\x00\x00\x00\x01\x82",
    "fields that cannot be unpacked": b"\x00\x00\x02\x01\x05\x00\x00\x00\x01\xff\xff",
}


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("midway", [False, True], ids=["between requests", "in a request"])
def test_a_malformed_frame_is_recorded(raw: bytes, midway: bool) -> None:
    """What breaks HTTP/2 ends the connection, and leaves one record that says so."""

    async def play() -> None:
        async with stage(tls=True) as on:
            peer, reader, writer = await http2_client(on)
            if midway:
                peer.send_headers(1, REQUEST)
                peer.send_data(1, b"{")
            writer.write(peer.data_to_send() + raw.replace(b"\x00\x00\x00\x01", b"\x00\x00\x00\x03"))
            async with asyncio.timeout(5):
                while await reader.read(65536):
                    pass
                while not on.codes:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.02)
            assert on.codes == ["wire.malformed"]
            assert len(on.ledger.entries) == 1
            assert on.upstream.connections == 0
            writer.close()

    asyncio.run(play())


def test_bytes_that_are_no_http2_are_recorded() -> None:
    """Whoever agreed on h2 and speaks something else is told goodbye, on record."""

    async def play() -> None:
        async with stage(tls=True) as on:
            reader, writer = await on.tunnel(alpn="h2")
            writer.write(b"GET / HTTP/1.1\r\nHost: counter.macao.example\r\n\r\n")
            async with asyncio.timeout(5):
                while await reader.read(65536):
                    pass
                while not on.codes:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            assert on.codes == ["wire.malformed"]
            writer.close()

    asyncio.run(play())


@pytest.mark.parametrize("outside", [False, True], ids=["in a tunnel", "to the proxy itself"])
def test_a_websocket_over_http2_is_refused(outside: bool) -> None:
    """Extended CONNECT (RFC 8441) is not announced and not served; nobody is called, and there is a record."""

    async def play() -> None:
        async with stage(tls=True, rulebook=with_sockets()) as on:
            if outside:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", on.gateway.port, ssl=on.trust("h2"), server_hostname=HOST
                )
            else:
                reader, writer = await on.tunnel(alpn="h2")
            peer = http2_peer()
            fields = [
                (b":method", b"CONNECT"),
                (b":protocol", b"websocket"),
                (b":scheme", b"https"),
                (b":path", FEED.encode()),
                (b":authority", HOST.encode()),
                (b"sec-websocket-version", b"13"),
                (b"x-kouan-token", b"demo-zhuhai"),
            ]
            peer.send_headers(1, fields)
            status, _ = await http2_answer(peer, reader, writer)
            assert status in (0, 400)
            settings = peer.remote_settings
            assert not settings.get(h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL)
            async with asyncio.timeout(5):
                while not on.codes:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            assert on.codes == ["wire.malformed"]
            assert on.upstream.connections == 0
            writer.close()

    asyncio.run(play())

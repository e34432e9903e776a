"""CONNECT, TLS on both sides, client certificates, HTTP/2."""

import asyncio
import json
import ssl
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gateway.vocabulary import Proof
from tests.given import shipped
from tests.intake.stage import ANSWER, FIGURES, HOST, TOKEN, Stage, post, read_reply, stage

INNER = post(target=b"/v1/statistics", extra=b"", host=HOST)
SUBJECT = "CN=portal.zhuhai.example,O=Zhuhai E-Service Operations,C=CN"


def test_a_tunnel_is_read_and_verified_on_both_sides() -> None:
    """Through CONNECT and TLS the token of CONNECT speaks for what is inside; the upstream's certificate is verified."""

    async def play() -> None:
        async with stage(tls=True) as on:
            reader, writer = await on.tunnel()
            writer.write(INNER)
            reply = await read_reply(reader)
            assert (reply.status, reply.body) == (200, ANSWER)
            sent = on.house.carried[0]
            assert (sent.exporter.id, sent.exporter.proof) == ("zhuhai-e-service", Proof.TOKEN)
            assert (sent.recipient.id, sent.recipient.proof) == ("macao-counter", Proof.HOST)
            assert (sent.envelope.scheme, sent.envelope.host, sent.envelope.port) == ("https", HOST, 443)
            assert sent.address == "127.0.0.1"
            assert b"demo-zhuhai" not in on.upstream.received
            writer.close()

    asyncio.run(play())


def test_an_upstream_nobody_vouches_for_gets_nothing() -> None:
    """An upstream certificate that does not verify: 502, a record, and no byte of the request leaves."""

    async def play() -> None:
        async with stage(tls=True, upstream_ca=None) as on:
            reader, writer = await on.tunnel()
            writer.write(INNER)
            assert (await read_reply(reader)).status == 502
            assert on.codes == ["upstream.unreachable"]
            assert on.upstream.received == b""
            writer.close()

    asyncio.run(play())


def test_a_tunnel_to_an_unlisted_host_is_refused() -> None:
    """CONNECT to a host that no entry names gets a refusal with a record, and nothing is called."""

    async def play() -> None:
        async with stage() as on:
            reply = await on.ask(b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n" + TOKEN + b"\r\n")
            assert reply.status == 451
            assert on.codes == ["wire.connect_unlisted"]
            assert len(on.ledger.entries) == 1
            stranger = await on.ask(b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n\r\n")
            assert stranger.status == 403

    asyncio.run(play())


def test_connect_goes_by_one_name() -> None:
    """A CONNECT whose Host is another place than its target is refused."""

    async def play() -> None:
        async with stage() as on:
            raw = b"CONNECT counter.macao.example:443 HTTP/1.1\r\nHost: clinic.hk.example:443\r\n\r\n"
            assert (await on.ask(raw)).status == 403
            assert on.codes == ["wire.authority_mismatch"]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("sni", "inner", "notice"),
    [
        ("clinic.hk.example", INNER, "wire.sni_mismatch"),
        (HOST, post(target=b"/v1/statistics", extra=b"", host="clinic.hk.example"), "wire.authority_mismatch"),
    ],
)
def test_names_inside_a_tunnel_must_agree(sni: str, inner: bytes, notice: str) -> None:
    """The name in TLS, the Host inside and the target of CONNECT are one, or the request is refused."""

    async def play() -> None:
        async with stage(tls=True) as on:
            reader, writer = await on.tunnel(sni=sni)
            writer.write(inner)
            assert (await read_reply(reader)).status == 451
            assert notice in on.house.carried[0].notices
            assert on.upstream.received == b""
            writer.close()

    asyncio.run(play())


def test_the_authority_is_made_once_and_kept_close() -> None:
    """First run makes the authority: folder 0700, key 0600, certificate apart from the key; the next run keeps it."""

    async def play() -> None:
        async with stage() as on:
            folder = on.folder / "ca"
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert stat.S_IMODE((folder / "kouan-ca.key").stat().st_mode) == 0o600
            public = (folder / "kouan-ca.pem").read_bytes()
            assert b"PRIVATE" not in public
            from gateway.intake.authority import make_authority

            make_authority(folder)
            assert (folder / "kouan-ca.pem").read_bytes() == public

    asyncio.run(play())


def client_identity(folder: Path, *, trusted: bool = True) -> tuple[Path, Path]:
    """An authority of client certificates, and a certificate (with key) of ``SUBJECT`` that it issued, or seems to."""
    now = datetime.now(UTC)
    names = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Parties")])
    key, other, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))

    def issue(subject: x509.Name, public: ec.EllipticCurvePublicKey, signing: ec.EllipticCurvePrivateKey, ca: bool) -> bytes:
        builder = x509.CertificateBuilder(names, subject, public, x509.random_serial_number(), now - timedelta(1), now + timedelta(1))
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        return builder.sign(signing, hashes.SHA256()).public_bytes(Encoding.PEM)

    (folder / "parties.pem").write_bytes(issue(names, key.public_key(), key, True))
    parts = [("C", NameOID.COUNTRY_NAME, "CN"), ("O", NameOID.ORGANIZATION_NAME, "Zhuhai E-Service Operations")]
    subject = x509.Name(
        [x509.NameAttribute(oid, value) for _, oid, value in parts]
        + [x509.NameAttribute(NameOID.COMMON_NAME, "portal.zhuhai.example")]
    )
    pem = leaf.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "client.pem").write_bytes(pem + issue(subject, leaf.public_key(), key if trusted else other, False))
    return folder / "parties.pem", folder / "client.pem"


async def with_certificate(on: Stage, client: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A tunnel inside which the client shows a certificate."""
    reader, writer = await on.open()
    writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    context = on.trust()
    context.load_cert_chain(client)
    await writer.start_tls(context, server_hostname=HOST)
    return reader, writer


def test_a_client_certificate_names_the_party(tmp_path: Path) -> None:
    """A verified certificate is the strongest proof; with the same party's token it agrees, with another's it does not."""
    authority, client = client_identity(tmp_path)

    async def play() -> None:
        async with stage(tls=True, client_ca=authority) as on:
            reader, writer = await with_certificate(on, client)
            writer.write(INNER)
            assert (await read_reply(reader)).status == 200
            party = on.house.carried[0].exporter
            assert (party.id, party.proof) == ("zhuhai-e-service", Proof.MTLS)
            writer.write(post(target=b"/v1/statistics", extra=b"X-Kouan-Token: demo-shenzhen\r\n", host=HOST))
            assert (await read_reply(reader)).status == 403
            assert on.house.carried[-1].exporter.id == ""
            assert on.house.carried[-1].notices == ("wire.identity_conflict",)
            writer.close()

    asyncio.run(play())


def test_a_forged_client_certificate_ends_the_handshake(tmp_path: Path) -> None:
    """A certificate with the right subject and the wrong issuer gets no further than TLS."""
    authority, client = client_identity(tmp_path, trusted=False)

    async def play() -> None:
        async with stage(tls=True, client_ca=authority) as on:
            with pytest.raises((ssl.SSLError, ConnectionError, AssertionError)):
                reader, writer = await with_certificate(on, client)
                try:
                    writer.write(INNER)
                    assert (await read_reply(reader)).status
                finally:
                    writer.transport.abort()
            assert on.house.carried == []

    asyncio.run(play())


def test_without_client_authority_no_certificate_counts(tmp_path: Path) -> None:
    """Where no authority of client certificates is set, none is asked for and none identifies anybody."""
    _, client = client_identity(tmp_path)

    async def play() -> None:
        async with stage(tls=True) as on:
            reader, writer = await with_certificate(on, client)
            writer.write(INNER)
            assert (await read_reply(reader)).status == 403
            writer.close()

    asyncio.run(play())


@pytest.mark.parametrize("alpn", ["", "h2"], ids=["upstream HTTP/1.1", "upstream HTTP/2"])
def test_http2_is_judged_like_http1(alpn: str) -> None:
    """Streams of an HTTP/2 client are exchanges of their own, towards upstreams of either version."""

    async def play() -> None:
        upstream = Http2Upstream()
        async with stage(tls=True, alpn=alpn, server=upstream.serve if alpn else None) as on, http2_sender(on) as client:
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
                    fields = [(":status", "200"), ("content-type", "application/json"), ("content-length", str(len(ANSWER)))]
                    peer.send_headers(event.stream_id, fields)
                    peer.send_data(event.stream_id, ANSWER, end_stream=True)
            writer.write(peer.data_to_send())
        writer.close()


async def http2_client(on: Stage) -> tuple[h2.connection.H2Connection, asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare HTTP/2 client in a tunnel."""
    reader, writer = await on.tunnel(alpn="h2")
    peer = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding=False, validate_outbound_headers=False, normalize_outbound_headers=False))
    peer.initiate_connection()
    return peer, reader, writer


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


REQUEST = [(b":method", b"POST"), (b":scheme", b"https"), (b":authority", HOST.encode()), (b":path", b"/v1/statistics"), (b"content-type", b"application/json")]


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


def test_reverse_mode_has_one_place_to_go() -> None:
    """As a reverse proxy the gateway goes to its own upstream, under that name, whatever name it was called by."""

    async def play() -> None:
        async with stage(mode=f"reverse:http://{HOST}:443") as on:
            reply = await on.ask(post(target=b"/v1/statistics", host="gateway.internal.example"))
            assert reply.status == 200
            assert on.house.carried[0].envelope.host == HOST
            assert b"Host: counter.macao.example:443\r\n" in on.upstream.requests[0]
            assert b"gateway.internal" not in on.upstream.received
            refused = await on.ask(b"CONNECT counter.macao.example:443 HTTP/1.1\r\nHost: counter.macao.example:443\r\n\r\n")
            assert refused.status == 400

    asyncio.run(play())


def test_reverse_mode_over_tls() -> None:
    """A reverse proxy takes TLS from clients and verifies its upstream."""

    async def play() -> None:
        async with stage(tls=True, mode=f"reverse:https://{HOST}") as on:
            reader, writer = await asyncio.open_connection("127.0.0.1", on.gateway.port, ssl=on.trust(), server_hostname=HOST)
            writer.write(post(target=b"/v1/statistics", host=HOST))
            assert (await read_reply(reader)).status == 200
            writer.close()

    asyncio.run(play())


def test_a_change_of_rules_reaches_open_connections() -> None:
    """A party that was struck out is a stranger from its next request on, even on a connection that is open."""

    async def play() -> None:
        async with stage() as on:
            reader, writer = await on.open()
            writer.write(post())
            assert (await read_reply(reader)).status == 200
            book = shipped()
            on.house.rulebook = replace(book, members={key: value for key, value in book.members.items() if key != "zhuhai-e-service"})
            writer.write(post())
            assert (await read_reply(reader)).status == 403
            writer.close()

    asyncio.run(play())

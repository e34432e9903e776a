"""CONNECT, TLS on both sides, client certificates, HTTP/2."""

import asyncio
import ssl
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gateway.vocabulary import Proof
from tests.given import shipped
from tests.intake.stage import ANSWER, HOST, TOKEN, Stage, post, read_reply, stage

INNER = post(target=b"/v1/statistics", extra=b"", host=HOST)
SUBJECT = "CN=portal.zhuhai.example,O=Zhuhai E-Service Operations,C=CN"


def test_a_tunnel_is_read_and_verified_on_both_sides() -> None:
    """Through CONNECT and TLS, the token of CONNECT speaks for what is inside; the upstream has to be vouched for."""

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
            reply = await on.ask(
                b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n" + TOKEN + b"\r\n"
            )
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

    def issue(
        subject: x509.Name, public: ec.EllipticCurvePublicKey, signing: ec.EllipticCurvePrivateKey, ca: bool
    ) -> bytes:
        builder = x509.CertificateBuilder(
            names, subject, public, x509.random_serial_number(), now - timedelta(1), now + timedelta(1)
        )
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
    """A verified certificate is the strongest proof; a token of another party contradicts it."""
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
            try:
                reader, writer = await with_certificate(on, client)
            except (ssl.SSLError, ConnectionError):
                pass  # TLS 1.2 ends here, TLS 1.3 at the first read
            else:
                writer.write(INNER)
                assert (await read_reply(reader)).status == 0
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


def test_reverse_mode_has_one_place_to_go() -> None:
    """As a reverse proxy the gateway goes to its own upstream, under that name, whatever name it was called by."""

    async def play() -> None:
        async with stage(mode=f"reverse:http://{HOST}:443") as on:
            reply = await on.ask(post(target=b"/v1/statistics", host="gateway.internal.example"))
            assert reply.status == 200
            assert on.house.carried[0].envelope.host == HOST
            assert b"Host: counter.macao.example:443\r\n" in on.upstream.requests[0]
            assert b"gateway.internal" not in on.upstream.received
            refused = await on.ask(
                b"CONNECT counter.macao.example:443 HTTP/1.1\r\nHost: counter.macao.example:443\r\n\r\n"
            )
            assert refused.status == 400

    asyncio.run(play())


def test_reverse_mode_over_tls() -> None:
    """A reverse proxy takes TLS from clients and verifies its upstream."""

    async def play() -> None:
        async with stage(tls=True, mode=f"reverse:https://{HOST}") as on:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", on.gateway.port, ssl=on.trust(), server_hostname=HOST
            )
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
            on.house.rulebook = replace(
                book, members={key: value for key, value in book.members.items() if key != "zhuhai-e-service"}
            )
            writer.write(post())
            assert (await read_reply(reader)).status == 403
            writer.close()

    asyncio.run(play())


def test_transparent_mode_goes_where_the_name_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that a client dialled is no proof of where its host is: the name is looked up and checked anew."""
    monkeypatch.setattr("mitmproxy.platform.init_transparent_mode", lambda: None)
    monkeypatch.setattr("mitmproxy.platform.original_addr", lambda _: ("198.51.100.66", 443))

    async def play() -> None:
        async with stage(mode="transparent") as on:
            reply = await on.ask(post(target=b"/v1/statistics", host=HOST + ":443"))
            assert reply.status == 200
            sent = on.house.carried[0]
            assert (sent.envelope.host, sent.envelope.port, sent.address) == (HOST, 443, "127.0.0.1")
            assert len(on.upstream.requests) == 1
            nowhere = await on.ask(post(target=b"/v1/statistics", host="elsewhere.example:443"))
            assert nowhere.status == 451
            assert len(on.upstream.requests) == 1

    asyncio.run(play())

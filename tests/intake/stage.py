"""A real gateway on loopback, a real upstream behind it, and a House that remembers what it was asked."""

import asyncio
import re
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.cli.demo.authority import Authority
from gateway.intake.proxy import Gateway
from gateway.pipeline import House
from gateway.rulebook.book import Rulebook
from gateway.settings import Settings
from gateway.vocabulary import Fault, Outcome, Transfer
from tests.given import Memory, shipped

HOST = "counter.macao.example"
URL = f"http://{HOST}:443/v1/statistics".encode()
TOKEN = b"X-Kouan-Token: demo-zhuhai\r\n"
HEAD = b"POST %s HTTP/1.1\r\nHost: counter.macao.example:443\r\n%sContent-Type: application/json\r\n" % (URL, TOKEN)
"""A request as the exporter begins it; the fields that tell its length, and the blank line, are missing."""
FIGURES = b'{"month": "2026-01", "count": 4}'
ANSWER = b'{"count": 4}'
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)


def post(
    body: bytes = FIGURES,
    *,
    target: bytes = URL,
    extra: bytes = TOKEN,
    length: int | None = None,
    host: str = HOST + ":443",
) -> bytes:
    """A request as the exporter of the demo sends it."""
    size = len(body) if length is None else length
    return (
        b"POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        % (target, host.encode(), extra, size)
    ) + body


@dataclass
class Upstream:
    """Reads HTTP/1 requests with Content-Length, keeps them, answers each with ``reply``."""

    reply: bytes | Callable[["Upstream", asyncio.StreamWriter], Awaitable[None]] = OK
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    received: bytes = b""
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.received += head
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                self.received += body
                self.requests.append(head + body)
                if callable(self.reply):
                    await self.reply(self, writer)
                else:
                    writer.write(self.reply)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self.received += getattr(error, "partial", b"")
        finally:
            writer.close()


class Watched(House):
    """A House that remembers every transfer and every refusal of the door."""

    def __init__(self, settings: Settings, rulebook: Rulebook, ledger: Memory) -> None:
        super().__init__(settings, rulebook, ledger)
        self.carried: list[Transfer] = []
        self.refused: list[tuple[str, Transfer]] = []
        self.before: Callable[[Transfer], None] | None = None
        self.instead: Callable[[Transfer], Outcome] | None = None

    async def carry(self, transfer: Transfer) -> Outcome:
        """Remember, then judge."""
        self.carried.append(transfer)
        if self.before:
            self.before(transfer)
        return self.instead(transfer) if self.instead else await super().carry(transfer)

    async def refuse(self, transfer: Transfer, code: str, fault: Fault = Fault.POLICY, **params: str) -> Outcome:
        """Remember, then record."""
        self.refused.append((code, transfer))
        return await super().refuse(transfer, code, fault, **params)


@dataclass
class Stage:
    """What a test plays on."""

    gateway: Gateway
    house: Watched
    upstream: Upstream
    folder: Path
    authority: Authority
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        """Codes of the refusals that the door made itself."""
        return [code for code, _ in self.house.refused]

    @property
    def ledger(self) -> Memory:
        """The ledger."""
        return self.house.ledger  # type: ignore[return-value]

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the gateway."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.gateway.port)
        self.writers.append(writer)
        return reader, writer

    async def ask(self, raw: bytes, *, half_close: bool = False) -> "Reply":
        """Send bytes, read one answer."""
        reader, writer = await self.open()
        try:
            writer.write(raw)
            if half_close:
                writer.write_eof()
            return await read_reply(reader)
        finally:
            writer.close()

    async def tunnel(
        self, *, sni: str = HOST, host: str = HOST, port: int = 443, extra: bytes = TOKEN, alpn: str = ""
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """CONNECT, then TLS with a certificate of the gateway's own authority."""
        reader, writer = await self.open()
        writer.write(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n".encode() + extra + b"\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head, head
        await writer.start_tls(self.trust(alpn), server_hostname=sni)
        return reader, writer

    def trust(self, alpn: str = "") -> ssl.SSLContext:
        """A client's TLS context that trusts the gateway's authority."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca" / "kouan-ca.pem"))
        if alpn:
            context.set_alpn_protocols([alpn])
        return context


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, or ""."""
        found = re.search(rf"(?im)^{name}: *(.*?)\r$", self.head.decode("latin-1"))
        return found[1] if found else ""


async def read_reply(reader: asyncio.StreamReader, *, head_only: bool = False) -> Reply:
    """Read one answer with Content-Length; status 0 where the connection ended."""
    async with asyncio.timeout(10):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1])) if length and not head_only else b""
        except (asyncio.IncompleteReadError, ConnectionError):
            return Reply(0, b"", b"")
    return Reply(status, head, body)


@asynccontextmanager
async def stage(
    upstream: Upstream | None = None,
    *,
    tls: bool = False,
    rulebook: Rulebook | None = None,
    ledger: Memory | None = None,
    server: Callable[..., Awaitable[None]] | None = None,
    alpn: str = "",
    **settings: object,
) -> AsyncIterator[Stage]:
    """A gateway in front of ``upstream``, both in this event loop."""
    upstream = upstream or Upstream()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        authority = Authority(folder)
        context = authority.server(HOST) if tls else None
        if context and alpn:
            context.set_alpn_protocols([alpn])
        listening = await asyncio.start_server(server or upstream.serve, "127.0.0.1", 0, ssl=context)
        upstream.port = listening.sockets[0].getsockname()[1]
        values: dict[str, object] = {
            "state_dir": folder,
            "listen_port": 0,
            "upstream_ca": authority.certificate,
            "resolve": {HOST: ("127.0.0.1", upstream.port)},
            **settings,
        }
        house = Watched(Settings(**values), rulebook or shipped(), ledger or Memory())  # type: ignore[arg-type]
        gateway = Gateway(house)
        await gateway.listen()
        on = Stage(gateway, house, upstream, folder, authority)
        try:
            yield on
        finally:
            for writer in on.writers:
                writer.transport.abort()
            await gateway.drain(0.0)
            listening.close()
            listening.close_clients()
            await asyncio.sleep(0.01)

"""Both ends of a WebSocket on loopback, on wsproto: a caller, and a listener that remembers what reached it."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Event, Ping, Pong, Request, TextMessage
from wsproto.frame_protocol import XorMaskerSimple

from gateway.rulebook.book import Endpoint, Rulebook
from tests.given import shipped
from tests.intake.stage import HOST, TOKEN, Stage

FEED, TALKS = "/v1/feed", "/v1/talks"
KEY = b"a291YW4gZGVtbyBub25jZQ=="


def with_sockets(book: Rulebook | None = None, *, websocket: bool = True) -> Rulebook:
    """The shipped rules with two WebSockets to the counter: a feed of figures, and talks about applications."""
    book = book or shipped()
    entries = dict(book.entries)
    for name, path in (("zhuhai-macao-statistics", FEED), ("zhuhai-macao-applications", TALKS)):
        types = frozenset({"application/json", "text/plain"})
        networks = (ip_network("127.0.0.0/8"),)
        socket = Endpoint(HOST, 443, frozenset({"GET"}), (path,), types, networks, websocket=websocket)
        entries[name] = replace(entries[name], endpoints=(*entries[name].endpoints, socket))
    return replace(book, entries=entries)


def hello(path: str = FEED, *, extra: bytes = TOKEN, key: bytes = KEY, host: str = HOST + ":443") -> bytes:
    """The opening handshake of a caller."""
    return (
        b"GET http://%s%s HTTP/1.1\r\nHost: %s\r\n%sUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n"
    ) % (host.encode(), path.encode(), host.encode(), extra, key)


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, mask: bool = True, rsv: int = 0, length: int | None = None
) -> bytes:
    """One frame, right or wrong; ``length`` is what it says of itself."""
    size = len(payload) if length is None else length
    head = bytes([fin << 7 | rsv << 4 | opcode])
    if size < 126:
        head += bytes([mask << 7 | size])
    elif size < 65_536:
        head += bytes([mask << 7 | 126]) + size.to_bytes(2)
    else:
        head += bytes([mask << 7 | 127]) + size.to_bytes(8)
    if not mask:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(XorMaskerSimple(key).process(bytearray(payload)))


type Talk = Callable[["Listener", Event], Awaitable[None]]


@dataclass
class Listener:
    """An upstream that speaks WebSocket; ``talk`` is asked what to do about each event."""

    talk: Talk | None = None
    subprotocol: str | None = None
    extra: tuple[tuple[bytes, bytes], ...] = ()
    requests: list[Request] = field(default_factory=list)
    messages: list[str | bytes] = field(default_factory=list)
    pings: list[bytes] = field(default_factory=list)
    closes: list[tuple[int, str | None]] = field(default_factory=list)
    connections: int = 0
    received: bytes = b""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.writer = writer
        self.end = WSConnection(ConnectionType.SERVER)
        parts: list[str | bytes] = []
        try:
            while data := await reader.read(65_536):
                self.received += data
                self.end.receive_data(data)
                for event in self.end.events():
                    if isinstance(event, Request):
                        self.requests.append(event)
                        self.send(AcceptConnection(subprotocol=self.subprotocol, extra_headers=list(self.extra)))
                    elif isinstance(event, TextMessage | BytesMessage):
                        parts.append(event.data if isinstance(event.data, str) else bytes(event.data))
                        if event.message_finished:
                            self.messages.append(parts[0][:0].join(parts))  # type: ignore[arg-type]
                            parts.clear()
                    elif isinstance(event, Ping):
                        self.pings.append(bytes(event.payload))
                        self.send(event.response())
                    elif isinstance(event, CloseConnection):
                        self.closes.append((event.code, event.reason))
                        with suppress(Exception):
                            self.send(event.response())
                    if self.talk is not None:
                        await self.talk(self, event)
        except ConnectionError:
            pass
        finally:
            self.ended.set()
            writer.close()

    def send(self, event: Event) -> None:
        """Send an event."""
        self.writer.write(self.end.send(event))

    async def heard(self, count: int) -> list[str | bytes]:
        """Wait until so many messages have come."""
        async with asyncio.timeout(5):
            while len(self.messages) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        return self.messages


@dataclass
class Caller:
    """A client that speaks WebSocket through the gateway."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes
    end: WSConnection = field(default_factory=lambda: WSConnection(ConnectionType.CLIENT))
    waiting: list[Event] = field(default_factory=list)
    over: bool = False

    @property
    def status(self) -> int:
        """Status of the answer to the handshake."""
        return int(self.head.split(b" ", 2)[1])

    def say(self, data: str | bytes) -> None:
        """Send a message."""
        self.raw(frame(1, data.encode()) if isinstance(data, str) else frame(2, data))

    def raw(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)

    async def next(self) -> Event | None:
        """The next event, or None where the connection has ended."""
        async with asyncio.timeout(8):
            while not self.waiting:
                try:
                    data = await self.reader.read(65_536)
                except ConnectionError:
                    data = b""
                if not data:
                    return None
                decoder = self.end
                decoder.receive_data(data)
                self.waiting.extend(decoder.events())
        return self.waiting.pop(0)

    async def message(self) -> str | bytes | tuple[int, str | None] | None:
        """The next message in full; a close as (code, reason); None at the end."""
        parts: list[str | bytes] = []
        while True:
            event = await self.next()
            if isinstance(event, CloseConnection):
                with suppress(Exception):
                    self.raw(self.end.send(event.response()))
                return event.code, event.reason
            if event is None:
                return None
            if isinstance(event, TextMessage | BytesMessage):
                parts.append(event.data if isinstance(event.data, str) else bytes(event.data))
                if event.message_finished:
                    return parts[0][:0].join(parts)  # type: ignore[arg-type]
            elif isinstance(event, Pong):
                return b"pong:" + bytes(event.payload)

    def close(self) -> None:
        """Leave without a word."""
        self.writer.transport.abort()


async def call(on: Stage, path: str = FEED, *, raw: bytes | None = None, extra: bytes = TOKEN) -> Caller:
    """Shake hands through the gateway; the answer is read, and switched where it is 101."""
    reader, writer = await on.open()
    return await shake(reader, writer, raw if raw is not None else hello(path, extra=extra))


async def shake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: bytes) -> Caller:
    """Send a handshake and read the answer."""
    writer.write(raw)
    async with asyncio.timeout(8):
        head = await reader.readuntil(b"\r\n\r\n")
    caller = Caller(reader, writer, head)
    if caller.status == 101:
        # wsproto would shake hands itself; from here on it is told that it has.
        from wsproto.connection import Connection

        caller.end = Connection(ConnectionType.CLIENT)  # type: ignore[assignment]
    return caller

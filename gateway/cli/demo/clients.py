"""The parties that send: real HTTP clients that go through the gateway as their proxy, by CONNECT and TLS."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Message:
    """A request as its sender means it."""

    host: str
    method: str = "POST"
    target: str = "/"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender got back. ``status`` 0: the connection ended without an answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    milliseconds: float = 0.0

    def header(self, name: str) -> str:
        """The first value of a header, or ""."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Client:
    """Keeps a connection a host, as a real system does."""

    def __init__(self, port: int, authority: Path, timeout: float = 10.0) -> None:
        """``port``: the gateway's; ``authority``: PEM file of the gateway's authority, which clients must trust."""
        self._port = port
        self._timeout = timeout
        self._trust = ssl.create_default_context(cafile=str(authority))
        self._open: dict[str, http.client.HTTPSConnection] = {}

    def send(self, message: Message) -> Reply:
        """Send ``message`` and wait for the answer; the time is that of the exchange, without the handshakes."""
        try:
            if message.host not in self._open and (refused := self._connect(message.host)):
                return refused
            return self._exchange(self._open[message.host], message)
        except (http.client.HTTPException, OSError):
            self._forget(message.host)
            return Reply(0)

    def _connect(self, host: str) -> Reply | None:
        """CONNECT through the gateway and shake hands; a gateway that refuses at once has its refusal returned."""
        start = perf_counter()
        raw = socket.create_connection(("127.0.0.1", self._port), timeout=self._timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body are two writes
        raw.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        answer = http.client.HTTPResponse(raw, method="CONNECT")
        answer.begin()
        if answer.status != http.HTTPStatus.OK:
            reply = Reply(answer.status, tuple(answer.getheaders()), answer.read(), (perf_counter() - start) * 1e3)
            raw.close()
            return reply
        connection = http.client.HTTPSConnection(host, context=self._trust, timeout=self._timeout)
        connection.sock = self._trust.wrap_socket(raw, server_hostname=host)
        self._open[host] = connection
        return None

    def _exchange(self, connection: http.client.HTTPSConnection, message: Message) -> Reply:
        start = perf_counter()
        connection.putrequest(message.method, message.target, skip_accept_encoding=True)
        for name, value in message.headers:
            connection.putheader(name, value.encode())
        if message.body or message.method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(message.body)))
        connection.endheaders(message.body or None)
        response = connection.getresponse()
        body = response.read()
        spent = (perf_counter() - start) * 1e3
        if response.will_close:
            self._forget(message.host)
        return Reply(response.status, tuple(response.getheaders()), body, spent)

    def tunnel_raw(self, host: str, data: bytes) -> Reply:
        """CONNECT to ``host``, then send bytes that are no HTTP; tell what comes back."""
        start = perf_counter()
        with socket.create_connection(("127.0.0.1", self._port), timeout=self._timeout) as raw:
            raw.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
            head = raw.recv(65536)
            status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0
            if status != 200:
                return Reply(status, (), head.partition(b"\r\n\r\n")[2], (perf_counter() - start) * 1e3)
            raw.sendall(data)
            try:
                answer = raw.recv(65536)
            except (ConnectionError, TimeoutError):
                answer = b""
        return Reply(0, (), answer, (perf_counter() - start) * 1e3)

    def _forget(self, host: str) -> None:
        if connection := self._open.pop(host, None):
            connection.close()

    def close(self) -> None:
        """Hang up."""
        for host in list(self._open):
            self._forget(host)

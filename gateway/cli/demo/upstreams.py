"""The systems on the far side: real HTTPS servers on loopback that answer, and remember what reached them."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from typing import Any


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that reached an upstream."""

    host: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an upstream replies."""

    body: bytes = field(default=b'{"accepted":true}', repr=False)
    media_type: str = "application/json"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Upstream:
    """One HTTPS server on a free port of loopback, in threads of its own."""

    def __init__(self, host: str, context: ssl.SSLContext, answer: Callable[[Arrival], Answer]) -> None:
        """``answer`` says what is replied to a request; it is called in the server's threads."""
        self.host = host
        self.arrivals: list[Arrival] = []
        self._server = _server(self, context, answer)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=2)


def _server(upstream: Upstream, context: ssl.SSLContext, answer: Callable[[Arrival], Answer]) -> ThreadingHTTPServer:
    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            """Do the handshake in the connection's own thread, so that a slow peer holds up nobody else."""
            connection: socket = request
            connection.settimeout(10)
            connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # a handshake writes often and little
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    super().finish_request(secured, client_address)
            except OSError:
                return  # The peer left; there is nobody to tell.

    class Exchange(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one segment: two would wait for a delayed acknowledgement
        server_version = "demo"
        sys_version = ""

        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size) if size else b""
            arrival = Arrival(upstream.host, self.command, self.path, tuple(self.headers.items()), body)
            upstream.arrivals.append(arrival)
            reply = answer(arrival)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the demo tells what arrived."""

    return Server(("127.0.0.1", 0), Exchange)

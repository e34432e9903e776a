"""The log over HTTP, for reading only: C2SP tlog-tiles under one prefix, receipts, proofs of consistency.

Entries say who sent to whom. So the port is closed unless it is asked for, and then opens on loopback; whom it is shown
to beyond that is for the proxy in front of it to say.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import BoundedSemaphore, Thread

from gateway.ledger.client import Log, compressed
from gateway.ledger.proof import BadProof
from gateway.ledger.published import Published
from gateway.ledger.receipt import NotCovered, consistency, receipt
from gateway.ledger.store import LedgerClosed
from gateway.ledger.tiles import BadTile, tile_at

READERS = 32
"""Connections that are served at a time; further ones wait a second, then are closed."""
IDLE = 15.0
"""Seconds after which a connection that says nothing is let go."""
_TEXT = "text/plain; charset=utf-8"
_BYTES = "application/octet-stream"
_MUTABLE = "no-cache"
_FOR_EVER = "max-age=31536000, immutable"
_NUMBERED = re.compile(r"(receipt|consistency)/(0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to one request."""

    status: int
    body: bytes
    kind: str = _TEXT
    caching: str = _MUTABLE
    more: dict[str, str] = field(default_factory=dict)


def answer(published: Published, path: str) -> Answer:
    """Answer a request for ``path`` under the prefix, without its slash in front."""
    try:
        if match := _NUMBERED.fullmatch(path):
            return _numbered(published, match[1], int(match[2]))
        body = published.read(path)
    except NotCovered as fault:
        return _not_yet(published, fault)
    except (LedgerClosed, BadProof, BadTile):
        return Answer(503, b"the log cannot be read now\n", more={"Retry-After": "5"})
    if body is None:
        return Answer(404, b"not found\n")
    if path in ("checkpoint", "vkey"):
        return Answer(200, body)
    tile = tile_at(path)
    bundle = tile is not None and tile.level < 0
    return Answer(200, body, _BYTES, _FOR_EVER, {"Vary": "Accept-Encoding"} if bundle else {})


def _numbered(published: Published, what: str, number: int) -> Answer:
    log = Log(published.read)
    if what == "consistency":
        return Answer(200, consistency(log, number))
    named = {"Content-Disposition": f'attachment; filename="{number}.tlog-proof"'}
    return Answer(200, receipt(log, number), more=named)


def _not_yet(published: Published, fault: NotCovered) -> Answer:
    """An entry that is there is covered within a second or so; one that is not may never be."""
    if fault.index < published.size():
        return Answer(503, f"{fault}; ask again\n".encode(), more={"Retry-After": "1"})
    return Answer(404, f"{fault}\n".encode())


class _Reader(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE
    wbufsize = 64 * 1024  # header and body in one packet: two small ones would wait for each other's acknowledgement
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer with the resource."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """Answer with the header of the resource."""
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        found = answer(self.server.published, self.path.partition("?")[0].removeprefix("/"))
        data = found.body
        self.send_response(found.status)
        if "Vary" in found.more and "gzip" in self.headers.get("Accept-Encoding", ""):
            data = compressed(data)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", found.kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", found.caching)
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in found.more.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def version_string(self) -> str:
        """Say nothing of versions."""
        return "kouan"

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: what is asked for says who looks into what."""


class _Server(ThreadingHTTPServer):
    """Some readers at a time."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], published: Published) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.published = published
        self._places = BoundedSemaphore(READERS)
        super().__init__(address, _Reader)

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Wait for a place, then answer in a thread."""
        if not self._places.acquire(timeout=1.0):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Answer, and give the place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that went away is no news."""


@contextmanager
def log_served(folder: Path, host: str, port: int) -> Iterator[str]:
    """Serve the log of the ledger in ``folder`` while the block runs; gives its prefix. Raises ``OSError``."""
    try:
        published = Published(folder)
    except LedgerClosed as fault:
        raise OSError(str(fault)) from fault
    try:
        server = _Server((host, port), published)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, name="log", daemon=True)
        thread.start()
        # The first time, or after long, tiles are derived for a while: sooner than somebody asks for them.
        Thread(target=answer, args=(published, "checkpoint"), name="tiles", daemon=True).start()
        try:
            shown = f"[{host}]" if ":" in host else host
            yield f"http://{shown}:{server.server_address[1]}/"
        finally:
            server.shutdown()
            server.server_close()
            thread.join(1)
    finally:
        published.close()

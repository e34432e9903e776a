"""Bodies of HTTP/1 on the wire, read with their trailers and to their true end; and what comes after an exchange."""

from __future__ import annotations

from typing import Any, cast

import h11
from mitmproxy import http
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import RequestTrailers, ResponseTrailers
from mitmproxy.proxy.layers.http._http1 import Http1Server

from gateway.intake.passage import Bounds
from gateway.intake.proxy_tls import CUT

GONE = "gone"
SLOW = "slow"
BROKEN = "broken"
"""Messages of protocol errors, for ``Exchange`` alone; nobody is told them."""

SWITCHING = 101

type Commands = layer.CommandGenerator[None]


class Bodies:
    """Reading of bodies, shared by both sides: mitmproxy's own reading gives up on trailers."""

    bounds: Bounds
    last = False
    """Whether the connection ends with this exchange; settled when heads are read, before the door rewrites them."""
    held = b""
    """A head that waits for its body, so that both leave in one piece."""

    def mark_done(self, *, request: bool = False, response: bool = False) -> Commands:
        """Note that a half is complete; after both, the connection serves another exchange, or ends."""
        this = cast("Any", self)
        serving = isinstance(self, Http1Server)
        this.request_done = this.request_done or request
        this.response_done = this.response_done or response
        if not (this.request_done and this.response_done):
            if serving and this.request_done:
                this.state = this.wait
            return
        if serving and this.response.status_code == 200 and this.request.data.method == b"CONNECT":
            yield from this.make_pipe()
            return
        if this.response.status_code == SWITCHING:
            yield from self._switch()
            return
        if self.last:
            yield commands.CloseConnection(this.conn)
            this.state = this.done
            return
        this.request_done = this.response_done = False
        this.request = this.response = None
        this.stream_id = this.stream_id + 2 if serving else None
        this.state = this.read_headers
        if this.buf:
            yield from this.state(events.DataReceived(this.conn, b""))

    def _switch(self) -> Commands:
        """Leave HTTP: from here on everything is bytes for the layer of the new protocol."""
        this = cast("Any", self)
        this.state = this.passthrough
        if this.buf:
            waiting = bytes(this.buf.maybe_extract_at_most(len(this.buf)))
            yield from this.state(events.DataReceived(this.conn, waiting))

    def _send_body(self, data: bytes) -> Commands:
        """Send what is held back, and ``data``."""
        data, self.held = self.held + data, b""
        if data:
            yield commands.SendData(cast("Any", self).conn, data)

    def _read_on(self, event: events.Event) -> Any:
        """Return what comes next, or None. Raises ``h11.ProtocolError``.

        A body without length is as long as its connection; it is whole only where the end was announced: by
        close_notify in TLS, else by an end of TCP that is no reset (RFC 9112 section 8).
        """
        this = cast("Any", self)
        if not isinstance(event, events.ConnectionClosed):
            return this.body_reader(this.buf)
        if this.conn.error == CUT:
            raise h11.RemoteProtocolError("cut")
        return this.body_reader.read_eof()

    def read_body(self, event: events.Event) -> Commands:
        """Hand on data, trailers and end; a body that breaks off or breaks the framing is an error."""
        this = cast("Any", self)
        while True:
            try:
                found = self._read_on(event)
            except h11.ProtocolError:
                yield from this.fail(GONE if isinstance(event, events.ConnectionClosed) else BROKEN)
                return
            if found is None:
                if len(this.buf) > self.bounds.header:  # chunk extensions or trailers without end
                    yield from this.fail(BROKEN)
                return
            if isinstance(found, h11.Data):
                if found.data:
                    yield ReceiveHttp(this.ReceiveData(this.stream_id, bytes(found.data)))
                continue
            if found.headers:
                kind = RequestTrailers if isinstance(self, Http1Server) else ResponseTrailers
                trailers = http.Headers([(bytes(name), bytes(value)) for name, value in found.headers])
                yield ReceiveHttp(kind(this.stream_id, trailers))
            if this.request.data.method.upper() != b"CONNECT":
                yield ReceiveHttp(this.ReceiveEndOfMessage(this.stream_id))
            request = isinstance(self, Http1Server)
            yield from this.mark_done(request=request, response=not request)
            return

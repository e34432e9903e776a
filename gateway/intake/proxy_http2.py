"""HTTP/2 on the wire: what HTTP/1 is bounded by bounds each stream as well."""

from __future__ import annotations

import time

import h2.connection
import h2.errors
import h2.events
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    HttpEvent,
    RequestHeaders,
    RequestProtocolError,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._http2 import Http2Client, Http2Server

from gateway.intake.passage import Bounds
from gateway.intake.proxy_bodies import BROKEN, GONE, SLOW
from gateway.intake.proxy_commands import Alarm
from gateway.intake.proxy_http1 import BadHead, nothing

_FRAME_HEAD = 9
_NO_STREAM = 0
"""Stands for the stream of what came on none (RFC 9113 section 5.1.1)."""

type Commands = layer.CommandGenerator[None]


def _overlong(peer: h2.connection.H2Connection) -> bool:
    """Tell of a frame that is longer than it may be before all of it has come, as h2 itself does only after that."""
    waiting = peer.incoming_buffer._data  # noqa: SLF001 - nobody else knows
    return len(waiting) > peer.max_inbound_frame_size + _FRAME_HEAD


class Server2(Http2Server):
    """Speaks HTTP/2 with a client."""

    def __init__(self, context: Context, bounds: Bounds) -> None:
        """``bounds`` are those of the settings."""
        super().__init__(context)
        self.bounds = bounds
        # Larger sections are read up to twice the limit, to be refused by name (431) and not by a cut connection.
        self.h2_conn.decoder.max_header_list_size = 2 * bounds.header + 65_536
        self._pending: dict[int, float] = {}
        self._armed = False

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.Wakeup):
            yield from self._woken()
            return
        yield from super()._handle_event(event)
        if isinstance(event, events.DataReceived):
            if _overlong(self.h2_conn):
                yield from self.protocol_error(BROKEN, h2.errors.ErrorCodes.FRAME_SIZE_ERROR)
            elif self._pending and not self._armed:
                self._armed = True
                yield Alarm(self.conn, self.bounds.body_seconds)

    def handle_h2_event(self, event: h2.events.Event) -> layer.CommandGenerator[bool]:
        """Follow which requests are not complete yet."""
        if isinstance(event, h2.events.RequestReceived):
            self._pending[event.stream_id] = time.monotonic()
        elif isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
            self._pending.pop(event.stream_id, None)
        return (yield from super().handle_h2_event(event))

    def protocol_error(
        self,
        message: str,  # noqa: ARG002 - it may quote what was sent
        error_code: int = h2.errors.ErrorCodes.PROTOCOL_ERROR,
    ) -> Commands:
        """End the connection, and have it recorded why: for each request that is not complete, or for none."""
        alone = self._pending.keys().isdisjoint(self.streams)
        yield from super().protocol_error(BROKEN, error_code)
        if alone:
            yield ReceiveHttp(BadHead(_NO_STREAM, nothing(), True, code="wire.malformed"))

    def _woken(self) -> Commands:
        self._armed = False
        now = time.monotonic()
        for stream_id, since in list(self._pending.items()):
            if since + self.bounds.body_seconds <= now + 0.01:
                del self._pending[stream_id]
                yield ReceiveHttp(RequestProtocolError(stream_id, SLOW, ErrorCode.GENERIC_CLIENT_ERROR))
        if self._pending:
            self._armed = True
            oldest = min(self._pending.values())
            yield Alarm(self.conn, max(0.01, oldest + self.bounds.body_seconds - now))


class Client2(Http2Client):
    """Speaks HTTP/2 with an upstream."""

    def __init__(self, context: Context, bounds: Bounds) -> None:
        """``bounds`` are those of the settings."""
        super().__init__(context)
        self.bounds = bounds
        self._asked: dict[int, float] = {}
        """By the client's stream: when the upstream was asked."""
        self._ours: Alarm | None = None

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.Wakeup) and event.command is self._ours:
            yield from self._woken()
            return
        if isinstance(event, events.DataReceived) and _overlong(self.h2_conn):
            yield from self.protocol_error(BROKEN, h2.errors.ErrorCodes.FRAME_SIZE_ERROR)
            return
        if isinstance(event, RequestHeaders):
            self._asked[event.stream_id] = time.monotonic()
        for command in super()._handle_event(event):
            if isinstance(command, ReceiveHttp):
                self._follow(command.event)
            yield command
        if self._asked and self._ours is None:
            yield self._wake_in(self.bounds.upstream_seconds)

    def _wake_in(self, seconds: float) -> Alarm:
        self._ours = Alarm(self.conn, seconds)
        return self._ours

    def _follow(self, event: HttpEvent) -> None:
        if type(event).__name__ in ("ResponseEndOfMessage", "ResponseProtocolError"):
            self._asked.pop(event.stream_id, None)

    def _woken(self) -> Commands:
        self._ours = None
        now = time.monotonic()
        for stream_id, since in list(self._asked.items()):
            if since + self.bounds.upstream_seconds <= now + 0.01:
                yield from self._give_up(stream_id, SLOW)
        if self._asked:
            oldest = min(self._asked.values())
            yield self._wake_in(max(0.01, oldest + self.bounds.upstream_seconds - now))

    def _give_up(self, stream_id: int, message: str) -> Commands:
        self._asked.pop(stream_id, None)
        self.stream_queue.pop(stream_id, None)
        ours = self.our_stream_id.get(stream_id)
        if ours is not None and not self.is_closed(ours):
            self.h2_conn.reset_stream(ours, h2.errors.ErrorCodes.CANCEL)
            self.streams.pop(ours, None)
            yield commands.SendData(self.conn, self.h2_conn.data_to_send())
        yield ReceiveHttp(ResponseProtocolError(stream_id, message, ErrorCode.GENERIC_SERVER_ERROR))

    def close_connection(self, msg: str) -> Commands:
        """Tell those who still wait in the queue as well that nothing will come."""
        queued = list(self.stream_queue)
        yield from super().close_connection(msg)
        for stream_id in queued:
            ours = self.our_stream_id.setdefault(stream_id, -stream_id)
            self.their_stream_id[ours] = stream_id
            yield ReceiveHttp(ResponseProtocolError(ours, GONE, ErrorCode.GENERIC_SERVER_ERROR))
        self.stream_queue.clear()

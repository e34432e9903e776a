"""HTTP/1 on the wire: heads checked before they are read, trailers kept, sizes and seconds bounded."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from mitmproxy import http
from mitmproxy.net.http import http1
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    HttpEvent,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._http1 import Http1Client, Http1Server, make_body_reader

from gateway.intake import wire
from gateway.intake.passage import Bounds
from gateway.intake.proxy_bodies import BROKEN, GONE, SLOW, SWITCHING, Bodies
from gateway.intake.proxy_commands import Alarm, Reading

_CONTINUE = 100
_INTERIM = frozenset(range(100, 200)) - {SWITCHING}
_PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}

type Commands = layer.CommandGenerator[None]


@dataclass
class BadHead(RequestHeaders):
    """A request head that was refused before it was read; ``code`` says why."""

    code: str = ""


def nothing() -> http.Request:
    """The request that stands for one that could not be read."""
    return http.Request("", 0, b"", b"", b"", b"/", b"HTTP/1.1", http.Headers(), None, None, time.time(), None)


class Server1(Bodies, Http1Server):
    """Speaks HTTP/1 with a client."""

    def __init__(self, context: Context, bounds: Bounds) -> None:
        """``bounds`` are those of the settings."""
        super().__init__(context)
        self.bounds = bounds
        self._held_off = False
        self._seen = 0
        """Bytes of an unfinished head that have been looked at."""
        self._since = 0.0
        """When the first byte of the message came that is not complete yet; 0 where there is none."""
        self._armed = False

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.Wakeup):
            yield from self._woken()
            return
        yield from super()._handle_event(event)
        if isinstance(event, events.DataReceived):
            yield from self._watch()

    def send(self, event: HttpEvent) -> Commands:
        """Write an answer; its length is always told, so nothing is ever chunked."""
        if isinstance(event, ResponseHeaders):
            response = self.response = event.response
            fields = response.headers.fields
            if wire.closes(b"HTTP/1.1", fields):
                self.last = True
            phrase = response.data.reason or _PHRASES.get(response.status_code, b"")
            start = b"HTTP/1.1 %d %s\r\n" % (response.status_code, phrase)
            self.held = wire.head(start, fields)
            if response.status_code == _CONTINUE:
                self.response = None
                yield from self._send_body(b"")
        elif isinstance(event, ResponseData):
            yield from self._send_body(event.data)
        elif isinstance(event, ResponseEndOfMessage):
            yield from self._send_body(b"")
            yield from self.mark_done(response=True)
        elif isinstance(event, ResponseProtocolError):
            yield commands.CloseConnection(self.conn)

    def wait(self, event: events.Event) -> Commands:
        """Keep what comes while an answer is on its way; what is more than a head waits with the client."""
        yield from super().wait(event)
        if len(self.buf) > self.bounds.header and not self._held_off:
            self._held_off = True
            yield Reading(self.conn, on=False)

    def mark_done(self, *, request: bool = False, response: bool = False) -> Commands:
        """As for any body; then read on."""
        if self._held_off and response:
            self._held_off = False
            yield Reading(self.conn, on=True)
        yield from super().mark_done(request=request, response=response)

    def _watch(self) -> Commands:
        """Start the clock for a message that is not complete."""
        reading = self.state == self.read_body or (self.state == self.read_headers and bool(self.buf))
        if not reading:
            self._since = 0.0
        elif not self._since:
            self._since = time.monotonic()
            if not self._armed:
                self._armed = True
                yield Alarm(self.conn, self.bounds.body_seconds)

    def _woken(self) -> Commands:
        self._armed = False
        if not self._since:
            return
        left = self._since + self.bounds.body_seconds - time.monotonic()
        if left > 0.01:
            self._armed = True
            yield Alarm(self.conn, left)
        elif self.response is not None:  # refused long ago, and still sending
            yield commands.CloseConnection(self.conn)
            self.state = self.done
        elif self.state == self.read_headers:
            yield from self._reject("wire.slow")
        else:
            yield from self.fail(SLOW)

    def read_headers(self, event: events.ConnectionEvent) -> Commands:
        """Read a head, if it is one that everybody reads alike."""
        if isinstance(event, events.ConnectionClosed):
            yield commands.CloseConnection(self.conn)
            return
        data = bytes(self.buf)
        if data.startswith(b"\r\n"):  # RFC 9112 section 2.2: ignore empty lines before a request line
            blank = len(data) - len(data.lstrip(b"\r\n"))
            self.buf.maybe_extract_at_most(blank)
            data = data[blank:]
        if not data:
            return
        end = data.find(b"\r\n\r\n", 0, self.bounds.header + 4)
        if end < 0:
            seen, self._seen = self._seen, len(data)
            if not wire.could_be_request(data) or wire.lines_broken(data[: self.bounds.header], seen):
                yield from self._reject("wire.malformed")
            elif len(data) > self.bounds.header:
                yield from self._reject("wire.header_too_large")
            return
        self._seen = 0
        head = data[: end + 4]
        if wire.head_fault(head):
            yield from self._reject("wire.malformed")
            return
        self.buf.maybe_extract_at_most(len(head))
        try:
            self.request = http1.read_request_head(head[:-4].split(b"\r\n"))
            expected = http1.expected_http_body_size(self.request)
        except ValueError:
            yield from self._reject("wire.malformed")
            return
        self.last = self.request.data.http_version == b"HTTP/1.0" or wire.closes(
            self.request.data.http_version, self.request.headers.fields
        )
        yield ReceiveHttp(RequestHeaders(self.stream_id, self.request, expected == 0))
        self.body_reader = make_body_reader(expected)
        self.state = self.read_body
        yield from self.state(event)

    def _reject(self, code: str) -> Commands:
        """Have a head refused; nothing more is read from this client."""
        self.request = nothing()
        self.request_done = True
        self.state = self.wait
        yield ReceiveHttp(BadHead(self.stream_id, self.request, True, code=code))

    def fail(self, message: str) -> Commands:
        """Have a body refused that will not be complete; the answer closes the connection."""
        self.request_done = True
        self.state = self.wait
        if message == GONE:
            yield commands.CloseConnection(self.conn)
        yield ReceiveHttp(RequestProtocolError(self.stream_id, message, ErrorCode.GENERIC_CLIENT_ERROR))
        if self.response is not None and self.response_done:
            yield commands.CloseConnection(self.conn)


class Client1(Bodies, Http1Client):
    """Speaks HTTP/1 with an upstream."""

    def __init__(self, context: Context, bounds: Bounds) -> None:
        """``bounds`` are those of the settings."""
        super().__init__(context)
        self.bounds = bounds
        self._since = 0.0
        self._armed = False

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.Wakeup):
            yield from self._woken()
            return
        if self.state == self.passthrough:
            self._since = 0.0  # no longer an exchange, so no answer is late
        elif isinstance(event, HttpEvent) and not self._since:
            self._since = time.monotonic()
            if not self._armed:
                self._armed = True
                yield Alarm(self.conn, self.bounds.upstream_seconds)
        yield from super()._handle_event(event)
        if self.stream_id is None:
            self._since = 0.0

    def send(self, event: HttpEvent) -> Commands:
        """Write a request; the door has told its length."""
        if isinstance(event, RequestHeaders):
            request = self.request = event.request
            self.stream_id = event.stream_id
            fields = request.headers.fields
            # One exchange for each connection where HTTP/2 was translated, since streams cannot share one in order.
            self.last = request.is_http2
            if request.is_http2:
                fields = wire.joined_cookies(((b"Host", request.data.authority), *fields))
            self.held = wire.head(b"%s %s HTTP/1.1\r\n" % (request.data.method, request.data.path), fields)
        elif isinstance(event, RequestData):
            yield from self._send_body(event.data)
        elif isinstance(event, RequestEndOfMessage):
            yield from self._send_body(b"")
            yield from self.mark_done(request=True)
        elif isinstance(event, RequestProtocolError):
            yield commands.CloseConnection(self.conn)

    def _woken(self) -> Commands:
        self._armed = False
        if not self._since or self.stream_id is None:
            return
        left = self._since + self.bounds.upstream_seconds - time.monotonic()
        if left > 0.01:
            self._armed = True
            yield Alarm(self.conn, left)
        else:
            yield from self.fail(SLOW)

    def read_headers(self, event: events.ConnectionEvent) -> Commands:
        """Read a response head; informational ones (1xx) end here, since the gateway answers Expect itself."""
        if isinstance(event, events.ConnectionClosed):
            yield commands.CloseConnection(self.conn)
            if self.stream_id is not None:
                yield from self.fail(GONE)
            return
        while True:
            if self.request is None:  # nobody asked: a response that was prepared for somebody else's question
                yield commands.CloseConnection(self.conn)
                self.state = self.done
                return
            lines = self.buf.maybe_extract_lines()
            if lines is None or not lines:
                if len(self.buf) > self.bounds.header:
                    yield from self.fail(BROKEN)
                return
            try:
                self.response = http1.read_response_head([bytes(line) for line in lines])
                expected = _expected(self.request, self.response)
            except ValueError:
                yield from self.fail(BROKEN)
                return
            if self.response.status_code not in _INTERIM:
                break
            self.response = None
        data = self.response.data
        self.last = self.last or expected == -1 or wire.closes(data.http_version, data.headers.fields)
        yield ReceiveHttp(ResponseHeaders(cast("int", self.stream_id), self.response, expected == 0))
        self.body_reader = make_body_reader(expected)
        self.state = self.read_body
        yield from self.state(event)

    def fail(self, message: str) -> Commands:
        """Have an answer refused that will not be complete; the connection is of no more use."""
        stream_id, self.stream_id = self.stream_id, None
        self.state = self.done
        yield commands.CloseConnection(self.conn)
        if stream_id is not None:
            yield ReceiveHttp(ResponseProtocolError(stream_id, message, ErrorCode.GENERIC_SERVER_ERROR))


def _expected(request: http.Request, response: http.Response) -> int | None:
    """Return the length of an answer's body, None where it is chunked, -1 where its connection ends it.

    Raises ValueError.
    """
    if response.status_code == SWITCHING and not wire.upgrades(request.headers.fields):
        raise ValueError("nobody asked for another protocol")
    if wire.framing_fault(response.headers.fields):
        raise ValueError("framing")
    return http1.expected_http_body_size(request, response)

"""One exchange as a state machine that refuses unless the door takes the refusal away.

It replaces mitmproxy's own stream layer, which can stream bodies past the door, switch to raw TCP or WebSocket, and
answers for itself where a message is faulty. Here a refusal is put into ``flow.response`` when the flow is made, and
once more when the upstream has answered; only the door's ``request`` and ``response`` take it out (laws 1 and 2).
"""

from __future__ import annotations

import time
from http import HTTPStatus

from mitmproxy import connection, http
from mitmproxy.net.http import url
from mitmproxy.proxy import events, layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import DropStream, HTTPMode, HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    HttpEvent,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    RequestTrailers,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
    ResponseTrailers,
)
from mitmproxy.proxy.layers.http._hooks import (
    HttpConnectHook,
    HttpErrorHook,
    HttpRequestHeadersHook,
    HttpRequestHook,
    HttpResponseHook,
)
from mitmproxy.proxy.mode_specs import ReverseMode, TransparentMode
from mitmproxy.proxy.utils import ReceiveBuffer

from gateway.intake import handshake, wire
from gateway.intake.passage import PASSAGE, Bounds, Passage, Trouble
from gateway.intake.proxy_bodies import BROKEN, SLOW, SWITCHING
from gateway.intake.proxy_http1 import BadHead
from gateway.intake.proxy_websocket import Messages
from gateway.intake.refusal import Refusal, bare_refusal
from gateway.vocabulary import Fault, Leg

type Commands = layer.CommandGenerator[None]

_CONTINUE = 100
STRANGERS_BODY = 65_536
"""Bytes of a body that are kept for a sender who has not proved who it is."""
WEBSOCKET = "websocket.handshake"
"""Notice of a request that would be WebSocket; an entry must say that its endpoint is one."""


def native(refusal: Refusal) -> http.Response:
    """A refusal as mitmproxy has it; the connection ends with it where HTTP/1 is spoken and more may be on its way."""
    fields = (*refusal.fields, (b"Content-Length", b"%d" % len(refusal.body)))
    phrase = HTTPStatus(refusal.status).phrase.encode()
    return http.Response(
        b"HTTP/1.1", refusal.status, phrase, http.Headers(fields), refusal.body, None, time.time(), time.time()
    )


BARE = native(bare_refusal())
"""The refusal that is in a flow before anybody is asked: one for all, never changed, copied when it is sent."""


class Exchange(HttpStream):
    """A request, what becomes of it, and its answer."""

    def __init__(self, context: Context, stream_id: int, bounds: Bounds) -> None:
        """``bounds`` are those of the settings."""
        super().__init__(context, stream_id)
        self.bounds = bounds
        self.passage = Passage()
        self._whole = False
        """Whether the request has arrived in full, so that the connection can serve another."""

    def state_wait_for_request_headers(self, event: HttpEvent) -> Commands:
        """Make the flow with a refusal in it, and look at the head."""
        assert isinstance(event, RequestHeaders)  # noqa: S101 - the parent layer sends nothing else first
        request = event.request
        flow = self.flow = http.HTTPFlow(self.context.client, self.context.server)
        flow.request = request
        flow.live = True
        self.bounds.in_flight.add(self)
        flow.response = BARE
        flow.metadata[PASSAGE] = self.passage
        self.passage.languages = wire.value_of(request.headers.fields, b"accept-language")
        if isinstance(event, BadHead):
            limit = self.bounds.header if event.code == "wire.header_too_large" else 0
            fault = Fault.TOO_LARGE if limit else Fault.POLICY
            yield from self.refuse(Trouble(event.code, fault, limit=limit))
            return
        if trouble := self._fault_of_head():
            yield from self.refuse(trouble)
            return
        if request.data.method == b"CONNECT":
            self.context.server.sni = request.host
            yield from self.handle_connect()
            return
        if not (yield from self._may_send(wire.declared_length(request.headers.fields))):
            return
        if not event.end_stream and request.headers.get("expect", "").lower() == "100-continue":
            interim = http.Response.make(_CONTINUE)
            interim.headers.clear()
            yield SendHttp(ResponseHeaders(self.stream_id, interim), self.context.client)
        self.client_state = self.state_consume_request_body
        self.server_state = self.state_wait_for_response_headers

    def _may_send(self, size: int) -> layer.CommandGenerator[bool]:
        """Ask the door who sends, before much of a body is kept in memory; nobody's transfer is ever permitted."""
        if size <= STRANGERS_BODY or self.passage.vouched:
            return True
        yield HttpRequestHeadersHook(self.flow)
        if not self.passage.vouched:
            self.request_body_buf = ReceiveBuffer()  # type: ignore[no-untyped-call]
            yield from self.refuse(Trouble("wire.unknown_sender", limit=STRANGERS_BODY))
        return self.passage.vouched

    def _fault_of_head(self) -> Trouble | None:
        """Bounds, framing and place; the notices are the policies' business, what cannot be read is the door's."""
        request = self.flow.request
        fields = request.headers.fields
        if wire.size(fields) + len(request.data.path) > self.bounds.header:
            return Trouble("wire.header_too_large", Fault.TOO_LARGE, limit=self.bounds.header)
        if wire.framing_fault(fields) or wire.values_broken(fields):
            return Trouble("wire.malformed")
        tunnel = request.data.method == b"CONNECT"
        if tunnel and (self.mode is not HTTPMode.regular or wire.declares_body(fields)):
            return Trouble("wire.malformed")
        try:
            self._place()
        except ValueError:
            return Trouble("wire.malformed")
        if wire.declared_length(fields) > self.bounds.body:
            return Trouble("wire.body_too_large", Fault.TOO_LARGE, limit=self.bounds.body)
        return None

    def _place(self) -> None:
        """Settle where the request goes, and write it in one way only. Raises ValueError where it cannot be told."""
        request, client, server = self.flow.request, self.context.client, self.context.server
        fields = request.headers.fields
        hosts = [value.decode("latin-1") for name, value in fields if name.lower() == b"host"]
        named = [*hosts, request.authority] if request.authority else hosts
        fixed = isinstance(client.proxy_mode, ReverseMode)
        if self.mode is HTTPMode.transparent:
            if not server.address:
                raise ValueError("destination")
            scheme = "https" if server.tls else "http"
            host, port = server.address[0], server.address[1]
            if isinstance(client.proxy_mode, TransparentMode):
                host, port = wire.authority(named[0] if named else "", port)[0], port
        elif request.host:
            scheme = request.scheme or "https"
            host, port = request.host, request.port
        else:
            scheme = "https" if client.tls else "http"
            host, port = wire.authority(named[0] if named else "", 443 if client.tls else 80)
        if scheme not in ("http", "https"):
            raise ValueError("scheme")
        place = (wire.canonical(host), port)
        # In a tunnel and behind a reverse proxy the name in TLS is that of the request; before CONNECT it is our own.
        sni = client.sni if self.mode is HTTPMode.transparent else None
        default = 443 if scheme == "https" else 80
        self.passage.notices = wire.authority_notices(place, named, sni, default, fixed=fixed)
        if wire.upgrades(fields):
            self.passage.offer = handshake.offered(request.data.method, request.data.http_version, fields)
            self.passage.notices += (WEBSOCKET if self.passage.offer else "wire.upgrade",)
        if request.data.method == b"CONNECT":
            return
        request.data.host, request.data.port, request.data.scheme = place[0], place[1], scheme.encode()
        written = url.hostport(scheme, place[0], place[1]).encode()
        others = [(name, value) for name, value in fields if name.lower() != b"host"]
        if request.is_http2:
            request.data.authority = written
            request.headers.fields = tuple(others)
        else:
            request.data.authority = b""
            request.headers.fields = ((b"Host", written), *others)

    def state_consume_request_body(self, event: events.Event) -> Commands:
        """Gather the body; once it is complete, ask the door, and forward if the refusal has gone."""
        if isinstance(event, RequestData):
            self.request_body_buf += event.data
            if len(self.request_body_buf) > self.bounds.body:
                self.request_body_buf = ReceiveBuffer()  # type: ignore[no-untyped-call]
                yield from self.refuse(Trouble("wire.body_too_large", Fault.TOO_LARGE, limit=self.bounds.body))
            else:
                yield from self._may_send(len(self.request_body_buf))
        elif isinstance(event, RequestTrailers):
            self.flow.request.trailers = event.trailers
        elif isinstance(event, RequestEndOfMessage):
            self._whole = True
            request = self.flow.request
            request.data.timestamp_end = time.time()
            request.data.content = bytes(self.request_body_buf)
            self.request_body_buf = ReceiveBuffer()  # type: ignore[no-untyped-call]
            self.client_state = self.state_done
            yield HttpRequestHook(self.flow)
            if (yield from self._client_left(waiting=self.passage.asked is not None)):
                return
            if self.flow.response is not None:
                self.server_state = self.state_errored
                yield from self.answer()
                return
            yield from self._forward()

    def _forward(self) -> Commands:
        self.flow.response = BARE  # for the way back
        if not (yield from self.make_server_connection()) or (yield from self._client_left(waiting=True)):
            return
        request = self.flow.request
        content = request.data.content
        server = self.context.server
        yield SendHttp(RequestHeaders(self.stream_id, request, not content), server)
        if content:
            yield SendHttp(RequestData(self.stream_id, content), server)
        yield SendHttp(RequestEndOfMessage(self.stream_id), server)

    def state_wait_for_response_headers(self, event: events.Event) -> Commands:
        """Keep the upstream's answer aside; what the client would get is still a refusal."""
        assert isinstance(event, ResponseHeaders)  # noqa: S101 - the parent layer sends nothing else first
        arrived = self.passage.arrived = event.response
        fields = arrived.headers.fields
        if wire.framing_fault(fields) or wire.values_broken(fields) or wire.size(fields) > self.bounds.header:
            yield from self.drop_upstream(Trouble("upstream.broken", Fault.UPSTREAM, Leg.RESPONSE))
            return
        if not event.end_stream and wire.declared_length(fields) > self.bounds.body:
            yield from self.drop_upstream(self._answer_too_large())
            return
        if arrived.status_code == SWITCHING and not (self.passage.offer and self.passage.offer.agreed(fields)):
            yield from self.drop_upstream(Trouble("upstream.broken", Fault.UPSTREAM, Leg.RESPONSE))
            return
        self.server_state = self.state_consume_response_body

    def _answer_too_large(self) -> Trouble:
        return Trouble("wire.body_too_large", Fault.TOO_LARGE, Leg.RESPONSE, limit=self.bounds.body)

    def state_consume_response_body(self, event: events.Event) -> Commands:
        """Gather the answer; once it is complete, ask the door what the client gets."""
        if isinstance(event, ResponseData):
            self.response_body_buf += event.data
            if len(self.response_body_buf) > self.bounds.body:
                self.response_body_buf = ReceiveBuffer()  # type: ignore[no-untyped-call]
                yield from self.drop_upstream(self._answer_too_large())
        elif isinstance(event, ResponseTrailers):
            self.passage.arrived.trailers = event.trailers
        elif isinstance(event, ResponseEndOfMessage):
            self.passage.arrived.data.content = bytes(self.response_body_buf)
            self.response_body_buf = ReceiveBuffer()  # type: ignore[no-untyped-call]
            self.server_state = self.state_done
            yield HttpResponseHook(self.flow)
            if (yield from self._client_left()):
                return
            if self.passage.arrived.status_code != SWITCHING:
                yield from self.answer()
            elif self.flow.response is self.passage.arrived:
                yield from self._open_messages()
            else:
                yield from self._hang_up()
                yield from self.answer()

    def _open_messages(self) -> Commands:
        """Switch to WebSocket: the handshake was permitted both ways, and each message is judged from here on."""
        messages = self.child_layer = Messages(self.context, self.flow, self.bounds)
        self._handle_event = self.passthrough
        self.bounds.in_flight.discard(self)
        yield from messages.handle_event(events.Start())
        yield SendHttp(ResponseHeaders(self.stream_id, self.passage.arrived, True), self.context.client)
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)

    def drop_upstream(self, trouble: Trouble) -> Commands:
        """Refuse an answer, and let go of the connection it comes on."""
        yield from self._hang_up()
        yield from self.refuse(trouble)

    def _hang_up(self) -> Commands:
        yield SendHttp(
            RequestProtocolError(self.stream_id, BROKEN, ErrorCode.GENERIC_CLIENT_ERROR), self.context.server
        )

    def refuse(self, trouble: Trouble, *, silently: bool = False) -> Commands:
        """Have the door record and word a refusal of its own, then tell the client unless it has gone."""
        self.client_state = self.server_state = self.state_errored
        self.passage.trouble = trouble
        yield HttpErrorHook(self.flow)
        if silently:
            self.flow.live = False
            yield from self.drop()
        else:
            yield from self.answer()

    def answer(self) -> Commands:
        """Send what is in ``flow.response``."""
        response = self.flow.response
        assert response is not None  # noqa: S101 - a flow is made with a refusal, which only an answer replaces
        if response is BARE:
            response = self.flow.response = native(bare_refusal())
        bodiless = self.flow.request.data.method == b"HEAD" or response.status_code in (204, 304)
        content = b"" if bodiless else response.data.content
        client = self.context.client
        if not self._whole and not self.flow.request.is_http2:
            response.headers["Connection"] = "close"
        yield SendHttp(ResponseHeaders(self.stream_id, response, not content), client)
        if content:
            yield SendHttp(ResponseData(self.stream_id, content), client)
        self.flow.live = False
        yield from self.drop()
        yield SendHttp(ResponseEndOfMessage(self.stream_id), client)

    def drop(self) -> Commands:
        """Forget this stream."""
        self.bounds.in_flight.discard(self)
        yield DropStream(self.stream_id)

    def _has_left(self) -> bool:
        return any(isinstance(event, RequestProtocolError) for event in self._paused_event_queue)

    def _client_left(self, *, waiting: bool = False) -> layer.CommandGenerator[bool]:
        """Tell whether the client left while we waited for somebody: then nothing is sent to anybody.

        Where a request was ``waiting`` that had been permitted, it is recorded that it was not forwarded.
        """
        if not self._has_left():
            return False
        if waiting:
            yield from self.refuse(Trouble("wire.client_left", leg=Leg.RESPONSE), silently=True)
            return True
        self.client_state = self.server_state = self.state_errored
        self.flow.live = False
        yield from self.drop()
        return True

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> Commands:
        """A side broke off, broke the protocol or was too slow."""
        if isinstance(event, RequestProtocolError):
            if self.client_state == self.state_consume_request_body:
                code = {SLOW: "wire.slow", BROKEN: "wire.malformed"}.get(event.message, "wire.client_gone")
                yield from self.refuse(Trouble(code), silently=code == "wire.client_gone")
                return
            if self.server_state in (self.state_wait_for_response_headers, self.state_consume_response_body):
                # The request has been forwarded; its answer has nobody to go to.
                yield SendHttp(event, self.context.server)
            self.client_state = self.server_state = self.state_errored
            self.flow.live = False
            yield from self.drop()
        elif self.server_state in (self.state_wait_for_response_headers, self.state_consume_response_body):
            code = "upstream.broken"
            if event.code is ErrorCode.CONNECT_FAILED and self._has_left():
                yield from self._client_left(waiting=True)  # which is why there is no connection
                return
            if event.code is ErrorCode.CONNECT_FAILED:
                code = "upstream.unreachable"
            elif event.message == SLOW:
                code = "upstream.slow"
            yield from self.refuse(Trouble(code, Fault.UPSTREAM, Leg.RESPONSE))

    def handle_connect(self) -> Commands:
        """Ask the door whether a tunnel may be opened; the refusal is there already."""
        self.client_state = self.state_done
        yield HttpConnectHook(self.flow)
        if (yield from self._client_left()):
            return
        if self.flow.response is not None:
            self._whole = True
            yield from self.answer()
            return
        self.bounds.in_flight.discard(self)  # a tunnel is no exchange; what goes through it is
        server = connection.Server(address=(wire.canonical(self.flow.request.host), self.flow.request.port))
        self.context.server = self.flow.server_conn = server
        self.child_layer = layer.NextLayer(self.context)
        yield from self.handle_connect_finish()  # type: ignore[no-untyped-call]

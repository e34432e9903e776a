"""Which layers there are at all: TLS and HTTP. No layer that could pass raw bytes on is ever made.

Where mitmproxy would guess at another protocol (raw TCP, WebSocket, DNS, QUIC), what comes is read as HTTP/1 and
refused as malformed.
"""

from __future__ import annotations

from mitmproxy.connection import ConnectionState, Server
from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy import commands, events, layer, tunnel
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.layers.http import (
    DropStream,
    GetHttpConnection,
    GetHttpConnectionCompleted,
    HttpLayer,
    HTTPMode,
    RegisterHttpConnection,
    SendHttp,
)
from mitmproxy.proxy.layers.http._base import HttpConnection, HttpEvent, ReceiveHttp
from mitmproxy.proxy.layers.http._events import RequestHeaders
from mitmproxy.proxy.layers.tls import ClientTLSLayer
from mitmproxy.proxy.mode_specs import ReverseMode

from gateway.intake.passage import Bounds
from gateway.intake.proxy_commands import Alarm
from gateway.intake.proxy_exchange import Exchange
from gateway.intake.proxy_http1 import Client1, Server1
from gateway.intake.proxy_http2 import Client2, Server2
from gateway.intake.proxy_tls import UpstreamTls

type Commands = layer.CommandGenerator[None]

_LONGEST_STACK = 8
"""HTTP proxy, TLS, HTTP, stream, TLS, HTTP, stream: a tunnel in a tunnel is as deep as it gets."""


class UpstreamClient(layer.Layer):
    """Opens a connection to an upstream, then speaks the version of HTTP that was agreed on."""

    def __init__(self, context: Context, bounds: Bounds) -> None:
        """``bounds`` are those of the settings."""
        super().__init__(context)
        self.bounds = bounds

    def _handle_event(self, event: events.Event) -> Commands:
        server = self.context.server
        fault = yield commands.OpenConnection(server)
        if not fault:
            kind = Client2 if server.alpn == b"h2" else Client1
            child = kind(self.context, self.bounds)
            self._handle_event = child.handle_event  # type: ignore[method-assign]  # as mitmproxy does
            yield from child.handle_event(event)
        yield RegisterHttpConnection(server, fault)


class Http(HttpLayer):
    """HTTP with a client, and with the upstreams that it asks for."""

    def __init__(self, context: Context, mode: HTTPMode, bounds: Bounds) -> None:
        """``bounds`` are those of the settings."""
        super().__init__(context, mode)
        self.bounds = bounds

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.Start):
            speaks = Server2 if self.context.client.alpn == b"h2" else Server1
            child: HttpConnection = speaks(self.context.fork(), self.bounds)
            self.connections[self.context.client] = child
            yield from self.event_to_child(child, event)
        elif isinstance(event, events.ConnectionEvent) and event.connection not in self.connections:
            return  # the last word of a connection that was given up
        elif isinstance(event, events.CommandCompleted) and event.command not in self.command_sources:
            return
        else:
            yield from super()._handle_event(event)

    def event_to_child(self, child: layer.Layer, event: events.Event) -> Commands:  # noqa: C901 - one switch
        """Hand ``event`` to a child and route what it asks for, as mitmproxy does, but by exact kind."""
        for command in child.handle_event(event):
            kind = type(command)
            if kind is ReceiveHttp:
                told: HttpEvent = command.event  # type: ignore[attr-defined]
                if isinstance(told, RequestHeaders):
                    yield from self.make_stream(told.stream_id)
                if (stream := self.streams.get(told.stream_id)) is not None:
                    yield from self.event_to_child(stream, told)
            elif kind is SendHttp:
                if (peer := self.connections.get(command.connection)) is not None:  # type: ignore[attr-defined]
                    yield from self.event_to_child(peer, command.event)  # type: ignore[attr-defined]
            elif kind is DropStream:
                self.streams.pop(command.stream_id, None)  # type: ignore[attr-defined]
            elif kind is RegisterHttpConnection:
                yield from self.register_connection(command)  # type: ignore[arg-type]
            else:
                if command.blocking or kind is Alarm:
                    self.command_sources[command] = child
                if kind is GetHttpConnection:
                    yield from self.get_connection(command)  # type: ignore[arg-type]
                else:
                    if kind is commands.OpenConnection:
                        self.connections[command.connection] = child  # type: ignore[attr-defined]
                    yield command

    def make_stream(self, stream_id: int) -> Commands:
        """Make our own kind of stream."""
        self.streams[stream_id] = Exchange(self.context.fork(), stream_id, self.bounds)
        yield from self.event_to_child(self.streams[stream_id], events.Start())

    def get_connection(self, event: GetHttpConnection, *, reuse: bool = True) -> Commands:
        """Find an open connection to the place that ``event`` asks for, or open one. Nothing is ever sent twice."""
        shared = self.context.client.alpn == b"h2"
        for known in [each for each in self.connections if isinstance(each, Server)]:
            if known.state is ConnectionState.CLOSED and known not in self.waiting_for_establishment:
                del self.connections[known]
            elif reuse and event.connection_spec_matches(known) and (not shared or known.alpn == b"h2"):
                if known in self.waiting_for_establishment:
                    self.waiting_for_establishment[known].append(event)
                    return
                if known.connected and not known.error:
                    stream = self.command_sources.pop(event)
                    yield from self.event_to_child(stream, GetHttpConnectionCompleted(event, (known, None)))
                    return
        context = self.context.fork()
        context.server = Server(address=event.address)
        if not shared:  # what was asked in HTTP/1 travels in HTTP/1, which alone can become a WebSocket
            context.server.alpn_offers = (b"http/1.1",)
        stack = tunnel.LayerStack()
        if event.tls:
            context.server.sni = event.address[0]  # what is asked for and what is verified is the judged name
            stack /= UpstreamTls(context)
        stack /= UpstreamClient(context, self.bounds)
        self.connections[context.server] = stack[0]
        self.waiting_for_establishment[context.server].append(event)
        yield from self.event_to_child(stack[0], events.Start())


class Layering:
    """The addon that chooses layers; there is little to choose."""

    name = "nextlayer"

    def __init__(self, bounds: Bounds) -> None:
        """``bounds`` are those of the settings."""
        self.bounds = bounds

    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """TLS where a ClientHello begins, else HTTP."""
        context = nextlayer.context
        data: bytes = nextlayer.data_client()  # type: ignore[no-untyped-call]
        below = context.layers[-1]
        if not isinstance(below, ClientTLSLayer) and data[:1] == b"\x16":
            if len(data) < 3 or len(context.layers) > _LONGEST_STACK:
                return  # wait for the rest of the record's head
            if starts_like_tls_record(data):
                nextlayer.layer = ClientTLSLayer(context)
                return
        outermost = context.layers[: -1 if isinstance(below, ClientTLSLayer) else None]
        regular = len(outermost) == 1 and isinstance(outermost[0], modes.HttpProxy)
        spec = context.client.proxy_mode
        if isinstance(spec, ReverseMode):
            context.server.tls = spec.scheme == "https"
        elif not regular:
            context.server.tls = isinstance(below, ClientTLSLayer)
        mode = HTTPMode.regular if regular else HTTPMode.transparent
        nextlayer.layer = Http(context, mode, self.bounds)

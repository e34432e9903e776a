"""mitmproxy as a library: an own Master with the few addons that are needed, and options that cannot be unsafe."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import gateway.intake.proxy_lean  # noqa: F401  # isort: skip - before anything of mitmproxy's addons

from mitmproxy import http, options, platform
from mitmproxy.addons.core import Core
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.master import Master
from mitmproxy.net import tls as net_tls
from mitmproxy.proxy.mode_specs import ProxyMode, TransparentMode

from gateway.intake.authority import authority_folder, make_authority, upstream_bundle
from gateway.intake.destinations import Destinations
from gateway.intake.passage import Bounds
from gateway.intake.proxy_connection import Connection, Hooks
from gateway.intake.proxy_door import Door
from gateway.intake.proxy_layers import Layering
from gateway.intake.proxy_tls import Tls
from gateway.intake.room import Room
from gateway.pipeline import House

BACKLOG = 1024

# mitmproxy checks the type of every field of every message, a debugging aid that ``python -O`` leaves out too; it was
# measured at a quarter of the door's own time. The fields come from mitmproxy's own parsers and from the door.
http.MessageData.__post_init__ = lambda _message: None  # type: ignore[method-assign]


class UnsafeOptions(RuntimeError):
    """The proxy is set up in a way in which data could pass unjudged. The message names the options."""


_SAFE: dict[str, object] = {
    "rawtcp": False,
    "websocket": False,
    "http3": False,
    "ssl_insecure": False,
    "connection_strategy": "lazy",
    "stream_large_bodies": None,
    "store_streamed_bodies": False,
    "validate_inbound_headers": True,
    "ignore_hosts": [],
    "allow_hosts": [],
    "tcp_hosts": [],
    "udp_hosts": [],
    "upstream_cert": False,
    "request_client_cert": False,
    "client_certs": None,
    "certs": [],
    "proxy_debug": False,
    "server": False,
    "onboarding": False,
}
"""What each option must be; ``server`` since the gateway listens itself, on a port that workers share."""


_MODES = ("regular", "transparent", "reverse:http://", "reverse:https://")


def refuse_unsafe(opts: options.Options) -> None:
    """Raise ``UnsafeOptions`` where an option would let data pass unjudged, or show them to others."""
    wrong = [name for name, value in _SAFE.items() if name in opts and _plain(getattr(opts, name)) != value]
    if opts.ssl_verify_upstream_trusted_ca is None and not opts.ssl_verify_upstream_trusted_confdir:
        wrong.append("ssl_verify_upstream_trusted_ca")
    if len(opts.mode) != 1 or not opts.mode[0].startswith(_MODES):
        wrong.append("mode")
    if net_tls.log_master_secret is not None:
        wrong.append("SSLKEYLOGFILE")
    if wrong:
        raise UnsafeOptions(f"unsafe proxy options: {', '.join(sorted(wrong))}")


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


class Gateway(Master):
    """Listens, and walks every exchange through the house. One for each worker process."""

    def __init__(self, house: House) -> None:
        """Build it in a running event loop. Raises ``UnsafeOptions``, OSError, ValueError."""
        settings = house.settings
        folder = authority_folder(settings)
        make_authority(folder)
        bundle = upstream_bundle(folder, settings.upstream_ca)
        self.bounds = bounds = Bounds(
            settings.max_body, settings.max_header, settings.body_timeout, settings.upstream_timeout
        )
        super().__init__(options.Options(), asyncio.get_running_loop())
        self._legacy_log_events.uninstall()
        logging.getLogger("mitmproxy").setLevel(logging.CRITICAL)
        self.house = house
        self.destinations = Destinations(settings.resolve)
        self.door = Door(house, self.destinations)
        layering = Layering(bounds)
        secrecy = Tls(folder, settings.client_ca)
        self.addons.add(Core(), Proxyserver(), layering, secrecy, self.door)  # type: ignore[no-untyped-call]
        self.options.update(  # type: ignore[no-untyped-call]
            server=False,
            mode=[settings.mode],
            confdir=str(folder),
            rawtcp=False,
            websocket=False,
            http3=False,
            ssl_insecure=False,
            connection_strategy="lazy",
            validate_inbound_headers=True,
            upstream_cert=False,
            body_size_limit=str(settings.max_body),
            ssl_verify_upstream_trusted_ca=str(bundle),
            tcp_timeout=max(60, round(2 * (settings.body_timeout + settings.upstream_timeout))),
        )
        refuse_unsafe(self.options)
        self.hooks: Hooks = {
            "client_connected": self.door.client_connected,
            "client_disconnected": self.door.client_disconnected,
            "next_layer": layering.next_layer,
            "tls_clienthello": secrecy.tls_clienthello,
            "tls_start_client": secrecy.tls_start_client,
            "tls_start_server": secrecy.tls_start_server,
            "http_connect": self.door.http_connect,
            "requestheaders": self.door.requestheaders,
            "request": self.door.request,
            "response": self.door.response,
            "error": self.door.error,
            "message": self.door.message,
        }
        self._mode = ProxyMode.parse(settings.mode)
        if isinstance(self._mode, TransparentMode):
            platform.init_transparent_mode()
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[Any], Connection] = {}
        self._room = Room(settings.connections)

    @property
    def port(self) -> int:
        """The port it listens on; known once it listens."""
        assert self._server is not None  # noqa: S101 - asked before listen()
        return int(self._server.sockets[0].getsockname()[1])

    async def listen(self) -> None:
        """Listen on the address of the settings, sharing the port with other workers. Raises OSError."""
        settings = self.house.settings
        self._server = await asyncio.start_server(
            self._serve, settings.listen_host, settings.listen_port, reuse_port=True, backlog=BACKLOG
        )
        self.destinations.own = tuple(each.getsockname()[:2] for each in self._server.sockets)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client until it goes, if there is room for it."""
        if not self._room.enter():
            await self._room.turn_away(reader, writer)
            return
        try:
            await self._serve_inside(reader, writer)
        finally:
            self._room.leave()

    async def _serve_inside(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw: socket.socket = writer.get_extra_info("socket")
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio calls this in a task
        try:
            connection = Connection(self, reader, writer, self._mode, self.hooks, self.destinations)
            if isinstance(self._mode, TransparentMode):
                assert platform.original_addr is not None  # noqa: S101 - init_transparent_mode said so
                target = platform.original_addr(raw)
                connection.layer.context.client.sockname = connection.layer.context.server.address = target
        except OSError:
            writer.close()
            return
        self._open[task] = connection
        try:
            await connection.handle_client()
        finally:
            del self._open[task]
            writer.close()

    async def drain(self, seconds: float) -> None:
        """Stop listening, give exchanges in flight up to ``seconds``, then let go of all connections.

        Where no client is left there is nothing to wait for.
        """
        if self._server is not None:
            self._server.close()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self._open and self.bounds.in_flight and loop.time() < deadline:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.02)
        tasks = list(self._open)
        for connection in list(self._open.values()):
            connection.close_all()
        if tasks:
            await asyncio.wait(tasks, timeout=1.0)

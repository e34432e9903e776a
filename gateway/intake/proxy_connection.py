"""The connections of one client: events in order, few tasks, and upstream addresses that were checked."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler
from mitmproxy.proxy.mode_specs import ProxyMode, ReverseMode, TransparentMode
from mitmproxy.proxy.server import ConnectionIO

from gateway.intake.destinations import Destinations
from gateway.intake.proxy_commands import Alarm, Reading
from gateway.intake.proxy_tls import CUT
from gateway.logs import logger

type Hooks = Mapping[str, Callable[..., Awaitable[None] | None]]

SILENT = frozenset(
    {
        "client_connected",
        "client_disconnected",
        "http_connected",
        "http_connect_error",
        "tls_established_client",
        "tls_established_server",
        "tls_failed_client",
        "tls_failed_server",
        "tls_start_client",
        "tls_start_server",
        "tls_clienthello",
    }
)
"""Hooks that may pass without anybody listening. Any other hook that nobody listens to ends the connection."""

ANSWERED = frozenset({"http_connect", "requestheaders", "request", "response", "error", "message"})
"""Hooks that may fail: a refusal is in place already. Where another fails, TLS say, the connection ends."""


class _Reader:
    """Reads from a connection while it is let, and tells an end from a break."""

    def __init__(self, reader: Any, connection: Any) -> None:
        self._reader = reader
        self._connection = connection
        self._may = asyncio.Event()
        self._may.set()

    def let(self, *, on: bool) -> None:
        """Let the next read go on, or wait."""
        if on:
            self._may.set()
        else:
            self._may.clear()

    async def read(self, most: int) -> bytes:
        """Return what has come, b"" at the end. Raises OSError where the connection broke."""
        if not self._may.is_set():
            await self._may.wait()
        try:
            data: bytes = await self._reader.read(most)
        except ConnectionError:
            self._connection.error = CUT
            raise
        return data


class Connection(ProxyConnectionHandler):
    """A client connection and the upstream connections that belong to it."""

    def __init__(
        self,
        master: Any,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        mode: ProxyMode,
        hooks: Hooks,
        destinations: Destinations,
    ) -> None:
        """``hooks`` is all that is ever called: no chain of addons is walked."""
        super().__init__(master, reader, writer, master.options, mode)  # type: ignore[no-untyped-call]
        self._hooks = hooks
        self._destinations = destinations
        self._tasks: set[asyncio.Task[None]] = set()
        self._alarms: dict[Alarm, asyncio.TimerHandle] = {}
        self.transports[self.client].reader = _Reader(reader, self.client)  # type: ignore[assignment]  # all that is asked of it
        context = self.layer.context
        context.layers.clear()
        if isinstance(mode, ReverseMode):
            context.server.address = mode.address
            self.layer = modes.ReverseProxy(context)
        elif isinstance(mode, TransparentMode):
            self.layer = modes.TransparentProxy(context)
        else:
            self.layer = modes.HttpProxy(context)

    def log(self, message: str, level: int = logging.INFO, exc_info: Any = None) -> None:  # noqa: ARG002
        """Mitmproxy's own messages may quote what was sent, so only the class of an error is told (law 4)."""
        if level >= logging.ERROR:
            fault = exc_info[0].__name__ if isinstance(exc_info, tuple) and exc_info[0] else "unknown"
            logger().error("connection failed", error=fault)

    async def handle_hook(self, hook: commands.StartHook) -> None:
        """Call whoever listens. A hook that nobody knows means a protocol that nobody judges."""
        found = self._hooks.get(hook.name)
        if found is not None:
            try:
                result = found(*hook.args())
                if result is not None:
                    await result
            except Exception as error:
                logger().error("hook failed", error=type(error).__name__)
        elif hook.name not in SILENT:
            self.close_all()

    async def server_event(self, event: events.Event) -> None:
        """Hand ``event`` to the layers and do what they ask.

        As in mitmproxy, but hooks that do not wait are called in place rather than in a task of their own.
        """
        async with self._server_event_lock:
            self.timeout_watchdog.register_activity()  # type: ignore[no-untyped-call]
            waiting = deque((event,))
            try:
                while waiting:
                    for command in self.layer.handle_event(waiting.popleft()):
                        if (done := self._do(command)) is not None:
                            waiting.append(done)
            except Exception as error:
                logger().error("layer failed", error=type(error).__name__)
                self.close_all()

    def _do(self, command: commands.Command) -> events.Event | None:
        """Do what a layer asks for; return the event that tells it of the end, where that is known at once."""
        if isinstance(command, commands.SendData):
            io = self.transports.get(command.connection)
            if io is not None and io.writer is not None and not io.writer.is_closing():
                io.writer.write(command.data)
        elif isinstance(command, commands.StartHook):
            return self._start_hook(command)
        elif isinstance(command, commands.OpenConnection):
            self.transports[command.connection] = io = ConnectionIO()
            io.handler = self._spawn(self.open_connection(command))
        elif isinstance(command, Alarm | Reading):
            self._do_ours(command)
        elif isinstance(command, commands.RequestWakeup):
            pass  # mitmproxy's HTTP/2 would ping idle upstreams; the next exchange opens another connection instead
        elif isinstance(command, commands.CloseConnection):
            if command.connection in self.transports:
                half = isinstance(command, commands.CloseTcpConnection) and command.half_close
                self.close_connection(command.connection, half)
        elif not isinstance(command, commands.Log):
            raise TypeError(type(command).__name__)
        return None

    def _do_ours(self, command: Alarm | Reading) -> None:
        """Do what only our own layers ask for."""
        if isinstance(command, Alarm):
            self._alarms[command] = asyncio.get_running_loop().call_later(command.delay, self._ring, command)
        elif (io := self.transports.get(command.of)) is not None:
            reader: Any = io.reader
            if isinstance(reader, _Reader):
                reader.let(on=command.on)

    def _start_hook(self, hook: commands.StartHook) -> events.Event | None:
        found = self._hooks.get(hook.name)
        if found is None and hook.name not in SILENT:
            raise TypeError(hook.name)
        waits = None
        if found is not None:
            try:
                waits = found(*hook.args())
            except Exception as error:
                if hook.name not in ANSWERED:
                    raise
                logger().error("hook failed", error=type(error).__name__)
        if waits is not None:
            self._spawn(self._finish_hook(hook, waits))
            return None
        return events.HookCompleted(hook) if hook.blocking else None

    async def _finish_hook(self, hook: commands.StartHook, waits: Awaitable[None]) -> None:
        try:
            await waits
        except Exception as error:
            logger().error("hook failed", error=type(error).__name__)
        if hook.blocking:
            await self.server_event(events.HookCompleted(hook))

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.Task(work, loop=asyncio.get_running_loop(), eager_start=True)
        if not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return task

    def _ring(self, alarm: Alarm) -> None:
        """Tell whoever set ``alarm`` that it is time, or that there is nothing left to wait for."""
        self._alarms.pop(alarm).cancel()
        self._spawn(self.server_event(events.Wakeup(alarm)))

    async def handle_client(self) -> None:
        """Serve the client until it goes, and what is being recorded about it is; nothing rings after that."""
        try:
            await super().handle_client()
            if self._tasks:
                await asyncio.wait(self._tasks)
        finally:
            for handle in self._alarms.values():
                handle.cancel()
            self._alarms.clear()

    async def drain_writers(self) -> None:
        """Wait until peers have taken what was written, where there is anything to wait for."""
        if any(io.writer is not None and _full(io.writer) for io in self.transports.values()):
            await super().drain_writers()  # type: ignore[no-untyped-call]

    def close_all(self) -> None:
        """Let go of everything: a layer that failed would leave its peers waiting for ever."""
        for connection, io in list(self.transports.items()):
            connection.state = ConnectionState.CLOSED
            if io.handler is not None:
                io.handler.cancel("layer failed")

    async def open_connection(self, command: commands.OpenConnection) -> None:
        """Connect to the address that was checked, and to no other."""
        server = command.connection
        task = asyncio.current_task()
        assert server.address is not None  # noqa: S101 - a layer never asks to connect to nowhere
        async with self.max_conns[server.address]:
            try:
                found = self._destinations.pinned(server.address[0], server.address[1])
                if found is None:
                    raise OSError("not checked")
                server.timestamp_start = time.time()
                reader, writer = await asyncio.open_connection(found.address, found.port)
            except (OSError, asyncio.CancelledError) as error:
                server.error = "unreachable"
                server.state = ConnectionState.CLOSED
                self.transports.pop(server, None)
                await self.server_event(events.OpenConnectionCompleted(command, server.error))
                if isinstance(error, asyncio.CancelledError):
                    raise
                return
            raw = writer.get_extra_info("socket")
            if raw is not None:
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.timestamp_tcp_setup = time.time()
            server.state = ConnectionState.OPEN
            server.peername = writer.get_extra_info("peername")
            server.sockname = writer.get_extra_info("sockname")
            self.transports[server] = ConnectionIO(task, _Reader(reader, server), writer)  # type: ignore[arg-type]
            try:
                await self.server_event(events.OpenConnectionCompleted(command, None))
                await self.handle_connection(server)
            finally:
                writer.close()
                server.timestamp_end = time.time()
                for alarm in [each for each in self._alarms if each.of is server]:
                    self._ring(alarm)


def _full(writer: Any) -> bool:
    transport = writer.transport
    return bool(transport.get_write_buffer_size()) or transport.is_closing()

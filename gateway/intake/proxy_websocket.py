"""WebSocket messages as transfers of their own, each judged and recorded before a byte of it goes on.

It replaces mitmproxy's own layer, which forwards a message unless somebody has dropped it, passes on what stands in
pings and closes, and joins fragments without bound. Here a ``Message`` is made with nothing to release; the only bytes
that ever reach the other side are what the door has put into ``release``, and the gateway's own close frames. A door
that fails, is not there, or never answers thus forwards nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from mitmproxy import http
from mitmproxy.connection import Connection
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from wsproto.frame_protocol import CloseReason

from gateway.intake.frames import End, Peer, Ping, Unfit, Whole
from gateway.intake.passage import Bounds, Trouble
from gateway.intake.proxy_commands import Alarm, Reading
from gateway.vocabulary import Fault, Leg

type Commands = layer.CommandGenerator[None]

LINGER = 2.0
"""Seconds in which a peer may answer a close before its connection ends."""
_CLOSES = {
    Fault.POLICY: CloseReason.POLICY_VIOLATION,
    Fault.TOO_LARGE: CloseReason.MESSAGE_TOO_BIG,
    Fault.UPSTREAM: CloseReason.POLICY_VIOLATION,
    Fault.LEDGER: CloseReason.INTERNAL_ERROR,
    Fault.HOUSE: CloseReason.INTERNAL_ERROR,
}


@dataclass(slots=True)
class Message:
    """One message on its way; nothing of it leaves but ``release``."""

    leg: Leg
    text: bool
    body: bytes = field(repr=False)
    trouble: Trouble | None = None
    """Why it cannot be judged: it is not whole."""
    release: bytes | None = field(default=None, repr=False)
    decision: str = ""
    """Id of the decision, once there is one."""
    fault: Fault = Fault.HOUSE


@dataclass
class MessageHook(commands.StartHook):  # type: ignore[no-untyped-call]  # mitmproxy registers hooks by name
    """A message has arrived, or will not arrive in full."""

    flow: http.HTTPFlow
    message: Message


class _Side:
    """One of the two peers, and how long it has taken over a message."""

    __slots__ = ("alarm", "conn", "deaf", "leg", "patience", "peer", "since")

    def __init__(self, conn: Connection, leg: Leg, bounds: Bounds) -> None:
        self.conn = conn
        self.leg = leg
        self.peer = Peer(client=leg is Leg.REQUEST, limit=bounds.body)
        self.patience = bounds.body_seconds if leg is Leg.REQUEST else bounds.upstream_seconds
        self.since = 0.0
        self.alarm: Alarm | None = None
        self.deaf = False
        """Whether it has sent what cannot be read, so that only its end still counts."""


class Messages(layer.Layer):
    """Both directions of one WebSocket, one message at a time, in order."""

    def __init__(self, context: Context, flow: http.HTTPFlow, bounds: Bounds) -> None:
        """``flow`` is the handshake that was permitted; ``bounds`` are those of the settings."""
        super().__init__(context)
        self.flow = flow
        self.bounds = bounds
        self._client = _Side(context.client, Leg.REQUEST, bounds)
        self._server = _Side(context.server, Leg.RESPONSE, bounds)
        self._over = False
        self._last: Alarm | None = None

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.DataReceived):
            side = self._side(event.connection)
            if self._over:
                yield from self._await_end(side, event.data)
            else:
                yield from self._read(side, event.data)
        elif isinstance(event, events.ConnectionClosed):
            yield from self._gone(self._side(event.connection))
        elif isinstance(event, events.Wakeup):
            yield from self._woken(event.command)

    def _side(self, conn: Connection) -> _Side:
        return self._client if conn is self._client.conn else self._server

    def _other(self, side: _Side) -> _Side:
        return self._server if side is self._client else self._client

    def _read(self, side: _Side, data: bytes) -> Commands:
        """Judge every message that is complete, in order; begin the clock for one that is not."""
        complete = False
        try:
            for event in side.peer.receive(data):
                complete = True
                if isinstance(event, Whole):
                    if not (yield from self._judged(side, Message(side.leg, event.text, event.body))):
                        return
                elif isinstance(event, Ping):
                    yield commands.SendData(side.conn, event.answer)
                elif isinstance(event, End):
                    yield from self._ended(side, event)
                    return
        except Unfit as fault:
            side.deaf = True
            yield from self._refuse(side, _trouble(side.leg, fault), fault.close)
            return
        if not side.peer.unfinished:
            side.since = 0.0
        elif complete or not side.since:
            side.since = time.monotonic()
            if side.alarm is None:
                side.alarm = Alarm(side.conn, side.patience)
                yield side.alarm

    def _judged(self, side: _Side, message: Message) -> layer.CommandGenerator[bool]:
        """Ask the door; forward what it releases, or close."""
        yield from self._ask(message)
        if message.release is None:
            yield from self._close(side, _CLOSES[message.fault], _naming(message))
            return False
        other = self._other(side)
        yield commands.SendData(other.conn, other.peer.message(message.release, text=message.text))
        return True

    def _ask(self, message: Message) -> Commands:
        """Ask the door about ``message``. While it thinks, nothing more is read from anybody."""
        self.bounds.in_flight.add(self)
        for conn in (self._client.conn, self._server.conn):
            yield Reading(conn, on=False)
        yield MessageHook(self.flow, message)
        for conn in (self._client.conn, self._server.conn):
            yield Reading(conn, on=True)
        self.bounds.in_flight.discard(self)

    def _refuse(self, side: _Side, trouble: Trouble, code: int) -> Commands:
        """Have it recorded that a message is not whole, and close."""
        message = Message(side.leg, text=False, body=b"", trouble=trouble)
        yield from self._ask(message)
        yield from self._close(side, code, _naming(message))

    def _ended(self, side: _Side, end: End) -> Commands:
        """A peer says goodbye: it is answered, and the other one is told no more than whether that was normal."""
        if side.peer.midway:
            yield from self._ask(Message(side.leg, text=False, body=b"", trouble=_cut(side.leg)))
        code = CloseReason.NORMAL_CLOSURE if end.normal else CloseReason.GOING_AWAY
        yield from self._close(side, CloseReason.NORMAL_CLOSURE, "", code)

    def _gone(self, side: _Side) -> Commands:
        """A connection has ended; where it did so in the middle of a message, that is recorded."""
        if not self._over:
            if side.peer.unfinished:
                yield from self._ask(Message(side.leg, text=False, body=b"", trouble=_cut(side.leg)))
            yield from self._close(side, CloseReason.GOING_AWAY)
        yield commands.CloseConnection(side.conn)
        if side is self._client:
            yield commands.CloseConnection(self._server.conn)

    def _close(self, side: _Side, code: int, reason: str = "", other: int = CloseReason.GOING_AWAY) -> Commands:
        """Close both: ``side`` with ``code`` and ``reason``, the other one with ``other`` and no word."""
        self._over = True
        yield commands.SendData(side.conn, side.peer.close(code, reason))
        peer = self._other(side)
        yield commands.SendData(peer.conn, peer.peer.close(other))
        self._last = Alarm(self._client.conn, LINGER)
        yield self._last
        for each in (side, peer):
            if each.peer.ended:
                yield commands.CloseConnection(each.conn)

    def _await_end(self, side: _Side, data: bytes) -> Commands:
        """After a close only a close counts (RFC 6455 section 1.4); all else is let drop."""
        if side.deaf:
            return
        try:
            for _ in side.peer.receive(data):
                pass
        except Unfit:
            side.deaf = True
        if side.peer.ended:
            yield commands.CloseConnection(side.conn)

    def _woken(self, alarm: Any) -> Commands:
        if alarm is self._last:
            for each in (self._client, self._server):
                yield commands.CloseConnection(each.conn)
            return
        for side in (self._client, self._server):
            if alarm is side.alarm:
                side.alarm = None
                yield from self._late(side)

    def _late(self, side: _Side) -> Commands:
        if self._over or not side.since:
            return
        left = side.since + side.patience - time.monotonic()
        if left > 0.01:
            side.alarm = Alarm(side.conn, left)
            yield side.alarm
            return
        request = side.leg is Leg.REQUEST
        trouble = Trouble(
            "wire.slow" if request else "upstream.slow", Fault.POLICY if request else Fault.UPSTREAM, side.leg
        )
        yield from self._refuse(side, trouble, CloseReason.POLICY_VIOLATION)


def _naming(message: Message) -> str:
    return f"refused, decision {message.decision}" if message.decision else "refused"


def _trouble(leg: Leg, fault: Unfit) -> Trouble:
    if fault.limit:
        return Trouble(fault.code, Fault.TOO_LARGE, leg, limit=fault.limit)
    if leg is Leg.RESPONSE:
        return Trouble("upstream.broken", Fault.UPSTREAM, leg)
    return Trouble(fault.code, leg=leg)


def _cut(leg: Leg) -> Trouble:
    if leg is Leg.RESPONSE:
        return Trouble("upstream.broken", Fault.UPSTREAM, leg)
    return Trouble("wire.client_gone")

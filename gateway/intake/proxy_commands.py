"""What only our own layers ask of a connection."""

from __future__ import annotations

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands


class Alarm(commands.RequestWakeup):
    """A wake-up call for who follows one connection; it rings early where that connection ends first."""

    def __init__(self, connection: Connection, delay: float) -> None:
        super().__init__(delay)
        self.of = connection


class Reading(commands.Command):
    """Leave off reading from a connection, or go on: what is not read waits with its sender."""

    def __init__(self, connection: Connection, *, on: bool) -> None:
        self.of = connection
        self.on = on

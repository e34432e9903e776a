"""How many clients there is room for, and what becomes of those for whom there is none."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

from gateway import metrics
from gateway.intake import wire
from gateway.intake.refusal import crowded

PATIENCE = 1.0
"""Seconds that turning a client away may take."""
MOST_AT_ONCE = 64
"""Clients that are turned away in words at a time; others just find the connection closed."""
_LANGUAGES = re.compile(rb"(?i)\r\naccept-language:([^\r\n]*)")


class Room:
    """Counts the connections of a worker."""

    def __init__(self, most: int) -> None:
        """Let in up to ``most`` at a time."""
        self._most = most
        self._inside = 0
        self._leaving = 0

    def enter(self) -> bool:
        """Take a place, if there is one."""
        if self._inside >= self._most:
            metrics.CONNECTIONS_REFUSED.inc()
            return False
        self._inside += 1
        metrics.CONNECTIONS.inc()
        return True

    def leave(self) -> None:
        """Give a place back."""
        self._inside -= 1
        metrics.CONNECTIONS.dec()

    async def turn_away(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Tell a client that there is no place: 503 where it speaks HTTP in the clear, else nothing. Never raises."""
        if self._leaving >= MOST_AT_ONCE:
            writer.transport.abort()
            return
        self._leaving += 1
        try:
            async with asyncio.timeout(PATIENCE):
                # What is not read when a connection closes resets it, and the answer is lost with it.
                begun = await reader.read(65_536)
                if wire.could_be_request(begun):
                    found = _LANGUAGES.search(begun)
                    answer = crowded(found[1] if found else b"")
                    fields = (*answer.fields, (b"Content-Length", b"%d" % len(answer.body)))
                    writer.write(wire.head(b"HTTP/1.1 503 Service Unavailable\r\n", fields) + answer.body)
                    writer.write_eof()
                    while await reader.read(65_536):
                        pass
        except (OSError, TimeoutError):
            pass
        finally:
            self._leaving -= 1
            with suppress(OSError):
                writer.close()

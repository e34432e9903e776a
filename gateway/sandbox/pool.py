"""The pool: children that are kept, asked one at a time, killed when they are late, and replaced."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from time import monotonic

from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.sandbox.frames import OUT_OF_MEMORY, Garbled, receive, request, send, told
from gateway.vocabulary import Limits, Unread

START = 20.0
"""Seconds that a child may take to come up."""
DOCUMENTS = 500
"""Documents after which a child is replaced, whatever it may have kept."""
_MARGIN = 16 * 1024 * 1024


class _Child:
    """One process and the socket to it."""

    def __init__(self, module: str) -> None:
        ours, theirs = socket.socketpair()
        self._channel = ours
        self.served = 0
        command = [sys.executable, "-m", "gateway.sandbox.child", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*command, module] if module else command,
                pass_fds=(theirs.fileno(),),
                env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "MALLOC_ARENA_MAX": "2"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        ours.settimeout(START)
        self.granted = frozenset(receive(ours, 1024).decode().split(","))

    def ask(self, message: bytes, most: int, seconds: float) -> bytes:
        """Hand over a request and return the answer; raises OSError, EOFError, ``Garbled``."""
        deadline = monotonic() + seconds
        self.served += 1
        self._channel.settimeout(max(0.001, seconds))
        send(self._channel, message)
        self._channel.settimeout(max(0.001, deadline - monotonic()))
        return receive(self._channel, most)

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._channel.close()


class Sandbox:
    """Reads documents in child processes. For several threads; each waits for a child of its own.

    ``module`` names where the documents are; the default is the gateway's own table, and only tests give another.
    """

    def __init__(self, children: int = 2, module: str = "", *, words: Mapping[str, str] | None = None) -> None:
        """Children are started when they are first needed. ``words``: languages and data for words in pictures."""
        self._module = module
        self.words = dict(words or {})
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._lock = Lock()
        self._closed = False
        for _ in range(children):
            self._idle.put(None)

    def unpack(self, name: str, data: bytes, said: Declared, limits: Limits) -> Unpacked:
        """Read ``data`` as the document ``name``.

        Raises ``Unreadable``: what the parser says of the document, TIMED_OUT where it is late (or all children are
        busy for as long), CRASHED where it died or answered rubbish, TOO_LARGE where it wanted too much memory.
        """
        child = self._take(limits.seconds)
        alive = False
        try:
            if child is None:
                child = _Child(self._module)
            answer = child.ask(request(name, data, said, limits), 2 * limits.body + _MARGIN, limits.seconds)
            alive = child.served < DOCUMENTS and answer != OUT_OF_MEMORY
            return told(answer)
        except TimeoutError:
            raise Unreadable(Unread.TIMED_OUT, "seconds") from None
        except (OSError, EOFError, Garbled):
            alive = False  # an answer that is none may be followed by anything
            raise Unreadable(Unread.CRASHED, "sandbox") from None
        finally:
            self._give_back(child, alive=alive)

    def _take(self, seconds: float) -> _Child | None:
        if self._closed:
            raise Unreadable(Unread.CRASHED, "sandbox")
        try:
            return self._idle.get(timeout=max(0.001, seconds))
        except queue.Empty:
            raise Unreadable(Unread.TIMED_OUT, "busy") from None

    def _give_back(self, child: _Child | None, *, alive: bool) -> None:
        with self._lock:
            if child is not None and (self._closed or not alive):
                child.kill()
                child = None
            self._idle.put(child)

    def warm(self) -> frozenset[str]:
        """Start a child ahead of the first document; return the bounds that the kernel granted it."""
        child = self._take(START)
        try:
            child = child or _Child(self._module)
            return child.granted
        finally:
            self._give_back(child, alive=True)

    def close(self) -> None:
        """End all children; one that is at work ends with its document."""
        with self._lock:
            self._closed = True
            with suppress(queue.Empty):
                while True:
                    child = self._idle.get_nowait()
                    if child is not None:
                        child.kill()

"""The pool: children that are kept, asked one at a time, killed when they are late, and replaced."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from time import monotonic

from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.sandbox.frames import Garbled, most_of_answer, receive, request, send, told
from gateway.vocabulary import Limits, Unread

START = 20.0
"""Seconds that a child may take to come up."""
DOCUMENTS = 500
"""Documents after which a child is replaced, whatever it may have kept."""
OWN_DOCUMENTS = "gateway.decode.formats"

_THRIFT = {
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # its own sets 64 MiB apart at the first byte
    "ARROW_IO_THREADS": "1",
    "OMP_NUM_THREADS": "2",
}
"""How libraries are told to take no memory, and start no threads, before they need them."""


class _Child:
    """One process and the socket to it."""

    def __init__(self, module: str, paths: tuple[str, ...]) -> None:
        ours, theirs = socket.socketpair()
        self._channel = ours
        self.served = 0
        command = [sys.executable, "-P", "-s", "-m", "gateway.sandbox.child", str(theirs.fileno()), module, *paths]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                pass_fds=(theirs.fileno(),),
                env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **_THRIFT},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            self.granted = frozenset(receive(ours, 1024, monotonic() + START).decode().split(","))
        except BaseException:
            self.kill()
            raise

    def ask(self, message: bytes, most: int, seconds: float) -> bytes:
        """Hand over a request and return the answer; raises OSError, EOFError, ``Garbled``."""
        deadline = monotonic() + seconds
        self.served += 1
        self._channel.settimeout(max(0.001, seconds))
        send(self._channel, message)
        return receive(self._channel, most, deadline)

    def lives(self) -> bool:
        """Tell whether the process is still there."""
        return self._process.poll() is None

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

    def __init__(
        self, children: int = 2, module: str = OWN_DOCUMENTS, *, words: Mapping[str, str] | None = None
    ) -> None:
        """Children are started when they are first needed. ``words``: languages and data for words in pictures."""
        self._module = module
        self.words = dict(words or {})
        self._paths = tuple(path for path in (self.words.get("data", ""),) if path)
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._lock = Lock()
        self._closed = False
        # Children die with the thread that started them (PR_SET_PDEATHSIG), so one does that and lives on.
        self._starter = ThreadPoolExecutor(1, "sandbox")
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
            child = self._living(child)
            # The first byte says whether the child can go on.
            answer = child.ask(request(name, data, said, limits), 1 + most_of_answer(limits), limits.seconds)
            alive = child.served < DOCUMENTS and answer.startswith(b"\0")
            return told(answer[1:], limits)
        except TimeoutError:
            raise Unreadable(Unread.TIMED_OUT, "seconds") from None
        except (OSError, EOFError, RuntimeError, Garbled):  # RuntimeError: closed while this was under way
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

    def _living(self, child: _Child | None) -> _Child:
        """Return ``child``, or another where there is none or it has ended since (the kernel may want its memory)."""
        if child is not None:
            if child.lives():
                return child
            child.kill()
        return self._starter.submit(_Child, self._module, self._paths).result()

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
            child = self._living(child)
            return child.granted
        finally:
            self._give_back(child, alive=True)

    def close(self) -> None:
        """End all children, also those at work."""
        with self._lock:
            self._closed = True
            with suppress(queue.Empty):
                while True:
                    child = self._idle.get_nowait()
                    if child is not None:
                        child.kill()
        self._starter.shutdown(wait=False)

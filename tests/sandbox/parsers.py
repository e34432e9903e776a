"""Documents whose parsers do what parsers must not do. They live here: the gateway ships none of them."""

from __future__ import annotations

import _thread
import ctypes
import mmap
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Opaque, Unread


def _echo(data: bytes, said: Declared, limits: Limits) -> Unpacked:
    where = f"/{said.type}/{said.parameters.get('k', '')}/{limits.body}"
    return Unpacked(
        (Row(where, "label", "陳\ud800"), Row("/2", "", "")),
        (Member("m", data, "text/plain"), Member("", b"", "")),
        (Opaque(Unread.RATIO, "/x", 3, "ratio"),),
        ("echo.echoes",),
    )


def _loop(*_: object) -> Unpacked:
    while True:
        time.sleep(0.01)


def _stubborn(*_: object) -> Unpacked:
    """Loop as code would that was taken over: without any of the signals and timers that might end it."""
    ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(0.01)


def _fault(*_: object) -> Unpacked:
    ctypes.string_at(0)
    return Unpacked()


def _abort(*_: object) -> Unpacked:
    os.abort()


def _eat(*_: object) -> Unpacked:
    eaten = []
    while True:
        eaten.append(bytearray(os.urandom(1 << 20)))


def _eat_shared(*_: object) -> Unpacked:
    eaten = []
    while True:
        eaten.append(mmap.mmap(-1, 1 << 20))
        eaten[-1].write(bytes(1 << 20))


def _keep(_data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Lose a third of the memory, and tell which process did."""
    _KEPT.append(bytes(range(256)) * (limits.memory // 3 // 256))
    return Unpacked((Row("/", "", str(os.getpid())),))


_KEPT: list[bytes] = []


def _say(*written: bytes) -> Unpacked:
    """Write to whoever listens, as code would that was taken over, and wait for the end."""
    for handle in range(3, 64):
        try:
            for piece in written:
                os.write(handle, piece)
        except OSError:
            continue
    time.sleep(60)
    return Unpacked()


def _lie(*values: bytes, counts: tuple[int, int, int, int]) -> Callable[..., Unpacked]:
    message = struct.pack("<IIII", *counts) + struct.pack(f"<{len(values)}I", *map(len, values)) + b"".join(values)
    return lambda *_: _say(struct.pack("<I", 1 + len(message)), b"\0", message)


def _promise(*_: object) -> Unpacked:
    """Announce more values than there can be."""
    return _say(struct.pack("<I", 1 << 20), bytes(1), b"\xf0\xff\xff\x0f" * (1 << 18))


def _trickle(*_: object) -> Unpacked:
    """Answer a byte at a time, never late by itself."""
    while True:
        for handle in range(3, 64):
            try:
                os.write(handle, b"\1")
            except OSError:
                continue
        time.sleep(0.05)


def _flood(*_: object) -> Unpacked:
    return Unpacked((Row("/", "", "x" * (24 << 20)),))


def _crowd(_data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    return Unpacked((Row("/", "", "x"),) * (4 * limits.segments))


def _refuse(*_: object) -> Unpacked:
    raise Unreadable(Unread.ENCRYPTED, "pdf")


def _raise(*_: object) -> Unpacked:
    raise KeyError("66123456")


def _told(attempt: Callable[[bytes], object]) -> Callable[..., Unpacked]:
    """Make a parser that attempts something and tells how it went."""

    def unpack(data: bytes, *_: object) -> Unpacked:
        try:
            outcome = attempt(data)
        except (OSError, RuntimeError) as fault:
            return Unpacked((Row("/", "", type(fault).__name__),))
        return Unpacked((Row("/", "", f"done {outcome}"),))

    return unpack


def _thread_runs(_: bytes) -> object:
    ran: list[int] = []
    thread = threading.Thread(target=ran.append, args=(1,))
    thread.start()
    thread.join()
    return ran


def _process(*_: object) -> Unpacked:
    return Unpacked((Row("/", "", f"{os.getpid()} {' '.join(sorted(os.environ))}"),))


_ATTEMPTS: dict[str, Callable[[bytes], object]] = {
    "write": lambda data: Path(os.fsdecode(data)).write_text("leak"),
    "create": lambda data: os.close(os.open(data, os.O_CREAT | os.O_WRONLY)),
    "remove": os.unlink,
    "read": lambda data: Path(os.fsdecode(data)).read_bytes(),
    "list": os.listdir,
    "link": lambda data: Path(os.fsdecode(data)).symlink_to("x"),
    "call": lambda data: socket.create_connection(("127.0.0.1", int(data)), timeout=1).close(),
    "datagram": lambda data: socket.socket(type=socket.SOCK_DGRAM).sendto(b"leak", ("127.0.0.1", int(data))),
    "local": lambda data: socket.socket(socket.AF_UNIX).connect(b"\0" + data),
    "fork": lambda _: os.fork() or os._exit(0),
    "run": lambda _: os.posix_spawn("/bin/true", ["true"], {}),
    "kill": lambda data: os.kill(int(data), signal.SIGKILL),
    "import": lambda _: __import__("wave").__name__,
    "thread": _thread_runs,
    "native thread": lambda _: _thread.start_new_thread(int, ()) and None,
}  # fmt: skip

APART = {
    name: Document(name, unpack, apart=True)
    for name, unpack in {
        "echo": _echo, "loop": _loop, "stubborn": _stubborn, "fault": _fault, "abort": _abort, "eat": _eat,
        "eat shared": _eat_shared, "keep": _keep, "promise": _promise, "trickle": _trickle, "flood": _flood,
        "crowd": _crowd, "refuse": _refuse, "raise": _raise, "process": _process,
        "rubbish": lambda *_: _say(b"\x05\x00\x00\x00rubbish, and more of it"),
        "empty": lambda *_: _say(struct.pack("<I", 0)),
        "no text": _lie(b"\xff", b"", b"", counts=(1, 0, 0, 0)),
        "no reason": _lie(b"bad", b"", b"1", b"", counts=(0, 0, 1, 0)),
        "no size": _lie(b"ratio", b"", b"-1", b"", counts=(0, 0, 1, 0)),
        "no code": _lie(b"Chan Tai Man", counts=(0, 0, 0, 1)),
        "no detail": _lie(b"ratio", "陳大文".encode(), counts=(0xFFFFFFFF, 0, 0, 0)),
        "more behind": _lie(b"", b"", b"", b"", counts=(1, 0, 0, 0)),
        "less": _lie(b"", b"", counts=(1, 0, 0, 0)),
        **{name: _told(attempt) for name, attempt in _ATTEMPTS.items()},
    }.items()
}  # fmt: skip

"""Documents whose parsers do what parsers must not do. They live here: the gateway ships none of them."""

from __future__ import annotations

import ctypes
import os
import socket
import time
from pathlib import Path

from gateway.decode.door import Declared, Document, Member, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Opaque, Unread


def _echo(data: bytes, said: Declared, limits: Limits) -> Unpacked:
    where = f"/{said.type}/{said.parameters.get('k', '')}/{limits.body}"
    return Unpacked(
        (Row(where, "label", "陳\ud800"),),
        (Member("m", data, "text/plain"),),
        (Opaque(Unread.RATIO, "/x", 3, "d"),),
        ("n",),
    )


def _loop(*_: object) -> Unpacked:
    while True:
        time.sleep(0.01)


def _fault(*_: object) -> Unpacked:
    ctypes.string_at(0)
    return Unpacked()


def _eat(*_: object) -> Unpacked:
    eaten = []
    while True:
        eaten.append(bytearray(os.urandom(1 << 20)))


def _rubbish(*_: object) -> Unpacked:
    for handle in range(3, 64):
        try:
            os.write(handle, b"\x05\x00\x00\x00rubbish, and more of it")
        except OSError:
            continue
    return Unpacked()


def _flood(*_: object) -> Unpacked:
    return Unpacked((Row("/", "", "x" * (24 << 20)),))


def _refuse(*_: object) -> Unpacked:
    raise Unreadable(Unread.ENCRYPTED, "pdf")


def _raise(*_: object) -> Unpacked:
    raise KeyError("66123456")


def _write(data: bytes, *_: object) -> Unpacked:
    try:
        Path(data.decode()).write_text("leak")
    except OSError as fault:
        return Unpacked((Row("/", "", type(fault).__name__),))
    return Unpacked((Row("/", "", "written"),))


def _call(data: bytes, *_: object) -> Unpacked:
    try:
        socket.create_connection(("127.0.0.1", int(data)), timeout=1).close()
    except OSError as fault:
        return Unpacked((Row("/", "", type(fault).__name__),))
    return Unpacked((Row("/", "", "connected"),))


def _process(*_: object) -> Unpacked:
    return Unpacked((Row("/", "", f"{os.getpid()} {' '.join(sorted(os.environ))}"),))


APART = {
    name: Document(name, unpack, apart=True)
    for name, unpack in {
        "echo": _echo, "loop": _loop, "fault": _fault, "eat": _eat, "rubbish": _rubbish, "flood": _flood,
        "refuse": _refuse, "raise": _raise, "write": _write, "call": _call, "process": _process,
    }.items()
}  # fmt: skip

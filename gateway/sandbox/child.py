"""A child of the sandbox: ``python -m gateway.sandbox.child FD MODULE [PATH ...]``, started by the pool.

It reads requests from the socket at FD and answers each. ``MODULE`` is where its documents are, and only tests name
another than the gateway's own; ``PATH`` may be read. Libraries are loaded at their first document: what that takes
counts, but a child that reads mail does not carry Arrow about.
"""

from __future__ import annotations

import gc
import importlib
import socket
import sys
from collections.abc import Mapping

from gateway.decode.door import Declared, Document, Unreadable
from gateway.sandbox.bounds import Memory, bound, bound_time
from gateway.sandbox.frames import MOST_REQUEST, answer, asked, receive, refusal, send
from gateway.vocabulary import Limits, Unread

GRACE = 1.0
"""Seconds by which a child outlives what it is given, if nobody has killed it by then."""


def main() -> None:
    """Answer requests until the socket ends."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    documents: Mapping[str, Document] = importlib.import_module(sys.argv[2]).APART
    memory = Memory()
    granted = bound(sys.argv[3:])
    gc.collect()
    gc.freeze()  # so that looking for what a document left behind is quick
    send(channel, ",".join(sorted(granted)).encode())
    while True:
        try:
            name, data, said, limits = asked(receive(channel, MOST_REQUEST))
        except EOFError:
            return
        bound_time(limits.seconds + GRACE)
        memory.bound(limits.memory)
        reply, spent = _reply(documents[name], data, said, limits)
        del data
        gc.collect()
        # The first byte says whether the pool should start another in this one's place.
        send(channel, b"\1" if spent or memory.kept(limits.memory) else b"\0", reply)
        bound_time(0)


def _reply(document: Document, data: bytes, said: Declared, limits: Limits) -> tuple[bytes, bool]:
    """Return what is to be said of a document, and whether there is anything left to work with."""
    try:
        return answer(document.unpack(data, said, limits), limits), False
    except Unreadable as fault:
        return refusal(fault), False
    except MemoryError:
        return refusal(Unreadable(Unread.TOO_LARGE, "memory")), True
    except Exception as error:  # a fault of the parser, whatever it is
        return refusal(Unreadable(Unread.CRASHED, type(error).__name__)), False


if __name__ == "__main__":
    main()

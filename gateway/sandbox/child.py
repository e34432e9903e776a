"""A child of the sandbox: ``python -m gateway.sandbox.child FD [MODULE]``, started by the pool and nobody else.

It reads requests from the socket at FD and answers each. ``MODULE`` is where its documents are; only tests name one.
"""

from __future__ import annotations

import gc
import importlib
import socket
import sys

from gateway.decode.door import Unreadable
from gateway.sandbox.bounds import bound, bound_memory, bound_time
from gateway.sandbox.frames import MOST_REQUEST, OUT_OF_MEMORY, answer, asked, receive, refusal, send
from gateway.vocabulary import Unread

GRACE = 1.0
"""Seconds by which a child outlives what it is given, if nobody has killed it by then."""
DOCUMENTS = "gateway.decode.formats"


def main() -> None:
    """Answer requests until the socket ends."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    documents = importlib.import_module(sys.argv[2] if len(sys.argv) > 2 else DOCUMENTS).APART
    granted = bound()
    send(channel, ",".join(sorted(granted)).encode())
    while True:
        try:
            name, data, said, limits = asked(receive(channel, MOST_REQUEST))
        except EOFError:
            return
        bound_time(limits.seconds + GRACE)
        bound_memory(limits.memory)
        try:
            reply = answer(documents[name].unpack(data, said, limits))
        except Unreadable as fault:
            reply = refusal(fault)
        except MemoryError:
            reply = OUT_OF_MEMORY
        except Exception as error:  # a fault of the parser, whatever it is
            reply = refusal(Unreadable(Unread.MALFORMED, type(error).__name__))
        del data
        gc.collect()
        send(channel, reply)
        bound_time(0)


if __name__ == "__main__":
    main()

"""What it costs to decode: work and memory of the process and its children.

``python -m tests.decode.cost [NAME ...]`` decodes bombs one after the other and writes what each cost, as a line of
JSON. The process bounds itself, so that one that goes off does not take the machine along.
"""

from __future__ import annotations

import ctypes
import gc
import json
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.decode import decode
from gateway.sandbox import Sandbox
from gateway.vocabulary import Limits
from tests.decode.bombs import BOMBS, HARMLESS
from tests.decode.messages import message


class Cost:
    """What one decoding takes: work of this process and its children, memory beyond what was taken before."""

    seconds = 0.0
    memory = 0

    def __init__(self) -> None:
        self._children: dict[str, tuple[float, int, int]] = {}
        """Seconds, and bytes at first and at most, of each child."""

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure what happens here."""
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")  # the peak is now what is taken now
        before, begun = _peak("self"), time.process_time()
        first = {child: _seconds(child) for child in _children()}
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(done,))
        watch.start()
        yield
        done.set()
        watch.join()
        self.seconds = time.process_time() - begun
        self.seconds += sum(seconds - first.get(child, 0.0) for child, (seconds, *_) in self._children.items())
        self.memory = _peak("self") - before + max((most for _, _, most in self._children.values()), default=0)

    def _watch(self, done: threading.Event) -> None:
        """Look after the children, which may be gone at any time."""
        while True:
            for child in _children():
                try:
                    seconds, memory = _seconds(child), _peak(child)
                except (OSError, IndexError, StopIteration):
                    continue
                before = self._children.get(child, (0.0, memory, 0))[1]
                self._children[child] = (seconds, before, memory - before)
            if done.wait(0.005):
                return


def _children() -> list[str]:
    return [child for task in Path("/proc/self/task").glob("*/children") for child in task.read_text().split()]


def _peak(process: str) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))


def _seconds(process: str) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


ORDINARY = "an ordinary message of 1 MB"
LIMITS = Limits(memory=160 * 1024 * 1024)


def _ordinary() -> bytes:
    return json.dumps([{"counter": number, "waiting": number % 7} for number in range(30_000)]).encode()


def main() -> None:
    """Set off the bombs named, or all, one after the other."""
    resource.setrlimit(resource.RLIMIT_DATA, (3 << 30, 3 << 30))
    sandbox = Sandbox(1)
    every = {**BOMBS, **HARMLESS, ORDINARY: (_ordinary, "application/json", "")}
    decode(message(b'{"warm": "up"}', "application/json"), LIMITS, sandbox)
    for name in sys.argv[1:] or every:
        make, type, coding = every[name]
        transfer = message(make(), type, coding)
        sandbox.warm()
        cost = Cost()
        signal.alarm(30)
        begun = time.monotonic()
        with cost.measured():
            content = decode(transfer, LIMITS, sandbox)
        said = {
            "name": name,
            "size": len(transfer.body),
            "seconds": round(cost.seconds, 3),
            "elapsed": round(time.monotonic() - begun, 3),
            "memory": cost.memory,
            "opaque": sorted({f"{part.reason}: {part.detail}" for part in content.opaque}),
            "parts": len(content.parts),
        }
        signal.alarm(0)
        del content, transfer
        print(json.dumps(said), flush=True)
    sandbox.close()


if __name__ == "__main__":
    main()

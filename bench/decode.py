"""Decoding, in MB/s, beside ``json.loads`` in the same process.

    python -m bench.decode

``decode`` is what a clean message costs, envelope included; ``values`` reads every value too, which only messages do
in which something was seen. Ratios are to ``json.loads`` of the same body: above 1 is slower.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime

from gateway.decode import decode
from gateway.vocabulary import BEIJING, STRANGER, Envelope, Leg, Limits, Transfer

RECORD = {
    "id": 123456,
    "title": "Application for a business registration",
    "status": "open",
    "office": "Counter 4, 政府綜合服務大樓",
    "when": "2026-11-20T12:30:00+08:00",
    "steps": [1, 2, 3],
    "fee": {"amount": "120.50", "currency": "MOP"},
}
HEADERS = (
    (b"Host", b"counter.macao.example"),
    (b"Content-Type", b"application/json; charset=utf-8"),
    (b"User-Agent", b"portal/3.1 (batch)"),
    (b"Accept", b"application/json"),
    (b"Accept-Encoding", b"gzip, br"),
    (b"Accept-Language", b"zh-MO, pt;q=0.8"),
    (b"X-Request-Id", b"b1946ac92492d2347c6235b4d2611184"),
    (b"Cookie", b"sid=8d777f385d3dfec8815d20f7496026dc; lang=zh"),
    (b"Content-Length", b"1024"),
    (b"Via", b"1.1 portal"),
)
LIMITS = Limits()


def transfer(size: int) -> Transfer:
    """Return a request with ten headers and a JSON body of about ``size`` bytes."""
    one = len(json.dumps(RECORD, ensure_ascii=False).encode()) + 2
    body = json.dumps([RECORD] * max(1, size // one), ensure_ascii=False).encode()
    envelope = Envelope("POST", "https", "counter.macao.example", 443, b"/v1/applications?page=7&sort=when", HEADERS)
    return Transfer("t", datetime(2026, 11, 20, tzinfo=BEIJING), Leg.REQUEST, STRANGER, STRANGER, envelope, body)


def seconds(work: Callable[[], object], least: float = 0.3) -> float:
    """Return the best time of one call, over at least ``least`` seconds of calls."""
    best, spent = float("inf"), 0.0
    while spent < least:
        start = time.perf_counter()
        work()
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
    return best


def main() -> None:
    """Print one row a size."""
    sys.stdout.write(f"{'bytes':>9} {'decode':>22} {'values':>22} {'json.loads':>12} {'decode':>8} {'values':>8}\n")
    for size in (1_000, 16_000, 200_000, 1_000_000):
        item = transfer(size)
        length = len(item.body)
        clean = seconds(lambda item=item: decode(item, LIMITS))
        read = seconds(lambda item=item: [part.segments for part in decode(item, LIMITS).parts])
        loads = seconds(lambda item=item: json.loads(item.body))
        cells = [f"{each * 1e6:9.1f} us {length / each / 1e6:5.1f} MB/s" for each in (clean, read)]
        sys.stdout.write(
            f"{length:9} {cells[0]:>22} {cells[1]:>22} {length / loads / 1e6:7.1f} MB/s"
            f" {clean / loads:7.2f}x {read / loads:7.2f}x\n"
        )


if __name__ == "__main__":
    main()

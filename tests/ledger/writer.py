"""A process that appends to a ledger: the tests start several of these, and kill them.

``python -m tests.ledger.writer FOLDER FIRST COUNT ROLE`` appends decisions numbered FIRST, FIRST+1, ... in groups of
changing size, and prints a line for each receipt once it holds it. COUNT 0 is without end. ROLE is ``open`` or
``attach``.
"""

import asyncio
import sys
from itertools import count, islice
from pathlib import Path

from gateway.ledger import Ledger
from tests.ledger.sound import decision


async def write(ledger: Ledger, first: int, total: int) -> None:
    """Append and tell."""
    numbers = iter(count(first) if total == 0 else range(first, first + total))
    for size in count():
        group = list(islice(numbers, size % 7 + 1))
        if not group:
            return
        receipts = await asyncio.gather(*(ledger.append(decision(each), {"payload": bytes(32)}) for each in group))
        lines = (f"{each} {receipt.index} {receipt.leaf.hex()}\n" for each, receipt in zip(group, receipts, strict=True))
        sys.stdout.write("".join(lines))
        sys.stdout.flush()


def main(folder: str, first: str, total: str, role: str) -> None:
    """Open or attach, say so, write, close."""
    ledger = Ledger.attach(Path(folder), patience=10) if role == "attach" else Ledger.open(Path(folder), seconds=0.05)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    asyncio.run(write(ledger, int(first), int(total)))
    ledger.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What tests of a running ledger share."""

import asyncio
import time
from collections.abc import Callable

import pytest

from gateway.ledger import Ledger, LedgerClosed
from gateway.vocabulary import Receipt
from tests.ledger.sound import decision


def append(ledger: Ledger, *numbers: int) -> list[tuple[Receipt, bytes]]:
    """Append these decisions in one tick."""

    async def together() -> list[Receipt]:
        return list(await asyncio.gather(*(ledger.append(decision(each), {"payload": bytes(32)}) for each in numbers)))

    return list(zip(asyncio.run(together()), map(decision, numbers), strict=True))


def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def refused(ledger: Ledger, code: str) -> None:
    """An append is refused with ``code``, and the next one without asking the disk."""
    for _ in range(2):
        with pytest.raises(LedgerClosed) as caught:
            append(ledger, 99)
        assert caught.value.code == code

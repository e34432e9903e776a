"""The gateway's proxy without its corridor: every transfer is permitted at once and recorded nowhere.

``python -m bench.own_master UPSTREAM_PORT PORT`` serves until killed. It shows what the rooms and the ledger cost.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import uvloop

from gateway.intake.proxy import Gateway
from gateway.rulebook import load
from gateway.settings import Settings
from gateway.vocabulary import Decision, Outcome, Receipt, Transfer, Verdict

PERMIT = Decision(verdict=Verdict.PERMIT)


class Empty:
    """A house with no rooms."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rulebook = load(Path(__file__).parents[1])

    async def carry(self, transfer: Transfer) -> Outcome:
        return Outcome(PERMIT, None, transfer.body, Receipt(0, bytes(32)))


async def main(upstream: int, port: int, folder: str) -> None:
    """Listen until killed."""
    settings = Settings(
        mode="reverse:http://counter.macao.example:443",
        listen_port=port,
        resolve={"counter.macao.example": ("127.0.0.1", upstream)},
        state_dir=Path(folder),
    )
    gateway = Gateway(Empty(settings))
    await gateway.listen()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as state:
        uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), state))

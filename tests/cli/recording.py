"""A ledger with decisions in it, for the commands that read one."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from gateway.ledger import Ledger
from gateway.pipeline import House
from gateway.rulebook.book import Rulebook
from gateway.settings import Settings
from gateway.vocabulary import Outcome, Transfer
from tests.given import APPLICATION, NOON, shipped, transfer

SECRET_NAME = APPLICATION["applicant"]["name"]  # type: ignore[index]


def ledger_of(
    folder: Path, items: Iterable[Transfer], *, refused: str = "", book: Rulebook | None = None
) -> tuple[Path, list[Outcome]]:
    """Carry ``items`` through the house, and refuse one more at the door for ``refused``."""
    rules = book or shipped()
    outcomes: list[Outcome] = []

    async def fill(ledger: Ledger) -> None:
        house = House(Settings(), rules, ledger)
        outcomes.extend([await house.carry(item) for item in items])
        if refused:
            outcomes.append(await house.refuse(transfer(), refused))

    with Ledger.open(folder / "ledger") as ledger:
        ledger.keep_rulebook(rules.digest, rules.files)
        asyncio.run(fill(ledger))
    return folder / "ledger", outcomes


def mixed(count: int) -> list[Transfer]:
    """So many transfers of several kinds: permitted, refused by rules and by the whitelist, over several days."""
    kinds = (
        {},
        {"body": {"matter": "x"}},
        {"body": {"id": "440105199003071016"}},
        {"target": b"/v1/nowhere"},
        {"target": b"/v1/bookings", "body": {"name": "x", "date": "soon"}},
        {"target": b"/v1/statistics", "method": "PUT", "body": {"month": "2026-10", "count": 12}},
        {"body": {"password": "hunter2hunter2"}},
        {"recipient": "hk-clinic", "host": "clinic.hk.example"},
    )
    made = []
    for number in range(count):
        kind = kinds[number % len(kinds)]
        made.append(transfer(at=NOON + timedelta(minutes=number), **kind))  # type: ignore[arg-type]
    return made

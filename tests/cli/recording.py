"""A ledger with decisions in it, and copies of the rules with changes, for the commands that read them."""

import asyncio
import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from gateway.ledger import Ledger
from gateway.pipeline import House
from gateway.rulebook.book import Rulebook
from gateway.settings import Settings
from gateway.vocabulary import Outcome, Transfer
from tests.given import APPLICATION, NOON, ROOT, shipped, transfer

SECRET_NAME = APPLICATION["applicant"]["name"]  # type: ignore[index]


def draft(folder: Path, **edits: Callable[[str], str]) -> Path:
    """A copy of the shipped rules in which files are edited: ``whitelist``, ``policies__pipl__beyond-entry`` ..."""
    root = folder / "draft"
    root.mkdir()
    shutil.copy(ROOT / "whitelist.yaml", root)
    for name in ("policies", "classifiers", "datasets"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, edit in edits.items():
        path = root / f"{name.replace('__', '/')}.yaml"
        before = path.read_text(encoding="utf-8")
        after = edit(before)
        assert after != before
        path.write_text(after, encoding="utf-8")
    return root


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

"""What counting people costs: a permit with 1, 100 and 10,000 people, and one without, against a plain append.

    python -m bench.headcount [FOLDER]

The baseline appends an entry of the same facts through the same ledger, in turns with the counting, in the same run.
What is added: the look before the decision, reading again in the transaction, adding, the larger entry.
Strangers are people never sent before, acquaintances were all sent once. Medians of several turns.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from gateway.decide import decide
from gateway.headcount import NOBODY, Cargo, Count, is_counted
from gateway.ledger import Ledger, commit, encode
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.settlement import Commitments, Settlement, entry_fields
from gateway.vocabulary import BEIJING, Decision, Facts, Individuals, Standing, State, Verdict

TURNS = 7
CROWDS = ((1, 200), (100, 40), (10_000, 2))
"""People in a payload, and payloads in a turn."""
KNOWN = 200_000
"""People of this year who are there before anything is measured."""


type Way = Callable[[Cargo], Awaitable[None]]


def entry_and_facts(book: Rulebook) -> Facts:
    """Facts that the first shipped entry with a basis covers."""
    entry = next(each for each in book.entries.values() if each.basis)
    members = book.members
    return Facts(
        transfer="00000000-0000-4000-8000-000000000000", at=datetime.now(BEIJING), leg=entry.carried_in,
        exporter=members[entry.exporter].party, recipient=members[entry.recipient].party, scheme="https",
        host="counter.example", port=443, method="POST", media_type="application/json", status=0, size=4096,
        state=State.COMPLETE, covering=(entry.id,), near=(), records=1,
    )  # fmt: skip


class Bench:
    """A ledger, and the two ways into it."""

    def __init__(self, ledger: Ledger, book: Rulebook) -> None:
        self.ledger = ledger
        self.book = book
        self.facts = entry_and_facts(book)
        self.decision = Decision(Verdict.PERMIT, (), (), self.facts.covering[0], "basis")
        self.chance = random.Random(1)

    def crowd(self, size: int) -> Cargo:
        """People whom nobody has sent before."""
        return Cargo.of(Individuals(frozenset(self.chance.randbytes(32) for _ in range(size))))

    def commitments(self) -> Commitments:
        """A fresh nonce, as every transfer has."""
        nonce, digest = commit(b"{}")
        return Commitments({"payload": digest.hex(), "released": digest.hex()}, {"payload": nonce})

    async def plain(self, _cargo: Cargo = NOBODY) -> None:
        """One entry, appended as a transfer of nobody is."""
        made = self.commitments()
        fields = entry_fields(
            self.facts, Standing(), self.decision, rulebook=self.book.digest, gateway="b", commitments=made.digests
        )
        await self.ledger.append(encode("decision", fields), made.nonces)

    async def fast(self, cargo: Cargo = NOBODY) -> None:
        """The same, asked first whether there is anything to count."""
        assert not is_counted(self.facts, cargo, self.book)
        await self.plain()

    async def counted(self, cargo: Cargo) -> None:
        """A look, and the settlement."""
        assert is_counted(self.facts, cargo, self.book)
        count = Count(self.ledger.reading(), self.facts, cargo, self.book)
        settlement = Settlement(self.facts, count, self.decision, cargo, self.book, "b", self.commitments())
        await self.ledger.settle(settlement)
        assert settlement.decision.verdict is Verdict.PERMIT


async def seconds(way: Way, crowds: list[Cargo]) -> float:
    """Seconds for each."""
    began = time.perf_counter()
    for each in crowds:
        await way(each)
    return (time.perf_counter() - began) / len(crowds)


def rows(bench: Bench) -> Iterator[tuple[str, float, float]]:
    """Name, seconds of the baseline, and ours."""

    def compare(name: str, way: Way, crowds: Callable[[], list[Cargo]]) -> tuple[str, float, float]:
        base, ours = [], []
        for _ in range(TURNS):
            made = crowds()
            base.append(asyncio.run(seconds(bench.plain, [NOBODY] * max(100, len(made)))))
            ours.append(asyncio.run(seconds(way, made)))
        return name, median(base), median(ours)

    yield compare("nobody: the fast path", bench.fast, lambda: [NOBODY] * 500)
    for size, many in CROWDS:
        yield compare(f"{size:,} strangers", bench.counted, lambda: [bench.crowd(size) for _ in range(many)])  # noqa: B023
        known = bench.crowd(size)
        asyncio.run(bench.counted(known))
        yield compare(f"{size:,} acquaintances", bench.counted, lambda: [known] * many)  # noqa: B023


def main() -> None:
    """Print the table."""
    book = load(Path())
    entries = {name: replace(entry, ceilings=()) for name, entry in book.entries.items()}
    book = replace(book, entries=entries, policies=())
    with (
        TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place,
        Ledger.open(Path(place) / "ledger", patience=5) as ledger,
    ):
        bench = Bench(ledger, book)
        for _ in range(KNOWN // 10_000):
            asyncio.run(bench.counted(bench.crowd(10_000)))
        print(f"{KNOWN:,} people known; medians of {TURNS} turns; plain append of the same run beside each")
        for name, base, ours in rows(bench):
            print(
                f"{name:24} plain {base * 1e6:9,.0f} us   ours {ours * 1e6:9,.0f} us   ratio {ours / base:7.2f}"
                f"   added {(ours - base) * 1e6:9,.0f} us"
            )
        decision = decide(bench.facts, Standing(), book).verdict.name
        print(f"ledger {ledger.bytes() / 1e6:,.0f} MB on disk (a decision here: {decision})")


if __name__ == "__main__":
    main()

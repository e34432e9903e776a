"""The ledger against bare SQLite: appends a second at 1, 16 and 256 waiters, latency of one append, verification.

    python -m bench.ledger

The baseline writes the same bytes, in the same run, in turns with the ledger: one ``executemany`` of entries of the
same group size and one commit (WAL, synchronous=FULL), with no event loop, no hashes, no nonces, no locks between
processes. Each row prints both and the ratio. Medians of several turns.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from gateway.ledger import Ledger, commit, encode, verify

TURNS = 5
WAITERS = ((1, 1500), (16, 400), (256, 40))
"""Waiters, and rounds of one append each."""
BOOK = "5" * 64


def entry(number: int) -> bytes:
    """An entry of the shape and size that a decision has."""
    party = {
        "city": "Zhuhai",
        "id": "portal",
        "jurisdiction": "CN",
        "name": "珠海示例門戶",
        "proof": "token",
        "traits": [],
    }
    reason = {"code": "policy.denies", "params": [], "rule": "no-entry", "source": "policies/no-entry.yaml:3"}
    facts = {
        "about": "", "at": "2026-11-20T12:00:00+08:00", "covering": [], "exporter": party, "found": [],
        "host": "counter.example", "leg": "request", "media_type": "application/json", "method": "POST", "near": [],
        "notices": [], "opaque": [], "port": 443, "recipient": party, "scheme": "https", "size": number,
        "state": "complete", "status": 0, "transfer": f"00000000-0000-4000-8000-{number:012d}",
    }  # fmt: skip
    decision = {"basis": "", "entry": "", "obligations": [], "reasons": [reason], "verdict": "deny"}
    fields = {"gateway": "bench", "rulebook": BOOK, "facts": facts, "standing": {"counts": {}}, "decision": decision}
    return encode("decision", {**fields, "commitments": {"payload": "0" * 64, "released": None}})


ENTRIES = [entry(number) for number in range(512)]


def bare(database: sqlite3.Connection, waiters: int, rounds: int) -> float:
    """Seconds for bare group commits."""
    rows = [(each, bytes(32)) for each in ENTRIES[:waiters]]
    began = time.perf_counter()
    for _ in range(rounds):
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO entries (bytes, leaf) VALUES (?, ?)", rows)
        database.execute("COMMIT")
    return time.perf_counter() - began


async def ours(ledger: Ledger, waiters: int, rounds: int) -> tuple[float, list[float]]:
    """Seconds for as many appends by waiters who each wait for their receipt; and each latency."""
    nonces = {"payload": commit(b"")[0]}
    latencies = []

    async def waiter(number: int) -> None:
        for _ in range(rounds):
            start = time.perf_counter()
            await ledger.append(ENTRIES[number], nonces)
            latencies.append(time.perf_counter() - start)

    began = time.perf_counter()
    await asyncio.gather(*map(waiter, range(waiters)))
    return time.perf_counter() - began, latencies


def main() -> None:
    """Print the table."""
    print(f"{len(ENTRIES[0])} bytes an entry, {TURNS} turns")
    with TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        folder = Path(place) / "ledger"
        database = sqlite3.connect(Path(place) / "bare.sqlite", isolation_level=None)
        database.executescript("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        database.execute("CREATE TABLE entries (number INTEGER PRIMARY KEY, bytes BLOB, leaf BLOB) STRICT")
        with Ledger.open(folder) as ledger:
            ledger.keep_rulebook(BOOK, {})
            for waiters, rounds in WAITERS:
                base, mine, all_latencies, cpu = [], [], [], []
                for _ in range(TURNS):
                    base.append(waiters * rounds / bare(database, waiters, rounds))
                    used = time.process_time()
                    seconds, latencies = asyncio.run(ours(ledger, waiters, rounds))
                    cpu.append((time.process_time() - used) / waiters / rounds)
                    mine.append(waiters * rounds / seconds)
                    all_latencies += latencies
                all_latencies.sort()
                middle, late = all_latencies[len(all_latencies) // 2], all_latencies[len(all_latencies) * 99 // 100]
                ratio = median(own / other for own, other in zip(mine, base, strict=True))
                print(
                    f"{waiters:4d} waiters: {median(mine):9,.0f} appends/s, bare SQLite {median(base):9,.0f}/s, "
                    f"ratio {ratio:.2f}; latency {middle * 1e6:,.0f} us (p99 {late * 1e6:,.0f}); "
                    f"CPU {median(cpu) * 1e6:.0f} us an append"
                )
        database.close()
        began = time.perf_counter()
        report = verify(folder)
        seconds = time.perf_counter() - began
        assert report.ok, report.failures[:3]
        print(f"verify: {report.size / seconds:,.0f} entries/s over {report.size:,} entries")


if __name__ == "__main__":
    main()

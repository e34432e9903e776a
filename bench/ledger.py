"""The ledger against bare SQLite: appends a second at 1, 16 and 256 waiters, latency of one append; proofs.

    python -m bench.ledger [FOLDER FOR TEMPORARY FILES] [proofs]

With ``proofs`` the appends are left out. Verification is held against reading the same rows and hashing each once;
receipts are cut out of as many entries as can be written in a minute, ten million at most.

The baseline writes the same bytes, in the same run, in turns with the ledger: one ``executemany`` of entries of the
same group size and one commit (WAL, synchronous=FULL), with no event loop, no hashes, no nonces, no locks between
processes. Each row prints both and the ratio. Medians of several turns.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from gateway.ledger import Ledger, Report, commit, encode, verify
from gateway.ledger.checkpoint import Verifier
from gateway.ledger.client import Log, from_address, from_folder
from gateway.ledger.mirror import mirror, verify_log
from gateway.ledger.proof import check_receipt
from gateway.ledger.published import Published
from gateway.ledger.receipt import receipt
from gateway.ledger.serving import log_served
from gateway.ledger.tree import leaf_hash

TURNS = 5
WAITERS = ((1, 1500), (16, 400), (256, 40))
"""Waiters, and rounds of one append each."""
BOOK = "5" * 64
START = b'{"at":"2026-11-20T12:%02d:%02d+08:00","gateway":"kouan","kind":"start","version":1}'
"""A short entry, so that many fit."""


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
    with TemporaryDirectory(dir=sys.argv[1] if sys.argv[1:] else None) as place:
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


BATCH = 8192
PROVED = 200_000
"""Entries of a verification."""
MOST = 10_000_000
BUILDING = 60.0
"""Seconds for which the ledger of the receipts grows."""
RECEIPTS = 300


def filled(folder: Path, made: Callable[[int], bytes], most: int, seconds: float) -> str:
    """Fill a ledger past its gateway, as fast as the disk goes, and sign it; gives its key."""
    with Ledger.open(folder, seconds=3600) as ledger:
        ledger.keep_rulebook(BOOK, {})
        size, began = 0, time.perf_counter()
        with sqlite3.connect(folder / "ledger.sqlite", isolation_level=None) as database:
            database.execute("PRAGMA synchronous = OFF")
            while size < most and time.perf_counter() - began < seconds:
                batch = [(number, made(number)) for number in range(size, min(most, size + BATCH))]
                database.execute("BEGIN")
                rows = [(number, data, leaf_hash(data)) for number, data in batch]
                database.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows)
                database.execute("COMMIT")
                size += len(batch)
        database.close()
        return ledger.vkey


def hashed(folder: Path) -> float:
    """Seconds for reading every entry and hashing it once: what no verifier can do without."""
    began = time.perf_counter()
    database = sqlite3.connect(folder / "ledger.sqlite")
    for (data,) in database.execute("SELECT bytes FROM entries ORDER BY number"):
        sha256(data).digest()
    database.close()
    return time.perf_counter() - began


def timed(call: Callable[[], Report]) -> tuple[float, Report, int]:
    """Seconds of a verification, what it found, and the bytes by which memory grew at most while it ran."""
    began = time.perf_counter()
    report = call()
    seconds = time.perf_counter() - began
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.ok, report.failures[:3]
    return seconds, report, peak


def verification(place: Path) -> None:
    """Verify a database, a mirror, and a log over HTTP."""
    folder, copy = place / "proved", place / "mirror"
    vkey = filled(folder, entry, PROVED, BUILDING)
    published = Published(folder)
    began = time.perf_counter()
    mirror(Log(published.read), copy, vkey)
    print(f"mirror: {PROVED / (time.perf_counter() - began):,.0f} entries/s copied, each proved")
    published.close()
    with log_served(folder, "127.0.0.1", 0) as prefix, from_address(prefix) as read:
        ways = (
            ("database", lambda: verify(folder)),
            ("mirror", lambda: verify_log(Log(from_folder(copy)), vkey)),
            ("http", lambda: verify_log(Log(read), vkey, ahead=True)),
        )
        for name, way in ways:
            base = hashed(folder)
            seconds, report, peak = timed(way)
            print(
                f"verify {name}: {report.size / seconds:,.0f} entries/s over {report.size:,} entries, ratio to reading "
                f"and hashing {base / seconds:.2f}; memory {peak / 1e6:.1f} MB at most"
            )


def receipts(place: Path) -> None:
    """Cut receipts out of a large ledger, in the process and over HTTP, and prove each."""
    folder = place / "large"
    vkey = filled(folder, lambda number: START % (number // 60 % 60, number % 60), MOST, BUILDING)
    verifier = Verifier(vkey)
    published = Published(folder)
    size, began = published.size(), time.perf_counter()
    receipt(Log(published.read), 0)
    print(f"receipts out of {size:,} entries: the first, which derives the tiles, {time.perf_counter() - began:.1f} s")
    published.close()
    chosen = [random.Random(6).randrange(size) for _ in range(RECEIPTS)]

    def laps(cut: Callable[[int], bytes]) -> str:
        took = []
        for index in chosen:
            start = time.perf_counter()
            data = cut(index)
            took.append((time.perf_counter() - start) * 1e3)
            assert check_receipt(data, verifier).index == index
        took.sort()
        return f"median {median(took):.2f} ms, p99 {took[len(took) * 99 // 100]:.2f} ms, most {took[-1]:.2f} ms"

    def anew(index: int) -> bytes:
        fresh = Published(folder)
        try:
            return receipt(Log(fresh.read), index)
        finally:
            fresh.close()

    print(f"receipt, opening the ledger for each: {laps(anew)}")
    with log_served(folder, "127.0.0.1", 0) as prefix, from_address(prefix) as read:
        print(f"receipt over HTTP, cut by the server: {laps(lambda index: read(f'receipt/{index}') or b'')}")
        print(f"receipt over HTTP, cut out of tiles:  {laps(lambda index: receipt(Log(read), index))}")


if __name__ == "__main__":
    if sys.argv[-1] != "proofs":
        main()
    with TemporaryDirectory(dir=sys.argv[1] if sys.argv[1:] and sys.argv[1] != "proofs" else None) as temporary:
        verification(Path(temporary))
        receipts(Path(temporary))

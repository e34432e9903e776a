"""What a decision costs, beside the number of entries and policies; and what it costs to load and check them.

    python -m bench.decide [--json]

A decision is ``observe`` and ``decide`` of a transfer with six categories in it, at each of several entries in turn.
The baseline of a row is the same at a tenth of the size, in the same run, turn about; figures are medians. The policies
beyond those in the box are each about a matter, a party, a purpose or a host of their own, as those of a data exchange
are; of policies that are about everything, every one would have to be asked.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bench.books import CATEGORIES, ENTRIES_OF_A_PARTY, files
from gateway.decide import decide, failing_cases, observe, prepare
from gateway.rulebook import from_files
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import (
    BEIJING,
    Certainty,
    Content,
    Envelope,
    Finding,
    Findings,
    Leg,
    Part,
    Proof,
    Segment,
    Standing,
    Transfer,
)

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)
SIZES = ((200, 100), (2_000, 300), (20_000, 3_000))
TARGETS = {"decide": 100.0, "ratio": 1.5, "load": 3.0}
"""Microseconds at the middle size; times that at ten times the size; seconds for the middle size."""
ROUNDS = 300
_PART = Part("body", "", lambda _: (), format="json", writable=True)
_CONTENT = Content((), media_type="application/json")


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one size."""

    entries: int
    policies: int
    load: float
    cases: float
    observe: float
    decide: float
    """Seconds."""


def _transfers(rulebook: Rulebook) -> Iterator[Transfer]:
    """Transfers to every entry in turn, at random strides."""
    entries = sorted(rulebook.entries.values(), key=lambda entry: entry.id)
    for step in itertools.count():
        entry = entries[step * 7919 % len(entries)]
        number = entry.id.removeprefix("entry-")
        exporter = replace(rulebook.members[entry.exporter].party, proof=Proof.MTLS)
        recipient = replace(rulebook.members[entry.recipient].party, proof=Proof.HOST)
        host = f"r{int(number) // ENTRIES_OF_A_PARTY}.example"
        envelope = Envelope("POST", "https", host, 443, f"/v1/service-{number}/7".encode())
        yield Transfer(f"t-{step}", NOON, Leg.REQUEST, exporter, recipient, envelope, b"{}")


def _findings() -> Findings:
    return Findings(
        tuple(
            Finding("bench", name, Certainty.LIKELY, _PART, Segment("x", f"json:/{at}", "", 0, 1), 0, 1)
            for at, name in enumerate(CATEGORIES[:2])
        )
    )


def _timed[T](work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def measure() -> list[Row]:
    """Measure all sizes, turn about."""
    books = []
    for entries, policies in SIZES:
        print(f"loading {entries} entries, {policies} policies ...", file=sys.stderr)
        load, rulebook = _timed(lambda: from_files(files(entries, policies)))  # noqa: B023 - called at once
        cases, failing = _timed(lambda: failing_cases(rulebook))  # noqa: B023
        if failing:
            raise SystemExit(f"a case fails: {failing[0]}")
        prepare(rulebook)
        books.append((rulebook, load, cases, _transfers(rulebook), [], []))
    found, standing = _findings(), Standing()
    permitted = 0
    for _ in range(ROUNDS):
        for rulebook, _, _, transfers, observed, decided in books:
            transfer = next(transfers)
            spent, facts = _timed(lambda: observe(transfer, _CONTENT, found, rulebook))  # noqa: B023
            observed.append(spent)
            spent, decision = _timed(lambda: decide(facts, standing, rulebook))  # noqa: B023
            decided.append(spent)
            permitted += decision.verdict.name == "PERMIT"
    if not permitted:
        raise SystemExit("nothing is permitted: this measures refusals only")
    return [
        Row(len(book.entries), len(book.policies), load, cases, statistics.median(seen), statistics.median(done))
        for book, load, cases, _, seen, done in books
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked = parser.parse_args()
    rows = measure()
    told = []
    for before, row in itertools.pairwise([None, *rows]):
        assert row is not None
        told.append(
            {
                "entries": row.entries,
                "policies": row.policies,
                "observe_us": round(row.observe * 1e6, 1),
                "decide_us": round(row.decide * 1e6, 1),
                "ratio": round(row.decide / before.decide, 2) if before else None,
                "load_s": round(row.load, 2),
                "cases_s": round(row.cases, 2),
            }
        )
    if asked.json:
        print(json.dumps({"rows": told, "targets": TARGETS}))
        return 0
    print(f"{'entries':>8}{'policies':>10}{'observe':>12}{'decide':>12}{'of a tenth':>12}{'load':>10}{'cases':>10}")
    for each in told:
        ratio = f"x{each['ratio']}" if each["ratio"] else ""
        print(
            f"{each['entries']:>8}{each['policies']:>10}{each['observe_us']:>9} us{each['decide_us']:>9} us"
            f"{ratio:>12}{each['load_s']:>8} s{each['cases_s']:>8} s"
        )
    most, ratio, load = TARGETS["decide"], TARGETS["ratio"], TARGETS["load"]
    print(f"wanted: decide <= {most} us at 2,000 and 300, <= x{ratio} at ten times; load and cases <= {load} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

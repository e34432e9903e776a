"""Measure precision and recall, and false alarms on harmless text.

    python -m bench.accuracy [--half tune|report] [--records N] [--misses N] [--only PREFIX] [--language L] [--json]
                             [--skip corpus|quiet] [--megabytes N]

Rules may be tuned on ``--half tune``; the figures that count are those of ``--half report``, the default. Exit code 1
says that a target was missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.accuracy import quiet, report
from bench.accuracy.corpus import HALVES, corpus
from bench.accuracy.marked import LANGUAGES
from bench.accuracy.measure import Measured, run, shipped
from gateway.classify import prepare


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=HALVES, default="report", help="which half of the corpus (default: report)")
    parser.add_argument("--records", type=int, default=24_000, metavar="N", help="records to measure (default: 24000)")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="print up to N examples of each fault")
    parser.add_argument("--only", default="", metavar="PREFIX", help="rows and examples of these categories only")
    parser.add_argument("--language", choices=LANGUAGES, help="rows and examples of this language only")
    parser.add_argument("--kinds", action="store_true", help="recall of every kind of value as well")
    parser.add_argument(
        "--megabytes", type=float, default=10.0, metavar="N", help="harmless text to look at (default: 10)"
    )
    parser.add_argument("--skip", choices=("corpus", "quiet"), help="leave one half of the work out")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


def main() -> int:
    """Measure and print."""
    chosen = _arguments()
    told = Console(stderr=chosen.json, width=None if sys.stdout.isatty() else 150, highlight=False, soft_wrap=True)
    rules = shipped()
    prepare(rules)
    measured, alarms = Measured(), quiet.Alarms()
    began = time.perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        if chosen.skip != "corpus":
            task = progress.add_task("records", total=chosen.records)
            for done in run(corpus(chosen.half, chosen.records), rules, measured):
                progress.update(task, completed=done)
        if chosen.skip != "quiet":
            task = progress.add_task("harmless KB", total=int(chosen.megabytes * 1000))
            for size in quiet.run(quiet.harmless(chosen.megabytes), rules, alarms):
                progress.update(task, completed=size // 1000)
    took = time.perf_counter() - began
    figures: dict[str, Any] = {"half": chosen.half, "seconds": round(took, 1)}
    missed: list[str] = []
    if chosen.skip != "corpus":
        figures |= report.figures(measured)
        missed += report.missed(measured, only=chosen.only, language=chosen.language)
        if not chosen.json:
            report.show(told, measured, only=chosen.only, language=chosen.language, kinds=chosen.kinds)
            report.show_examples(told, measured, chosen.misses, only=chosen.only, language=chosen.language)
    if chosen.skip != "quiet":
        figures |= {"quiet": alarms.figures()}
        missed += alarms.missed()
        if not chosen.json:
            quiet.show(told, alarms, chosen.misses, only=chosen.only)
    if chosen.json:
        sys.stdout.write(json.dumps(figures | {"missed": missed}, ensure_ascii=False, indent=1) + "\n")
    else:
        report.show_missed(told, missed)
        told.print(f"half {chosen.half}, {took:.0f} s")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())

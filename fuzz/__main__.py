"""Coverage-guided fuzzing: ``make fuzz SECONDS=60 FORMAT=zip`` (all formats where none is named).

What is found is kept in ``fuzz/found``, one file a finding, named after what it was declared to be. Such a file given
to ``make fuzz FILE=...`` shows it again.
"""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from fuzz.samples import TYPES
from fuzz.target import check
from gateway.sandbox import Sandbox

FOUND = Path(__file__).parent / "found"
RAW = "raw-"
"""What libFuzzer keeps itself, when time or memory is over: with the byte that chose the declaration."""


def show(file: Path) -> None:
    """Decode a file again, as what its name says; raises what was found."""
    data, name = file.read_bytes(), file.name
    if name.startswith(RAW):
        names = list(TYPES) if name.split("-")[1] == "all" else [name.split("-")[1]]
        types = [*(TYPES[each] for each in names), ""]
        data, type = data[:-1], types[data[-1] % len(types)]
    else:
        type = TYPES.get(name.rpartition("-")[0], "")
    sandbox = Sandbox(1)
    try:
        check(data, type, sandbox)
    finally:
        sandbox.close()


def fuzz(names: list[str], seconds: int) -> int:
    """Run atheris for so long; say what it found. Return 1 where it found anything."""
    FOUND.mkdir(exist_ok=True)
    before, begun = set(FOUND.iterdir()), time.time()
    every = "all" if len(names) > 1 else names[0]
    command = [
        *(sys.executable, "-m", "fuzz.run", ",".join(names), str(FOUND)),
        *(f"-max_total_time={seconds}", f"-artifact_prefix={FOUND}/{RAW}{every}-"),
        *("-max_len=65536", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"),
    ]
    done = subprocess.run(command, check=False)
    new = sorted(file for file in FOUND.iterdir() if file not in before or file.stat().st_mtime > begun)
    kept = [file for file in new if file.is_file()]
    # Each exception is kept twice: by us, and by libFuzzer with the byte that chose.
    ours = [file for file in kept if not file.name.startswith(RAW)] or kept
    say(f"fuzz: {every}: {len(ours)} found" + ("" if ours or not done.returncode else ", but the run failed"))
    for file in ours:
        say(f"  {file}\n    again: make fuzz FILE={file}")
    return 1 if ours or done.returncode else 0


def say(text: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Fuzz, or show a file again; empty values count as none, since make hands over what it was not told."""
    parser = ArgumentParser(prog="python -m fuzz", description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=lambda said: int(said or 60), default=60, help="how long (60)")
    parser.add_argument("--format", choices=["", *TYPES], default="", metavar="NAME", help=", ".join(TYPES))
    parser.add_argument("--file", default="", help="what was found once, to be shown again")
    given = parser.parse_args()
    if given.file:
        show(Path(given.file))
        say("fuzz: nothing happened that must not")
        return 0
    return fuzz([given.format] if given.format else list(TYPES), given.seconds)


if __name__ == "__main__":
    raise SystemExit(main())

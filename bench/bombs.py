"""Seconds of work and memory that each bomb takes until it is put down, its parser's process among them.

    python -m bench.bombs

The ratio is to an ordinary message of 1 MB, decoded by the same process. A bomb may take a second and 200 MB; one that
would be long rather than large is ended by the clock (``read_seconds``) and says so.
"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.decode.bombs import BOMBS
from tests.decode.cost import LIMITS, ORDINARY

SECONDS, MEMORY = 1.0, 200 * 1024 * 1024


def main() -> int:
    """Print a line for each bomb; return 1 where one takes more than it may."""
    command = [sys.executable, "-m", "tests.decode.cost", ORDINARY, *BOMBS]
    lines = subprocess.run(command, capture_output=True, check=True, timeout=200).stdout.splitlines()
    ordinary, *costs = map(json.loads, lines)
    failed = 0
    print(f"{'bomb':34} {'bytes':>12} {'seconds':>8} {'ratio':>7} {'MB':>5}  put down for")
    for cost in (ordinary, *costs):
        timed = any("seconds" in each for each in cost["opaque"])
        over = cost["seconds"] > SECONDS + timed * LIMITS.seconds or cost["memory"] > MEMORY
        failed += over
        print(
            f"{cost['name']:34} {cost['size']:>12,} {cost['seconds']:>8.3f} "
            f"x{cost['seconds'] / ordinary['seconds']:>6.1f} {cost['memory'] >> 20:>5}  "
            f"{', '.join(cost['opaque'])}{'   OVER' if over else ''}"
        )
    print(f"{failed} of {len(costs)} over a second or 200 MB")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

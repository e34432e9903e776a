"""Memory of a worker under many requests: it must not grow once it is warm.

    python -m bench.memory [--requests 200000]

prints the resident size of the worker after each tenth of the requests, and the ratio of the last to the one after
the first tenth.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from bench.gateway import BIN, HERE, HOST, ROOT, SCRIPT, TOKEN, body, free_port, start, wrk

CONNECTIONS = 16


def resident(parent: int) -> int:
    """Resident kilobytes of the children of a process."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    status = [Path(f"/proc/{child}/status").read_text() for child in children]
    return sum(int(text.split("VmRSS:")[1].split()[0]) for text in status)


def main() -> None:
    """Start a gateway, send requests in tenths, print what it takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200_000)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("bench.memory needs wrk: apt-get install wrk")
    processes = []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        upstream, port = free_port(), free_port()
        try:
            processes.append(
                start([sys.executable, str(HERE / "upstream.py"), str(upstream), "40"], upstream, work / "u")
            )
            command = [str(BIN / "kouan"), "run", "--rules", str(ROOT), "--state-dir", str(work / "state")]
            command += ["--mode", f"reverse:http://{HOST}:443", "--resolve", f"{HOST}=127.0.0.1:{upstream}"]
            command += ["--listen-port", str(port), "--metrics-port", "0", "--log-level", "warning"]
            gateway = start(command, port, work / "gateway.log")
            processes.append(gateway)
            payload, script = work / "body.json", work / "post.lua"
            payload.write_bytes(body(1024, 0))
            script.write_text(SCRIPT.format(token=TOKEN, body=payload))
            sent, sizes = 0.0, []
            while sent < options.requests:
                goal = sent + options.requests / 10
                while sent < goal:
                    rate, _ = wrk(port, CONNECTIONS, 5, script)
                    sent += rate * 5
                sizes.append(resident(gateway.pid))
                print(f"{sent:9,.0f} requests  {sizes[-1] / 1024:7.1f} MB", flush=True)
            print(f"last / first: x{sizes[-1] / sizes[0]:.3f}")
        finally:
            for process in processes:
                os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()

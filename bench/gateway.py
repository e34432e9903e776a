"""Throughput and latency of the full gateway against a bare mitmdump, interleaved on the same machine.

Reverse mode over plain HTTP on loopback, so that the proxies and not TLS are compared: ``wrk`` posts JSON of 1 KB
and of 16 KB over 1 and 16 connections, and the upstream answers with a few bytes of JSON. The gateway decodes,
classifies, decides and records both directions, so each exchange is two durable ledger entries. ``own master`` is
the gateway's proxy without the corridor. All systems stay up; each round measures each of them in turn.

    python -m bench.gateway [--seconds 3] [--rounds 3] [--json]
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
BIN = Path(sys.executable).parent
TOKEN = "demo-zhuhai"
HOST = "counter.macao.example"
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Kouan-Token"] = "{token}"
local file = io.open("{body}")
wrk.body = file:read("*a")
file:close()
"""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def body(size: int, findings: int) -> bytes:
    """JSON of about ``size`` bytes, with ``findings`` synthetic identifiers that the entry allows."""
    rows = [
        {"district": "Nansha", "office": "Wanqingsha", "quarter": n % 4 + 1, "permits": n * 7 % 911}
        for n in range(size // 72)
    ]
    people = [{"name": "陳大文", "bir": "1234567(8)"} for _ in range(findings)]
    return json.dumps({"matter": "statistics", "people": people, "rows": rows}, ensure_ascii=False).encode()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once ``port`` accepts connections."""
    for _ in range(400):
        if process.poll() is not None:
            raise SystemExit(f"{process.args} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"{process.args} did not listen on {port}")


def start(command: list[str], port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start a server and wait until it listens; what it prints goes to ``log``."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT, start_new_session=True)
    wait_for(port, process)
    return process


def wrk(port: int, connections: int, seconds: float, script: Path) -> tuple[float, float]:
    """Requests a second, and median latency in milliseconds. Fails if any answer was not 2xx."""
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "-s",
        str(script),
        f"http://127.0.0.1:{port}/v1/statistics",
    ]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"not all answers were 2xx:\n{out}")
    rate = float(re.search(r"Requests/sec:\s+([0-9.]+)", out)[1])
    value, unit = re.search(r"50%\s+([0-9.]+)(us|ms|s)", out).groups()
    return rate, float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def main() -> None:
    """Start everything, measure in rounds, print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--findings", type=int, default=0, help="identifiers in each body")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("bench.gateway needs wrk: apt-get install wrk")
    processes = []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        upstream = free_port()
        ports = {
            "mitmdump": free_port(),
            "own master": free_port(),
            "gateway": free_port(),
            "gateway, 2 workers": free_port(),
        }
        try:
            processes.append(
                start([sys.executable, str(HERE / "upstream.py"), str(upstream), "40"], upstream, work / "up.log")
            )
            reverse = f"reverse:http://127.0.0.1:{upstream}"
            bare = [str(BIN / "mitmdump"), "-q", "--mode", reverse, "-p", str(ports["mitmdump"])]
            own = [sys.executable, "-m", "bench.own_master", str(upstream), str(ports["own master"])]
            processes.append(start(bare, ports["mitmdump"], work / "mitmdump.log"))
            processes.append(start(own, ports["own master"], work / "own.log"))
            for system, workers in (("gateway", 1), ("gateway, 2 workers", 2)):
                command = [str(BIN / "kouan"), "run", "--rules", str(ROOT), "--metrics-port", "0"]
                command += ["--mode", f"reverse:http://{HOST}:443", "--resolve", f"{HOST}=127.0.0.1:{upstream}"]
                command += ["--listen-port", str(ports[system]), "--workers", str(workers)]
                command += ["--state-dir", str(work / f"state{workers}")]
                processes.append(start(command, ports[system], work / f"gateway{workers}.log"))
            time.sleep(1)
            report(options, ports, work)
        finally:
            for process in processes:
                os.killpg(process.pid, signal.SIGKILL)


def report(options: argparse.Namespace, ports: dict[str, int], work: Path) -> None:
    """Measure every cell in turn and print it."""
    cells = []
    for size in (1024, 16 * 1024):
        payload = work / f"body{size}.json"
        payload.write_bytes(body(size, options.findings))
        script = work / f"post{size}.lua"
        script.write_text(SCRIPT.format(token=TOKEN, body=payload))
        for connections in (1, 16):
            seen: dict[str, list[tuple[float, float]]] = {system: [] for system in ports}
            for port in ports.values():
                wrk(port, connections, 1, script)
            for _ in range(options.rounds):
                for system, port in ports.items():
                    seen[system].append(wrk(port, connections, options.seconds, script))
            base = statistics.median(rate for rate, _ in seen["mitmdump"])
            for system, figures in seen.items():
                rate = statistics.median(rate for rate, _ in figures)
                latency = statistics.median(latency for _, latency in figures)
                cell = {
                    "bytes": size,
                    "connections": connections,
                    "system": system,
                    "rate": rate,
                    "ms": latency,
                    "ratio": rate / base,
                }
                cells.append(cell)
                if not options.json:
                    print(
                        f"{size:6d} B {connections:3d} conn  {system:20s} "
                        f"{rate:7.0f} req/s  {latency:6.2f} ms  x{rate / base:.2f}",
                        flush=True,
                    )
    if options.json:
        print(json.dumps(cells, indent=1))


if __name__ == "__main__":
    main()

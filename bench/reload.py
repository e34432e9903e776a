"""The longest that a transfer waits while other rules are taken up, against the same gateway at rest.

One connection posts 1 KB of JSON again and again through ``kouan run`` and times each exchange. Windows at rest and
windows with a reload (from SIGHUP until the worker has adopted) take turns; each window at rest is as long as the
reload before it, so that both have as many chances of bad luck with the machine. A niced process that spins through a
second kind of rest shows how much of it is the machine alone.

    python -m bench.reload [--rounds 8] [--json]
"""

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.gateway import HERE, HOST, ROOT, TOKEN, body, free_port, start, wait_for

FOLDERS = ("policies", "classifiers", "descriptors", "datasets")
AFTER = 0.3
"""Seconds after the adoption that still count: what was left behind is cleared away then."""
SPIN = "import time\nend = time.monotonic() + {seconds}\nwhile time.monotonic() < end: pass"


class Line:
    """A connection that posts and times."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = body(1024, 0)
        head = (
            f"POST /v1/statistics HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
            f"X-Kouan-Token: {TOKEN}\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        self.refused = 0
        self.message = head.encode() + data

    def post(self) -> float:
        """One exchange; milliseconds."""
        before = time.perf_counter()
        self.socket.sendall(self.message)
        answer = self.socket.recv(65536)
        while b"\r\n\r\n" not in answer or not self.whole(answer):
            answer += self.socket.recv(65536)
        took = (time.perf_counter() - before) * 1e3
        if not answer.startswith(b"HTTP/1.1 200"):
            if b'"ledger.closed"' not in answer:
                raise SystemExit(f"refused:\n{answer.decode(errors='replace')}")
            self.refused += 1  # a writer waited for more than 250 ms for the others: the machine is full
        return took

    @staticmethod
    def whole(answer: bytes) -> bool:
        """Whether the body is there."""
        head, _, rest = answer.partition(b"\r\n\r\n")
        length = next(int(each.split(b":")[1]) for each in head.lower().split(b"\r\n") if b"content-length" in each)
        return len(rest) >= length


class Log:
    """Lines of the gateway's log as they come; most are of transfers, and are passed over."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        self.rest = b""
        self.seen: list[dict[str, object]] = []

    def events(self, event: str) -> list[dict[str, object]]:
        """All of one kind so far."""
        *lines, self.rest = (self.rest + self.file.read()).split(b"\n")
        self.seen += [json.loads(each) for each in lines if b'"event":"rulebook' in each]
        return [each for each in self.seen if each["event"] == event]


def reloading(line: Line, gateway: subprocess.Popen[bytes], log: Log, rules: Path, number: int) -> list[float]:
    """Post until the changed rules are adopted, and a moment longer."""
    (rules / "whitelist.yaml").open("a").write(f"# {number}\n")
    gateway.send_signal(signal.SIGHUP)
    times, until, looked = [], None, time.monotonic()
    while until is None or time.monotonic() < until:
        times.append(line.post())
        if until is None and time.monotonic() - looked > 0.1:
            looked = time.monotonic()
            if len(log.events("rulebook adopted")) > number:
                until = looked + AFTER
            if faults := log.events("rulebook faulty"):
                raise SystemExit(f"the rules are faulty: {faults[0]}")
    return times


def resting(line: Line, seconds: float) -> list[float]:
    """Post for some time."""
    end = time.monotonic() + seconds
    times = []
    while time.monotonic() < end:
        times.append(line.post())
    return times


def memory(process: subprocess.Popen[bytes]) -> float:
    """MiB of the largest child."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    texts = [Path(f"/proc/{child}/status").read_text() for child in children]
    return max(int(text.split("VmRSS:")[1].split()[0]) for text in texts) / 1024


def measure(options: argparse.Namespace, work: Path) -> dict[str, object]:
    """Run all windows, and sum up."""
    rules = work / "rules"
    for name in FOLDERS:
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, rules / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copy(ROOT / "whitelist.yaml", rules)
    upstream, port = free_port(), free_port()
    up = start([sys.executable, str(HERE / "upstream.py"), str(upstream), "40"], upstream, work / "up.log")
    log = work / "log"
    flags = {
        "rules": rules,
        "state-dir": work / "state",
        "mode": f"reverse:http://{HOST}:443",
        "resolve": f"{HOST}=127.0.0.1:{upstream}",
        "listen-port": port,
        "metrics-port": 0,
        "reload": "signal",
        "log-level": "info",
    }
    command = [sys.executable, "-m", "gateway.cli", "run", *(f"--{key}={value}" for key, value in flags.items())]
    with log.open("wb") as out:
        gateway = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT)
    try:
        wait_for(port, gateway)
        line, told = Line(port), Log(log)
        resting(line, 2)
        before = memory(gateway)
        kinds: dict[str, list[list[float]]] = {"at rest": [], "beside a niced process": [], "reload": []}
        seconds = []
        for number in range(options.rounds):
            began = time.monotonic()
            kinds["reload"].append(reloading(line, gateway, told, rules, number))
            seconds.append(time.monotonic() - began)
            kinds["at rest"].append(resting(line, seconds[-1]))
            spinning = subprocess.Popen(["nice", sys.executable, "-c", SPIN.format(seconds=seconds[-1])])
            kinds["beside a niced process"].append(resting(line, seconds[-1]))
            spinning.wait()
        found: dict[str, object] = {kind: summed(windows) for kind, windows in kinds.items()}
        longest = {kind: statistics.median(max(window) for window in windows) for kind, windows in kinds.items()}
        found["added to the longest, median of rounds (ms)"] = round(longest["reload"] - longest["at rest"], 2)
        found["refused, the ledger being locked"] = line.refused
        found["seconds of a reload"] = round(statistics.median(seconds), 2)
        found["adopting (microseconds)"] = [each["microseconds"] for each in told.events("rulebook adopted")]
        found["memory of the worker before and after (MiB)"] = [round(before), round(memory(gateway))]
        return found
    finally:
        gateway.terminate()
        gateway.wait(15)
        os.killpg(up.pid, signal.SIGTERM)


def summed(windows: list[list[float]]) -> dict[str, float]:
    """Milliseconds: the median, one in a thousand, the longest of a median window, the longest of all."""
    every = sorted(took for window in windows for took in window)
    return {
        "exchanges": len(every),
        "median": round(statistics.median(every), 3),
        "p99.9": round(every[int(len(every) * 0.999)], 2),
        "longest, median of rounds": round(statistics.median(max(window) for window in windows), 2),
        "longest": round(every[-1], 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = measure(options, Path(name))
    if options.json:
        print(json.dumps(found))
        return
    for what, told in found.items():
        print(f"{what:50} {told}")


if __name__ == "__main__":
    main()

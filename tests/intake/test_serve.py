"""The supervisor and its workers, as processes."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.intake.orders import from_orders, orders
from gateway.intake.serve import CannotServe, reserved_port
from gateway.ledger import Ledger, LedgerInUse, encode
from gateway.settings import Settings
from tests.given import ROOT
from tests.intake.stage import HOST, post, read_reply

RUN = """
import sys
from gateway.intake.serve import CannotServe, serve
from gateway.settings import read
try:
    serve(read({}, **dict(item.split("=", 1) for item in sys.argv[1:])))
except CannotServe as fault:
    sys.exit(f"cannot serve: {fault}")
"""


def free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


class Running:
    """A gateway of two workers in processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.metrics = free_ports()
        self.log = folder / "log"
        with self.log.open("wb") as out:
            flags = {
                "rules": ROOT,
                "state_dir": folder / "state",
                "listen_port": self.port,
                "metrics_port": self.metrics,
                "workers": 2,
                "drain_seconds": 2,
            }
            command = [sys.executable, "-W", "ignore", "-c", RUN, *(f"{key}={value}" for key, value in flags.items())]
            self.process = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT)
        self.wait_for("ready")

    def lines(self, event: str) -> list[dict[str, object]]:
        """Log lines of one event."""
        found = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in found if line["event"] == event]

    def wait_for(self, event: str) -> None:
        """Wait for a log line."""
        deadline = time.monotonic() + 30
        while not self.lines(event):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def ask(self) -> int:
        """One refused request; its status, or 0."""

        async def once() -> int:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                return 0
            writer.write(post(target=b"http://nowhere.example/", host="nowhere.example"))
            status = (await read_reply(reader)).status
            writer.close()
            return status

        return asyncio.run(once())


def entries(folder: Path) -> int:
    """How many entries the ledger holds; it opens, so nothing needs repair."""
    with Ledger.open(folder / "state" / "ledger") as ledger:
        ledger.append_now(encode("stop", {"gateway": "test", "at": "2026-11-20T12:00:00+08:00"}))
        with Ledger.attach(folder / "state" / "ledger") as reader:
            return reader.size() - 1


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One gateway for all tests here, stopped at the end."""
    gateway = Running(tmp_path_factory.mktemp("gateway"))
    yield gateway
    gateway.process.send_signal(signal.SIGTERM)
    assert gateway.process.wait(10) == 0
    assert entries(gateway.folder) >= 3


def test_workers_share_port_ledger_and_figures(running: Running) -> None:
    """Requests are served by whichever worker, recorded in one ledger and counted in one place."""
    before = figure(running)
    assert [running.ask() for _ in range(8)] == [451] * 8
    assert figure(running) == before + 8
    with pytest.raises(LedgerInUse):
        Ledger.open(running.folder / "state" / "ledger")


def figure(running: Running) -> float:
    """Refused transfers so far."""
    with urllib.request.urlopen(f"http://127.0.0.1:{running.metrics}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    assert any(line.startswith("kouan_ledger_entries") for line in lines)
    return sum(float(line.split()[-1]) for line in lines if line.startswith("kouan_transfers_total{"))


def test_a_dead_worker_is_replaced(running: Running) -> None:
    """A worker that is killed is started anew; the gateway answers all the while, and says so in its log."""
    victim, *others = running.workers()
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while len(running.workers()) < 2 or victim in running.workers():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert set(others) <= set(running.workers())
    running.wait_for("worker died")
    assert running.ask() == 451


def test_two_gateways_do_not_share_a_port(running: Running) -> None:
    """SO_REUSEPORT is for the workers of one gateway; another one is told that the port is taken."""
    settings = Settings(listen_port=running.port)
    with pytest.raises(CannotServe, match=str(running.port)), reserved_port(settings):
        pass


def test_workers_do_not_outlive_their_supervisor(tmp_path: Path) -> None:
    """With the supervisor killed its lock is gone, so the workers stop at once; the next start needs no repair."""
    gateway = Running(tmp_path)
    workers = gateway.workers()
    assert len(workers) == 2
    gateway.process.kill()
    gateway.process.wait(5)
    deadline = time.monotonic() + 10
    while any(
        Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2] for pid in workers
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert gateway.ask() == 0
    assert entries(tmp_path) == 2


def test_orders_arrive_as_they_were_given() -> None:
    """Settings survive their way to the worker."""
    settings = Settings(resolve={HOST: ("127.0.0.1", 8443)}, upstream_ca=Path("a.pem"), workers=2)
    assert from_orders(orders(settings, "digest")) == (settings, "digest")


def test_a_free_port_is_chosen_where_none_is_given() -> None:
    """Port 0 means any; all workers are then told the same one."""
    with reserved_port(Settings(listen_port=0)) as port, socket.socket() as worker:
        worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        worker.bind(("127.0.0.1", port))

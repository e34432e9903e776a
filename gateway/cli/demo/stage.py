"""What the demo is played on: a folder to throw away, three upstreams, and a real gateway worker in front of them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gateway.cli.demo.authority import Authority
from gateway.cli.demo.upstreams import Answer, Arrival, Upstream

READY_WITHIN = 60.0
"""Seconds that the gateway is given to open."""
STOPPED_WITHIN = 8.0


class NotReady(RuntimeError):
    """The gateway did not open; the message holds the end of its log."""


class Stage:
    """Everything of the demo that has to be put up and taken down. A context manager."""

    def __init__(self, rules: Path | Mapping[str, bytes], answers: Mapping[str, Callable[[Arrival], Answer]]) -> None:
        """``rules``: a folder, or files by name; ``answers`` says for each host of an upstream what it replies."""
        self._rules = rules
        self._answers = answers
        self._stack = ExitStack()
        self.upstreams: dict[str, Upstream] = {}
        self.port, self.metrics_port = _free_ports(2)

    @property
    def metrics_url(self) -> str:
        """Where the gateway's figures are."""
        return f"http://127.0.0.1:{self.metrics_port}/metrics"

    def __enter__(self) -> Self:
        """Put it all up; return once the gateway listens. Raises ``NotReady``."""
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kouan-demo-")))
            self.state_dir = self.folder / "state"
            authority = Authority(self.folder)
            for host, answer in self._answers.items():
                self.upstreams[host] = Upstream(host, authority.server(host), answer)
                stack.callback(self.upstreams[host].close)
            self._start(authority.certificate)
            stack.callback(self.stop)
            self._await_ready()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take it all down."""
        self._stack.close()

    @property
    def authority(self) -> Path:
        """The certificate of the gateway's own authority, which clients must trust."""
        return self.state_dir / "ca" / "kouan-ca.pem"

    @property
    def ledger(self) -> Path:
        """Where the gateway keeps its ledger."""
        return self.state_dir / "ledger"

    @property
    def log(self) -> Path:
        """What the gateway says: one line of JSON a transfer."""
        return self.folder / "gateway.log"

    def arrivals(self, host: str) -> list[Arrival]:
        """What reached an upstream so far."""
        return self.upstreams[host].arrivals

    def decisions(self) -> list[dict[str, Any]]:
        """What the gateway's log says of each transfer so far, in order."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [line for line in told if line.get("event") == "transfer"]

    def _written(self) -> Path:
        """Return the folder of the rules."""
        if isinstance(self._rules, Path):
            return self._rules
        folder = self.folder / "rules"
        for name, data in self._rules.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return folder

    def _start(self, upstream_ca: Path) -> None:
        table = ",".join(f"{host}=127.0.0.1:{upstream.port}" for host, upstream in self.upstreams.items())
        flags = {
            "rules": self._written(),
            "state-dir": self.state_dir,
            "gateway-id": "demo",
            "listen-port": self.port,
            "metrics-port": self.metrics_port,
            "upstream-ca": upstream_ca,
            "resolve": table,
            "drain-seconds": 0.5,
        }
        command = [sys.executable, "-m", "gateway.cli", "run", *(f"--{name}={value}" for name, value in flags.items())]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KOUAN_")}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command with our own flags
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )

    def _await_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise NotReady(f"the gateway ended with {self._process.returncode}:\n{self._end_of_log()}")
            if self.authority.exists() and _listens(self.port):
                return
            time.sleep(0.02)
        raise NotReady(f"the gateway did not listen within {READY_WITHIN:.0f} s:\n{self._end_of_log()}")

    def _end_of_log(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])

    def stop(self) -> None:
        """Stop the gateway as an operator would, and see that it has gone."""
        if self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; held at once, so that they differ."""
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in held]

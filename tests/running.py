"""A real gateway in processes of its own, a recipient that remembers what reached it, and a sender. All on loopback."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.given import ROOT

HOST = "counter.macao.example"
READY_WITHIN = 30.0


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Recipient:
    """An HTTP server that keeps every body that reaches it, in order, and answers politely."""

    def __init__(self) -> None:
        bodies = self.bodies = list[bytes]()

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "18")
                self.end_headers()
                self.wfile.write(b'{"accepted": true}')

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()


class Gateway:
    """``kouan run`` in reverse mode before a recipient; a context manager that leaves nothing running."""

    def __init__(self, state: Path, recipient: Recipient, *, workers: int = 1, **flags: object) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        self.state = state
        self.log = state.parent / f"gateway-{self.port}.log"
        settings = {
            "rules": ROOT,
            "state-dir": state,
            "mode": f"reverse:http://{HOST}:443",
            "resolve": f"{HOST}=127.0.0.1:{recipient.port}",
            "listen-port": self.port,
            "metrics-port": self.metrics_port,
            "workers": workers,
            "drain-seconds": 2,
            **{name.replace("_", "-"): value for name, value in flags.items()},
        }
        command = [sys.executable, "-m", "gateway.cli", "run", *(f"--{key}={value}" for key, value in settings.items())]
        environ = {key: value for key, value in os.environ.items() if not key.startswith("KOUAN_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environ, cwd=ROOT, start_new_session=True
            )

    def __enter__(self) -> Self:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"the gateway did not open:\n{self.log.read_text()[-2000:]}")

    def __exit__(self, *_: object) -> None:
        self.stop()

    def kill(self) -> None:
        """Kill every process of the gateway at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop it as an operator would; whatever is still there after that is killed."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill()

    def post(
        self, body: object, *, path: str = "/v1/statistics", token: str = "demo-zhuhai", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request on a connection of its own; return status, header fields and body."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            fields: dict[str, Any] = {"Content-Type": "application/json", "X-Kouan-Token": token, **headers}
            line.request("POST", path, body=data, headers=fields)
            answer = line.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            line.close()

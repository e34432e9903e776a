"""kill -9 at any moment under load: what the recipient received is in the ledger, and the gateway opens again."""

import contextlib
import http.client
import json
import os
import random
import signal
import threading
import time
from pathlib import Path

from gateway.ledger import commitment, decode, verify
from gateway.ledger.store import Store
from tests.running import Gateway, Recipient

KILLS = 8
SENDERS = 4
PERIOD = 509
"""Bodies differ in length with this period, so that an entry's size leaves few bodies to compare."""


class Load:
    """Senders that never stop sending bodies of their own, whatever becomes of them."""

    def __init__(self) -> None:
        self.port = 0
        self.number = 0
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.send, daemon=True) for _ in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def body(self) -> bytes:
        """A body that was never sent before."""
        with self.lock:
            self.number += 1
            number = self.number
        return json.dumps({"month": f"m-{number}", "matter": "x" * (number % PERIOD)}).encode()

    def send(self) -> None:
        """Post until told to stop."""
        fields = {"Content-Type": "application/json", "X-Kouan-Token": "demo-zhuhai"}
        while not self.over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                for _ in range(50):
                    line.request("POST", "/v1/statistics", body=self.body(), headers=fields)
                    line.getresponse().read()
            if not self.over.is_set():
                time.sleep(0.01)

    def end(self) -> None:
        """Stop and wait."""
        self.over.set()
        for thread in self.threads:
            thread.join(5)


def released(ledger: Path) -> dict[int, list[tuple[bytes, str]]]:
    """Commitments to every request that the ledger says was released, with their nonces, by size."""
    store = Store(ledger)
    table: dict[int, list[tuple[bytes, str]]] = {}
    for number, data in store.entries(0, store.size()):
        entry = decode(data)
        if entry["kind"] == "decision" and entry["facts"]["leg"] == "request" and entry["commitments"]["released"]:
            nonce = store.nonces(number)["payload"]
            table.setdefault(entry["facts"]["size"], []).append((nonce, entry["commitments"]["released"]))
    store.close()
    return table


def test_nothing_is_received_that_is_not_on_record(tmp_path: Path) -> None:
    """After many kills under load, every body that the recipient got has its entry, and nobody repaired anything."""
    chance = random.Random(20261120)
    recipient, load = Recipient(), Load()
    state = tmp_path / "state"
    for kill in range(KILLS):
        gateway = Gateway(state, recipient, workers=1 + kill % 2)
        gateway.__enter__()
        load.port = gateway.port
        time.sleep(chance.uniform(0.1, 0.9))
        gateway.kill()
    load.end()
    with Gateway(state, recipient) as gateway:
        status, _, _ = gateway.post({"month": "after"})
        assert status == 200
    recipient.close()
    table = released(state / "ledger")
    assert len(recipient.bodies) > KILLS * 10
    for body in recipient.bodies:
        kept = table.get(len(body), [])
        assert any(commitment(nonce, body).hex() == digest for nonce, digest in kept)
    report = verify(state / "ledger")
    assert report.failures == ()


def test_a_dead_worker_is_replaced(tmp_path: Path) -> None:
    """The supervisor starts a new worker where one was killed, and traffic goes on."""
    recipient = Recipient()
    with Gateway(tmp_path / "state", recipient) as gateway:
        assert gateway.post({"month": "2026-10"})[0] == 200
        children = Path(f"/proc/{gateway.process.pid}/task/{gateway.process.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        deadline = time.monotonic() + 20
        status = 0
        while status != 200 and time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                status = gateway.post({"month": "2026-11"})[0]
            time.sleep(0.05)
        assert status == 200
    recipient.close()


def test_a_second_gateway_on_one_ledger_is_refused(tmp_path: Path) -> None:
    """Two gateways pointed at one state folder by mistake: the second says so and does not open."""
    recipient = Recipient()
    with Gateway(tmp_path / "state", recipient) as first:
        second = Gateway(tmp_path / "state", recipient)
        assert second.process.wait(20) == 2
        assert "another gateway" in second.log.read_text()
        assert first.post({"month": "2026-10"})[0] == 200
    recipient.close()

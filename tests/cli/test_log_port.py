"""The log of a gateway that runs: read, copied and proved from outside, while it takes transfers."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from tests.running import HOST, Gateway, Recipient, free_port

runner = CliRunner()


def test_the_log_of_a_running_gateway_is_proved_from_outside(tmp_path: Path) -> None:
    """A sender gets the receipt of its own transfer; a regulator copies and proves the log; then the gateway stops."""
    recipient, port = Recipient(), free_port()
    prefix, copy, file = f"http://127.0.0.1:{port}/", tmp_path / "copy", tmp_path / "mine.tlog-proof"
    try:
        with Gateway(tmp_path / "state", recipient, log_port=port) as gateway:
            key = str(tmp_path / "state" / "ledger" / "vkey")
            for number in range(3):
                gateway.post({"figures": number})
            made = runner.invoke(app, ["receipt", "3", "--from", prefix, "--wait", "10", "-o", str(file)])
            assert made.exit_code == 0, made.stderr
            assert runner.invoke(app, ["mirror", str(copy), "--from", prefix, "--vkey", key]).exit_code == 0
            told = json.loads(runner.invoke(app, ["verify", prefix, "--vkey", key, "--json"]).stdout)
            assert told["failures"] == []
            assert told["kinds"]["decision"] >= 2
            assert f"log {prefix}checkpoint" in gateway.log.read_text()
        again = runner.invoke(app, ["mirror", str(copy), "--from", str(tmp_path / "state" / "ledger")])
        assert again.exit_code == 0, again.stderr
    finally:
        recipient.close()
    for place in (copy, tmp_path / "state" / "ledger"):
        assert runner.invoke(app, ["verify", str(place), "--vkey", key]).exit_code == 0
    shown = runner.invoke(app, ["verify", str(file), "--vkey", key, "--json"])
    assert (shown.exit_code, json.loads(shown.stdout)["entry"]["kind"]) == (0, "decision")
    assert HOST in shown.stdout


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    """By name, before anything opens."""
    result = runner.invoke(app, ["run", "--log-port", port])
    assert (result.exit_code, "log_port" in result.stderr.lower()) == (2, True)

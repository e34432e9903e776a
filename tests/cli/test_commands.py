"""The command line as a whole: help, exit codes, settings as flags, ``check``, and ``run`` where it refuses."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.settings import Settings, read
from tests.given import ROOT

COMMANDS = ("run", "try", "check", "verify", "demo")
runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_by_example(command: str) -> None:
    """Each command's help shows how it is called, and what its exit codes mean."""
    shown = runner.invoke(app, [command, "--help"])
    assert shown.exit_code == 0
    assert f"kouan {command}" in shown.stdout.split("By example", 1)[1]
    assert "Exit codes: 0 fine, 1 refused or a check failed, 2 wrong usage" in shown.stdout


def test_help_lists_every_setting_with_default_and_variable() -> None:
    """No setting is without its flag, and the help names variable and explanation."""
    shown = " ".join(runner.invoke(app, ["run", "--help"]).stdout.replace("│", " ").split())
    for item in fields(Settings):
        assert f"--{item.name.replace('_', '-')}" in shown
        assert f"KOUAN_{item.name.upper()}" in shown
    assert "[default: (8080)]" in shown


def test_a_flag_reaches_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said on the command line is what the gateway opens with; the rest comes from the environment."""
    opened: list[Settings] = []
    monkeypatch.setattr("gateway.intake.serve.serve", lambda settings, **_: opened.append(settings))
    arguments = ["run", "--listen-port", "3128", "--max-body", "16M", "--resolve", "a.example=127.0.0.1:9"]
    result = CliRunner().invoke(app, arguments, env={"KOUAN_WORKERS": "2", "KOUAN_LISTEN_PORT": "1"})
    assert (result.exit_code, result.stderr) == (0, "")
    resolve = {"a.example": ("127.0.0.1", 9)}
    assert opened == [read({}, listen_port=3128, max_body=16 << 20, workers=2, resolve=resolve)]


def test_run_says_where_it_is_and_by_which_rules_it_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """The opening lines name address, digest of the rulebook, ledger, authority and metrics."""

    def serve(settings: Settings, *, started: Callable[[object], None]) -> None:
        started(SimpleNamespace(settings=settings, digest="a1b2c3"))

    monkeypatch.setattr("gateway.intake.serve.serve", serve)
    result = CliRunner().invoke(app, ["run", "--listen-port", "3128", "--rules", "/etc/kouan"])
    assert "kouan: open on 127.0.0.1:3128 (regular, 1 worker)" in result.stderr
    assert "kouan: rulebook a1b2c3, from /etc/kouan" in result.stderr
    assert "kouan: metrics http://127.0.0.1:9464/metrics" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "environ", "words"),
    [
        (["--workers", "none"], {}, "KOUAN_WORKERS='none': expected a whole number"),
        (["--mode", "socks5"], {}, "mode 'socks5': expected regular"),
        ([], {"KOUAN_LISTN_PORT": "1"}, "KOUAN_LISTN_PORT: there is no such setting"),
        (["--listn-port", "1"], {}, "No such option"),
    ],
)
def test_bad_settings_do_not_open(arguments: list[str], environ: dict[str, str], words: str) -> None:
    """A setting that cannot be used is named, and the exit code is 2."""
    result = CliRunner().invoke(app, ["run", *arguments], env=environ)
    assert result.exit_code == 2
    assert words in result.stderr


def test_bad_rules_do_not_open(tmp_path: Path) -> None:
    """The gateway does not open on rules that cannot be read; each fault has its file and line."""
    command = [sys.executable, "-m", "gateway.cli", "run", "--rules", str(tmp_path), "--state-dir", str(tmp_path / "s")]
    (tmp_path / "whitelist.yaml").write_text("contact: 0755\n", encoding="utf-8")
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "whitelist.yaml:1:10" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_check_passes_the_rules_in_the_box() -> None:
    """The shipped rules hold, and the summary counts what was tried."""
    result = runner.invoke(app, ["check", "--rules", str(ROOT)])
    assert result.exit_code == 0
    assert "the rules hold" in result.stdout
    found = json.loads(runner.invoke(app, ["check", "--rules", str(ROOT), "--json"]).stdout)
    assert found["ok"] is True
    assert found["counts"]["policy_cases"] > 50


def test_check_fails_on_rules_that_cannot_be_read(tmp_path: Path) -> None:
    """A check that fails ends with 1, and names file and line."""
    (tmp_path / "whitelist.yaml").write_text("contact: 0755\n", encoding="utf-8")
    result = runner.invoke(app, ["check", "--rules", str(tmp_path)])
    assert result.exit_code == 1
    assert "whitelist.yaml:1:10" in result.stdout


def test_the_gateway_is_not_loaded_to_say_how_it_is_called() -> None:
    """Neither help nor ``try`` loads mitmproxy or presidio; that keeps them quick."""
    script = (
        "import sys; from typer.testing import CliRunner; from gateway.cli import app;"
        f"r = CliRunner().invoke(app, ['try', '-', '--rules', {str(ROOT)!r}], input='{{}}'); assert r.exit_code == 1;"
        "r = CliRunner().invoke(app, ['--help']); assert r.exit_code == 0;"
        "print([n for n in ('mitmproxy', 'presidio_analyzer', 'spacy', 'uvloop') if n in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout.strip() == "[]", ended.stderr

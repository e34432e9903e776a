"""Other rules while the gateway runs, through the real ``kouan run``."""

import contextlib
import json
import os
import shutil
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.ledger import verify
from gateway.ledger.landmarks import landmarks
from tests.given import ROOT
from tests.running import Gateway, Recipient

PATIENCE = 30.0
RECOGNISER = "email.yaml"


def copied(folder: Path) -> Path:
    """A copy of the rules in the box that a test may change."""
    rules = folder / "rules"
    names = [each.name for each in ROOT.iterdir() if each.is_dir()]
    for name in {"policies", "classifiers", "descriptors", "datasets"}.intersection(names):
        shutil.copytree(ROOT / name, rules / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for file in (rules / "classifiers").rglob("*.yaml"):  # one recogniser, whose examples are soon tried
        if file.name not in ("categories.yaml", RECOGNISER):
            file.unlink()
    shutil.copy(ROOT / "whitelist.yaml", rules)
    return rules


def remark(rules: Path, words: str = "another day") -> None:
    """Change the rules in a way that changes no decision."""
    with (rules / "whitelist.yaml").open("a", encoding="utf-8") as file:
        file.write(f"# {words}\n")


def spoil(rules: Path) -> None:
    """Make the whitelist something that cannot be read."""
    with (rules / "whitelist.yaml").open("a", encoding="utf-8") as file:
        file.write("entries: [\n")


def lines(gateway: Gateway, event: str) -> list[dict[str, Any]]:
    """Log lines of one event."""
    found = [json.loads(line) for line in gateway.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in found if line["event"] == event]


def until(true: Callable[[], object], gateway: Gateway) -> None:
    """Wait for something to become so."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert gateway.process.poll() is None, gateway.log.read_text()[-3000:]
        assert time.monotonic() < deadline, gateway.log.read_text()[-3000:]
        time.sleep(0.05)


def figure(gateway: Gateway, name: str) -> float:
    """Sum of a metric."""
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.metrics_port}/metrics", timeout=5) as answer:
        told = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in told if line.split("{")[0].split(" ")[0] == name)


def entries(gateway: Gateway, kind: str) -> list[dict[str, Any]]:
    """Entries of one kind, in order."""
    return [entry for _, entry in landmarks(gateway.state / "ledger") if entry["kind"] == kind]


@contextlib.contextmanager
def opened(folder: Path, **flags: object) -> Iterator[tuple[Gateway, Path]]:
    """A gateway over rules of its own, proved sound once it has stopped."""
    rules = copied(folder)
    recipient = Recipient()
    try:
        with Gateway(folder / "state", recipient, rules=rules, **flags) as gateway:
            until(lambda: lines(gateway, "ready"), gateway)
            yield gateway, rules
        assert verify(folder / "state" / "ledger").failures == ()
    finally:
        recipient.close()


def test_a_change_is_taken_up_by_every_worker(tmp_path: Path) -> None:
    """A saved file is in force shortly after, in all workers, with an entry that names old and new."""
    with opened(tmp_path, workers=2) as (gateway, rules):
        remark(rules)
        until(lambda: len(lines(gateway, "rulebook adopted")) == 2, gateway)
        start, swap = entries(gateway, "rulebook")
        assert (swap["before"], swap["why"], swap["approved_by"]) == (start["rulebook"], "reload", [])
        assert swap["rulebook"] != start["rulebook"]
        for _ in range(8):
            gateway.post({"visitors": 3})
        judged = {line["rulebook"] for line in lines(gateway, "transfer")}
        assert judged == {swap["rulebook"]}
        assert figure(gateway, "kouan_rulebook_faulty") == 0
        shutil.rmtree(rules / "policies")
        until(lambda: lines(gateway, "rulebook faulty"), gateway)
        assert gateway.post({"visitors": 3})[0] in (200, 451)


def test_a_bad_book_changes_nothing(tmp_path: Path) -> None:
    """It is told by line, raises a metric; past the stated age everything is refused; mended, all goes on."""
    with opened(tmp_path, rulebook_max_age=3, reload="signal") as (gateway, rules):
        before = gateway.post({"visitors": 3})[0]
        good = (rules / "whitelist.yaml").read_bytes()
        spoil(rules)
        os.kill(gateway.process.pid, signal.SIGHUP)
        until(lambda: lines(gateway, "rulebook faulty"), gateway)
        problems = lines(gateway, "rulebook faulty")[0]["problems"]
        assert any(problem.startswith("whitelist.yaml:") for problem in problems)
        assert figure(gateway, "kouan_rulebook_faulty") == 1
        assert gateway.post({"visitors": 3})[0] == before
        assert len(entries(gateway, "rulebook")) == 1
        until(lambda: lines(gateway, "everything is refused"), gateway)
        time.sleep(0.3)
        status, _, body = gateway.post({"visitors": 3})
        assert status >= 500
        assert b"faulty" in body
        assert figure(gateway, "kouan_rulebook_stale") == 1
        (rules / "whitelist.yaml").write_bytes(good)
        os.kill(gateway.process.pid, signal.SIGHUP)
        until(lambda: lines(gateway, "judging again"), gateway)
        time.sleep(0.3)
        assert gateway.post({"visitors": 3})[0] == before
        assert figure(gateway, "kouan_rulebook_faulty") == 0


def test_a_book_whose_cases_fail_does_not_go_live(tmp_path: Path) -> None:
    """The gate is that of ``kouan check``: a recogniser that no longer finds what its examples say stays out."""
    with opened(tmp_path) as (gateway, rules):
        file = next((rules / "classifiers").rglob(RECOGNISER))
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("leaves:", "leaves:\n  - text: 'chan@example.com'", 1), encoding="utf-8")
        until(lambda: lines(gateway, "rulebook faulty"), gateway)
        assert any(f"{RECOGNISER}:" in problem for problem in lines(gateway, "rulebook faulty")[0]["problems"])
        assert len(entries(gateway, "rulebook")) == 1


def test_a_worker_that_dies_during_a_reload_comes_back_with_the_new_book(tmp_path: Path) -> None:
    """Whenever it is killed, in the end every worker judges by the same rulebook."""
    with opened(tmp_path, workers=2) as (gateway, rules):
        remark(rules)
        children = Path(f"/proc/{gateway.process.pid}/task/{gateway.process.pid}/children")
        victim = int(children.read_text().split()[0])
        time.sleep(1)
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(entries(gateway, "rulebook")) == 2, gateway)
        digest = entries(gateway, "rulebook")[-1]["rulebook"]
        until(lambda: len(children.read_text().split()) == 2, gateway)
        time.sleep(3)
        for _ in range(8):
            gateway.post({"visitors": 3})
        assert {line["rulebook"] for line in lines(gateway, "transfer")} == {digest}


@pytest.mark.parametrize("name", ["README.md", "policies/.hidden.swp", "var/ledger/x", "policies/a.yaml~"])
def test_what_is_no_rule_wakes_nobody(tmp_path: Path, name: str) -> None:
    """State and drafts may lie beside the rules."""
    from gateway.intake.watching import concerns, folders

    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    assert path.parent not in folders(tmp_path) or not concerns(tmp_path, path)

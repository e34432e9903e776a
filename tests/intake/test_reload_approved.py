"""Signatures before rules, by the real ``kouan run`` and ``kouan approve``: what one with the folder alone may try."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.ledger import verify
from gateway.ledger.landmarks import landmarks
from tests.given import ROOT
from tests.intake.test_reload import copied, entries, figure, lines, remark, until
from tests.running import Gateway, Recipient

WORDS = "correct horse battery"
HEAD = "# yaml-language-server: $schema=../gateway/rulebook/schemas/approvals.json\nofficers:\n"


def kouan(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command over the rules and the state in ``folder``."""
    (folder / "words").write_text(WORDS + "\n")
    command = [sys.executable, "-m", "gateway.cli", "approve", *arguments, f"--passphrase-file={folder / 'words'}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def turn_on(folder: Path) -> None:
    """Make two officers, and list them."""
    listed = ""
    for name, role in (("lam", "owner"), ("ho", "reviewer")):
        made = kouan(folder, "--new-key", name, "--key", str(folder / f"{name}.pem"))
        assert made.returncode == 0, made.stderr
        listed += made.stdout.replace("role: reviewer", f"role: {role}")
    (folder / "rules" / "approvals.yaml").write_text(HEAD + listed)


def sign(folder: Path, *names: str, more: tuple[str, ...] = ()) -> None:
    """Have officers sign what stands in the folder."""
    for name in names:
        state = f"--state-dir={folder / 'state'}"
        done = kouan(folder, str(folder / "rules"), state, f"--key={folder / name}.pem", "--yes", *more)
        assert done.returncode == 0, done.stderr


def refused(folder: Path, recipient: Recipient, **flags: object) -> str:
    """What a gateway says that does not open."""
    with pytest.raises(AssertionError, match="did not open") as said:
        Gateway(folder / "state", recipient, rules=folder / "rules", **flags).__enter__()
    return str(said.value)


def test_nothing_goes_live_unsigned(tmp_path: Path) -> None:
    """From the first start to the override: each way round the officers is closed or recorded."""
    rules = copied(tmp_path)
    turn_on(tmp_path)
    recipient = Recipient()
    ledger = tmp_path / "state" / "ledger"
    try:
        assert "2 more of lam, ho" in refused(tmp_path, recipient)
        sign(tmp_path, "lam", "ho")
        with Gateway(tmp_path / "state", recipient, rules=rules) as gateway:
            until(lambda: lines(gateway, "ready"), gateway)
            first = entries(gateway, "rulebook")[0]
            assert first["approved_by"] == ["lam", "ho"]
            # Rules with one signature wait, and the old ones stay.
            remark(rules)
            until(lambda: lines(gateway, "rulebook unsigned"), gateway)
            sign(tmp_path, "lam")
            until(lambda: "lam did" in str(lines(gateway, "rulebook unsigned")[-1]["lacking"]), gateway)
            assert figure(gateway, "kouan_rulebook_unsigned") == 1
            assert len(entries(gateway, "rulebook")) == 1
            # Taking the officers away does not help.
            kept = (rules / "approvals.yaml").read_bytes()
            (rules / "approvals.yaml").unlink()
            until(lambda: lines(gateway, "officers unsigned"), gateway)
            assert len(entries(gateway, "rulebook")) == 1
            assert len(entries(gateway, "officers")) == 1
            (rules / "approvals.yaml").write_bytes(kept)
            sign(tmp_path, "ho")
            until(lambda: len(entries(gateway, "rulebook")) == 2, gateway)
            swap = entries(gateway, "rulebook")[1]
            assert (swap["before"], swap["approved_by"]) == (first["rulebook"], ["lam", "ho"])
        # Unsigned rules at a start: those in force are taken up again, though the folder holds others.
        remark(rules, "smuggled")
        with Gateway(tmp_path / "state", recipient, rules=rules) as gateway:
            until(lambda: lines(gateway, "rulebook unsigned") and lines(gateway, "ready"), gateway)
            assert lines(gateway, "ready")[0]["rulebook"] == swap["rulebook"]
            gateway.post({"visitors": 3})
            assert {line["rulebook"] for line in lines(gateway, "transfer")} == {swap["rulebook"]}
        # A start without officers needs an override for exactly this, and it is told by the verifier.
        (rules / "approvals.yaml").unlink()
        said = refused(tmp_path, recipient)
        token = re.search(r"--approvals-override '([0-9a-f]{16}): REASON'", said)
        assert token is not None, said
        assert token[1] in refused(tmp_path, recipient, approvals_override="0" * 16 + ": lost")
        with Gateway(
            tmp_path / "state", recipient, rules=rules, approvals_override=f"{token[1]}: keys lost"
        ) as gateway:
            until(lambda: lines(gateway, "ready"), gateway)
            time.sleep(0.1)
        report = verify(ledger)
        assert report.failures == ()
        assert len(report.overrides) == 1
        assert [entry["override"] for _, entry in landmarks(ledger) if entry["kind"] == "officers"] == ["", "keys lost"]
    finally:
        recipient.close()

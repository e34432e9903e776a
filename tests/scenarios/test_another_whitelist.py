"""A gateway that runs with another whitelist: it judges by it, and takes up what is changed in its folder."""

import json
import shutil
import time
from pathlib import Path

import pytest

from gateway.intake.watching import concerns, fingerprint, folders
from tests.given import ROOT
from tests.running import Gateway, Recipient

ONE = ROOT / "scenarios" / "health-code-recognition"
HOST = "verify.code.guangdong.example"


def test_its_folder_is_watched_and_nothing_beside_it(tmp_path: Path) -> None:
    """The whitelist and its datasets; a story and payloads lie there too and wake nobody."""
    shutil.copytree(ONE, tmp_path / "mine")
    whitelist = tmp_path / "mine" / "whitelist.yaml"
    watched = folders(ROOT, whitelist)
    assert {whitelist.parent, whitelist.parent / "datasets"} <= set(watched)
    assert whitelist.parent / "payloads" not in watched
    assert concerns(ROOT, whitelist, whitelist)
    assert concerns(ROOT, whitelist.parent / "datasets" / "verdict.yaml", whitelist)
    assert not concerns(ROOT, whitelist.parent / "story.yaml", whitelist)


@pytest.mark.parametrize("name", ["whitelist.yaml", "datasets/verdict.yaml"])
def test_a_change_there_changes_the_fingerprint(tmp_path: Path, name: str) -> None:
    """What was changed between reading and watching is noticed."""
    shutil.copytree(ONE, tmp_path / "mine")
    whitelist = tmp_path / "mine" / "whitelist.yaml"
    before = fingerprint(ROOT, whitelist)
    assert fingerprint(ROOT, whitelist) == before
    with (tmp_path / "mine" / name).open("a", encoding="utf-8") as file:
        file.write("# read again\n")
    assert fingerprint(ROOT, whitelist) != before


def test_a_gateway_judges_by_it_and_takes_up_its_changes(tmp_path: Path) -> None:
    """Another whitelist, the policies in the box; an entry struck out permits no longer, without a restart."""
    shutil.copytree(ONE, tmp_path / "mine")
    whitelist = tmp_path / "mine" / "whitelist.yaml"
    body = (ONE / "payloads" / "verification.json").read_bytes()
    recipient = Recipient()
    mode = f"reverse:http://{HOST}:443"
    flags = {"whitelist": whitelist, "mode": mode, "resolve": f"{HOST}=127.0.0.1:{recipient.port}"}
    sent = {"path": "/v1/verifications", "token": "demo-macao-code-operator"}
    try:
        with Gateway(tmp_path / "state", recipient, **flags) as gateway:
            assert gateway.post(body, **sent)[2] != b""
            text = whitelist.read_text(encoding="utf-8")
            whitelist.write_text(text.replace("/v1/verifications", "/v2/verifications"), encoding="utf-8")
            deadline = time.monotonic() + 60
            rules: set[str] = set()
            while "no-entry" not in rules and time.monotonic() < deadline:
                time.sleep(0.3)
                rules = {rule["rule"] for rule in json.loads(gateway.post(body, **sent)[2]).get("rules", ())}
            assert "no-entry" in rules
    finally:
        recipient.close()

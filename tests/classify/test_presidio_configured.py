"""What an operator configures of presidio: from the settings to the verdict."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import spacy

from gateway.classify.guests import configured_guests
from gateway.decode import IN_PROCESS
from gateway.intake.orders import from_orders, orders
from gateway.intake.worker import house_of
from gateway.pipeline import judge
from gateway.settings import BadSetting, Settings, read
from gateway.vocabulary import Limits, Standing, Verdict
from tests.given import APPLICATION, ROOT, Memory, shipped, transfer

BADGE = """\
recognizers:
  - name: Badge recogniser
    supported_entity: BADGE
    supported_language: en
    patterns: [{name: badge, regex: "QX-[0-9]{4}", score: 0.9}]
"""
NOTED = {**APPLICATION, "note": "QX-1234"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A recogniser file of presidio with one recogniser."""
    path = tmp_path / "badge.yaml"
    path.write_text(BADGE, encoding="utf-8")
    return path


def test_nothing_configured_is_no_guest() -> None:
    """Without settings there are no guests."""
    assert configured_guests("", {}, None, shipped()) == ()


def test_files_and_model(file: Path, tmp_path: Path) -> None:
    """Files, in their order, and the model of an NLP configuration file become guests."""
    spacy.blank("zh").to_disk(tmp_path / "zh")
    nlp = tmp_path / "nlp.yaml"
    nlp.write_text(
        f"nlp_engine_name: spacy\nmodels: [{{lang_code: zh, model_name: {tmp_path / 'zh'}}}]\n", encoding="utf-8"
    )
    guests = configured_guests(f"{file}:{file}", {"BADGE": "pi.job"}, nlp, shipped())
    assert [guest.id for guest in guests] == ["presidio.Badge recogniser"] * 2 + ["presidio.spacy"]


def test_finding_of_a_guest_decides(file: Path) -> None:
    """What a guest finds beyond what the entry lists refuses the transfer, as a finding of ours would."""
    guests = configured_guests(str(file), {"BADGE": "pi.belief.religion"}, None, shipped())
    sent = transfer(NOTED)
    entries = {name: replace(each, dataset="") for name, each in shipped().entries.items()}
    rules = replace(shipped(), entries=entries)  # a dataset would refuse the note whatever stands in it
    without = judge(sent, rules, Standing(), Limits())
    with_guests = judge(sent, rules, Standing(), Limits(), guests=guests)
    assert (without.decision.verdict, with_guests.decision.verdict) == (Verdict.PERMIT, Verdict.DENY)
    assert "pi.belief.religion" in {each.category for each in with_guests.facts.found}


def test_worker_asks_the_guests_of_its_settings(file: Path) -> None:
    """A worker's house refuses what a configured file finds, and records it without its text."""
    settings = Settings(
        presidio_files=str(file),
        presidio_categories={"BADGE": "pi.belief.religion"},
        headcount_key=file.with_name("headcount.key"),
    )
    ledger = Memory()
    outcome = asyncio.run(house_of(settings, shipped(), ledger, IN_PROCESS).carry(transfer(NOTED)))
    assert outcome.decision.verdict is Verdict.DENY
    assert b"pi.belief.religion" in ledger.entries[0]
    assert b"QX-1234" not in ledger.entries[0]


def test_settings_of_presidio() -> None:
    """Files, categories and the NLP configuration are read from the environment, and reach a worker."""
    environ = {
        "KOUAN_PRESIDIO_FILES": "/etc/a.yaml:/etc/b.yaml",
        "KOUAN_PRESIDIO_CATEGORIES": "BADGE=pi.job, TITLE=",
        "KOUAN_NLP_CONFIGURATION": "/etc/nlp.yaml",
    }
    settings = read(environ)
    assert settings.presidio_categories == {"BADGE": "pi.job", "TITLE": ""}
    assert settings.nlp_configuration == Path("/etc/nlp.yaml")
    assert from_orders(orders(settings, "0" * 64)) == (settings, "0" * 64)


@pytest.mark.parametrize("text", ["BADGE", "=pi.job"])
def test_categories_that_cannot_be_read(text: str) -> None:
    """A mapping without an entity or without the sign between is refused."""
    with pytest.raises(BadSetting, match="expected ENTITY=CATEGORY"):
        read({"KOUAN_PRESIDIO_CATEGORIES": text})


def test_run_says_what_is_wrong_with_a_file(file: Path, tmp_path: Path) -> None:
    """``kouan run`` with a file that cannot be used ends at once, names it and says what to do."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KOUAN_")}
    environ |= {
        "KOUAN_RULES": str(ROOT),
        "KOUAN_STATE_DIR": str(tmp_path / "state"),
        "KOUAN_PRESIDIO_FILES": str(file),
    }
    command = [sys.executable, "-m", "gateway.cli", "run", "--listen-port", "0", "--metrics-port", "0"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert done.returncode != 0
    said = " ".join((done.stdout + done.stderr).split())
    assert f"{file}: recogniser 1 (Badge recogniser): the entity BADGE has no category" in said
    assert "Traceback" not in said

"""An officer's first hour: a flow is registered, broken in ten ways, mended, looked at, signed, and carries.

Everything is the real thing: the commands, a running gateway, two officers' keys, and a sender who waits outside.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.given import ROOT
from tests.intake.test_reload import copied, lines, until
from tests.intake.test_reload_approved import sign, turn_on
from tests.running import Gateway, Recipient

APPOINTMENT = {"name": "陳大文", "phone": "66123456"}
ENTRY = (
    "--id", "zhuhai-macao-appointments", "--title", "Appointments at the Macao counter", "--exporter",
    "zhuhai-e-service", "--recipient", "macao-counter", "--carried-in", "request", "--host", "counter.macao.example",
    "--methods", "POST", "--paths", "/v1/appointments", "--media-types", "application/json", "--basis",
    "zhuhai-macao-contract", "--categories", "pi.name,pi.contact.phone", "--purpose",
    "To have an application for a Macao government service accepted and answered", "--since", "2026-01-01", "--until",
    "2027-12-31", "--owner", "Zhuhai E-Service, head of data", "--reviewer", "Zhuhai E-Service, legal counsel",
    "--mask", "pi.contact.phone/4", "--dataset", "appointments", "--retention-days", "180",
    "--consent", "batch:ZH-CONSENT-2026-1", "--yes",
)  # fmt: skip
DATASET = """# yaml-language-server: $schema=../gateway/rulebook/schemas/dataset.json
id: appointments
title: {en: Appointment, zh-Hans: 预约, zh-Hant: 預約, pt: Marcação}
schema:
  type: object
  required: [name, phone]
  properties:
    name: {type: string, category: pi.name, maxLength: 60}
    phone: {type: string, category: pi.contact.phone, pattern: "^[0-9 +-]{6,20}$"}
"""
BREAKAGES = (
    ("exporter: zhuhai-e-service", "exporter: zhuhai-e-servce", "there is no party"),
    ("recipient: macao-counter", "recipient: zhuhai-e-service", "no border lies between"),
    ("basis: zhuhai-macao-contract", "basis: zhuhai-macao-contrct", "there is no basis"),
    ("[pi.name, pi.contact.phone]", "[pi.name, pi.contact.fone]", "there is no category"),
    ("until: 2027-12-31", "until: 2027-02-30", "there is no day"),
    ("until: 2027-12-31", "until: 2025-12-31", "lies before the first"),
    ('reviewer: "Zhuhai E-Service, legal counsel"', 'reviewer: "Zhuhai E-Service, head of data"', "are the same"),
    ("carried_in: request", "carried_in: reqest", "expected one of"),
    ("purpose:", "purpos:", "is not known here"),
    ("host: counter.macao.example", "host: counter.macau.example", "belongs to no party"),
)
"""What an officer may get wrong: what stands there, what is written instead, and what is said of it."""


def kouan(*arguments: object, code: int = 0) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "gateway.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def told(*arguments: object, code: int = 0) -> dict[str, Any]:
    """The same, as JSON."""
    found: dict[str, Any] = json.loads(kouan(*arguments, "--json", code=code))
    return found


def broken(draft: Path) -> None:
    """Break the new entry in ten ways; each is told with its file and line, what is wrong and what to write."""
    file = draft / "whitelist.yaml"
    sound = file.read_text(encoding="utf-8")
    begin = sound.index("zhuhai-macao-appointments")
    for old, new, said in BREAKAGES:
        at = sound.index(old, begin)
        file.write_text(sound[:at] + new + sound[at + len(old) :], encoding="utf-8")
        line = sound.count("\n", 0, at) + 1
        problems = told("check", "--rules", draft, code=1)["problems"]
        here = [each for each in problems if each["file"] == "whitelist.yaml" and abs(each["line"] - line) <= 1]
        assert any(said in each["fault"] and each["fix"] for each in here), (old, new, problems)
    file.write_text(sound, encoding="utf-8")


def test_from_a_refusal_to_the_first_permitted_transfer(tmp_path: Path) -> None:
    """A sender is refused; an hour later the flow is registered, reviewed, signed by two, live, and explained."""
    rules = copied(tmp_path)
    turn_on(tmp_path)
    recipient = Recipient()
    sign(tmp_path, "lam", "ho")
    state = f"--state-dir={tmp_path / 'state'}"
    try:
        with Gateway(tmp_path / "state", recipient, rules=rules) as gateway:
            until(lambda: lines(gateway, "ready"), gateway)
            status, _, refusal = gateway.post(APPOINTMENT, path="/v1/appointments")
            assert (status, recipient.bodies) == (451, [])
            refused = json.loads(refusal)["decision"]
            assert "no-entry" in kouan("explain", refused, state)

            draft = tmp_path / "draft"
            shutil.copytree(rules, draft)
            (draft / "datasets" / "appointments.yaml").write_text(DATASET, encoding="utf-8")
            kouan("whitelist", "add", *ENTRY, "--rules", draft)
            assert "zhuhai-macao-appointments" in kouan("whitelist", "list", "--rules", draft, "--json")
            broken(draft)
            assert told("check", "--rules", draft)["ok"]
            changed = json.dumps(told("diff", "live", draft, state, code=1), ensure_ascii=False)
            assert "zhuhai-macao-appointments" in changed
            again = json.dumps(told("replay", "--rulebook", draft, state, code=0))
            assert refused in again or "path" in again

            shutil.copy(draft / "datasets" / "appointments.yaml", rules / "datasets")
            shutil.copy(draft / "whitelist.yaml", rules)
            until(lambda: lines(gateway, "rulebook unsigned"), gateway)
            assert gateway.post(APPOINTMENT, path="/v1/appointments")[0] == 451
            sign(tmp_path, "lam", "ho")
            until(lambda: lines(gateway, "rulebook adopted"), gateway)

            status, _, _ = gateway.post(APPOINTMENT, path="/v1/appointments")
            assert status == 200
            more = {**APPOINTMENT, "remark": "brings a friend"}
            assert gateway.post(more, path="/v1/appointments")[0] == 451
            assert [json.loads(body) for body in recipient.bodies] == [{"name": "陳大文", "phone": "****3456"}]
        carried = [line for line in lines(gateway, "transfer") if line["verdict"] == "PERMIT"]
        shown = kouan("explain", carried[0]["transfer"], state, "--lang", "zh-Hant")
        assert "zhuhai-macao-contract" in shown
        assert kouan("verify", tmp_path / "state" / "ledger")
    finally:
        recipient.close()

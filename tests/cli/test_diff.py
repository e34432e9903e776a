"""``kouan diff``: what a change of rules makes possible, and impossible, in words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from tests.cli.recording import draft, ledger_of
from tests.given import ROOT, shipped

runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})
DAY = "2026-11-21"


def told(root: Path, **edits: Callable[[str], str]) -> tuple[dict[str, Any], str]:
    """The differences between the rules in the box and those with ``edits``, for machines and for people."""
    new = str(draft(root, **edits))
    result = runner.invoke(app, ["diff", str(ROOT), new, "--on", DAY, "--json"])
    assert (result.exit_code, result.stderr) == (1, "")
    shown = runner.invoke(app, ["diff", str(ROOT), new, "--on", DAY])
    assert shown.exit_code == 1
    return json.loads(result.stdout), shown.stdout


def test_the_same_rules_do_not_differ(tmp_path: Path) -> None:
    """The same files, and files with other comments, are told to be the same, with 0."""
    result = runner.invoke(app, ["diff", str(ROOT), str(ROOT)])
    assert (result.exit_code, "the files are the same" in result.stdout) == (0, True)
    new = draft(tmp_path, whitelist=lambda text: text + "# the end\n")
    result = runner.invoke(app, ["diff", str(ROOT), str(new)])
    assert (result.exit_code, "only comments and layout differ" in result.stdout) == (0, True)


def test_a_longer_entry_lets_more_be_sent(tmp_path: Path) -> None:
    """Prolonging the expired bookings opens a way, told with parties, what, and address; the reverse closes it."""
    found, shown = told(tmp_path, whitelist=lambda text: text.replace("until: 2026-06-30}", "until: 2029-06-30}"))
    assert [(each["was"], each["now"], each["path"]) for each in found["changes"]] == [
        ("DENY", "PERMIT", "/v1/bookings")
    ]
    assert "" in found["changes"][0]["categories"]
    assert found["changes"][0]["rules"]
    assert [(part["kind"], part["id"]) for part in found["parts"]] == [("entry", "zhuhai-macao-bookings")]
    assert "May now be sent, and could not before" in shown
    assert "zhuhai-e-service sends macao-counter: data with nothing personal" in shown
    assert "valid: 2026-01-01 to 2026-06-30 -> 2026-01-01 to 2029-06-30" in shown
    back = runner.invoke(app, ["diff", str(tmp_path / "draft"), str(ROOT), "--on", DAY])
    assert "May no longer be sent" in back.stdout
    assert "May now be sent" not in back.stdout


def test_a_day_on_which_both_permit_shows_no_difference_in_what_is_sent(tmp_path: Path) -> None:
    """What may be sent is asked of the day that is named."""
    new = draft(tmp_path, whitelist=lambda text: text.replace("until: 2026-06-30}", "until: 2029-06-30}"))
    result = runner.invoke(app, ["diff", str(ROOT), str(new), "--on", "2026-05-01", "--json"])
    assert (result.exit_code, json.loads(result.stdout)["changes"]) == (1, [])


def test_a_policy_is_told_in_words_with_the_cases_that_turn(tmp_path: Path) -> None:
    """A condition that changed is said before and after, and the cases that come to another verdict are named."""
    name = "policies__pipl__beyond-entry"
    found, shown = told(tmp_path, **{name: lambda text: text.replace("then: deny", "then: hold")})
    (policy,) = found["policies"]
    assert policy["before"].startswith("refuse when something of grade personal or higher that the entry does not list")
    assert policy["after"].startswith("hold for an officer when")
    assert "demands: refuse -> hold for an officer" in shown
    assert "changed: beyond-entry" in shown


def test_what_a_new_policy_refuses_is_told(tmp_path: Path) -> None:
    """A policy that grows stricter closes ways, and is named as what closes them."""
    name = "policies__pipl__beyond-entry"
    edit = "when: {finding: {of: [pi.name]}}"
    found, _ = told(
        tmp_path, **{name: lambda text: text.replace("when: {finding: {grade: personal, beyond: entry}}", edit)}
    )
    closed = [each for each in found["changes"] if each["was"] == "PERMIT"]
    assert closed
    assert all(each["now"] == "DENY" and "pi.name" in each["categories"] for each in closed)
    assert all("beyond-entry" in each["rules"] for each in closed)
    assert any(each["policy"] == "beyond-entry" for each in found["cases"])


def test_duties_ceilings_and_datasets_are_told(tmp_path: Path) -> None:
    """A mask that keeps less, a lower ceiling and a field of a dataset each have their line."""
    _, shown = told(
        tmp_path,
        whitelist=lambda text: text.replace("keep_last: 4", "keep_last: 2", 1).replace(
            "transfers: 20000", "transfers: 9"
        ),
    )
    assert "Other duties" in shown
    assert "keeping 4 -> mask pi.contact.phone keeping 2" in shown
    assert "now also at most 9 transfers per day; no longer at most 20,000 transfers per day" in shown


def test_whom_to_ask_and_working_days_are_told(tmp_path: Path) -> None:
    """What has no table of its own is told besides."""
    edits: dict[str, Callable[[str], str]] = {
        "whitelist": lambda text: text.replace("contact: Cross-border data office", "contact: The data office"),
        "policies__law__calendar": lambda text: text.replace(
            "  MO: {}", "  MO: {days_off: [{day: 2027-02-05, note: a typhoon}]}"
        ),
    }
    found, shown = told(tmp_path, **edits)
    assert [part["id"] for part in found["parts"]] == ["contact", "working days"]
    assert "contact: Cross-border data office, compliance@kouan.example -> The data office" in shown
    assert "2027-02-05" in shown


def test_rulebooks_of_a_ledger_are_found_by_digest_and_as_live(tmp_path: Path) -> None:
    """A digest, its beginning and ``live`` name what the ledger keeps; one that it does not keep is wrong usage."""
    ledger, _ = ledger_of(tmp_path, [], refused="wire.not_http")
    for name in ("live", shipped().digest, shipped().digest[:8]):
        result = runner.invoke(app, ["diff", name, str(ROOT), "--ledger", str(ledger)])
        assert (result.exit_code, result.stderr) == (0, "")
    for name in ("00000000", "no/such/folder"):
        result = runner.invoke(app, ["diff", name, str(ROOT), "--ledger", str(ledger)])
        assert result.exit_code == 2
    assert runner.invoke(app, ["diff", "live", str(ROOT), "--ledger", str(tmp_path / "none")]).exit_code == 2


def test_rules_that_do_not_load_are_a_fault(tmp_path: Path) -> None:
    """A side with a fault is told as file:line, with 2."""
    new = draft(tmp_path, whitelist=lambda text: text.replace("jurisdiction: MO", "jurisdiction: XX"))
    result = runner.invoke(app, ["diff", str(ROOT), str(new)])
    assert result.exit_code == 2
    assert "whitelist.yaml:" in result.stderr


@pytest.mark.parametrize(
    "command",
    ["facts", "explain", "replay", "diff", "whitelist list", "whitelist add", "whitelist expire"],
)
def test_help_shows_examples(command: str) -> None:
    """Each of the officer's commands shows how it is called."""
    shown = runner.invoke(app, [*command.split(), "--help"])
    assert shown.exit_code == 0
    assert f"kouan {command}" in shown.stdout.split("By example", 1)[1]

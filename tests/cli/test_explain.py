"""``kouan explain``: one recorded decision in words, from the ledger alone."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.vocabulary import LANGUAGES
from tests.cli.recording import SECRET_NAME, ledger_of
from tests.given import shipped, transfer

runner = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1"})


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A permit, a refusal for an identity number that nobody declared, one for a stranger's path, one at the door."""
    items = [transfer(), transfer({"id": "440105199003071016"}), transfer(target=b"/v1/nowhere")]
    folder, _ = ledger_of(tmp_path_factory.mktemp("explain"), items, refused="wire.not_http")
    return folder


def explained(ledger: Path, *arguments: str) -> str:
    """What the command prints."""
    result = runner.invoke(app, ["explain", *arguments, "--ledger", str(ledger)])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_a_refusal_is_told_down_to_the_rule_and_the_statute(ledger: Path) -> None:
    """Each reason names its file and line, its statute, the text of the rule, and what would have to change."""
    told = json.loads(explained(ledger, "1", "--json"))
    assert (told["verdict"], told["rulebook"]) == ("DENY", shipped().digest)
    policy = next(each for each in told["reasons"] if each["rule"] == "beyond-entry")
    file, line = policy["source"].split(":")
    assert file.endswith("beyond-entry.yaml")
    assert policy["text"].startswith(shipped().files[file].decode().splitlines()[int(line) - 1])
    assert "cases:" not in policy["text"]
    assert policy["statute"]
    assert policy["remedy"] in told["needed"]


def test_an_id_and_an_index_tell_the_same(ledger: Path) -> None:
    """A transfer is found by its id as by the index of its entry."""
    by_index = json.loads(explained(ledger, "1", "--json"))
    assert json.loads(explained(ledger, by_index["transfer"], "--json")) == by_index


def test_a_permit_names_entry_duties_and_counts(ledger: Path) -> None:
    """A permit tells the entry with its lines, the duties, and the counts before and after."""
    told = json.loads(explained(ledger, "0", "--json"))
    assert (told["verdict"], told["entry"], told["needed"]) == ("PERMIT", "zhuhai-macao-applications", [])
    assert told["obligations"][0]["category"] == "pi.contact.phone"
    assert told["standing"]["after"]["entry:zhuhai-macao-applications/day/transfers"] == 1
    entry = next(each for each in told["reasons"] if each["source"].startswith("whitelist.yaml:"))
    assert entry["text"].lstrip(" -").startswith("id: zhuhai-macao-applications")
    shown = explained(ledger, "0")
    assert "entry zhuhai-macao-applications, this day, transfers" in shown
    assert "ledger entry 0" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_of_it(ledger: Path, language: str) -> None:
    """In each language there is a heading, a reason and facts; and never a value of the payload."""
    words = {"en": "Refused", "zh-Hans": "拒绝", "zh-Hant": "拒絕", "pt": "Recusado"}
    for index in ("0", "1", "2", "3"):
        shown = explained(ledger, index, "--lang", language)
        assert (words[language] in shown) is (index != "0")
        assert "440105199003071016" not in shown
        assert SECRET_NAME not in shown
        assert "…" not in shown


def test_what_the_door_refused_is_told_too(ledger: Path) -> None:
    """A refusal of the house itself has a sentence and a remedy, and no rule to show."""
    told = json.loads(explained(ledger, "3", "--json"))
    assert told["reasons"][0]["code"] == "wire.not_http"
    assert told["needed"]


@pytest.mark.parametrize(("which", "said"), [("99", "there is no entry 99"), ("no-such-id", "no transfer has the id")])
def test_an_unknown_id_is_wrong_usage(ledger: Path, which: str, said: str) -> None:
    """What the ledger does not have ends with 2 and says where ids stand."""
    result = runner.invoke(app, ["explain", which, "--ledger", str(ledger)])
    assert result.exit_code == 2
    assert said in result.stderr


def test_no_ledger_is_wrong_usage(tmp_path: Path) -> None:
    """A folder without a ledger is told in a line."""
    result = runner.invoke(app, ["explain", "0", "--ledger", str(tmp_path)])
    assert result.exit_code == 2
    assert "there is no ledger here" in result.stderr

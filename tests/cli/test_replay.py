"""``kouan replay``: past transfers decided again, as a proof and under other rules."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.cli.trial import tried
from gateway.decide import decide, observe
from gateway.decide.measuring import measure
from gateway.ledger.entry import canonical, decode
from gateway.ledger.store import DATABASE
from gateway.rulebook import load
from gateway.vocabulary import Limits, Transfer
from tests.cli.recording import draft, ledger_of, mixed
from tests.given import shipped

runner = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1"})
COUNT = 320


@cache
def items() -> list[Transfer]:
    """What is sent."""
    return mixed(COUNT)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundreds of decisions of several kinds, and one of the door."""
    return ledger_of(tmp_path_factory.mktemp("replay"), items(), refused="wire.not_http")[0]


def replayed(ledger: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    """What the command prints for machines."""
    result = runner.invoke(app, ["replay", "--ledger", str(ledger), "--json", *arguments])
    assert (result.exit_code, result.stderr.strip()) == (code, "")
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_every_recorded_decision_follows_from_what_was_recorded(ledger: Path) -> None:
    """All decisions are reproduced from recorded facts, counts and rulebook; the door's refusal is counted apart."""
    told = replayed(ledger)
    assert told["results"] == {"same": COUNT + 1}
    assert (told["faults"], told["refused_by_gateway"]) == ([], 1)
    shown = runner.invoke(app, ["replay", "--ledger", str(ledger)])
    assert f"{COUNT + 1} decisions follow" in shown.stdout


@pytest.mark.parametrize(
    "lie",
    [
        lambda entry: entry["decision"].update(verdict="permit"),
        lambda entry: entry["facts"].update(covering=[]),
        lambda entry: entry["decision"]["reasons"].pop(),
        lambda entry: entry["facts"].pop("violations"),
        lambda entry: entry.update(rulebook="0" * 64),
    ],
)
def test_a_decision_that_does_not_follow_is_named(
    ledger: Path, tmp_path: Path, lie: Callable[[dict[str, Any]], None]
) -> None:
    """A record with one lie, or one field fewer, is named by its index, and the exit code is 1."""
    copy = tmp_path / "ledger"
    shutil.copytree(ledger, copy)
    with closing(sqlite3.connect(copy / DATABASE)) as database:
        (data,) = database.execute("SELECT bytes FROM entries WHERE number = 1").fetchone()
        entry = decode(data)
        lie(entry)
        database.execute("UPDATE entries SET bytes = ? WHERE number = 1", (canonical(entry),))
        database.commit()
    assert [fault["index"] for fault in replayed(copy, code=1)["faults"]] == [1]


def test_days_bound_what_is_replayed(ledger: Path) -> None:
    """--since and --until are days in Beijing time, both included."""
    first = sum(item.at.isoformat() < "2026-11-21" for item in items())
    assert replayed(ledger, "--until", "2026-11-20")["transfers"] in {first, first + 1}
    assert replayed(ledger, "--since", "2027-01-01")["transfers"] == 0
    result = runner.invoke(app, ["replay", "--ledger", str(ledger), "--since", "2027-01-01", "--until", "2026-01-01"])
    assert result.exit_code == 2


def test_the_same_rules_come_to_the_same(ledger: Path) -> None:
    """Under the rules that are live nothing flips; only what the door refused cannot be known."""
    told = replayed(ledger, "--rulebook", "live")
    assert told["results"] == {"same": COUNT, "unknown": 1}
    assert told["missing"] == {"the payload: the gateway refused it (wire.not_http)": 1}


def _longer(text: str) -> str:
    return text.replace(
        "valid: {since: 2026-01-01, until: 2026-06-30}", "valid: {since: 2026-01-01, until: 2029-06-30}"
    )


def _without_statistics(text: str) -> str:
    return text.replace('paths: [/v1/statistics, "/v1/statistics/{month}"]', "paths: [/v1/figures]")


def _another_path(text: str) -> str:
    return text.replace("paths: [/v1/applications]", "paths: [/v1/applications, /v1/nowhere]")


def _many_people(text: str) -> str:
    return text.replace("city: Zhuhai\n", "city: Zhuhai\n    traits: [ten_million]\n", 1)


def _no_token(text: str) -> str:
    return text.replace("667cc50776b7", "667cc50776b8")


DRAFTS: dict[str, dict[str, Callable[[str], str]]] = {
    "an expired entry is prolonged": {"whitelist": _longer},
    "a path is closed": {"whitelist": _without_statistics},
    "a path is opened": {"whitelist": _another_path},
    "a party is a large one": {"whitelist": _many_people},
    "a policy is loosened": {"policies__pipl__beyond-entry": lambda text: text.replace("personal", "important")},
    "a dataset declares less": {
        "datasets__zhuhai-applications": lambda text: text.replace("maxLength: ", "maxLength: 1")
    },
    "a token is changed": {"whitelist": _no_token},
    "a recogniser is changed": {"classifiers__cn__ric": lambda text: text.replace("alone: none", "alone: possible")},
}


def _known(ledger: Path, root: Path) -> tuple[dict[str, Any], dict[int, str]]:
    result = runner.invoke(app, ["replay", "--ledger", str(ledger), "--json", "--rulebook", str(root)])
    assert result.exit_code in {0, 1}, result.stderr
    told = json.loads(result.stdout)
    flips = {each["index"]: each["now"] for each in told["flips"]}
    return told, flips


@pytest.mark.parametrize("name", [name for name in DRAFTS if "recogniser" not in name and "token" not in name])
def test_what_is_said_to_be_known_is_true(ledger: Path, tmp_path: Path, name: str) -> None:
    """Wherever a verdict is told, the whole house under the draft comes to that verdict for the very message."""
    root = draft(tmp_path, **DRAFTS[name])
    told, flips = _known(ledger, root)
    book = load(root)
    unknown = {each["index"] for each in told["unknown"]}
    assert len(unknown) < COUNT
    for index, item in enumerate(items()[:16]):
        if index in unknown:
            continue
        judged = tried(item, shipped(), Limits())
        parties = book.members[item.exporter.id].party, book.members[item.recipient.id].party
        moved = replace(item, exporter=parties[0], recipient=parties[1])
        bare = tuple(each for each in judged.findings.items if each.evidence != ("declared",))
        undeclared = replace(judged.findings, items=bare)
        measured = measure(moved, judged.content, undeclared, book)
        facts = observe(moved, judged.content, measured.findings, book, people=judged.people, measured=measured)
        verdict = decide(facts, judged.standing, book).verdict.name
        assert flips.get(index, judged.decision.verdict.name) == verdict, index


def test_refusals_that_would_be_permits_come_first(ledger: Path, tmp_path: Path) -> None:
    """An expired entry that is prolonged flips its refusals to permits; the closed path flips permits to refusals."""
    root = draft(tmp_path, whitelist=lambda text: _without_statistics(_longer(text)))
    told, _ = _known(ledger, root)
    turned = [(each["was"], each["now"]) for each in told["flips"]]
    assert turned == [("DENY", "PERMIT")] * (COUNT // 8) + [("PERMIT", "DENY")] * (COUNT // 8)
    assert told["flips"][0]["rules"] == ["entry-in-force"] or "zhuhai-macao-bookings" in told["flips"][0]["rules"]
    shown = runner.invoke(app, ["replay", "--ledger", str(ledger), "--rulebook", str(root)]).stdout
    assert shown.index("PERMIT") < shown.rindex("DENY")


def test_a_path_that_was_not_recorded_is_named_as_missing(ledger: Path, tmp_path: Path) -> None:
    """Whether a new template fits a refused request cannot be known, and the entry is named."""
    told, flips = _known(ledger, draft(tmp_path, whitelist=_another_path))
    assert not flips
    assert told["missing"]["the path: it may be one of entry zhuhai-macao-applications"] >= COUNT // 8


def test_other_recognisers_leave_only_refusals_known(ledger: Path, tmp_path: Path) -> None:
    """With another recogniser no permit can be told again, and what is refused whatever is in it still can."""
    told, flips = _known(ledger, draft(tmp_path, **DRAFTS["a recogniser is changed"]))
    assert not flips
    assert all(each["was"] == "DENY" or each["missing"] for each in told["unknown"])
    assert told["results"]["same"] >= COUNT // 8
    assert any(said.startswith("the findings: ") for said in told["missing"])


def test_a_changed_token_makes_the_sender_unknown(ledger: Path, tmp_path: Path) -> None:
    """Who would not be recognised by the same proof is not guessed at."""
    told, _ = _known(ledger, draft(tmp_path, **DRAFTS["a token is changed"]))
    assert any("zhuhai-e-service would be recognised" in said for said in told["missing"])


@pytest.mark.parametrize("name", ["nowhere/at-all", "abcdef0123"])
def test_an_unknown_rulebook_is_wrong_usage(ledger: Path, name: str) -> None:
    """Neither a folder nor a digest of the ledger: 2, with what there is."""
    result = runner.invoke(app, ["replay", "--ledger", str(ledger), "--rulebook", name])
    assert result.exit_code == 2
    assert "folder" in result.stderr or "it has" in result.stderr

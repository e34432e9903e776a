"""``kouan open`` and ``kouan forget`` over a real ledger."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.ledger import Ledger, decode
from gateway.vocabulary import LANGUAGES, Leg
from tests.cli.once import compile_once
from tests.cli.recording import ledger_of
from tests.given import APPLICATION, NOON, transfer
from tests.ledger.sound import rows, sound

runner = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1"})
SENT = json.dumps(APPLICATION, ensure_ascii=False).encode()
"""What ``transfer()`` carries; its telephone number is masked on release."""


@pytest.fixture(autouse=True)
def _rules_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are not about reading rules."""
    compile_once(monkeypatch)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A permit whose release differs, a refusal, and an old transfer that no basis covers."""
    items = [
        transfer(),
        transfer({"id": "440105199003071016"}),
        transfer({"matter": "old"}, target=b"/v1/nowhere", at=NOON.replace(year=2022)),
    ]
    folder, outcomes = ledger_of(tmp_path, items)
    (tmp_path / "sent.json").write_bytes(SENT)
    (tmp_path / "left.json").write_bytes(outcomes[0].body or b"")
    return folder


def said(*arguments: object, code: int = 0, stdin: bytes | None = None) -> str:
    """What a command prints, where it ends with ``code``."""
    result = runner.invoke(app, [str(each) for each in arguments], input=stdin)
    assert result.exit_code == code, result.output
    return result.output


def opened(ledger: Path, which: object, file: str, *more: str, code: int = 0) -> str:
    """What ``kouan open`` says of a file beside the ledger."""
    return said("open", which, "--payload", ledger.parent / file, "--ledger", ledger, *more, code=code)


def erased(ledger: Path, *arguments: object, code: int = 0) -> str:
    """What ``kouan forget`` says."""
    return said("forget", *arguments, "--ledger", ledger, "--yes", code=code)


def test_the_very_payload_is_shown_to_be_the_one(ledger: Path) -> None:
    """The payload opens the one commitment and the released body the other, and not the other way round."""
    assert "this very file was the payload of entry 0" in opened(ledger, 0, "sent.json")
    assert "this very file was the released body of entry 0" in opened(ledger, 0, "left.json", "--released")
    assert "this file was NOT the payload of entry 0" in opened(ledger, 0, "left.json", code=1)
    assert "NOT the released body" in opened(ledger, 0, "sent.json", "--released", code=1)
    assert "NOT the payload of entry 1" in opened(ledger, 1, "sent.json", code=1)


def test_an_id_opens_as_its_index_does(ledger: Path) -> None:
    """JSON tells index, id, commitment and result; a transfer is found by its id."""
    told = json.loads(opened(ledger, 0, "sent.json", "--json"))
    entry = decode(rows(ledger)[0][1])
    assert told == {
        "index": 0,
        "transfer": entry["facts"]["transfer"],
        "which": "payload",
        "opening": "matches",
        "commitment": entry["commitments"]["payload"],
        "bytes": len(SENT),
        "erased": None,
    }
    assert json.loads(opened(ledger, told["transfer"], "sent.json", "--json")) == told


def test_the_payload_comes_from_standard_input(ledger: Path) -> None:
    """``-`` reads the bytes as they come."""
    assert "this very file" in said("open", 0, "--payload", "-", "--ledger", ledger, stdin=SENT)
    said("open", 0, "--payload", "-", "--ledger", ledger, stdin=SENT + b"\n", code=1)


def test_a_refusal_released_nothing(ledger: Path) -> None:
    """Where nothing left, there is nothing to show, which is neither yes nor no."""
    assert "no commitment to the released body" in opened(ledger, 1, "sent.json", "--released", code=2)


def test_what_cannot_be_opened_is_wrong_usage(ledger: Path) -> None:
    """An index beyond the end, an unknown id, a file or ledger that is not there."""
    assert "is no decision but nothing" in opened(ledger, 99, "sent.json", code=2)
    assert "no transfer has the id" in opened(ledger, "unknown", "sent.json", code=2)
    assert "cannot be read" in opened(ledger, 0, "absent.json", code=2)
    assert "no ledger" in said(
        "open", 0, "--payload", ledger.parent / "sent.json", "--ledger", ledger.parent / "x", code=2
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_so(ledger: Path, language: str) -> None:
    """Each result has a sentence of its own in each language."""
    erased(ledger, 1, "--reason", "asked", "--early")
    shown = {
        opened(ledger, 0, "sent.json", "--lang", language),
        opened(ledger, 0, "left.json", "--lang", language, code=1),
        opened(ledger, 1, "sent.json", "--released", "--lang", language, code=2),
        opened(ledger, 1, "sent.json", "--lang", language, code=2),
    }
    assert len(shown) == 4
    assert not any("{" in each for each in shown)


def test_after_erasure_nothing_can_be_shown_and_since_when(ledger: Path) -> None:
    """The sentence names the day and the entry of the erasure; the ledger is sound, and others still open."""
    transfer_id = decode(rows(ledger)[0][1])["facts"]["transfer"]
    assert "2 nonces of 1 entries were erased; recorded as entry 3" in erased(
        ledger, transfer_id, "--reason", "request of the person", "--by", "lam", "--early"
    )
    record = decode(rows(ledger)[3][1])
    assert (record["entries"], record["by"], record["reason"]) == ([[0, 0]], "lam", "request of the person")
    assert (record["early"], record["until"], record["gateway"]) == (1, "2026-11-20", "kouan")
    shown = opened(ledger, 0, "sent.json", code=2)
    assert f"its nonce was erased on {record['at']} (entry 3)" in shown
    told = json.loads(opened(ledger, 0, "left.json", "--released", "--json", code=2))
    assert told["opening"] == "erased"
    assert told["erased"] == {"index": 3, "at": record["at"], "reason": "request of the person", "by": "lam"}
    assert "NOT" in opened(ledger, 1, "sent.json", code=1)
    assert sound(ledger, covered=False) == 4
    assert "sound:" in said("verify", ledger)


def test_a_nonce_that_is_gone_without_record_is_told_as_such(ledger: Path) -> None:
    """A copy without nonces shows nothing, and nobody is said to have erased them."""
    with sqlite3.connect(ledger / "ledger.sqlite") as database:
        database.execute("DELETE FROM nonces")
    database.close()
    assert "no entry says that it was erased" in opened(ledger, 0, "sent.json", code=2)


def test_what_must_still_be_kept_is_not_erased_by_mistake(ledger: Path) -> None:
    """Without --early nothing goes while the time runs; the last day of keeping is named."""
    shown = erased(ledger, "--before", "2027-01-01", "--reason", "asked", code=1)
    assert "2 of 3 entries are to be kept until 2032-12-31; nothing was erased" in shown
    assert len(rows(ledger)) == 3


def test_what_is_due_goes_and_nothing_else(ledger: Path) -> None:
    """Three years after a transfer on no basis its nonces may go; a second time there is nothing left."""
    assert "1 nonces of 1 entries were erased" in erased(ledger, "--due")
    record = decode(rows(ledger)[3][1])
    assert (record["entries"], record["early"], record["until"]) == ([[2, 2]], 0, "2022-11-20")
    assert record["reason"] == "the time of keeping is over"
    assert "nothing to erase" in erased(ledger, "--due")
    assert json.loads(erased(ledger, "--due", "--json"))["records"] == []
    assert sound(ledger, covered=False) == 4


def test_longer_keeping_is_a_setting(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With more years nothing is due; fewer than the law's three are refused."""
    monkeypatch.setenv("KOUAN_RETENTION_YEARS", "5")
    assert "nothing to erase" in erased(ledger, "--due")
    monkeypatch.setenv("KOUAN_RETENTION_YEARS", "2")
    assert "expected 3 or more" in erased(ledger, "--due", code=2)


def test_everything_before_a_day_goes_early_where_that_is_said(ledger: Path) -> None:
    """--before leaves what came on that day or later."""
    erased(ledger, "--before", "2026-11-20", "--reason", "asked")
    assert decode(rows(ledger)[3][1])["entries"] == [[2, 2]]
    erased(ledger, "--before", "2026-11-21", "--reason", "asked", "--early")
    assert decode(rows(ledger)[4][1])["entries"] == [[0, 1]]
    assert sound(ledger, covered=False) == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name one thing to forget"),
        (["0", "--due"], "name one thing to forget"),
        (["0"], "--reason is needed"),
        (["0", "--reason", "x" * 501], "at most 500"),
        (["77", "--reason", "x"], "is no decision but nothing"),
    ],
)
def test_wrong_usage_erases_nothing(ledger: Path, arguments: list[str], words: str) -> None:
    """What is meant, and why, must be clear."""
    assert words in erased(ledger, *arguments, code=2)
    assert len(rows(ledger)) == 3


def test_the_question_is_asked(ledger: Path) -> None:
    """Without --yes somebody has to agree."""
    call = ["forget", "0", "--reason", "x", "--early", "--ledger", ledger]
    assert "Erase for ever" in said(*call, code=1, stdin=b"n\n")
    assert len(rows(ledger)) == 3
    said(*call, stdin=b"y\n")
    assert len(rows(ledger)) == 4


def test_a_running_gateway_is_not_in_the_way(ledger: Path) -> None:
    """While another process holds the ledger open, nonces are erased, and the entry gets its checkpoint."""
    with Ledger.open(ledger) as running:
        erased(ledger, "--due")
        running.append_now(rows(ledger)[0][1])
    assert sound(ledger) == 5


def test_both_legs_of_an_exchange_are_forgotten(tmp_path: Path) -> None:
    """The id of a request names its response too; the request of another exchange stays."""
    request = transfer()
    answer = replace(
        transfer(
            {"receipt": "R-1"}, exporter="macao-counter", recipient="zhuhai-e-service", leg=Leg.RESPONSE, status=200
        ),
        about=request.id,
    )
    folder, _ = ledger_of(tmp_path, [request, transfer(), answer])
    erased(folder, request.id, "--reason", "asked", "--early")
    assert decode(rows(folder)[3][1])["entries"] == [[0, 0], [2, 2]]


@pytest.mark.parametrize("command", ["open", "forget", "export", "report"])
def test_help_teaches_by_example(command: str) -> None:
    """Each command's help shows how it is called, and what its exit codes mean."""
    shown = said(command, "--help")
    assert f"kouan {command}" in shown.split("By example", 1)[1]
    assert "Exit codes: 0 fine, 1 refused" in shown

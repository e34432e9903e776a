"""``kouan receipt``, ``kouan mirror``, and ``kouan verify`` of what they give."""

import json
import shutil
from pathlib import Path
from threading import Timer

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from gateway.cli import app
from gateway.cli.proved import WORDS
from gateway.ledger import Ledger
from gateway.ledger.approval import public_line, sign
from gateway.ledger.checkpoint import split_note
from gateway.ledger.serving import log_served
from tests.cli.test_verify import recorded
from tests.ledger.tiled import grow

runner = CliRunner()


def run(*words: object) -> Result:
    """Run one command."""
    return runner.invoke(app, [str(word) for word in words])


def key_of(ledger: Path) -> str:
    """The public key beside a ledger."""
    return (ledger / "vkey").read_text(encoding="utf-8").strip()


def test_a_receipt_is_written_and_proved(tmp_path: Path) -> None:
    """By index or by the transfer's id, to a file or to standard output; proved offline, for people and machines."""
    ledger = recorded(tmp_path)
    file = tmp_path / "1.tlog-proof"
    assert run("receipt", 1, "-o", file, "--ledger", ledger).exit_code == 0
    assert run("receipt", 1, "--from", ledger).stdout_bytes == file.read_bytes()
    shown = run("verify", file, "--vkey", key_of(ledger))
    assert (shown.exit_code, "proved: this entry is in the log" in shown.stdout) == (0, True)
    told = json.loads(run("verify", file, "--vkey", ledger / "vkey", "--json").stdout)
    assert (told["ok"], told["index"], told["covered"], told["entry"]["kind"]) == (True, 1, 4, "decision")
    by_id = run("receipt", told["entry"]["facts"]["transfer"], "--from", ledger)
    assert by_id.stdout_bytes == file.read_bytes()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "permitted"),
        ("zh-Hans", "已证明"),
        ("zh-Hant", "已證明"),
        ("pt", "provado: esta entrada está no registo"),
    ],
)
def test_a_receipt_is_told_in_the_language_of_its_reader(tmp_path: Path, language: str, said: str) -> None:
    """Either party may read it: what is proved, when, and what was decided."""
    ledger, file = recorded(tmp_path), tmp_path / "0.tlog-proof"
    run("receipt", 0, "-o", file, "--from", ledger)
    shown = run("verify", file, "--vkey", key_of(ledger), "--lang", language)
    assert (shown.exit_code, said in shown.stdout) == (0, True)
    assert all(set(wording) == {"en", "zh-Hans", "zh-Hant", "pt"} for wording in WORDS.values())


def test_witnesses_are_asked_for(tmp_path: Path) -> None:
    """A mirror or a receipt without the line of a witness who must have cosigned is refused; a key must be one."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    line, file, copy = tmp_path / "w.vkey", tmp_path / "0.tlog-proof", tmp_path / "copy"
    line.write_text(public_line("witness.example/w1", key.public_key().public_bytes_raw()) + "\n")
    ledger = recorded(tmp_path)
    vkey = key_of(ledger)
    run("mirror", copy, "--from", ledger)
    run("receipt", 0, "-o", file, "--from", ledger)
    for place in (copy, file):
        assert run("verify", place, "--vkey", vkey, "--witness", line).exit_code == 1
        assert run("verify", place, "--vkey", vkey, "--witness", vkey).exit_code == 2
    note = (copy / "checkpoint").read_bytes()
    (copy / "checkpoint").write_bytes(note + sign(split_note(note)[0], "witness.example/w1", key, 1_700_000_000))
    run("receipt", 0, "-o", file, "--from", copy)
    assert run("verify", copy, "--vkey", vkey, "--witness", line).exit_code == 0
    shown = run("verify", file, "--vkey", vkey, "--witness", line)
    assert (shown.exit_code, "witness.example/w1, 2023-11-14T22:13:20" in shown.stdout) == (0, True)
    assert run("verify", ledger, "--vkey", vkey, "--witness", line).exit_code == 2


def test_a_forged_receipt_is_refused(tmp_path: Path) -> None:
    """Changed, under another key, or without a key to judge it by."""
    ledger = recorded(tmp_path)
    file = tmp_path / "1.tlog-proof"
    run("receipt", 1, "-o", file, "--from", ledger)
    assert run("verify", file).exit_code == 2
    assert run("verify", file, "--vkey", "no key").exit_code == 2
    assert run("verify", file, "--vkey", grow(tmp_path / "other", 1)).exit_code == 1
    file.write_bytes(file.read_bytes().replace(b"index 1", b"index 2"))
    shown = run("verify", file, "--vkey", key_of(ledger))
    assert (shown.exit_code, "NOT proved" in shown.stdout) == (1, True)
    assert json.loads(run("verify", file, "--vkey", key_of(ledger), "--json").stdout)["code"] == "inclusion"


def test_a_receipt_waits_for_its_checkpoint(tmp_path: Path) -> None:
    """Without --wait it says that there is none yet; with it, the next checkpoint brings it."""
    folder = tmp_path / "ledger"
    key = grow(folder, 2)
    with Ledger.attach(folder) as worker:
        worker.append_now(b"{}")
    early = run("receipt", 2, "--from", folder)
    assert (early.exit_code, early.stdout) == (1, "")
    assert "covers 2 entries; --wait" in early.stderr
    Timer(0.2, grow, (folder, 3)).start()
    file = tmp_path / "2.tlog-proof"
    assert run("receipt", 2, "--from", folder, "--wait", 10, "-o", file).exit_code == 0
    shown = run("verify", file, "--vkey", key)
    assert (shown.exit_code, "no entry of a ledger" in shown.stdout) == (1, True)
    assert run("receipt", 9, "--from", folder, "--wait", 0.01).exit_code == 1


def test_an_older_checkpoint_is_extended(tmp_path: Path) -> None:
    """What was kept in March is proved to be the beginning of what is there now, without the entries."""
    folder, kept, proof = tmp_path / "ledger", tmp_path / "march", tmp_path / "extends"
    key = grow(folder, 300)
    kept.write_bytes((folder / "checkpoint").read_bytes())
    grow(folder, 900)
    assert run("receipt", "--since", kept, "--from", folder, "-o", proof).exit_code == 0
    shown = run("verify", proof, "--kept", kept, "--vkey", key)
    assert (shown.exit_code, "900 entries of kouan begin with the 300" in shown.stdout) == (0, True)
    assert run("verify", proof, "--vkey", key).exit_code == 2
    assert run("verify", proof, "--kept", folder / "checkpoint", "--vkey", key).exit_code == 1
    assert run("receipt", "--since", folder / "checkpoint", "--from", folder, "-o", kept).exit_code == 0


def test_a_mirror_is_made_kept_up_and_proved(tmp_path: Path) -> None:
    """From the folder or the address of a log; every decision is derived again out of the mirror alone."""
    ledger, near, far = recorded(tmp_path), tmp_path / "near", tmp_path / "far"
    made = run("mirror", near, "--from", ledger)
    assert (made.exit_code, "4 entries, 4 of them new" in made.stdout) == (0, True)
    with log_served(ledger, "127.0.0.1", 0) as prefix:
        assert run("mirror", far, "--from", prefix, "--vkey", ledger / "vkey").exit_code == 0
        assert "0 of them new" in run("mirror", far, "--from", prefix).stdout
        told = json.loads(run("verify", prefix, "--vkey", key_of(ledger), "--json").stdout)
        assert (told["ok"], told["entries"]) == (True, 4)
        assert run("receipt", 1, "--from", prefix).stdout_bytes == run("receipt", 1, "--from", near).stdout_bytes
        assert run("receipt", "some-id", "--from", prefix).exit_code == 2
    assert {file.relative_to(near) for file in near.rglob("*")} == {file.relative_to(far) for file in far.rglob("*")}
    shown = run("verify", far)
    assert (shown.exit_code, "every decision follows" in shown.stdout) == (0, True)
    assert run("verify", far, "--vkey", grow(tmp_path / "other", 1)).exit_code == 1


def test_a_mirror_is_not_made_in_a_ledger(tmp_path: Path) -> None:
    """The folder of a ledger is left as it was."""
    grow(tmp_path / "ledger", 3)
    before = {file.name: file.read_bytes() for file in (tmp_path / "ledger").iterdir()}
    for source in (tmp_path / "ledger", "nowhere"):
        assert run("mirror", tmp_path / "ledger", "--from", source).exit_code == 2
    assert {file.name: file.read_bytes() for file in (tmp_path / "ledger").iterdir()} == before


def test_a_mirror_without_its_rulebooks_does_not_prove_decisions(tmp_path: Path) -> None:
    """A rulebook that is gone, or another, is missed where an entry names it."""
    ledger, copy = recorded(tmp_path), tmp_path / "copy"
    run("mirror", copy, "--from", ledger)
    (book,) = (copy / "rulebook").iterdir()
    data = book.read_bytes()
    book.write_bytes(data[:-1])
    assert {each["code"] for each in json.loads(run("verify", copy, "--json").stdout)["failures"]} == {"decision"}
    book.unlink()
    assert "rulebook" in {each["code"] for each in json.loads(run("verify", copy, "--json").stdout)["failures"]}


def test_a_mirror_refuses_a_log_that_was_put_back(tmp_path: Path) -> None:
    """The exit code is 1 and the copy is as it was."""
    ledger, copy = tmp_path / "ledger", tmp_path / "copy"
    grow(ledger, 10)
    assert run("mirror", copy, "--from", ledger).exit_code == 0
    shutil.rmtree(ledger)
    grow(ledger, 5)
    again = run("mirror", copy, "--from", ledger)
    assert (again.exit_code, "cut or put back" in again.stderr) == (1, True)
    assert run("verify", copy, "--json").stdout.count('"entries": 10') == 1


@pytest.mark.parametrize(
    "words",
    [
        ("receipt",),
        ("receipt", "1", "--since", "x"),
        ("receipt", "1", "--from", "nowhere"),
        ("receipt", "1", "--from", "http://127.0.0.1:1/"),
        ("mirror", "copy", "--from", "nowhere"),
        ("mirror", "copy", "--from", "http://127.0.0.1:1/"),
        ("verify", "http://127.0.0.1:1/", "--vkey", "x"),
    ],
)
def test_wrong_usage_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    """Nothing to do, two things to do, or nothing there: exit code 2, no traceback."""
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("kouan: ")

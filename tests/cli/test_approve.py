"""``kouan approve``: keys, what changes, signatures, and the state."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.approvals import read_papers
from gateway.cli import app
from gateway.ledger import Ledger, encode
from gateway.rulebook import load
from tests.given import ROOT

runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})
HEAD = "# yaml-language-server: $schema=../gateway/rulebook/schemas/approvals.json\nofficers:\n"


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of an owner and two reviewers, made by the command; they are slow to make and to open."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "words").write_text("correct horse battery\n")
    lines = []
    for name, role in (("lam", "owner"), ("ho", "reviewer"), ("wu", "reviewer")):
        key, words = folder / f"{name}.pem", folder / "words"
        arguments = ["approve", "--new-key", name, "--key", str(key), "--passphrase-file", str(words)]
        made = runner.invoke(app, arguments)
        assert made.exit_code == 0, made.stderr
        lines.append(made.stdout.replace("role: reviewer", f"role: {role}"))
    (folder / "approvals.yaml").write_text(HEAD + "".join(lines))
    return folder


@pytest.fixture
def rules(tmp_path: Path, signing: Path) -> Path:
    """Rules of one's own, with approvals turned on."""
    root = tmp_path / "rules"
    for name in ("policies", "classifiers", "descriptors", "datasets"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copy(ROOT / "whitelist.yaml", root)
    shutil.copy(signing / "approvals.yaml", root)
    return root


def approve(rules: Path, *arguments: str) -> tuple[int, str, str]:
    """Call the command over ``rules``; exit code and what it says."""
    done = runner.invoke(app, ["approve", str(rules), "--state-dir", str(rules.parent / "state"), *arguments])
    return done.exit_code, done.stdout, done.stderr


def signed(rules: Path, signing: Path, name: str, *more: str) -> tuple[int, str, str]:
    """Sign as ``name``."""
    words = ("--passphrase-file", str(signing / "words"), "--yes")
    return approve(rules, "--key", str(signing / f"{name}.pem"), *words, *more)


def test_two_sign_and_the_state_says_so(rules: Path, signing: Path) -> None:
    """The list names who is still to sign until an owner and a reviewer have; one person twice is one person."""
    code, said, _ = approve(rules, "--list")
    assert (code, "lam (owner), ho (reviewer)" in said) == (1, True)
    assert "still to sign: 2 more of lam, ho, wu, of them at least one reviewer" in said
    for _ in range(2):
        assert signed(rules, signing, "lam")[0] == 0
    assert "1 more of ho, wu" in approve(rules, "--list")[1]
    code, said, _ = signed(rules, signing, "ho", "--json")
    told = json.loads(said)
    assert (code, told["signed"], told["lacking"]) == (0, ["lam", "ho"], "")
    assert (rules / told["note"]).is_file()
    assert approve(rules, "--list")[0] == 0


def test_what_changes_is_said_by_name(rules: Path, signing: Path) -> None:
    """Against the rules in force, which the ledger keeps, each file and each thing that is new, gone or other."""
    book = load(rules)
    with Ledger.open(rules.parent / "state" / "ledger") as ledger:
        ledger.keep_rulebook(book.digest, book.files)
        entry = {"gateway": "g", "at": "2026-11-21T12:00:00+08:00", "rulebook": book.digest}
        ledger.append_now(encode("rulebook", entry))
    assert json.loads(signed(rules, signing, "lam", "--json")[1])["changes"] == {}
    name = next(iter(book.entries))
    file = rules / "whitelist.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(f"id: {name}\n", f"id: {name}-two\n"), encoding="utf-8")
    code, said, _ = signed(rules, signing, "lam", "--language", "zh-Hant")
    if code == 0:
        assert f"+ 白名單條目 {name}-two (新增)" in said
        assert f"- 白名單條目 {name} (刪除)" in said
        assert f"instead of {book.digest}\nsince entry 0" in said


def test_a_digest_is_held_against_the_folder(rules: Path, signing: Path) -> None:
    """Whoever names a digest signs that or nothing."""
    arguments = ["--rules", str(rules), "--state-dir", str(rules.parent / "state"), "--key", str(signing / "ho.pem")]
    done = runner.invoke(app, ["approve", "0" * 64, *arguments])
    assert (done.exit_code, "not " + "0" * 64 in done.stderr) == (2, True)


def test_a_stranger_or_a_wrong_passphrase_signs_nothing(rules: Path, signing: Path, tmp_path: Path) -> None:
    """A key of nobody in office, a passphrase of another, no key, faulty rules: exit code 2, and no note."""
    (tmp_path / "words").write_text("correct horse battery\n")
    (tmp_path / "bad").write_text("wrong horse battery\n")
    key = str(tmp_path / "eve.pem")
    runner.invoke(app, ["approve", "--new-key", "eve", "--key", key, "--passphrase-file", str(tmp_path / "words")])
    code, _, said = approve(rules, "--key", key, "--passphrase-file", str(tmp_path / "words"), "--yes")
    assert (code, "nobody who is in office" in said) == (2, True)
    ho = str(signing / "ho.pem")
    code, _, said = approve(rules, "--key", ho, "--passphrase-file", str(tmp_path / "bad"), "--yes")
    assert (code, "another passphrase" in said) == (2, True)
    assert approve(rules)[0] == 2
    with (rules / "whitelist.yaml").open("a") as file:
        file.write("entries: [\n")
    assert signed(rules, signing, "ho")[0] == 2
    assert not (rules / "approvals").exists()


def test_no_answer_is_no_signature(rules: Path, signing: Path) -> None:
    """The question is asked, and anything but yes ends it."""
    key, words = str(signing / "ho.pem"), str(signing / "words")
    arguments = ["approve", str(rules), "--state-dir", "nowhere", "--key", key, "--passphrase-file", words]
    done = runner.invoke(app, arguments, input="n\n")
    assert done.exit_code == 1
    assert not (rules / "approvals").exists()


def test_without_approvals_there_is_nothing_to_sign(rules: Path, signing: Path) -> None:
    """The message says so, and the list is content."""
    (rules / "approvals.yaml").unlink()
    assert "nobody need sign" in signed(rules, signing, "ho")[2]
    assert approve(rules, "--list")[0] == 0


def test_officers_in_office_sign_for_their_successors(rules: Path, signing: Path) -> None:
    """Other officers wait for the signatures of those in office, given with --officers."""
    held = read_papers(rules).officers
    assert held is not None
    with Ledger.open(rules.parent / "state" / "ledger") as ledger:
        entry = {"gateway": "g", "at": "2026-11-21T12:00:00+08:00", "note": "", "override": ""}
        ledger.append_now(encode("officers", {**entry, "officers": held.record()}))
    assert signed(rules, signing, "lam", "--officers")[0] == 2, "nothing is changed, so there is nothing to sign"
    file = rules / "approvals.yaml"
    file.write_text(file.read_text().replace("officers:\n", "required: 1\nofficers:\n"))
    assert "2 more of lam, ho, wu" in signed(rules, signing, "wu", "--language", "en", "--list")[1]
    told = json.loads(signed(rules, signing, "wu", "--officers", "--json")[1])
    assert told["lacking"] == "1 more of lam, ho"
    assert json.loads(signed(rules, signing, "ho", "--officers", "--json")[1])["lacking"] == ""
    assert len(list((rules / "approvals").glob("officers-*.note"))) == 1

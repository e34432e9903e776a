"""``kouan learn``: a dataset from samples, in which no value of a sample stands."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app, learn
from gateway.decide.dataset.conforming import conforms
from gateway.rulebook.datasets import Dataset, read_dataset
from gateway.rulebook.strict_yaml import parse
from tests.decide.payloads import CSV, JSON, XML, categories, read
from tests.given import ROOT, shipped

SAMPLES = {
    "one.json": '{"applicant": {"name": "陳大文", "phone": "66123456"}, "matter": "marriage", "count": 7342}',
    "two.json": '{"applicant": {"name": "王小明", "day": "2026-03-07"}, "matter": "business", "on": true, "t": ["qq"]}',
}
VALUES = ("陳大文", "王小明", "66123456", "marriage", "business", "7342", "2026-03-07", "qq")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rules in the box, with samples beside it."""
    for name in ("whitelist.yaml", "policies", "classifiers"):
        source = ROOT / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    (tmp_path / "samples").mkdir()
    for name, text in SAMPLES.items():
        (tmp_path / "samples" / name).write_text(text)
    return tmp_path


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recognisers are compiled once for all tests."""
    monkeypatch.setattr(learn, "load", lambda _: shipped())


def learned(rules: Path, *arguments: str, given: str | None = None, name: str = "tried") -> Result:
    """What the command says of the samples."""
    return CliRunner().invoke(
        app, ["learn", name, str(rules / "samples"), "--rules", str(rules), *arguments], input=given
    )


def understood(text: str) -> Dataset:
    """The dataset that a candidate is."""
    return read_dataset(parse("datasets/tried.yaml", text.encode(), "dataset"), categories())


def test_a_candidate_is_a_dataset_to_which_its_samples_conform(rules: Path) -> None:
    """It needs no edit to be read, and nothing is written."""
    result = learned(rules)
    assert result.exit_code == 0
    found = understood(result.stdout)
    for text in SAMPLES.values():
        assert conforms(read(text, JSON), found) == ()
    assert not (rules / "datasets").exists()


def test_no_value_of_a_sample_is_told(rules: Path) -> None:
    """Not in the file, not in JSON, not in what is said beside it."""
    for arguments in ((), ("--json",), ("--yes",)):
        output = learned(rules, *arguments).output
        assert not [value for value in VALUES if value in output]
    assert not [value for value in VALUES if value in (rules / "datasets/tried.yaml").read_text()]


def test_each_field_says_what_was_seen(rules: Path) -> None:
    """How often, how long, and which categories; what always came is required."""
    told = learned(rules).stdout
    assert "# seen in 2 of 2; 3 characters; holds pi.name (2)" in told
    assert "# seen in 1 of 2; 8 characters; holds pi.contact.phone (1)" in told
    assert "required: [applicant, matter]" in told
    found = understood(told)
    assert {leaf.path: leaf.type for leaf in found.leaves()} == {
        "/applicant/name": "string",
        "/applicant/phone": "string",
        "/applicant/day": "string",
        "/matter": "string",
        "/count": "integer",
        "/on": "boolean",
        "/t/*": "string",
    }


def test_names_that_are_data_are_withheld(rules: Path) -> None:
    """A key may be somebody's number."""
    (rules / "samples/three.json").write_text('{"applicant": {"13800138000": 1, "A123456(3)": 2}, "matter": "x"}')
    told = learned(rules)
    assert "13800138000" not in told.output
    assert "A123456" not in told.output
    assert "2 names that may be somebody's data are withheld" in told.stdout


def test_yes_writes_the_file_once(rules: Path) -> None:
    """A file that an officer may have edited is never replaced."""
    assert learned(rules, "--yes").exit_code == 0
    assert understood((rules / "datasets/tried.yaml").read_text())
    again = learned(rules, "--yes")
    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_an_officer_accepts_field_by_field(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Yes takes a field, n leaves it out, a category is put in its place, and what is none is asked again."""
    monkeypatch.setattr(learn, "at_terminal", lambda: True)
    answers = ["y", "n", "pi.birthdat", "pi.birthdate", "y", "n", "y", "none"]
    asked = iter(answers)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(asked))
    assert learned(rules, "--accept").exit_code == 0
    found = understood((rules / "datasets/tried.yaml").read_text())
    assert {leaf.path: leaf.category for leaf in found.leaves()} == {
        "/applicant/name": "pi.name",
        "/applicant/day": "pi.birthdate",
        "/matter": "none",
        "/on": "none",
        "/t/*": "none",
    }


def test_what_an_officer_leaves_out_is_not_declared(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is an object of which nothing was taken, nor a list."""
    monkeypatch.setattr(learn, "at_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(asked))
    asked = iter(["n", "n", "n", "y", "y", "y", "n"])
    assert learned(rules, "--accept").exit_code == 0
    found = understood((rules / "datasets/tried.yaml").read_text())
    assert {leaf.path for leaf in found.leaves()} == {"/matter", "/count", "/on"}


def test_accept_needs_a_terminal(rules: Path) -> None:
    """Nobody is there to answer."""
    result = learned(rules, "--accept")
    assert result.exit_code == 2
    assert "--yes takes every field" in result.stderr


def test_an_id_that_could_be_no_file_is_refused(rules: Path) -> None:
    """It would leave the folder."""
    assert learned(rules, "--yes", name="../whitelist").exit_code == 2


def test_what_no_dataset_describes_is_passed_over_and_told(rules: Path) -> None:
    """With nothing else to learn from, the exit code says so."""
    (rules / "samples/four.txt").write_text("some prose of no form")
    assert "passed over: 1 of text" in learned(rules).stderr
    for name in SAMPLES:
        (rules / "samples" / name).unlink()
    assert learned(rules).exit_code == 1


@pytest.mark.parametrize(
    ("name", "text", "media_type"),
    [
        ("a.csv", "姓名,手機 號碼,no\n陳大文,66123456,5\n王小明,,6\n", CSV),
        ("a.xml", '<bookings><booking no="1"><name>a</name></booking><booking no="2"/></bookings>', XML),
    ],
)
def test_tables_and_xml_are_learned_with_their_labels(rules: Path, name: str, text: str, media_type: str) -> None:
    """A name that no field can have becomes a label."""
    file = rules / name
    file.write_text(text)
    result = CliRunner().invoke(app, ["learn", "tried", str(file), "--rules", str(rules)])
    assert conforms(read(text, media_type), understood(result.stdout)) == ()


def test_hidden_files_are_passed_over_and_folders_above_are_nobodys_business(rules: Path) -> None:
    """A folder is looked at wherever it lies."""
    (rules / ".kept").mkdir()
    (rules / "samples").rename(rules / ".kept/samples")
    (rules / ".kept/samples/.swap.json").write_text('{"other": 1}')
    result = CliRunner().invoke(app, ["learn", "tried", str(rules / ".kept/samples"), "--rules", str(rules)])
    assert "Learned from 2 payloads" in result.stdout


def test_json_holds_the_same_for_machines(rules: Path) -> None:
    """Counts and lengths by path."""
    told = json.loads(learned(rules, "--json").stdout)
    by_path = {each["path"]: each for each in told["fields"]}
    assert told["payloads"] == 2
    assert by_path["/applicant/name"]["categories"] == {"pi.name": 2}
    assert (by_path["/matter"]["shortest"], by_path["/matter"]["longest"]) == (8, 8)

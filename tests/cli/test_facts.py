"""``kouan facts``: the table of what a policy may ask about."""

import json

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.decide.setting import READ
from gateway.rulebook.facts import FACTS, RISING, Fact
from tests.given import ROOT

runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})


def test_every_fact_is_listed_with_what_it_means() -> None:
    """The table names every fact that is read, once, with its meaning and its operators."""
    told = json.loads(runner.invoke(app, ["facts", "--json"]).stdout)
    assert [each["name"] for each in told] == list(FACTS)
    assert {each["name"] for each in told} == set(READ)
    assert all(each["meaning"] and each["operators"] for each in told)
    shown = runner.invoke(app, ["facts"]).stdout
    assert [name for name in FACTS if name not in shown] == []


def test_a_fact_that_grows_offers_only_what_growth_cannot_undo() -> None:
    """Of a fact that grows only rising operators are told."""
    told = json.loads(runner.invoke(app, ["facts", "--json"]).stdout)
    assert all(set(each["operators"]) <= RISING for each in told if each["grows"])
    (one,) = json.loads(runner.invoke(app, ["facts", "individuals.minors", "--json"]).stdout)
    assert list(one["operators"]) == ["at_least", "more_than"]
    assert "It grows" in runner.invoke(app, ["facts", "individuals.minors"]).stdout


def test_a_name_stands_for_those_below_it() -> None:
    """The beginning of a name lists all facts below it; a whole name tells of one, with how to ask."""
    shown = runner.invoke(app, ["facts", "basis"]).stdout
    assert "basis.kind" in shown
    assert "recipient.city" not in shown
    assert "recipient.jurisdiction: {none_of: [a, b]}" in runner.invoke(app, ["facts", "recipient.jurisdiction"]).stdout


def test_an_unknown_fact_is_wrong_usage() -> None:
    """A name that is not there ends with 2 and the nearest name that is."""
    result = runner.invoke(app, ["facts", "recipient.jursdiction"])
    assert result.exit_code == 2
    assert "did you mean 'recipient.jurisdiction'?" in result.stderr


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_the_readme_tells_every_fact(fact: Fact) -> None:
    """The table in README says of every fact what the table of facts says."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    kind = f"{fact.kind.value}{', grows' if fact.grows else ''}"
    assert f"| `{fact.name}` | {kind} | {fact.meaning} |\n" in readme


def test_the_readme_tells_no_fact_that_is_not_there() -> None:
    """A row of that table whose fact is gone would mislead."""
    rows = (ROOT / "README.md").read_text(encoding="utf-8").partition("| fact | kind | what it is |\n")[2]
    named = [row.split("`")[1] for row in rows.partition("\n\n")[0].splitlines()[1:]]
    assert named == list(FACTS)

"""``kouan facts``: the table of what a policy may ask about."""

import json

from typer.testing import CliRunner

from gateway.cli import app
from gateway.decide.setting import READ
from gateway.rulebook.facts import FACTS, RISING
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


def test_the_readme_has_the_table() -> None:
    """README has every fact as ``kouan facts --markdown`` writes it, and no other; put it there after a change."""
    table = runner.invoke(app, ["facts", "--markdown"]).stdout
    assert table.count("\n") == len(FACTS) + 2
    assert f"\n\n{table}\n" in (ROOT / "README.md").read_text(encoding="utf-8")

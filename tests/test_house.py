"""The plan of the house is a test: names, sizes, words and documents."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from gateway import logs, metrics, settings
from gateway.vocabulary import LANGUAGES

ROOT = Path(__file__).parents[1]
MODULES = sorted([*ROOT.glob("gateway/**/*.py"), *ROOT.glob("classifiers/**/*.py"), *ROOT.glob("bench/*.py")])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
RULED = ("policies", "classifiers", "datasets", "scenarios")
RULES = sorted([ROOT / "whitelist.yaml", *(path for folder in RULED for path in ROOT.glob(f"{folder}/**/*.yaml"))])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def name(path: Path) -> str:
    """A readable test id."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES + TESTS, ids=name)
def test_a_file_is_short(path: Path) -> None:
    """A file of more than 400 lines holds more than one thought."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is(path: Path) -> None:
    """Each module opens with a docstring."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_every_test_is_a_sentence(path: Path) -> None:
    """Each test has a docstring that ends like a sentence, so that collecting them prints the requirements."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            said = ast.get_docstring(node) or ""
            assert said.rstrip().endswith((".", "。")), f"{node.name} at line {node.lineno}"


def test_names_explain_themselves() -> None:
    """A module named util, helper, manager, base, common or misc is a missing noun."""
    vague = re.compile(r"(^|_)(utils?|helpers?|managers?|base|common|misc)$")
    assert [name(path) for path in MODULES if vague.search(path.stem)] == []


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_file_names_its_schema(path: Path) -> None:
    """The first line of a rule file points editors at a schema that exists."""
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match, first
    assert (path.parent / match[1]).resolve().is_file()


@pytest.mark.parametrize("name", [item.name for item in fields(settings.Settings)])
def test_readme_knows_every_setting(name: str) -> None:
    """Each setting stands in README under the name of its environment variable."""
    assert f"`KOUAN_{name.upper()}`" in README


def test_readme_knows_every_metric() -> None:
    """Each metric of the list stands in README."""
    ours = [item for item in vars(metrics).values() if isinstance(item, MetricWrapperBase)]
    names = {family.name for metric in ours for family in metric.describe()}
    assert len(names) >= 10
    assert [each for each in sorted(names) if f"`{each}" not in README] == []


def test_readme_knows_every_command() -> None:
    """Each verb of the command line stands in README."""
    from gateway.cli import app

    verbs = [each.name or each.callback.__name__ for each in app.registered_commands if each.callback]
    assert len(verbs) >= 5
    assert [verb for verb in verbs if f"kouan {verb}" not in README] == []


def test_the_log_has_no_field_for_payload() -> None:
    """No field of the log is named after something that holds text of a payload."""
    suspicious = re.compile(r"body|text|value|header|query|path|target|url$|cookie|message")
    assert [each for each in logs.FIELDS if suspicious.search(each)] == ["metrics_url"]


def test_languages_are_four() -> None:
    """The house speaks English, both Chinese scripts and Portuguese."""
    assert LANGUAGES == ("en", "zh-Hans", "zh-Hant", "pt")

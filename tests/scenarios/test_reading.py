"""How a scenario is read: another whitelist under the policies in the box, and a story that is told what it lacks."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.cli.demo.story import read_story, scenarios, token_of
from gateway.rulebook import load
from gateway.rulebook.document import Faulty
from tests.given import ROOT, shipped

ONE = ROOT / "scenarios" / "health-code-recognition"
STEP = """\
# yaml-language-server: $schema=../../gateway/rulebook/schemas/story.json
title: {en: A, zh-Hans: 甲, zh-Hant: 甲, pt: A}
law: A sentence about a basis that is not confirmed.
steps:
  - title: A step
    from: FROM
    send: {method: POST, url: "https://HOST/v1/verifications", payload: SENT}
    expect: {EXPECT}
"""


@pytest.fixture
def written(tmp_path: Path):
    """Write a story beside a whitelist that is sound, and read it."""
    folder = tmp_path / "mine"
    shutil.copytree(ONE, folder)

    def write(expect: str, sender: str = "macao-code-operator", host: str = "", sent: str = "none"):
        text = STEP.replace("EXPECT", expect).replace("FROM", sender).replace("SENT", sent)
        text = text.replace("HOST", host or "verify.code.guangdong.example")
        (folder / "story.yaml").write_text(text, encoding="utf-8")
        return read_story(folder, ROOT)

    return write


def test_another_whitelist_under_the_same_policies() -> None:
    """Whitelist and datasets are those of the folder; policies, law and recognisers those in the box."""
    book = load(ROOT, whitelist=ONE / "whitelist.yaml")
    assert set(book.members) == {"guangdong-code-operator", "macao-code-operator"}
    assert set(book.datasets) == {"verification", "verdict", "callback"}
    assert [policy.id for policy in book.policies] == [policy.id for policy in shipped().policies]
    assert book.digest != shipped().digest


def test_the_files_of_such_a_rulebook_are_a_folder_of_rules(tmp_path: Path) -> None:
    """Written out under their names they load as the same rulebook, which is what a gateway then runs by."""
    book = load(ROOT, whitelist=ONE / "whitelist.yaml")
    for name, data in book.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert load(tmp_path).digest == book.digest


def test_a_whitelist_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """The whitelist in the box does not stand in for it."""
    with pytest.raises(Faulty, match=r"whitelist\.yaml:1:1: the file is missing"):
        load(ROOT, whitelist=tmp_path / "whitelist.yaml")


def test_what_is_released_is_what_was_sent_where_nothing_is_said(written) -> None:
    """So every story is exact to the byte."""
    step = written("request: permit, response: permit", sent="'{}'").steps[0]
    assert step.expected.released == b"{}"
    assert step.expected.returned == step.answer.body == b'{"accepted": true}'
    assert not step.changed


@pytest.mark.parametrize(
    ("story", "fault"),
    [
        ({"expect": "request: permit"}, "a request that passes is answered"),
        ({"expect": "request: deny, response: deny, reasons: [secrets]"}, "a request that passes is answered"),
        ({"expect": "request: deny"}, "it is not said why it must be refused"),
        (
            {"expect": "request: deny, reasons: [secrets], released: payloads/callback.json"},
            "nothing is released where the request does not pass",
        ),
        (
            {"expect": "request: permit, response: permit, released: payloads/nothing.json"},
            r"payloads/nothing\.json cannot be read",
        ),
        ({"expect": "request: permit, response: permit", "sender": "somebody"}, "there is no party 'somebody'"),
        ({"expect": "request: permit, response: permit", "host": "other.example"}, "no party has the host"),
    ],
)
def test_a_story_that_cannot_be_meant_so_is_told(written, story: dict[str, str], fault: str) -> None:
    """Each fault has its place in the file."""
    with pytest.raises(Faulty, match=rf"mine/story\.yaml:[0-9]+:[0-9]+: {fault}"):
        written(**story)


def test_a_party_without_the_token_of_the_demo_is_told(tmp_path: Path) -> None:
    """What to write into the whitelist is said."""
    folder = tmp_path / "mine"
    shutil.copytree(ONE, folder)
    file = folder / "whitelist.yaml"
    digests = iter("ab")
    text = re.sub(r"[0-9a-f]{64}", lambda _: next(digests) * 64, file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Faulty, match=f"has no token {token_of('macao-code-operator')}; list [0-9a-f]{{64}}"):
        read_story(folder, ROOT)


def test_the_scenarios_are_listed_in_four_languages() -> None:
    """Each by its id, with its title."""
    ended = CliRunner().invoke(app, ["demo", "--list", "--json"])
    titles = json.loads(ended.stdout)
    assert list(titles) == [folder.name for folder in scenarios(ROOT / "scenarios")]
    assert all(set(title) == {"en", "zh-Hans", "zh-Hant", "pt"} for title in titles.values())


def test_a_scenario_that_is_not_there() -> None:
    """The ids that there are, are told."""
    ended = CliRunner().invoke(app, ["demo", "--scenario", "nothing"])
    assert ended.exit_code == 2
    assert "health-code-recognition" in ended.output


def test_a_payload_is_tried_under_a_scenario() -> None:
    """`kouan try --whitelist` judges by the flows of the scenario."""
    options = ["--whitelist", str(ONE / "whitelist.yaml"), "--entry", "macao-asks-guangdong", "--json"]
    ended = CliRunner().invoke(app, ["try", str(ONE / "payloads" / "with-name.json"), "--rules", str(ROOT), *options])
    assert ended.exit_code == 1
    assert json.loads(ended.stdout)["decision"]["entry"] == "macao-asks-guangdong"

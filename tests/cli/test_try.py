"""``kouan try``: the whole house on one payload, or on a stream of them, with no network."""

import base64
import io
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from gateway.cli.payload import Route
from gateway.cli.trial import stream
from gateway.vocabulary import Limits
from tests.given import ROOT, shipped

PHONE = "13800138000"
APPLICATION = (
    '{"applicant": {"name": "陳大文", "bir": "1234567(8)", "phone": "66123456"}, "matter": "business-registration"}'
)
MESSAGE = (
    "POST /v1/statistics HTTP/1.1\nHost: counter.macao.example\nX-Kouan-Token: demo-zhuhai\n"
    'Content-Type: application/json\n\n{"count": 3}'
)


def tried(*arguments: str, given: str | bytes = "") -> Result:
    """The command, with the rules in the box."""
    return CliRunner().invoke(app, ["try", *arguments, "--rules", str(ROOT)], input=given)


def told(result: Result) -> dict[str, Any]:
    """What it printed, as JSON."""
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_places_and_lengths_but_no_values() -> None:
    """People see where something was found and why, and no value unless they ask."""
    result = tried("-", given=f'{{"phone": "{PHONE}"}}')
    assert result.exit_code == 1
    assert "json:/phone" in result.stdout
    assert "DENY" in result.stdout
    assert PHONE not in result.stdout


def test_values_where_they_are_asked_for() -> None:
    """With --show-values the payload and what would leave are shown."""
    result = tried("-", "--entry", "zhuhai-macao-applications", "--show-values", given=APPLICATION)
    assert result.exit_code == 0
    assert "66123456" in result.stdout
    assert "****3456" in result.stdout


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Refused"), ("zh-Hans", "拒绝"), ("zh-Hant", "拒絕"), ("pt", "Recusado")]
)
def test_sentences_in_the_language_asked_for(language: str, word: str) -> None:
    """Reasons are worded in one of four languages."""
    result = tried("-", "--language", language, "--json", given="{}")
    assert word in told(result)["decision"]["reasons"][0]["sentence"]


def test_an_entry_gives_parties_host_and_leg() -> None:
    """Judged as if sent under an entry, a lawful payload is permitted, and masked as in the gateway."""
    result = tried("-", "--entry", "zhuhai-macao-applications", "--json", given=APPLICATION)
    found = told(result)
    assert result.exit_code == 0
    assert found["decision"]["verdict"] == "PERMIT"
    assert found["decision"]["entry"] == "zhuhai-macao-applications"
    assert found["body"] == APPLICATION.replace("66123456", "****3456")


def test_an_entry_that_is_read_is_judged_in_the_response() -> None:
    """Under an entry that is carried in the response, the payload is taken for an answer."""
    given = '{"patient": {"hkid": "A123456(3)"}}'
    found = told(tried("-", "--entry", "shenzhen-hk-patients", "--json", given=given))
    assert found["decision"]["verdict"] == "PERMIT"
    assert [each["category"] for each in found["findings"]] == ["pi.id.hk.hkid"]


def test_parties_and_place_may_be_said_one_by_one() -> None:
    """Exporter, host, method and path can be given without an entry."""
    options = ("--exporter", "zhuhai-e-service", "--host", "counter.macao.example", "--path", "/v1/statistics")
    assert tried("-", *options, given='{"count": 3}').exit_code == 0
    assert tried("-", *options, "--method", "delete", given='{"count": 3}').exit_code == 1


def test_offsets_count_code_points_of_the_value() -> None:
    """``start`` and ``end`` are places in the value, escapes undone, counted in code points."""
    text = f"😀電話：{PHONE}。"
    found = told(tried("-", "--json", given=json.dumps({"note": text})))["findings"][0]
    assert found["where"] == "json:/note"
    assert text[found["start"] : found["end"]] == PHONE
    assert set(found) == {"category", "where", "start", "end", "certainty", "recogniser", "evidence"}


def test_what_cannot_be_read_is_listed() -> None:
    """Opaque parts have a reason, a place and a size."""
    found = told(tried("-", "--json", "--media-type", "application/json", given=b"{\x00\xff"))
    assert found["opaque"]
    assert set(found["opaque"][0]) == {"reason", "where", "size"}


def test_a_body_that_is_no_utf8_is_printed_in_base64(tmp_path: Path) -> None:
    """What may leave is printed exactly, whatever its charset."""
    file = tmp_path / "note.txt"
    file.write_bytes("统计数字".encode("gbk"))
    options = ("--entry", "zhuhai-macao-statistics", "--media-type", "text/plain; charset=gbk", "--json")
    found = told(tried(str(file), *options))
    assert base64.b64decode(found["body_b64"]) == file.read_bytes()


def test_a_whole_message(tmp_path: Path) -> None:
    """With --http the file says itself who sends, where to and what."""
    file = tmp_path / "message.http"
    file.write_text(MESSAGE)
    result = tried(str(file), "--http", "--json")
    assert told(result)["decision"]["entry"] == "zhuhai-macao-statistics"
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("no-such-file",), "", "No such file"),
        (("-", "--http", "--jsonl"), "", "exclude each other"),
        (("-", "--leg", "both"), "", "expected request or response"),
        (("-", "--entry", "nothing"), "", "there is no whitelist entry 'nothing'"),
        (("-", "--exporter", "nobody"), "", "there is no party 'nobody'"),
        (("-", "--http"), "hello", "line 1: expected"),
        ((), "", "Missing argument"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_two(arguments: tuple[str, ...], given: str, words: str) -> None:
    """What cannot be done is said in a line, with exit code 2."""
    result = tried(*arguments, given=given)
    assert result.exit_code == 2
    assert words in result.stderr


def test_bad_rules_are_named_by_line(tmp_path: Path) -> None:
    """Faults in the rules are told as file:line:column, with exit code 2."""
    (tmp_path / "whitelist.yaml").write_text("parties: yes\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["try", "-", "--rules", str(tmp_path)], input="{}")
    assert result.exit_code == 2
    assert "whitelist.yaml:1:" in result.stderr


LINES = [
    {"id": "a", "text": f"致電{PHONE}"},
    "garbage",
    [1],
    {"id": "b"},
    {"id": "c", "text": "\ud800"},
    {"id": 4, "text": "nothing"},
    {
        "id": "m",
        "method": "POST",
        "target": "/v1/statistics",
        "headers": {
            "Host": "counter.macao.example",
            "X-Kouan-Token": "demo-zhuhai",
            "Content-Type": "application/json",
        },
        "body_b64": base64.b64encode(b'{"count": 3}').decode(),
    },
]


def test_a_stream_has_one_result_a_line_in_order() -> None:
    """Each line has its result at its place, a bad one an error of its own, and the stream goes on."""
    given = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in LINES) + "\n\n"
    result = tried("-", "--jsonl", given=given)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [each["id"] for each in found] == ["a", None, None, "b", "c", 4, "m"]
    assert [number for number, each in enumerate(found) if "error" in each] == [1, 2, 3, 4]
    assert found[0]["findings"][0]["start"] == 2
    assert found[6]["decision"]["verdict"] == "PERMIT"
    assert PHONE not in "".join(each.get("error", "") for each in found)


def test_a_stream_is_answered_line_by_line() -> None:
    """A result is written and flushed before the next line is asked for."""

    class Sink(io.BytesIO):
        flushed = 0

        def flush(self) -> None:
            self.flushed = self.getvalue().count(b"\n")

    sink = Sink()

    def lines() -> Any:
        for number in range(3):
            assert sink.flushed == number
            yield json.dumps({"id": number, "text": "x"}).encode()

    assert stream(lines(), sink, shipped(), Route(), Limits(), "en") == 0
    assert sink.flushed == 3


def test_a_failing_room_fails_its_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a room breaks on a line, that line says so, by the name of the fault alone."""

    def breaks(*_: object) -> None:
        raise RuntimeError(PHONE)

    monkeypatch.setattr("gateway.cli.trial.judge", breaks)
    sink = io.BytesIO()
    line = json.dumps({"id": 1, "text": PHONE}).encode()
    assert stream([line], sink, shipped(), Route(), Limits(), "en") == 1
    assert json.loads(sink.getvalue()) == {"id": 1, "line": 1, "error": "a room failed: RuntimeError"}


def test_nothing_reaches_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is opened, whatever the payload is addressed to."""
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    assert tried("-", "--entry", "zhuhai-macao-applications", given=APPLICATION).exit_code == 0

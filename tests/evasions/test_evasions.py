"""Every hidden identifier is found where it stands, what cannot be read is opaque, look-alikes are left alone.

In process, through ``kouan try`` and through the real proxy.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from gateway.classify import classify
from gateway.cli.payload import Route
from gateway.cli.trial import stream
from gateway.decode import decode
from gateway.vocabulary import Certainty, Finding, Limits, Opaque
from tests.evasions.case import Case
from tests.evasions.corpus import HARMLESS, HIDDEN
from tests.given import ROOT, shipped
from tests.running import HOST, Gateway, Recipient

LIMITS = Limits(seconds=20.0)  # the figures of time are tested elsewhere, on a machine that does nothing else


def _params(cases: Mapping[str, tuple[Case, ...]]) -> list[object]:
    return [
        pytest.param(
            case,
            id=f"{technique}: {case.name}",
            marks=[pytest.mark.xfail(reason=case.gap, strict=True)] if case.gap else [],
        )
        for technique, each in cases.items()
        for case in each
    ]


@cache
def seen(case: Case) -> tuple[str, tuple[Finding, ...], tuple[Opaque, ...]]:
    """What the house makes of a case: its media type, its findings and what could not be read."""
    content = decode(case.transfer(), LIMITS)
    findings = classify(content, shipped())
    return content.media_type, findings.items, (*content.opaque, *findings.opaque)


def stands(finding: Finding) -> set[str]:
    """The stretch of the part that a finding covers, as a whole and without what stands between its pieces."""
    segment, text = finding.segment, finding.part.text
    spans = [segment.span(at, at + 1) for at in range(finding.start, finding.end)]
    ordered = sorted(spans)
    return {text[ordered[0][0] : ordered[-1][1]], "".join(text[start:end] for start, end in dict.fromkeys(spans))}


@pytest.mark.parametrize("case", _params(HIDDEN))
def test_hidden(case: Case) -> None:
    """It is found at its place, over exactly the code points that are written there; or it is opaque.

    It is at least likely, but for a bare telephone number.
    """
    _, findings, opaque = seen(case)
    if case.opaque is not None:
        assert (case.opaque, case.where) in {(each.reason, each.where) for each in opaque}
        return
    found = [
        each
        for each in findings
        if (each.category, each.segment.where) == (case.category, case.where)
        and each.segment.text[each.start : each.end] == case.seen
    ]
    assert found, [(each.category, each.segment.where) for each in findings]
    assert max(each.certainty for each in found) >= (Certainty.POSSIBLE if case.bare else Certainty.LIKELY)
    assert any((case.written or case.seen) in stands(each) for each in found)


@pytest.mark.parametrize("case", _params(HARMLESS))
def test_harmless(case: Case) -> None:
    """Nothing is found that is likely, and everything could be read."""
    _, findings, opaque = seen(case)
    assert [(each.category, each.evidence) for each in findings if each.certainty >= Certainty.LIKELY] == []
    assert opaque == ()


def test_the_corpus_is_large_and_has_no_twins() -> None:
    """There are as many cases as were promised, and each has a name of its own."""
    for corpus, least in ((HIDDEN, 200), (HARMLESS, 80)):
        names = [(technique, case.name) for technique, cases in corpus.items() for case in cases]
        assert len(names) == len(set(names)) >= least
        bodies = [case for cases in corpus.values() for case in cases]
        assert len(set(bodies)) == len(bodies)


def _all() -> Iterator[Case]:
    for corpus in (HIDDEN, HARMLESS):
        for cases in corpus.values():
            yield from cases


def _line(number: int, case: Case) -> bytes:
    envelope = case.transfer().envelope
    return json.dumps(
        {
            "id": number,
            "method": envelope.method,
            "target": case.target.decode(),
            "headers": [["Host", HOST], *([name.decode(), value.decode()] for name, value in envelope.headers)],
            "body_b64": base64.b64encode(case.body).decode(),
        }
    ).encode()


def _in_utf8(case: Case) -> bool:
    """Whether a line of JSON can hold the fields of a case."""
    try:
        return all(value.decode() is not None for _, value in case.headers) and not case.trailers
    except UnicodeDecodeError:
        return False


def test_try_sees_the_same() -> None:
    """``kouan try --jsonl``, with the parsers in their sandbox, finds what is found in process, all in one go."""
    cases = [case for case in _all() if _in_utf8(case)]
    sink = io.BytesIO()
    stream([_line(*each) for each in enumerate(cases)], sink, shipped(), Route(), LIMITS, "en")
    for case, line in zip(cases, sink.getvalue().splitlines(), strict=True):
        told = json.loads(line)
        _, findings, opaque = seen(case)
        found = [(each["category"], each["where"], each["start"], each["end"]) for each in told["findings"]]
        assert found == [(each.category, each.segment.where, each.start, each.end) for each in findings], case.name
        assert {each["reason"] for each in told["opaque"]} == {each.reason for each in opaque}, case.name


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules in the box, with the entry for statistics opened to every media type and path of the corpus.

    So nothing but what is found, unreadable or odd can refuse a case.
    """
    made = tmp_path_factory.mktemp("rules")
    for name in ("classifiers", "policies", "datasets"):
        shutil.copytree(ROOT / name, made / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    types = sorted({seen(case)[0] for case in _all()} | {case.type.partition(";")[0].lower() for case in _all()} - {""})
    steps = [f"{{step{number}}}" for number in range(1, 7)]
    paths = ["/v1/" + "/".join(steps[:count]) for count in range(1, 7)]
    text = (ROOT / "whitelist.yaml").read_text()
    text = text.replace('paths: [/v1/statistics, "/v1/statistics/{month}"]', f"paths: {json.dumps(paths)}")
    text = text.replace(
        "media_types: [application/json, text/plain]", f"media_types: {json.dumps([t for t in types if t])}"
    )
    (made / "whitelist.yaml").write_text(text)
    return made


def _sent(port: int, case: Case) -> tuple[int, list[str]]:
    """Send a case as it is, octet by octet; return the status and the rules that refused."""
    head = [b"POST " + case.target + b" HTTP/1.1", b"Host: " + HOST.encode(), b"X-Kouan-Token: demo-zhuhai"]
    head += [name + b": " + value for name, value in case.transfer().envelope.headers]
    body = case.body
    if case.trailers:
        head.append(b"Transfer-Encoding: chunked")
        trailers = b"".join(name + b": " + value + b"\r\n" for name, value in case.trailers)
        body = b"%x\r\n%b\r\n0\r\n%b\r\n" % (len(body), body, trailers)
    else:
        head.append(b"Content-Length: %d" % len(body))
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"\r\n".join([*head, b"Connection: close", b"", b""]) + body)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    status = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    assert status is not None, case.name
    rules = re.findall(rb'"rule":"([a-z-]+)"', answer)
    return int(status[1]), [rule.decode() for rule in rules]


@pytest.mark.timeout(300)
def test_through_the_proxy(tmp_path: Path, rules: Path) -> None:
    """The recipient sees nothing of what hides something, and all of what does not."""
    recipient = Recipient()
    try:
        with Gateway(tmp_path / "state", recipient, rules=rules) as gateway:
            for technique, cases in HIDDEN.items():
                for case in cases:
                    if case.gap:
                        continue
                    status, refused_by = _sent(gateway.port, case)
                    assert recipient.bodies == [], (technique, case.name)
                    assert status in (400, 451), (technique, case.name, status)
                    # A path that is encoded twice is no entry's path to begin with.
                    assert "no-entry" not in refused_by or b"%25" in case.target, (technique, case.name)
            harmless = [case for cases in HARMLESS.values() for case in cases if not case.gap and not seen(case)[1]]
            for case in harmless:
                assert _sent(gateway.port, case)[0] == 200, case.name
            assert recipient.bodies == [case.body for case in harmless]
    finally:
        recipient.close()

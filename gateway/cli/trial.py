"""``kouan try`` for machines: the corridor's judgement of a payload as plain JSON, one payload or a stream of them."""

from __future__ import annotations

import atexit
import base64
import json
import secrets
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, BinaryIO

import orjson

from gateway.classify import individuals
from gateway.cli.payload import BadInput, Route, of_line
from gateway.decide import explain
from gateway.pipeline import Judgement, judge
from gateway.rulebook.book import Rulebook
from gateway.sandbox import Sandbox
from gateway.vocabulary import Limits, Standing, Transfer, Verdict


@cache
def _sandbox() -> Sandbox:
    """Return where native parsers run, as they do in the gateway; it starts nothing before it is needed."""
    sandbox = Sandbox(1)
    atexit.register(sandbox.close)
    return sandbox


def tried(transfer: Transfer, rulebook: Rulebook, limits: Limits) -> Judgement:
    """Walk ``transfer`` through the same corridor as the gateway, with nothing sent before."""
    return judge(transfer, rulebook, Standing(), limits, _sandbox())


def people(judgement: Judgement, rulebook: Rulebook) -> dict[str, int]:
    """How many people the payload is about: in all, with sensitive information, and records of nobody in particular."""
    seen = individuals(judgement.findings, rulebook, secrets.token_bytes(32))
    return {"count": len(seen.everybody), "sensitive": len(seen.sensitive), "unknown": seen.unknown}


def result(judgement: Judgement, rulebook: Rulebook, language: str) -> dict[str, Any]:
    """The judgement as JSON; ``start`` and ``end`` are offsets in code points of the text of the finding's segment."""
    decision = judgement.decision
    told: dict[str, Any] = {
        "findings": [
            {
                "category": found.category,
                "where": found.segment.where,
                "start": found.start,
                "end": found.end,
                "certainty": found.certainty.name,
                "recogniser": found.recogniser,
                "evidence": list(found.evidence),
            }
            for found in judgement.findings.items
        ],
        "individuals": people(judgement, rulebook),
        "near_hits": judgement.findings.near_hits,
        "opaque": [
            {"reason": part.reason.value, "where": part.where, "size": part.size}
            for part in (*judgement.content.opaque, *judgement.findings.opaque)
        ],
        "notices": list(judgement.facts.notices),
        "decision": {
            "verdict": decision.verdict.name,
            "entry": decision.entry,
            "basis": decision.basis,
            "reasons": [
                {
                    "code": reason.code,
                    "rule": reason.rule,
                    "source": reason.source,
                    "statute": reason.statute,
                    "verdict": reason.verdict.name,
                    "sentence": said.sentence,
                    "remedy": said.remedy,
                }
                for reason, said in zip(decision.reasons, explain(decision, language, rulebook), strict=True)
            ],
            "obligations": [
                {"kind": duty.kind, "category": duty.category, "rule": duty.rule} for duty in decision.obligations
            ],
        },
    }
    if decision.verdict is Verdict.PERMIT and judgement.body is not None:
        try:
            told["body"] = judgement.body.decode()
        except UnicodeDecodeError:
            told["body_b64"] = base64.b64encode(judgement.body).decode()
    return told


def encoded(told: dict[str, Any], *, indent: bool = False) -> bytes:
    """One line of JSON, or several. A place may hold a lone surrogate, which UTF-8 cannot; it is then escaped."""
    try:
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if indent else 0))
    except orjson.JSONEncodeError:
        return json.dumps(told, indent=2 if indent else None).encode() + b"\n"


def stream(
    lines: Iterable[bytes],
    sink: BinaryIO,
    rulebook: Rulebook,
    route: Route,
    limits: Limits,
    language: str,
    tick: Callable[[], None] | None = None,
) -> int:
    """Try each line of JSON, write one line of JSON for it, in order and at once; return how many could not be read.

    A line that cannot be read, and one at which a room fails, gets ``{"id": ..., "error": ...}``; the error holds
    the name of a fault, never payload text. Blank lines have no result.
    """
    bad = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        told = _tried_line(line, number, rulebook, route, limits, language)
        bad += "error" in told
        sink.write(encoded(told))
        sink.flush()
        if tick:
            tick()
    return bad


def _tried_line(
    line: bytes, number: int, rulebook: Rulebook, route: Route, limits: Limits, language: str
) -> dict[str, Any]:
    name: Any = None
    try:
        fields = _loaded(line)
        if not isinstance(fields, dict):
            raise BadInput("expected an object")
        name = fields.get("id")
        return {"id": name, **result(tried(of_line(rulebook, route, fields), rulebook, limits), rulebook, language)}
    except BadInput as bad:
        return {"id": name, "line": number, "error": str(bad)}
    except Exception as fault:
        return {"id": name, "line": number, "error": f"a room failed: {type(fault).__name__}"}


def _loaded(line: bytes) -> Any:
    """Read a line; one that only the laxer reader can read (a lone surrogate, say) still tells its id."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            raise BadInput("not JSON in UTF-8") from None

"""Sends a scene through the gateway and reads off what became of it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.cli.demo.clients import Client, Reply
from gateway.cli.demo.scenes import ANSWERS, SENDERS, Fate, Scene
from gateway.cli.demo.stage import Stage
from gateway.cli.demo.upstreams import Arrival

PROBLEM = "application/problem+json"
RECEIPT_HEADER = "X-Kouan-Ledger"
LOGGED_WITHIN = 1.0
"""Seconds until a refusal stands in the log."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a scene. ``wrong`` says what is not as promised; it is empty where all is."""

    scene: Scene
    reply: Reply
    fate: Fate
    rules: tuple[str, ...]
    index: str
    """Where in the ledger: ``4/5`` for both halves of an exchange, ``6`` for one."""
    delivered: bytes = field(default=b"", repr=False)
    """The body as the upstream got it."""
    wrong: tuple[str, ...] = ()


def play(scene: Scene, client: Client, stage: Stage, *, language: str = "en") -> Outcome:
    """Send ``scene`` and compare what became of it with what is promised."""
    host = scene.message.host
    arrivals = stage.upstreams[host].arrivals if host in stage.upstreams else []
    before = len(arrivals)
    index = ""
    if scene.raw:
        recorded = len(stage.decisions())
        reply = client.tunnel_raw(host, scene.raw)
        index = _recorded(stage, recorded)
    else:
        told = (("X-Kouan-Token", SENDERS[scene.sender]), ("Accept-Language", language))
        reply = client.send(replace(scene.message, headers=(*scene.message.headers, *told)))
    arrived = arrivals[before:]
    problem = problem_of(reply)
    fate = _fate(scene, reply, arrived)
    rules = tuple(dict.fromkeys(str(rule["rule"]) for rule in problem.get("rules", [])))
    index = index or str(problem.get("ledger_index", reply.header(RECEIPT_HEADER)))
    delivered = arrived[0].body if arrived else b""
    wrong = tuple(_differences(scene, reply, fate, rules, index))
    return Outcome(scene, reply, fate, rules, index, delivered, wrong)


def _recorded(stage: Stage, before: int) -> str:
    """Where the decision on a connection stands whose sender was told nothing, by the gateway's log."""
    deadline = time.monotonic() + LOGGED_WITHIN
    while time.monotonic() < deadline:
        if new := stage.decisions()[before:]:
            return str(new[-1]["ledger_index"])
        time.sleep(0.01)
    return ""


def problem_of(reply: Reply) -> Mapping[str, Any]:
    """The problem details (RFC 9457) with which the gateway refused, or nothing."""
    if not reply.header("Content-Type").startswith(PROBLEM):
        return {}
    found = json.loads(reply.body)
    return found if isinstance(found, dict) else {}


def _fate(scene: Scene, reply: Reply, arrived: list[Arrival]) -> Fate:
    if not 200 <= reply.status < 300:
        return Fate.ANSWER_REFUSED if arrived else Fate.REFUSED
    answered = ANSWERS[scene.message.host](arrived[0]).body if arrived else b""
    changed = not arrived or arrived[0].body != scene.message.body or reply.body != answered
    return Fate.MASKED if changed else Fate.PERMITTED


def _differences(scene: Scene, reply: Reply, fate: Fate, rules: tuple[str, ...], index: str) -> list[str]:
    wrong: list[str] = []
    if fate is not scene.fate:
        wrong.append(f"expected {scene.fate.value}, got {fate.value}")
    if reply.status != scene.status:
        wrong.append(f"expected status {scene.status}, got {reply.status}")
    if scene.rule and scene.rule not in rules:
        wrong.append(f"expected rule {scene.rule}, got {', '.join(rules) or 'none'}")
    if not index:
        wrong.append("it has no place in the ledger")
    return wrong

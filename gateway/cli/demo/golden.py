"""Plays a story through a real gateway and compares what became of each step with what the story says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.cli.demo.clients import Client, Reply
from gateway.cli.demo.play import problem_of
from gateway.cli.demo.stage import Stage
from gateway.cli.demo.story import Step, Story, token_of
from gateway.cli.demo.upstreams import Answer, Arrival
from gateway.cli.recorded import Recorded
from gateway.vocabulary import Leg, Verdict

type Record = Mapping[str, Any]
"""A decision as the ledger holds it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one step, once. ``wrong`` is empty where all is as the story says."""

    step: Step
    reply: Reply
    verdicts: Mapping[Leg, Verdict]
    """As the ledger has them; a half that was never judged is not there."""
    reasons: tuple[str, ...]
    """Rules, codes and departures from datasets that led to the strictest of the verdicts, in order."""
    indexes: tuple[int, ...]
    """Places of its decisions in the ledger."""
    entry: str = ""
    """Of the whitelist, under which the last half was judged."""
    delivered: bytes = field(default=b"", repr=False)
    """The body as the far end got it."""
    wrong: tuple[str, ...] = ()


class Playing:
    """A story on a stage. A context manager."""

    def __init__(self, story: Story) -> None:
        """Nothing is put up before the context is entered."""
        self.story = story
        self._answer = Answer()
        answers: dict[str, Callable[[Arrival], Answer]] = dict.fromkeys(story.hosts, self._answering)
        self.stage = Stage(story.rulebook.files, answers)
        self._clients: dict[str, Client] = {}
        self._seen = 0

    def _answering(self, _: Arrival) -> Answer:
        return self._answer

    def __enter__(self) -> Playing:
        """Put up the far ends and the gateway. Raises ``NotReady``."""
        self.stage.__enter__()
        self._ledger = Recorded(self.stage.ledger)
        self._seen = self._ledger.size()
        return self

    def __exit__(self, *fault: Any) -> None:
        """Take all down."""
        for client in self._clients.values():
            client.close()
        self._ledger.close()
        self.stage.__exit__(*fault)

    def play(self, step: Step, *, language: str = "en") -> Told:
        """Send a step once and say what became of it."""
        self._answer = step.answer
        before = {host: len(self.stage.arrivals(host)) for host in self.story.hosts}
        client = self._clients.setdefault(step.sender, Client(self.stage.port, self.stage.authority))
        told = (("X-Kouan-Token", token_of(step.sender)), ("Accept-Language", language))
        reply = client.send(replace(step.message, headers=(*step.message.headers, *told)))
        arrived = [each for host, count in before.items() for each in self.stage.arrivals(host)[count:]]
        records = self._new()
        verdicts = {Leg(each["facts"]["leg"]): _verdict(each) for _, each in records}
        reasons = tuple(dict.fromkeys(_reasons([each for _, each in records])))
        return Told(
            step,
            reply,
            verdicts,
            reasons,
            tuple(index for index, _ in records),
            str(records[-1][1]["decision"]["entry"]) if records else "",
            arrived[0].body if arrived else b"",
            tuple(_differences(step, reply, verdicts, reasons, arrived)),
        )

    def _new(self) -> list[tuple[int, Record]]:
        """Return the decisions that were recorded since the last step."""
        size = self._ledger.size()
        found = [(index, self._ledger.entry(index)) for index in range(self._seen, size)]
        self._seen = size
        return [(index, entry) for index, entry in found if entry is not None and entry["kind"] == "decision"]


def _verdict(record: Record) -> Verdict:
    return Verdict[str(record["decision"]["verdict"]).upper()]


def _reasons(records: list[Record]) -> list[str]:
    """Name what led to the strictest verdict: rules and codes, and what departs from a dataset."""
    if not records:
        return []
    strictest = min(_verdict(record) for record in records)
    names: list[str] = []
    for record in records:
        if _verdict(record) is not strictest:
            continue
        for reason in record["decision"]["reasons"]:
            if Verdict[str(reason["verdict"]).upper()] is strictest:
                names += [str(reason["rule"]), str(reason["code"])]
        if strictest is not Verdict.PERMIT:
            names += [str(each["code"]) for each in record["facts"].get("violations", ())]
    return names


def _differences(
    step: Step, reply: Reply, verdicts: Mapping[Leg, Verdict], reasons: tuple[str, ...], arrived: list[Arrival]
) -> list[str]:
    expected = step.expected
    wrong: list[str] = []
    for leg, wanted in ((Leg.REQUEST, expected.request), (Leg.RESPONSE, expected.response)):
        found = verdicts.get(leg)
        if found is not wanted:
            wrong.append(f"{leg.value}: expected {_name(wanted)}, got {_name(found)}")
    lacking = [name for name in expected.reasons if name not in reasons]
    if lacking:
        wrong.append(f"not among the reasons: {', '.join(lacking)}; there are: {', '.join(reasons) or 'none'}")
    if expected.request is not Verdict.PERMIT and arrived:
        wrong.append("it was refused, and reached the far end all the same")
    if expected.request is Verdict.PERMIT and [each.body for each in arrived] != [expected.released]:
        wrong.append("the far end did not get exactly what is to be released")
    if expected.passes:
        if reply.status != step.answer.status:
            wrong.append(f"expected status {step.answer.status}, got {reply.status}")
        if reply.body != expected.returned:
            wrong.append("the sender did not get back exactly what is to be returned")
    elif not problem_of(reply):
        wrong.append(f"the sender was not told that it is refused (status {reply.status})")
    return wrong


def _name(verdict: Verdict | None) -> str:
    return "nothing" if verdict is None else verdict.name.lower()


def plain(told: Told) -> dict[str, Any]:
    """Return an outcome as plain JSON, without payloads."""
    return {
        "title": told.step.title,
        "from": told.step.sender,
        "verdicts": {leg.value: verdict.name.lower() for leg, verdict in told.verdicts.items()},
        "changed": told.step.changed and told.step.expected.request is Verdict.PERMIT,
        "reasons": list(told.reasons),
        "status": told.reply.status,
        "ledger": list(told.indexes),
        "milliseconds": round(told.reply.milliseconds, 2),
        "wrong": list(told.wrong),
    }


def refusal(told: Told) -> str:
    """Return the problem details that a sender got, as JSON with one rule."""
    problem = dict(problem_of(told.reply))
    problem["rules"] = problem.get("rules", [])[:1]
    return json.dumps(problem, ensure_ascii=False)

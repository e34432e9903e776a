"""``scenarios/ID/story.yaml``: exchanges with a scenario's own whitelist, and what must become of each.

A story is read as strictly as a rule file, and nothing in it is left to chance: where it does not say what the far end
must have got, that is what was sent, byte for byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gateway.cli.demo.clients import Message
from gateway.cli.demo.upstreams import Answer
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.rulebook.document import Document, Faulty, Problem
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import LANGUAGES, Verdict, Wording

STORY, WHITELIST, PAYLOADS = "story.yaml", "whitelist.yaml", "payloads"
JSON = "application/json"
ACCEPTED = '{"accepted": true}'
_VERDICTS = {"permit": Verdict.PERMIT, "hold": Verdict.HOLD, "deny": Verdict.DENY}


def token_of(party: str) -> str:
    """Return the token with which a party of a scenario proves who it is; the whitelist holds its SHA-256."""
    return f"demo-{party}"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must become of an exchange."""

    request: Verdict
    response: Verdict | None
    """None where nothing comes back, since the request does not pass."""
    reasons: tuple[str, ...]
    released: bytes = field(repr=False)
    """What the far end must get."""
    returned: bytes = field(repr=False)
    """What the sender must get back."""

    @property
    def passes(self) -> bool:
        """Whether both halves pass."""
        return self.request is Verdict.PERMIT and self.response is Verdict.PERMIT


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange, sent ``repeat`` times."""

    title: str
    sender: str
    message: Message
    answer: Answer
    expected: Expected
    repeat: int = 1
    source: str = ""

    @property
    def changed(self) -> bool:
        """Whether something is permitted and does not arrive as it was sent."""
        expected = self.expected
        there = expected.request is Verdict.PERMIT and expected.released != self.message.body
        return there or (expected.passes and expected.returned != self.answer.body)


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario: its rules, and its exchanges in the order in which they are sent."""

    id: str
    title: Wording
    law: str
    steps: tuple[Step, ...]
    rulebook: Rulebook = field(repr=False)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host of the whitelist; a demo puts up a system for each."""
        return tuple(sorted(self.rulebook.by_host))


def scenarios(folder: Path) -> tuple[Path, ...]:
    """Return the folders of the scenarios in ``folder``, in order of id."""
    return tuple(sorted(story.parent for story in folder.glob(f"*/{STORY}")))


def title_of(folder: Path) -> Wording:
    """Return the title of a scenario without reading its rules. Raises ``Faulty`` and ``OSError``."""
    return _wording(_parsed(folder).data["title"])


def read_story(folder: Path, rules: Path) -> Story:
    """Read the scenario in ``folder``, judged by the policies and recognisers in ``rules``.

    Raises ``Faulty`` with all that is wrong, ``OSError`` where a file cannot be read.
    """
    document = _parsed(folder)
    rulebook = load(rules, whitelist=folder / WHITELIST)
    reading = _Reading(document, folder, rulebook)
    steps = tuple(reading.step(at, item) for at, item in enumerate(document.data["steps"]))
    if reading.problems:
        raise Faulty(reading.problems)
    return Story(folder.name, _wording(document.data["title"]), document.data["law"], steps, rulebook)


def _parsed(folder: Path) -> Document:
    return parse(f"{folder.name}/{STORY}", (folder / STORY).read_bytes(), "story")


def _wording(data: Mapping[str, str]) -> Wording:
    return {language: data[language] for language in LANGUAGES}


@dataclass(slots=True)
class _Reading:
    """Builds steps, and notes problems rather than stopping at one."""

    document: Document
    folder: Path
    rulebook: Rulebook
    problems: list[Problem] = field(default_factory=list)

    def step(self, at: int, item: Mapping[str, Any]) -> Step:
        """Read one step."""
        for path, fault, fix in self._amiss(item):
            self.problems.append(self.document.problem(("steps", at, *path), fault, fix))
        send, answer, expect = item["send"], item.get("answer", {}), item["expect"]
        url = urlsplit(send["url"])
        body = self._payload((at, "send"), send.get("payload", ""))
        headers = [(name, value) for name, value in send.get("headers", {}).items()]
        if body:
            headers.insert(0, ("Content-Type", send.get("media_type", JSON)))
        target = f"{url.path}?{url.query}" if url.query else url.path
        reply = self._payload((at, "answer"), answer.get("payload", ACCEPTED))
        return Step(
            title=item["title"],
            sender=item["from"],
            message=Message(url.netloc, send["method"], target, tuple(headers), body),
            answer=Answer(reply, answer.get("media_type", JSON), answer.get("status", 200)),
            expected=Expected(
                request=_VERDICTS[expect["request"]],
                response=_VERDICTS[expect["response"]] if "response" in expect else None,
                reasons=tuple(expect.get("reasons", ())),
                released=self._file((at, "expect", "released"), expect["released"]) if "released" in expect else body,
                returned=self._file((at, "expect", "returned"), expect["returned"]) if "returned" in expect else reply,
            ),
            repeat=item.get("repeat", 1),
            source=self.document.source("steps", at),
        )

    def _payload(self, path: tuple[int, str], written: str) -> bytes:
        if written.startswith(f"{PAYLOADS}/"):
            return self._file((*path, "payload"), written)
        return written.encode()

    def _file(self, path: tuple[int | str, ...], name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as fault:
            said = f"{name} cannot be read ({fault.strerror})"
            self.problems.append(self.document.problem(("steps", *path), said, "write the file"))
            return b""

    def _amiss(self, item: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str, str]]:
        member = self.rulebook.members.get(item["from"])
        if member is None:
            yield ("from",), f"there is no party '{item['from']}'", "name a party of whitelist.yaml"
        elif hashlib.sha256(token_of(item["from"]).encode()).hexdigest() not in member.tokens:
            told = hashlib.sha256(token_of(item["from"]).encode()).hexdigest()
            yield ("from",), f"{item['from']} has no token {token_of(item['from'])}", f"list {told} in tokens_sha256"
        host = urlsplit(item["send"]["url"]).netloc
        expect = item["expect"]
        if expect["request"] == "permit" and host not in self.rulebook.by_host:
            yield ("send", "url"), f"no party has the host {host}", "list it under 'hosts' of a party"
        if (expect["request"] == "permit") != ("response" in expect):
            fault = "a request that passes is answered, and one that does not is not"
            yield ("expect",), fault, "write 'response:' just where the request is permit"
        for key, leg in (("released", "request"), ("returned", "response")):
            if key in expect and expect.get(leg) != "permit":
                yield ("expect", key), f"nothing is {key} where the {leg} does not pass", "delete it"
        if {expect["request"], expect.get("response", "permit")} != {"permit"} and "reasons" not in expect:
            yield ("expect",), "it is not said why it must be refused", "add 'reasons:'"

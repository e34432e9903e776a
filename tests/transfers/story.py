"""Golden stories: transfers that a lawyer can read, each with what must come of it.

A file holds stories, parted by a line of equals signs. A story is a sentence or two, then lines ``Word: value``; what
belongs to a word and takes several lines stands below it, indented by four blanks::

    Zhuhai sends an application to the counter in Macao.

    From: zhuhai-e-service
    Message:
        POST /v1/applications HTTP/1.1
        Host: counter.macao.example
        Content-Type: application/json

        {"applicant": {"name": "陳大文"}, "matter": "business-registration"}

    Verdict: PERMIT
    Entry: zhuhai-macao-applications

What is given
    From, To    id of a party; without To it is whose system the Host is, without either it is a stranger
    At          2026-11-20 12:00, Beijing time, where nothing is said
    Suppose     how the whitelist differs from the one in the box, one change a line; see ``SUPPOSITIONS``
    Asked       for a response: the request it answers, as ``GET https://host/path``
    Message     the raw HTTP message; a body is UTF-8 and ends with its last line
    Body is     gbk, big5, gzip, base64, 9000 times: what is done to the body before it is sent, in this order
    Noticed     what the door noticed on the wire
Expected
    Verdict     PERMIT, HOLD or DENY
    Entry       the whitelist entry that let it through, or came nearest
    Rules       who refuses: all ids of rules whose reasons ask for a refusal or a hold, and no others
    Finds       ``category at place``, one a line: all that is found, and no more
    Opaque      reasons for which a part could not be read
    Notices     oddities that were noticed; these at least
    Masks       categories that are masked
    Leaves      the body that leaves, or ``as it came``
    Planted     values that no record, log, metric or refusal may show
"""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from gateway.cli.payload import Route, by_host, of_message, party
from gateway.rulebook.book import Rulebook, Validity
from gateway.vocabulary import BEIJING, Jurisdiction, Leg, Proof, Transfer

HERE = Path(__file__).parent
PARTING = re.compile(r"^=+\n", re.MULTILINE)
LINE = re.compile(r"([A-Z][A-Za-z ]*):(?: +(.*))?")
ASKED = re.compile(r"([A-Z]+) https://([^/]+)(/.*)")
GIVEN = ("Suppose", "From", "To", "At", "Asked", "Message", "Body is", "Noticed")
EXPECTED = ("Verdict", "Entry", "Rules", "Finds", "Opaque", "Notices", "Masks", "Leaves", "Planted")
WORDS = frozenset(GIVEN + EXPECTED)


@dataclass(frozen=True, slots=True)
class Story:
    """A transfer, and what must come of it."""

    file: str
    line: int
    title: str
    said: dict[str, str] = field(repr=False)

    @property
    def id(self) -> str:
        """``file:line``, where to read it."""
        return f"{self.file}:{self.line}"

    def list(self, word: str) -> tuple[str, ...]:
        """The values of a word that takes several: one a line, or parted by commas."""
        return tuple(filter(None, (part.strip() for part in re.split(r"[\n,]", self.said.get(word, "")))))

    @property
    def planted(self) -> tuple[str, ...]:
        """Values that must show up nowhere outside of bodies."""
        return tuple(filter(None, (line.strip() for line in self.said.get("Planted", "").split("\n"))))

    @property
    def message(self) -> bytes:
        """The message as bytes on the wire."""
        head, blank, text = self.said["Message"].partition("\n\n")
        body = text.encode()
        for how in self.list("Body is"):
            body = body * int(how.removesuffix(" times")) if how.endswith(" times") else _WRITTEN[how](body)
        return (head + blank).encode() + body

    def rules(self, rulebook: Rulebook) -> Rulebook:
        """The rulebook in the box, with the changes that the story supposes, and without datasets.

        These stories are about policies and places; what datasets refuse, ``scenarios/`` tell.
        """
        open_entries = {name: replace(each, dataset="") for name, each in rulebook.entries.items()}
        rulebook = replace(rulebook, entries=open_entries)
        for line in filter(None, self.said.get("Suppose", "").split("\n")):
            for pattern, change in SUPPOSITIONS.items():
                if match := re.fullmatch(pattern, line.strip()):
                    rulebook = change(rulebook, *match.groups())
                    break
            else:
                raise ValueError(f"{self.id}: cannot suppose: {line.strip()}")
        return rulebook

    def transfer(self, rulebook: Rulebook) -> Transfer:
        """The transfer as a door would build it; ``rulebook`` is that of ``rules``."""
        route = Route()
        if asked := ASKED.fullmatch(self.said.get("Asked", "")):
            far = by_host(rulebook, asked[2])
            route = Route(
                exporter=far, leg=Leg.RESPONSE, host=asked[2], method=asked[1], target=asked[3].encode(), status=200
            )
        if "From" in self.said:
            proof = Proof.HOST if route.leg is Leg.RESPONSE else Proof.TOKEN
            route = replace(route, exporter=replace(party(rulebook, self.said["From"]), proof=proof))
        if "To" in self.said:
            route = replace(route, recipient=party(rulebook, self.said["To"]))
        at = datetime.strptime(self.said.get("At", "2026-11-20 12:00"), "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)
        made = of_message(rulebook, route, self.id, self.message)
        return replace(made, at=at, notices=self.list("Noticed"))


def _party(rulebook: Rulebook, name: str, **changes: object) -> Rulebook:
    member = rulebook.members[name]
    changed = replace(member, party=replace(member.party, **changes))
    return replace(rulebook, members={**rulebook.members, name: changed})


def _basis(rulebook: Rulebook, name: str, **changes: object) -> Rulebook:
    return replace(rulebook, bases={**rulebook.bases, name: replace(rulebook.bases[name], **changes)})


def _entry(rulebook: Rulebook, name: str, **changes: object) -> Rulebook:
    return replace(rulebook, entries={**rulebook.entries, name: replace(rulebook.entries[name], **changes)})


SUPPOSITIONS: dict[str, Callable[..., Rulebook]] = {
    r"party (\S+) is (state_organ|ciio|judicial|restricted)": lambda book, name, trait: _party(
        book, name, traits=frozenset({trait})
    ),
    r"party (\S+) is in (CN|HK|MO|OTHER), (.+)": lambda book, name, place, city: _party(
        book, name, jurisdiction=Jurisdiction(place), city=city
    ),
    r"basis (\S+) is of kind (\S+)": lambda book, name, kind: _basis(book, name, kind=kind),
    r"basis (\S+) was filed by (\S+)": lambda book, name, exporter: _basis(book, name, exporter=exporter),
    r"basis (\S+) holds from (\S+) to (\S+)": lambda book, name, since, until: _basis(
        book, name, validity=Validity(date.fromisoformat(since), date.fromisoformat(until))
    ),
    r"basis (\S+) also lists (\S+)": lambda book, name, category: _basis(
        book, name, categories=book.bases[name].categories | {category}
    ),
    r"entry (\S+) also lists (\S+)": lambda book, name, category: _entry(
        book, name, categories=book.entries[name].categories | {category}
    ),
    r"entry (\S+) holds from (\S+) to (\S+)": lambda book, name, since, until: _entry(
        book, name, validity=Validity(date.fromisoformat(since), date.fromisoformat(until))
    ),
    r"there is no entry (\S+)": lambda book, name: replace(
        book, entries={key: entry for key, entry in book.entries.items() if key != name}
    ),
}
"""What a story can suppose, as expressions, and the change each makes."""

_WRITTEN = {
    "gbk": lambda body: body.decode().encode("gbk"),
    "big5": lambda body: body.decode().encode("big5"),
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "base64": lambda body: base64.b64decode(body),
}


def read(file: str, text: str) -> list[Story]:
    """Read the stories of one file. Raises ValueError with ``file:line`` where a line cannot be understood."""
    found: list[Story] = []
    line = 1
    for part in PARTING.split(text):
        if part.strip():
            found.append(_story(file, line, part))
        line += part.count("\n") + 1
    return found


def _story(file: str, line: int, text: str) -> Story:
    title: list[str] = []
    said: dict[str, list[str]] = {}
    word = ""
    titled = False
    for number, row in enumerate(text.split("\n"), line):
        if not titled:
            titled = bool(title) and not row.strip()
            title.extend([row.strip()] if row.strip() else [])
        elif word and (row.startswith("    ") or not row.strip()):
            said[word].append(row[4:])
        elif match := LINE.fullmatch(row):
            word = match[1]
            if word not in WORDS or word in said:
                raise ValueError(f"{file}:{number}: {word}: not a word of a story, or said twice")
            said[word] = [match[2]] if match[2] else []
        elif row.strip():
            raise ValueError(f"{file}:{number}: expected 'Word: value', or four blanks before what belongs to a word")
    start = line + next(n for n, row in enumerate(text.split("\n")) if row.strip())
    return Story(file, start, " ".join(title), {word: "\n".join(rows).rstrip("\n") for word, rows in said.items()})


@cache
def stories() -> tuple[Story, ...]:
    """All stories, in order of file and line."""
    return tuple(
        story for path in sorted(HERE.glob("*.txt")) for story in read(path.name, path.read_text(encoding="utf-8"))
    )

"""What the house finds, held against the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bench.accuracy.marked import Message, Span
from bench.accuracy.values import CATEGORIES, CHECKED
from gateway.classify import classify
from gateway.decode import decode
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import BEIJING, STRANGER, Certainty, Envelope, Finding, Leg, Limits, Part, Transfer

ROOT = Path(__file__).resolve().parents[2]
LIMITS = Limits(seconds=20.0)
_ENVELOPE = frozenset({"header", "path", "query", "cookie"})
_AROUND = 30


def shipped() -> Rulebook:
    """Return the rulebook in the box."""
    return load(ROOT)


def transfer(body: bytes, media_type: str) -> Transfer:
    """Return a message that holds nothing but ``body``."""
    headers = ((b"Host", b"counter.macao.example"), (b"Content-Type", media_type.encode()))
    envelope = Envelope("POST", "https", "counter.macao.example", 443, b"/v1/records", headers)
    return Transfer("t", datetime(2026, 11, 20, tzinfo=BEIJING), Leg.REQUEST, STRANGER, STRANGER, envelope, body)


def look(body: bytes, media_type: str, rules: Rulebook) -> tuple[tuple[Part, ...], tuple[Finding, ...]]:
    """Decode and classify as the corridor does; return the parts of the body and the findings in them."""
    content = decode(transfer(body, media_type), LIMITS)
    findings = classify(content, rules).items
    inside = tuple(part for part in content.parts if part.format not in _ENVELOPE)
    return inside, tuple(finding for finding in findings if finding.part.format not in _ENVELOPE)


def extent(finding: Finding) -> tuple[int, int]:
    """Return the stretch of its part's text that a finding covers, from its first to its last piece."""
    spans = [finding.segment.span(at, at + 1) for at in range(finding.start, finding.end)]
    return min(start for start, _ in spans), max(end for _, end in spans)


@dataclass(slots=True)
class Tally:
    """Counts of one category, language and setting. ``likely`` is LIKELY or better, ``possible`` anything at all."""

    wanted: int = 0
    hit_likely: int = 0
    hit_possible: int = 0
    exact: int = 0
    true_likely: int = 0
    true_possible: int = 0
    false_likely: int = 0
    false_possible: int = 0

    def add(self, other: Tally) -> None:
        """Add the counts of another."""
        for name in Tally.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def recall(self) -> float | None:
        """Share of what was to be found that was found, LIKELY or better."""
        return self.hit_likely / self.wanted if self.wanted else None

    @property
    def precision(self) -> float | None:
        """Share of the findings, LIKELY or better, that are right."""
        return _share(self.true_likely, self.false_likely)

    @property
    def recall_possible(self) -> float | None:
        """Share of what was to be found that was found at all."""
        return self.hit_possible / self.wanted if self.wanted else None

    @property
    def precision_possible(self) -> float | None:
        """Share of all findings that are right."""
        return _share(self.true_possible, self.false_possible)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of recall and precision, LIKELY or better."""
        if self.recall is None or self.precision is None:
            return None
        return (
            2 * self.recall * self.precision / (self.recall + self.precision) if self.recall + self.precision else 0.0
        )


def _share(right: int, wrong: int) -> float | None:
    return right / (right + wrong) if right + wrong else None


type Key = tuple[str, str, str]
"""Row (category, or category and kind), language, setting."""


@dataclass(frozen=True, slots=True)
class Example:
    """A miss or a false alarm, to be read by people. The corpus is synthetic, so its text may be shown."""

    fault: str  # "missed", "only possible", "false alarm"
    row: str
    language: str
    setting: str
    kind: str
    family: str
    charset: str
    what: str
    around: str
    by: str = ""


@dataclass(slots=True)
class Measured:
    """All that was counted, and an example of every fault."""

    tallies: dict[Key, Tally] = field(default_factory=dict)
    kinds: dict[tuple[str, str, str], Tally] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    records: int = 0
    messages: int = 0
    bytes: int = 0
    unread: list[str] = field(default_factory=list)
    """Families of messages whose text was not read as it was written."""

    def of(self, key: Key) -> Tally:
        """Return the counts of a row."""
        return self.tallies.setdefault(key, Tally())


def row_of(span: Span) -> str:
    """Return the row of a truth: its category; numbers of 15 digits have no check digit and a row of their own."""
    return span.truth.category + (" (15)" if span.truth.kind == "cn.ric15" else "")


def _overlaps(span: Span, start: int, end: int) -> bool:
    return span.start < end and start < span.end


def judge(message: Message, parts: Iterable[Part], findings: Iterable[Finding], measured: Measured) -> None:
    """Hold the findings in one message against its truth."""
    measured.messages += 1
    measured.records += message.records
    measured.bytes += len(message.body)
    if not any(part.text == message.text for part in parts):
        measured.unread.append(message.family)
    placed, strangers = [], []
    for finding in findings:
        if finding.part.text == message.text:
            placed.append((*extent(finding), finding))
        else:
            strangers.append(finding)
    for span in message.spans:
        if span.truth.wanted:
            _recall(message, span, placed, measured)
    seen: set[tuple[int, int, str]] = set()
    for start, end, finding in placed:
        if (start, end, finding.category) not in seen:
            seen.add((start, end, finding.category))
            _precision(message, start, end, finding, measured)
    for finding in strangers:
        _other_reading(message, finding, measured)


def _recall(message: Message, span: Span, placed: list[tuple[int, int, Finding]], measured: Measured) -> None:
    tally = Tally(wanted=1)
    right = [one for one in placed if _overlaps(span, one[0], one[1]) and span.truth.accepts(one[2].category)]
    tally.hit_possible = int(bool(right))
    tally.hit_likely = int(any(one.certainty >= Certainty.LIKELY for _, _, one in right))
    tally.exact = int(any((start, end) == (span.start, span.end) for start, end, _ in right))
    measured.of((row_of(span), message.language, message.setting)).add(tally)
    measured.kinds.setdefault((span.truth.kind, message.language, message.setting), Tally()).add(tally)
    if not tally.hit_likely:
        instead = [one for start, end, one in placed if _overlaps(span, start, end)]
        by = "; ".join(f"{one.recogniser} {one.certainty.name} {','.join(one.evidence)}" for one in instead)
        fault = "only possible" if tally.hit_possible else "missed"
        measured.examples.append(_example(fault, row_of(span), message, span.start, span.end, span.truth.kind, by))


def _precision(message: Message, start: int, end: int, finding: Finding, measured: Measured) -> None:
    over = [span for span in message.spans if _overlaps(span, start, end)]
    right = [span for span in over if span.truth.accepts(finding.category)]
    likely = int(finding.certainty >= Certainty.LIKELY)
    if right:
        wanted = [span for span in right if span.truth.wanted]
        if wanted:
            row = row_of(wanted[0])
            measured.of((row, message.language, message.setting)).add(Tally(true_likely=likely, true_possible=1))
        return
    key = (finding.category, message.language, message.setting)
    measured.of(key).add(Tally(false_likely=likely, false_possible=1))
    if likely:
        kind = "+".join(span.truth.kind for span in over)
        by = f"{finding.recogniser} {finding.certainty.name} {','.join(finding.evidence)}"
        measured.examples.append(_example("false alarm", finding.category, message, start, end, kind, by))


def _other_reading(message: Message, finding: Finding, measured: Measured) -> None:
    """Judge a finding in another reading of the bytes: right where the same characters are in a truth it fits."""
    text = finding.segment.text[finding.start : finding.end]
    if any(span.truth.accepts(finding.category) and (text in span.text or span.text in text) for span in message.spans):
        return
    likely = int(finding.certainty >= Certainty.LIKELY)
    measured.of((finding.category, message.language, "misread")).add(Tally(false_likely=likely, false_possible=1))
    if likely:
        by = f"{finding.recogniser} {finding.certainty.name} {','.join(finding.evidence)}"
        around = finding.segment.text[max(0, finding.start - _AROUND) : finding.end + _AROUND]
        measured.examples.append(
            Example(
                "false alarm",
                finding.category,
                message.language,
                "misread",
                "",
                message.family,
                f"{message.charset} read as {finding.part.charset}",
                text,
                around,
                by,
            )
        )


def _example(fault: str, row: str, message: Message, start: int, end: int, kind: str, by: str) -> Example:
    text = message.text
    around = f"{text[max(0, start - _AROUND) : start]}[{text[start:end]}]{text[end : end + _AROUND]}".replace("\n", "⏎")
    return Example(
        fault,
        row,
        message.language,
        message.setting,
        kind,
        message.family,
        message.charset,
        text[start:end],
        around,
        by,
    )


def run(messages: Iterable[Message], rules: Rulebook, measured: Measured) -> Iterator[int]:
    """Measure message by message; yield the records done so far."""
    for message in messages:
        parts, findings = look(message.body, message.media_type, rules)
        judge(message, parts, findings, measured)
        yield measured.records


@dataclass(frozen=True, slots=True)
class Target:
    """What a row is to reach: recall and precision, or F1."""

    recall: float | None = None
    precision: float | None = None
    f1: float | None = None

    def missed_by(self, tally: Tally) -> list[str]:
        """Return the names of the figures that fall short; figures of nothing fall short of nothing."""
        figures = (
            ("recall", self.recall, tally.recall),
            ("precision", self.precision, tally.precision),
            ("f1", self.f1, tally.f1),
        )
        if self.f1 is not None and tally.wanted and tally.f1 is None:
            return ["f1"]
        return [name for name, target, is_ in figures if target is not None and is_ is not None and is_ < target]


_IDENTIFIERS = frozenset(CATEGORIES.values()) - {
    "pi.name", "pi.contact.address", "pi.birthdate", "pi.health.condition", "pi.health.medication",
    "pi.belief.religion", "pi.justice.record", "pi.auth.password",
}  # fmt: skip


def target(key: Key) -> Target | None:
    """Return what the issue asks of a row, or None where it asks nothing in figures."""
    row, _, setting = key
    if row in ("pi.name", "pi.contact.address"):
        return Target(f1=0.85 if setting == "running" else 0.97)
    if row in CHECKED:
        return Target(recall=0.999, precision=0.995)
    if row.partition(" ")[0] in _IDENTIFIERS and setting != "running":
        return Target(recall=0.98, precision=0.95)
    return None

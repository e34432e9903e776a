"""``kouan try`` for people: places, evidence, reasons and duties; values only where they are asked for."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gateway.cli.trial import people
from gateway.decide import explain
from gateway.pipeline import Judgement
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Party, Transfer, Verdict

COLOURS = {Verdict.PERMIT: "green", Verdict.HOLD: "yellow", Verdict.DENY: "red"}
SEGMENTS_SHOWN = 60


def show(
    console: Console, transfer: Transfer, judgement: Judgement, rulebook: Rulebook, language: str, *, values: bool
) -> None:
    """Print what each room made of ``transfer``. ``values``: show payload text as well as places and lengths."""
    console.print(_journey(transfer, judgement))
    _room(console, "Read", _segments(judgement, values=values))
    _room(console, "Found", _findings(judgement, rulebook, language, values=values))
    _room(console, "Decided", _decision(judgement, rulebook, language))
    _room(console, "May leave", _outgoing(transfer, judgement, values=values))


def _room(console: Console, title: str, what: RenderableType) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    console.print(Padding(what, (0, 0, 0, 2)))


def _journey(transfer: Transfer, judgement: Judgement) -> Text:
    envelope = transfer.envelope
    line = Text()
    line.append(f"{_name(transfer.exporter)} → {_name(transfer.recipient)}", style="bold")
    line.append(f"\n{transfer.leg.value} {envelope.method} {envelope.scheme}://{envelope.host or '(no host)'}")
    line.append(f":{envelope.port}, {len(transfer.body):,} bytes")
    line.append(f", {judgement.content.media_type or 'no body'}")
    return line


def _name(party: Party) -> str:
    return f"{party.name or party.id} ({party.jurisdiction.value})" if party.id else "a stranger"


def _segments(judgement: Judgement, *, values: bool) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("place", overflow="fold")
    table.add_column("length", justify="right")
    if values:
        table.add_column("value", overflow="fold")
    segments = [segment for part in judgement.content.parts for segment in part.segments]
    for segment in segments[:SEGMENTS_SHOWN]:
        row = [escape(segment.where), str(len(segment.text))]
        table.add_row(*row, *([escape(segment.text)] if values else []))
    lines: list[RenderableType] = [table] if segments else [Text("nothing readable", style="dim")]
    if len(segments) > SEGMENTS_SHOWN:
        lines.append(Text(f"... and {len(segments) - SEGMENTS_SHOWN:,} more values", style="dim"))
    lines.extend(
        Text(f"unreadable: {part.where}, {part.size:,} bytes, {part.reason.value} {part.detail}".rstrip(), style="red")
        for part in (*judgement.content.opaque, *judgement.findings.opaque)
    )
    if notices := judgement.facts.notices:
        lines.append(Text(f"noticed: {', '.join(notices)}", style="yellow"))
    return Group(*lines)


def _findings(judgement: Judgement, rulebook: Rulebook, language: str, *, values: bool) -> RenderableType:
    if not judgement.findings.items:
        return Text("nothing", style="dim")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("category", "meaning", "place", "code points", "certainty", "evidence"):
        table.add_column(column, overflow="fold")
    if values:
        table.add_column("value", overflow="fold")
    for found in judgement.findings.items:
        category = rulebook.categories.get(found.category)
        meaning = category.title.get(language) or category.title.get("en", "") if category else ""
        row = [
            found.category,
            meaning,
            escape(found.segment.where),
            f"{found.start}-{found.end}",
            found.certainty.name,
            f"{found.recogniser}: {', '.join(found.evidence)}",
        ]
        table.add_row(*row, *([escape(found.segment.text[found.start : found.end])] if values else []))
    count = people(judgement, rulebook)
    said = f"about {count['count']:,} people, {count['sensitive']:,} of them with sensitive information"
    if count["unknown"]:
        said += f"; {count['unknown']:,} records of nobody in particular"
    return Group(table, Text(said))


def _decision(judgement: Judgement, rulebook: Rulebook, language: str) -> RenderableType:
    decision = judgement.decision
    verdict = Text(decision.verdict.name, style=f"bold {COLOURS[decision.verdict]}")
    if decision.entry:
        verdict.append(f"  entry {decision.entry}", style="not bold default")
    if decision.basis:
        verdict.append(f"  basis {decision.basis}", style="not bold default")
    lines = [verdict]
    for reason, said in zip(decision.reasons, explain(decision, language, rulebook), strict=True):
        lines.append(Text(f"• {said.sentence}", style=COLOURS[reason.verdict]))
        origin = ", ".join(filter(None, (f"rule {reason.rule}", reason.source, said.statute)))
        lines.append(Text(f"  {origin}", style="dim"))
        if said.remedy:
            lines.append(Text(f"  → {said.remedy}"))
    lines.extend(
        Text(f"• {duty.kind} {duty.category} (rule {duty.rule})", style="cyan") for duty in decision.obligations
    )
    return Group(*lines)


def _outgoing(transfer: Transfer, judgement: Judgement, *, values: bool) -> RenderableType:
    body = judgement.body
    if body is None:
        return Text("nothing", style="dim")
    if body == transfer.body:
        line = f"the body as it came, {len(body):,} bytes"
    else:
        line = f"a changed body, {len(body):,} bytes (came as {len(transfer.body):,})"
    if not values:
        return Text(f"{line}; --show-values shows it")
    return Group(Text(line), Text(body.decode("utf-8", "backslashreplace")))

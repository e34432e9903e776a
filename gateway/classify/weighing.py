"""Weighing: one match and what stands around it become one finding, by the rules of ``certainty``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gateway.classify.certainty import judge
from gateway.classify.engine import Engine
from gateway.classify.fold import Reading
from gateway.classify.forms import Match
from gateway.vocabulary import Certainty, Finding, Part, Segment

_WHOLE = re.compile(r"\.00?(?![0-9.])")
"""How a number that was read as a floating-point one is written again."""
_NOTHING = frozenset(
    {
        "null", "none", "nil", "nan", "n/a", "na", "no", "not", "false", "undefined", "unknown", "empty",
        "unspecified", "default", "other", "test", "string", "无", "無", "否", "没有", "沒有", "未知", "暂无",
        "暫無", "不详", "不詳", "空", "其他", "não", "nao", "nenhum", "nenhuma", "desconhecido", "vazio",
    }
)  # fmt: skip
_OF_A_SCHEMA = re.compile(
    r"\s*(?:(?:is|are|must|should|cannot|can't|may not|has to)\b|(?:tiny|small|big)?int(?:eger)?\b|(?:var)?char\b|"
    r"decimal\b|numeric\b|text$|date(?:time)?$|timestamp\b|bool(?:ean)?$|enum\b|float$|double$|number$|array$|object$|"
    r"asc$|desc$|required$|optional$|any$|all$|both$|neutral$|unisex$|negotiable$|不限$|面议$|面議$|必填|选填|選填|不能为空|不能為空)",
    re.IGNORECASE,
)
"""What stands under the name of a field where a form, a table or a fault is described and nobody's value is given."""
_SIGN = re.compile(r"[0-9A-Za-z\u00aa-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A finding before its neighbours are asked."""

    finding: Finding
    waiting: bool = False
    """It is none unless a neighbour speaks for it."""
    spoken_for: bool = False
    """A label or a context word speaks for it already."""


def weigh(
    engine: Engine,
    part: Part,
    segment: Segment,
    reading: Reading | None,
    match: Match,
    start: int,
    end: int,
    *,
    label: bool,
) -> Weighed | None:
    """Judge a match at ``start:end``, code points of the reading; None for the value as it stands."""
    if match.checked is False and not label:
        return None
    number, form = match.form.recogniser, match.form
    recogniser, text = engine.recognisers[number], segment.text if reading is None else reading.text
    context = not label and engine.supported(number, text, start, end)
    if reading is not None and reading.mistaken and not (match.checked and (label or context)):
        return None
    decimal = _decimal(text, start, end)
    certainty, why = judge(form.alone, match.checked, label=label, context=context, decimal=decimal)
    if certainty is None and not form.beside:
        return None
    evidence = (*why, f"pattern:{form.name}", *(("check_unknown",) if match.broken else ()))
    if reading is not None and reading.mistaken:
        evidence += ("lookalike",)
    span = (start, end) if reading is None else reading.span(start, end)
    sure = certainty or Certainty.POSSIBLE
    finding = Finding(recogniser.id, recogniser.category, sure, part, segment, *span, evidence)
    return Weighed(finding, waiting=certainty is None, spoken_for=label or context)


def weigh_found(
    engine: Engine,
    part: Part,
    segment: Segment,
    reading: Reading | None,
    number: int,
    kind: str,
    alone: Certainty | None,
    span: tuple[int, int],
    *,
    label: bool,
) -> Weighed | None:
    """Judge what a finder has found at ``span``, code points of the reading."""
    recogniser, text = engine.recognisers[number], segment.text if reading is None else reading.text
    context = not label and engine.supported(number, text, *span)
    certainty, why = judge(alone, None, label=label, context=context, decimal=False)
    if certainty is None and not recogniser.beside:
        return None
    begin, stop = span if reading is None else reading.span(*span)
    evidence = (*why, f"pattern:{kind}")
    sure = certainty or Certainty.POSSIBLE
    finding = Finding(recogniser.id, recogniser.category, sure, part, segment, begin, stop, evidence)
    return Weighed(finding, waiting=certainty is None, spoken_for=label or context)


def weigh_value(engine: Engine, part: Part, segment: Segment, number: int) -> Weighed:
    """Judge a whole value by the name of its field alone."""
    recogniser = engine.recognisers[number]
    certainty, why = judge(None, None, label=True, context=False, decimal=False)
    sure = certainty or Certainty.LIKELY
    evidence = (*why, "value")
    finding = Finding(recogniser.id, recogniser.category, sure, part, segment, 0, len(segment.text), evidence)
    return Weighed(finding, spoken_for=True)


def contradicted(engine: Engine, found: Sequence[Finding], named: frozenset[int]) -> Iterator[Finding]:
    """Yield a finding of its own for each whole value that its check digit shows to be other than its name says.

    ``named`` are the recognisers for which the name of the field speaks. The recognisers that take no value say so.
    """
    if not (named and engine.no_value and any("check_digit" in one.evidence for one in found)):
        return
    # What is of one kind, such as an account and a card, contradicts nothing.
    spoken = {_kind(engine.recognisers[number].category) for number in named}
    for one in found:
        whole = one.segment.text[: one.start].strip() == one.segment.text[one.end :].strip() == ""
        sure = one.certainty >= Certainty.LIKELY and "check_digit" in one.evidence
        if _kind(one.category) in spoken or not (sure and whole):
            continue
        for number in sorted(engine.no_value):
            recogniser = engine.recognisers[number]
            evidence = ("label", f"looks_like:{one.recogniser}")
            yield replace(
                one,
                recogniser=recogniser.id,
                category=recogniser.category,
                certainty=Certainty.LIKELY,
                evidence=evidence,
            )


def _kind(category: str) -> str:
    return ".".join(category.split(".")[:2])


def says_something(value: str) -> bool:
    """Tell whether a value is more than a way to say that there is none."""
    if _OF_A_SCHEMA.match(value) is not None:
        return False
    plain = unicodedata.normalize("NFKC", value).strip().strip(".-_/\\\"'").lower()
    return plain not in _NOTHING and plain.strip("0.") != "" and _SIGN.search(plain) is not None


def _decimal(text: str, start: int, end: int) -> bool:
    """Tell whether a number touches a decimal point with a digit beyond it, other than the 0 of ``13800138000.0``."""
    before, after = text[max(0, start - 2) : start], text[end : end + 4]
    fraction = after[:1] == "." and after[1:2].isdigit() and not _WHOLE.match(after)
    return (before[-1:] == "." and before[:1].isdigit()) or fraction

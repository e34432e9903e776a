"""Which of the four languages a reader asks for (RFC 9110 section 12.5.4, RFC 4647 section 3.4)."""

from __future__ import annotations

import re

from gateway.vocabulary import LANGUAGES

_LONGEST = 1000
_MOST_RANGES = 32
_RANGE = re.compile(
    r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
_TRADITIONAL = {"hk", "mo", "tw"}
"""Regions that write Traditional Chinese; a script subtag says it more plainly and wins."""


def pick_language(accept_language: str) -> str:
    """Return the one of ``LANGUAGES`` that ``Accept-Language`` prefers; the first where it asks for none of them."""
    best, weight = LANGUAGES[0], 0.0
    refused: set[str] = set()
    anything = 0.0
    for part in accept_language[:_LONGEST].split(",")[:_MOST_RANGES]:
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        asked = 1.0 if match[2] is None else float(match[2])
        if match[1] == "*":
            anything = asked
            continue
        language = _language_of(match[1])
        if not asked:
            refused.add(language)
        elif language and asked > weight:
            best, weight = language, asked
    if not weight and anything:
        return next((language for language in LANGUAGES if language not in refused), LANGUAGES[0])
    return best


def _language_of(tag: str) -> str:
    """Return the language of the house that a language range asks for, or ""."""
    first, *others = tag.lower().split("-")
    if first in {"en", "pt"}:
        return first
    if first not in {"zh", "yue", "cmn"}:
        return ""
    if "hant" in others:
        return "zh-Hant"
    if "hans" in others:
        return "zh-Hans"
    traditional = first == "yue" or not _TRADITIONAL.isdisjoint(others)
    return "zh-Hant" if traditional else "zh-Hans"

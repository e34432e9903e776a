"""explain(): a decision in the reader's language, each reason with its statute, its rule and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.decide.words import CLAUSES, REMEDIES, SENTENCES, UNKNOWN, VALUES
from gateway.rulebook.book import Rulebook
from gateway.rulebook.policy import Policy
from gateway.vocabulary import LANGUAGES, Decision, Reason, Wording

_PARAMETER = re.compile(r"\{([a-z_]+)\}")
_LIST = {"en": ", ", "zh-Hans": "、", "zh-Hant": "、", "pt": ", "}


@dataclass(frozen=True, slots=True)
class Explained:
    """A reason in words."""

    sentence: str
    remedy: str
    """What the sender is to do."""
    statute: str
    rule: str
    source: str
    """``file:line`` of the rule, or ""."""


def explain(decision: Decision, language: str, rulebook: Rulebook) -> tuple[Explained, ...]:
    """Return each reason of ``decision`` in words, in order; an unknown language is English. Total."""
    tongue = language if language in LANGUAGES else LANGUAGES[0]
    policies = {policy.id: policy for policy in rulebook.policies}
    return tuple(_explained(reason, tongue, policies, rulebook) for reason in decision.reasons)


def _explained(reason: Reason, tongue: str, policies: Mapping[str, Policy], rulebook: Rulebook) -> Explained:
    policy = policies.get(reason.rule) if reason.code.startswith("policy.") else None
    code = reason.code if reason.code in SENTENCES else UNKNOWN
    given = {key: _value(key, value, tongue, rulebook) for key, value in reason.params if key in CLAUSES}
    words = dict(given)
    if code == UNKNOWN:
        words["code"] = reason.code
    words["title"] = _in(policy.because, tongue) if policy else reason.rule
    template = SENTENCES[code][tongue]
    said = _filled(template, words)
    used = set(_PARAMETER.findall(template))
    clauses = [
        _filled(CLAUSES[key][tongue], {"value": value}) for key, value in sorted(given.items()) if key not in used
    ]
    end = "" if said.endswith((".", "。")) else "." if tongue in {"en", "pt"} else "。"
    gap = " " if tongue in {"en", "pt"} else ""
    remedy = _in(policy.remedy, tongue) if policy else REMEDIES[code][tongue]
    return Explained(gap.join([f"{said}{end}", *clauses]), remedy, reason.statute, reason.rule, reason.source)


def _filled(template: str, words: Mapping[str, str]) -> str:
    """Fill in parameters in one pass, so that no value is read as a template; one that is not given is an ellipsis."""
    return _PARAMETER.sub(lambda match: words.get(match[1], "…"), template)


def _value(key: str, value: str, tongue: str, rulebook: Rulebook) -> str:
    """Return a value in words, where it is a list of codes."""
    if key == "categories":
        return _LIST[tongue].join(_category(name, tongue, rulebook) for name in value.split(", "))
    if key in VALUES:
        known = VALUES[key]
        return _LIST[tongue].join(_in(known[name], tongue) if name in known else name for name in value.split(", "))
    return value


def _category(name: str, tongue: str, rulebook: Rulebook) -> str:
    category = rulebook.categories.get(name)
    return f"{_in(category.title, tongue)} ({name})" if category else name


def _in(wording: Wording, tongue: str) -> str:
    return wording.get(tongue) or wording.get(LANGUAGES[0], "")

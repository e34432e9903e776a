"""Conditions, demands and other parts of a rulebook in plain English, for ``kouan diff``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gateway.rulebook.book import Ceiling, Endpoint, Validity
from gateway.rulebook.facts import FACTS, words_of
from gateway.rulebook.policy import Ask, AskFinding, Condition, Policy
from gateway.vocabulary import Obligation, Verdict

_SAID = {
    "any_of": "is",
    "none_of": "is not",
    "all_of": "has all of",
    "outside": "has something else than",
    "at_least": "is at least",
    "more_than": "is more than",
    "at_most": "is at most",
    "less_than": "is less than",
    "since": "is on or after",
    "until": "is on or before",
}
DEMANDS = {Verdict.DENY: "refuse", Verdict.HOLD: "hold for an officer"}


def condition_in_words(condition: Condition) -> str:
    """Return what must hold, as one phrase; ``always`` where nothing is asked."""
    parts = [_ask(ask) for ask in condition.asks]
    parts += [_finding(each) for each in condition.findings]
    parts += [f"({condition_in_words(each)})" for each in condition.every]
    if condition.either:
        parts.append("(" + " or ".join(condition_in_words(each) for each in condition.either) + ")")
    parts += [f"not ({condition_in_words(each)})" for each in condition.none]
    return " and ".join(parts) or "always"


def _ask(ask: Ask) -> str:
    if isinstance(ask.wanted, bool):
        return f"{ask.fact} {'holds' if ask.wanted else 'does not hold'}"
    if isinstance(ask.wanted, frozenset):
        if ask.operator == "any_of" and ask.wanted >= frozenset(FACTS[ask.fact].values) != frozenset():
            return f"there is any of {ask.fact}"
        order = {value: place for place, value in enumerate(words_of(FACTS[ask.fact]))}
        values = sorted(ask.wanted, key=lambda value: (order.get(value, len(order)), value))
        joined = " or ".join(value or '""' for value in values) if ask.operator == "any_of" else ", ".join(values)
        return f"{ask.fact} {_SAID[ask.operator]} {joined}"
    return f"{ask.fact} {_SAID[ask.operator]} {in_words(ask.wanted)}"


def _finding(ask: AskFinding) -> str:
    what = " or ".join(sorted(ask.of)) if ask.of else "something"
    more = [f"of grade {ask.grade.name.lower()} or higher"] if ask.grade else []
    more += [f"at least {ask.certainty.name.lower()}"] if ask.certainty else []
    more += ["that is secret"] if ask.secret else []
    more += [f"on the list {ask.listed}"] if ask.listed else []
    more += [f"that the {ask.beyond} does not list"] if ask.beyond else []
    more += [f"of {ask.kinds} or more categories"] if ask.kinds > 1 else []
    more += [f"{ask.count} times or more"] if ask.count > 1 else []
    return " ".join([what, *more, "is found"])


def demand_in_words(policy: Policy) -> str:
    """Return what a policy demands."""
    if policy.verdict is not Verdict.PERMIT:
        return DEMANDS[policy.verdict]
    return "permit only with: " + ", ".join(in_words(duty) for duty in policy.obligations)


def policy_in_words(policy: Policy) -> str:
    """Return a policy as one sentence."""
    unless = f", unless {condition_in_words(policy.unless)}" if policy.unless else ""
    where = f" and where {policy.where.text}" if policy.where else ""
    trial = " (on trial)" if policy.trial else ""
    return f"{demand_in_words(policy)} when {condition_in_words(policy.when)}{where}{unless}{trial}"


def in_words(value: object) -> str:
    """Return a value of a rulebook as an officer would write it."""
    if isinstance(value, Validity):
        return f"{value.since} to {value.until}"
    if isinstance(value, Ceiling):
        return f"at most {value.at_most:,} {value.what} per {value.per}"
    if isinstance(value, Obligation):
        return f"{value.kind} {value.category}" + (f" but for the last {value.keep_last}" if value.keep_last else "")
    if isinstance(value, Endpoint):
        methods, paths = ", ".join(sorted(value.methods)), ", ".join(value.paths)
        extra = ", WebSocket" if value.websocket else ""
        extra += f", reaching {', '.join(map(str, value.addresses))}" if value.addresses else ""
        return f"{methods} {value.host}:{value.port} {paths} ({', '.join(sorted(value.media_types))}{extra})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {in_words(each)}" for key, each in sorted(value.items())) or "nothing"
    if isinstance(value, frozenset | tuple):
        texts = [in_words(each) for each in value]
        return ", ".join(sorted(texts) if isinstance(value, frozenset) else texts) or "nothing"
    return "nothing" if value in (None, "") else str(value)

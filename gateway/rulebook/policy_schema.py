"""The JSON Schema of policies, of which the part about facts is made from their table: ``make schemas`` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gateway.rulebook.facts import ANY, FACTS, OPERATORS, RISING, Fact, Kind, words_of

FILE = Path(__file__).parent / "schemas" / "policy.json"
_NOT_GIVEN = frozenset(
    {"weekday", "parties.jurisdictions", "parties.cities", "entry.flow", "entry.id", "basis.id", "basis.scale_exceeded"}
)
"""Facts that follow from others, and are not given in a case."""
_FIGURE = {
    "type": ["integer", "string"],
    "pattern": "^[a-z0-9]+([._-][a-z0-9]+)*$",
    "errorMessage": "write a whole number, or the id of one in policies/law/thresholds.yaml",
}
_OWN = frozenset({"findings", "entry_lists", "basis_lists"})
"""What a case gives besides facts."""
_GROUPS = {
    "all": "Each of these conditions holds.",
    "any": "At least one of these conditions holds.",
    "none": "None of these conditions holds.",
}


def policy_schema(base: dict[str, Any]) -> dict[str, Any]:
    """Return ``base`` with the properties of conditions and of cases made anew."""
    defined = base["$defs"]
    defined["condition"]["properties"] = {
        **{name: _asked(fact) for name, fact in FACTS.items()},
        "finding": {"$ref": "#/$defs/finding"},
        **{
            name: {
                "description": meaning,
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/$defs/condition"},
            }
            for name, meaning in _GROUPS.items()
        },
    }
    own = {key: value for key, value in defined["given"]["properties"].items() if key in _OWN}
    defined["given"]["properties"] = {
        **{name: _given(fact) for name, fact in FACTS.items() if name not in _NOT_GIVEN},
        **own,
    }
    return base


def _one(fact: Fact) -> dict[str, Any]:
    """What one value of a fact may be."""
    if fact.kind is Kind.NUMBER:
        return {"type": "integer"}
    if fact.kind is Kind.FLAG:
        return {"type": "boolean"}
    if fact.kind is Kind.DAY:
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    words = words_of(fact)
    return {"type": "string", "enum": list(words)} if words else {"type": "string", "maxLength": 300}


def _many(fact: Fact) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": _one(fact)}


def _asked(fact: Fact) -> dict[str, Any]:
    """What may be written for a fact in a condition."""
    said = f"{fact.meaning[0].upper()}{fact.meaning[1:]}."
    if fact.kind is Kind.FLAG:
        return {"description": said, **_one(fact)}
    operators = {name: meaning for name, meaning in OPERATORS[fact.kind].items() if not fact.grows or name in RISING}
    if fact.kind is Kind.NUMBER:
        forms: list[dict[str, Any]] = [_FIGURE]
        listed = {name: {"description": f"{meaning}.", **_FIGURE} for name, meaning in operators.items()}
    elif fact.kind is Kind.DAY:
        forms = []
        listed = {name: {"description": f"{meaning}.", **_one(fact)} for name, meaning in operators.items()}
    else:
        if fact.values:
            operators.pop("mentions", None)
        one = _one(fact)
        forms = [{**one, "enum": [ANY, *one["enum"]]} if fact.grows else one, _many(fact)]
        listed = {name: {"description": f"{meaning}.", **_many(fact)} for name, meaning in operators.items()}
    mapping = {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": listed}
    return {"description": said, "anyOf": [*forms, mapping]} if forms else {"description": said, **mapping}


def _given(fact: Fact) -> dict[str, Any]:
    """What may be written for a fact in a case."""
    said = f"{fact.meaning[0].upper()}{fact.meaning[1:]}."
    if fact.kind is Kind.TEXTS:
        return {"description": said, **_many(fact)}
    return {"description": said, **_one(fact)}


def main() -> None:
    """Write the schema."""
    made = policy_schema(json.loads(FILE.read_text(encoding="utf-8")))
    FILE.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

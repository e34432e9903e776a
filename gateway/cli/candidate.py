"""A candidate dataset as text: YAML with a comment at each field that says what was seen, and JSON for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from gateway.cli.learning import WITHHELD, Samples, Seen, leaves
from gateway.rulebook.datasets import NONE
from gateway.vocabulary import LANGUAGES

type Accept = Callable[[str, Seen, str], str]
"""Asked for each field with its path, what was seen, and a category; returns the category, or "" to leave it out."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TRAPS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NAME = re.compile(r"@?[^\s/~!:\[\]?….@*0-9\-\x00-\x1f][^\s/~!:\[\]?….@*\x00-\x1f]{0,62}")
_BAD = re.compile(r"[\s/~!:\[\]?….@*\x00-\x1f]+")
_LENGTHS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)


def take(_path: str, _seen: Seen, category: str) -> str:
    """Take every field as it was seen."""
    return category


def category_of(seen: Seen) -> str:
    """Return the category that was seen most often, or ``none``."""
    ranked = sorted(seen.categories.items(), key=lambda each: (-each[1], each[0]))
    return ranked[0][0] if ranked else NONE


def told(seen: Seen, of: int | None = None) -> str:
    """Say what was seen of a field, without a value."""
    said = [f"seen {seen.count} times" if of is None else f"seen in {seen.count} of {of}"]
    if seen.type == "string" and seen.longest:
        least = f"{seen.shortest} to " if seen.shortest != seen.longest else ""
        said.append(f"{least}{seen.longest} characters")
    if seen.nulls:
        said.append(f"{seen.nulls} null")
    if seen.mixed():
        said.append(f"of several types: {', '.join(sorted(seen.kinds))}")
    if seen.categories:
        said.append("holds " + ", ".join(f"{name} ({count})" for name, count in sorted(seen.categories.items())))
    elif seen.type == "string":
        said.append("nothing was recognised: say what it holds")
    return "; ".join(said)


def as_json(name: str, samples: Samples) -> dict[str, Any]:
    """Return what was seen, for machines."""
    return {
        "id": name,
        "payloads": samples.payloads,
        "largest_bytes": samples.largest,
        "most_records": samples.most_records,
        "unread": dict(sorted(samples.unread.items())),
        "names_withheld": samples.withheld,
        "fields": [
            {
                "path": path,
                "type": seen.type,
                "types": dict(sorted(seen.kinds.items())),
                "count": seen.count,
                "nulls": seen.nulls,
                "shortest": seen.shortest if seen.longest else None,
                "longest": seen.longest or None,
                "formats": dict(sorted(seen.forms.items())),
                "categories": dict(sorted(seen.categories.items())),
            }
            for path, seen in leaves(samples.root)
        ],
    }


def as_yaml(name: str, samples: Samples, accept: Accept = take) -> str:
    """Return the file of a dataset with every field that ``accept`` takes."""
    lines = [
        "# yaml-language-server: $schema=../gateway/rulebook/schemas/dataset.json",
        f"# Learned from {samples.payloads} payloads; no value of any payload stands here. What was not seen is a",
        "# violation: go through each field, correct its category, and add what may come but did not.",
        f"id: {name}",
        "title: # what these data are, for officers and senders",
        *(f"  {language}: {_quoted(name)}" for language in LANGUAGES),
    ]
    if samples.most_records > 1:
        most = samples.most_records
        lines.append(f"max_records: {_round(most)} # the most seen in one payload was {most}")
    lines.append(f"max_bytes: {_round_bytes(samples.largest)} # the largest had {samples.largest}")
    lines.append("schema:")
    _write(lines, samples.root, "  ", "", accept, labels=sorted(samples.root_names))
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name.lower() not in _TRAPS else json.dumps(name, ensure_ascii=False)


def _round(count: int) -> int:
    return next((length for length in _LENGTHS if length >= count), count)


def _round_bytes(size: int) -> int:
    rounded = 256
    while rounded < size:
        rounded *= 2
    return rounded


def _write(
    lines: list[str], seen: Seen, indent: str, path: str, accept: Accept, labels: list[str], of: int | None = None
) -> None:
    """Add the lines of one node."""
    kind = seen.type
    if kind == "object":
        _write_object(lines, seen, indent, path, accept, labels)
    elif kind == "array":
        lines += [f"{indent}type: array", f"{indent}maxItems: {_round(max(1, seen.most_items))}"]
        lines.append(f"{indent}items:")
        _write(lines, seen.items or Seen(), f"{indent}  ", f"{path}/*", accept, [])
    else:
        category = accept(path, seen, category_of(seen))
        lines.append(f"{indent}# {told(seen, of)}")
        lines.append(f"{indent}type: {kind}")
        lines.append(f"{indent}category: {category or NONE}")
        _add_labels(lines, indent, labels)
        _limits(lines, seen, indent)
    if seen.nulls:
        lines.append(f"{indent}nullable: true")


def _add_labels(lines: list[str], indent: str, labels: list[str]) -> None:
    if labels:
        lines.append(f"{indent}labels: [{', '.join(json.dumps(label, ensure_ascii=False) for label in labels)}]")


def _limits(lines: list[str], seen: Seen, indent: str) -> None:
    if seen.type != "string":
        return
    form = next((name for name, count in seen.forms.items() if count == seen.kinds["string"]), "")
    if form == "digest":
        lines.append(f"{indent}pattern: ^[0-9a-f]{{64}}$")
    elif form:
        lines.append(f"{indent}format: {form}")
    if form != "digest":
        lines.append(f"{indent}maxLength: {_round(max(1, seen.longest))}")


def _write_object(lines: list[str], seen: Seen, indent: str, path: str, accept: Accept, labels: list[str]) -> None:
    taken = _named(seen)
    body: list[str] = []
    required: list[str] = []
    for name, (key, label) in taken.items():
        each = seen.fields[name]
        inner: list[str] = []
        left_out = False

        def asked(where: str, what: Seen, category: str, own: str = f"{path}/{name}") -> str:
            nonlocal left_out
            answer = accept(where, what, category)
            left_out = left_out or (not answer and where in (own, f"{own}/*"))
            return answer

        _write(inner, each, f"{indent}    ", f"{path}/{name}", asked, [label] if label else [], seen.objects)
        if left_out or inner[-1].strip() == "properties:":  # nothing of it was taken
            continue
        body += [f"{indent}  {_quoted(key)}:", *inner]
        if seen.present[name] == seen.objects:
            required.append(key)
    lines.append(f"{indent}type: object")
    _add_labels(lines, indent, labels)
    if required:
        lines.append(f"{indent}required: [{', '.join(map(_quoted, required))}]")
    if WITHHELD in seen.fields:
        count = seen.present[WITHHELD]
        lines.append(f"{indent}# {count} names that may be somebody's data are withheld and cannot be declared")
    lines += [f"{indent}properties:", *body]


def _named(seen: Seen) -> Mapping[str, tuple[str, str]]:
    """Return for each field the name that it gets, and the label by which it is then known, or ""."""
    taken: dict[str, tuple[str, str]] = {}
    keys = {name for name in seen.fields if _NAME.fullmatch(name)}
    for name in seen.fields:
        if name == WITHHELD:
            continue
        if name in keys:
            taken[name] = name, ""
            continue
        key = base = _BAD.sub("_", name).strip("_-0123456789")[:60] or "field"
        number = 1
        while key in keys or not _NAME.fullmatch(key):
            number += 1
            key = f"{base if _NAME.fullmatch(base) else 'field'}_{number}"
        keys.add(key)
        taken[name] = key, name
    return taken

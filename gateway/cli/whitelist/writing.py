"""Changes to the text of ``whitelist.yaml`` that leave every other byte as it is: comments, order, layout. Pure."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.rulebook.document import Document, Path

_PLAIN = re.compile(r"(?:[A-Za-z\u4e00-\u9fff]|/(?=[A-Za-z]))[A-Za-z0-9\u4e00-\u9fff /._+()-]*")
"""Text that YAML 1.1 and 1.2 read alike without quotes, save the words below."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRAPS = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|~)")
_WRITTEN_DAY = re.compile(r"(['\"]?)[0-9]{4}-[0-9]{2}-[0-9]{2}\1")
_WIDEST = 100
"""Columns up to which a list stands on one line."""


def scalar(value: str | int) -> str:
    """Return ``value`` as strict YAML reads it back: plain where that is safe, else in double quotes."""
    if isinstance(value, int):
        return str(value)
    plain = _DAY.fullmatch(value) or (
        _PLAIN.fullmatch(value) and value == value.strip() and not _TRAPS.fullmatch(value)
    )
    return value if plain else json.dumps(value, ensure_ascii=False)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return scalar(value)


def _block(value: Any, indent: int) -> list[str]:
    """Return the lines of a mapping or a list."""
    space = " " * indent
    if isinstance(value, list):
        lines: list[str] = []
        for each in value:
            if isinstance(each, Mapping) and len(_flow(each)) > _WIDEST - indent:
                first, *rest = _block(each, indent + 2)
                lines += [f"{space}- {first.lstrip()}", *rest]
            else:
                lines.append(f"{space}- {_flow(each)}")
        return lines
    lines = []
    for key, each in value.items():
        short = f"{space}{key}: {_flow(each)}"
        deep = isinstance(each, Mapping) and key == "title"
        if not isinstance(each, Mapping | list) or (not deep and len(short) <= _WIDEST and key not in _ALWAYS_LONG):
            lines.append(short)
        else:
            lines += [f"{space}{key}:", *_block(each, indent + 2)]
    return lines


_ALWAYS_LONG = frozenset({"endpoints"})


def written(entry: Mapping[str, Any]) -> str:
    """Return ``entry`` as an item of a list of YAML, not indented."""
    first, *rest = _block(entry, 2)
    return "\n".join([f"- {first.lstrip()}", *rest]) + "\n"


def as_item(text: str) -> str:
    """Return what somebody wrote, a mapping or an item of a list, as an item, not indented; comments stay."""
    lines = textwrap.dedent(text.replace("\r\n", "\n")).strip("\n").split("\n")
    at = next((place for place, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    if not lines[at].startswith("- "):
        body = [f"  {line}" if line.strip() else line for line in lines[at:]]
        body[0] = f"- {body[0].lstrip()}"
        lines = [*lines[:at], *body]
    return "\n".join(lines) + "\n"


def with_entry(text: str, document: Document, item: str) -> str:
    """Return the whitelist with one more entry at the end of its entries; ``item`` as ``written`` gives it."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    begins = document.keys[("entries",)][0]
    following = [place[0] for path, place in document.keys.items() if len(path) == 1 and place[0] > begins]
    end = min(following, default=len(lines) + 1) - 1
    while end > begins and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1  # what stands before the next part, or at the very end, belongs there
    column = document.place("entries", 0)[1] - 3
    added = textwrap.indent(item.rstrip("\n"), " " * max(column, 0)).split("\n")
    rest = lines[end:] or [""]
    return newline.join([*lines[:end], "", *added, *rest])


def with_day(text: str, document: Document, path: Path, day: date) -> str:
    """Return the whitelist with another day at ``path``; a day is as long as the one before it, so places stay."""
    line, column = document.place(*path)
    lines = text.splitlines(keepends=True)
    here = lines[line - 1]
    found = _WRITTEN_DAY.match(here, column - 1)
    if found is None:
        raise ValueError("no day stands there")
    lines[line - 1] = f"{here[: found.start()]}{found[1]}{day.isoformat()}{found[1]}{here[found.end() :]}"
    return "".join(lines)

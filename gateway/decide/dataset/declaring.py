"""What a dataset declares against what recognisers saw: findings by declaration, other categories, bare digests.

A field that is declared to hold a name holds one even where no recogniser knows it; a field that is declared to hold a
name and holds a card number departs from its dataset, whatever else the entry allows.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from gateway.decide.dataset import bodies
from gateway.decide.dataset.fields import Plan, plan_of
from gateway.decide.dataset.placing import node_at
from gateway.decide.dataset.tally import Shown, Tally, hidden
from gateway.rulebook.datasets import NONE, Dataset
from gateway.vocabulary import Certainty, Content, Finding, Findings, Part, Segment, Violation

DECLARED = "dataset"
"""What stands in the place of a recogniser in a finding by declaration."""

_DIGEST = re.compile(r"(?:(?:sha-?256|sm3)[:=$-])?([0-9a-fA-F]{64})")
_SEPARATORS = str.maketrans("", "", " \t-()/.（）")
_NAMED = frozenset({"json", "ndjson", "json-seq", "yaml"})
_CONTAINERS = ("multipart:", "xlsx:", "ods:")
_BLANK = frozenset({"", "null", "~"})


def declared_findings(content: Content, findings: Findings, dataset: Dataset) -> tuple[Finding, ...]:
    """Return a finding for each value of a field with a category that was not found, as LIKELY, to be all of it.

    They are LIKELY, of the whole value, with ``declared`` as their evidence; to be put beside ``findings.items``. What
    was found in a part of a value says nothing of the rest of it, and what is only possible says too little.
    """
    plan = plan_of(dataset)
    if not plan.telling:
        return ()
    seen: dict[int, list[Finding]] = {}
    for item in findings.items:
        if item.certainty >= Certainty.LIKELY:
            seen.setdefault(id(item.segment), []).append(item)
    return tuple(
        Finding(DECLARED, category, Certainty.LIKELY, part, segment, 0, len(segment.text), ("declared",))
        for part in bodies.in_body(content)
        for segment, category in _declared_in(part, plan)
        if not _is_all_found(segment.text, seen.get(id(segment), ()), category)
    )


def _declared_in(part: Part, plan: Plan) -> Iterator[tuple[Segment, str]]:
    """Yield the values of a part that stand in fields with a category, with it."""
    if not bodies.whole(part) and not part.where.startswith(_CONTAINERS):
        return
    named = bodies.format_of(part) in _NAMED
    for segment in part.segments:
        # A value of JSON bears the name of its field, by which most need not be looked up.
        if named and segment.label not in plan.telling:
            continue
        if segment.where.endswith(bodies.KEY) or segment.text.strip() in _BLANK:
            continue
        node = node_at(plan, segment.where, segment.label)
        if node is not None and node.leaf and node.category != NONE:
            yield segment, node.category


def _is_all_found(text: str, items: Sequence[Finding], category: str) -> bool:
    """Tell whether every letter and figure of a value belongs to findings of ``category``."""
    found = [item for item in items if _covers(category, item.category)]
    if any(item.start == 0 and item.end >= len(text) for item in found):
        return True
    told = {place for item in found for place in range(item.start, item.end)}
    return bool(found) and all(place in told for place, sign in enumerate(text) if sign.isalnum())


def differing(findings: Findings, dataset: Dataset, *, entry: str = "", shown: Shown = hidden) -> tuple[Violation, ...]:
    """Return a ``category.differs`` for each field in which something LIKELY was found that it does not declare.

    A finding agrees where its category is the declared one, stands under it, or above it. Where one reading of a span
    agrees, others of the same characters are not held against the field.
    """
    plan = plan_of(dataset)
    tally = Tally(entry, shown)
    agreed: dict[int, list[tuple[int, int]]] = {}
    others: list[tuple[Finding, str, str]] = []
    for item in findings.items:
        if item.certainty < Certainty.LIKELY or bodies.format_of(item.part) in bodies.ENVELOPE:
            continue
        node = node_at(plan, item.segment.where, item.segment.label)
        if node is None or not node.leaf:
            continue
        if _agrees(item.category, node.category):
            agreed.setdefault(id(item.segment), []).append((item.start, item.end))
        else:
            others.append((item, node.category, node.path))
    for item, _, path in others:
        if any(start < item.end and item.start < end for start, end in agreed.get(id(item.segment), ())):
            continue
        tally.within(f"{bodies.format_of(item.part)}:")
        tally.add("category.differs", path)
    return tally.violations()


@lru_cache(4096)
def _agrees(found: str, declared: str) -> bool:
    return _covers(declared, found) or _covers(found, declared)


def _covers(above: str, category: str) -> bool:
    return category == above or category.startswith(f"{above}.")


def digests(content: Content, findings: Findings, *, entry: str = "", shown: Shown = hidden) -> tuple[Violation, ...]:
    """Return a ``digest.of_identifier`` for each value that is the bare digest of something found in the same message.

    SHA-256 and SM3 are tried, in hexadecimal digits, over what was found as it is written and without its separators,
    in both cases of letters. Whoever can guess the identifier can reverse such a digest (DOMAIN 6.3).
    """
    tally = Tally(entry, shown)
    values: list[tuple[Part, Segment, str]] = []
    for part in content.parts:
        # A look at the text first: most messages hold no digest at all.
        if _DIGEST.search(part.text) is None:
            continue
        for segment in part.segments:
            match = _DIGEST.fullmatch(segment.text.strip()) if len(segment.text) >= 64 else None
            if match is not None:
                values.append((part, segment, match[1].lower()))
    if not values:
        return ()
    known = _digests_of(findings.items)
    for part, segment, digest in values:
        if digest in known:
            tally.within(f"{bodies.format_of(part)}:")
            tally.add("digest.of_identifier", _place(segment, tally))
    return tally.violations()


def _place(segment: Segment, tally: Tally) -> str:
    """Return the place of a value below its part, made fit for records."""
    path = segment.where.partition(":")[2]
    return tally.show(f"/{path.lstrip('/')}")


def _sm3(data: bytes) -> str:
    return hashlib.new("sm3", data).hexdigest()


def _algorithms() -> tuple[Callable[[bytes], str], ...]:
    return (lambda data: hashlib.sha256(data).hexdigest(), *((_sm3,) if "sm3" in hashlib.algorithms_available else ()))


_ALGORITHMS = _algorithms()


def _digests_of(items: Iterable[Finding]) -> frozenset[str]:
    texts: set[str] = set()
    for item in items:
        written = item.segment.text[item.start : item.end]
        for text in (written, item.segment.text if len(item.segment.text) <= 256 else written):
            plain = unicodedata.normalize("NFKC", text).strip()
            bare = plain.translate(_SEPARATORS)
            texts.update((text, plain, plain.upper(), plain.lower(), bare, bare.upper(), bare.lower()))
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    return frozenset(digest(data) for digest in _ALGORITHMS for data in encoded)

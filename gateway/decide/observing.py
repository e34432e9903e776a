"""observe(): what a decision may look at, and nothing that is payload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gateway.decide.measuring import Measured, measure
from gateway.decide.places import method, notices
from gateway.decide.view import View, view_of
from gateway.rulebook.book import Category, Rulebook
from gateway.vocabulary import (
    Certainty,
    Content,
    Facts,
    Finding,
    Findings,
    Found,
    Grade,
    Individuals,
    Opaque,
    Transfer,
    Unread,
)

MOST_PLACES = 8
NOBODY = Individuals()


def category_of(name: str, categories: Mapping[str, Category]) -> Category | None:
    """Return the category of that name, or the nearest one above it."""
    while name:
        if (category := categories.get(name)) is not None:
            return category
        name = name.rpartition(".")[0]
    return None


def observe(
    transfer: Transfer,
    content: Content,
    findings: Findings,
    rulebook: Rulebook,
    *,
    people: Individuals = NOBODY,
    measured: Measured | None = None,
) -> Facts:
    """Return the facts of a transfer; pure, total, and the same in whatever order findings come.

    ``people`` are those whom the findings are about; ``measured`` says how the payload stands to its datasets, and
    is worked out where it is not given.
    """
    view = view_of(rulebook)
    envelope = transfer.envelope
    if measured is None:
        measured = measure(transfer, content, findings, rulebook)
    unread = content.opaque + findings.opaque
    return Facts(
        transfer=transfer.id,
        at=transfer.at,
        leg=transfer.leg,
        exporter=transfer.exporter,
        recipient=transfer.recipient,
        scheme=envelope.scheme if envelope.scheme in {"https", "http"} else "*",
        host=view.places.host(envelope.host),
        port=envelope.port,
        method=method(envelope.method),
        media_type=view.places.media_type(content.media_type),
        status=envelope.status,
        size=len(transfer.body),
        state=transfer.state,
        covering=measured.covering,
        near=measured.near,
        found=_found(findings.items, view) if findings.items else (),
        opaque=_opaque(unread, view) if unread else (),
        notices=notices(transfer.notices, content.notices) if transfer.notices or content.notices else (),
        about=transfer.about,
        individuals=len(people.everybody),
        sensitive_individuals=len(people.sensitive) + people.unknown_sensitive,
        minors=people.minors,
        unidentified=people.unknown,
        violations=measured.violations,
        records=measured.records,
        unread=len(unread),
    )


def _found(items: Iterable[Finding], view: View) -> tuple[Found, ...]:
    """Count findings by category, in order of its name."""
    counts: dict[str, int] = {}
    certainties: dict[str, Certainty] = {}
    wheres: dict[str, set[str]] = {}
    for item in items:
        name = item.category
        counts[name] = counts.get(name, 0) + 1
        certainties[name] = max(item.certainty, certainties.get(name, Certainty.POSSIBLE))
        wheres.setdefault(name, set()).add(item.segment.where)
    shown = view.places.shown
    return tuple(
        Found(
            category=name,
            grade=grade_of(name, view.categories),
            certainty=certainties[name],
            count=counts[name],
            places=tuple(sorted({shown(where) for where in wheres[name]})[:MOST_PLACES]),
        )
        for name in sorted(counts)
    )


def grade_of(name: str, categories: Mapping[str, Category]) -> Grade:
    """Return the grade of a category; what the taxonomy does not know is graded highest (GB/T 43697: 就高从严)."""
    category = category_of(name, categories)
    return Grade.CORE if category is None else category.grade


def _opaque(parts: Iterable[Opaque], view: View) -> tuple[Opaque, ...]:
    """Make parts fit for records, a few of each reason: an archive of many sealed members makes no long entry."""
    fit = sorted(
        (view.places.opaque(part) for part in _some(parts)),
        key=lambda part: (part.where, part.reason.value, part.size, part.detail),
    )
    return tuple(fit)


def _some(parts: Iterable[Opaque]) -> Iterator[Opaque]:
    """Yield the first parts of each reason, by place, size and detail, so that the order of parts does not matter."""
    kept: dict[Unread, int] = {}
    for part in sorted(parts, key=lambda part: (part.where, part.size, part.detail)):
        kept[part.reason] = kept.get(part.reason, 0) + 1
        if kept[part.reason] <= MOST_PLACES:
            yield part

"""Whether an entry would have covered a recorded transfer: yes, no, or not to be known.

Facts hold no path, since a path may hold a person. What is known of it is which templates it fitted: those of entries
that covered the transfer, and of entries that missed it by something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.rulebook.book import Endpoint, Entry
from gateway.vocabulary import Facts

type Template = tuple[str | None, ...]
"""Steps of a path; None for one in braces."""

_WEBSOCKET = "websocket."


def template(path: str) -> Template:
    """Return the steps of a template; a step in braces stands for one that is not empty."""
    return tuple(None if step.startswith("{") else step for step in path[1:].split("/"))


def holds(wide: Template, narrow: Template) -> bool:
    """Tell whether whatever fits ``narrow`` fits ``wide``."""
    return len(wide) == len(narrow) and all(
        there == here or (there is None and here != "") for there, here in zip(wide, narrow, strict=True)
    )


def meets(one: Template, other: Template) -> bool:
    """Tell whether some path fits both."""
    return len(one) == len(other) and all(
        there == here or (None in (there, here) and "" not in (there, here))
        for there, here in zip(one, other, strict=True)
    )


class Trail:
    """What is known of the path of one recorded transfer."""

    __slots__ = ("_fitted", "_missed")

    def __init__(self, facts: Facts, entries: Mapping[str, Entry]) -> None:
        """``entries`` are those of the rulebook under which it was recorded."""
        fitted = [*facts.covering, *(name for name, code in facts.near if code != "path")]
        missed = [name for name, code in facts.near if code == "path"]
        self._fitted = [_templates(entries[name], facts) for name in fitted if name in entries]
        self._missed = [path for name in missed if name in entries for path in _templates(entries[name], facts)]

    def fits(self, paths: Iterable[Template]) -> bool | None:
        """Tell whether the path fits one of ``paths``; None where that cannot be known."""
        wanted = tuple(paths)
        for possible in self._fitted:
            if possible and all(any(holds(path, each) for path in wanted) for each in possible):
                return True
            if not any(meets(path, each) for each in possible for path in wanted):
                return False
        if all(any(holds(path, each) for path in self._missed) for each in wanted):
            return False
        return None


def _templates(entry: Entry, facts: Facts) -> tuple[Template, ...]:
    """Return the templates of ``entry`` that could be about this host and port."""
    return tuple(
        template(path)
        for endpoint in entry.endpoints
        if endpoint.host == facts.host and endpoint.port == facts.port
        for path in endpoint.paths
    )


def would_cover(entry: Entry, facts: Facts, trail: Trail) -> bool | None:
    """Tell whether ``entry`` covers a transfer of these facts; None where only its path could tell."""
    carried = facts.leg is entry.carried_in
    parties = (facts.exporter.id, facts.recipient.id) if carried else (facts.recipient.id, facts.exporter.id)
    if parties != (entry.exporter, entry.recipient):
        return False
    asked = facts.media_type if carried and facts.size else None
    gates = [gate for endpoint in entry.endpoints if (gate := _gate(endpoint, facts, asked)) is not None]
    if not gates:
        return False
    surely = [template(path) for endpoint, sure in gates if sure for path in endpoint.paths]
    perhaps = [template(path) for endpoint, sure in gates if not sure for path in endpoint.paths]
    if surely and (fits := trail.fits(surely)) is not False:
        return fits
    return False if not perhaps or trail.fits(perhaps) is False else None


def _gate(endpoint: Endpoint, facts: Facts, media_type: str | None) -> tuple[Endpoint, bool] | None:
    """Return the endpoint where all but the path fits, with whether that is sure; None where something does not."""
    sure = True
    if endpoint.host != facts.host:
        if "*" not in facts.host:
            return None
        sure = False  # a host that nobody knew is recorded without its numbers
    if endpoint.port != facts.port or facts.method not in endpoint.methods:
        return None
    if not endpoint.websocket and any(notice.startswith(_WEBSOCKET) for notice in facts.notices):
        return None
    if media_type is not None and media_type not in endpoint.media_types:
        if not media_type.endswith("/*"):
            return None
        kind = media_type.removesuffix("*")
        if kind != "*/" and not any(each.startswith(kind) for each in endpoint.media_types):
            return None
        sure = False
    return endpoint, sure

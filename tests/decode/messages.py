"""Messages to decode, built from as little as a test has to say."""

from collections.abc import Iterable
from datetime import datetime

from gateway.decode import decode
from gateway.vocabulary import BEIJING, STRANGER, Content, Envelope, Leg, Limits, Part, State, Transfer

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING)
LIMITS = Limits()


def message(
    body: bytes = b"",
    type: str = "",
    coding: str = "",
    *,
    target: bytes = b"/",
    headers: Iterable[tuple[bytes, bytes]] = (),
    trailers: Iterable[tuple[bytes, bytes]] = (),
    reason: bytes = b"",
    state: State = State.COMPLETE,
) -> Transfer:
    """A transfer between strangers."""
    fields = [*headers]
    if type:
        fields.append((b"Content-Type", type.encode()))
    if coding:
        fields.append((b"Content-Encoding", coding.encode()))
    envelope = Envelope("POST", "https", "a.example", 443, target, tuple(fields), tuple(trailers), reason=reason)
    return Transfer("t", NOON, Leg.REQUEST, STRANGER, STRANGER, envelope, body, state)


def body_parts(content: Content) -> list[Part]:
    """The parts of the body."""
    return [part for part in content.parts if part.format not in ("header", "cookie", "path", "query")]


def body(data: bytes, type: str = "application/json", coding: str = "", limits: Limits = LIMITS) -> Part:
    """The first part of a body that is read."""
    content = decode(message(data, type, coding), limits)
    assert not content.opaque, content.opaque
    return body_parts(content)[0]


def values(part: Part) -> dict[str, str]:
    """Text by place."""
    return {segment.where: segment.text for segment in part.segments}


def everything(content: Content) -> dict[str, str]:
    """Text by place over all parts; the first part that knows a place wins."""
    found: dict[str, str] = {}
    for part in content.parts:
        for where, text in values(part).items():
            found.setdefault(where, text)
    return found


def written(part: Part, where: str) -> str:
    """How the value at ``where`` stands in the text of its part, by ``Segment.span``."""
    segment = next(each for each in part.segments if each.where == where)
    start, end = segment.span(0, len(segment.text))
    return part.text[start:end]

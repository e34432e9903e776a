"""From what somebody holds (a payload, a raw HTTP message, a line of a corpus) to the Transfer that a door would build.

Nothing here reaches a network. Faults are told by ``BadInput``, whose message never holds payload text.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

from gateway.rulebook.book import Rulebook
from gateway.vocabulary import BEIJING, STRANGER, Envelope, Leg, Party, Proof, State, Transfer

TOKEN_HEADER = b"x-kouan-token"
PORTS = {"https": 443, "http": 80}
REQUEST_LINE = re.compile(rb"([A-Za-z!#$%&'*+.^_`|~0-9-]+) ([!-\xff]+) HTTP/[0-9.]+")
STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ ([1-5][0-9][0-9])(?: .*)?")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
FLUSH_BLANK = re.compile(rb"\A(?:\r?\n)+")
BRACE = re.compile(r"\{[^/{}]*\}")


class BadInput(ValueError):
    """Input that is not what it is said to be; the message names the fault and holds no payload text."""


type Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Who sends to whom, where to and in which half of an exchange; everything of a transfer but its bytes."""

    exporter: Party = STRANGER
    recipient: Party = STRANGER
    leg: Leg = Leg.REQUEST
    scheme: str = "https"
    host: str = ""
    port: int = 443
    method: str = "POST"
    target: bytes = field(default=b"/", repr=False)
    status: int = 0


def party(rulebook: Rulebook, name: str) -> Party:
    """The party of that id, as one whose token was seen. Raises ``BadInput`` with the ids that there are."""
    member = rulebook.members.get(name)
    if member is None:
        raise BadInput(f"there is no party {name!r}; there are: {', '.join(sorted(rulebook.members))}")
    return replace(member.party, proof=Proof.TOKEN)


def by_token(rulebook: Rulebook, token: bytes | None) -> Party:
    """The party to which the token belongs, else the stranger."""
    if not token:
        return STRANGER
    digest = hashlib.sha256(token.strip()).hexdigest()
    for member in rulebook.members.values():
        if digest in member.tokens:
            return replace(member.party, proof=Proof.TOKEN)
    return STRANGER


def by_host(rulebook: Rulebook, host: str) -> Party:
    """The party whose system bears that name, else the stranger."""
    member = rulebook.by_host.get(host)
    return replace(member.party, proof=Proof.HOST) if member else STRANGER


def entry_route(rulebook: Rulebook, name: str) -> Route:
    """The route of a transfer that the whitelist entry ``name`` is about. Raises ``BadInput``."""
    entry = rulebook.entries.get(name)
    if entry is None:
        raise BadInput(f"there is no whitelist entry {name!r}; there are: {', '.join(sorted(rulebook.entries))}")
    endpoint = entry.endpoints[0]
    response = entry.carried_in is Leg.RESPONSE
    exporter, recipient = party(rulebook, entry.exporter), party(rulebook, entry.recipient)
    there = replace(exporter, proof=Proof.HOST) if response else replace(recipient, proof=Proof.HOST)
    return Route(
        exporter=there if response else exporter,
        recipient=recipient if response else there,
        leg=entry.carried_in,
        host=endpoint.host,
        port=endpoint.port,
        method=min(endpoint.methods),
        target=BRACE.sub("1", endpoint.paths[0]).encode(),
        status=200 if response else 0,
    )


def chosen_route(
    rulebook: Rulebook,
    *,
    entry: str = "",
    exporter: str = "",
    recipient: str = "",
    leg: str = "",
    host: str = "",
    method: str = "",
    path: str = "",
) -> Route:
    """The route that the options ask for: that of ``entry``, or a stranger's, changed by what is said explicitly."""
    route = entry_route(rulebook, entry) if entry else Route()
    if host:
        name, _, port = host.lower().partition(":")
        route = replace(route, host=name, port=int(port) if port.isdecimal() else route.port)
    if leg:
        half = Leg(leg)
        route = replace(route, leg=half, status=200 if half is Leg.RESPONSE else 0)
    if method:
        route = replace(route, method=method.upper())
    if path:
        route = replace(route, target=path.encode())
    if not entry or host:
        route = _ends_by_host(rulebook, route)
    if exporter:
        route = replace(route, exporter=party(rulebook, exporter))
    if recipient:
        route = replace(route, recipient=party(rulebook, recipient))
    return route


def _ends_by_host(rulebook: Rulebook, route: Route) -> Route:
    """Fill in the party at the far end, which its host tells."""
    far = by_host(rulebook, route.host)
    return replace(route, exporter=far) if route.leg is Leg.RESPONSE else replace(route, recipient=far)


def media_type_of(name: str, body: bytes) -> str:
    """The media type by the name of the file, else by the first byte of the body."""
    guess = mimetypes.guess_type(name)[0] if PurePath(name).suffix else None
    if guess:
        return guess
    return "application/json" if body.lstrip()[:1] in (b"{", b"[") else "text/plain; charset=utf-8"


def build(route: Route, name: str, headers: Headers, body: bytes, state: State = State.COMPLETE) -> Transfer:
    """Put a Transfer together; the gateway's own credential is left out, as the door does."""
    return Transfer(
        id=name,
        at=datetime.now(BEIJING),
        leg=route.leg,
        exporter=route.exporter,
        recipient=route.recipient,
        envelope=Envelope(
            method=route.method,
            scheme=route.scheme,
            host=route.host,
            port=route.port,
            target=route.target,
            headers=tuple((key, value) for key, value in headers if key.lower() != TOKEN_HEADER),
            status=route.status,
        ),
        body=body,
        state=state,
    )


def of_payload(route: Route, name: str, media_type: str, body: bytes) -> Transfer:
    """A transfer with nothing but a body."""
    length = str(len(body)).encode()
    return build(route, name, ((b"content-type", media_type.encode()), (b"content-length", length)), body)


def of_message(rulebook: Rulebook, route: Route, name: str, message: bytes) -> Transfer:
    """A whole HTTP/1.1 message, with CRLF or LF: who sends it by its token, where it goes by its Host.

    What ``route`` says of the parties wins. A body shorter than its Content-Length is PARTIAL. Raises ``BadInput``.
    """
    message = FLUSH_BLANK.sub(b"", message)
    parted = BLANK_LINE.search(message)
    head, body = (message[: parted.start()], message[parted.end() :]) if parted else (message.rstrip(b"\r\n"), b"")
    first, *lines = head.replace(b"\r\n", b"\n").split(b"\n")
    headers = tuple(_header(line, number) for number, line in enumerate(lines, 2))
    if status := STATUS_LINE.fullmatch(first):
        route = replace(route, leg=Leg.RESPONSE, status=int(status[1]))
    elif request := REQUEST_LINE.fullmatch(first):
        route = _aimed(rulebook, replace(route, method=request[1].decode()), request[2], headers)
    else:
        raise BadInput("line 1: expected 'METHOD /target HTTP/1.1' or 'HTTP/1.1 STATUS reason'")
    body, state = _framed(headers, body)
    return build(route, name, headers, body, state)


def _header(line: bytes, number: int) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or not name or name != name.strip():
        raise BadInput(f"line {number}: expected 'Name: value', then a blank line before the body")
    return name, value.strip()


def _aimed(rulebook: Rulebook, route: Route, target: bytes, headers: Headers) -> Route:
    """Fill in host, target and the parties that a request tells itself."""
    host = _first(headers, b"host")
    if absolute := re.fullmatch(rb"(https?)://([^/?#]+)(.*)", target):
        scheme = absolute[1].decode()
        route = replace(route, scheme=scheme, port=PORTS[scheme])
        host, target = absolute[2], absolute[3] or b"/"
    route = replace(route, target=target)
    if host:
        name, colon, port = host.decode("latin-1").lower().rpartition(":")
        if not (colon and port.isdecimal()):
            name, port = host.decode("latin-1").lower(), ""
        route = replace(route, host=name, port=int(port) if port else route.port)
        if not route.recipient.id and route.leg is Leg.REQUEST:
            route = replace(route, recipient=by_host(rulebook, route.host))
    if not route.exporter.id:
        route = replace(route, exporter=by_token(rulebook, _first(headers, TOKEN_HEADER)))
    return route


def _first(headers: Headers, name: bytes) -> bytes | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _framed(headers: Headers, body: bytes) -> tuple[bytes, State]:
    """Take the body out of its framing (RFC 9112 section 6)."""
    if (coding := _first(headers, b"transfer-encoding")) and coding.lower() == b"chunked":
        return _unchunked(body)
    length = _first(headers, b"content-length")
    if length is None:
        return body, State.COMPLETE
    if not length.isdigit():
        raise BadInput("Content-Length: expected a whole number")
    size = int(length)
    return body[:size], State.COMPLETE if len(body) >= size else State.PARTIAL


def _unchunked(body: bytes) -> tuple[bytes, State]:
    chunks: list[bytes] = []
    at = 0
    while (end := body.find(b"\n", at)) >= 0:
        try:
            size = int(body[at:end].split(b";")[0].strip(), 16)
        except ValueError:
            raise BadInput("chunked body: expected a chunk size") from None
        if size == 0:
            return b"".join(chunks), State.COMPLETE
        chunk = body[end + 1 : end + 1 + size]
        chunks.append(chunk)
        at = end + 1 + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return b"".join(chunks), State.PARTIAL


def of_line(rulebook: Rulebook, route: Route, line: Mapping[str, Any]) -> Transfer:
    """A line of a corpus: ``{id, text}``, or ``{id, method, target, headers, body_b64}``. Raises ``BadInput``."""
    name = str(line.get("id", ""))
    if isinstance(text := line.get("text"), str):
        try:
            body = text.encode()
        except UnicodeEncodeError:
            raise BadInput("text: a lone surrogate is no character") from None
        return of_payload(route, name, "text/plain; charset=utf-8", body)
    if "method" not in line and "body_b64" not in line:
        raise BadInput("expected {id, text} or {id, method, target, headers, body_b64}")
    headers = _pairs(line.get("headers") or {})
    try:
        body = base64.b64decode(line.get("body_b64") or "", validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise BadInput("body_b64: expected base64") from None
    route = replace(route, method=str(line.get("method") or route.method))
    target = str(line.get("target") or "/").encode("utf-8", "surrogateescape")
    return build(_aimed(rulebook, route, target, headers), name, headers, body)


def _pairs(headers: object) -> Headers:
    """Headers as an object, or as a list of pairs where order and repetition matter."""
    pairs = list(headers.items()) if isinstance(headers, Mapping) else headers
    if not isinstance(pairs, list):
        raise BadInput("headers: expected an object or a list of pairs")
    found: list[tuple[bytes, bytes]] = []
    for pair in pairs:
        if not (isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(each, str) for each in pair)):
            raise BadInput("headers: expected names and values that are strings")
        found.append((pair[0].encode(), pair[1].encode("utf-8", "replace")))
    return tuple(found)

"""What may be on the wire: message heads, authorities, and the fields that end at the gateway. Pure.

Whatever two readers could understand differently is refused rather than repaired (RFC 9112 section 11.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

type Fields = tuple[tuple[bytes, bytes], ...]

TOKEN_HEADER = b"x-kouan-token"
_OPENING = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}(?: [^\r\n]*\r?)?")
_REQUEST_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32} [\x21-\x7e]+ HTTP/1\.[01]")
_FIELD_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*")
_HEAD = re.compile(
    _REQUEST_LINE.pattern + rb"\r\n(?:" + _FIELD_LINE.pattern + rb"\r\n)*\r\n",
)
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n|$)|\x00")
_CONTENT_LENGTH = re.compile(rb"[0-9]{1,18}")

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-authentication-info",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
    }
)
"""RFC 9110 section 7.6.1, and what older software still sends."""

_REQUEST_ENDS_HERE = HOP_BY_HOP | {
    b"via",
    b"forwarded",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-proto",
    b"x-forwarded-port",
    b"x-real-ip",
    b"expect",
    b"range",
    b"if-range",
    b"sec-websocket-key",
    b"sec-websocket-version",
    b"sec-websocket-extensions",
}
"""Addresses of the sender's network, which the recipient has no claim to; ranges, since slices of a value would pass
where the whole is masked (a server may ignore Range, RFC 9110 section 14.2); and what of WebSocket's handshake is said
between neighbours."""

_RESPONSE_ENDS_HERE = HOP_BY_HOP | {b"via", b"alt-svc", b"sec-websocket-accept", b"sec-websocket-extensions"}
"""Alt-Svc (RFC 7838) would lead the client past the gateway."""

_DIGESTS = frozenset({b"content-md5", b"digest", b"content-digest", b"repr-digest", b"etag"})
"""What no longer holds once a body was masked (RFC 9530; RFC 9110 section 8.8.3)."""


def could_be_request(start: bytes) -> bool:
    """Tell whether ``start``, the beginning of what a client sends, may still become an HTTP/1 request line."""
    return _OPENING.fullmatch(start.partition(b"\n")[0][:8192]) is not None


def head_fault(head: bytes) -> str:
    """Return "" where ``head`` (up to and with its blank line) is a plain HTTP/1 request head, else what is wrong.

    Obsolete folding, bare CR or LF, control characters, blanks before a colon, a second Content-Length, or a
    Content-Length beside a Transfer-Encoding are wrong (RFC 9112 sections 2.2, 5 and 6.3).
    """
    if not _HEAD.fullmatch(head):
        return "syntax"
    return framing_fault([_split(line) for line in head[:-4].split(b"\r\n")[1:]])


def lines_broken(part: bytes, start: int = 0) -> bool:
    """Tell whether an unfinished head already holds a bare CR, a bare LF or a NUL; it was fine up to ``start``."""
    return _BARE.search(part, max(0, start - 1)) is not None


def _split(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name, value.strip(b" \t")


def framing_fault(fields: Iterable[tuple[bytes, bytes]]) -> str:
    """Return "" where the end of the body and the host can be told in one way only, else what is wrong."""
    lengths = codings = hosts = 0
    for name, value in fields:
        lowered = name.lower()
        if lowered == b"content-length":
            lengths += 1
            if not _CONTENT_LENGTH.fullmatch(value):
                return "content_length"
        elif lowered == b"transfer-encoding":
            codings += 1
            if value.lower() != b"chunked":
                return "transfer_encoding"
        elif lowered == b"host":
            hosts += 1
    if lengths > 1:
        return "content_length_twice"
    if codings > 1 or (codings and lengths):
        return "framing"
    return "host_twice" if hosts > 1 else ""


def declared_length(fields: Fields) -> int:
    """Return Content-Length, or -1 where there is none."""
    for name, value in fields:
        if len(name) == 14 and name.lower() == b"content-length":
            return int(value) if _CONTENT_LENGTH.fullmatch(value) else -1
    return -1


def declares_body(fields: Fields) -> bool:
    """Tell whether a body is announced, as it never is on CONNECT (RFC 9110 section 9.3.6)."""
    return declared_length(fields) > 0 or any(name.lower() == b"transfer-encoding" for name, _ in fields)


def size(fields: Fields) -> int:
    """Bytes of a header section as HTTP/1 writes it."""
    return sum(len(name) + len(value) for name, value in fields) + 4 * len(fields)


def authority(written: str, default_port: int) -> tuple[str, int]:
    """Split an authority into its host, in the one spelling of the whitelist, and port. Raise ValueError."""
    if written.startswith("["):
        name, bracket, rest = written[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError("authority")
        port = rest[1:]
        host = str(ip_address(name))
    else:
        host, colon, port = written.partition(":")
        if colon and not port:
            raise ValueError("authority")
        host = canonical(host)
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise ValueError("authority")
    return host, int(port) if port else default_port


def canonical(host: str) -> str:
    """Return ``host`` in lower case and without a final dot. Raise ValueError where it is no host name."""
    plain = host.lower().removesuffix(".")
    if not plain or not re.fullmatch(r"[a-z0-9._:-]{1,253}", plain):
        raise ValueError("host")
    return plain


def _named(fields: Fields) -> frozenset[bytes]:
    """Fields that Connection names: they are hop-by-hop too."""
    names: set[bytes] = set()
    for name, value in fields:
        if len(name) == 10 and name.lower() == b"connection":
            names.update(option.strip().lower() for option in value.split(b","))
    return frozenset(names - {b"close", b"keep-alive", b"host", b"content-length", b"content-type", b"cookie"})


def request_fields(fields: Fields) -> Fields:
    """Fields of a request that may travel on: nothing hop-by-hop, no credential of the gateway, no sender's address."""
    named = _named(fields)
    kept = [
        (name, value)
        for name, value in fields
        if (lowered := name.lower()) not in _REQUEST_ENDS_HERE
        and lowered not in named
        and not lowered.startswith(b"x-kouan-")
    ]
    return tuple(kept)


def response_fields(fields: Fields) -> Fields:
    """Fields of a response that may travel on; nobody but the gateway speaks in its name."""
    named = _named(fields)
    return tuple(
        (name, value)
        for name, value in fields
        if (lowered := name.lower()) not in _RESPONSE_ENDS_HERE
        and lowered not in named
        and not lowered.startswith(b"x-kouan-")
    )


def reframed(fields: Fields, length: int | None, *, changed: bool) -> Fields:
    """Fields with Content-Length ``length`` (None: none); where the body was ``changed``, without stale digests."""
    kept = tuple(
        (name, value)
        for name, value in fields
        if (lowered := name.lower()) != b"content-length" and not (changed and lowered in _DIGESTS)
    )
    return kept if length is None else (*kept, (b"Content-Length", b"%d" % length))


def closes(version: bytes, fields: Fields) -> bool:
    """Tell whether the connection ends with this message (RFC 9112 section 9.3)."""
    for name, value in fields:
        if len(name) == 10 and name.lower() == b"connection":
            options = {option.strip().lower() for option in value.split(b",")}
            if b"close" in options:
                return True
            if b"keep-alive" in options:
                return False
    return version == b"HTTP/1.0"


def head(start: bytes, fields: Fields) -> bytes:
    """Write a message head for HTTP/1."""
    return start + b"".join([b"%s: %s\r\n" % field for field in fields]) + b"\r\n"


def joined_cookies(fields: Fields) -> Fields:
    """Join the cookies that HTTP/2 may split over several fields (RFC 9113 section 8.2.3)."""
    cookies = [value for name, value in fields if name == b"cookie"]
    if len(cookies) < 2:
        return fields
    return (*(field for field in fields if field[0] != b"cookie"), (b"cookie", b"; ".join(cookies)))


def upgrades(fields: Fields) -> bool:
    """Tell whether a message asks to leave HTTP (Upgrade, RFC 9110 section 7.8)."""
    return any(name.lower() == b"upgrade" for name, _ in fields)


def value_of(fields: Fields, name: bytes) -> bytes:
    """The only value of a field; "" where it is not there, all joined by comma where it is there more than once."""
    found = [value for key, value in fields if len(key) == len(name) and key.lower() == name]
    return found[0] if len(found) == 1 else b", ".join(found)


_UNFIT = re.compile(rb"[\x00\r\n]")


def values_broken(fields: Fields) -> bool:
    """Tell whether a field holds what would end a line in HTTP/1 (RFC 9113 section 8.2.1, RFC 9110 section 5.5)."""
    return any(_UNFIT.search(value) or _UNFIT.search(name) for name, value in fields)


def authority_notices(
    place: tuple[str, int], named: Iterable[str], sni: str | None, default_port: int, *, fixed: bool = False
) -> tuple[str, ...]:
    """Compare the names that a request goes by, and return what does not agree as notices.

    ``place`` is where it will go; ``named`` are its Host and :authority as sent; ``sni`` is the name in TLS. Where the
    gateway itself fixes the place (``fixed``, a reverse proxy), the names need only agree with one another.
    """
    notices: list[str] = []
    seen: set[tuple[str, int]] = set() if fixed else {place}
    for written in named:
        try:
            seen.add(authority(written, default_port))
        except ValueError:
            seen.add((written, -1))
    if len(seen) > 1 or any(port < 0 for _, port in seen):
        notices.append("wire.authority_mismatch")
    if sni:
        hosts = {host for host, _ in seen}
        try:
            agreed = hosts <= {canonical(sni)}
        except ValueError:
            agreed = False
        if not agreed:
            notices.append("wire.sni_mismatch")
    return tuple(notices)

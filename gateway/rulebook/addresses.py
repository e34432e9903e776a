"""Hosts, networks and path templates as rule files must write them: one spelling each, so that equal means the same.

What is found here is compared byte by byte with what the traffic says. A second spelling of the same host (``0x7f.1``,
``EXAMPLE``, a Cyrillic letter that looks Latin) would be a way around, so it is refused and the right one is told.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

type Network = IPv4Network | IPv6Network

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_STEP = re.compile(r"(?:[A-Za-z0-9._~!$&'()+,=:@-]|%[89A-F][0-9A-F])+")
_HOLE = re.compile(r"\{[a-z][a-z0-9_]*\}")

BROADEST = {4: 8, 6: 7}
"""Shortest prefix by IP version: 10.0.0.0/8 and fc00::/7 are the largest private networks (RFC 1918, RFC 4193)."""


class Unfit(ValueError):
    """A spelling that cannot be used; ``fault`` and ``fix`` say why and what to write."""

    def __init__(self, fault: str, fix: str) -> None:
        self.fault = fault
        self.fix = fix
        super().__init__(f"{fault}; {fix}")


def host(written: str) -> str:
    """Return ``written`` where it is the one spelling of an exact host, else raise ``Unfit`` with that spelling."""
    if "*" in written or written.startswith(".") or not written:
        raise Unfit(f"'{written}' would match more than one host", "name each host exactly")
    if "/" in written or "@" in written or written.count(":") == 1:
        raise Unfit(f"'{written}' is more than a host", "write the host alone; port and path have keys of their own")
    if ":" in written:
        canonical = _ipv6(written)
    elif re.fullmatch(r"(?i)[0-9]+|0x[0-9a-f]*", written.rstrip(".").rpartition(".")[2]):
        canonical = _ipv4(written)
    else:
        canonical = _name(written)
    if canonical != written:
        raise Unfit(f"'{written}' is not the one spelling of this host", f"write '{canonical}'")
    return canonical


def _ipv4(written: str) -> str:
    """WHATWG URL 3.5: a host whose last label is a number is an IPv4 address, in whatever base its writer liked."""
    try:
        address = IPv4Address(written)
    except AddressValueError:
        fix = "write an IPv4 address as four decimal numbers without leading zeros"
        raise Unfit(f"'{written}' ends in a number but is no plain IPv4 address", fix) from None
    if address.is_unspecified or address.is_multicast:
        raise Unfit(f"'{written}' is not the address of one host", "name the host's own address")
    return str(address)


def _ipv6(written: str) -> str:
    try:
        address = IPv6Address(written.removeprefix("[").removesuffix("]"))
    except AddressValueError:
        raise Unfit(f"'{written}' is no IPv6 address", "write it as RFC 5952 does") from None
    if address.ipv4_mapped:
        raise Unfit(f"'{written}' is an IPv4 address in disguise", f"write '{address.ipv4_mapped}'")
    if address.is_unspecified or address.is_multicast or address.scope_id:
        raise Unfit(f"'{written}' is not the address of one host", "name the host's own address")
    return str(address)


def _name(written: str) -> str:
    canonical = written.lower().rstrip(".")
    if not canonical.isascii():
        try:
            canonical = canonical.encode("idna").decode("ascii")
        except UnicodeError:
            raise Unfit(f"'{written}' is no host name", "write the name in its ASCII form (xn--)") from None
    labels = canonical.split(".")
    if len(canonical) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Unfit(f"'{written}' is no host name", "write labels of letters, digits and hyphens, with dots between")
    return canonical


def network(written: str) -> Network:
    """Read an IP network; raise ``Unfit`` where it is none, or is so broad that it would match all."""
    try:
        found = ip_network(written, strict=False)
    except ValueError:
        raise Unfit(f"'{written}' is no IP network", "write one such as 10.1.0.0/16") from None
    if "/" in written and str(found) != written:
        raise Unfit(f"'{written}' has bits beyond its prefix, or another spelling", f"write '{found}'")
    if found.prefixlen < BROADEST[found.version]:
        raise Unfit(f"'{written}' is so broad that it would match nearly all", "name the networks that are meant")
    return found


def inner_network(written: str) -> Network:
    """Read a private, loopback or link-local network."""
    found = network(written)
    if found.is_global or not (found.is_private or found.is_link_local or found.is_loopback):
        raise Unfit(f"'{written}' is not a private network", "delete it: public addresses need no leave")
    return found


def path(written: str) -> str:
    """Check a path template; raise ``Unfit`` where it does not say plainly what it matches."""
    if not written.startswith("/"):
        raise Unfit(f"the path '{written}' does not begin with /", f"write '/{written}'")
    if "?" in written or "#" in written:
        raise Unfit(f"the path '{written}' holds a query or a fragment", "write the path alone; queries are classified")
    steps = written[1:].removesuffix("/").split("/") if written != "/" else []
    for step in steps:
        _check_step(written, step)
    holes = [step for step in steps if "{" in step]
    if len(set(holes)) < len(holes):
        raise Unfit(f"the path '{written}' uses one name twice", "give each step in braces its own name")
    if steps and len(holes) == len(steps):
        raise Unfit(f"the path '{written}' would match any path of its length", "write at least one fixed step")
    return written


def _check_step(written: str, step: str) -> None:
    if step in {"", ".", ".."}:
        raise Unfit(f"the path '{written}' has an empty step or a step of dots", "write the path it leads to")
    if "*" in step:
        raise Unfit(f"the path '{written}' has a wildcard", "write {id}, which stands for exactly one step")
    if ("{" in step or "}" in step) and not _HOLE.fullmatch(step):
        raise Unfit(f"in the path '{written}', '{step}' is ambiguous", "let braces hold a small word, a whole step")
    if "{" not in step and not _STEP.fullmatch(step):
        raise Unfit(f"in the path '{written}', '{step}' is not written as a URL writes it", "see RFC 3986 section 3.3")


def paths_meet(one: str, other: str) -> bool:
    """Tell whether some path fits both templates."""
    left, right = one.split("/"), other.split("/")
    return len(left) == len(right) and all(
        a == b or (bool(a) and bool(b) and "{" in a + b) for a, b in zip(left, right, strict=True)
    )


def path_within(inner: str, outer: str) -> bool:
    """Tell whether every path that fits ``inner`` fits ``outer``."""
    left, right = inner.split("/"), outer.split("/")
    return len(left) == len(right) and all(a == b or ("{" in b and a != "") for a, b in zip(left, right, strict=True))

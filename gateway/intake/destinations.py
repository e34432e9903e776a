"""Where a host is: looked up once, checked, and connected to at the very address that was checked.

Whoever controls a DNS name could otherwise point the gateway at machines inside its own network, or answer the
check with one address and the connection with another (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from time import monotonic

from gateway.rulebook.book import Rulebook

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network

KEPT = 30.0
"""Seconds for which an address is used before the name is looked up again."""
_MOST = 1024
_PATIENCE = 5.0
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
"""RFC 6052 and RFC 8215: an IPv4 address in the last 32 bits."""
_SIX_TO_FOUR = ip_network("2002::/16")
_SHARED = ip_network("100.64.0.0/10")
"""RFC 6598: addresses of carrier-grade NAT, which ``ipaddress`` counts neither as private nor as global."""


class Unreachable(Exception):
    """A destination that cannot be used; ``code`` says why, and nothing is connected."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Destination:
    """The address and port at which a host was found."""

    address: str
    port: int
    since: float
    leave: tuple[Network, ...] | None
    """Inner networks that the rulebook named for this host when the address was checked."""


def inner(address: Address) -> Address | None:
    """Return the address that is really meant where it is not one of the public Internet, else None.

    An IPv4 address in an IPv6 disguise (mapped, NAT64, 6to4) is taken for what it is.
    """
    meant = _undisguised(address)
    if meant.is_global and not meant.is_multicast and not meant.is_reserved and meant not in _SHARED:
        return None
    return meant


def _undisguised(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((int(address) >> 80) & 0xFFFF_FFFF)
    if int(address) >> 32 == 0 and int(address) > 1:  # the deprecated IPv4-compatible form, RFC 4291 section 2.5.5.1
        return IPv4Address(int(address))
    return address


def leave_for(rulebook: Rulebook, host: str, port: int) -> tuple[Network, ...]:
    """Inner networks in which entries of the rulebook place ``host:port``."""
    return tuple(
        network
        for entry in rulebook.entries_by_host.get(host, ())
        for endpoint in entry.endpoints
        if endpoint.host == host and endpoint.port == port
        for network in endpoint.addresses
    )


def usable(address: Address, leave: tuple[Network, ...]) -> bool:
    """Tell whether the gateway may connect to ``address``: a public one, or one in a network that was named."""
    meant = inner(address)
    if meant is None:
        return True
    if meant.is_unspecified or meant.is_multicast:
        return False
    return any(meant in network for network in leave if network.version == meant.version)


class Destinations:
    """Looks up and checks hosts; keeps the answer for half a minute."""

    def __init__(
        self, table: Mapping[str, tuple[str, int]] | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        """``table`` gives address and port of hosts that are not looked up; they are checked all the same."""
        self._table = dict(table or {})
        self._clock = clock
        self._known: dict[tuple[str, int], Destination] = {}
        self.own: tuple[tuple[str, int], ...] = ()
        """Addresses and ports on which this gateway listens, to which it never connects."""

    def pinned(self, host: str, port: int) -> Destination | None:
        """Return the address that was last checked for ``host:port``, or None."""
        return self._known.get((host, port))

    async def find(self, host: str, port: int, rulebook: Rulebook) -> Destination:
        """Return a checked address of ``host``. Raises ``Unreachable``, which says why there is none."""
        known = self._known.get((host, port))
        leave = leave_for(rulebook, host, port)
        if known is not None and known.leave == leave and self._clock() - known.since < KEPT:
            return known
        self._known.pop((host, port), None)
        addresses, real_port = await self._look_up(host, port)
        for address in addresses:  # one inner address among several is no accident: none is used
            if not usable(ip_address(address), leave):
                raise Unreachable("inner_address")
            if self._is_own(address, real_port):
                raise Unreachable("own_address")
        if len(self._known) >= _MOST:
            self._known.clear()
        found = Destination(addresses[0], real_port, self._clock(), leave)
        self._known[(host, port)] = found
        return found

    def _is_own(self, address: str, port: int) -> bool:
        """Tell whether this gateway itself listens there: it would go round in circles."""
        meant = _undisguised(ip_address(address))
        for host, own_port in self.own:
            if port == own_port:
                listening = _undisguised(ip_address(host.partition("%")[0]))
                if listening == meant or (listening.is_unspecified and _is_of_this_machine(meant)):
                    return True
        return False

    async def _look_up(self, host: str, port: int) -> tuple[list[str], int]:
        if host in self._table:
            host, port = self._table[host]
        try:
            return [str(ip_address(host))], port
        except ValueError:
            pass
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        except (OSError, UnicodeError, TimeoutError):
            raise Unreachable("unresolved") from None
        addresses = list(dict.fromkeys(str(item[4][0]).partition("%")[0] for item in found))
        if not addresses:
            raise Unreachable("unresolved")
        return addresses, port


def _is_of_this_machine(address: Address) -> bool:
    """Tell whether ``address`` belongs to an interface of this machine: only such a one can be bound."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True

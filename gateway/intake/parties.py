"""Who is sending, and who receives: client certificate, token, network or host -> Party with its proof."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address

from gateway.intake.wire import TOKEN_HEADER, Fields
from gateway.rulebook.book import Member, Rulebook
from gateway.vocabulary import STRANGER, Party, Proof

CONFLICT = "wire.identity_conflict"


@dataclass(frozen=True, slots=True)
class Identity:
    """A party, and what was odd about its proofs."""

    party: Party = STRANGER
    notices: tuple[str, ...] = ()


def tokens_in(fields: Fields) -> tuple[str, ...]:
    """Tokens that a request bears: ``X-Kouan-Token``, or ``Proxy-Authorization`` as Bearer or as password of Basic."""
    found: dict[str, None] = {}
    for name, value in fields:
        lowered = name.lower()
        if lowered == TOKEN_HEADER:
            found[value.decode("latin-1")] = None
        elif lowered == b"proxy-authorization":
            found[_from_authorization(value)] = None
    return tuple(found)


def _from_authorization(value: bytes) -> str:
    """RFC 6750 and RFC 7617; "" where it is neither, which is nobody's token."""
    scheme, _, credentials = value.decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials.strip(), validate=True).decode("latin-1").partition(":")[2]
        except binascii.Error:
            return ""
    return ""


class Directory:
    """The parties of one rulebook, by what proves them."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Index the members once; a change of rules makes another Directory."""
        self.rulebook = rulebook
        members = list(rulebook.members.values())
        self._certificates = {subject: member for member in members for subject in member.certificates}
        self._tokens = [(bytes.fromhex(token), member) for member in members for token in member.tokens]
        self._networks: list[tuple[IPv4Network | IPv6Network, Member]] = [
            (network, member) for member in members for network in member.networks
        ]
        self._hosts = {host: replace(member.party, proof=Proof.HOST) for host, member in rulebook.by_host.items()}

    def recipient(self, host: str) -> Party:
        """The party whose system ``host`` is, or a stranger."""
        return self._hosts.get(host, STRANGER)

    def sender(self, subject: str, tokens: Iterable[str], address: str) -> Identity:
        """Who sends: ``subject`` of a verified client certificate ("" for none), tokens, source address.

        Every proof that is given must name the same party, and a credential that names nobody contradicts any other;
        else the sender is a stranger. The strongest proof is the one that is told.
        """
        claims: list[tuple[Proof, frozenset[str]]] = []
        if subject:
            claims.append((Proof.MTLS, self._ids([self._certificates.get(subject)])))
        claims.extend((Proof.TOKEN, self._ids([self._by_token(token)])) for token in tokens)
        inside = self._ids(self._by_network(address))
        if inside:
            claims.append((Proof.NETWORK, inside))
        if not claims:
            return Identity()
        agreed = frozenset.intersection(*(ids for _, ids in claims))
        if len(agreed) == 1:
            member = self.rulebook.members[next(iter(agreed))]
            return Identity(replace(member.party, proof=claims[0][0]))
        nobody = all(not ids for _, ids in claims)
        return Identity(STRANGER, () if nobody else (CONFLICT,))

    @staticmethod
    def _ids(members: Iterable[Member | None]) -> frozenset[str]:
        return frozenset(member.party.id for member in members if member is not None)

    def _by_token(self, token: str) -> Member | None:
        """Compare with every known digest, so that the time tells nothing about which came near."""
        digest = sha256(token.encode("latin-1", "replace")).digest()
        found = None
        for known, member in self._tokens:
            if hmac.compare_digest(digest, known):
                found = member
        return found

    def _by_network(self, address: str) -> list[Member]:
        if not self._networks:
            return []
        try:
            source = ip_address(address.partition("%")[0])
        except ValueError:
            return []
        mapped = getattr(source, "ipv4_mapped", None)
        source = mapped or source
        return [member for network, member in self._networks if source in network]

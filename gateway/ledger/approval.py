"""Who may put rules into force: officers, what they sign, and the history that an entry must fit into.

A signature is Ed25519 over the text of a C2SP signed note, with the time of signing, as a cosignature of C2SP
tlog-cosignature (signature type 0x04). Each text names what it takes the place of and the index of the entry that put
that into force, so that no signature counts twice or in another order. Needs ``checkpoint`` and ``entry`` alone: a
regulator can take it home.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .checkpoint import BadCheckpoint, Signature, is_name, key_id, split_note
from .entry import canonical

COSIGNATURE = b"\x04"
"""Signature type identifier of a timestamped Ed25519 signature (signed-note, "Signature types")."""
RULEBOOK = "kouan.rulebook-approval/v1"
OFFICERS = "kouan.officers-approval/v1"
NONE = "none"
OWNER, REVIEWER = "owner", "reviewer"
ROLES = (OWNER, REVIEWER)
_STAMP = 8
_FULL = _STAMP + 64


class BadOfficers(ValueError):
    """Officers that cannot work together: a malformed or double key, too few people."""


def public_line(name: str, public: bytes) -> str:
    """Return ``name+hash+base64``, the line by which an officer's key is known (signed-note, "Verifier keys")."""
    return f"{name}+{key_id(name, public, COSIGNATURE).hex()}+{b64encode(COSIGNATURE + public).decode()}"


@dataclass(frozen=True, slots=True)
class Officer:
    """One person with one key."""

    key: str
    role: str

    @property
    def name(self) -> str:
        """The name in the key."""
        return self.key.partition("+")[0]

    def public(self) -> bytes:
        """Return the 32 bytes of the public key. Raises ``BadOfficers``."""
        name, _, rest = self.key.partition("+")
        encoded = rest.partition("+")[2]
        try:
            data = b64decode(encoded, validate=True)
        except (Error, ValueError):
            data = b""
        if not is_name(name) or data[:1] != COSIGNATURE or len(data) != 33 or self.key != public_line(name, data[1:]):
            raise BadOfficers(f"{name or 'a key'}: not a line that `kouan approve --new-key` printed")
        return data[1:]


@dataclass(frozen=True, slots=True)
class Officers:
    """Who may sign, and how many different people must."""

    required: int
    members: tuple[Officer, ...]

    def __post_init__(self) -> None:
        """Refuse what could never, or too easily, put anything into force."""
        if any(each.role not in ROLES for each in self.members):
            raise BadOfficers(f"a role is one of {', '.join(ROLES)}")
        if len({each.name for each in self.members}) < len(self.members):
            raise BadOfficers("two officers have one name")
        if len({each.public() for each in self.members}) < len(self.members):
            raise BadOfficers("two officers have one key: they would count as two people and are one")
        if not 1 <= self.required <= len(self.members):
            raise BadOfficers(f"{self.required} must sign, and there are {len(self.members)} officers")
        if all(each.role == OWNER for each in self.members):
            raise BadOfficers(f"nobody is {REVIEWER}: owners alone cannot put their rules into force")

    def record(self) -> dict[str, Any]:
        """The officers as an entry holds them."""
        return {"required": self.required, "members": [{"key": each.key, "role": each.role} for each in self.members]}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical record."""
        return sha256(canonical(self.record())).hexdigest()

    def lacking(self, signed: Iterable[str]) -> str:
        """Say who is still to sign where ``signed`` (names) have; "" where it is enough."""
        names = set(signed)
        missing = max(0, self.required - len(names))
        reviewed = any(each.name in names and each.role == REVIEWER for each in self.members)
        if not missing and reviewed:
            return ""
        open_ = [each for each in self.members if each.name not in names]
        if not reviewed and missing <= 1:
            open_ = [each for each in open_ if each.role == REVIEWER]
        rule = "" if reviewed else f", of them at least one {REVIEWER}"
        return f"{max(1, missing)} more of {', '.join(each.name for each in open_)}{rule}"


def officers_from_record(record: Mapping[str, Any]) -> Officers:
    """Read what ``record`` wrote. Raises ``BadOfficers``."""
    try:
        required, members = record["required"], [Officer(each["key"], each["role"]) for each in record["members"]]
        if type(required) is not int or any(
            type(text) is not str for each in members for text in (each.key, each.role)
        ):
            raise BadOfficers("officers are malformed")
    except (KeyError, TypeError):
        raise BadOfficers("officers are malformed") from None
    return Officers(required, tuple(members))


@dataclass(frozen=True, slots=True)
class Change:
    """What is signed: ``new`` takes the place of ``old``, which entry number ``since`` put into force."""

    context: str
    new: str
    old: str
    since: int

    def text(self) -> bytes:
        """Return the lines that are signed: context, what is to be, what was, and the entry that began it."""
        since = NONE if self.since < 0 else str(self.since)
        return f"{self.context}\nnew {self.new}\ninstead of {self.old}\nsince entry {since}\n".encode()

    @property
    def token(self) -> str:
        """Sixteen hexadecimal digits that name this change and no other."""
        return sha256(self.text()).hexdigest()[:16]


def _signed_bytes(seconds: int, text: bytes) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n".encode() + text


def sign(text: bytes, name: str, private: Ed25519PrivateKey, seconds: int) -> bytes:
    """Return the signature line of officer ``name`` over ``text`` at ``seconds`` (POSIX time)."""
    value = seconds.to_bytes(_STAMP, "big") + private.sign(_signed_bytes(seconds, text))
    return Signature(name, key_id(name, private.public_key().public_bytes_raw(), COSIGNATURE), value).line()


@dataclass(frozen=True, slots=True)
class Signed:
    """An officer's good signature. ``at``: POSIX time, as the officer's own clock had it."""

    name: str
    at: int


def signed_by(note: bytes, text: bytes, officers: Officers) -> tuple[Signed, ...]:
    """Return which of ``officers`` signed ``text`` in ``note``, each once; what is not good is passed over."""
    try:
        told, lines = split_note(note)
    except BadCheckpoint:
        return ()
    if told != text:
        return ()
    keys = {(each.name, key_id(each.name, each.public(), COSIGNATURE)): each for each in officers.members}
    good: dict[str, Signed] = {}
    for line in lines:
        officer = keys.get((line.name, line.key_id))
        if officer is None or officer.name in good or len(line.value) != _FULL:
            continue
        at = int.from_bytes(line.value[:_STAMP], "big")
        try:
            Ed25519PublicKey.from_public_bytes(officer.public()).verify(line.value[_STAMP:], _signed_bytes(at, text))
        except InvalidSignature:
            continue
        good[officer.name] = Signed(officer.name, at)
    return tuple(good.values())


@dataclass(slots=True)
class History:
    """What is in force after the entries taken so far, and what may come into force next."""

    officers: Officers | None = None
    officers_since: int = -1
    book: str = ""
    since: int = -1
    """Index of the entry that put ``book`` into force."""
    approved: bool = True
    """Whether ``book`` needs no further signatures."""
    granted: str = ""
    live: set[str] = field(default_factory=set)
    """Rulebooks that were ever in force; a transfer in flight ends under the one with which it began."""
    overrides: list[int] = field(default_factory=list)
    """Entries by which officers were changed without the signatures of the former ones."""

    def book_change(self, digest: str) -> Change:
        """What officers sign to put the rulebook ``digest`` into force next."""
        return Change(RULEBOOK, digest, self.book or NONE, self.since)

    def officers_change(self, officers: Officers | None) -> Change:
        """What the present officers sign to be followed by ``officers`` (None: by nobody)."""
        now = NONE if self.officers is None else self.officers.digest
        return Change(OFFICERS, NONE if officers is None else officers.digest, now, self.officers_since)

    def needs_approval(self, digest: str) -> bool:
        """Whether ``digest`` cannot go live as it is."""
        return self.officers is not None and not (digest == self.book and self.approved) and self.granted != digest

    def take(self, index: int, entry: Mapping[str, Any]) -> str:
        """Take in an entry. Returns what is wrong with it, or ""."""
        match entry["kind"]:
            case "officers":
                return self._officers(index, entry)
            case "approval":
                return self._approval(entry)
            case "rulebook":
                return self._rulebook(index, entry["rulebook"])
            case "decision" if self.officers is not None and entry["rulebook"] not in self.live:
                return "decided by a rulebook that was never put into force"
        return ""

    def _officers(self, index: int, entry: Mapping[str, Any]) -> str:
        fault = ""
        try:
            officers = None if entry["officers"] is None else officers_from_record(entry["officers"])
        except BadOfficers as bad:
            return str(bad)
        if self.officers is not None:
            signed = signed_by(entry["note"].encode(), self.officers_change(officers).text(), self.officers)
            lacking = self.officers.lacking(each.name for each in signed)
            if lacking and entry["override"]:
                self.overrides.append(index)
            elif lacking:
                fault = f"officers were changed without the signatures of the former: {lacking}"
        else:
            self.approved = False
        self.officers, self.officers_since, self.granted = officers, index, ""
        return fault

    def _approval(self, entry: Mapping[str, Any]) -> str:
        if self.officers is None:
            return "an approval where no officers are in force"
        digest = entry["rulebook"]
        signed = signed_by(entry["note"].encode(), self.book_change(digest).text(), self.officers)
        if lacking := self.officers.lacking(each.name for each in signed):
            return f"the signatures do not suffice: {lacking}"
        self.granted = digest
        return ""

    def _rulebook(self, index: int, digest: str) -> str:
        fault = "in force without approval" if self.needs_approval(digest) else ""
        if digest != self.book:
            self.book, self.since = digest, index
        if not fault:
            self.approved = True
        self.granted = ""
        self.live.add(digest)
        return fault

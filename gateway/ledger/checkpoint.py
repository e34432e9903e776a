"""Signed tree heads as the transparency-log community writes them: C2SP signed-note and tlog-checkpoint.

A checkpoint is a note of three lines (origin, number of entries, root hash), a blank line, and one line for each
signature. Our own signature is Ed25519; lines of other keys (witnesses) are carried along and judged by whoever
knows those keys.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
"""Signature type identifier of plain Ed25519 (signed-note, "Signature types")."""
MOST_SIGNATURES = 64
MOST_BYTES = 256 * 1024
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadCheckpoint(ValueError):
    """A note that is not a checkpoint of this log, or is not signed by its key. ``code`` says which."""

    def __init__(self, code: str, text: str) -> None:
        """``code`` is one of malformed, signature, origin, key."""
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a log has, and the root of the tree over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n".encode()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who, the four bytes that tell the key and its type, and the signature."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> bytes:
        """Return the line as it stands in a note."""
        return f"\u2014 {self.name} {b64encode(self.key_id + self.value).decode()}\n".encode()


def key_id(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    """Return the four bytes by which signature lines name a key."""
    return sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def is_name(name: str) -> bool:
    """Whether ``name`` can name a key: not empty, neither blanks nor ``+`` nor control characters."""
    return bool(name) and name.isprintable() and not any(each == "+" or each.isspace() for each in name)


def unbase64(text: str) -> bytes:
    """Decode standard base64, and only as it is written when encoded: every bit of the text counts."""
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError):
        raise BadCheckpoint("malformed", "base64 is malformed") from None
    if b64encode(data).decode() != text:
        raise BadCheckpoint("malformed", "base64 is not as encoding writes it")
    return data


def split_note(note: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    """Split a signed note into its text and its signature lines. Raises ``BadCheckpoint``."""
    if len(note) > MOST_BYTES:
        raise BadCheckpoint("malformed", f"a note of more than {MOST_BYTES} bytes")
    try:
        decoded = note.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise BadCheckpoint("malformed", f"no UTF-8 at byte {fault.start}") from None
    if match := _FORBIDDEN.search(decoded):
        raise BadCheckpoint("malformed", f"a control character at {match.start()}")
    text, blank, tail = decoded.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise BadCheckpoint("malformed", "no blank line, or no new-line at the end")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadCheckpoint("malformed", f"more than {MOST_SIGNATURES} signatures")
    return (text + "\n").encode(), tuple(map(_signature, lines))


def _signature(line: str) -> Signature:
    dash, name, encoded = parts if len(parts := line.split(" ")) == 3 else ("", "", "")
    if dash != "\u2014" or not is_name(name):
        raise BadCheckpoint("malformed", "a signature line is malformed")
    data = unbase64(encoded)
    if len(data) < 5:
        raise BadCheckpoint("malformed", "a signature is too short")
    return Signature(name, data[:4], data[4:])


def parse(text: bytes) -> Checkpoint:
    """Read the text of a note as a checkpoint; extension lines are refused, since no monitor can audit them."""
    lines = text.decode("utf-8").split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise BadCheckpoint("malformed", "a checkpoint has three lines")
    if not _SIZE.fullmatch(lines[1]):
        raise BadCheckpoint("malformed", "the size is no plain number")
    root = unbase64(lines[2])
    if len(root) != 32:
        raise BadCheckpoint("malformed", "the root is not 32 bytes long")
    return Checkpoint(lines[0], int(lines[1]), root)


class Verifier:
    """A log's public key under its name."""

    def __init__(self, vkey: str) -> None:
        """Read ``name+hash+base64`` (signed-note, "Verifier keys"). Raises ``BadCheckpoint`` with code ``key``."""
        name, _, rest = vkey.strip().partition("+")
        digest, _, encoded = rest.partition("+")
        try:
            data = unbase64(encoded)
        except BadCheckpoint:
            data = b""
        if not is_name(name) or data[:1] != ED25519 or len(data) != 33:
            raise BadCheckpoint("key", "a verifier key is name+hash+base64 of an Ed25519 key")
        self.name = name
        self.key_id = key_id(name, data[1:])
        if digest != self.key_id.hex():
            raise BadCheckpoint("key", "the hash in the verifier key is not that of its name and key")
        self.vkey = vkey.strip()
        self._public = Ed25519PublicKey.from_public_bytes(data[1:])

    def signed_text(self, note: bytes) -> bytes:
        """Return the text of ``note`` if this key signed it. Raises ``BadCheckpoint``."""
        text, signatures = split_note(note)
        ours = [each for each in signatures if each.name == self.name and each.key_id == self.key_id]
        if not ours:
            raise BadCheckpoint("signature", f"no signature by {self.name}+{self.key_id.hex()}")
        for each in ours:
            try:
                self._public.verify(each.value, text)
            except InvalidSignature:
                raise BadCheckpoint("signature", "the signature is not of this text") from None
        return text

    def read(self, note: bytes) -> Checkpoint:
        """Return the checkpoint in ``note``, once its signature is verified and its origin is this log."""
        found = parse(self.signed_text(note))
        if found.origin != self.name:
            raise BadCheckpoint("origin", "the checkpoint is of another log")
        return found


class Signer:
    """A log's private key under its name. Never shown by ``repr``."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        """``name`` is the origin of the log. Raises ``ValueError`` if it has blanks or ``+``."""
        if not is_name(name):
            raise ValueError("the name of a log holds neither blanks nor '+'")
        self.name = name
        self._private = private
        public = private.public_key().public_bytes_raw()
        self._key_id = key_id(name, public)
        self.vkey = f"{name}+{self._key_id.hex()}+{b64encode(ED25519 + public).decode()}"

    def sign(self, size: int, root: bytes) -> bytes:
        """Return the signed note over a tree of ``size`` entries with that ``root``."""
        text = Checkpoint(self.name, size, root).text()
        return text + b"\n" + Signature(self.name, self._key_id, self._private.sign(text)).line()

"""An officer's private key: Ed25519 in PEM (PKCS #8), encrypted with a passphrase that nobody else knows."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from gateway.ledger.approval import public_line
from gateway.ledger.checkpoint import is_name

SHORTEST = 12
"""Characters of the shortest passphrase: the file may be copied, and then guessed at without limit."""


class BadOfficerKey(ValueError):
    """A key that cannot be made or used. The message names the file, never the passphrase."""


def new_key(path: Path, name: str, passphrase: str) -> str:
    """Write a new private key to ``path`` (mode 0600; nothing is overwritten), return the public line of ``name``."""
    if not is_name(name) or not name.isascii():
        raise BadOfficerKey("a name has letters and digits, and neither blanks nor '+'")
    if len(passphrase) < SHORTEST:
        raise BadOfficerKey(f"a passphrase has {SHORTEST} characters or more")
    private = Ed25519PrivateKey.generate()
    encryption = BestAvailableEncryption(passphrase.encode())
    data = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise BadOfficerKey(f"{path}: is there already; a key is never overwritten") from None
    except OSError as fault:
        raise BadOfficerKey(f"{path}: cannot be written ({fault.strerror})") from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return public_line(name, private.public_key().public_bytes_raw())


def load_key(path: Path, passphrase: str) -> Ed25519PrivateKey:
    """Read what ``new_key`` wrote. Raises ``BadOfficerKey``; a key without passphrase is refused too."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise BadOfficerKey(f"{path}: cannot be read ({fault.strerror})") from None
    try:
        private = load_pem_private_key(data, passphrase.encode())
    except TypeError:
        raise BadOfficerKey(f"{path}: this key has no passphrase; make one with kouan approve --new-key") from None
    except (ValueError, UnsupportedAlgorithm):
        raise BadOfficerKey(f"{path}: not a private key in PEM, or another passphrase") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadOfficerKey(f"{path}: not an Ed25519 key")
    return private

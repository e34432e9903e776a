"""The log's key on disk: made on first run, private, never inside the folder that is handed to others."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from gateway.ledger.checkpoint import Signer


class BadKey(Exception):
    """A key file that cannot be used. The message names the file and what to do."""


def signer(path: Path, name: str) -> Signer:
    """Read the private key at ``path``, or make one with mode 0600. Raises ``BadKey``, ``OSError``."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return Signer(name, _make(path))
    with os.fdopen(handle, "rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise BadKey(f"{path}: others can read this private key; chmod 600 it, or replace it")
        data = file.read()
    try:
        private = load_pem_private_key(data, password=None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKey(f"{path}: not an Ed25519 private key in PEM; put the ledger's own key back")
    return Signer(name, private)


def _make(path: Path) -> Ed25519PrivateKey:
    """Write a new key so that it is there whole or not at all, whenever the power goes."""
    private = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)  # noqa: PTH105 - the atomic call by its name
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return private

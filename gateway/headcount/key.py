"""The key of the fingerprints: 32 bytes in a file beside the ledger's key, made at the first start, never recorded.

Without it nobody can work out from a fingerprint whose it is, nor whether a given person was counted. Where it is lost,
people already counted would be counted again under a new one: too many, never too few.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

SIZE = 32


class BadFingerprintKey(Exception):
    """A key file that cannot be used. The message names the file and what to do."""


def fingerprint_key(path: Path, *, counted: bool = False) -> bytes:
    """Read the key at ``path``, or make it with mode 0600, whole or not at all. Several processes may call it at once.

    ``counted`` says that people were counted already: then a key that is missing is lost, and none is made. Raises
    ``BadFingerprintKey``.
    """
    try:
        if not path.exists():
            if counted:
                raise BadFingerprintKey(f"{path}: the key under which people were counted is gone; put it back")
            _make(path)
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise BadFingerprintKey(f"{path}: others can read this key; chmod 600 it")
            key = file.read(SIZE + 1)
    except OSError as fault:
        raise BadFingerprintKey(f"{path}: {fault.strerror}; the key must be readable by the gateway") from None
    if len(key) != SIZE:
        raise BadFingerprintKey(f"{path}: not a key of {SIZE} bytes; put the key of this gateway's counts back")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(os.urandom(SIZE))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was first; its key is the key
        os.link(fresh, path)
    fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

"""What was worked out from rules at some cost, kept on disk by the digest of what it was worked out from."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

MOST = 24
"""Files that a folder keeps; a rulebook takes three."""


class KeptFiles:
    """Folders of files that may be lost at any time. What cannot be kept costs time at the next start, nothing else."""

    def __init__(self, *folders: Path) -> None:
        """Files are read from each folder, and written to the first."""
        self._folders = folders

    def read(self, name: str) -> bytes | None:
        """Return what was kept under ``name``, or None; files that others might have written are passed over."""
        for folder in self._folders:
            with suppress(OSError):
                file = folder / name
                held = file.stat()
                if held.st_uid == os.getuid() and not held.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                    os.utime(file)
                    return file.read_bytes()
        return None

    def write(self, name: str, data: bytes) -> None:
        """Keep ``data``, and forget what was used longest ago."""
        if not self._folders:
            return
        folder = self._folders[0]
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=folder, delete=False) as file:
                file.write(data)
            Path(file.name).replace(folder / name)
            for old in sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)[MOST:]:
                old.unlink(missing_ok=True)


def kept_for(environ: Mapping[str, str], *folders: Path) -> KeptFiles:
    """Return what is kept in ``folders``, and behind them in the user's cache (XDG Base Directory Specification)."""
    return KeptFiles(*folders, *_cache(environ))


def _cache(environ: Mapping[str, str]) -> Iterator[Path]:
    with suppress(RuntimeError):  # a user without a home
        yield Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kouan" / "automata"

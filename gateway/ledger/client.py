"""A log as its reader sees it: resources by path, out of a folder or over HTTP, and what is made of them.

Nothing that is read is believed here; ``mirror`` proves it. Needs neighbours of ``verify`` alone.
"""

from __future__ import annotations

import gzip
import http.client
import ssl
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import local
from urllib.parse import urlsplit

from .tiles import ENTRIES, HEIGHT, LONGEST, WIDE, WIDTH, BadTile, Tile, split, subtree_in, unpack, width_at
from .tree import HASH_SIZE, Subtree

type Read = Callable[[str], bytes | None]
"""Gives a resource of a log by its path under the prefix, such as ``checkpoint`` or ``tile/0/000``; None: not there."""

SECONDS = 30.0
MOST_BYTES = 256 * 1024 * 1024
"""Bytes that one resource may have, also once decompressed."""
AHEAD = 8
"""Resources that are asked for ahead, over HTTP, by ``_HANDS`` connections."""
_HANDS = 4
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Unreachable(OSError):
    """A log that does not answer, or not as one does. The message names the address and the status."""


def is_address(place: str) -> bool:
    """Whether ``place`` is an address on the network rather than a file or folder."""
    return place.startswith(("http://", "https://"))


def from_folder(folder: Path) -> Read:
    """Read a mirror's folder."""

    def read(path: str) -> bytes | None:
        try:
            return (folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    return read


@contextmanager
def from_address(prefix: str) -> Iterator[Read]:
    """Read over HTTP, on kept connections, one for each thread. Calls raise ``Unreachable``; nothing is redirected."""
    address = _Address(prefix)
    try:
        yield address.read
    finally:
        address.close()


@contextmanager
def opened(place: str) -> Iterator[Read]:
    """Read the log at ``place``: an address, or a folder of tiles."""
    if is_address(place):
        with from_address(place) as read:
            yield read
    else:
        yield from_folder(Path(place))


class _Address:
    """The prefix of a log, and the connections to it."""

    def __init__(self, prefix: str) -> None:
        parts = urlsplit(prefix)
        self._prefix, self._root = prefix, parts.path.rstrip("/")
        self._host, self._port = parts.hostname or "", parts.port
        self._context = ssl.create_default_context() if parts.scheme == "https" else None
        self._mine = local()
        self._links: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        """Let go of the connections."""
        for link in self._links:
            link.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._context is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=SECONDS)
        return http.client.HTTPSConnection(self._host, self._port, timeout=SECONDS, context=self._context)

    def _ask(self, path: str) -> tuple[int, str, bytes]:
        if getattr(self._mine, "link", None) is None:
            self._mine.link = self._connection()
            self._links.append(self._mine.link)
        link = self._mine.link
        try:
            link.request("GET", f"{self._root}/{path}", headers={"Accept-Encoding": "gzip, identity"})
            answer = link.getresponse()
            return answer.status, answer.getheader("Content-Encoding", "identity"), answer.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException):
            link.close()
            self._mine.link = None
            raise

    def read(self, path: str) -> bytes | None:
        """Return the resource at ``path``, None where it is not there."""
        try:
            try:
                status, coding, data = self._ask(path)
            except (OSError, http.client.HTTPException):  # a kept connection may have been closed meanwhile
                status, coding, data = self._ask(path)
        except (OSError, http.client.HTTPException) as fault:
            raise Unreachable(f"{self._prefix}: no answer ({type(fault).__name__})") from None
        if status in (404, 410):
            return None
        if status != 200 or len(data) > MOST_BYTES:
            moved = ", which is followed nowhere" if status in _REDIRECTS else ""
            raise Unreachable(f"{self._prefix}: {path}: status {status}{moved}")
        return _decoded(data, coding, f"{self._prefix}: {path}")


def _decoded(data: bytes, coding: str, name: str) -> bytes:
    if coding == "identity":
        return data
    if coding != "gzip":
        raise Unreachable(f"{name}: an encoding that was not asked for")
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(data, MOST_BYTES)
    except zlib.error:
        raise Unreachable(f"{name}: damaged gzip") from None
    if not inflater.eof or inflater.unused_data:
        raise Unreachable(f"{name}: gzip that is cut short, too long, or followed by more")
    return plain


def compressed(data: bytes) -> bytes:
    """Return ``data`` as gzip, the same whenever it is made."""
    return gzip.compress(data, 5, mtime=0)


class Log:
    """The resources of one log, by what they mean."""

    def __init__(self, read: Read) -> None:
        """``read`` gives resources by path."""
        self.read = read

    def note(self) -> bytes | None:
        """Return the newest checkpoint."""
        return self.read("checkpoint")

    def tile(self, tile: Tile) -> bytes | None:
        """Return a tile of hashes; out of the full one where a partial one is no longer there (tlog-tiles)."""
        data = self.read(tile.path)
        if data is None and tile.width < WIDTH:
            full = self.read(Tile(tile.level, tile.number).path)
            return None if full is None else full[: tile.width * HASH_SIZE]
        return data

    def hashes(self, tile: Tile) -> list[bytes] | None:
        """Return the hashes of a tile; None where it is missing. Raises ``BadTile``."""
        data = self.tile(tile)
        return None if data is None else split(data, tile.width)

    def bundle(self, number: int, width: int) -> tuple[list[bytes], bool] | None:
        """Return the entries of a bundle and whether it could be read to its end; None where it is missing."""
        for level in (ENTRIES, WIDE):
            for there in (width, WIDTH) if width < WIDTH else (width,):
                data = self.read(Tile(level, number, there).path)
                if data is not None:
                    entries, whole = unpack(data, there, level)
                    if level == WIDE and not any(len(each) > LONGEST for each in entries):
                        whole = False
                    return entries[:width], whole
        return None

    def subtree(self, size: int) -> Subtree:
        """Return the subtree hashes of a tree of ``size`` leaves. Raises ``BadTile`` where a tile is missing."""

        def tile(wanted: Tile) -> bytes:
            data = self.tile(wanted)
            if data is None:
                raise BadTile(f"{wanted.path} is missing")
            return data

        return subtree_in(tile, size)

    def rows(
        self, size: int, start: int = 0, *, ahead: bool = False
    ) -> Iterator[tuple[int, tuple[list[bytes], bool] | None, list[bytes] | str | None]]:
        """Yield bundles from the one with entry ``start`` on: number, entries, and the hashes of the tile beside them.

        For hashes that are none, a sentence stands there. ``ahead``: ask for some before they are needed.
        """

        def row(number: int) -> tuple[int, tuple[list[bytes], bool] | None, list[bytes] | str | None]:
            width = width_at(0, number, size)
            hashes: list[bytes] | str | None
            try:
                hashes = self.hashes(Tile(0, number, width))
            except BadTile as fault:
                hashes = str(fault)
            return number, self.bundle(number, width), hashes

        numbers = range(start >> HEIGHT, (size + WIDTH - 1) >> HEIGHT)
        return _ahead(row, numbers) if ahead else map(row, numbers)


def _ahead[T](call: Callable[[int], T], numbers: Iterable[int]) -> Iterator[T]:
    """Yield ``call`` of each number in order, some of them begun before they are needed."""
    with ThreadPoolExecutor(_HANDS) as hands:
        begun: deque[Future[T]] = deque()
        for number in numbers:
            begun.append(hands.submit(call, number))
            if len(begun) >= AHEAD:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()

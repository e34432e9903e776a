"""Where a log can be: a ledger's folder, a mirror's folder of tiles, an address; and the keys by which it is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gateway.cli.exits import wrong
from gateway.ledger import BadRulebook, LedgerClosed
from gateway.ledger.checkpoint import BadCheckpoint
from gateway.ledger.client import Log, Read, Unreachable, is_address, opened
from gateway.ledger.proof import BadProof, Cosigner
from gateway.ledger.published import Published
from gateway.ledger.rulebooks import unpack
from gateway.ledger.store import DATABASE
from gateway.ledger.tiles import BadTile
from gateway.rulebook import from_files
from gateway.rulebook.book import Rulebook
from gateway.rulebook.document import Faulty

BOOKS_KEPT = 8


def is_tiles(place: str) -> bool:
    """Whether ``place`` is a log that is published as tiles: an address, or a mirror's folder."""
    return is_address(place) or ((Path(place) / "checkpoint").is_file() and not (Path(place) / DATABASE).exists())


@contextmanager
def log_at(place: str) -> Iterator[Log]:
    """Open the log at ``place``, whichever it is; end with ``USAGE`` where it cannot be read."""
    folder = Path(place) if Path(place).is_dir() else Path(place).parent
    try:
        if is_tiles(place):
            with opened(place) as read:
                yield Log(read)
            return
        if not (folder / DATABASE).is_file():
            wrong(f"{place}: there is no ledger here, and no mirror; name a folder of either, or an address")
        published = Published(folder)
        try:
            yield Log(published.read)
        finally:
            published.close()
    except Unreachable as fault:
        wrong(str(fault))
    except (LedgerClosed, BadTile, BadProof) as fault:
        wrong(f"{place}: cannot be read ({fault}); try: kouan verify {place}")
    except OSError as fault:
        wrong(f"{fault.filename or place}: cannot be read or written ({type(fault).__name__})")


def key_at(given: str, log: Log | None = None) -> str:
    """Return the public key that was given, as text or as a file; where none was, the one beside the log."""
    if given:
        return Path(given).read_text(encoding="utf-8") if Path(given).is_file() else given
    beside = log.read("vkey") if log is not None else None
    if beside is None:
        wrong("name the log's public key with --vkey, as text or as a file; have it from the operator, by another way")
    return beside.decode("utf-8", "replace")


def witnesses_of(given: Sequence[str]) -> list[Cosigner]:
    """Return the witnesses whose keys were given, as text or as files; end with ``USAGE`` where one is no key."""
    try:
        return [Cosigner(key_at(each)) for each in given]
    except BadCheckpoint as fault:
        wrong(f"a witness's key cannot be used: {fault}")


class Books:
    """The rulebooks that a log gives by their digests."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._books: dict[str, Rulebook | None] = {}

    def book(self, digest: str) -> Rulebook | None:
        """Return the rulebook of that digest, or None where it is not kept, or not what the digest says."""
        if digest not in self._books:
            if len(self._books) >= BOOKS_KEPT:
                self._books.clear()
            self._books[digest] = self._load(digest)
        return self._books[digest]

    def _load(self, digest: str) -> Rulebook | None:
        data = self._read(f"rulebook/{digest}")
        try:
            book = None if data is None else from_files(unpack(data))
        except (BadRulebook, Faulty):
            return None
        return book if book is not None and book.digest == digest else None


@contextmanager
def bar(doing: str) -> Iterator[Callable[[int, int], Any]]:
    """Show a bar on standard error; gives what is told entries done and in all."""
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn("entries"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(doing, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)

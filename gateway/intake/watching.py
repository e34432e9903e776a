"""Notices that somebody touched the rules. What changed, and whether it is any good, is for others to say."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

from watchfiles import Change, watch

from gateway.approvals import FILE, NOTES

DATASETS = "datasets"
FOLDERS = ("classifiers", DATASETS, "descriptors", "policies", NOTES)
SETTLED = 300
"""Milliseconds of quiet after which a change is told: an editor writes in several steps."""
_AROUND = frozenset({*FOLDERS, FILE, "whitelist.yaml", "..data"})
"""What counts in the root itself, where logs and state may lie too; ``..data`` is how Kubernetes swaps a volume."""
_AGAIN = 1.0


def folders(root: Path, whitelist: Path | None = None) -> list[Path]:
    """Return ``root`` and every folder of rules in it, each to be watched by itself: the state may lie there too.

    So with the folder of another ``whitelist``, and the datasets beside it.
    """
    found = [root, *(Path(path) for name in FOLDERS for path, _, _ in os.walk(root / name))]
    if whitelist is not None:
        found += [whitelist.parent, *(Path(path) for path, _, _ in os.walk(whitelist.parent / DATASETS))]
    return found


def concerns(root: Path, path: Path, whitelist: Path | None = None) -> bool:
    """Whether a change at ``path`` may be one of the rules."""
    name = path.name
    if whitelist is not None and path.parent == whitelist.parent and path.parent != root:
        return name in {whitelist.name, DATASETS, "..data"}
    if path.parent == root:
        return name in _AROUND or name.lower().startswith("approval")
    return not name.startswith(".") and not name.endswith("~")


def fingerprint(root: Path, whitelist: Path | None = None) -> frozenset[tuple[str, int, int]]:
    """Return what tells whether a file of rules was touched: names, times and sizes."""
    found = set()
    for folder in folders(root, whitelist):
        try:
            with os.scandir(folder) as entries:
                mine = [entry for entry in entries if concerns(root, Path(entry.path), whitelist)]
            found |= {(each.path, (state := each.stat()).st_mtime_ns, state.st_size) for each in mine if each.is_file()}
        except OSError:
            found.add((str(folder), -1, -1))
    return frozenset(found)


class Watcher:
    """A thread that calls ``told`` (in that thread) after each change, until it is stopped."""

    def __init__(self, root: Path, told: Callable[[], None], whitelist: Path | None = None) -> None:
        """Begin to watch ``root``, and another ``whitelist``, at ``start``."""
        self._root = root.resolve()
        self._whitelist = whitelist.parent.resolve() / whitelist.name if whitelist else None
        self._told = told
        self._stop = Event()
        self._thread = Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait until it has."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        again = False
        while not self._stop.is_set():
            try:
                for _ in self._changes(again):
                    self._told()
                again = True
            except OSError:  # a folder that went away while it was listed
                self._stop.wait(_AGAIN)

    def _changes(self, again: bool) -> Iterator[None]:
        """Yield after each change; end when the folders are others than are watched.

        ``again``: yield once after the watch has begun, for what came while nobody looked.
        """
        watched = folders(self._root, self._whitelist)

        def mine(_: Change, path: str) -> bool:
            return concerns(self._root, Path(path), self._whitelist)

        quiet = {"debounce": 4 * SETTLED, "step": SETTLED, "rust_timeout": 1000, "yield_on_timeout": True}
        found = watch(
            *(path for path in watched if path.is_dir()),
            watch_filter=mine,
            recursive=False,
            stop_event=self._stop,
            raise_interrupt=False,
            **quiet,  # type: ignore[arg-type]
        )
        for changes in found:
            if changes or again:
                again = False
                yield
            if folders(self._root, self._whitelist) != watched:
                return

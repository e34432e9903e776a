"""Expressions compiled into one automaton by Hyperscan.

Hyperscan compiles ahead and its cost per byte does not depend on what was read before. RE2's Set builds its automaton
while it reads: it is as fast on a text that it has seen, and fifty times slower on one that it has not, since each set
of expressions seen so far is a state of its own (``python -m bench.classify`` shows both). Only block mode is used,
with scratch space of its own for each thread, and the data are UTF-8 that was just encoded.
"""

from __future__ import annotations

import platform
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Protocol
from weakref import WeakValueDictionary

import hyperscan


class Kept(Protocol):
    """Where what was compiled once is kept, so that no start waits for it twice; this room itself does no I/O."""

    def read(self, name: str) -> bytes | None:
        """Return what was kept under a name, or None."""

    def write(self, name: str, data: bytes) -> None:
        """Keep ``data``, as well as may be; it must not raise."""


class TooMany(Exception):
    """More places than are weighed in one part."""


class TooLarge(Exception):
    """An expression that RE2 takes is more than Hyperscan compiles."""

    def __init__(self, number: int) -> None:
        """``number`` is that of the expression."""
        super().__init__(f"expression {number}")
        self.number = number


@dataclass(frozen=True, slots=True)
class Expression:
    """What to look for, and the number under which it is reported; several may share one."""

    number: int
    regex: str
    caseless: bool = False
    once: bool = False
    """Report the first place only."""


class Scanner:
    """One automaton over all expressions."""

    def __init__(self, expressions: Sequence[Expression], kept: Kept | None = None) -> None:
        """Compile, or take what was compiled before, from ``kept`` too. Raises ``TooLarge``."""
        self._compiled = _compiled(expressions, kept) if expressions else None
        self._own = threading.local()

    def scan(self, data: bytes, most: int) -> list[tuple[int, int]]:
        """Return (number, offset of the end) of all that stands in ``data``, which is UTF-8, in order of their ends.

        Raises ``TooMany`` beyond ``most``.
        """
        if self._compiled is None:
            return []
        database = self._compiled.database
        scratch = getattr(self._own, "scratch", None)
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(database)
        seen: list[tuple[int, int]] = []

        def see(number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            seen.append((number, end))
            return len(seen) > most

        try:
            database.scan(data, match_event_handler=see, scratch=scratch)
        except hyperscan.ScanTerminated:
            raise TooMany from None
        return seen


@dataclass(frozen=True, eq=False)
class _Compiled:
    database: hyperscan.Database


_LIVE: WeakValueDictionary[str, _Compiled] = WeakValueDictionary()
"""What is in use in this process, by digest."""


def _compiled(expressions: Sequence[Expression], kept: Kept | None) -> _Compiled:
    written = [f"{each.number}\t{_flags(each)}\t{each.regex}" for each in expressions]
    # A database fits no other version of the library; whether it fits the processor, the library sees when loading.
    name = sha256("\n".join((version("hyperscan"), platform.machine(), *written)).encode()).hexdigest()
    compiled = _LIVE.get(name)
    if compiled is None:
        database = _loaded(kept.read(name)) if kept else None
        if database is None:
            database = _made(expressions)
            if kept:
                kept.write(name, hyperscan.dumpb(database))
        compiled = _LIVE[name] = _Compiled(database)
    return compiled


def _loaded(data: bytes | None) -> hyperscan.Database | None:
    if data is None:
        return None
    try:
        return hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error:  # cut short, or of another processor: the library looks at length and checksum
        return None


def _flags(expression: Expression) -> int:
    flags = hyperscan.HS_FLAG_UTF8
    if expression.caseless:
        # É is é in either case, but to ask for that where there is none costs time to compile.
        accented = any("\u00c0" <= each <= "\u024f" for each in expression.regex)
        flags |= hyperscan.HS_FLAG_CASELESS | (hyperscan.HS_FLAG_UCP if accented else 0)
    return int(flags | (hyperscan.HS_FLAG_SINGLEMATCH if expression.once else 0))


def _made(expressions: Sequence[Expression]) -> hyperscan.Database:
    try:
        return _alone(expressions)
    except hyperscan.error:
        raise TooLarge(next(each.number for each in expressions if not _compiles(each))) from None


def _alone(expressions: Sequence[Expression]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[each.regex.encode() for each in expressions],
        ids=[each.number for each in expressions],
        elements=len(expressions),
        flags=[_flags(each) for each in expressions],
    )
    return database


def _compiles(expression: Expression) -> bool:
    try:
        _alone([expression])
    except hyperscan.error:
        return False
    return True

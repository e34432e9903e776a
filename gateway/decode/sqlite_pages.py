"""What lies in a SQLite file beside its tables: free pages, gaps in pages, tails of overflow pages, reserved bytes.

SQLite writes nothing over what is deleted, and leaves copies behind where it moves rows to other pages. All b-trees
are walked here by the file format (sqlite.org/fileformat2.html), and whatever they do not reach is yielded. Linear in
the file; whatever stands in it, nothing is raised.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass

_INDEX_INNER, _TABLE_INNER, _INDEX_LEAF, _TABLE_LEAF = 2, 5, 10, 13
_HEADER = 100
_LARGEST = 8192
"""Size of a page below which two bytes that point into it are not often anything else."""
_RESERVED = slice(72, 92)
_POINTER = struct.Struct(">I")
_LEAST, _MOST_HEADER, _OVERWRITTEN, _SURE = 3, 127, 4, 5
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 1 << 40, 1 << 40)
_FEWEST_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Leftover:
    """Bytes that no table holds, from page ``page`` on, counted from 1.

    ``free`` is a page that nothing reaches; ``freed`` lies between cells, where cells may have been.
    """

    page: int
    octets: bytes
    free: bool = False
    freed: bool = False


class Pages:
    """The pages of a file, and which bytes of them the b-trees reach."""

    def __init__(self, data: bytes) -> None:
        """``data`` begins with a header of SQLite; what it says need not be true."""
        self._data = data
        size = int.from_bytes(data[16:18], "big")
        self.size = 65536 if size == 1 else max(size, 512)
        self._usable = max(self.size - data[20], 480)
        self.count = len(data) // self.size
        self.encoding = {2: "utf-16-le", 3: "utf-16-be"}.get(int.from_bytes(data[56:60], "big"), "utf-8")
        self._reached: set[int] = set()

    def leftovers(self, roots: Iterable[int]) -> Iterator[Leftover]:
        """Yield what the b-trees with these root pages, and the schema's own, do not reach; zeros are left out."""
        pending = [1, *roots]
        while pending:
            page = pending.pop()
            if 0 < page <= self.count and page not in self._reached:
                self._reached.add(page)
                yield from self._tree_page(page, pending)
        maps = self._pointer_maps()
        for page in range(1, self.count + 1):
            if page not in self._reached and page not in maps:
                yield from self._left(page, self._page(page), free=True)
        yield from self._left(1, self._data[_RESERVED])
        yield from self._left(self.count + 1, self._data[self.count * self.size :])

    def _page(self, number: int) -> bytes:
        return self._data[(number - 1) * self.size : number * self.size]

    def _left(self, page: int, octets: bytes, *, free: bool = False, freed: bool = False) -> Iterator[Leftover]:
        octets = octets.rstrip(b"\0")
        if octets:
            zeros = len(octets) - len(octets.lstrip(b"\0"))
            yield Leftover(page, octets[max(0, zeros - _OVERWRITTEN) :], free, freed)

    def _pointer_maps(self) -> range:
        """Return the pages that hold pointers back, in files that vacuum themselves."""
        if not any(self._data[52:56]):
            return range(0)
        return range(2, self.count + 1, self._usable // 5 + 1)

    def _tree_page(self, number: int, pending: list[int]) -> Iterator[Leftover]:
        page = self._page(number)
        head = _HEADER if number == 1 else 0
        kind = page[head]
        inner = kind in (_INDEX_INNER, _TABLE_INNER)
        first = head + (12 if inner else 8)
        cells = int.from_bytes(page[head + 3 : head + 5], "big")
        end = first + 2 * cells
        if kind not in (_INDEX_INNER, _TABLE_INNER, _INDEX_LEAF, _TABLE_LEAF) or end > len(page):
            return (yield from self._left(number, page))
        if inner:
            pending.append(_POINTER.unpack_from(page, first - 4)[0])
        first_cell, behind_pointers = end, end + _pointers(page, end, self.size)
        for start in sorted(struct.unpack_from(f">{cells}H", page, first)):
            if start > end:
                gap = min(behind_pointers, start) if end == first_cell else end
                yield from self._left(number, page[gap:start], freed=True)
            try:
                behind = yield from self._cell(page, kind, start, pending)
            except (IndexError, struct.error):
                behind = start
            end = max(end, behind)
        yield from self._left(number, page[end:], freed=True)
        return None

    def _cell(self, page: bytes, kind: int, at: int, pending: list[int]) -> Generator[Leftover, None, int]:
        """Return the offset behind a cell; yield what lies behind the end of its overflow."""
        if kind in (_INDEX_INNER, _TABLE_INNER):
            pending.append(_POINTER.unpack_from(page, at)[0])
            at += 4
        if kind == _TABLE_INNER:
            return varint(page, at)[1]
        payload, at = varint(page, at)
        if kind == _TABLE_LEAF:
            at = varint(page, at)[1]
        # Section 1.6: how much of a payload stands in the page itself.
        most = self._usable - 35 if kind == _TABLE_LEAF else (self._usable - 12) * 64 // 255 - 23
        if payload <= most:
            return max(at + payload, at)
        least = (self._usable - 12) * 32 // 255 - 23
        local = least + (payload - least) % (self._usable - 4)
        local = local if local <= most else least
        yield from self._overflow(_POINTER.unpack_from(page, at + local)[0], payload - local)
        return at + local + 4

    def _overflow(self, number: int, left: int) -> Iterator[Leftover]:
        while 0 < number <= self.count and number not in self._reached and left > 0:
            self._reached.add(number)
            page = self._page(number)
            held = min(left, self._usable - 4)
            yield from self._left(number, page[4 + held :])
            left -= held
            number = _POINTER.unpack_from(page)[0]


def _pointers(page: bytes, at: int, size: int) -> int:
    """Return how many bytes behind the pointers to cells are pointers of old."""
    end = at
    while size < _LARGEST and end + 2 <= len(page) and 0 < int.from_bytes(page[end : end + 2], "big") < size:
        end += 2
    return end - at


def varint(octets: bytes, at: int) -> tuple[int, int]:
    """Return a number of up to nine bytes and the offset behind it; raises IndexError."""
    value = 0
    for _ in range(8):
        byte = octets[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | octets[at], at + 1


type Value = str | int | float


def records(octets: bytes, encoding: str, pages: int) -> Iterator[tuple[int, int, list[Value]]]:
    """Yield begin, end and values of each cell of a table or an index that stands whole among leftovers.

    Of the cells of inner pages, which point to one of so many ``pages``, the value is the number of a row.

    Only what SQLite itself would write is one: the length is true, numbers are in the fewest bytes, texts are text.
    Blobs are left out.
    """
    at = 0
    while at + 4 < len(octets):
        found = _cell(octets, at, encoding) if octets[at] >= _LEAST else _inner_cell(octets, at, pages)
        if found is None:
            at += 1
        else:
            yield at, *found
            at = found[0]


def _cell(octets: bytes, at: int, encoding: str) -> tuple[int, list[Value]] | None:
    """Return the end and the values of the cell at ``at``, with a row number or without, if there is one."""
    try:
        payload, index = varint(octets, at)
        for begin in (varint(octets, index)[1], index):
            if 1 < octets[begin] <= min(payload, _MOST_HEADER) and begin + payload <= len(octets):
                values = _record(octets, begin, begin + payload, encoding)
                if values is not None:
                    return begin + payload, values
    except IndexError:
        pass
    return None


def _inner_cell(octets: bytes, at: int, pages: int) -> tuple[int, list[Value]] | None:
    if not 0 < _POINTER.unpack_from(octets, at)[0] <= pages:
        return None
    try:
        number, end = varint(octets, at + 4)
    except IndexError:
        return None
    return end, [number]


def freed(octets: bytes, encoding: str, columns: frozenset[int]) -> Iterator[tuple[int, int, list[Value]]]:
    """Yield begin, end and values of each cell that was freed: a pointer and a size stand over its first four bytes.

    That is over its length, the number of its row, and what the record says first; ``columns`` tells how many columns
    there are in a table. A first value whose size is lost is taken to be nothing; rows with blobs are left out, and so
    is what could be a row by chance.
    """
    at = 0
    while at + _OVERWRITTEN < len(octets):
        found = next(_overwritten(octets, at + _OVERWRITTEN, encoding, columns), None)
        if found is None:
            at += 1
        else:
            yield at + _OVERWRITTEN, *found
            at = found[0]


def _overwritten(octets: bytes, at: int, encoding: str, columns: frozenset[int]) -> Iterator[tuple[int, list[Value]]]:
    for count in columns:
        for begin, known in ((at, count), (at, count - 1), (at + 1, count)):
            try:
                kinds, body = _kinds(octets, begin, count=known)
            except IndexError:
                continue
            end = body + sum(map(_size, kinds))
            if begin > at and octets[at] != body - at:  # then the size of the record's head is still there
                continue
            if body < end <= len(octets) and not any(kind >= 12 and kind % 2 == 0 for kind in kinds):
                values = _values(octets, body, kinds, encoding)
                if values and (len(values) > 1 or len(str(values[0])) >= _SURE):
                    yield end, values


def _kinds(octets: bytes, at: int, *, count: int = -1, end: int = -1) -> tuple[list[int], int]:
    """Return the serial types of a record, so many or up to ``end``, and the offset behind them."""
    kinds: list[int] = []
    while at < end or len(kinds) < count:
        kind, at = varint(octets, at)
        kinds.append(kind)
    return kinds, at


def _size(kind: int) -> int:
    return _SIZES[kind] if kind < 12 else (kind - 12) // 2


def _record(octets: bytes, at: int, end: int, encoding: str) -> list[Value] | None:
    """Return the values of a record from ``at`` to ``end`` (section 2.1), or None where it is none."""
    body = at + octets[at]
    kinds, behind = _kinds(octets, at + 1, end=body)
    if behind != body or body + sum(map(_size, kinds)) != end:
        return None
    return _values(octets, body, kinds, encoding)


def _values(octets: bytes, body: int, kinds: list[int], encoding: str) -> list[Value] | None:
    values: list[Value] = []
    for kind in kinds:
        end = body + _size(kind)
        value = _value(kind, octets[body:end], encoding)
        if value is None:
            return None
        if value != "":
            values.append(value)
        body = end
    return values


def _value(kind: int, octets: bytes, encoding: str) -> Value | None:
    """Return a value of a record, "" for one that says nothing; None where SQLite would not have written it so."""
    if kind in _FEWEST_BYTES:
        number = int.from_bytes(octets, "big", signed=True)
        return number if kind == 1 or not _fits(number, _SIZES[kind - 1]) else None
    if kind == 7:
        real: float = struct.unpack(">d", octets)[0]
        return real if 1e-9 < abs(real) < 1e19 else None
    if kind < 12 or kind % 2 == 0:
        return ""
    try:
        text = octets.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _UNSEEN.search(text) else text


def _fits(number: int, size: int) -> bool:
    return -(1 << (8 * size - 1)) <= number < 1 << (8 * size - 1)

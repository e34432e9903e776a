"""Places of an RE2 expression in a text, in code points, without the cost of its groups."""

from __future__ import annotations

from collections.abc import Iterator

import re2


def compiled(expression: str, *, longest: bool = False) -> re2._Regexp:
    """Compile an expression for ``spans``; with ``longest``, of several fits at one place the longest counts."""
    options = re2.Options()
    options.longest_match = longest
    return re2.compile(expression.encode(), options)


def spans(expression: re2._Regexp, text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every place of ``expression`` in ``text``, in one pass.

    An expression may look far ahead from each place, so that a long text is taken in windows; what is longer than two
    hundred bytes may be cut where one ends.
    """
    data = text.encode("utf-8", "replace")
    ascii_only = len(data) == len(text)
    seen = count = done = 0
    for first in range(0, max(1, len(data)), _WINDOW):
        last = min(len(data), first + _WINDOW + _OVERLAP)
        for match in expression.finditer(data, max(first - 1, done, 0), last):
            start, end = match.span()
            if start >= first + _WINDOW:
                break
            done = end
            if ascii_only:
                yield start, end
                continue
            begin = count + _length(data[seen:start])
            count, seen = begin + _length(data[start:end]), end
            yield begin, count


def _length(data: bytes) -> int:
    """Count code points; a piece may begin or end within one, which counts where it begins."""
    return len(data) - len(data.translate(None, _LEADING))


_WINDOW, _OVERLAP = 1000, 200
_LEADING = bytes(byte for byte in range(256) if byte & 0xC0 != 0x80)
"""Bytes of UTF-8 that begin a character."""

"""Names of fields: for which recognisers one speaks, and how they are looked for in a text not yet read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate

from gateway.classify.databases import Expression, Kept, Scanner
from gateway.rulebook.book import Recogniser
from gateway.rulebook.recognisers import fold_label

_KEPT = 4096
_LENGTH = 80
_SHORT_LATIN, _SHORT_HAN = 4, 2
"""Shorter labels must be the whole name of a field; longer ones may end one (``applicantMobile``, ``联系手机``)."""
_LONG_LATIN = 6
"""Shorter ones must begin where a word of the name does: ``lxfs`` is not what ``cellXfs`` ends in."""
_WORD = re.compile(r"(?<![^\W_])[^\W_]|(?<=[a-z])[A-Z]|[A-Z](?=[A-Z][a-z])|(?<=[^\x00-\x7f])[A-Za-z]")
_DROPPED = frozenset(" \t.-_")
_SIGNS = b" \t.-_"
_BETWEEN = "[ \\t._-]?"
MOST_NAMES = 200_000
"""Names of fields in one text."""
_LIKE_JSON = frozenset({"json", "ndjson", "json-seq"})
_REST_IN_JSON = re.compile(rb'[0-9:*\[\]# \t._-]{0,8}(?:\([^"]{0,60})?"[ \t]*:')
"""What comes behind a name in JSON, looked at where one was seen: an automaton of both takes minutes to compile."""
_NOBODY: frozenset[int] = frozenset()


class Labels:
    """All labels of all recognisers."""

    def __init__(self, recognisers: tuple[Recogniser, ...], kept: Kept | None = None) -> None:
        """Gather the labels; recognisers are known by their place."""
        table: dict[str, set[int]] = {}
        for index, recogniser in enumerate(recognisers):
            for label in recogniser.labels:
                table.setdefault(label, set()).add(index)
        self._table: Mapping[str, tuple[frozenset[int], bool]] = {
            label: (frozenset(indices), len(label) < (_SHORT_LATIN if label.isascii() else _SHORT_HAN))
            for label, indices in table.items()
        }
        self._speakers = [indices for indices, _ in self._table.values()]
        self._short, self._long = (Scanner([*_expressions(self._table, short=short)], kept) for short in (True, False))
        self._kept = lru_cache(_KEPT)(self._look_up)

    def speaks_for(self, label: str) -> frozenset[int]:
        """Return the recognisers for which the name of a field speaks."""
        return self._kept(label[-_LENGTH:]) if label else _NOBODY

    def is_one(self, text: str) -> bool:
        """Tell whether a text is a label, and not only ends in one."""
        return fold_label(text) in self._table

    def is_of(self, recogniser: int, text: str) -> bool:
        """Tell whether a text is a label of a recogniser."""
        return recogniser in self._table.get(fold_label(text), (_NOBODY, False))[0]

    def standing_in(self, framed: bytes, format: str = "") -> set[int]:
        """Return the recognisers of which a name may stand in a text between two line ends; raises ``TooMany``.

        Never too few, but sometimes too many, since nothing is known of where words begin. ``format`` is that of a
        part whose names of fields are asked for, "" where a name may stand anywhere.
        """
        # As labels are folded: n.º do BIR is nodobir.
        framed = framed.replace("º".encode(), b"o").replace("ª".encode(), b"a")
        squeezed = framed.translate(None, _SIGNS)
        numbers: set[int] = set()
        for text, scanner in ((framed, self._short), (squeezed, self._long)):
            hits = scanner.scan(text, MOST_NAMES)
            if format in _LIKE_JSON:
                numbers.update(number for number, end in hits if _REST_IN_JSON.match(text, end - 1))
            else:
                numbers.update(number for number, _ in hits)
        return {index for number in numbers for index in self._speakers[number]}

    def _look_up(self, label: str) -> frozenset[int]:
        folded = fold_label(label)
        head = folded.partition("(")[0] or folded
        name = head.rstrip("0123456789:*[]#")
        starts = _starts_of_words(label)
        found: frozenset[int] = frozenset()
        for spelling in {name, name.removesuffix("s") if name[-2:].isascii() else name}:
            for start in range(len(spelling)):
                ending = spelling[start:]
                spoken, whole_only = self._table.get(ending, (_NOBODY, False))
                if not spoken or (start and whole_only):
                    continue
                if start in starts or len(ending) >= _LONG_LATIN or not ending.isascii():
                    found |= spoken
        return found


def _starts_of_words(label: str) -> frozenset[int]:
    """Return where words of the name of a field begin, in its folded form: at signs and blanks, and at capitals."""
    label = unicodedata.normalize("NFKC", label)
    dropped = list(accumulate((each in _DROPPED for each in label), initial=0))
    return frozenset(word.start() - dropped[word.start()] for word in _WORD.finditer(label))


def _expressions(table: Iterable[str], *, short: bool) -> Iterator[Expression]:
    """Yield the expressions of short labels, or of long ones; these are looked for where no sign is left.

    A short one must begin a word, which signs and capitals show. The end is one character beyond the name.
    """
    for number, label in enumerate(table):
        after = "s?[^A-Za-z]" if label[-1].isascii() else r"[\s\S]"
        if (label.isascii() and len(label) < _LONG_LATIN) != short:
            continue
        if not short:
            yield Expression(number, f"{re.escape(label)}{after}", caseless=True)
            continue
        first, *rest = map(re.escape, label)
        written = "".join(f"{_BETWEEN}{each}" for each in rest)
        yield Expression(number, f"[^A-Za-z]{first}{written}{after}", caseless=True)
        if len(label) >= _SHORT_LATIN:
            yield Expression(number, f"[a-z]{first.upper()}(?i:{written}){after}")

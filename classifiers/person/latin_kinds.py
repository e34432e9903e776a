"""What a row of words could be as a name, by the words alone."""

from collections.abc import Sequence

from classifiers.person.latin_tokens import NAMED, Part, Token

_DOUBLE = frozenset(("au-yeung", "sze-to", "ou-yang", "see-to"))
"""Cantonese surnames of two words."""
_FOREIGN = Part.PINYIN_GIVEN | Part.PINYIN_LONG | Part.GIVEN | Part.SURNAME
"""What a word is that no list knows."""
_SURE, _PERHAPS, _NOT = 2, 1, 0


def cantonese(words: Sequence[Token]) -> int:
    """Return how surely words are surname and given name in Cantonese: 2 surely, 1 perhaps, 0 not."""
    if not words or not words[0].parts & Part.CANTONESE:
        return _NOT
    double = len(words) > 2 and f"{words[0].key}-{words[1].key}" in _DOUBLE
    rest = words[2:] if double else words[1:]
    if not rest or not all(token.parts & Part.SYLLABLE for token in rest):
        return _NOT
    syllables = sum(token.key.count("-") + 1 for token in rest)
    strong = sum(not token.parts & Part.WEAK for token in (words[0], *rest))
    set_apart = bool(words[0].parts & Part.CAPITALS) and not any(token.parts & Part.CAPITALS for token in rest)
    if syllables == 2 and (strong or set_apart):
        return _SURE
    if set_apart and syllables == 1 and len(rest[0].key) > 1:
        return _SURE
    if syllables == 1 and strong == 2 and len(words[0].key) + len(rest[0].key) > 6:
        return _PERHAPS
    return 1 if syllables in (2, 3) and strong else 0


def _mandarin(words: Sequence[Token]) -> int:
    """Return how surely words are a name in pinyin, in either order: 2 surely, 1 perhaps, 0 not."""
    if len(words) == 3 and words[0].parts & Part.PINYIN and all(each.parts & Part.PINYIN_GIVEN for each in words[1:]):
        return 1 if any(each.parts & (Part.PINYIN_LONG | Part.WEAK) for each in words[1:]) else 2
    if len(words) != 2:
        return _NOT
    best = 0
    for surname, given in (words, words[::-1]):
        if surname.parts & Part.PINYIN and given.parts & Part.PINYIN_GIVEN:
            long = bool(given.parts & Part.PINYIN_LONG) and len(given.key) > 4
            first = surname is words[0]
            clear = not surname.parts & Part.WEAK and len(surname.key) > 2 and (first or not given.parts & Part.WEAK)
            set_apart = surname.parts & Part.CAPITALS and not given.parts & Part.CAPITALS and len(given.key) > 1
            long = long and (first or not surname.parts & Part.PLAIN)
            best = max(best, 2 if long or clear or set_apart else 1)
    return best


def kind_of(words: Sequence[Token], joined: bool) -> str:
    """Return ``known``, ``given``, ``bare``, or "" for what is no name. ``joined``: particles stand between words."""
    if len(words) == 1:
        return ""
    chinese, english = _without_english(words)
    surely = max(cantonese(chinese), _mandarin(chinese))
    if english and not surely and len(chinese) == 1 and chinese[0].parts & (Part.CANTONESE | Part.PINYIN):
        other = words[0] if chinese[0] is words[-1] else words[-1]  # Mary Wong
        surely = _PERHAPS if other.parts & Part.GIVEN_WORD and chinese[0].parts & Part.WEAK else _SURE
    if surely == _SURE or (surely and english):
        return "known"
    first, last = words[0].parts, words[-1].parts
    if first & Part.INITIAL:
        named = last & Part.SURNAME and not last & Part.SURNAME_WORD
        if not named and not last & ~_FOREIGN and len(words) == 2 and len(words[-1].key) > 4:
            return "given" if last & NAMED else "bare"
        return "known" if named and len(words) < 5 else "bare" if last & Part.SURNAME else ""
    if first & Part.GIVEN:
        return _after_given_name(words, joined)
    return _before_surname(words) or ("bare" if surely else "")


def _without_english(words: Sequence[Token]) -> tuple[Sequence[Token], int]:
    """Return what is left without the English given names at either end, and how many those are."""
    left = words
    while len(left) > 1 and left[0].parts & Part.GIVEN:
        if left[0].parts & Part.CANTONESE and cantonese(left) == _SURE:
            break
        left = left[1:]
    while len(left) > 1 and left[-1].parts & Part.GIVEN and not left[-1].parts & Part.SYLLABLE:
        left = left[:-1]
    return left, len(words) - len(left)


def _after_given_name(words: Sequence[Token], joined: bool) -> str:
    """Return the kind where a given name comes first."""
    first, last = words[0].parts, words[-1].parts
    clear_first, clear_last = not first & Part.GIVEN_WORD, not last & Part.SURNAME_WORD
    if last & Part.SURNAME and (clear_first or clear_last):
        shouted = all(token.parts & (Part.CAPITALS | Part.INITIAL) for token in words)
        return "known" if clear_first or not shouted else "bare"
    if clear_first and joined and last & NAMED:
        return "known"
    if clear_first and not joined and not last & (Part.INITIAL | Part.GIVEN_WORD) and not first & Part.CAPITALS:
        return "given"
    return "bare" if last & NAMED else ""


def _before_surname(words: Sequence[Token]) -> str:
    """Return the kind where only the last word is known, and is a surname."""
    first, last = words[0], words[-1]
    clear = last.parts & Part.SURNAME and not last.parts & Part.SURNAME_WORD and len(last.key) > 4
    if not clear or first.parts & Part.CAPITALS or len(words) > 3:
        return ""
    return "bare" if first.parts & (Part.WEAK | Part.SURNAME_WORD) or len(first.key) < 3 else "known"

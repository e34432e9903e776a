"""Words of names in Latin letters: what each could be, from the lists beside."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from classifiers.person import lexicon


class Part:
    """What a word could be in a name, or what it does to the words beside it: bits of an int.

    (An IntFlag would read better and is ten times slower.)
    """

    GIVEN: Final = 1
    GIVEN_WORD: Final = 2
    """A given name that is an ordinary word as well (Will, May, Grace)."""
    SURNAME: Final = 4
    SURNAME_WORD: Final = 8
    """A surname that is an ordinary word as well (Price, Stone, Costa)."""
    CANTONESE: Final = 16
    """A surname of Hong Kong or Macao."""
    SYLLABLE: Final = 32
    """A syllable of a Cantonese given name, or several with hyphens."""
    WEAK: Final = 64
    """A Cantonese syllable or surname that is an English or Portuguese word as well (So, Man, Long)."""
    PINYIN: Final = 128
    """A surname of the mainland."""
    PINYIN_GIVEN: Final = 256
    """One or two syllables of pinyin, written together or with a hyphen."""
    PINYIN_LONG: Final = 512
    """Two syllables."""
    END: Final = 1024
    """Makes a place, a firm or a product of what stands before (Road, Bank)."""
    START: Final = 2048
    """Makes one of what stands behind (Rua, Lake)."""
    PLAIN: Final = 4096
    """Is in no name."""
    TITLE: Final = 8192
    """A form of address."""
    ROLE: Final = 16384
    """An office or occupation."""
    INITIAL: Final = 32768
    PARTICLE: Final = 65536
    """de, da, van ..."""
    CAPITALS: Final = 131072


NAMED = Part.GIVEN | Part.SURNAME | Part.CANTONESE | Part.PINYIN
_PINYIN_WORDS = lexicon.grouped("latin_pinyin.txt")
_ONE = f"(?:{'|'.join(sorted(_PINYIN_WORDS['syllable'], key=len, reverse=True))})"
_PINYIN = re.compile(f"{_ONE}(?P<more>['-]?{_ONE})?")
_GAELIC = re.compile(r"(?:[OD]['’]|Ma?c|MA?C|Fitz)[A-Z][A-Za-z]{2}")
_HUMP = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_SHOUTED_PARTICLES = frozenset(("de", "da", "das", "dos", "e"))
"""Those that are written with a capital too, and are nothing else."""


def folded(word: str) -> str:
    """Return a word without accents, in lower case, with the usual apostrophe."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFD", word.lower().replace("\u2019", "'"))
    return "".join(each for each in plain if not unicodedata.combining(each))


WORDS = lexicon.grouped("latin_words.txt")
"""Words that are no names, or not always, by what they do to names."""


def _parts() -> dict[str, int]:
    parts: dict[str, int] = {}

    def add(words: frozenset[str], part: int) -> None:
        for word in words:
            parts[word] = parts.get(word, 0) | part

    add(frozenset(map(folded, lexicon.words("latin_given.txt"))), Part.GIVEN)
    surnames, syllables = lexicon.grouped("latin_surnames.txt"), lexicon.grouped("latin_syllables.txt")
    add(frozenset(map(folded, surnames["en"] | surnames["pt"])), Part.SURNAME)
    add(surnames["hk"] | surnames["mo"], Part.CANTONESE)
    add(syllables["hk"], Part.SYLLABLE)
    add(syllables["weak"], Part.WEAK)
    add(_PINYIN_WORDS["surname"], Part.PINYIN)
    for group, part in (
        ("end", Part.END), ("start", Part.START), ("plain", Part.PLAIN), ("title", Part.TITLE), ("role", Part.ROLE),
        ("given", Part.GIVEN_WORD), ("surname", Part.SURNAME_WORD),
    ):  # fmt: skip
        add(WORDS[group], part)
    names = Part.GIVEN | Part.SURNAME
    for word, part in parts.items():
        known = part
        if part & Part.PLAIN and part & names:  # Georgia, Washington: names and places
            known = (part & ~Part.PLAIN) | Part.GIVEN_WORD | Part.SURNAME_WORD
        if part & Part.END and part & names:  # Damon Hill, but not Notting Hill
            known = (known & ~Part.END) | Part.GIVEN_WORD | Part.SURNAME_WORD
        if part & Part.PLAIN and part & (Part.CANTONESE | Part.SYLLABLE | Part.PINYIN):
            known |= Part.WEAK
        parts[word] = known
    return parts


_PARTS = _parts()


class Token(NamedTuple):
    """A word of a text, with its place there."""

    text: str
    start: int
    end: int
    key: str
    parts: int

    @property
    def ends(self) -> bool:
        """Whether a sentence ends with it, or more than a possessive follows."""
        return self.end < self.start + len(self.text)


def _of_pieces(pieces: list[str]) -> int:
    """Return what words with hyphens between them could be."""
    parts, shared = 0, [_PARTS.get(piece, 0) for piece in pieces]
    if all(each & Part.SYLLABLE for each in shared) and len(pieces) < 4:
        parts |= Part.SYLLABLE
    for part in (Part.GIVEN, Part.SURNAME):
        if any(each & part for each in shared) and not any(each & (Part.END | Part.START) for each in shared):
            parts |= part
    return parts


@lru_cache(maxsize=8192)
def parts_of(word: str) -> tuple[str, int]:
    """Return the folded form of a word and what it could be."""
    bare = word.rstrip(".ª")
    key = folded(bare)
    parts = _PARTS.get(key, 0)
    if len(bare) == 1 or (len(word) == 2 and word[1] == ".") or (len(bare) < 4 and "." in bare):
        parts |= Part.INITIAL
    if word[1:] == ".":
        return key, Part.INITIAL
    if key in WORDS["particle"] and (word[0].islower() or key in _SHOUTED_PARTICLES):
        return key, Part.PARTICLE
    parts |= Part.CAPITALS * (bare.isupper() and len(bare) > 1)
    if "-" in key:
        parts |= _of_pieces(key.split("-"))
    if key not in _PINYIN_WORDS["other"] and (pinyin := _PINYIN.fullmatch(key)):
        parts |= Part.PINYIN_GIVEN | Part.PINYIN_LONG * bool(pinyin["more"])
    if _GAELIC.match(bare) is not None and not parts & Part.PLAIN:
        parts |= Part.SURNAME
    if not parts and _HUMP.search(bare):
        parts = Part.PLAIN
    return key, parts

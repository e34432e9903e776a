"""Names of persons in Latin letters: English, Portuguese, Cantonese and Mandarin names, and others of the news.

A row of words that begin with a capital is divided where a word stands that is in no name, and each piece is judged by
what its words could be: given names and surnames by lists, Chinese ones by surname and syllables. A word that makes a
street, a firm or a product of its neighbours (Road, Bank, Rua) takes them out. Titles and what announces a name stand
for words that no list knows.

Kinds: ``titled`` (Mr, Dr.ª, President), ``introduced`` (Name:, my name is), ``known`` (surname and given name known),
``given`` (a given name and a word that no list knows), ``repeated`` (a surname from elsewhere in the text), ``bare``.
"""

import re
from collections.abc import Iterator, Sequence

from classifiers.person import lexicon
from classifiers.person.latin_kinds import cantonese, kind_of
from classifiers.person.latin_tokens import NAMED, WORDS, Part, Token, folded, parts_of

_CAPITAL, _LETTER = "A-ZÀ-ÖØ-ÞĀČĎĐĒĚĞĢĪĶĹĽĻŁŃŇŅŐŒŘŚŠŞȘŤŢȚŮŰŪŹŽŻ", "A-Za-zÀ-ÖØ-öø-ɏ"
_REST = f"[{_LETTER}]*(?:['’-][{_LETTER}]+)*\\.?ª?"
_SMALL = "(?:de|da|do|das|dos|e|d'|del|della|di|du|van|von|der|den|ter|bin|ibn|al|el|la|le|y)"
_ROW = re.compile(
    f"[{_CAPITAL}](?<![{_LETTER}0-9_@/.\\\\$#%&=+~^-].){_REST}(?:,? (?:{_SMALL} ){{0,2}}[{_CAPITAL}]{_REST}){{1,60}}"
    f"(?![{_LETTER}0-9_(=])"
)
_TOKEN = re.compile(f"[{_CAPITAL}]{_REST}|{_SMALL}|,")
_PLACES = frozenset("|".join(lexicon.lines("latin_places.txt")).split("|"))
_PLACES_BEGIN = frozenset(place.partition(" ")[0] for place in _PLACES)
_LONGEST_PLACE = max(place.count(" ") + 1 for place in _PLACES)
_FIELDS = (
    " name", " contact", " contact person", " attn", " attention", " patient", " applicant", " customer", " client",
    " passenger", " student", " tenant", " owner", " guest", " employee", " beneficiary", " cardholder", " signatory",
    " witness", " guardian", " parent", " borrower", " nome", " paciente", " doente", " utente", " requerente",
    " cliente", " titular", " candidato", " candidata", " aluno", " aluna", " contacto", " destinatário", " remetente",
    " beneficiário", " nome completo", " full name", " surname", " apelido", " signed", " assinado", "姓名", "联系人",
    "聯絡人", "申请人", "申請人",
)  # fmt: skip
"""What announces a name before a colon."""
_PHRASES = (
    " my name is", " name is", " i am", " i'm", " i’m", " signed by", " chamo-me", " chama-se", " o meu nome é",
    " assinado por", " dear", " hi", " hello", " caro", " cara", " prezado", " prezada", " patient", " doente",
    " paciente", " requerente", " utente", " sou o", " sou a", " eu,", " i,", " mr", " mrs", " ms", " dr",
)  # fmt: skip
"""What announces a name without one."""
_ALONE_BEFORE = re.compile(f"(?:[{_LETTER}0-9_@/.-]| d(?:[aeo]|[ao]s) | e )$")
_ALONE_AFTER = re.compile(f"[{_LETTER}0-9_@/-]| d(?:[aeo]|[ao]s) | [{_CAPITAL}]")
"""What makes a surname that stands there again a part of something else, such as of a street."""
_VERBS = ("said", "told", "says", "added", "scored", "beat", "disse", "afirmou", "declarou")
_SAYING = re.compile(rf" (?:{'|'.join(_VERBS)})\b")
_SPEAKER = re.compile(
    f"[{_CAPITAL}](?<![{_LETTER}0-9_@/.-].)[{_LETTER}'’-]{{2,20}}(?=(?: also| later)? (?:{'|'.join(_VERBS)}) )"
)
"""What follows a person more often than anything else with two capitals."""
_MOST, _MOST_REPEATED = 5, 64
_OF_A_NAME = NAMED | Part.SYLLABLE | Part.INITIAL | Part.PINYIN_LONG
_ORDINARY = Part.SURNAME_WORD | Part.GIVEN_WORD | Part.PLAIN | Part.END | Part.START | Part.SYLLABLE | Part.CAPITALS
_CALLED = Part.TITLE | Part.ROLE
_SHORTENED = 6
"""Letters from which a word with a full stop, in the name of a street, is no abbreviation (Cons., Alm., Gov.)."""
_PROMISING = NAMED | _CALLED | Part.INITIAL
SCREEN = f"[{_CAPITAL}][a-zà-ÿ'.-]*[A-Za-zÀ-ÿ.ª],? |[A-Z]{{2}},? [A-Z]"


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of all names, in order, no two of which overlap."""
    found: list[tuple[int, int, str]] = []
    surnames: set[str] = set()
    for row in _ROW.finditer(text):
        for piece, kind in _Row(text, row.start(), row.end()).pieces():
            found.append((piece[0].start, piece[-1].end, kind))
            last = piece[-1]
            if kind != "bare" and len(last.key) > 3 and not last.parts & _ORDINARY:
                surnames.add(text[last.start : last.end])
    more = [*_speakers(text)]
    if surnames and len(surnames) <= _MOST_REPEATED:
        more += _repeated(text, surnames)
    end = 0
    for name in sorted((*found, *more), key=lambda each: (each[0], -each[1])) if more else found:
        if name[0] >= end:
            end = name[1]
            yield name


def _speakers(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield surnames and given names that stand alone before a verb of saying."""
    if not any(verb in text for verb in _VERBS):
        return
    for match in _SPEAKER.finditer(text):
        parts = parts_of(match[0])[1]
        known = (parts & Part.SURNAME and not parts & Part.SURNAME_WORD) or parts & Part.GIVEN
        if known and not parts & (Part.GIVEN_WORD | Part.PLAIN | Part.ROLE) and len(match[0]) > 3:
            yield match.start(), match.end(), "introduced"


def _repeated(text: str, surnames: set[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the surnames of names that were found, wherever they stand by themselves."""
    for surname in surnames:  # no expression of them all: to compile one takes longer than to look for each
        start = text.find(surname)
        while start >= 0:
            end = start + len(surname)
            if _stands_alone(text, start, end):
                yield start, end, "repeated"
            start = text.find(surname, end)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a surname is no part of anything longer, such as the name of a street."""
    if _ALONE_BEFORE.search(text, max(0, start - 5), start) or _ALONE_AFTER.match(text, end):
        return False
    before = text[max(0, start - 24) : start].rpartition("\n")[2]
    word = before[:-1].rpartition(" ")[2] if before.endswith(" ") else ""
    return not word[:1].isupper() or bool(parts_of(word)[1] & (Part.PLAIN | _CALLED)) or word.endswith(".")


def _tokens(text: str, start: int, end: int) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(text, start, end):
        word, stop = match[0], match.end()
        if word.endswith(("'s", "’s")):
            word, stop = word[:-2], stop - 2
        key, parts = parts_of(word) if word != "," else (",", 0)
        if word.endswith(".") and not parts & (Part.INITIAL | Part.TITLE | Part.START):
            stop -= 1
        tokens.append(Token(match[0], match.start(), stop, key, parts))
    return tokens


class _Row:
    """A row of words with capitals, read from left to right."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.end = text, end
        self.tokens = _tokens(text, start, end)
        self.called = _before(text, start)
        self.piece: list[Token] = []

    def pieces(self) -> Iterator[tuple[list[Token], str]]:
        """Yield the names in the row, each with its kind."""
        tokens = self.tokens
        if not self.called and not any(token.parts & _PROMISING for token in tokens) and not self._says():
            return
        place, last = 0, len(tokens)
        while place < last:
            token = tokens[place]
            if length := self._place(place):
                self.piece, self.called = [], 0
                place += length
            elif not self.piece and self._starts_street(place):
                self.called = 0
                while place < last and token.key != "," and (not token.ends or len(token.key) < _SHORTENED):
                    place += 1
                    token = tokens[min(place, last - 1)]
                place += 1
            else:
                if self._closes(place):
                    yield from self._close(token)
                elif token.key != "," and not (self.called & Part.TITLE and not self.piece and token.key == "d"):
                    self.piece.append(token)
                    if token.ends:
                        yield from self._close(token)
                place += 1
        yield from self._close(None)

    def _starts_street(self, place: int) -> bool:
        """Tell whether a street, a building or a firm begins at ``place``: Rua de, Edifício, R. do."""
        token = self.tokens[place]
        if token.key == "r" and token.parts & Part.INITIAL and place + 1 < len(self.tokens):
            return bool(self.tokens[place + 1].parts & Part.PARTICLE)
        return bool(token.parts & Part.START)

    def _closes(self, place: int) -> bool:
        """Tell whether the word at ``place`` is no part of the piece that there is."""
        token = self.tokens[place]
        parts = token.parts
        if token.key == ",":
            return not _goes_on(self.piece, self.tokens[place + 1 :])
        if token.key in ("e", "y"):
            return not self.piece or _begins(self.tokens[place + 1 :])
        if parts & Part.SYLLABLE and any(each.parts & Part.CANTONESE for each in self.piece):  # Chui Sai On
            return False
        if token.text == "MS":
            return True
        if parts & _CALLED:
            return not (parts & NAMED and self.piece)
        return bool(parts & Part.END or (parts & Part.PLAIN and not parts & NAMED)) or (
            bool(parts & Part.PARTICLE) and not self.piece
        )

    def _close(self, token: Token | None) -> Iterator[tuple[list[Token], str]]:
        """Yield what the piece is, and begin another behind ``token``."""
        if token is None or not token.parts & Part.END:
            says = token is None and self._says()
            yield from _judged(self.piece, self.called, says=says)
        self.piece = []
        self.called = token.parts & _CALLED if token is not None and not token.ends and token.text != "MS" else 0

    def _says(self) -> bool:
        return _SAYING.match(self.text, self.end) is not None

    def _place(self, at: int) -> int:
        """Return how many words from ``at`` on are a place or firm that looks like a person."""
        tokens = self.tokens
        if tokens[at].key not in _PLACES_BEGIN:
            return 0
        for length in range(min(_LONGEST_PLACE, len(tokens) - at), 1, -1):
            if " ".join(token.key for token in tokens[at : at + length]) in _PLACES:
                after = tokens[at + length].parts if at + length < len(tokens) else 0
                surname = len(self.piece) == 1 and self.piece[0].parts & Part.CANTONESE  # SIN Tai Po
                return 0 if surname and length == 2 and not after & Part.END else length
        return 0


def _begins(rest: Sequence[Token]) -> bool:
    """Tell whether a name begins behind a word for "and"."""
    first = next((token for token in rest if not token.parts & Part.PARTICLE), None)
    return first is not None and bool(first.parts & (Part.GIVEN | Part.CANTONESE | Part.PINYIN | Part.TITLE))


def _goes_on(piece: Sequence[Token], rest: Sequence[Token]) -> bool:
    """Tell whether a comma stands inside a name: ``Chan, Tai-man Peter``, ``CHAN Tai Man, Peter``."""
    if not piece or not rest:
        return False
    after: list[Token] = []
    for token in rest:
        if token.key in (",", "e", "y"):
            break
        after.append(token)
        if token.ends:
            break
    if len(piece) == 1 and piece[0].parts & NAMED:
        chinese = bool(piece[0].parts & (Part.CANTONESE | Part.PINYIN))
        given = Part.SYLLABLE | Part.PINYIN_GIVEN | Part.GIVEN if chinese else Part.GIVEN | Part.INITIAL
        full = len(after) > 1 and after[0].parts & Part.GIVEN and after[-1].parts & (Part.SURNAME | Part.CANTONESE)
        return len(after) <= 3 and all(token.parts & given for token in after) and not full
    return len(piece) in (2, 3) and len(after) == 1 and bool(after[0].parts & Part.GIVEN) and cantonese(piece) == 2


def _before(text: str, start: int) -> int:
    """Return TITLE where what stands before announces a name, ROLE where it is an occupation in small letters."""
    if not start or text[start - 1] not in " :：":
        return 0
    before = text[max(0, start - 20) : start].rpartition("\n")[2].rstrip(" ").lower()
    said = f" {before}"
    if said.endswith(_PHRASES) or (said.endswith((":", "：")) and said.rstrip(": ：").endswith(_FIELDS)):
        return Part.TITLE
    word = before.removesuffix(",").rpartition(" ")[2]
    return parts_of(word)[1] & Part.ROLE if 3 < len(word) < 15 and word.isalpha() else 0


def _judged(piece: list[Token], called: int, *, says: bool) -> Iterator[tuple[list[Token], str]]:
    """Yield the name that a piece is, without what a sentence begins with; nothing where it is none."""
    while piece and piece[0].parts & Part.PARTICLE:
        piece = piece[1:]
    while piece and piece[-1].parts & Part.PARTICLE:
        piece = piece[:-1]
    words = [token for token in piece if not token.parts & Part.PARTICLE]
    if not words or len(words) > _MOST + 1 or all(token.parts & Part.INITIAL for token in words):
        return
    joined = len(words) < len(piece)
    kind = kind_of(words, joined)
    for first in range(1, len(words) - 1):
        if kind == "known" or not (words[first - 1].parts & Part.PLAIN or not words[first - 1].parts & _OF_A_NAME):
            break
        if (shorter := kind_of(words[first:], joined)) in ("known", "given"):
            piece, words, kind = piece[piece.index(words[first]) :], words[first:], shorter
            break
    if _titled(words, kind, called):
        kind = "titled"
    elif says and kind in ("", "bare") and len(words) == 2 and not any(token.parts & Part.CAPITALS for token in words):
        kind = "introduced"
    if kind:
        yield piece, kind


def _titled(words: Sequence[Token], kind: str, called: int) -> bool:
    """Tell whether a title or an occupation before it makes a name of a piece."""
    if called & Part.TITLE and len(words) <= _MOST:
        return len(words) > 1 or len(words[0].text) > 1
    known = any(token.parts & NAMED for token in words)
    return bool(called & Part.ROLE) and (bool(kind) or len(words) == 2 or (known and len(words) < 4))


_LONGEST_VALUE, _LONGEST_WORD, _MOST_WORDS = 70, 22, 8
_WHOLE = re.compile(
    rf"(?:[一-鿿·]{{2,8}}[ (（/,，]{{0,2}})?(?P<latin>[{_LETTER}][{_LETTER}.,'’ª -]*)[)）]?"
    r"(?:[ (（/,，]{0,2}[一-鿿·]{2,8}[)）]?)?"
)
_APART = re.compile(r"[ ,]+")
_FILE = re.compile(r"[a-z0-9]\.[a-z]{2,4}$|--|\.\.|[a-z][A-Z][a-z]+[A-Z]")
_COULD_BE = NAMED | Part.SYLLABLE | Part.PINYIN_GIVEN | Part.PARTICLE | Part.INITIAL | _CALLED
_NO_NAME = Part.END | Part.START | Part.PLAIN


def fits(value: str) -> bool:
    """Tell whether a whole value could be a name with Latin letters in it; a Chinese name may stand beside."""
    value = value.strip()
    if not 1 < len(value) <= _LONGEST_VALUE or (match := _WHOLE.fullmatch(value)) is None:
        return False
    latin = match["latin"].strip(" ,/(（")
    words = [(word, *parts_of(word)) for word in _APART.split(latin) if word]
    if len(words) > _MOST_WORDS or folded(latin) in WORDS["nobody"] or _FILE.search(latin):
        return False
    if all(parts & Part.INITIAL for _, _, parts in words):
        return False
    if not all(_may_stand(key, parts) for _, key, parts in words):
        return False
    if latin[0].isupper() or words[0][2] & Part.PARTICLE or words[0][1].startswith("d'"):
        return all(word[0].isupper() or key in WORDS["particle"] or "-" in word for word, key, _ in words)
    return len(words) < _MOST and any(parts & NAMED for _, _, parts in (words[0], words[-1]))


def _may_stand(key: str, parts: int) -> bool:
    """Tell whether a word may stand in a field of names."""
    if len(key) > _LONGEST_WORD or (key in WORDS["nobody"] and not parts & (Part.PINYIN_GIVEN | Part.SYLLABLE)):
        return False
    return not parts & _NO_NAME or bool(parts & _COULD_BE)

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
from classifiers.person.latin_tokens import NAMED, Part, Token, folded, parts_of

_CAPITAL, _LETTER = "A-ZÀ-ÖØ-ÞĀČĎĐĒĚĞĢĪĶĹĽĻŁŃŇŅŐŒŘŚŠŞȘŤŢȚŮŰŪŹŽŻ", "A-Za-zÀ-ÖØ-öø-ɏ"
_WORD = f"[{_CAPITAL}][{_LETTER}]*(?:['’-][{_LETTER}]+)*\\.?ª?"
_SMALL = "(?:de|da|do|das|dos|e|d'|del|della|di|du|van|von|der|den|ter|bin|ibn|al|el|la|le|y)"
_ROW = re.compile(
    f"[{_CAPITAL}](?<![{_LETTER}0-9_@/.\\\\$#%&=+~^-].){_WORD[len(_CAPITAL) + 2 :]}(?:,? (?:{_SMALL} ){{0,2}}{_WORD}){{1,60}}(?![{_LETTER}0-9_(=])"
)
_TOKEN = re.compile(f"{_WORD}|{_SMALL}|,")
_PLACES = frozenset("|".join(lexicon.lines("latin_places.txt")).split("|"))
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
_MOST = 5
_LONGEST_VALUE, _LONGEST_WORD, _MOST_WORDS = 70, 22, 8
_WHOLE = re.compile(
    rf"(?:[一-鿿·]{{2,8}}[ (（/,，]{{0,2}})?(?P<latin>[{_LETTER}][{_LETTER}.,'’ª -]*)[)）]?(?:[ (（/,，]{{0,2}}[一-鿿·]{{2,8}}[)）]?)?"
)
_APART = re.compile(r"[ ,]+")
_FILE = re.compile(r"[a-z0-9]\.[a-z]{2,4}$|--|\.\.|[a-z][A-Z][a-z]+[A-Z]")
_SMALL_WORDS = frozenset(_SMALL[3:-1].split("|")) | {"y", "af", "av", "zu", "bint", "los", "las"}
_COULD_BE = NAMED | Part.SYLLABLE | Part.PINYIN_GIVEN | Part.TITLE | Part.ROLE | Part.PARTICLE | Part.INITIAL
_NOBODY = frozenset(
    ["n/a", "na", "null", "none", "nil", "nan", "unknown", "admin", "administrator", "root", "test", "tester", "testing", "user", "guest", "anonymous", "true", "false", "yes", "no", "undefined", "default", "sample", "example", "demo", "system", "tbd", "tba", "xxx", "abc", "asdf", "foo", "bar", "string", "name", "nome", "empty", "blank", "dummy", "desconhecido", "desconhecida", "anonimo", "teste", "utilizador", "sistema", "nenhum", "nenhuma", "vazio", "sim", "nao", "n.d", "n.a", "s/n", "todos", "all", "customer", "client", "patient", "applicant", "owner", "operator", "support", "service", "info", "contact", "webmaster", "postmaster", "noreply", "bot", "robot", "male", "female", "masculino", "feminino", "pending", "active", "inactive", "approved", "rejected", "deleted", "new", "old", "other", "others", "primary", "secondary", "null-value", "void", "nobody", "someone", "user1", "superuser", "sysadmin", "public", "private", "internal", "external"]
)
SCREEN = f"[{_CAPITAL}][a-zà-ÿ'.-]*[A-Za-zÀ-ÿ.ª],? |[A-Z]{{2}},? [A-Z]"


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of all names, in order, no two of which overlap."""
    found: list[tuple[int, int, str]] = []
    surnames: set[str] = set()
    for row in _ROW.finditer(text):
        for piece, kind in _pieces(text, row):
            found.append((piece[0].start, piece[-1].end, kind))
            last = piece[-1]
            if kind != "bare" and len(last.text) > 3 and not last.parts & _ORDINARY:
                surnames.add(last.text)
    if surnames and len(surnames) <= _MOST_REPEATED:
        found = sorted((*found, *_repeated(text, surnames, found)))
    yield from found


_ORDINARY = Part.SURNAME_WORD | Part.GIVEN_WORD | Part.PLAIN | Part.END | Part.START | Part.SYLLABLE | Part.CAPITALS
_MOST_REPEATED = 64


def _repeated(text: str, surnames: set[str], found: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    taken = [False] * (len(text) + 1)
    for start, end, _ in found:
        taken[start:end] = [True] * (end - start)
    again = re.compile(
        f"(?<![{_LETTER}0-9_@/.-])(?:{'|'.join(map(re.escape, sorted(surnames)))})(?![{_LETTER}0-9_@/-])"
    )
    for match in again.finditer(text):
        if not taken[match.start()]:
            yield match.start(), match.end(), "repeated"


def _tokens(text: str, start: int, end: int) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(text, start, end):
        key, parts = parts_of(match[0]) if match[0] != "," else (",", 0)
        stop = match.end()
        if match[0].endswith(("'s", "’s")):
            key, parts = parts_of(match[0][:-2])
            stop -= 2
        if match[0].endswith(".") and not parts & (Part.INITIAL | Part.TITLE):
            stop -= 1
        tokens.append(Token(match[0], match.start(), stop, key, parts))
    return tokens


def _pieces(text: str, row: re.Match[str]) -> Iterator[tuple[list[Token], str]]:
    """Yield the names in a row, each with its kind."""
    tokens = _tokens(text, row.start(), row.end())
    title = _before(text, row.start())
    if not title and not any(token.parts & (NAMED | Part.TITLE | Part.ROLE) for token in tokens):
        return
    piece: list[Token] = []
    skipped, cut = 0, False
    for place, token in enumerate(tokens):
        parts, ends = token.parts, token.end < token.start + len(token.text)
        if skipped or cut:
            skipped, cut = max(0, skipped - 1), cut and token.key != "," and not ends
            continue
        if (length := _place_length(tokens, place)) and not _surname_before_place(piece, tokens, place, length):
            piece, title, skipped = [], 0, length - 1
        elif parts & Part.END:
            piece, title = [], 0
        elif parts & Part.START and not piece:
            cut, title = not ends, 0
        elif parts & (Part.TITLE | Part.ROLE) and not (parts & NAMED and piece):
            yield from _judged(piece, title)
            piece, title = [], 0 if ends else parts & (Part.TITLE | Part.ROLE)
        elif title & Part.TITLE and not piece and token.key == "d":
            continue
        elif parts & Part.PLAIN and not parts & NAMED:
            yield from _judged(piece, title)
            piece, title = [], 0
        elif parts & Part.PARTICLE and not piece:
            title = 0
        elif token.key == "," or (token.key in ("e", "y") and _begins(tokens[place + 1 :])):
            if token.key == "," and _goes_on(piece, tokens[place + 1 :]):
                continue
            yield from _judged(piece, title)
            piece, title = [], 0
        else:
            piece.append(token)
            if ends:
                yield from _judged(piece, title)
                piece, title = [], 0
    yield from _judged(piece, title)


def _begins(rest: Sequence[Token]) -> bool:
    """Tell whether a name begins behind a word for "and"."""
    first = next((token for token in rest if not token.parts & Part.PARTICLE), None)
    return first is not None and bool(first.parts & (Part.GIVEN | Part.CANTONESE | Part.PINYIN | Part.TITLE))


def _surname_before_place(piece: Sequence[Token], tokens: Sequence[Token], at: int, length: int) -> bool:
    """Tell whether what looks like a place is the given name of a surname before: SIN Tai Po."""
    after = tokens[at + length].parts if at + length < len(tokens) else 0
    return length == 2 and len(piece) == 1 and bool(piece[0].parts & Part.CANTONESE) and not after & Part.END


def _place_length(tokens: Sequence[Token], at: int) -> int:
    """Return how many words from ``at`` on are the name of a place that looks like one of a person."""
    for length in range(min(_LONGEST_PLACE, len(tokens) - at), 1, -1):
        if " ".join(token.key for token in tokens[at : at + length]) in _PLACES:
            return length
    return 0


def _goes_on(piece: Sequence[Token], rest: Sequence[Token]) -> bool:
    """Tell whether a comma stands inside a name: ``Chan, Tai-man Peter``, ``CHAN Tai Man, Peter``."""
    if not piece or not rest:
        return False
    after: list[Token] = []
    for token in rest:
        if token.key in (",", "e", "y"):
            break
        after.append(token)
        if token.end < token.start + len(token.text):
            break
    if len(piece) == 1 and piece[0].parts & NAMED:
        chinese = bool(piece[0].parts & (Part.CANTONESE | Part.PINYIN))
        given = Part.SYLLABLE | Part.PINYIN_GIVEN | Part.GIVEN if chinese else Part.GIVEN | Part.INITIAL
        return len(after) <= 3 and all(token.parts & given for token in after) and not _is_full(after)
    return len(piece) in (2, 3) and len(after) == 1 and bool(after[0].parts & Part.GIVEN) and _cantonese(piece) == 2


def _is_full(tokens: Sequence[Token]) -> bool:
    return (
        len(tokens) > 1
        and bool(tokens[0].parts & Part.GIVEN)
        and bool(tokens[-1].parts & (Part.SURNAME | Part.CANTONESE))
    )


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


_OF_A_NAME = NAMED | Part.SYLLABLE | Part.INITIAL | Part.PINYIN_LONG


def _judged(piece: list[Token], title: int) -> Iterator[tuple[list[Token], str]]:
    while piece and piece[0].parts & Part.PARTICLE:
        piece = piece[1:]
    while piece and piece[-1].parts & Part.PARTICLE:
        piece = piece[:-1]
    words = [token for token in piece if not token.parts & Part.PARTICLE]
    if not words or len(words) > _MOST + 1 or all(token.parts & Part.INITIAL for token in words):
        return
    joined = len(words) < len(piece)
    kind = _kind(words, joined)
    for first in range(1, len(words) - 1):  # what the sentence begins with
        if kind == "known" or not (words[first - 1].parts & Part.PLAIN or not words[first - 1].parts & _OF_A_NAME):
            break
        if (shorter := _kind(words[first:], joined)) in ("known", "given"):
            piece, words, kind = piece[piece.index(words[first]) :], words[first:], shorter
            break
    known = any(token.parts & NAMED for token in words)
    if (title & Part.TITLE and len(words) <= _MOST and (len(words) > 1 or len(words[0].text) > 1)) or (title & Part.ROLE and (kind or (known and len(words) < 4) or len(words) == 2)):
        kind = "titled"
    if kind:
        yield piece, kind


def _cantonese(words: Sequence[Token]) -> int:
    """Return how surely words are surname and given name in Cantonese: 2 surely, 1 perhaps, 0 not."""
    if not words or not words[0].parts & Part.CANTONESE:
        return 0
    double = len(words) > 2 and f"{words[0].key}-{words[1].key}" in ("au-yeung", "sze-to", "ou-yang", "see-to")
    rest = words[2:] if double else words[1:]
    if not rest or not all(token.parts & Part.SYLLABLE for token in rest):
        return 0
    syllables = sum(token.key.count("-") + 1 for token in rest)
    strong = sum(not token.parts & Part.WEAK for token in (words[0], *rest))
    set_apart = bool(words[0].parts & Part.CAPITALS) and not any(token.parts & Part.CAPITALS for token in rest)
    if syllables == 2 and (strong or set_apart):
        return 2
    if set_apart and syllables == 1 and len(rest[0].key) > 1:
        return 2
    if syllables == 1 and strong == 2 and len(words[0].key) + len(rest[0].key) > 6:
        return 1
    return 1 if syllables in (2, 3) and strong else 0


def _mandarin(words: Sequence[Token]) -> int:
    """Return how surely words are a name in pinyin, in either order: 2 surely, 1 perhaps, 0 not."""
    if len(words) == 3 and words[0].parts & Part.PINYIN and all(each.parts & Part.PINYIN_GIVEN for each in words[1:]):
        return 1 if any(each.parts & (Part.PINYIN_LONG | Part.WEAK) for each in words[1:]) else 2
    if len(words) != 2:
        return 0
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


def _kind(words: Sequence[Token], joined: bool) -> str:
    """Return the kind of a name by its words alone, or ""."""
    first, last = words[0].parts, words[-1].parts
    if len(words) == 1:
        return ""
    shouted = all(token.parts & (Part.CAPITALS | Part.INITIAL) for token in words)
    chinese = list(words)
    english = 0
    while (
        len(chinese) > 1
        and chinese[0].parts & Part.GIVEN
        and not (chinese[0].parts & Part.CANTONESE and _cantonese(chinese) == 2)
    ):
        chinese, english = chinese[1:], english + 1
    while len(chinese) > 1 and chinese[-1].parts & Part.GIVEN and not chinese[-1].parts & Part.SYLLABLE:
        chinese, english = chinese[:-1], english + 1
    surely = max(_cantonese(chinese), _mandarin(chinese))
    if english and not surely and len(chinese) == 1 and chinese[0].parts & (Part.CANTONESE | Part.PINYIN):
        other = words[0] if chinese[0] is words[-1] else words[-1]
        surely = 1 if other.parts & Part.GIVEN_WORD and chinese[0].parts & Part.WEAK else 2
    if surely == 2 or (surely == 1 and english):
        return "known"
    if first & Part.INITIAL:
        named = last & Part.SURNAME and not last & Part.SURNAME_WORD
        return "known" if named and len(words) < 5 else "bare" if last & Part.SURNAME else ""
    if first & Part.GIVEN:
        clear_first, clear_last = not first & Part.GIVEN_WORD, not last & Part.SURNAME_WORD
        if last & Part.SURNAME and (clear_first or clear_last):
            return "known" if clear_first or not shouted else "bare"
        if clear_first and joined and last & NAMED:
            return "known"
        if clear_first and not joined and not last & (Part.INITIAL | Part.GIVEN_WORD) and not first & Part.CAPITALS:
            return "given"
        return "bare" if last & NAMED else ""
    if (
        last & Part.SURNAME
        and not last & Part.SURNAME_WORD
        and not shouted
        and not first & Part.CAPITALS
        and len(words) < 4
        and len(words[-1].key) > 4
    ):
        return "bare" if first & (Part.WEAK | Part.SURNAME_WORD) or len(words[0].key) < 3 else "known"
    return "bare" if surely else ""


def fits(value: str) -> bool:
    """Tell whether a whole value could be a name with Latin letters in it; a Chinese name may stand beside."""
    value = value.strip()
    if not 1 < len(value) <= _LONGEST_VALUE or (match := _WHOLE.fullmatch(value)) is None:
        return False
    latin = match["latin"].strip(" ,/(（")
    words = [parts_of(word) for word in _APART.split(latin) if word]
    if not words or len(words) > _MOST_WORDS or folded(latin) in _NOBODY or _FILE.search(latin):
        return False
    if any(key in _NOBODY and not parts & (Part.PINYIN_GIVEN | Part.SYLLABLE) for key, parts in words) or any(
        len(key) > _LONGEST_WORD for key, _ in words
    ):
        return False
    if any(parts & (Part.END | Part.START | Part.PLAIN) and not parts & _COULD_BE for _, parts in words):
        return False
    if all(parts & Part.INITIAL for _, parts in words):
        return False
    if latin[:1].isupper() or latin[:2] in ("d'", "d’") or words[0][1] & Part.PARTICLE:
        return all(
            word[:1].isupper() or folded(word) in _SMALL_WORDS or "-" in word for word in _APART.split(latin) if word
        )
    return len(words) < _MOST and any(parts & NAMED for _, parts in (words[0], words[-1]))

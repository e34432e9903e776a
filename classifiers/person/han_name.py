"""Names of persons in Chinese characters.

A stretch that begins with a surname is held against the words that it could be made of: the likelihood of surname and
given name against that of the best division of the same characters into ordinary words, so that 高兴 stays an adjective
and no name is cut out of the middle of a word. What stands before and behind (a title, an occupation, a verb of
saying, a mark of punctuation) speaks for a name; what makes a place or a firm of it speaks against. Traditional
characters are read as the simplified ones of the same name.

Kinds: ``titled`` and ``introduced`` (by what stands beside), ``listed`` (beside another name), ``typical`` (by itself),
``repeated`` (likely elsewhere in the text), ``foreign`` (transliterated), ``bare`` (could be one), ``surname`` (nothing
but a surname, with a form of address).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from classifiers.person import lexicon
from classifiers.person.segmenting import UNKNOWN, WORDS, costs_from_left, costs_from_right

_VARIANTS = lexicon.lines("han_variants.txt")
_SIMPLE = dict(zip("".join(_VARIANTS[::2]), "".join(_VARIANTS[1::2]), strict=True))
_FIRST_HAN, _LAST_HAN = "一", "\u9fff"
_TO_SIMPLE = "".join(_SIMPLE.get(each, each) for each in map(chr, range(ord(_LAST_HAN) + 1)))
"""For str.translate: a string is looked up faster than a dict, and faster than one that misses."""
_SURNAMES = lexicon.graded("han_surnames.txt", 0.25)
_CONTEXT = lexicon.grouped("han_context.txt")
_BEFORE = {word: group for group in ("before", "strong") for word in _CONTEXT[group]}
_AFTER = {word: group for group in ("place", "verb", "title", "honour") for word in _CONTEXT[group]}
_LAST_BEFORE, _FIRST_AFTER = frozenset(word[-1] for word in _BEFORE), frozenset(word[0] for word in _AFTER)
_LONGEST_BEFORE, _LONGEST_AFTER = max(map(len, _BEFORE)), max(map(len, _AFTER))

_NAME = 4.3
"""Cost of a token's being a name at all: about one token in seventy of news is."""
_LENGTHS = (0.0, 1.3, 0.4, 3.0)
"""Cost of a given name of so many characters."""
_RARE, _RARE_WORD = 11.5, 10.5
"""Cost of a character of a given name that no list of them has: seldom written at all, or a word by itself."""
_COMMON = 9.0
"""A character that costs less than this as a word, and that no list of given names has, is in no name."""
_EDGES = {
    "strong": 5.0,
    "before": 1.5,
    "title": 5.0,
    "honour": 11.0,
    "verb": 1.2,
    "place": -7.5,
    "edge": 0.8,
    "none": -0.7,
}
"""What a neighbour speaks for or against a name, in nats."""
_MOST = _EDGES["strong"] + _EDGES["title"]
_LIKELY, _POSSIBLE = 2.5, 0.5
"""Scores, in nats, from which a stretch is likely and possibly a name."""
_ENDINGS = {"镇": 3.0, "家": 1.5}
"""What makes a place or a household of a surname, and yet ends some given names."""
_LISTED, _BY_ITSELF, _UNHEARD_OF = 3.0, 1.5, 4.0
_LEAST = _POSSIBLE - _LISTED
"""Score below which nothing that stands beside can help."""
_SOUND_COST = 5.0
"""Cost of a character of a transliterated name."""
_RARE_SURNAME, _USUAL_SURNAME = 9.0, 6.0
_MARRIED = 3.0
_BETWEEN = frozenset("、,，/和与及與")
_LONG_RUN = 60
"""Characters of a run that are read at once."""


def _given() -> dict[str, tuple[float, float, float]]:
    costs: dict[str, tuple[float, float, float]] = {}
    for line in lexicon.lines("han_given.txt"):
        first, second, alone, characters = line.split()
        costs.update(dict.fromkeys(characters, (int(first) / 4, int(second) / 4, int(alone) / 4)))
    return costs


_GIVEN = _given()
_NEVER = frozenset("村县市省州区乡街巷路桥站厂店局厅处所院校社部室科组队")
_NOT_GIVEN = _NEVER | {word for word, cost in WORDS.items() if len(word) == 1 and cost < _COMMON and word not in _GIVEN}
_LONGER = frozenset(surname for surname in _SURNAMES if len(surname) > 1)
_SINGLE = "".join(sorted(surname for surname in _SURNAMES if len(surname) == 1))
_BEGINS_LONG = frozenset(surname[0] for surname in _LONGER)
_HONOURS = _CONTEXT["honour"]
_NOT = "".join(sorted(_NOT_GIVEN))
_FIRST, _SECOND = ("".join(sorted({surname[place] for surname in _LONGER})) for place in (0, 1))
# all expressions begin with a class, by which re looks ahead several times faster than by anything else
_CANDIDATE = re.compile(f"[{_SINGLE}{_FIRST}](?:(?=[^{_NOT}])|(?<=[{_FIRST}])(?=[{_SECOND}]))")
_RUN = re.compile(f"[{_FIRST_HAN}-{_LAST_HAN}][{_FIRST_HAN}-{_LAST_HAN}]{{1,{_LONG_RUN - 1}}}")
_SOUNDS = lexicon.words("han_sounds.txt")
_SOUND = f"[{''.join(sorted(_SOUNDS | {old for old, new in _SIMPLE.items() if new in _SOUNDS}))}]"
_DOTTED = re.compile(f"{_SOUND}{_SOUND}{{0,7}}(?:[·•・‧]{_SOUND}{{1,10}}){{1,4}}")
_DOTS = re.compile("[·•・‧]")
_SAID = re.compile("[{0}][{0}]{{1,7}}".format("".join(sorted(_SOUNDS))))
_FOREIGNERS = lexicon.words("han_foreign.txt")
SCREEN = f"[{_FIRST_HAN}-{_LAST_HAN}]{{2}}|[姓名氏字][:：]|[{_FIRST_HAN}-{_LAST_HAN}][·•・‧]"

_FORM = re.compile("[姓名](?<![{0}].)[氏字]?[:：] ?([{0}]{{1,4}})(?![{0}·])".format(f"{_FIRST_HAN}-{_LAST_HAN}"))
_LONGEST_VALUE = 60
_WHOLE = re.compile(
    r"(?:[A-Za-zÀ-ɏ.,'’ -]{2,40}[ (（/,，])?"
    rf"(?P<han>[{_FIRST_HAN}-{_LAST_HAN}·•・‧]+(?:[ \u3000][{_FIRST_HAN}-{_LAST_HAN}]{{1,3}})?)"
    r"[)）]?(?:[ (（/,，]{1,2}[A-Za-zÀ-ɏ.,'’ -]{2,40}[)）]?)?"
)
_TITLES = ("先生", "女士", "小姐", "太太", "同志", "医生", "老师", "教授", "律师")
_NOBODY = re.compile(
    "无|未知|不详|测试|用户|管理员|匿名|系统|公司|集团|银行|有限|医院|学校|大学|中心|部门|保密|没有|默认|其他|姓名|名称|产品|商品|"
    "性别|性別|电话|電話|手机|手機|邮箱|電郵|地址|证件|證件|号码|號碼|出生|日期|国籍|國籍|职业|職業|备注|備註|身份|密码|密碼|宗教|"
    "机器人|客服|未填|未命名|不明|待定|全部|所有|总计|合计|示例|样例|模板|是|否|^[男女]$"
)


@dataclass(slots=True)
class _Name:
    start: int
    end: int
    score: float
    kind: str


def _group_before(before: str) -> str:
    """Return the group of what stands before, of the longest word that is in one."""
    if before and before[-1] not in _LAST_BEFORE:
        return "none"
    for length in range(min(_LONGEST_BEFORE, len(before)), 0, -1):
        if (group := _BEFORE.get(before[-length:])) is not None:
            return group
    return "none" if before else "edge"


def _group_after(after: str) -> str:
    """Return the group of what stands behind, of the longest word that is in one."""
    if after and after[0] not in _FIRST_AFTER:
        return "none"
    for length in range(min(_LONGEST_AFTER, len(after)), 0, -1):
        if (group := _AFTER.get(after[:length])) is not None:
            if group in ("title", "honour") and _is_street(after[length:]):
                return "place"
            return group
    return "none" if after else "edge"


def _names_street(run: str, at: int) -> bool:
    """Tell whether a street, a school or a building stands at ``at``, with a title before it or not."""
    return _is_street(run[at : at + 3]) or _group_after(run[at : at + _LONGEST_AFTER + 3]) == "place"


def _is_street(after: str) -> bool:
    """Tell whether what stands behind a title makes a street of name and title (孙逸仙博士大马路)."""
    return any(after[:length] in _CONTEXT["street"] for length in (1, 2, 3))


def _unheard_of(character: str) -> tuple[float, float, float]:
    cost = _RARE if character not in WORDS else _RARE_WORD
    return cost, cost, cost


def _given_cost(characters: str) -> float:
    costs = [_GIVEN.get(character) or _unheard_of(character) for character in characters]
    if len(costs) == 2:
        return _LENGTHS[2] + costs[0][0] + costs[1][1]
    return _LENGTHS[len(costs)] + sum(cost[2] for cost in costs)


def _weighed(run: str, place: int) -> list[tuple[int, float, float]]:
    """Return the names that could begin at ``place``: end, cost, and the most by which words may cost more."""
    first, second = run[place], run[place + 1]
    surname, word = _SURNAMES.get(first), WORDS.get
    weighed = _with_long_surname(run, place) if first in _BEGINS_LONG else []
    if surname is None or second in _NOT_GIVEN:
        return weighed
    alone, after = word(first, UNKNOWN), word(second, UNKNOWN)
    pair = min(word(first + second, 2 * UNKNOWN), alone + after)
    given = _GIVEN.get(second) or _unheard_of(second)
    cost = _NAME + surname + _LENGTHS[1] + given[2] + _ENDINGS.get(second, 0.0)
    weighed.append((place + 2, cost, pair - cost))
    third = run[place + 2 : place + 3]
    if third and third not in _NOT_GIVEN:
        words = min(
            pair + word(third, UNKNOWN),
            alone + word(second + third, 2 * UNKNOWN),
            word(first + second + third, 3 * UNKNOWN),
        )
        last = _GIVEN.get(third) or _unheard_of(third)
        cost = _NAME + surname + _LENGTHS[2] + given[0] + last[1] + _ENDINGS.get(third, 0.0)
        weighed.append((place + 3, cost, words - cost))
        other = _SURNAMES.get(second, _RARE_SURNAME)
        fourth = run[place + 3 : place + 4]
        if surname < _USUAL_SURNAME > other and fourth and fourth not in _NOT_GIVEN:  # married: 陳李美玲
            cost = _NAME + surname + other + _MARRIED + _given_cost(third + fourth)
            weighed.append((place + 4, cost, words + word(fourth, UNKNOWN) - cost))
    return weighed


def _with_long_surname(run: str, place: int) -> list[tuple[int, float, float]]:
    """Return the same for surnames of two and three characters."""
    weighed: list[tuple[int, float, float]] = []
    for size in (2, 3):
        if (surname := _SURNAMES.get(run[place : place + size])) is None:
            continue
        for length in (1, 2, 3):
            given = run[place + size : place + size + length]
            if len(given) < length or given[-1] in _NOT_GIVEN:
                break
            cost = _NAME + surname + _given_cost(given)
            weighed.append((place + size + length, cost, UNKNOWN * (size + length) - cost))
    return weighed


def _addressed(run: str, place: int) -> bool:
    """Tell whether a surname stands alone before a form of address."""
    return run[place + 1 : place + 3] in _HONOURS and _SURNAMES.get(run[place], _RARE_SURNAME) < _RARE_SURNAME


def _beside(run: str, place: int, end: int, group: str) -> tuple[float, str]:
    """Return what stands beside speaks for a name, in nats, and the kind that it makes."""
    behind = _group_after(run[end : end + _LONGEST_AFTER + 3])
    speaks = _EDGES[group] + _EDGES[behind]
    if end - place == 2 and behind == "none" and run[end : end + 1] in _GIVEN and _names_street(run, end + 1):
        speaks += _EDGES["place"]  # 陈瑞祺中学 is no school of 陈瑞
    if behind in ("title", "honour"):
        return speaks - _EDGES["honour"] * (end - place == 2 and _addressed(run, place + 1)), "titled"
    if group == "strong":
        return speaks, "introduced"
    if run[place + 1] in _GIVEN and run[end - 1] in _GIVEN:
        return speaks, "typical"
    return speaks - _UNHEARD_OF, "typical"


def _in_run(run: str, before: str, alone: float) -> list[tuple[int, int, float, str]]:
    """Return start, end, score and kind of the names in a run of Han characters.

    ``before`` introduces the run; ``alone`` is what it speaks for a name that nothing stands beside it on its line.
    """
    found: list[tuple[int, int, float, str]] = []
    least = _LEAST - _EDGES["title"]
    from_left: list[float] = []
    from_right: list[float] = []
    for match in _CANDIDATE.finditer(run):
        place = match.start()
        if _addressed(run, place):
            found.append((place, place + 1, _LEAST, "surname"))
            continue
        group = ""
        best: tuple[int, int, float, str] | None = None
        for end, cost, at_most in _weighed(run, place):
            if at_most < _LEAST - _MOST and run[end : end + 2] not in _HONOURS:
                continue
            group = group or _group_before(run[max(0, place - _LONGEST_BEFORE) : place] if place else before)
            if at_most + _EDGES[group] < least and run[end : end + 2] not in _HONOURS:
                continue
            beside, kind = _beside(run, place, end, group)
            beside += alone * (place == 0 and end == len(run))
            if at_most + beside < (best[2] if best else _LEAST):
                continue
            if not from_left:
                from_left, from_right = costs_from_left(run), costs_from_right(run)
            score = from_left[-1] - (from_left[place] + cost + from_right[end]) + beside
            if score >= _LEAST and (best is None or score > best[2]):
                best = place, end, score, kind
        found += [best] if best is not None else []
    return found


def _by_sound(run: str) -> Iterator[tuple[int, int, float, str]]:
    """Yield transliterated names without a dot: such as all know, or with an office or a verb of saying beside."""
    for match in _SAID.finditer(run):
        start, end = match.span()
        if end - start == 2:
            if match[0] in _FOREIGNERS and costs_from_left(run)[-1] > _split(run, start, end) + _NAME:
                yield start, end, _LIKELY * (end - start), "foreign"
            continue
        before = [place for place in range(start, min(start + 3, end - 1)) if _group_before(run[:place]) == "strong"]
        start = before[-1] if before else start
        name = run[start:end]
        if len(name) < 3 - bool(before) or name in WORDS or (name[0] in _SURNAMES and len(name) < 4 and before):
            continue
        after = run[end : end + _LONGEST_AFTER]
        said = any(after[:length] in _CONTEXT["say"] for length in (1, 2, 3))
        if name in _FOREIGNERS or ((before or said) and _group_after(after) != "place" and _strange(name)):
            yield start, end, _LIKELY * (end - start), "foreign"


def _strange(name: str) -> bool:
    """Tell whether characters make no words: they cost more than transliteration would."""
    return costs_from_left(name)[-1] > _NAME + _SOUND_COST * len(name)


def _split(run: str, start: int, end: int) -> float:
    """Return what the words around a stretch cost."""
    return costs_from_left(run[:start])[-1] + costs_from_left(run[end:])[-1]


def _chinese(text: str) -> list[_Name]:
    """Return the names that a surname begins or sounds make, the best where several overlap, in order."""
    kept: list[_Name] = []
    read: dict[tuple[str, str, bool], list[tuple[int, int, float, str]]] = {}  # records say the same again and again
    for match in _RUN.finditer(text):
        at, end = match.span()
        whole = (not at or text[at - 1] == "\n") and text[end : end + 1] in ("", "\n")
        before = _introduced(text, at) if at and text[at - 1] in ":： " else ""
        if (names := read.get((match[0], before, whole))) is None:
            names = read[match[0], before, whole] = _names(match[0].translate(_TO_SIMPLE), before, whole=whole)
        for start, stop, score, kind in names:
            if kept and kept[-1].end > at + start:
                if kept[-1].score >= score:
                    continue
                kept.pop()
            kept.append(_Name(at + start, at + stop, score, kind))
    return kept


def _names(run: str, before: str, *, whole: bool) -> list[tuple[int, int, float, str]]:
    """Return start, end, score and kind of all names in a run, in order; they may overlap."""
    names = _in_run(run, before, _BY_ITSELF if whole else 0.0)
    return sorted((*names, *_by_sound(run))) if _SAID.search(run) is not None else names


def _introduced(text: str, at: int) -> str:
    """Return the word before a colon or blank that stands before ``at``, or ""."""
    stop = at
    while stop > max(0, at - 3) and text[stop - 1] in ":： 　":
        stop -= 1
    if stop == at:
        return ""
    word = text[max(0, stop - _LONGEST_BEFORE) : stop].translate(_TO_SIMPLE)
    return word if _group_before(word) == "strong" else ""


def _foreign(text: str) -> Iterator[_Name]:
    """Yield transliterated names with a dot between their parts."""
    for match in _DOTTED.finditer(text):
        yield _Name(match.start(), match.end(), _LIKELY, "foreign")


def _written_apart(text: str) -> Iterator[_Name]:
    """Yield surname and given name where a form asks for each by itself (姓：…；名：…)."""
    for match in _FORM.finditer(text):
        if fits(match[1]):
            yield _Name(match.start(1), match.end(1), _LIKELY, "introduced")


def _support(text: str, candidates: list[_Name]) -> None:
    """Raise what stands in a list beside a likely name, and what is likely elsewhere in the text."""
    for one, other in pairwise(candidates):
        if text[one.end : other.start].strip(" ") in _BETWEEN:
            better = max(one.score, other.score)
            for each in (one, other):
                if better >= _LIKELY and each.score < better:
                    each.score += _LISTED
                    each.kind = "listed" if each.kind == "typical" else each.kind
    likely = {text[each.start : each.end] for each in candidates if each.score >= _LIKELY + 1}
    for each in candidates:
        if each.score < _LIKELY and text[each.start : each.end] in likely:
            each.score, each.kind = _LIKELY, "repeated"


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of all names, in order, no two of which overlap."""
    candidates = _chinese(text)
    _support(text, candidates)
    other = [*(_foreign(text) if _DOTS.search(text) else ()), *_written_apart(text)]
    end = 0
    for each in sorted(
        (*other, *(each for each in candidates if each.score >= _POSSIBLE or each.kind == "surname")), key=_place
    ):
        if each.start >= end:
            end = each.end
            yield each.start, each.end, each.kind if each.score >= _LIKELY or each.kind == "surname" else "bare"


def _place(name: _Name) -> tuple[int, int]:
    return name.start, -name.end


def fits(value: str) -> bool:
    """Tell whether a whole value could be a name with Han characters in it; a Latin name may stand beside."""
    value = value.strip()
    if not value or len(value) > _LONGEST_VALUE or (match := _WHOLE.fullmatch(value)) is None:
        return False
    name = match["han"].translate(_TO_SIMPLE).replace(" ", "").replace("\u3000", "")
    for title in _TITLES:
        name = name.removesuffix(title)
    if _NOBODY.search(name):
        return False
    if len(name) == 1:
        return name in _GIVEN or _SURNAMES.get(name, 9.0) < _RARE_SURNAME
    if len(parts := _DOTS.split(name)) > 1:
        return all(parts)
    if _SURNAMES.get(name[:2]) is not None and 2 < len(name) <= 5:
        return True
    if name[:1] in _SURNAMES:
        married = len(name) == 4 and name[1] in _SURNAMES
        return (len(name) in (2, 3) and name[-1] not in _NEVER) or married or name in _SURNAMES
    if not 1 < len(name) <= 6:
        return False
    return (len(name) == 2 and all(each in _GIVEN for each in name)) or (
        name not in WORDS and all(each in _SOUNDS for each in name)
    )

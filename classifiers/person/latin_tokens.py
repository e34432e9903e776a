"""Words of names in Latin letters: what each could be, from the lists beside."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers.person import lexicon


class Part:
    """What a word could be in a name, or what it does to the words beside it: bits of an int (IntFlag is ten times slower)."""

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
_SYLLABLES = ["a", "ai", "an", "ang", "ao", "ba", "bai", "ban", "bang", "bao", "bei", "ben", "bi", "bian", "biao", "bin", "bing", "bo", "bu", "cai", "can", "cang", "cao", "cen", "chan", "chang", "chao", "che", "chen", "cheng", "chi", "chong", "chou", "chu", "chuan", "chuang", "chun", "chuo", "cong", "cui", "cun", "da", "dai", "dan", "dang", "dao", "de", "deng", "di", "dian", "diao", "ding", "dong", "dou", "du", "duan", "dui", "duo", "e", "en", "er", "fa", "fan", "fang", "fei", "fen", "feng", "fo", "fu", "ga", "gai", "gan", "gang", "gao", "ge", "gen", "geng", "gong", "gou", "gu", "gua", "guan", "guang", "gui", "guo", "ha", "hai", "han", "hang", "hao", "he", "hei", "heng", "hong", "hou", "hu", "hua", "huai", "huan", "huang", "hui", "huo", "ji", "jia", "jian", "jiang", "jiao", "jie", "jin", "jing", "jiong", "jiu", "ju", "juan", "jue", "jun", "kai", "kan", "kang", "kao", "ke", "ken", "keng", "kong", "kou", "ku", "kuan", "kuang", "kui", "kun", "kuo", "la", "lai", "lan", "lang", "lao", "le", "lei", "leng", "li", "lian", "liang", "liao", "lie", "lin", "ling", "liu", "long", "lou", "lu", "lü", "luan", "lun", "luo", "lv", "ma", "mai", "man", "mang", "mao", "mei", "men", "meng", "mi", "mian", "miao", "min", "ming", "mo", "mou", "mu", "na", "nan", "nao", "neng", "ni", "nian", "ning", "niu", "nong", "nu", "nuan", "nuo", "nü", "ou", "pan", "pang", "pei", "peng", "pi", "pian", "piao", "pin", "ping", "po", "pu", "qi", "qia", "qian", "qiang", "qiao", "qin", "qing", "qiong", "qiu", "qu", "quan", "que", "qun", "ran", "rang", "rao", "ren", "rong", "rou", "ru", "ruan", "rui", "run", "ruo", "sai", "san", "sang", "sen", "sha", "shan", "shang", "shao", "she", "shen", "sheng", "shi", "shou", "shu", "shuang", "shui", "shun", "shuo", "si", "song", "su", "suan", "sui", "sun", "suo", "tai", "tan", "tang", "tao", "teng", "ti", "tian", "tiao", "tie", "ting", "tong", "tu", "tuan", "tui", "wa", "wan", "wang", "wei", "wen", "weng", "wo", "wu", "xi", "xia", "xian", "xiang", "xiao", "xie", "xin", "xing", "xiong", "xiu", "xu", "xuan", "xue", "xun", "ya", "yan", "yang", "yao", "ye", "yi", "yin", "ying", "yong", "you", "yu", "yuan", "yue", "yun", "zai", "zan", "zang", "ze", "zeng", "zha", "zhai", "zhan", "zhang", "zhao", "zhe", "zhen", "zheng", "zhi", "zhong", "zhou", "zhu", "zhuang", "zhuo", "zi", "zong", "zu"]
_ONE = "(?:" + "|".join(sorted((each.replace("ü", "u") for each in _SYLLABLES), key=len, reverse=True)) + ")"
_PINYIN = re.compile(f"{_ONE}(?P<more>['-]?{_ONE})?")
_PINYIN_SURNAMES = frozenset(
    ["wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma", "zhu", "hu", "guo", "he", "lin", "luo", "gao", "liang", "zheng", "xie", "song", "tang", "deng", "feng", "han", "cao", "zeng", "peng", "xiao", "cai", "pan", "tian", "dong", "yuan", "ye", "jiang", "du", "su", "wei", "cheng", "lu", "lv", "ding", "shen", "ren", "yao", "ouyang", "situ", "zhong", "tan", "liao", "fan", "shi", "jin", "jia", "xia", "fu", "fang", "zou", "xiong", "bai", "meng", "qin", "qiu", "hou", "yin", "xue", "yan", "duan", "lei", "long", "tao", "he", "mao", "hao", "gong", "shao", "wan", "qian", "dai", "mo", "kong", "xiang", "chang", "wen", "kang", "qi", "yi", "qiao", "lai", "pang", "fan", "ge", "xing", "an", "yu", "zhuang", "nie", "zhang", "lu", "yue", "zhai", "ning", "geng", "guan", "lan", "jiao", "zuo", "liu", "gan", "zhu", "bao", "shang", "fu", "shu", "ruan", "ke", "ji", "mei", "tong", "ling", "bi", "shan", "pei", "huo", "tu", "miao", "gu", "sheng", "qu", "weng", "ran", "luo", "lan", "you", "xin", "jin", "guan", "chai", "bao", "hua", "yu", "zha", "pu", "lu", "teng", "yin", "rao", "niu", "ai", "you", "mu", "chai", "xiang", "cui", "su", "zhuge", "sima", "shangguan", "murong", "huangfu", "xiahou", "dongfang", "cen", "hai", "ju", "qu", "xuan", "jing", "ou", "tie", "wo", "yun", "zang", "zheng", "zong", "zu", "min", "ding", "kuang", "hong", "mi", "bian", "ba", "guang", "chu"]
)
_ENGLISH_THAT_READS_AS_PINYIN = frozenset(
    ["a", "an", "and", "ban", "bang", "bin", "can", "change", "chi", "china", "chin", "dance", "data", "dating", "die", "ding", "don", "fan", "fang", "fun", "gala", "gang", "gene", "gun", "hang", "hanging", "he", "hen", "here", "hue", "hung", "in", "lane", "lang", "lie", "line", "ling", "long", "mine", "manage", "man", "men", "mine", "mean", "nine", "pan", "panda", "pang", "pie", "pin", "ping", "range", "ran", "rang", "ring", "run", "running", "sang", "sane", "sea", "see", "she", "shed", "shun", "sing", "site", "song", "sun", "sure", "tan", "tang", "tie", "tin", "ting", "tone", "tong", "tongue", "use", "wan", "wane", "we", "were", "wing", "yang", "you", "zone", "media", "alias", "bean", "bean", "beige", "gauge", "genuine", "guan", "hair", "hello", "hong", "huge", "juan", "lei", "leon", "liang", "liar", "main", "mainland", "mali", "malaria", "meng", "mention", "minor", "mean", "penguin", "penang", "piano", "ping", "pong", "real", "renal", "shanghai", "beijing", "guangdong", "guangzhou", "hangzhou", "hainan", "hunan", "henan", "hebei", "hubei", "fujian", "jiangsu", "jiangxi", "sichuan", "yunnan", "guizhou", "gansu", "qinghai", "shandong", "shanxi", "shaanxi", "liaoning", "jilin", "anhui", "tianjin", "chongqing", "xian", "xiamen", "dalian", "ningbo", "suzhou", "wuxi", "wuhan", "changsha", "zhuhai", "zhongshan", "foshan", "huizhou", "jiangmen", "taipei", "taiwan", "kunming", "nanjing", "qingdao", "harbin", "shenzhen", "hengqin", "nansha", "luohu", "futian", "gui", "gu", "api", "api", "sui", "cue", "tuna", "sauna", "banana", "canada", "panama", "pangea", "range", "senate", "sense", "tense", "tape", "tube", "tune", "sale", "save", "same", "some", "sole"]
)
_PARTICLES = frozenset(
    ["de", "da", "do", "das", "dos", "e", "d'", "del", "della", "di", "du", "van", "von", "der", "den", "ter", "ten", "bin", "bint", "ibn", "al", "el", "la", "le", "los", "las", "y", "zu", "af", "av"]
)

_HUMP = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_SHOUTED_PARTICLES = frozenset(("de", "da", "das", "dos", "e"))
"""Those that are written with a capital too, and are nothing else."""


def folded(word: str) -> str:
    """Return a word without accents, in lower case, with the usual apostrophe."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFD", word.lower().replace("\u2019", "'"))
    return "".join(each for each in plain if not unicodedata.combining(each))


def _parts() -> dict[str, int]:
    parts: dict[str, int] = {}

    def add(words: frozenset[str], part: int) -> None:
        for word in words:
            parts[word] = parts.get(word, 0) | part

    add(frozenset(map(folded, lexicon.words("latin_given.txt"))), Part.GIVEN)
    surnames, words, syllables = (lexicon.grouped(f"latin_{each}.txt") for each in ("surnames", "words", "syllables"))
    add(frozenset(map(folded, surnames["en"] | surnames["pt"])), Part.SURNAME)
    add(surnames["hk"] | surnames["mo"], Part.CANTONESE)
    add(syllables["hk"], Part.SYLLABLE)
    add(syllables["weak"], Part.WEAK)
    add(_PINYIN_SURNAMES, Part.PINYIN)
    for group, part in (
        ("end", Part.END), ("start", Part.START), ("plain", Part.PLAIN), ("title", Part.TITLE), ("role", Part.ROLE),
        ("given", Part.GIVEN_WORD), ("surname", Part.SURNAME_WORD),
    ):  # fmt: skip
        add(words[group], part)
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


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, with its place there."""

    text: str
    start: int
    end: int
    key: str
    parts: int


@lru_cache(maxsize=8192)
def parts_of(word: str) -> tuple[str, int]:
    """Return the folded form of a word and what it could be."""
    bare = word.rstrip(".ª")
    key = folded(bare)
    parts = _PARTS.get(key, 0)
    if len(bare) == 1 or (len(word) == 2 and word[1] == ".") or (len(bare) < 4 and "." in bare):
        parts |= Part.INITIAL
    if bare.isupper() and len(bare) > 1:
        parts |= Part.CAPITALS
    if key in _PARTICLES and (word[0].islower() or key in _SHOUTED_PARTICLES):
        return key, Part.PARTICLE
    if "-" in key:
        pieces = key.split("-")
        shared = [_PARTS.get(piece, 0) for piece in pieces]
        if all(each & Part.SYLLABLE for each in shared) and len(pieces) < 4:
            parts |= Part.SYLLABLE
        for part in (Part.GIVEN, Part.SURNAME):
            if any(each & part for each in shared) and not any(each & (Part.END | Part.START) for each in shared):
                parts |= part
    if key not in _ENGLISH_THAT_READS_AS_PINYIN and (pinyin := _PINYIN.fullmatch(key)):
        parts |= Part.PINYIN_GIVEN
        if pinyin["more"]:
            parts |= Part.PINYIN_LONG
    if key.startswith(("o'", "d'", "mc", "mac", "fitz")) and len(key) > 5 and not parts & Part.PLAIN:
        parts |= Part.SURNAME
    if not parts and _HUMP.search(bare):
        parts = Part.PLAIN
    return key, parts

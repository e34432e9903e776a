"""Postal addresses in Chinese characters: the mainland, Hong Kong and Macao, in simplified and traditional script.

An address is built from the large to the small: division, street or estate, number, building, floor, flat. Whatever is
worth finding has a number with its unit (12号, 3栋, 十八樓, B座); from there the finder goes on to the right over more of
these, and to the left over the name of the street or estate and the divisions before it, up to a word that is none
(住在, 送到, 位於, ...). The units are those of GB/T 23705-2009 and of the address tables of Hong Kong and Macao.
"""

# ruff: noqa: E501, SIM905 - lists of words are read across
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import re2

from classifiers.place.lexicon import alternatives, chinese, in_both_scripts
from classifiers.place.spans import compiled, spans

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_NUMERAL = "一二三四五六七八九十百零〇甲乙丙丁"
_LONG_UNITS = "号楼|號樓|號舖|号铺|号院|號院|单元|單元|字樓|字楼|号房|號房|号室|號室|号库"
_UNITS = "号號栋棟幢座楼樓室房户戶弄巷组組层層铺舖队隊社期门門"
_NUMBER = f"第?(?:[0-9A-Za-z]{{1,6}}(?: ?[-~/、,之至&] ?[0-9A-Za-z]{{1,5}}){{0,4}}|[{_NUMERAL}]{{1,5}}(?:[至之-][{_NUMERAL}]{{1,3}})?)"
_AFTER_HOUSE = "(?: ?之[0-9一二三四五六七八九]{1,2}(?:[0-9]{3,4})?[室房]?| ?地下| ?地舖| ?[A-Za-z][区區]| ?[-]?(?:[0-9]{1,5}[A-Za-z]?|[A-Za-z]{1,2}[0-9]{0,4})(?:[-/][0-9A-Za-z]{1,4}){0,2})?"
_UNIT = f"(?:{_NUMBER} ?(?:{_LONG_UNITS}|[{_UNITS}]))"
_WAY_SIGNS, _ESTATE_SIGNS = "路街道巷弄", "园園区區苑庭城里邨村厦廈场場寓期"
_BARE = f"[{_WAY_SIGNS}][0-9]{{1,5}}(?:[-_][0-9]{{1,5}}){{0,3}}[A-Za-z]?|[{_ESTATE_SIGNS}][0-9A-Z]{{1,4}}(?:[-_][0-9]{{1,4}}){{0,2}}[-_][0-9]{{3,4}}|[{_HAN}][0-9A-Z]{{1,4}}[-_][0-9]{{1,4}}[-_][0-9]{{3,4}}"
"""Numbers that stand without a unit behind the name of a street or an estate: 中山路12, 翠湖苑3-2-501."""
_ANCHOR = compiled(f"[{_WAY_SIGNS}{_ESTATE_SIGNS}]?{_UNIT}(?: ?{_UNIT}){{0,5}}{_AFTER_HOUSE}|{_BARE}", longest=True)
_SIGN = re.compile(f"{_LONG_UNITS}|[{_UNITS}]|(?<=[0-9A-Za-z])[-_](?=[0-9]{{3,4}}$)|[0-9A-Za-z]$")
_WITH_UNIT = re.compile(f"[{_UNITS}]|之")
_RESIDENT = "家住|现住|現住|住址|居住地|居住在|居住于|居住於|居于|居於|户籍所在地|戶籍所在地|户籍地|户籍|戶籍|暂住|暫住|定居|老家|祖籍|籍贯|籍貫|住在|住喺|搬到|搬去"
SCREEN = f"{_RESIDENT}|[0-9A-Za-z{_NUMERAL}] ?(?:单元|單元|字樓|字楼|[{_UNITS}])|{_BARE}"
"""Hits every text with a number and a unit of addresses."""

_WINDOW = 48
"""Code points before a number that are looked at: the longest names of divisions, street and estate together."""
_LONGEST_ADDRESS = 120
_GAP = 18
"""Code points between a number and the next that may be the name of an estate or a building."""

_DIVISIONS = chinese("divisions.txt", "province") | chinese("divisions.txt", "prefecture")
_COUNTIES = chinese("divisions.txt", "county")
_AREAS = in_both_scripts(
    chinese("hong_kong.txt", "area") | chinese("hong_kong.txt", "place")
    | chinese("macao.txt", "area") | chinese("macao.txt", "place")
)  # fmt: skip
_AREAS = frozenset(name for name in _AREAS if len(name) > 2 or name[-1] not in "区區")
"""Without 東區, 南區 and 北區, which are parts of many other places."""
_PLACES = _DIVISIONS | _COUNTIES | _AREAS
_LONGEST = re2.Options()
_LONGEST.longest_match = True
_CHAIN = re2.compile(
    f"(?:(?:{alternatives(_DIVISIONS)})(?:省|市|地区|盟)?[ ,]?[ ]?|(?:{alternatives(_COUNTIES)})[ ,]?[ ]?"
    f"|(?:{alternatives(_AREAS)})(?:区|區)?[ ,]?[ ]?)+",
    _LONGEST,
)
_GENERIC = re.compile(
    f"[{_HAN}]{{1,7}}?(?:自治区|自治州|自治县|新区|開發區|开发区|省|市|区|區|县|縣|州|旗|镇|鎮|乡|鄉|街道)(?![东東西南北中]?(?:路|街))"
)

_WAYS = (
    "大道|大街|大马路|大馬路|马路|馬路|公路|胡同|横街|橫街|斜巷|前地|圆形地|圓形地|环路|支路|辅路|條|条"
    "|[路街道巷弄里徑径坊圍围線线段坡臺台環环围]|衚衕|里弄|堤|湾|灣"
)
_SIDES = "(?:[东東南西北中上下内內外前后後左右]|[一二三四五六七八九十]|[东東西南北]?段|[一二三四五六七八九十0-9]{1,3}(?:路|街|巷|横|橫|里|段|条|弄))?"
_STREET_END = re.compile(f"(?:{_WAYS}){_SIDES} ?(?:门牌|門牌)?第?$")
_NO_STREET_WORDS = tuple(
    "管道 通道 跑道 频道 頻道 轨道 軌道 隧道 航道 渠道 车道 車道 赛道 河道 知道 报道 報道 味道 人道 难道 电路 電路 线路 線路 铁路 鐵路 网路 網路 思路 出路 套路 走路 回路 迴路 公里 这里 那里 哪里 家里 心里 手里 屋里 院里 平台 電台 电台 后台 後台 前台 阳台 陽台 舞台 站台 柜台 櫃台 机台 機台 吧台 月台 在线 在線 上线 上線 下线 热线 熱線 专线 專線 无线 無線 产线 產線 流水线 生产线 光线 阶段 階段 时段 時段 字段 手段 片段 年级 周围 周圍 范围 範圍 外围 包围 循环 循環 号线 號線 航线 航線 路线 路線 天线 天線 干线 幹線 支线 視線 视线 条 條 第一段".split()
)
_NO_STREET = re.compile("(?:[0-9]道|[0-9]线|[0-9]線|[的了在是]路|^[一半上小大]路)$")
_MUST_BE_LONG = frozenset("里坊圍围線线段坡臺台環环堤湾灣弄条條")
_ESTATES = (
    "花园|花園|小区|小區|社区|社區|大厦|大廈|大楼|大樓|广场|廣場|中心|公寓|家园|家園|新村|新邨|新城|花城|名城|名苑|名居|雅居|雅苑|豪庭|豪苑|华庭|華庭"
    "|华府|華府|山庄|山莊|别墅|別墅|半岛|半島|公馆|公館|宿舍|宿舍楼|家属院|家属楼|大院|书院|國際|国际|工业园|工業園|工业区|科技园|产业园|创意园|软件园|工廠大廈|工业大厦|商場|商场|酒店"
    "|屋苑|屋邨|唐樓|村屋|丁屋|村|邨|苑|园|園|庭|阁|閣|轩|軒|居|府|邸|城|里|湾|灣|岸|峰|庄|莊|舍|院|楼|樓|堡|臺|台|座|厦|廈|門|门|寓|廊|坊|名门|會|会|郡|洲|澜山|堂|都|埠|屯|岭|嶺|寨|组|組|街坊|坑|围|圍|塘|厂|學|学"
)
_ESTATE_END = re.compile(
    f"(?:{_ESTATES})(?:[东東南西北中]?[区區苑]|[A-Za-z][区區]|[一二三四五六七八九十0-9]{{1,2}}期|[（(][^()（）]{{1,6}}[)）])? ?第?$"
)
_VILLAGE_END = re.compile(
    "(?:村|屯|庄|莊|寨|岭|嶺|坪|坑|社区|社區|圍|围|湾|灣|居委会|村委会|农场|農場|林场)(?:民?小?组)? ?第?$"
)

_OFFICE_END = re.compile(
    "(?:政府|医院|醫院|法院|检察院|檢察院|学院|學院|研究院|电影院|戲院|国务院|派出所|学校|學校|大学|大學|中学|中學|小学|小學|幼儿园|幼稚園|委员会|委員會|法庭|图书馆|博物馆|办事处|机场|機場|车站|車站|中心医院|服务厅|大厅|大廳|展厅|校区|院区|工厂|车间|仓库|食堂) ?第?$"
)
_HOUSE = re.compile(f"{_NUMBER} ?(?:[号號弄巷]|之)")

# Words and characters after which an address begins, or which stand in none.
_STOP = re.compile(
    "[;:。!?\"'|<>{}=\\[\\]\t\u300a\u300b\u3008\u3009\u300c\u300d\u300e\u300f\u201c\u201d\u2018\u2019…*#@$%^_\\\\()（）；：！？，，]"
    "|[的了是我你您他她它们們請请送寄係喺嘅往去住收在到把被给給让讓还還就已叫搬話话說说找搵]|也(?!街)|曾[在住居經经任有用]"
    "|位[于於]|[座坐]落|坐落[于於]|设[于於在]|設[于於在]|地处|地處|处[于於]|處[于於]|居[于於住留]|现居|現居|定居|移居|寓居|出生[于於]|生[于於]|毕业于|任职于|就读于|自[于於]"
    "|於(?!都|洪|潜)|地址[为為]?|住所[为為]?|住处|住處|寓所|籍贯|籍貫|户籍|戶籍|户口|戶口|门牌号?|来自|來自|前往|抵达|抵達|到达|到達|途[经經]|经过|經過|返回|回到|进入|進入|離開|离开|沿着|沿著"
    "|邮编|郵編|电话|電話|手机|手機|姓名|公司(?=[^路街])|收货|收貨|取件|上门|上門|快递|快遞|外卖|外賣|家(?=[在住])|有[一二三四五六七八九十0-9两兩多个個几幾]|每|[、/](?=.)|以及|或者|并且|並且|因为|因為|所以|约定|約定|先生|女士|小姐|同志|老师|老師|醫生|医生"
)
_LEAD = re.compile(
    r"^(?:[达達\s,.、;与與及或至到向由从從自去于於为為即系系:/-]|和(?![平睦谐諧兴興顺順田义義安祥美丰豐]))+"
)
_NOT_IN_GAP = re.compile(
    "[。;:!?\"'|<>{}=\\[\\]\t的了是我你您他她们們請请送寄係喺住在到把被给給让讓还還就已有和与與及或]|电话|電話|手机|手機|邮编|郵編|姓名|联系|聯絡|收件|身份"
)
_COUNTS_LINES = re.compile(" ?(?:线|線|出口|桥墩|[年月日]|路公交|路車|路车|公里|米(?!兰)|%|度|期|人次|万|亿|萬|億|元)")
# What follows a number that counts something else: a line of the underground, an exit, a document.
_COUNTS_OTHER = re.compile(
    " ?(?:线|線|口(?!腔)|出口|入口|站|公告|文件?|令|机[组床房]?|機|井|泵|炉|爐|厂|廠房|通知|函|病[房床]|床|柜|櫃|台|台位|泊位|窗|车|車|船|码头|碼頭|指示|決議|决议|法[律令規规]|行政|批示|条|條|样|樣|种|種|标|標|风球|風球|颱風|台风|信[号號]|訊號|球|选手|選手|球员|球員|種子|种子"
    "|[年月日]|以[上下内內]|至今|元|人(?!民)|名|位|只|隻|次|家|岁|歲|万|萬|亿|億|米|公里|平方|字|级|級|高度)"
)
_TAIL = re.compile(
    " ?(?:[A-Za-z]?(?:地下|閣樓|阁楼|天台|地庫|地库|平台|高层|低层|高層|低層|中層|全层|全層|[之-][0-9一二三四五六七八九十]{1,3}|[后後前左右]座|[东西南北東]座))"
)


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the first number: where it begins, and what it is made of."""

    start: int
    division: bool
    street: bool
    estate: bool
    village: bool
    office: bool
    town: bool
    named: bool


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end (code points) and kind of every address in ``text``: full, flat, street, estate or region."""
    found = list(_numbered(text))
    regions = [region for _, end in spans(_RESIDENCE, text) if (region := _region(text, end))]
    if regions:
        taken = {place for start, end, _ in found for place in range(start, end)}
        found += [region for region in regions if region[0] not in taken]
        found.sort()
    yield from found


_RESIDENCE = compiled(f"(?:{_RESIDENT})(?:地址|[在于於是为為喺: ]){{0,3}}[{_HAN}]", longest=True)
_REGION_MORE = re.compile(
    f"(?:[{_HAN}]{{1,8}}?(?:自治[州县縣区區]|[省市区區县縣州盟旗镇鎮乡鄉村]|街道|(?:大道|[路街巷])(?:[东東西南北中]段)?|小区|小區|花园|花園|新村|社区|社區|[苑邨]))*"
)


_COUNTRIES = in_both_scripts({"中国", "中华人民共和国"})


def _region(text: str, end: int) -> tuple[int, int, str] | None:
    """Return the place without a number behind a word such as 家住, which ends in its first character.

    None for a country, a province or a city alone.
    """
    begin = end - 1
    line = text[begin : begin + _WINDOW].partition("\n")[0]
    chain = _CHAIN.match(line)
    if not chain or chain.group() in _COUNTRIES:
        return None
    stop = _STOP.search(line)
    more = _REGION_MORE.match(line[: stop.start()] if stop else line, chain.end())
    length = more.end() if more else chain.end()
    known = line[:length].strip(" ,")
    alone = known in _PLACES or known[:-1] in _PLACES
    return None if alone or length < _SHORTEST else (begin, begin + len(known), "region")


def _numbered(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the addresses that have a number."""
    after = 0
    whole = ((start + _leads(text[start]), _whole(text, start, end)) for start, end in spans(_ANCHOR, text))
    anchors = [(start, end) for start, end in whole if end > start]
    place = 0
    while place < len(anchors):
        first, end = anchors[place]
        head = _head(text, first, after)
        if head is None:
            place += 1
            continue
        numbers = [anchors[place]]
        place += 1
        while (
            place < len(anchors)
            and anchors[place][1] - head.start < _LONGEST_ADDRESS
            and _goes_on(text, end, anchors[place][0], street=head.street)
        ):
            end = anchors[place][1]
            numbers.append(anchors[place])
            place += 1
        kind = _kind(text, head, numbers)
        if kind:
            after = _end(text, end)
            # A street, a number and the name of the building are as much as a flat.
            yield head.start, after, "full" if kind == "street" and after > end else kind


def _leads(sign: str) -> bool:
    """Tell whether the sign with which a place of ``_ANCHOR`` begins is the end of the name before the number."""
    return sign >= "\u3400" and sign not in _NUMERAL and sign != "第"


def _whole(text: str, start: int, end: int) -> int:
    """Return the end without what begins a longer number or word, such as a postcode or a telephone."""
    if (
        text[end - 1].isascii()
        and text[end - 1].isalnum()
        and text[end : end + 1].isascii()
        and text[end : end + 1].isalnum()
    ):
        while end > start and (text[end - 1] in " -/" or (text[end - 1].isascii() and text[end - 1].isalnum())):
            end -= 1
    return end


def _head(text: str, first: int, after: int) -> _Head | None:
    """Return what stands before the number at ``first``, not reaching back over ``after``; None where it is no place."""
    low = _edge(text, first, after)
    rest = text[low:first]
    name = rest.rstrip(" ,")
    if len(name) < _SHORTEST_NAME or _NO_PLACE.search(name):
        return None
    street, estate, village = _is_street(rest), bool(_ESTATE_END.search(name)), bool(_VILLAGE_END.search(name))
    named, town = False, False
    if chain := _division(rest):
        begin, division, places = chain.start(), True, chain.group().strip(" ,")
        tail = rest[chain.end() :].strip()
        named, town = bool(tail), _GENERIC.search(tail) is not None
        if not tail and not street:
            # A district, then a number: 灣仔12號 is none, 太古城12座 one by its ending.
            estate, village, division = estate and len(places) > 2 and places not in _PLACES, False, False
        if street and places in _PLACES and _STREET_END.fullmatch(tail or "-"):
            # A city that only lends its name to a street: 北京路, 上海街.
            division = False
    else:
        begin, division, town = _first_part(rest)
    if not (street or estate or village or division) or not rest[begin:].strip():
        return None
    office = _OFFICE_END.search(name) is not None
    return _Head(low + begin, division, street, estate, village, office, town, named)


def _division(rest: str) -> re.Match[str] | None:
    """Return the first chain of known divisions, leaving out such as are part of a longer name: 东湖南路."""
    chain: re.Match[str] | None = _CHAIN.search(rest)
    while chain and chain.start() and chain.group() in _PLACES and _LENT.match(rest, chain.end()):
        chain = _CHAIN.search(rest, chain.start() + 1)
    return chain


_LENT = re.compile(f"[东東西南北中]?(?:大道|[{_WAY_SIGNS}])|[一二三四五六七八九十]?[路街巷]")
_SHORTEST_NAME = 2
_NO_PLACE = re.compile(
    "(?:[0-9一二三四五六七八九十年]月|[年日时時点點分第共约約近超达達至]|[0-9]|(?:^|[^㐀-鿿])(?:商场|商場|大厦|大廈|大楼|大樓|小区|小區|社区|社區|中心|酒店|花园|广场|公寓|住宅区|宿舍|工业园|本村|本市|本区|政府|地下|医院|學校|学校))$"
)
"""What is no name of a place: dates, counts, and words for a building that has none."""


def _edge(text: str, first: int, after: int) -> int:
    """Return where, at the earliest, the address with a number at ``first`` may begin: behind the last word of none."""
    low = max(after, first - _WINDOW, text.rfind("\n", max(after, first - _WINDOW), first) + 1)
    window = text[low:first]
    for match in _STOP.finditer(window):
        low = max(low, first - len(window) + match.end())
    lead = _LEAD.match(text[low:first])
    return low + lead.end() if lead else low


def _first_part(rest: str) -> tuple[int, bool, bool]:
    """Return where an address without a known division begins, whether it has several unknown ones, or one."""
    begin = rest.rfind(",") + 1
    begin += len(rest[begin:]) - len(rest[begin:].lstrip())
    parts = [match.start() for match in _GENERIC.finditer(rest, begin)]
    if parts:
        return parts[0], len(parts) > 1 or any(sign in rest for sign in "市县縣"), True
    return begin, False, False


def _is_street(name: str) -> bool:
    """Tell whether a name ends as streets do, and is none of the words that do so too."""
    found = _STREET_END.search(name)
    bare = name.rstrip(" 第")
    if not found or bare.endswith(_NO_STREET_WORDS) or _NO_STREET.search(bare):
        return False
    before = name[: found.start()]
    return len(before) >= (2 if found.group()[0] in _MUST_BE_LONG else 1) and before[-1] >= "\u3400"


def _goes_on(text: str, end: int, start: int, *, street: bool) -> bool:
    """Tell whether the number at ``start`` belongs to the address that has come to ``end``."""
    gap = text[end:start]
    if len(gap) > _GAP or "\n" in gap or _NOT_IN_GAP.search(gap):
        return False
    name = gap.strip(" ,、")
    if not name:
        return "、" not in gap
    if street and _is_street(name) and _HOUSE.match(text, start):
        return False
    return not (gap[:1] in ",、" and _CHAIN.match(name) and _is_street(name))


def _kind(text: str, head: _Head, numbers: list[tuple[int, int]]) -> str:
    """Return the kind of an address, or "" for none."""
    first, end = numbers[0]
    units = text[first:end]
    count = sum(len(_SIGN.findall(text, begin, stop)) for begin, stop in numbers)
    others = _COUNTS_LINES if head.street and (head.division or head.town) else _COUNTS_OTHER
    if len(numbers) == 1 and count <= 1 and others.match(text, end):
        return ""
    if not _WITH_UNIT.search(units):
        return _kind_of_bare(units, head, len(numbers))
    house = _HOUSE.match(units) is not None
    if head.street and house:
        return "full" if head.division or head.town or count > 1 else "street"
    if head.office:
        return "estate"
    if (
        house
        and head.division
        and (head.village or (head.town and text[first - 1] not in "省市区區县縣州旗镇鎮乡鄉道"))
    ):
        return "full"
    if head.village and (count > 1 or house):
        return "full" if head.division else "flat" if count > 1 else "estate"
    if head.estate:
        return "full" if head.division and not units.endswith("期") else "flat" if count > 1 else "estate"
    if count > 1:
        return "full" if head.division else "flat" if head.street else ""
    if not head.named or units[-1:] in "楼樓层層期队隊社":
        return ""
    return "full" if head.street or units.endswith(("室", "房", "舖", "铺")) else "estate"


def _kind_of_bare(units: str, head: _Head, numbers: int) -> str:
    """Return the kind of an address whose first number has no unit."""
    if numbers == 1 and _DATE.match(units):
        return ""
    if head.street:
        return "full" if head.division or numbers > 1 else ""
    if head.estate:
        return "full" if head.division else "flat"
    return "full" if head.division and head.named else ""


_DATE = re.compile("(?:19|20)[0-9]{2}(?:$|[-_][01]?[0-9](?:$|[-_]))")


def _end(text: str, end: int) -> int:
    """Return where the address ends: with words such as 地下, or the name of a building, after its last number."""
    if tail := _TAIL.match(text, end):
        end = tail.end()
    if text[end - 1] in "号號" and (building := _BUILDING.match(text, end)) and not _NOT_IN_GAP.search(building[0]):
        end = building.end()
    postcode = _POSTCODE.match(text, end)
    return postcode.end() if postcode else end


_POSTCODE = re.compile(" ?,? [0-9]{6}(?![0-9A-Za-z-])")


_BUILDING = re.compile(
    f"[{_HAN}A-Za-z·]{{2,12}}?(?:(?:大厦|大廈|中心|广场|廣場|花园|花園|小区|小區|公寓|大楼|大樓|商场|商場|酒店|[创産产]业园|創意產業園|产业园|創業園|科技园|工业园|工業大廈|创意园|创意产业园|软件园|商城|家园|新村|新邨|国际|國際|市场|市場|[苑邨阁閣轩軒庭])(?: ?[A-Z]?[0-9][0-9A-Za-z-]{{1,7}})?(?![{_HAN}A-Za-z0-9])"
    "|[座苑城](?:[0-9]{3,5})(?![0-9A-Za-z]))"
)
"""The name of a building behind the number of the house, and perhaps a flat without a unit: 百度大厦, 国贸中心1806."""


def fits(value: str) -> bool:
    """Tell whether a whole value could be an address in Chinese, in a field that says so."""
    stripped = value.strip()
    if not _SHORTEST <= len(stripped) <= _LONGEST_VALUE or _NO_VALUE.search(stripped):
        return False
    han = sum(sign >= "\u3400" for sign in stripped)
    if han < _LEAST_HAN or han * 4 < len(stripped):
        return False
    if _CHAIN.search(stripped):
        return True
    return not _OFFICE_VALUE.search(stripped) and _PLACE.search(stripped) is not None


_SHORTEST, _LONGEST_VALUE, _LEAST_HAN = 4, 160, 3
_NO_VALUE = re.compile(
    "://|@|[{}<>=\\\\]|[?!。;；？！].|\n.*\n.*\n.*\n"
    "|^[^0-9]{0,12}(?:编号|編號|号码|號碼|地址|住址|地点|地點|地区|地區|区域|區域|城市|省份|省市区|区县|电话|電話|手机|手機|姓名|数量|數量|份数|份數|名称|名稱|时间|時間|日期|方式|要求|不详|不詳|未知|同上|保密|类型|類型|代码|代碼|状态|狀態|备注|備註|邮编|郵編|所在地|籍贯|籍貫|单位|單位)$"
)
"""What stands in no address, and how the names of other fields end: the cells of a table may have slipped."""
_OFFICE_VALUE = re.compile("^[^0-9路街镇鎮村]{0,12}(?:公司|局|部|处|處|街道)$")
_PLACE = re.compile(
    f"[0-9A-Za-z{_NUMERAL}] ?(?:{_LONG_UNITS}|[{_UNITS}])|[0-9]-[0-9]|[{_HAN}](?:{_WAYS})(?:[{_HAN}0-9]|$)|大道|大街|[{_HAN}](?:{_ESTATES})(?:[{_HAN}0-9A-Za-z]|$)"
    f"|[{_HAN}](?:省|市|区|區|县|縣|州|旗|镇|鎮|乡|鄉|村|街道)|附近|对面|對面|隔壁|旁"
)

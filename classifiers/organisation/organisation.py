"""Names of companies, banks, hospitals, schools, authorities and associations, in Chinese, English and Portuguese.

A name is known by its last word (有限公司, 醫院, Limited, University) or, in Portuguese and partly in English, by its
first (Banco, Direcção dos Serviços de, University of). From there the finder goes to the other end of the name: in
Chinese back to a division, a sign or a word that stands in no name (在, 由, 的, 就职于); in Latin letters over
capitalised words and the small ones between them. The word of the legal form alone is none.

Sources of the legal forms: Company Law of the PRC (2023) art. 7; Companies Ordinance of Hong Kong (Cap. 622);
Commercial Code of Macao (Decree-Law 40/99/M).
"""

# ruff: noqa: E501 - lists of words are read across
from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from classifiers.place.lexicon import alternatives, chinese

_COMPANY = (
    "股份有限公司|有限责任公司|有限責任公司|有限公司|集团公司|集團公司|总公司|總公司|分公司|子公司|责任公司|控股集团|控股集團|集团|集團|合伙企业|合夥企業|合作社|经营部|經營部|个体工商户|公司"
    "|律师事务所|律師事務所|律師行|会计师事务所|會計師事務所|會計師行|事务所|事務所|商行|银行|銀行|信用社|支行|分行|证券|證券|出版社|報社|报社|通讯社|酒店|药房|藥房|书店|書店|连锁店|旗舰店"
)
_BODY = (
    "医院|醫院|医学院|醫學院|卫生院|衛生院|卫生中心|衛生中心|诊所|診所|療養院|疗养院|大学|大學|学院|學院|中学|中學|小学|小學|学校|學校|书院|書院|幼儿园|幼稚園|幼兒園|研究院|研究所|研究中心|实验室|實驗室|科学院|科學院|设计院|設計院"
    "|委员会|委員會|人民政府|政府|人民法院|法院|检察院|檢察院|仲裁院|公安厅|公安局|派出所|总局|總局|总署|總署|管理局|监督局|監督局|委员会办公室|居委会|村委会|管委会|发改委|卫健委|国资委"
    "|基金会|基金會|协会|協會|学会|學會|商会|商會|联合会|聯合會|总会|總會|工会|工會|联盟|聯盟|教会|教會|福利會|慈善會|街坊會|同乡会|同鄉會|俱乐部|俱樂部|图书馆|圖書館|博物馆|博物館|气象台|天文台|電視台|电视台|三院"
    "|交易所|联交所|管理中心|服务中心|服務中心|数据中心|疾控中心|[务務政财財税稅教警司法民卫衛环環交土规規水海关關通计計统統审審发發旅邮郵市监監工商劳勞社保房住建农農林业業气氣象文化体體育物价價档檔信访訪知识产权識產權地政治安身份证明證保障个人資料資料][局厅廳署]"
)
_HAN = "\u3400-\u9fff"
_END = re2.compile(f"(?:(?:{_COMPANY})|(?P<body>{_BODY}))(?:[(][{_HAN}A-Za-z]{{2,8}}[)])?")
_LEGAL_FORM = re.compile(
    "(?:有限|责任|責任|股份|集团|集團|分|子|总|總)公司|合[伙夥]企[业業]|(?:律[师師]|会[计計][师師]|會計師|税务师|稅務師)(?:事[务務]所|行)|商行"
)
_BODY_ENDS = re.compile(
    "[银銀]行|支行|分行|事[务務]所|[医醫]院|大[学學]|[学學]院|中[学學]|小[学學]|[委員员][员員]?[会會]|法院|检察院|檢察院|基金[会會]|[协協][会會]|管理局|[总總][局署]|[公稅税][安务務][局厅]|研究[院所]|出版社|衛生中心|卫生院"
)
_WINDOW, _SHORTEST_NAME = 36, 2

_DIVISION = re2.compile(
    f"(?:{alternatives(chinese('divisions.txt', 'province') | chinese('divisions.txt', 'prefecture') | {'国家', '國家', '全国', '全國'})})|{alternatives(chinese('divisions.txt', 'county'))}"
)
# What a name of an organisation does not go over. Some signs stand in names too: 和平, 和记, 与众.
_STOP = re.compile(
    "[,;:。、!?\"'|<>{}=\\[\\]\\s/\\\\《》〈〉「」『』“”‘’…*#@$%^_，；：！？【】—]|[去往到住送找但而又并並却哪谁怎些的了是在我你您他她它们們请請于於由被把给給让讓从從往到向对對将將曾已则則其该該本此某每各]"
    "|和(?![平記记谐諧声聲美泰信丰豐兴興盛润潤顺順昌合佳瑞创創而田睦])|[与與](?![众眾时時])|[及或以](?=.{2})|以及|所以|因此|可能|最近|近年来|[一两兩几幾多数數]个|[一两兩几幾多数數這这]所(?!大)|[一多]家|许多|很多|普通|觉得|认为|相比|否定|至(?![善诚誠尊])|之后|之後|以后|研究型|以下简称|以下簡稱|简称|簡稱|下称|转入|轉入|任职|任職|就职|就職|入职|入職|供职|工作单位|工作單位|毕业|畢業|就读|就讀|加入|成立|设立|設立|创立|創立|创办|創辦|收购|收購|投资[了给]|起诉|起訴|委托|委託|担任|擔任|拥有|擁有|控股了|持有"
    "|代表(?=.{4})|法人(?=.{4})|股东|股東|雇主|僱主|单位名称|公司名称|客户|客戶|供应商|供應商|甲方|乙方|丙方|原告|被告|申请人|申請人|先生|女士|小姐|经理(?=.{3})|醫生|医生(?=.{3})|老师|老師|同学|同志|转到|轉到|转至|送往|送至|前往|来自|來自|为(?=.{4})|為(?=.{4})|係|系(?=深|广|廣|北京|上海|一家)|一家|一间|一間|两家|有关|有關|经(?=.{5}[局会院])|收到|致函|通知|联系|聯絡|访问|訪問|拜访|参观"
)
_LEAD = re.compile("^[\\s()（）.·&和与與及或至经經等第・-]+")
_NO_NAME = re.compile(
    "^(?:本|该|该|我|贵|貴|敝|某|各|有关|這家|这家|那家|母|子|分|总|總|小|大|上市|外资|外資|国有|國有|民营|私营|跨国|科技|互联网|金融|保险|保險|物流|快递|房地产|地产|建筑|控股|关联|投资|投資|搬家|旅游|旅遊|律师|律師|会计师|會計師"
    "|人民|中央|商业|商業|私家|公立|私立|专科|綜合|综合|三甲|社区|社區|附属|附屬|定点|当地|當地|地方|市|县|區|区|省|镇|党|政府|特区|特區|重点|高等|师范|理工|普通|国际|國際|开户|開戶|手机|网上|發鈔|投资者|业主|業主|評審|评审|专家|專家|执行|常务|工作|專責|董事|监事|审计|股东|薪酬|提名|組織|组织|籌備|筹备|校友|学生|家长|行业|黑客|同业|体育)$"
)

_SMALL = "a-zß-öø-ÿ"
_WORD = f"[A-ZÀ-ÖØ-Þ0-9][A-ZÀ-ÖØ-Þ{_SMALL}0-9'’.&-]*"
_BETWEEN = "(?:[oO]f|[aA]nd|the|&|for|in|d[eo]|d[ao]s|da|e|em|para|\\+)"
_RUN = f"(?:{_WORD} (?:{_BETWEEN} ){{0,2}})+"
_RUN_COMMA = f"(?:{_WORD} (?:{_BETWEEN} ){{0,2}})*{_WORD},? "
_LEGAL = (
    r"(?:(?:Company|Co\.?)?,? ?|Company,? |,? )(?:\([A-Za-z. ]{2,24}\),? )?(?:Pte\.?|Pty\.?|Sdn\.? Bhd|Private)? ?(?:Limited|LIMITED|Ltd|LTD|Limitada|LIMITADA|Lda|LDA)\b\.?|(?:Inc|INC|Incorporated|Corp|Corporation|CORPORATION|LLC|L\.L\.C|LLP|PLC|Plc|GmbH|AG|S\.A\.R\.L|SARL|S\.A|SA|Unipessoal|B\.V|N\.V)\b\.?"
    r"|(?:Holdings|Company|Co\.|Group)\b"
)
_KINDS = (
    "University|College|Polytechnic|Hospital|Clinic|Bank|School|Institute|Academy|Foundation|Association|Federation|Society|Commission|Committee|Council|Authority|Bureau|Department|Ministry|Agency|Office|Centre|Center|Church|Museum|Library|Laboratory"
    "|Brokers|Securities|Insurance|Consultants|Partners|Solicitors|Associates|Airlines|Airways|Press|Exchange|Union|Trust|Fund"
)
_FIRST = "University|College|Bank|Ministry|Department|Bureau|Institute|Hong Kong Society|Chamber|Office|Commission|Faculty|School"
_FIRST_PT = "Banco|Universidade|Instituto|Hospital|Sociedade|Companhia|Associação|Fundação|Escola|Colégio|Direcção dos Serviços|Direção dos Serviços|Direcção|Direção|Gabinete|Conselho|Comissão|Centro Hospitalar|Centro|Câmara|Tribunal|Ministério|Secretaria|Serviços de Saúde|Serviços|Empresa|Grupo|Agência|Clínica|Farmácia|Igreja|Santa Casa|Obra Social|Caixa|Polícia|Corpo|Faculdade|Autoridade|Federação|União|Cruz"
_LATIN = re2.compile(
    f"(?:^|[^A-Za-z0-9À-ÿ.@/_-])(?:(?P<legal>{_RUN_COMMA}(?:{_LEGAL}))|(?P<body>(?:{_RUN})(?:{_KINDS})\\b(?: (?:of|for) (?:the )?{_WORD}(?: (?:{_BETWEEN} )*{_WORD})*)?"
    f"|(?:The )?(?:{_FIRST}) (?:of|for) (?:the )?{_WORD}(?: (?:{_BETWEEN} )*{_WORD})*"
    f"|(?:{_FIRST_PT}) (?:(?:{_BETWEEN} )*{_WORD},? ?)+(?:(?:e|{_BETWEEN}) {_WORD} ?)*(?:Lda\\b\\.?|Limitada|S\\.A\\.)?))(?:$|[^A-Za-z0-9À-ÿ])"
)
_TOKENS = "Limited|LIMITED|Ltd|LTD|Limitada|LIMITADA|Lda|LDA|Inc|INC|Incorporated|Corp|Corporation|CORPORATION|LLC|LLP|PLC|Plc|GmbH|S\\.A|SARL|Unipessoal|Holdings|Company|Group"
SCREEN = f"{_COMPANY}|{_BODY}|[^A-Za-z](?:{_TOKENS}|{_KINDS})(?:$|[^A-Za-z])|(?:{_FIRST}) (?:of|for) |(?:{_FIRST_PT}) "
"""Hits every text with a word that makes a name that of an organisation."""

_STRONG = re.compile(
    f"(?:{_TOKENS})\\b|\\b(?:University|Hospital|Bank|College|Polytechnic|Foundation|Brokers|Banco|Universidade|Hospital|Sociedade|Companhia|Direc?ção dos Serviços|Instituto|Fundação|Associação|Lda)\\b"
)
_FORM = re.compile("(?:Limited|LIMITED|Ltd|LTD|Limitada|LIMITADA|Lda|LDA)\\b")
"""Legal forms that nothing else is called; Inc., Corporation and Group stand in every licence of a software."""
_OPENING = re.compile(
    "^(?:(?:At|In|From|With|For|By|Of|And|To|Dear|Our|This|That|When|Since|If|On|Mr|Mrs|Ms|Miss|Dr|A|An|As|Please|Copyright|Contact|Your|His|Her|Its|Their|No|Na|Da|Do|Em|De|Pela|Pelo|Company|Employer|Name|We|You|I|[0-9][0-9.-]*|Each|Any|All|These|Under)[.,]? )+"
)
_MOST_WORDS = 10
_NOT_LIMITED = re.compile(
    r"(?i:\b(?:not|including|implied|are|is|be|was|were|very|strictly|currently) +limited)\b|, (?:Group|Company|Holdings)$"
)


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end (code points) and kind of every name of an organisation: company, body or loose."""
    yield from _chinese(text)
    yield from _latin(text)


def _chinese(text: str) -> Iterator[tuple[int, int, str]]:
    after = 0
    ends = [match.span() for match in _END.finditer(text)]
    for place, (first, end) in enumerate(ends):
        if first < after:
            continue
        # 香港大学 附属医院, 深圳分公司: what ends another name right behind takes this one in.
        if place + 1 < len(ends) and _one_name(text, first, end, ends[place + 1][0]):
            continue
        begin = _chinese_start(text, first, after)
        if begin is not None:
            form = (
                "company"
                if _LEGAL_FORM.search(text, first, end)
                else "body"
                if _BODY_ENDS.search(text, first, end)
                else "loose"
            )
            yield begin, end, form if first - begin >= _SHORTEST_NAME else "loose"
            after = end


_LINK = 10
_LINKED = re2.compile(
    f"[()]?(?:附[属屬]|直[属屬]|第|[一二三四五六七八九十]+|(?:{alternatives(chinese('divisions.txt', 'province') | chinese('divisions.txt', 'prefecture') | chinese('divisions.txt', 'county'))})[省市区區]?"
    "|人民|口腔|肿瘤|腫瘤|儿童|兒童|妇女|婦女|中医|中醫|医学|醫學|商|法|文|理|工|管理|计算机|第三|[东東西南北中]|[省市区區县縣]|公安|营业|營業|身份|民政)*[()]?"
)


def _one_name(text: str, first: int, end: int, following: int) -> bool:
    """Tell whether two endings, the first at ``first:end``, are of one name."""
    gap = text[end:following]
    if len(gap) > _LINK or _STOP.search(gap):
        return False
    return _LINKED.fullmatch(gap) is not None or (
        text[first:end].endswith("政府") and _ALL_HAN.fullmatch(gap) is not None
    )


_ALL_HAN = re.compile(f"[{_HAN}]*")


def _chinese_start(text: str, first: int, after: int) -> int | None:
    low = max(after, first - _WINDOW, text.rfind("\n", max(after, first - _WINDOW), first) + 1)
    window = text[low:first]
    cut = 0
    for match in _STOP.finditer(window):
        cut = match.end()
    rest = window[cut:]
    if opened := _unclosed(rest):
        cut, rest = cut + opened, rest[opened:]
    if lead := _LEAD.match(rest):
        cut, rest = cut + lead.end(), rest[lead.end() :]
    division = _DIVISION.search(rest)
    # A sentence before 广州云岭科技; but 中铁广州工程局 and 阿里巴巴(中国) begin before theirs.
    if division and rest[: division.start()][-1:] != "(" and _begins_there(rest, division.start(), division.end()):
        cut, rest = cut + division.start(), rest[division.start() :]
    if not rest or _NO_NAME.match(rest) or not any("\u3400" <= sign <= "\u9fff" or sign.isalpha() for sign in rest):
        return None
    return low + cut


_BEFORE_CITY = 4


def _begins_there(rest: str, start: int, end: int) -> bool:
    return start > _BEFORE_CITY or rest[end : end + 1] in ("省", "市")


def _unclosed(rest: str) -> int:
    """Return where the stretch behind a bracket that is not closed begins, 0 where there is none."""
    opened = rest.rfind("(")
    return opened + 1 if opened >= 0 and ")" not in rest[opened:] else 0


def _latin(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _LATIN.finditer(text):
        name = "legal" if match.group("legal") is not None else "body"
        start, end = match.span(_LATIN.groupindex[name])
        found = match.group(name)
        if opening := _OPENING.match(found):
            start, found = start + opening.end(), found[opening.end() :]
        while found and found[-1] in " ,;:":
            end, found = end - 1, found[:-1]
        words = found.split(" ")
        if len(words) > _MOST_WORDS:
            dropped = len(" ".join(words[:-_MOST_WORDS])) + 1
            start, found, words = start + dropped, found[dropped:], words[-_MOST_WORDS:]
        if len(words) < 2 or _NOT_LIMITED.search(found) or _BARE.fullmatch(found):
            continue
        yield (
            start,
            end,
            "company" if name == "legal" and _FORM.search(found) else "body" if _STRONG.search(found) else "loose",
        )


_BARE = re.compile(
    f"(?:(?:Company|Co\\.?|The|Private|Public|Group|Holdings|Limited|Any|Each|NOT|BUT|INCLUDING|{_TOKENS}|{_KINDS}|of|and|for)[,.]? ?)+"
)


def fits(value: str) -> bool:
    """Tell whether a whole value could be the name of an organisation, in a field that says so."""
    stripped = value.strip()
    if not 2 <= len(stripped) <= 120 or stripped.lower() in _NOTHING or _NO_WORDS.search(stripped):
        return False
    return sum(sign.isalpha() for sign in stripped) * 2 >= len(stripped)


_NOTHING = frozenset(
    (
        "null",
        "none",
        "n/a",
        "na",
        "nil",
        "true",
        "false",
        "unknown",
        "undefined",
        "无",
        "無",
        "暂无",
        "没有",
        "不详",
        "不詳",
        "其他",
        "其它",
        "nenhum",
        "nenhuma",
        "desconhecido",
        "yes",
        "no",
        "sim",
        "não",
        "test",
        "-",
    )
)
_NO_WORDS = re.compile(r"://|@|[{}<>=\\|]|^www\.|[0-9]{6}|\n")

"""Names of nobody: common surnames and given names, put together by chance.

The given names are dealt to the two halves of the corpus one by one, so that a list of names learnt on one half is no
help on the other. Surnames are few and known to everybody; both halves have them all.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.accuracy.identifiers import Chance


def words(text: str, between: str = " ") -> tuple[str, ...]:
    """Return the words of a list as it is best read, in one piece."""
    return tuple(text.split(between))


SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆"
    "金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳"
)  # fmt: skip
SURNAMES_TRADITIONAL = (
    "王李張劉陳楊黃趙吳周徐孫馬朱胡郭何林羅高梁鄭謝宋唐許鄧馮韓曹曾彭蕭蔡潘田董袁于余葉蔣杜蘇魏程呂丁沈任姚盧傅鍾姜崔譚廖范汪陸"
    "金石戴賈韋夏邱方侯鄒熊孟秦白江閻薛尹段雷黎史龍陶賀顧毛郝龔邵萬錢嚴覃武莫孔向湯溫康施文葛安齊易喬伍龐顏倪莊聶章魯岳甄麥區關冼招"
)  # fmt: skip
COMPOUND, COMPOUND_TRADITIONAL = (
    ("欧阳", "司徒", "上官", "诸葛", "司马", "慕容"),
    ("歐陽", "司徒", "上官", "諸葛", "司馬", "慕容"),
)
_GIVEN = (
    "伟强磊军洋勇艳杰娟涛明超秀霞平刚桂芳娜敏静丽英华慧建国文志海燕玲婷雪梅琳晨宇浩轩子涵梓欣怡嘉俊凯鹏飞鑫淑珍红玉兰春秋冬晓月云"
    "光辉荣庆德福永昌盛泽民仁义礼智信思远博雅诗琪梦瑶佳颖雨桐天佑家豪振东立新少芬翠萍凤仙瑞祥锦程奕航若曦可馨彦斌恒毅润泉培根启航"
)  # fmt: skip
_GIVEN_TRADITIONAL = (
    "偉強家俊明文志華國建麗芳美玲淑儀慧敏詠琳嘉欣穎怡子軒浩然梓晴樂瑤卓曦柏熙德榮永昌錦輝少芬翠萍鳳仙瑞祥振東立新婉雯佩珊秀蘭玉珍"
    "惠芬桂英惠貞寶珠月娥耀宗啟航景行思遠海燕曉彤雪盈潔瑩綺雯凱琪俊傑偉文兆基樹仁廣成炳坤潤泉培根燦森鎮濤堅毅賢達學勤婷敬康泰"
)  # fmt: skip
_UYGHUR = ("阿依古丽·买买提", "古丽米热·阿不都", "艾力·吐尔逊", "扎西·多吉", "迪丽努尔·肉孜", "帕提古丽·艾山")

_CANTONESE = words(
    "Chan Wong Cheung Lau Lee Leung Cheng Ho Kwok Ng Lam Yip Tang Tsang Chow Chung Fung Mak Yeung Tse Hui So "
    "Kwan Poon Yuen Lo Law Choi Tam Au-Yeung Szeto Lui Siu Kong Pang Tsui Yiu Mok Wan Chiu Fan Ip Kan Ma Man "
    "Shum Sin Suen To Yau Chu Hung"
)
_CANTONESE_GIVEN = words(
    "Tai Siu Ka Wai Chi Kin Man Wing Yee Ming Hoi Kwok Ching Lai Mei Fong Ling Yuk Sau Pui Shan Hiu Tung Lok "
    "Yan Tsz Ho Chun Hei Kit Shing Wah Keung Fai Cheuk Hang Suet Ying Mui Lan Kuen Chun Yin Kam Fung Hon Sum "
    "Yat Long Nam Po Shuk Wan Yuet Oi Chui"
)
_MACAO = words(
    "Ieong Lei Wong Chan Kuok Sou Leong Lam Ho Ng Cheang Fong Vong Lao Ian Kou Sam Tam Iao Un Chao Choi Mak "
    "Loi Si Pun Tou U Hoi Chio"
)
_MACAO_GIVEN = words(
    "Weng Kei Iok Sio Mei Kuan Chi Wai Ieng Hou Man Fong Sok Cheng Ka Lok Tat Keong Un Seng Pou San Iat Wa "
    "Chon Meng Teng Fai Lai Ha"
)
_PINYIN = words(
    "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu "
    "Hu Guo He Lin Luo Gao Liang Zheng Xie Song Tang Deng Feng "
    "Han Cao Zeng Peng Xiao Cai Pan Tian Dong Yuan Ye Jiang Du Su "
    "Wei Cheng Lü Ding Shen Ren Yao Lu Ouyang Situ Zhong Tan Liao "
    "Fan"
)
_PINYIN_GIVEN = words(
    "Wei Qiang Lei Jun Yang Yong Yan Jie Juan Tao Ming Chao Xiuying Xia Ping Gang Guiying Fang Na Min Jing Li "
    "Dawen Xiaoming Zihan Yuxuan Haoran Jiahui Meiling Jianguo Zhiqiang Xiaoyan Guofeng Lihua Shuzhen Yuting "
    "Wenjie Siyu Ruoxi Bowen Zhenyu Tianyou Jiahao Lixin Yongchang Hongmei"
)
_ENGLISH = words(
    "Peter Mary Grace Kelvin Winnie Jacky Carmen Tony Vivian Raymond Karen Eric Joyce Simon Phoebe Alan Fiona "
    "Derek Mandy Stanley Yvonne Wilson Cherry Gary Doris Jason Iris Benny Elaine Samuel"
)
_FOREIGN = words(
    "Margaret Thompson|James Holloway|Priya Raman|Olivia Bennett|Daniel Fitzgerald|Sarah Whitmore|"
    "Thomas Okafor|Emily Carrington|Rajesh Menon|Hannah Lindqvist|George Pemberton|Aisha Rahman|"
    "Michael Donnelly|Charlotte Ashworth|Andrew Mackenzie|Rebecca Stanhope|Kenji Morita|Maria Santos|"
    "Robert Langley|Victoria Hargreaves|Edward Whitfield|Nadia Petrova|William Sutherland|Laura Eastwood",
    "|",
)
_PORTUGUESE_GIVEN = words(
    "José Ana João Maria António Isabel Manuel Teresa Carlos "
    "Helena Pedro Fernanda Paulo Cristina Luís Beatriz Rui "
    "Catarina Miguel Sofia Jorge Mariana Ricardo Inês Tiago "
    "Margarida Nuno Filipa Vasco Leonor Duarte Graça Álvaro "
    "Conceição Henrique Raquel"
)
_PORTUGUESE_SECOND = ("Maria", "Paula", "Luísa", "Manuel", "Carlos", "Miguel", "Alexandre", "Rita", "Filipe", "Clara")
_PORTUGUESE = words(
    "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues "
    "Martins Jesus Sousa Fernandes Gonçalves Gomes Lopes Marques "
    "Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira "
    "Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha "
    "Xavier Rosário Sequeira Noronha Guimarães Assunção"
)
_JOINS = ("", "", "", "de ", "da ", "dos ")


def half_of[T](items: Sequence[T], half: int) -> Sequence[T]:
    """Deal ``items`` to two halves, one by one."""
    return items[half::2]


def simplified(chance: Chance, half: int) -> str:
    """Return a name of the mainland in Han characters."""
    style = chance.random()
    if style < 0.015:
        return chance.choice(_UYGHUR)
    surname = chance.choice(COMPOUND) if style < 0.04 else chance.choice(SURNAMES)
    return surname + "".join(chance.choices(half_of(_GIVEN, half), k=1 if chance.random() < 0.25 else 2))


def traditional(chance: Chance, half: int) -> str:
    """Return a name of Hong Kong or Macao in Han characters."""
    surname = chance.choice(COMPOUND_TRADITIONAL) if chance.random() < 0.03 else chance.choice(SURNAMES_TRADITIONAL)
    return surname + "".join(chance.choices(half_of(_GIVEN_TRADITIONAL, half), k=1 if chance.random() < 0.1 else 2))


def cantonese(chance: Chance, half: int) -> str:
    """Return a name of Hong Kong as it is romanised there."""
    surname, given = chance.choice(_CANTONESE), chance.sample(half_of(_CANTONESE_GIVEN, half), 2)
    style, english = chance.random(), chance.choice(half_of(_ENGLISH, half))
    if style < 0.35:
        return f"{surname.upper()} {given[0]} {given[1]}"
    if style < 0.55:
        return f"{surname} {given[0]} {given[1]}"
    if style < 0.65:
        return f"{surname} {given[0]}-{given[1].lower()}"
    if style < 0.75:
        return f"{english} {surname}"
    if style < 0.85:
        return f"{english} {surname} {given[0]} {given[1]}"
    return (
        f"{surname.upper()} {given[0]} {given[1]} {english}"
        if style < 0.93
        else f"{surname} {given[0]} {given[1]}".upper()
    )


def pinyin(chance: Chance, half: int) -> str:
    """Return a name of the mainland in pinyin."""
    surname, given = chance.choice(_PINYIN), chance.choice(half_of(_PINYIN_GIVEN, half))
    style = chance.random()
    if style < 0.45:
        return f"{surname} {given}"
    return (
        f"{given} {surname}"
        if style < 0.65
        else f"{surname.upper()} {given}"
        if style < 0.9
        else f"{surname} {given}".upper()
    )


def macao(chance: Chance, half: int) -> str:
    """Return a name of Macao as it is romanised there."""
    surname, given = chance.choice(_MACAO), chance.sample(half_of(_MACAO_GIVEN, half), 2)
    style = chance.random()
    return (
        f"{surname} {given[0]} {given[1]}"
        if style < 0.55
        else f"{surname.upper()} {' '.join(given).upper()}"
        if style < 0.85
        else f"{surname}, {given[0]} {given[1]}"
    )


def portuguese(chance: Chance, half: int) -> str:
    """Return a Portuguese or Macanese name."""
    given, surnames = chance.choice(half_of(_PORTUGUESE_GIVEN, half)), half_of(_PORTUGUESE, half)
    style, last = chance.random(), f"{chance.choice(_JOINS)}{chance.choice(_PORTUGUESE)}"
    if style < 0.35:
        return f"{given} {last}"
    if style < 0.65:
        return f"{given} {chance.choice(_PORTUGUESE_SECOND)} {chance.choice(surnames)} {last}"
    if style < 0.85:
        return f"{given} {chance.choice(surnames)} {last}"
    return f"{given} {chance.choice(_MACAO)}" if style < 0.93 else f"{given} {last}".upper()


def foreign(chance: Chance, half: int) -> str:
    """Return a name from elsewhere."""
    return chance.choice(half_of(_FOREIGN, half))


def name(chance: Chance, language: str, half: int) -> str:
    """Return a name as it may stand in a text in ``language``."""
    style = chance.random()
    if language == "zh-Hans":
        return simplified(chance, half)
    if language == "zh-Hant":
        return traditional(chance, half)
    if language == "en":
        maker = (
            cantonese
            if style < 0.55
            else pinyin
            if style < 0.75
            else foreign
            if style < 0.88
            else macao
            if style < 0.95
            else portuguese
        )
        return maker(chance, half)
    return (portuguese if style < 0.75 else macao if style < 0.95 else pinyin)(chance, half)


def surname(chance: Chance, language: str) -> str:
    """Return a surname by itself, for a title to follow or to go before."""
    if language == "zh-Hans":
        return chance.choice(SURNAMES)
    if language == "zh-Hant":
        return chance.choice(SURNAMES_TRADITIONAL)
    return chance.choice(_CANTONESE if language == "en" else _PORTUGUESE)

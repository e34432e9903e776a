"""Addresses at which nobody lives: streets and estates put together by the grammar of each place, numbers by chance.

Streets, estates and buildings are dealt to the two halves of the corpus; cities and districts are known to everybody.
"""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

from bench.accuracy.identifiers import Chance
from bench.accuracy.people import half_of, words

_CITIES = (
    ("广东省广州市", "天河区 越秀区 海珠区 番禺区 白云区"), ("广东省深圳市", "福田区 南山区 罗湖区 宝安区 龙岗区"),
    ("广东省珠海市", "香洲区 斗门区 金湾区"), ("广东省佛山市", "禅城区 南海区 顺德区"), ("广东省中山市", "石岐街道 小榄镇 火炬开发区"),
    ("广东省江门市", "蓬江区 江海区 新会区"), ("广东省东莞市", "南城街道 长安镇 虎门镇"), ("广东省惠州市", "惠城区 惠阳区"),
    ("北京市", "朝阳区 海淀区 西城区"), ("上海市", "浦东新区 徐汇区 静安区"), ("湖南省长沙市", "岳麓区 芙蓉区"), ("广西壮族自治区南宁市", "青秀区 兴宁区"),
    ("福建省厦门市", "思明区 湖里区"), ("四川省成都市", "武侯区 锦江区"), ("浙江省杭州市", "西湖区 余杭区"), ("湖北省武汉市", "武昌区 江汉区"),
)  # fmt: skip
_ROADS = words(
    "中山 人民 建设 解放 体育东 天河北 深南 滨河 红荔 香洲大 吉大 情侣中 海滨 华强北 科技园 学府 文明 花城 "
    "珠江 龙溪 福华 彩田 凤凰北 迎宾 环市 东风 先烈中 广州大道中 新港西 江南 昌岗 莲花 梅林 前海 宝源 创业 "
    "南海大 莲塘 桃园 翠竹 银桦 柠溪 九洲大道 港昌 梅华东 兰埔 岐江 康华 胜利 发展 江会"
)
_ESTATES = words(
    "锦绣花园 翠湖苑 阳光海岸 碧桂新城 怡景湾 金色家园 丽江花园 星河湾 半山豪庭 东方明珠 华景新城 保利香槟 "
    "海怡半岛 翠园小区 龙湖世家 学林雅苑 天鹅堡 幸福里 书香门第 云山诗意 湖畔新村 鸿景花园 盛世名门 五洲花城 "
    "云顶澜山 康乐小区 新世纪广场 凯旋会 御景名城 松涛公寓"
)
_VILLAGES = ("石桥村", "大岭村", "沙湾村", "塘尾村", "上冲村", "白石村", "麻墩村", "龙眼村")

_HK_ZH = (
    ("香港", "中環 灣仔 銅鑼灣 北角 鰂魚涌 筲箕灣 柴灣 香港仔 西環"), ("九龍", "旺角 油麻地 尖沙咀 深水埗 觀塘 九龍灣 黃大仙 何文田 紅磡"),
    ("新界", "沙田 大埔 元朗 屯門 荃灣 葵涌 將軍澳 天水圍 粉嶺 青衣"),
)  # fmt: skip
_HK_STREETS = (
    ("彌敦道", "Nathan Road"), ("軒尼詩道", "Hennessy Road"), ("英皇道", "King's Road"), ("皇后大道中", "Queen's Road Central"), ("德輔道西", "Des Voeux Road West"),
    ("告士打道", "Gloucester Road"), ("荔枝角道", "Lai Chi Kok Road"), ("長沙灣道", "Cheung Sha Wan Road"), ("太子道西", "Prince Edward Road West"),
    ("觀塘道", "Kwun Tong Road"), ("青山公路", "Castle Peak Road"), ("大埔道", "Tai Po Road"), ("般咸道", "Bonham Road"), ("廣東道", "Canton Road"),
    ("鴨寮街", "Apliu Street"), ("上海街", "Shanghai Street"), ("駱克道", "Lockhart Road"), ("電氣道", "Electric Road"), ("渣甸街", "Jardine's Bazaar"),
    ("水渠道", "Nullah Road"), ("眾安街", "Chung On Street"), ("禧利街", "Hillier Street"), ("高街", "High Street"), ("堅道", "Caine Road"),
)  # fmt: skip
_HK_ESTATES = (
    ("太古城", "Taikoo Shing"), ("沙田第一城", "City One Shatin"), ("美孚新邨", "Mei Foo Sun Chuen"), ("黃埔花園", "Whampoa Garden"), ("彩虹邨", "Choi Hung Estate"),
    ("嘉湖山莊", "Kingswood Villas"), ("愛民邨", "Oi Man Estate"), ("康怡花園", "Kornhill"), ("麗港城", "Laguna City"), ("瀝源邨", "Lek Yuen Estate"),
    ("置富花園", "Chi Fu Fa Yuen"), ("慈雲山邨", "Tsz Wan Shan Estate"),
)  # fmt: skip
_HK_HOUSES = (
    ("恆安大廈", "Hang On Mansion"), ("金輝閣", "Kam Fai Court"), ("明德樓", "Ming Tak House"), ("富榮樓", "Fu Wing House"), ("海景閣", "Hoi King Court"),
    ("百福大樓", "Pak Fuk Building"), ("寶石大廈", "Po Shek Mansion"), ("長興樓", "Cheung Hing House"), ("麗晶中心", "Regent Centre"), ("翠華大廈", "Tsui Wah Building"),
)  # fmt: skip
_HK_DISTRICTS = (
    "Central,Hong Kong", "Wan Chai,Hong Kong", "Causeway Bay,Hong Kong", "North Point,Hong Kong", "Mong Kok,Kowloon", "Tsim Sha Tsui,Kowloon",
    "Sham Shui Po,Kowloon", "Kwun Tong,Kowloon", "Sha Tin,N.T.", "Tai Po,New Territories", "Yuen Long,N.T.", "Tuen Mun,New Territories", "Tseung Kwan O,N.T.",
)  # fmt: skip
_MO_STREETS = (
    ("殷皇子大馬路", "Avenida do Infante D. Henrique"), ("新馬路", "Avenida de Almeida Ribeiro"), ("高士德大馬路", "Avenida de Horta e Costa"),
    ("俾利喇街", "Rua de Francisco Xavier Pereira"), ("水坑尾街", "Rua do Campo"), ("荷蘭園大馬路", "Avenida do Conselheiro Ferreira de Almeida"),
    ("河邊新街", "Rua do Almirante Sérgio"), ("羅理基博士大馬路", "Avenida do Dr. Rodrigo Rodrigues"), ("黑沙環馬路", "Estrada da Areia Preta"),
    ("美副將大馬路", "Avenida do Coronel Mesquita"), ("連勝街", "Rua de Coelho do Amaral"), ("筷子基北街", "Rua Norte do Fai Chi Kei"),
    ("雅廉訪大馬路", "Avenida do Ouvidor Arriaga"), ("柯高街", "Rua de Silva Mendes"), ("關閘馬路", "Istmo de Ferreira do Amaral"), ("聖祿杞街", "Rua de São Roque"),
    ("慕拉士大馬路", "Avenida de Venceslau de Morais"), ("群隊街", "Rua da Harmonia"), ("氹仔布拉干薩街", "Rua de Bragança"), ("三盞燈圓形地", "Rotunda de Carlos da Maia"),
)  # fmt: skip
_MO_HOUSES = (
    ("寶暉閣", "Edifício Pou Fai"), ("金海山花園", "Jardins Kam Hoi San"), ("麗華新村", "Edifício Lai Va"), ("泉福新邨", "Edifício Chun Fok"), ("南方大廈", "Edifício Nam Fong"),
    ("廣福祥花園", "Edifício Kuong Fok Cheong"), ("百利新邨", "Edifício Pak Lei"), ("海名居", "La Marina"), ("建華大廈", "Edifício Kin Wa"), ("永寧廣場", "Edifício Weng Neng"),
)  # fmt: skip


def mainland(chance: Chance, half: int) -> str:
    """Return an address of the mainland, often without its province."""
    city, districts = chance.choice(_CITIES)
    district = chance.choice(districts.split())
    style = chance.random()
    if style < 0.25 and "省" in city:
        city = city.partition("省")[2]
    road = chance.choice(half_of(_ROADS, half))
    road += (
        ""
        if road.endswith(("道中", "大道"))
        else "道"
        if road.endswith("大")
        else chance.choice(("路", "路", "路", "大道", "街"))
    )
    number = f"{chance.randrange(1, 900)}号"
    estate = chance.choice(half_of(_ESTATES, half))
    room = chance.choice(
        (f"{chance.randrange(1, 30)}栋{chance.randrange(1, 33)}{chance.randrange(1, 9):02}室", f"{chance.randrange(1, 20)}座{chance.randrange(1, 4)}单元{chance.randrange(101, 3208)}房",
         f"{chance.choice('ABCDEF')}栋{chance.randrange(101, 2809)}", f"{chance.randrange(2, 33)}楼{chance.choice('ABCDEF')}座", f"{chance.randrange(101, 1810)}室")
    )  # fmt: skip
    if style < 0.45:
        return f"{city}{district}{road}{number}{estate}{room}"
    if style < 0.70:
        return f"{city}{district}{road}{number}{room}"
    if style < 0.82:
        return f"{city}{district}{estate}{room}"
    if style < 0.92:
        return f"{city}{district}{road}{number}"
    return f"{city}{district}{chance.choice(_VILLAGES)}{chance.randrange(1, 12)}组{chance.randrange(1, 99)}号"


def hong_kong_zh(chance: Chance, half: int) -> str:
    """Return an address of Hong Kong in Chinese."""
    area, districts = chance.choice(_HK_ZH)
    district = chance.choice(districts.split())
    street, house = chance.choice(half_of(_HK_STREETS, half))[0], chance.choice(half_of(_HK_HOUSES, half))[0]
    flat = f"{chance.randrange(1, 45)}樓{chance.choice('ABCDEFGH')}{chance.choice('室室座')}"
    if chance.random() < 0.3:
        flat = f"{chance.randrange(1, 40)}{chance.randrange(1, 30):02}室"
    style = chance.random()
    if style < 0.45:
        return f"{area}{district}{street}{chance.randrange(1, 800)}號{house}{flat}"
    if style < 0.65:
        return f"{district}{street}{chance.randrange(1, 800)}號{house}{flat}"
    if style < 0.88:
        estate = chance.choice(half_of(_HK_ESTATES, half))[0]
        return f"{area}{district}{estate}{chance.choice((f'第{chance.randrange(1, 20)}座', house))}{flat}"
    return f"{area}{district}{street}{chance.randrange(1, 800)}號{chance.randrange(1, 20)}字樓"


def macao_zh(chance: Chance, half: int) -> str:
    """Return an address of Macao in Chinese."""
    street, house = chance.choice(half_of(_MO_STREETS, half))[0], chance.choice(half_of(_MO_HOUSES, half))[0]
    head = chance.choice(("澳門", "澳門", "澳門", ""))
    number = (
        f"{chance.randrange(1, 600)}號"
        if chance.random() < 0.8
        else f"{chance.randrange(1, 300)}-{chance.randrange(300, 400)}號"
    )
    return f"{head}{street}{number}{house}{chance.randrange(1, 35)}樓{chance.choice('ABCDEFGHIJ')}{chance.choice(('座', '', '室'))}"


def mainland_en(chance: Chance, half: int) -> str:
    """Return an address of the mainland in English."""
    road = chance.choice(
        half_of(
            (
                "Zhongshan Road",
                "Tiyu East Road",
                "Shennan Avenue",
                "Renmin Road",
                "Qinglü Middle Road",
                "Binhe Avenue",
                "Huanshi Road",
                "Jiefang Street",
            ),
            half,
        )
    )
    city, district = chance.choice(
        (
            ("Guangzhou", "Tianhe"),
            ("Shenzhen", "Futian"),
            ("Shenzhen", "Nanshan"),
            ("Zhuhai", "Xiangzhou"),
            ("Foshan", "Nanhai"),
        )
    )
    return f"Room {chance.randrange(101, 2809)}, Building {chance.randrange(1, 20)}, No. {chance.randrange(1, 900)} {road}, {district} District, {city}"


def hong_kong_en(chance: Chance, half: int) -> str:
    """Return an address of Hong Kong in English."""
    street, house = chance.choice(half_of(_HK_STREETS, half))[1], chance.choice(half_of(_HK_HOUSES, half))[1]
    floor, flat = chance.randrange(1, 45), chance.choice("ABCDEFGH")
    place = chance.choice(_HK_DISTRICTS).replace(",", ", ")
    unit = chance.choice(
        (
            f"Flat {flat}, {floor}/F",
            f"Flat {flat}, {floor}/F.",
            f"Flat {chance.randrange(1, 30)}, {floor}/F",
            f"Room {floor}{chance.randrange(1, 30):02}",
            f"Unit {flat}, {floor}th Floor",
        )
    )
    style = chance.random()
    if style < 0.5:
        return f"{unit}, {house}, {chance.randrange(1, 800)} {street}, {place}"
    if style < 0.7:
        return f"{unit}, {chance.randrange(1, 800)} {street}, {place}"
    if style < 0.92:
        return f"{unit}, Block {chance.randrange(1, 20)}, {chance.choice(half_of(_HK_ESTATES, half))[1]}, {place}"
    return f"{chance.randrange(1, 800)} {street}, {place}"


def macao_pt(chance: Chance, half: int) -> str:
    """Return an address of Macao in Portuguese."""
    street, house = chance.choice(half_of(_MO_STREETS, half))[1], chance.choice(half_of(_MO_HOUSES, half))[1]
    number = chance.choice(("n.º ", "n.º ", "nº ", "N.º ", "")) + str(chance.randrange(1, 600))
    floor = f"{chance.randrange(1, 35)}{chance.choice(('.º', 'º'))} andar"
    flat = chance.choice("ABCDEFGHIJ")
    style, tail = chance.random(), chance.choice((", Macau", ", Macau", ""))
    if style < 0.5:
        return f"{street}, {number}, {house}, {floor} {flat}{tail}"
    if style < 0.75:
        return f"{street}, {number}, {floor} {flat}{tail}"
    return (
        f"{street}, {number}, {house}, {floor[: floor.index(' ')]}{flat}{tail}"
        if style < 0.9
        else f"{street}, {number}{tail}"
    )


def address(chance: Chance, language: str, half: int) -> str:
    """Return an address as it may stand in a text in ``language``."""
    style = chance.random()
    if language == "zh-Hans":
        return mainland(chance, half)
    if language == "zh-Hant":
        return (hong_kong_zh if style < 0.6 else macao_zh)(chance, half)
    if language == "en":
        return (hong_kong_en if style < 0.85 else mainland_en)(chance, half)
    return macao_pt(chance, half)

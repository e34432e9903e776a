"""Addresses: what is one, from where to where, and what only looks like one. Streets are real, numbers are invented."""

# ruff: noqa: E501, SIM905 - tables are read across
from __future__ import annotations

import time
from types import ModuleType

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from classifiers.place import han_address, latin_address
from classifiers.place.lexicon import chinese, in_both_scripts, latin

SURE = {"full", "flat"}
FINDERS = [pytest.param(han_address, id="han"), pytest.param(latin_address, id="latin")]

MAINLAND = """
患者家住[广东省深圳市南山区西丽街道留仙大道1888号]，联系电话
收货地址：[广州市天河区体育西路1030号维多利广场A塔15楼]
[珠海市香洲区吉大石花西路1200号锦绣花园3栋1单元502房]
我住在[上海市徐汇区漕溪北路3330弄5号1201室]
[北京市朝阳区望京东园四区7号楼18层1806],邮编100102
[浙江省杭州市西湖区文三路 4780 号华星时代广场 A 座 601 室]
快递到[成都市武侯区人民南路四段270号商鼎国际1栋2单元1812]谢谢
[山东省青岛市市南区香港中路1200号丰合广场B区1单元802]
[重庆市渝北区龙溪街道金山路9号附4号2-3]
[四川省成都市高新区天府大道中段5300号2栋32层3203号]
户籍地址为[广西壮族自治区桂林市临桂区两江镇信果村委大桥村15号]
[贵州省遵义市播州区鸭溪镇金刀村坝上组23号]
家住[荔湾区龙津东路龙津大厦A座12楼03房]的居民
[中山市小榄镇石桥村3组12号]
来自深圳的李先生住在[广州市天河区体育西路3000号]
[湛江市赤坎区跃进路380号之三601房]
房屋坐落于[佛山市禅城区锦绣花园3栋1201]。
你帮我送到[翠竹路1135号桃花园A座903]就行
[北京市西城区德胜门外大街甲12号院3号楼4门501]
[北京市海淀区上地十街1000号百度大厦]
[湖北省兰英市清浦李路D座 719857]
[天河区棠下村达善大街五巷12号302房]
"""
HONG_KONG = """
送到[香港九龍旺角彌敦道1688號旺角中心12樓B室]，多謝
[太古城春櫻閣12樓B室]
住址[新界沙田沙田正街1800號新城市廣場3座地下]
[新界葵涌葵豐街180-260號永康工業大廈5樓F室]
[九龍深水埗元州邨元智樓1208室]
[新界荃灣楊屋道880號荃灣廣場3樓301號舖]
[新界元朗錦田錦上路水頭村880號地下]
[大埔太和邨安和樓1510室]
送去[沙田第一城第18座12樓F室]
通訊地址為[荃灣眾安街550號大鴻輝中心B座12樓1203室]，聯絡電話
香港九龙旺角
"""
MACAO = """
[澳門殷皇子大馬路945號建華大廈12樓C]
現居於[氹仔布拉干薩街1120號泉福新邨第3座8樓H]，為本機構僱員
[澳門路環石排灣馬路石排灣公屋業興大廈第8座22樓K]
[媽閣街1200號2樓]
[氹仔孫逸仙博士大馬路1557號濠庭都會第7座28樓B]
"""
LATIN = """
She lives at [Flat A, 12/F, Tower 2, Harbour Court, 1288 King's Road, North Point, Hong Kong]. Thanks
[RM 502 5/F KING'S CENTRE 1193-1209 KING'S ROAD NORTH POINT HK]
[flat a, 12/f, 1288 king's road, north point, hong kong]
[25/F, One Pacific Place, 880 Queensway, Admiralty, Hong Kong]
[G/F, No. 35 Shek Wu Tong Village, Kam Tin Road, Yuen Long, N.T.]
[Lot No. 123 R.P. in D.D. 106, Yuen Long, N.T.]
[House 12, Palm Springs, Yuen Long, New Territories]
[Block 8, Flat 1503, City Garden, 2330 Electric Road, North Point, HK]
[P.O. Box 98765, Tsim Sha Tsui Post Office, Kowloon]
residente na [Rua de Pequim, n.º 1260, Edf. Kong Fat, 5.º andar A, Macau], desde 2019
[Av. Sidónio Pais, 510-A, Edif. China Plaza, 3.º A, Macau]
[Travessa da Paixão 300 r/c]
[Alameda Dr. Carlos d'Assumpção, n.os 4110-4170, Edf. Dynasty Plaza, 12.º andar, Macau]
mora na [Rua de S. Domingos, 16-A, 2.º Dto, 1250-130 Lisboa]
[No. 1818 Keji South Road, Nanshan District, Shenzhen]
[Rm. 302, No. 5, Lane 1555, Jinshajiang Rd (W), Putuo District, Shanghai]
[7420 Evergreen Terrace, Springfield, IL 62704]
[7958 Mary Glen Apt. 420, West Jasmine, NV 68522]
[2210B Baker Street, London NW1 6XE]
Your address is [44215 Keebler Loop, apt 22] and no other
[18D, Tower 12, City Garden, 2330 Electric Rd, North Point]
住址[Flat A, 12/F, 1288 King's Road, North Point]，電話
[Rua do Campo, 912, 3° andar B]
[Flat 23, Beverley Hills, Gardinermouth, PL1 8SG]
[Praça de Borges, S/N, 2777-412 Matosinhos], desde
"""


def _marked(lines: str) -> list[tuple[str, str]]:
    """Return each line without its brackets, and what stands between them ("" for a line without)."""
    cases = []
    for line in lines.strip().splitlines():
        _, opened, rest = line.partition("[")
        cases.append((line.replace("[", "").replace("]", ""), rest.partition("]")[0] if opened else ""))
    return cases


def _seen(finder: ModuleType, text: str) -> list[tuple[str, str]]:
    return [(text[start:end], kind) for start, end, kind in finder.find(text)]


@pytest.mark.parametrize(("text", "address"), _marked(MAINLAND + HONG_KONG + MACAO))
def test_chinese(text: str, address: str) -> None:
    """A whole address is found from its division or street to its flat, without the words around it."""
    assert [seen for seen, kind in _seen(han_address, text) if kind in SURE] == ([address] if address else [])


@pytest.mark.parametrize(("text", "address"), _marked(LATIN))
def test_latin(text: str, address: str) -> None:
    """A whole address in English, Portuguese or pinyin is found from its first piece to its area or postcode."""
    assert [seen for seen, kind in _seen(latin_address, text) if kind in SURE] == [address]


@pytest.mark.parametrize(
    ("finder", "text", "kind"),
    [
        (han_address, "中山路12号", "street"),
        (han_address, "彌敦道1012-1016號", "street"),
        (han_address, "珠海市香洲区石花西路12号", "full"),
        (han_address, "锦绣花园3栋", "estate"),
        (han_address, "锦绣花园3栋1201", "flat"),
        (han_address, "佛山市第一人民医院3号楼5层", "estate"),
        (latin_address, "1230 Main Street", "street"),
        (latin_address, "Zhongshan Lu 12 Hao", "street"),
        (latin_address, "2019 Ocean Park, Hong Kong", "street"),
        (latin_address, "1288 King's Road, North Point", "full"),
        (latin_address, "Rua do Campo, n.º 912", "street"),
        (latin_address, "Shek Kip Mei Estate Blk 3 Rm 1204", "flat"),
    ],
)
def test_kinds(finder: ModuleType, text: str, kind: str) -> None:
    """A street and number alone, and a building alone, are told from what leads to somebody's door."""
    assert _seen(finder, text) == [(text, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "1号楼", "3号楼电梯维修通知", "第3号公告", "国务院令第3号", "国发〔2023〕12号文", "8号风球悬挂", "地铁江泰路2号线停运", "体育西路站A口封闭",
        "请到一楼大厅2号窗口办理业务", "在2号楼3层会议室开会", "北京时间8月12号下午", "天河区3月5号至6号停水", "上海市10号开学", "南山区12号停电",
        "广东省深圳市南山区", "天河区常住人口224万人", "全市共有12个街道、3个镇", "商场1层至3层", "路由器2号接口", "管道3号阀门", "高速公路3号出口",
        "第12章第3节第2号公式", "项目3期共12栋楼", "香港仔2號", "旺角5樓", "一期工程3号机组", "航班CZ3101在B区12号登机口",
    ],
)  # fmt: skip
def test_no_chinese_address(text: str) -> None:
    """Documents, lines, exits, dates, floors and counts are no addresses."""
    assert _seen(han_address, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Section 12, Road map", "Rule 5, Part 2", "at 0x7fff, line 12", "see Block 3 of Table 5, Hong Kong", "Unit 5: Past Tense", "Building 3 of Phase 2 opened",
        "Hope Street and Queen Street will be resurfaced", "The committee met in Room 5 and Room 6 of the Building", "bus 12 to Chai Wan Road", "Page 3 of 5, Court of Final Appeal",
        "Rotunda do Estádio: linha 25", "A Avenida de Almeida Ribeiro está encerrada ao trânsito", "Sala 3 do Centro Cultural de Macau", "o 3.º andar do edifício", "computed on CPU 3",
        "total user and system CPU time", "2 Road Vehicles", "室温19°C的房间", "19 °C", "carbon dioxide reached 420 ppm. North Lantau Highway is closed",
    ],
)  # fmt: skip
def test_no_latin_address(text: str) -> None:
    """Sections, versions, streets without a number and rooms without a house are no addresses."""
    assert _seen(latin_address, text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("家住广东省深圳市南山区", "广东省深圳市南山区"),
        ("户籍所在地为山西省大同市平城区魏都大道南段。", "山西省大同市平城区魏都大道南段"),
        ("住址:香港九龍旺角", "香港九龍旺角"),
        ("居於澳門氹仔", "澳門氹仔"),
        ("老家湖南", ""),
        ("定居深圳市", ""),
        ("你想住在中国哪里", ""),
    ],
)
def test_regions(text: str, place: str) -> None:
    """Where somebody lives is told without a number too, if it says more than the city."""
    assert _seen(han_address, text) == ([(place, "region")] if place else [])


def test_addresses_of_licences_are_of_organisations() -> None:
    """What stands behind the name of an organisation, or in every copy of a licence, is told from a home."""
    for text in ("Foundation, Inc., 1 Franklin Road, Boston, MA 02110", "51 Franklin Street, Fifth Floor, Boston"):
        assert [kind for _, kind in _seen(latin_address, text)] == ["office"]


def test_several_in_a_text() -> None:
    """Two addresses that stand side by side are two."""
    text = "双方住所分别为佛山市禅城区江会路1320号阳光海岸E栋2576和长沙市芙蓉区吉大道9号"
    assert [seen for seen, _ in _seen(han_address, text)] == [
        "佛山市禅城区江会路1320号阳光海岸E栋2576", "长沙市芙蓉区吉大道9号"
    ]  # fmt: skip


@pytest.mark.parametrize("finder", FINDERS)
def test_lines_are_never_joined(finder: ModuleType) -> None:
    """What stands in two values is found in each by itself."""
    values = [
        "广东省深圳市南山区",
        "留仙大道1888号",
        "Flat A, 12/F",
        "1288 King's Road, North Point",
        "3栋1201",
        "Rua do Campo",
        "n.º 912",
    ]
    text = "\n".join(values)
    found = list(finder.find(text))
    assert found
    assert all("\n" not in text[start:end] for start, end, _ in found)
    starts = [sum(len(value) + 1 for value in values[:place]) for place in range(len(values))]
    alone = [
        (start + at, end + at, kind)
        for at, value in zip(starts, values, strict=True)
        for start, end, kind in finder.find(value)
    ]
    assert found == alone


@pytest.mark.parametrize("finder", FINDERS)
@given(
    text=st.text(alphabet="广东省深圳市路街12号號栋楼室A座,， .\nRuaFlat/StKing'sd3ºn花园村港、在的(（", max_size=80)
)
def test_laws(finder: ModuleType, text: str) -> None:
    """Spans are inside the text, in order, apart from each other and on one line, and the screen hits whatever has one."""
    found = list(finder.find(text))
    assert not found or re2.search(finder.SCREEN, text)
    last = 0
    for start, end, kind in found:
        assert last <= start < end <= len(text)
        assert "\n" not in text[start:end]
        assert text[start:end].strip() == text[start:end]
        assert kind in {"full", "flat", "street", "estate", "region", "office"}
        last = end


@pytest.mark.parametrize("finder", FINDERS)
@pytest.mark.parametrize(
    "piece",
    [
        "王",
        "1号",
        "中山路1号",
        "Chan ",
        "1 Chan ",
        "Flat 1, ",
        "Rua de ",
        "Chan, ",
        "1",
        "N.T., ",
        "1 A St, ",
        "Flat 1, Hong Kong, ",
        "Rua A 1, ",
        "花园1-1-101",
        "村1组1号",
        "家住广东省",
        "花园1-",
    ],
)
def test_linear(finder: ModuleType, piece: str) -> None:
    """Four times the hostile text costs about four times the time, not sixteen."""

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            for _found in finder.find(text):
                pass
            best = min(best, time.process_time() - begun)
        return best

    seconds(1_000)
    assert seconds(20_000) < 0.005 + 10 * seconds(5_000)


@pytest.mark.parametrize(
    "value",
    [
        "广东省深圳市南山区", "中山路12号", "锦绣花园", "白石村村委会旁", "镇中心小学对面", "台山市三合镇那金村", "天河区棠下", "沙田第一城", "石硤尾邨3座1204",
        "珠海市香洲区吉大石花西路", "江苏南京", "大埔林村", "澳門新馬路", "广州市天河区\n体育西路3000号",
    ],
)  # fmt: skip
def test_chinese_value_fits(value: str) -> None:
    """In a field of that name nearly every way of writing where somebody lives is an address."""
    assert han_address.fits(value)


@pytest.mark.parametrize(
    "value",
    [
        "Shek Kip Mei Estate Blk 3 Rm 1204", "PO Box 123", "Edifício Lai Va", "Rua do Campo", "Taipa, Macau", "Tin Shui Wai, N.T.", "1288 King's Road\nNorth Point\nHong Kong",
        "Kowloon Bay", "c/o Mr Chan, 5 Hill Road", "5423 Garcia Light, West Melanieview, AS 06196", "12 Hill Rd.",
    ],
)  # fmt: skip
def test_latin_value_fits(value: str) -> None:
    """In a field of that name nearly every way of writing where somebody lives is an address, post boxes too."""
    assert latin_address.fits(value)


@pytest.mark.parametrize("finder", FINDERS)
@pytest.mark.parametrize(
    "value",
    [
        "", " ", "无", "不详", "N/A", "null", "none", "unknown", "true", "12345", "Macau", "北京", "张三", "John Smith", "工程师", "业务编号", "電話號碼", "所属地区",
        "192.0.2.1", "2001:db8::1", "00:1A:2B:3C:4D:5E", "0x7ffe1234", "a@example.com", "https://example.com/road/12", "www.example.com", "example.com", "localhost:8080",
        "/usr/lib/road", "src/main street.py", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "hello world", "http://例子.测试/地址",
    ],
)  # fmt: skip
def test_value_does_not_fit(finder: ModuleType, value: str) -> None:
    """Addresses of machines, numbers, single words and empty answers are no postal addresses, whatever the field says."""
    assert not finder.fits(value)


def test_divisions_are_complete() -> None:
    """Provinces, the prefectures of Guangdong and its counties stand in the list, in both scripts."""
    provinces, prefectures = chinese("divisions.txt", "province"), chinese("divisions.txt", "prefecture")
    assert {"北京", "广西", "新疆", "台湾", "臺灣", "台灣", "香港", "澳门", "澳門"} <= provinces
    assert (
        set(
            "广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 廣州 東莞 雲浮".split()
        )
        <= prefectures
    )
    assert {"南澳县", "连南瑶族自治县", "高要区", "电白区", "從化區", "罗定市", "大埔县"} <= chinese(
        "divisions.txt", "county"
    )


def test_places_of_hong_kong_and_macao_are_complete() -> None:
    """The 18 districts, the parishes and at least 120 places of Hong Kong are known in Chinese and in Latin letters."""
    places = chinese("hong_kong.txt", "place")
    assert {
        "中西區",
        "灣仔區",
        "東區",
        "南區",
        "油尖旺區",
        "深水埗區",
        "九龍城區",
        "黃大仙區",
        "觀塘區",
        "葵青區",
        "荃灣區",
        "屯門區",
        "元朗區",
        "北區",
        "大埔區",
        "沙田區",
        "西貢區",
        "離島區",
    } <= places
    assert len(places & in_both_scripts(places)) >= 120
    assert {"Mong Kok", "Kwun Tong", "Sha Tin", "Shatin"} <= set(latin("hong_kong.txt", "place"))
    assert {"花地瑪堂區", "花王堂區", "大堂區", "望德堂區", "風順堂區", "嘉模堂區", "聖方濟各堂區"} <= chinese(
        "macao.txt", "place"
    )

"""Harmless look-alikes: what ordinary systems send by the million, and what must neither be found nor be opaque."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import uuid

from tests.evasions.case import JSON, TEXT, Case

_CSV, _XML, _HTML, _FORM = "text/csv; charset=utf-8", "application/xml", "text/html; charset=utf-8", ""
_CHANCE = random.Random(2026)


def _value(name: str, **fields: object) -> Case:
    """An object with these fields."""
    return Case(name, json.dumps(fields, ensure_ascii=False).encode(), JSON)


def _text(name: str, text: str, type: str = TEXT) -> Case:
    return Case(name, text.encode(), type)


def _numbers(count: int, low: int, high: int) -> list[int]:
    return [_CHANCE.randrange(low, high) for _ in range(count)]


def _wrong(number: str) -> str:
    """The number with a check digit that does not fit."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


_PIXELS = bytes(_CHANCE.randrange(256) for _ in range(900))

NUMBERS = (
    _value("an order number", order="20261120000123"),
    _value("an order number with letters", order="SO-2026-0011203"),
    _value("an order number of eighteen digits", order="202611201230450017"),
    _value("an order number as a number", order=71234560),
    _value("a serial number", serial="SN4401A51990B"),
    _value("a number that starts like a resident's", reference="440105199013071016"),
    _value("a resident's number with a wrong check digit", reference=_wrong("440105199003071016")),
    _value("a resident's number with a letter before it", reference="A440105199003071016"),
    _value("a resident's number with a digit too many", reference="4401051990030710161"),
    _value("a bank card with a wrong check digit", reference=_wrong("6217000000000000004")),
    _value("a number that adds up but names no network", reference="9558800000000000000"),
    _value("a card of Hong Kong with a wrong check digit", code="A123456(4)"),
    _value("a part number like a card of Hong Kong", part="AB123456"),
    _value("a mobile number with a digit too few", reference="1380013800"),
    _value("a mobile number with a digit too many", reference="138001380001"),
    _value("a mobile number of no network", reference="12800138000"),
    _value("eight digits", reference="61234567"),
    _value("a date of eight digits", day="20261120"),
    _value("a postal code", postcode="519000"),
    _value("a division of the country", division="440402"),
    _value("seconds since 1970", at=1795147200),
    _value("milliseconds since 1970", at=1795147200123),
    _value("nanoseconds since 1970", at=1795147200123456789),
    _value("a time with its zone", at="2026-11-20T12:30:45.123456+08:00"),
    _value("a day and a time", at="20261120T123045Z"),
    _value("an ISBN", isbn="978-7-04-050694-5"),
    _value("an ISBN of ten", isbn="7-04-050694-X"),
    _value("an ISSN", issn="1000-1234"),
    _value("a bar code", ean="6901234567892"),
    _value("a parcel", tracking="SF1023456789012"),
    _value("a parcel of the post", tracking="EA123456785CN"),
    _value("a container", container="MSKU1234565"),
    _value("a flight", flight="NX 862"),
    _value("a price", price="HK$1,234,567.80"),
    _value("an amount in cents", amount=123456789),
    _value("a share", share="0.4401051990"),
    _value("a version", version="4.40.105.1990"),
    _value("an address of the network", ip="192.0.2.138"),
    _value("an address of the network, new", ip="2001:db8:4401:519:9003:710:1600:1"),
    _value("a port", port=8443),
    _value("coordinates", latitude=22.198745, longitude=113.543873),
    _value("coordinates in a text", at="22.198745,113.543873"),
    _value("a colour", colour="#1a2b3c"),
    _value("colours", palette=["#440154", "#199013", "#071019"]),
    _value("a range", range=[1000, 2000], size=[640, 480]),
    _value("measures", box=[120, 80, 75], weight=12500),
    _value("a score", scores=[5, 4, 4, 3, 5, 5, 4, 3, 5, 4, 4, 5, 3, 4, 5, 4]),
    _value("yes and no", flags=[0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0]),
    _value("numbers one to thirty", days=list(range(1, 31))),
    _value("years", years=list(range(1990, 2027))),
    _value("numbers of Fibonacci", series=[1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987]),
    _value("parts of a day", year=2026, month=11, day=20, hour=12, minute=5, second=9),
    _value("a day and a time apart", date="20261120", time="123045", number="0017"),
    _value("a year and a number", form="2026", number="004401", part="3"),
)

CODES = (
    _value("a UUID", id=str(uuid.UUID(int=_CHANCE.getrandbits(128), version=4))),
    Case("a list of a thousand UUIDs",
         json.dumps([str(uuid.UUID(int=_CHANCE.getrandbits(128), version=4)) for _ in range(1000)])
         .encode(), JSON),
    _value("a list of UUIDs", ids=[str(uuid.UUID(int=_CHANCE.getrandbits(128), version=4)) for _ in range(40)]),
    _value("an object id", _id="507f1f77bcf86cd799439011"),
    _value("a ULID", id="01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    _value("a digest", sha256=hashlib.sha256(b"x").hexdigest()),
    _value("digests", etags=[hashlib.md5(bytes([at]), usedforsecurity=False).hexdigest() for at in range(40)]),
    _value("a commit", commit="d4f5e6a7b8c90123456789abcdef0123456789ab"),
    _value("a digest in base64", integrity="sha384-" + base64.b64encode(hashlib.sha384(b"x").digest()).decode()),
    _value("a trace", traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    _value("octets in base64", data=base64.b64encode(_PIXELS).decode()),
    _value("words in base64", data=base64.b64encode("澳門服務專櫃的開放時間是星期一至星期五".encode()).decode()),
    _value("words in percent", next="/v1/list?title=%E7%8F%A0%E6%B5%B7&page=2"),
    _value("words in entities", title="Macao &amp; Zhuhai &#8212; services"),
    _value("words in escapes", title="\\u6fb3\\u9580"),
    _value("an expression", pattern="^[1-6][0-9]{5}(19|20)[0-9]{2}$"),
    _value("json in a string", config='{"page": 1, "size": 20, "order": "asc"}'),
    _text("a key of the web",
          "<svg xmlns='http://www.w3.org/2000/svg'><path d='M4 4h1v1H5V1l9 9 0 0 3 0 7 1 0 1 6z'/></svg>",
          "image/svg+xml"),
    _text("a minified script", "!function(a,b,c,d,e,f,g,h){var i=1,j=0,k=0,l=5;return a[0]^b[1]|c[2]}(1,2,3,4,5,6,7,8);"
          "const O0Il=0x1f,l1=[1e3,1e6],o=l1[0]*10;", "application/javascript"),
    _text("a style sheet", "a{margin:0 0 0 0;padding:1px 2px 3px 4px;color:#123456;z-index:99999999}b{flex:1 1 0}",
          "text/css"),
    _text("a page", "<!doctype html><html><body><h1>Opening hours</h1><p>9:00 to 17:45, tel. below</p></body></html>",
          _HTML),
    _text("a policy of the web", "User-agent: *\nDisallow: /v1/\nCrawl-delay: 10\n"),
)  # fmt: skip


def _rows(count: int, *columns: tuple[int, int]) -> str:
    return "\n".join(",".join(str(_CHANCE.randrange(*column)) for column in columns) for _ in range(count))


TABLES = (
    Case("a table of figures", f"a,b,c,d,e,f\n{_rows(60, *[(0, 100000)] * 6)}\n".encode(), _CSV),
    Case("a table of small figures", f"a,b,c,d,e,f,g,h\n{_rows(60, *[(0, 100)] * 8)}\n".encode(), _CSV),
    Case("a table of days", f"day,time,n\n{_rows(60, (20260101, 20261131), (100000, 235959), (0, 9999))}\n".encode(),
         _CSV),
    Case("a table of digits", f"{','.join('abcdefghijklmnopqr')}\n{_rows(40, *[(0, 10)] * 18)}\n".encode(), _CSV),
    _value("rows of figures", rows=[_numbers(6, 0, 10**7) for _ in range(60)]),
    _value("rows of texts", rows=[list(map(str, _numbers(6, 0, 10**6))) for _ in range(60)]),
    _value("objects of figures", rows=[dict(zip("abcd", _numbers(4, 0, 10**5), strict=True)) for _ in range(60)]),
    _value("a matrix", matrix=[[round(_CHANCE.uniform(-1, 1), 6) for _ in range(9)] for _ in range(9)]),
    _value("a series", series=[[1795147200000 + at * 3600000, _CHANCE.randrange(500)] for at in range(60)]),
    _value("a histogram", buckets={str(at): _CHANCE.randrange(9) for at in range(40)}),
    _text("figures in lines", "\n".join(map(str, _numbers(200, 0, 10**6)))),
    _text("figures in a line", " ".join(map(str, _numbers(200, 0, 10**6)))),
    Case("figures of four digits in a line", " ".join(map(str, _numbers(200, 1000, 10**4))).encode(), TEXT,
         gap="any four in a row that begin as a card does and add up are taken for one, as people write cards so"),
    _text("a log", "\n".join(f"2026-11-{1 + at % 28:02} 12:{at % 60:02}:00.{at:03} INFO took {at * 7} ms, {at} rows"
                             for at in range(80))),
    Case("figures in elements",
         ("<t>" + "".join(f"<v>{each}</v>" for each in _numbers(60, 0, 10**6)) + "</t>").encode(),
         _XML),
    _value("an outline", points=[[round(113.5 + at / 1000, 6), round(22.1 + at / 977, 6)] for at in range(60)]),
)  # fmt: skip

PROSE = (
    _text("Chinese prose", "珠海市2026年第三季度共受理申请1234件，其中网上办理占八成，平均用时三天，同比缩短一天。"),
    _text("Chinese dates", "二〇二六年十一月二十日上午九时三十分，一九九九年十二月二十日起施行。"),
    _text(
        "Chinese figures",
        "全年收入一百二十三万四千五百六十七元，增长百分之八点五；第一、第二、第三季度依次为三百、四百、五百万元。",
    ),
    _text("an amount in large numerals", "合计人民币壹拾贰万叁仟肆佰伍拾陆元柒角捌分整。"),
    _text(
        "items in circles",
        "①申请；②受理；③审查；④决定；⑤送达。⑴材料齐全⑵符合条件⑶按期缴费。一、总则 二、分则 三、附则。",
    ),
    _text(
        "traditional prose",
        "澳門特別行政區政府將於二零二六年十二月二十日舉行慶祝活動，市民可於網上預約，名額一千二百個。",
    ),
    _text("the opening hours", "星期一至星期四：09:00–17:45；星期五：09:00–17:30；星期六、日及公眾假期休息。"),
    _text("the days of the week", "一二三四五六日，日一二三四五，甲乙丙丁戊己庚辛。"),
    _text("a clause", "依照第十三条第一款第（二）项、第三十八条至第四十条及附件一、二、三的规定办理。"),
    _text(
        "a Portuguese text",
        "Em 2026 foram recebidos 12 345 pedidos, mais 8,5 % do que em 2025; a média é de 3 dias (art.º 12.º, n.º 3).",
    ),
    _text(
        "an English text", "In 2026 the counter took 12,345 applications, up 8.5% on 2025, within 3 days (art. 12(3))."
    ),
    _text("a Russian text", "В 2026 году принято 12 345 заявлений, что на 8,5 % больше, чем в 2025 году."),
    _text("a Greek text", "Το 2026 υποβλήθηκαν 12 345 αιτήσεις, 8,5 % περισσότερες από το 2025."),
    _text("a Thai text", "ในปี ๒๕๖๙ มีคำขอ ๑๒,๓๔๕ รายการ เพิ่มขึ้นร้อยละ ๘.๕"),
    _text("an Arabic text", "في عام ٢٠٢٦ تم استلام ١٢٣٤٥ طلبًا بزيادة ٨٫٥٪ عن العام السابق"),
    _text("full-width figures", "共１２３件，第３季度（２０２６年）增长８．５％。"),
    _text("measures and signs", "面积１２０㎡，高 3㎝，温度 25℃，№ 12，½ 杯，x² + y³ = z⁴，H₂O，Ⅲ期，第Ⅳ章。"),
    _text("faces and flags", "好👍🏽👨‍👩‍👧‍👦 🇲🇴🇨🇳 1️⃣2️⃣3️⃣ ♥️"),
    _text("a formula", "E = mc², a(b+c) = ab+ac, f(1) = 2, A1 + B2 = C3, x-1-2-3."),
    _text("a rhyme of counting", "one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10"),
    _text("a hotline", "Call the counter from 9 to 5. 查询请到柜台办理，逾期不候。"),
)

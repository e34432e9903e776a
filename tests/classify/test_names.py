"""What the finders of names hold for a name, and what not. All names are made up."""

from __future__ import annotations

import time

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.person import han_name, latin_name

FINDERS = {"han": han_name, "latin": latin_name}
UNSURE = frozenset(("bare", "surname"))


def likely(finder: str, text: str) -> list[str]:
    """Return the names that are more than possible."""
    return [text[start:end] for start, end, kind in FINDERS[finder].find(text) if kind not in UNSURE]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张伟明说，会议推迟到下周", ["张伟明"]),
        ("记者王小明从北京报道", ["王小明"]),
        ("本报记者李芸、通讯员赵建刚报道", ["李芸", "赵建刚"]),
        ("省长周志强今天会见了来访的客人", ["周志强"]),
        ("由陳志強負責，有關查詢請致電", ["陳志強"]),
        ("茲證明陳大文先生為本公司職員", ["陳大文"]),
        ("行政長官梁振業昨日出席答問大會", ["梁振業"]),
        ("会议由欧阳雪主持，司马文静记录", ["欧阳雪", "司马文静"]),
        ("申请人：李美玲，联系电话另附", ["李美玲"]),
        ("患者刘洋，女，58岁", ["刘洋"]),
        ("我叫孙丽华，来自广东", ["孙丽华"]),
        ("出席：张强、李红、王磊", ["张强", "李红", "王磊"]),
        ("今天下午张敏和王芳会去客户现场", ["张敏", "王芳"]),
        ("持證人陳李美玲的護照已經過期", ["陳李美玲"]),
        ("阿依古丽·买买提在喀什出席活动", ["阿依古丽·买买提"]),
        ("總統約翰·史密斯發表講話", ["約翰·史密斯"]),
        ("总统克拉维奇表示愿意参加", ["克拉维奇"]),
    ],
)
def test_chinese_names_in_running_text(text: str, names: list[str]) -> None:
    """A name is found for what it is made of and what stands beside it, in either script."""
    assert likely("han", text) == names


@pytest.mark.parametrize(
    "text",
    [
        "高兴地说黄金价格上涨，白天多云",
        "任何时候都可以马上登记，方法和计划另行通知",
        "石家庄市长安区和平路陈村镇李家村",
        "王国的周末，万一张开双手，何时何处常常明白",
        "于是成都、温州、金华和江门的高校于周三开会",
        "石油公司和安全平台的解决方案，高速公路全程通行",
        "關於修訂收費的公告，何文田及石硤尾運動場暫停開放",
        "馬鞍山、黃大仙、將軍澳、石塘咀的居民",
        "江苏、安徽等省明显加强了查处力度",
        "服用布洛芬和阿司匹林后症状缓解",
        "俄罗斯、立陶宛和塞尔维亚的代表团",
        "张江高科、李宁公司、王府井百货集团",
        "孫逸仙博士大馬路、何賢紳士大馬路、羅保博士街",
    ],
)
def test_chinese_words_that_begin_with_a_surname_are_no_names(text: str) -> None:
    """Ordinary words, places and firms stay what they are."""
    assert likely("han", text) == []


def test_a_surname_with_a_form_of_address_is_possible_only() -> None:
    """A surname tells little by itself; it is told apart, so that rules may count it or not."""
    assert [(start, end, kind) for start, end, kind in han_name.find("陈先生和王女士")] == [
        (0, 1, "surname"),
        (4, 5, "surname"),
    ]


def test_surname_and_given_name_in_fields_of_their_own() -> None:
    """A form may ask for surname and given name each by itself."""
    assert likely("han", "姓：顾；名：惠玉；出生日期：1960-04-10") == ["顾", "惠玉"]
    assert likely("han", "姓：无\n名：测试") == []


def test_a_title_makes_a_name_of_a_word() -> None:
    """What is an ordinary word by itself is a name before a title."""
    assert likely("han", "高兴就好") == []
    assert likely("han", "收到高兴先生的来信") == ["高兴"]


def test_what_is_a_name_once_is_one_again() -> None:
    """A name that is likely in one place is likely wherever it stands in the text."""
    text = "项目负责人石磊先生到会。\n随后石磊带队"
    assert likely("han", text) == ["石磊", "石磊"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Please call CHAN Tai Man on Monday", ["CHAN Tai Man"]),
        ("Chan, Tai-man Peter was present", ["Chan, Tai-man Peter"]),
        ("CHAN Tai Man, Peter has signed", ["CHAN Tai Man, Peter"]),
        ("WONG SIU MING has signed", ["WONG SIU MING"]),
        ("It was Wong Siu Ming who asked", ["Wong Siu Ming"]),
        ("Mary Wong and Peter Au-Yeung", ["Mary Wong", "Peter Au-Yeung"]),
        ("Zhang Weiming asked Li Xiaolong", ["Zhang Weiming", "Li Xiaolong"]),
        ("ZHANG, Wei-Ming of the harbour office", ["ZHANG, Wei-Ming"]),
        ("the report of Leong Weng Kei", ["Leong Weng Kei"]),
        ("IEONG CHI MENG foi ouvido", ["IEONG CHI MENG"]),
        ("a pedido de João Manuel da Silva Pereira", ["João Manuel da Silva Pereira"]),
        ("Ana Costa e Maria de Fátima Rodrigues", ["Ana Costa", "Maria de Fátima Rodrigues"]),
        ("Exma. Senhora D. Ana Paula Costa", ["Ana Paula Costa"]),
        ("Sra. Dr.ª Helena Sequeira", ["Helena Sequeira"]),
        ("Dear Mr Xpto, thank you", ["Xpto"]),
        ("My name is Nguyen Thi Hoa.", ["Nguyen Thi Hoa"]),
        ("nome: Xpto Abrantes", ["Xpto Abrantes"]),
        ("Kevin O'Brien met Sarah Whitmore-Jones", ["Kevin O'Brien", "Sarah Whitmore-Jones"]),
        ("striker Dario Zubic scored", ["Dario Zubic"]),
    ],
)
def test_latin_names_in_running_text(text: str, names: list[str]) -> None:
    """Cantonese, Mandarin, Macanese, Portuguese and English names, in the orders in which they are written."""
    assert likely("latin", text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Queen's Road Central, Wong Tai Sin, Tai Po and Hong Kong",
        "Rua de Pedro Nolasco da Silva, São Paulo, Santo António",
        "Avenida de Almeida Ribeiro e Largo do Senado",
        "R. do Almirante Sérgio, Av. Dr. Sun Yat Sen, Edif. Lei Kai",
        "Sun Hung Kai Properties and Hang Seng Bank Limited",
        "Apache License, Version 2.0, January 2004",
        "Visual Studio Code, Google Chrome and Microsoft Word",
        "The Quick Brown Fox on Monday, March or May",
        "Li Battery, Ma Kok, Class Names, Hash Table",
        "class JohnSmith(Base Model), DirEntry, HTTP Server Error",
        "Harvard Business School and Imperial College London",
    ],
)
def test_latin_places_firms_and_headings_are_no_names(text: str) -> None:
    """What a street, a firm, a product or a heading is named after is no name there."""
    assert likely("latin", text) == []


def test_a_surname_stands_for_the_name_later_in_the_text() -> None:
    """News name a person once in full and then by the surname."""
    text = "Janet Holbrooke opened the meeting.\nLater Holbrooke left."
    assert likely("latin", text) == ["Janet Holbrooke", "Holbrooke"]


@pytest.mark.parametrize(
    "value",
    [
        "张三", "陈大文", "陳李美玲", "歐陽雪", "伟", "王", "张 三", "阿依古丽·买买提", "桥本龙太郎", "高兴",
        "李某某", "CHAN Tai Man 陳大文", "陳大文 (CHAN Tai Man)", "CHAN Tai Man", "Chan, T.M.", "chan tai man",
        "María", "O’Brien", "J. R. Sequeira", "Nguyen Thi Hoa", "Xpto Silva", "D'Souza",
        "Maria da Conceição e Sousa", "Łukasz Żak", "Ng", "van der Berg", "Mr Peter Chan", "Guo Na",
    ],
)  # fmt: skip
def test_a_field_of_names_may_hold_nearly_every_name(value: str) -> None:
    """Names that no list knows are names where the field says so."""
    assert han_name.fits(value) or latin_name.fits(value)


@pytest.mark.parametrize(
    "value",
    [
        "", "-", "N/A", "null", "None", "true", "无", "未知", "暂无", "unknown", "admin", "test", "测试用户",
        "系统管理员", "12345", "A123456(3)", "550e8400-e29b-41d4-a716-446655440000", "mary@example.org",
        "report.pdf", "foo_bar", "getUserName", "iPhone 15", "华为技术有限公司", "智能手机", "Bank of China",
        "Queen's Road", "Sales Department", "The quick brown fox jumps", "please call back later", "男",
    ],
)  # fmt: skip
def test_a_field_of_names_may_hold_what_is_none(value: str) -> None:
    """Codes, sentences, firms and words for nobody are no names, whatever the field says."""
    assert not han_name.fits(value)
    assert not latin_name.fits(value)


_WRITTEN = st.text(
    st.sampled_from("张王李陳欧阳司徒高方于和伟明說说先生市、，·\n ChanWongdeSilMrJ.,-'éo0"), max_size=60
)


@pytest.mark.parametrize("finder", sorted(FINDERS))
@given(text=_WRITTEN)
@settings(deadline=None, max_examples=150)
def test_spans_are_in_order_apart_and_on_one_line(finder: str, text: str) -> None:
    """Whatever the text, spans lie in it one after another, none is empty and none goes over a line."""
    upto = 0
    for start, end, _ in FINDERS[finder].find(text):
        assert upto <= start < end <= len(text)
        assert "\n" not in text[start:end]
        upto = end


@pytest.mark.parametrize("finder", sorted(FINDERS))
@given(text=_WRITTEN)
@settings(deadline=None, max_examples=150)
def test_the_screen_hits_every_text_with_a_name(finder: str, text: str) -> None:
    """Nothing is found where the screen saw nothing."""
    if next(FINDERS[finder].find(text), None) is not None:
        assert re2.search(FINDERS[finder].SCREEN, text) is not None


@given(
    surname=st.sampled_from("王李张刘陈杨赵黄周吴徐孙马朱胡郭何林"),
    name=st.text(st.sampled_from("伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞鹏浩婷雪琳"), min_size=1, max_size=2),
    after=st.sampled_from(("先生", "女士", "同志", "医生", "教授")),
)
@settings(deadline=None)
def test_surname_given_name_and_title_are_found(surname: str, name: str, after: str) -> None:
    """A usual surname, a usual given name and a title are always a name."""
    assert likely("han", f"收到{surname}{name}{after}的来信") == [surname + name]


@pytest.mark.parametrize(
    ("finder", "piece"),
    [("han", "王"), ("han", "张伟"), ("han", "阿斯"), ("han", "、"), ("latin", "Chan "), ("latin", "A."),
     ("latin", "Mr "), ("latin", "John de "), ("latin", "0123"), ("latin", "Tai-")],
)  # fmt: skip
def test_work_grows_with_the_text_and_no_faster(finder: str, piece: str) -> None:
    """A hundred thousand characters of one thing take a moment: with quadratic work it would be minutes."""
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    for _ in FINDERS[finder].find(text):
        pass
    assert time.process_time() - began < 3.0

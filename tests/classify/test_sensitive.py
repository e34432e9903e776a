"""Sensitive information: what fields of its names hold, what is said of a person, and what is said of nobody."""

from __future__ import annotations

import json

import pytest

from gateway.classify import classify
from gateway.decode import decode
from gateway.vocabulary import Certainty, Finding, Limits
from tests.classify.rules import content, shipped
from tests.given import transfer

ROOMS = (
    "belief.", "biometric.", "comm.", "demographic.", "genetic.", "health.", "identity.", "important.", "intimate.",
    "justice.", "marks.", "minors.", "money.", "whereabouts.",
)  # fmt: skip
CATEGORIES = (
    "pi.ethnicity",
    "pi.marital",
    "pi.age",
    "pi.sex",
    "pi.nationality",
    "pi.birthplace",
    "pi.edu",
    "pi.job",
    "pi.qualification",
    "pi.minor14",
    "pi.id.image",
    "pi.bio",
    "pi.bio.face",
    "pi.bio.fingerprint",
    "pi.bio.voice",
    "pi.bio.iris",
    "pi.bio.palm",
    "pi.bio.gait",
    "pi.bio.gene",
    "pi.belief.religion",
    "pi.belief.political",
    "pi.union",
    "pi.identity.disability",
    "pi.identity.special_occupation",
    "pi.identity.poverty_relief",
    "pi.health.condition",
    "pi.health.history",
    "pi.health.visit",
    "pi.health.exam",
    "pi.health.medication",
    "pi.health.vaccination",
    "pi.health.insurance_claim",
    "pi.health.basic",
    "pi.health.code",
    "pi.hgr",
    "pi.fin.password",
    "pi.fin.securities",
    "pi.fin.insurance_acct",
    "pi.fin.provident_fund",
    "pi.fin.income",
    "pi.fin.deposit",
    "pi.fin.transaction",
    "pi.fin.realestate",
    "pi.credit.report",
    "pi.justice.record",
    "pi.loc.track",
    "pi.loc.coarse",
    "pi.travel.ticket",
    "pi.travel.border_crossing",
    "pi.travel.lodging",
    "pi.vehicle.track",
    "pi.comm.content",
    "pi.comm.contacts",
    "pi.sexlife",
    "pi.orientation",
    "pi.intimate_image",
    "gov.matter",
    "gov.result",
    "gov.licence_status",
    "geo.survey",
    "geo.map",
    "mark.state_secret",
    "mark.work_secret",
    "mark.internal",
    "mark.hk_restricted",
    "mark.mo_confidential",
    "proof.hash",
    "proof.signature",
    "proof.credential",
)


def _of_these_rooms(found: tuple[Finding, ...], least: Certainty = Certainty.LIKELY) -> list[Finding]:
    return [each for each in found if each.recogniser.startswith(ROOMS) and each.certainty >= least]


def _likely(text: str, label: str = "") -> set[str]:
    """Return the categories found in a value, LIKELY or better."""
    return {each.category for each in _of_these_rooms(classify(content(text, label), shipped()).items)}


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_has_a_recogniser(category: str) -> None:
    """What the taxonomy names can be found."""
    assert category in {recogniser.category for recogniser in shipped().recognisers}


@pytest.mark.parametrize("recogniser", [each for each in shipped().recognisers if each.any_value], ids=lambda r: r.id)
def test_fields_are_known_by_names_in_both_scripts_and_in_latin_letters(recogniser: object) -> None:
    """A field that holds something of its own is known under Chinese and under Latin names."""
    labels = recogniser.labels  # type: ignore[attr-defined]
    assert any("\u4e00" <= label[0] <= "\u9fff" for label in labels)
    assert any(label[0].isascii() for label in labels)


@pytest.mark.parametrize(
    ("label", "value", "category"),
    [
        ("出院诊断", "急性支气管炎", "pi.health.condition"),
        ("主訴", "頭暈兩天", "pi.health.condition"),
        ("primaryDiagnosis", "Fracture of the wrist", "pi.health.condition"),
        ("diagnóstico_principal", "fratura do punho", "pi.health.condition"),
        ("icd_10_code", "S52.5", "pi.health.condition"),
        ("resourceType", "Condition", "pi.health"),
        ("HIV抗体", "阴性", "pi.health.exam"),
        ("hba1c", "7.1", "pi.health.exam"),
        ("药物过敏史", "磺胺类", "pi.health.history"),
        ("mrn", "00012345", "pi.health.visit"),
        ("vaccineName", "CoronaVac", "pi.health.vaccination"),
        ("粤康码", "绿码", "pi.health.code"),
        ("血型", "AB", "pi.health.basic"),
        ("faceEmbedding", "0.12,-0.4,0.77", "pi.bio.face"),
        ("指纹模板", "QUJDREVG", "pi.bio.fingerprint"),
        ("声纹特征", "QUJDREVG", "pi.bio.voice"),
        ("dna_sequence", "ACGTACGT", "pi.bio.gene"),
        ("人类遗传资源材料", "外周血", "pi.hgr"),
        ("宗教信仰", "道教", "pi.belief.religion"),
        ("religião", "católica", "pi.belief.religion"),
        ("政治面貌", "群众", "pi.belief.political"),
        ("trade_union_membership", "yes", "pi.union"),
        ("残疾等级", "三级", "pi.identity.disability"),
        ("低保证号", "DB0012345", "pi.identity.poverty_relief"),
        ("idCardFront", "a.jpg", "pi.id.image"),
        ("账户余额", "1,024.00", "pi.fin.deposit"),
        ("monthly_income", "18000", "pi.fin.income"),
        ("vencimento_base", "MOP 18.000", "pi.fin.income"),
        ("股东代码", "A123456789", "pi.fin.securities"),
        ("强积金供款", "1,500", "pi.fin.provident_fund"),
        ("保单号", "P00012345", "pi.fin.insurance_acct"),
        ("交易对手", "某某商行", "pi.fin.transaction"),
        ("不动产单元号", "440106001001GB00001F00010001", "pi.fin.realestate"),
        ("credit_score", "712", "pi.credit.report"),
        ("cvv2", "123", "pi.fin.password"),
        ("犯罪记录", "2015年盗窃", "pi.justice.record"),
        ("registo criminal", "furto", "pi.justice.record"),
        ("行踪轨迹", "家、公司、超市", "pi.loc.track"),
        ("vehicle_trajectory", "22.19,113.54|22.20,113.55", "pi.vehicle.track"),
        ("入境口岸", "拱北", "pi.travel.border_crossing"),
        ("hotel_room_no", "1203", "pi.travel.lodging"),
        ("監護人姓名", "陳某", "pi.minor14"),
        ("就读年级", "三年级", "pi.minor14"),
        ("性取向", "异性恋", "pi.orientation"),
        ("estado civil", "solteira", "pi.marital"),
        ("民族", "土家族", "pi.ethnicity"),
        ("通讯录", "陈某 13800138000", "pi.comm.contacts"),
        ("chat_history", "see you at eight", "pi.comm.content"),
        ("密级", "机密", "mark.state_secret"),
        ("security_grading", "Restricted", "mark.hk_restricted"),
        ("控制点坐标", "X=2534123.4567,Y=412345.6789", "geo.survey"),
    ],
)
def test_field_says_what_it_holds(label: str, value: str, category: str) -> None:
    """In JSON that came over the wire, a field of such a name holds such information, whatever the words."""
    body = json.dumps({"id": 7, "records": [{label: value}]}, ensure_ascii=False).encode()
    found = classify(decode(transfer(body), Limits()), shipped()).items
    assert category in {each.category for each in _of_these_rooms(found) if each.segment.label == label}


@pytest.mark.parametrize("label", ["诊断", "religion", "rendimento mensal", "face_embedding", "criminal_record"])
@pytest.mark.parametrize("value", ["", "null", "N/A", "无", "none", "-"])
def test_field_that_says_nothing(label: str, value: str) -> None:
    """Fields that are there and empty hold nothing."""
    assert _likely(value, label) == set()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("出院诊断：急性胃肠炎，建议休息一周。", "pi.health.condition"),
        ("她已確診為鼻咽癌，下月開始電療。", "pi.health.condition"),
        ("The patient has a history of atrial fibrillation.", "pi.health.condition"),
        ("A doente sofre de artrite reumatoide.", "pi.health.condition"),
        ("患者确诊精神分裂症，长期服用奥氮平。", "pi.health.medication"),
        ("检验报告：HBsAg：阳性", "pi.health.exam"),
        ("既往史：高血压病10年，否认糖尿病。", "pi.health.history"),
        ("住院号：ZY00123456，三病区", "pi.health.visit"),
        ("核酸检测结果：阳性", "pi.health.code"),
        ("身高175cm，体重：68公斤", "pi.health.basic"),
        ("账户余额为12,034.50元", "pi.fin.deposit"),
        ("Monthly salary: HKD 28,500", "pi.fin.income"),
        ("粤（2020）广州市不动产权第0012345号", "pi.fin.realestate"),
        ("芝麻信用分：728", "pi.credit.report"),
        ("曾因犯盗窃罪入狱", "pi.justice.record"),
        ("肢体残疾二级", "pi.identity.disability"),
        ("本人系天主教徒", "pi.belief.religion"),
        ("婚姻状况：离异", "pi.marital"),
        ("Place of birth: Lisbon", "pi.birthplace"),
        ("入境日期：2026-03-01", "pi.travel.border_crossing"),
        ("D3S1358: 15,17", "pi.bio.gene"),
        ("本次共采集5000例全基因组测序数据。", "pi.hgr"),
    ],
)
def test_said_of_somebody(text: str, category: str) -> None:
    """Words that say whose it is, or forms that nothing else has, make it likely in running text."""
    assert category in _likely(text)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("张伟明，男，患糖尿病。", "pi.health.condition"),
        ("病人陳大文先生，乳癌第二期。", "pi.health.condition"),
        ("Mr John Smith: asthma, takes aspirin.", "pi.health.medication"),
        ("O Sr. João da Silva tem epilepsia.", "pi.health.condition"),
        ("李小红女士，低保户。", "pi.identity.poverty_relief"),
    ],
)
def test_name_beside_a_common_word(text: str, category: str) -> None:
    """A word that everybody uses counts in the same breath as a name, and not without one."""
    assert category in _likely(text)
    assert category not in _likely("糖尿病 乳癌 aspirin epilepsia 低保户")


def test_record_of_a_person_makes_common_words_hers() -> None:
    """In a record, the name of a person and the name of a disease in another field belong together."""
    body = json.dumps([{"full_name": "Maria da Silva", "note": "epilepsy"}, {"note": "epilepsy"}]).encode()
    found = _of_these_rooms(classify(decode(transfer(body), Limits()), shipped()).items)
    assert [(each.category, each.segment.where) for each in found] == [("pi.health.condition", "json:/0/note")]


@pytest.mark.parametrize(
    "text",
    [
        "糖尿病患者应注意饮食，定期检测空腹血糖。",
        "艾滋病是一种由病毒引起的传染病。",
        "本院专家门诊时间为每周一上午，就诊请携带病历。",
        "我市工会组织开展送温暖活动，慰问困难职工。",
        "佛教协会举办祈福法会，信众可自由参加。",
        "某公司招聘会计，月薪8000-12000元，本科以上学历，35岁以下。",
        "根据刑法第二百六十四条，盗窃公私财物，数额较大的，处三年以下有期徒刑。",
        "高铁晚点15分钟，请旅客在3号站台候车。",
        "小學一年級新生報名將於五月開始，家長須填妥申請表。",
        "余额不足，请充值。转账成功，手续费2元。",
        "本品对青霉素过敏者禁用，孕妇慎用。",
        "阿司匹林肠溶片，规格100mg*30片，每日一次。",
        "壮族是人口最多的少数民族。",
        "People living with HIV can lead healthy lives with treatment.",
        "The study enrolled 1,200 participants with type 2 diabetes; mean HbA1c 8.1%.",
        "The Catholic Church celebrated Easter; Muslims observed Ramadan.",
        "The Trade Union Congress called for higher wages.",
        "Work-life balance: the art of eating well.",
        "Paracetamol 500 mg tablets: one to two tablets every 4-6 hours.",
        "A hipertensão arterial é definida por valores acima de 140/90 mmHg.",
        "O salário médio em Macau foi de MOP 18.000 no quarto trimestre.",
        "O sindicato dos trabalhadores convocou uma greve.",
        "O crime de furto é punido com pena de prisão até 3 anos.",
        "A vacina da gripe está disponível nos centros de saúde.",
        "client_secret=SECRET; access is RESTRICTED; scope: confidential",
    ],
)
def test_said_of_nobody(text: str) -> None:
    """Advice, notices, statutes, statistics and leaflets hold nothing about a person."""
    assert _likely(text) == set()

"""Every identifier of the three places: what is sound is found under its own name, what is not is never certain."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from gateway.classify import classify
from gateway.vocabulary import Certainty
from tests.classify.rules import content, shipped


class _Identifier(NamedTuple):
    """A recogniser, names of fields that hold what it looks for, and synthetic numbers, sound and unsound."""

    recogniser: str
    labels: tuple[str, ...]
    sound: tuple[str, ...]
    unsound: tuple[str, ...]


IDENTIFIERS = (
    _Identifier(
        "cn.ric",
        ("公民身份号码", "身份證號碼", "id_card_no", "sfzh", "n.º do documento"),
        ("440105199003071016", "44030019851231202X", "442000201602293010", "440703196608120040", "11010519491231002X"),
        ("440105199003071017", "440400197502291238", "440105199013071019", "44010519900307101"),
    ),
    _Identifier(
        "cn.ric",
        ("身份证号", "證件號碼", "id no", "zjhm"),
        ("440105900307101", "440300851231202"),
        ("440105901307101", "440105900231101"),
    ),
    _Identifier(
        "cn.gat_residence",
        ("港澳居民居住证", "居住證號碼", "residence_permit_no", "jzzh", "autorização de residência"),
        ("810000199003070015", "820000198506150022", "830000197801010011", "810000201001010027"),
        ("810000199003070014", "840000199003070015"),
    ),
    _Identifier(
        "cn.foreigner_pr",
        ("外国人永久居留身份证号", "永久居留證", "permanentResidenceNo", "yjzh", "residência permanente"),
        ("911100198001011236",),
        ("911100198001011235",),
    ),
    _Identifier(
        "hk.hkid",
        ("香港身份證號碼", "香港身份证", "hkid", "HKIC No.", "bilhete de identidade de Hong Kong"),
        ("A123456(3)", "AB987654(3)", "WX123456(9)", "C668668(9)", "A1234563", "A123456（3）"),
        ("A123456(4)", "AB987654(A)"),
    ),
    _Identifier(
        "mo.bir",
        ("澳門居民身份證", "澳门身份证号码", "BIR no.", "n.º do BIR"),
        ("1234567(8)", "5/123456/7", "71234560"),
        ("2234567(8)", "123456(7)"),
    ),
    _Identifier(
        "cn.hrp",
        ("回乡证号码", "回鄉證", "home_return_permit_no", "hxzh", "salvo-conduto"),
        ("H12345678", "M8765432100", "H1234567802"),
        ("H1234567", "K12345678", "H123456789"),
    ),
    _Identifier(
        "cn.twp",
        ("台胞证号", "臺胞證號碼", "taiwan_travel_permit", "tbzh", "salvo-conduto de Taiwan"),
        ("01234567",),
        ("0123456",),
    ),
    _Identifier(
        "cn.eep",
        ("往来港澳通行证号码", "港澳通行證", "eep_no", "gatxzh", "n.º do salvo-conduto"),
        ("C12345678", "CA0000001", "W12345678"),
        ("CI1234567", "C1234567"),
    ),
    _Identifier(
        "cn.passport",
        ("护照号码", "護照號碼", "passportNo", "hzh", "n.º do passaporte"),
        ("E12345678", "EA1234567", "G12345678", "SE1234567", "PE1234567", "DE1234567", "141234567"),
        ("EI1234567", "E1234567"),
    ),
    _Identifier(
        "hk.passport",
        ("香港護照號碼", "护照号", "hksar_passport", "passaporte"),
        ("K12345678", "KJ1234567"),
        ("KJ12345678",),
    ),
    _Identifier("mo.passport", ("澳門護照號碼", "护照号", "passport no", "passaporte"), ("MA1234567",), ("MA123456",)),
    _Identifier(
        "finance.card",
        ("银行卡号", "信用卡號碼", "card_number", "yhkh", "n.º do cartão"),
        ("6217000000000000004", "6222020000000000000", "6259650000000007", "622848000000000007"),
        ("6217000000000000005", "62170000000004"),
    ),
    _Identifier(
        "cn.cnaps",
        ("联行号", "聯行號", "cnaps_code", "lhh", "código interbancário"),
        ("102581000013", "104584000003", "313581000005", "595582000004"),
        ("102581000014", "1025810000"),
    ),
    _Identifier(
        "cn.uscc",
        ("统一社会信用代码", "統一社會信用代碼", "uscc", "tyshxydm", "código de crédito social"),
        ("91440300MA5ABCDE0E", "11440000006939748G", "51440000MJK9000X0H"),
        ("91440300MA5ABCDE0F", "91440300MA5ABCDI0E"),
    ),
    _Identifier(
        "cn.orgcode",
        ("组织机构代码", "組織機構代碼", "org_code", "zzjgdm", "código de organização"),
        ("MA5ABCDE-5", "00693974-8", "D2143569-X"),
        ("MA5ABCDE-6",),
    ),
    _Identifier(
        "hk.brn",
        ("商業登記號碼", "商业登记证号码", "brn", "business_registration_no", "registo comercial"),
        ("12345678", "12345678-000-01-26-1"),
        ("1234567",),
    ),
    _Identifier("hk.cr_no", ("公司註冊編號", "公司注册号", "cr_no", "company number"), ("1234567",), ("12345678",)),
    _Identifier(
        "mo.tin",
        ("納稅人編號", "纳税人编号", "taxpayer_no", "n.º de contribuinte"),
        ("01234567", "81234567"),
        ("71234567",),
    ),
    _Identifier(
        "cn.mobile",
        ("手机号码", "流動電話", "mobile_no", "lxdh", "n.º de telemóvel"),
        ("13800138000", "+86 199 1234 5678", "8617012345678"),
        ("12800138000", "1380013800"),
    ),
    _Identifier(
        "cn.fixed",
        ("固定电话", "座機", "landline", "bgdh", "telefone fixo"),
        ("0755-12345678", "(020)87654321", "+86 756 2345678"),
        ("0755-1234567", "0155-22345678"),
    ),
    _Identifier(
        "hk.mobile",
        ("手提電話", "手机", "contactNo", "sjh", "telemóvel"),
        ("+852 6123 4567", "91234567", "+852-4612 3456"),
        ("+852 1123 4567",),
    ),
    _Identifier(
        "hk.fixed",
        ("辦公室電話", "电话", "officePhone", "telefone"),
        ("+852 2345 6789", "31234567"),
        ("+852 1345 6789",),
    ),
    _Identifier(
        "mo.mobile",
        ("流動電話號碼", "手机号", "contact_no", "n.º de telemóvel"),
        ("+853 6612 3456", "66123456"),
        ("+853 5612 3456",),
    ),
    _Identifier(
        "mo.fixed",
        ("聯絡電話", "电话号码", "tel_no", "n.º de telefone"),
        ("+853 2871 6006", "88666363"),
        ("+853 3871 6006",),
    ),
    _Identifier(
        "cn.plate",
        ("车牌号码", "車牌", "plate_no", "cphm", "matrícula"),
        ("粤B·12345", "粤A1B2C3", "粤B1234学"),
        ("粤I12345", "粤B1234"),
    ),
    _Identifier(
        "cn.plate_nev",
        ("车牌号", "車牌號碼", "licensePlate", "hphm", "n.º de matrícula"),
        ("粤BD12345", "粤B12345D", "粤AF01234"),
        ("粤BI12345",),
    ),
    _Identifier(
        "cn.plate_xborder",
        ("两地牌", "粵港車牌", "plate number", "cph", "matrícula"),
        ("粤Z·1234港", "粤ZAB12澳"),
        ("粤Z12345", "粤B1234港"),
    ),
    _Identifier(
        "hk.plate",
        ("車牌", "车牌号", "vehicle_registration_mark", "matrícula"),
        ("AB 1234", "XY 9"),
        ("AB 0123", "QA 12"),
    ),
    _Identifier(
        "mo.plate",
        ("車輛註冊編號", "车牌", "number_plate", "chapa de matrícula"),
        ("MA-12-34", "M-00-01"),
        ("MA-1-234",),
    ),
    _Identifier(
        "device.imei",
        ("手机串号", "裝置識別碼", "imei", "n.º IMEI"),
        ("356938035643809",),
        ("356938035643808",),
    ),
    _Identifier(
        "device.imsi",
        ("用户识别码", "用戶識別碼", "imsi", "n.º IMSI"),
        ("460001234567890", "454001234567890", "455011234567890"),
        ("310001234567890",),
    ),
    _Identifier("device.mac", ("物理地址", "實體地址", "mac", "endereço MAC"), ("00:1A:2B:3C:4D:5E",), ("00:1A",)),
    _Identifier("net.wechat", ("微信号", "微信號", "wechat_id"), ("wxid_abcdefgh123456",), ("wxid_abc",)),
    _Identifier("geo.coord", ("经纬度", "定位座標", "gps", "coordenadas"), ("22.5431,114.0579",), ("22.54,114.05",)),
)

SOUND = [(each.recogniser, label, number) for each in IDENTIFIERS for number in each.sound for label in each.labels]
UNSOUND = [
    (each.recogniser, label, number) for each in IDENTIFIERS for number in each.unsound for label in ("", *each.labels)
]


@pytest.mark.parametrize(("name", "label", "number"), SOUND)
def test_found_under_its_own_name(name: str, label: str, number: str) -> None:
    """A sound number in a field that is named for it is likely at least, over its whole length."""
    found = [each for each in classify(content(number, label), shipped()).items if each.recogniser == name]
    assert [(each.start, each.end) for each in found] == [(0, len(number))]
    assert found[0].certainty >= Certainty.LIKELY


@pytest.mark.parametrize(("name", "label", "number"), UNSOUND)
def test_unsound_is_never_certain(name: str, label: str, number: str) -> None:
    """A number with a wrong check digit, length, date or letter is certain under no name."""
    found = [each for each in classify(content(number, label), shipped()).items if each.recogniser == name]
    assert all(each.certainty < Certainty.CERTAIN for each in found)


def test_ambiguous_numbers_keep_every_class() -> None:
    """H and eight digits is a home-return permit or an early passport: a name that fits both reports both."""
    found = {each.category for each in classify(content("H12345678", "证件号码"), shipped()).items}
    assert found == {"pi.id.cn.hrp", "pi.id.hk.passport"}


@pytest.mark.parametrize("label", ["", "身份证号", "银行账号", "account no", "机构代码", "imei"])
def test_resident_number_is_nothing_else(label: str) -> None:
    """What adds up as a resident identity number is not also an account, a card, a code or a telephone."""
    found = {each.recogniser for each in classify(content("440105199003071016", label), shipped()).items}
    assert found - {"declared.reference"} == {"cn.ric"}

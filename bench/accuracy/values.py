"""What can stand in a record: one maker for each kind of value, with what it truly is."""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bench.accuracy.identifiers import VALID, Chance, bir_printed, birthday, digits, hkid_printed
from bench.accuracy.marked import Piece, Truth
from bench.accuracy.near_misses import harmless_number
from bench.accuracy.people import half_of, name, surname
from bench.accuracy.places import address

CATEGORIES = {
    "cn.ric": "pi.id.cn.ric", "cn.ric15": "pi.id.cn.ric", "cn.gat_residence": "pi.id.cn.gat_residence",
    "cn.foreigner_pr": "pi.id.cn.foreigner_pr", "hk.hkid": "pi.id.hk.hkid", "mo.bir": "pi.id.mo.bir", "cn.hrp": "pi.id.cn.hrp",
    "cn.twp": "pi.id.cn.twp", "cn.eep": "pi.id.cn.eep", "cn.passport": "pi.id.cn.passport", "hk.passport": "pi.id.hk.passport",
    "mo.passport": "pi.id.mo.passport", "card": "pi.fin.card", "cn.cnaps": "org.cnaps", "cn.uscc": "org.uscc",
    "imei": "pi.device.imei", "imsi": "pi.device.imsi", "mac": "pi.device.mac", "ip": "pi.net.ip",
    "cn.mobile": "pi.contact.phone", "cn.fixed": "pi.contact.phone", "hk.mobile": "pi.contact.phone", "hk.fixed": "pi.contact.phone",
    "mo.mobile": "pi.contact.phone", "mo.fixed": "pi.contact.phone", "email": "pi.contact.email", "cn.plate": "pi.vehicle.plate",
    "hk.plate": "pi.vehicle.plate", "mo.plate": "pi.vehicle.plate", "hk.brn": "org.brn", "mo.tin": "org.mo_tin",
    "wechat": "pi.contact.im", "qq": "pi.contact.im", "jwt": "pi.auth.jwt", "password": "pi.auth.password", "account": "pi.fin.account",
    "name": "pi.name", "surname": "pi.name", "given": "pi.name", "address": "pi.contact.address", "birthdate": "pi.birthdate",
    "diagnosis": "pi.health.condition", "drug": "pi.health.medication", "religion": "pi.belief.religion", "crime": "pi.justice.record",
}  # fmt: skip
"""What each kind of value is, by the taxonomy."""

CHECKED = frozenset(
    {
        "pi.id.cn.ric",
        "pi.id.cn.gat_residence",
        "pi.id.cn.foreigner_pr",
        "pi.id.hk.hkid",
        "pi.fin.card",
        "org.cnaps",
        "org.uscc",
        "pi.device.imei",
    }
)
"""Categories of identifiers with a check digit."""

_WITH_BIRTH = frozenset({"pi.birthdate", "pi.sex", "pi.age", "pi.minor14"})
_ORGS = frozenset({"org.brn", "org.mo_tin", "org.cr_no", "org.licence", "org.uscc"})
_EIGHT = frozenset({"pi.id.mo.bir", "pi.id.cn.twp", "org.brn", "org.mo_tin"})
_ALSO: dict[str, frozenset[str]] = {
    "cn.ric": _WITH_BIRTH, "cn.ric15": _WITH_BIRTH, "cn.gat_residence": _WITH_BIRTH, "cn.foreigner_pr": _WITH_BIRTH,
    "cn.uscc": _ORGS, "hk.brn": _ORGS | _EIGHT, "mo.tin": _ORGS | _EIGHT, "card": frozenset({"pi.fin.account"}),
    "account": frozenset({"pi.fin.deposit"}), "imei": frozenset({"pi.device.imsi"}), "imsi": frozenset({"pi.device.imei"}),
    "birthdate": frozenset({"pi.minor14", "pi.age"}), "cn.twp": _EIGHT, "diagnosis": frozenset({"pi.health.history", "pi.health.visit", "pi.health.exam"}),
    "drug": frozenset({"pi.health.condition"}), "ip": frozenset({"pi.net.account"}),
}  # fmt: skip

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MESES = (
    "Janeiro",
    "Fevereiro",
    "Março",
    "Abril",
    "Maio",
    "Junho",
    "Julho",
    "Agosto",
    "Setembro",
    "Outubro",
    "Novembro",
    "Dezembro",
)

_WORDS: dict[str, dict[str, str]] = {
    "diagnosis": {
        "zh-Hans": "2型糖尿病,高血压病3级,慢性乙型肝炎,急性阑尾炎,抑郁症,肺腺癌,冠心病,支气管哮喘,腰椎间盘突出症,甲状腺功能减退症,胃溃疡,脑梗死,类风湿关节炎,精神分裂症",
        "zh-Hant": "二型糖尿病,高血壓,慢性乙型肝炎,急性闌尾炎,抑鬱症,肺腺癌,冠心病,哮喘,腰椎間盤突出,甲狀腺機能減退,胃潰瘍,中風,類風濕性關節炎,思覺失調",
        "en": "type 2 diabetes mellitus,essential hypertension,chronic hepatitis B,acute appendicitis,major depressive disorder,lung adenocarcinoma,"
        "coronary artery disease,bronchial asthma,hypothyroidism,gastric ulcer,rheumatoid arthritis,schizophrenia,atrial fibrillation,breast cancer",
        "pt": "diabetes mellitus tipo 2,hipertensão arterial,hepatite B crónica,apendicite aguda,depressão major,adenocarcinoma do pulmão,doença coronária,"
        "asma brônquica,hipotiroidismo,úlcera gástrica,artrite reumatóide,esquizofrenia,fibrilhação auricular,cancro da mama",
    },
    "drug": {
        "zh-Hans": "二甲双胍,氨氯地平,恩替卡韦,阿莫西林,舍曲林,阿托伐他汀,布地奈德,奥美拉唑,左甲状腺素,甲氨蝶呤",
        "zh-Hant": "二甲雙胍,氨氯地平,恩替卡韋,阿莫西林,舍曲林,阿托伐他汀,布地奈德,奧美拉唑,甲狀腺素,甲氨蝶呤",
        "en": "metformin 500 mg,amlodipine 5 mg,entecavir 0.5 mg,amoxicillin 500 mg,sertraline 50 mg,atorvastatin 20 mg,budesonide,omeprazole 20 mg,levothyroxine,methotrexate",
        "pt": "metformina 500 mg,amlodipina 5 mg,entecavir 0,5 mg,amoxicilina 500 mg,sertralina 50 mg,atorvastatina 20 mg,budesonida,omeprazol 20 mg,levotiroxina,metotrexato",
    },
    "religion": {
        "zh-Hans": "佛教,基督教,天主教,伊斯兰教,道教", "zh-Hant": "佛教,基督教,天主教,伊斯蘭教,道教",
        "en": "Buddhist,Roman Catholic,Muslim,Taoist,Protestant", "pt": "budista,católica,muçulmana,taoista,protestante",
    },
    "crime": {
        "zh-Hans": "盗窃罪,诈骗罪,危险驾驶罪,故意伤害罪", "zh-Hant": "盜竊,詐騙,危險駕駛,傷人",
        "en": "theft,fraud,dangerous driving,common assault", "pt": "furto,burla,condução perigosa,ofensa à integridade física",
    },
}  # fmt: skip

_HARMLESS: dict[str, dict[str, str]] = {
    "status": {"zh-Hans": "已受理,审核中,已办结,待补正", "zh-Hant": "已受理,審核中,已完成,待補件", "en": "open,approved,pending review,closed", "pt": "aberto,aprovado,pendente,encerrado"},
    "matter": {
        "zh-Hans": "商事登记,不动产权证核验,养老待遇资格认证,税务备案,职称评审", "zh-Hant": "商業登記,物業查冊,養老金在生證明,車輛續牌,專業資格認可",
        "en": "business registration,land search,life certificate,vehicle licence renewal,school place allocation", "pt": "registo comercial,certidão predial,prova de vida,renovação de licença,bolsa de estudo",
    },
    "office": {
        "zh-Hans": "市政务服务中心,横琴办事大厅,社会保险基金管理局,不动产登记中心", "zh-Hant": "政府綜合服務大樓,公司註冊處,社會保障基金,運輸署",
        "en": "Companies Registry,Immigration Department,Counter 4,Transport Department", "pt": "Direcção dos Serviços de Identificação,Fundo de Segurança Social,Conservatória do Registo Predial,Balcão Único",
    },
    "organisation": {
        "zh-Hans": "广州云岭信息科技有限公司,珠海海晏贸易有限公司,深圳市联恒供应链有限公司,佛山市第一人民医院", "zh-Hant": "恒泰貿易有限公司,東華三院,濠江建築工程有限公司,信安保險顧問有限公司",
        "en": "Harbour Crest Trading Limited,Pearl River Logistics Co. Ltd.,Silverline Insurance Brokers,St. Brendan Hospital", "pt": "Companhia de Fomento Lótus Lda.,Hospital Kiang Wu,Sociedade de Transportes da Baía Limitada,Escola Portuguesa de Macau",
    },
    "sex": {"zh-Hans": "男,女", "zh-Hant": "男,女", "en": "M,F,Male,Female", "pt": "M,F,Masculino,Feminino"},
    "nationality": {"zh-Hans": "中国", "zh-Hant": "中國", "en": "Chinese,Portuguese,British,CHN", "pt": "chinesa,portuguesa"},
    "job": {"zh-Hans": "工程师,教师,会计,护士,销售经理", "zh-Hant": "工程師,教師,會計,護士,經理", "en": "engineer,teacher,accountant,nurse,sales manager", "pt": "engenheiro,professora,contabilista,enfermeira,gerente"},
}  # fmt: skip
_TOLERATED = {"sex": "pi.sex", "nationality": "pi.nationality", "job": "pi.job"}


def parents(category: str) -> frozenset[str]:
    """Return the more general categories above one; to say less precisely what it is, is no mistake."""
    steps = category.split(".")
    return frozenset(".".join(steps[:count]) for count in range(1, len(steps)))


def truth(kind: str, text: str) -> Truth:
    """Return what a value of this kind is, and what nobody could tell it from."""
    category = CATEGORIES[kind]
    also = parents(category) | _ALSO.get(kind, frozenset())
    if kind == "cn.hrp" and text[0] == "H" and len(text) == 9:
        also |= {"pi.id.hk.passport"}
    if kind == "hk.passport" and text[0] == "H":
        also |= {"pi.id.cn.hrp"}
    if kind == "mo.bir" and text.isdigit():
        also |= _EIGHT
    return Truth(category, kind, also)


def day(chance: Chance, language: str, born: date) -> str:
    """Return a date as it is written in a language."""
    if language.startswith("zh"):
        written = (f"{born:%Y-%m-%d}", f"{born:%Y%m%d}", f"{born.year}年{born.month}月{born.day}日", f"{born:%Y/%m/%d}")
    elif language == "en":
        written = (
            f"{born:%Y-%m-%d}",
            f"{born:%d/%m/%Y}",
            f"{born.day} {_MONTHS[born.month - 1]} {born.year}",
            f"{born:%d-%m-%Y}",
        )
    else:
        written = (
            f"{born:%Y-%m-%d}",
            f"{born:%d/%m/%Y}",
            f"{born.day} de {_MESES[born.month - 1]} de {born.year}",
            f"{born:%d-%m-%Y}",
        )
    return chance.choice(written)


def _email(chance: Chance, half: int) -> str:
    local = chance.choice(
        half_of(
            (
                "zhang.wei",
                "chan_taiman",
                "j.silva",
                "lihua88",
                "info.desk",
                "mchan",
                "wong.sm",
                "a.rodrigues",
                "xiaoming2020",
                "kelvin-ho",
            ),
            half,
        )
    )
    host = chance.choice(
        half_of(
            (
                "example.com",
                "example.org.hk",
                "mail.example.cn",
                "exemplo.gov.mo",
                "example.edu.hk",
                "post.example.net",
            ),
            half,
        )
    )
    return f"{local}{chance.randrange(1000) if chance.random() < 0.4 else ''}@{host}"


def make(kind: str, chance: Chance, language: str, half: int) -> tuple[Piece, ...]:
    """Return a value of ``kind``; an unknown kind is a fault of the corpus and raises KeyError."""
    if kind in _WORDS:
        text = chance.choice(_WORDS[kind][language].split(","))
        return (Piece(text, truth(kind, text)),)
    if kind in _HARMLESS:
        text = chance.choice(_HARMLESS[kind][language].split(","))
        return (Piece(text, Truth(_TOLERATED[kind], kind, frozenset(), wanted=False) if kind in _TOLERATED else None),)
    if kind in _PLAIN:
        return (Piece(_PLAIN[kind](chance)),)
    text = _text(kind, chance, language, half)
    return (Piece(text, truth(kind, text)),)


def _text(kind: str, chance: Chance, language: str, half: int) -> str:
    if kind in VALID:
        return VALID[kind](chance)
    if kind == "name":
        return name(chance, language, half)
    if kind == "address":
        return address(chance, language, half)
    if kind == "email":
        return _email(chance, half)
    if kind == "birthdate":
        return day(chance, language, birthday(chance))
    if kind == "surname":
        return surname(chance, language)
    if kind == "given":
        whole, first = name(chance, language, half), surname(chance, language)
        return whole[1:3] if language.startswith("zh") else whole.replace(",", "").partition(" ")[2] or first
    raise KeyError(kind)


def in_prose(kind: str, chance: Chance, language: str, half: int) -> tuple[Piece, ...]:
    """Return the same in a sentence: printed forms rather than bare digits, which mean nothing there."""
    if kind == "mo.bir":
        text = bir_printed(chance)
        return (Piece(text, truth(kind, text)),)
    if kind == "hk.hkid" and chance.random() < 0.8:
        text = hkid_printed(chance)
        return (Piece(text, truth(kind, text)),)
    return make(kind, chance, language, half)


def _amount(chance: Chance) -> str:
    return f"{chance.randrange(20, 900_000) / 100:.2f}"


def _stamp(chance: Chance) -> str:
    return f"2026-{chance.randrange(1, 12):02}-{chance.randrange(1, 29):02}T{chance.randrange(24):02}:{chance.randrange(60):02}:00+08:00"


_PLAIN: dict[str, Callable[[Chance], str]] = {
    "order": harmless_number,
    "amount": _amount,
    "stamp": _stamp,
    "count": lambda chance: str(chance.randrange(1, 500)),
    "code": lambda chance: f"{chance.choice('ABCDEFGH')}{digits(chance, 4)}",
    "version": lambda chance: f"{chance.randrange(9)}.{chance.randrange(20)}.{chance.randrange(50)}",
}

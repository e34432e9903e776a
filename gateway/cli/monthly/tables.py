"""The tables of a monthly report and their headings in four languages, after what filing authorities ask for.

Data items by scenario, people of the year by class and basis, transfers by filing number, exceptions and refusals, and
the index of impact assessments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.cli.facing import HEADINGS
from gateway.vocabulary import Wording


@dataclass(frozen=True, slots=True)
class Heading:
    """Head of a column, and how wide it is beside the others."""

    wording: Wording
    width: int = 2
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it is called, what it says, and its columns."""

    name: str
    title: Wording
    """At most 31 characters, as Excel demands of a sheet."""
    note: Wording
    columns: Sequence[Heading]
    listed: bool = False
    """Whether it has a row for each transfer, and so may become long."""


def _said(en: str, hans: str, hant: str, pt: str) -> Wording:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "pt": pt}


def _figure(en: str, hans: str, hant: str, pt: str) -> Heading:
    return Heading(_said(en, hans, hant, pt), 1, number=True)


REPORT = _said(
    "Monthly report of cross-border transfers {month}",
    "跨境数据提供月度报告 {month}",
    "跨境數據轉移每月報告 {month}",
    "Relatório mensal de transferências transfronteiriças {month}",
)
PAGE = _said(
    "page {n}, ledger of {size} entries",
    "第 {n} 页，台账共 {size} 条",
    "第 {n} 頁，紀錄冊共 {size} 條",
    "página {n}, registo de {size} entradas",
)
CUT = _said(
    "{n} further rows are not listed here; kouan export gives them all",
    "另有 {n} 行未列出；全部内容可由 kouan export 导出",
    "另有 {n} 行未列出；全部內容可由 kouan export 匯出",
    "mais {n} linhas não constam aqui; kouan export dá-as todas",
)
_ENTRY = Heading(_said("scenario", "场景", "場景", "cenário"), 3)
_EXPORTER = Heading(_said("exporter", "提供方", "提供方", "exportador"))
_RECIPIENT = Heading(_said("recipient", "接收方", "接收方", "destinatário"))
_BASIS = Heading(_said("legal basis", "合规路径", "法律依據", "base legal"), 3)
_KIND = Heading(_said("kind of basis", "路径种类", "依據種類", "tipo de base"))
_REFERENCE = Heading(_said("filing number", "备案编号", "備案編號", "número de registo"), 3)
_CATEGORY = Heading(_said("category", "数据类别", "數據類別", "categoria"))
_TITLE = Heading(_said("what it is", "类别名称", "類別名稱", "o que é"), 3)
_GRADE = Heading(_said("class", "数据级别", "數據級別", "classe"), 1)
_TIME = Heading(_said("time", "时间", "時間", "hora"), 3)
_VALID_TO = Heading(_said("valid to", "有效期止", "有效期止", "válida até"), 2)
_INDEX = _figure("ledger entry", "台账条目", "紀錄冊條目", "entrada")
_TRANSFERS = _figure("transfers", "次数", "次數", "transferências")
_RECORDS = _figure("records", "记录条数", "紀錄數目", "registos")
_PEOPLE = _figure("people, transfer by transfer", "逐次人数", "逐次人數", "pessoas por transferência")
_BYTES = _figure("bytes", "字节数", "位元組數", "bytes")

ABOUT = Table(
    "about",
    _said("About", "说明", "說明", "Sobre"),
    _said(
        "What this report was made from. Whoever has a copy of the ledger can make it again.",
        "本报告的依据。持有台账副本者均可重新生成。",
        "本報告的依據。持有紀錄冊副本者均可重新產生。",
        "De que foi feito este relatório. Quem tiver uma cópia do registo pode refazê-lo.",
    ),
    (Heading(_said("what", "项目", "項目", "o quê"), 1), Heading(_said("value", "内容", "內容", "valor"), 4)),
)
ITEMS = Table(
    "items",
    _said("Data items", "数据项清单", "數據項清單", "Campos de dados"),
    _said(
        "Fields that each scenario with transfers this month may carry, as declared; * where none are declared.",
        "本月有传输的各场景经申报可传输的字段；未申报字段的以 * 表示。",
        "本月有傳輸的各場景經申報可傳輸的欄位；未申報欄位的以 * 表示。",
        "Campos declarados de cada cenário com transferências neste mês; * onde nenhum é declarado.",
    ),
    (
        _ENTRY,
        Heading(_said("purpose", "目的", "目的", "finalidade"), 4),
        _EXPORTER,
        _RECIPIENT,
        Heading(_said("field", "字段", "欄位", "campo"), 3),
        Heading(_said("type", "类型", "類型", "tipo"), 1),
        _CATEGORY,
        _TITLE,
        _GRADE,
    ),
)
FOUND = Table(
    "found",
    _said("Categories found", "实际发现类别", "實際發現類別", "Categorias encontradas"),
    _said(
        "Categories that were found in transfers that were permitted this month.",
        "本月准予放行的传输中实际发现的数据类别。",
        "本月准予放行的傳輸中實際發現的數據類別。",
        "Categorias encontradas nas transferências permitidas neste mês.",
    ),
    (
        _ENTRY,
        _CATEGORY,
        _TITLE,
        _GRADE,
        _TRANSFERS,
        _figure("times found", "发现次数", "發現次數", "vezes encontrada"),
    ),
)
PEOPLE = Table(
    "people",
    _said("People this year", "本年累计人数", "本年累計人數", "Pessoas neste ano"),
    _said(
        "Different people since 1 January, Beijing time, each once, of an exporter towards all its recipients.",
        "自 1 月 1 日起（北京时间）累计的不重复人数，按提供方计，含其全部接收方。",
        "自 1 月 1 日起（北京時間）累計的不重複人數，按提供方計，含其全部接收方。",
        "Pessoas diferentes desde 1 de janeiro, hora de Pequim, uma vez cada, por exportador, com todos os "
        "destinatários.",
    ),
    (
        _EXPORTER,
        Heading(_said("basis or kind", "路径或种类", "依據或種類", "base ou tipo"), 3),
        Heading(_said("class", "类别", "類別", "classe")),
        _figure("before this month", "本月之前", "本月之前", "antes deste mês"),
        _figure("at its end", "本月末", "本月底", "no fim do mês"),
        _figure("added", "本月新增", "本月新增", "acrescentadas"),
    ),
)
FILINGS = Table(
    "filings",
    _said("Filing numbers", "备案编号汇总", "備案編號匯總", "Números de registo"),
    _said(
        "Permitted transfers by filing, approval or certificate number.",
        "按备案、批准或者证书编号汇总的准予放行的传输。",
        "按備案、批准或證書編號匯總的准予放行的傳輸。",
        "Transferências permitidas por número de registo, aprovação ou certificado.",
    ),
    (
        _REFERENCE,
        _BASIS,
        _KIND,
        _EXPORTER,
        Heading(_said("filed", "备案日期", "備案日期", "registado")),
        _VALID_TO,
        _TRANSFERS,
        _RECORDS,
        _PEOPLE,
        _BYTES,
    ),
)
TRANSFERS = Table(
    "transfers",
    _said("Transfers", "传输明细", "傳輸明細", "Transferências"),
    _said(
        "Each permitted transfer with its filing number.",
        "每次准予放行的传输及其备案编号。",
        "每次准予放行的傳輸及其備案編號。",
        "Cada transferência permitida com o seu número de registo.",
    ),
    (
        _REFERENCE,
        _INDEX,
        _TIME,
        _EXPORTER,
        _RECIPIENT,
        _ENTRY,
        Heading(_said("categories", "数据类别", "數據類別", "categorias"), 4),
        _RECORDS,
        _PEOPLE,
        _BYTES,
    ),
    listed=True,
)
EXCEPTIONS = Table(
    "exceptions",
    _said("Exceptions", "例外情形", "例外情形", "Exceções"),
    _said(
        "Transfers on exempt bases, officers changed without the former ones, and what was erased before its time.",
        "依豁免情形的传输、未经前任核准的审批人员变更，以及提前删除的内容。",
        "依豁免情形的轉移、未經前任核准的審批人員變更，以及提前刪除的內容。",
        "Transferências com bases isentas, mudança de responsáveis sem os anteriores, e o que foi apagado antes do "
        "prazo.",
    ),
    (
        Heading(_said("what", "情形", "情形", "o quê")),
        Heading(_said("which", "对象", "對象", "qual"), 3),
        _figure("how many", "数量", "數量", "quantos"),
        Heading(_said("why", "理由", "理由", "porquê"), 4),
    ),
)
REASONS = Table(
    "reasons",
    _said("Reasons for refusal", "拒绝理由汇总", "拒絕理由匯總", "Razões de recusa"),
    _said(
        "Transfers that were refused or held this month, by reason; one transfer may have several.",
        "本月拒绝或者暂扣的传输，按理由汇总；一次传输可有多项理由。",
        "本月拒絕或暫扣的傳輸，按理由匯總；一次傳輸可有多項理由。",
        "Transferências recusadas ou retidas neste mês, por razão; uma pode ter várias.",
    ),
    (
        Heading(_said("decision", "决定", "決定", "decisão"), 1),
        Heading(_said("reason", "理由", "理由", "razão"), 3),
        Heading(_said("rule", "规则", "規則", "regra"), 3),
        Heading(_said("statute", "法律条文", "法律條文", "norma"), 4),
        _TRANSFERS,
    ),
)
REFUSALS = Table(
    "refusals",
    _said("Refusals", "拒绝与暂扣明细", "拒絕與暫扣明細", "Recusas"),
    _said(
        "Each transfer that was refused or held.",
        "每次被拒绝或者暂扣的传输。",
        "每次被拒絕或暫扣的傳輸。",
        "Cada transferência recusada ou retida.",
    ),
    (
        _INDEX,
        _TIME,
        Heading(_said("decision", "决定", "決定", "decisão"), 1),
        _EXPORTER,
        _RECIPIENT,
        _ENTRY,
        Heading(_said("reasons", "理由", "理由", "razões"), 5),
    ),
    listed=True,
)
ASSESSMENTS = Table(
    "assessments",
    _said("Impact assessments", "影响评估索引", "影響評估索引", "Avaliações de impacto"),
    _said(
        "Every legal basis of the rules last in force this month, with its impact assessment.",
        "本月末生效规则中的每项合规路径及其个人信息保护影响评估。",
        "本月底生效規則中的每項法律依據及其個人資料保護影響評估。",
        "Cada base legal das regras em vigor no fim do mês, com a sua avaliação de impacto.",
    ),
    (
        Heading(_said("assessment", "评估编号", "評估編號", "avaliação"), 3),
        Heading(_said("assessed", "评估日期", "評估日期", "avaliado")),
        _BASIS,
        _KIND,
        _EXPORTER,
        _REFERENCE,
        _VALID_TO,
        _TRANSFERS,
    ),
)
TABLES = (ABOUT, ITEMS, FOUND, PEOPLE, FILINGS, TRANSFERS, EXCEPTIONS, REASONS, REFUSALS, ASSESSMENTS)

SOURCES: dict[str, Wording] = {
    "product": _said("made by", "生成程序", "產生程式", "feito por"),
    "made": _said("made at", "生成时间", "產生時間", "feito em"),
    "month": _said("month", "月份", "月份", "mês"),
    "query.exporter": _said("exporter alone", "仅限提供方", "僅限提供方", "só o exportador"),
    "query.recipient": _said("recipient alone", "仅限接收方", "僅限接收方", "só o destinatário"),
    "query.basis": _said("legal basis alone", "仅限合规路径", "僅限法律依據", "só a base legal"),
    "permitted": _said("transfers permitted", "准予放行次数", "准予放行次數", "transferências permitidas"),
    "refused": _said("refused or held", "拒绝或者暂扣次数", "拒絕或暫扣次數", "recusadas ou retidas"),
    "ledger.vkey": _said("public key of the ledger", "台账公钥", "紀錄冊公鑰", "chave pública do registo"),
    "ledger.entries": _said("entries of the ledger", "台账条目数", "紀錄冊條目數", "entradas do registo"),
    "ledger.covered": _said(
        "entries under checkpoint", "检查点涵盖条目数", "檢查點涵蓋條目數", "entradas sob verificação"
    ),
    "ledger.checkpoint": _said("newest checkpoint", "最新检查点", "最新檢查點", "última verificação assinada"),
    "rulebooks": _said("rulebooks", "规则集", "規則集", "livros de regras"),
    "rulebooks_lacking": _said("rulebooks not kept", "缺失的规则集", "缺失的規則集", "livros de regras em falta"),
    "rulebook_at_end": _said("rulebook at its end", "月末规则集", "月底規則集", "livro de regras no fim"),
}
"""What the first table says a report was made from."""
WORDS: dict[str, Wording] = {
    **{name: HEADINGS[name] for name in ("permit", "hold", "deny")},
    "general": _said("general", "一般数据", "一般數據", "geral"),
    "personal": _said("personal", "个人信息", "個人資料", "pessoal"),
    "sensitive": _said("sensitive", "敏感个人信息", "敏感個人資料", "sensível"),
    "important": _said("important", "重要数据", "重要數據", "importante"),
    "core": _said("core", "核心数据", "核心數據", "nuclear"),
    "all": _said("all that count", "全部计数路径", "全部計數依據", "todas as que contam"),
    "override": _said(
        "officers changed by override",
        "未经前任核准更换审批人员",
        "未經前任核准更換審批人員",
        "responsáveis mudados à força",
    ),
    "erasure": _said("erased before its time", "提前删除", "提前刪除", "apagado antes do prazo"),
}
"""What codes in the tables mean; a code that is not here is shown as it is."""

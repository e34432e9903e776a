"""The columns of an export: one row a transfer, with what entries hold of DOMAIN's record, headed in four languages.

What a legal basis is and when it was filed stands in the rulebook of the day, which the ledger keeps by its digest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.rulebook.book import Basis, Entry, Rulebook
from gateway.vocabulary import Wording

type Value = str | int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A decision entry with what is needed to read it."""

    index: int
    entry: Mapping[str, Any]
    leaf: bytes
    book: Rulebook | None
    """The rulebook of its day; None where it is not kept, or no longer what its digest says."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the decision was taken on."""
        facts: Mapping[str, Any] = self.entry["facts"]
        return facts

    @property
    def decision(self) -> Mapping[str, Any]:
        """What was decided."""
        decision: Mapping[str, Any] = self.entry["decision"]
        return decision

    @property
    def basis(self) -> Basis | None:
        """The legal basis, as it was filed by the rulebook of the day."""
        return self.book.bases.get(self.decision.get("basis", "")) if self.book else None

    @property
    def allowed(self) -> Entry | None:
        """The whitelist entry, as it stood in the rulebook of the day."""
        return self.book.entries.get(self.decision.get("entry", "")) if self.book else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for machines, its heading for people, and what stands in it."""

    name: str
    heading: Wording
    of: Callable[[Row], Value]
    number: bool = False


def _said(en: str, hans: str, hant: str, pt: str) -> Wording:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "pt": pt}


def _fact(name: str, *, number: bool = False) -> Callable[[Row], Value]:
    empty: Value = None if number else ""
    return lambda row: row.facts.get(name, empty)


def _party(party: str, name: str) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        found = row.facts.get(party, {}).get(name, "")
        return "; ".join(found) if isinstance(found, list) else str(found)

    return value


def _decided(name: str) -> Callable[[Row], Value]:
    return lambda row: str(row.decision.get(name, ""))


def _of_basis(of: Callable[[Basis], object]) -> Callable[[Row], Value]:
    return lambda row: "" if row.basis is None else str(of(row.basis) or "")


def _of_entry(of: Callable[[Entry], object]) -> Callable[[Row], Value]:
    return lambda row: "" if row.allowed is None else str(of(row.allowed) or "")


def _figure(when: str, scope: str) -> Callable[[Row], Value]:
    return lambda row: row.entry["standing"].get(when, {}).get(scope)


def _committed(which: str) -> Callable[[Row], Value]:
    return lambda row: row.entry["commitments"][which] or ""


def _found(row: Row) -> str:
    return "; ".join(f"{each['category']} x{each['count']}" for each in row.facts.get("found", ()))


def _grades(row: Row) -> str:
    return "; ".join(sorted({each["grade"] for each in row.facts.get("found", ())}))


def _opaque(row: Row) -> str:
    return "; ".join(sorted({each["reason"] for each in row.facts.get("opaque", ())}))


def _violations(row: Row) -> str:
    counts: Counter[str] = Counter()
    for each in row.facts.get("violations", ()):
        counts[each["code"]] += each["count"]
    return "; ".join(f"{code} x{count}" for code, count in sorted(counts.items()))


def _duties(row: Row) -> str:
    return "; ".join(f"{each['kind']} {each['category']}" for each in row.decision.get("obligations", ()))


def _reasons(name: str) -> Callable[[Row], Value]:
    return lambda row: "; ".join(dict.fromkeys(filter(None, (each[name] for each in row.decision.get("reasons", ())))))


def _figures(row: Row) -> str:
    before, after = (row.entry["standing"].get(when, {}) for when in ("before", "after"))
    return "; ".join(f"{scope} {before.get(scope, 0)}>{after.get(scope, 0)}" for scope in sorted({**before, **after}))


COLUMNS: tuple[Column, ...] = (
    Column("index", _said("ledger entry", "台账条目", "紀錄冊條目", "entrada do registo"), lambda row: row.index, True),
    Column("transfer", _said("transfer", "跨境提供编号", "跨境轉移編號", "transferência"), _fact("transfer")),
    Column("about", _said("answers", "所回应的请求", "所回應的請求", "responde a"), _fact("about")),
    Column("at", _said("time", "时间", "時間", "hora"), _fact("at")),
    Column("gateway", _said("gateway", "网关", "網關", "gateway"), lambda row: row.entry["gateway"]),
    Column("verdict", _said("verdict", "决定", "決定", "decisão"), _decided("verdict")),
    Column("leg", _said("leg", "传输环节", "傳輸環節", "sentido"), _fact("leg")),
    Column("exporter", _said("exporter", "提供方", "提供方", "exportador"), _party("exporter", "id")),
    Column(
        "exporter_name",
        _said("exporter's name", "提供方名称", "提供方名稱", "nome do exportador"),
        _party("exporter", "name"),
    ),
    Column(
        "exporter_place",
        _said("exporter's place", "提供方所在法域", "提供方所在法域", "jurisdição do exportador"),
        _party("exporter", "jurisdiction"),
    ),
    Column(
        "exporter_city",
        _said("exporter's city", "提供方所在城市", "提供方所在城市", "cidade do exportador"),
        _party("exporter", "city"),
    ),
    Column(
        "exporter_traits",
        _said("exporter's traits", "提供方属性", "提供方屬性", "atributos do exportador"),
        _party("exporter", "traits"),
    ),
    Column(
        "exporter_group",
        _said("counted as", "计数主体", "計數主體", "contado como"),
        _party("exporter", "group"),
    ),
    Column("recipient", _said("recipient", "接收方", "接收方", "destinatário"), _party("recipient", "id")),
    Column(
        "recipient_name",
        _said("recipient's name", "接收方名称", "接收方名稱", "nome do destinatário"),
        _party("recipient", "name"),
    ),
    Column(
        "recipient_place",
        _said("recipient's place", "接收方所在法域", "接收方所在法域", "jurisdição do destinatário"),
        _party("recipient", "jurisdiction"),
    ),
    Column(
        "recipient_city",
        _said("recipient's city", "接收方所在城市", "接收方所在城市", "cidade do destinatário"),
        _party("recipient", "city"),
    ),
    Column(
        "recipient_traits",
        _said("recipient's traits", "接收方属性", "接收方屬性", "atributos do destinatário"),
        _party("recipient", "traits"),
    ),
    Column("host", _said("host", "主机", "主機", "anfitrião"), _fact("host")),
    Column("method", _said("method", "请求方法", "請求方法", "método"), _fact("method")),
    Column("media_type", _said("media type", "媒体类型", "媒體類型", "tipo de conteúdo"), _fact("media_type")),
    Column(
        "status", _said("HTTP status", "HTTP 状态码", "HTTP 狀態碼", "estado HTTP"), _fact("status", number=True), True
    ),
    Column("state", _said("body", "正文状态", "正文狀態", "corpo"), _fact("state")),
    Column("bytes", _said("bytes", "字节数", "位元組數", "bytes"), _fact("size", number=True), True),
    Column("records", _said("records", "记录条数", "紀錄數目", "registos"), _fact("records", number=True), True),
    Column("individuals", _said("people", "个人数量", "個人數量", "pessoas"), _fact("individuals", number=True), True),
    Column(
        "sensitive_individuals",
        _said(
            "people with sensitive information",
            "涉及敏感个人信息的人数",
            "涉及敏感個人資料的人數",
            "pessoas com dados sensíveis",
        ),
        _fact("sensitive_individuals", number=True),
        True,
    ),
    Column(
        "minors",
        _said("people under fourteen", "未满十四周岁人数", "未滿十四歲人數", "menores de catorze anos"),
        _fact("minors", number=True),
        True,
    ),
    Column(
        "unidentified",
        _said("records of nobody known", "无法识别的记录", "無法識別的紀錄", "registos de ninguém conhecido"),
        _fact("unidentified", number=True),
        True,
    ),
    Column("categories", _said("categories", "数据类别", "數據類別", "categorias"), _found),
    Column("grades", _said("classes", "数据级别", "數據級別", "classes"), _grades),
    Column("opaque", _said("not readable", "不可读", "不可讀", "ilegível"), _opaque),
    Column(
        "notices",
        _said("noticed", "注意到", "留意到", "observado"),
        lambda row: "; ".join(row.facts.get("notices", ())),
    ),
    Column(
        "violations",
        _said("departs from dataset", "与数据集不符", "與資料集不符", "afasta-se dos dados"),
        _violations,
    ),
    Column("entry", _said("whitelist entry", "白名单条目", "白名單條目", "entrada da lista"), _decided("entry")),
    Column("purpose", _said("purpose", "目的", "目的", "finalidade"), _of_entry(lambda entry: entry.purpose)),
    Column("zone", _said("zone", "园区", "園區", "zona"), _of_entry(lambda entry: entry.zone)),
    Column("matter", _said("matter", "事项编码", "事項編碼", "assunto"), _of_entry(lambda entry: entry.matter)),
    Column("basis", _said("legal basis", "合规路径", "法律依據", "base legal"), _decided("basis")),
    Column(
        "basis_kind",
        _said("kind of basis", "路径种类", "依據種類", "tipo de base"),
        _of_basis(lambda basis: basis.kind),
    ),
    Column(
        "reference",
        _said("filing number", "备案、批准或者证书编号", "備案、批准或證書編號", "número de registo"),
        _of_basis(lambda basis: basis.reference),
    ),
    Column("filed", _said("filed", "备案日期", "備案日期", "registado em"), _of_basis(lambda basis: basis.filed)),
    Column(
        "valid_from",
        _said("valid from", "有效期起", "有效期起", "válida desde"),
        _of_basis(lambda basis: basis.validity.since),
    ),
    Column(
        "valid_to",
        _said("valid to", "有效期止", "有效期止", "válida até"),
        _of_basis(lambda basis: basis.validity.until),
    ),
    Column(
        "assessment",
        _said("impact assessment", "影响评估编号", "影響評估編號", "avaliação de impacto"),
        _of_basis(lambda basis: basis.assessment),
    ),
    Column(
        "assessed",
        _said("assessed on", "评估日期", "評估日期", "avaliado em"),
        _of_basis(lambda basis: basis.assessed),
    ),
    Column(
        "consent",
        _said("consent is shown by", "单独同意的证明方式", "單獨同意的證明方式", "prova do consentimento"),
        _of_entry(lambda entry: entry.consent),
    ),
    Column(
        "retention_days",
        _said("kept by recipient, days", "接收方保存天数", "接收方保存日數", "dias de conservação"),
        lambda row: None if row.allowed is None else row.allowed.retention_days,
        True,
    ),
    Column(
        "onward",
        _said("onward transfer", "再转移", "再轉移", "transferência ulterior"),
        _of_entry(lambda entry: entry.onward),
    ),
    Column("duties", _said("duties", "附随义务", "附隨義務", "deveres"), _duties),
    Column("reasons", _said("reasons", "理由", "理由", "razões"), _reasons("code")),
    Column("statutes", _said("statutes", "法律条文", "法律條文", "normas"), _reasons("statute")),
    Column(
        "personal_before",
        _said("people this year, before", "本年累计人数（之前）", "本年累計人數（之前）", "pessoas no ano, antes"),
        _figure("before", "year/personal"),
        True,
    ),
    Column(
        "personal_after",
        _said("people this year, after", "本年累计人数（之后）", "本年累計人數（之後）", "pessoas no ano, depois"),
        _figure("after", "year/personal"),
        True,
    ),
    Column(
        "sensitive_before",
        _said(
            "sensitive this year, before",
            "本年累计敏感人数（之前）",
            "本年累計敏感人數（之前）",
            "sensíveis no ano, antes",
        ),
        _figure("before", "year/sensitive"),
        True,
    ),
    Column(
        "sensitive_after",
        _said(
            "sensitive this year, after",
            "本年累计敏感人数（之后）",
            "本年累計敏感人數（之後）",
            "sensíveis no ano, depois",
        ),
        _figure("after", "year/sensitive"),
        True,
    ),
    Column("figures", _said("all counts", "全部累计数量", "全部累計數量", "todas as contagens"), _figures),
    Column(
        "payload",
        _said("commitment to payload", "原始内容承诺值", "原始內容承諾值", "compromisso do conteúdo"),
        _committed("payload"),
    ),
    Column(
        "released",
        _said("commitment to released body", "放行内容承诺值", "放行內容承諾值", "compromisso do libertado"),
        _committed("released"),
    ),
    Column("rulebook", _said("rulebook", "规则集", "規則集", "livro de regras"), lambda row: row.entry["rulebook"]),
    Column("leaf", _said("leaf hash", "叶哈希", "葉雜湊", "hash da folha"), lambda row: row.leaf.hex()),
)


def values(row: Row) -> list[Value]:
    """Return the cells of a row, in the order of ``COLUMNS``."""
    return [column.of(row) for column in COLUMNS]

"""Facts and counts of a record in the four languages: what ``kouan explain`` says beside the reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.decide.words import VALUES
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import LANGUAGES, Facts, Party, Wording


def _said(en: str, hans: str, hant: str, pt: str) -> Wording:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "pt": pt}


HEADINGS: dict[str, Wording] = {
    "permit": _said("Permitted", "准予放行", "准予放行", "Permitido"),
    "hold": _said("Held for an officer", "暂扣待审", "暫扣待審", "Retido para decisão"),
    "deny": _said("Refused", "拒绝", "拒絕", "Recusado"),
    "why": _said("Why", "理由", "理由", "Porquê"),
    "needed": _said(
        "What would have to change for a permit", "如要放行，须作何改变", "如要放行，須作何改變", "O que teria de mudar"
    ),
    "duties": _said("Duties", "附随义务", "附隨義務", "Deveres"),
    "mask": _said("mask", "遮蔽", "遮蔽", "ocultar"),
    "facts": _said("Facts", "事实", "事實", "Factos"),
    "standing": _said("Counts", "累计数量", "累計數量", "Contagens"),
    "counted": _said("counted", "计数项目", "計數項目", "contagem"),
    "before": _said("before", "本次之前", "本次之前", "antes"),
    "after": _said("with this", "计入本次", "計入本次", "com esta"),
    "receipt": _said("Record", "记录", "紀錄", "Registo"),
    "entry": _said("ledger entry", "台账条目", "紀錄冊條目", "entrada do registo"),
    "others": _said("same exchange:", "同一交互：", "同一交互：", "mesma troca:"),
    "rulebook": _said("rulebook", "规则集", "規則集", "livro de regras"),
}
_LABELS: dict[str, Wording] = {
    "at": _said("when", "时间", "時間", "quando"),
    "exporter": _said("exporter", "提供方", "提供方", "exportador"),
    "recipient": _said("recipient", "接收方", "接收方", "destinatário"),
    "what": _said("what", "内容", "內容", "o quê"),
    "body": _said("body", "正文", "正文", "corpo"),
    "covering": _said("covered by", "涵盖的条目", "涵蓋的條目", "abrangido por"),
    "near": _said("nearly covered by", "接近的条目", "接近的條目", "quase abrangido por"),
    "found": _said("found", "发现", "發現", "encontrado"),
    "opaque": _said("not readable", "不可读", "不可讀", "ilegível"),
    "notices": _said("noticed", "注意到", "留意到", "observado"),
    "violations": _said("departs from dataset", "与数据集不符", "與資料集不符", "afasta-se dos dados"),
    "individuals": _said("people", "人数", "人數", "pessoas"),
    "records": _said("records", "记录条数", "紀錄數目", "registos"),
}
_STRANGER = _said("a stranger", "未登记者", "未登記者", "um desconhecido")
_NOTHING = _said("nothing", "无", "無", "nada")
_PEOPLE = _said(
    "{n}, {sensitive} with sensitive information, {minors} under fourteen, {unknown} records of nobody known",
    "{n}，其中涉及敏感个人信息 {sensitive}，未满十四周岁 {minors}；无法识别的记录 {unknown}",
    "{n}，其中涉及敏感個人資料 {sensitive}，未滿十四歲 {minors}；無法識別的紀錄 {unknown}",
    "{n}, {sensitive} com dados sensíveis, {minors} menores de catorze anos, {unknown} registos de ninguém conhecido",
)
_BYTES = _said("{n} bytes", "{n} 字节", "{n} 位元組", "{n} bytes")
_CERTAINTY: dict[str, Wording] = {
    "POSSIBLE": _said("possible", "可能", "可能", "possível"),
    "LIKELY": _said("likely", "很可能", "很可能", "provável"),
    "CERTAIN": _said("certain", "确定", "確定", "certo"),
}
_LEGS: dict[str, Wording] = {
    "request": _said("request", "请求", "請求", "pedido"),
    "response": _said("response", "响应", "回應", "resposta"),
}
_SCOPE = re.compile(r"(?:(basis|kind|entry):([^/]+)/)?(day|year)/(\w+)")
_OF: dict[str, Wording] = {
    "": _said("all bases that count", "全部计数依据", "全部計數依據", "todas as bases que contam"),
    "basis": _said("basis {id}", "合规路径 {id}", "法律依據 {id}", "base {id}"),
    "kind": _said("bases of kind {id}", "{id} 类合规路径", "{id} 類法律依據", "bases do tipo {id}"),
    "entry": _said("entry {id}", "条目 {id}", "條目 {id}", "entrada {id}"),
}
_WHAT: dict[str, Wording] = {
    "personal": _said("people", "人数", "人數", "pessoas"),
    "sensitive": _said(
        "people with sensitive information",
        "涉及敏感个人信息的人数",
        "涉及敏感個人資料的人數",
        "pessoas com dados sensíveis",
    ),
    "individuals": _said("people", "人数", "人數", "pessoas"),
    "transfers": _said("transfers", "次数", "次數", "transferências"),
    "bytes": _said("bytes", "字节数", "位元組數", "bytes"),
    "records": _said("records", "记录条数", "紀錄數目", "registos"),
}
_PER: dict[str, Wording] = {
    "day": _said("this day", "当日", "當日", "neste dia"),
    "year": _said("this year", "本年", "本年", "neste ano"),
}
_UNKNOWN_ORIGIN = _said(
    "people who never came in from outside",
    "未曾由境外传入的人数",
    "未曾由境外傳入的人數",
    "pessoas que nunca entraram de fora",
)


def in_tongue(wording: Wording, language: str) -> str:
    """Return ``wording`` in ``language``, or in English."""
    return wording.get(language) or wording.get(LANGUAGES[0], "")


def scope_in_words(scope: str, language: str) -> str:
    """Return what a count counts, such as ``basis:ID/year/personal``; a scope that is not known stays as it is."""
    if scope == "origin/unknown":
        return in_tongue(_UNKNOWN_ORIGIN, language)
    found = _SCOPE.fullmatch(scope)
    if found is None or found[4] not in _WHAT:
        return scope
    parts = (
        in_tongue(_OF[found[1] or ""], language).replace("{id}", found[2] or ""),
        in_tongue(_PER[found[3]], language),
        in_tongue(_WHAT[found[4]], language),
    )
    return ("，" if language.startswith("zh") else ", ").join(parts)


def facts_in_words(facts: Facts, language: str, book: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield what was known of the transfer, each with its name; nothing of the payload is in the facts."""

    def named(name: str) -> str:
        return in_tongue(_LABELS[name], language)

    yield named("at"), facts.at.isoformat(sep=" ", timespec="seconds")
    yield named("exporter"), _party(facts.exporter, language)
    yield named("recipient"), _party(facts.recipient, language)
    leg = in_tongue(_LEGS[facts.leg.value], language)
    status = f" {facts.status}" if facts.status else ""
    yield named("what"), f"{leg}{status}: {facts.method} {facts.scheme}://{facts.host}:{facts.port}"
    size = in_tongue(_BYTES, language).replace("{n}", f"{facts.size:,}")
    state = in_tongue(VALUES["state"].get(facts.state.value, {}), language) or facts.state.value
    yield named("body"), ", ".join(filter(None, (facts.media_type, size, state)))
    nothing = in_tongue(_NOTHING, language)
    yield named("covering"), ", ".join(facts.covering) or nothing
    if facts.near:
        yield named("near"), ", ".join(f"{entry} ({code})" for entry, code in facts.near)
    yield named("found"), "\n".join(_findings(facts, language, book)) or nothing
    for part in facts.opaque:
        why = VALUES["unreadable"].get(part.reason.value)
        yield named("opaque"), f"{part.where}: {in_tongue(why, language) if why else part.reason.value}"
    if facts.notices:
        known = VALUES["noticed"]
        yield (
            named("notices"),
            ", ".join(in_tongue(known[each], language) if each in known else each for each in facts.notices),
        )
    for each in facts.violations:
        yield named("violations"), f"{each.entry}: {each.code} {each.place} x{each.count}"
    if facts.individuals or facts.unidentified:
        figures = {
            "n": facts.individuals,
            "sensitive": facts.sensitive_individuals,
            "minors": facts.minors,
            "unknown": facts.unidentified,
        }
        said = in_tongue(_PEOPLE, language)
        for name, figure in figures.items():
            said = said.replace(f"{{{name}}}", f"{figure:,}")
        yield named("individuals"), said
    if facts.records:
        yield named("records"), f"{facts.records:,}"


def _party(party: Party, language: str) -> str:
    if not party.id:
        return in_tongue(_STRANGER, language)
    name = f"{party.name} ({party.id}), " if party.name else f"{party.id}, "
    return f"{name}{party.city + ', ' if party.city else ''}{party.jurisdiction.value}"


def _findings(facts: Facts, language: str, book: Rulebook) -> Iterator[str]:
    for found in facts.found:
        category = book.categories.get(found.category)
        title = in_tongue(category.title, language) if category else found.category
        sure = in_tongue(_CERTAINTY[found.certainty.name], language)
        places = ", ".join(found.places)
        yield f"{found.count:,} x {title} ({found.category}, {sure}): {places}"

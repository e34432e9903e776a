"""What ``kouan approve`` says to officers, in their four languages."""

from __future__ import annotations

from gateway.vocabulary import Wording


def _said(en: str, hans: str, hant: str, pt: str) -> Wording:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "pt": pt}


WORDS: dict[str, Wording] = {
    "in_force": _said("rules in force", "现行规则", "現行規則", "regras em vigor"),
    "in_folder": _said("rules in the folder", "文件夹中的规则", "資料夾中的規則", "regras na pasta"),
    "officers": _said("officers in office", "在任审批人", "在任審批人", "responsáveis em funções"),
    "officers_next": _said(
        "officers in approvals.yaml",
        "approvals.yaml 中的审批人",
        "approvals.yaml 中的審批人",
        "responsáveis em approvals.yaml",
    ),
    "none": _said("none", "无", "無", "nenhum"),
    "nobody": _said("nobody need sign", "无须签署", "無須簽署", "ninguém precisa de assinar"),
    "must_sign": _said("must sign", "人须签署", "人須簽署", "têm de assinar"),
    "owner": _said("owner", "负责人", "負責人", "autor"),
    "reviewer": _said("reviewer", "复核人", "覆核人", "revisor"),
    "signed": _said("signed", "已签署", "已簽署", "assinado por"),
    "lacking": _said("still to sign", "尚待签署", "尚待簽署", "falta assinar"),
    "enough": _said(
        "enough: the gateway takes it up",
        "签署齐备：网关将予采用",
        "簽署齊備：閘道將予採用",
        "suficiente: o gateway adota-as",
    ),
    "unchanged": _said("nothing is changed", "没有变更", "沒有變更", "nada muda"),
    "files": _said("file", "文件", "檔案", "ficheiro"),
    "entries": _said("whitelist entry", "白名单条目", "白名單條目", "entrada da lista branca"),
    "bases": _said("legal basis", "合规路径", "法律依據", "fundamento legal"),
    "parties": _said("party", "当事方", "當事方", "parte"),
    "policies": _said("policy", "策略", "政策", "política"),
    "added": _said("added", "新增", "新增", "novo"),
    "removed": _said("removed", "删除", "刪除", "removido"),
    "changed": _said("changed", "修改", "修改", "alterado"),
    "ask": _said("Sign this?", "是否签署？", "是否簽署？", "Assinar?"),
    "passphrase": _said("Passphrase", "口令", "密碼短語", "Frase-passe"),
    "put_line": _said(
        "put this under officers: in approvals.yaml, with role: owner or role: reviewer",
        "请将以下内容写入 approvals.yaml 的 officers: 之下，并注明 role: owner 或 role: reviewer",
        "請將以下內容寫入 approvals.yaml 的 officers: 之下，並註明 role: owner 或 role: reviewer",
        "ponha isto sob officers: em approvals.yaml, com role: owner ou role: reviewer",
    ),
}

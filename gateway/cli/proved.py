"""What ``kouan verify`` says of a receipt, or of a proof that one checkpoint extends another; in four languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from gateway.cli.exits import REFUSED, wrong
from gateway.vocabulary import Wording

CONSISTENCY = b"old "
"""How a proof of consistency begins."""


def _said(en: str, hans: str, hant: str, pt: str) -> Wording:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "pt": pt}


WORDS: dict[str, Wording] = {
    "log": _said("log", "日志", "日誌", "registo"),
    "entry": _said("entry", "条目", "條目", "entrada"),
    "transfer": _said("transfer", "传输", "傳輸", "transferência"),
    "at": _said("at", "时间", "時間", "em"),
    "verdict": _said("verdict", "决定", "決定", "decisão"),
    "rulebook": _said("rulebook", "规则集", "規則集", "regras"),
    "cosigned": _said("cosigned", "见证签署", "見證簽署", "cossinado"),
    "wrong": _said("WRONG", "错误", "錯誤", "ERRADO"),
    "not_proved": _said("NOT proved", "未能证明", "未能證明", "NÃO provado"),
    "proved": _said(
        "proved: this entry is in the log, under a signed checkpoint of {covered} entries",
        "已证明：该条目在日志之中，由涵盖 {covered} 个条目的已签署检查点确认",
        "已證明：該條目在日誌之中，由涵蓋 {covered} 個條目的已簽署檢查點確認",
        "provado: esta entrada está no registo, sob um ponto de controlo assinado de {covered} entradas",
    ),
    "extends": _said(
        "proved: the {covered} entries of {log} begin with the {old} of the one kept",
        "已证明：{log} 的 {covered} 个条目以所留存检查点的 {old} 个条目开头",
        "已證明：{log} 的 {covered} 個條目以所留存檢查點的 {old} 個條目開頭",
        "provado: as {covered} entradas de {log} começam pelas {old} do ponto guardado",
    ),
    "permit": _said("permitted", "允许", "允許", "permitida"),
    "hold": _said("held", "暂扣待审", "暫扣待審", "retida"),
    "deny": _said("refused", "拒绝", "拒絕", "recusada"),
}


def is_proof(place: Path) -> bool:
    """Whether ``place`` is a receipt, or a proof that one checkpoint extends another."""
    if not place.is_file():
        return False
    from gateway.ledger.proof import PROOF

    with place.open("rb") as file:
        beginning = file.read(len(PROOF))
    return beginning == PROOF or beginning.startswith(CONSISTENCY)


def judge(
    place: Path, *, vkey: str, witnesses: Sequence[str], kept: Sequence[Path], language: str, as_json: bool
) -> None:
    """Prove what is at ``place``, say what it proves, and end with the exit code that says whether it does."""
    from gateway.cli.places import key_at, witnesses_of
    from gateway.ledger.checkpoint import BadCheckpoint, Verifier
    from gateway.ledger.proof import PROOF, BadProof, check_consistency, check_receipt

    try:
        verifier, cosigners = Verifier(key_at(vkey)), witnesses_of(witnesses)
        data = place.read_bytes()
        if data.startswith(PROOF):
            shown = check_receipt(data, verifier, cosigners)
            told = _shown(shown.index, shown.entry, shown.checkpoint.size, shown.checkpoint.origin)
            told["witnessed"] = {name: _time(seconds) for name, seconds in shown.witnessed}
        elif len(kept) != 1:
            wrong("name the checkpoint that was kept with --kept")
        else:
            before, after = check_consistency(data, kept[0].read_bytes(), verifier, cosigners)
            told = {"ok": True, "log": after.origin, "old": before.size, "covered": after.size}
    except BadProof as fault:
        told = {"ok": False, "code": fault.code, "text": str(fault)}
    except BadCheckpoint as fault:
        wrong(f"the public key cannot be used: {fault}")
    except OSError as fault:
        wrong(f"{fault.filename}: cannot be read ({type(fault).__name__})")
    typer.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else _plainly(told, language))
    if not told["ok"]:
        raise typer.Exit(REFUSED)


def _shown(index: int, data: bytes, size: int, origin: str) -> dict[str, Any]:
    from gateway.ledger import BadEntry, decode

    try:
        entry = decode(data)
    except BadEntry as fault:
        return {"ok": False, "code": "entry", "text": f"in the log, and no entry of a ledger: {fault}"}
    return {"ok": True, "log": origin, "index": index, "covered": size, "entry": entry}


def _time(seconds: int) -> str:
    """Write a witness's time; its clock may say anything."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return f"{seconds} seconds"


def _plainly(told: dict[str, Any], language: str) -> str:
    def word(name: str) -> str:
        return WORDS[name][language]

    def line(name: str, value: object) -> str:
        shown = "".join(each if each.isprintable() else "\ufffd" for each in str(value))  # whoever wrote the entry
        return f"{word(name):12} {shown}"

    if not told["ok"]:
        return f"{line('wrong', f'{told["code"]}: {told["text"]}')}\n{word('not_proved')}"
    if "old" in told:
        return word("extends").format(**told)
    entry = told["entry"]
    lines = [line("log", told["log"]), line("entry", f"{told['index']} ({entry['kind']})")]
    if entry["kind"] == "decision":
        verdict = entry["decision"]["verdict"]
        lines += [line("transfer", entry["facts"].get("transfer", "")), line("at", entry["facts"].get("at", ""))]
        lines += [line("verdict", word(verdict) if verdict in ("permit", "hold", "deny") else verdict)]
        lines += [line("rulebook", entry["rulebook"])]
    lines += [line("cosigned", f"{name}, {at}") for name, at in told["witnessed"].items()]
    return "\n".join([*lines, word("proved").format(**told)])

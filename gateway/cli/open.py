"""``kouan open``: whether this very payload was the one that an entry of the ledger commits to."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typer

from gateway.cli.exits import REFUSED, USAGE, wrong
from gateway.cli.facing import in_tongue
from gateway.cli.recorded import Recorded, ledger_at
from gateway.ledger.opening import PAYLOAD, RELEASED, Opening, hold_against
from gateway.vocabulary import Wording

_WHAT: dict[str, Wording] = {
    PAYLOAD: {"en": "the payload", "zh-Hans": "原始内容", "zh-Hant": "原始內容", "pt": "o conteúdo"},
    RELEASED: {"en": "the released body", "zh-Hans": "放行内容", "zh-Hant": "放行內容", "pt": "o conteúdo libertado"},
}
SENTENCES: dict[str, Wording] = {
    "matches": {
        "en": "this very file was {what} of entry {index}",
        "zh-Hans": "此文件正是第 {index} 号条目的{what}",
        "zh-Hant": "此檔案正是第 {index} 號條目的{what}",
        "pt": "este ficheiro foi exatamente {what} da entrada {index}",
    },
    "differs": {
        "en": "this file was NOT {what} of entry {index}",
        "zh-Hans": "此文件并非第 {index} 号条目的{what}",
        "zh-Hant": "此檔案並非第 {index} 號條目的{what}",
        "pt": "este ficheiro NÃO foi {what} da entrada {index}",
    },
    "absent": {
        "en": "entry {index} has no commitment to {what}; nothing can be shown",
        "zh-Hans": "第 {index} 号条目没有对{what}的承诺值，无从证明",
        "zh-Hant": "第 {index} 號條目沒有對{what}的承諾值，無從證明",
        "pt": "a entrada {index} não tem compromisso com {what}; nada se pode mostrar",
    },
    "erased": {
        "en": "nothing can be shown of {what} of entry {index} any more: its nonce was erased on {at} (entry {by})",
        "zh-Hans": "第 {index} 号条目的{what}已无从证明：其随机数已于 {at} 删除（第 {by} 号条目）",
        "zh-Hant": "第 {index} 號條目的{what}已無從證明：其隨機數已於 {at} 刪除（第 {by} 號條目）",
        "pt": "já nada se pode mostrar sobre {what} da entrada {index}: o nonce foi apagado em {at} (entrada {by})",
    },
    "lacking": {
        "en": "nothing can be shown of {what} of entry {index}: its nonce is not here, and no entry says that it was "
        "erased",
        "zh-Hans": "第 {index} 号条目的{what}无从证明：此处没有其随机数，也没有条目记载其已删除",
        "zh-Hant": "第 {index} 號條目的{what}無從證明：此處沒有其隨機數，也沒有條目記載其已刪除",
        "pt": "nada se pode mostrar sobre {what} da entrada {index}: o nonce não está aqui e nenhuma entrada diz que "
        "foi apagado",
    },
}
_EXITS = {Opening.MATCHES: 0, Opening.DIFFERS: REFUSED, Opening.ABSENT: USAGE, Opening.ERASED: USAGE}


def located(recorded: Recorded, which: str, place: Path) -> tuple[int, dict[str, Any]]:
    """Return the decision that an id or an index names, with its index; end with ``USAGE`` where there is none."""
    if which.isdecimal() and len(which) < 16:
        index = int(which)
    else:
        found = recorded.of_transfer(which)
        if not found:
            wrong(f"{place}: no transfer has the id {which!r}; an index of an entry works too")
        index = found[0]
    entry = recorded.entry(index)
    if entry is None or entry["kind"] != "decision":
        kind = entry["kind"] if entry else "nothing"
        wrong(f"entry {index} of {place} is no decision but {kind}; there is no commitment in it")
    return index, entry


def show(which: str, payload: Path, place: Path, language: str, *, released: bool, as_json: bool) -> None:
    """Hold the file ``payload`` against the commitment, say what came of it, and end with the code that says so."""
    what = RELEASED if released else PAYLOAD
    try:
        body = sys.stdin.buffer.read() if str(payload) == "-" else payload.read_bytes()
    except OSError as fault:
        wrong(f"{payload}: cannot be read ({type(fault).__name__})")
    with ledger_at(place) as recorded:
        index, entry = located(recorded, which, place)
        opening = hold_against(entry, recorded.nonces(index), body, what)
        erasure = recorded.erasure_of(index) if opening is Opening.ERASED else None
    if as_json:
        told = {
            "index": index,
            "transfer": entry["facts"].get("transfer"),
            "which": what,
            "opening": opening.value,
            "commitment": entry["commitments"][what],
            "bytes": len(body),
            "erased": _erased(erasure),
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        code = "lacking" if opening is Opening.ERASED and erasure is None else opening.value
        at, by = (erasure[1]["at"], erasure[0]) if erasure else ("", "")
        said = in_tongue(SENTENCES[code], language)
        typer.echo(said.format(what=in_tongue(_WHAT[what], language), index=index, at=at, by=by))
    if _EXITS[opening]:
        raise typer.Exit(_EXITS[opening])


def _erased(erasure: tuple[int, dict[str, Any]] | None) -> dict[str, Any] | None:
    if erasure is None:
        return None
    index, entry = erasure
    return {"index": index, "at": entry["at"], "reason": entry["reason"], "by": entry["by"]}

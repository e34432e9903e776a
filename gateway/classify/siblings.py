"""Names that stand beside their values: ``{"name": "手机", "value": "..."}``, and in the cell before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import re2

from gateway.vocabulary import Part

_NAMING = frozenset(
    {
        "name", "label", "field", "key", "title", "code", "type", "attribute", "property", "question", "item",
        "param", "parameter", "column", "display", "header", "fieldname", "fieldlabel", "attrname", "nome", "campo",
        "chave", "rotulo", "etiqueta", "pergunta", "designação", "designacao", "名称", "名稱", "字段", "字段名",
        "欄位", "栏位", "項目", "项目", "标题", "標題", "问题", "問題", "属性", "屬性",
    }
)  # fmt: skip
"""Steps of places under which the name of another field stands."""
_VALUED = frozenset(
    {
        "value", "val", "content", "text", "answer", "data", "fieldvalue", "attrvalue", "valuestring",
        "stringvalue", "valor", "conteúdo", "conteudo", "resposta", "值", "内容", "內容", "数据", "資料", "答案",
        "字段值",
    }
)  # fmt: skip
"""Steps of places under which stands what that name is of."""
_IN_JSON = re2.compile(rf'(?i)"[ _]?(?:field_?|attr_?)?(?:{"|".join(sorted(_VALUED))})"\s*:'.encode())
HALF = "given name"
_HALVES = {"family": "surname", "given": HALF}
"""Halves of a name in FHIR (HumanName); a family alone may be one of products."""
_HALF_WRITTEN = ('"given"', "<given", ":given", "given:")
"""How the name of the second half is written in JSON, XML and YAML."""
_LIKE_JSON = frozenset({"json", "ndjson", "json-seq"})
_CELLS = frozenset({"html", "csv", "xlsx", "office", "ods"})
_NAME_LENGTH = 40
_INDEX = re.compile(r"\[\d+\]$")
_INDICES = re.compile(r"(?:/\d+|\[\d+\])+$")
_END = " \t:*?\u3000"


def may_hold_names(part: Part) -> bool:
    """Tell whether names may stand among the values of a part."""
    if part.format not in _LIKE_JSON or holds_halves(part):
        return True
    return _IN_JSON.search(part.text.encode("utf-8", "replace")) is not None


def holds_halves(part: Part) -> bool:
    """Tell whether halves of names may stand in a part under the names that FHIR gives them."""
    return any(written in part.text for written in _HALF_WRITTEN)


def names_beside(part: Part, is_name: Callable[[str], bool]) -> dict[int, str]:
    """Return the names that stand beside values, by number of the value; linear in the number of segments.

    ``is_name`` tells whether a text is the name of a field that somebody asks for.
    """
    if not may_hold_names(part):
        return {}
    found: dict[int, str] = {}
    naming: dict[str, str] = {}
    valued: dict[str, int] = {}
    before = ""  # the text of the cell before, where that is a name
    cells = part.format in _CELLS
    for number, segment in enumerate(part.segments):
        where = segment.where
        if where.endswith("/~key"):
            continue
        text = segment.text
        container, _, step = where.rpartition("/")
        if cells:
            if before and not is_name(segment.label):
                found[number] = before
            bare = text.strip(_END) if len(text) <= _NAME_LENGTH else ""
            before = bare if bare and number not in found and is_name(bare) else ""
        step = unicodedata.normalize("NFKC", _INDEX.sub("", step.lstrip("@"))).lower().replace("_", "")
        if step in _NAMING and len(text) <= _NAME_LENGTH:
            naming[container] = text
        elif step in _VALUED:
            valued[container] = number
        else:
            continue
        if container in naming and container in valued:
            found[valued.pop(container)] = naming.pop(container).strip(_END)
    return found | _halves(part) if holds_halves(part) else found


def _halves(part: Part) -> dict[int, str]:
    """Return what the halves of a name are called elsewhere, by number of the value."""
    halves: dict[str, dict[str, list[int]]] = {}
    for number, segment in enumerate(part.segments):
        if segment.label in _HALVES and not segment.where.endswith("/~key"):
            head = segment.where.rpartition(f"/{segment.label}")[0]
            halves.setdefault(head, {}).setdefault(segment.label, []).append(number)
    return {
        number: _HALVES[side]
        for head, sides in halves.items()
        if len(sides) == len(_HALVES) or _INDICES.sub("", head).endswith("/name")
        for side, numbers in sides.items()
        for number in numbers
    }

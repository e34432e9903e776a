"""Harmless text that is made by chance: logs, digests, numbers of things, tables, open data, API replies, notices."""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from bench.accuracy.identifiers import Chance, digits
from bench.accuracy.people import words

PIECE = 16_000
"""Characters in a piece of text."""


def _lines(line: Callable[[Chance], str], head: str = "") -> Callable[[Chance], str]:
    def made(chance: Chance) -> str:
        written, size = [head] if head else [], 0
        while size < PIECE:
            written.append(line(chance))
            size += len(written[-1]) + 1
        return "\n".join(written) + "\n"

    return made


def _objects(one: Callable[[Chance], dict[str, Any]], count: int) -> Callable[[Chance], str]:
    return lambda chance: json.dumps({"total": count, "items": [one(chance) for _ in range(count)]}, ensure_ascii=False)


def _log(chance: Chance) -> str:
    stamp = f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}T{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}.{digits(chance, 3)}"
    style = chance.randrange(8)
    if style == 0:
        return f"{stamp}Z INFO [main-{chance.randrange(64)}] c.e.gateway.Router - route=/v2/items/{digits(chance, 6)} took={chance.randrange(900)}ms bytes={digits(chance, 7)}"
    if style == 1:
        return f"{stamp}+08:00 WARN worker={chance.randrange(32)} queue=outbound depth={digits(chance, 5)} trace={chance.randrange(16**32):032x}"
    if style == 2:
        return f'{stamp} "GET /static/app.{chance.randrange(16**8):08x}.js HTTP/1.1" 200 {digits(chance, 6)} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"'
    if style == 3:
        return f"[{digits(chance, 10)}.{digits(chance, 6)}] kernel: eth0: rx {digits(chance, 9)} tx {digits(chance, 9)} drops {digits(chance, 2)}"
    if style == 4:
        return f"{stamp} ERROR 任务 {chance.choice(('同步', '导出', '归档', '对账'))} 失败，重试第{chance.randrange(1, 6)}次，批次{digits(chance, 12)}，耗时{digits(chance, 5)}毫秒"
    if style == 5:
        return f"{stamp} DEBUG pool size={digits(chance, 3)} id=0x{chance.randrange(16**12):012x} offset={digits(chance, 11)} partition={digits(chance, 2)}"
    if style == 6:
        return f"{digits(chance, 13)} metric cpu.load {chance.random():.16f} host=node-{digits(chance, 3)}"
    return f"{stamp} INFO 快取更新完成，共{digits(chance, 4)}筆，版本{chance.randrange(9)}.{chance.randrange(99)}.{digits(chance, 4)}"


def _order(chance: Chance) -> dict[str, Any]:
    names = chance.choice(
        (
            ("order_no", "tracking_no", "sku", "batch"),
            ("订单号", "运单号", "商品编码", "批次号"),
            ("訂單編號", "運單號碼", "貨號", "批次"),
            ("encomenda", "guia", "artigo", "lote"),
        )
    )
    return {
        names[0]: digits(chance, chance.choice((10, 12, 14, 16, 18, 19, 20))),
        names[1]: chance.choice(("SF", "JD", "YT", "EMS", "LP", ""))
        + digits(chance, chance.choice((8, 11, 12, 13, 15))),
        names[
            2
        ]: f"{chance.choice('ABCDEFGHKM')}{chance.choice('ABCDEFGHKM')}{digits(chance, chance.choice((4, 5, 6, 7)))}-{digits(chance, 2)}",
        names[
            3
        ]: f"2026{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}{digits(chance, chance.choice((4, 6, 10)))}",
        "qty": chance.randrange(1, 400),
        "price": f"{chance.randrange(100, 90_000) / 100:.2f}",
        "ean": "69" + digits(chance, 11),
        "weight_g": chance.randrange(10, 90_000),
    }


def _table_line(chance: Chance) -> str:
    return "\t".join(
        [
            f"S{digits(chance, 4)}",
            f"{chance.gauss(37, 12):.6f}",
            f"{chance.gauss(0, 1):.8e}",
            digits(chance, 8),
            f"{chance.random() * 360:.4f}",
            f"{chance.random():.12f}",
            str(chance.randrange(10**6)),
        ]
    )


_STATIONS = words(
    "体育西路 珠江新城 天河客运站 华强北 白石洲 世界之窗 拱北口岸 横琴 高新园 黄埔港 石牌桥 江泰路 汉溪长隆 "
    "何文田 鑽石山 黃大仙 樂富 石硤尾 馬鞍山 金鐘 關閘 媽閣 石排灣 馬場 東亞運 Tin_Hau Lai_King "
    "Mei_Foo Wong_Chuk_Hang Po_Lam Barra Cotai Jardim_de_Lisboa "
    "Porto_Interior Mong_Kok_East Fo_Tan"
)
_FACILITIES = words(
    "市民公园|文化中心|体育馆|污水处理厂|变电站|图书馆分馆|停车场|垃圾转运站|公共圖書館|社區會堂|街市|公眾泳池|"
    "渡輪碼頭|巴士總站|垃圾收集站|Public Library|Refuse Collection Point|"
    "Sports Ground|Ferry Pier|Sitting-out Area|Biblioteca Pública|"
    "Parque Municipal|Terminal Marítimo|Mercado Municipal|"
    "Centro de Actividades",
    "|",
)


def _open_data(chance: Chance) -> dict[str, Any]:
    style = chance.randrange(4)
    if style == 0:
        return {
            "station": chance.choice(_STATIONS).replace("_", " "),
            "line": chance.randrange(1, 22),
            "entries": digits(chance, 7),
            "exits": int(digits(chance, 6)),
            "date": f"2026-{chance.randrange(1, 13):02}",
        }
    if style == 1:
        return {
            "facility": chance.choice(_FACILITIES),
            "capacity": int(digits(chance, 5)),
            "built": chance.randrange(1950, 2026),
            "area_m2": f"{chance.random() * 90000:.2f}",
            "code": f"F{digits(chance, 6)}",
        }
    if style == 2:
        return {
            "指标": chance.choice(("常住人口", "地区生产总值", "用电量", "货物吞吐量", "森林覆盖率", "高中在校生", "黄金储备", "平均工资")), "地区": chance.choice(("全市", "东部", "马场片区", "高新区", "方圆十公里")),
            "年份": chance.randrange(2000, 2026), "数值": f"{chance.random() * 1e8:.3f}", "单位": chance.choice(("万元", "千瓦时", "万吨", "%", "人")), "同比": f"{chance.gauss(3, 2):.2f}",
        }  # fmt: skip
    return {
        "type": "Feature", "id": digits(chance, 9), "properties": {"grid": f"HK{digits(chance, 4)}", "pm25": chance.randrange(90), "rain_mm": f"{chance.random() * 90:.1f}", "remark": chance.choice(("normal", "維修中", "offline", "avariado"))},
        "hk1980": [f"{chance.randrange(800_000, 870_000)}.{digits(chance, 3)}", f"{chance.randrange(800_000, 850_000)}.{digits(chance, 3)}"],
    }  # fmt: skip


def _api(chance: Chance) -> dict[str, Any]:
    return {
        "id": int(digits(chance, chance.choice((8, 9, 11, 15, 18)))), "uid": str(uuid.UUID(int=chance.getrandbits(128), version=4)), "etag": f"{chance.randrange(16**40):040x}",
        "created": int("17" + digits(chance, 8)), "updated_ms": int("17" + digits(chance, 11)), "name": chance.choice(("primary-node", "默认配置", "edge cache", "測試環境", "Nightly Build", "ambiente de teste")),
        "title": chance.choice(("Release notes", "价格表", "時間表", "Horário de Verão", "Golden Week promotion", "高级会员方案", "白金套餐", "黃色暴雨警告")), "size": int(digits(chance, 8)),
        "cursor": f"{chance.randrange(16**24):024x}", "ratio": chance.random(), "port": chance.randrange(1024, 65536), "model": f"{chance.choice('ABCEGHKMPSV')}{digits(chance, 6)}", "tags": ["beta", "v" + digits(chance, 1)],
    }  # fmt: skip


@cache
def _clauses() -> tuple[tuple[str, ...], ...]:
    """Return clauses of public notices, language by language; many begin with what is also a surname."""
    blocks = Path(__file__).with_name("notices.txt").read_text(encoding="utf-8").split("=== ")[1:]
    return tuple(tuple(block.strip().splitlines()[1:]) for block in blocks)


def _notice(chance: Chance) -> str:
    clauses = chance.choice(_clauses())
    comma, stop = ("，", "。") if ord(clauses[0][0]) > 0x2E80 else ("; ", ". ")
    sentences = [comma.join(chance.sample(clauses, chance.randrange(1, 4))) for _ in range(chance.randrange(2, 6))]
    return stop.join(sentences) + stop.strip()


MADE: dict[str, tuple[str, Callable[[Chance], str]]] = {
    "logs": ("text/plain", _lines(_log)),
    "uuids": ("text/plain", _lines(lambda chance: str(uuid.UUID(int=chance.getrandbits(128), version=4)))),
    "hashes": (
        "text/plain",
        _lines(
            lambda chance: (
                f"{chance.getrandbits(256):064x}  part-{digits(chance, 5)}.bin"
                if chance.random() < 0.6
                else f"{chance.getrandbits(160):040X}"
            )
        ),
    ),
    "orders": ("application/json", _objects(_order, 80)),
    "tables": ("text/tab-separated-values", _lines(_table_line, "site\tmean\tdelta\tcounts\tangle\tp\tn")),
    "open data": ("application/json", _objects(_open_data, 120)),
    "notices": ("text/plain", _lines(_notice)),
    "api": ("application/json", _objects(_api, 40)),
}
"""For each kind of text its media type and what makes a piece of it."""

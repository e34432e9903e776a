"""Classification, in MB/s, beside what others do with the same recognisers in the same run.

    python -m bench.classify [--quick] [--no-presidio] [--json]

``classify`` is the room alone on a text that was decoded before, ``both`` is decode + classify of a whole message.
Beside them: (a) presidio's AnalyzerEngine with the same recognisers, with a blank pipeline and with none; (b) the same
expressions one by one with ``re``; (c) the bare automata of the engine, and RE2's Set of the same expressions. All of a
row are timed in turn, round by round, each on the next of many texts of its kind, since an automaton that is built while
it reads is fast on what it has seen before and on nothing else; figures are medians. The texts are mixed JSON in
Chinese, English and Portuguese: ``none`` has no finding, ``sparse`` a person in every fortieth record, ``dense`` one in
every record.

Hostile texts are measured as cost of ``both`` per byte over that of ordinary text (``sparse``) of the same size.
"""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.accuracy.identifiers import bir_printed, card, cn_mobile, digits, hkid_printed, ric
from bench.accuracy.people import name
from bench.accuracy.places import address
from bench.baselines.recognising import one_by_one, presidio, re2_set
from bench.decode import transfer as ordinary
from gateway.classify import classify, prepare
from gateway.classify.engine import engine_of
from gateway.decode import decode
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Certainty, Content, Limits, Part, Transfer

ROOT = Path(__file__).resolve().parents[1]
LIMITS = Limits(seconds=60.0)
TEXTS = 64
"""Different texts of a size and density, fewer where they are large."""
SIZES = (1_000, 16_000, 200_000, 1_000_000)
DENSITIES = {"none": 0, "sparse": 40, "dense": 1}
"""A person in every so many records; 0 for none."""
TARGETS = {"presidio": 200.0, "automata": 0.5, "both": 25.0, "hostile": 3.0}
"""Times (a), share of (c) on text without findings, MB/s of decode + classify: all at 16 KB; cost over ordinary text."""
_NOTES = (
    "Application for a business registration", "申请材料已经受理，请留意办理进度", "申請已收妥，請等候通知", "O pedido foi recebido e será apreciado",
    "The counter is open from nine to five", "窗口工作时间为上午九时至下午五时", "請於辦公時間內領取文件", "Os documentos podem ser levantados ao balcão",
)  # fmt: skip


def _record(chance: random.Random, person: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": chance.randrange(100_000),
        "title": chance.choice(_NOTES),
        "status": chance.choice(("open", "已受理", "已完成", "pendente")),
        "when": f"2026-11-{chance.randrange(1, 29):02}T12:30:00+08:00",
        "steps": [1, 2, 3],
        "fee": {"amount": f"{chance.randrange(100, 99_999) / 100:.2f}", "currency": "MOP"},
        "trace": f"{chance.getrandbits(128):032x}",
    }
    if person:
        language = chance.choice(("zh-Hans", "zh-Hant", "en", "pt"))
        number = {"zh-Hans": ric, "zh-Hant": hkid_printed, "en": hkid_printed, "pt": bir_printed}[language]
        made["applicant"] = {
            "name": name(chance, language, 0),
            "id_no": number(chance),
            "phone": cn_mobile(chance),
            "address": address(chance, language, 0),
            "card_no": card(chance),
        }
    return made


def text(size: int, every: int, number: int = 0) -> str:
    """Return JSON of about ``size`` bytes with a person in every so many records, another one for each ``number``."""
    chance, length = random.Random(f"{size} {every} {number}"), 0
    written: list[str] = []
    while length < size:
        person = bool(every) and len(written) % every == every // 2
        written.append(json.dumps(_record(chance, person), ensure_ascii=False, separators=(",", ":")))
        length += len(written[-1].encode()) + 1
    return f"[{','.join(written)}]"


def _repeated(size: int, piece: Callable[[random.Random], str], between: str = " ") -> str:
    chance, written, length = random.Random(size), [], 0
    while length < size:
        written.append(piece(chance))
        length += len(written[-1].encode()) + len(between)
    return between.join(written)


def hostile(size: int) -> Iterator[tuple[str, str]]:
    """Yield (name, JSON) of about ``size`` bytes: texts made to be slow."""
    labels = "身份证号码身份證號碼手机号码電話號碼银行卡号护照号码passport no id card no telemóvel n.º do BIR "
    makers: dict[str, Callable[[random.Random], str]] = {
        "one run of digits": lambda chance: digits(chance, 1000),
        "runs of 19 digits": lambda chance: digits(chance, 19),
        "groups of four": lambda chance: digits(chance, 4),
        "near misses": lambda chance: chance.choice(("440105199003071017", "6217000000000000005", "A123456(4)", "91440300MA5ABCDE0F")),
        "labels": lambda _: labels,
        "labels and near misses": lambda chance: chance.choice(labels.split()) + chance.choice(("440105199003071017", "6217000000000000005", "K12345678", "1234567")),
        "surnames": lambda chance: "".join(chance.choices("王李张刘陈楊黃趙吳周", k=8)),
        "streets": lambda chance: chance.choice(("中山路", "号", "大廈", "樓", "室", "區", "Rua de", "n.º", "Flat", "/F", "Road", "andar")),
        "capitalised words": lambda chance: chance.choice(("Chan", "Wong", "Silva", "Santos", "Tai", "Man", "dos", "de", "Maria")),
        "dots and hyphens": lambda chance: chance.choice(("1.", "2-", "a.", "(3)", "4/")),
        "addresses of mail": lambda chance: chance.choice(("a@", "b.c@d", "x@y.z.", "e.e.e.e.e@")),
        "blanks in digits": lambda chance: " ".join(digits(chance, 18)),
    }  # fmt: skip
    for name_, piece in makers.items():
        between = "" if name_ == "one run of digits" else " "
        yield name_, json.dumps({"note": _repeated(size, piece, between)}, ensure_ascii=False)
    chance = random.Random(size)
    values: list[str] = []
    while len(values) * 24 < size:
        values.append(digits(chance, chance.choice((6, 8, 12))))
    yield "digits over many values", json.dumps({"rows": values})
    yield (
        "many small values",
        json.dumps([{"身份证号": digits(chance, 3)} for _ in range(size // 24)], ensure_ascii=False),
    )


def _message(body: str) -> Transfer:
    made = ordinary(1)
    return Transfer(made.id, made.at, made.leg, made.exporter, made.recipient, made.envelope, body.encode())


def _again(content: Content) -> Content:
    """Return the same content as decode hands it over: no value has been read."""
    parts = (
        Part(
            one.where, one.text, one._read, format=one.format, charset=one.charset, verbatim=one.verbatim,
            writable=one.writable, origin=one.origin,
        )
        for one in content.parts
    )  # fmt: skip
    return Content(tuple(parts), content.opaque, content.notices, content.media_type)


def interleaved(works: Mapping[str, Callable[[], object]], rounds: int, least: float, most: float) -> dict[str, float]:
    """Return the median seconds of a call of each, timed in turn; what has taken ``most`` seconds is timed no more."""
    times: dict[str, list[float]] = {name_: [] for name_ in works}
    for number in range(rounds):
        for name_, work in works.items():
            if number and sum(times[name_]) > most:
                continue
            if number == 0:
                began = time.perf_counter()
                work()
                if time.perf_counter() - began > most:
                    times[name_].append(time.perf_counter() - began)
                    continue
            began, calls = time.perf_counter(), 0
            while calls == 0 or time.perf_counter() - began < least:
                work()
                calls += 1
            times[name_].append((time.perf_counter() - began) / calls)
    return {name_: statistics.median(each) for name_, each in times.items()}


def _row(
    bodies: list[str], rules: Rulebook, others: dict[str, Callable[[str], object]], chosen: argparse.Namespace
) -> dict[str, float]:
    items = [_message(body) for body in bodies]
    read, engine = [decode(item, LIMITS) for item in items], engine_of(rules)
    framed = [f"\n{body}\n".encode() for body in bodies]

    def automata(data: bytes) -> object:
        return engine.sweep(data), engine.labels.standing_in(data, "json"), engine.signs(data)

    works: dict[str, Callable[[], object]] = {
        "classify": _each(read, lambda one: classify(_again(one), rules)),
        "both": _each(items, lambda one: classify(decode(one, LIMITS), rules)),
        "automata": _each(framed, automata),
        **{name_: _each(bodies, other) for name_, other in others.items()},
    }
    return interleaved(works, 3 if chosen.quick else 7, 0.01, 1.0 if chosen.quick else 3.0)


def _each[Item](items: list[Item], work: Callable[[Item], object]) -> Callable[[], object]:
    """Return what does the work on the next item at each call."""
    following = itertools.cycle(items)
    return lambda: work(next(following))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.classify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="1 KB and 16 KB only, fewer rounds")
    parser.add_argument("--no-presidio", action="store_true", help="leave presidio out, which takes most of the time")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


def main() -> int:
    """Print a row for each size and density, the hostile texts, and what misses its target."""
    chosen = _arguments()
    rules = load(ROOT)
    prepare(rules)
    others: dict[str, Callable[[str], object]] = {"RE2 Set": re2_set(rules), "re": one_by_one(rules)}
    if not chosen.no_presidio:
        others |= {"presidio": presidio(rules, pipeline=True), "presidio bare": presidio(rules, pipeline=False)}
    rows: list[dict[str, Any]] = []
    out = sys.stderr if chosen.json else sys.stdout
    forms = sum(len(one.patterns) for one in rules.recognisers)
    out.write(
        f"{len(rules.recognisers)} recognisers, {forms} expressions; MB/s, and classify as a ratio to each baseline\n"
    )
    names = ("classify", "both", "automata", *others)
    out.write(f"{'text':<8}{'KB':>6}{'found':>7}" + "".join(f"{name_:>15}" for name_ in names) + "\n")
    for size in SIZES[:2] if chosen.quick else SIZES:
        for density, every in DENSITIES.items():
            bodies = [text(size, every, number) for number in range(max(4, min(TEXTS, TEXTS * 16_000 // size)))]
            body = bodies[0]
            length = statistics.mean(len(each.encode()) for each in bodies)
            found = sum(
                one.certainty >= Certainty.LIKELY for one in classify(decode(_message(body), LIMITS), rules).items
            )
            took = _row(bodies, rules, others, chosen)
            speeds = {name_: length / each / 1e6 for name_, each in took.items()}
            rows.append({"text": density, "size": size, "found": found, "us": took["both"] * 1e6, "speeds": speeds})
            cells = [
                f"{speeds[name_]:.4g}"
                + ("" if name_ in ("classify", "both") else f" {speeds['classify'] / speeds[name_]:.3g}x")
                for name_ in names
            ]
            out.write(f"{density:<8}{size // 1000:>6}{found:>7}" + "".join(f"{cell:>15}" for cell in cells) + "\n")
            out.flush()
    costs = _hostile(rules, chosen, out)
    short = _short(rows, costs)
    out.write(f"\n{len(short)} targets missed" + "".join(f"\n  {one}" for one in short) + "\n")
    if chosen.json:
        sys.stdout.write(
            json.dumps({"rows": rows, "hostile": costs, "missed": short}, ensure_ascii=False, indent=1) + "\n"
        )
    return int(bool(short))


def _hostile(rules: Rulebook, chosen: argparse.Namespace, out: Any) -> dict[str, float]:
    costs: dict[str, float] = {}
    out.write(
        f"\n{'hostile text':<26}{'KB':>6}{'MB/s':>8}{'cost':>8}   decode + classify, a byte over one of ordinary text\n"
    )
    for size in (16_000,) if chosen.quick else (16_000, 200_000):
        normal = text(size, DENSITIES["sparse"])
        items = {"": _message(normal)} | {name_: _message(body) for name_, body in hostile(size)}
        works = {name_: (lambda item=item: classify(decode(item, LIMITS), rules)) for name_, item in items.items()}
        took = interleaved(works, 5, 0.01, 2.0)
        usual = took.pop("") / len(items[""].body)
        for name_, each in took.items():
            length = len(items[name_].body)
            costs[f"{name_}, {size // 1000} KB"] = each / length / usual
            out.write(f"{name_:<26}{size // 1000:>6}{length / each / 1e6:>8.1f}{each / length / usual:>7.1f}x\n")
    return costs


def _short(rows: list[dict[str, Any]], costs: dict[str, float]) -> list[str]:
    short = []
    for row in rows:
        speeds = row["speeds"]
        if row["size"] != 16_000:
            continue
        if "presidio" in speeds and speeds["classify"] / speeds["presidio"] < TARGETS["presidio"]:
            short.append(
                f"{row['text']}: {speeds['classify'] / speeds['presidio']:.0f} times presidio, not {TARGETS['presidio']:.0f}"
            )
        if row["text"] == "none" and speeds["classify"] / speeds["automata"] < TARGETS["automata"]:
            short.append(
                f"none: {speeds['classify'] / speeds['automata']:.2f} of the automata, not {TARGETS['automata']}"
            )
        if speeds["both"] < TARGETS["both"]:
            short.append(f"{row['text']}: decode + classify {speeds['both']:.1f} MB/s, not {TARGETS['both']:.0f}")
    return short + [
        f"{name_}: {cost:.1f} times the usual cost" for name_, cost in costs.items() if cost > TARGETS["hostile"]
    ]


if __name__ == "__main__":
    sys.exit(main())

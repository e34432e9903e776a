"""Classification, in MB/s, against the same expressions run one by one with ``re`` in the same process.

    python -m bench.classify

Clean text ends at the screen. Dense text has an identifier in every value. Hostile text is long runs of digits and near
misses. Each row prints MB/s, microseconds a message, and the ratio to ``re``.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from gateway.classify import classify, prepare
from gateway.rulebook.book import Rulebook
from gateway.rulebook.recognisers import read_categories, read_recognisers
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import Content, Part, Segment

ROOT = Path(__file__).resolve().parents[1]
WORDS = ("status", "application", "counter", "office", "reference", "page", "items", "title", "matter", "result")
IDENTIFIERS = ("440105199003071016", "13800138000", "A123456(3)", "6217000000000000004", "li.si@example.com")
_VALUE = re.compile(r'"([a-z_]+)":"?([^",}]*)"?')


def rulebook() -> Rulebook:
    """Read the recognisers that ship."""
    taxonomy = ROOT / "classifiers" / "categories.yaml"
    categories = read_categories(parse("classifiers/categories.yaml", taxonomy.read_bytes(), "categories"))
    documents = [
        parse(path.relative_to(ROOT).as_posix(), path.read_bytes(), "recogniser")
        for path in sorted((ROOT / "classifiers").glob("*/*.yaml"))
    ]
    return Rulebook("0" * 64, {}, categories, {}, {}, {}, (), read_recognisers(documents, categories))


def _objects(size: int, value: Callable[[random.Random], str]) -> str:
    chance, written = random.Random(size), ["["]
    while sum(map(len, written)) < size:
        words = " ".join(chance.choices(WORDS, k=6))
        head = f'{{"id":{chance.randrange(9999)},"note":"{words}","when":"2026-11-20T12:30:00+08:00"'
        written.append(f"{head},{value(chance)}}},")
    return "".join(written)


def texts(size: int) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of about ``size`` bytes each."""
    yield "clean", _objects(size, lambda chance: f'"amount":"{chance.randrange(999)}.50"')
    yield "clean 8-digit ids", _objects(size, lambda chance: f'"order":{chance.randrange(10_000_000, 99_999_999)}')
    yield "clean 18-digit ids", _objects(size, lambda chance: f'"order":{chance.randrange(10**17, 10**18)}')
    yield "dense", _objects(size, lambda chance: f'"about":"{chance.choice(IDENTIFIERS)}"')
    chance = random.Random(size)
    yield "hostile digits", "".join(chance.choice("0123456789") for _ in range(size))
    yield "hostile near misses", "".join(chance.choice("440105199003071017|6217000000000000005x|") for _ in range(size))
    yield "hostile groups of four", " ".join(str(chance.randrange(1000, 10000)) for _ in range(size // 5))
    yield "hostile dots", "a." * (size // 2)


def content(text: str) -> Content:
    """Return a verbatim part whose values are the members of its objects."""

    def read(whole: str) -> tuple[Segment, ...]:
        if not whole.startswith("["):
            return (Segment(whole, "body", "", 0, len(whole)),)
        found = _VALUE.finditer(whole)
        return tuple(Segment(one[2], f"json:/{one[1]}", one[1], *one.span(2)) for one in found)

    return Content((Part("body", text, read, format="json", verbatim=True),))


def seconds(work: Callable[[], object]) -> float:
    """Return the best time of one call over several short rounds."""
    work()
    best = float("inf")
    for _ in range(5):
        began, calls = time.perf_counter(), 0
        while time.perf_counter() - began < 0.05:
            work()
            calls += 1
        best = min(best, (time.perf_counter() - began) / calls)
    return best


def main() -> None:
    """Print one row for each text and size."""
    rules = rulebook()
    prepare(rules)
    plain = [
        re.compile(f"(?<![0-9A-Za-z])(?:{pattern.regex})(?![0-9A-Za-z])")
        for recogniser in rules.recognisers
        for pattern in recogniser.patterns
    ]
    sys.stdout.write(f"{'text':<24}{'KB':>5}{'us':>10}{'MB/s':>9}{'re us':>10}{'ratio':>8}{'found':>7}\n")
    for size in (1_000, 16_000, 200_000):
        for name, text in texts(size):
            ours = seconds(lambda text=text: classify(content(text), rules))  # type: ignore[misc]
            theirs = seconds(lambda text=text: [one.findall(text) for one in plain])  # type: ignore[misc]
            found = len(classify(content(text), rules).items)
            sys.stdout.write(
                f"{name:<24}{size // 1000:>5}{ours * 1e6:>10.1f}{len(text) / ours / 1e6:>9.1f}"
                f"{theirs * 1e6:>10.1f}{theirs / ours:>8.1f}{found:>7}\n"
            )


if __name__ == "__main__":
    main()

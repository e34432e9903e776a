"""YAML: keys, scalars, comments and marks, each with its exact place."""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decode import yaml_text
from gateway.decode.door import Unreadable
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Edit, Limits, Part, Segment, Unread


def part_of(text: str, limits: Limits | None = None) -> Part:
    """A judged part."""
    verbatim, _ = yaml_text.FORMAT.judge(text, limits or Limits())
    return Part("yaml:", text, yaml_text.FORMAT.read, format="yaml", verbatim=verbatim, writable=True)


def pairs(text: str) -> list[tuple[str, str]]:
    """Place and text of all segments but keys."""
    return [(each.where, each.text) for each in part_of(text).segments if not each.where.endswith("~key")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: two words\n", [("yaml:/a", "1"), ("yaml:/b", "two words")]),
        ("l:\n- 0755\n- k: no\n  m: [x, {y: 'z'}]\n", [("yaml:/l/0", "0755"), ("yaml:/l/1/k", "no"),
                                                       ("yaml:/l/1/m/0", "x"), ("yaml:/l/1/m/1/y", "z")]),
        ("plain", [("yaml:", "plain")]),
        ("a: 1\na: 2", [("yaml:/a", "1"), ("yaml:/a", "2")]),
        ("--- a\n...\n---\nb: c", [("yaml:", "a"), ("yaml:[2]/b", "c")]),
        ("? [1, {d: e}]\n: z\n", [("yaml:/~key/0", "1"), ("yaml:/~key/1/d", "e"), ("yaml:/?", "z")]),
        ("a/b: {~: 1}", [("yaml:/a~1b/~0", "1")]),
        ("a:\nb: ''\n", []),
        ("\ufeffa: b", [("yaml:/a", "b")]),
        ("a: \U0001f600 b\r\nc: d\r\n", [("yaml:/a", "\U0001f600 b"), ("yaml:/c", "d")]),
    ],
)  # fmt: skip
def test_scalars_have_places(text: str, expected: list[tuple[str, str]]) -> None:
    """As they are written: what a scalar would become is nobody's concern."""
    assert pairs(text) == expected


def test_keys_are_values_and_labels() -> None:
    """An item has the label of its list."""
    part = part_of("ids:\n- 1\n- name: x\n")
    assert [(each.where, each.text, each.label) for each in part.segments] == [
        ("yaml:/ids/~key", "ids", ""),
        ("yaml:/ids/0", "1", "ids"),
        ("yaml:/ids/1/name/~key", "name", ""),
        ("yaml:/ids/1/name", "x", "name"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# one\na: b # two\n\n# three", [("/~comment", "# one"), ("/a", "b"), ("/~comment", "# two"),
                                         ("/~comment", "# three")]),
        ("a: |- # four\n  x\n", [("/~comment", "# four"), ("/a", "x")]),
        ("a: &one !!str  x\n", [("/~mark", "&one"), ("/~mark", "!!str"), ("/a", "x")]),
        ("a: &one # why\n  x\n", [("/~mark", "&one"), ("/~comment", "# why"), ("/a", "x")]),
        ("a: &one {b: 1}\nc: *one\n", [("/a/~mark", "&one"), ("/a/b", "1"), ("/~mark", "*one")]),
        ("[a, # five\n b]", [("/0", "a"), ("/~comment", "# five"), ("/1", "b")]),
        ("a: !<tag:x,2000:y> 'z#'\n", [("/~mark", "!<tag:x"), ("/~mark", "2000:y>"), ("/a", "z#")]),
        ("%YAML 1.1\n---\na: b#c\n", [("/~mark", "%YAML"), ("/~mark", "1.1"), ("/a", "b#c")]),
        ("*x : 1", [("/~mark", "*x"), ("/?", "1")]),
    ],
)  # fmt: skip
def test_what_stands_between_values_is_read(text: str, expected: list[tuple[str, str]]) -> None:
    """Comments, anchors, tags, aliases and directives."""
    assert [(where.removeprefix("yaml:"), value) for where, value in pairs(text)] == expected


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("'it''s'", ["i", "t", "''", "s"]),
        ('"a\\u4e00\\n\\x41\\"b"', ["a", "\\u4e00", "\\n", "\\x41", '\\"', "b"]),
        ('"a\\\n   b\n  c\n\n d"', ["a", "b", "\n  ", "c", "\n\n ", "d"]),
        ("one\n  two\n\n  x", ["o", "n", "e", "\n  ", "t", "w", "o", "\n\n  ", "x"]),
        ("|-\n  a b\n  c", ["a", " ", "b", "\n  ", "c"]),
        (">-\n  a\n  b", ["a", "\n  ", "b"]),
        ("'a\n  b'", ["a", "\n  ", "b"]),
    ],
)
def test_each_code_point_has_its_span(text: str, written: list[str]) -> None:
    """Escapes, doubled quotes, folded lines and indentation belong to what they mean."""
    (segment,) = part_of(text).segments
    assert [text[slice(*segment.span(at, at + 1))] for at in range(len(segment.text))] == written


words = st.text(st.sampled_from("ab1 '\"\\#:-\n\t陳\U0001f600&*!%@|>{}[],?"), max_size=12)
values = st.recursive(
    words, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3))
)


def leaves(value: object) -> list[str]:
    """All keys and scalars that are not empty, in order."""
    if isinstance(value, dict):
        return [leaf for key, below in value.items() for leaf in (*leaves(key), *leaves(below))]
    if isinstance(value, list):
        return [leaf for below in value for leaf in leaves(below)]
    return [str(value)] if value else []


@settings(deadline=None)
@given(values, st.sampled_from([None, "'", '"', "|", ">"]), st.booleans(), st.booleans(), st.sampled_from([20, 1000]))
def test_what_was_dumped_is_read(value: object, style: str | None, flow: bool, ascii: bool, width: int) -> None:
    """Whatever the style; nothing is taken for a comment or a mark; every span lies within the one before and after."""
    text = yaml.safe_dump(
        value, default_style=style, default_flow_style=flow, allow_unicode=not ascii, width=width, sort_keys=False
    )
    part = part_of(text)
    segments = [each for each in part.segments if not each.where.endswith("~mark")]
    assert [each.text for each in segments if each.text] == leaves(value)
    for each in segments:
        spans = [each.span(at, at + 1) for at in range(len(each.text))]
        assert all(first[1] <= second[0] or first == second for first, second in pairwise(spans))
        for character, (start, end) in zip(each.text, spans, strict=True):
            assert text[start:end] == character or character in " \n" or text[start] in "\\'"
        assert not part.verbatim or text[each.start : each.end] == each.text


@pytest.mark.parametrize("text", ["a: b: c", "[1, 2", "'open", "a: \x01", "{a: [}", "\t- x\n\t y: z", "a: \ud800"])
def test_what_is_no_yaml_is_malformed(text: str) -> None:
    """And nothing of it is told."""
    with pytest.raises(Unreadable) as fault:
        part_of(text)
    assert (fault.value.reason, fault.value.detail) == (Unread.MALFORMED, "yaml")


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        ("[" * 100_000, Unread.TOO_DEEP, "depth"),
        ("- " * 100_000, Unread.TOO_DEEP, "depth"),
        ("[a: " * 100_000, Unread.TOO_DEEP, "depth"),
        ("- a\n" * 300, Unread.TOO_MANY, "segments"),
        ("".join(f"%TAG !a{at}! tag:x\n" for at in range(100)) + "--- a\n", Unread.TOO_MANY, "segments"),
        ("a: 1\n" + "# c\n" * 300, Unread.TOO_MANY, "segments"),
    ],
)
def test_depth_and_number_are_limited(text: str, reason: Unread, detail: str) -> None:
    """Directives too, which libyaml compares with one another."""
    with pytest.raises(Unreadable) as fault:
        part_of(text, Limits(segments=200))
    assert (fault.value.reason, fault.value.detail) == (reason, detail)


def test_aliases_are_not_followed() -> None:
    """A billion laughs is as long as it is written."""
    text = "a: &a [x, x]\n" + "".join(
        f"{after}: &{after} [*{each}, *{each}]\n" for each, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert sum(len(each.text) for each in part_of(text).segments) < len(text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("name: x\nid: 1\n", True),
        ("patients:\n  - name: x\n    id: 1\n", True),
        ('# a comment\n\nname: x\n"quoted": y\n', True),
        ("---\nwhatever", True),
        ("%YAML 1.1\n---\na", True),
        ("姓名: 甲\n电话: 1\n", True),
        ("name: x\n", False),
        ("Dear all,\nthe time: 12:30\n", False),
        ("12:30 x\n12:31 y\n", False),
        ("a,b\n1,2\n", False),
        ("", False),
        ("http://a.example\nhttp://b.example\n", False),
        ("name: x\nid: 1\nand some prose\n", False),
    ],
)
def test_keys_and_values_show_themselves(text: str, seen: bool) -> None:
    """Several lines of them, and nothing else."""
    assert yaml_text.looks(text) is seen


def test_long_texts_are_judged_by_their_first_lines() -> None:
    """The line that is cut off does not count."""
    assert yaml_text.looks("key: some value\n" * 10_000)


def segment_of(part: Part, text: str) -> Segment:
    """The segment that means ``text``."""
    return next(each for each in part.segments if each.text == text)


def put(text: str, value: str, start: int, end: int, replacement: str) -> str:
    """Replace some characters of the meaning of a value."""
    part = part_of(text)
    assert yaml_text.FORMAT.write is not None
    return yaml_text.FORMAT.write(part, [Edit(part, *segment_of(part, value).span(start, end), replacement)])


@pytest.mark.parametrize(
    ("text", "value", "start", "end", "replacement", "written"),
    [
        ("a: 1234 # c\n", "1234", 0, 3, "***", 'a: "***4" # c\n'),
        ("a: '12''34' # c\n", "12'34", 0, 3, "*'", "a: '*''34' # c\n"),
        ('a: "1\\u00324"\n', "124", 1, 2, '"', 'a: "1\\"4"\n'),
        ("a: |\n  12\n  34\n", "12\n34\n", 0, 2, "**", "a: |\n  **\n  34\n"),
        ("a: one\n  two\n", "one two", 4, 7, "***", "a: one\n  ***\n"),
        ("12: x\n", "12", 0, 2, "**", '"**": x\n'),
        ("a: b # 1234\n", "# 1234", 2, 6, "****", "a: b # ****\n"),
        ("[12, &x 34]", "34", 0, 2, "*", '[12, &x "*"]'),
    ],
)
def test_edits_keep_the_style(text: str, value: str, start: int, end: int, replacement: str, written: str) -> None:
    """A scalar without quotes gets them, since a star or a colon would mean something else."""
    assert put(text, value, start, end, replacement) == written


@pytest.mark.parametrize(
    ("text", "value", "start", "end", "replacement"),
    [
        ("a: &x 1\n", "&x", 0, 2, "*"),
        ("a: '12'\n", "12", 0, 2, "\n"),
        ("a: |\n  12\n", "12\n", 0, 2, " *"),
        ("a: |\n  12\n", "12\n", 0, 2, "#\n*"),
        ("a: b # c\n", "# c", 2, 3, "\nx: y"),
        ("a: one\n  two\n", "one two", 0, 3, "x: y"),
    ],
)
def test_what_would_be_read_otherwise_is_refused(text: str, value: str, start: int, end: int, replacement: str) -> None:
    """What was written is read again before it leaves."""
    with pytest.raises(Unwritable):
        put(text, value, start, end, replacement)


@pytest.mark.parametrize(("start", "end"), [(3, 9), (0, 4), (5, 6)])
def test_edits_stay_within_one_value(start: int, end: int) -> None:
    """And do not cut an escape."""
    part = part_of('a: "\\x31"\nb: c\n')
    assert yaml_text.FORMAT.write is not None
    with pytest.raises(Unwritable):
        yaml_text.FORMAT.write(part, [Edit(part, start, end, "*")])

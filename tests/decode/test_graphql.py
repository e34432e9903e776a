"""GraphQL: values at the path of their argument, names, comments, and edits that keep the document whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import graphql
from gateway.decode.door import Unreadable
from gateway.decode.splicing import Unwritable
from gateway.vocabulary import Edit, Limits, Part, Unread


def part_of(text: str, limits: Limits | None = None) -> Part:
    """A judged part."""
    verbatim, _ = graphql.FORMAT.judge(text, limits or Limits())
    return Part("graphql:", text, graphql.FORMAT.read, format="graphql", verbatim=verbatim, writable=True)


def values(text: str) -> list[tuple[str, str]]:
    """Place and text of all segments but names."""
    return [
        (each.where.removeprefix("graphql:/"), each.text)
        for each in part_of(text).segments
        if not each.where.endswith("~key")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{ patient(id: "A1", n: -1.5e3) { name } }', [("patient/id", "A1"), ("patient/n", "-1.5e3")]),
        ('mutation { a(in: {b: "x", c: [1, {d: "y"}, [2]]}) }', [("a/in/b", "x"), ("a/in/c/0", "1"),
                                                                ("a/in/c/1/d", "y"), ("a/in/c/2/0", "2")]),
        ('{ one: p(id: "1") { q(r: true) } two: p(id: $v) }', [("one/id", "1"), ("one/q/r", "true"), ("two/id", "$v")]),
        ('query Q($id: ID! = "5", $l: [Int] = [1 2]) { a }', [("id", "ID"), ("id", "5"), ("l/0", "Int"), ("l/0", "1"),
                                                             ("l/1", "2")]),
        ('{ a @include(if: $x) @skip(if: false) }', [("a/@include/if", "$x"), ("a/@skip/if", "false")]),
        ('{ a(b: """two\n  lines "x" \\""" """) }', [("a/b", 'two\n  lines "x" \\""" ')]),
        ('{ a(b: "") c(d: """""") }', [("a/b", ""), ("c/d", "")]),
        ("# one\n{ a # two\n}", [("~comment", " one"), ("~comment", " two")]),
        ('"of a" type A { "of f" f(x: Int = 1): [B!]! }', [("~description", "of a"), ("~description", "of f"),
                                                          ("f/x", "Int"), ("f/x", "1"), ("f/0", "B")]),
        ('\ufeff{a(b:,"x",,c:1)}', [("a/b", "x"), ("a/c", "1")]),
        ('{ a(b # why\n : "x") }', [("a/~comment", " why"), ("a/b", "x")]),
        ('{ a(b: HOME) ...F ... on X { y(z: null) } }', [("a/b", "HOME"), ("X/y/z", "null")]),
        ('{ a(b: $ c) }', [("a/b", "c")]),
    ],
)  # fmt: skip
def test_values_stand_at_the_path_of_their_argument(text: str, expected: list[tuple[str, str]]) -> None:
    """Through selections, aliases, objects, lists, variables, directives and schemas."""
    assert values(text) == expected


def test_names_are_values() -> None:
    """Of fields, aliases, arguments, variables, directives and types."""
    part = part_of("query Q($v: T) { x: a(b: {c: 1}) @d ... on U { e } }")
    names = [each.text for each in part.segments if each.where.endswith("~key")]
    assert names == ["query", "Q", "$v", "x", "a", "b", "c", "@d", "on", "U", "e"]


def test_an_argument_labels_what_it_holds() -> None:
    """The nearest name, also over lists."""
    part = part_of('query($p: S = "0") { a(idCard: "1", l: [2, {phone: "3"}]) }')
    labels = {each.text: each.label for each in part.segments}
    assert [labels[value] for value in "0123"] == ["p", "idCard", "l", "phone"]


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ('a\\u9673\\n\\"\\/b', ["a", "\\u9673", "\\n", '\\"', "\\/", "b"]),
        ("\\ud83d\\ude00\\u{1F600}x", ["\\ud83d\\ude00", "\\u{1F600}", "x"]),
    ],
)
def test_each_code_point_has_its_span(written: str, units: list[str]) -> None:
    """An escape belongs to what it means."""
    text = f'{{ a(b: "{written}") }}'
    segment = next(each for each in part_of(text).segments if each.where == "graphql:/a/b")
    assert [text[slice(*segment.span(at, at + 1))] for at in range(len(segment.text))] == units


def test_code_points_beyond_unicode_are_replaced() -> None:
    """No exception for a number."""
    assert values('{ a(b: "\\u{FFFFFFFF}") }') == [("a/b", "\ufffd")]


@given(st.text(max_size=20))
def test_any_string_comes_back(value: str) -> None:
    """What JSON writes, GraphQL reads."""
    written = json.dumps(value)
    assert values(f"{{ a(b: {written}) }}") == [("a/b", json.loads(written))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "}",
        "(]",
        '{ a(b: "x) }',
        '{ a(b: """x) }',
        "{ a; }",
        "{ a(b: 1x) }",
        '"\\q"',
        '"\\u{}"',
        '""""',
        "{a}}",
    ],
)
def test_what_is_no_document_is_malformed(text: str) -> None:
    """By its tokens or its brackets."""
    with pytest.raises(Unreadable) as fault:
        part_of(text)
    assert (fault.value.reason, fault.value.detail) == (Unread.MALFORMED, "graphql")


def test_depth_and_number_are_limited() -> None:
    """Brackets in strings and comments do not count."""
    for text, reason in (("{a" * 1000 + "}" * 1000, Unread.TOO_DEEP), ("{" + "a " * 30 + "}", Unread.TOO_MANY)):
        with pytest.raises(Unreadable) as fault:
            part_of(text, Limits(segments=20) if reason is Unread.TOO_MANY else Limits())
        assert fault.value.reason is reason
    part_of('{ a(b: "' + "{" * 100 + '") #' + "{" * 100 + "\n}")


@pytest.mark.parametrize("tail", ['a\\"""""', 'a\\"', '"', '""', "{"])
def test_strings_that_do_not_end_cost_no_more(tail: str) -> None:
    """An opening that nothing closes is looked at once."""
    with pytest.raises(Unreadable):
        part_of('"""' + tail * 200_000 + "\\")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("query { a }", True),
        ("query Q($a: B) { a }", True),
        ("mutation @x { a }", True),
        ("# comment\n{ a { b } }", True),
        ("{ x: a(b: 1) }", True),
        ("fragment F on T { a }", True),
        ("query the database", False),
        ('{ "a": 1 }', False),
        ("{ hello }", False),
        ("", False),
    ],
)
def test_operations_show_themselves(text: str, seen: bool) -> None:
    """By their keyword, or by a field with arguments or fields."""
    assert graphql.looks(text) is seen


def put(text: str, value: str, start: int, end: int, replacement: str) -> str:
    """Replace some characters of the meaning of a value."""
    part = part_of(text)
    segment = next(each for each in part.segments if each.text == value)
    assert graphql.FORMAT.write is not None
    return graphql.FORMAT.write(part, [Edit(part, *segment.span(start, end), replacement)])


@pytest.mark.parametrize(
    ("text", "value", "start", "end", "replacement", "written"),
    [
        ('{ a(b: "123") }', "123", 0, 2, '*"\n', '{ a(b: "*\\"\\n3") }'),
        ('{ a(b: "1\\u00323") }', "123", 1, 2, "*", '{ a(b: "1*3") }'),
        ("{ a(b: 123) }", "123", 0, 2, "**", '{ a(b: "**3") }'),
        ('{ a(b: """123""") }', "123", 0, 2, "**", '{ a(b: """**3""") }'),
        ("{ a # 123\n}", " 123", 1, 3, "**", "{ a # **3\n}"),
    ],
)
def test_edits_keep_the_document_whole(
    text: str, value: str, start: int, end: int, replacement: str, written: str
) -> None:
    """Escapes in strings; a number becomes a string."""
    assert put(text, value, start, end, replacement) == written
    part_of(written)


@pytest.mark.parametrize(
    ("text", "start", "end", "replacement"),
    [
        ("{ patient }", 2, 5, "*"),
        ('{ a(b: "x", c: 1) }', 8, 16, "*"),
        ('{ a(b: "\\u0031") }', 8, 10, "*"),
        ("{ a # x\n}", 5, 6, "\n"),
        ('{ a(b: """x""") }', 10, 11, '"'),
        ('{ a(b: """x""") }', 10, 11, "\\"),
        ('{ a(b: """\\1""") }', 11, 12, ""),
        ("{ a(b: $v) }", 7, 9, "*"),
        ("{ a }", 0, 1, "*"),
    ],
)
def test_what_cannot_be_written_is_refused(text: str, start: int, end: int, replacement: str) -> None:
    """Names, more than one value, half an escape, what would end a comment or a block string."""
    part = part_of(text)
    assert graphql.FORMAT.write is not None
    with pytest.raises(Unwritable):
        graphql.FORMAT.write(part, [Edit(part, start, end, replacement)])

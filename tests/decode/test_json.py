"""JSON: every value and name at its place, with its span, within limits."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decode import decode
from gateway.decode.json_text import _TOKEN
from gateway.vocabulary import Limits, Unread
from tests.decode.messages import LIMITS, body, body_parts, message, values, written

names = st.text(max_size=6)
scalars = st.one_of(
    st.text(), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)
)
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
    max_leaves=12,
)
spacings = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:\r\n ")])


def scalar_texts(document: object) -> list[str]:
    """All names and scalars of a document, as they are to be read."""
    if isinstance(document, dict):
        return [text for key, value in document.items() for text in (key, *scalar_texts(value))]
    if isinstance(document, list):
        return [text for value in document for text in scalar_texts(value)]
    return [document if isinstance(document, str) else json.dumps(document)]


@settings(deadline=None)
@given(documents, spacings, st.booleans(), st.sampled_from([None, 2]))
def test_what_was_dumped_is_read(document: object, spacing: tuple[str, str], ascii: bool, indent: int | None) -> None:
    """Names and values come back in order, whatever the spacing and the escapes."""
    text = json.dumps(document, separators=spacing, ensure_ascii=ascii, indent=indent)
    part = body(text.encode())
    assert [segment.text for segment in part.segments] == scalar_texts(document)


@settings(deadline=None)
@given(documents, st.booleans())
def test_each_code_point_has_its_span(document: object, ascii: bool) -> None:
    """What stands at the span of a code point means that code point."""
    part = body(json.dumps(document, ensure_ascii=ascii).encode())
    for segment in part.segments:
        for place, character in enumerate(segment.text):
            start, end = segment.span(place, place + 1)
            assert json.loads(f'"{part.text[start:end]}"' if part.text[start:end] != '"' else '"\\""') == character


@settings(deadline=None)
@given(documents)
def test_verbatim_keeps_its_promise(document: object) -> None:
    """In a verbatim part each value stands in the text as it is."""
    part = body(json.dumps(document, ensure_ascii=False).encode())
    if part.verbatim:
        assert all(part.text[each.start : each.end] == each.text for each in part.segments)


def test_places_are_pointers() -> None:
    """Names are steps, escaped as RFC 6901 asks; a name is a value at its own place."""
    part = body(b'{"patients":[{"id":"A1","a/b":{"~":1.50}}], "":null}')
    assert values(part) == {
        "json:/patients/~key": "patients",
        "json:/patients/0/id/~key": "id",
        "json:/patients/0/id": "A1",
        "json:/patients/0/a~1b/~key": "a/b",
        "json:/patients/0/a~1b/~0/~key": "~",
        "json:/patients/0/a~1b/~0": "1.50",
        "json://~key": "",
        "json:/": "null",
    }


def test_an_item_has_the_label_of_its_list() -> None:
    """Who looks at labels needs the nearest name."""
    part = body(b'{"phones":["66123456",["66123457"]],"x":[{"y":1}]}')
    assert {each.text: each.label for each in part.segments if "~key" not in each.where} == {
        "66123456": "phones",
        "66123457": "phones",
        "1": "y",
    }


def test_numbers_stay_as_written() -> None:
    """Digits are not rounded, cut or counted."""
    long = "9" * 6000
    part = body(f"[440105199003071016, 1.10e+05, -0, {long}]".encode())
    assert [each.text for each in part.segments] == ["440105199003071016", "1.10e+05", "-0", long]


def test_escapes_have_marks() -> None:
    r"""An escape of six characters stands for one code point, a surrogate pair for one, a lone surrogate for itself."""
    part = body(rb'{"a":"x\u0034\ud83d\ude00\n\ud800y"}')
    assert values(part)["json:/a"] == "x4\U0001f600\n\ud800y"
    (segment,) = [each for each in part.segments if each.where == "json:/a"]
    assert [part.text[slice(*segment.span(at, at + 1))] for at in range(6)] == [
        "x", r"\u0034", r"\ud83d\ude00", r"\n", r"\ud800", "y",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [b'{"a":1,"a":2}', rb'{"a":1,"\u0061":2}', b'[{"b":{"a":1,"c":[],"a":{}}}]'])
def test_repeated_names_are_noticed_and_read(text: bytes) -> None:
    """Both values of a repeated name are read, however it is escaped."""
    content = decode(message(text, "application/json"), LIMITS)
    assert content.notices == ("json.duplicate_key",)
    assert len(body_parts(content)[0].segments) >= 4


@pytest.mark.parametrize("text", [b'{"a":":","b":{"a":1}}', rb'{"a":"\"a\":","b":1}', b'{"":1,":":2}'])
def test_names_that_differ_are_no_repetition(text: bytes) -> None:
    """The same name in another object, or a colon in a string, repeats nothing."""
    assert decode(message(text, "application/json"), LIMITS).notices == ()


@pytest.mark.parametrize(
    "text",
    [b'{"a":1}x', b"{} {}", b"[NaN]", b"[Infinity]", b"[1,]", b'{"a"}', b'["\t"]', b"[01]", b"nul", b'["a]', b'"\\',
     b"[" * 70 + b"1", b'{"a":"' + b"\\" * 999, b" ", b'"\\ud8"'],
)  # fmt: skip
def test_what_is_no_json_is_opaque(text: bytes) -> None:
    """A declared document that is none, or has something behind it, is not read."""
    content = decode(message(text, "application/json"), LIMITS)
    assert body_parts(content) == []
    assert content.opaque[0].reason in (Unread.MALFORMED, Unread.TOO_DEEP)


@pytest.mark.parametrize("deep", [65, 5_000, 100_000])
def test_depth_is_limited(deep: int) -> None:
    """Beyond the limit a document is too deep, whatever brackets and however deep."""
    for text in (b"[" * deep + b"]" * deep, b'{"":' * deep + b"1" + b"}" * deep):
        (opaque,) = decode(message(text, "application/json"), LIMITS).opaque
        assert (opaque.reason, opaque.detail) == (Unread.TOO_DEEP, "depth")


def test_brackets_in_strings_are_not_depth() -> None:
    """Only structure nests: what stands in strings, behind escaped quotes too, does not count."""
    inside = r"[[{\"[\\" * 80
    assert body(f'[{{"{inside}":"{inside}"}}]'.encode()).segments
    assert body(b"[" * 64 + b"]" * 64).segments == ()
    assert body(b"[" + b"[],{}," * 500 + b"0]").segments


def test_number_of_values_is_limited_before_reading() -> None:
    """One value too many makes the body opaque; commas in strings are no values."""
    few = Limits(segments=10)
    (opaque,) = decode(message(b"[" + b"1," * 10 + b"1]", "application/json"), few).opaque
    assert opaque.reason is Unread.TOO_MANY
    assert len(body(b'["' + b"," * 500 + b'"' + b",1" * 8 + b"]", limits=few).segments) == 9
    assert len(body(b'{"a":[[[]],{}],"b":"[,:{\\"1"}', limits=few).segments) == 3


@pytest.mark.parametrize("size", [1_000, 10_000])
def test_work_grows_with_the_text_only(size: int) -> None:
    """Places of many values below a long name take no more than a bounded length each, and tokens match once."""
    name = "n" * size
    part = body(json.dumps({name: {"in": [1] * size}}).encode())
    assert max(len(each.where) for each in part.segments) <= 300
    assert sum(1 for _ in _TOKEN.finditer(part.text)) <= 2 * size + 10


def test_a_name_that_is_no_text_makes_no_bad_place() -> None:
    """A lone surrogate in a name does not get into a place, which must be recordable."""
    part = body(rb'{"\ud800":1}')
    assert all(each.where.encode() for each in part.segments)
    assert written(part, "json:/?") == "1"

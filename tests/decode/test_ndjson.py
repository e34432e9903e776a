"""JSON texts in a row."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decode import Unwritable, decode, json_text, ndjson, rebuild
from gateway.decode.door import Unreadable
from gateway.vocabulary import Edit, Limits, Unread
from tests.decode.messages import LIMITS, body, body_parts, message, values

NDJSON = "application/x-ndjson"
SEQUENCE = "application/json-seq"


@pytest.mark.parametrize(
    ("text", "type", "expected"),
    [
        ('{"a":1}\n{"a":"x\\u0034"}\n', NDJSON, {"ndjson:/0/a": "1", "ndjson:/1/a": "x4"}),
        ('{"a":1}\r\n\r\n[2]', "application/jsonl", {"ndjson:/0/a": "1", "ndjson:/1/0": "2"}),
        ('{"a":1}\n{"a":2}', "", {"ndjson:/0/a": "1", "ndjson:/1/a": "2"}),
        ('{"a":1}{"a":2} {"a":3}', NDJSON, {"ndjson:/0/a": "1", "ndjson:/1/a": "2", "ndjson:/2/a": "3"}),
        ('{\n "a": [\n1]\n}\n{\n}\n"x"\n7', NDJSON, {"ndjson:/0/a/0": "1", "ndjson:/2": "x", "ndjson:/3": "7"}),
        ('{\n "a": 1\n}\n{\n "a": 2\n}', "", {"ndjson:/0/a": "1", "ndjson:/1/a": "2"}),
        ('{"a":1}{"a":2}', "", {"ndjson:/0/a": "1", "ndjson:/1/a": "2"}),
        ('{"a":"}{"}', "", {"json:/a": "}{"}),
        ('{"a":"\\ud800"}\n1\n', NDJSON, {"ndjson:/0/a": "\ud800", "ndjson:/1": "1"}),
        ('\x1e{"a":1}\n\x1e"b"\n', SEQUENCE, {"json-seq:/0/a": "1", "json-seq:/1": "b"}),
        ('\x1e{"a":1}\n\x1e"b"\n', "", {"json-seq:/0/a": "1", "json-seq:/1": "b"}),
    ],
)
def test_each_text_is_read(text: str, type: str, expected: dict[str, str]) -> None:
    """Places begin with the number of the text."""
    found = values(body(text.encode(), type))
    assert {where: value for where, value in found.items() if not where.endswith("~key")} == expected


@pytest.mark.parametrize(
    ("text", "type", "detail"),
    [
        ('{"a":1}\n{"a":\n', NDJSON, "ndjson"),
        ('12"a"\n', NDJSON, "ndjson"),
        ("1 2,3\n", NDJSON, "ndjson"),
        ('"a":1\n', NDJSON, "ndjson"),
        ('{"a":1}\x1e{"a":1}', NDJSON, "ndjson"),
        ("NaN NaN\n", NDJSON, "json"),
        ('\x1e{"a":1}\x1e{"a"', SEQUENCE, "json-seq"),
        ('{"a":1}\x1e{"a":1}', SEQUENCE, "json-seq"),
    ],
)
def test_one_bad_text_makes_all_opaque(text: str, type: str, detail: str) -> None:
    """What cannot be read as a whole is not read in part."""
    content = decode(message(text.encode(), type), LIMITS)
    assert [(each.reason, each.detail) for each in content.opaque] == [(Unread.MALFORMED, detail)]


def test_number_and_depth_are_limited() -> None:
    """Limits hold for all texts together, and for each."""
    content = decode(message(b'{"a":1}\n' * 40, NDJSON), Limits(segments=20))
    assert [each.reason for each in content.opaque] == [Unread.TOO_MANY]
    assert not decode(message(b'":,[]"\n' * 8, NDJSON), Limits(segments=20)).opaque
    content = decode(message(b"[1]\n" + b"[" * 65 + b"]" * 65, NDJSON), LIMITS)
    assert Unread.TOO_DEEP in [each.reason for each in content.opaque]


@pytest.mark.parametrize("text", ["[" * 200_000, "[\n" * 200_000, "[1]\n[" + "[\n" * 70 + "]" * 71])
def test_depth_is_limited_over_lines(text: str) -> None:
    """As in a single text, and without the stack of the interpreter."""
    with pytest.raises(Unreadable) as fault:
        ndjson.FORMAT.judge(text, Limits(segments=1_000_000))
    assert fault.value.reason in (Unread.TOO_DEEP, Unread.MALFORMED)


documents = st.recursive(
    st.one_of(st.text(max_size=4), st.integers(), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.lists(documents, min_size=1, max_size=5), st.sampled_from([None, 1]), st.sampled_from(["\n", "\r\n", " "]))
def test_texts_in_a_row_read_as_each_alone(texts: list[object], indent: int | None, between: str) -> None:
    """Same values, same labels, and each code point where it is written."""
    written = [json.dumps(each, indent=indent) for each in texts]
    text = between.join(written)
    ndjson.FORMAT.judge(text, Limits())
    expected = [
        (
            each.text,
            each.where.replace("json:", f"ndjson:/{number}", 1),
            each.label,
            each.span(0, 1) if each.text else (),
        )
        for number, one in enumerate(written)
        for each in json_text.read(one)
    ]
    starts = [sum(len(each) + len(between) for each in written[:number]) for number in range(len(written))]
    found = [
        (
            each.text,
            each.where,
            each.label,
            tuple(at - starts[int(each.where[8:].split("/")[0])] for at in each.span(0, 1)) if each.text else (),
        )
        for each in ndjson.FORMAT.read(text)
    ]
    assert found == expected


def test_repeated_names_are_noticed() -> None:
    """As in a single text."""
    assert decode(message(b'{"a":1}\n{"a":1,"a":2}', NDJSON), LIMITS).notices == ("json.duplicate_key",)


def test_edits_fall_into_their_texts() -> None:
    """Lines without an edit stay byte for byte; numbers become strings."""
    transfer = message(b'{"a": 12}\r\n{"a":"x\\u0034y"} \n', NDJSON)
    (part,) = body_parts(content := decode(transfer, LIMITS))
    first, second = (each for each in part.segments if each.text in ("12", "x4y"))
    edits = (Edit(part, *second.span(1, 2), "*"), Edit(part, *first.span(0, 1), "*"))
    assert rebuild(transfer, content, edits) == b'{"a": "*2"}\r\n{"a":"x*y"} \n'
    with pytest.raises(Unwritable):
        rebuild(transfer, content, (Edit(part, 8, 14, "*"),))
